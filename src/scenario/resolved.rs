//! The resolved scenario: everything in force, spelt out as TOML that loads again to the same settings.
//!
//! Levers stand as levels, never as changes; a variant lists where it differs from what it builds on. Numbers are
//! written in the shortest form that reads back to the same bits.
//!
//! Absent on purpose: the country's own figures, which are named and not repeated; whoever keeps the text keeps the files of a
//! country that is not shipped beside it.

use super::countries;
use super::imprint;
use super::languages;
use super::sets::Choice;
use super::upgrade::FORMAT;
use super::{Scenario, Variant};
use crate::model::Setting;
use crate::model::parameters::PARAMETERS;
use crate::model::policy::{self, LINES, Lever, Line, Shape};
use crate::model::switches::SWITCHES;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What the baseline is called where the file gives it no title.
pub(super) const BASELINE: &str = "Baseline";

/// The first line of every resolved text. It says every course as levels from the start, so that its meaning is the same in all
/// formats and the texts of old run folders can still be read.
pub(super) const HEAD: &str = "# Everything in force, spelt out; it can be run again as it stands.\n";

/// The resolved text of a scenario; `parameters` holds the row of values of each variant, in their order.
///
/// Where parameter sets are drawn, only those parameters are spelt out that the file itself says: the rest differ
/// from replicate to replicate.
pub(super) fn text(scenario: &Scenario, parameters: &[Vec<f64>]) -> String {
    let mut text = String::from(HEAD);
    if scenario.drawn.choice != Choice::Best {
        let word = scenario.drawn.choice.word();
        let _ = writeln!(text, "# Parameters that are not listed were drawn for each pair of replicates: --parameters {word}");
    }
    let _ = writeln!(text, "format = {FORMAT}");
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "{key} = {value}");
    };
    line("title", languages::written(&scenario.title, &scenario.titles));
    if !scenario.question.is_empty() {
        line("question", languages::written(&scenario.question, &scenario.questions));
    }
    line("country", quoted(&scenario.country_folder().unwrap_or_else(|| scenario.country.0.clone())));
    if scenario.begin != scenario.from {
        line("begin", quoted(&scenario.begin.to_string()));
    }
    line("from", quoted(&scenario.from.to_string()));
    line("to", quoted(&scenario.to.to_string()));
    line("scale", number(scenario.scale));
    line("replicates", scenario.replicates.to_string());
    line("seed", scenario.seed.to_string());
    // What is simulated where nobody asks for anything else need not be said.
    let usual = if countries::calibrated(&scenario.country.0, &scenario.country_files) { Choice::Posterior } else { Choice::Best };
    if scenario.drawn.choice != usual {
        line("draw", quoted(scenario.drawn.choice.word()));
    }
    text.push_str(&imprint::written(&scenario.imprint));
    let Some((baseline, others)) = scenario.variants.split_first() else { return text };
    let titled = (baseline.title != BASELINE).then(|| languages::written(&baseline.title, &baseline.titles));
    if scenario.compare.is_some() || scenario.against.is_some() || titled.is_some() {
        text.push_str("\n[compare]\n");
    }
    if let Some((from, to)) = scenario.compare {
        let _ = writeln!(text, "from = \"{from}\"\nto = \"{to}\"");
    }
    if let Some(against) = &scenario.against {
        let _ = writeln!(text, "against = {}", quoted(against));
    }
    if let Some(title) = titled {
        let _ = writeln!(text, "baseline_title = {title}");
    }
    let said = |place: usize| if scenario.drawn.choice == Choice::Best { None } else { Some(&scenario.variants[place].fixed) };
    let all = |place: usize| (&scenario.variants[place].setting, parameters[place].as_slice(), said(place));
    layer(&mut text, "", (&baseline.setting, &parameters[0], said(0)), None);
    for (variant, place) in others.iter().zip(1..) {
        let base = variant.base.as_ref().and_then(|base| scenario.variants.iter().position(|other| other.name == *base));
        head(&mut text, variant, base.map(|base| &scenario.variants[base]));
        layer(&mut text, &format!("variants.{}.", variant.name), all(place), Some(all(base.unwrap_or(0))));
    }
    text
}

fn head(text: &mut String, variant: &Variant, base: Option<&Variant>) {
    let _ = writeln!(text, "\n[variants.{}]\ntitle = {}", variant.name, languages::written(&variant.title, &variant.titles));
    if let Some(base) = base {
        let _ = writeln!(text, "base = \"{}\"", base.name);
    }
}

/// A setting, its row of parameters and, where sets are drawn, those of them that the file itself says.
type Says<'a> = (&'a Setting, &'a [f64], Option<&'a BTreeMap<usize, f64>>);

/// Writes everything that a setting and its row of parameters say, or only where they differ from those below.
fn layer(text: &mut String, prefix: &str, (setting, values, said): Says<'_>, below: Option<Says<'_>>) {
    let mut section = String::new();
    for (first, lever) in policy::all() {
        for place in first..first + width(lever, setting) {
            let course = |setting: &Setting| setting.plan.rows.iter().map(|row| row[place].to_bits()).collect::<Vec<_>>();
            if below.is_none_or(|(below, ..)| course(below) != course(setting)) {
                put(
                    text,
                    &mut section,
                    format!("{prefix}policy.{}", lever.p.section()),
                    &key(lever, place - first, setting),
                    &timeline(setting, place),
                );
            }
        }
    }
    for switch in SWITCHES {
        let value = setting.switches.get(switch.name).unwrap_or(switch.values[0]);
        if below.is_none_or(|(below, ..)| below.switches.get(switch.name) != Some(value)) {
            let value = if matches!(value, "true" | "false") { value.to_owned() } else { quoted(value) };
            put(text, &mut section, format!("{prefix}switches"), switch.name, &value);
        }
    }
    for (place, shock) in setting.country.shocks.iter().enumerate() {
        if below.is_none_or(|(below, ..)| below.shocks[place] != setting.shocks[place]) {
            put(text, &mut section, format!("{prefix}shocks"), &shock.name, &setting.shocks[place].to_string());
        }
    }
    for (place, (parameter, value)) in PARAMETERS.iter().zip(values).enumerate() {
        let differs = below.is_none_or(|(_, below, _)| below[place].to_bits() != value.to_bits());
        let own = |said: &BTreeMap<usize, f64>| {
            said.contains_key(&place) && below.is_none_or(|(.., below)| below.is_none_or(|below| !below.contains_key(&place) || differs))
        };
        if said.map_or(differs, own) {
            put(text, &mut section, format!("{prefix}parameters.{}", parameter.process), parameter.name, &number(*value));
        }
    }
}

/// Writes one line, opening its section if another one is open.
fn put(text: &mut String, open: &mut String, section: String, key: &str, value: &str) {
    if *open != section {
        let _ = writeln!(text, "\n[{section}]");
        *open = section;
    }
    let _ = writeln!(text, "{key} = {value}");
}

/// How many places of a lever are in use.
pub(super) fn width(lever: &Lever, setting: &Setting) -> usize {
    match lever.shape {
        Shape::One => 1,
        Shape::PerLine => LINES,
        Shape::PerOrigin => setting.country.origins.len(),
    }
}

/// A lever's key at one of its places.
pub(super) fn key(lever: &Lever, place: usize, setting: &Setting) -> String {
    match lever.shape {
        Shape::One => lever.key.to_owned(),
        Shape::PerLine => format!("{}.{}", lever.key, Line::ALL[place].name()),
        Shape::PerOrigin => format!("{}.{}", lever.key, setting.country.origins[place].name),
    }
}

/// The course of one place: its start, then its changes.
fn timeline(setting: &Setting, place: usize) -> String {
    let rows = &setting.plan.rows;
    let start = rows.first().map_or(0.0, |row| row[place]);
    let changes: Vec<String> = rows
        .windows(2)
        .zip(1..)
        .filter(|(pair, _)| pair[0][place].to_bits() != pair[1][place].to_bits())
        .map(|(pair, after)| format!("{} = {}", setting.plan.first.plus(after), number(pair[1][place])))
        .collect();
    if changes.is_empty() { number(start) } else { format!("{{ start = {}, {} }}", number(start), changes.join(", ")) }
}

/// A number as TOML, in the shortest form that reads back to the same bits.
pub(super) fn number(value: f64) -> String {
    format!("{value:?}")
}

/// A text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}
