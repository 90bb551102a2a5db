//! `fivep levers`: every measure of the five Ps that a scenario can set.

use std::fmt::Write;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::{Listing, short, width, wrapped};
use super::numbers::full;
use super::{Answer, ListFormat};
use crate::model::policy::{Default as LeverDefault, Lever, Line, P, Shape, Sign, all};

/// Options of `fivep levers`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  fivep levers\n  fivep levers --format csv > levers.csv\n  fivep levers --format markdown")]
pub struct Args {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// The list.
#[must_use]
pub fn answer(args: &Args) -> Answer {
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
        "cost_a_year",
        "budget_line",
        "grade",
        "rules",
        "indicator",
        "direction",
        "backfire",
    ];
    let listing = Listing { columns, rows: all().map(|(_, lever)| row(lever)).collect() };
    Answer::text(listing.render(args.format, text))
}

fn row(lever: &Lever) -> Vec<Value> {
    let line = lever.line.map_or(Value::Null, |line| json!(line.name()));
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
        short(lever.cost),
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

fn text() -> String {
    let width = width().min(110);
    let mut out = String::from(
        "Levers: what a scenario can set, constant or by date. Costs are shares of the budget at the start, a year, for one unit\nmore than the default.\n",
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
            let less = if lever.cost < 0.0 { " for one unit less" } else { "" };
            let cost = lever.line.map_or(String::new(), |line: Line| format!("; costs {} of line {}{less}", full(lever.cost.abs()), line.name()));
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
