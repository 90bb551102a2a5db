//! Whether sets lie where the truth does: runs whose parameters are known play what was published (simulation-based calibration, Talts et al. 2018).
//!
//! A run at a place anywhere in the ranges gives figures; with the stated errors and discrepancies laid over them they are as if published. Walks find sets for
//! them, by the emulators that there are, and the share of the sets below the truth is told for each parameter. Over many runs these shares are even where the
//! method is right: nine tenths of the truths lie within the central nine tenths of their sets. Nothing is simulated for it.
//!
//! Absent on purpose: the errors of the emulators in runs that they have not seen, which real runs of the sets judge ([`checks`](super::checks)).

use super::abc::cool;
use super::design::Dice;
use super::emulator::{Emulators, Expectation};
use super::misfit::{SHARED, misfit};
use super::store::Store;
use super::{Goal, Stopped};

/// The numbers of the dice, above those of generations and of what is left out.
const DICE: u16 = 30_000;
/// Dice of one run: no cooling takes more tolerances.
const APART: u16 = 41;
/// Most runs that may play.
pub const MOST: usize = 500;

/// A run that plays what was published.
#[derive(Clone, Copy, Debug)]
pub struct Played<'a> {
    /// Its place in the unit cube of the known parameters.
    pub truth: &'a [f64],
    /// Its figures, on their scales.
    pub figures: &'a [f64],
    /// What variants differ in under its parameters and its luck; empty where nobody asks.
    pub differences: &'a [f64],
}

/// Where the truth of one run lies among the sets that were found for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranks {
    /// The share of the sets below it, by parameter.
    pub parameters: Vec<f64>,
    /// The same of what variants differ in.
    pub differences: Vec<f64>,
}

/// The ranks of each of `played`. `start` holds as many places anywhere as there are to be sets; `differing` knows what to expect of differences: each set is given
/// one future of its own, with the luck that they leave open, as the truth has one.
///
/// # Errors
/// An interrupt.
pub fn ranks(
    goals: &[Goal],
    emulators: &Emulators,
    differing: Option<&Emulators>,
    played: &[Played<'_>],
    start: &[Vec<f64>],
    seed: u64,
    store: &Store<'_>,
) -> Result<Vec<Ranks>, Stopped> {
    let shares = |(number, Played { truth, figures, differences }): (u16, &Played<'_>)| {
        let first = DICE + APART * number;
        let published = published(goals, figures, &Dice::new(seed, first));
        // The figures carry all of a run's luck.
        let at = |point: &[f64]| misfit(&published, emulators, 1.0, point);
        let (sets, ..) = cool(start, &at, &|stage| Dice::new(seed, first + 1 + stage), store)?;
        let below = |k: usize| sets.points.iter().filter(|point| point[k] < truth[k]).count() as f64 / sets.points.len() as f64;
        let futures = |differing: &Emulators| {
            let dice = Dice::new(seed, first);
            // Addresses above those of the figures' own errors.
            let future = |(set, point): (usize, &Vec<f64>)| {
                let one = |(k, expected): (usize, Option<Expectation>)| {
                    expected.map_or(f64::NAN, |expected| expected.mean + (expected.noise + expected.doubt).sqrt() * dice.normal(3 + k, set))
                };
                differing.expect(point).into_iter().enumerate().map(one).collect::<Vec<f64>>()
            };
            sets.points.iter().enumerate().map(future).collect::<Vec<_>>()
        };
        let futures = differing.map(futures).unwrap_or_default();
        let under = |(k, truth): (usize, &f64)| futures.iter().filter(|future| future[k] < *truth).count() as f64 / futures.len().max(1) as f64;
        Ok(Ranks { parameters: (0..truth.len()).map(below).collect(), differences: differences.iter().enumerate().map(under).collect() })
    };
    (0..).zip(played).map(shares).collect()
}

/// Goals whose values are the `figures` of a run, with what may lie between them and what would have been published: errors of their own, and discrepancies of which a
/// series shares a part. A figure that the run does not define says nothing.
fn published(goals: &[Goal], figures: &[f64], dice: &Dice) -> Vec<Goal> {
    let goal = |(place, (goal, figure)): (usize, (&Goal, &f64))| {
        if !figure.is_finite() {
            return Goal { low: f64::NEG_INFINITY, high: f64::INFINITY, ..goal.clone() };
        }
        let (series, shared) = goal.series.map_or((goals.len() + place, 0.0), |series| (series, SHARED));
        let off = shared.sqrt() * dice.normal(2, series) + (1.0 - shared).sqrt() * dice.normal(1, place);
        let value = figure + goal.error * dice.normal(0, place) + goal.discrepancy * off;
        Goal { low: value, high: value, ..goal.clone() }
    };
    goals.iter().zip(figures).enumerate().map(goal).collect()
}

/// Of `shares` those within the central `part` (0 to 1).
#[must_use]
pub fn within(shares: impl Iterator<Item = f64>, part: f64) -> f64 {
    let (mut all, mut inside) = (0.0, 0.0);
    for share in shares {
        all += 1.0;
        inside += f64::from(u8::from((share - 0.5).abs() <= part / 2.0));
    }
    inside / all
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::super::design::points;
    use super::super::scales::Scale;
    use super::*;

    /// Three parameters and four figures, with luck: truths lie within the central nine tenths of their sets about nine times in ten, and hardly half as often
    /// under emulators of a luck that is a third of what it is.
    #[test]
    fn nine_tenths_of_truths_lie_within_nine_tenths_of_the_sets() {
        let dice = Dice::new(5, 0);
        let figures = |point: &[f64], luck: usize, noise: f64| -> Vec<f64> {
            let means = [point[0] + point[1], point[1] - point[2], 2.0 * point[2], point[0] * point[1]];
            means.iter().enumerate().map(|(k, mean)| mean + noise * dice.normal(luck, k)).collect()
        };
        let goal = |name: &str| Goal {
            name: name.to_owned(),
            low: 0.0,
            high: 0.0,
            error: 0.1,
            discrepancy: 0.0,
            scale: Scale::Plain,
            series: None,
            year: 0,
        };
        let goals = ["a", "b", "c", "d"].map(goal);
        let places = points(300, 3, 1);
        // What two variants differ in, with a luck of its own.
        let difference = |x: &[f64], luck: usize| vec![3.0 * x[0] - x[1] * x[2] + 0.2 * dice.normal(luck, 9)];
        let truth = |(i, x): (usize, Vec<f64>)| (figures(&x, 1000 + i, 0.2), difference(&x, 1000 + i), x);
        let truths: Vec<_> = points(60, 3, 9).into_iter().enumerate().map(truth).collect();
        let played: Vec<Played<'_>> = truths.iter().map(|(figures, differences, truth)| Played { truth, figures, differences }).collect();
        let differing = Emulators::fit(&places, &places.iter().enumerate().map(|(i, x)| difference(x, i)).collect::<Vec<_>>());
        let (simulate, stop) = (|_: &[f64], _: u32| vec![], AtomicBool::new(false));
        let store = Store::new(&simulate, 2, &|_| {}, &stop);
        let covered = |noise: f64| {
            let seen: Vec<Vec<f64>> = places.iter().enumerate().map(|(i, x)| figures(x, i, noise)).collect();
            let emulators = Emulators::fit(&places, &seen);
            let found = ranks(&goals, &emulators, Some(&differing), &played, &points(80, 3, 2), 1, &store).expect("nobody stops it");
            let parameters = within(found.iter().flat_map(|run| run.parameters.clone()), 0.9);
            (parameters, within(found.iter().map(|run| run.differences[0]), 0.9))
        };
        let ((honest, differences), (bold, bold_differences)) = (covered(0.2), covered(0.02));
        // Two standard errors of a share of nine tenths among a hundred and eighty, of which three belong together.
        assert!((0.82..=0.97).contains(&honest), "{honest}");
        assert!(bold < honest - 0.1, "{bold} {honest}");
        // The same of sixty.
        assert!((0.82..=0.98).contains(&differences), "{differences}");
        assert!(bold_differences < differences, "{bold_differences} {differences}");
    }

    /// What the number of walks does to the spread of sets in forty directions, thirty of which thirty figures speak of, with no emulator's error in it:
    /// docs/DECISIONS.md holds what it prints.
    #[test]
    #[ignore = "takes minutes: cargo test --release --lib few_walks -- --ignored --nocapture"]
    fn few_walks_in_many_directions_lose_spread() {
        let (directions, spoken_of, truths) = (40, 30, 40_u16);
        let dice = Dice::new(11, 0);
        let loads: Vec<Vec<f64>> = (0..spoken_of).map(|figure| (0..spoken_of).map(|k| dice.normal(figure, k)).collect()).collect();
        let figure = |x: &[f64], figure: usize| loads[figure].iter().zip(x).map(|(load, u)| load * (u - 0.5)).sum::<f64>();
        let (simulate, stop) = (|_: &[f64], _: u32| vec![], AtomicBool::new(false));
        let store = Store::new(&simulate, 2, &|_| {}, &stop);
        let mut covered = vec![];
        println!("| walks | error | spoken of, within the central 90 % | the others |\n|--:|--:|--:|--:|");
        for walks in [100, 200, 400] {
            for error in [0.3, 0.6] {
                let mut shares = (vec![], vec![]);
                for number in 0..truths {
                    let (place, first) = (1000 + usize::from(number), number * APART);
                    let truth: Vec<f64> = (0..directions).map(|k| dice.uniform(place, k)).collect();
                    let seen: Vec<f64> = (0..spoken_of).map(|k| figure(&truth, k) + error * dice.normal(9000 + place, k)).collect();
                    let misfit = |x: &[f64]| (0..spoken_of).map(|k| ((figure(x, k) - seen[k]) / error).powi(2)).sum::<f64>();
                    let (sets, ..) =
                        cool(&points(walks, directions, 3), &misfit, &|stage| Dice::new(77, first + stage), &store).expect("nobody stops it");
                    for k in 0..directions {
                        let below = sets.points.iter().filter(|point| point[k] < truth[k]).count() as f64 / walks as f64;
                        if k < spoken_of { shares.0.push(below) } else { shares.1.push(below) }
                    }
                }
                let [told, untold] = [shares.0, shares.1].map(|shares| within(shares.into_iter(), 0.9));
                println!("| {walks} | {error} | {:.0} % | {:.0} % |", 100.0 * told, 100.0 * untold);
                covered.push(told);
            }
        }
        assert!(covered[0] < covered[2] && covered[2] < covered[4], "{covered:?}");
    }

    #[test]
    fn shares_within_the_middle_are_counted() {
        assert!((within([0.02, 0.05, 0.5, 0.96].into_iter(), 0.9) - 0.5).abs() < 1e-12);
    }
}
