//! What can be asked of a run over some months: an indicator, or a figure derived from two of them.
//!
//! Stocks, shares and means are averaged over months; flows are summed and told *a year*, so that windows of
//! different length can be read side by side.
//!
//! A record is asked piece by piece, so that its rows never lie in memory together; what is kept is one number for each variant,
//! replicate and measure. Every group of rows is summed in the order of its months, whatever the number of threads.

use std::ops::{Add, Div};
use std::sync::{Mutex, PoisonError};

use polars::prelude::{DataType, Expr, IntoLazy, col, len, lit};

use crate::model::ledgers::History;
use crate::model::ledgers::indicators::{Better, INDICATORS, Indicator, Info, Ledger};
use crate::quantities::Month;
use crate::results::Record;
use crate::results::tables::Table;
use crate::scenario::Problem;

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

    /// The sum of what, per the sum of what; each sum as its first part and the others.
    fn parts(self) -> [(Indicator, &'static [Indicator]); 2] {
        match self {
            Self::MonthsPerCase => [(Indicator::CaseMonths, &[]), (Indicator::CasesDecided, &[])],
            Self::MonthsInShelter => [(Indicator::StayMonths, &[]), (Indicator::LeftShelter, &[])],
            // Everybody whose exploitation ended is counted under one route.
            Self::MonthsToExit => [(Indicator::ExitMonths, &[]), (Indicator::ExitsEscape, &OTHER_EXITS)],
        }
    }
}

/// What is true of officials and cases, which are simulated one by one.
const AT_FULL_SIZE: [Indicator; 10] = [
    Indicator::ComplicitShare,
    Indicator::ComplicitPolice,
    Indicator::ComplicitImmigration,
    Indicator::ComplicitInspection,
    Indicator::ComplicitProsecution,
    Indicator::ComplicitSocial,
    Indicator::TrainedShare,
    Indicator::CasesUnfounded,
    Indicator::ConvictedUnfounded,
    Indicator::Blocked,
];

/// Every route out of exploitation but escape.
const OTHER_EXITS: [Indicator; 6] = [
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

    /// True where it is counted in the sample of people, employers and recruiters, an agent standing for `scale` of them; officials,
    /// visits, cases and money are simulated at the country's own size.
    #[must_use]
    pub fn sampled(self) -> bool {
        self.ledger() == Ledger::Truth && !matches!(self, Self::Indicator(indicator) if AT_FULL_SIZE.contains(&indicator))
    }

    /// Its value over some months: a mean, a yearly sum or a ratio of sums, given how an indicator is summed over them, how many they
    /// are, and how many make a year. Not a number where a ratio has nothing to divide by.
    ///
    /// This is the only place that turns rows into a measure, be they numbers or expressions over tables: [`gather`] asks it of groups
    /// of rows, a course of moving windows, and [`Measure::value`] of one history.
    fn formula<T: Clone + Add<Output = T> + Div<Output = T>>(self, sum: &dyn Fn(Indicator) -> T, months: T, year: T) -> T {
        let all = |(first, others): (Indicator, &[Indicator])| others.iter().fold(sum(first), |all, part| all + sum(*part));
        match self {
            Self::Indicator(indicator) if indicator.info().averaged() => sum(indicator) / months,
            Self::Indicator(indicator) => sum(indicator) / (months / year),
            Self::Derived(derived) => {
                let [what, per] = derived.parts();
                all(what) / all(per)
            }
        }
    }

    /// Its value as an expression, given those that sum an indicator and count the months.
    pub fn expr(self, sum: &dyn Fn(Indicator) -> Expr, months: &Expr) -> Expr {
        self.formula(sum, months.clone().cast(DataType::Float64), lit(12.0))
    }

    /// Its value over the months of `window` that one history reports: for runs that are read and forgotten one by one, on any thread.
    #[must_use]
    pub fn value(self, history: &History, (from, to): Window) -> f64 {
        let place = |month: Month| usize::try_from(month.since(history.first)).unwrap_or(0).min(history.rows.len());
        let (from, to) = (place(from), place(to.plus(1)));
        let rows = &history.rows[from..to.max(from)];
        self.formula(&|indicator| rows.iter().map(|row| row.get(indicator)).sum::<f64>(), f64::from(u32::try_from(rows.len()).unwrap_or(0)), 12.0)
    }

    /// The indicators that it is made of.
    #[must_use]
    pub fn indicators(self) -> Vec<Indicator> {
        match self {
            Self::Indicator(indicator) => vec![indicator],
            Self::Derived(derived) => derived.parts().into_iter().flat_map(|(first, others)| [&[first], others].concat()).collect(),
        }
    }

    /// Its value over the rows of a group.
    pub fn of_group(self) -> Expr {
        self.expr(&|indicator| col(indicator.info().name).sum(), &len())
    }

    /// Its plain total where its value over `months` months is `value`: a flow is summed and not told a year.
    #[must_use]
    pub fn total(self, value: f64, months: i32) -> f64 {
        if self.averaged() { value } else { value * f64::from(months) / 12.0 }
    }
}

/// A first and a last month.
pub type Window = (Month, Month);

/// What can be asked of the rows of one variant and replicate: a table, the columns it needs, and an expression over its rows.
pub struct Asked {
    /// The table.
    pub table: Table,
    /// The columns of figures that the expression names.
    pub columns: Vec<&'static str>,
    /// The expression, which makes one number of the rows.
    pub expr: Expr,
}

/// The rows of a piece that lie in `window`.
pub fn within(record: &Record, window: Window) -> Expr {
    let from = record.manifest.from;
    col("at").gt_eq(lit(window.0.since(from))).and(col("at").lt_eq(lit(window.1.since(from))))
}

/// The answers to `asked` over the rows that `rows` lets pass, for each of them: variants in the order of the record, and for each
/// its replicates in order. Not a number where no row passes.
///
/// # Errors
/// A problem of the world where a file cannot be read or is damaged.
pub fn answers(record: &Record, rows: &Expr, asked: &[Asked]) -> Result<Vec<Vec<f64>>, Problem> {
    let (variants, replicates) = (record.manifest.variants.len(), record.manifest.replicates as usize);
    let answers = Mutex::new(vec![vec![f64::NAN; variants * replicates]; asked.len()]);
    let stored = record.rows().layout.variants.len();
    // Where a variant of the tables stands in the record; those that were left out stand nowhere.
    let shown: Vec<Option<usize>> = (0..stored).map(|place| (0..variants).find(|variant| record.place(*variant) == place)).collect();
    for table in Table::ALL {
        let own: Vec<usize> = (0..asked.len()).filter(|place| asked[*place].table == table).collect();
        if own.is_empty() {
            continue;
        }
        let mut columns: Vec<&str> = own.iter().flat_map(|place| asked[*place].columns.iter().copied()).collect();
        columns.sort_unstable();
        columns.dedup();
        let exprs: Vec<Expr> = own.iter().map(|place| asked[*place].expr.clone().alias(format!("answer {place}"))).collect();
        record.pieces_at_once(table, &columns, &|piece| {
            let found = piece.lazy().filter(rows.clone()).group_by_stable([col("place"), col("replicate")]).agg(exprs.clone()).collect()?;
            let (places, numbers) = (found.column("place")?.u32()?, found.column("replicate")?.u32()?);
            let pairs = places.iter().zip(numbers.iter());
            let at: Vec<Option<usize>> = pairs.map(|(place, replicate)| Some(shown[place? as usize]? * replicates + replicate? as usize)).collect();
            for place in &own {
                let column = found.column(&format!("answer {place}"))?.cast(&DataType::Float64)?;
                // No two pieces write to one place; kept until all are there, what they found would take more room than the answers.
                let answers = &mut answers.lock().unwrap_or_else(PoisonError::into_inner)[*place];
                for (at, value) in at.iter().zip(column.f64()?.iter()) {
                    if let (Some(at), Some(value)) = (at, value) {
                        answers[*at] = value;
                    }
                }
            }
            Ok(())
        })?;
    }
    Ok(answers.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The values of `measures` over `window`, for each: variants in order, and of each its replicates; nothing is kept.
///
/// # Errors
/// A problem of the world where a file cannot be read or is damaged.
pub fn over(record: &Record, measures: &[Measure], window: Window) -> Result<Vec<Vec<f64>>, Problem> {
    let asked: Vec<Asked> = measures.iter().map(|measure| measure.asked()).collect();
    answers(record, &within(record, window), &asked)
}

/// Asks for `measures` over `window` in one pass, so that [`values`] knows them.
pub fn gather(record: &Record, measures: &[Measure], window: Window) {
    let name = |measure: &Measure| format!("{} {} {}", measure.name(), window.0, window.1);
    let mut missing: Vec<Measure> = vec![];
    for measure in measures {
        if !record.knows(&name(measure)) && !missing.contains(measure) {
            missing.push(*measure);
        }
    }
    if missing.is_empty() {
        return;
    }
    let found = record.sound(over(record, &missing, window));
    for (measure, values) in missing.iter().zip(found.unwrap_or_default()) {
        record.learn(name(measure), values);
    }
}

impl Measure {
    /// What is asked of the rows of a group.
    fn asked(self) -> Asked {
        let columns = self.indicators().iter().map(|indicator| indicator.info().name).collect();
        Asked { table: Table::Months, columns, expr: self.of_group() }
    }
}

/// The value of `measure` over `window` in every replicate of `variant`.
#[must_use]
pub fn values(record: &Record, measure: Measure, variant: usize, window: Window) -> Vec<f64> {
    gather(record, &[measure], window);
    let replicates = record.manifest.replicates as usize;
    let known = record.known(&format!("{} {} {}", measure.name(), window.0, window.1));
    known.map_or_else(|| vec![f64::NAN; replicates], |all| all[variant * replicates..(variant + 1) * replicates].to_vec())
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::of_months;

    fn invented() -> Record {
        of_months(&["baseline"], 1, 24, |_, _, month, row| fill(month, row))
    }

    /// The value read from the tables, which is that of the history itself.
    fn value(measure: Measure, window: Window) -> f64 {
        let own = values(&invented(), measure, 0, window)[0];
        let mut rows = vec![crate::model::ledgers::Row::zero(); 24];
        rows.iter_mut().zip(0..).for_each(|(row, month)| fill(month, row));
        let history = History { first: Month::new(2016, 1), rows, sectors: vec![], origins: vec![], stages: vec![] };
        let other = measure.value(&history, window);
        assert!(own == other || own.is_nan() && other.is_nan(), "{own} {other}");
        own
    }

    fn fill(month: i32, row: &mut crate::model::ledgers::Row) {
        row.set(Indicator::Exploited, f64::from(month));
        row.set(Indicator::NewVictims, 2.0);
        row.set(Indicator::CaseMonths, 30.0);
        row.set(Indicator::CasesDecided, 3.0);
    }

    #[test]
    fn stocks_are_averaged_flows_are_told_a_year_and_ratios_are_of_sums() {
        let window = (Month::new(2016, 1), Month::new(2016, 6));
        assert_eq!(value(Measure::Indicator(Indicator::Exploited), window), 2.5);
        assert_eq!(value(Measure::Indicator(Indicator::NewVictims), window), 24.0);
        assert_eq!(value(Measure::Derived(Derived::MonthsPerCase), window), 10.0);
        assert!(value(Measure::Derived(Derived::MonthsToExit), window).is_nan());
        assert_eq!(Measure::Indicator(Indicator::NewVictims).total(24.0, 6), 12.0);
    }

    #[test]
    fn a_window_beyond_the_run_takes_what_there_is() {
        assert_eq!(value(Measure::Indicator(Indicator::Exploited), (Month::new(2010, 1), Month::new(2030, 1))), 11.5);
        assert!(value(Measure::Indicator(Indicator::Exploited), (Month::new(2010, 1), Month::new(2010, 2))).is_nan());
    }

    /// However many replicates fit into a piece, and in whichever order their units came, every value is the same to the last bit.
    #[test]
    fn pieces_change_no_bit() {
        let record = of_months(&["baseline", "other"], 900, 24, |variant, replicate, month, row| {
            row.set(Indicator::Exploited, 0.1 * f64::from(month) + 1.0 / f64::from(3 + replicate) + variant as f64);
        });
        assert!(record.rows().pieces() > 2, "{}", record.rows().pieces());
        let window = (Month::new(2016, 3), Month::new(2017, 11));
        for (variant, replicate) in [(0, 0), (1, 0), (0, 340), (1, 341), (1, 899)] {
            let alone = of_months(&["baseline"], 1, 24, |_, _, month, row| {
                row.set(Indicator::Exploited, 0.1 * f64::from(month) + 1.0 / f64::from(3 + replicate) + variant as f64);
            });
            let [all, one] =
                [(&record, variant), (&alone, 0)].map(|(record, variant)| values(record, Measure::Indicator(Indicator::Exploited), variant, window));
            assert_eq!(all[replicate as usize].to_bits(), one[0].to_bits());
        }
    }

    #[test]
    fn names_are_unique_and_ledgers_stand_in_order() {
        let all = Measure::all();
        assert!(all.iter().all(|measure| Measure::named(measure.name()) == Some(*measure)));
        assert!(all.is_sorted_by_key(|measure| measure.ledger()));
        assert!(HEADLINES.is_sorted_by_key(|measure| measure.ledger()));
    }
}
