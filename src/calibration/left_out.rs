//! Published figures that a calibration did not know, forecast by one: each series left out in turn, and all that came after a year.
//!
//! Nothing is simulated for it. Walks go on from the sets under the misfit of the other figures; what emulators expect where they end, with the noise of
//! the real course of events, the stated error and the discrepancy, is the forecast. Beside it stand the whole of the ranges, which knows no figure, and where earlier
//! figures of the series are known those who know no model: their geometric mean give or take 30 %, and the last of them.
//!
//! Scores are continuous ranked probability scores on the scale on which a figure is fitted (Gneiting and Raftery 2007; of a mixture of normals in closed form,
//! Grimit et al. 2006): the smaller the better. PIT is the share of the forecast below what was published: over many figures it
//! is even where forecasts are honest.

use super::abc::{Population, Walk};
use super::design::Dice;
use super::emulator::Emulators;
use super::kernel::NORMAL_95;
use super::misfit::{misfit, variance};
use super::store::Store;
use super::{Goal, Stopped};

/// The naive forecast's half width, as a factor: 90 % of what may come.
pub(super) const NAIVE: f64 = 1.3;
/// How many places of the ranges stand for who knows no figure.
const RANGES: usize = 256;

/// What was left out with a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// All figures of its series.
    Series,
    /// All figures that came after this year.
    After(i32),
}

/// A figure that was left out, on the scale on which it is fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Its goal.
    pub goal: usize,
    /// What was left out with it.
    pub left: Left,
    /// The forecast's 5th percentile, median and 95th percentile.
    pub band: [f64; 3],
    /// The share of the forecast below what was published.
    pub pit: f64,
    /// The score of the forecast.
    pub score: f64,
    /// The score of the whole of the ranges.
    pub ranges: f64,
    /// The scores of the mean of earlier figures of the series, and of the last of them, where there are any.
    pub naive: Option<[f64; 2]>,
}

/// A mixture of normals of even weight: means and standard deviations.
type Mixture = Vec<(f64, f64)>;

/// Forecasts every value among `goals` that can be left out: with its series, and with all that came after `year`.
///
/// # Errors
/// An interrupt.
pub fn forecasts(
    goals: &[Goal],
    emulators: &Emulators,
    luck: f64,
    population: &Population,
    year: i32,
    seed: u64,
    store: &Store<'_>,
) -> Result<Vec<Forecast>, Stopped> {
    let value = |goal: &Goal| goal.high <= goal.low;
    let mut groups: Vec<(Left, Vec<usize>)> = vec![];
    for (place, goal) in goals.iter().enumerate() {
        let first = goal.series.is_none_or(|series| goals[..place].iter().all(|other| other.series != Some(series)));
        if first {
            let same = |other: &usize| *other == place || (goal.series.is_some() && goals[*other].series == goal.series);
            groups.push((Left::Series, (0..goals.len()).filter(same).collect()));
        }
    }
    let after: Vec<usize> = (0..goals.len()).filter(|place| goals[*place].year > year).collect();
    if after.len() < goals.len() {
        groups.push((Left::After(year), after));
    }
    let ranges = super::design::points(RANGES, population.points[0].len(), seed as u32 ^ 0x1ef7);
    let mut found = vec![];
    for (number, (left, group)) in groups.iter().enumerate().filter(|(_, (_, group))| group.iter().any(|place| value(&goals[*place]))) {
        // A goal without an end on either side says nothing.
        let open = |(place, goal): (usize, &Goal)| {
            if group.contains(&place) { Goal { low: f64::NEG_INFINITY, high: f64::INFINITY, ..goal.clone() } } else { goal.clone() }
        };
        let others: Vec<Goal> = goals.iter().enumerate().map(open).collect();
        let (walk, dice) = (Walk::new(population), Dice::new(seed, 20_000 + number as u16));
        let count = population.points.len();
        let ends = store.each(count, &|place| walk.end(place, count, &dice, &|point| misfit(&others, emulators, luck, point)).0)?;
        for place in group.iter().copied().filter(|place| value(&goals[*place])) {
            let goal = &goals[place];
            let (Some(forecast), Some(ranges)) = (mixture(goal, place, emulators, luck, &ends), mixture(goal, place, emulators, luck, &ranges))
            else {
                continue;
            };
            let earlier = goals.iter().filter(|other| value(other) && other.series.is_some() && other.series == goal.series && other.year <= year);
            let earlier: Vec<&Goal> = if matches!(left, Left::After(_)) { earlier.collect() } else { vec![] };
            let known = earlier.iter().max_by_key(|other| other.year).map(|last| {
                let mean = earlier.iter().map(|other| other.low).sum::<f64>() / earlier.len() as f64;
                [mean, last.low].map(|middle| naive_score(middle, goal.low))
            });
            found.push(Forecast {
                goal: place,
                left: *left,
                band: [0.05, 0.5, 0.95].map(|p| quantile(&forecast, p)),
                pit: below(&forecast, goal.low),
                score: crps(&forecast, goal.low),
                ranges: crps(&ranges, goal.low),
                naive: known,
            });
        }
    }
    Ok(found)
}

/// What is to be expected of what is published of `goal` where parameters lie at one of `points`.
fn mixture(goal: &Goal, place: usize, emulators: &Emulators, luck: f64, points: &[Vec<f64>]) -> Option<Mixture> {
    points.iter().map(|point| emulators.expect(point)[place].map(|own| (own.mean, variance(goal, &own, luck).sqrt()))).collect()
}

/// The standard normal distribution function.
fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The share of a mixture below `value`.
fn below(mixture: &[(f64, f64)], value: f64) -> f64 {
    mixture.iter().map(|(mean, spread)| normal((value - mean) / spread)).sum::<f64>() / mixture.len() as f64
}

/// The `p`-quantile of a mixture.
fn quantile(mixture: &[(f64, f64)], p: f64) -> f64 {
    let end = |sign: f64| mixture.iter().map(|(mean, spread)| sign * (mean + sign * 8.0 * spread)).fold(f64::NEG_INFINITY, f64::max) * sign;
    let (mut low, mut high) = (end(-1.0), end(1.0));
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if below(mixture, middle) < p { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The score of a naive forecast around `middle`, on a logarithmic scale.
pub(super) fn naive_score(middle: f64, value: f64) -> f64 {
    crps(&[(middle, libm::log(NAIVE) / NORMAL_95)], value)
}

/// The continuous ranked probability score of a mixture of normals.
fn crps(mixture: &[(f64, f64)], value: f64) -> f64 {
    let apart = |mean: f64, variance: f64| {
        let spread = variance.sqrt();
        let z = mean / spread;
        let density = libm::exp(-0.5 * z * z) / std::f64::consts::TAU.sqrt();
        2.0 * spread * density + mean * (2.0 * normal(z) - 1.0)
    };
    let count = mixture.len() as f64;
    let far: f64 = mixture.iter().map(|(mean, spread)| apart(value - mean, spread * spread)).sum::<f64>() / count;
    let wide: f64 = mixture
        .iter()
        .map(|(mean, spread)| mixture.iter().map(|(other, own)| apart(mean - other, spread * spread + own * own)).sum::<f64>())
        .sum::<f64>()
        / (count * count);
    far - 0.5 * wide
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a standard normal at its mean sqrt(2/pi) - 1/sqrt(pi) = .233695, wherever it is cut in two; far off the distance less the half spread.
    #[test]
    fn scores_have_known_answers() {
        for mixture in [vec![(0.0, 1.0)], vec![(0.0, 1.0); 3]] {
            assert!((crps(&mixture, 0.0) - 0.233_695).abs() < 1e-6);
            assert!((crps(&mixture, 50.0) - (50.0 - 0.564_190)).abs() < 1e-5);
            assert!((quantile(&mixture, 0.95) - NORMAL_95).abs() < 1e-6 && (below(&mixture, 0.0) - 0.5).abs() < 1e-12);
        }
        // Two points: half of the distance between them is certain to be missed.
        assert!((crps(&[(0.0, 1e-9), (1.0, 1e-9)], 0.5) - 0.25).abs() < 1e-6);
    }
}
