//! Which variant beats which, and whether that order survives another structure.
//!
//! Variants are ranked by the mean paired difference in one measure. Two rankings agree as far as pairs of variants stand
//! in the same order in both (Kendall 1938). A pair whose own paired difference lies within two of its standard errors stands
//! in no order, nor has a variant so near to the baseline a sign.

use super::compare::{effect, together};
use super::measure::{Measure, values};
use super::statistics::{mean, standard_error_of_groups};
use crate::model::ledgers::indicators::Better;
use crate::results::Record;

/// Standard errors beyond which a difference is told from nothing.
const ERRORS: f64 = 2.0;

/// One variant's place in a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The variant, by its place in the record.
    pub variant: usize,
    /// The mean paired difference to the baseline.
    pub difference: f64,
    /// Their 5th percentile.
    pub low: f64,
    /// Their 95th percentile.
    pub high: f64,
    /// The paired differences, by replicate, so that variants can be paired with each other.
    differences: Vec<f64>,
    /// How many in a row are not independent of each other.
    together: usize,
}

/// The variants of `record`, the best first, where less (or, as the measure says, more) is better.
#[must_use]
pub fn ranking(record: &Record, measure: Measure) -> Vec<Place> {
    let window = record.manifest.window;
    let baseline = values(record, measure, 0, window);
    let place = |variant| {
        let differences = values(record, measure, variant, window).iter().zip(&baseline).map(|(after, before)| after - before).collect();
        let effect = effect(record, measure, variant, window);
        Place { variant, difference: effect.difference, low: effect.low, high: effect.high, differences, together: together(record) }
    };
    let mut places: Vec<Place> = (1..record.manifest.variants.len()).map(place).collect();
    let sign = if measure.better() == Better::More { -1.0 } else { 1.0 };
    places.sort_by(|a, b| (sign * a.difference).total_cmp(&(sign * b.difference)).then(a.variant.cmp(&b.variant)));
    places
}

/// The sign of the mean of `differences`, or 0 where chance could make it: with one replicate, always.
fn told(differences: &[f64], together: usize) -> f64 {
    let difference = mean(differences);
    let beyond = standard_error_of_groups(differences, together).is_some_and(|error| difference.abs() > ERRORS * error);
    if beyond && difference != 0.0 { difference.signum() } else { 0.0 }
}

/// The order of `a` and `b` under the same luck: the sign of the difference between them.
fn order(a: &Place, b: &Place) -> f64 {
    let apart: Vec<f64> = a.differences.iter().zip(&b.differences).map(|(a, b)| a - b).collect();
    told(&apart, a.together)
}

/// How far another ranking agrees with one: pairs of variants that `own` tells apart, and how many of them `other` does
/// not tell apart the other way round.
#[must_use]
pub fn agreement(own: &[Place], other: &[Place]) -> (usize, usize) {
    let (mut apart, mut same) = (0, 0);
    let at = |variant: usize| other.iter().find(|place| place.variant == variant);
    for (i, a) in own.iter().enumerate() {
        for b in &own[i + 1..] {
            let here = order(a, b);
            if here == 0.0 {
                continue;
            }
            let there = at(a.variant).zip(at(b.variant)).map_or(0.0, |(a, b)| order(a, b));
            apart += 1;
            same += usize::from(here * there >= 0.0);
        }
    }
    (apart, same)
}

/// The variants whose difference has one sign in `own` and the other in `other`, both beyond chance.
#[must_use]
pub fn turned(own: &[Place], other: &[Place]) -> Vec<usize> {
    let sign = |place: &Place| told(&place.differences, place.together);
    let there = |variant: usize| other.iter().find(|place| place.variant == variant).map_or(0.0, sign);
    own.iter().filter(|place| sign(place) * there(place.variant) < 0.0).map(|place| place.variant).collect()
}

#[cfg(test)]
mod tests {
    use super::super::compare::tests::record;
    use super::*;
    use crate::model::ledgers::indicators::Indicator;

    fn ranked(differences: [f64; 3]) -> Vec<Place> {
        let record = record(&["baseline", "a", "b", "c"], 4, |variant, replicate, row| {
            // Half of the luck is each variant's own.
            let noise = if (replicate as usize + variant).is_multiple_of(2) { 1.0 } else { -1.0 };
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
