//! `fivep run STUDY --shard`: the share of a planned study that one process computes.

use std::path::Path;

use super::options::Options;
use super::simulate::{STOP, if_interrupted, planned, threads, watch_for_interrupts};
use super::{Answer, Failure, fault, memory};
use crate::ensemble::{Shard, simulate_units};
use crate::results::Study;
use crate::scenario::Problem;

/// Reads the shard of an option: `3/64`, or `auto`, which asks the queueing system.
///
/// # Errors
/// A fault that says what is wrong with it.
pub fn asked(text: &str) -> Result<Shard, Failure> {
    let ask = |name: &str| std::env::var(name).ok().and_then(|text| text.trim().parse().ok());
    shard(text, &ask).map_err(|say| fault(format!("error: --shard: {say}")))
}

/// The shard that `text` names, where `ask` tells what the environment says; or what is wrong with it, in a sentence.
fn shard(text: &str, ask: &dyn Fn(&str) -> Option<i64>) -> Result<Shard, String> {
    if text == "auto" {
        return auto(ask).ok_or_else(|| {
            if let Some((name, own)) = SYSTEMS.iter().find_map(|(name, ..)| Some((name, ask(name)?))) {
                return format!("{name} says {own}, and nobody says of how many that is one; set FIVEP_SHARDS to how many shards there are");
            }
            "no queueing system says which shard this is (SLURM_ARRAY_TASK_ID, HQ_TASK_ID, PBS_ARRAY_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, \
             JOB_COMPLETION_INDEX, PARALLEL_SEQ); where it does not say of how many, set FIVEP_SHARDS"
                .to_owned()
        });
    }
    let fault = || format!("`{text}` is no shard; write which of how many, as in 3/64, or auto");
    let (own, all) = text.split_once('/').ok_or_else(fault)?;
    let (own, all): (u32, u32) = (own.parse().map_err(|_| fault())?, all.parse().map_err(|_| fault())?);
    if (1..=all).contains(&own) { Ok(Shard { own, all }) } else { Err(fault()) }
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
        (0..all).contains(&own).then_some(Shard { own: u32::try_from(own + 1).ok()?, all: u32::try_from(all).ok()? })
    })
}

/// What a shard says that was interrupted.
const STOPPED: &str = "Interrupted; what is done is kept, and the same shard goes on from there.";

/// What may go well another time, as a queue is told it.
#[must_use]
pub fn again(problem: Problem) -> Failure {
    match problem {
        Problem::World(text) => Failure::Again(text),
        fault @ Problem::Fault(_) => Failure::Problem(fault),
    }
}

/// Computes the share of `shard` of what is missing in the study `folder`.
///
/// # Errors
/// The faults of the folder (2), and everything that may go well another time (75): an interrupt, a full disk.
pub fn work(folder: &Path, text: &str, options: &Options) -> Result<Answer, Failure> {
    let shard = asked(text)?;
    if options.given().iter().any(|name| *name != "--jobs") || options.only.is_some() {
        return Err(fault("error: a shard does what the study's plan says; only --jobs can be given\nhelp: plan another study"));
    }
    let (found, scenario) = planned(folder, None)?;
    if found.whole() {
        return Ok(Answer { remarks: vec!["The study is merged already.".to_owned()], folder: Some(folder.to_path_buf()), ..Answer::default() });
    }
    memory::fits(&scenario, threads(options.jobs))?;
    if_interrupted(STOPPED.to_owned(), Some(75));
    watch_for_interrupts();
    let mut study = Study::share(folder, &found, &scenario, shard).map_err(again)?;
    let mine = shard.share(&study.missing());
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
    let Shard { own, all } = shard;
    answer.remarks.push(format!("Shard {own} of {all}: {} replicates computed; {} of {} are there.", mine.len(), study.done(), scenario.replicates));
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_named_or_asked_for() {
        let none = |_: &str| None;
        assert_eq!(shard("3/64", &none), Ok(Shard { own: 3, all: 64 }));
        for wrong in ["0/4", "5/4", "3", "a/b", "1/0", "-1/4", "auto"] {
            assert!(shard(wrong, &none).is_err(), "{wrong}");
        }
        let slurm = |name: &str| match name {
            "SLURM_ARRAY_TASK_ID" => Some(12),
            "SLURM_ARRAY_TASK_MIN" => Some(10),
            "SLURM_ARRAY_TASK_COUNT" => Some(8),
            _ => None,
        };
        assert_eq!(shard("auto", &slurm), Ok(Shard { own: 3, all: 8 }));
        let queue = |name: &str| [("HQ_TASK_ID", 8), ("FIVEP_SHARDS", 8)].iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
        assert_eq!(shard("auto", &queue), Ok(Shard { own: 8, all: 8 }));
        assert!(shard("auto", &|name| (name == "HQ_TASK_ID").then_some(8)).is_err(), "of how many nobody says");
    }
}
