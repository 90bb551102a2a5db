//! Calibration recovers parameters of Borderland from simulated data.
//!
//! Three parameters (forced labour at arrival, return home, arrests of the irregular) and five figures.
//! For each truth drawn from the ranges, data are one run at the truth with an observation error of 5 % laid over; then
//! the whole route of calibration is walked, and the 90 % interval of each parameter holds the truth or not. The study
//! with 100 truths at a longer run is `cargo test --release recovery_study -- --ignored --nocapture`; docs/RECOVERY.md holds what it printed.

use fivep::calibration::posterior::quantile;
use fivep::calibration::scales::Scale;
use fivep::calibration::store::Store;
use fivep::calibration::{Effort, Goal, Settings, Space, calibrate, design, emulator::Emulators, matching};
use fivep::draws::{Luck, Purpose, normal_quantile};
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::{Setting, simulate};
use fivep::scenario::{Overrides, Variant, load, notes};
use std::fmt::Write;
use std::sync::atomic::AtomicBool;

const NAMES: [&str; 3] = ["placement.labour_at_arrival", "work.return_home", "contact.arrest"];
const ERROR: f64 = 0.05;

struct Country {
    variant: Variant,
    best: Vec<f64>,
    space: Space,
}

fn borderland(to: &str, scale: f64) -> Country {
    let overrides = Overrides { scale: Some(scale), to: to.parse().ok(), only: Some(vec!["baseline".to_owned()]), ..Overrides::default() };
    let Ok(mut scenario) = load("borderland", &overrides) else { panic!("the shipped scenario loads") };
    let Ok(notes) = notes(&scenario) else { panic!("the shipped country is sound") };
    let note = |name: &&str| notes.iter().find(|note| note.parameter.path() == **name).expect("the parameter exists");
    let space = Space {
        names: NAMES.iter().map(|name| (*name).to_owned()).collect(),
        low: NAMES.iter().map(|name| note(name).low).collect(),
        high: NAMES.iter().map(|name| note(name).high).collect(),
        start: NAMES.iter().map(|name| note(name).value).collect(),
    };
    Country { variant: scenario.variants.swap_remove(0), best: notes.iter().map(|note| note.value).collect(), space }
}

impl Country {
    fn setting(&self, values: &[f64]) -> Setting {
        let mut row = self.best.clone();
        for (name, value) in NAMES.iter().zip(values) {
            row[fivep::model::parameters::place(name).expect("the parameter exists")] = *value;
        }
        self.variant.assuming(&row)
    }

    fn figures(&self, values: &[f64], luck: u32) -> Vec<f64> {
        let history = simulate(&self.setting(values), Luck::new(42, luck));
        let sum = |indicator: Indicator| history.rows.iter().map(|row| row.get(indicator)).sum::<f64>();
        let months = history.rows.len() as f64;
        vec![
            sum(Indicator::ForcedLabour) / months,
            sum(Indicator::NewVictims),
            sum(Indicator::Returns),
            sum(Indicator::ArrestsRoutine),
            sum(Indicator::IrregularShare) / months,
        ]
    }

    fn truth(&self, number: usize) -> Vec<f64> {
        let point = &design::points(number + 1, 3, 2026)[number];
        // The outer tenth on either side is left out: a truth at the end of its range is no test of an interval.
        point.iter().enumerate().map(|(k, u)| self.space.low[k] + (0.1 + 0.8 * u) * (self.space.high[k] - self.space.low[k])).collect()
    }
}

/// Walks the whole route for `truths` truths; the answer holds, for each parameter, how many intervals hold the truth,
/// and the mean width of an interval as a share of the range; and how many truths history matching kept.
fn recover(country: &Country, truths: usize, effort: Effort, told: &mut String) -> ([(usize, f64); 3], usize) {
    let mut answer = [(0, 0.0); 3];
    let mut kept = 0;
    for number in 0..truths {
        let truth = country.truth(number);
        let goals: Vec<Goal> = (0u16..)
            .zip(country.figures(&truth, 1_000_000 + number as u32))
            .map(|(i, value)| {
                // Two standard deviations at most: a datum that is itself far off would rightly be ruled out.
                let luck = normal_quantile(Luck::new(99, number as u32).uniform(Purpose::Parameters, 0, 0, i)).clamp(-2.0, 2.0);
                let value = value * (1.0 + ERROR * luck);
                Goal {
                    name: format!("g{i}"),
                    low: value,
                    high: value,
                    error: ERROR * value,
                    discrepancy: 0.0,
                    scale: Scale::Plain,
                    series: None,
                    year: 0,
                }
            })
            .collect();
        let stop = AtomicBool::new(false);
        let simulate = |values: &[f64], luck: u32| country.figures(values, luck);
        let mut store = Store::new(&simulate, 2, &|_| {}, &stop);
        let Ok(outcome) =
            calibrate(&country.space, &goals, Settings { effort, seed: 1_000 + number as u64, luck: 1.0, split: 0, truths: 0 }, &mut store)
        else {
            panic!("nobody stops it")
        };
        let sets = outcome.sets(&country.space);
        // No wave may rule the truth out.
        let place: Vec<f64> = (0..3).map(|k| (truth[k] - country.space.low[k]) / (country.space.high[k] - country.space.low[k])).collect();
        kept += usize::from(matching::remains(&goals, &outcome.emulators, &place));
        write!(told, "{number:>3}").expect("memory suffices");
        for (k, (held, width)) in answer.iter_mut().enumerate() {
            let values: Vec<f64> = sets.iter().map(|set| set[k]).collect();
            let [low, high] = [0.05, 0.95].map(|p| quantile(&values, &outcome.population.weights, p));
            *held += usize::from((low..=high).contains(&truth[k]));
            *width += (high - low) / (country.space.high[k] - country.space.low[k]) / truths as f64;
            write!(told, "  {:.4} [{low:.4}, {high:.4}]", truth[k]).expect("memory suffices");
        }
        writeln!(told, "  effective {:.0}, tolerance {:.2}", outcome.population.effective, outcome.population.tolerance).expect("memory suffices");
    }
    for (name, (held, width)) in NAMES.iter().zip(answer) {
        writeln!(told, "{name}: {held} of {truths} intervals hold the truth; mean width {:.0} % of the range", width * 100.0)
            .expect("memory suffices");
    }
    let pooled: usize = answer.iter().map(|(held, _)| held).sum();
    let share = 100.0 * pooled as f64 / (3 * truths) as f64;
    writeln!(told, "pooled: {pooled} of {} ({share:.1} %)", 3 * truths).expect("memory suffices");
    writeln!(told, "history matching kept {kept} of {truths} truths").expect("memory suffices");
    (answer, kept)
}

fn check((answer, kept): ([(usize, f64); 3], usize), truths: usize, least: usize) {
    assert!(kept >= least, "history matching kept {kept} of {truths} truths");
    let pooled = answer.iter().map(|(held, _)| held).sum::<usize>() as f64 / (3 * truths) as f64;
    assert!((0.80..=0.97).contains(&pooled), "pooled coverage of 90 % intervals is {pooled:.3}");
    // An interval as wide as that of the even prior, 90 % of the range, would hold its share of truths and say nothing.
    assert!(answer.iter().all(|(_, width)| *width < 0.7), "{answer:?}");
}

#[test]
fn parameters_of_borderland_are_recovered() {
    let mut told = String::new();
    let effort = Effort { screen: 0, most: 3, waves: 2, runs: 50, places: 100, generations: 3, checks: 0 };
    let answer = recover(&borderland("2015-12", 10.0), 20, effort, &mut told);
    println!("{told}");
    check(answer, 20, 20);
}

#[test]
#[ignore = "a study of minutes: cargo test --release recovery_study -- --ignored --nocapture"]
fn recovery_study() {
    let mut told = String::new();
    let effort = Effort { screen: 0, most: 3, waves: 3, runs: 60, places: 200, generations: 5, checks: 0 };
    let answer = recover(&borderland("2016-12", 10.0), 100, effort, &mut told);
    println!("{told}");
    // Three waves look closer than emulators can: they take luck to be the same everywhere, and it is larger where more happens.
    check(answer, 100, 90);
}

/// The emulator predicts runs of Borderland that it has not seen, as far as luck lets anything predict them: what luck
/// alone does is measured by twenty runs at one place, and one minus its share of the variance is the most that Q2 can be.
#[test]
fn the_emulator_predicts_held_out_runs_of_borderland() {
    let country = borderland("2015-12", 5.0);
    let run = |points: &[Vec<f64>], first: u32| -> Vec<Vec<f64>> {
        let (low, high) = (&country.space.low, &country.space.high);
        let values = |point: &Vec<f64>| -> Vec<f64> { (0..3).map(|k| low[k] + point[k] * (high[k] - low[k])).collect() };
        std::thread::scope(|scope| {
            let part = |range: std::ops::Range<usize>| range.map(|i| country.figures(&values(&points[i]), first + i as u32)).collect::<Vec<_>>();
            let other = scope.spawn(move || part(points.len() / 2..points.len()));
            let mut all = part(0..points.len() / 2);
            all.extend(other.join().expect("no simulation panics"));
            all
        })
    };
    let (seen, unseen) = (design::points(80, 3, 5), design::points(40, 3, 6));
    let (known, held_out, again) = (run(&seen, 0), run(&unseen, 1_000), run(&vec![vec![0.5; 3]; 20], 2_000));
    let variance = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() - 1) as f64
    };
    let emulators = Emulators::fit(&seen, &known);
    let mut well = 0;
    for (i, name) in ["forced labour", "new victims", "returns", "arrests", "irregular share"].iter().enumerate() {
        let column = |runs: &[Vec<f64>]| runs.iter().map(|run| run[i]).collect::<Vec<f64>>();
        let truth = column(&held_out);
        let missed = |(point, truth): (&Vec<f64>, &f64)| (emulators.expect(point)[i].expect("there are enough runs").mean - truth).powi(2);
        let missed = unseen.iter().zip(&truth).map(missed).sum::<f64>() / truth.len() as f64;
        let q2 = 1.0 - missed / variance(&truth);
        let most = 1.0 - variance(&column(&again)) / variance(&truth);
        println!("{name}: Q2 {q2:.3} on 40 held-out runs, of at most {most:.3}; leave-one-out {:.3}", emulators.q2()[i]);
        assert!(q2 > most - 0.2, "{name}: {q2:.3} of {most:.3}");
        well += usize::from(q2 > 0.5);
    }
    assert!(well >= 3, "at least three of the figures are mostly parameters and not luck");
}
