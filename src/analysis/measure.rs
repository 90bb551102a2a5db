//! What can be asked of a run over some months: an indicator, or a figure derived from two of them.
//!
//! Stocks, shares and means are averaged over months; flows are summed and told *a year*, so that windows of
//! different length can be read side by side.

#![expect(clippy::cast_precision_loss, reason = "counts of replicates and months are far below 2^53")]

use crate::model::ledgers::History;
use crate::model::ledgers::indicators::{Better, INDICATORS, Indicator, Info, Ledger};
use crate::quantities::Month;

/// A figure derived from two indicators, over the whole window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// Months from opening to verdict of the cases decided.
    MonthsPerCase,
    /// Months in exploitation of those who left it.
    MonthsToExit,
    /// Months in shelter of those who left it.
    MonthsInShelter,
}

/// Something that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// An indicator.
    Indicator(Indicator),
    /// A figure derived from two.
    Derived(Derived),
}

/// The headline measures, in the order of their ledgers.
pub const HEADLINES: [Measure; 23] = [
    Measure::Indicator(Indicator::Exploited),
    // Beside the first one: whoever is driven out is no longer exploited here, and has not been helped.
    Measure::Indicator(Indicator::RemovedUnassisted),
    Measure::Indicator(Indicator::ForcedLabour),
    Measure::Indicator(Indicator::ForcedSex),
    Measure::Indicator(Indicator::PersonMonths),
    Measure::Indicator(Indicator::NewVictims),
    Measure::Derived(Derived::MonthsToExit),
    Measure::Indicator(Indicator::IrregularShare),
    Measure::Indicator(Indicator::ResponseHarm),
    Measure::Indicator(Indicator::Retrafficked),
    Measure::Indicator(Indicator::ComplicitShare),
    Measure::Indicator(Indicator::Identified),
    Measure::Indicator(Indicator::IdentifiedLabour),
    Measure::Indicator(Indicator::IdentifiedSex),
    Measure::Indicator(Indicator::Cases),
    Measure::Indicator(Indicator::CasesLabour),
    Measure::Indicator(Indicator::CasesSex),
    Measure::Indicator(Indicator::Prosecuted),
    Measure::Indicator(Indicator::Convicted),
    Measure::Indicator(Indicator::Backlog),
    Measure::Derived(Derived::MonthsPerCase),
    Measure::Indicator(Indicator::OfficialsConvicted),
    Measure::Indicator(Indicator::Spent),
];

impl Derived {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::MonthsToExit, Self::MonthsPerCase, Self::MonthsInShelter];

    /// Sum of what, per how many of what.
    fn parts(self) -> (Indicator, Indicator) {
        match self {
            Self::MonthsPerCase => (Indicator::CaseMonths, Indicator::CasesDecided),
            Self::MonthsInShelter => (Indicator::StayMonths, Indicator::LeftShelter),
            // Everybody whose exploitation ended is counted under one route; the first stands for the sum.
            Self::MonthsToExit => (Indicator::ExitMonths, Indicator::ExitsEscape),
        }
    }
}

/// Every route out of exploitation.
const EXITS: [Indicator; 7] = [
    Indicator::ExitsEscape,
    Indicator::ExitsDebtRepaid,
    Indicator::ExitsEased,
    Indicator::ExitsIdentified,
    Indicator::ExitsNgo,
    Indicator::ExitsDeported,
    Indicator::ExitsOther,
];

impl Measure {
    /// Everything that can be asked, truth first, then official, then cost.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = INDICATORS.iter().map(|info| Self::Indicator(info.indicator)).collect();
        for derived in Derived::ALL {
            let after = all.iter().rposition(|measure| measure.ledger() == Self::Derived(derived).ledger()).map_or(all.len(), |last| last + 1);
            all.insert(after, Self::Derived(derived));
        }
        all
    }

    /// The measure called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let derived = Derived::ALL.into_iter().map(Self::Derived).find(|measure| measure.name() == name);
        derived.or_else(|| Indicator::named(name).map(Self::Indicator))
    }

    fn info(self) -> Option<&'static Info> {
        match self {
            Self::Indicator(indicator) => Some(indicator.info()),
            Self::Derived(_) => None,
        }
    }

    /// Its name in tables and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Indicator(indicator) => indicator.info().name,
            Self::Derived(Derived::MonthsPerCase) => "months_per_case",
            Self::Derived(Derived::MonthsToExit) => "months_to_exit",
            Self::Derived(Derived::MonthsInShelter) => "months_in_shelter",
        }
    }

    /// What it counts.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Indicator(indicator) => indicator.info().text,
            Self::Derived(Derived::MonthsPerCase) => "Mean months from opening to verdict, over the cases decided.",
            Self::Derived(Derived::MonthsToExit) => "Mean months that those who left exploitation had spent in it.",
            Self::Derived(Derived::MonthsInShelter) => "Mean months in shelter of those who left it.",
        }
    }

    /// The ledger it belongs to.
    #[must_use]
    pub fn ledger(self) -> Ledger {
        match self {
            Self::Derived(Derived::MonthsToExit) => Ledger::Truth,
            _ => self.info().map_or(Ledger::Official, |info| info.ledger),
        }
    }

    /// Which way is better for the people concerned.
    #[must_use]
    pub fn better(self) -> Better {
        match self {
            Self::Derived(Derived::MonthsToExit) => Better::Less,
            _ => self.info().map_or(Better::None, |info| info.better),
        }
    }

    /// Its unit, without "a year".
    #[must_use]
    pub fn unit(self) -> &'static str {
        self.info().map_or("months", |info| info.unit)
    }

    /// True where its value over a window is a mean, false where it is a sum told a year.
    #[must_use]
    pub fn averaged(self) -> bool {
        self.info().is_none_or(Info::averaged)
    }

    /// True where it counts persons or events that come one by one, so that few of them are mostly chance.
    #[must_use]
    pub fn counts(self) -> bool {
        !["share", "money", "months", "multiples of W", "-1 to 1", "0 to 1", "person-months"].contains(&self.unit())
    }

    /// Its value over `rows` months of `history` from the month `first`: a mean, a yearly sum or a ratio of sums.
    /// Not a number where a ratio has nothing to divide by.
    #[must_use]
    pub fn value(self, history: &History, window: (Month, Month)) -> f64 {
        let rows = rows(history, window);
        let sum = |indicator: Indicator| rows.iter().map(|row| row.get(indicator)).sum::<f64>();
        let months = rows.len().max(1) as f64;
        match self {
            Self::Indicator(indicator) if indicator.info().averaged() => sum(indicator) / months,
            Self::Indicator(indicator) => sum(indicator) / (months / 12.0),
            Self::Derived(Derived::MonthsToExit) => sum(Indicator::ExitMonths) / EXITS.into_iter().map(sum).sum::<f64>(),
            Self::Derived(derived) => {
                let (what, per) = derived.parts();
                sum(what) / sum(per)
            }
        }
    }
}

impl Measure {
    /// Its plain total over `window`: as [`Measure::value`], but a flow is summed and not told a year.
    #[must_use]
    pub fn total(self, history: &History, window: (Month, Month)) -> f64 {
        let value = self.value(history, window);
        if self.averaged() { value } else { value * rows(history, window).len() as f64 / 12.0 }
    }
}

/// The rows of the months in `window` that the history reports.
fn rows(history: &History, (from, to): (Month, Month)) -> &[crate::model::ledgers::Row] {
    let place = |month: Month| usize::try_from(month.since(history.first)).unwrap_or(0).min(history.rows.len());
    let (from, to) = (place(from), place(to.plus(1)));
    &history.rows[from..to.max(from)]
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;
    use crate::model::ledgers::Row;

    fn history() -> History {
        let first = Month::new(2016, 1);
        let mut rows = vec![Row::zero(); 24];
        for (row, i) in rows.iter_mut().zip(0..) {
            row.set(Indicator::Exploited, f64::from(i));
            row.set(Indicator::NewVictims, 2.0);
            row.set(Indicator::CaseMonths, 30.0);
            row.set(Indicator::CasesDecided, 3.0);
        }
        History { first, rows, sectors: vec![], origins: vec![], stages: vec![] }
    }

    #[test]
    fn stocks_are_averaged_flows_are_told_a_year_and_ratios_are_of_sums() {
        let window = (Month::new(2016, 1), Month::new(2016, 6));
        assert_eq!(Measure::Indicator(Indicator::Exploited).value(&history(), window), 2.5);
        assert_eq!(Measure::Indicator(Indicator::NewVictims).value(&history(), window), 24.0);
        assert_eq!(Measure::Derived(Derived::MonthsPerCase).value(&history(), window), 10.0);
        assert!(Measure::Derived(Derived::MonthsToExit).value(&history(), window).is_nan());
    }

    #[test]
    fn a_window_beyond_the_run_takes_what_there_is() {
        assert_eq!(Measure::Indicator(Indicator::Exploited).value(&history(), (Month::new(2010, 1), Month::new(2030, 1))), 11.5);
    }

    #[test]
    fn names_are_unique_and_ledgers_stand_in_order() {
        let all = Measure::all();
        assert!(all.iter().all(|measure| Measure::named(measure.name()) == Some(*measure)));
        assert!(all.is_sorted_by_key(|measure| measure.ledger()));
        assert!(HEADLINES.is_sorted_by_key(|measure| measure.ledger()));
    }
}
