//! Layers: what the top of a file says, and what each variant lays over its base.
//!
//! Absent on purpose: what the values of levers mean (`levers`).

use super::country::{named, process_names, unknown_parameter};
use super::faults::{Faults, Place, nearest};
use super::levers::{self, Dates, Schedules};
use super::values::{Entry, Table, shorten, unknown};
use crate::model::country::Country;
use crate::model::parameters::{self, PARAMETERS};
use crate::model::policy;
use crate::model::switches::{SWITCHES, Switches};
use std::collections::BTreeMap;

/// Most variants in a file.
const MOST: usize = 500;

/// What one part of a file says, and nothing else.
#[derive(Clone)]
pub(super) struct Layer {
    /// One schedule, or none, per place of a policy's row.
    pub schedules: Schedules,
    switches: Vec<(&'static str, String)>,
    shocks: Vec<(usize, bool)>,
    parameters: Vec<(usize, f64)>,
}

/// A variant as it stands in the file.
pub(super) struct Written {
    /// Its name.
    pub name: String,
    /// What it is called in texts.
    pub title: String,
    /// The variant it builds on, if not the baseline.
    pub base: Option<String>,
    base_place: Place,
    /// What it says itself.
    pub layer: Layer,
}

/// Everything in force in a variant.
#[derive(Clone)]
pub(super) struct InForce {
    /// One schedule, or none, per place of a policy's row.
    pub schedules: Schedules,
    /// The structure.
    pub switches: Switches,
    /// For each of the country's shocks, whether it happens.
    pub shocks: Vec<bool>,
    /// One value for every parameter.
    pub parameters: Vec<f64>,
    /// Those of them that the file itself says, by their places.
    pub fixed: BTreeMap<usize, f64>,
}

impl InForce {
    /// What is in force where a file says nothing.
    pub fn new(shocks: usize, parameters: Vec<f64>) -> Self {
        Self {
            schedules: vec![None; policy::row_width()],
            switches: Switches::default(),
            shocks: vec![true; shocks],
            parameters,
            fixed: BTreeMap::new(),
        }
    }

    /// What is in force once `layer` has been laid over this.
    pub fn under(mut self, layer: &Layer) -> Self {
        for (old, new) in self.schedules.iter_mut().zip(&layer.schedules) {
            if new.is_some() {
                old.clone_from(new);
            }
        }
        for (name, value) in &layer.switches {
            self.switches.set(name, value);
        }
        for (place, happens) in &layer.shocks {
            self.shocks[*place] = *happens;
        }
        for (place, value) in &layer.parameters {
            self.parameters[*place] = *value;
            self.fixed.insert(*place, *value);
        }
        self
    }
}

/// Reads the keys `policy`, `switches`, `shocks` and `parameters` of `table`.
pub(super) fn layer(table: &Table<'_>, country: Option<&Country>, dates: Dates) -> Layer {
    let inner = |key| table.get(key).and_then(|entry| entry.table());
    Layer {
        schedules: inner("policy").map_or_else(|| vec![None; policy::row_width()], |inner| levers::read(&inner, country, dates)),
        switches: inner("switches").map(|inner| switches(&inner)).unwrap_or_default(),
        shocks: inner("shocks").map(|inner| shocks(&inner, country)).unwrap_or_default(),
        parameters: inner("parameters").map(|inner| assumed(&inner)).unwrap_or_default(),
    }
}

fn switches(table: &Table<'_>) -> Vec<(&'static str, String)> {
    let mut said = vec![];
    for entry in table.entries() {
        let Some(switch) = SWITCHES.iter().find(|switch| switch.name == entry.key) else {
            unknown(&entry, "switch", SWITCHES.iter().map(|switch| switch.name), "");
            continue;
        };
        let value =
            if switch.values.contains(&"true") { entry.flag().map(|flag| flag.to_string()) } else { entry.word(switch.values).map(str::to_owned) };
        said.extend(value.map(|value| (switch.name, value)));
    }
    said
}

fn shocks(table: &Table<'_>, country: Option<&Country>) -> Vec<(usize, bool)> {
    let mut said = vec![];
    for entry in table.entries() {
        let flag = entry.flag();
        let Some(country) = country else { continue };
        let names = country.shocks.iter().map(|shock| shock.name.as_str());
        match names.clone().position(|name| name == entry.key) {
            Some(place) => said.extend(flag.map(|flag| (place, flag))),
            None => unknown(&entry, "shock", names.collect::<Vec<_>>(), "this country's profile has no such shock"),
        }
    }
    said
}

fn assumed(table: &Table<'_>) -> Vec<(usize, f64)> {
    let mut said: Vec<(usize, f64)> = vec![];
    let mut take = |entry: &Entry<'_>, path: &str, process: &str| match parameters::place(path) {
        None => unknown_parameter(entry, process),
        Some(place) if said.iter().any(|(other, _)| *other == place) => {
            entry.faults.add(&entry.key_place, format!("`{}` is given twice", entry.path), "", "keep one of them");
        }
        Some(place) => said.extend(entry.within(&(PARAMETERS[place].min..=PARAMETERS[place].max)).map(|value| (place, value))),
    };
    for entry in table.entries() {
        if let Some((process, _)) = entry.key.split_once('.') {
            take(&entry, entry.key, process);
        } else if !process_names().contains(&entry.key) {
            match PARAMETERS.iter().find(|parameter| parameter.name == entry.key) {
                Some(parameter) => {
                    let title = format!("`{}` lacks its process", entry.path);
                    entry.faults.add(&entry.key_place, title, "", format!("parameters are written PROCESS.NAME: `{}`", parameter.path()));
                }
                None => unknown(&entry, "process", process_names(), ""),
            }
        } else if let Some(inner) = entry.table() {
            for inner in inner.entries() {
                take(&inner, &format!("{}.{}", entry.key, inner.key), entry.key);
            }
        }
    }
    said
}

/// Reads `[variants]`.
pub(super) fn read(table: &Table<'_>, country: Option<&Country>, dates: Dates) -> Vec<Written> {
    let mut written = vec![];
    for entry in table.entries() {
        if entry.key == "baseline" {
            let help = "the top of the file is the baseline: choose another name";
            entry.faults.add(&entry.key_place, "no variant can be called `baseline`", "", help);
            continue;
        }
        if !named(&entry, &entry.key_place, entry.key, "a variant") || entry.key.contains('_') {
            if entry.key.contains('_') {
                let help = format!("write `{}`: small letters, digits and hyphens", entry.key.replace('_', "-").to_lowercase());
                entry.faults.add(&entry.key_place, format!("`{}` cannot be the name of a variant", shorten(entry.key)), "", help);
            }
            continue;
        }
        let Some(inner) = entry.table() else { continue };
        let title = inner.get("title").and_then(|title| title.line(300)).unwrap_or(entry.key).to_owned();
        let base = inner.get("base");
        let base_place = base.as_ref().map_or_else(|| entry.key_place.clone(), Entry::place);
        let base = base.and_then(|base| base.text()).filter(|base| *base != "baseline").map(str::to_owned);
        let layer = layer(&inner, country, dates);
        inner.close();
        written.push(Written { name: entry.key.to_owned(), title, base, base_place, layer });
    }
    if written.len() > MOST {
        table.faults.add(&table.place, format!("{} variants are more than {MOST}", written.len()), "", "spread them over several files");
        written.truncate(MOST);
    }
    written
}

/// For each variant, its base as a place in `written` (nothing: the baseline), and the order in which to lay
/// them, bases first. Variants whose base is unknown, or that lie in or on a cycle, are left out with a fault.
pub(super) fn order(faults: &Faults, written: &[Written]) -> Vec<(usize, Option<usize>)> {
    let names = || written.iter().map(|variant| variant.name.as_str());
    let place = |name: &str| names().position(|other| other == name);
    for variant in written {
        if let Some(base) = &variant.base
            && place(base).is_none()
        {
            let title = format!("the variant `{}` builds on `{}`, which does not exist", variant.name, shorten(base));
            let near = nearest(base, names()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            let others: Vec<&str> = names().filter(|name| *name != variant.name).take(16).collect();
            let rest =
                if others.is_empty() { "there is no other variant".to_owned() } else { format!("the other variants are {}", others.join(", ")) };
            faults.add(&variant.base_place, title, "unknown base", format!("{near}{rest}; without `base`, a variant builds on the baseline"));
        }
    }
    let mut laid: Vec<(usize, Option<usize>)> = vec![];
    let mut done = vec![false; written.len()];
    loop {
        let before = laid.len();
        for (i, variant) in written.iter().enumerate() {
            let base = variant.base.as_deref().map(place);
            let ready = base.is_none_or(|base| base.is_some_and(|base| done[base]));
            if ready && !done[i] {
                done[i] = true;
                laid.push((i, base.flatten()));
            }
        }
        if laid.len() == before {
            break;
        }
    }
    let mut told: Vec<usize> = vec![];
    for start in 0..written.len() {
        let mut chain = vec![start];
        while let Some(next) = chain.last().and_then(|last| written[*last].base.as_deref()).and_then(place) {
            if next == start {
                if !chain.iter().any(|member| told.contains(member)) {
                    let circle: Vec<&str> = chain.iter().chain([&start]).map(|member| written[*member].name.as_str()).collect();
                    let title = format!("variants build on each other in a circle: {}", circle.join(" -> "));
                    faults.add(&written[start].base_place, title, "", "remove `base` from one of them");
                    told.extend(&chain);
                }
                break;
            }
            if chain.contains(&next) {
                break;
            }
            chain.push(next);
        }
    }
    laid
}
