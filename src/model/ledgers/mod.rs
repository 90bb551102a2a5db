//! The two ledgers: what a month leaves behind, in rows. Who looks does not touch.

pub mod indicators;

use crate::quantities::Month;
use indicators::{COUNT, Indicator};

/// One month's indicators.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub [f64; COUNT]);

impl Row {
    /// A month in which nothing has been counted yet.
    #[must_use]
    pub fn zero() -> Self {
        Self([0.0; COUNT])
    }

    /// Adds `amount` to `indicator`.
    pub fn add(&mut self, indicator: Indicator, amount: f64) {
        self.0[indicator as usize] += amount;
    }

    /// Sets `indicator` to `value`.
    pub fn set(&mut self, indicator: Indicator, value: f64) {
        self.0[indicator as usize] = value;
    }

    /// The value of `indicator`.
    #[must_use]
    pub fn get(&self, indicator: Indicator) -> f64 {
        self.0[indicator as usize]
    }
}

/// Columns of the table by sector: persons by condition and legal status at the month's end, then flows.
pub const SECTOR_COLUMNS: [&str; 16] = [
    "unharmed_mou",
    "unharmed_regularised",
    "unharmed_irregular",
    "unharmed_citizen",
    "violation_mou",
    "violation_regularised",
    "violation_irregular",
    "violation_citizen",
    "forced_mou",
    "forced_regularised",
    "forced_irregular",
    "forced_citizen",
    "new_victims",
    "met",
    "identified",
    "cases",
];

/// One month of one sector.
pub type SectorRow = [f64; SECTOR_COLUMNS.len()];

/// Columns of the table by origin, all of them flows. Origin is told of what happened, and is never a reason for it.
pub const ORIGIN_COLUMNS: [&str; 3] = ["new_victims", "identified", "deported"];

/// One month of one origin.
pub type OriginRow = [f64; ORIGIN_COLUMNS.len()];

/// The stages of a case, in order.
pub const STAGES: [&str; 3] = ["investigation", "prosecution", "court"];

/// Columns of the table by stage: cases waiting and in progress at the month's end, cases that entered and
/// left in the month, and the months those who left had spent in the stage.
pub const STAGE_COLUMNS: [&str; 5] = ["waiting", "in_progress", "entered", "left", "months"];

/// One month of one stage.
pub type StageRow = [f64; STAGE_COLUMNS.len()];

/// Everything one run leaves behind, from the scenario's first month (the spin-up is not reported).
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The first reported month.
    pub first: Month,
    /// One row a month.
    pub rows: Vec<Row>,
    /// For each month, one row a sector in the country's order.
    pub sectors: Vec<Vec<SectorRow>>,
    /// For each month, one row an origin in the country's order, then one for citizens; nothing where a run kept none.
    pub origins: Vec<Vec<OriginRow>>,
    /// For each month, one row a stage in the order of [`STAGES`].
    pub stages: Vec<[StageRow; STAGES.len()]>,
}
