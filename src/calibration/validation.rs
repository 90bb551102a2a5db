//! The model held against every published pattern, fitted or not.
//!
//! A figure counts as reproduced where what was published, with its error, and the 5th to 95th percentile of the
//! replicates have anything in common; a direction, where more than half of the replicates show it. What was published
//! is widened to both sides by the 95 % quantile of a normal observation error. The discrepancy that calibration grants
//! to a stylised model is not granted here.

use super::targets::{covered, figure, reading, under_lever};
use crate::analysis::statistics::quantile;
use crate::draws::Luck;
use crate::ensemble::{Run, in_parallel};
use crate::model::simulate;
use crate::scenario::Scenario;
use crate::scenario::targets::{Expected, Target};
use std::sync::atomic::AtomicBool;

/// Standard deviations of the observation by which what was published is widened: the 95 % quantile of a normal.
const WIDENED: f64 = 1.645;

/// One target, and what each replicate says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The target.
    pub target: Target,
    /// The figure in each replicate, or for a direction its difference; not a number where it is undefined.
    pub readings: Vec<f64>,
    /// For a direction, the figure itself in each replicate; else the same as the readings.
    pub levels: Vec<f64>,
}

impl Check {
    fn defined(&self) -> Vec<f64> {
        self.readings.iter().copied().filter(|reading| reading.is_finite()).collect()
    }

    /// The `share`-quantile of the readings; not a number where none is defined.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        quantile(&self.defined(), share)
    }

    /// In how many replicates a direction shows, of how many; nothing for a figure.
    #[must_use]
    pub fn shown(&self) -> Option<(usize, usize)> {
        let Expected::Direction { rises, .. } = self.target.expected else { return None };
        let shown = |reading: &f64| if rises { *reading > 0.0 } else { *reading < 0.0 };
        Some((self.readings.iter().filter(|reading| shown(reading)).count(), self.readings.len()))
    }

    /// Whether the model reproduces it.
    #[must_use]
    pub fn reproduced(&self) -> bool {
        if let Some((shown, all)) = self.shown() {
            return 2 * shown > all;
        }
        let (low, high) = self.target.interval();
        let room = WIDENED * self.target.error * self.target.size();
        self.quantile(0.05) <= high + room && self.quantile(0.95) >= low - room
    }
}

/// What the replicates of the baseline say of each of `targets` that lies within the run.
///
/// Targets that are told against another value of a lever take a second run of each replicate, on `jobs` threads.
/// `done` is told how many of those are through; nothing comes back once `stop` is true.
pub fn validate(
    scenario: &Scenario,
    runs: &[Run],
    targets: &[Target],
    jobs: usize,
    done: &(dyn Fn(usize, usize) + Sync),
    stop: &AtomicBool,
) -> Option<Vec<Check>> {
    let baseline: Vec<&Run> = runs.iter().filter(|run| run.variant == 0).collect();
    let covered: Vec<&Target> = targets.iter().filter(|target| covered(target, &scenario.variants[0].setting)).collect();
    let mut levers: Vec<&Target> = Vec::new();
    for target in covered.iter().filter(|target| target.needs_second_run()) {
        if !levers.iter().any(|known| known.expected == target.expected) {
            levers.push(target);
        }
    }
    let count = levers.len() * baseline.len();
    let second = |place: usize| {
        let (lever, run) = (levers[place / baseline.len()], baseline[place % baseline.len()]);
        let other = under_lever(lever, &scenario.setting(0, run.replicate));
        other.map(|other| simulate(&other, Luck::new(scenario.seed, run.replicate)))
    };
    let seconds = in_parallel(count, jobs, &second, &|through| done(through, count), stop)?;
    let check = |target: &&Target| {
        let lever = levers.iter().position(|known| known.expected == target.expected);
        let one = |(i, run): (usize, &&Run)| {
            let other = |_: &Target| lever.and_then(|lever| seconds[lever * baseline.len() + i].clone());
            (reading(target, &run.history, &other), figure(target.figure, &run.history, target.period))
        };
        let (readings, levels) = baseline.iter().enumerate().map(one).unzip();
        Check { target: (*target).clone(), readings, levels }
    };
    Some(covered.iter().map(check).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantities::Month;
    use crate::scenario::targets::{Against, Figure, Use};

    fn check(expected: Expected, readings: &[f64]) -> Check {
        let target = Target {
            name: "t".to_owned(),
            title: String::new(),
            pattern: "P1".to_owned(),
            purpose: Use::Validate,
            figure: Figure::MouOfRegistered,
            period: (Month::new(2015, 1), Month::new(2015, 12)),
            expected,
            error: 0.1,
            discrepancy: 5.0,
            sources: vec![],
            note: String::new(),
        };
        Check { target, readings: readings.to_vec(), levels: readings.to_vec() }
    }

    /// Published 100 with a standard error of 10: a band that ends at 80 touches 100 - 16.45, one that ends at 120 does not.
    #[test]
    fn a_band_must_touch_what_was_published() {
        let published = || Expected::Values(vec![100.0]);
        assert!(check(published(), &[60.0, 84.0, 84.0]).reproduced());
        assert!(!check(published(), &[60.0, 80.0, 82.0]).reproduced());
        assert!(check(published(), &[116.0, 130.0]).reproduced());
        assert!(!check(published(), &[120.0, 130.0]).reproduced());
        assert!(check(Expected::Range(5.0, f64::INFINITY), &[90.0]).reproduced());
        assert!(!check(published(), &[f64::NAN]).reproduced());
    }

    #[test]
    fn a_direction_must_show_in_most_replicates() {
        let falls = Expected::Direction { rises: false, against: Against::Earlier(Month::new(2014, 1), Month::new(2014, 12)) };
        assert_eq!(check(falls.clone(), &[-1.0, -2.0, 3.0]).shown(), Some((2, 3)));
        assert!(check(falls.clone(), &[-1.0, -2.0, 3.0]).reproduced());
        assert!(!check(falls, &[-1.0, 0.0]).reproduced());
    }
}
