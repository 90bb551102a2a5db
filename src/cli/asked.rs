//! What verbs are asked for alike: measures by name, a run or a scenario, the variant that others are compared with.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::options::Options;
use super::reference::run_if_any;
use super::{Failure, fault, nearest};
use crate::analysis::measure::Measure;
use crate::charts::style::titled;
use crate::results::{Manifest, Record, VariantRecord};
use crate::scenario::{Scenario, Shown as _, embedded, file_of};

/// The measures asked for by name, all of them, or nothing where the headlines will do.
///
/// # Errors
/// Every name that is no indicator, with the nearest one that is.
pub fn measures(names: Option<&[String]>, all: bool) -> Result<Option<Vec<Measure>>, Failure> {
    let Some(names) = names else { return Ok(all.then(Measure::all)) };
    let mut faults = String::new();
    let mut found: Vec<Measure> = Vec::new();
    for name in names {
        match Measure::named(name.trim()) {
            Some(measure) if !found.contains(&measure) => found.push(measure),
            Some(_) => {}
            None => {
                let near = nearest(name, Measure::all().into_iter().map(Measure::name));
                let _ = writeln!(faults, "error: there is no indicator `{name}`{near}");
            }
        }
    }
    if !faults.is_empty() {
        faults.push_str("help: `fivep indicators` lists them all");
        return Err(fault(faults));
    }
    let everything = Measure::all();
    found.sort_by_key(|measure| everything.iter().position(|other| other == measure));
    Ok(Some(found))
}

/// The run folder that `reference` means; nothing where it is a scenario, which goes before a run of the same name.
///
/// # Errors
/// A fault where it means more than one; what the disk refuses.
pub fn finished(reference: &str, options: &Options) -> Result<Option<PathBuf>, Failure> {
    let path = Path::new(reference);
    let manifest = path.file_name().is_some_and(|name| name == "manifest.toml");
    let scenario = embedded().iter().any(|(name, _)| *name == reference) || file_of(reference).is_file() && !manifest;
    let found = if scenario { None } else { run_if_any(path, &options.output)? };
    if found.is_none() && reference == "latest" && !scenario {
        return Err(fault(format!("error: there is no finished run in `{}`\nhelp: `fivep run` makes one", options.output.shown())));
    }
    Ok(found)
}

/// The record as it is compared: with the variant in the baseline's place that was asked for or, without that, that its scenario names;
/// and what that variant is called in pictures, where it is not the baseline.
///
/// # Errors
/// A fault where there is no such variant.
pub fn referred(record: Record, scenario: Option<&mut Scenario>, asked: Option<&str>) -> Result<(Record, Option<String>), Failure> {
    // What `--only` left out of a run cannot be compared with.
    let shown = |name: &&str| record.manifest.variants.iter().any(|variant| variant.name == *name);
    let name = asked.or_else(|| record.manifest.against.as_deref().filter(shown)).unwrap_or("baseline").to_owned();
    if record.manifest.variants.first().is_some_and(|first| first.name == name) {
        return Ok((record, None));
    }
    let record = against(record, scenario, &name)?;
    let title = titled(&record.manifest.variants[0].title, &name);
    Ok((record, Some(title)))
}

/// The place of `name` among `names`, with which others are to be compared.
///
/// # Errors
/// A fault where it is none of them.
pub fn known<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Result<usize, Failure> {
    let names: Vec<&str> = names.collect();
    names.iter().position(|known| *known == name).ok_or_else(|| {
        let near = nearest(name, names.iter().copied());
        fault(format!("error: there is no variant `{name}` to compare with{near}\nhelp: there are {}", names.join(", ")))
    })
}

/// The same record with the variant called `name` in the baseline's place, and the scenario's variants in the order of the record's; what
/// hangs on assumed levers is told anew, as far as the scenario is at hand.
///
/// # Errors
/// A fault where there is no such variant.
fn against(record: Record, scenario: Option<&mut Scenario>, name: &str) -> Result<Record, Failure> {
    let names: Vec<&str> = record.manifest.variants.iter().map(|variant| variant.name.as_str()).collect();
    let first = known(name, names.iter().copied())?;
    let order: Vec<usize> = [first].into_iter().chain((0..names.len()).filter(|variant| *variant != first)).collect();
    let mut record = record.showing(&order);
    if let Some(scenario) = scenario {
        let known = |shown: &VariantRecord| scenario.variants.iter().find(|variant| variant.name == shown.name).cloned();
        let found: Option<Vec<_>> = record.manifest.variants.iter().map(known).collect();
        if let Some(variants) = found {
            scenario.variants = variants;
            record.manifest.variants = Manifest::of(scenario).variants;
        }
    }
    Ok(record)
}
