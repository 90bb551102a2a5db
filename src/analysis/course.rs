//! A measure over time: what the middle of the futures does, how far they spread, and a few of them as they are.
//!
//! Stocks and shares stand as they are in each month. Flows are summed over the months up to and including each one (a moving
//! year, where the run is long enough) and told a year, so that a December stands beside a published yearly figure.

use polars::prelude::{DataType, Expr, IntoLazy, col, lit};

use super::measure::{Derived, Measure};
use super::statistics::quantile;
use crate::model::ledgers::indicators::Indicator;
use crate::quantities::Month;
use crate::results::Record;
use crate::results::tables::Table;

/// The quantiles that a course tells.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// A measure over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// What was measured.
    pub measure: Measure,
    /// Over how many months a flow is summed; 1 for what is averaged.
    pub moving: i32,
    /// By month the quantiles over replicates in the order of [`QUANTILES`]; months in which no replicate defines the measure are left out.
    pub quantiles: Vec<(Month, [f64; 5])>,
    /// The first few replicates as they are.
    pub examples: Vec<Vec<(Month, f64)>>,
}

impl Course {
    /// The same from one month to another, both included.
    #[must_use]
    pub fn between(&self, from: Month, to: Month) -> Self {
        let inside = |month: Month| (from..=to).contains(&month);
        let examples = self.examples.iter().map(|line| line.iter().copied().filter(|(month, _)| inside(*month)).collect());
        Self { quantiles: self.quantiles.iter().copied().filter(|(month, _)| inside(*month)).collect(), examples: examples.collect(), ..self.clone() }
    }

    /// Everything that is shown of it, for finding edges.
    pub fn values(&self) -> impl Iterator<Item = f64> {
        let spread = self.quantiles.iter().flat_map(|(_, quantiles)| *quantiles);
        spread.chain(self.examples.iter().flatten().map(|(_, value)| *value))
    }

    /// The first month in which the futures of the two are spread otherwise; nothing where they never are.
    #[must_use]
    pub fn parting(&self, other: &Self) -> Option<Month> {
        let pairs = self.quantiles.iter().zip(&other.quantiles);
        pairs.into_iter().find(|(a, b)| a.1.map(f64::to_bits) != b.1.map(f64::to_bits)).map(|(a, _)| a.0)
    }
}

/// How many replicates are shown as they are.
const EXAMPLES: usize = 3;

/// Over how many months flows of a run of `months` are summed: a year if two are reported, else a quarter of a year or one month.
#[must_use]
pub fn moving(measure: Measure, months: i32) -> i32 {
    match months {
        _ if measure.averaged() && !matches!(measure, Measure::Derived(_)) => 1,
        24.. => 12,
        12.. => 3,
        _ => 1,
    }
}

/// The course of `measure` in `variant`.
#[must_use]
pub fn course(record: &Record, measure: Measure, variant: usize) -> Course {
    of_lines(record, measure, &lines(record, &moved(record, measure), variant))
}

/// The course of the paired difference of `variant` to the baseline.
#[must_use]
pub fn difference(record: &Record, measure: Measure, variant: usize) -> Course {
    let of = lines_of(record, &moved(record, measure), &[variant, 0]);
    of_lines(record, measure, &paired(&of[0], &of[1]))
}

/// The courses of `measure` in every variant, and of the paired differences to the baseline of every variant but it, for one look at the rows.
#[must_use]
pub fn courses(record: &Record, measure: Measure) -> (Vec<Course>, Vec<Course>) {
    let all: Vec<usize> = (0..record.manifest.variants.len()).collect();
    let of = lines_of(record, &moved(record, measure), &all);
    let differences = of[1..].iter().map(|lines| of_lines(record, measure, &paired(lines, &of[0])));
    (of.iter().map(|lines| of_lines(record, measure, lines)).collect(), differences.collect())
}

/// Replicate by replicate what lies between `after` and `before`.
fn paired(after: &[Line], before: &[Line]) -> Vec<Line> {
    let pairs = after.iter().zip(before);
    pairs.map(|(after, before)| after.iter().zip(before).map(|((month, after), (_, before))| (*month, after - before)).collect()).collect()
}

/// The course of the cases at one stage (by its place among [`STAGES`](crate::model::ledgers::STAGES)), waiting or in progress.
#[must_use]
pub fn stage_backlog(record: &Record, stage: usize, variant: usize) -> Course {
    let columns = vec!["waiting", "in_progress"];
    let asked = Moved { table: Table::Stages, part: Some(stage), columns, expr: col("waiting") + col("in_progress"), moving: 1 };
    of_lines(record, Measure::Indicator(Indicator::Backlog), &lines(record, &asked, variant))
}

/// The course of the months that cases leaving one stage had spent in it, over a moving year where the run is long enough.
#[must_use]
pub fn stage_months(record: &Record, stage: usize, variant: usize) -> Course {
    let measure = Measure::Derived(Derived::MonthsPerCase);
    let moving = moving(measure, record.manifest.to.since(record.manifest.from) + 1);
    let expr = moving_sum("months", moving) / moving_sum("left", moving);
    let asked = Moved { table: Table::Stages, part: Some(stage), columns: vec!["months", "left"], expr, moving };
    of_lines(record, measure, &lines(record, &asked, variant))
}

/// What is asked of the months of one variant and replicate: an expression over rows in the order of the months, which looks back
/// over the last few of them.
struct Moved {
    table: Table,
    part: Option<usize>,
    columns: Vec<&'static str>,
    expr: Expr,
    moving: i32,
}

/// A measure over moving windows.
fn moved(record: &Record, measure: Measure) -> Moved {
    let moving = moving(measure, record.manifest.to.since(record.manifest.from) + 1);
    let expr = measure.expr(&|indicator| moving_sum(indicator.info().name, moving), &lit(moving));
    let columns = measure.indicators().iter().map(|indicator| indicator.info().name).collect();
    Moved { table: Table::Months, part: None, columns, expr, moving }
}

/// The sum over a row and those before it, `moving` in all, the oldest first.
fn moving_sum(column: &str, moving: i32) -> Expr {
    let back = |months: i32| if months == 0 { col(column) } else { col(column).shift(lit(months)) };
    (0..moving).rev().map(back).reduce(|sum, row| sum + row).unwrap_or(lit(f64::NAN))
}

/// One replicate of one variant over time.
type Line = Vec<(Month, f64)>;

/// Every replicate of `variant` over time.
fn lines(record: &Record, asked: &Moved, variant: usize) -> Vec<Line> {
    lines_of(record, asked, &[variant]).swap_remove(0)
}

/// Every replicate of each of `variants` over time, in their order; nothing of any where the rows cannot be read.
fn lines_of(record: &Record, asked: &Moved, variants: &[usize]) -> Vec<Vec<Line>> {
    let mut lines = vec![vec![vec![]; record.manifest.replicates as usize]; variants.len()];
    let from = record.manifest.from;
    let places: Vec<u32> = variants.iter().map(|variant| record.place(*variant) as u32).collect();
    let own = places.iter().map(|place| col("place").eq(lit(*place))).reduce(Expr::or).unwrap_or(lit(false));
    let part = asked.part.map(|part| col("part").eq(lit(part as u32)));
    let rows = part.map_or(own.clone(), |part| own.and(part));
    let answer = record.each_piece(asked.table, &asked.columns, &mut |piece| {
        // The months of one replicate and variant stand together. What looks back beyond its first month would see another's, and
        // is left out.
        let whole = col("at").gt_eq(lit(asked.moving - 1));
        let select = [col("place"), col("replicate"), col("at"), asked.expr.clone().cast(DataType::Float64).alias("value")];
        let found = piece.lazy().filter(rows.clone()).select(select).filter(whole).collect()?;
        let columns = (found.column("place")?.u32()?, found.column("replicate")?.u32()?, found.column("at")?.i32()?, found.column("value")?.f64()?);
        for (((place, replicate), at), value) in columns.0.iter().zip(columns.1.iter()).zip(columns.2.iter()).zip(columns.3.iter()) {
            if let (Some(place), Some(replicate), Some(at)) = (place, replicate, at) {
                for (of, _) in lines.iter_mut().zip(&places).filter(|(_, asked)| **asked == place) {
                    of[replicate as usize].push((from.plus(at), value.unwrap_or(f64::NAN)));
                }
            }
        }
        Ok(())
    });
    record.sound(answer).map_or_else(|| vec![vec![]; variants.len()], |()| lines)
}

fn of_lines(record: &Record, measure: Measure, lines: &[Line]) -> Course {
    let months = lines.first().map_or(0, Vec::len);
    let at = |place: usize| {
        let known: Vec<f64> = lines.iter().map(|line| line[place].1).filter(|value| value.is_finite()).collect();
        (!known.is_empty()).then(|| (lines[0][place].0, QUANTILES.map(|p| quantile(&known, p))))
    };
    let known = |line: &Line| line.iter().copied().filter(|(_, value)| value.is_finite()).collect();
    Course {
        measure,
        moving: moving(measure, record.manifest.to.since(record.manifest.from) + 1),
        quantiles: (0..months).filter_map(at).collect(),
        examples: lines.iter().take(EXAMPLES).map(known).collect(),
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record;

    #[test]
    fn flows_are_moving_sums_told_a_year_and_differences_are_paired() {
        let record = record(&["baseline", "other"], 3, |variant, replicate, row| {
            row.set(Indicator::Identified, 10.0 + f64::from(replicate) + variant as f64);
            row.set(Indicator::Exploited, 100.0 * f64::from(replicate));
        });
        let flow = course(&record, Measure::Indicator(Indicator::Identified), 0);
        assert_eq!((flow.moving, flow.quantiles.len()), (3, 10));
        assert_eq!(flow.quantiles[0].1[2], 132.0, "11 a month");
        let stock = course(&record, Measure::Indicator(Indicator::Exploited), 0);
        assert_eq!((stock.moving, stock.quantiles.len(), stock.quantiles[0].1[2]), (1, 12, 100.0));
        let difference = difference(&record, Measure::Indicator(Indicator::Identified), 1);
        assert!(difference.quantiles.iter().all(|(_, quantiles)| quantiles.iter().all(|value| (value - 12.0).abs() < 1e-9)), "{difference:?}");
        assert_eq!(difference.examples.len(), 3);
        let (levels, differences) = courses(&record, Measure::Indicator(Indicator::Identified));
        assert_eq!((levels.len(), &levels[0], differences), (2, &flow, vec![difference]));
    }
}
