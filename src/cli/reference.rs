//! Run folders as people name them: by their path, as `latest`, by the beginning of their name, or by their scenario.
//!
//! Absent on purpose: reading them (`results`).

use std::path::{Path, PathBuf};

use super::{Failure, fault};
use crate::results::{Listed, list};
use crate::scenario::Shown as _;

/// The folder in which run folders are written unless told otherwise.
pub const OUTPUT: &str = "output";

/// How many candidates are named where a name fits several.
const NAMED: usize = 8;

/// The run folder that `reference` means, among those under `output` where it is no path of one.
///
/// # Errors
/// A fault where none, or more than one, is meant; what the disk refuses.
pub fn run(reference: &Path, output: &Path) -> Result<PathBuf, Failure> {
    if let Some(run) = itself(reference) {
        return Ok(run);
    }
    if let Some(run) = named(reference, output)? {
        return Ok(run);
    }
    let help = match latest(whole(list(output)?).iter()) {
        Some(latest) => format!("`fivep runs` lists the run folders; the latest is {}", latest.path.shown()),
        None => format!("there are no run folders in `{}` yet: `fivep run` makes one", output.shown()),
    };
    Err(fault(format!("error: `{}` is no run folder, and no run is called so\nhelp: {help}", reference.shown())))
}

/// The run folder that `reference` means; nothing where it means none, so that it may be a scenario.
///
/// # Errors
/// A fault where it means more than one; what the disk refuses.
pub fn run_if_any(reference: &Path, output: &Path) -> Result<Option<PathBuf>, Failure> {
    itself(reference).map_or_else(|| named(reference, output), |run| Ok(Some(run)))
}

/// The run folder under `output` that a name means.
fn named(reference: &Path, output: &Path) -> Result<Option<PathBuf>, Failure> {
    let runs = whole(list(output)?);
    match meant(reference, &runs)[..] {
        [] => Ok(None),
        [one] => Ok(Some(one.path.clone())),
        ref several => {
            let names: Vec<String> = several.iter().take(NAMED).map(|run| run.path.shown()).collect();
            let more = if several.len() > NAMED { format!(" and {} more", several.len() - NAMED) } else { String::new() };
            let say = format!("error: `{}` fits {} run folders", reference.shown(), several.len());
            Err(fault(format!("{say}\nhelp: give more of its name: {}{more}", names.join(", "))))
        }
    }
}

/// Those that were run to their end: what was left unfinished has nothing to say yet.
fn whole(mut runs: Vec<Listed>) -> Vec<Listed> {
    runs.retain(|run| run.unfinished.is_none());
    runs
}

/// A path of a run folder, or of its manifest or a table in it.
fn itself(reference: &Path) -> Option<PathBuf> {
    if reference.join("manifest.toml").is_file() {
        return Some(reference.to_path_buf());
    }
    let folder = reference.parent().filter(|_| reference.is_file())?;
    let inside = reference.file_name().is_some_and(|name| name == "manifest.toml") || reference.extension().is_some_and(|ending| ending == "parquet");
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    (inside && folder.join("manifest.toml").is_file()).then(|| folder.to_path_buf())
}

/// The runs that a name fits: the latest of all, the latest of a scenario, or all whose name begins so.
fn meant<'r>(reference: &Path, runs: &'r [Listed]) -> Vec<&'r Listed> {
    let text = reference.to_string_lossy().replace('\\', "/");
    let text = text.trim_end_matches('/').trim_start_matches("./");
    if text.is_empty() {
        return vec![];
    }
    if text == "latest" {
        return latest(runs.iter()).into_iter().collect();
    }
    let path = |run: &Listed| run.path.to_string_lossy().replace('\\', "/").trim_start_matches("./").to_owned();
    let of = |run: &Listed| run.path.parent().map(|home| home.to_string_lossy().replace('\\', "/").trim_start_matches("./").to_owned());
    let scenario = |run: &Listed| run.path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let of_scenario: Vec<&Listed> = runs.iter().filter(|run| scenario(run).as_deref() == Some(text) || of(run).as_deref() == Some(text)).collect();
    if let Some(latest) = latest(of_scenario.into_iter()) {
        return vec![latest];
    }
    let begins = |run: &Listed| {
        let path = path(run);
        let name = |parts: usize| path.rsplitn(parts + 1, '/').take(parts).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("/");
        path.starts_with(text) || name(1).starts_with(text) || name(2).starts_with(text)
    };
    runs.iter().filter(|run| begins(run)).collect()
}

/// The run that was started last; of two in one second, the one with the higher number.
fn latest<'r>(runs: impl Iterator<Item = &'r Listed>) -> Option<&'r Listed> {
    let started = |run: &Listed| run.manifest.as_ref().map(|manifest| manifest.started.clone());
    runs.filter(|run| run.manifest.is_some()).max_by_key(|run| (started(run), run.path.file_name().map(std::ffi::OsStr::to_owned)))
}
