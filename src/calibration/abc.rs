//! Approximate Bayesian computation by a population that narrows step by step (ABC-SMC).
//!
//! A place weighs exp(-M / 2T), M its misfit: over goals, the squared distance of the expected figure to what was published
//! over the variance of everything that may lie between them (observation, the model's form, the luck of the real course
//! of events, the emulator's doubt), and the logarithm of that variance. At T = 1 this is the likelihood under normal
//! errors (a synthetic likelihood, Wood 2010), so that the tolerance is that of the published figures themselves. T starts
//! high and falls so that half of the population keeps counting (Del Moral et al. 2012).
//!
//! The expected figure at a place comes from emulators fitted anew to each generation's own runs (Meeds and Welling 2014):
//! a single coarse run is mostly luck, and judged one by one the luckiest runs would win instead of the best parameters.
//!
//! A generation proposes around the weighted sets of the one before, drawn toward their mean so that the population keeps
//! its spread (Liu and West 2001), and corrects by importance weights (Beaumont et al. 2009). The prior is even over what
//! history matching left.
//!
//! Absent on purpose: correlation of errors between goals, which would need figures nobody publishes.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::Goal;
use super::design::Dice;
use super::emulator::Emulator;
use super::matching::distance;
use crate::draws::normal_quantile;

/// How far a proposal departs from the set it starts at, in standard deviations of the population.
const SPREAD: f64 = 0.8;
/// The share of the population that keeps counting from one tolerance to the next.
pub const KEPT: f64 = 0.5;
/// One generation: places, their weights (which sum to one), and how it went.
#[derive(Clone, Debug)]
pub struct Population {
    /// Places in the unit cube.
    pub points: Vec<Vec<f64>>,
    /// Their weights.
    pub weights: Vec<f64>,
    /// What each run gave.
    pub outputs: Vec<Vec<f64>>,
    /// The tolerance T: one is that of the published figures themselves.
    pub tolerance: f64,
    /// The effective number of places, 1 / sum of squared weights (Kong 1992).
    pub effective: f64,
    /// The share of proposals that lay within what history matching left.
    pub accepted: f64,
}

/// The misfit M at `point`: minus twice the logarithm of the likelihood of what was published, up to a constant. `luck` is
/// the share of a run's luck that the published figures carry.
#[must_use]
pub fn misfit(goals: &[Goal], emulators: &[Option<Emulator>], luck: f64, point: &[f64]) -> f64 {
    let one = |(goal, emulator): (&Goal, &Option<Emulator>)| {
        // A goal that no emulator could be fitted to says nothing; the report names it.
        let Some(emulator) = emulator else { return 0.0 };
        let expected = emulator.expect(point);
        let variance = goal.error * goal.error + goal.discrepancy * goal.discrepancy + luck * emulator.noise() + expected.doubt;
        // A direction has no error of its own; where luck has none either, any miss is one too many.
        let variance = variance.max(1e-18);
        let distance = distance(goal, expected.mean);
        distance * distance / variance + libm::log(variance)
    };
    goals.iter().zip(emulators).map(one).sum()
}

/// Weighs a generation: `proposal` holds the logarithm of the density each place was proposed with. The tolerance is the
/// least, not above `before` and not below one, at which enough of the population keeps counting.
#[must_use]
pub fn weigh(points: Vec<Vec<f64>>, outputs: Vec<Vec<f64>>, misfits: &[f64], proposal: &[f64], before: f64, accepted: f64) -> Population {
    let weights = |tolerance: f64| {
        let logs: Vec<f64> = misfits.iter().zip(proposal).map(|(misfit, density)| -0.5 * misfit / tolerance - density).collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let raw: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
        let sum: f64 = raw.iter().sum();
        raw.iter().map(|weight| weight / sum).collect::<Vec<f64>>()
    };
    let effective = |weights: &[f64]| 1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>();
    // Proposals alone may leave fewer than half counting; then the tolerance falls by half of what they leave.
    let wanted = (KEPT * points.len() as f64).min(0.8 * effective(&weights(f64::INFINITY)));
    let mut tolerance = 1.0;
    if effective(&weights(1.0)) < wanted {
        let (mut low, mut high) = (0.0, libm::log(before.min(1e9)));
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if effective(&weights(libm::exp(middle))) < wanted { low = middle } else { high = middle }
        }
        tolerance = libm::exp(high);
    }
    let weights = weights(tolerance);
    Population { effective: effective(&weights), points, weights, outputs, tolerance, accepted }
}

/// Proposals around a weighted population, in probit space: there an even prior is a standard normal, so that normal
/// proposals fit a population that fills the cube as well as one that crowds in its middle.
pub struct Proposal<'a> {
    from: &'a Population,
    probits: Vec<Vec<f64>>,
    sums: Vec<f64>,
    mean: Vec<f64>,
    root: Cholesky<f64, Dyn>,
}

impl<'a> Proposal<'a> {
    /// Proposals around `from`.
    ///
    /// # Panics
    /// Never: a ridge keeps the covariance positive.
    #[must_use]
    pub fn new(from: &'a Population) -> Self {
        let dimensions = from.points[0].len();
        let probits: Vec<Vec<f64>> = from.points.iter().map(|point| point.iter().map(|u| probit(*u)).collect()).collect();
        let weighted = |value: &dyn Fn(&[f64]) -> f64| probits.iter().zip(&from.weights).map(|(point, weight)| weight * value(point)).sum::<f64>();
        let mean: Vec<f64> = (0..dimensions).map(|k| weighted(&|point| point[k])).collect();
        let covariance = DMatrix::from_fn(dimensions, dimensions, |i, j| {
            let ridge = if i == j { 1e-6 } else { 0.0 };
            SPREAD * SPREAD * (weighted(&|point| (point[i] - mean[i]) * (point[j] - mean[j])) + ridge)
        });
        let root = Cholesky::new(covariance).expect("a covariance with a ridge is positive");
        let mut sum = 0.0;
        let sums = from.weights.iter().map(|weight| {
            sum += weight;
            sum
        });
        let sums = sums.collect();
        Self { from, probits, sums, mean, root }
    }

    /// The centre of proposals that start at one of the places.
    fn centre(&self, start: usize) -> impl Iterator<Item = f64> {
        let toward = (1.0 - SPREAD * SPREAD).sqrt();
        self.probits[start].iter().zip(&self.mean).map(move |(x, mean)| mean + toward * (x - mean))
    }

    /// Attempt `attempt` at a proposal for place `entity`.
    #[must_use]
    pub fn draw(&self, dice: &Dice, entity: usize, attempt: usize) -> Vec<f64> {
        let dimensions = self.mean.len();
        let first = attempt * (dimensions + 1);
        let start = self.sums.partition_point(|sum| *sum < dice.uniform(entity, first)).min(self.sums.len() - 1);
        let luck = DVector::from_iterator(dimensions, (0..dimensions).map(|k| dice.normal(entity, first + 1 + k)));
        let step = self.root.l() * luck;
        self.centre(start).zip(step.iter()).map(|(centre, step)| share_below(centre + step)).collect()
    }

    /// The logarithm of the density of proposals at `point` of the cube, up to a constant that is the same everywhere.
    #[must_use]
    pub fn density(&self, point: &[f64]) -> f64 {
        let lower = self.root.l_dirty();
        let place: Vec<f64> = point.iter().map(|u| probit(*u)).collect();
        let log = |start: usize| {
            let mut apart: Vec<f64> = place.iter().zip(self.centre(start)).map(|(x, centre)| x - centre).collect();
            // Forward substitution with the lower root, so that the square of what remains is the Mahalanobis distance.
            for i in 0..apart.len() {
                let known: f64 = (0..i).map(|j| lower[(i, j)] * apart[j]).sum();
                apart[i] = (apart[i] - known) / lower[(i, i)];
            }
            -0.5 * apart.iter().map(|x| x * x).sum::<f64>()
        };
        let logs: Vec<f64> = (0..self.probits.len()).map(log).collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // From a density in probit space to one in the cube: over that of the standard normal.
        let stretched: f64 = place.iter().map(|x| 0.5 * x * x).sum();
        stretched + most + libm::log(logs.iter().zip(&self.from.weights).map(|(log, weight)| weight * libm::exp(log - most)).sum::<f64>())
    }
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

    /// A population that fills the cube evenly proposes evenly: with no goal at all, hardly any weight is lost.
    #[test]
    fn an_even_population_proposes_evenly() {
        let seen = points(300, 8, 3);
        let population = weigh(seen, vec![vec![]; 300], &[0.0; 300], &[0.0; 300], f64::INFINITY, 1.0);
        let around = Proposal::new(&population);
        let dice = Dice::new(1, 1);
        let proposed: Vec<Vec<f64>> = (0..300).map(|entity| around.draw(&dice, entity, 0)).collect();
        assert!(proposed.iter().flatten().all(|u| (0.0..=1.0).contains(u)));
        let densities: Vec<f64> = proposed.iter().map(|point| around.density(point)).collect();
        let next = weigh(proposed, vec![vec![]; 300], &[0.0; 300], &densities, 1.0, 1.0);
        println!("{:.0} of 300 count", next.effective);
        assert!(next.effective > 200.0, "{}", next.effective);
    }

    #[test]
    fn the_tolerance_falls_until_half_of_the_population_counts() {
        let misfits: Vec<f64> = (0..100).map(f64::from).collect();
        let population = weigh(vec![vec![0.5]; 100], vec![vec![]; 100], &misfits, &[0.0; 100], f64::INFINITY, 1.0);
        assert!(population.tolerance > 1.0 && (population.effective - 50.0).abs() < 0.1, "{population:?}");
        let near = weigh(
            vec![vec![0.5]; 100],
            vec![vec![]; 100],
            &misfits.iter().map(|misfit| misfit / 100.0).collect::<Vec<_>>(),
            &[0.0; 100],
            f64::INFINITY,
            1.0,
        );
        assert!((near.tolerance - 1.0).abs() < 1e-12);
    }
}
