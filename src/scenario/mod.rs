//! A file becomes a baseline and its variants: the types of the contract, with one small country in code.

use crate::model::Setting;
use crate::model::country::{Capacity, Country, Officials, Origin, Recruiters, Sector, SectorKind, StreamKind};
use crate::model::parameters::{PARAMETERS, Parameters};
use crate::model::policy::{self, Grade, Plan};
use crate::model::switches::Switches;
use crate::quantities::Month;

/// A scenario: a baseline and what is compared with it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// File stem or embedded name.
    pub name: String,
    /// Title.
    pub title: String,
    /// The question it answers.
    pub question: String,
    /// Seed.
    pub seed: u64,
    /// Replicates.
    pub replicates: u32,
    /// Persons per agent.
    pub scale: f64,
    /// First reported month.
    pub from: Month,
    /// Last reported month.
    pub to: Month,
    /// The baseline first.
    pub variants: Vec<Variant>,
    /// Window of comparison.
    pub compare: Option<(Month, Month)>,
    /// Resolved TOML text.
    pub resolved: String,
}

/// One variant.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// What it is laid over.
    pub base: Option<String>,
    /// Setting.
    pub setting: Setting,
}

/// What the command line overrides.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Replicates.
    pub replicates: Option<u32>,
    /// Seed.
    pub seed: Option<u64>,
    /// Scale.
    pub scale: Option<f64>,
    /// First month.
    pub from: Option<Month>,
    /// Last month.
    pub to: Option<Month>,
    /// Variants.
    pub only: Option<Vec<String>>,
}

/// What can go wrong.
#[derive(Clone, Debug)]
pub enum Problem {
    /// The user's.
    Fault(String),
    /// The world's.
    World(String),
}

/// What is known of a parameter's value.
#[derive(Clone, Debug)]
pub struct ParameterNote {
    /// Value.
    pub value: f64,
    /// Low.
    pub low: f64,
    /// High.
    pub high: f64,
    /// Grade.
    pub grade: Grade,
    /// Source.
    pub source: String,
}

fn setting(scale: f64, from: Month, to: Month) -> Setting {
    let sector = |name: &str, kind, stream| Sector {
        name: name.to_owned(),
        kind,
        stream,
        migrants: 4000.0,
        citizens: 500.0,
        employers: 200.0,
        size_spread: 0.8,
        propensity: 0.3,
        forced: 0.1,
        violation: 0.2,
        citizens_forced: 0.05,
        women: 0.4,
        exporters: 0.5,
        formality: 0.5,
        zones: vec![1.0],
    };
    let recruiters = Recruiters { count: 50.0, exploitative: 0.1, active: 0.3 };
    let country = Country {
        name: "borderland".to_owned(),
        title: "Borderland".to_owned(),
        currency: "THB".to_owned(),
        price_year: 2016,
        wage: 9000.0,
        fiscal_year_starts: 10,
        spin_up: 12,
        community_size: 100,
        origins: vec![Origin {
            name: "upland".to_owned(),
            home: 20_000.0,
            abroad: [2000.0, 3000.0, 3000.0],
            women: 0.5,
            departure: 0.01,
            fee_cap: 0.9,
            broker_fee: 1.1,
            throughput: 200.0,
            fear: 0.3,
            trust: 0.0,
        }],
        zones: vec!["all".to_owned()],
        sectors: vec![sector("farms", SectorKind::Labour, StreamKind::Inspection), sector("venues", SectorKind::Sex, StreamKind::Venue)],
        citizens_at_risk: 5000.0,
        citizens_minor: 0.1,
        citizens_women: 0.5,
        licensed: recruiters,
        informal: recruiters,
        officials: [Officials { count: 50.0, complicit: 0.1 }; 5],
        capacity: Capacity {
            port: 10.0,
            inspections: 10.0,
            raids: 10.0,
            border: 10.0,
            investigation: 10.0,
            prosecution: 10.0,
            court: 10.0,
            beds: 20.0,
            interpreters: 5.0,
            interpreter_load: 20.0,
            financial: 1.0,
            agency_inspections: 5.0,
        },
        budget: vec![(2010, 1e7)],
        shares: [1.0 / 11.0; 11],
        windows: vec![],
        shocks: vec![],
    };
    let first = from.plus(-12);
    let months = to.since(first) + 1;
    let rows = (0..months)
        .map(|i| {
            let mut row = vec![0.0; policy::row_width()];
            for (place, lever) in policy::all() {
                for k in 0..lever.shape.width() {
                    row[place + k] = lever.default_value().unwrap_or_else(|| country.lever_default(lever.key, k, first.plus(i)));
                }
            }
            row
        })
        .collect();
    let middle: Vec<f64> = PARAMETERS.iter().map(|parameter| 0.5 * (parameter.min + parameter.max)).collect();
    Setting {
        country,
        parameters: Parameters::from_row(&middle),
        plan: Plan { first, rows },
        switches: Switches::default(),
        shocks: vec![],
        scale,
        from,
        to,
    }
}

/// Loads a scenario.
///
/// # Errors
/// The user's faults.
pub fn load(reference: &str, overrides: &Overrides) -> Result<Scenario, Problem> {
    if !["thailand-2016", "borderland"].contains(&reference) {
        return Err(Problem::Fault(format!("error: there is no scenario `{reference}`")));
    }
    let from = overrides.from.unwrap_or(Month::new(2015, 1));
    let to = overrides.to.unwrap_or(Month::new(2017, 12));
    let scale = overrides.scale.unwrap_or(10.0);
    let base = setting(scale, from, to);
    let with = |date: Month, value: f64, lever: &str| {
        let mut setting = base.clone();
        let (place, _) = policy::all().find(|(_, known)| known.key == lever).expect("a lever");
        let first = setting.plan.first;
        for (row, i) in setting.plan.rows.iter_mut().zip(0..) {
            if first.plus(i) >= date {
                row[place] = value;
            }
        }
        setting
    };
    let variant = |name: &str, title: &str, setting: Setting| Variant { name: name.to_owned(), title: title.to_owned(), base: None, setting };
    let mut variants = vec![
        variant("baseline", "The response as it happened", base.clone()),
        variant("trained", "Half of all officials trained", with(Month::new(2016, 6), 0.5, "training")),
        variant("open-shelters", "Shelters opened", with(Month::new(2016, 6), 0.9, "shelter_freedom")),
        variant("same", "Nothing changes", base.clone()),
    ];
    if let Some(only) = &overrides.only {
        variants.retain(|variant| variant.name == "baseline" || only.contains(&variant.name));
    }
    let replicates = overrides.replicates.unwrap_or(20);
    let seed = overrides.seed.unwrap_or(2016);
    let names: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
    let resolved =
        format!("format = 1\nseed = {seed}\nreplicates = {replicates}\nscale = {scale:?}\nfrom = \"{from}\"\nto = \"{to}\"\n# {names:?}\n");
    Ok(Scenario {
        name: reference.to_owned(),
        title: "Borderland".to_owned(),
        question: "What would training and open shelters change?".to_owned(),
        seed,
        replicates,
        scale,
        from,
        to,
        variants,
        compare: None,
        resolved,
    })
}

/// The shipped scenarios.
#[must_use]
pub fn embedded() -> &'static [(&'static str, &'static str)] {
    &[("thailand-2016", "format = 1"), ("borderland", "format = 1")]
}

/// A commented scenario.
#[must_use]
pub fn template(name: &str) -> String {
    format!("# {name}\nformat = 1\n")
}

/// JSON Schema.
#[must_use]
pub fn schema() -> serde_json::Value {
    serde_json::json!({"type": "object"})
}

/// Notes on parameters.
///
/// # Errors
/// The user's faults.
pub fn parameter_notes(_country: &str) -> Result<Vec<ParameterNote>, Problem> {
    Ok(PARAMETERS
        .iter()
        .map(|p| ParameterNote { value: 0.5 * (p.min + p.max), low: p.min, high: p.max, grade: Grade::Assumed, source: "assumed".to_owned() })
        .collect())
}
