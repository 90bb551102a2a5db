//! `fivep diff`: two scenarios, variants or runs side by side: what each says, lever by lever and month by month.

use std::fmt::Write;
use std::path::Path;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::Listing;
use super::reference::{OUTPUT, run_if_any};
use super::{Answer, Failure, ListFormat, fault, nearest};
use crate::results::manifest::window;
use crate::scenario::{self, Difference, Overrides, Scenario, Variant, country_differences, differences};

/// Options of `fivep diff`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep diff thailand-2016 thailand-gaps\n  fivep diff thailand-2016 thailand-2016:no-package\n  fivep diff my-question.toml my-other-question.toml --format csv\n  fivep diff output/borderland/0001-1a2b3c4d latest"
)]
pub struct Args {
    /// A scenario, a run, or a variant of one as SCENARIO:VARIANT
    #[arg(value_name = "A")]
    pub a: String,
    /// The same
    #[arg(value_name = "B")]
    pub b: String,
    /// How the differences are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// One side: a scenario, and the variant that was asked for.
struct Side {
    scenario: Scenario,
    variant: Option<usize>,
}

/// Lays both side by side.
///
/// # Errors
/// The faults of both scenarios, or a fault where there is no such variant.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let (a, b) = (side(&args.a)?, side(&args.b)?);
    let mut rows: Vec<(String, Difference)> = heads(&a.scenario, &b.scenario).into_iter().map(|head| (String::new(), head)).collect();
    // Countries of two names differ in everything, which is told by their names.
    if a.scenario.variants[0].setting.country.name == b.scenario.variants[0].setting.country.name {
        rows.extend(country_differences(&a.scenario, &b.scenario).into_iter().map(|difference| (String::new(), difference)));
    }
    let one = a.variant.is_some() || b.variant.is_some();
    if one {
        let [of_a, of_b] = [&a, &b].map(|side| &side.scenario.variants[side.variant.unwrap_or(0)]);
        rows.extend(differences(of_a, of_b).into_iter().map(|difference| (pair(of_a, of_b), difference)));
    } else {
        rows.extend(variants(&a.scenario, &b.scenario));
    }
    let columns = vec!["variant", "what", "from", "a", "b"];
    let cell = |(variant, difference): &(String, Difference)| {
        let from = difference.from.map_or(Value::Null, |from| json!(from.to_string()));
        vec![json!(variant), json!(difference.name), from, json!(difference.a), json!(difference.b)]
    };
    let listing = Listing { columns, rows: rows.iter().map(cell).collect() };
    Ok(Answer::text(listing.render(args.format, || text(args, &rows))))
}

/// What a reference means: a run's own scenario, a scenario, or a variant of either.
fn side(reference: &str) -> Result<Side, Failure> {
    // A colon is also part of a path on some systems, so that the whole is tried first.
    let (problem, name, variant) = match (load(reference), reference.rsplit_once(':')) {
        (Err(problem), Some((name, variant))) => (problem, name, variant),
        (whole, _) => return Ok(Side { scenario: whole?, variant: None }),
    };
    let Ok(scenario) = load(name) else { return Err(problem) };
    let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
    let Some(place) = names.iter().position(|known| *known == variant) else {
        let near = nearest(variant, names.iter().copied());
        return Err(fault(format!("error: `{name}` has no variant `{variant}`{near}\nhelp: it has {}", names.join(", "))));
    };
    Ok(Side { variant: Some(place), scenario })
}

fn load(reference: &str) -> Result<Scenario, Failure> {
    let path = Path::new(reference);
    let shipped = scenario::embedded().iter().any(|(name, _)| *name == reference);
    if !shipped
        && !scenario::file_of(reference).is_file()
        && let Some(run) = run_if_any(path, Path::new(OUTPUT))?
    {
        let mut scenario = scenario::load_file(&run.join("scenario.toml"), &Overrides::default())?;
        // A run spells out what its country says, which differs from nothing.
        let notes = scenario::notes(&scenario)?;
        for variant in &mut scenario.variants {
            variant.fixed.retain(|place, value| notes[*place].value.to_bits() != value.to_bits());
        }
        return Ok(scenario);
    }
    Ok(scenario::load(reference, &Overrides::default())?)
}

/// What differs at the top of two scenarios.
fn heads(a: &Scenario, b: &Scenario) -> Vec<Difference> {
    let of = |scenario: &Scenario| {
        [
            ("country", scenario.variants[0].setting.country.name.clone()),
            ("begin", scenario.begin.to_string()),
            ("from", scenario.from.to_string()),
            ("to", scenario.to.to_string()),
            ("scale", scenario.scale.to_string()),
            ("replicates", scenario.replicates.to_string()),
            ("seed", scenario.seed.to_string()),
            ("draw", scenario.drawn.choice.word().to_owned()),
            ("compare.from", window(scenario).0.to_string()),
            ("compare.to", window(scenario).1.to_string()),
            ("compare.against", scenario.against.clone().unwrap_or_else(|| "baseline".to_owned())),
        ]
    };
    let both = of(a).into_iter().zip(of(b)).filter(|((_, a), (_, b))| a != b);
    both.map(|((name, a), (_, b))| Difference { name: name.to_owned(), from: None, a, b }).collect()
}

/// What differs in the variants that both have, but for what the baselines differ in alike; and those that only one has.
fn variants(a: &Scenario, b: &Scenario) -> Vec<(String, Difference)> {
    let baseline = differences(&a.variants[0], &b.variants[0]);
    let mut rows = vec![];
    for of_a in &a.variants {
        let Some(of_b) = b.variants.iter().find(|other| other.name == of_a.name) else {
            rows.push((of_a.name.clone(), only(true)));
            continue;
        };
        let found = differences(of_a, of_b);
        let own = found.iter().filter(|difference| of_a.name == "baseline" || !baseline.contains(difference));
        rows.extend(own.map(|difference| (of_a.name.clone(), difference.clone())));
    }
    let missing = b.variants.iter().filter(|of_b| !a.variants.iter().any(|of_a| of_a.name == of_b.name));
    rows.extend(missing.map(|of_b| (of_b.name.clone(), only(false))));
    rows
}

fn only(a: bool) -> Difference {
    let word = |here: bool| if here { "is there" } else { "-" }.to_owned();
    Difference { name: "the variant itself".to_owned(), from: None, a: word(a), b: word(!a) }
}

fn pair(a: &Variant, b: &Variant) -> String {
    if a.name == b.name { a.name.clone() } else { format!("{} | {}", a.name, b.name) }
}

fn text(args: &Args, rows: &[(String, Difference)]) -> String {
    if rows.is_empty() {
        return format!("{} and {} say the same.\n", args.a, args.b);
    }
    let names = rows.iter().map(|(_, difference)| difference.name.chars().count()).max().unwrap_or(0).max(10);
    let values = rows.iter().map(|(_, difference)| difference.a.chars().count()).max().unwrap_or(0).max(args.a.chars().count()).min(40);
    let mut out = format!("{:<names$}  {:<7}  {:<values$}  {}\n", "", "from", args.a, args.b);
    let mut before: Option<(&str, &str)> = None;
    for (variant, Difference { name, from, a, b }) in rows {
        if before.is_none_or(|before| before.0 != variant) && !variant.is_empty() {
            let _ = writeln!(out, "\n{variant}");
        }
        let shown = if before == Some((variant, name)) { "" } else { name };
        let from = from.map_or(String::new(), |from| from.to_string());
        let alike = if a == b { "   (alike again)" } else { "" };
        let _ = writeln!(out, "{shown:<names$}  {from:<7}  {a:<values$}  {b}{alike}");
        before = Some((variant, name));
    }
    out
}
