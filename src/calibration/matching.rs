//! History matching: which places in the unit cube the published figures rule out.
//!
//! Implausibility is the distance of an emulator's mean to what was published, in standard deviations of everything
//! that could explain it: the observation, the model's form, the emulator's doubt and the luck of a run (Craig et al.
//! 1997; Vernon et al. 2010). A place is kept while its implausibility in every wave is at most three (Pukelsheim 1994: 95 % of
//! any unimodal distribution lie within three standard deviations). It is that of the goal that is met worst; but among many
//! goals chance alone makes one of them implausible, so that one in fifteen is passed over (Vernon et al. 2010).
//!
//! It decides where runs are placed and nothing else: a cut of the posterior would use the same figures twice.

use super::Goal;
use super::design::{Dice, points};
use super::emulator::{Emulators, Expectation};

/// The greatest implausibility that a place may have.
pub const CUTOFF: f64 = 3.0;
/// Points of the design in which places that remain are looked for.
const LOOKED_AT: usize = 1 << 13;
/// Fewest places kept before the cutoff is relaxed: fewer would not show the shape of what remains.
const FEWEST: usize = 16;

/// Of how many goals one may be implausible by chance.
const GOALS_A_MISS: usize = 15;

/// The emulators of one wave.
#[derive(Clone, Debug)]
pub struct Wave {
    /// The emulators of all goals' figures.
    pub emulators: Emulators,
    /// The share of a run's luck that what was published carries.
    pub luck: f64,
    /// The greatest implausibility that this wave lets pass: [`CUTOFF`], or more where nothing would remain.
    pub cutoff: f64,
}

/// The distance from `value` to the interval of `goal`.
#[must_use]
pub fn distance(goal: &Goal, value: f64) -> f64 {
    if value < goal.low {
        goal.low - value
    } else if value > goal.high {
        value - goal.high
    } else {
        0.0
    }
}

/// The implausibility of `goal` where `expected` is what its emulator expects; `luck` is the share of a run's luck that what
/// was published carries.
#[must_use]
pub fn implausibility(goal: &Goal, expected: &Expectation, luck: f64) -> f64 {
    let distance = distance(goal, expected.mean);
    let variance = goal.error * goal.error + goal.discrepancy * goal.discrepancy + expected.doubt + luck * expected.noise;
    if distance == 0.0 { 0.0 } else { distance / variance.sqrt() }
}

/// The implausibility of `point` in one wave.
fn worst(goals: &[Goal], wave: &Wave, point: &[f64]) -> f64 {
    let expected = wave.emulators.expect(point);
    let told = goals.iter().zip(&expected).filter_map(|(goal, expected)| Some(implausibility(goal, expected.as_ref()?, wave.luck)));
    let mut told: Vec<f64> = told.collect();
    told.sort_by(|a, b| b.total_cmp(a));
    told.get(goals.len() / GOALS_A_MISS).copied().unwrap_or(0.0)
}

/// Whether no wave rules `point` out.
#[must_use]
pub fn remains(goals: &[Goal], waves: &[Wave], point: &[f64]) -> bool {
    // The latest wave rules out most, so it is asked first.
    waves.iter().rev().all(|wave| worst(goals, wave, point) <= wave.cutoff)
}

/// What was found when looking for places that remain.
#[derive(Clone, Debug)]
pub struct Remaining {
    /// As many places as were asked for.
    pub points: Vec<Vec<f64>>,
    /// The share of the unit cube's volume that remains, as far as the design shows it.
    pub share: f64,
    /// The cube around what remains: low and high of each coordinate.
    pub bounds: Vec<(f64, f64)>,
}

/// Finds `count` places that no wave rules out, inside the cube `bounds` that remained before, whose share of the unit
/// cube is told by its sides. Where too few remain under the last wave's cutoff, that cutoff is relaxed to what the best
/// places have, and the wave says so: a finding about the model.
pub fn remaining(goals: &[Goal], waves: &mut [Wave], count: usize, bounds: &[(f64, f64)], seed: u64, stage: u16) -> Remaining {
    let inside = |place: &[f64]| -> Vec<f64> { place.iter().zip(bounds).map(|(u, (low, high))| low + u * (high - low)).collect() };
    let looked: Vec<Vec<f64>> = points(LOOKED_AT, bounds.len(), seed as u32 ^ (u32::from(stage) << 16)).iter().map(|place| inside(place)).collect();
    let Some((last, earlier)) = waves.split_last_mut() else {
        return Remaining { points: looked[..count.min(LOOKED_AT)].to_vec(), share: 1.0, bounds: bounds.to_vec() };
    };
    let volume: f64 = bounds.iter().map(|(low, high)| high - low).product();
    let mut scored: Vec<(f64, &Vec<f64>)> =
        looked.iter().filter(|place| remains(goals, earlier, place)).map(|place| (worst(goals, last, place), place)).collect();
    if scored.is_empty() {
        // Earlier waves leave nothing that this coarse look can see; the last wave alone then guides.
        scored = looked.iter().map(|place| (worst(goals, last, place), place)).collect();
        for wave in earlier.iter_mut() {
            wave.cutoff = f64::INFINITY;
        }
    }
    let mut scores: Vec<f64> = scored.iter().map(|(score, _)| *score).collect();
    scores.sort_by(f64::total_cmp);
    last.cutoff = CUTOFF.max(scores[FEWEST.min(scores.len()) - 1]);
    let kept: Vec<Vec<f64>> = scored.iter().filter(|(score, _)| *score <= last.cutoff).map(|(_, place)| (*place).clone()).collect();
    let share = volume * kept.len() as f64 / LOOKED_AT as f64;
    let around = |k: usize| {
        let low = kept.iter().map(|place| place[k]).fold(1.0, f64::min);
        let high = kept.iter().map(|place| place[k]).fold(0.0, f64::max);
        // A tenth of the width on either side, for what lies between the points looked at.
        let margin = 0.1 * (high - low) + 0.01;
        ((low - margin).max(bounds[k].0), (high + margin).min(bounds[k].1))
    };
    let bounds: Vec<(f64, f64)> = (0..bounds.len()).map(around).collect();
    let mut chosen: Vec<Vec<f64>> = kept.iter().take(count).cloned().collect();
    let dice = Dice::new(seed, stage);
    let mut tries = 0;
    // Where fewer places were seen than are wanted, more lie between them: steps from one toward another, and beside it.
    while chosen.len() < count {
        let from = &kept[(dice.uniform(tries, 0) * kept.len() as f64) as usize];
        let toward = &kept[(dice.uniform(tries, 1) * kept.len() as f64) as usize];
        let step = dice.uniform(tries, 2);
        let place: Vec<f64> = (0..from.len())
            .map(|k| from[k] + step * (toward[k] - from[k]) + 0.1 * (bounds[k].1 - bounds[k].0) * dice.normal(tries, 3 + k))
            .map(|x| x.clamp(0.0, 1.0))
            .collect();
        tries += 1;
        if tries > 200 * count || remains(goals, waves, &place) {
            chosen.push(place);
        }
    }
    Remaining { points: chosen, share, bounds }
}

#[cfg(test)]
mod tests {
    use super::super::scales::Scale;
    use super::*;

    fn goal(low: f64, high: f64) -> Goal {
        Goal { name: "g".to_owned(), low, high, error: 0.3, discrepancy: 0.4, scale: Scale::Plain, series: None, year: 0 }
    }

    #[test]
    fn distance_is_told_to_the_nearer_end_and_a_half_line_has_one() {
        assert!((distance(&goal(2.0, 3.0), 1.5) - 0.5).abs() < 1e-12);
        assert!((distance(&goal(2.0, 3.0), 5.0) - 2.0).abs() < 1e-12);
        assert!(distance(&goal(2.0, 3.0), 2.5).abs() < 1e-12);
        assert!(distance(&goal(f64::NEG_INFINITY, 0.0), -1e9).abs() < 1e-12);
    }

    /// A straight line has no doubt and no luck: the implausibility is the distance over sqrt(.3^2 + .4^2) = .5.
    #[test]
    fn implausibility_is_distance_in_standard_deviations() {
        let seen = points(20, 1, 1);
        let outputs: Vec<Vec<f64>> = seen.iter().map(|x| vec![10.0 * x[0]]).collect();
        let expected = Emulators::fit(&seen, &outputs).expect(&[0.5])[0].expect("there are enough runs");
        assert!((implausibility(&goal(6.0, 7.0), &expected, 1.0) - 2.0).abs() < 1e-3);
    }
}
