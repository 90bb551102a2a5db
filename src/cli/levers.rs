//! `fivep levers`: every measure of the five Ps that a scenario can set.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::{Listing, short, width, wrapped};
use super::numbers::full;
use super::told::{direction, ends, p_word};
use super::{Answer, Failure, SheetFormat, effects, fault, lever_sheets, nearest, sheets};
use crate::charts::words::Words;
use crate::model::Setting;
use crate::model::policy::{Default as LeverDefault, Lever, P, Shape, all};
use crate::scenario::{Overrides, load};

/// Options of `fivep levers`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep levers\n  fivep levers shelters\n  fivep levers --format csv > levers.csv\n  fivep levers --format markdown\n  fivep levers --format xlsx --output levers.xlsx\n  fivep levers --effects borderland\n  fivep levers --effects thailand-2016 --paid --replicates 20\n  fivep levers --effects thailand-2016 --update docs/LEVERS.md"
)]
pub struct Args {
    /// Only levers that mention this word in their name, their meaning or the measure that they stand for
    #[arg(value_name = "WORD", conflicts_with = "effects")]
    pub about: Option<String>,

    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: SheetFormat,

    /// Where the workbook of --format xlsx is written
    #[arg(long, value_name = "FILE", default_value = "levers.xlsx")]
    pub output: PathBuf,

    /// The scenario whose country's unit costs are used
    #[arg(long, value_name = "SCENARIO", default_value = "thailand-2016")]
    pub costs: String,

    /// Simulate instead: what every lever alone would change in this scenario's baseline, at both ends of its range
    #[arg(long, value_name = "SCENARIO", conflicts_with = "costs")]
    pub effects: Option<String>,

    /// How the levers are tried.
    #[command(flatten)]
    pub trial: effects::Trying,

    /// Write the table between the marks `<!-- fivep levers -->` and `<!-- end -->` of this file
    #[arg(long, value_name = "FILE", requires = "effects")]
    pub update: Option<PathBuf>,
}

/// The list.
///
/// # Errors
/// Where the scenario cannot be read, and those of [`effects::answer`].
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    if let Some(reference) = &args.effects {
        let format = args.format.list().map_or(effects::Form::Workbook(&args.output), effects::Form::List);
        return effects::answer(&args.trial, reference, format, args.update.as_deref());
    }
    let scenario = load(&args.costs, &Overrides::default())?;
    let setting = &scenario.variants[0].setting;
    let columns = vec![
        "lever",
        "p",
        "measure",
        "text",
        "values",
        "unit",
        "min",
        "max",
        "default",
        "cost_at_min",
        "cost_at_max",
        "currency",
        "cost_is_of",
        "budget_line",
        "grade",
        "rules",
        "indicator",
        "direction",
        "backfire",
    ];
    let chosen = chosen(args.about.as_deref())?;
    let Some(format) = args.format.list() else {
        let mut answer = Answer::default();
        sheets::save(&mut answer, None, &args.output, lever_sheets::levers(&scenario, &chosen)?)?;
        return Ok(answer);
    };
    let listing = Listing { columns, rows: chosen.iter().map(|lever| row(lever, setting)).collect() };
    Ok(Answer::text(listing.render(format, || text(setting, &chosen))))
}

/// The levers that speak of a word, or all; a plural finds its singular.
///
/// # Errors
/// A fault where none does, with the nearest key.
fn chosen(about: Option<&str>) -> Result<Vec<&'static Lever>, Failure> {
    let levers = || all().map(|(_, lever)| lever);
    let Some(about) = about else { return Ok(levers().collect()) };
    let lower = about.trim().to_lowercase();
    let wanted = lower.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(&lower);
    let words = Words::embedded("en");
    let title = |lever: &Lever| words.as_ref().and_then(|words| words.find(&format!("lever.{}", lever.key))).unwrap_or_default().to_owned();
    let speaks = |lever: &&'static Lever| {
        [&lever.path(), lever.text, lever.measure, &title(lever), &lever.key.replace('_', " ")]
            .iter()
            .any(|text| text.to_lowercase().contains(wanted))
    };
    let found: Vec<&Lever> = levers().filter(speaks).collect();
    if found.is_empty() {
        let near = nearest(about.trim(), levers().map(|lever| lever.key));
        return Err(fault(format!("error: no lever speaks of `{}`{near}\nhelp: `fivep levers` lists them all", about.trim())));
    }
    Ok(found)
}

fn row(lever: &Lever, setting: &Setting) -> Vec<Value> {
    let line = lever.cost.map_or(Value::Null, |bill| json!(bill.line.name()));
    let costs = ends(lever, setting);
    let of =
        lever.cost.map_or(Value::Null, |bill| json!(format!("{} x {:?} x {:?}", full(bill.times.abs()), bill.quantity, bill.price).to_lowercase()));
    vec![
        json!(lever.path()),
        json!(p_word(lever.p)),
        json!(lever.measure),
        json!(lever.text.trim()),
        json!(shape(lever.shape)),
        json!(lever.unit),
        short(lever.min),
        short(lever.max),
        lever.default_value().map_or(json!("profile"), short),
        costs.map_or(Value::Null, |costs| short(costs[0].round())),
        costs.map_or(Value::Null, |costs| short(costs[1].round())),
        json!(setting.country.currency),
        of,
        line,
        json!(lever.grade.word()),
        json!(lever.rules),
        json!(lever.indicator.info().name),
        json!(direction(lever.sign)),
        lever.backfire.map_or(Value::Null, |route| json!(route)),
    ]
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::One => "one",
        Shape::PerLine => "one per budget line",
        Shape::PerOrigin => "one, or one per origin",
    }
}

fn text(setting: &Setting, chosen: &[&Lever]) -> String {
    let width = width().min(110);
    let mut out = format!(
        "Levers: what a scenario can set, constant or by date. Costs are {} a year in {} at either end of a lever's range, beyond its\ndefault, from unit costs (`fivep parameters`, costs).\n",
        setting.country.currency, setting.country.title
    );
    for p in P::ALL {
        let own: Vec<&&Lever> = chosen.iter().filter(|lever| lever.p == p).collect();
        if !own.is_empty() {
            let _ = write!(out, "\n{}   [policy.{}]\n", p_word(p).to_uppercase(), p.section());
        }
        for lever in own {
            let default = match lever.default {
                LeverDefault::Value(value) => full(value),
                LeverDefault::Profile => "from the profile".to_owned(),
            };
            let many = if lever.shape == Shape::One { String::new() } else { format!(" ({})", shape(lever.shape)) };
            let _ = writeln!(out, "\n  {}{many}   {} {} to {}, default {default}", lever.key, lever.unit, full(lever.min), full(lever.max));
            out.push_str(&wrapped(lever.text, 6, width));
            let cost = lever.cost.zip(ends(lever, setting)).map_or(String::new(), |(bill, ends)| {
                let million = |money: f64| format!("{:.1} m", money / 1e6);
                format!(
                    "; costs {} at {} and {} at {}, line {}",
                    million(ends[0]),
                    full(lever.min),
                    million(ends[1]),
                    full(lever.max),
                    bill.line.name()
                )
            });
            let moves =
                format!("moves {} {}; rules {}; {}{cost}", lever.indicator.info().name, direction(lever.sign), lever.rules, lever.grade.word());
            out.push_str(&wrapped(&moves, 6, width));
            if let Some(route) = lever.backfire {
                out.push_str(&wrapped(&format!("may backfire: {route}"), 6, width));
            }
        }
    }
    out
}
