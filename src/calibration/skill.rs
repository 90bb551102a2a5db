//! Whether the model forecasts what was held out better than somebody who knows no model.
//!
//! The naive forecast of a held-out value is the geometric mean of the fitted values of the same series, give or take 30 %. Both
//! forecasts are intervals of 90 % on a logarithmic scale, the model's widened by the stated errors of the observation and of the
//! model's form, and both get the interval score (Gneiting and Raftery 2007): the width, and twenty times what it misses by.
//! Skill is one minus the model's mean score over the naive one's: above zero the model is the better forecaster.
//!
//! Absent on purpose: values without a fitted sibling, and directions. Nobody forecasts those naively.

use super::kernel::NORMAL_95;
use super::left_out::NAIVE;
use super::validation::{Line, Verdict};
use crate::scenario::targets::{Expected, Target, Use};

/// The share of cases that an interval may miss.
const MISSES: f64 = 0.1;

/// A held-out value and the scores of its forecasts.
#[derive(Clone, Copy, Debug)]
pub struct Forecast<'a> {
    /// The line of the target.
    pub line: &'a Line,
    /// The middle of the naive forecast.
    pub naive: f64,
    /// The interval score of the naive forecast.
    pub naive_score: f64,
    /// The interval score of the model's.
    pub score: f64,
}

/// Every held-out value of `lines` that has a fitted sibling, forecast in both ways.
#[must_use]
pub fn forecasts(lines: &[Line]) -> Vec<Forecast<'_>> {
    let held_out = lines.iter().filter(|line| line.target.purpose == Use::Validate && line.verdict != Verdict::Untold);
    held_out.filter_map(|line| forecast(line, lines)).collect()
}

/// One minus the model's mean score over the naive one's; nothing where there are no forecasts.
#[must_use]
pub fn skill(forecasts: &[Forecast<'_>]) -> Option<f64> {
    let sum = |score: fn(&Forecast<'_>) -> f64| forecasts.iter().map(score).sum::<f64>();
    (!forecasts.is_empty()).then(|| 1.0 - sum(|forecast| forecast.score) / sum(|forecast| forecast.naive_score))
}

fn forecast<'a>(line: &'a Line, lines: &[Line]) -> Option<Forecast<'a>> {
    let target = &line.target;
    let value = value(target)?;
    let siblings: Vec<f64> = lines
        .iter()
        .filter(|other| other.target.purpose == Use::Calibrate && other.target.figure == target.figure)
        .filter_map(|other| self::value(&other.target))
        .collect();
    if siblings.is_empty() || line.band[1] <= 0.0 {
        return None;
    }
    let middle = siblings.iter().sum::<f64>() / siblings.len() as f64;
    let half = libm::log(NAIVE);
    let [median, low, high] = line.band.map(libm::log);
    // What the runs spread by and what is said of errors are independent of each other.
    let stated = NORMAL_95 * (target.error * target.error + target.discrepancy * target.discrepancy).sqrt();
    let wider = |side: f64| (side * side + stated * stated).sqrt();
    let interval = (median - wider(median - low), median + wider(high - median));
    Some(Forecast { line, naive: libm::exp(middle), naive_score: score((middle - half, middle + half), value), score: score(interval, value) })
}

/// The logarithm of a published value above zero; of several, their geometric mean.
fn value(target: &Target) -> Option<f64> {
    let Expected::Values(values) = &target.expected else { return None };
    let all = values.iter().all(|value| *value > 0.0);
    all.then(|| values.iter().map(|value| libm::log(*value)).sum::<f64>() / values.len() as f64)
}

/// The interval score.
fn score((low, high): (f64, f64), value: f64) -> f64 {
    (high - low) + 2.0 / MISSES * ((low - value).max(0.0) + (value - high).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::targets_of;
    use crate::scenario::{Overrides, load};

    #[test]
    fn an_interval_is_charged_its_width_and_twenty_times_what_it_misses_by() {
        assert!((score((1.0, 3.0), 2.0) - 2.0).abs() < 1e-12);
        assert!((score((1.0, 3.0), 3.5) - 12.0).abs() < 1e-12);
    }

    /// A model that knows the held-out values has skill, one that is off by a factor of three has less than none.
    #[test]
    fn who_knows_better_has_skill() {
        let scenario = load("thailand-2016", &Overrides::default()).expect("it is sound");
        let targets = targets_of(&scenario).expect("they are sound");
        let lines = |factor: f64| -> Vec<Line> {
            let line = |target: &Target| {
                let middle = target.size() * factor;
                Line { target: target.clone(), band: [middle, middle * 0.98, middle * 1.02], share: None, verdict: Verdict::Missed }
            };
            targets.iter().map(line).collect()
        };
        let lines_of_one = lines(1.0);
        let known = forecasts(&lines_of_one);
        assert!(known.iter().any(|forecast| forecast.line.target.name == "cases-2017"), "cases of other years are fitted");
        assert!(known.iter().all(|forecast| forecast.line.target.purpose == Use::Validate));
        let cases = known.iter().find(|forecast| forecast.line.target.name == "cases-2017").expect("it is there");
        assert!((cases.naive - (333.0_f64 * 304.0).sqrt()).abs() < 1e-6);
        assert!(skill(&known).expect("some are there") > 0.0);
        assert!(skill(&forecasts(&lines(3.0))).expect("some are there") < -1.0);
        assert_eq!(skill(&[]), None);
    }
}
