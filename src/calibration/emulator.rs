//! A Gaussian process that stands in for the model: one figure as a function of the parameters, with its doubt.
//!
//! A linear trend, then a process with a squared-exponential kernel, one length scale a parameter, and a nugget for
//! the luck of a run. Nothing is known of the trend beforehand, and its doubt is part of what is told (Rasmussen and
//! Williams 2006, section 2.7): the coefficients are the generalised least squares estimate, and length scales and nugget
//! maximise the likelihood of what the trend leaves over (restricted likelihood, Patterson and Thompson 1971) under a weak
//! prior on lengths; the process variance is profiled out. Own code, since the
//! kept crates offer one length scale for all parameters, which cannot tell a parameter that matters from one that does not.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// Most runs from which length scales and nugget are learnt, spread evenly over all: what learning takes grows with their cube.
const LEARNT: usize = 200;
/// Steps of the search for length scales and nugget.
const STEPS: usize = 60;
/// Bounds of a logarithm of a length scale, in units of the parameter's range.
const LENGTHS: (f64, f64) = (-2.5, 3.5);
/// Bounds of the logarithm of the nugget, as a share of the process variance.
const NUGGETS: (f64, f64) = (-9.0, 6.0);
/// Weight of the prior on a logarithm of a length scale: normal around [`usual_length`] with variance one.
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
    /// K^-1 H, what runs say of the trend's basis, and (H' K^-1 H)^-1, the trend's doubt in units of the process variance.
    seen: DMatrix<f64>,
    doubt: DMatrix<f64>,
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
        let basis = basis(&points);
        let straight = trend(&basis, &values)?;
        let rest = DVector::from_iterator(values.len(), points.iter().zip(&values).map(|(point, value)| value - along(&straight, point)));
        let size = rest.norm_squared() / rest.len() as f64;
        if size <= 1e-18 * (1.0 + values.iter().map(|value| value * value).sum::<f64>()) {
            // The trend says it all (a figure that never varies is its simplest case).
            return Some(Self::certain(points, straight));
        }
        let most = points.len().min(LEARNT);
        let learnt: Vec<usize> = (0..most).map(|i| i * points.len() / most).collect();
        let some = |from: &[usize]| from.iter().map(|i| points[*i].clone()).collect::<Vec<Vec<f64>>>();
        let theta = search(&some(&learnt), &basis.select_rows(&learnt), &rest.select_rows(&learnt), size);
        let (lengths, nugget) = theta.split_at(dimensions);
        let lengths: Vec<f64> = lengths.iter().map(|log| libm::exp(*log)).collect();
        let nugget = libm::exp(nugget[0]);
        let inverse = Cholesky::new(covariance(&points, &lengths, nugget))?.inverse();
        let Restricted { left, seen, doubt, .. } = Restricted::new(&inverse, &basis)?;
        let values = DVector::from_vec(values);
        let trend: Vec<f64> = (&doubt * seen.tr_mul(&values)).iter().copied().collect();
        let weights = &left * &values;
        let variance = values.dot(&weights) / (values.len() - trend.len()) as f64;
        // The run left out is predicted by the others, trend and all, in closed form (Dubrule 1983).
        let missed: f64 = (0..values.len()).map(|i| weights[i] / left[(i, i)]).map(|miss| miss * miss).sum();
        let mean = values.mean();
        let spread: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let q2 = 1.0 - missed / spread;
        Some(Self { points, trend, lengths, variance, noise: variance * nugget, weights, inverse, seen, doubt, q2 })
    }

    fn certain(points: Vec<Vec<f64>>, trend: Vec<f64>) -> Self {
        let lengths = vec![1.0; trend.len() - 1];
        let none = || DMatrix::zeros(0, 0);
        Self { points, trend, lengths, variance: 0.0, noise: 0.0, weights: DVector::zeros(0), inverse: none(), seen: none(), doubt: none(), q2: 1.0 }
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
        let unseen = DVector::from_fn(self.trend.len(), |j, _| column(point, j)) - self.seen.tr_mul(&near);
        let of_trend = (&self.doubt * &unseen).dot(&unseen);
        Ok(Expectation { mean, doubt: self.variance * ((1.0 - known).max(0.0) + of_trend.max(0.0)) })
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

/// The basis of a linear trend at `point`: the constant first.
fn column(point: &[f64], j: usize) -> f64 {
    if j == 0 { 1.0 } else { point[j - 1] - 0.5 }
}

/// The basis at all `points`: a row each.
fn basis(points: &[Vec<f64>]) -> DMatrix<f64> {
    DMatrix::from_fn(points.len(), points[0].len() + 1, |i, j| column(&points[i], j))
}

/// The square of a basis, inverted. A whisker of ridge keeps that possible.
fn invert(mut square: DMatrix<f64>) -> Option<Cholesky<f64, Dyn>> {
    for j in 1..square.ncols() {
        square[(j, j)] += 1e-6;
    }
    Cholesky::new(square)
}

/// The ordinary least-squares coefficients of a linear trend.
fn trend(basis: &DMatrix<f64>, values: &[f64]) -> Option<Vec<f64>> {
    let right = basis.tr_mul(&DVector::from_column_slice(values));
    Some(invert(basis.tr_mul(basis))?.solve(&right).iter().copied().collect())
}

/// What is left once an unknown trend is taken out of what runs say.
struct Restricted {
    /// K^-1 - K^-1 H (H' K^-1 H)^-1 H' K^-1.
    left: DMatrix<f64>,
    /// K^-1 H.
    seen: DMatrix<f64>,
    /// (H' K^-1 H)^-1.
    doubt: DMatrix<f64>,
    /// Half the logarithm of the determinant of H' K^-1 H.
    half_log: f64,
}

impl Restricted {
    fn new(inverse: &DMatrix<f64>, basis: &DMatrix<f64>) -> Option<Self> {
        let seen = inverse * basis;
        let square = invert(basis.tr_mul(&seen))?;
        let half_log = (0..basis.ncols()).map(|j| libm::log(square.l_dirty()[(j, j)])).sum();
        let doubt = square.inverse();
        let left = inverse - &seen * &doubt * seen.transpose();
        Some(Self { left, seen, doubt, half_log })
    }
}

fn along(trend: &[f64], point: &[f64]) -> f64 {
    trend[0] + trend[1..].iter().zip(point).map(|(slope, x)| slope * (x - 0.5)).sum::<f64>()
}

fn likeness(a: &[f64], b: &[f64], lengths: &[f64]) -> f64 {
    let square: f64 = a.iter().zip(b).zip(lengths).map(|((a, b), length)| (a - b) * (a - b) / (length * length)).sum();
    libm::exp(-0.5 * square)
}

/// The covariance of runs in units of the process variance: likeness, and luck of their own.
fn covariance(points: &[Vec<f64>], lengths: &[f64], nugget: f64) -> DMatrix<f64> {
    let like = |i: usize, j: usize| likeness(&points[i], &points[j], lengths) + if i == j { nugget + 1e-9 } else { 0.0 };
    DMatrix::from_fn(points.len(), points.len(), like)
}

/// The logarithm of a length that the data say nothing of: a bend longer than the range, for the trend is taken out already,
/// and growing with the root of the dimensions, as the distance between runs does (Hvarfner et al. 2024). With shorter ones
/// many lengths together would explain luck, and too little of it would be left.
fn usual_length(dimensions: usize) -> f64 {
    0.5 + 0.5 * libm::log(dimensions as f64)
}

/// Climbs the penalised log likelihood in the logarithms of lengths and nugget by Rprop: each coordinate keeps
/// a step of its own, which grows while the slope keeps its sign. It needs no line search and no tuning.
fn search(points: &[Vec<f64>], basis: &DMatrix<f64>, rest: &DVector<f64>, size: f64) -> Vec<f64> {
    let dimensions = points[0].len();
    let mut theta = vec![usual_length(dimensions); dimensions + 1];
    theta[dimensions] = -1.0;
    let mut step = vec![0.3_f64; dimensions + 1];
    let mut before = vec![0.0_f64; dimensions + 1];
    let mut best = (f64::NEG_INFINITY, theta.clone());
    for _ in 0..STEPS {
        let Some((likelihood, slope)) = likelihood(points, basis, rest, &theta, size) else { break };
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

/// The penalised restricted log likelihood at `theta`, up to a constant, and its slope.
fn likelihood(points: &[Vec<f64>], basis: &DMatrix<f64>, rest: &DVector<f64>, theta: &[f64], size: f64) -> Option<(f64, Vec<f64>)> {
    let (count, dimensions) = (points.len(), points[0].len());
    let lengths: Vec<f64> = theta[..dimensions].iter().map(|log| libm::exp(*log)).collect();
    let nugget = libm::exp(theta[dimensions]);
    let covariance = covariance(points, &lengths, nugget);
    let factor = Cholesky::new(covariance.clone())?;
    let logs: f64 = (0..count).map(|i| libm::log(factor.l_dirty()[(i, i)])).sum();
    let Restricted { left, half_log, .. } = Restricted::new(&factor.inverse(), basis)?;
    let weights = &left * rest;
    let free = (count - basis.ncols()) as f64;
    let variance = (rest.dot(&weights) / free).max(1e-12 * size);
    let mut value = -0.5 * free * libm::log(variance / size) - logs - half_log;
    // d/d theta_k = 1/2 (w' dK w / variance - tr(Q dK)) with Q what is left and w = Q y, summed over pairs once for all lengths.
    let mut slope = vec![0.0; theta.len()];
    for i in 0..count {
        for j in 0..i {
            let pull = (weights[i] * weights[j] / variance - left[(i, j)]) * covariance[(i, j)];
            for k in 0..dimensions {
                let apart = points[i][k] - points[j][k];
                slope[k] += pull * apart * apart / (lengths[k] * lengths[k]);
            }
        }
    }
    slope[dimensions] = 0.5 * nugget * (weights.norm_squared() / variance - left.trace());
    let usual = usual_length(dimensions);
    for k in 0..dimensions {
        value -= 0.5 * PRIOR * (theta[k] - usual) * (theta[k] - usual);
        slope[k] -= PRIOR * (theta[k] - usual);
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

    /// Luck and nothing else, in as many dimensions as a calibration varies: a trend fitted to all runs would seem to predict
    /// the run left out, and would be too sure of itself.
    #[test]
    fn luck_alone_is_not_predicted_and_the_trend_is_in_doubt() {
        let (dice, seen, unseen) = (Dice::new(3, 0), points(160, 16, 6), points(200, 16, 7));
        let (mut q2, mut within) = (0.0, 0);
        for trial in 0..6 {
            let values: Vec<f64> = (0..160).map(|i| dice.normal(i, trial)).collect();
            let emulator = Emulator::fit(&seen, &values).expect("there are enough runs");
            q2 += emulator.q2() / 6.0;
            let told = unseen.iter().map(|x| emulator.expect(x));
            within += told.filter(|told| told.mean.abs() <= 2.0 * told.doubt.sqrt()).count();
            println!("leave-one-out {:.3}; the truth within two sd of doubt: {within} so far", emulator.q2());
        }
        // A little is left: lengths and nugget were chosen with the run that is left out.
        assert!(q2 < 0.1, "{q2}");
        assert!(within >= 1020, "95 % of 1200 are due, 85 % at least: {within}");
    }

    /// With many lengths to choose, luck could be taken for a bent figure and too little of it be left.
    #[test]
    fn luck_is_not_explained_away() {
        for (runs, dimensions) in [(60, 3), (160, 16)] {
            let seen = points(runs, dimensions, 11);
            let figure = |x: &[f64]| 8.0 * x[0] + 4.0 * x[1] * x[2] + 2.0 * libm::sin(4.0 * x[1]);
            let noise = |trial: usize| {
                let dice = Dice::new(77 + trial as u64, 0);
                let values: Vec<f64> = seen.iter().enumerate().map(|(i, x)| figure(x) + dice.normal(i, 0)).collect();
                Emulator::fit(&seen, &values).expect("there are enough runs").noise()
            };
            let mean = (0..8).map(noise).sum::<f64>() / 8.0;
            println!("{runs} runs, {dimensions} dimensions: luck's variance is one, found {mean:.2}");
            assert!((0.8..1.2).contains(&mean), "{mean}");
        }
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
        let basis = basis(&seen);
        let at = |theta: &[f64]| likelihood(&seen, &basis, &rest, theta, 1.0).expect("it is well posed");
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
