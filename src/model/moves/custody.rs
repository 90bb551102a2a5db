//! Home, detention and flight: where people are taken, or go, from work.

use super::super::ledgers::indicators::Indicator;
use super::super::state::State;
use super::super::state::cells::{Cell, Exploitation, Whereabouts};
use super::super::state::communities::Outcome;
use super::super::state::ids::PersonId;
use super::super::state::institutions::Survivor;
use super::employment::leave_work;
use super::exploitation::{Exit, record_exit};
use super::status::go_home;

/// Takes `person` away from work (counting the exit) and home.
pub fn return_home(state: &mut State, person: PersonId, route: Exit) {
    let cell = state.persons.at(person);
    record_exit(state, person, cell, route);
    leave_work(state, person, cell);
    go_home(state, person);
}

/// Detains `person`, who is at work: as an offender, whatever was done to the person.
pub fn detain(state: &mut State, person: PersonId) {
    let cell = state.persons.at(person);
    let persons = state.persons.persons(person);
    record_exit(state, person, cell, Exit::Deported);
    if cell.exploitation == Exploitation::Forced {
        state.count(Indicator::VictimsDetained, persons);
        state.count(Indicator::ResponseHarm, persons);
        state.persons.mark_detained_victim(person, true);
    }
    leave_work(state, person, cell);
    let detained = Cell { whereabouts: Whereabouts::Detained, exploitation: Exploitation::None, tercile: 0, ..cell };
    state.persons.change(person, detained, state.month);
    let community = state.persons.community(person);
    state.communities.hear(community, Outcome::Deported, persons);
}

/// `person`, exploited until now in `cell`, is out and on the own: watched for being trafficked again, owing what was owed.
pub fn watch(state: &mut State, person: PersonId, cell: Cell) {
    if cell.exploitation == Exploitation::Forced {
        state.institutions.survivors.push(Survivor::alone(person, state.month, cell.sector));
    }
}

/// Sends home whoever flees in a panic.
pub fn flee(state: &mut State, person: PersonId) {
    let cell = state.persons.at(person);
    return_home(state, person, Exit::Other);
    state.count_persons(Indicator::PanicReturns, person);
    if cell.exploitation == Exploitation::Forced {
        state.count_persons(Indicator::RemovedUnassisted, person);
        watch(state, person, cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::state::cells::Legal;
    use crate::model::state::ids::EmployerId;
    use crate::model::testing::{at_work, setting, state};

    #[test]
    fn a_victim_detained_is_harmed_by_the_response_and_remembered() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        let person = at_work(&mut state, 1, EmployerId(0), Legal::Irregular, Exploitation::Forced)[0];
        detain(&mut state, person);
        for indicator in [Indicator::VictimsDetained, Indicator::ResponseHarm, Indicator::ExitsDeported] {
            assert!((state.ledger.get(indicator) - 5.0).abs() < 1e-12, "{}", indicator.info().name);
        }
        assert_eq!(state.persons.at(person).whereabouts, Whereabouts::Detained);
        assert!(state.persons.detained_victim(person));
        assert_eq!(state.employers.workers[EmployerId(0)], 0);
        let community = state.persons.community(person);
        assert!((f64::from(state.communities.outcomes[community].arrests) - 5.0).abs() < 1e-6);
    }

    /// Who flees is gone from the country without help, if a victim, and watched.
    #[test]
    fn a_panic_removes_victims_unassisted() {
        let setting = setting(2);
        let mut state = state(&setting);
        let workers = at_work(&mut state, 2, EmployerId(0), Legal::Irregular, Exploitation::None);
        state.persons.change(workers[1], Cell { exploitation: Exploitation::Forced, ..state.persons.at(workers[1]) }, 0);
        for person in &workers {
            flee(&mut state, *person);
            assert_eq!(state.persons.at(*person).whereabouts, Whereabouts::Home);
        }
        assert!((state.ledger.get(Indicator::PanicReturns) - 2.0).abs() < 1e-12);
        assert!((state.ledger.get(Indicator::RemovedUnassisted) - 1.0).abs() < 1e-12);
        assert!((state.ledger.get(Indicator::ExitsOther) - 1.0).abs() < 1e-12);
        assert_eq!(state.institutions.survivors.len(), 1);
    }
}
