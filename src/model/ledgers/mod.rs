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

/// Writes one row of a table: a field a column, and the columns' names once.
macro_rules! rows {
    ($(#[$about:meta])* $Month:ident, $Row:ident, $COLUMNS:ident: $($(#[doc = $text:literal])+ $field:ident,)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $Month { $($(#[doc = $text])+ pub $field: f64,)* }

        /// The columns of that table, in order.
        pub const $COLUMNS: [&str; [$(stringify!($field),)*].len()] = [$(stringify!($field),)*];

        /// Its values in the order of the columns.
        pub type $Row = [f64; $COLUMNS.len()];

        impl $Month {
            /// Its values in the order of the columns.
            #[must_use]
            pub fn values(&self) -> $Row {
                [$(self.$field,)*]
            }
        }
    };
}

rows! {
    /// One month of one sector: persons by condition and legal status at the month's end, then flows.
    SectorMonth, SectorRow, SECTOR_COLUMNS:
    /// Unharmed, legal channel.
    unharmed_mou,
    /// Unharmed, regularised.
    unharmed_regularised,
    /// Unharmed, irregular.
    unharmed_irregular,
    /// Unharmed citizens.
    unharmed_citizen,
    /// Rights violated, legal channel.
    violation_mou,
    /// Rights violated, regularised.
    violation_regularised,
    /// Rights violated, irregular.
    violation_irregular,
    /// Rights violated, citizens.
    violation_citizen,
    /// Exploited by force, legal channel.
    forced_mou,
    /// Exploited by force, regularised.
    forced_regularised,
    /// Exploited by force, irregular.
    forced_irregular,
    /// Exploited by force, citizens.
    forced_citizen,
    /// Persons who became victims.
    new_victims,
    /// Persons met by officials.
    met,
    /// Victims identified.
    identified,
    /// Cases opened.
    cases,
}

rows! {
    /// One month of one origin, all of it flows. Origin is told of what happened, and is never a reason for it.
    OriginMonth, OriginRow, ORIGIN_COLUMNS:
    /// Persons who became victims.
    new_victims,
    /// Victims identified.
    identified,
    /// Persons deported.
    deported,
}

/// The stages of a case, in order.
pub const STAGES: [&str; 3] = ["investigation", "prosecution", "court"];

rows! {
    /// One month of one stage.
    StageMonth, StageRow, STAGE_COLUMNS:
    /// Cases waiting at the month's end.
    waiting,
    /// Cases in progress at the month's end.
    in_progress,
    /// Cases that entered the stage.
    entered,
    /// Cases that left it.
    left,
    /// Months that those who left had spent in it.
    months,
}

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
