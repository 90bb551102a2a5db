//! From a scenario to a record on disk, with progress, and without a trace where it is interrupted.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};

use super::warnings::warnings;
use super::{Failure, say};
use crate::ensemble::{Progress, simulate_all};
use crate::quantities::Month;
use crate::results::manifest::utc;
use crate::results::{Pending, Record};
use crate::scenario::sets::Choice;
use crate::scenario::{self, Overrides};

/// Set by an interrupt; the ensemble reads it every month.
pub(super) static STOP: AtomicBool = AtomicBool::new(false);

/// What `run` and `compare` share.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only these variants beside the baseline, separated by commas (`--only baseline` for the baseline alone)
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub only: Option<Vec<String>>,
    /// How many replicates instead of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub replicates: Option<u32>,
    /// The seed instead of the scenario's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many persons one agent stands for, instead of the scenario's; 1 is full scale
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
    /// How many threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// Where run folders go
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,
}

/// Where parameter values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Parameters {
    /// The country file's values: intervals are about chance only
    Best,
    /// Sets that calibration found to match published figures
    Posterior,
    /// Each parameter evenly from its range
    Prior,
    /// The sets of calibration, and every other parameter evenly from its range
    Wide,
}

impl Parameters {
    /// The same, as the scenario knows it.
    #[must_use]
    pub fn choice(self) -> Choice {
        match self {
            Self::Best => Choice::Best,
            Self::Posterior => Choice::Posterior,
            Self::Prior => Choice::Prior,
            Self::Wide => Choice::Wide,
        }
    }
}

impl Options {
    /// What they change about a scenario.
    #[must_use]
    pub fn overrides(&self) -> Overrides {
        Overrides {
            replicates: self.replicates,
            seed: self.seed,
            scale: self.scale,
            from: self.from,
            to: self.to,
            only: self.only.as_ref().map(|only| only.iter().map(|name| name.trim().to_owned()).collect()),
            parameters: self.parameters.map(Parameters::choice),
        }
    }

    /// The options given that make sense only before a simulation.
    #[must_use]
    pub fn given(&self) -> Vec<&'static str> {
        let given = [
            (self.replicates.is_some(), "--replicates"),
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

/// How many threads are used: those wished for, else one per core.
pub(super) fn threads(jobs: Option<u16>) -> usize {
    jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from)
}

/// Simulates the scenario at `reference` and writes its run folder.
///
/// # Errors
/// The scenario's faults, what the disk refuses, or an interrupt; then no folder is left.
pub fn simulate(reference: &str, options: &Options) -> Result<(Record, PathBuf), Failure> {
    let scenario = scenario::load(reference, &options.overrides())?;
    // Said before the simulation, which may take long: whoever sees that something else was meant can end it.
    for warning in warnings(&scenario) {
        say(&format!("{warning}\n\n"));
    }
    let jobs = threads(options.jobs);
    watch_for_interrupts();
    let pending = Pending::open(&options.output, &scenario.name)?;
    let (started, clock) = (SystemTime::now(), Instant::now());
    let bar = progress_bar();
    let progress = |progress: Progress| {
        bar.set_length(progress.total_months);
        bar.set_position(progress.done_months);
    };
    let runs = simulate_all(&scenario, jobs, &progress, &STOP);
    bar.finish_and_clear();
    let runs = runs.ok_or(Failure::Interrupted)?;
    let mut record = Record::new(&scenario, runs);
    record.manifest.jobs = jobs;
    record.manifest.started = utc(started);
    record.manifest.wall_seconds = clock.elapsed().as_secs_f64();
    let folder = pending.finish(&record, &scenario, &|| STOP.load(Ordering::Relaxed))?.ok_or(Failure::Interrupted)?;
    Ok((record, folder))
}

/// The first interrupt asks the ensemble to stop and lets it clean up; a second one does not wait.
pub(super) fn watch_for_interrupts() {
    // Where no handler can be set the system's own ends the program, and the next run removes what it left.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
}

/// A bar on standard error with the time left; hidden where that is no terminal.
pub(super) fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {eta} left").expect("the template is well formed");
    ProgressBar::new(0).with_style(style)
}
