//! Rest: with a constant policy and budget and without shocks nothing moves for ten years beyond chance.

use crate::borderland;
use crate::futures::{on_two_threads, spread};
use fivep::draws::Luck;
use fivep::model::ledgers::History;
use fivep::model::ledgers::indicators::INDICATORS as ALL;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::policy;
use fivep::model::risk::Perception;
use fivep::model::state::State;
use fivep::model::{Setting, Simulation, simulate};
use fivep::scenario::sets::Choice;
use fivep::scenario::{Overrides, load};

const REPLICATES: u32 = 24;
const YEARS: usize = 10;

const INDICATORS: [Indicator; 16] = [
    Indicator::Exploited,
    Indicator::NewVictims,
    Indicator::Workers,
    Indicator::IrregularShare,
    Indicator::Identified,
    Indicator::Cases,
    Indicator::Prosecuted,
    Indicator::Convicted,
    Indicator::Backlog,
    Indicator::ComplicitShare,
    Indicator::Trust,
    Indicator::Fear,
    Indicator::ExploitativeEmployers,
    Indicator::ExploitativeCapacity,
    Indicator::DebtUpperQuartile,
    Indicator::Bonded,
];

/// What is looked at besides indicators: the mean perceived risk of each kind of offender.
const RISKS: [&str; 3] = ["perceived risk of employers", "perceived risk of recruiters", "perceived risk of officials"];

/// The country of `setting` with its shocks off, the same money every year and registration always open as far as `open`.
fn constant(mut setting: Setting, open: f64) -> Setting {
    setting.shocks.fill(false);
    // Courts that can take more than comes: a queue that takes in more than it lets out never rests, whatever the model.
    setting.country.capacity.court *= 2.0;
    setting.to = setting.from.plus(12 * YEARS as i32 - 1);
    let mut first = setting.plan.rows[0].clone();
    first[policy::all().find(|(_, lever)| lever.key == "registration_windows").expect("the lever exists").0] = open;
    setting.plan.rows = vec![first; setting.months()];
    setting
}

/// What still moves in Borderland, slowly: courts take complicit officials out at their own pace in the spin-up too, where all else among officials runs faster, so
/// that a few fewer are left after it, who extort and frighten less, and are trusted by a hair more. Bonded people grow by one or two in a hundred a year: debts that holders add to
/// last longer than the spin-up. To be mended; whatever else drifts is a fault.
const DRIFT: [&str; 3] = ["trust", "fear", "bonded"];

fn risks(state: &State, setting: &Setting) -> [f64; 3] {
    let perception = Perception::of(state, setting);
    let mean = |risks: &[f32], months: &[u16]| {
        let now = risks.iter().zip(months).map(|(risk, month)| perception.now(*risk, *month));
        now.sum::<f64>() / risks.len() as f64
    };
    [
        mean(&state.employers.risk, &state.employers.risk_month),
        mean(&state.recruiters.risk, &state.recruiters.risk_month),
        mean(&state.officials.risk, &state.officials.risk_month),
    ]
}

/// Each year's mean of what is looked at, in one future.
fn years(setting: &Setting, replicate: u32) -> Vec<Vec<f64>> {
    let mut simulation = Simulation::new(setting, Luck::new(7, replicate));
    let mut sums = vec![vec![0.0; YEARS]; RISKS.len()];
    for month in 0..setting.months() {
        simulation.step(setting);
        if let Some(month) = month.checked_sub(usize::from(setting.spin_up())) {
            for (sum, risk) in sums.iter_mut().zip(risks(simulation.state(), setting)) {
                sum[month / 12] += risk / 12.0;
            }
        }
    }
    let history = simulation.into_history();
    INDICATORS.into_iter().map(|indicator| yearly(&history, indicator)).chain(sums).collect()
}

/// Each year's mean of `indicator`.
fn yearly(history: &History, indicator: Indicator) -> Vec<f64> {
    history.rows.chunks(12).map(|year| year.iter().map(|row| row.get(indicator)).sum::<f64>() / 12.0).collect()
}

/// The slope of the least-squares line through `values`, a year.
fn slope(values: &[f64]) -> f64 {
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let (mut top, mut bottom) = (0.0, 0.0);
    for (year, value) in values.iter().enumerate() {
        let x = year as f64 - middle;
        top += x * value;
        bottom += x * x;
    }
    top / bottom
}

#[test]
fn under_a_constant_policy_nothing_else_drifts() {
    let setting = constant(Setting { scale: 5.0, ..borderland("") }, 0.05);
    assert_eq!(setting.months() - usize::from(setting.spin_up()), 12 * YEARS);
    let found = on_two_threads(REPLICATES as usize, |replicate| years(&setting, replicate as u32));
    let names = INDICATORS.iter().map(|indicator| indicator.info().name).chain(RISKS);
    let mut faults = Vec::new();
    for (place, name) in names.enumerate() {
        let slopes: Vec<f64> = found.iter().map(|years| slope(&years[place])).collect();
        let (mean, error) = spread(&slopes);
        let course: Vec<f64> = (0..YEARS).map(|year| found.iter().map(|years| years[place][year]).sum::<f64>() / found.len() as f64).collect();
        let line = format!("{name}: {mean:.6} a year (s.e. {error:.6}), from {:.5} to {:.5}", course[0], course[YEARS - 1]);
        println!("{} {line}; {course:.4?}", if mean.abs() > 4.0 * error { "DRIFTS" } else { "rests " });
        if mean.abs() > 4.0 * error && !DRIFT.contains(&name) {
            faults.push(line);
        }
    }
    assert!(faults.is_empty(), "these drift:\n{}", faults.join("\n"));
}

/// The same of every indicator of Thailand, where what moves by less than a hundredth a year is let pass.
#[test]
#[ignore = "does not hold: debts, fear, protection and courts of Thailand are not at rest when its first year begins (docs/TRACE.md)"]
fn thailand_rests_under_a_constant_policy() {
    let overrides = Overrides { scale: Some(300.0), parameters: Some(Choice::Best), ..Overrides::default() };
    let Ok(scenario) = load("thailand-2016", &overrides) else { panic!("the shipped scenario loads") };
    // As open as the windows of 2012 to 2019 were on the mean.
    let setting = constant(scenario.variants[0].setting.clone(), 0.2);
    let histories = on_two_threads(REPLICATES as usize, |replicate| simulate(&setting, Luck::new(7, replicate as u32)));
    let mut drifts = Vec::new();
    for info in ALL {
        let years: Vec<Vec<f64>> = histories.iter().map(|history| yearly(history, info.indicator)).collect();
        let slopes: Vec<f64> = years.iter().map(|years| slope(years)).collect();
        let (mean, error) = spread(&slopes);
        let level = years.iter().flatten().sum::<f64>() / (years.len() * YEARS) as f64;
        if mean.abs() > 4.0 * error && mean.abs() > 0.01 * level.abs() {
            drifts.push(format!("{} {:+.1} % a year (s.e. {:.1})", info.name, 100.0 * mean / level, 100.0 * error / level.abs()));
        }
    }
    assert!(drifts.is_empty(), "these drift:\n{}", drifts.join("\n"));
}
