//! `--until settled`: replicates until the headline effects stand.

use std::path::{Path, PathBuf};

use super::Failure;
use super::asked::referred;
use super::looks::{looked_at, next};
use super::options::Options;
use crate::analysis::compare::compare;
use crate::analysis::measure::HEADLINES;
use crate::results::{Record, load};
use crate::scenario::{Shown as _, quoted_path};

/// Brings the run in a folder to so many replicates.
pub type Add = dyn Fn(&Path, u32, &Options) -> Result<(), Failure>;

/// Lets `add` bring the run in `folder` to more replicates until its effects are settled or there are as many as allowed.
///
/// # Errors
/// What the disk refuses, or an interrupt; the run is then whole with what it had at the last look, and can be gone on with.
pub fn settle(folder: PathBuf, options: &Options, remarks: &mut Vec<String>, add: &Add) -> Result<(Record, PathBuf), Failure> {
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
            let (folder, typed) = (folder.shown(), quoted_path(&folder.shown()));
            Failure::Paused(format!(
                "Interrupted; the run is whole with {replicates} replicates: `fivep run {typed} --until settled` goes on from there.\n{folder}"
            ))
        }
        other => other,
    }
}
