//! Laws: what holds in every run, whatever the parameters, at scale 1 and where an agent stands for several persons.

use crate::borderland;
use fivep::draws::Luck;
use fivep::ensemble::simulate_all;
use fivep::model::ledgers::History;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::parameters::Parameters;
use fivep::model::policy::{self, Shape};
use fivep::model::state::State;
use fivep::model::state::cells::{Legal, NOBODY, Whereabouts};
use fivep::model::state::ids::PersonId;
use fivep::model::{MONTH, Setting, Simulation, simulate};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::atomic::AtomicBool;

/// The scales at which laws are held: every person an agent, and agents from whom officials split persons off.
const SCALES: [f64; 2] = [1.0, 5.0];

/// Borderland with `lines` added, at `scale`.
fn at(scale: f64, lines: &str) -> Setting {
    Setting { scale, ..borderland(lines) }
}

fn each_month(setting: &Setting, mut check: impl FnMut(&State)) {
    let mut simulation = Simulation::new(setting, Luck::new(7, 0));
    for _ in 0..setting.months() {
        simulation.step(setting);
        check(simulation.state());
    }
}

/// Every count that the state keeps alongside agrees with a recount from the persons, each agent with its weight, and nobody is added or lost.
#[test]
fn nobody_is_lost() {
    for scale in SCALES {
        let setting = at(scale, "");
        let mut all = None;
        let mut split = 0;
        each_month(&setting, |state| {
            recount(state);
            let persons: u64 = state.persons.all().map(|person| u64::from(state.persons.weight(person))).sum();
            assert_eq!(*all.get_or_insert(persons), persons, "scale {scale}, month {}", state.month);
            split = state.persons.split_off().count();
        });
        let expected = setting.scale * f64::from(Simulation::new(&setting, Luck::new(7, 0)).state().persons.laid_out());
        assert_eq!(all, Some(expected as u64), "scale {scale}");
        assert_eq!(split > 0, scale > 1.0, "scale {scale}: {split} split off");
    }
}

fn recount(state: &State) {
    let persons = &state.persons;
    let mut cells = vec![0u32; persons.in_cell.len()];
    let mut workers = vec![0u32; state.employers.len()];
    let mut abroad = vec![0u32; state.communities.len()];
    let mut abroad_mou = vec![0u32; state.communities.len()];
    let mut in_care = BTreeSet::new();
    for person in persons.all() {
        let weight = u32::from(persons.weight(person));
        if persons.cell[person] == NOBODY {
            // Whoever had this place is at home with the agent from which they came.
            assert!(weight == 0 && persons.employer[person].known().is_none(), "{person:?} is somebody");
            continue;
        }
        assert!(weight > 0, "{person:?} stands for nobody");
        cells[usize::from(persons.cell[person])] += weight;
        let cell = persons.at(person);
        let employer = persons.employer[person].known();
        assert_eq!(cell.whereabouts == Whereabouts::Working, employer.is_some(), "{person:?}");
        if let Some(employer) = employer {
            workers[employer] += weight;
            let community = persons.community(person);
            abroad[community] += weight;
            abroad_mou[community] += if cell.legal == Legal::Mou { weight } else { 0 };
            assert_eq!(cell.sector, state.employers.sector[employer]);
        }
        if cell.whereabouts == Whereabouts::Care {
            assert_eq!(weight, 1, "{person:?}: a bed is one person's");
            in_care.insert(person);
        }
    }
    assert_eq!(cells, persons.in_cell);
    assert_eq!(workers, state.employers.workers);
    assert_eq!(abroad, state.communities.abroad);
    assert_eq!(abroad_mou, state.communities.abroad_mou);
    let guests: Vec<PersonId> = state.institutions.guests.iter().map(|guest| guest.person).collect();
    assert_eq!(guests.len(), in_care.len(), "nobody is a guest twice");
    assert_eq!(guests.into_iter().collect::<BTreeSet<_>>(), in_care);
}

/// Whoever was brought into a compound is there, or has come out; whoever came out before officials waits, was recognised or was not. Nobody is counted twice.
#[test]
fn nobody_is_lost_in_compounds() {
    let mut setting = crate::with_compounds(borderland("[policy.protection]\nmass_screening = 3\n"));
    if let Some(compounds) = &mut setting.country.compounds {
        compounds.forced = 1.0;
    }
    let [mut into, mut out, mut recognised, mut unrecognised] = [0.0; 4];
    each_month(&setting, |state| {
        let count = |indicator: Indicator| state.ledger.get(indicator);
        into += count(Indicator::IntoCompounds);
        out += count(Indicator::OutOfCompounds);
        recognised += count(Indicator::IdentifiedCompounds);
        unrecognised += count(Indicator::CompoundsUnrecognised);
        let compounds = &state.compounds;
        let (held, waiting) = (compounds.held.len() as f64, compounds.waiting.len() as f64);
        assert!((into - out - held).abs() < 1e-9, "month {}: {into} in, {out} out, {held} held", state.month);
        assert!((out - recognised - unrecognised - waiting).abs() < 1e-9, "month {}: {waiting} wait", state.month);
        let ids: BTreeSet<u32> = compounds.held.iter().chain(&compounds.waiting).map(|inmate| inmate.id).collect();
        assert_eq!(ids.len(), compounds.held.len() + compounds.waiting.len());
    });
    assert!(into > 1000.0 && recognised > 10.0 && unrecognised > 10.0);
}

/// What is owed is what was borrowed and accrued less what was repaid and relieved, each agent's debt counted for all for whom it stands.
#[test]
fn money_owed_is_conserved() {
    for scale in SCALES {
        each_month(&at(scale, ""), |state| {
            if state.month % 6 != 5 {
                return;
            }
            let mut persons = state.persons.clone();
            for person in persons.all() {
                persons.settle(person, state.month);
            }
            let debts = &persons.debts;
            let booked = debts.borrowed + debts.accrued - debts.repaid - debts.relieved;
            let owed = persons.total_debt(state.month);
            assert!((owed - booked).abs() < 1e-6 * debts.borrowed, "scale {scale}, month {}: {owed} owed, {booked} booked", state.month);
            assert!(owed > 0.0 && debts.repaid > 0.0);
        });
    }
}

/// The same scenario and seed give the same runs on any number of threads.
#[test]
fn threads_cannot_matter() {
    for scale in SCALES {
        let mut scenario = crate::scenario("replicates = 2\n");
        for variant in &mut scenario.variants {
            variant.setting.scale = scale;
        }
        let stop = AtomicBool::new(false);
        let run = |jobs| simulate_all(&scenario, jobs, &|_| {}, &stop).expect("nobody interrupts");
        let one = run(1);
        for jobs in [2, 8] {
            for (a, b) in one.iter().zip(run(jobs)) {
                assert_eq!((a.variant, a.replicate), (b.variant, b.replicate));
                assert!(a.history == b.history, "variant {} replicate {} differs with {jobs} jobs at scale {scale}", a.variant, a.replicate);
            }
        }
    }
}

/// A lever that a scenario sets to its default gives the plan of one that says nothing, and so the same bytes.
#[test]
fn an_unchanged_lever_changes_nothing() {
    let base = borderland("");
    let mut said = String::new();
    for p in policy::P::ALL {
        writeln!(said, "[policy.{}]", p.section()).expect("memory suffices");
        for (_, lever) in policy::all().filter(|(_, lever)| lever.p == p) {
            match (lever.default_value(), lever.shape) {
                (None, _) => {}
                (Some(default), Shape::PerLine) => {
                    for line in policy::Line::ALL {
                        writeln!(said, "{}.{} = {default:?}", lever.key, line.name()).expect("memory suffices");
                    }
                }
                (Some(default), Shape::One | Shape::PerOrigin) => {
                    writeln!(said, "{} = {default:?}", lever.key).expect("memory suffices");
                }
            }
        }
    }
    let again = borderland(&said);
    assert!(base.plan.rows == again.plan.rows, "{said}");
    assert!(base.differs_from(&again).is_none());
    for scale in SCALES {
        let [base, again] = [&base, &again].map(|setting| Setting { scale, ..setting.clone() });
        assert!(simulate(&base, Luck::new(7, 0)) == simulate(&again, Luck::new(7, 0)), "scale {scale}");
    }
}

/// A run that forks from another's past equals the run from the start.
#[test]
fn a_fork_is_the_whole_run() {
    for scale in SCALES {
        let base = at(scale, "");
        let place = place_of("immigration_crackdown");
        let mut variant = base.clone();
        for row in variant.plan.rows.iter_mut().skip(30) {
            row[place] = 1.0;
        }
        assert_eq!(base.differs_from(&variant), Some(30));
        let mut fork = Simulation::new(&base, Luck::new(7, 3));
        for month in 0..base.months() {
            fork.step(if month < 30 { &base } else { &variant });
        }
        assert!(fork.into_history() == simulate(&variant, Luck::new(7, 3)), "scale {scale}");
    }
}

fn place_of(key: &str) -> usize {
    policy::all().find(|(_, lever)| lever.key == key).map(|(place, _)| place).expect("the lever exists")
}

/// Person by person: whoever is detained in a month under the baseline is not at work at the month's end
/// under a crackdown either, because the same roll meets a higher hazard.
#[test]
fn the_same_person_has_the_same_random_numbers() {
    for scale in SCALES {
        same_person(scale);
    }
}

fn same_person(scale: f64) {
    // Nobody is extorted, sold or laid off, so that arrest is the last of the competing hazards; and nobody is arrested in a visit, of which a
    // crackdown makes others, or after an interview, to which fewer come where fewer disclose.
    let quiet = "[parameters]\nrecruitment.extortion_rate = 0\nwork.sold = 0\nwork.laid_off = 0\ncontact.arrest_when_met = 0\ncare.detention = 0.1\nidentification.misprocess = 0\n";
    let mut base = at(scale, quiet);
    base.country.capacity.border = 0.0;
    let mut harder = base.clone();
    let fork = 24;
    for row in harder.plan.rows.iter_mut().skip(fork) {
        row[place_of("immigration_crackdown")] = 3.0;
    }
    let mut baseline = Simulation::new(&base, Luck::new(7, 1));
    for _ in 0..fork {
        baseline.step(&base);
    }
    let before = baseline.state().clone();
    let mut variant = baseline.clone();
    baseline.step(&base);
    variant.step(&harder);
    // Agents that stand before the month are the same in both; whoever is split off in it is known by parent and address.
    let (mut same, mut compared) = (0, 0);
    for person in before.persons.all() {
        let was = before.persons.at(person);
        let now = baseline.state().persons.at(person);
        if was.whereabouts == Whereabouts::Working && was.legal == Legal::Irregular && now.whereabouts == Whereabouts::Detained {
            compared += 1;
            same += u32::from(variant.state().persons.at(person).whereabouts == Whereabouts::Detained);
        }
    }
    assert!(f64::from(compared) > 20.0 / scale, "{compared}");
    assert_eq!(same, compared, "scale {scale}");
    // What the policy does not touch happens to the same persons in both: who was detained is let go here and there, or in neither.
    let (mut let_go, mut kept) = (0, 0);
    for person in before.persons.all().filter(|person| before.persons.at(*person).whereabouts == Whereabouts::Detained) {
        let held = |simulation: &Simulation| simulation.state().persons.at(person).whereabouts == Whereabouts::Detained;
        assert_eq!(held(&baseline), held(&variant), "{person:?} at scale {scale}");
        kept += u32::from(held(&baseline));
        let_go += u32::from(!held(&baseline));
    }
    assert!(let_go > 0 && kept > 5, "{let_go} let go, {kept} kept");
}

/// Counts are never negative, shares lie between 0 and 1, and person-months are the exploited.
#[test]
fn counts_are_counts() {
    for scale in SCALES {
        count(&simulate(&at(scale, ""), Luck::new(7, 0)));
    }
}

fn count(history: &History) {
    for row in &history.rows {
        for info in fivep::model::ledgers::indicators::INDICATORS {
            let value = row.get(info.indicator);
            assert!(value.is_finite(), "{}", info.name);
            assert!(value >= 0.0 || info.indicator == Indicator::Trust, "{} is {value}", info.name);
            assert!(info.unit != "share" || value <= 1.0, "{} is {value}", info.name);
        }
        assert_eq!(row.get(Indicator::PersonMonths).to_bits(), row.get(Indicator::Exploited).to_bits());
    }
    assert_eq!(history.rows.len(), 48);
    // Nobody who is counted comes from nowhere: the table by origin sums to the ledgers.
    for (row, origins) in history.rows.iter().zip(&history.origins) {
        for (column, indicator) in [Indicator::NewVictims, Indicator::Identified, Indicator::Deported].into_iter().enumerate() {
            let sum: f64 = origins.iter().map(|origin| origin[column]).sum();
            assert!((sum - row.get(indicator)).abs() < 1e-9, "{}: {sum} by origin", indicator.info().name);
        }
    }
}

/// The order of a month is written once, and each process stands in it once.
#[test]
fn every_process_has_its_place() {
    let names: Vec<&str> = MONTH.iter().map(|(name, _)| *name).collect();
    let order = "budget die migration recruitment placement work contact identification labour_law compounds care justice complicity employers recruiters beliefs";
    assert_eq!(names.join(" "), order, "a change of the order changes every result: it is the model's");
}

/// Every parameter reaches something: changed to another value within its bounds, it changes some figure.
#[test]
fn every_parameter_changes_some_indicator() {
    // Some mechanisms sleep by default: a crackdown, an agenda, a lever that pays.
    let company = "[policy.prevention]\nimmigration_crackdown = { 2015-06 = 0.5 }\nemployer_change = 0.3\n\
                   [policy.national]\nlaw.penalty_years = { 2015-01 = 5 }\nlaw.forced_labour_offence = { 2015-06 = 1 }\n[policy.protection]\nreflection_days = 10\n\
                   compensation_paid = 0.3\nreintegration_coverage = 0.6\ndetention_screening = 0.3\nshelter_freedom = { 2015-06 = 0.4 }\n[policy.prosecution]\nfinancial_inquiry = 20\nbail_refused = 0.2\n\
                   [policy.partnership]\norigin_enforcement = { 2015-06 = 0.8 }\nonline_operations = 0.3\nngo_funding = 0.2\nngo_formal_role = 0.8\nngo_coverage = 0.5\n";
    let base = crate::with_compounds(borderland(company));
    let known = simulate(&base, Luck::new(7, 0));
    let row = crate::parameter_row("borderland");
    let table = fivep::model::parameters::PARAMETERS;
    let unmoved: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = [0usize, 1]
            .map(|half| {
                let (base, known, row) = (&base, &known, &row);
                scope.spawn(move || {
                    let mine = (half..table.len()).step_by(2);
                    mine.filter(|place| {
                        let parameter = &table[*place];
                        let mut row = row.clone();
                        let (far, near) = (parameter.max, parameter.min);
                        row[*place] = if (far - row[*place]).abs() > (row[*place] - near).abs() {
                            f64::midpoint(row[*place], far)
                        } else {
                            f64::midpoint(row[*place], near)
                        };
                        let changed = base.assuming(Parameters::from_row(&row));
                        // A rare mechanism may sleep in one future; it must wake in one of thirty.
                        simulate(&changed, Luck::new(7, 0)) == *known
                            && (1..30).all(|r| simulate(&changed, Luck::new(7, r)) == simulate(base, Luck::new(7, r)))
                    })
                    .map(|place| table[place].path())
                    .collect::<Vec<_>>()
                })
            })
            .into_iter()
            .collect();
        halves.into_iter().flat_map(|half| half.join().expect("no simulation panics")).collect()
    });
    assert!(unmoved.is_empty(), "these parameters change nothing: {unmoved:?}");
}

/// No value lies within a twentieth of its range from the edge without a sentence that says why: such a range would hardly let calibration move one way.
#[test]
fn no_parameter_lies_at_the_edge_of_its_range_without_a_reason() {
    let mut bare = Vec::new();
    for country in ["thailand", "borderland"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(country).join("parameters.toml");
        let groups: toml::Table = toml::from_str(&std::fs::read_to_string(path).expect("the file is shipped")).expect("it is TOML");
        for (group, entries) in &groups {
            for (name, entry) in entries.as_table().into_iter().flatten() {
                let number = |key: &str| entry.get(key).and_then(|value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64)));
                let (Some(value), Some(low), Some(high)) = (number("value"), number("low"), number("high")) else { continue };
                let source = entry.get("source").and_then(|source| source.as_str()).unwrap_or_default();
                // What stands behind nearly every value says nothing of this one.
                let why = source.split("; ").skip(1).any(|part| part != "range spans plausible values");
                if (value - low).min(high - value) < 0.05 * (high - low) && !why {
                    bare.push(format!("{country}: {group}.{name} = {value} in {low} to {high}"));
                }
            }
        }
    }
    assert!(bare.is_empty(), "at the edge, and nobody says why:\n{}", bare.join("\n"));
}
