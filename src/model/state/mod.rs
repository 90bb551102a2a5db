//! The state of a country between two processes: one `Vec` per state variable of each kind of entity.
//!
//! Absent on purpose: rules. A method here keeps two variables of the state in step with each other (a
//! person's cell and the count of its cell), never decides anything.

pub mod ids;
pub mod sums;
pub mod proposals;
pub mod cells;
pub mod debts;
pub mod persons;
pub mod communities;
pub mod employers;
pub mod recruiters;
pub mod officials;
pub mod cases;
pub mod compounds;
pub mod lists;
pub mod institutions;

use super::ledgers::indicators::Indicator;
use super::ledgers::{OriginMonth, Row, STAGES, SectorMonth, StageMonth};
use crate::quantities::Month;
use cases::{Case, Cases};
use communities::Communities;
use compounds::Compounds;
use employers::Employers;
use ids::PersonId;
use institutions::Institutions;
use lists::{Entry, Keeper};
use officials::Officials;
use persons::Persons;
use proposals::Proposals;
use recruiters::Recruiters;

/// No month, for dates that have not come.
pub const NEVER: u16 = u16::MAX;

/// How those who look for work come upon employers: in proportion to the workers that each wants where all its copies are at work.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// Of one sector.
    pub sectors: Vec<Proposals>,
    /// Of all sectors, by how often men and women work there.
    pub anywhere: [Proposals; 2],
}

/// The whole state.
#[derive(Clone, Debug)]
pub struct State {
    /// Months since the start of the spin-up.
    pub month: u16,
    /// The calendar month.
    pub now: Month,
    /// Persons for whom an agent stands at first.
    pub scale: f64,
    /// Persons.
    pub persons: Persons,
    /// Communities.
    pub communities: Communities,
    /// Employers.
    pub employers: Employers,
    /// How visits of each stream choose among employers: port, inspection, venue, border.
    pub visits: [Proposals; 4],
    /// How those who look for work come upon employers.
    pub offers: Offers,
    /// Recruiters.
    pub recruiters: Recruiters,
    /// Officials.
    pub officials: Officials,
    /// Cases.
    pub cases: Cases,
    /// People held in compounds across the border, and those who have come out.
    pub compounds: Compounds,
    /// Institutions.
    pub institutions: Institutions,
    /// What this month has counted so far.
    pub ledger: Row,
    /// The same by sector (flows only).
    pub by_sector: Vec<SectorMonth>,
    /// The same by origin (flows only), citizens last.
    pub by_origin: Vec<OriginMonth>,
    /// The same by stage (flows only).
    pub by_stage: [StageMonth; STAGES.len()],
}

impl State {
    /// Counts `amount` persons or events.
    pub fn count(&mut self, indicator: Indicator, amount: f64) {
        self.ledger.add(indicator, amount);
    }

    /// Counts one event or one person.
    pub fn count_one(&mut self, indicator: Indicator) {
        self.ledger.add(indicator, 1.0);
    }

    /// Counts the persons for whom `person`'s agent stands.
    pub fn count_persons(&mut self, indicator: Indicator, person: PersonId) {
        self.ledger.add(indicator, self.persons.persons(person));
    }

    /// `keeper` writes `person`, one person, down as a possible victim.
    pub fn list(&mut self, person: PersonId, keeper: Keeper) {
        match self.institutions.lists.enter(person, keeper, self.month) {
            Entry::First => self.count_one(Indicator::Listed),
            Entry::Second => self.count_one(Indicator::ListedTwice),
            Entry::Known => {}
        }
    }

    /// Shelter beds in which somebody is.
    #[must_use]
    pub fn beds_taken(&self) -> usize {
        self.institutions.guests.iter().filter(|guest| guest.bed).count() + self.compounds.sheltered.len()
    }

    /// Shelter beds in which nobody is.
    #[must_use]
    pub fn beds_free(&self) -> usize {
        self.institutions.capacity.beds.saturating_sub(self.beds_taken())
    }

    /// Counts that `case` leaves its stage at `time`, in months since the start.
    pub fn count_left(&mut self, case: &Case, time: f64) {
        let row = &mut self.by_stage[case.stage];
        row.left += 1.0;
        row.months += time - case.entered;
    }

    /// The row of the origin of `person`.
    pub fn origin_row(&mut self, person: PersonId) -> &mut OriginMonth {
        &mut self.by_origin[self.persons.origin(person)]
    }

    /// The row of `sector`.
    pub fn sector_row(&mut self, sector: u8) -> &mut SectorMonth {
        &mut self.by_sector[usize::from(sector)]
    }

    /// Begins a month: nothing counted yet, nothing on the desk.
    pub fn begin_month(&mut self) {
        self.ledger = Row::zero();
        self.by_sector.fill(SectorMonth::default());
        self.by_origin.fill(OriginMonth::default());
        self.by_stage = [StageMonth::default(); STAGES.len()];
        self.institutions.desk = institutions::Desk::default();
        if self.month % 6 == 5 {
            self.rejoin();
        }
    }

    /// Persons dealt with one by one go back to their agents, if nobody waits for them: no case, no shelter, no watch, no list.
    fn rejoin(&mut self) {
        if self.persons.split_off().next().is_none() {
            return;
        }
        let mut awaited = vec![false; self.persons.len() as usize];
        let victims = self.cases.open.iter().flat_map(|case| &case.victims).map(|witness| witness.person);
        let watched = self.institutions.survivors.iter().map(|survivor| survivor.person);
        let again = self.institutions.again.iter().map(|(person, _)| *person);
        self.institutions.lists.forget(self.month);
        for person in victims.chain(watched).chain(again).chain(self.institutions.lists.persons()) {
            awaited[person.index()] = true;
        }
        self.persons.rejoin(self.month, |person| awaited[person.index()]);
    }
}
