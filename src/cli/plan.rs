//! `fivep plan`, `status` and `merge`: a study that many processes share, on one machine or on many.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::json;

use super::listing::{Listing, pretty};
use super::numbers::grouped;
use super::options::Options;
use super::price::{Price, price};
use super::simulate::planned;
use super::told::heading;
use super::warnings::warnings;
use super::{Answer, Failure, Format, fault, say};
use crate::ensemble::Shard;
use crate::results::manifest::{self, utc};
use crate::results::study::settle;
use crate::results::{Manifest, Study, load, written};
use crate::scenario::{self, Shown as _, quoted_path};

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
    args.options.refuse_until("a plan says how many replicates there are")?;
    let scenario = scenario::load(&args.scenario, &args.options.overrides())?;
    for warning in warnings(&scenario) {
        say(&format!("{warning}\n\n"));
    }
    Study::plan(&args.study, &scenario)?;
    let Price { seconds: unit, memory } = price(&scenario);
    let rows = scenario.variants.len() as f64 * f64::from(scenario.to.since(scenario.from) + 1);
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
    // A folder whose name is no text can be worked on from within.
    let study = if args.study.to_str().is_some() { quoted_path(&args.study.shown()) } else { ".".to_owned() };
    let _ = match study.as_str() {
        "." => writeln!(text, "\nNext, in that folder on each of N machines: fivep run . --shard K/N\nThen: fivep status .; fivep merge ."),
        study => writeln!(
            text,
            "\nNext, on each of N machines: fivep run {study} --shard K/N\nOr as a job array: fivep submit {study} --engine slurm\nThen: fivep status {study}; fivep merge {study}"
        ),
    };
    Ok(Answer { text, folder: Some(args.study.clone()), ..Answer::default() })
}

/// Options of `fivep status`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep status big\n  fivep status big --format json\n\nEvery table of a finished run is checked against its recorded sum, and so is every picture, briefing and workbook that was written into it."
)]
pub struct StatusArgs {
    /// The folder of a study
    pub study: PathBuf,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Says what is done and what is missing, and whether every file that was written is still what it was.
///
/// # Errors
/// The faults of the folder, or what cannot be read or is damaged.
pub fn status(args: &StatusArgs) -> Result<Answer, Failure> {
    settle(&args.study);
    let found = manifest::read(&args.study.join("manifest.toml"))?;
    let whole = found.whole();
    let changed = written::changed(&args.study);
    let (done, missing, foreign, seconds) = if whole {
        load(&args.study)?.rows().check()?;
        (found.replicates, vec![], 0, 0.0)
    } else {
        let (found, scenario) = planned(&args.study, None)?;
        let study = Study::share(&args.study, &found, &scenario, Shard::WHOLE)?;
        let mean = study.seconds().iter().sum::<f64>() / study.seconds().len().max(1) as f64;
        (study.done(), study.missing(), study.foreign().len(), mean)
    };
    let left = seconds * missing.len() as f64;
    let text = match args.format {
        Format::Json => pretty(&json!({
            "study": args.study.shown(), "merged": whole, "done": done, "missing": missing, "foreign": foreign,
            "seconds_a_unit": seconds, "core_seconds_left": left, "changed": changed,
        })),
        Format::Csv => {
            let row = vec![json!(args.study.shown()), json!(whole), json!(done), json!(missing.len()), json!(foreign), json!(changed.len())];
            Listing { columns: vec!["study", "merged", "done", "missing", "foreign", "changed"], rows: vec![row] }.csv()
        }
        Format::Text if whole => {
            let mut text = format!("merged: all {done} replicates are in its tables\n");
            for name in &changed {
                let _ = writeln!(text, "{name} is no longer what was written; draw it again, unless the change is yours");
            }
            text
        }
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
    let folder = args.study.shown();
    if found.whole() {
        return Err(fault(format!("error: `{folder}` is merged already\nhelp: `fivep compare {}` tells it", quoted_path(&folder))));
    }
    let (missing, foreign) = {
        let study = Study::share(&args.study, &found, &scenario, Shard::WHOLE)?;
        (study.missing(), study.foreign().to_vec())
    };
    if let Some(first) = foreign.first() {
        let say = format!("error: `{}` is no unit of this plan under these rules (and {} more)", first.shown(), foreign.len() - 1);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_ranges() {
        assert_eq!(ranges(&[0, 1, 2, 7, 9, 10]), "0-2, 7, 9-10");
        assert_eq!(ranges(&[]), "none");
    }
}
