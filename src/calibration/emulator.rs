//! A Gaussian process that stands in for the model: one figure as a function of the parameters, with its doubt.
//!
//! A linear trend, then a process with a squared-exponential kernel, one length scale a parameter, and a nugget for
//! the luck of a run. Length scales and nugget maximise the marginal likelihood (Rasmussen and Williams 2006, section
//! 5.4.1) under a weak prior that keeps a length the data say nothing of near one; the process variance is profiled
//! out. Own code, since the kept crates offer one length scale for all parameters, which cannot tell a parameter that
//! matters from one that does not.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Steps of the search for length scales and nugget.
const STEPS: usize = 60;
/// Bounds of a logarithm of a length scale, in units of the parameter's range.
const LENGTHS: (f64, f64) = (-2.5, 3.5);
/// Bounds of the logarithm of the nugget, as a share of the process variance.
const NUGGETS: (f64, f64) = (-9.0, 6.0);
/// Weight of the prior on a logarithm of a length scale: standard normal.
const PRIOR: f64 = 1.0;

/// What an emulator expects of a run it has not seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// The mean over luck.
    pub mean: f64,
    /// The variance of doubt about that mean.
    pub doubt: f64,
}

/// A fitted emulator of one figure.
#[derive(Clone, Debug)]
pub struct Emulator {
    points: Vec<Vec<f64>>,
    trend: Vec<f64>,
    lengths: Vec<f64>,
    variance: f64,
    noise: f64,
    weights: DVector<f64>,
    inverse: DMatrix<f64>,
    q2: f64,
}

impl Emulator {
    /// Fits an emulator to `values` at `points` of the unit cube; runs whose value is not finite are left out.
    /// Nothing where fewer than five runs, or fewer than two for each coefficient of the trend, remain.
    #[must_use]
    pub fn fit(points: &[Vec<f64>], values: &[f64]) -> Option<Self> {
        let kept: Vec<usize> = (0..values.len()).filter(|i| values[*i].is_finite()).collect();
        let dimensions = points.first()?.len();
        if kept.len() < 5.max(2 * (dimensions + 1)) {
            return None;
        }
        let points: Vec<Vec<f64>> = kept.iter().map(|i| points[*i].clone()).collect();
        let values: Vec<f64> = kept.iter().map(|i| values[*i]).collect();
        let trend = trend(&points, &values)?;
        let rest = DVector::from_iterator(values.len(), points.iter().zip(&values).map(|(point, value)| value - along(&trend, point)));
        let size = rest.norm_squared() / rest.len() as f64;
        if size <= 1e-18 * (1.0 + values.iter().map(|value| value * value).sum::<f64>()) {
            // The trend says it all (a figure that never varies is its simplest case).
            return Some(Self::certain(points, trend));
        }
        let theta = search(&points, &rest, size);
        let (lengths, nugget) = theta.split_at(dimensions);
        let lengths: Vec<f64> = lengths.iter().map(|log| libm::exp(*log)).collect();
        let nugget = libm::exp(nugget[0]);
        let factor = factor(&points, &lengths, nugget)?;
        let weights = factor.solve(&rest);
        let inverse = factor.inverse();
        let variance = rest.dot(&weights) / rest.len() as f64;
        // The run left out is predicted by the others in closed form (Rasmussen and Williams 2006, equation 5.12).
        let missed: f64 = (0..rest.len()).map(|i| weights[i] / inverse[(i, i)]).map(|miss| miss * miss).sum();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let spread: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let q2 = 1.0 - missed / spread;
        Some(Self { points, trend, lengths, variance, noise: variance * nugget, weights, inverse, q2 })
    }

    fn certain(points: Vec<Vec<f64>>, trend: Vec<f64>) -> Self {
        let lengths = vec![1.0; trend.len() - 1];
        Self { points, trend, lengths, variance: 0.0, noise: 0.0, weights: DVector::zeros(0), inverse: DMatrix::zeros(0, 0), q2: 1.0 }
    }

    /// What is expected at `point`.
    #[must_use]
    pub fn expect(&self, point: &[f64]) -> Expectation {
        self.expect_where(point, |_| true).unwrap_or_else(|mean| Expectation { mean, doubt: 0.0 })
    }

    /// What is expected at `point`, or only the mean, which is cheap, where `wanted` does not ask for more than it.
    ///
    /// # Errors
    /// The mean, where it alone is told.
    pub fn expect_where(&self, point: &[f64], wanted: impl Fn(f64) -> bool) -> Result<Expectation, f64> {
        let mean = along(&self.trend, point);
        if self.weights.is_empty() {
            return Ok(Expectation { mean, doubt: 0.0 });
        }
        let near = DVector::from_iterator(self.points.len(), self.points.iter().map(|other| likeness(point, other, &self.lengths)));
        let mean = mean + near.dot(&self.weights);
        if !wanted(mean) {
            return Err(mean);
        }
        let known = (&self.inverse * &near).dot(&near);
        Ok(Expectation { mean, doubt: self.variance * (1.0 - known).max(0.0) })
    }

    /// The variance that luck alone gives to one run.
    #[must_use]
    pub fn noise(&self) -> f64 {
        self.noise
    }

    /// The share of the variance between runs that the emulator predicts for a run left out (Q2, leave-one-out); luck
    /// keeps it below one.
    #[must_use]
    pub fn q2(&self) -> f64 {
        self.q2
    }
}

/// The least-squares coefficients of a linear trend: the constant first. A whisker of ridge keeps it solvable.
fn trend(points: &[Vec<f64>], values: &[f64]) -> Option<Vec<f64>> {
    let width = points[0].len() + 1;
    let column = |point: &[f64], j: usize| if j == 0 { 1.0 } else { point[j - 1] - 0.5 };
    let design = DMatrix::from_fn(points.len(), width, |i, j| column(&points[i], j));
    let mut square = design.transpose() * &design;
    for j in 1..width {
        square[(j, j)] += 1e-6;
    }
    let right = design.transpose() * DVector::from_column_slice(values);
    Some(Cholesky::new(square)?.solve(&right).iter().copied().collect())
}

fn along(trend: &[f64], point: &[f64]) -> f64 {
    trend[0] + trend[1..].iter().zip(point).map(|(slope, x)| slope * (x - 0.5)).sum::<f64>()
}

fn likeness(a: &[f64], b: &[f64], lengths: &[f64]) -> f64 {
    let square: f64 = a.iter().zip(b).zip(lengths).map(|((a, b), length)| (a - b) * (a - b) / (length * length)).sum();
    libm::exp(-0.5 * square)
}

fn factor(points: &[Vec<f64>], lengths: &[f64], nugget: f64) -> Option<Cholesky<f64, Dyn>> {
    let like = |i: usize, j: usize| likeness(&points[i], &points[j], lengths) + if i == j { nugget + 1e-9 } else { 0.0 };
    Cholesky::new(DMatrix::from_fn(points.len(), points.len(), like))
}

/// Climbs the penalised log marginal likelihood in the logarithms of lengths and nugget by Rprop: each coordinate keeps
/// a step of its own, which grows while the slope keeps its sign. It needs no line search and no tuning.
fn search(points: &[Vec<f64>], rest: &DVector<f64>, size: f64) -> Vec<f64> {
    let dimensions = points[0].len();
    let mut theta = vec![0.0; dimensions + 1];
    theta[dimensions] = -1.0;
    let mut step = vec![0.3_f64; dimensions + 1];
    let mut before = vec![0.0_f64; dimensions + 1];
    let mut best = (f64::NEG_INFINITY, theta.clone());
    for _ in 0..STEPS {
        let Some((likelihood, slope)) = likelihood(points, rest, &theta, size) else { break };
        if likelihood > best.0 {
            best = (likelihood, theta.clone());
        }
        for k in 0..theta.len() {
            let turned = slope[k] * before[k];
            step[k] = if turned > 0.0 {
                (step[k] * 1.3).min(1.0)
            } else if turned < 0.0 {
                step[k] * 0.5
            } else {
                step[k]
            };
            before[k] = if turned < 0.0 { 0.0 } else { slope[k] };
            let (low, high) = if k < dimensions { LENGTHS } else { NUGGETS };
            let direction = if slope[k] > 0.0 {
                1.0
            } else if slope[k] < 0.0 {
                -1.0
            } else {
                0.0
            };
            theta[k] = (theta[k] + direction * step[k]).clamp(low, high);
        }
        if step.iter().all(|step| *step < 0.01) {
            break;
        }
    }
    best.1
}

/// The penalised log marginal likelihood at `theta`, up to a constant, and its slope.
fn likelihood(points: &[Vec<f64>], rest: &DVector<f64>, theta: &[f64], size: f64) -> Option<(f64, Vec<f64>)> {
    let (count, dimensions) = (points.len(), points[0].len());
    let lengths: Vec<f64> = theta[..dimensions].iter().map(|log| libm::exp(*log)).collect();
    let nugget = libm::exp(theta[dimensions]);
    let like = DMatrix::from_fn(count, count, |i, j| if i < j { 0.0 } else { likeness(&points[i], &points[j], &lengths) });
    let mut covariance = like.clone();
    for i in 0..count {
        covariance[(i, i)] += nugget + 1e-9;
    }
    // Only the lower triangle is read.
    let factor = Cholesky::new(covariance)?;
    let weights = factor.solve(rest);
    let variance = (rest.dot(&weights) / count as f64).max(1e-12 * size);
    let logs: f64 = (0..count).map(|i| libm::log(factor.l_dirty()[(i, i)])).sum();
    let inverse = factor.inverse();
    let mut value = -0.5 * count as f64 * libm::log(variance / size) - logs;
    // d/d theta_k = 1/2 (w' dC w / variance - tr(C^-1 dC)), summed over pairs once for all lengths.
    let mut slope = vec![0.0; theta.len()];
    for i in 0..count {
        for j in 0..i {
            let pull = (weights[i] * weights[j] / variance - inverse[(i, j)]) * like[(i, j)];
            for k in 0..dimensions {
                let apart = points[i][k] - points[j][k];
                slope[k] += pull * apart * apart / (lengths[k] * lengths[k]);
            }
        }
    }
    slope[dimensions] = 0.5 * nugget * (weights.norm_squared() / variance - inverse.trace());
    for k in 0..dimensions {
        value -= 0.5 * PRIOR * theta[k] * theta[k];
        slope[k] -= PRIOR * theta[k];
    }
    Some((value, slope))
}

#[cfg(test)]
mod tests {
    use super::super::design::{Dice, points};
    use super::*;

    /// Friedman's function (1991), a usual test of regressions: five of eight inputs matter, one of them bent, two
    /// together, and luck of standard deviation one lies over it.
    fn friedman(x: &[f64]) -> f64 {
        10.0 * libm::sin(std::f64::consts::PI * x[0] * x[1]) + 20.0 * (x[2] - 0.5) * (x[2] - 0.5) + 10.0 * x[3] + 5.0 * x[4]
    }

    #[test]
    fn held_out_runs_are_predicted_and_the_doubt_is_honest() {
        let (dice, seen, unseen) = (Dice::new(1, 0), points(160, 8, 1), points(300, 8, 2));
        let values: Vec<f64> = seen.iter().enumerate().map(|(i, x)| friedman(x) + dice.normal(i, 0)).collect();
        let emulator = Emulator::fit(&seen, &values).expect("there are enough runs");
        let truth: Vec<f64> = unseen.iter().map(|x| friedman(x)).collect();
        let mean = truth.iter().sum::<f64>() / 300.0;
        let (mut missed, mut spread, mut within) = (0.0, 0.0, 0);
        for (x, truth) in unseen.iter().zip(&truth) {
            let expected = emulator.expect(x);
            missed += (truth - expected.mean) * (truth - expected.mean);
            spread += (truth - mean) * (truth - mean);
            within += usize::from((truth - expected.mean).abs() <= 2.0 * expected.doubt.sqrt());
        }
        let q2 = 1.0 - missed / spread;
        println!(
            "Q2 on 300 held-out points: {q2:.3}; leave-one-out: {:.3}; within two sd: {within} of 300; noise {:.2}",
            emulator.q2(),
            emulator.noise()
        );
        assert!(q2 > 0.93, "{q2}");
        assert!((255..=300).contains(&within), "95 % are due within two standard deviations of doubt, 85 % at least: {within}");
        assert!((0.6..1.6).contains(&emulator.noise()), "the luck's variance is one: {}", emulator.noise());
        // Luck takes its share of the leave-one-out figure: variance 1 of about 24.
        assert!((q2 - emulator.q2()).abs() < 0.08, "{q2} against {}", emulator.q2());
    }

    #[test]
    fn a_parameter_without_influence_gets_a_long_length() {
        let (dice, seen) = (Dice::new(2, 0), points(120, 4, 3));
        let values: Vec<f64> = seen.iter().enumerate().map(|(i, x)| libm::sin(6.0 * x[0]) + 0.05 * dice.normal(i, 0)).collect();
        let emulator = Emulator::fit(&seen, &values).expect("there are enough runs");
        assert!(emulator.lengths[1..].iter().all(|length| *length > 3.0 * emulator.lengths[0]), "{:?}", emulator.lengths);
    }

    #[test]
    fn the_slope_of_the_likelihood_is_its_difference_quotient() {
        let seen = points(30, 2, 4);
        let rest = DVector::from_iterator(30, seen.iter().map(|x| libm::sin(5.0 * x[0]) * x[1]));
        let theta = [-0.3, 0.4, -2.0];
        let at = |theta: &[f64]| likelihood(&seen, &rest, theta, 1.0).expect("it is well posed");
        let (_, slope) = at(&theta);
        for k in 0..3 {
            let (mut up, mut down) = (theta, theta);
            up[k] += 1e-5;
            down[k] -= 1e-5;
            let quotient = (at(&up).0 - at(&down).0) / 2e-5;
            assert!((slope[k] - quotient).abs() < 1e-4 * (1.0 + quotient.abs()), "{k}: {} against {quotient}", slope[k]);
        }
    }

    #[test]
    fn a_figure_that_is_a_straight_line_or_never_varies_is_certain() {
        let seen = points(20, 2, 5);
        for slope in [0.0, 3.0] {
            let values: Vec<f64> = seen.iter().map(|x| 7.0 + slope * x[0]).collect();
            let expected = Emulator::fit(&seen, &values).expect("there are enough runs").expect(&[0.25, 0.5]);
            assert!((expected.mean - 7.0 - slope * 0.25).abs() < 1e-4, "{expected:?}");
        }
        assert!(Emulator::fit(&seen, &[f64::NAN; 20]).is_none());
    }
}
