//! `fivep indicators`: everything that can be asked of a run, ledger by ledger.

use std::fmt::Write;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::Listing;
use super::told::{ledger_title, ledger_word};
use super::{Answer, CAVEAT, ListFormat};
use crate::analysis::measure::{HEADLINES, Measure};
use crate::model::ledgers::indicators::Better;

/// Options of `fivep indicators`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  fivep indicators\n  fivep indicators --format csv\n  fivep compare --indicators exploited,identified")]
pub struct Args {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// The list.
#[must_use]
pub fn answer(args: &Args) -> Answer {
    let all = Measure::all();
    let better = |measure: &Measure| match measure.better() {
        Better::Less => json!("less"),
        Better::More => json!("more"),
        Better::None => Value::Null,
    };
    let rows = all.iter().map(|measure| {
        vec![
            json!(measure.name()),
            json!(ledger_word(measure.ledger())),
            json!(if measure.averaged() { "mean" } else { "sum" }),
            json!(measure.unit()),
            better(measure),
            json!(HEADLINES.contains(measure)),
            json!(measure.text()),
        ]
    });
    let columns = vec!["indicator", "ledger", "over_months", "unit", "better", "headline", "text"];
    let listing = Listing { columns, rows: rows.collect() };
    Answer::text(listing.render(args.format, || {
        let mut out = String::from("Indicators. + more is better, - less is better for the people concerned; * shown by default.\n");
        let mut ledger = None;
        for measure in &all {
            if ledger != Some(measure.ledger()) {
                ledger = Some(measure.ledger());
                let _ = writeln!(out, "\n{}", ledger_title(measure.ledger()));
            }
            let sign = match measure.better() {
                Better::Less => "-",
                Better::More => "+",
                Better::None => " ",
            };
            let star = if HEADLINES.contains(measure) { "*" } else { " " };
            let _ = writeln!(out, "{star}{sign} {:<23} {:<19} {}", measure.name(), measure.unit(), measure.text());
        }
        let _ = write!(out, "\n{CAVEAT}\n");
        out
    }))
}
