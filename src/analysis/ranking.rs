//! Which variant comes first, which others may, and whether that order holds under another structure.
//!
//! Variants are ranked by the mean paired difference in one measure. A variant may be the best unless its own paired difference to some
//! other shows that other to be better, at 95 % over all the comparisons that it is in (comparisons with the best of Hsu 1984 by the paired
//! differences of Nelson and Matejcik 1995, whose bound of Bonferroni asks nothing of how variants vary together). Two structures are held
//! against each other pair by pair: an order is *confirmed* where both show it, *reversed* where the other shows the opposite, and *undecided*
//! where it shows neither, which is no agreement.

use super::compare::{differences, effect, together};
use super::measure::Measure;
use super::verdict::{Average, Verdict, average};
use crate::model::ledgers::indicators::Better;
use crate::results::Record;

/// One variant's place in a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The variant, by its place in the record.
    pub variant: usize,
    /// The mean paired difference to the baseline.
    pub difference: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What can be said of it.
    pub verdict: Verdict,
    /// The paired differences to the baseline, by replicate, so that variants can be paired with each other.
    differences: Vec<f64>,
    /// How many in a row are not independent of each other.
    together: usize,
    /// 1 where less is better, -1 where more is.
    sign: f64,
}

impl Place {
    /// How much worse this is than `other`, on average over parameter sets.
    fn worse_than(&self, other: &Self) -> Average {
        let apart: Vec<f64> = self.differences.iter().zip(&other.differences).map(|(own, other)| self.sign * (own - other)).collect();
        average(&apart, self.together)
    }
}

/// The variants of `record`, the best first, where less (or, as the measure says, more) is better.
#[must_use]
pub fn ranking(record: &Record, measure: Measure) -> Vec<Place> {
    let window = record.manifest.window;
    let sign = if measure.better() == Better::More { -1.0 } else { 1.0 };
    let place = |variant| {
        let differences = differences(record, measure, (0, variant), window);
        let effect = effect(record, measure, variant, window);
        let (low, high, verdict) = (effect.low, effect.high, effect.verdict);
        Place { variant, difference: effect.difference, low, high, verdict, differences, together: together(record), sign }
    };
    let mut places: Vec<Place> = (1..record.manifest.variants.len()).map(place).collect();
    places.sort_by(|a, b| (sign * a.difference).total_cmp(&(sign * b.difference)).then(a.variant.cmp(&b.variant)));
    places
}

/// The variants that may be the best: the first, and every other that none is shown to be better than.
#[must_use]
pub fn may_be_best(places: &[Place]) -> Vec<usize> {
    let comparisons = places.len().saturating_sub(1).max(1);
    let beaten = |place: &Place| {
        places.iter().filter(|other| other.variant != place.variant).any(|other| {
            let worse = place.worse_than(other);
            // One side only, and the bound shared out among the comparisons.
            worse.mean > 0.0 && worse.p / 2.0 < 0.05 / comparisons as f64
        })
    };
    places.iter().filter(|place| !beaten(place)).map(|place| place.variant).collect()
}

/// How pairs of variants that one structure tells apart stand under another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Agreement {
    /// In the same order there.
    pub confirmed: usize,
    /// In no order there.
    pub undecided: usize,
    /// In the opposite order there.
    pub reversed: usize,
}

impl Agreement {
    /// How many pairs the first structure tells apart.
    #[must_use]
    pub fn all(self) -> usize {
        self.confirmed + self.undecided + self.reversed
    }
}

/// How the pairs of variants that `own` tells apart stand in `other`.
#[must_use]
pub fn agreement(own: &[Place], other: &[Place]) -> Agreement {
    let mut found = Agreement::default();
    let at = |variant: usize| other.iter().find(|place| place.variant == variant);
    for (i, a) in own.iter().enumerate() {
        for b in &own[i + 1..] {
            let here = a.worse_than(b).verdict;
            if !here.clear() {
                continue;
            }
            match at(a.variant).zip(at(b.variant)).map(|(a, b)| a.worse_than(b).verdict) {
                Some(there) if there == here => found.confirmed += 1,
                Some(there) if there.clear() => found.reversed += 1,
                _ => found.undecided += 1,
            }
        }
    }
    found
}

/// The variants whose difference has one sign in `own` and the other in `other`.
#[must_use]
pub fn turned(own: &[Place], other: &[Place]) -> Vec<usize> {
    let there = |variant: usize| other.iter().find(|place| place.variant == variant).map(|place| place.verdict);
    let turns = |place: &&Place| place.verdict.clear() && there(place.variant).is_some_and(|there| there.clear() && there != place.verdict);
    own.iter().filter(turns).map(|place| place.variant).collect()
}

#[cfg(test)]
mod tests {
    use super::super::compare::tests::record;
    use super::*;
    use crate::model::ledgers::indicators::Indicator;

    fn ranked(differences: [f64; 3]) -> Vec<Place> {
        let record = record(&["baseline", "a", "b", "c"], 8, |variant, replicate, row| {
            // Half of what chance does is each variant's own.
            let noise = if (replicate as usize / variant.max(1)).is_multiple_of(2) { 1.0 } else { -1.0 };
            let difference = variant.checked_sub(1).map_or(0.0, |variant| differences[variant] + noise);
            row.set(Indicator::Exploited, 1000.0 + difference);
        });
        ranking(&record, Measure::Indicator(Indicator::Exploited))
    }

    #[test]
    fn the_best_stands_first_and_pairs_are_compared() {
        let own = ranked([-10.0, -30.0, 20.0]);
        assert_eq!(own.iter().map(|place| place.variant).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(agreement(&own, &own), Agreement { confirmed: 3, ..Agreement::default() });
        let other = ranked([-40.0, -30.0, -20.0]);
        assert_eq!(agreement(&own, &other), Agreement { confirmed: 2, undecided: 0, reversed: 1 });
        assert_eq!(turned(&own, &other), [3]);
        // What the other structure cannot tell apart is no agreement.
        assert_eq!(agreement(&own, &ranked([-30.0, -30.2, 20.0])), Agreement { confirmed: 2, undecided: 1, reversed: 0 });
        assert_eq!(agreement(&own, &own[..1]).undecided, 3, "what is not there confirms nothing");
    }

    #[test]
    fn only_what_is_shown_to_be_worse_cannot_be_the_best() {
        assert_eq!(may_be_best(&ranked([-10.0, -30.0, 20.0])), [2]);
        assert_eq!(may_be_best(&ranked([-30.2, -30.0, 20.0])), [1, 2]);
        assert_eq!(may_be_best(&ranked([-30.0, -30.0, -30.0])).len(), 3);
        assert!(may_be_best(&[]).is_empty());
    }
}
