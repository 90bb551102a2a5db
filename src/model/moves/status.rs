//! Legal status: permits given, lost with the employer, lapsed, or left behind on the way home.
//!
//! A card names the employer, in the legal channel and for the regularised alike: who leaves without release loses status, unless the right
//! to change employer holds (rule 8; the Royal Ordinance of 2017 named the grounds). The irregular and citizens gain nothing by it.

use super::super::ledgers::indicators::Indicator;
use super::super::setting::Setting;
use super::super::state::cells::{Cell, Legal, Whereabouts};
use super::super::state::ids::PersonId;
use super::super::state::{NEVER, State};
use crate::draws::{Luck, Purpose, decisions};

decisions! {
    Keeps = 0,
}

/// True for those whose status names an employer.
#[must_use]
pub fn tied(legal: Legal) -> bool {
    matches!(legal, Legal::Mou | Legal::Regularised)
}

/// Makes a worker irregular, or registered, in place.
pub fn set_legal(state: &mut State, person: PersonId, cell: Cell, legal: Legal) {
    let community = state.persons.community(person);
    let persons = u32::from(state.persons.weight(person));
    if cell.legal == Legal::Mou {
        state.communities.abroad_mou[community] -= persons;
    }
    if legal == Legal::Mou {
        state.communities.abroad_mou[community] += persons;
    }
    state.persons.change(person, Cell { legal, ..cell }, state.month);
}

/// Sends `person`, who no longer works, home.
pub fn go_home(state: &mut State, person: PersonId) {
    let home = state.persons.home_cell(person, Whereabouts::Home);
    state.persons.records[person].permit = NEVER;
    state.persons.change(person, home, state.month);
}

/// A permit from now on, for its term.
pub fn grant_permit(state: &mut State, setting: &Setting, person: PersonId) {
    state.persons.give_permit(person, state.month + setting.parameters.work.permit_term.round() as u16);
}

/// The status of `person`, who has `legal` and leaves the employer named in the papers.
pub fn after_leaving(state: &mut State, setting: &Setting, luck: &Luck, person: PersonId, legal: Legal) -> Legal {
    let right = state.institutions.policy.prevention.employer_change;
    let released = if legal == Legal::Regularised { setting.parameters.work.released } else { 0.0 };
    let keeps = right + (1.0 - right) * released;
    let address = state.persons.address(person);
    if !tied(legal) || luck.happens(keeps, Purpose::Status, state.month, address, Decision::Keeps) {
        return legal;
    }
    state.persons.records[person].permit = NEVER;
    state.count_persons(Indicator::FellIrregular, person);
    Legal::Irregular
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::Exploitation;
    use crate::model::state::ids::EmployerId;
    use crate::model::testing::{at_work, luck, setting, state};

    /// A card names the employer: who leaves loses status, unless released or free by right; the irregular have none to lose.
    #[test]
    fn who_leaves_keeps_status_by_right_or_release_only() {
        let mut setting = setting(2);
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Mou, Exploitation::None)[0];
        let after = |state: &mut State, setting: &Setting, legal: Legal| after_leaving(state, setting, &luck(), person, legal);
        state.institutions.policy.prevention.employer_change = 0.0;
        assert_eq!(after(&mut state, &setting, Legal::Mou), Legal::Irregular);
        assert_eq!(after(&mut state, &setting, Legal::Regularised), Legal::Irregular);
        assert!((state.ledger.get(Indicator::FellIrregular) - 2.0).abs() < 1e-12);
        setting.parameters.work.released = 1.0;
        assert_eq!(after(&mut state, &setting, Legal::Regularised), Legal::Regularised);
        assert_eq!(after(&mut state, &setting, Legal::Mou), Legal::Irregular);
        state.institutions.policy.prevention.employer_change = 1.0;
        assert_eq!(after(&mut state, &setting, Legal::Mou), Legal::Mou);
        assert_eq!(after(&mut state, &setting, Legal::Irregular), Legal::Irregular);
        assert_eq!(after(&mut state, &setting, Legal::Citizen), Legal::Citizen);
        assert!((state.ledger.get(Indicator::FellIrregular) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn the_count_of_the_legal_channel_follows_status() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Mou, Exploitation::None)[0];
        let community = state.persons.community(person);
        let cell = state.persons.at(person);
        set_legal(&mut state, person, cell, Legal::Irregular);
        assert_eq!((state.communities.abroad[community], state.communities.abroad_mou[community]), (5, 0));
    }
}
