//! The state of a country between two processes: one `Vec` per state variable of each kind of entity.
//!
//! Absent on purpose: rules. A method here keeps two variables of the state in step with each other (a
//! person's cell and the count of its cell), never decides anything.

pub mod sums;
pub mod cells;
pub mod debts;
pub mod persons;
pub mod communities;
pub mod employers;
pub mod recruiters;
pub mod officials;
pub mod cases;
pub mod institutions;

use super::ledgers::indicators::Indicator;
use super::ledgers::{ORIGIN_COLUMNS, OriginRow, Row, SECTOR_COLUMNS, STAGE_COLUMNS, STAGES, SectorRow, StageRow};
use crate::quantities::Month;
use cases::Cases;
use communities::Communities;
use employers::Employers;
use institutions::Institutions;
use officials::Officials;
use persons::Persons;
use recruiters::Recruiters;

/// No entity: nobody's employer, no protector, no case.
pub const NONE: u32 = u32::MAX;

/// No month, for dates that have not come.
pub const NEVER: u16 = u16::MAX;

/// The whole state.
#[derive(Clone, Debug)]
pub struct State {
    /// Months since the start of the spin-up.
    pub month: u16,
    /// The calendar month.
    pub now: Month,
    /// Persons per agent.
    pub scale: f64,
    /// Persons.
    pub persons: Persons,
    /// Communities.
    pub communities: Communities,
    /// Employers.
    pub employers: Employers,
    /// Recruiters.
    pub recruiters: Recruiters,
    /// Officials.
    pub officials: Officials,
    /// Cases.
    pub cases: Cases,
    /// Institutions.
    pub institutions: Institutions,
    /// What this month has counted so far.
    pub ledger: Row,
    /// The same by sector (flows only).
    pub by_sector: Vec<SectorRow>,
    /// The same by origin (flows only), citizens last.
    pub by_origin: Vec<OriginRow>,
    /// The same by stage (flows only).
    pub by_stage: [StageRow; STAGES.len()],
}

impl State {
    /// Counts `agents` persons or events, each standing for `scale` of them.
    pub fn count(&mut self, indicator: Indicator, agents: f64) {
        self.ledger.add(indicator, agents * self.scale);
    }

    /// Counts one person or event.
    pub fn count_one(&mut self, indicator: Indicator) {
        self.ledger.add(indicator, self.scale);
    }

    /// Adds to a flow of the table by sector.
    pub fn count_sector(&mut self, sector: u8, column: SectorFlow, agents: f64) {
        self.by_sector[usize::from(sector)][column as usize] += agents * self.scale;
    }

    /// Adds one person to a flow of the table by origin.
    pub fn count_origin(&mut self, person: u32, column: OriginFlow) {
        self.by_origin[self.persons.layout.origin(person)][column as usize] += self.scale;
    }

    /// Adds to a flow of the table by stage; cases count at full scale, months as they are.
    pub fn count_stage(&mut self, stage: usize, column: StageFlow, amount: f64) {
        self.by_stage[stage][column as usize] += amount * self.scale;
    }

    /// Begins a month: nothing counted yet.
    pub fn clear_ledger(&mut self) {
        self.ledger = Row::zero();
        self.by_sector.fill([0.0; SECTOR_COLUMNS.len()]);
        self.by_origin.fill([0.0; ORIGIN_COLUMNS.len()]);
        self.by_stage = [[0.0; STAGE_COLUMNS.len()]; STAGES.len()];
    }
}

/// The flow columns of the table by sector.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub enum SectorFlow {
    /// Persons who became victims.
    NewVictims = 12,
    /// Persons met by officials.
    Met = 13,
    /// Victims identified.
    Identified = 14,
    /// Cases opened.
    Cases = 15,
}

/// The columns of the table by origin.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub enum OriginFlow {
    /// Persons who became victims.
    NewVictims = 0,
    /// Victims identified.
    Identified = 1,
    /// Persons deported.
    Deported = 2,
}

/// The flow columns of the table by stage.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub enum StageFlow {
    /// Cases that entered the stage.
    Entered = 2,
    /// Cases that left it.
    Left = 3,
    /// Months that those who left had spent in it.
    Months = 4,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flow_columns_are_where_the_tables_say() {
        assert_eq!(SECTOR_COLUMNS[SectorFlow::NewVictims as usize], "new_victims");
        assert_eq!(SECTOR_COLUMNS[SectorFlow::Met as usize], "met");
        assert_eq!(SECTOR_COLUMNS[SectorFlow::Identified as usize], "identified");
        assert_eq!(SECTOR_COLUMNS[SectorFlow::Cases as usize], "cases");
        assert_eq!(ORIGIN_COLUMNS[OriginFlow::NewVictims as usize], "new_victims");
        assert_eq!(ORIGIN_COLUMNS[OriginFlow::Identified as usize], "identified");
        assert_eq!(ORIGIN_COLUMNS[OriginFlow::Deported as usize], "deported");
        assert_eq!(STAGE_COLUMNS[StageFlow::Entered as usize], "entered");
        assert_eq!(STAGE_COLUMNS[StageFlow::Left as usize], "left");
        assert_eq!(STAGE_COLUMNS[StageFlow::Months as usize], "months");
    }
}
