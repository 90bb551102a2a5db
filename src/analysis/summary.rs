//! One record by calendar year: what each variant's two ledgers say, without comparing.

use super::measure::{Measure, over};
use super::statistics::{mean, quantile};
use crate::quantities::Month;
use crate::results::Record;

/// One figure of one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The mean over replicates; not a number where no replicate defines it.
    pub mean: f64,
    /// The 5th percentile over replicates.
    pub low: f64,
    /// The 95th percentile over replicates.
    pub high: f64,
}

/// One measure over the years.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What was measured.
    pub measure: Measure,
    /// One figure a year.
    pub figures: Vec<Figure>,
}

/// One record by year.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The years; the first and the last may be reported in part.
    pub years: Vec<Year>,
    /// For each variant, one line per measure.
    pub variants: Vec<Vec<Line>>,
}

/// The reported part of a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// Its number.
    pub year: i32,
    /// Its first reported month.
    pub from: Month,
    /// Its last reported month.
    pub to: Month,
}

impl Year {
    /// How many of its months are reported.
    #[must_use]
    pub fn months(self) -> i32 {
        self.to.since(self.from) + 1
    }
}

/// The calendar years that `from` to `to` touch.
#[must_use]
pub fn years(from: Month, to: Month) -> Vec<Year> {
    let part = |year| Year { year, from: from.max(Month::new(year, 1)), to: to.min(Month::new(year, 12)) };
    (from.year()..=to.year()).map(part).collect()
}

/// Tells `measures` of every variant by year. Flows are totals of the reported months.
///
/// One year is asked after the other, so that no more lies in memory than one number for each variant, replicate and measure.
#[must_use]
pub fn summary(record: &Record, measures: &[Measure]) -> Summary {
    let years = years(record.manifest.from, record.manifest.to);
    let line = |measure: &Measure| Line { measure: *measure, figures: vec![] };
    let mut variants: Vec<Vec<Line>> = record.manifest.variants.iter().map(|_| measures.iter().map(line).collect()).collect();
    for year in &years {
        let replicates = record.manifest.replicates as usize;
        let found = record.sound(over(record, measures, (year.from, year.to))).unwrap_or_default();
        for (place, measure) in measures.iter().enumerate() {
            for (variant, lines) in variants.iter_mut().enumerate() {
                let values = found.get(place).map_or(&[][..], |values| &values[variant * replicates..(variant + 1) * replicates]);
                lines[place].figures.push(figure(*measure, values, *year));
            }
        }
    }
    Summary { years, variants }
}

fn figure(measure: Measure, values: &[f64], year: Year) -> Figure {
    let known: Vec<f64> = values.iter().filter(|value| value.is_finite()).map(|value| measure.total(*value, year.months())).collect();
    Figure { mean: mean(&known), low: quantile(&known, 0.05), high: quantile(&known, 0.95) }
}
