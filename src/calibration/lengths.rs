//! Length scales: how far a figure reaches before it turns, parameter by parameter, learnt from all figures together.

use super::kernel::{TREND, Told, column, in_lengths, likeness};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Most runs from which length scales are learnt on the way, spread evenly over all: what learning takes grows with their cube.
pub const SOME: usize = 240;
/// The same where what is learnt is kept.
pub const MANY: usize = 480;
/// Steps of the search for length scales.
const STEPS: usize = 40;
/// Bounds of a logarithm of a length scale, in units of the parameter's range.
const LENGTHS: (f64, f64) = (-2.5, 3.5);
/// Weight of the prior on a logarithm of a length scale: normal around [`usual_length`] with variance one.
const PRIOR: f64 = 1.0;

/// The logarithm of a length that the data say nothing of: a bend longer than the range, for the trend is taken out already,
/// and growing with the root of the dimensions, as the distance between runs does (Hvarfner et al. 2024). With shorter ones
/// many lengths together would explain luck, and too little of it would be left.
fn usual_length(dimensions: usize) -> f64 {
    0.5 + 0.5 * libm::log(dimensions as f64)
}

/// The length scales under which the figures that all of some runs define are likeliest, learnt from `most` runs at most: one for each coordinate of `points`.
/// `outputs` holds a row of figures for each of them.
#[must_use]
pub fn learn(points: &[Vec<f64>], outputs: &[Vec<f64>], most: usize) -> Vec<f64> {
    let dimensions = points.first().map_or(0, Vec::len);
    let count = points.len().min(most);
    let rows: Vec<usize> = (0..count).map(|i| i * points.len() / count).collect();
    let some: Vec<Vec<f64>> = rows.iter().map(|i| points[*i].clone()).collect();
    let figures: Vec<DVector<f64>> = (0..outputs.first().map_or(0, Vec::len))
        .map(|figure| DVector::from_iterator(count, rows.iter().map(|i| outputs[*i][figure])))
        .map(|values| values.add_scalar(-values.mean()))
        .filter(|values| values.iter().all(|value| value.is_finite()) && values.norm_squared() > 0.0)
        .collect();
    let logs = if figures.is_empty() || count < 2 * (dimensions + 1) { vec![usual_length(dimensions); dimensions] } else { search(&some, &figures) };
    logs.iter().map(|log| libm::exp(*log)).collect()
}

/// Climbs the penalised log likelihood in the logarithms of lengths by Rprop: each coordinate keeps a step of its own, which
/// grows while the slope keeps its sign. It needs no line search and no tuning.
fn search(points: &[Vec<f64>], figures: &[DVector<f64>]) -> Vec<f64> {
    let dimensions = points[0].len();
    let mut theta = vec![usual_length(dimensions); dimensions];
    let mut step = vec![0.3_f64; dimensions];
    let mut before = vec![0.0_f64; dimensions];
    let mut best = (f64::NEG_INFINITY, theta.clone());
    for _ in 0..STEPS {
        let (likelihood, slope) = likelihood(points, figures, &theta);
        if likelihood > best.0 {
            best = (likelihood, theta.clone());
        }
        for k in 0..dimensions {
            let turned = slope[k] * before[k];
            if turned > 0.0 {
                step[k] = (step[k] * 1.3).min(1.0);
            } else if turned < 0.0 {
                step[k] *= 0.5;
            }
            before[k] = if turned < 0.0 { 0.0 } else { slope[k] };
            theta[k] = (theta[k] + slope[k].signum() * step[k]).clamp(LENGTHS.0, LENGTHS.1);
        }
        if step.iter().all(|step| *step < 0.05) {
            break;
        }
    }
    best.1
}

/// The penalised log likelihood of all `figures` where the lengths have the logarithms `theta`, up to a constant, and its slope; each
/// figure has the variance and the nugget that suit it best.
fn likelihood(points: &[Vec<f64>], figures: &[DVector<f64>], theta: &[f64]) -> (f64, Vec<f64>) {
    let (count, dimensions) = (points.len(), points[0].len());
    let lengths: Vec<f64> = theta.iter().map(|log| libm::exp(*log)).collect();
    let scaled: Vec<Vec<f64>> = points.iter().map(|point| in_lengths(point, &lengths)).collect();
    let alike = DMatrix::from_fn(count, count, |i, j| if i < j { 0.0 } else { likeness(&scaled[i], &scaled[j]) });
    let trend = DMatrix::from_fn(count, dimensions + 1, |i, j| TREND * column(&points[i], j));
    let mut covariance = &trend * trend.transpose();
    for j in 0..count {
        for i in j..count {
            covariance[(i, j)] += alike[(i, j)];
        }
    }
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(covariance);
    let spectrum: Vec<f64> = eigenvalues.iter().map(|value| value.max(0.0)).collect();
    let mut value = 0.0;
    // d/d theta_k = 1/2 sum over figures of (w' dK w / variance - tr(K^-1 dK)), w = K^-1 y: summed over pairs once for all.
    let mut shrunk = vec![0.0_f64; count];
    let mut pulled = DMatrix::<f64>::zeros(count, figures.len());
    for (place, figure) in figures.iter().enumerate() {
        let along = eigenvectors.tr_mul(figure);
        let parts = spectrum.iter().zip(along.iter()).map(|(strength, along)| (*strength, along * strength.sqrt())).collect();
        let told = Told { count, free: count - dimensions - 1, size: figure.norm_squared(), parts };
        let nugget = told.nugget();
        value += told.likelihood(nugget);
        let root = told.variance(nugget).sqrt();
        for i in 0..count {
            shrunk[i] += 1.0 / (spectrum[i] + nugget);
            pulled[(i, place)] = along[i] / ((spectrum[i] + nugget) * root);
        }
    }
    let pulled: DMatrix<f64> = &eigenvectors * pulled;
    let turned: DMatrix<f64> = DMatrix::from_fn(count, count, |i, j| eigenvectors[(i, j)] * shrunk[j]);
    let pull: DMatrix<f64> = &pulled * pulled.transpose() - turned * eigenvectors.transpose();
    let mut slope = vec![0.0; dimensions];
    for j in 0..count {
        for i in j + 1..count {
            let pull = pull[(i, j)] * alike[(i, j)];
            for (slope, (a, b)) in slope.iter_mut().zip(scaled[i].iter().zip(&scaled[j])) {
                *slope += pull * (a - b) * (a - b);
            }
        }
    }
    let usual = usual_length(dimensions);
    for (slope, theta) in slope.iter_mut().zip(theta) {
        value -= 0.5 * PRIOR * (theta - usual) * (theta - usual);
        *slope -= PRIOR * (theta - usual);
    }
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::super::design::{Dice, points};
    use super::*;

    #[test]
    fn the_slope_of_the_likelihood_is_its_difference_quotient() {
        let seen = points(30, 2, 4);
        let figure = |bend: f64| DVector::from_iterator(30, seen.iter().map(|x| libm::sin(bend * x[0]) * x[1])).add_scalar(-0.1);
        let (figures, theta, dice) = ([figure(5.0), figure(2.0)], [-0.3, 0.4], Dice::new(4, 0));
        // Luck keeps the nugget off its bound.
        let figures = figures.map(|figure| DVector::from_fn(30, |i, _| figure[i] + 0.1 * dice.normal(i, 0)));
        let (_, slope) = likelihood(&seen, &figures, &theta);
        for k in 0..2 {
            let (mut up, mut down) = (theta, theta);
            up[k] += 1e-2;
            down[k] -= 1e-2;
            let quotient = (likelihood(&seen, &figures, &up).0 - likelihood(&seen, &figures, &down).0) / 2e-2;
            assert!((slope[k] - quotient).abs() < 1e-2 * (1.0 + quotient.abs()), "{k}: {} against {quotient}", slope[k]);
        }
    }
}
