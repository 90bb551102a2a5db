//! One die a month: who is looked at closely.
//!
//! For each person one draw u is compared with the bound B of the total hazard in the person's cell. Only the
//! few with u < 1 - exp(-B) are looked at by the process that their whereabouts names; there the event
//! happens if u < 1 - exp(-H) with H <= B the exact total hazard. The outcome does not depend on B, so cells
//! may be cut as coarsely as speed likes.

use super::super::setting::Setting;
use super::super::state::State;
use super::super::state::cells::{Cell, Whereabouts};
use super::super::state::ids::PersonId;
use super::super::state::institutions::Desk;
use super::super::state::persons::Persons;
use super::{care, migration, work};
use crate::draws::lanes::{Bounds, Level};
use crate::draws::{Die, Luck};

/// Persons passed before their hits are sorted: their cells stay in the second-level cache.
const STRETCH: usize = 1 << 17;

/// Rolls the month's die for everybody and lays those who may see an event on the desk.
pub fn die(state: &mut State, setting: &Setting, luck: &Luck) {
    let bounds = bounds(state, setting);
    let die = luck.die(state.month);
    let level = Level::best();
    let laid_out = state.persons.laid_out();
    let mut seen = Vec::new();
    let persons = &state.persons;
    let desk = &mut state.institutions.desk;
    for (cells, first) in persons.cell[..laid_out as usize].chunks(STRETCH).zip((0u32..).step_by(STRETCH)) {
        seen.clear();
        level.pass(die, first, cells, &bounds, &mut seen);
        lay_out(persons, desk, seen.iter().map(|person| PersonId(*person)));
    }
    // Who was split off rolls under an address of the own.
    let split = persons.split_off().filter(|person| die.roll(persons.address(*person)) < bounds[usize::from(persons.cell[*person])]);
    lay_out(persons, desk, split);
}

fn lay_out(persons: &Persons, desk: &mut Desk, seen: impl Iterator<Item = PersonId>) {
    for person in seen {
        match persons.at(person).whereabouts {
            Whereabouts::Home | Whereabouts::Applying => desk.die_home.push(person),
            Whereabouts::Working => desk.die_work.push(person),
            Whereabouts::Detained | Whereabouts::Care => desk.die_care.push(person),
        }
    }
}

/// The bound of every cell that holds somebody; nobody is in the others.
fn bounds(state: &State, setting: &Setting) -> Box<Bounds> {
    let bound = Bound::new(state, setting);
    let cells = state.persons.cells;
    let mut bounds: Box<Bounds> = vec![0; 1 << 16].try_into().expect("as long as it says");
    for ((held, place), code) in state.persons.in_cell.iter().zip(bounds.iter_mut()).zip(0u16..) {
        if *held > 0 {
            *place = Die::bound(bound.of(cells.decode(code)));
        }
    }
    bounds
}

/// The hazards of this month, from which the bound of a cell is taken.
struct Bound {
    migration: migration::Hazards,
    work: work::Hazards,
    care: care::Hazards,
}

impl Bound {
    fn new(state: &State, setting: &Setting) -> Self {
        Self {
            migration: migration::Hazards::new(state, setting),
            work: work::Hazards::new(state, setting),
            care: care::Hazards::new(state, setting),
        }
    }

    fn of(&self, cell: Cell) -> f64 {
        match cell.whereabouts {
            Whereabouts::Home => self.migration.home_bound(cell),
            Whereabouts::Applying => self.migration.reconsider,
            Whereabouts::Working => self.work.bound(cell),
            Whereabouts::Detained => self.care.detention,
            Whereabouts::Care => self.care.leave,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{luck, setting, state};

    /// At home a departure of .01 a month falls to whoever rolls below it, split off or not.
    #[test]
    fn whoever_rolls_below_the_hazard_lies_on_the_desk() {
        let mut setting = setting(2);
        setting.scale = 5.0;
        let mut state = state(&setting);
        for person in (0..100).map(PersonId) {
            state.persons.split(person, 0);
        }
        die(&mut state, &setting, &luck());
        let dice = luck().die(0);
        let expected: Vec<PersonId> = state.persons.all().filter(|person| dice.falls(state.persons.address(*person), 0.01)).collect();
        assert_eq!(state.institutions.desk.die_home, expected);
        assert!(expected.iter().any(|person| person.0 < state.persons.laid_out()));
        assert!(state.institutions.desk.die_work.is_empty());
    }
}
