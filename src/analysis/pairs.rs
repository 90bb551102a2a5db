//! Pairs of replicates beyond whole runs: groups of a sector, and the first few replicates.

use polars::prelude::{col, lit};

use super::compare::{differences, together};
use super::measure::{Asked, Measure, Window, answers, within};
use super::statistics::mean;
use super::verdict::{Average, average, by_set, stand};
use crate::quantities::Month;
use crate::results::Record;
use crate::results::tables::Table;

/// A figure of the baseline and what a variant would change in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The baseline's mean.
    pub baseline: f64,
    /// The mean of the paired differences.
    pub difference: f64,
    /// Whether that has a sign which stands among all figures that are asked with it.
    pub clear: bool,
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
    let (replicates, size) = (record.manifest.replicates as usize, together(record));
    let paired = |values: &Vec<f64>| {
        let of = |variant: usize| &values[variant * replicates..(variant + 1) * replicates];
        let differences: Vec<f64> = of(variant).iter().zip(of(0)).map(|(after, before)| after - before).collect();
        (mean(&by_set(of(0), size)), average(&differences, size))
    };
    let pairs: Vec<(f64, Average)> = found.iter().map(paired).collect();
    let standing = stand(&pairs.iter().map(|(_, average)| average.p).collect::<Vec<_>>());
    let change = |((baseline, average), stands): (&(f64, Average), bool)| Change {
        baseline: *baseline,
        difference: average.mean,
        clear: average.verdict.clear() && stands,
    };
    let changes: Vec<Change> = pairs.iter().zip(standing).map(change).collect();
    changes.chunks(columns.len().max(1)).map(<[Change]>::to_vec).collect()
}

/// The mean paired difference over the first 1, 2, 3 ... replicates, as far as they define it, each with how many they are.
#[must_use]
pub fn running(record: &Record, measure: Measure, variant: usize, window: (Month, Month)) -> Vec<(u32, Average)> {
    let (differences, size) = (differences(record, measure, (0, variant), window), together(record));
    let counted = (1_u32..).zip(&differences).filter(|(_, difference)| difference.is_finite());
    counted.map(|(count, _)| (count, average(&differences[..count as usize], size))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::{record, with_sector};
    use crate::model::ledgers::indicators::Indicator;
    use crate::scenario::sets::Choice;

    const PEOPLE: Measure = Measure::Indicator(Indicator::Exploited);

    #[test]
    fn the_first_few_replicates_are_told_as_they_come() {
        let mut record = record(&["baseline", "one", "other"], 4, |variant, replicate, row| {
            let stray = f64::from(replicate);
            row.set(Indicator::Exploited, [10.0 * stray, 10.0 * stray + 1.0, 10.0 * stray + if replicate == 0 { 1.0 } else { 2.0 }][variant]);
        });
        let window = record.manifest.window;
        let running = running(&record, PEOPLE, 2, window);
        let means: Vec<(u32, f64)> = running.iter().map(|(count, average)| (*count, average.mean)).collect();
        assert_eq!(means, [(1, 1.0), (2, 1.5), (3, 5.0 / 3.0), (4, 1.75)]);
        assert!(running[0].1.error.is_none() && running[1].1.error == Some(0.5));
        record.manifest.parameters = Choice::Posterior;
        let by_set = super::running(&record, PEOPLE, 2, window);
        assert!(by_set[1].1.error.is_none(), "two replicates of one set");
        assert_eq!((by_set[3].1.error, by_set[3].1.sets), (Some(0.25), 2), "of the means 1.5 and 2");
    }

    #[test]
    fn a_sector_is_averaged_over_the_window_and_paired() {
        let figure = |variant: usize, replicate: u32| f64::from(replicate) + if variant == 1 { 5.0 } else { 0.0 };
        let record = with_sector(&["baseline", "other"], 5, 12, |_, _, _, _| {}, Some(("fishing", &figure)));
        let change = sectors(&record, &[("forced_mou", 1.0)], 1, record.manifest.window)[0][0];
        assert_eq!(change, Change { baseline: 2.0, difference: 5.0, clear: true });
        let alone = with_sector(&["baseline", "other"], 1, 12, |_, _, _, _| {}, Some(("fishing", &figure)));
        assert!(!sectors(&alone, &[("forced_mou", 1.0)], 1, alone.manifest.window)[0][0].clear, "one pair");
    }
}
