//! The model: [`Simulation`], and the order of a month, written once in [`MONTH`].
//!
//! The model opens no file, prints nothing and returns no `Result`: whatever reaches it has been checked.

pub mod ledgers;
pub mod policy;
pub mod parameters;
pub mod switches;
pub mod country;
pub mod costs;
pub mod chance;
pub mod setting;
pub mod state;
pub mod risk;
pub mod disclosure;
pub mod moves;
pub mod processes;
pub mod initialisation;
pub mod observe;
#[cfg(test)]
mod testing;

use crate::draws::Luck;
use ledgers::History;
use processes::{
    beliefs, budget, care, complicity, compounds, contact, die, employers, identification, justice, labour_law, migration, placement, recruiters,
    recruitment, work,
};
use state::State;

pub use setting::Setting;

/// One process of the month.
pub type Process = fn(&mut State, &Setting, &Luck);

/// The order of a month, written once. The ledgers close it: see [`Simulation::step`].
pub const MONTH: [(&str, Process); 16] = [
    ("budget", budget::budget),
    ("die", die::die),
    ("migration", migration::migration),
    ("recruitment", recruitment::recruitment),
    ("placement", placement::placement),
    ("work", work::work),
    ("contact", contact::contact),
    ("identification", identification::identification),
    ("labour_law", labour_law::labour_law),
    ("compounds", compounds::compounds),
    ("care", care::care),
    ("justice", justice::justice),
    ("complicity", complicity::complicity),
    ("employers", employers::employers),
    ("recruiters", recruiters::recruiters),
    ("beliefs", beliefs::beliefs),
];

/// One run in progress: the state of a country between two months.
#[derive(Clone)]
pub struct Simulation {
    luck: Luck,
    state: State,
    month: usize,
    history: History,
}

impl Simulation {
    /// The state before the first month of the spin-up.
    #[must_use]
    pub fn new(setting: &Setting, luck: Luck) -> Self {
        let state = initialisation::initialise(setting, &luck);
        Self { luck, state, month: 0, history: History { first: setting.from, rows: vec![], sectors: vec![], origins: vec![], stages: vec![] } }
    }

    /// How many months have been simulated.
    #[must_use]
    pub fn month(&self) -> usize {
        self.month
    }

    /// The state, to look at.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Simulates one month. A clone may go on under another setting that agreed with this one so far.
    pub fn step(&mut self, setting: &Setting) {
        self.step_watched(setting, &mut |_, _| {});
    }

    /// The same, and shows `watch` the state after each part of the month, with the part's name: debt bands
    /// that are crossed first ("bands"), then each process of [`MONTH`], then the ledgers ("observe").
    pub fn step_watched(&mut self, setting: &Setting, watch: &mut dyn FnMut(&'static str, &State)) {
        self.state.month = self.month as u16;
        self.state.now = setting.start().plus(self.month as i32);
        self.state.begin_month();
        let month = self.state.month;
        self.state.institutions.desk.free_of_debt = self.state.persons.cross_bands(month);
        watch("bands", &self.state);
        for (name, process) in MONTH {
            process(&mut self.state, setting, &self.luck);
            watch(name, &self.state);
        }
        if self.state.now >= setting.from {
            let (row, sectors, stages) = observe::observe(&self.state, setting);
            self.history.origins.push(self.state.by_origin.iter().map(ledgers::OriginMonth::values).collect());
            self.history.rows.push(row);
            self.history.sectors.push(sectors);
            self.history.stages.push(stages);
        }
        watch("observe", &self.state);
        self.month += 1;
    }

    /// What it leaves behind.
    #[must_use]
    pub fn into_history(self) -> History {
        self.history
    }
}

/// Simulates a whole run.
#[must_use]
pub fn simulate(setting: &Setting, luck: Luck) -> History {
    let mut simulation = Simulation::new(setting, luck);
    for _ in 0..setting.months() {
        simulation.step(setting);
    }
    simulation.into_history()
}
