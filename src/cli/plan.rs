//! `fivep plan`, `status` and `merge`: a study that many processes share, on one machine or on many.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args as ClapArgs;
use serde_json::json;

use super::listing::pretty;
use super::numbers::grouped;
use super::settle::refuse;
use super::simulate::{Options, STOP, if_interrupted, planned, threads, watch_for_interrupts};
use super::told::heading;
use super::warnings::warnings;
use super::{Answer, Failure, Format, fault, memory, say};
use crate::ensemble::{simulate_units, work_of_unit};
use crate::model::Simulation;
use crate::results::manifest::{self, utc};
use crate::results::{Manifest, Study, load};
use crate::scenario::{self, Problem, Scenario};

/// Options of `fivep plan`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep plan borderland --replicates 1000 --study big\n  fivep run big --shard 1/64\n  fivep submit big --engine slurm\n  fivep status big\n  fivep merge big\n\nA study is a folder that every machine can reach. Its units are its replicates; each shard computes its share of those that are missing."
)]
pub struct PlanArgs {
    /// A scenario file, or the name of a shipped scenario
    #[arg(default_value = "thailand-2016")]
    pub scenario: String,
    /// The new folder of the study
    #[arg(long, value_name = "DIR")]
    pub study: PathBuf,
    /// What is simulated.
    #[command(flatten)]
    pub options: Options,
}

/// Writes the plan and says what it will cost, measured on its baseline.
///
/// # Errors
/// The scenario's faults, or what the disk refuses.
pub fn plan(args: &PlanArgs) -> Result<Answer, Failure> {
    refuse(&args.options, "a plan says how many replicates there are")?;
    let scenario = scenario::load(&args.scenario, &args.options.overrides())?;
    for warning in warnings(&scenario) {
        say(&format!("{warning}\n\n"));
    }
    Study::plan(&args.study, &scenario)?;
    let Price { seconds: unit, memory } = price(&scenario);
    let rows = scenario.variants.len() as f64 * f64::from(scenario.to.since(scenario.from) + 1);
    let study = args.study.display();
    let hours = unit * f64::from(scenario.replicates) / 3600.0;
    let mut text = format!("{}\n", scenario.title);
    let _ = writeln!(
        text,
        "units      {} replicates of {} variants, {} months each",
        scenario.replicates,
        scenario.variants.len(),
        scenario.variants[0].setting.months()
    );
    let _ = writeln!(text, "time       about {} s a unit on one core, {} core hours in all", grouped(unit.max(0.1), 1), grouped(hours.max(0.01), 2));
    if let Some(memory) = memory {
        let _ = writeln!(text, "memory     about {} MB a process with --jobs 1", grouped(memory, 0));
    }
    let _ = writeln!(text, "disk       at most {} MB until it is merged", grouped(rows * f64::from(scenario.replicates) * 2e-3, 0));
    let _ = writeln!(
        text,
        "\nNext, on each of N machines: fivep run {study} --shard K/N\nOr as a job array: fivep submit {study} --engine slurm\nThen: fivep status {study}; fivep merge {study}"
    );
    Ok(Answer { text, folder: Some(args.study.clone()), ..Answer::default() })
}

/// What one unit costs on one thread.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// Seconds.
    pub seconds: f64,
    /// Megabytes of memory of a process that computes one unit at a time; nothing where the system does not say.
    pub memory: Option<f64>,
}

/// How long a price is looked for, in seconds, beyond the first year.
const LOOK: f64 = 5.0;

/// The price of a unit of `scenario`, from its baseline: all of it where that is quick, else the first months, which are the cheaper
/// ones by a third or so.
#[must_use]
pub fn price(scenario: &Scenario) -> Price {
    let work = work_of_unit(scenario);
    let setting = scenario.setting(0, 0);
    let before = resident();
    let mut simulation = Simulation::new(&setting, crate::draws::Luck::new(scenario.seed, 0));
    let (clock, mut months) = (Instant::now(), 0);
    while months < setting.months() && (months < 12 || clock.elapsed().as_secs_f64() < LOOK) {
        simulation.step(&setting);
        months += 1;
    }
    let month = clock.elapsed().as_secs_f64() / months.max(1) as f64;
    let own = resident().zip(before).map(|(after, before)| (before, (after - before).max(0.0)));
    drop(simulation);
    // Writing a unit takes some memory too, whatever the country's size.
    Price { seconds: month * work.months as f64, memory: own.map(|(before, country)| before + country * work.countries as f64 + 50.0) }
}

/// The megabytes of memory that this process holds, where the system says so.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}

/// Options of `fivep status`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  fivep status big\n  fivep status big --format json")]
pub struct StatusArgs {
    /// The folder of a study
    pub study: PathBuf,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Says what is done and what is missing.
///
/// # Errors
/// The faults of the folder, or what cannot be read.
pub fn status(args: &StatusArgs) -> Result<Answer, Failure> {
    let found = manifest::read(&args.study.join("manifest.toml"))?;
    let whole = found.whole();
    let (done, missing, foreign, seconds) = if whole {
        (found.replicates, vec![], 0, 0.0)
    } else {
        let (found, scenario) = planned(&args.study, None)?;
        let study = Study::share(&args.study, &found, &scenario)?;
        let mean = study.seconds().iter().sum::<f64>() / study.seconds().len().max(1) as f64;
        (study.done(), study.missing(), study.foreign().len(), mean)
    };
    let left = seconds * missing.len() as f64;
    let text = match args.format {
        Format::Json => pretty(&json!({
            "study": args.study.display().to_string(), "merged": whole, "done": done, "missing": missing, "foreign": foreign,
            "seconds_a_unit": seconds, "core_seconds_left": left,
        })),
        Format::Csv => format!("study,merged,done,missing,foreign\n{},{whole},{done},{},{foreign}\n", args.study.display(), missing.len()),
        Format::Text if whole => format!("merged: all {done} replicates are in its tables\n"),
        Format::Text => {
            let mut text = format!("{done} of {} replicates are there; missing: {}\n", found.replicates, ranges(&missing));
            if done > 0 {
                let _ = writeln!(text, "{} s a unit so far; about {} core hours left", grouped(seconds, 1), grouped(left / 3600.0, 2));
            }
            if foreign > 0 {
                let _ = writeln!(text, "{foreign} units in its folder belong to another program or plan");
            }
            text
        }
    };
    Ok(Answer { text, ..Answer::default() })
}

/// Numbers as ranges: `0-3, 7`.
fn ranges(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = vec![];
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    if ranges.is_empty() {
        return "none".to_owned();
    }
    let all: Vec<String> = ranges.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") }).collect();
    if all.len() > 20 { format!("{}, ... ({} in all)", all[..20].join(", "), numbers.len()) } else { all.join(", ") }
}

/// Options of `fivep merge`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  fivep merge big\n\nThe tables are the same bytes as those of a run on one machine.")]
pub struct MergeArgs {
    /// The folder of a study
    pub study: PathBuf,
}

/// Makes a run folder of a study whose units are all there.
///
/// # Errors
/// A fault where units are missing or another program's; what the disk refuses.
pub fn merge(args: &MergeArgs) -> Result<Answer, Failure> {
    let (found, scenario) = planned(&args.study, None)?;
    let folder = args.study.display();
    if found.whole() {
        return Err(fault(format!("error: `{folder}` is merged already\nhelp: `fivep compare {folder}` tells it")));
    }
    let (missing, foreign) = {
        let study = Study::share(&args.study, &found, &scenario)?;
        (study.missing(), study.foreign().to_vec())
    };
    if let Some(first) = foreign.first() {
        let say = format!("error: `{}` is no unit of this plan under these rules (and {} more)", first.display(), foreign.len() - 1);
        return Err(fault(format!("{say}\nhelp: remove it, and compute its replicate with the program that planned the study")));
    }
    if !missing.is_empty() {
        let say = format!("error: {} of {} replicates are missing: {}", missing.len(), scenario.replicates, ranges(&missing));
        return Err(fault(format!("{say}\nhelp: run the shards again; each computes only what is missing")));
    }
    let started = utc(std::time::SystemTime::now());
    let study = Study::grow(&args.study, &found, &scenario)?;
    let folder = study.finish(&|manifest: &mut Manifest| manifest.started.clone_from(&started))?;
    let record = load(&folder)?;
    Ok(Answer { text: heading(&record), folder: Some(folder), ..Answer::default() })
}

/// Which share of the work a process does: the first number, counted from 1, of so many.
pub type Shard = (u32, u32);

/// Reads a shard: `3/64`, or `auto`, which asks the queueing system.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn shard(text: &str, ask: &dyn Fn(&str) -> Option<i64>) -> Result<Shard, String> {
    if text == "auto" {
        return auto(ask).ok_or_else(|| {
            "no queueing system says which shard this is (SLURM_ARRAY_TASK_ID, HQ_TASK_ID, PBS_ARRAY_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, \
             JOB_COMPLETION_INDEX, PARALLEL_SEQ); where it does not say of how many, set FIVEP_SHARDS"
                .to_owned()
        });
    }
    let fault = || format!("`{text}` is no shard; write which of how many, as in 3/64, or auto");
    let (own, all) = text.split_once('/').ok_or_else(fault)?;
    let (own, all): (u32, u32) = (own.parse().map_err(|_| fault())?, all.parse().map_err(|_| fault())?);
    if (1..=all).contains(&own) { Ok((own, all)) } else { Err(fault()) }
}

/// What each queueing system calls the place in an array, the first place, and how many there are.
const SYSTEMS: [(&str, Option<&str>, i64, Option<&str>); 6] = [
    ("SLURM_ARRAY_TASK_ID", Some("SLURM_ARRAY_TASK_MIN"), 0, Some("SLURM_ARRAY_TASK_COUNT")),
    ("HQ_TASK_ID", None, 1, None),
    ("PBS_ARRAY_INDEX", None, 1, None),
    ("AWS_BATCH_JOB_ARRAY_INDEX", None, 0, Some("AWS_BATCH_JOB_ARRAY_SIZE")),
    ("JOB_COMPLETION_INDEX", None, 0, None),
    ("PARALLEL_SEQ", None, 1, None),
];

fn auto(ask: &dyn Fn(&str) -> Option<i64>) -> Option<Shard> {
    let all = ask("FIVEP_SHARDS");
    SYSTEMS.iter().find_map(|(own, first, zero, count)| {
        let own = ask(own)? - first.and_then(ask).unwrap_or(*zero);
        let all = all.or_else(|| count.and_then(ask))?;
        (0..all).contains(&own).then_some((u32::try_from(own + 1).ok()?, u32::try_from(all).ok()?))
    })
}

/// What a shard says that was interrupted.
const STOPPED: &str = "Interrupted; what is done is kept, and the same shard goes on from there.";

/// Computes the share of `shard` of what is missing in the study `folder`.
///
/// # Errors
/// The faults of the folder (2), and everything that may go well another time (75): an interrupt, a full disk.
pub fn work(folder: &Path, text: &str, options: &Options) -> Result<Answer, Failure> {
    let ask = |name: &str| std::env::var(name).ok().and_then(|text| text.trim().parse().ok());
    let (own, all) = shard(text, &ask).map_err(|say| fault(format!("error: --shard: {say}")))?;
    if options.given().iter().any(|name| *name != "--jobs") || options.only.is_some() {
        return Err(fault("error: a shard does what the study's plan says; only --jobs can be given\nhelp: plan another study"));
    }
    let again = |problem: Problem| match problem {
        Problem::World(text) => Failure::Again(text),
        fault @ Problem::Fault(_) => Failure::Problem(fault),
    };
    let (found, scenario) = planned(folder, None)?;
    if found.whole() {
        return Ok(Answer { remarks: vec!["The study is merged already.".to_owned()], folder: Some(folder.to_path_buf()), ..Answer::default() });
    }
    memory::fits(&scenario, threads(options.jobs))?;
    if_interrupted(STOPPED.to_owned(), Some(75));
    watch_for_interrupts();
    let mut study = Study::share(folder, &found, &scenario).map_err(again)?;
    let mine: Vec<u32> = study.missing().into_iter().filter(|replicate| replicate % all == own - 1).collect();
    let mut refused = None;
    let whole = simulate_units(&scenario, &mine, threads(options.jobs), &|_| {}, &STOP, &mut |unit| match study.keep(&unit) {
        Ok(()) => true,
        Err(problem) => {
            refused = Some(problem);
            false
        }
    });
    if let Some(problem) = refused {
        return Err(again(problem));
    }
    if !whole {
        return Err(Failure::Again(STOPPED.to_owned()));
    }
    let mut answer = Answer { folder: Some(folder.to_path_buf()), ..Answer::default() };
    answer.remarks.append(&mut study.remarks);
    answer.remarks.push(format!("Shard {own} of {all}: {} replicates computed; {} of {} are there.", mine.len(), study.done(), scenario.replicates));
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_named_or_asked_for() {
        let none = |_: &str| None;
        assert_eq!(shard("3/64", &none), Ok((3, 64)));
        for wrong in ["0/4", "5/4", "3", "a/b", "1/0", "-1/4", "auto"] {
            assert!(shard(wrong, &none).is_err(), "{wrong}");
        }
        let slurm = |name: &str| match name {
            "SLURM_ARRAY_TASK_ID" => Some(12),
            "SLURM_ARRAY_TASK_MIN" => Some(10),
            "SLURM_ARRAY_TASK_COUNT" => Some(8),
            _ => None,
        };
        assert_eq!(shard("auto", &slurm), Ok((3, 8)));
        let queue = |name: &str| [("HQ_TASK_ID", 8), ("FIVEP_SHARDS", 8)].iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
        assert_eq!(shard("auto", &queue), Ok((8, 8)));
        assert!(shard("auto", &|name| (name == "HQ_TASK_ID").then_some(8)).is_err(), "of how many nobody says");
    }

    #[test]
    fn numbers_are_told_as_ranges() {
        assert_eq!(ranges(&[0, 1, 2, 7, 9, 10]), "0-2, 7, 9-10");
        assert_eq!(ranges(&[]), "none");
    }
}
