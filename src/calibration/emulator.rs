//! Gaussian processes that stand in for the model: every figure as a function of the parameters, with its doubt.
//!
//! A linear trend, then a process with a squared-exponential kernel and a nugget for what a run's luck does, and for parameters that
//! are not among the inputs. Nothing is known of the trend beforehand: its coefficients have a prior so wide that the data alone
//! speak, and their doubt is part of what is told (Rasmussen and Williams 2006, section 2.7). All figures of a calibration share
//! one length scale for each parameter, which maximises the sum of their likelihoods under a weak prior; variance and nugget are
//! each figure's own.
//!
//! Runs are many, so the process is written in features: the likeness to a few hundred runs, chosen one by one where the features
//! so far explain the least (a pivoted Cholesky factor of the kernel, as in Fine and Scheinberg 2001). What they do not explain of a
//! place counts as doubt. In the principal axes of the features every figure's equations are single numbers, so that all runs are
//! kept and one turn into these axes serves all figures. Own code, since the kept crates offer one length scale for all
//! parameters, which cannot tell a parameter that matters from one that does not.

use super::kernel::{NORMAL_95, TREND, Told, column, in_lengths, likeness};
use super::lengths::{SOME, learn};
use nalgebra::{DMatrix, DVector, SymmetricEigen};

/// Most runs whose likeness is a feature, on the way.
pub const FEW: usize = 320;
/// The same of the emulators by which sets are found and judged in the end: what features leave unexplained is doubt that no run takes away.
pub const FINE: usize = 960;
/// The share of the process variance below which the features need explain no more of any run.
const EXPLAINED: f64 = 1e-5;

/// What an emulator expects of a run it has not seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// The mean over luck.
    pub mean: f64,
    /// The variance of doubt about that mean.
    pub doubt: f64,
    /// The variance that luck alone gives to one run.
    pub noise: f64,
}

/// The emulators of all figures of the same runs.
#[derive(Clone, Debug)]
pub struct Emulators {
    lengths: Vec<f64>,
    /// The runs whose likeness is a feature, in units of the lengths.
    features: Vec<Vec<f64>>,
    axes: Vec<Axes>,
    figures: Vec<Option<Figure>>,
    /// How alike the misses of two figures are over runs left out: their correlation.
    misses: DMatrix<f64>,
}

/// The principal axes of the features over the runs that define a figure; figures that the same runs define share them.
#[derive(Clone, Debug)]
struct Axes {
    defined: Vec<bool>,
    /// Turns trend and likenesses at a place into its coordinates.
    turn: DMatrix<f64>,
    spectrum: Vec<f64>,
}

/// What is known of one figure.
#[derive(Clone, Debug)]
struct Figure {
    axes: usize,
    middle: f64,
    weights: Vec<f64>,
    variance: f64,
    nugget: f64,
    q2: f64,
    covered: f64,
}

impl Emulators {
    /// Fits an emulator to each column of `outputs`, one row for each of `points` of the unit cube, with lengths that some of the runs tell.
    #[must_use]
    pub fn fit(points: &[Vec<f64>], outputs: &[Vec<f64>]) -> Self {
        Self::with(learn(points, outputs, SOME), FEW, points, outputs)
    }

    /// Fits them with these `lengths`, one for each coordinate of `points`, and so many features at most. Runs that do not define a
    /// figure are left out of its emulator; a figure that fewer than five runs define, or fewer than two for each
    /// coefficient of the trend, has none.
    ///
    /// # Panics
    /// Never: the features of runs are independent by their choice.
    #[must_use]
    pub fn with(lengths: Vec<f64>, most: usize, points: &[Vec<f64>], outputs: &[Vec<f64>]) -> Self {
        let count = outputs.first().map_or(0, Vec::len);
        let columns: Vec<Vec<f64>> = (0..count).map(|figure| outputs.iter().map(|row| row[figure]).collect()).collect();
        let scaled: Vec<Vec<f64>> = points.iter().map(|point| in_lengths(point, &lengths)).collect();
        let (chosen, likeness) = features(&scaled, most);
        let root = DMatrix::from_fn(chosen.len(), chosen.len(), |i, j| likeness[(chosen[i], j)]);
        let unroot = root.solve_lower_triangular(&DMatrix::identity(chosen.len(), chosen.len())).expect("no feature is explained by those before");
        let trend = points.first().map_or(1, |point| point.len() + 1);
        let all =
            DMatrix::from_fn(
                points.len(),
                trend + chosen.len(),
                |i, j| {
                    if j < trend { TREND * column(&points[i], j) } else { likeness[(i, j - trend)] }
                },
            );
        let mut found = Self {
            lengths,
            features: chosen.iter().map(|i| scaled[*i].clone()).collect(),
            axes: vec![],
            figures: vec![],
            misses: DMatrix::zeros(count, count),
        };
        let mut missed: Vec<Vec<f64>> = vec![];
        let mut coordinates: Vec<DMatrix<f64>> = vec![];
        for values in &columns {
            let defined: Vec<bool> = values.iter().map(|value| value.is_finite()).collect();
            let kept: Vec<usize> = (0..values.len()).filter(|i| defined[*i]).collect();
            if kept.len() < 5.max(2 * trend) {
                found.figures.push(None);
                missed.push(vec![]);
                continue;
            }
            let axes = found.axes.iter().position(|axes| axes.defined == defined).unwrap_or_else(|| {
                let rows = all.select_rows(&kept);
                let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(rows.tr_mul(&rows));
                coordinates.push(rows * &eigenvectors);
                let mut turn = eigenvectors.transpose();
                turn.columns_mut(0, trend).scale_mut(TREND);
                let turned = turn.columns(trend, chosen.len()) * &unroot;
                turn.columns_mut(trend, chosen.len()).copy_from(&turned);
                found.axes.push(Axes { defined, turn, spectrum: eigenvalues.iter().map(|value| value.max(0.0)).collect() });
                found.axes.len() - 1
            });
            let own: Vec<f64> = kept.iter().map(|i| values[*i]).collect();
            let (figure, misses) = Figure::fit(axes, &found.axes[axes].spectrum, &coordinates[axes], &own, trend);
            found.figures.push(Some(figure));
            let mut of_runs = vec![f64::NAN; points.len()];
            for (run, miss) in kept.iter().zip(misses) {
                of_runs[*run] = miss;
            }
            missed.push(of_runs);
        }
        found.misses = DMatrix::from_fn(count, count, |i, j| correlation(&missed[i], &missed[j]));
        found
    }

    /// What is expected of each figure at `point`; nothing of one that has no emulator.
    #[must_use]
    pub fn expect(&self, point: &[f64]) -> Vec<Option<Expectation>> {
        let scaled = in_lengths(point, &self.lengths);
        let trend = (0..=point.len()).map(|j| column(point, j));
        let inputs: Vec<f64> = trend.chain(self.features.iter().map(|feature| likeness(feature, &scaled))).collect();
        let wide = TREND * TREND * (0..=point.len()).map(|j| column(point, j) * column(point, j)).sum::<f64>();
        let places: Vec<(Vec<f64>, f64)> = self
            .axes
            .iter()
            .map(|axes| {
                let mut place = vec![0.0; inputs.len()];
                for (column, input) in axes.turn.as_slice().chunks_exact(inputs.len()).zip(&inputs) {
                    for (sum, turn) in place.iter_mut().zip(column) {
                        *sum += turn * input;
                    }
                }
                // A turn keeps lengths, so what is left over beside the trend is what the features explain.
                let explained = place.iter().map(|x| x * x).sum::<f64>() - wide;
                (place, (1.0 - explained).max(0.0))
            })
            .collect();
        let one = |figure: &Figure| {
            let (place, unexplained) = &places[figure.axes];
            let (mut mean, mut doubt) = (figure.middle, 0.0);
            for ((x, weight), strength) in place.iter().zip(&figure.weights).zip(&self.axes[figure.axes].spectrum) {
                mean += x * weight;
                doubt += x * x / (strength + figure.nugget);
            }
            Expectation { mean, doubt: figure.variance * (figure.nugget * doubt + unexplained), noise: figure.variance * figure.nugget }
        };
        self.figures.iter().map(|figure| figure.as_ref().map(one)).collect()
    }

    /// How alike the noise of the figures in `series` is, 0 to 1: the mean correlation of emulators' misses over pairs of them. Luck is each run's own, but what
    /// parameters do that no emulator knows is done to all of them.
    #[must_use]
    pub fn alike(&self, series: &[usize]) -> f64 {
        let pairs = || series.iter().enumerate().flat_map(|(k, one)| series[..k].iter().map(|other| self.misses[(*one, *other)]));
        let count = pairs().count().max(1) as f64;
        (pairs().sum::<f64>() / count).clamp(0.0, 0.99)
    }

    /// The standard deviation that luck alone gives to each figure in one run; not a number where there is no emulator.
    #[must_use]
    pub fn noise(&self) -> Vec<f64> {
        self.figures.iter().map(|figure| figure.as_ref().map_or(f64::NAN, |figure| (figure.variance * figure.nugget).sqrt())).collect()
    }

    /// The share of runs whose figure, left out, lies within the central nine tenths of what the others let expect. Not a number where there is no emulator.
    #[must_use]
    pub fn covered(&self) -> Vec<f64> {
        self.figures.iter().map(|figure| figure.as_ref().map_or(f64::NAN, |figure| figure.covered)).collect()
    }

    /// The share of each figure's variance between runs that its emulator predicts for a run left out (Q2, leave-one-out); luck
    /// keeps it below one. Not a number where there is no emulator.
    #[must_use]
    pub fn q2(&self) -> Vec<f64> {
        self.figures.iter().map(|figure| figure.as_ref().map_or(f64::NAN, |figure| figure.q2)).collect()
    }
}

impl Figure {
    /// Fits the figure with `values` at runs with `coordinates` in the axes; by how much each run would be missed by the others stands beside it.
    fn fit(axes: usize, spectrum: &[f64], coordinates: &DMatrix<f64>, values: &[f64], trend: usize) -> (Self, Vec<f64>) {
        let middle = values.iter().sum::<f64>() / values.len() as f64;
        let rest = DVector::from_iterator(values.len(), values.iter().map(|value| value - middle));
        let size = rest.norm_squared();
        let along = coordinates.tr_mul(&rest);
        let told =
            Told { count: values.len(), free: values.len() - trend, size, parts: spectrum.iter().copied().zip(along.iter().copied()).collect() };
        let nugget = told.nugget();
        let weights: Vec<f64> = told.parts.iter().map(|(strength, along)| along / (strength + nugget)).collect();
        let fitted = coordinates * DVector::from_column_slice(&weights);
        // The run left out is predicted by the others in closed form (Allen 1974): what it pulls of its own fit is known.
        let variance = told.variance(nugget);
        let mut covered = 0.0;
        let missed = |i: usize| {
            let pull: f64 = spectrum.iter().zip(coordinates.row(i).iter()).map(|(strength, x)| x * x / (strength + nugget)).sum();
            let free = (1.0 - pull).max(1e-9);
            let miss = (rest[i] - fitted[i]) / free;
            covered += f64::from(u8::from(miss.abs() <= NORMAL_95 * (variance * nugget / free).sqrt()));
            miss
        };
        let misses: Vec<f64> = (0..values.len()).map(missed).collect();
        let covered = covered / values.len() as f64;
        let missed: f64 = misses.iter().map(|miss| miss * miss).sum();
        let q2 = if size > 0.0 { 1.0 - missed / size } else { 1.0 };
        (Self { axes, middle, weights, variance, nugget, q2, covered }, misses)
    }
}

/// The correlation of two rows over what both know; nothing where either does not vary.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let both: Vec<(f64, f64)> = a.iter().copied().zip(b.iter().copied()).filter(|(a, b)| a.is_finite() && b.is_finite()).collect();
    let sum = |of: fn(&(f64, f64)) -> f64| both.iter().map(of).sum::<f64>();
    let size = (sum(|(a, _)| a * a) * sum(|(_, b)| b * b)).sqrt();
    if size > 0.0 { sum(|(a, b)| a * b) / size } else { 0.0 }
}

/// The runs whose likeness is a feature, and the features of all runs: each next one is the run of which those before explain the least.
fn features(scaled: &[Vec<f64>], most: usize) -> (Vec<usize>, DMatrix<f64>) {
    let mut left = vec![1.0_f64; scaled.len()];
    let mut chosen: Vec<usize> = vec![];
    let mut columns: Vec<Vec<f64>> = vec![];
    while chosen.len() < most {
        let least = left.iter().enumerate().fold((0, EXPLAINED), |most, (i, left)| if *left > most.1 { (i, *left) } else { most });
        let (next, unexplained) = least;
        if unexplained <= EXPLAINED {
            break;
        }
        let mut column: Vec<f64> = scaled.iter().map(|point| likeness(point, &scaled[next])).collect();
        for known in &columns {
            let pull = known[next];
            for (value, known) in column.iter_mut().zip(known) {
                *value -= pull * known;
            }
        }
        let root = unexplained.sqrt();
        for (value, left) in column.iter_mut().zip(&mut left) {
            *value /= root;
            *left -= *value * *value;
        }
        left[next] = 0.0;
        chosen.push(next);
        columns.push(column);
    }
    let features = DMatrix::from_fn(scaled.len(), chosen.len(), |i, j| columns[j][i]);
    (chosen, features)
}

#[cfg(test)]
mod tests {
    use super::super::design::{Dice, points};
    use super::*;

    /// The emulator of one figure.
    fn one(seen: &[Vec<f64>], values: &[f64]) -> Emulators {
        Emulators::fit(seen, &values.iter().map(|value| vec![*value]).collect::<Vec<_>>())
    }

    fn told(emulator: &Emulators, point: &[f64]) -> Expectation {
        emulator.expect(point)[0].expect("there are enough runs")
    }

    /// Friedman's function (1991), a usual test of regressions: five of eight inputs matter, one of them bent, two
    /// together, and luck of standard deviation one lies over it.
    fn friedman(x: &[f64]) -> f64 {
        10.0 * libm::sin(std::f64::consts::PI * x[0] * x[1]) + 20.0 * (x[2] - 0.5) * (x[2] - 0.5) + 10.0 * x[3] + 5.0 * x[4]
    }

    #[test]
    fn held_out_runs_are_predicted_and_the_doubt_is_honest() {
        let (dice, seen, unseen) = (Dice::new(1, 0), points(160, 8, 1), points(300, 8, 2));
        let values: Vec<f64> = seen.iter().enumerate().map(|(i, x)| friedman(x) + dice.normal(i, 0)).collect();
        let emulator = one(&seen, &values);
        let truth: Vec<f64> = unseen.iter().map(|x| friedman(x)).collect();
        let mean = truth.iter().sum::<f64>() / 300.0;
        let (mut missed, mut spread, mut within) = (0.0, 0.0, 0);
        for (x, truth) in unseen.iter().zip(&truth) {
            let expected = told(&emulator, x);
            missed += (truth - expected.mean) * (truth - expected.mean);
            spread += (truth - mean) * (truth - mean);
            within += usize::from((truth - expected.mean).abs() <= 2.0 * expected.doubt.sqrt());
        }
        let q2 = 1.0 - missed / spread;
        println!(
            "Q2 on 300 held-out points: {q2:.3}; leave-one-out: {:.3}; within two sd: {within} of 300; noise {:.2}",
            emulator.q2()[0],
            emulator.noise()[0].powi(2)
        );
        assert!(q2 > 0.93, "{q2}");
        assert!((255..=300).contains(&within), "95 % are due within two standard deviations of doubt, 85 % at least: {within}");
        assert!((0.6..1.6).contains(&emulator.noise()[0].powi(2)), "the luck's variance is one: {}", emulator.noise()[0].powi(2));
        // Luck takes its share of the leave-one-out figure: variance 1 of about 24.
        assert!((q2 - emulator.q2()[0]).abs() < 0.08, "{q2} against {}", emulator.q2()[0]);
    }

    /// Luck and nothing else, in as many dimensions as a calibration varies: a trend fitted to all runs would seem to predict
    /// the run left out, and would be too sure of itself.
    #[test]
    fn luck_alone_is_not_predicted_and_the_trend_is_in_doubt() {
        let (dice, seen, unseen) = (Dice::new(3, 0), points(160, 16, 6), points(200, 16, 7));
        let (mut q2, mut within) = (0.0, 0);
        for trial in 0..6 {
            let values: Vec<f64> = (0..160).map(|i| dice.normal(i, trial)).collect();
            let emulator = one(&seen, &values);
            q2 += emulator.q2()[0] / 6.0;
            let told = unseen.iter().map(|x| told(&emulator, x));
            within += told.filter(|told| told.mean.abs() <= 2.0 * told.doubt.sqrt()).count();
            println!("leave-one-out {:.3}; the truth within two sd of doubt: {within} so far", emulator.q2()[0]);
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
                one(&seen, &values).noise()[0].powi(2)
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
        let emulator = one(&seen, &values);
        assert!(emulator.lengths[1..].iter().all(|length| *length > 3.0 * emulator.lengths[0]), "{:?}", emulator.lengths);
    }

    /// Two figures of the same runs, one undefined in some of them: each is told as if it were alone under the same lengths, and features
    /// stand in for all runs.
    #[test]
    fn features_and_axes_change_no_answer() {
        let (seen, dice) = (points(60, 2, 8), Dice::new(5, 0));
        let figure = |x: &[f64]| libm::sin(4.0 * x[0]) + x[1];
        let outputs: Vec<Vec<f64>> = seen
            .iter()
            .enumerate()
            .map(|(i, x)| vec![figure(x) + 0.1 * dice.normal(i, 0), if i % 7 == 0 { f64::NAN } else { figure(x) + 0.1 * dice.normal(i, 1) }])
            .collect();
        let emulators = Emulators::fit(&seen, &outputs);
        for (place, figure) in emulators.figures.iter().enumerate() {
            let figure = figure.as_ref().expect("there are enough runs");
            let kept: Vec<usize> = (0..60).filter(|i| outputs[*i][place].is_finite()).collect();
            let prior = |a: &[f64], b: &[f64]| {
                likeness(&in_lengths(a, &emulators.lengths), &in_lengths(b, &emulators.lengths))
                    + TREND * TREND * (0..3).map(|j| column(a, j) * column(b, j)).sum::<f64>()
            };
            let covariance =
                DMatrix::from_fn(kept.len(), kept.len(), |i, j| prior(&seen[kept[i]], &seen[kept[j]]) + if i == j { figure.nugget } else { 0.0 });
            let inverse = covariance.try_inverse().expect("a nugget keeps it positive");
            let rest = DVector::from_iterator(kept.len(), kept.iter().map(|i| outputs[*i][place] - figure.middle));
            for point in points(5, 2, 9) {
                let near = DVector::from_iterator(kept.len(), kept.iter().map(|i| prior(&seen[*i], &point)));
                let expected = emulators.expect(&point)[place].expect("there are enough runs");
                let mean = figure.middle + (&inverse * &near).dot(&rest);
                let doubt = figure.variance * (prior(&point, &point) - (&inverse * &near).dot(&near));
                assert!((expected.mean - mean).abs() < 1e-3, "{} {mean}", expected.mean);
                assert!((expected.doubt / doubt - 1.0).abs() < 0.05, "{} {doubt}", expected.doubt);
            }
        }
    }

    /// Two figures that hang on an input which no emulator is given, and a third that does not: the noise of the two is alike as far as that input makes it.
    #[test]
    fn what_is_not_known_is_common_to_figures() {
        let (seen, dice) = (points(400, 2, 10), Dice::new(6, 0));
        let unknown = |i: usize| dice.normal(i, 9);
        let outputs: Vec<Vec<f64>> =
            seen.iter().enumerate().map(|(i, x)| (0..3).map(|k| x[0] + if k < 2 { unknown(i) } else { 0.0 } + dice.normal(i, k)).collect()).collect();
        let emulators = Emulators::fit(&seen, &outputs);
        assert!((emulators.alike(&[0, 1]) - 0.5).abs() < 0.1, "{}", emulators.alike(&[0, 1]));
        assert!(emulators.alike(&[0, 2]) < 0.15 && emulators.alike(&[2]) == 0.0);
    }

    #[test]
    fn a_figure_that_is_a_straight_line_or_never_varies_is_certain() {
        let seen = points(20, 2, 5);
        for slope in [0.0, 3.0] {
            let values: Vec<f64> = seen.iter().map(|x| 7.0 + slope * x[0]).collect();
            let expected = told(&one(&seen, &values), &[0.25, 0.5]);
            assert!((expected.mean - 7.0 - slope * 0.25).abs() < 1e-4, "{expected:?}");
        }
        assert!(one(&seen, &[f64::NAN; 20]).expect(&[0.25, 0.5])[0].is_none());
    }
}
