//! Disclosure: whether somebody who is exploited would say so, and to whom (rules 11 and 28).
//!
//! lgt P = lgt d0 + kS * openness of shelters, as the own community has heard of it - kF * fear of arrest + kT * trust - kD * D/W,
//! plus kN * NGO present + kI * interpreter, and in the interview kR * days of reflection. Fear = believed arrest
//! risk + crackdown, less what the firewall takes, for those at work or in detention without a status. Assumed; the signs follow interviews with survivors, no study gives the weights.
//!
//! How open shelters are is not known at once: communities hear of it from members who were in one, and of the official word a
//! little each month (`beliefs.hearsay`).

use super::chance::{logit, sigmoid};
use super::setting::Setting;
use super::state::State;
use super::state::cells::{Cell, Legal, Whereabouts};
use super::state::ids::{CommunityId, PersonId};

/// How open shelters are, 0 to 1.
#[must_use]
pub fn openness(state: &State) -> f64 {
    let protection = &state.institutions.policy.protection;
    0.7 * protection.shelter_freedom + 0.3 * protection.shelter_communication
}

/// The share of victims in a convicted case who may expect to be paid compensation.
#[must_use]
pub fn expected_compensation(state: &State, setting: &Setting) -> f64 {
    let terms = &setting.parameters.justice;
    let from_fund = f64::from(u8::from(state.institutions.fund >= terms.compensation_size));
    let lever = state.institutions.policy.protection.compensation_paid;
    terms.ordered * (terms.compensation + (1.0 - terms.compensation) * lever.max(from_fund))
}

/// Fear of arrest of somebody in `cell` (rule 28): nothing for those with a status, nor at home.
#[must_use]
pub fn fear(state: &State, setting: &Setting, community: CommunityId, cell: Cell) -> f64 {
    if cell.legal != Legal::Irregular || !matches!(cell.whereabouts, Whereabouts::Working | Whereabouts::Detained) {
        return 0.0;
    }
    let believed = f64::from(state.communities.risk[community]) + state.institutions.pressure.crackdown;
    believed * (1.0 - setting.parameters.beliefs.firewall * state.institutions.policy.protection.non_punishment)
}

/// Rule 11: the logit of disclosure without reflection.
#[must_use]
pub fn disclosure_logit(state: &State, setting: &Setting, person: PersonId, cell: Cell) -> f64 {
    let terms = &setting.parameters.identification;
    let policy = &state.institutions.policy;
    let community = state.persons.community(person);
    let served = state.persons.woman(person) || state.persons.minor(person);
    let services = if served { setting.parameters.care.services * policy.protection.child_and_women_services } else { 0.0 };
    // Citizens need no interpreter: one is always at hand.
    let understood = if cell.legal == Legal::Citizen { 1.0 } else { state.institutions.capacity.interpreters };
    logit(terms.disclosure_base) + terms.disclosure_shelter * f64::from(state.communities.shelters[community])
        - terms.disclosure_fear * fear(state, setting, community, cell)
        + terms.disclosure_trust * f64::from(state.communities.trust[community])
        - terms.disclosure_debt * state.persons.debt(person, state.month)
        + terms.disclosure_ngo * policy.partnership.ngo_coverage
        + terms.disclosure_interpreter * understood
        + services
}

/// Rule 11: the chance that `person`, in `cell`, would disclose.
#[must_use]
pub fn disclosure(state: &State, setting: &Setting, person: PersonId, cell: Cell) -> f64 {
    sigmoid(disclosure_logit(state, setting, person, cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::Exploitation;
    use crate::model::state::ids::CommunityId;
    use crate::model::state::ids::EmployerId;
    use crate::model::testing::{at_work, setting, state};

    /// .7 * .1 + .3 * .2 under the default policy.
    #[test]
    fn openness_is_freedom_and_a_telephone() {
        let setting = setting(2);
        let mut state = state(&setting);
        assert!((openness(&state) - 0.13).abs() < 1e-12);
        state.institutions.policy.protection.shelter_freedom = 1.0;
        state.institutions.policy.protection.shelter_communication = 1.0;
        assert!((openness(&state) - 1.0).abs() < 1e-12);
    }

    /// Believed risk .2 and a crackdown of .5 frighten the irregular at work; a firewall of .5 takes half of .4 off; nobody else is afraid.
    #[test]
    fn fear_is_for_those_without_a_status() {
        let mut setting = setting(2);
        setting.parameters.beliefs.firewall = 0.4;
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::None)[0];
        let cell = state.persons.at(person);
        state.institutions.pressure.crackdown = 0.5;
        state.institutions.policy.protection.non_punishment = 0.5;
        assert!((fear(&state, &setting, CommunityId(0), cell) - 0.7 * 0.8).abs() < 1e-6);
        assert!(fear(&state, &setting, CommunityId(0), Cell { legal: Legal::Mou, ..cell }).abs() < 1e-12);
        assert!(fear(&state, &setting, CommunityId(0), Cell { whereabouts: Whereabouts::Home, ..cell }).abs() < 1e-12);
    }

    /// logit .5 - 2 * fear .2 - 1 * a debt of 1.5.
    #[test]
    fn debt_and_fear_silence() {
        let mut setting = setting(2);
        let terms = &mut setting.parameters.identification;
        (terms.disclosure_base, terms.disclosure_fear, terms.disclosure_debt) = (0.5, 2.0, 1.0);
        let mut state = state(&setting);
        state.institutions.policy.protection.non_punishment = 0.0;
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        state.persons.borrow(person, 1.5, super::super::state::persons::Holder::Lender, 0);
        let cell = state.persons.at(person);
        assert!((disclosure_logit(&state, &setting, person, cell) + 1.9).abs() < 1e-5);
        assert!((disclosure(&state, &setting, person, cell) - 0.130_108_474).abs() < 1e-5);
    }

    /// An interpreter lifts the logit of those who need one by what it is worth, and citizens have no need of one.
    #[test]
    fn citizens_need_no_interpreter() {
        let mut setting = setting(2);
        (setting.parameters.identification.disclosure_base, setting.parameters.identification.disclosure_interpreter) = (0.3, 0.8);
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        for (legal, gained) in [(Legal::Irregular, 0.8), (Legal::Citizen, 0.0)] {
            let cell = Cell { legal, ..state.persons.at(person) };
            let mut logit = |interpreters: f64| {
                state.institutions.capacity.interpreters = interpreters;
                disclosure_logit(&state, &setting, person, cell)
            };
            assert!((logit(1.0) - logit(0.0) - gained).abs() < 1e-12, "{legal:?}");
        }
    }
}
