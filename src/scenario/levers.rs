//! What a scenario says of levers: `[policy.SECTION]` becomes one schedule per place of a policy's row.
//!
//! A value is a number, a change in per cent, `"default"`, or a table of `start` and months. A key with dots
//! may be written as nested tables or in quotes; both mean the same.
//!
//! Absent on purpose: which variant builds on which (`variants`).

use super::country::{TOLERANCE, mend, round};
use super::faults::{Place, nearest};
use super::values::{Entry, Table, near, shorten, unknown};
use crate::model::country::Country;
use crate::model::policy::{self, Default as LeverDefault, LINES, Lever, Line, P, Shape};
use crate::quantities::{Month, Step, Timeline};
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
enum Said {
    Step(Step),
    Default,
}

/// What is said about one place of a policy's row, over time.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    /// The place of its key.
    pub key: Place,
    start: Option<Said>,
    dated: Vec<(Month, Said, Place)>,
}

/// One schedule, or none, per place of a policy's row.
pub(super) type Schedules = Vec<Option<Rc<Schedule>>>;

/// Reads `[policy]`; `origins` is nothing where the country could not be read, so that no name is doubted.
pub(super) fn read(policy: &Table<'_>, country: Option<&Country>, dates: Dates) -> Schedules {
    let mut schedules = vec![None; policy::row_width()];
    for entry in policy.entries() {
        let Some(p) = P::ALL.into_iter().find(|p| p.section() == entry.key) else {
            let sections = P::ALL.map(P::section);
            match lever_named(entry.key) {
                Some(lever) => misplaced(&entry, lever),
                None => unknown(&entry, "section of policy", sections, ""),
            }
            continue;
        };
        if let Some(section) = entry.table() {
            walk(&section, "", p, country, dates, &mut schedules);
        }
    }
    schedules
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
    for entry in table.entries() {
        let path = if prefix.is_empty() { entry.key.to_owned() } else { format!("{prefix}.{}", entry.key) };
        let own: Vec<(usize, &'static Lever)> = policy::all().filter(|(_, lever)| lever.p == p).collect();
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
            let here = near(&path, own.iter().map(|(_, lever)| lever.key));
            let help = match nearest(&path, policy::all().map(|(_, lever)| lever.key)).and_then(lever_named) {
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
        return Some(Schedule { key, start: Some(said(entry, bounds)?), dated: vec![] });
    };
    if table.is_empty() {
        entry.fault(format!("`{}` says nothing", entry.path), "", "give a number, or `start` and months, or remove the line");
    }
    let mut schedule = Schedule { key, start: None, dated: vec![] };
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
        let hint = near(step.key, ["start"]);
        let title = format!("`{}` is neither `start` nor a month", shorten(&step.path));
        step.faults.add(&step.key_place, title, "", format!("{hint}write year and month, as in 2016-10 = 0.5; months go from 01 to 12"));
        return None;
    };
    if month > dates.latest {
        let title = format!("the step of {month} would never happen");
        let help = format!("the run ends in {}: give an earlier month, a later `to`, or remove the step", dates.latest);
        step.faults.add(&step.key_place, title, "after the end", help);
        return None;
    }
    if month < dates.earliest {
        let title = format!("the step of {month} lies more than {YEARS_BEFORE} years before the run begins");
        step.faults.add(&step.key_place, title, "", "if it is meant, write its value as `start`; otherwise mend the year");
        return None;
    }
    Some(month)
}

/// Reads a number, a change in per cent or `"default"`.
fn said(entry: &Entry<'_>, bounds: &RangeInclusive<f64>) -> Option<Said> {
    let Some(text) = entry.value.get_ref().as_str() else {
        return entry.within(bounds).map(|value| Said::Step(Step::Value(value)));
    };
    if text == "default" {
        return Some(Said::Default);
    }
    if let Some(share) = percent(text) {
        return Some(Said::Step(Step::Relative(share)));
    }
    let help = if text.trim().ends_with('%') {
        "a change needs its sign, as in \"+20%\" or \"-5%\"; a level is written as a number, as in 0.2"
    } else if text.trim().parse::<f64>().is_ok() {
        "write the number without quotes"
    } else {
        "write a number, a change such as \"+23.88%\", \"default\", or { start = 0.2, 2016-10 = 0.45 }"
    };
    entry.fault(format!("`{}` cannot be \"{}\"", entry.path, shorten(text)), "", help);
    None
}

/// A signed percentage as a share, exactly rounded: "+23.88%" is 0.2388.
fn percent(text: &str) -> Option<f64> {
    let digits = text.strip_suffix('%')?.trim_end();
    let unsigned = digits.strip_prefix(['+', '-'])?;
    let plain = unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && unsigned.starts_with(|first: char| first.is_ascii_digit());
    if !plain || unsigned.len() > 12 {
        return None;
    }
    format!("{digits}e-2").parse().ok()
}

impl Schedule {
    /// As a timeline over a default's course from `first`; a dated `"default"` follows that course again.
    fn timeline(&self, first: Month, course: &[f64]) -> Timeline {
        let start = match self.start {
            Some(Said::Step(step)) => Some(step),
            Some(Said::Default) | None => None,
        };
        let mut steps = vec![];
        for (i, (month, said, _)) in self.dated.iter().enumerate() {
            match said {
                Said::Step(step) => steps.push((*month, *step)),
                Said::Default => {
                    let end = self.dated.get(i + 1).map(|(next, ..)| *next);
                    let follow = (0..).map(|after| first.plus(after)).zip(course).filter(|(at, _)| *at >= *month && end.is_none_or(|end| *at < end));
                    steps.extend(follow.map(|(at, value)| (at, Step::Value(*value))));
                }
            }
        }
        Timeline { start, steps }
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

/// Lays schedules over the default's rows and checks what comes out. `own` are the places that this variant
/// itself speaks of; faults of others were shown where they were said.
pub(super) fn lay(
    faults: &super::faults::Faults,
    variant: &str,
    schedules: &Schedules,
    own: &Schedules,
    first: Month,
    defaults: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let mut rows = defaults.to_vec();
    for (first_place, lever) in policy::all() {
        for place in first_place..first_place + lever.shape.width() {
            let Some(schedule) = &schedules[place] else { continue };
            let course: Vec<f64> = defaults.iter().map(|row| row[place]).collect();
            let values = if lever.key == "budget.extra" {
                extra(schedule, first, &rows, place - first_place)
            } else {
                schedule.timeline(first, &course).resolve(first, &course)
            };
            let out = values.iter().position(|value| !(lever.min..=lever.max).contains(value));
            if let (Some(at), Some(_)) = (out, &own[place]) {
                let month = first.plus(i32::try_from(at).unwrap_or(0));
                let title = format!("`{}` would be {} in {month}, out of range", lever.path(), round(values[at]));
                let help = format!("it may go from {} to {} ({}): choose a smaller change", lever.min, lever.max, lever.unit);
                faults.add(schedule.in_force(month), title, "", help);
            }
            for (row, value) in rows.iter_mut().zip(values) {
                row[place] = value;
            }
        }
    }
    sums(faults, variant, own, first, &rows);
    rows
}

/// What `schedule` puts on top of budget line `line`, over the months of `rows`, in which total and shares stand already: a
/// change in per cent is of the line's own money, for nothing is what lies on top before.
fn extra(schedule: &Schedule, first: Month, rows: &[Vec<f64>], line: usize) -> Vec<f64> {
    let place = |key: &str| policy::all().find(|(_, lever)| lever.key == key).map_or(0, |(place, _)| place);
    let (total, share) = (place("budget.total"), place("budget.shares") + line);
    let months = (0..).map(|after| first.plus(after)).zip(rows);
    let money = |(month, row): (Month, &Vec<f64>)| match schedule.latest(month).map(|(_, said, _)| *said).or(schedule.start) {
        Some(Said::Step(Step::Value(money))) => money,
        Some(Said::Step(Step::Relative(change))) => change * row[total] * row[share],
        Some(Said::Default) | None => 0.0,
    };
    months.map(money).collect()
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
    fn per_cent_is_read_exactly() {
        assert_eq!(percent("+23.88%"), Some(0.2388));
        assert_eq!(percent("-5%"), Some(-0.05));
        assert_eq!(percent("+5 %"), Some(0.05));
        for bad in ["5%", "+%", "+1e3%", "+inf%", "+-5%", "+5", "", "%", "+.5%"] {
            assert_eq!(percent(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_dated_default_follows_the_course_again() {
        let first = Month::new(2016, 1);
        let place = Place::whole(0);
        let dated = vec![
            (Month::new(2016, 2), Said::Step(Step::Value(9.0)), place.clone()),
            (Month::new(2016, 3), Said::Default, place.clone()),
            (Month::new(2016, 5), Said::Step(Step::Relative(1.0)), place.clone()),
        ];
        let schedule = Schedule { key: place, start: None, dated };
        let course = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(schedule.timeline(first, &course).resolve(first, &course), [1.0, 9.0, 3.0, 4.0, 8.0, 8.0]);
    }
}
