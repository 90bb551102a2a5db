//! Logic in Thailand: what practitioners would expect of each measure, over paired replicates, at the size it should have. Measures come with their money.
//!
//! What is asked here bites in Thailand itself, at its own scale of offices, courts and money; Borderland proves no such thing.

use crate::futures::{futures, on_two_threads, spread};
use fivep::draws::Luck;
use fivep::model::country::{Shock, ShockKind, Titles};
use fivep::model::ledgers::History;
use fivep::model::ledgers::indicators::Indicator;
use fivep::model::policy::PLACES;
use fivep::model::risk::Perception;
use fivep::model::{Setting, Simulation, simulate};
use fivep::quantities::Month;
use fivep::scenario::{Overrides, Problem, load};
use std::sync::OnceLock;

/// Each claim holds at each of these scales, over so many pairs of replicates.
const SCALES: [(f64, u32); 2] = [(300.0, 8), (100.0, 6)];
/// Months of 2012 and 2013, before any measure.
const BEFORE: usize = 24;

const PLAN: &str = r#"
format = 2
title = "Logic in Thailand"
extends = "thailand-2016"
from = "2012-01"
to = "2017-12"

[variants.inspectors]
title = "Twice the labour inspections"
policy.prevention.labour_inspections = { 2014-01 = "x2" }
policy.national."budget.extra".inspections = { 2014-01 = 700_000_000 }

[variants.trained]
title = "Eight of ten officials trained"
policy.protection.training = { 2014-01 = 0.8 }
policy.national."budget.extra".training = { 2014-01 = 300_000_000 }

[variants.crackdown]
title = "Twice the routine arrests"
policy.prevention.immigration_crackdown = { 2014-01 = "+1" }

[variants.refund]
title = "Employers refund what recruiters took"
policy.prevention.fee_refund = { 2014-01 = 0.9 }
policy.national."budget.extra".entry = { 2014-01 = 500_000_000 }

[variants.open]
title = "Open shelters"
policy.protection.shelter_freedom = { 2014-01 = 0.9 }
policy.protection.shelter_communication = { 2014-01 = 0.9 }

[variants.penalty]
title = "Fifteen more years of prison"
policy.national."law.penalty_years" = { 2014-01 = 15 }

[variants.shelter-money]
title = "Money for shelters alone"
policy.national."budget.extra".shelters = { 2014-01 = 300_000_000 }

[variants.less]
title = "A budget three tenths smaller"
policy.national."budget.total" = { 2014-01 = "-30%" }

[variants.trained-without-money]
title = "Training under half the money"
policy.protection.training = { 2014-01 = 0.8 }
policy.national."budget.total" = { 2014-01 = "-50%" }

[variants.ladder]
title = "Fines that bite, wages recovered, second visits, by trained inspectors"
policy.prevention.labour_penalty = { 2014-01 = 4 }
policy.prevention.back_wages = { 2014-01 = 0.7 }
policy.prevention.revisits = { 2014-01 = 0.7 }
policy.prevention.labour_inspections = { 2014-01 = "x2" }
policy.protection.training = { 2014-01 = 0.8 }
policy.national."budget.extra".inspections = { 2014-01 = 700_000_000 }
policy.national."budget.extra".training = { 2014-01 = 300_000_000 }

[variants.screened]
title = "The arrested are screened, and not punished for what they were forced to do"
policy.protection.detention_screening = { 2014-01 = 0.8 }
policy.protection.non_punishment = { 2014-01 = 0.9 }
policy.national."budget.extra".interpreters = { 2014-01 = 200_000_000 }

[variants.in-custody]
title = "Suspects in custody, witnesses protected"
policy.prosecution.bail_refused = { 2014-01 = 1 }
policy.prosecution.witness_protection = { 2014-01 = 0.9 }
policy.national."budget.extra".courts = { 2014-01 = 500_000_000 }

[variants.on-bail]
title = "Suspects on bail, witnesses alone"
policy.prosecution.bail_refused = { 2014-01 = 0 }
policy.prosecution.witness_protection = { 2014-01 = 0 }
policy.national."budget.extra".courts = { 2014-01 = 500_000_000 }

[variants.half]
title = "Half the money"
policy.national."budget.total" = { 2014-01 = "-50%" }
"#;

/// Settings by name: the plan's variants, Thailand without complicit officials, and Thailand where employers lose a fifth of their margins for good.
fn settings(scale: f64) -> Vec<(String, Setting)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("logic.toml");
    std::fs::write(&path, PLAN).expect("the folder can be written");
    let overrides = Overrides { scale: Some(scale), ..Overrides::default() };
    let scenario = match load(path.to_str().expect("a plain path"), &overrides) {
        Ok(scenario) => scenario,
        Err(Problem::Fault(text) | Problem::World(text)) => panic!("{text}"),
    };
    let mut settings: Vec<(String, Setting)> = scenario.variants.into_iter().map(|variant| (variant.name, variant.setting)).collect();
    settings[0].0 = "as it was".into();
    let mut honest = settings[0].1.clone();
    honest.country.officials.iter_mut().for_each(|agency| agency.complicit = 0.0);
    settings.push(("nobody complicit".into(), honest));
    let mut poorer = settings[0].1.clone();
    let (name, title, titles) = ("margins".to_owned(), "Margins lost".to_owned(), Titles::new());
    let kind = ShockKind::Margins { lost: [0.2; PLACES] };
    poorer.country.shocks.push(Shock { name, title, titles, from: Month::new(2014, 1), to: Month::new(2017, 12), kind });
    poorer.shocks.push(true);
    settings.push(("poorer".into(), poorer));
    settings
}

/// Histories by setting.
type Histories = Vec<(String, Vec<History>)>;

/// All histories by setting, each with the same luck: computed once at each scale for all tests, on two threads.
fn histories(scale: usize) -> &'static [(String, Vec<History>)] {
    static DONE: [OnceLock<Histories>; SCALES.len()] = [const { OnceLock::new() }; SCALES.len()];
    DONE[scale].get_or_init(|| {
        let (scale, pairs) = SCALES[scale];
        let settings = settings(scale);
        let all: Vec<&Setting> = settings.iter().map(|(_, setting)| setting).collect();
        let found = on_two_threads(pairs as usize, |replicate| futures(&all, Luck::new(2016, replicate as u32), |_, future| future.into_history()));
        let mut histories: Histories = settings.into_iter().map(|(name, _)| (name, Vec::new())).collect();
        for future in found {
            histories.iter_mut().zip(future).for_each(|((_, own), history)| own.push(history));
        }
        histories
    })
}

/// The difference that `what` makes against `against`: its mean a month from the month `first` of the run on, its standard error, and the mean without it.
struct Effect {
    mean: f64,
    error: f64,
    without: f64,
}

impl Effect {
    fn between(scale: usize, what: &str, against: &str, indicator: Indicator, months: std::ops::Range<usize>) -> Self {
        let of = |name: &str| -> Vec<f64> {
            let (_, histories) = histories(scale).iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no setting {name}"));
            let mean = |history: &History| history.rows[months.clone()].iter().map(|row| row.get(indicator)).sum::<f64>() / months.len() as f64;
            histories.iter().map(mean).collect()
        };
        let (with, without) = (of(what), of(against));
        let pairs: Vec<f64> = with.iter().zip(&without).map(|(with, without)| with - without).collect();
        let (mean, error) = spread(&pairs);
        let effect = Self { mean, error, without: spread(&without).0 };
        println!(
            "scale {}, {what}, {}: {:+.4} (s.e. {:.4}) on {:.4}",
            SCALES[scale].0,
            indicator.info().name,
            effect.mean,
            effect.error,
            effect.without
        );
        effect
    }

    /// From a year after the measure on.
    fn of(scale: usize, what: &str, indicator: Indicator) -> Self {
        Self::between(scale, what, "as it was", indicator, BEFORE + 12..72)
    }

    /// As a part of what there is without it.
    fn part(&self) -> f64 {
        self.mean / self.without
    }

    /// Beyond chance, and at least this part of what there is without it (negative: a fall of at least as much).
    fn at_least(&self, part: f64) {
        let beyond = self.mean.abs() > 3.0 * self.error;
        let enough = if part < 0.0 { self.part() <= part } else { self.part() >= part };
        assert!(beyond && enough, "{:+.3} of what there is, s.e. {:.3}; at least {part:+.3} was expected", self.part(), self.error / self.without);
    }

    /// Within this part of what there is without it, or chance.
    fn at_most(&self, part: f64) {
        assert!(self.mean.abs() <= part * self.without.abs() + 4.0 * self.error, "{:+.3} of what there is", self.part());
    }
}

#[test]
fn more_inspectors_and_more_trained_officials_identify_more() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "inspectors", Indicator::Inspections).at_least(0.5);
        Effect::of(scale, "inspectors", Indicator::IdentifiedLabour).at_least(0.15);
        Effect::of(scale, "trained", Indicator::IdentifiedLabour).at_least(0.3);
        Effect::of(scale, "trained", Indicator::Identified).at_least(0.15);
    }
}

/// A crackdown finds fewer, extorts more, removes victims without help, and leaves no fewer exploited than it removes.
#[test]
fn a_crackdown_removes_and_does_not_help() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "crackdown", Indicator::Identified).at_least(-0.03);
        Effect::of(scale, "crackdown", Indicator::Extorted).at_least(0.2);
        Effect::of(scale, "crackdown", Indicator::RemovedUnassisted).at_least(0.2);
        let exploited = Effect::of(scale, "crackdown", Indicator::Exploited);
        assert!(exploited.mean > -4.0 * exploited.error, "{:+.0} exploited", exploited.mean);
    }
}

/// From 2014 on arrests teach twice as much, and so do rumours of them: everybody's perceived risk rises, and exploitative capacity falls with it by what studies report of certainty, an
/// elasticity of -.05 to -.8; fifteen more years of prison move next to nothing (Nagin 2013).
#[test]
fn certainty_deters_and_severity_hardly_does() {
    let usual = settings(SCALES[0].0).swap_remove(0).1;
    let mut taught = usual.clone();
    taught.parameters.adaptation.neighbour_arrest *= 2.0;
    taught.parameters.adaptation.own_arrest *= 2.0;
    taught.parameters.adaptation.prior_risk *= 2.0;
    let from = usize::from(usual.spin_up()) + BEFORE;
    let (mut risk, mut capacity) = ([0.0; 2], [0.0; 2]);
    for replicate in 0..SCALES[0].1 {
        let mut simulation = Simulation::new(&usual, Luck::new(2016, replicate));
        for _ in 0..from {
            simulation.step(&usual);
        }
        for (place, setting) in [&usual, &taught].into_iter().enumerate() {
            let mut simulation = simulation.clone();
            for _ in from..setting.months() {
                simulation.step(setting);
                let state = simulation.state();
                let perception = Perception::of(state, setting);
                let known = state.recruiters.risk.iter().zip(&state.recruiters.risk_month);
                risk[place] += known.map(|(risk, since)| perception.now(*risk, *since)).sum::<f64>();
                capacity[place] += state.recruiters.all().map(|one| state.recruiters.capacity_now(one) * state.recruiters.share(one)).sum::<f64>();
            }
        }
    }
    let elasticity = libm::log(capacity[1] / capacity[0]) / libm::log(risk[1] / risk[0]);
    println!(
        "perceived risk {:+.1} %, capacity {:+.2} %: elasticity {elasticity:.3}",
        100.0 * (risk[1] / risk[0] - 1.0),
        100.0 * (capacity[1] / capacity[0] - 1.0)
    );
    assert!(risk[1] > 1.1 * risk[0] && (-0.8..=-0.05).contains(&elasticity), "{elasticity}");
    for (scale, indicator) in
        [(0, Indicator::Exploited), (1, Indicator::Exploited), (0, Indicator::ExploitativeCapacity), (1, Indicator::ExploitativeCapacity)]
    {
        Effect::of(scale, "penalty", indicator).at_most(0.03);
    }
}

/// Who comes without debt is less often bound, and gets out sooner.
#[test]
fn relief_from_debt_frees() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "refund", Indicator::Bonded).at_least(-0.15);
        Effect::of(scale, "refund", Indicator::Exploited).at_least(-0.02);
    }
}

/// Communities hear of open shelters from those who were there: more call, later than the door opens.
#[test]
fn open_shelters_are_heard_of_with_a_delay() {
    for scale in 0..SCALES.len() {
        let later = Effect::of(scale, "open", Indicator::HotlineCalls);
        later.at_least(0.2);
        let first = Effect::between(scale, "open", "as it was", Indicator::HotlineCalls, BEFORE..BEFORE + 3);
        assert!(first.mean < 0.5 * later.mean, "{:.2} more calls a month at first, {:.2} later", first.mean, later.mean);
        Effect::of(scale, "open", Indicator::Identified).at_least(0.1);
    }
}

/// Money in one line buys what that line stands for, and nothing else.
#[test]
fn money_buys_the_capacity_of_its_line_alone() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "shelter-money", Indicator::HasBeds).at_least(0.2);
        let others = [
            Indicator::HasInspectors,
            Indicator::HasInterpreters,
            Indicator::HasTeams,
            Indicator::HasCourtPlaces,
            Indicator::HasCaseworkers,
            Indicator::HasInquiries,
        ];
        for indicator in others {
            let effect = Effect::of(scale, "shelter-money", indicator);
            assert!(effect.mean.abs() < 1e-9 * effect.without.max(1.0), "{} moved", indicator.info().name);
        }
    }
}

/// Less money leaves fewer posts, beds and visits, and less done; the same plan under half of it does visibly less.
#[test]
fn without_money_there_is_less() {
    for scale in 0..SCALES.len() {
        for indicator in
            [Indicator::HasInspectors, Indicator::HasBeds, Indicator::HasTeams, Indicator::HasCourtPlaces, Indicator::Inspections, Indicator::Spent]
        {
            Effect::of(scale, "less", indicator).at_least(-0.1);
        }
        Effect::of(scale, "less", Indicator::Identified).at_least(-0.05);
        Effect::of(scale, "less", Indicator::Prosecuted).at_least(-0.1);
        let months = BEFORE + 12..72;
        let paid = Effect::of(scale, "trained", Indicator::IdentifiedLabour);
        let unpaid = Effect::between(scale, "trained-without-money", "half", Indicator::IdentifiedLabour, months);
        assert!(unpaid.mean < 0.5 * paid.mean, "{:+.2} with its money, {:+.2} without", paid.mean, unpaid.mean);
    }
}

/// Where no official is complicit nothing is blocked, and more cases are opened.
#[test]
fn where_nobody_is_complicit_there_are_more_cases() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "nobody complicit", Indicator::Blocked).at_least(-0.9);
        let cases = Effect::of(scale, "nobody complicit", Indicator::Cases);
        assert!(cases.part() > 0.05 && cases.mean > 2.0 * cases.error, "{:+.3} of all cases", cases.part());
        Effect::of(scale, "nobody complicit", Indicator::Extorted).at_least(-0.9);
    }
}

/// The labour law as a ladder: findings put conditions right and teach employers; fewer are violated, and fewer slide from there into force.
#[test]
fn a_labour_law_that_bites_leaves_fewer_violated_and_exploited() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "ladder", Indicator::LabourOrders).at_least(0.2);
        Effect::of(scale, "ladder", Indicator::BackWagesMoney).at_least(1.0);
        Effect::of(scale, "ladder", Indicator::Revisits).at_least(3.0);
        Effect::of(scale, "ladder", Indicator::Violation).at_least(-0.05);
        Effect::of(scale, "ladder", Indicator::NewVictims).at_least(-0.04);
        Effect::of(scale, "ladder", Indicator::Exploited).at_least(-0.02);
    }
}

/// Employers who earn less go deeper, slowly: some reconsider each month. What all lose of their margins adds a few in a hundred new victims within years, and no more.
#[test]
fn employers_who_earn_less_go_deeper() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "poorer", Indicator::ExploitativeEmployers).at_least(0.01);
        let victims = Effect::of(scale, "poorer", Indicator::NewVictims);
        assert!(victims.mean > 2.0 * victims.error && (0.005..0.1).contains(&victims.part()), "{:+.3} of the new victims", victims.part());
    }
}

/// Screening in detention and a firewall reach those whom a crackdown would remove: more identified there, fewer removed without help.
#[test]
fn victims_in_detention_are_reached_by_screening_and_a_firewall() {
    for scale in 0..SCALES.len() {
        Effect::of(scale, "screened", Indicator::IdentifiedDetention).at_least(1.0);
        Effect::of(scale, "screened", Indicator::Identified).at_least(0.05);
        let removed = Effect::of(scale, "screened", Indicator::RemovedUnassisted);
        assert!(removed.part() < -0.05 && removed.mean < -2.0 * removed.error, "{:+.3} of those removed without help", removed.part());
    }
}

/// Who is in custody does not flee, and leans on nobody: a few in a hundred witnesses.
#[test]
fn suspects_on_bail_flee_and_lean_on_witnesses() {
    for scale in 0..SCALES.len() {
        let months = BEFORE + 12..72;
        Effect::between(scale, "in-custody", "on-bail", Indicator::Fled, months.clone()).at_least(-0.9);
        let lost = Effect::between(scale, "in-custody", "on-bail", Indicator::WitnessesLost, months);
        assert!(lost.mean < -2.0 * lost.error, "{:+.3} of the witnesses lost", lost.part());
    }
}

/// Seven thousand come out at once. Staff alone recognises more, and lets more be punished, for who is not recognised in haste is taken for an offender; with a promise
/// not to punish more tell, and hardly anybody is punished. Compounds are simulated person by person, so that a coarse sample serves.
#[test]
fn a_release_needs_staff_and_a_promise_not_to_punish() {
    let overrides = Overrides { scale: Some(1000.0), ..Overrides::default() };
    let Ok(scenario) = load("thailand-scam-centres", &overrides) else { panic!("the shipped scenario loads") };
    let total = |name: &str, indicator: Indicator| -> f64 {
        let variant = scenario.variants.iter().find(|variant| variant.name == name).unwrap_or_else(|| panic!("no variant {name}"));
        let history = |replicate: u32| simulate(&variant.setting, Luck::new(2025, replicate));
        let sum = |history: History| history.rows[60..72].iter().map(|row| row.get(indicator)).sum::<f64>();
        (0..3).map(|replicate| sum(history(replicate))).sum::<f64>() / 3.0
    };
    let told = |name: &str| {
        [Indicator::CompoundsScreened, Indicator::IdentifiedCompounds, Indicator::CompoundsPunished].map(|indicator| total(name, indicator))
    };
    let [base, staff, both] = ["baseline", "staff", "both"].map(told);
    println!("screened, identified, punished in 2025: {base:.0?} as it was, {staff:.0?} with staff, {both:.0?} with a promise too");
    assert!(staff[0] > 2.0 * base[0] && staff[1] > 1.5 * base[1], "staff screens and recognises");
    assert!(staff[2] > 1.3 * base[2], "and lets more be punished");
    assert!(both[1] > 1.3 * staff[1] && both[2] < 0.3 * staff[2], "a promise lets people tell");
}

/// Two futures whose inspections differ by a twentieth stay a pair: three years later one worker in a hundred at most works for somebody else in the other one. A
/// vacancy more or less moves those who come upon it; where places were dealt by sums over all vacancies it moved one in thirteen.
#[test]
fn futures_under_two_policies_stay_pairs() {
    for (scale, _) in SCALES {
        let ours = settings(scale).swap_remove(0).1;
        let mut theirs = ours.clone();
        let begins = 36;
        let inspections = fivep::model::policy::all().find(|(_, lever)| lever.key == "labour_inspections").expect("the lever exists").0;
        theirs.plan.rows.iter_mut().skip(begins).for_each(|row| row[inspections] *= 1.05);
        let [mut one, mut other] = [&ours, &theirs].map(|setting| Simulation::new(setting, Luck::new(2016, 0)));
        for _ in 0..begins + 36 {
            one.step(&ours);
            other.step(&theirs);
        }
        let (one, other) = (&one.state().persons, &other.state().persons);
        let at_work = one.all().take(one.laid_out() as usize).filter(|person| one.employer[*person].known().is_some());
        let (mut all, mut elsewhere) = (0.0, 0.0);
        for person in at_work {
            all += 1.0;
            elsewhere += if one.employer[person] == other.employer[person] { 0.0 } else { 1.0 };
        }
        let share = elsewhere / all;
        assert!(share > 0.0 && share < 0.01, "scale {scale}: {share:.4} of {all} work elsewhere");
    }
}
