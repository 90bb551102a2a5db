//! What verbs that simulate ask for in the same words.

use std::path::PathBuf;

use super::looks::{Until, first};
use super::{Failure, fault};
use crate::quantities::Month;
use crate::scenario::Overrides;
use crate::scenario::sets::Choice;

/// What `run` and `compare` share.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Only these variants beside the baseline, separated by commas (`--only baseline` for the baseline alone)
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub only: Option<Vec<String>>,
    /// The number of replicates, instead of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub replicates: Option<u32>,
    /// Add replicates until the headline effects are settled: checked at 20, 40, 80 and so on
    #[arg(long, value_name = "WHAT", value_enum, conflicts_with = "replicates")]
    pub until: Option<Until>,
    /// The largest number of replicates that --until may reach
    #[arg(long, value_name = "N", default_value_t = 500, requires = "until", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub at_most: u32,
    /// The seed instead of the scenario's
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// The number of persons that one agent stands for, instead of the scenario's; 1 is full scale
    #[arg(long, value_name = "N")]
    pub scale: Option<f64>,
    /// The first month reported (the simulation begins where the scenario says); of a finished run, the first month compared
    #[arg(long, value_name = "YYYY-MM")]
    pub from: Option<Month>,
    /// The last month simulated and reported; of a finished run, the last month compared
    #[arg(long, value_name = "YYYY-MM")]
    pub to: Option<Month>,
    /// Which parameter values: the country's best, sets that match published figures, or any within their ranges
    /// [default: posterior where the country has one, else best]
    #[arg(long, value_name = "WHICH", value_enum)]
    pub parameters: Option<Parameters>,
    /// The number of threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// The folder in which run folders are written
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,
}

/// Where parameter values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Parameters {
    /// The country file's values: intervals are about chance only
    Best,
    /// Sets that calibration found to match published figures; what they do not name is drawn from its range
    Posterior,
    /// Each parameter evenly from its range
    Prior,
}

impl Parameters {
    /// The same, as the scenario knows it.
    #[must_use]
    pub fn choice(self) -> Choice {
        match self {
            Self::Best => Choice::Best,
            Self::Posterior => Choice::Posterior,
            Self::Prior => Choice::Prior,
        }
    }
}

impl Options {
    /// What they change about a scenario.
    #[must_use]
    pub fn overrides(&self) -> Overrides {
        Overrides {
            replicates: self.until.map_or(self.replicates, |_| Some(first(self.at_most))),
            seed: self.seed,
            scale: self.scale,
            from: self.from,
            to: self.to,
            only: self.only.as_ref().map(|only| only.iter().map(|name| name.trim().to_owned()).collect()),
            parameters: self.parameters.map(Parameters::choice),
        }
    }

    /// A fault where `--until` is given to a verb that cannot wait for anything, and `why` it cannot.
    ///
    /// # Errors
    /// That fault.
    pub fn refuse_until(&self, why: &str) -> Result<(), Failure> {
        if self.until.is_some() { Err(fault(format!("error: --until cannot be given here: {why}"))) } else { Ok(()) }
    }

    /// The options given that make sense only before a simulation.
    #[must_use]
    pub fn given(&self) -> Vec<&'static str> {
        let given = [
            (self.replicates.is_some(), "--replicates"),
            (self.until.is_some(), "--until"),
            (self.seed.is_some(), "--seed"),
            (self.scale.is_some(), "--scale"),
            (self.from.is_some(), "--from"),
            (self.to.is_some(), "--to"),
            (self.parameters.is_some(), "--parameters"),
            (self.jobs.is_some(), "--jobs"),
        ];
        given.into_iter().filter_map(|(given, name)| given.then_some(name)).collect()
    }
}
