//! Theory: limits of the model whose answer is known in closed form.
//!
//! Tolerance is 2 % or four standard errors, whichever is wider; seeds are fixed.

use crate::borderland;
use fivep::draws::Luck;
use fivep::model::ledgers::History;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::state::cells::Whereabouts;
use fivep::model::state::ids::PersonId;
use fivep::model::{Setting, Simulation, simulate};

const WAITING: usize = 0;
const IN_PROGRESS: usize = 1;
const ENTERED: usize = 2;
const LEFT: usize = 3;
const MONTHS: usize = 4;

/// Asserts that `found` is `expected`, within 2 % or four standard errors.
fn close(what: &str, found: f64, expected: f64, error: f64) {
    let tolerance = (0.02 * expected.abs()).max(4.0 * error);
    println!("{what}: {found:.4}, expected {expected:.4} (s.e. {error:.4})");
    assert!((found - expected).abs() <= tolerance, "{what} is {found:.4}, expected {expected:.4} within {tolerance:.4}");
}

/// Borderland without shocks, which come at their own dates, and without mega-cases, which take up many slots at once.
fn quiet(lines: &str) -> Setting {
    let mut setting = borderland(lines);
    setting.shocks.fill(false);
    setting.parameters.justice.mega_rate = 0.0;
    setting
}

/// The same country reported from its first month on, under the plan of its first month, for `months` months.
fn steady(mut setting: Setting, months: usize) -> Setting {
    setting.from = setting.start();
    setting.to = setting.start().plus(months as i32 - 1);
    setting.plan.rows.truncate(1);
    setting.plan.rows.resize(months, setting.plan.rows[0].clone());
    setting
}

/// Where nobody is exploited at first, on arrival, at work or again, nobody ever is.
#[test]
fn without_onset_nobody_is_exploited() {
    let mut setting = borderland("");
    for sector in &mut setting.country.sectors {
        (sector.forced, sector.violation, sector.citizens_forced) = (0.0, 0.0, 0.0);
    }
    setting.parameters.placement.a_labour = 0.0;
    setting.parameters.placement.a_sex = 0.0;
    setting.parameters.work.h = 0.0;
    setting.parameters.care.retraffic = 0.0;
    let history = simulate(&setting, Luck::new(7, 0));
    for row in &history.rows {
        let none = [Indicator::Exploited, Indicator::Violation, Indicator::NewVictims, Indicator::Retrafficked, Indicator::VictimsDetained];
        for indicator in none {
            assert_eq!(row.get(indicator).to_bits(), 0.0_f64.to_bits(), "{}", indicator.info().name);
        }
    }
    // The country goes on: people still arrive, are met, and are sometimes taken for victims.
    let all = |indicator| history.rows.iter().map(|row| row.get(indicator)).sum::<f64>();
    assert!(all(Indicator::ArrivalsBroker) > 1000.0 && all(Indicator::PeopleMet) > 1000.0 && all(Indicator::Identified) > 0.0);
}

/// Of those who have been at `place` for `age` months, the share that leaves in the next: by age, with the number at risk.
fn leaving(setting: &Setting, place: Whereabouts, ages: usize) -> Vec<(f64, f64)> {
    let mut simulation = Simulation::new(setting, Luck::new(7, 0));
    let (mut at_risk, mut left) = (vec![0.0; ages], vec![0.0; ages]);
    for _ in 0..setting.months() {
        let before: Vec<(PersonId, usize)> = {
            let persons = &simulation.state().persons;
            let here = persons.select(|cell| cell.whereabouts == place).into_iter();
            here.map(|person| (person, usize::from(simulation.state().month - persons.records[person].since))).collect()
        };
        simulation.step(setting);
        for (person, age) in before.into_iter().filter(|(_, age)| *age < ages) {
            at_risk[age] += 1.0;
            left[age] += f64::from(u8::from(simulation.state().persons.at(person).whereabouts != place));
        }
    }
    left.into_iter().zip(at_risk).map(|(left, at_risk)| (left / at_risk, at_risk)).collect()
}

/// A constant hazard makes geometric durations: at every age the same share 1 - exp(-hazard) leaves.
#[test]
fn a_constant_hazard_makes_geometric_durations() {
    let mut setting = steady(quiet("[policy.prevention]\nimmigration_crackdown = 3\n"), 96);
    setting.parameters.care.detention = 0.4;
    let expected = -libm::expm1(-0.4);
    for (age, (share, n)) in leaving(&setting, Whereabouts::Detained, 5).into_iter().enumerate() {
        assert!(n > 500.0, "age {age}: {n}");
        close(&format!("detained for {age} months"), share, expected, (expected * (1.0 - expected) / n).sqrt());
    }
    // Identification is raised, so that enough people come into care.
    let mut setting = steady(quiet("[policy.protection]\ntraining = 0.9\nmanuals_with_ngos = 0.9\nbeds = 20\n"), 96);
    setting.parameters.care.stay = 3.0;
    // Shelters are a tenth open by default, which lets some leave early.
    let hazard = 1.0 / 3.0 + setting.parameters.care.early_exit * 0.1;
    let expected = -libm::expm1(-hazard);
    for (age, (share, n)) in leaving(&setting, Whereabouts::Care, 3).into_iter().enumerate() {
        assert!(n > 150.0, "age {age}: {n}");
        close(&format!("in care for {age} months"), share, expected, (expected * (1.0 - expected) / n).sqrt());
    }
}

fn total(history: &History, stage: usize, column: usize) -> f64 {
    history.stages.iter().map(|month| month[stage][column]).sum()
}

fn at_the_end(history: &History, stage: usize) -> f64 {
    let last = &history.stages[history.stages.len() - 1][stage];
    last[WAITING] + last[IN_PROGRESS]
}

/// No case is lost in the queues, and Little's law holds in every stage: the mean number of cases is their rate of arrival times the
/// months that they spend.
#[test]
fn queues_obey_littles_law() {
    let months = 480;
    let setting = steady(quiet(""), months);
    let history = simulate(&setting, Luck::new(7, 0));
    for stage in 0..3 {
        let entered = total(&history, stage, ENTERED);
        let left = total(&history, stage, LEFT);
        let remaining = at_the_end(&history, stage);
        assert!((entered - left - remaining).abs() < 1e-6, "stage {stage}: {entered} entered, {left} left, {remaining} remain");
        let mean = (total(&history, stage, WAITING) + total(&history, stage, IN_PROGRESS)) / months as f64;
        let sojourn = total(&history, stage, MONTHS) / left;
        // The law is exact but for the cases that remain, whose months are not counted yet.
        close(&format!("mean cases at stage {stage}"), mean, entered / months as f64 * sojourn, 0.0);
    }
}

/// With slots for all nobody waits, and the stage takes the mean of its lognormal length.
#[test]
fn without_a_queue_a_stage_takes_its_mean_length() {
    let mut setting = steady(quiet("[policy.prosecution]\njoint_teams = 0\n[policy.protection]\ntraining = 0.5\nmanuals_with_ngos = 1\n"), 240);
    // A case against an official opens after the month's investigations have begun, and waits for the next.
    setting.parameters.complicity.d0 = 0.0;
    let slots = 1e5;
    setting.country.capacity.investigation = slots;
    setting.country.capacity.prosecution = slots;
    setting.country.capacity.court = slots;
    let terms = &setting.parameters.justice;
    let spread = terms.service_spread;
    let means = [terms.months_police, terms.months_prosecutor, terms.months_court].map(|median| median * libm::exp(spread * spread / 2.0));
    let history = simulate(&setting, Luck::new(7, 0));
    for (stage, expected) in means.into_iter().enumerate() {
        let left = total(&history, stage, LEFT);
        let waiting = total(&history, stage, WAITING);
        assert_eq!(waiting.to_bits(), 0.0_f64.to_bits(), "stage {stage}");
        // The spread of the lognormal, and at most a quarter of a month squared for the rounding of each length.
        let variance = expected * expected * libm::expm1(spread * spread) + 0.25;
        close(&format!("months at stage {stage}"), total(&history, stage, MONTHS) / left, expected, (variance / left).sqrt());
    }
}

/// A stage with more cases than slots lets exactly slots / length cases through a month.
#[test]
fn a_full_stage_works_at_its_capacity() {
    let months = 240;
    let mut setting = steady(quiet("[policy.prosecution]\njoint_teams = 0\n"), months);
    // One slot, taken for exactly three months, against more than a case a month.
    setting.country.capacity.investigation = 1.0;
    setting.parameters.justice.service_spread = 0.0;
    setting.parameters.justice.months_police = 3.0;
    let history = simulate(&setting, Luck::new(7, 0));
    let left = total(&history, 0, LEFT);
    assert!(total(&history, 0, ENTERED) > 1.2 * left, "the stage is full");
    // The first month has no case yet and the slot may hold one at the end.
    close("cases investigated", left, months as f64 / 3.0, 0.5);
    let busy = history.stages[12..].iter().all(|month| month[0][IN_PROGRESS].to_bits() == 1.0_f64.to_bits());
    assert!(busy, "the slot is never idle while cases wait");
}

/// Nobody comes or goes where nobody may: without departures, returns, exits and officials the stock abroad stands still.
#[test]
fn a_closed_country_keeps_its_workers() {
    let mut setting = steady(quiet("[policy.prevention]\nregistration_windows = 0\n"), 36);
    for origin in &mut setting.country.origins {
        origin.departure = 0.0;
    }
    setting.country.citizens_at_risk = 0.0;
    let work = &mut setting.parameters.work;
    (work.return_home, work.h, work.x0, work.exit_floor, work.home_after_exit) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let contact = &mut setting.parameters.contact;
    (contact.arrest, contact.arrest_when_met) = (0.0, 0.0);
    (contact.r0_labour, contact.r0_sex, contact.intelligence_yield) = (0.0, 0.0, 0.0);
    let capacity = &mut setting.country.capacity;
    (capacity.port, capacity.inspections, capacity.raids, capacity.border) = (0.0, 0.0, 0.0, 0.0);
    let history = simulate(&setting, Luck::new(7, 0));
    let first = history.rows[0].get(Indicator::Workers);
    assert!(first > 20_000.0);
    for row in &history.rows {
        for indicator in [Indicator::Returns, Indicator::ArrivalsBroker, Indicator::ArrivalsMou, Indicator::ArrivalsNetwork] {
            assert_eq!(row.get(indicator).to_bits(), 0.0_f64.to_bits(), "{}", indicator.info().name);
        }
        assert_eq!(row.get(Indicator::Workers).to_bits(), first.to_bits());
    }
}
