//! Home, detention and flight: where people are taken, or go, from work.

use super::super::ledgers::indicators::Indicator;
use super::super::state::cells::{Cell, Exploitation, Whereabouts};
use super::super::state::communities::Outcome;
use super::super::state::ids::PersonId;
use super::super::state::institutions::Survivor;
use super::super::state::{NEVER, State};
use super::employment::leave_work;
use super::exploitation::{Exit, record_exit};

/// Sends `person`, who no longer works, home.
pub fn go_home(state: &mut State, person: PersonId) {
    let home = state.persons.home_cell(person, Whereabouts::Home);
    state.persons.records[person].permit = NEVER;
    state.persons.change(person, home, state.month);
}

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
