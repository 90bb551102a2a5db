//! `--until settled`: replicates until the headline effects stand.
//!
//! It is looked at fixed numbers of replicates, each twice the one before. Whoever looks after every replicate stops where chance has just made
//! the spread small, and believes too much; with few and fixed looks, known before anything is simulated, little of that is left.

use std::path::{Path, PathBuf};

use super::asked::referred;
use super::simulate::{Options, add};
use super::{Failure, fault};
use crate::analysis::compare::compare;
use crate::analysis::measure::HEADLINES;
use crate::results::{Record, load};

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Until {
    /// The standard error of each headline effect is small enough, by the rule that `compare` prints
    Settled,
}

/// The number of replicates at the first look.
const FIRST: u32 = 20;

/// How many replicates are simulated before the first look.
#[must_use]
pub fn first(most: u32) -> u32 {
    FIRST.min(most)
}

/// The number of replicates at the next look; nothing where no more are allowed.
fn next(replicates: u32, most: u32) -> Option<u32> {
    let mut size = FIRST;
    while size <= replicates {
        size = size.saturating_mul(2);
    }
    (replicates < most).then_some(size.min(most))
}

/// Whether it is looked at this number of replicates.
fn looked_at(replicates: u32, most: u32) -> bool {
    replicates >= most || replicates == first(most) || next(replicates - 1, most) == Some(replicates)
}

/// Adds replicates to the run in `folder` until its effects are settled or there are as many as allowed.
///
/// # Errors
/// What the disk refuses, or an interrupt; the run is then whole with what it had at the last look, and can be gone on with.
pub fn settle(folder: PathBuf, options: &Options, remarks: &mut Vec<String>) -> Result<(Record, PathBuf), Failure> {
    loop {
        let record = load(&folder)?;
        let replicates = record.manifest.replicates;
        let (record, _) = referred(record, None, None)?;
        let comparison = compare(&record, &HEADLINES, record.manifest.window);
        record.check()?;
        let (settled, all) = comparison.settled();
        let done = looked_at(replicates, options.at_most) && settled == all;
        if let Some(more) = next(replicates, options.at_most).filter(|_| !done) {
            add(&folder, more, options).map_err(|failure| after(&folder, replicates, failure))?;
            continue;
        }
        remarks.push(if all == 0 {
            "There is no effect that replicates could settle.".to_owned()
        } else if settled == all {
            format!("Settled with {replicates} replicates: all {all} headline effects.")
        } else {
            format!("With {replicates} replicates, the most allowed (--at-most), {settled} of {all} headline effects are settled.")
        });
        return Ok((load(&folder)?, folder));
    }
}

/// What is said where an interrupt comes while replicates are added.
fn after(folder: &Path, replicates: u32, failure: Failure) -> Failure {
    match failure {
        Failure::Interrupted | Failure::Paused(_) => {
            let folder = folder.display();
            Failure::Paused(format!(
                "Interrupted; the run is whole with {replicates} replicates: `fivep run {folder} --until settled` goes on from there.\n{folder}"
            ))
        }
        other => other,
    }
}

/// A fault where the option is given to a verb that cannot wait for anything.
///
/// # Errors
/// That fault.
pub fn refuse(options: &Options, why: &str) -> Result<(), Failure> {
    if options.until.is_some() { Err(fault(format!("error: --until cannot be given here: {why}"))) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_at_few_and_fixed_numbers() {
        let looks = |from: u32, most: u32| std::iter::successors(Some(from), |size| next(*size, most)).collect::<Vec<_>>();
        assert_eq!(looks(first(500), 500), [20, 40, 80, 160, 320, 500]);
        assert_eq!(looks(first(7), 7), [7]);
        assert_eq!(looks(30, 100), [30, 40, 80, 100]);
        let looked: Vec<u32> = (1..=100).filter(|size| looked_at(*size, 100)).collect();
        assert_eq!(looked, [20, 40, 80, 100]);
    }
}
