//! `fivep schema`: what editors need to help with a scenario file.

use clap::Args as ClapArgs;

use super::Answer;
use super::listing::pretty;
use crate::scenario;

/// Options of `fivep schema`: none.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  fivep schema > scenario.schema.json\n\nA scenario that begins with `#:schema ./scenario.schema.json` is then completed and checked while you type."
)]
pub struct Args {}

/// The schema.
#[must_use]
pub fn answer(_: &Args) -> Answer {
    Answer::text(pretty(&scenario::schema()))
}
