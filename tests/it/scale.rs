//! Scale: the model gives the same answers whether an agent stands for one person or for ten, and counts of officials carry no more chance.
//!
//! A small version of what the docs show for the shipped scenarios.

use crate::borderland;
use crate::futures::{on_two_threads, spread, variance};
use fivep::draws::Luck;
use fivep::model::ledgers::History;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::{Setting, simulate};

/// Scales and the replicates that each is given: coarse ones cost little. With half as many one mean of sixteen lay four standard errors off by chance, which ten other
/// seeds did not bear out.
const SCALES: [(f64, u32); 3] = [(1.0, 64), (3.0, 80), (10.0, 128)];

type Headline = (&'static str, fn(&History) -> f64);

fn sum(history: &History, indicator: Indicator) -> f64 {
    history.rows.iter().map(|row| row.get(indicator)).sum()
}

fn mean(history: &History, indicator: Indicator) -> f64 {
    sum(history, indicator) / history.rows.len() as f64
}

const HEADLINES: [Headline; 8] = [
    ("exploited", |history| mean(history, Indicator::Exploited)),
    ("new victims", |history| sum(history, Indicator::NewVictims)),
    ("identified", |history| sum(history, Indicator::Identified)),
    ("cases", |history| sum(history, Indicator::Cases)),
    ("prosecuted", |history| sum(history, Indicator::Prosecuted)),
    ("convicted", |history| sum(history, Indicator::Convicted)),
    ("complicit share", |history| mean(history, Indicator::ComplicitShare)),
    ("months from opening to verdict", |history| sum(history, Indicator::CaseMonths) / sum(history, Indicator::CasesDecided).max(1.0)),
];

/// All replicates at each scale, on two threads.
fn runs() -> Vec<Vec<History>> {
    let settings: Vec<Setting> = SCALES.iter().map(|(scale, _)| Setting { scale: *scale, ..borderland("") }).collect();
    let jobs: Vec<(usize, u32)> = SCALES.iter().enumerate().flat_map(|(place, (_, n))| (0..*n).map(move |replicate| (place, replicate))).collect();
    let found = on_two_threads(jobs.len(), |job| simulate(&settings[jobs[job].0], Luck::new(7, jobs[job].1)));
    let mut runs = vec![Vec::new(); SCALES.len()];
    jobs.iter().zip(found).for_each(|((place, _), history)| runs[*place].push(history));
    runs
}

/// The standard deviation over replicates of what a year counts of `indicator`, averaged over years.
fn a_years_deviation(histories: &[History], indicator: Indicator) -> f64 {
    let years = histories[0].rows.len() / 12;
    let of = |year: usize| {
        let count = |history: &History| history.rows[12 * year..12 * (year + 1)].iter().map(|row| row.get(indicator)).sum::<f64>();
        variance(&histories.iter().map(count).collect::<Vec<_>>())
    };
    ((0..years).map(of).sum::<f64>() / years as f64).sqrt()
}

#[test]
fn the_answers_do_not_hang_on_the_scale() {
    let runs = runs();
    let mut faults = Vec::new();
    for (what, headline) in HEADLINES {
        let found: Vec<(f64, f64)> = runs.iter().map(|histories| spread(&histories.iter().map(headline).collect::<Vec<_>>())).collect();
        let line =
            found.iter().zip(SCALES).map(|((mean, error), (scale, _))| format!("{scale}: {mean:.4} ({error:.4})")).collect::<Vec<_>>().join(", ");
        println!("{what} at scale {line}");
        let (first, error) = found[0];
        let apart = |(mean, other): &(f64, f64)| (mean - first).abs() > 4.0 * (error * error + other * other).sqrt();
        if found[1..].iter().any(apart) {
            faults.push(format!("{what} at scale {line}"));
        }
    }
    for indicator in [Indicator::Identified, Indicator::Cases] {
        let [fine, _, coarse] = [0, 1, 2].map(|place| a_years_deviation(&runs[place], indicator));
        let line = format!("deviation of a year's {}: {fine:.2} at scale 1, {coarse:.2} at scale 10", indicator.info().name);
        println!("{line}");
        if coarse > 1.4 * fine {
            faults.push(line);
        }
    }
    assert!(faults.is_empty(), "these hang on the scale (mean, standard error):\n{}", faults.join("\n"));
}
