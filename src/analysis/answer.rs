//! The answer to a comparison: its variants in order, which of them may be the best, and what each part of a package carries.
//!
//! Variants stand in the order of their effect on people exploited, the fewest first. A scenario in which a package is also run without each
//! of its parts (variants called `without-...` or `no-...` beside the whole, when both are compared with a third) tells besides how
//! much of the whole's effect would be lost without each.

use super::compare::{Against, CostPerMonth, Effect, compare, differences, together};
use super::measure::{HEADLINES, Measure};
use super::ranking::{may_be_best, ranking};
use super::statistics::mean;
use super::verdict::{Single, Verdict, by_set, ratio};
use crate::model::ledgers::indicators::Indicator;
use crate::results::Record;

/// The measure that stands for the truth ledger.
pub const PEOPLE: Measure = Measure::Indicator(Indicator::Exploited);
/// What stands beside it wherever a finding is told: whoever is removed is no longer exploited here, and has not been helped.
pub const REMOVED: Measure = Measure::Indicator(Indicator::RemovedUnassisted);
/// The measure that stands for the official ledger.
pub const COUNT: Measure = Measure::Indicator(Indicator::Identified);
/// The measure that stands for the cost ledger.
pub const MONEY: Measure = Measure::Indicator(Indicator::Spent);

/// One variant in the order of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The variant, by its place in the record.
    pub variant: usize,
    /// Its effect on people exploited.
    pub people: Effect,
    /// On exploited people who are removed without help.
    pub removed: Effect,
    /// On victims identified.
    pub count: Effect,
    /// On money spent.
    pub money: Effect,
    /// What a person-month averted costs.
    pub cost: CostPerMonth,
    /// In what share of parameter sets it would be worth its money, by [`Answer::worths`].
    pub acceptable: Vec<Single>,
}

/// What would be lost of a package's effect without one of its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The variant without that part.
    pub variant: usize,
    /// The share of the whole's effect on people exploited: 1 is all of it.
    pub share: f64,
    /// Its 95 % interval.
    pub range: (f64, f64),
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The variants, the fewest people exploited first; none where there is only a baseline.
    pub rows: Vec<Row>,
    /// The variants that may be the best, by their places in the record.
    pub may_be_best: Vec<usize>,
    /// The whole package and what would be lost without each part, the greatest loss first; empty where there is no such package.
    pub losses: Vec<Loss>,
    /// Sums of money that a person-month averted may be worth.
    pub worths: Vec<f64>,
}

impl Answer {
    /// The variant that the answer is about: the first in order, but where its direction is open, the first that clearly leaves fewer people exploited, one that
    /// stands among all before one that is clear alone.
    #[must_use]
    pub fn lead(&self) -> Option<&Row> {
        let less = |row: &&Row| row.people.verdict == Verdict::Less;
        let first = self.rows.first().filter(|row| row.people.verdict.clear());
        let later = || self.rows.iter().find(|row| less(row) && row.people.stands).or_else(|| self.rows.iter().find(less));
        first.or_else(later).or_else(|| self.rows.first())
    }
}

/// Answers from `record`, over its window; the four measures stand or fall among all headline measures of all variants.
#[must_use]
pub fn answer(record: &Record) -> Answer {
    let comparison = compare(record, &HEADLINES, record.manifest.window);
    let order: Vec<usize> = ranking(record, PEOPLE).iter().map(|place| place.variant).collect();
    let row = |variant: &usize| {
        let against: &Against = &comparison.variants[*variant - 1];
        let of = |measure| against.effects.iter().find(|effect| effect.measure == measure).cloned();
        Some(Row {
            variant: *variant,
            people: of(PEOPLE)?,
            removed: of(REMOVED)?,
            count: of(COUNT)?,
            money: of(MONEY)?,
            cost: against.cost,
            acceptable: against.acceptable.clone(),
        })
    };
    Answer {
        rows: order.iter().filter_map(row).collect(),
        may_be_best: may_be_best(&ranking(record, PEOPLE)),
        losses: losses(record),
        worths: comparison.worths,
    }
}

/// What would be lost without each part of the package that the scenario calls its baseline, where that package is not itself what all are
/// compared with, and clearly leaves fewer people exploited.
fn losses(record: &Record) -> Vec<Loss> {
    let names: Vec<&str> = record.manifest.variants.iter().map(|variant| variant.name.as_str()).collect();
    let Some(whole) = names.iter().position(|name| *name == "baseline").filter(|whole| *whole > 0) else { return vec![] };
    let (window, size) = (record.manifest.window, together(record));
    let effect = by_set(&differences(record, PEOPLE, (whole, 0), window), size);
    if super::compare::effect(record, PEOPLE, whole, window).verdict != Verdict::Less {
        return vec![];
    }
    let loss = |variant: usize| {
        let lost = by_set(&differences(record, PEOPLE, (whole, variant), window), size);
        Some(Loss { variant, share: mean(&lost) / mean(&effect), range: ratio(&lost, &effect)? })
    };
    let without = |variant: &usize| names[*variant].starts_with("without-") || names[*variant].starts_with("no-");
    let mut losses: Vec<Loss> = (1..names.len()).filter(without).filter_map(loss).collect();
    losses.sort_by(|a, b| b.share.total_cmp(&a.share));
    losses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record;

    /// A package of two parts beside going on as before; every replicate strays by a little of its own.
    fn package() -> Record {
        record(&["no-package", "baseline", "without-a", "without-b", "a-only"], 8, |variant, replicate, row| {
            let effect = [0.0, -100.0, -20.0, -90.0, -75.0][variant];
            let stray = f64::from((replicate * 7 + variant as u32 * 3) % 5) - 2.0;
            row.set(Indicator::Exploited, 1_000.0 + effect + stray);
            row.set(Indicator::PersonMonths, 1_000.0 + effect + stray);
            row.set(Indicator::Spent, 1e6 - effect * 1e3);
        })
    }

    #[test]
    fn variants_stand_in_the_order_of_their_effect() {
        let found = answer(&package());
        assert_eq!(found.rows.iter().map(|row| row.variant).collect::<Vec<_>>(), [1, 3, 4, 2]);
        assert_eq!(found.may_be_best, [1]);
        assert!(found.rows.iter().all(|row| row.people.stands && row.people.verdict == Verdict::Less));
    }

    /// Who comes first by chance does not hide who clearly does something.
    #[test]
    fn the_answer_is_about_the_first_that_is_clear() {
        let wild = || {
            record(&["baseline", "wild", "sure", "worse"], 8, |variant, replicate, row| {
                let stray = f64::from((replicate * 7 + variant as u32 * 3) % 5) - 2.0;
                let effect = [0.0, -30.0 + 40.0 * stray, -20.0 + stray, 50.0 + stray][variant];
                row.set(Indicator::Exploited, 1_000.0 + effect);
                row.set(Indicator::PersonMonths, 1_000.0 + effect);
            })
        };
        let found = answer(&wild());
        assert_eq!(found.rows.iter().map(|row| row.variant).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(found.rows[0].people.verdict, Verdict::Unclear);
        assert_eq!(found.lead().map(|row| row.variant), Some(2));
        assert_eq!(answer(&wild().showing(&[0, 1])).lead().map(|row| row.variant), Some(1), "there is no other");
        assert_eq!(answer(&wild().showing(&[0, 3])).lead().map(|row| row.variant), Some(1));
    }

    #[test]
    fn what_each_part_carries_is_what_is_lost_without_it() {
        let losses = answer(&package()).losses;
        assert_eq!(losses.iter().map(|loss| loss.variant).collect::<Vec<_>>(), [2, 3]);
        assert!((losses[0].share - 0.8).abs() < 0.03 && (losses[1].share - 0.1).abs() < 0.03, "{losses:?}");
        assert!(losses.iter().all(|loss| loss.range.0 < loss.share && loss.share < loss.range.1));
        // Compared with the package itself there is no whole to lose from.
        assert!(answer(&package().showing(&[1, 0, 2, 3])).losses.is_empty());
    }

    #[test]
    fn a_lone_baseline_has_no_answer() {
        let found = answer(&record(&["baseline"], 3, |_, _, _| {}));
        assert!(found.rows.is_empty() && found.losses.is_empty() && found.worths.is_empty());
    }
}
