//! `fivep levers`: every measure of the five Ps that a scenario can set.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::{Listing, short, width, wrapped};
use super::numbers::full;
use super::simulate::Parameters;
use super::{Answer, Failure, ListFormat, effects};
use crate::model::Setting;
use crate::model::policy::{Default as LeverDefault, Lever, P, Shape, Sign, all};
use crate::quantities::Month;
use crate::scenario::{Overrides, load};

/// Options of `fivep levers`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep levers\n  fivep levers --format csv > levers.csv\n  fivep levers --format markdown\n  fivep levers --effects borderland\n  fivep levers --effects thailand-2016 --paid --replicates 20\n  fivep levers --effects thailand-2016 --update docs/LEVERS.md"
)]
pub struct Args {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,

    /// The scenario whose country's unit costs are used
    #[arg(long, value_name = "SCENARIO", default_value = "thailand-2016")]
    pub costs: String,

    /// Simulate instead: what every lever alone would change in this scenario's baseline, at both ends of its range
    #[arg(long, value_name = "SCENARIO", conflicts_with = "costs")]
    pub effects: Option<String>,

    /// How the levers are tried.
    #[command(flatten)]
    pub trial: TrialOptions,

    /// Write the table between the marks `<!-- fivep levers -->` and `<!-- end -->` of this file
    #[arg(long, value_name = "FILE", requires = "effects")]
    pub update: Option<PathBuf>,
}

/// How levers are tried.
#[derive(Debug, ClapArgs)]
pub struct TrialOptions {
    /// The month from which on each lever moves [default: the first fiscal year that begins two years into the scenario]
    #[arg(long, value_name = "YYYY-MM", requires = "effects")]
    pub at: Option<Month>,
    /// Only these levers, by key or address
    #[arg(long, value_name = "LEVER,...", value_delimiter = ',', requires = "effects")]
    pub only: Option<Vec<String>>,
    /// Give each lever's budget line on top what the lever costs
    #[arg(long, requires = "effects")]
    pub paid: bool,
    /// How many pairs of replicates
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub replicates: u32,
    /// How many persons one agent stands for [default: ten times the scenario's]
    #[arg(long, value_name = "N", requires = "effects")]
    pub scale: Option<f64>,
    /// The seed instead of the scenario's
    #[arg(long, value_name = "N", requires = "effects")]
    pub seed: Option<u64>,
    /// Which parameter values, as in `fivep run`
    #[arg(long, value_name = "WHICH", value_enum, requires = "effects")]
    pub parameters: Option<Parameters>,
    /// How many threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
}

/// The list.
///
/// # Errors
/// Where the scenario cannot be read, and those of [`effects::answer`].
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    if let Some(reference) = &args.effects {
        return effects::answer(args, reference);
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
    let listing = Listing { columns, rows: all().map(|(_, lever)| row(lever, setting)).collect() };
    Ok(Answer::text(listing.render(args.format, || text(setting))))
}

/// What a lever costs a year at its least and at its greatest value, in the country's currency.
fn ends(lever: &Lever, setting: &Setting) -> Option<[f64; 2]> {
    let bill = lever.cost?;
    let default = lever.default_value()?;
    let each = bill.yearly(&setting.country, &setting.parameters);
    Some([lever.min, lever.max].map(|value| (bill.times.signum() * (value - default)).max(0.0) * each))
}

fn row(lever: &Lever, setting: &Setting) -> Vec<Value> {
    let line = lever.cost.map_or(Value::Null, |bill| json!(bill.line.name()));
    let costs = ends(lever, setting);
    let of =
        lever.cost.map_or(Value::Null, |bill| json!(format!("{} x {:?} x {:?}", full(bill.times.abs()), bill.quantity, bill.price).to_lowercase()));
    vec![
        json!(lever.path()),
        json!(word(lever.p)),
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

fn word(p: P) -> &'static str {
    match p {
        P::Policy => "Policy",
        P::Prosecution => "Prosecution",
        P::Protection => "Protection",
        P::Prevention => "Prevention",
        P::Partnership => "Partnership",
    }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::One => "one",
        Shape::PerLine => "one per budget line",
        Shape::PerOrigin => "one, or one per origin",
    }
}

fn direction(sign: Sign) -> &'static str {
    match sign {
        Sign::Up => "up",
        Sign::Down => "down",
    }
}

fn text(setting: &Setting) -> String {
    let width = width().min(110);
    let mut out = format!(
        "Levers: what a scenario can set, constant or by date. Costs are {} a year in {} at either end of a lever's range, beyond its\ndefault, from unit costs (`fivep parameters`, costs).\n",
        setting.country.currency, setting.country.title
    );
    for p in P::ALL {
        let _ = write!(out, "\n{}   [policy.{}]\n", word(p).to_uppercase(), p.section());
        for (_, lever) in all().filter(|(_, lever)| lever.p == p) {
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
