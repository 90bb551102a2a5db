//! Calibration held against what is known: conjugate posteriors, truths of one's own making, other numbers of threads.

use super::*;
use crate::draws::{Purpose, normal_quantile};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn space(names: &[&str]) -> Space {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Space { low: vec![0.0; names.len()], high: vec![1.0; names.len()], start: vec![0.5; names.len()], names }
}

fn goal(name: &str, value: f64, error: f64) -> Goal {
    Goal { name: name.to_owned(), low: value, high: value, error, discrepancy: 0.0, scale: Scale::Plain, series: None, year: 0 }
}

/// A standard normal draw for the run with number `luck`.
fn noise(seed: u64, luck: u32, decision: u16) -> f64 {
    normal_quantile(crate::draws::Luck::new(seed, 0).uniform(Purpose::Parameters, u16::MAX, luck, decision))
}

fn run(space: &Space, goals: &[Goal], effort: Effort, seed: u64, simulate: &store::Simulator<'_>, jobs: usize) -> Outcome {
    let stop = AtomicBool::new(false);
    let mut store = Store::new(simulate, jobs, &|_| {}, &stop);
    calibrate(space, goals, Settings { effort, seed, luck: 1.0, split: 0, truths: 0 }, &mut store).expect("nobody stops it")
}

const QUICK: Effort = Effort { screen: 0, most: 8, waves: 2, runs: 40, places: 100, generations: 4, checks: 0 };

/// Weighted mean and variance.
fn moments(values: &[f64], weights: &[f64]) -> (f64, f64) {
    let mean: f64 = values.iter().zip(weights).map(|(value, weight)| value * weight).sum();
    let variance = values.iter().zip(weights).map(|(value, weight)| weight * (value - mean) * (value - mean)).sum();
    (mean, variance)
}

/// A normal mean with a normal prior and known variance. The prior N(2, 3^2) enters as a figure of its own, the parameter
/// itself, published as 2 with an error of 3; one run is the mean of 4 draws of variance 4, and the published mean carries
/// an error of variance 1. The posterior is normal with precision 1/9 + 1/(4/4 + 1). Tolerances: with about 500 effective
/// sets the mean is known to 0.045 posterior standard deviations and the variance to 6.5 %, history matching's cut at three
/// standard deviations takes off 3 %, and the emulators know the luck's variance to about 10 %; 0.2 and 20 % allow for all.
#[test]
fn abc_follows_the_conjugate_posterior() {
    let value = |x: f64| -11.0 + 26.0 * x;
    let simulate = |x: &[f64], luck: u32| vec![value(x[0]), value(x[0]) + noise(5, luck, 0)];
    let effort = Effort { runs: 100, places: 1_000, generations: 8, ..QUICK };
    for (seed, published) in [(1, 4.0), (2, -1.0), (3, 7.5)] {
        let outcome = run(&space(&["mean"]), &[goal("prior", 2.0, 3.0), goal("mean", published, 1.0)], effort, seed, &simulate, 2);
        let means: Vec<f64> = outcome.population.points.iter().map(|point| value(point[0])).collect();
        let (mean, variance) = moments(&means, &outcome.population.weights);
        let precision = 1.0 / 9.0 + 1.0 / 2.0;
        let (true_mean, true_variance) = ((2.0 / 9.0 + published / 2.0) / precision, 1.0 / precision);
        assert!((outcome.population.tolerance - 1.0).abs() < 1e-12, "the tolerance reaches that of the figure: {:?}", outcome.generations);
        assert!((mean - true_mean).abs() < 0.2 * true_variance.sqrt(), "{mean} against {true_mean}");
        assert!((variance / true_variance - 1.0).abs() < 0.2, "{variance} against {true_variance}");
    }
}

/// Three figures of three parameters, bent and without luck.
fn exact(x: &[f64]) -> [f64; 3] {
    [10.0 * x[0] + 4.0 * x[1] * x[1], libm::exp(1.5 * x[1]) - x[0], 3.0 * x[2] + x[0] * x[1]]
}

/// The same with luck of their own.
fn bent(x: &[f64], luck: u32) -> Vec<f64> {
    exact(x).iter().zip(0..).map(|(figure, decision)| figure + 0.2 * noise(9, luck, decision)).collect()
}

/// Thirty truths: data are one run at the truth plus an observation error of its stated size, but bounded, so that no
/// datum is itself farther off than three standard deviations and every ruling out would be the matching's own fault.
/// No wave rules any out, and little of the volume is left.
#[test]
fn history_matching_never_rules_out_the_truth() {
    let space = space(&["a", "b", "c"]);
    let truths = design::points(30, 3, 77);
    let mut shares = vec![];
    for (number, truth) in (0u32..).zip(&truths) {
        // Luck and error within two standard deviations each: together within three of both.
        let apart = |i: u16| 0.2 * noise(9, 1_000_000 + number, i).clamp(-2.0, 2.0) + 0.3 * noise(11, number, i).clamp(-2.0, 2.0);
        let goals: Vec<Goal> = exact(truth).iter().zip(0..).map(|(value, i)| goal(&format!("g{i}"), value + apart(i), 0.3)).collect();
        let effort = Effort { waves: 3, places: 60, generations: 1, ..QUICK };
        let outcome = run(&space, &goals, effort, u64::from(number), &bent, 2);
        let worst = outcome.emulators.iter().flat_map(|wave| goals.iter().zip(wave.emulators.expect(truth)));
        let worst = worst.filter_map(|(goal, expected)| Some(matching::implausibility(goal, &expected?, 1.0)));
        let worst = worst.fold(0.0, f64::max);
        assert!(matching::remains(&goals, &outcome.emulators, truth), "truth {number} {truth:?} is ruled out: implausibility {worst:.2}");
        assert!(outcome.waves.iter().all(|wave| wave.cutoff.to_bits() == matching::CUTOFF.to_bits()), "the cutoff was relaxed for truth {number}");
        shares.push(outcome.waves.last().expect("three waves").share);
    }
    let mean = shares.iter().sum::<f64>() / 30.0;
    assert!(mean < 0.1, "matching that leaves nearly everything proves nothing: {mean}");
}

/// Forty truths of the same model: the 90 % intervals of each parameter hold the truth as often as they should.
#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    let space = space(&["a", "b", "c"]);
    let (mut held, mut all) = (0, 0);
    for (number, truth) in (0u32..).zip(&design::points(40, 3, 78)) {
        let observed = bent(truth, 2_000_000 + number);
        let goals: Vec<Goal> = observed.iter().zip(0..).map(|(value, i)| goal(&format!("g{i}"), value + 0.3 * noise(12, number, i), 0.3)).collect();
        let outcome = run(&space, &goals, QUICK, 500 + u64::from(number), &bent, 2);
        for (k, truth) in truth.iter().enumerate() {
            let values: Vec<f64> = outcome.population.points.iter().map(|point| point[k]).collect();
            let (low, high) =
                (posterior::quantile(&values, &outcome.population.weights, 0.05), posterior::quantile(&values, &outcome.population.weights, 0.95));
            held += usize::from((low..=high).contains(truth));
            all += 1;
        }
    }
    assert!((0.80..=0.97).contains(&(f64::from(held as u32) / f64::from(all))), "{held} of {all}");
}

#[test]
fn neither_threads_nor_interruptions_change_a_byte() {
    let space = space(&["a", "b", "c", "d", "e"]);
    let goals = [goal("g0", 7.0, 0.3), goal("g1", 1.5, 0.3), goal("g2", 2.0, 0.3)];
    let effort = Effort { screen: 100, most: 3, places: 80, generations: 3, ..QUICK };
    let told = |outcome: &Outcome| format!("{:?} {:?} {:?}", outcome.known, outcome.places, outcome.generations);
    let one = told(&run(&space, &goals, effort, 3, &bent, 1));
    for jobs in [2, 8] {
        assert!(told(&run(&space, &goals, effort, 3, &bent, jobs)) == one, "{jobs} threads");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (stop, count) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut sittings = 0;
    let outcome = loop {
        let simulate = |x: &[f64], luck: u32| {
            // Somebody presses Ctrl-C after every 90 runs.
            if count.fetch_add(1, Ordering::Relaxed) % 90 == 89 {
                stop.store(true, Ordering::Relaxed);
            }
            bent(x, luck)
        };
        let mut store = Store::new(&simulate, 2, &|_| {}, &stop).kept_in(folder.path(), "key");
        match calibrate(&space, &goals, Settings { effort, seed: 3, luck: 1.0, split: 0, truths: 0 }, &mut store) {
            Ok(outcome) => break outcome,
            Err(Stopped::Interrupted) => stop.store(false, Ordering::Relaxed),
            Err(Stopped::Problem(problem)) => panic!("{problem:?}"),
        }
        sittings += 1;
        assert!(sittings < 50, "it goes on from where it was");
    };
    assert!(sittings > 2, "it was interrupted {sittings} times");
    assert!(told(&outcome) == one, "after {sittings} interruptions");
}

#[test]
fn the_screen_keeps_what_moves_a_figure() {
    let names: Vec<String> = (0..40).map(|i| format!("p{i}")).collect();
    let space = space(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let simulate = |x: &[f64], luck: u32| vec![5.0 * x[7] + 3.0 * x[31] + noise(13, luck, 0), 4.0 * x[12] * x[7]];
    let effort = Effort { screen: 300, most: 10, waves: 1, runs: 40, places: 20, generations: 1, checks: 0 };
    let outcome = run(&space, &[goal("g0", 4.0, 1.0), goal("g1", 1.0, 0.5)], effort, 1, &simulate, 2);
    assert_eq!(outcome.known, [7, 12, 31]);
}

/// What emulators do not know is drawn from its range in every run and every set, and what it does to figures is part of their noise.
#[test]
fn parameters_that_no_emulator_knows_are_random_and_count_as_noise() {
    let names: Vec<String> = (0..9).map(|i| format!("p{i}")).collect();
    let space = space(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let simulate = |x: &[f64], luck: u32| vec![3.0 * x[4] + x[2] - x[6] + 0.1 * noise(15, luck, 0)];
    let effort = Effort { screen: 60, most: 1, waves: 1, runs: 60, places: 100, generations: 2, checks: 0 };
    let outcome = run(&space, &[goal("g", 1.5, 0.1)], effort, 1, &simulate, 2);
    assert_eq!(outcome.known, [4]);
    let sets = outcome.sets(&space);
    let of = |k: usize| moments(&sets.iter().map(|set| set[k]).collect::<Vec<_>>(), &outcome.population.weights);
    for k in [0, 2, 6, 8] {
        let (mean, variance) = of(k);
        assert!((mean - 0.5).abs() < 0.02 && (variance * 12.0 - 1.0).abs() < 0.1, "{k}: {mean} {variance}");
    }
    // Two even draws of variance 1/12 each, the figure's error and the luck, over the slope.
    let (right, (_, found)) = ((2.0 / 12.0 + 0.01 + 0.01) / 9.0, of(4));
    assert!((found / right - 1.0).abs() < 0.45, "{found} {right}");
}

/// Figures that no parameters can meet: the cutoff is relaxed and told, and the nearest places are found.
#[test]
fn what_cannot_be_met_is_told_and_not_hidden() {
    let simulate = |x: &[f64], luck: u32| vec![x[0] + 0.01 * noise(14, luck, 0)];
    let outcome = run(&space(&["a", "b"]), &[goal("beyond", 3.0, 0.1)], QUICK, 1, &simulate, 2);
    assert!(outcome.waves[0].cutoff > 10.0, "{:?}", outcome.waves[0]);
    let (mean, _) = moments(&outcome.population.points.iter().map(|point| point[0]).collect::<Vec<_>>(), &outcome.population.weights);
    assert!(mean > 0.9, "the sets crowd where the miss is least: {mean}");
}
