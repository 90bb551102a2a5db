//! Pairs of replicates beyond variant against baseline: any two variants, groups of a sector, and the first few replicates.

use polars::prelude::{col, lit};

use super::compare::{Futures, tells_sign, together};
use super::measure::{Asked, Measure, Window, answers, values, within};
use super::statistics::{mean, quantile, standard_error_of_groups, student_95};
use crate::quantities::Month;
use crate::results::Record;
use crate::results::tables::Table;

/// In how many futures `first` has less, more, or as much of `measure` as `second`, under the same luck.
#[must_use]
pub fn futures(record: &Record, measure: Measure, (first, second): (usize, usize), window: (Month, Month)) -> Futures {
    let mut futures = Futures::default();
    let [ones, others] = [first, second].map(|variant| values(record, measure, variant, window));
    for (one, other) in ones.into_iter().zip(others) {
        match one.partial_cmp(&other) {
            Some(std::cmp::Ordering::Less) => futures.lower += 1,
            Some(std::cmp::Ordering::Greater) => futures.higher += 1,
            Some(std::cmp::Ordering::Equal) => futures.equal += 1,
            None => {}
        }
    }
    futures
}

/// A figure of the baseline and what a variant would change in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The baseline's mean.
    pub baseline: f64,
    /// The mean of the paired differences.
    pub difference: f64,
    /// Their 5th percentile.
    pub low: f64,
    /// Their 95th percentile.
    pub high: f64,
    /// How many there are.
    pub pairs: usize,
}

impl Change {
    /// True where the interval leaves out zero and there are enough pairs to tell.
    #[must_use]
    pub fn clear(self) -> bool {
        tells_sign(self.pairs, self.low, self.high)
    }
}

/// The mean over the months of `window` of each of `columns` of the table by sector, times its factor, for each sector, in the baseline and as changed
/// by `variant`: the changes of all columns of the first sector, then those of the next.
#[must_use]
pub fn sectors(record: &Record, columns: &[(&'static str, f64)], variant: usize, window: Window) -> Vec<Vec<Change>> {
    let asked = |sector: usize| -> Vec<Asked> {
        let of = |(column, factor): &(&'static str, f64)| Asked {
            table: Table::Sectors,
            columns: vec![*column],
            expr: col(*column).filter(col("part").eq(lit(sector as u32))).mean() * lit(*factor),
        };
        columns.iter().map(of).collect()
    };
    let all: Vec<Asked> = (0..record.manifest.sectors.len()).flat_map(asked).collect();
    let found = record.sound(answers(record, &within(record, window), &all)).unwrap_or_default();
    let replicates = record.manifest.replicates as usize;
    let change = |values: &Vec<f64>| {
        let of = |variant: usize| &values[variant * replicates..(variant + 1) * replicates];
        let differences: Vec<f64> = of(variant).iter().zip(of(0)).map(|(after, before)| after - before).collect();
        let (low, high) = (quantile(&differences, 0.05), quantile(&differences, 0.95));
        Change { baseline: mean(of(0)), difference: mean(&differences), low, high, pairs: differences.len() }
    };
    found.chunks(columns.len().max(1)).map(|values| values.iter().map(change).collect()).collect()
}

/// What the first few replicates tell of a mean paired difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Running {
    /// How many replicates.
    pub replicates: u32,
    /// The mean.
    pub mean: f64,
    /// Its standard error, where there are enough replicates for one.
    pub error: Option<f64>,
    /// Half of its 95 % interval, by Student's t: a standard error from few replicates is itself uncertain.
    pub half: Option<f64>,
}

/// The mean paired difference over the first 1, 2, 3 ... replicates, as far as they define it.
#[must_use]
pub fn running(record: &Record, measure: Measure, variant: usize, window: (Month, Month)) -> Vec<Running> {
    let [after, before] = [variant, 0].map(|variant| values(record, measure, variant, window));
    let differences: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    let counted = (1..).zip(&differences).filter(|(_, difference)| difference.is_finite()).map(|(count, _): (u32, _)| count);
    let size = together(record);
    let upto = |replicates: u32| {
        let first = &differences[..replicates as usize];
        let finite: Vec<f64> = first.iter().copied().filter(|difference| difference.is_finite()).collect();
        let groups = first.chunks(size).filter(|group| group.iter().any(|difference| difference.is_finite())).count();
        let error = standard_error_of_groups(first, size);
        let half = error.map(|error| error * student_95(groups.saturating_sub(1)));
        Running { replicates, mean: mean(&finite), error, half }
    };
    counted.map(upto).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::LEAST_PAIRS;
    use crate::analysis::compare::tests::{record, with_sector};
    use crate::model::ledgers::indicators::Indicator;
    use crate::scenario::sets::Choice;

    const PEOPLE: Measure = Measure::Indicator(Indicator::Exploited);

    #[test]
    fn any_two_variants_are_paired_by_replicate() {
        let mut record = record(&["baseline", "one", "other"], 4, |variant, replicate, row| {
            let luck = f64::from(replicate);
            row.set(Indicator::Exploited, [10.0 * luck, 10.0 * luck + 1.0, 10.0 * luck + if replicate == 0 { 1.0 } else { 2.0 }][variant]);
        });
        let window = record.manifest.window;
        assert_eq!(futures(&record, PEOPLE, (1, 2), window), Futures { lower: 3, higher: 0, equal: 1 });
        assert_eq!(futures(&record, PEOPLE, (2, 0), window), Futures { lower: 0, higher: 4, equal: 0 });
        let running = running(&record, PEOPLE, 2, window);
        assert_eq!(running.iter().map(|point| (point.replicates, point.mean)).collect::<Vec<_>>(), [(1, 1.0), (2, 1.5), (3, 5.0 / 3.0), (4, 1.75)]);
        assert!(running[0].error.is_none() && running[0].half.is_none() && running[1].error == Some(0.5));
        assert_eq!(running[1].half, Some(0.5 * student_95(1)));
        record.manifest.parameters = Choice::Posterior;
        let by_set = super::running(&record, PEOPLE, 2, window);
        assert!(by_set[1].error.is_none(), "two replicates of one set");
        assert_eq!((by_set[3].error, by_set[3].half), (Some(0.25), Some(0.25 * student_95(1))), "of the means 1.5 and 2");
    }

    #[test]
    fn a_sector_is_averaged_over_the_window_and_paired() {
        let figure = |variant: usize, replicate: u32| f64::from(replicate) + if variant == 1 { 5.0 } else { 0.0 };
        let record = with_sector(&["baseline", "other"], LEAST_PAIRS as u32, 12, |_, _, _, _| {}, Some(("fishing", &figure)));
        let change = sectors(&record, &[("forced_mou", 1.0)], 1, record.manifest.window)[0][0];
        assert_eq!(change, Change { baseline: 2.0, difference: 5.0, low: 5.0, high: 5.0, pairs: LEAST_PAIRS });
        assert!(change.clear() && !Change { pairs: LEAST_PAIRS - 1, ..change }.clear());
    }
}
