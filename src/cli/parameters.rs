//! `fivep parameters`: what is assumed whatever the policy, with its evidence.

use std::fmt::Write;

use clap::Args as ClapArgs;
use serde_json::json;

use super::listing::{Listing, short, width, wrapped};
use super::numbers::full;
use super::{Answer, Failure, ListFormat};
use crate::model::parameters::PARAMETERS;
use crate::scenario::parameter_notes;

/// Options of `fivep parameters`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep parameters\n  fivep parameters --country borderland --format json\n\nIn a scenario: [parameters] recruitment.debt_vulnerability = 0.4"
)]
pub struct Args {
    /// The country: a name that is shipped, or a country folder
    #[arg(long, default_value = "thailand")]
    pub country: String,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// The list.
///
/// # Errors
/// The faults of the country's parameter file.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let notes = parameter_notes(&args.country)?;
    let both = || PARAMETERS.iter().zip(&notes);
    let rows = both().map(|(parameter, note)| {
        vec![
            json!(parameter.path()),
            json!(parameter.symbol),
            short(note.value),
            short(note.low),
            short(note.high),
            json!(parameter.unit),
            json!(note.grade.word()),
            json!(parameter.rule),
            json!(note.source),
            json!(parameter.text),
        ]
    });
    let columns = vec!["parameter", "symbol", "value", "low", "high", "unit", "grade", "rule", "source", "text"];
    let listing = Listing { columns, rows: rows.collect() };
    Ok(Answer::text(listing.render(args.format, || {
        let width = width().min(110);
        let mut out = format!("Parameters of {}: what is assumed whatever the policy. Ranges are stated, never findings.\n", args.country);
        let mut process = "";
        for (parameter, note) in both() {
            if parameter.process != process {
                process = parameter.process;
                let _ = writeln!(out, "\n{}", process.to_uppercase());
            }
            let (value, low, high) = (full(note.value), full(note.low), full(note.high));
            let _ = writeln!(
                out,
                "\n  {}{}   {value} ({low} to {high}) {}   {}, rule {}",
                parameter.path(),
                if parameter.symbol.is_empty() { String::new() } else { format!(" ({})", parameter.symbol) },
                parameter.unit,
                note.grade.word(),
                parameter.rule
            );
            out.push_str(&wrapped(parameter.text, 6, width));
            out.push_str(&wrapped(&format!("source: {}", note.source), 6, width));
        }
        out
    })))
}
