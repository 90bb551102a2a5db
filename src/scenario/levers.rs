//! What a scenario says of levers: `[policy.SECTION]` becomes one schedule per place of a policy's row, or a section taken over
//! from another variant.
//!
//! A value is a number, a change (`"+20%"`, `"+0.2"`, `"x2"`), `"default"`, or a table of `start` and months. A key with dots
//! may be written as nested tables or in quotes; both mean the same. What is said modifies the layer below (the country's
//! default, the baseline, a variant's base): a dated step holds from its date on and leaves what stood there before it.
//!
//! Absent on purpose: which variant builds on which (`variants`), and what files of format 1 meant (`upgrade`).

use super::country::{TOLERANCE, mend, round};
use super::faults::Place;
use super::values::{Entry, Table, era, near, shorten, unknown};
use crate::model::country::Country;
use crate::model::policy::{self, Default as LeverDefault, LINES, Lever, Line, P, Shape};
use crate::quantities::Month;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The months that steps are checked against.
#[derive(Clone, Copy)]
pub(super) struct Dates {
    /// No step is dated before.
    pub earliest: Month,
    /// No step is dated after.
    pub latest: Month,
}

/// How long before a run's start a step may be dated: years.
pub(super) const YEARS_BEFORE: i32 = 20;

/// One thing said about a lever.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    /// The value itself.
    Value(f64),
    /// A change in per cent, as a share: +23.88 % is 0.2388.
    Percent(f64),
    /// So much more, or less.
    Plus(f64),
    /// So many times as much.
    Times(f64),
    /// What the country's profile, or the lever's own default, says.
    Default,
}

impl Said {
    /// The value that it gives where `ground` is in force and `default` is the default.
    fn of(self, ground: f64, default: f64) -> f64 {
        match self {
            Self::Value(value) => value,
            Self::Percent(share) => ground * (1.0 + share),
            Self::Plus(more) => ground + more,
            Self::Times(times) => ground * times,
            Self::Default => default,
        }
    }

    /// Whether it says a level by itself, so that no layer below matters.
    pub fn is_level(self) -> bool {
        matches!(self, Self::Value(_) | Self::Default)
    }
}

/// What is said about one place of a policy's row, over time.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    /// The place of its key.
    pub key: Place,
    /// The place of its whole value.
    pub value: Place,
    /// What replaces the course of the layer below from the start on.
    pub start: Option<Said>,
    /// What is said from a month on, in the order of the months.
    pub dated: Vec<(Month, Said, Place)>,
}

/// One schedule, or none, per place of a policy's row.
pub(super) type Schedules = Vec<Option<Rc<Schedule>>>;

/// A section whose levers are those of another variant.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// The P.
    pub p: P,
    /// The variant's name, `baseline` or `default`.
    pub from: String,
    /// Where it is named.
    pub place: Place,
}

/// What `[policy]` of one part of a file says.
#[derive(Clone)]
pub(super) struct Policy {
    /// Lever by lever.
    pub schedules: Schedules,
    /// Whole sections.
    pub taken: Vec<Taken>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { schedules: vec![None; policy::row_width()], taken: vec![] }
    }
}

impl Policy {
    /// The earliest month by which anything is dated.
    pub fn earliest(&self) -> Option<Month> {
        self.schedules.iter().flatten().filter_map(|schedule| schedule.dated.first()).map(|(month, ..)| *month).min()
    }
}

/// Reads `[policy]`; `country` is nothing where it could not be read, so that no name is doubted.
pub(super) fn read(policy: &Table<'_>, country: Option<&Country>, dates: Dates) -> Policy {
    let mut read = Policy::default();
    for entry in policy.entries() {
        let Some(p) = P::ALL.into_iter().find(|p| p.section() == entry.key) else {
            let sections = P::ALL.map(P::section);
            match lever_named(entry.key) {
                Some(lever) => misplaced(&entry, lever),
                None => unknown(&entry, "section of policy", sections, ""),
            }
            continue;
        };
        if let Some(from) = entry.value.get_ref().as_str() {
            read.taken.push(Taken { p, from: from.to_owned(), place: entry.place() });
        } else if let Some(section) = entry.table() {
            walk(&section, "", p, country, dates, &mut read.schedules);
        }
    }
    read
}

/// Where a key belongs that names a lever or a section of policy but stands somewhere else.
pub(super) fn home(key: &str) -> Option<String> {
    let lever = lever_named(key).map(|lever| format!("`{key}` is a lever: write `policy.{}.{key} = ...`", lever.p.section()));
    let section = || P::ALL.iter().any(|p| p.section() == key).then(|| format!("`{key}` is a section of policy: write `policy.{key}...`"));
    lever.or_else(section)
}

/// The lever whose key, or the part of it before the first dot, is `key`.
fn lever_named(key: &str) -> Option<&'static Lever> {
    policy::all().map(|(_, lever)| lever).find(|lever| lever.key == key || lever.key.split('.').next() == Some(key))
}

fn misplaced(entry: &Entry<'_>, lever: &Lever) {
    let title = format!("`{}` is not a lever of this section", shorten(&entry.path));
    entry.faults.add(&entry.key_place, title, "", format!("it belongs in [policy.{}]", lever.p.section()));
}

/// Goes down from a section until the keys name a lever.
fn walk(table: &Table<'_>, prefix: &str, p: P, country: Option<&Country>, dates: Dates, schedules: &mut Schedules) {
    let own: Vec<(usize, &'static Lever)> = policy::all().filter(|(_, lever)| lever.p == p).collect();
    for entry in table.entries() {
        let path = if prefix.is_empty() { entry.key.to_owned() } else { format!("{prefix}.{}", entry.key) };
        let exact = own.iter().find(|(_, lever)| lever.key == path);
        let placed =
            own.iter().find(|(_, lever)| lever.shape != Shape::One && path.strip_prefix(lever.key).is_some_and(|rest| rest.starts_with('.')));
        if let Some((first, lever)) = exact {
            whole(&entry, *first, lever, country, dates, schedules);
        } else if let Some((first, lever)) = placed {
            let name = &path[lever.key.len() + 1..];
            one_place(&entry, name, *first, lever, country, dates, schedules);
        } else if own.iter().any(|(_, lever)| lever.key.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.'))) {
            if let Some(inner) = entry.table() {
                walk(&inner, &path, p, country, dates, schedules);
            }
        } else if let Some((_, lever)) = policy::all().find(|(_, lever)| lever.key == path) {
            misplaced(&entry, lever);
        } else {
            let here = near(entry.faults, &path, own.iter().map(|(_, lever)| lever.key));
            let help = match entry.faults.nearest(&path, policy::all().map(|(_, lever)| lever.key)).and_then(lever_named) {
                _ if !here.is_empty() => here,
                Some(lever) => format!("did you mean `{}` of [policy.{}]? ", lever.key, lever.p.section()),
                None => String::new(),
            };
            let title = format!("unknown lever `{}`", shorten(&entry.path));
            entry.faults.add(&entry.key_place, title, "not a known lever", format!("{help}`fivep levers` lists them all"));
        }
    }
}

/// What stands under a lever's own key.
fn whole(entry: &Entry<'_>, first: usize, lever: &'static Lever, country: Option<&Country>, dates: Dates, schedules: &mut Schedules) {
    let bounds = lever.min..=lever.max;
    let inner = entry.as_table().filter(|inner| !inner.entries().any(|entry| dated_key(entry.key)));
    match (lever.shape, inner) {
        (Shape::PerLine | Shape::PerOrigin, Some(inner)) => {
            if inner.is_empty() {
                entry.fault(format!("`{}` says nothing", entry.path), "", "give a value, or remove the line");
            }
            for inner in inner.entries() {
                one_place(&inner, inner.key, first, lever, country, dates, schedules);
            }
        }
        (Shape::PerLine, None) if entry.value.get_ref().as_str() != Some("default") => {
            let lines = Line::ALL.map(Line::name).join(", ");
            let title = format!("`{}` holds one value for each budget line", entry.path);
            entry.fault(title, "", format!("write for instance {}.courts = 0.1; the lines are {lines}", lever.key));
        }
        (shape, _) => {
            let width = match shape {
                Shape::One => 1,
                Shape::PerLine => LINES,
                Shape::PerOrigin => country.map_or(0, |country| country.origins.len()),
            };
            if let Some(schedule) = schedule(entry, &bounds, dates).map(Rc::new) {
                for place in first..first + width {
                    set(entry, place, &schedule, schedules);
                }
            }
        }
    }
}

/// What stands under the name of one budget line or one origin.
fn one_place(entry: &Entry<'_>, name: &str, first: usize, lever: &'static Lever, country: Option<&Country>, dates: Dates, schedules: &mut Schedules) {
    let names: Vec<&str> = match (lever.shape, country) {
        (Shape::PerOrigin, Some(country)) => country.origins.iter().map(|origin| origin.name.as_str()).collect(),
        (Shape::PerOrigin, None) => vec![],
        _ => Line::ALL.iter().map(|line| line.name()).collect(),
    };
    let schedule = schedule(entry, &(lever.min..=lever.max), dates).map(Rc::new);
    match names.iter().position(|known| *known == name) {
        Some(place) => {
            if let Some(schedule) = schedule {
                set(entry, first + place, &schedule, schedules);
            }
        }
        None if lever.shape == Shape::PerOrigin && country.is_none() => (),
        None => unknown(entry, if lever.shape == Shape::PerOrigin { "origin" } else { "budget line" }, names, ""),
    }
}

fn set(entry: &Entry<'_>, place: usize, schedule: &Rc<Schedule>, schedules: &mut Schedules) {
    if schedules[place].is_some() {
        let title = format!("`{}` is given twice", entry.path);
        entry.faults.add(&entry.key_place, title, "given before in this part of the file", "keep one of them");
    }
    schedules[place] = Some(Rc::clone(schedule));
}

/// Whether a key looks like one of a timeline, well written or not.
fn dated_key(key: &str) -> bool {
    key == "start" || key.starts_with(|first: char| first.is_ascii_digit())
}

/// Reads a lever's value or timeline.
fn schedule(entry: &Entry<'_>, bounds: &RangeInclusive<f64>, dates: Dates) -> Option<Schedule> {
    let key = entry.key_place.clone();
    let Some(table) = entry.as_table() else {
        return Some(Schedule { key, value: entry.place(), start: Some(said(entry, bounds)?), dated: vec![] });
    };
    if table.is_empty() {
        entry.fault(format!("`{}` says nothing", entry.path), "", "give a number, or `start` and months, or remove the line");
    }
    let mut schedule = Schedule { key, value: entry.place(), start: None, dated: vec![] };
    for step in table.entries() {
        let value = said(&step, bounds);
        if step.key == "start" {
            schedule.start = value;
        } else if let Some(month) = step_month(&step, dates)
            && let Some(value) = value
        {
            schedule.dated.push((month, value, step.place()));
        }
    }
    schedule.dated.sort_by_key(|(month, ..)| *month);
    Some(schedule)
}

/// The month that a step is dated by, within the run.
fn step_month(step: &Entry<'_>, dates: Dates) -> Option<Month> {
    let Ok(month) = step.key.parse::<Month>() else {
        let hint = near(step.faults, step.key, ["start"]);
        let title = format!("`{}` is neither `start` nor a month", shorten(step.key));
        step.faults.add(&step.key_place, title, "", format!("{hint}write year and month, as in 2016-10 = 0.5; months go from 01 to 12"));
        return None;
    };
    if month > dates.latest {
        let title = format!("the step of {month} would never happen");
        let help = format!("the run ends in {}: give an earlier month, a later `to`, or remove the step{}", dates.latest, era(month));
        step.faults.add(&step.key_place, title, "after the end", help);
        return None;
    }
    if month < dates.earliest {
        let title = format!("the step of {month} lies more than {YEARS_BEFORE} years before the run begins");
        step.faults.add(&step.key_place, title, "", "if it is meant, write its value as `start`; otherwise correct the year");
        return None;
    }
    Some(month)
}

/// Reads a number, a change or `"default"`.
fn said(entry: &Entry<'_>, bounds: &RangeInclusive<f64>) -> Option<Said> {
    let Some(text) = entry.value.get_ref().as_str() else {
        return entry.within(bounds).map(Said::Value);
    };
    if text == "default" {
        return Some(Said::Default);
    }
    if let Some(change) = change(text) {
        return Some(change);
    }
    let trimmed = text.trim();
    let odd = trimmed.chars().any(|letter| letter.is_numeric() && !letter.is_ascii_digit());
    let help = if odd {
        "write figures with the digits 0 to 9, as in \"+20%\", \"x2\" or 0.2"
    } else if trimmed.contains(',') {
        "write a decimal point and no separators, as in \"+23.88%\" or \"+1000.5%\""
    } else if trimmed.ends_with('%') {
        "a change needs its sign, as in \"+20%\" or \"-5%\"; a level is written as a number, as in 0.2"
    } else if trimmed.parse::<f64>().is_ok() {
        "write a level without quotes; a change needs its sign, as in \"+0.2\", or an x, as in \"x2\""
    } else {
        "write a number, a change such as \"+23.88%\", \"+0.2\" or \"x2\", \"default\", or { start = 0.2, 2016-10 = 0.45 }"
    };
    entry.fault(format!("`{}` cannot be \"{}\"", entry.path, shorten(text)), "", help);
    None
}

/// A change: in per cent, exactly rounded (`+23.88%` is 0.2388), by so much (`+0.2`), or by so many times (`x2`). The minus and
/// the times sign of typeset text, which people copy, mean the same as those of the keyboard.
fn change(text: &str) -> Option<Said> {
    let text = text.trim().replace(['\u{2212}', '\u{2013}'], "-").replace('\u{d7}', "x");
    let plain = |digits: &str| {
        let digits_only =
            digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && digits.starts_with(|first: char| first.is_ascii_digit());
        digits_only && digits.len() <= 18
    };
    if let Some(times) = text.strip_prefix('x') {
        let times = times.trim_start();
        return plain(times).then(|| times.parse().ok()).flatten().map(Said::Times);
    }
    let size = text.strip_prefix(['+', '-'])?.trim_start();
    let digits = size.strip_suffix('%').map_or(size, str::trim_end);
    if !plain(digits) {
        return None;
    }
    let signed = |power: &str| format!("{}{digits}{power}", &text[..1]).parse().ok();
    if size.ends_with('%') { signed("e-2").map(Said::Percent) } else { signed("").map(Said::Plus) }
}

impl Schedule {
    /// One value a month from `first`, laid over the course of the layer below.
    ///
    /// The ground is that course, or what `start` makes of it. A dated step holds from its date on, until the next; a change is
    /// of the ground at that date, so that two changes in one line are both of the layer below and do not multiply.
    pub fn resolve(&self, first: Month, below: &[f64], default: &[f64]) -> Vec<f64> {
        let pairs = || below.iter().zip(default).map(|(below, default)| (*below, *default));
        let ground: Vec<f64> = pairs().map(|(below, default)| self.start.map_or(below, |start| start.of(below, default))).collect();
        let value = |(i, month): (usize, Month)| match self.latest(month) {
            None => ground[i],
            Some((_, Said::Default, _)) => default[i],
            Some((date, said, _)) => {
                let at = usize::try_from(date.since(first)).unwrap_or(0).min(i);
                said.of(ground[at], default[at])
            }
        };
        (0..below.len()).zip((0..).map(|after| first.plus(after))).map(value).collect()
    }

    /// The latest dated step by `month`.
    fn latest(&self, month: Month) -> Option<&(Month, Said, Place)> {
        self.dated.iter().rev().find(|(from, ..)| *from <= month)
    }

    /// The place of what is in force in `month`.
    fn in_force(&self, month: Month) -> &Place {
        self.latest(month).map_or(&self.key, |(.., place)| place)
    }
}

/// The default's course of every place over `months` months from `first`: one row a month.
pub(super) fn default_rows(country: &Country, first: Month, months: usize) -> Vec<Vec<f64>> {
    let row = |month: Month| {
        let places = policy::all().flat_map(|(_, lever)| (0..lever.shape.width()).map(move |place| (lever, place)));
        let value = |(lever, place): (&Lever, usize)| match lever.default {
            LeverDefault::Value(value) => value,
            LeverDefault::Profile => country.lever_default(lever.key, place, month),
        };
        places.map(value).collect()
    };
    (0..).map(|after| row(first.plus(after))).take(months).collect()
}

/// What every layer of a scenario stands on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'r> {
    /// The month of the first row.
    pub first: Month,
    /// The country's own policy, month by month.
    pub defaults: &'r [Vec<f64>],
    /// What all persons of the country earn in a year.
    pub earnings: f64,
}

/// Lays what a part of a file says over the rows of the layer below and checks what comes out. `others` gives the rows of a
/// variant by its name.
pub(super) fn lay<'r>(
    faults: &super::faults::Faults,
    variant: &str,
    policy: &Policy,
    Ground { first, defaults, earnings }: Ground<'r>,
    below: &[Vec<f64>],
    others: &dyn Fn(&str) -> Option<&'r [Vec<f64>]>,
) -> Vec<Vec<f64>> {
    let mut rows = below.to_vec();
    for taken in &policy.taken {
        let Some(from) = (if taken.from == "default" { Some(defaults) } else { others(&taken.from) }) else { continue };
        for (place, lever) in policy::all().filter(|(_, lever)| lever.p == taken.p) {
            let places = place..place + lever.shape.width();
            rows.iter_mut().zip(from).for_each(|(row, from)| row[places.clone()].copy_from_slice(&from[places.clone()]));
        }
    }
    for (first_place, lever) in policy::all() {
        for place in first_place..first_place + lever.shape.width() {
            let Some(schedule) = &policy.schedules[place] else { continue };
            let course = |rows: &[Vec<f64>]| rows.iter().map(|row| row[place]).collect::<Vec<_>>();
            let mut values = schedule.resolve(first, &course(below), &course(defaults));
            if lever.key == "budget.extra" {
                extra(schedule, first, &rows, place - first_place, &mut values);
            }
            let out = values.iter().position(|value| !(lever.min..=lever.max).contains(value));
            if let Some(at) = out {
                let month = first.plus(i32::try_from(at).unwrap_or(0));
                let part = if lever.shape == Shape::PerLine { format!(".{}", Line::ALL[place - first_place].name()) } else { String::new() };
                let title = format!("`{}{part}` would be {} in {month} in {}, out of range", lever.path(), round(values[at]), called(variant));
                let help = format!("it may go from {} to {} ({}): choose a smaller change", lever.min, lever.max, lever.unit);
                faults.add(schedule.in_force(month), title, "", help);
            }
            for (row, value) in rows.iter_mut().zip(values) {
                row[place] = value;
            }
        }
    }
    sums(faults, variant, &policy.schedules, first, &rows);
    affordable(faults, variant, &policy.schedules, first, &rows, earnings);
    rows
}

/// What a variant is called in a sentence.
pub(super) fn called(variant: &str) -> String {
    if variant == "baseline" { "the baseline".to_owned() } else { format!("`{variant}`") }
}

/// Mends `values` of what lies on top of budget line `line`, over the months of `rows`, in which total and shares stand already:
/// a change in per cent is of all that the line has, its share and what lies on top of it in the layer below, and comes on top of both.
pub(super) fn extra(schedule: &Schedule, first: Month, rows: &[Vec<f64>], line: usize, values: &mut [f64]) {
    let place = |key: &str| policy::all().find(|(_, lever)| lever.key == key).map_or(0, |(place, _)| place);
    let (total, share, own) = (place("budget.total"), place("budget.shares") + line, place("budget.extra") + line);
    for ((month, row), value) in (0..).map(|after| first.plus(after)).zip(rows).zip(values) {
        if let Some(Said::Percent(change)) = schedule.latest(month).map(|(_, said, _)| *said).or(schedule.start) {
            *value = row[own] + change * (row[total] * row[share] + row[own]);
        }
    }
}

/// Checks that no month's budget is beyond what any government has: all that the country's persons earn in a year.
fn affordable(faults: &super::faults::Faults, variant: &str, own: &Schedules, first: Month, rows: &[Vec<f64>], earnings: f64) {
    let place = |key: &str| policy::all().find(|(_, lever)| lever.key == key).map_or(0, |(place, _)| place);
    let (total, extra) = (place("budget.total"), place("budget.extra"));
    let Some(said) = own[extra..extra + LINES].iter().flatten().chain(&own[total]).next_back() else { return };
    let budget = |row: &[f64]| row[total] + row[extra..extra + LINES].iter().sum::<f64>();
    let Some((month, row)) = (0..).map(|after| first.plus(after)).zip(rows).find(|(_, row)| budget(row) > earnings) else { return };
    let title = format!("in `{variant}` the budget of {month} is {:.0} a year", budget(row));
    let help = format!("no government has more than {earnings:.0} for this, which is what all persons of the country earn in a year");
    faults.add(said.in_force(month), title, "", help);
}

/// Checks that the budget's shares sum to 1 in every month.
fn sums(faults: &super::faults::Faults, variant: &str, own: &Schedules, first: Month, rows: &[Vec<f64>]) {
    let Some((place, _)) = policy::all().find(|(_, lever)| lever.key == "budget.shares") else { return };
    let places = place..place + LINES;
    let Some(said) = own[places.clone()].iter().flatten().next_back() else { return };
    let bad = (0..).map(|after| first.plus(after)).zip(rows).map(|(month, row)| (month, &row[places.clone()]));
    let Some((month, shares)) = bad.into_iter().find(|(_, shares)| (shares.iter().sum::<f64>() - 1.0).abs() > TOLERANCE) else { return };
    let sum: f64 = shares.iter().sum();
    let lines: Vec<String> = Line::ALL.iter().zip(shares).map(|(line, share)| format!("{} {}", line.name(), round(*share))).collect();
    let title = format!("in `{variant}` the shares of the budget sum to {} in {month}, not to 1", round(sum));
    let help = format!("{}; in force then: {}", mend(sum), lines.join(", "));
    faults.add(said.in_force(month), title, "", help);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_exactly() {
        for (text, said) in [
            ("+23.88%", Said::Percent(0.2388)),
            ("-5%", Said::Percent(-0.05)),
            ("\u{2212}20%", Said::Percent(-0.2)),
            ("+ 10 %", Said::Percent(0.1)),
            ("- 3", Said::Plus(-3.0)),
            ("+5 %", Said::Percent(0.05)),
            ("+0.2", Said::Plus(0.2)),
            ("-3", Said::Plus(-3.0)),
            ("\u{2212}3", Said::Plus(-3.0)),
            ("x2", Said::Times(2.0)),
            ("\u{d7} 1.5", Said::Times(1.5)),
        ] {
            assert_eq!(change(text), Some(said), "{text}");
        }
        for bad in ["5%", "+%", "+1e3%", "+inf%", "+-5%", "5", "", "%", "+.5%", "x", "x-2", "2x", "+", "x2%", "+1.2.3"] {
            assert_eq!(change(bad), None, "{bad}");
        }
    }

    /// A schedule of `start` and steps dated by months after January 2016, laid over a course; the default is ten times it.
    fn laid(start: Option<Said>, dated: &[(i32, Said)], below: &[f64]) -> Vec<f64> {
        let first = Month::new(2016, 1);
        let place = Place::whole(0);
        let dated = dated.iter().map(|(after, said)| (first.plus(*after), *said, place.clone())).collect();
        let default: Vec<f64> = below.iter().map(|value| value * 10.0).collect();
        Schedule { key: place.clone(), value: place, start, dated }.resolve(first, below, &default)
    }

    #[test]
    fn a_dated_step_leaves_what_stood_before_it() {
        assert_eq!(laid(None, &[(2, Said::Value(9.0))], &[1.0, 2.0, 3.0, 4.0]), [1.0, 2.0, 9.0, 9.0]);
        assert_eq!(laid(None, &[(1, Said::Value(9.0)), (3, Said::Value(7.0))], &[1.0, 2.0, 3.0, 4.0]), [1.0, 9.0, 9.0, 7.0]);
    }

    #[test]
    fn a_change_is_of_the_layer_below_at_its_date_and_then_holds() {
        let below = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(laid(None, &[(1, Said::Percent(0.5))], &below), [1.0, 3.0, 3.0, 3.0]);
        assert_eq!(laid(None, &[(1, Said::Plus(0.5)), (2, Said::Times(2.0))], &below), [1.0, 2.5, 8.0, 8.0]);
        assert_eq!(laid(None, &[(-5, Said::Percent(1.0))], &below), [2.0, 2.0, 2.0, 2.0]);
    }

    #[test]
    fn start_replaces_the_whole_course_and_is_what_later_changes_are_of() {
        let below = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(laid(Some(Said::Value(5.0)), &[], &below), [5.0; 4]);
        assert_eq!(laid(Some(Said::Value(5.0)), &[(2, Said::Percent(1.0))], &below), [5.0, 5.0, 10.0, 10.0]);
        assert_eq!(laid(Some(Said::Percent(0.5)), &[(2, Said::Value(0.0))], &below), [1.5, 3.0, 0.0, 0.0]);
        assert_eq!(laid(Some(Said::Default), &[(3, Said::Times(2.0))], &below), [10.0, 20.0, 40.0, 160.0]);
    }

    #[test]
    fn a_dated_default_follows_the_course_again() {
        let steps = [(1, Said::Value(9.0)), (2, Said::Default)];
        assert_eq!(laid(None, &steps, &[1.0, 2.0, 3.0, 4.0]), [1.0, 9.0, 30.0, 40.0]);
    }
}
