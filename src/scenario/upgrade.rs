//! Files of format 1: what they meant, and the same said in format 2.
//!
//! In format 1 a lever in a variant replaced the whole course of its base, and a change was of the country's default (or of the
//! step before it). In format 2 it modifies: `levers` says how. Where both come to the same plan, only the number changes; where
//! they do not, the line is rewritten so that it means what it did, and everything else in the file stays as it is.
//!
//! Absent on purpose: writing files (`cli`).

use super::chain::Source;
use super::faults::Place;
use super::levers::{self, Said as Word, Schedule, Schedules};
use super::loading::Said;
use super::resolved::{HEAD, number};
use super::values::Table;
use crate::model::country::Country;
use crate::model::policy;
use crate::quantities::Month;
use std::fmt::Write;
use std::ops::Range;
use std::rc::Rc;

/// The number of the format of scenario files.
pub(super) const FORMAT: i64 = 2;

/// How many changes a refusal shows.
const SHOWN: usize = 12;

/// What a plan is laid over: a country, and the months of a run.
pub(super) struct Span<'a> {
    /// The country.
    pub country: &'a Country,
    /// The month with which the run begins after its spin-up.
    pub begin: Month,
    /// Its last month.
    pub to: Month,
}

/// One line that would mean something else in format 2.
struct Change {
    /// The bytes that are replaced.
    at: Range<usize>,
    /// By what; nothing where no rewriting keeps the meaning.
    new: Option<String>,
    /// In which month it would first mean something else, what it meant then, and what it would mean.
    differs: (Month, f64, f64),
}

/// Whether a file is of format 1 and has to be upgraded; any other number than the two known ones is a fault.
pub(super) fn is_old(source: &Source, table: &Table<'_>) -> bool {
    let format = table.require("format", &FORMAT.to_string()).and_then(|entry| Some((entry.whole(&(i64::MIN..=i64::MAX))?, entry)));
    match format {
        Some((1, _)) => !source.text.trim_start_matches('\u{feff}').starts_with(HEAD.trim_end()),
        Some((FORMAT, _)) | None => false,
        Some((other, entry)) => {
            entry.fault(format!("format {other} is not known to this version"), "", format!("this version reads format = {FORMAT}"));
            false
        }
    }
}

/// Records that a file is of format 1, with what its upgrade would change.
pub(super) fn refuse(source: &Source, table: &Table<'_>, said: &Said, span: &Span<'_>) {
    let Some(entry) = table.get("format") else { return };
    let changes = changes(source, said, span);
    let mut help =
        format!("`fivep check --upgrade {}` rewrites it, comments and all, so that it means what it did", super::quoted_path(&source.shown));
    if changes.is_empty() {
        help.push_str("; no line means anything else in format 2, so that changing the number will do too");
    } else {
        help.push_str("; these lines would mean something else:\n");
        help.push_str(&shown(&source.text, &changes));
        let _ =
            write!(help, "where a line was meant of the baseline (or `base`) all along, leave it as it is and write `format = {FORMAT}` yourself");
    }
    entry.fault("format 1 is not read any more: from format 2 on, a variant modifies what it builds on", "", help);
}

/// The changes, a line each.
fn shown(text: &str, changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes.iter().take(SHOWN) {
        let line = text[..change.at.start].matches('\n').count() + 1;
        let old = text[change.at.clone()].lines().next().unwrap_or("");
        let (month, was, would) = change.differs;
        let new = change.new.as_ref().map_or("must be rewritten by hand".to_owned(), |new| format!("becomes {}", new.trim_end()));
        let _ = writeln!(out, "  line {line}: {old} {new}  (in {month} it meant {}, and would mean {})", number(was), number(would));
    }
    if changes.len() > SHOWN {
        let _ = writeln!(out, "  ... and {} more", changes.len() - SHOWN);
    }
    out
}

/// What became of a file that was to be upgraded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// It is of the present format already.
    Present,
    /// Its new text, and the lines that were rewritten so that they mean what they did.
    Done(String, String),
    /// The lines for which no other words were found: they must be rewritten by hand.
    ByHand(String),
}

/// A file of format 1 rewritten in format 2.
pub(super) fn upgraded(source: &Source, table: &Table<'_>, said: &Said, span: &Span<'_>) -> Upgrade {
    let changes = changes(source, said, span);
    let told = shown(&source.text, &changes);
    let mut edits: Vec<(Range<usize>, String)> = table.get("format").map(|format| (format.value.span(), FORMAT.to_string())).into_iter().collect();
    for change in changes {
        let Some(new) = change.new else { return Upgrade::ByHand(told) };
        edits.push((change.at, new));
    }
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
    let mut text = source.text.clone();
    for (at, new) in edits {
        text.replace_range(at, &new);
    }
    Upgrade::Done(text, told)
}

/// Every line that would mean something else in format 2.
fn changes(source: &Source, said: &Said, span: &Span<'_>) -> Vec<Change> {
    let first = span.begin.plus(-span.country.spin_up);
    let months = usize::try_from(span.to.since(first) + 1).unwrap_or(0);
    let defaults = levers::default_rows(span.country, first, months);
    let mut changes = vec![];
    let baseline: Schedules = said.baseline.policy.schedules.clone();
    let baseline_rows = meant(&baseline, first, &defaults);
    compare(source, &baseline, first, &defaults, &baseline_rows, &defaults, &mut changes);
    let mut variants: Vec<Option<(Schedules, Vec<Vec<f64>>)>> = vec![None; said.written.len()];
    for (place, base) in &said.order {
        let own = &said.written[*place].layer.policy.schedules;
        let below = base.and_then(|base| variants[base].as_ref());
        let (under, below_rows) = below.map_or((&baseline, &baseline_rows), |(schedules, rows)| (schedules, rows));
        let all: Schedules = own.iter().zip(under).map(|(own, under)| own.clone().or_else(|| under.clone())).collect();
        let rows = meant(&all, first, &defaults);
        compare(source, own, first, below_rows, &rows, &defaults, &mut changes);
        variants[*place] = Some((all, rows));
    }
    changes.sort_by_key(|change| change.at.start);
    changes
}

/// The rows that the schedules in force of one variant came to in format 1.
fn meant(schedules: &Schedules, first: Month, defaults: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut rows = defaults.to_vec();
    for (first_place, lever) in policy::all() {
        for place in first_place..first_place + lever.shape.width() {
            let Some(schedule) = &schedules[place] else { continue };
            let default: Vec<f64> = defaults.iter().map(|row| row[place]).collect();
            let mut values = course(schedule, first, &default);
            if lever.key == "budget.extra" {
                levers::extra(schedule, first, &rows, place - first_place, &mut values);
            }
            rows.iter_mut().zip(values).for_each(|(row, value)| row[place] = value);
        }
    }
    rows
}

/// A course in format 1: `start` or the default, then dated steps, each change of the value in force just before.
fn course(schedule: &Schedule, first: Month, default: &[f64]) -> Vec<f64> {
    let (mut fixed, factor) = match schedule.start {
        Some(Word::Value(value)) => (Some(value), 1.0),
        Some(Word::Percent(share)) => (None, 1.0 + share),
        _ => (None, 1.0),
    };
    let mut follows = false;
    let mut steps = schedule.dated.iter().peekable();
    let mut before = default.first().map_or(0.0, |value| fixed.unwrap_or(value * factor));
    let mut values = vec![];
    for (value, month) in default.iter().zip((0..).map(|after| first.plus(after))) {
        while let Some((_, said, _)) = steps.next_if(|(from, ..)| *from <= month) {
            match said {
                Word::Value(value) => before = *value,
                Word::Percent(share) => before *= 1.0 + share,
                Word::Plus(more) => before += more,
                Word::Times(times) => before *= times,
                Word::Default => {}
            }
            follows = *said == Word::Default;
            fixed = Some(before);
        }
        before = if follows { *value } else { fixed.unwrap_or(value * factor) };
        values.push(before);
    }
    values
}

/// Sets what `own` schedules meant (`rows`) beside what they would mean over `below`, and finds words for the difference.
fn compare(source: &Source, own: &Schedules, first: Month, below: &[Vec<f64>], rows: &[Vec<f64>], defaults: &[Vec<f64>], changes: &mut Vec<Change>) {
    let column = |rows: &[Vec<f64>], place: usize| rows.iter().map(|row| row[place]).collect::<Vec<f64>>();
    // What a schedule would come to in format 2 at one of its places.
    let would = |schedule: &Schedule, place: usize| {
        let mut values = schedule.resolve(first, &column(below, place), &column(defaults, place));
        if let Some((at, lever)) = policy::all().take_while(|(at, _)| *at <= place).last()
            && lever.key == "budget.extra"
        {
            levers::extra(schedule, first, rows, place - at, &mut values);
        }
        values
    };
    let mut done: Vec<&Rc<Schedule>> = vec![];
    for schedule in own.iter().flatten() {
        if done.iter().any(|other| Rc::ptr_eq(other, schedule)) {
            continue;
        }
        done.push(schedule);
        let places: Vec<usize> = (0..own.len()).filter(|place| own[*place].as_ref().is_some_and(|other| Rc::ptr_eq(other, schedule))).collect();
        let keeps = |new: &Schedule| places.iter().all(|place| alike(&would(new, *place), &column(rows, *place)));
        if keeps(schedule) {
            continue;
        }
        let place = places.iter().copied().find(|place| !alike(&would(schedule, *place), &column(rows, *place))).unwrap_or(places[0]);
        let (was, is) = (column(rows, place), would(schedule, place));
        let at = was.iter().zip(&is).position(|(was, is)| was.to_bits() != is.to_bits()).unwrap_or(0);
        let differs = (first.plus(i32::try_from(at).unwrap_or(0)), was[at], is[at]);
        let value = value_of(source, &schedule.value);
        let inline = source.text[value.clone()].starts_with('{');
        let started = Schedule { start: schedule.start.or(Some(Word::Default)), ..Schedule::clone(schedule) };
        if schedule.start.is_none() && keeps(&started) {
            let (at, new) = if inline {
                let inner = source.text[value.clone()].trim_start_matches('{').trim_start().to_owned();
                (value, format!("{{ start = \"default\", {inner}"))
            } else {
                let line = schedule.dated.iter().filter_map(|(.., place)| place.start).min().map_or(value.start, |at| line_start(&source.text, at));
                (line..line, "start = \"default\"\n".to_owned())
            };
            changes.push(Change { at, new: Some(new), differs });
            continue;
        }
        // The course itself, in numbers.
        let steps = was.windows(2).zip(1..).filter(|(pair, _)| pair[0].to_bits() != pair[1].to_bits());
        let dated = steps.map(|(pair, after)| (first.plus(after), Word::Value(pair[1]), schedule.value.clone())).collect();
        let spelt = Schedule { start: was.first().map(|value| Word::Value(*value)), dated, ..Schedule::clone(schedule) };
        let scalar = !source.text[value.clone()].starts_with(['\n', '[']) && schedule.dated.is_empty();
        let new = (keeps(&spelt) && (inline || scalar)).then(|| written(&spelt));
        changes.push(Change { at: value, new, differs });
    }
}

fn alike(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}

/// A schedule of numbers alone, as it is written.
fn written(schedule: &Schedule) -> String {
    let value = |said: &Word| if let Word::Value(value) = said { number(*value) } else { "\"default\"".to_owned() };
    let start = schedule.start.as_ref().map_or_else(String::new, value);
    if schedule.dated.is_empty() {
        return start;
    }
    let steps: Vec<String> = schedule.dated.iter().map(|(month, said, _)| format!("{month} = {}", value(said))).collect();
    format!("{{ start = {start}, {} }}", steps.join(", "))
}

/// The bytes of a value.
fn value_of(source: &Source, place: &Place) -> Range<usize> {
    let start = place.start.unwrap_or(0).min(source.text.len());
    start..place.end.clamp(start, source.text.len())
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}
