//! Whether an answer depends on how many persons an agent stands for: means, chance and effects at several scales, held against the finest.
//!
//! Replicates of one scale are independent of those of another, so a difference of means has the errors of both. The spread of a year's count is the
//! standard deviation over replicates within each calendar year, pooled over the whole years of the run: what the sample adds to the nation's own
//! chance would show there.

#![expect(clippy::cast_precision_loss, reason = "counts of replicates and months are far below 2^53")]

use std::sync::atomic::AtomicBool;

use super::effects::{Shift, Terms, Trial, together, values};
use super::measure::{HEADLINES, Measure};
use super::statistics::{mean, standard_error_of_groups};
use crate::model::ledgers::History;
use crate::model::ledgers::indicators::Indicator;
use crate::quantities::Month;
use crate::scenario::Scenario;

/// The counts whose spread over replicates is told.
pub const COUNTS: [Measure; 4] = [
    Measure::Indicator(Indicator::Identified),
    Measure::Indicator(Indicator::Cases),
    Measure::Indicator(Indicator::Prosecuted),
    Measure::Indicator(Indicator::Convicted),
];

/// A mean over replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// Its standard error; nothing with one replicate or one parameter set.
    pub error: Option<f64>,
}

impl Mean {
    /// By how many standard errors it lies from `other`, with the errors of both; nothing where neither varies.
    #[must_use]
    pub fn z(self, other: Self) -> Option<f64> {
        let error = libm::hypot(self.error?, other.error?);
        if self.mean.to_bits() == other.mean.to_bits() { Some(0.0) } else { (error > 0.0).then(|| (self.mean - other.mean) / error) }
    }
}

/// What was found at one scale.
#[derive(Clone, Debug)]
pub struct AtScale {
    /// Persons per agent.
    pub scale: f64,
    /// How many replicates.
    pub replicates: u32,
    /// How long it took, in seconds of wall time; the caller's clock.
    pub seconds: f64,
    /// The headline measures over the reported months.
    pub headlines: Vec<Mean>,
    /// The standard deviation over replicates of a year's count, for each of [`COUNTS`]; not a number with one replicate or no whole year.
    pub spreads: Vec<f64>,
    /// Of each trial, what it would change in people exploited and in victims identified.
    pub effects: Vec<[Shift; 2]>,
}

/// In what the effect of a lever is told.
pub const MOVED: [Measure; 2] = [Measure::Indicator(Indicator::Exploited), Measure::Indicator(Indicator::Identified)];

/// The whole calendar years of `from` to `to`.
fn years(from: Month, to: Month) -> Vec<(Month, Month)> {
    let whole = (from.year()..=to.year()).map(|year| (Month::new(year, 1), Month::new(year, 12)));
    whole.filter(|(first, last)| *first >= from && *last <= to).collect()
}

/// Simulates the baseline of `scenario` and `trials` at the scale it says.
pub fn at_scale(scenario: &Scenario, trials: &[Trial], terms: Terms, done: &(dyn Fn(usize, usize) + Sync), stop: &AtomicBool) -> Option<AtScale> {
    let (all, from_then) = ((scenario.from, scenario.to), (terms.at, scenario.to));
    let years = years(scenario.from, scenario.to);
    let read = |history: &History| {
        let headlines = HEADLINES.iter().map(|measure| measure.value(history, all));
        let moved = MOVED.iter().map(|measure| measure.value(history, from_then));
        let counts = COUNTS.iter().flat_map(|measure| years.iter().map(|year| measure.value(history, *year)));
        headlines.chain(moved).chain(counts).collect::<Vec<f64>>()
    };
    let found = values(scenario, trials, terms, &read, done, stop)?;
    let size = together(scenario);
    let column = |k: usize| found.iter().map(|values| values.baseline[k]).collect::<Vec<f64>>();
    let headlines = (0..HEADLINES.len()).map(|k| {
        let values = column(k);
        let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        Mean { mean: mean(&finite), error: standard_error_of_groups(&values, size) }
    });
    let first_count = HEADLINES.len() + MOVED.len();
    let spread = |count: usize| {
        let variances: Vec<f64> = (0..years.len()).filter_map(|year| variance(&column(first_count + count * years.len() + year))).collect();
        mean(&variances).sqrt()
    };
    let effect = |trial: usize| {
        [0, 1].map(|moved| {
            let k = HEADLINES.len() + moved;
            let pairs: Vec<(f64, f64)> = found.iter().map(|values| (values.baseline[k], values.trials[trial][k])).collect();
            Shift::of(MOVED[moved], &pairs, size)
        })
    };
    Some(AtScale {
        scale: scenario.scale,
        replicates: scenario.replicates,
        seconds: 0.0,
        headlines: headlines.collect(),
        spreads: (0..COUNTS.len()).map(spread).collect(),
        effects: (0..trials.len()).map(effect).collect(),
    })
}

/// The variance of a handful of values; nothing with fewer than two.
fn variance(values: &[f64]) -> Option<f64> {
    let middle = mean(values);
    (values.len() > 1).then(|| values.iter().map(|value| (value - middle) * (value - middle)).sum::<f64>() / (values.len() - 1) as f64)
}

/// The difference of two scales' effects in standard errors of both; nothing where neither varies.
#[must_use]
pub fn apart(one: &Shift, other: &Shift) -> Option<f64> {
    Mean { mean: one.mean, error: one.error }.z(Mean { mean: other.mean, error: other.error })
}

/// How far chance alone lets a ratio of two standard deviations go, as a factor either way (two standard errors of its logarithm), where each is
/// pooled over `years` years.
#[must_use]
pub fn slack(replicates: [u32; 2], years: usize) -> f64 {
    let of = |n: u32| 1.0 / (2.0 * f64::from(n.saturating_sub(1)).max(1.0) * years.max(1) as f64);
    libm::exp(2.0 * (of(replicates[0]) + of(replicates[1])).sqrt())
}

/// How many whole calendar years a spread is pooled over.
#[must_use]
pub fn pooled(scenario: &Scenario) -> usize {
    years(scenario.from, scenario.to).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn a_difference_of_means_has_the_errors_of_both() {
        let mean = |mean, error| Mean { mean, error: Some(error) };
        assert_eq!(mean(10.0, 3.0).z(mean(20.0, 4.0)), Some(-2.0));
        assert_eq!((mean(1.0, 0.0).z(mean(1.0, 0.0)), mean(1.0, 0.0).z(mean(2.0, 0.0))), (Some(0.0), None));
        assert_eq!(mean(1.0, 1.0).z(Mean { mean: 1.0, error: None }), None);
    }

    #[test]
    fn years_are_whole_and_chance_widens_a_ratio() {
        let month = |text: &str| text.parse::<Month>().expect("a month");
        assert_eq!(years(month("2015-02"), month("2017-12")).len(), 2);
        assert!(years(month("2015-02"), month("2015-12")).is_empty());
        assert!(slack([4, 4], 1) > slack([40, 40], 1) && slack([40, 40], 4) > 1.0);
    }

    /// Coarse samples count as the nation does: means of Borderland at two scales lie within chance of each other.
    #[test]
    fn borderland_agrees_at_two_scales() {
        let at = |scale: f64| {
            let overrides = Overrides { replicates: Some(6), scale: Some(scale), to: Some(Month::new(2016, 12)), ..Overrides::default() };
            let Ok(scenario) = load("borderland", &overrides) else { panic!("the shipped scenario is without fault") };
            let terms = Terms { at: Month::new(2016, 1), paid: false, jobs: 2 };
            at_scale(&scenario, &[], terms, &|_, _| {}, &AtomicBool::new(false)).expect("nobody stops it")
        };
        let (fine, coarse) = (at(20.0), at(60.0));
        for ((measure, a), b) in HEADLINES.iter().zip(&fine.headlines).zip(&coarse.headlines) {
            // A count of a few a year is too far from a normal distribution for its own standard error.
            if a.mean > 10.0 {
                assert!(a.z(*b).is_none_or(|z| z.abs() < 8.0), "{}: {a:?} {b:?}", measure.name());
            }
        }
        assert!(fine.spreads[0] > 0.0 && coarse.spreads[0] < 4.0 * fine.spreads[0], "{:?} {:?}", fine.spreads, coarse.spreads);
    }
}
