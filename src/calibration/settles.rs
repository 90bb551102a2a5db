//! A calibration of Thailand's size whose truth is known: sixteen parameters and thirty figures, two thirds of which are mostly luck,
//! held against what was published of a country twenty times as large as a run.

use std::sync::atomic::AtomicBool;

use super::design::{Dice, points};
use super::scales::Scale;
use super::store::Store;
use super::{Effort, Goal, Outcome, Settings, Space, calibrate};

const PARAMETERS: usize = 16;
const FIGURES: usize = 30;
/// The share of a run's luck that what was published carries.
const LUCK: f64 = 1.0 / 20.0;

/// Figures that rise and bend with the parameters, each with variance one over their ranges.
struct Toy {
    slopes: Vec<Vec<f64>>,
    bends: Vec<Vec<(usize, usize, f64)>>,
}

impl Toy {
    fn new(seed: u64) -> Self {
        let dice = Dice::new(seed, 0);
        let slope = |figure: usize, k: usize| if dice.uniform(figure, k) < 0.35 { dice.normal(figure, 100 + k) } else { 0.0 };
        let bend = |figure: usize, i: usize, j: usize| {
            let place = 1000 + i * PARAMETERS + j;
            (dice.uniform(figure, place) < 0.06).then(|| (i, j, 0.8 * dice.normal(figure, place + 1000)))
        };
        let pairs = || (0..PARAMETERS).flat_map(|i| (0..PARAMETERS).map(move |j| (i, j)));
        let mut toy = Self {
            slopes: (0..FIGURES).map(|figure| (0..PARAMETERS).map(|k| slope(figure, k)).collect()).collect(),
            bends: (0..FIGURES).map(|figure| pairs().filter_map(|(i, j)| bend(figure, i, j)).collect()).collect(),
        };
        let sample: Vec<Vec<f64>> = points(1024, PARAMETERS, seed as u32).iter().map(|point| toy.figures(point)).collect();
        for figure in 0..FIGURES {
            let mean = sample.iter().map(|row| row[figure]).sum::<f64>() / 1024.0;
            let spread = (sample.iter().map(|row| (row[figure] - mean) * (row[figure] - mean)).sum::<f64>() / 1024.0).sqrt() + 1e-9;
            toy.slopes[figure].iter_mut().for_each(|slope| *slope /= spread);
            toy.bends[figure].iter_mut().for_each(|(.., bend)| *bend /= spread);
        }
        toy
    }

    fn figures(&self, point: &[f64]) -> Vec<f64> {
        let straight = |slopes: &Vec<f64>| slopes.iter().zip(point).map(|(slope, x)| slope * (x - 0.5)).sum::<f64>();
        let bent = |bends: &Vec<(usize, usize, f64)>| bends.iter().map(|(i, j, bend)| bend * (point[*i] - 0.5) * (point[*j] - 0.5)).sum::<f64>();
        self.slopes.iter().zip(&self.bends).map(|(slopes, bends)| straight(slopes) + bent(bends)).collect()
    }
}

/// The standard deviations of a run's luck and of the publication's error for a figure.
fn spreads(figure: usize) -> (f64, f64) {
    // Nine figures are mostly parameters, the others mostly luck.
    let told: f64 = if figure < 9 { 0.92 } else { 0.15 };
    let luck = ((1.0 - told) / told).sqrt();
    (luck, if figure < 9 { 0.35 } else { 0.65 * luck })
}

fn calibrated(seed: u64, generations: usize) -> Outcome {
    let (toy, dice) = (Toy::new(seed), Dice::new(seed, 1));
    let truth: Vec<f64> = (0..PARAMETERS).map(|k| 0.1 + 0.8 * dice.uniform(0, k)).collect();
    let goal = |(figure, value): (usize, &f64)| {
        let (luck, error) = spreads(figure);
        let value = value + LUCK.sqrt() * luck * dice.normal(1, figure) + error * dice.normal(2, figure);
        Goal { name: format!("g{figure}"), low: value, high: value, error, discrepancy: 0.0, scale: Scale::Plain, series: None, year: 0 }
    };
    let goals: Vec<Goal> = toy.figures(&truth).iter().enumerate().map(goal).collect();
    let names: Vec<String> = (0..PARAMETERS).map(|k| format!("p{k}")).collect();
    let space = Space { low: vec![0.0; PARAMETERS], high: vec![1.0; PARAMETERS], start: vec![0.5; PARAMETERS], names };
    let simulate = |point: &[f64], luck: u32| {
        let dice = Dice::new(seed, 2);
        toy.figures(point).iter().enumerate().map(|(figure, value)| value + spreads(figure).0 * dice.normal(luck as usize, figure)).collect()
    };
    let effort = Effort { screen: 0, most: PARAMETERS, waves: 3, runs: 160, places: 200, generations, checks: 0 };
    let stop = AtomicBool::new(false);
    let mut store = Store::new(&simulate, 2, &|_| {}, &stop);
    calibrate(&space, &goals, Settings { effort, seed, luck: LUCK, split: 0, truths: 0 }, &mut store).expect("nobody stops it")
}

/// Emulators that forget, or that see too little, let 20 to 40 of 200 places count in every generation.
#[test]
fn generations_of_a_calibration_as_large_as_thailands_agree() {
    let outcome = calibrated(1, 3);
    let agreed: Vec<f64> = outcome.generations.iter().map(|generation| generation.settling.agreed).collect();
    let told: Vec<String> = outcome.generations.iter().map(|generation| generation.settling.told()).collect();
    assert!(agreed.iter().any(|agreed| *agreed >= 100.0), "{told:#?}");
}
