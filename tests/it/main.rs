//! The one test binary: one module per kind of test.

mod answers;
mod brief;
mod browser;
mod calibration;
mod charts;
mod commands;
mod docs;
mod engines;
mod faults;
mod futures;
mod golden;
mod house;
mod large;
mod laws;
mod levers;
mod observed;
mod office;
mod rest;
mod scale;
mod shards;
mod studies;
mod thailand;
mod theory;
mod torture;
mod tradeoffs;
#[cfg(unix)]
mod trust;
mod tutorial;
mod validation;
mod workbook;

use fivep::model::Setting;
use fivep::model::country::Compounds;
use fivep::scenario::{Overrides, Problem, Scenario, load, parameter_notes};
use std::sync::atomic::{AtomicU32, Ordering};

static FILES: AtomicU32 = AtomicU32::new(0);

/// A Borderland scenario with `lines` added.
fn scenario(lines: &str) -> Scenario {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(format!("case-{}.toml", FILES.fetch_add(1, Ordering::Relaxed)));
    let head = "format = 2\ntitle = \"Case\"\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2018-12\"\nscale = 1\nseed = 7\n";
    let replicates = if lines.starts_with("replicates") { "" } else { "replicates = 1\n" };
    let (top, tables) = lines.split_at(lines.find('[').unwrap_or(lines.len()));
    std::fs::write(&path, format!("{head}{replicates}{top}{tables}")).expect("the folder can be written");
    match load(path.to_str().expect("a plain path"), &Overrides::default()) {
        Ok(scenario) => scenario,
        Err(Problem::Fault(text) | Problem::World(text)) => panic!("{text}"),
    }
}

/// The baseline's setting of a Borderland scenario with `lines` added.
fn borderland(lines: &str) -> Setting {
    scenario(lines).variants.swap_remove(0).setting
}

/// `setting` with compounds across its border from the first reported month on.
fn with_compounds(mut setting: Setting) -> Setting {
    let from = setting.from;
    setting.country.compounds =
        Some(Compounds { from, held: 500.0, entries: 50.0, citizens: 0.2, forced: 0.7, leave: 0.05, noticed: 0.3, screeners: 0.1 });
    setting
}

/// The parameters' values of an embedded country, in the order of the table.
fn parameter_row(country: &str) -> Vec<f64> {
    match parameter_notes(country) {
        Ok(notes) => notes.iter().map(|note| note.value).collect(),
        Err(Problem::Fault(text) | Problem::World(text)) => panic!("{text}"),
    }
}
