//! How badly a place meets all goals: minus twice the logarithm of the likelihood of what was published.
//!
//! A goal's figure is normal around the expected one, with the variance of everything that may lie between them: the observation,
//! the model's form, the luck of the real course of events and the emulator's doubt. A value has its density, a range its
//! probability.
//!
//! What the model's form cannot meet in one year of a series it can hardly meet in the next. So the discrepancies of one
//! series share a part ([`SHARED`] of their variance): with errors e and discrepancies d the covariance is e^2 I + d^2 (rho 11' +
//! (1 - rho) I), and five years say as much of a level as 1.4 years of which each errs for itself. What parameters that no emulator knows do to one
//! year they do to the next as well: the years of a series share as much of a run's noise as emulators' misses of them are alike. The shared part is
//! summed over numerically, which serves values and ranges alike.

use super::Goal;
use super::emulator::{Emulators, Expectation};
use super::matching::distance;

/// The share of the variance of discrepancy that all figures of a series have in common: a judgement, as the discrepancy itself is.
pub const SHARED: f64 = 0.7;
/// How far from its likeliest value the shared part is summed over, in standard deviations, and in steps of what length.
const REACH: f64 = 6.0;
const STEP: f64 = 0.75;

/// One goal and what is expected of it.
struct Met<'a> {
    goal: &'a Goal,
    mean: f64,
    /// The variance that it has for itself.
    own: f64,
    /// The standard deviation of what it shares with its series.
    shared: f64,
}

/// The misfit at `point`: minus twice the logarithm of the likelihood of what was published, up to a constant. `luck` is
/// the share of a run's luck that the published figures carry.
#[must_use]
pub fn misfit(goals: &[Goal], emulators: &Emulators, luck: f64, point: &[f64]) -> f64 {
    of(goals, &emulators.expect(point), luck, &|series| emulators.alike(series))
}

/// The variance that the emulators' doubt gives to the logarithm of the likelihood at `point`: of each goal, the doubt's share of all that
/// may lie between the figure and what is expected of it, the more the farther off the figure is.
#[must_use]
pub fn doubt(goals: &[Goal], emulators: &Emulators, luck: f64, point: &[f64]) -> f64 {
    let expected = emulators.expect(point);
    goals.iter().zip(&expected).filter_map(|(goal, expected)| expected.as_ref().map(|own| doubted(goal, own, luck))).sum()
}

fn doubted(goal: &Goal, expected: &Expectation, luck: f64) -> f64 {
    let variance = variance(goal, expected, luck);
    let far = distance(goal, expected.mean);
    expected.doubt / variance * (far * far / variance).max(1.0)
}

/// The misfit where `expected` is expected of each goal. A goal that no emulator could be fitted to says nothing; the report
/// names it. `alike` says how alike the noise of figures is, 0 to 1.
pub(super) fn of(goals: &[Goal], expected: &[Option<Expectation>], luck: f64, alike: &dyn Fn(&[usize]) -> f64) -> f64 {
    let told = |place: usize| expected[place].is_some();
    let mut sum = 0.0;
    for (place, goal) in goals.iter().enumerate().filter(|(place, _)| told(*place)) {
        let of_series = |other: &usize| goal.series.is_some() && goals[*other].series == goal.series && told(*other);
        if (0..place).any(|other| of_series(&other)) {
            // It was met with the first of its series.
            continue;
        }
        let series: Vec<usize> = std::iter::once(place).chain((place + 1..goals.len()).filter(of_series)).collect();
        let share = alike(&series);
        let met = series.iter().filter_map(|place| Some(Met::new(&goals[*place], expected[*place].as_ref()?, luck, share)));
        sum += match expected[place].as_ref() {
            Some(own) if series.len() == 1 => surprise(goal, own.mean, variance(goal, own, luck)),
            _ => together(&met.collect::<Vec<_>>()),
        };
    }
    sum
}

/// The variance of everything that may lie between a figure and what is expected of it. A direction has no error of its own; where
/// luck has none either, any miss is one too many.
pub(super) fn variance(goal: &Goal, expected: &Expectation, luck: f64) -> f64 {
    (goal.error * goal.error + goal.discrepancy * goal.discrepancy + luck * expected.noise + expected.doubt).max(1e-18)
}

impl<'a> Met<'a> {
    fn new(goal: &'a Goal, expected: &Expectation, luck: f64, alike: f64) -> Self {
        let shared = SHARED * goal.discrepancy * goal.discrepancy + alike * luck * expected.noise;
        Self { goal, mean: expected.mean, own: (variance(goal, expected, luck) - shared).max(1e-18), shared: shared.sqrt() }
    }
}

/// Minus twice the logarithm of the likelihood of a series.
fn together(series: &[Met<'_>]) -> f64 {
    // Where the shared part lies if ranges are taken for their nearer ends: only the place of the sum depends on it.
    let (mut precision, mut pull) = (1.0, 0.0);
    for Met { goal, mean, own, shared } in series {
        let far = distance(goal, *mean);
        if far > 0.0 || goal.high <= goal.low {
            precision += shared * shared / own;
            pull += shared * if *mean < goal.low { far } else { -far } / own;
        }
    }
    let (middle, spread) = (pull / precision, 1.0 / precision.sqrt());
    let steps = (2.0 * REACH / STEP) as usize;
    let logs: Vec<f64> = (0..=steps)
        .map(|step| {
            let common = middle + spread * (STEP * step as f64 - REACH);
            let surprises: f64 = series.iter().map(|met| surprise(met.goal, met.mean + met.shared * common, met.own)).sum();
            -0.5 * (common * common + surprises)
        })
        .collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logs.iter().map(|log| libm::exp(log - most)).sum();
    -2.0 * (most + libm::log(sum * STEP * spread)) + libm::log(std::f64::consts::TAU)
}

/// Minus twice the logarithm of the likelihood of `goal` where its figure is normal around `mean`, up to a constant: the
/// density of a value, or the probability of lying within a range or beyond a bound.
fn surprise(goal: &Goal, mean: f64, variance: f64) -> f64 {
    let deviation = variance.sqrt();
    let far = distance(goal, mean) / deviation;
    if goal.high - goal.low <= 1e-9 * deviation {
        return far * far + libm::log(variance);
    }
    let beyond = |z: f64| 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
    let (low, high) = ((goal.low - mean) / deviation, (goal.high - mean) / deviation);
    // From the tail in which the range lies, so that no digits are lost; further out than numbers reach, by its bound (Mills).
    let within = if low > 0.0 { beyond(low) - beyond(high) } else { beyond(-high) - beyond(-low) };
    if far > 30.0 || within <= 0.0 { far * far + 2.0 * libm::log(far.max(1.0)) + libm::log(std::f64::consts::TAU) } else { -2.0 * libm::log(within) }
}

#[cfg(test)]
mod tests {
    use super::super::scales::Scale;
    use super::*;
    use nalgebra::{DMatrix, DVector};

    fn published(low: f64, high: f64) -> Goal {
        Goal { name: String::new(), low, high, error: 0.0, discrepancy: 0.0, scale: Scale::Plain, series: None, year: 0 }
    }

    #[test]
    fn a_range_is_met_with_its_probability() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{a} against {b}");
        // Half of a normal lies beyond its mean, 0.682689 within one deviation; a narrow range is a value's density times its width.
        close(surprise(&published(0.0, f64::INFINITY), 0.0, 4.0), -2.0 * libm::log(0.5));
        close(surprise(&published(-2.0, 2.0), 0.0, 4.0), -2.0 * libm::log(0.682_689_492));
        let (narrow, value) = (surprise(&published(3.0, 3.002), 1.0, 4.0), surprise(&published(3.001, 3.001), 1.0, 4.0));
        close(narrow, value + libm::log(std::f64::consts::TAU) - 2.0 * libm::log(0.002));
        // Where numbers end, the bound carries on within a thousandth.
        let at = |mean: f64| surprise(&published(f64::NEG_INFINITY, 0.0), mean, 1.0);
        assert!((at(29.99) / at(30.01) - 1.0).abs() < 2e-3, "{} {}", at(29.99), at(30.01));
        assert!(at(1e9).is_finite() && at(100.0) > at(99.0));
    }

    /// The misfit of normal values with errors and discrepancies of one series: r' S^-1 r + log |S|, and so each for itself where
    /// nothing is shared.
    #[test]
    fn a_series_has_the_covariance_that_is_said() {
        let goal = |value: f64, series| Goal { error: 0.3, discrepancy: 0.8, series, ..published(value, value) };
        let expected = [0.5, 0.1, -0.4].map(|mean| Some(Expectation { mean, doubt: 0.02, noise: 0.1 }));
        for (series, values) in [(Some(1), [1.0, 2.5, 7.0]), (Some(1), [0.5, 0.1, -0.4]), (None, [1.0, 2.5, 7.0])] {
            let goals = values.map(|value| goal(value, series));
            // Of the noise, .05 that what was published carries, two fifths are alike.
            let (own, shared) = (0.09 + 0.5 * 0.1 + 0.02, if series.is_some() { SHARED * 0.64 + 0.4 * 0.05 } else { 0.0 });
            let covariance = DMatrix::from_fn(3, 3, |i, j| shared + if i == j { own + 0.64 - shared } else { 0.0 });
            let rest = DVector::from_fn(3, |i, _| values[i] - expected[i].map_or(0.0, |expected| expected.mean));
            let right = rest.dot(&(covariance.clone().try_inverse().expect("positive") * &rest)) + libm::log(covariance.determinant());
            let found = of(&goals, &expected, 0.5, &|_| 0.4);
            assert!((found - right).abs() < 1e-6, "{found} {right}");
        }
        // A value far from the others of its series costs, one that is off as they are costs little.
        let at = |values: [f64; 3]| of(&values.map(|value| goal(value, Some(1))), &expected, 0.5, &|_| 0.0);
        assert!(at([1.5, 1.1, -1.4]) > at([1.5, 1.1, 0.6]) + 3.0);
    }

    /// Ranges in a series against a sum of a thousand steps.
    #[test]
    fn ranges_of_a_series_are_summed_well_enough() {
        for (low, high, mean) in [(0.0, 1.0, 0.5), (f64::NEG_INFINITY, 1.0, 4.0), (2.0, f64::INFINITY, -1.0), (3.0, 3.5, 0.0)] {
            let (range, value) = (published(low, high), published(1.0, 1.0));
            let series = [Met { goal: &range, mean, own: 0.1, shared: 0.7 }, Met { goal: &value, mean: 0.6, own: 0.2, shared: 0.7 }];
            let density = |common: f64| {
                let surprises: f64 = series.iter().map(|met| surprise(met.goal, met.mean + met.shared * common, met.own)).sum();
                libm::exp(-0.5 * (common * common + surprises)) / std::f64::consts::TAU.sqrt()
            };
            let sum: f64 = (0..4000).map(|step| density(-20.0 + 0.01 * f64::from(step)) * 0.01).sum();
            let (found, right) = (together(&series), -2.0 * libm::log(sum));
            assert!((found - right).abs() < 0.01 * (1.0 + right.abs()), "{low} {high}: {found} {right}");
        }
    }
}
