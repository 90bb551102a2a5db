//! Run folders on disk: a manifest, the resolved scenario, and Parquet tables.
//!
//! `output/<scenario>/<NNNN>-<hash>/` holds `manifest.toml`, `scenario.toml`, `months.parquet`,
//! `sectors.parquet`, `origins.parquet` and `stages.parquet`, and, where the country is not one of those shipped, a copy of its files under
//! `country/`: `scenario.toml` can be run again as it stands, and whoever draws or reads a run needs nothing but its folder,
//! wherever it was moved to and whatever became of the country since. [`folder`] makes a folder appear whole or not at all, [`manifest`]
//! says what was run and when, [`tables`] is the only place that spells column names. Whoever answers
//! questions reads a [`Record`], which is the same whether it was just simulated or comes from disk.
//!
//! Absent on purpose: means, differences or any other answer (`analysis`).

pub mod folder;
pub mod manifest;
pub mod tables;

use std::path::Path;

use crate::ensemble::Run;
use crate::scenario::{Problem, Scenario};
pub use folder::{Listed, Pending, list};
pub use manifest::{Manifest, VariantRecord};

/// What was run, and what came out: everything an answer needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What was run.
    pub manifest: Manifest,
    /// The runs, ordered by variant, then by replicate.
    pub runs: Vec<Run>,
}

impl Record {
    /// The record of runs that were just simulated.
    #[must_use]
    pub fn new(scenario: &Scenario, runs: Vec<Run>) -> Self {
        Self { manifest: Manifest::of(scenario), runs }
    }

    /// The run of `variant` under the luck of `replicate`.
    ///
    /// # Panics
    /// Where the record has no such variant or replicate.
    #[must_use]
    pub fn run(&self, variant: usize, replicate: u32) -> &Run {
        &self.runs[variant * self.manifest.replicates as usize + replicate as usize]
    }
}

/// Reads a run folder back.
///
/// # Errors
/// A fault where the folder is no run folder or of another format; a problem of the world where a file cannot
/// be read or is damaged.
pub fn load(folder: &Path) -> Result<Record, Problem> {
    let manifest = manifest::read(&folder.join("manifest.toml"))?;
    let runs = tables::read(folder, &manifest)?;
    Ok(Record { manifest, runs })
}

/// Writes all files of a run of `scenario` into `folder`, which exists and is empty.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn write(folder: &Path, record: &Record, scenario: &Scenario) -> Result<(), Problem> {
    folder::write_text(&folder.join("scenario.toml"), &scenario.resolved)?;
    if let Some(country) = scenario.country_folder() {
        folder::make(&folder.join(&country))?;
        for (name, text) in &scenario.country_files {
            folder::write_text(&folder.join(&country).join(name), text)?;
        }
    }
    tables::write(folder, record)?;
    folder::write_text(&folder.join("manifest.toml"), &record.manifest.to_toml())
}
