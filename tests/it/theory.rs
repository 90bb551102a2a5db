//! Theory: limits of the model whose answer is known in closed form.
//!
//! Tolerance is 2 % or four standard errors, whichever is wider; seeds are fixed.

use crate::borderland;
use fivep::draws::Luck;
use fivep::model::ledgers::History;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::policy;
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
    setting.country.spin_up = 0;
    setting.to = setting.start().plus(months as i32 - 1);
    setting.plan.rows.truncate(1);
    setting.plan.rows.resize(months, setting.plan.rows[0].clone());
    setting
}

fn place_of(key: &str) -> usize {
    policy::all().find(|(_, lever)| lever.key == key).map(|(place, _)| place).expect("the lever exists")
}

/// Where nobody is exploited at first, on arrival, at work or again, nobody ever is.
#[test]
fn without_onset_nobody_is_exploited() {
    let mut setting = borderland("");
    for sector in &mut setting.country.sectors {
        (sector.forced, sector.violation, sector.citizens_forced) = (0.0, 0.0, 0.0);
    }
    // A minor in commercial sex is exploited whatever the onset.
    setting.country.citizens_minor = 0.0;
    setting.country.origins.iter_mut().for_each(|origin| origin.minors = 0.0);
    setting.parameters.placement.labour_at_arrival = 0.0;
    setting.parameters.placement.sex_at_arrival = 0.0;
    setting.parameters.work.abuse_onset = 0.0;
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
    let mut setting = steady(quiet("[policy.protection]\ntraining = 0.9\nmanuals_with_ngos = 0.9\nbeds = 20\n"), 216);
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
        // The law is exact for a mean over time; here it is one over the ends of months, which misses a part of the short stays, a sample of as many cases.
        let expected = entered / months as f64 * sojourn;
        close(&format!("mean cases at stage {stage}"), mean, expected, expected / left.sqrt());
    }
}

/// With slots for all nobody waits, and the stage takes the mean of its lognormal length, also where that is less than a month.
#[test]
fn without_a_queue_a_stage_takes_its_mean_length() {
    let mut setting = steady(quiet("[policy.prosecution]\njoint_teams = 0\n[policy.protection]\ntraining = 0.5\nmanuals_with_ngos = 1\n"), 240);
    // A case against an official opens after the month's investigations have begun, and waits for the next.
    setting.parameters.complicity.detection_base = 0.0;
    setting.parameters.justice.months_prosecutor = 0.4;
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
        let variance = expected * expected * libm::expm1(spread * spread);
        close(&format!("months at stage {stage}"), total(&history, stage, MONTHS) / left, expected, (variance / left).sqrt());
    }
}

/// One investigation slot, and investigations that take exactly `length` months.
fn one_slot(length: f64, months: usize) -> History {
    let mut setting = steady(quiet("[policy.prosecution]\njoint_teams = 0\n"), months);
    setting.country.capacity.investigation = 1.0;
    setting.parameters.justice.service_spread = 0.0;
    setting.parameters.justice.months_police = length;
    simulate(&setting, Luck::new(7, 0))
}

/// A stage with more cases than slots lets exactly slots / length cases through a month.
#[test]
fn a_full_stage_works_at_its_capacity() {
    let months = 240;
    // Against more than a case a month.
    let history = one_slot(2.7, months);
    let left = total(&history, 0, LEFT);
    assert!(total(&history, 0, ENTERED) > 1.2 * left, "the stage is full");
    // The first months may have no case yet, and the slot may hold one at the end.
    close("cases investigated", left, months as f64 / 2.7, 0.5);
}

/// What takes a tenth of a month holds its slot for a tenth of a month: ten fit into one slot and nobody waits for the next month.
#[test]
fn a_stage_shorter_than_a_month_holds_its_slot_for_less() {
    let history = one_slot(0.1, 240);
    let most = history.stages.iter().map(|month| month[0][ENTERED]).fold(0.0, f64::max);
    let entered = total(&history, 0, ENTERED);
    assert!(entered > 240.0 && most <= 10.0, "{entered} cases, at most {most} in a month");
    // Cases against officials open after the month's work and are looked at in the next: theirs is the only wait.
    let investigated =
        history.rows.iter().map(|row| row.get(Indicator::OfficialsInvestigated) - row.get(Indicator::OfficialsDisciplined)).sum::<f64>();
    close("months of an investigation", total(&history, 0, MONTHS) / total(&history, 0, LEFT), 0.1 + 0.5 * investigated / entered, 0.02);
}

/// What befalls complicit officials is each one's own fate: with a constant rate of detection and nobody else to be found out or to begin,
/// those detected are binomial, whatever the size of their units.
#[test]
fn detections_of_officials_are_binomial_at_any_size_of_unit() {
    for (times, replicates) in [(1.0, 400), (5.0, 150)] {
        let mut setting = steady(quiet(""), 12);
        setting.scale = 60.0;
        setting.parameters.adaptation.reconsider = 0.0;
        setting.parameters.complicity.tenure_exit = 0.0;
        setting.parameters.complicity.disciplined = 1.0;
        setting.parameters.complicity.detection_base = 0.02;
        setting.parameters.justice.suspect_protector = 0.0;
        setting.switches.intimidation = false;
        for agency in &mut setting.country.officials {
            agency.count *= times;
        }
        for row in &mut setting.plan.rows {
            row[place_of("integrity_unit")] = 0.0;
            row[place_of("rotation")] = 0.0;
        }
        let detected = -libm::expm1(-0.02 * 12.0);
        let of_each = setting.country.officials.iter().map(|agency| (agency.count, agency.complicit * detected));
        let expected: f64 = of_each.clone().map(|(n, p)| n * p).sum();
        let variance: f64 = of_each.map(|(n, p)| n * p * (1.0 - p)).sum();
        let counts: Vec<f64> = (0..replicates)
            .map(|replicate| {
                let history = simulate(&setting, Luck::new(7, replicate));
                history.rows.iter().map(|row| row.get(Indicator::OfficialsInvestigated)).sum()
            })
            .collect();
        let n = f64::from(replicates);
        let mean = counts.iter().sum::<f64>() / n;
        let found = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / (n - 1.0);
        close(&format!("detected, {times} times as many officials"), mean, expected, (variance / n).sqrt());
        // A count as large as this is near normal: the variance of its sample variance is 2 / (n - 1).
        close(&format!("their variance, {times} times as many officials"), found, variance, variance * (2.0 / (n - 1.0)).sqrt());
    }
}

/// With all that colleagues do to each other, the complicit share does not hang on how large units are.
#[test]
fn complicity_is_the_same_at_any_size_of_unit() {
    let share = |times: f64, replicates: u32| {
        let mut setting = quiet("");
        setting.scale = 30.0;
        for agency in &mut setting.country.officials {
            agency.count *= times;
        }
        // Offenders who look for protectors are as many as before: what they pay would differ by head.
        setting.parameters.complicity.seek = 0.0;
        setting.parameters.justice.suspect_protector = 0.0;
        let shares: Vec<f64> = (0..replicates)
            .map(|replicate| {
                let history = simulate(&setting, Luck::new(7, replicate));
                history.rows[24..].iter().map(|row| row.get(Indicator::ComplicitShare)).sum::<f64>() / 24.0
            })
            .collect();
        let n = f64::from(replicates);
        let mean = shares.iter().sum::<f64>() / n;
        (mean, (shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt())
    };
    let ((small, e), (large, f)) = (share(1.0, 40), share(5.0, 12));
    close("complicit share in units five times as large", large, small, (e * e + f * f).sqrt());
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
    (work.return_home, work.abuse_onset, work.exit_base, work.exit_floor, work.home_after_exit) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let contact = &mut setting.parameters.contact;
    (contact.arrest, contact.arrest_when_met) = (0.0, 0.0);
    (contact.reports_labour, contact.reports_sex, contact.intelligence_yield) = (0.0, 0.0, 0.0);
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
