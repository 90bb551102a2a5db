//! Who works where officials come this month, and what there is to be found.

use super::super::super::state::State;
use super::super::super::state::cells::{Exploitation, Legal, Whereabouts};
use super::super::super::state::ids::{EmployerId, PersonId};
use super::super::super::state::institutions::Encounter;

/// The workers of the employers visited this month, employer by employer.
pub(super) struct Workforce {
    /// The place of each employer among those visited.
    places: Vec<u32>,
    starts: Vec<u32>,
    workers: Vec<PersonId>,
    /// Running sums of the persons without a status among them, employer by employer.
    irregular: Vec<f64>,
    forced_starts: Vec<u32>,
    forced: Vec<PersonId>,
    makeups: Vec<Makeup>,
    /// What each cell says that visits ask for.
    marks: Vec<u8>,
}

/// At work.
pub(super) const AT_WORK: u8 = 1;
/// Exploited by force.
pub(super) const FORCED: u8 = 2;
/// Without a status.
pub(super) const IRREGULAR: u8 = 4;
/// A citizen.
const CITIZEN: u8 = 8;
/// Rights violated, or worse.
const ABUSED: u8 = 16;

/// Whose agent stands for less than this part of a workplace's copies is not looked at for each visit: most times nobody of it is there.
pub(super) const SELDOM: f64 = 0.2;

/// The workers of one employer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crew<'a> {
    /// All of them.
    pub workers: &'a [PersonId],
    /// Running sums of the persons without a status among them.
    irregular: &'a [f64],
    /// Those exploited by force when the month's visits began who are there as a rule.
    pub forced: &'a [PersonId],
    /// What there is to be found at one of the employer's copies.
    pub makeup: Makeup,
}

impl Crew<'_> {
    /// Of those who were without a status when the visits began one, at the quantile `u`: an agent that stands for many is there more often than
    /// somebody split off from one.
    pub fn irregular(self, u: f64) -> Option<PersonId> {
        let sought = u * self.irregular.last().copied().unwrap_or(0.0);
        self.workers.get(self.irregular.partition_point(|sum| *sum <= sought)).copied()
    }
}

/// What there is to be found at a workplace of one employer: expected numbers at one copy.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Makeup {
    pub all: f64,
    pub forced: f64,
    /// Of the forced those of whose agents hardly anybody is there.
    pub seldom: f64,
    pub irregular: f64,
    pub foreign: f64,
    pub abused: f64,
}

impl Workforce {
    /// The workers of all employers whom `encounters` reach.
    pub fn of(state: &State, encounters: &[Encounter]) -> Self {
        let mut employers: Vec<EmployerId> = encounters.iter().filter(|encounter| !encounter.blocked).map(|encounter| encounter.employer).collect();
        employers.sort_unstable();
        employers.dedup();
        let mut places = vec![0; state.employers.len()];
        for (employer, place) in employers.iter().zip(0..) {
            places[employer.index()] = place;
        }
        let found = state.persons.workers_of(&employers, state.employers.len());
        let place = |person: PersonId| places[state.persons.employer[person].index()] as usize;
        let (starts, workers) = by_place(&found, employers.len(), place);
        let marks = marks(state);
        let mut forced = Vec::new();
        let mut irregular = Vec::with_capacity(workers.len());
        let mut makeups = vec![Makeup::default(); employers.len()];
        for ((employer, makeup), at) in employers.iter().zip(&mut makeups).zip(0..) {
            let open = f64::from(state.employers.open[*employer].max(1));
            let mut without = 0.0;
            for person in &workers[starts[at] as usize..starts[at + 1] as usize] {
                let mark = marks[usize::from(state.persons.cell[*person])];
                let here = (state.persons.persons(*person) / open).min(1.0);
                makeup.all += here;
                makeup.irregular += if mark & IRREGULAR != 0 { here } else { 0.0 };
                without += if mark & IRREGULAR != 0 { state.persons.persons(*person) } else { 0.0 };
                irregular.push(without);
                makeup.abused += if mark & ABUSED != 0 { here } else { 0.0 };
                makeup.foreign += if mark & CITIZEN != 0 { 0.0 } else { here };
                if mark & FORCED != 0 {
                    makeup.forced += here;
                    if here < SELDOM {
                        makeup.seldom += here;
                    } else {
                        forced.push(*person);
                    }
                }
            }
        }
        let (forced_starts, forced) = by_place(&forced, employers.len(), place);
        Self { places, starts, workers, irregular, forced_starts, forced, makeups, marks }
    }

    /// True if `person` is all that `wanted` says.
    pub fn is(&self, state: &State, person: PersonId, wanted: u8) -> bool {
        self.marks[usize::from(state.persons.cell[person])] & wanted == wanted
    }

    /// The workers of `employer`, who is visited this month.
    pub fn crew(&self, employer: EmployerId) -> Crew<'_> {
        let place = self.places[employer.index()] as usize;
        let of = |starts: &[u32]| starts[place] as usize..starts[place + 1] as usize;
        let irregular = &self.irregular[of(&self.starts)];
        Crew { workers: &self.workers[of(&self.starts)], irregular, forced: &self.forced[of(&self.forced_starts)], makeup: self.makeups[place] }
    }
}

/// What visits ask of each cell; nobody was in the others when they began.
fn marks(state: &State) -> Vec<u8> {
    let mark = |(held, code): (&u32, u16)| {
        if *held == 0 {
            return 0;
        }
        let cell = state.persons.cells.decode(code);
        let is = |true_of: bool, mark: u8| if true_of { mark } else { 0 };
        is(cell.whereabouts == Whereabouts::Working, AT_WORK)
            | is(cell.exploitation == Exploitation::Forced, FORCED)
            | is(cell.legal == Legal::Irregular, IRREGULAR)
            | is(cell.legal == Legal::Citizen, CITIZEN)
            | is(cell.exploitation != Exploitation::None, ABUSED)
    };
    state.persons.in_cell.iter().zip(0..).map(mark).collect()
}

/// `persons` sorted by their place among `n`, and where each place starts.
fn by_place(persons: &[PersonId], n: usize, place: impl Fn(PersonId) -> usize) -> (Vec<u32>, Vec<PersonId>) {
    let mut starts = vec![0u32; n + 1];
    for person in persons {
        starts[place(*person) + 1] += 1;
    }
    for i in 0..n {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut sorted = vec![PersonId::NONE; persons.len()];
    for person in persons {
        let to = &mut next[place(*person)];
        sorted[*to as usize] = *person;
        *to += 1;
    }
    (starts, sorted)
}
