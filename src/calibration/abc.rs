//! Approximate Bayesian computation by a population that narrows step by step (ABC-SMC).
//!
//! A place weighs exp(-M / 2T), M its [`misfit`](mod@super::misfit). At T = 1 this is the likelihood under normal errors (a synthetic likelihood, Wood 2010),
//! so that the tolerance is that of the published figures themselves. T starts
//! high and falls so that half of the population keeps counting (Del Moral et al. 2012).
//!
//! The expected figure at a place comes from emulators (Meeds and Welling 2014): a single coarse run is mostly luck, and
//! judged one by one the luckiest runs would win instead of the best parameters. A generation picks places by weight and
//! lets each walk, under the emulators and one tolerance, until it has forgotten where it began (an SMC sampler with Markov
//! moves, Del Moral et al. 2006); then the tolerance falls and all walk again, until it is one ([`cool`]). Emulators make a
//! step cheap, so only where the last walks end is simulated, and the next generation's emulators have seen those runs.
//! Cooling begins anew with each generation, for a weight from old emulators to new ones would let few places count. The
//! prior is even over all of the ranges.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::Stopped;
use super::design::Dice;
use super::store::Store;
use crate::draws::normal_quantile;

/// How much of a place a step keeps: a short step and a long one in turn.
const KEEPS: [f64; 2] = [0.9, 0.5];
/// Steps of a walk.
const STEPS: usize = 40;
/// The share of the population that keeps counting from one tolerance to the next.
pub const KEPT: f64 = 0.5;
/// A tolerance at which no figure counts.
const HOT: f64 = 1e9;
/// Most tolerances of one cooling.
const MOST_STAGES: u16 = 40;

/// Places, their weights (which sum to one), and how they were come by.
#[derive(Clone, Debug)]
pub struct Population {
    /// Places in the unit cube.
    pub points: Vec<Vec<f64>>,
    /// Their weights.
    pub weights: Vec<f64>,
    /// The tolerance T: one is that of the published figures themselves.
    pub tolerance: f64,
    /// The effective number of places, 1 / sum of squared weights (Kong 1992).
    pub effective: f64,
    /// The share of steps that were accepted on the way to the places.
    pub accepted: f64,
}

impl Population {
    /// Places that weigh alike, reached at `tolerance`.
    fn even(points: Vec<Vec<f64>>, tolerance: f64, accepted: f64) -> Self {
        let count = points.len() as f64;
        Self { weights: vec![1.0 / count; points.len()], points, tolerance, effective: count, accepted }
    }
}

/// Walks from `start`, places anywhere that may be, to the distribution at tolerance one, or as near to it as a bounded number of
/// tolerances come: the places, which weigh alike, the misfit at each, and how many tolerances it took. `dice` gives each tolerance
/// dice of its own.
///
/// # Errors
/// An interrupt.
pub fn cool(
    start: &[Vec<f64>],
    misfit: &(dyn Fn(&[f64]) -> f64 + Sync),
    dice: &dyn Fn(u16) -> Dice,
    store: &Store<'_>,
) -> Result<(Population, Vec<f64>, u16), Stopped> {
    let count = start.len();
    let mut population = Population::even(start.to_vec(), HOT, 1.0);
    let mut stage = 0;
    loop {
        let (walk, dice) = (Walk::new(&population), dice(stage));
        let ends = store.each(count, &|number| walk.end(number, count, &dice, misfit))?;
        let reached = population.tolerance;
        let accepted = ends.iter().map(|(.., accepted)| accepted).sum::<f64>() / count as f64;
        let (points, misfits): (Vec<Vec<f64>>, Vec<f64>) = ends.into_iter().map(|(point, misfit, _)| (point, misfit)).unzip();
        stage += 1;
        if reached <= 1.0 || stage == MOST_STAGES {
            return Ok((Population::even(points, reached, accepted), misfits, stage));
        }
        population = weigh(points, &misfits, &densities(&misfits, reached), reached, accepted);
    }
}

/// The logarithm of the density with which walks at `tolerance` end where the misfit is one of `misfits`, up to a constant.
#[must_use]
pub fn densities(misfits: &[f64], tolerance: f64) -> Vec<f64> {
    misfits.iter().map(|misfit| -0.5 * misfit / tolerance).collect()
}

/// The effective number of places with `weights` that sum to one: 1 / sum of squares (Kong 1992).
#[must_use]
pub fn effective(weights: &[f64]) -> f64 {
    1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>()
}

/// Weighs a generation: `drawn` holds the logarithm of the density each place was drawn with, up to a constant. The
/// tolerance is the least, not above `before` and not below one, at which enough of the population keeps counting.
#[must_use]
pub fn weigh(points: Vec<Vec<f64>>, misfits: &[f64], drawn: &[f64], before: f64, accepted: f64) -> Population {
    let weights = |tolerance: f64| {
        let logs: Vec<f64> = misfits.iter().zip(drawn).map(|(misfit, density)| -0.5 * misfit / tolerance - density).collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let raw: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
        let sum: f64 = raw.iter().sum();
        raw.iter().map(|weight| weight / sum).collect::<Vec<f64>>()
    };
    let wanted = KEPT * points.len() as f64;
    let mut tolerance = 1.0;
    if effective(&weights(1.0)) < wanted {
        let (mut low, mut high) = (0.0, libm::log(before.min(HOT)));
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if effective(&weights(libm::exp(middle))) < wanted { low = middle } else { high = middle }
        }
        tolerance = libm::exp(high);
    }
    let weights = weights(tolerance);
    Population { effective: effective(&weights), points, weights, tolerance, accepted }
}

/// Walks from a weighted population that leave its distribution as it is, in probit space: there an even prior is a
/// standard normal, and no walk meets a wall.
///
/// A step keeps a share of a place's distance to the population's mean and draws the rest from its covariance (the
/// preconditioned Crank-Nicolson proposal, Cotter et al. 2013); it is accepted by what that leaves out.
pub struct Walk<'a> {
    from: &'a Population,
    sums: Vec<f64>,
    mean: DVector<f64>,
    root: Cholesky<f64, Dyn>,
}

impl<'a> Walk<'a> {
    /// Walks from `from`.
    ///
    /// # Panics
    /// Never: a ridge keeps the covariance positive.
    #[must_use]
    pub fn new(from: &'a Population) -> Self {
        let dimensions = from.points[0].len();
        let probits: Vec<DVector<f64>> = from.points.iter().map(|point| probits(point)).collect();
        let weighted =
            |value: &dyn Fn(&DVector<f64>) -> f64| probits.iter().zip(&from.weights).map(|(point, weight)| weight * value(point)).sum::<f64>();
        let mean = DVector::from_iterator(dimensions, (0..dimensions).map(|k| weighted(&|point| point[k])));
        let covariance = DMatrix::from_fn(dimensions, dimensions, |i, j| {
            let ridge = if i == j { 1e-6 } else { 0.0 };
            weighted(&|point| (point[i] - mean[i]) * (point[j] - mean[j])) + ridge
        });
        let root = Cholesky::new(covariance).expect("a covariance with a ridge is positive");
        let mut sum = 0.0;
        let sums = from.weights.iter().map(|weight| {
            sum += weight;
            sum
        });
        Self { from, sums: sums.collect(), mean, root }
    }

    /// Where walk `number` of `count` ends, its misfit there, and the share of its steps that were accepted. Walks start
    /// evenly spaced by weight (systematic resampling).
    #[must_use]
    pub fn end(&self, number: usize, count: usize, dice: &Dice, misfit: &dyn Fn(&[f64]) -> f64) -> (Vec<f64>, f64, f64) {
        let share = (number as f64 + dice.uniform(count, 0)) / count as f64;
        let start = self.sums.partition_point(|sum| *sum < share).min(self.sums.len() - 1);
        let dimensions = self.mean.len();
        let mut point = self.from.points[start].clone();
        let mut place = probits(&point);
        let mut here = misfit(&point);
        let mut accepted = 0;
        for step in 0..STEPS {
            let keeps = KEEPS[step % KEEPS.len()];
            let first = step * (dimensions + 1);
            let luck = DVector::from_iterator(dimensions, (0..dimensions).map(|k| dice.normal(number, first + 1 + k)));
            let there = &self.mean + keeps * (&place - &self.mean) + (1.0 - keeps * keeps).sqrt() * (self.root.l() * luck);
            let onto: Vec<f64> = there.iter().map(|z| share_below(*z)).collect();
            let misfit = misfit(&onto);
            let gain = self.log_ratio(&there) - self.log_ratio(&place) - 0.5 * (misfit - here) / self.from.tolerance;
            if libm::log(dice.uniform(number, first)) < gain {
                (point, place, here) = (onto, there, misfit);
                accepted += 1;
            }
        }
        (point, here, f64::from(accepted) / STEPS as f64)
    }

    /// The logarithm of the prior's density over that of the population's normal, in probit space, up to a constant.
    fn log_ratio(&self, place: &DVector<f64>) -> f64 {
        let apart = place - &self.mean;
        0.5 * (apart.dot(&self.root.solve(&apart)) - place.norm_squared())
    }
}

fn probits(point: &[f64]) -> DVector<f64> {
    DVector::from_iterator(point.len(), point.iter().map(|u| probit(*u)))
}

/// The standard normal quantile of a coordinate of the cube, kept finite at its ends.
fn probit(u: f64) -> f64 {
    normal_quantile(u.clamp(1e-9, 1.0 - 1e-9))
}

/// The standard normal distribution function.
fn share_below(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::super::design::points;
    use super::*;
    use std::sync::atomic::AtomicBool;

    /// A distribution that is known, three normals of different width away from the middle: walks from anywhere end in it.
    #[test]
    fn walks_end_in_the_distribution_that_the_weights_stand_for() {
        let misfit = |point: &[f64]| -> f64 {
            let normal = |(x, (mean, deviation)): (&f64, (f64, f64))| (x - mean) * (x - mean) / (deviation * deviation);
            point.iter().zip([(0.3, 0.05), (0.5, 0.1), (0.6, 0.02)]).map(normal).sum()
        };
        let (simulate, stop) = (|_: &[f64], _: u32| vec![], AtomicBool::new(false));
        let store = Store::new(&simulate, 2, &|_| {}, &stop);
        let (population, misfits, stages) = cool(&points(400, 3, 3), &misfit, &|stage| Dice::new(1, stage), &store).expect("nobody stops it");
        assert!((population.tolerance - 1.0).abs() < 1e-12 && population.effective > 399.0, "{} {}", population.tolerance, population.effective);
        assert!((3..MOST_STAGES).contains(&stages), "{stages} tolerances");
        assert!(population.points.iter().zip(&misfits).all(|(point, known)| misfit(point).to_bits() == known.to_bits()));
        for (k, (mean, deviation)) in [(0.3, 0.05), (0.5, 0.1), (0.6, 0.02)].into_iter().enumerate() {
            let found = population.points.iter().map(|point| point[k]).sum::<f64>() / 400.0;
            let spread = (population.points.iter().map(|point| (point[k] - found) * (point[k] - found)).sum::<f64>() / 400.0).sqrt();
            // Four standard errors of a mean, and of a deviation, over 400 places.
            assert!((found - mean).abs() < 0.2 * deviation && (spread / deviation - 1.0).abs() < 0.15, "{k}: {found} {spread}");
        }
    }

    #[test]
    fn the_tolerance_falls_until_half_of_the_population_counts() {
        let misfits: Vec<f64> = (0..100).map(f64::from).collect();
        let population = weigh(vec![vec![0.5]; 100], &misfits, &[0.0; 100], f64::INFINITY, 1.0);
        assert!(population.tolerance > 1.0 && (population.effective - 50.0).abs() < 0.1, "{population:?}");
        let near = weigh(vec![vec![0.5]; 100], &misfits.iter().map(|misfit| misfit / 100.0).collect::<Vec<_>>(), &[0.0; 100], f64::INFINITY, 1.0);
        assert!((near.tolerance - 1.0).abs() < 1e-12);
    }
}
