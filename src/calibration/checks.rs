//! Whether real runs bear the sets out to which emulators led.
//!
//! Each set is run a few times more, with random numbers of its own. What emulators expect of a figure is then the prior of its mean, with their
//! doubt, and the runs are the data, with the noise of a run: a weight is the likelihood of what was published after them over that before.
//! Weights of few sets that are far greater than all others would be luck; so the tail is smoothed by a generalised Pareto
//! distribution whose shape says how far weights can be trusted at all (Vehtari et al. 2024, "Pareto smoothed importance sampling").

use super::Goal;
use super::abc::effective;
use super::emulator::{Emulators, Expectation};
use super::misfit;

/// Heaviest tail that weights may have.
pub const TAIL: f64 = 0.7;
/// Fewest effective sets, as a share of them.
pub const EFFECTIVE: f64 = 0.5;
/// Fewest weights in a tail that has a shape.
const LEAST: usize = 5;

/// How real runs judge the sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checked {
    /// How many sets there are.
    pub sets: usize,
    /// Runs of each.
    pub each: usize,
    /// Their effective number under the smoothed weights.
    pub effective: f64,
    /// The shape of the weights' tail; not a number where all weigh alike.
    pub tail: f64,
}

impl Checked {
    /// Whether the sets are borne out.
    #[must_use]
    pub fn held(&self) -> bool {
        self.effective >= EFFECTIVE * self.sets as f64 && !matches!(self.tail.partial_cmp(&TAIL), Some(std::cmp::Ordering::Greater))
    }

    /// What is asked and what there is, in a line.
    #[must_use]
    pub fn told(&self) -> String {
        format!(
            "{} real runs of each set leave {:.0} of {} effective (at least {:.0}), shape of the weights' tail {:.2} (at most {TAIL})",
            self.each,
            self.effective,
            self.sets,
            EFFECTIVE * self.sets as f64,
            self.tail
        )
    }
}

/// Judges the places `points` by `rounds` of runs, each with the figures of every place on their scales.
#[must_use]
pub fn check(goals: &[Goal], emulators: &Emulators, luck: f64, points: &[Vec<f64>], rounds: &[Vec<Vec<f64>>]) -> Checked {
    let log = |(place, point): (usize, &Vec<f64>)| {
        let before = emulators.expect(point);
        let after: Vec<Option<Expectation>> = before
            .iter()
            .enumerate()
            .map(|(figure, expected)| {
                let seen: Vec<f64> = rounds.iter().map(|round| round[place][figure]).filter(|value| value.is_finite()).collect();
                expected.map(|expected| learned(expected, &seen))
            })
            .collect();
        let alike = |series: &[usize]| emulators.alike(series);
        -0.5 * (misfit::of(goals, &after, luck, &alike) - misfit::of(goals, &before, luck, &alike))
    };
    let (weights, tail) = smoothed(&points.iter().enumerate().map(log).collect::<Vec<f64>>());
    Checked { sets: points.len(), each: rounds.len(), effective: effective(&weights), tail }
}

/// What is expected once runs have been `seen`: a normal mean with a normal prior.
fn learned(expected: Expectation, seen: &[f64]) -> Expectation {
    if seen.is_empty() || expected.doubt <= 0.0 {
        return expected;
    }
    let told = seen.len() as f64 / expected.noise.max(1e-18);
    let precision = 1.0 / expected.doubt + told;
    let mean = seen.iter().sum::<f64>() / seen.len() as f64;
    Expectation { mean: (expected.mean / expected.doubt + told * mean) / precision, doubt: 1.0 / precision, ..expected }
}

/// Weights that sum to one, their tail smoothed, and its shape.
#[must_use]
pub fn smoothed(logs: &[f64]) -> (Vec<f64>, f64) {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| weights[*a].total_cmp(&weights[*b]));
    let count = weights.len();
    let size = (count as f64 / 5.0).min(3.0 * (count as f64).sqrt()) as usize;
    let mut shape = f64::NAN;
    if size >= LEAST {
        let threshold = weights[order[count - size - 1]];
        let over: Vec<f64> = order[count - size..].iter().map(|place| weights[*place] - threshold).collect();
        if over[0] > 0.0 {
            let (found, scale) = pareto(&over);
            shape = found;
            for (k, place) in order[count - size..].iter().enumerate() {
                let p = (k as f64 + 0.5) / size as f64;
                let quantile = if shape.abs() < 1e-9 { -scale * libm::log1p(-p) } else { scale / shape * libm::expm1(-shape * libm::log1p(-p)) };
                weights[*place] = (threshold + quantile).min(1.0);
            }
        }
    }
    let sum: f64 = weights.iter().sum();
    (weights.iter().map(|weight| weight / sum).collect(), shape)
}

/// Shape and scale of a generalised Pareto distribution of values `over` nothing, in rising order: a mean over a grid of likelihoods (Zhang and Stephens
/// 2009), the shape drawn toward a half by as much as ten values would.
fn pareto(over: &[f64]) -> (f64, f64) {
    let count = over.len() as f64;
    let grid = 30 + count.sqrt() as usize;
    let (largest, quarter) = (over[over.len() - 1], over[((count / 4.0 + 0.5) as usize).clamp(1, over.len()) - 1]);
    let theta: Vec<f64> = (1..=grid).map(|j| 1.0 / largest + (1.0 - (grid as f64 / (j as f64 - 0.5)).sqrt()) / (3.0 * quarter)).collect();
    let shape_at = |theta: f64| over.iter().map(|x| libm::log1p(-theta * x)).sum::<f64>() / count;
    let logs: Vec<f64> = theta
        .iter()
        .map(|theta| {
            let shape = shape_at(*theta);
            count * (libm::log(-theta / shape) - shape - 1.0)
        })
        .collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = logs.iter().map(|log| libm::exp(log - most)).collect();
    let theta = theta.iter().zip(&weights).map(|(theta, weight)| theta * weight).sum::<f64>() / weights.iter().sum::<f64>();
    let shape = shape_at(theta);
    ((shape * count + 5.0) / (count + 10.0), -shape / theta)
}

#[cfg(test)]
mod tests {
    use super::super::design::{Dice, points};
    use super::super::scales::Scale;
    use super::*;

    /// Draws of a generalised Pareto distribution by its quantiles: the shape is found again, drawn a little toward a half.
    #[test]
    fn the_shape_of_a_tail_is_found() {
        for shape in [0.2, 0.9] {
            let over: Vec<f64> = (0..1000).map(|i| 2.0 / shape * libm::expm1(-shape * libm::log1p(-(f64::from(i) + 0.5) / 1000.0))).collect();
            let (found, scale) = pareto(&over);
            assert!((found - shape).abs() < 0.03 && (scale - 2.0).abs() < 0.15, "{found} {scale}");
        }
    }

    #[test]
    fn even_weights_are_left_alone_and_one_giant_is_cut_down() {
        let (weights, tail) = smoothed(&[0.3; 200]);
        assert!(weights.iter().all(|weight| (weight - 0.005).abs() < 1e-15) && tail.is_nan());
        let mut logs: Vec<f64> = (0..200).map(|i| 0.001 * f64::from(i)).collect();
        logs[50] = 9.0;
        let (weights, tail) = smoothed(&logs);
        assert!(tail > TAIL, "{tail}");
        let raw: f64 = logs.iter().map(|log| libm::exp(log - 9.0)).sum();
        assert!(weights[50] <= 1.0 / raw + 1e-12);
    }

    /// Emulators that are right are borne out; runs that lie elsewhere in half of the space do not bear them out.
    #[test]
    fn runs_that_lie_elsewhere_do_not_bear_sets_out() {
        // Sets lie where the figure is met within two standard deviations of its error.
        let places: Vec<Vec<f64>> = points(200, 1, 2).iter().map(|place| vec![0.3 + 0.4 * place[0]]).collect();
        let (dice, seen) = (Dice::new(1, 0), points(80, 1, 1));
        let figure = |x: &[f64], luck: usize| vec![x[0] + 0.3 * dice.normal(luck, 0)];
        let emulators = Emulators::fit(&seen, &seen.iter().enumerate().map(|(i, x)| figure(x, i)).collect::<Vec<_>>());
        let goal = Goal { name: String::new(), low: 0.5, high: 0.5, error: 0.1, discrepancy: 0.0, scale: Scale::Plain, series: None, year: 0 };
        let rounds = |off: f64| -> Vec<Vec<Vec<f64>>> {
            let round = |round: usize| {
                let run = |(i, x): (usize, &Vec<f64>)| vec![figure(x, 1000 * (round + 1) + i)[0] + if x[0] > 0.5 { off } else { 0.0 }];
                places.iter().enumerate().map(run).collect()
            };
            (0..8).map(round).collect()
        };
        let right = check(std::slice::from_ref(&goal), &emulators, 0.0, &places, &rounds(0.0));
        let wrong = check(&[goal], &emulators, 0.0, &places, &rounds(3.0));
        assert!(right.held() && right.effective > 150.0, "{right:?}");
        assert!(wrong.effective < 0.9 * right.effective, "{wrong:?} {right:?}");
    }
}
