//! `fivep switches`: the structural alternatives.

use std::fmt::Write;

use clap::Args as ClapArgs;
use serde_json::json;

use super::listing::{Listing, width, wrapped};
use super::{Answer, ListFormat};
use crate::model::switches::SWITCHES;

/// Options of `fivep switches`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep switches\n  fivep switches --format json\n\nIn a scenario: [switches] deterrence = \"severity\", or variants.NAME.switches.replacement = false"
)]
pub struct Args {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// The list.
#[must_use]
pub fn answer(args: &Args) -> Answer {
    let rows = SWITCHES.iter().map(|switch| {
        let values = if args.format == ListFormat::Json { json!(switch.values) } else { json!(switch.values.join(" | ")) };
        vec![json!(format!("switches.{}", switch.name)), values, json!(switch.values[0]), json!(switch.text)]
    });
    let listing = Listing { columns: vec!["switch", "values", "default", "text"], rows: rows.collect() };
    Answer::text(listing.render(args.format, || {
        let mut out = String::from("Structural switches: alternatives to run, not parameters to tune. The default stands first.\n");
        for switch in SWITCHES {
            let _ = write!(out, "\nswitches.{}   {}\n{}", switch.name, switch.values.join(" | "), wrapped(switch.text, 4, width().min(100)));
        }
        out
    }))
}
