//! Which variant beats which, and whether that order survives another structure.
//!
//! Variants are ranked by the mean paired difference in one measure. Two rankings agree as far as pairs of variants stand
//! in the same order in both (Kendall 1938); a pair that lies closer together than its standard error stands in no order.

use super::compare::compare;
use super::measure::Measure;
use crate::model::ledgers::indicators::Better;
use crate::results::Record;

/// One variant's place in a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The variant, by its place in the record.
    pub variant: usize,
    /// The mean paired difference to the baseline.
    pub difference: f64,
    /// Its standard error; nothing with one replicate.
    pub error: Option<f64>,
}

/// The variants of `record`, the best first, where less (or, as the measure says, more) is better.
#[must_use]
pub fn ranking(record: &Record, measure: Measure) -> Vec<Place> {
    let all = compare(record, &[measure], record.manifest.window);
    let mut places: Vec<Place> = all
        .variants
        .iter()
        .map(|against| Place { variant: against.variant, difference: against.effects[0].difference, error: against.effects[0].standard_error })
        .collect();
    let sign = if measure.better() == Better::More { -1.0 } else { 1.0 };
    places.sort_by(|a, b| (sign * a.difference).total_cmp(&(sign * b.difference)).then(a.variant.cmp(&b.variant)));
    places
}

/// How far another ranking agrees with one: pairs of variants told apart by `own`, and how many of them stand in the same
/// order in `other`.
#[must_use]
pub fn agreement(own: &[Place], other: &[Place]) -> (usize, usize) {
    let (mut told, mut same) = (0, 0);
    for (i, a) in own.iter().enumerate() {
        for b in &own[i + 1..] {
            let apart = (a.difference - b.difference).abs();
            let (first, second) = (a.error.unwrap_or(0.0), b.error.unwrap_or(0.0));
            let error = (first * first + second * second).sqrt();
            if apart <= error || apart == 0.0 {
                continue;
            }
            told += 1;
            let at = |variant: usize| other.iter().position(|place| place.variant == variant);
            same += usize::from(at(a.variant) < at(b.variant));
        }
    }
    (told, same)
}

/// The variants whose difference has another sign in `other` than in `own`.
#[must_use]
pub fn turned(own: &[Place], other: &[Place]) -> Vec<usize> {
    let sign = |places: &[Place], variant: usize| places.iter().find(|place| place.variant == variant).map_or(0.0, |place| place.difference);
    own.iter().filter(|place| place.difference * sign(other, place.variant) < 0.0).map(|place| place.variant).collect()
}

#[cfg(test)]
mod tests {
    use super::super::compare::tests::record;
    use super::*;
    use crate::model::ledgers::indicators::Indicator;

    fn ranked(differences: [f64; 3]) -> Vec<Place> {
        let record = record(&["baseline", "a", "b", "c"], 4, |variant, replicate, row| {
            let noise = if replicate % 2 == 0 { 1.0 } else { -1.0 };
            let difference = variant.checked_sub(1).map_or(0.0, |variant| differences[variant] + noise);
            row.set(Indicator::Exploited, 1000.0 + difference);
        });
        ranking(&record, Measure::Indicator(Indicator::Exploited))
    }

    #[test]
    fn the_best_stands_first_and_pairs_are_compared() {
        let own = ranked([-10.0, -30.0, 20.0]);
        assert_eq!(own.iter().map(|place| place.variant).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(agreement(&own, &own), (3, 3));
        let other = ranked([-40.0, -30.0, -20.0]);
        assert_eq!(agreement(&own, &other), (3, 2));
        assert_eq!(turned(&own, &other), [3]);
        // Two that chance alone could exchange are in no order.
        assert_eq!(agreement(&ranked([-10.0, -10.5, 20.0]), &other), (2, 2));
    }
}
