//! `fivep schema`: what editors need to help with a scenario file, or with a country's files.

use clap::{Args as ClapArgs, ValueEnum};

use super::Answer;
use super::listing::pretty;
use crate::scenario::{parameters_schema, profile_schema, schema, targets_schema};

/// Options of `fivep schema`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep schema > scenario.schema.json\n  fivep schema parameters > parameters.schema.json\n\nA scenario that begins with `#:schema ./scenario.schema.json` is then completed and checked while you type; the files that `fivep new country` writes have their schemas beside them."
)]
pub struct Args {
    /// Which file it is of
    #[arg(value_enum, default_value_t = Of::Scenario)]
    pub of: Of,
}

/// The files that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Of {
    /// A scenario
    Scenario,
    /// A country's profile.toml
    Profile,
    /// A country's parameters.toml
    Parameters,
    /// A country's targets.toml
    Targets,
}

/// The schema.
#[must_use]
pub fn answer(args: &Args) -> Answer {
    Answer::text(pretty(&match args.of {
        Of::Scenario => schema(),
        Of::Profile => profile_schema(),
        Of::Parameters => parameters_schema(),
        Of::Targets => targets_schema(),
    }))
}
