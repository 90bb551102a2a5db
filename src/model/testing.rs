//! A country small enough to be worked out by hand, for the known answers at the foot of the model's files.
//!
//! One origin, two sectors in two zones, and parameters that are nothing wherever they may be: a test turns on what it is about.

use super::country::{AGENCIES, Capacity, Country, Officials, Origin, Recruiters, Sector, SectorKind, StreamKind, Titles};
use super::initialisation::initialise;
use super::moves::employment::start_work;
use super::parameters::{PARAMETERS, Parameters, place};
use super::policy::{self, LINES, Plan};
use super::setting::Setting;
use super::state::State;
use super::state::cells::{Exploitation, Legal};
use super::state::ids::{EmployerId, PersonId};
use super::switches::Switches;
use crate::draws::Luck;
use crate::quantities::Month;

/// What must not be nothing, or not at its least, for the country to be one.
const VALUES: &[(&str, f64)] = &[
    ("identification.specificity_labour", 1.0),
    ("identification.specificity_sex", 1.0),
    ("identification.untrained", 1.0),
    ("identification.workload", 1000.0),
    ("identification.interviews", 20.0),
    ("identification.training_fade", 24.0),
    ("contact.risk_weight", 0.0),
    ("contact.raid_weight", 0.0),
    ("work.permit_term", 12.0),
    ("care.stay", 10.0),
    ("justice.sentence", 10.0),
    ("justice.months_police", 1.0),
    ("justice.months_prosecutor", 1.0),
    ("justice.months_court", 1.0),
    ("adaptation.prior_risk", 0.01),
    ("adaptation.inertia", 1.0),
    ("complicity.salary", 2.0),
    ("implementation.policy", 1.0),
    ("implementation.prosecution", 1.0),
    ("implementation.protection", 1.0),
    ("implementation.prevention", 1.0),
    ("implementation.partnership", 1.0),
];

/// The random numbers of all known answers.
pub fn luck() -> Luck {
    Luck::new(11, 0)
}

/// The country for `months` months without a spin-up, every person an agent.
pub fn setting(months: usize) -> Setting {
    let mut row: Vec<f64> = PARAMETERS.iter().map(|parameter| parameter.min).collect();
    for (path, value) in VALUES {
        row[place(path).expect("the parameter exists")] = *value;
    }
    let country = country();
    let first = Month::new(2015, 1);
    let plan: Vec<f64> = policy::all()
        .flat_map(|(_, lever)| (0..lever.shape.width()).map(move |at| (lever, at)))
        .map(|(lever, at)| lever.default_value().unwrap_or_else(|| country.lever_default(lever.key, at, first)))
        .collect();
    Setting {
        parameters: Parameters::from_row(&row),
        plan: Plan { first, rows: vec![plan; months] },
        switches: Switches::default(),
        shocks: vec![],
        scale: 1.0,
        from: first,
        to: first.plus(months as i32 - 1),
        profile: country.clone(),
        country,
    }
}

/// The state of [`setting`] before its first month, at `scale`: everybody is at home.
pub fn state(setting: &Setting) -> State {
    let mut state = initialise(setting, &luck());
    state.begin_month();
    state
}

/// Puts the first `n` agents to work at `employer`, so far exploited.
pub fn at_work(state: &mut State, n: u32, employer: EmployerId, legal: Legal, exploitation: Exploitation) -> Vec<PersonId> {
    let workers: Vec<PersonId> = (0..n).map(PersonId).collect();
    for person in &workers {
        start_work(state, *person, employer, legal, exploitation);
    }
    workers
}

/// Sets a lever in every month.
pub fn plan(setting: &mut Setting, key: &str, value: f64) {
    let (at, lever) = policy::all().find(|(_, lever)| lever.key == key).expect("the lever exists");
    for row in &mut setting.plan.rows {
        row[at..at + lever.shape.width()].fill(value);
    }
}

fn country() -> Country {
    let sector = |name: &str, kind: SectorKind, stream: StreamKind, migrants: f64, zones: Vec<f64>| Sector {
        name: name.to_owned(),
        title: None,
        titles: Titles::new(),
        kind,
        stream,
        migrants,
        citizens: 0.0,
        employers: migrants / 10.0,
        size_spread: 0.0,
        propensity: 0.5,
        forced: 0.0,
        violation: 0.0,
        citizens_forced: 0.0,
        indebted: 0.5,
        women: 0.5,
        exporters: 0.0,
        formality: 1.0,
        zones,
    };
    Country {
        name: "testland".to_owned(),
        title: "Testland".to_owned(),
        titles: Titles::new(),
        currency: "TLM".to_owned(),
        price_year: 2015,
        wage: 1.0,
        fiscal_year_starts: 1,
        spin_up: 0,
        community_size: 100,
        origins: vec![Origin {
            name: "hills".to_owned(),
            title: "hills".to_owned(),
            titles: Titles::new(),
            home: 2000.0,
            abroad: [0.0; 3],
            women: 0.5,
            minors: 0.0,
            departure: 0.01,
            fee_cap: 1.0,
            broker_fee: 2.0,
            throughput: 10.0,
            fear: 0.2,
            trust: 0.0,
        }],
        zones: vec!["coast".to_owned(), "plain".to_owned()],
        at_border: vec![false, true],
        sectors: vec![
            sector("fields", SectorKind::Labour, StreamKind::Inspection, 1000.0, vec![1.0, 0.0]),
            sector("venues", SectorKind::Sex, StreamKind::Venue, 1000.0, vec![0.0, 1.0]),
        ],
        citizens_at_risk: 0.0,
        citizens_minor: 0.0,
        citizens_women: 0.5,
        licensed: Recruiters { count: 10.0, exploitative: 0.1, active: 0.5 },
        informal: Recruiters { count: 40.0, exploitative: 0.2, active: 0.5 },
        officials: [Officials { count: 240.0, complicit: 0.0 }; AGENCIES],
        capacity: Capacity {
            port: 0.0,
            inspections: 10.0,
            raids: 4.0,
            border: 0.0,
            investigation: 4.0,
            prosecution: 4.0,
            court: 4.0,
            beds: 2.0,
            interpreters: 1.0,
            interpreter_load: 10.0,
            financial: 1.0,
            agency_inspections: 1.0,
        },
        budget: vec![(2015, 1100.0)],
        shares: [1.0 / LINES as f64; LINES],
        windows: vec![],
        shocks: vec![],
        compounds: None,
    }
}
