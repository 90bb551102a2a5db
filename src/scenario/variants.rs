//! Layers: what the top of a file says, and what each variant lays over its base.
//!
//! Absent on purpose: what the values of levers mean (`levers`).

use super::country::{named, plainly, process_names, unknown_parameter};
use super::faults::{Faults, Place};
use super::languages::{self, Others};
use super::levers::{self, Dates, Policy};
use super::values::{Entry, Table, shorten, unknown};
use crate::model::country::Country;
use crate::model::parameters::{self, PARAMETERS};
use crate::model::switches::{SWITCHES, Switches};
use std::collections::BTreeMap;

/// Most variants in a file.
const MOST: usize = 500;

/// What one part of a file says, and nothing else.
#[derive(Clone)]
pub(super) struct Layer {
    /// What it says of levers.
    pub policy: Policy,
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
    /// The same in other languages.
    pub titles: Others,
    /// The variant it builds on, if not the baseline.
    pub base: Option<String>,
    base_place: Place,
    /// The variants whose changes it makes too, each with the place where it is named.
    pub with: Vec<(String, Place)>,
    /// The place of its title or, without one, of its name.
    pub title_place: Place,
    /// The place of its name.
    pub place: Place,
    /// What it says itself.
    pub layer: Layer,
}

impl Written {
    /// The other variants that it needs: the one that it builds on, those whose changes it makes too, and those whose sections it
    /// takes over.
    fn needs(&self) -> impl Iterator<Item = (&str, &Place)> {
        let base = self.base.iter().map(|base| (base.as_str(), &self.base_place));
        let base = base.chain(self.with.iter().map(|(name, place)| (name.as_str(), place)));
        let taken = self.layer.policy.taken.iter().map(|taken| (taken.from.as_str(), &taken.place));
        base.chain(taken.filter(|(name, _)| !matches!(*name, "baseline" | "default")))
    }
}

/// Everything in force in a variant.
#[derive(Clone)]
pub(super) struct InForce {
    /// The values of every lever: one row a month.
    pub rows: Vec<Vec<f64>>,
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
    pub fn new(rows: Vec<Vec<f64>>, shocks: usize, parameters: Vec<f64>) -> Self {
        Self { rows, switches: Switches::default(), shocks: vec![true; shocks], parameters, fixed: BTreeMap::new() }
    }

    /// What is in force once `layer`, whose levers come to `rows`, has been laid over this.
    pub fn under(&self, layer: &Layer, rows: Vec<Vec<f64>>) -> Self {
        let mut own = Self { rows, fixed: self.fixed.clone(), parameters: self.parameters.clone(), shocks: self.shocks.clone(), ..*self };
        for (name, value) in &layer.switches {
            own.switches.set(name, value);
        }
        for (place, happens) in &layer.shocks {
            own.shocks[*place] = *happens;
        }
        for (place, value) in &layer.parameters {
            own.parameters[*place] = *value;
            own.fixed.insert(*place, *value);
        }
        own
    }
}

/// Reads the keys `policy`, `switches`, `shocks` and `parameters` of `table`.
pub(super) fn layer(table: &Table<'_>, country: Option<&Country>, dates: Dates) -> Layer {
    let inner = |key| table.get(key).and_then(|entry| entry.table());
    Layer {
        policy: inner("policy").map(|inner| levers::read(&inner, country, dates)).unwrap_or_default(),
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
            match PARAMETERS.iter().find(|parameter| parameter.name == entry.key || parameter.former == entry.key) {
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
        if entry.key.contains('_') {
            let help = plainly(entry.key);
            entry.faults.add(&entry.key_place, format!("`{}` cannot be the name of a variant", shorten(entry.key)), "", help);
            continue;
        }
        if !named(&entry, &entry.key_place, entry.key, "a variant") {
            continue;
        }
        let Some(inner) = entry.table() else { continue };
        let title = inner.get("title");
        let title_place = title.as_ref().map_or_else(|| entry.key_place.clone(), Entry::place);
        let (title, titles) = title.map(|title| languages::lines(&title, 300)).unwrap_or_default();
        let title = title.unwrap_or_else(|| entry.key.to_owned());
        let base = inner.get("base");
        let base_place = base.as_ref().map_or_else(|| entry.key_place.clone(), Entry::place);
        let base = base.and_then(|base| base.text()).filter(|base| *base != "baseline").map(str::to_owned);
        let with = inner.get("with").and_then(|with| with.list()).unwrap_or_default();
        let with = with.iter().filter_map(|name| Some((name.line(60)?.to_owned(), name.place()))).collect();
        let layer = layer(&inner, country, dates);
        inner.close_or(&levers::home);
        let (name, place) = (entry.key.to_owned(), entry.key_place.clone());
        written.push(Written { name, title, titles, base, base_place, with, title_place, place, layer });
    }
    if written.len() > MOST {
        table.faults.add(&table.place, format!("{} variants are more than {MOST}", written.len()), "", "spread them over several files");
        written.truncate(MOST);
    }
    written
}

/// For each variant, its base as a place in `written` (nothing: the baseline), and the order in which to lay them: what a
/// variant needs stands before it. Variants that need what does not exist, or that lie in or on a circle, are left out with a fault.
pub(super) fn order(faults: &Faults, written: &[Written]) -> Vec<(usize, Option<usize>)> {
    let names = || written.iter().map(|variant| variant.name.as_str());
    let place = |name: &str| names().position(|other| other == name);
    for variant in written {
        for (i, (need, at)) in variant.needs().enumerate().filter(|(_, (need, _))| place(need).is_none()) {
            let others: Vec<&str> = names().filter(|name| *name != variant.name).collect();
            let near = faults.nearest(need, others.iter().copied()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            let rest = match others.len() {
                0 => "there is no other variant".to_owned(),
                _ => format!("the other variants are {}", others.iter().take(16).copied().collect::<Vec<_>>().join(", ")),
            };
            let based = usize::from(variant.base.is_some());
            let (verb, rest) = match i {
                i if i < based => {
                    ("builds on", format!("{rest}; without `base`, a variant builds on the baseline; another scenario is built on by `extends`"))
                }
                i if i < based + variant.with.len() => {
                    ("goes with", format!("{rest}; of a scenario under `extends` only the baseline holds here, or the variant that `baseline` names"))
                }
                _ => ("takes a section from", format!("{rest}; `baseline` and `default` can be named too")),
            };
            let title = format!("the variant `{}` {verb} `{}`, which does not exist", variant.name, shorten(need));
            faults.add(at, title, "unknown variant", format!("{near}{rest}"));
        }
    }
    let mut laid: Vec<(usize, Option<usize>)> = vec![];
    let mut done = vec![false; written.len()];
    loop {
        let before = laid.len();
        for (i, variant) in written.iter().enumerate() {
            if !done[i] && variant.needs().all(|(need, _)| place(need).is_some_and(|need| done[need])) {
                done[i] = true;
                laid.push((i, variant.base.as_deref().and_then(place)));
            }
        }
        if laid.len() == before {
            break;
        }
    }
    circles(faults, written);
    laid
}

/// The variants whose layers make up the variant at `place`, by their places and in the order in which they are laid: those of its
/// base, those that go with it, then its own; each once.
pub(super) fn makes_up(written: &[Written], place: usize) -> Vec<usize> {
    let mut layers = vec![];
    let others = written[place].base.iter().chain(written[place].with.iter().map(|(name, _)| name));
    for other in others.filter_map(|name| written.iter().position(|other| other.name == *name)) {
        for layer in makes_up(written, other) {
            if !layers.contains(&layer) {
                layers.push(layer);
            }
        }
    }
    layers.push(place);
    layers
}

/// Records each circle of variants that need each other once.
fn circles(faults: &Faults, written: &[Written]) {
    let place = |name: &str| written.iter().position(|other| other.name == name);
    let mut told = vec![false; written.len()];
    for start in 0..written.len() {
        // Breadth first from `start`, so that the shortest way back to it is found; `from` says whence each was reached.
        let mut from: Vec<Option<usize>> = vec![None; written.len()];
        let mut queue = vec![start];
        let mut next = 0;
        let mut last = None;
        while next < queue.len() && last.is_none() {
            let member = queue[next];
            next += 1;
            for need in written[member].needs().filter_map(|(need, _)| place(need)) {
                if need == start {
                    last = Some(member);
                } else if from[need].is_none() {
                    from[need] = Some(member);
                    queue.push(need);
                }
            }
        }
        let Some(last) = last else { continue };
        let mut circle = vec![last];
        while let Some(before) = from[circle[circle.len() - 1]].filter(|_| circle[circle.len() - 1] != start) {
            circle.push(before);
        }
        circle.reverse();
        if circle.iter().any(|member| told[*member]) {
            continue;
        }
        for member in &circle {
            told[*member] = true;
        }
        let names: Vec<&str> = circle.iter().chain([&start]).map(|member| written[*member].name.as_str()).collect();
        let title = format!("variants build on each other in a circle: {}", names.join(" -> "));
        let at = written[start].needs().next().map_or(&written[start].place, |(_, at)| at);
        faults.add(at, title, "", "remove `base`, `with` or the section taken over from one of them");
    }
}
