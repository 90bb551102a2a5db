//! Warnings about lines that part from the layer below although it goes on changing: a change that stays what it was in its month, a level that
//! comes to lie on the other side, and money that looks like millions written short.
//!
//! Absent on purpose: every warning that needs no layer below (`warnings`).

use super::country::round;
use super::faults::Faults;
use super::levers::{Policy, Said, Schedule, called};
use crate::model::policy::{self, Lever};
use crate::quantities::Month;

/// A sum that is less than this share of what stands below it, or of its line, was hardly meant.
const LITTLE: f64 = 1e-2;
/// The same of what is added: a plan may be small.
const FAINT: f64 = 1e-5;

/// What one line of a variant makes of one place of the rows.
struct Line<'a> {
    lever: &'static Lever,
    variant: &'a str,
    schedule: &'a Schedule,
    first: Month,
    below: Vec<f64>,
    own: Vec<f64>,
}

/// Records all of them for what a part of the scenario's own file says, whose `rows` are those below and those that it makes of them.
pub(super) fn collect(faults: &Faults, variant: &str, policy: &Policy, first: Month, (below, rows): (&[Vec<f64>], &[Vec<f64>])) {
    let column = |rows: &[Vec<f64>], place: usize| rows.iter().map(|row| row[place]).collect::<Vec<_>>();
    let mut seen: Vec<&Schedule> = vec![];
    for (start, lever) in policy::all() {
        for place in start..start + lever.shape.width() {
            // The first file is the scenario's own; who extends another one cannot mend it.
            let Some(schedule) = policy.schedules[place].as_deref().filter(|schedule| schedule.key.file == 0) else { continue };
            if seen.iter().any(|other| std::ptr::eq(*other, schedule)) {
                continue;
            }
            seen.push(schedule);
            let line = Line { lever, variant, schedule, first, below: column(below, place), own: column(rows, place) };
            line.stays(faults);
            line.little(faults, &money(lever, place - start, rows));
        }
    }
}

/// What a lever that is money is measured by, month by month: the line's own money for what lies on top of it; nothing for other levers.
fn money(lever: &Lever, line: usize, rows: &[Vec<f64>]) -> Vec<f64> {
    let place = |key: &str| policy::all().find(|(_, lever)| lever.key == key).map_or(0, |(place, _)| place);
    let (total, share) = (place("budget.total"), place("budget.shares") + line);
    if lever.key == "budget.extra" { rows.iter().map(|row| row[total] * row[share]).collect() } else { vec![] }
}

impl Line<'_> {
    fn of(&self) -> String {
        format!("`{}` of {}", self.lever.key, called(self.variant))
    }

    fn month(&self, place: usize) -> Month {
        self.first.plus(i32::try_from(place).unwrap_or(i32::MAX))
    }

    /// The rows in which a dated step is in force.
    fn span(&self, step: usize) -> std::ops::Range<usize> {
        let place = |month: Month| usize::try_from(month.since(self.first)).unwrap_or(0).min(self.below.len());
        let next = self.schedule.dated.get(step + 1).map_or(self.below.len(), |(month, ..)| place(*month));
        place(self.schedule.dated[step].0)..next
    }

    fn stays(&self, faults: &Faults) {
        // Who replaces the whole course goes on from that.
        if self.schedule.start.is_some() {
            return;
        }
        for (step, (_, said, at)) in self.schedule.dated.iter().enumerate() {
            let span = self.span(step);
            let Some(start) = Some(span.start).filter(|start| *start < span.end) else { continue };
            let (below, own) = (self.below[start], self.own[start]);
            let (month, own_value, below_value) = (self.month(start), round(own), round(below));
            let moved = |place: &usize| self.below[*place].to_bits() != below.to_bits();
            let crossed = |place: &usize| (own - below) * (self.own[*place] - self.below[*place]) < 0.0;
            let found = match said {
                // What lies on top of a line in per cent follows its line.
                Said::Percent(_) if self.lever.key == "budget.extra" => None,
                Said::Default => None,
                Said::Value(_) if self.variant == "baseline" => None,
                Said::Value(_) => span.clone().find(crossed).map(|later| {
                    let (when, then) = (self.month(later), round(self.below[later]));
                    let (side, other) = if own > below { ("above", "below") } else { ("below", "above") };
                    let title = format!(
                        "{} is {side} what it builds on in {month} ({own_value}, not {below_value}), and {other} it from {when} on ({own_value}, not {then})"
                    , self.of());
                    (title, format!("a level holds whatever changes below it: add a step for {when} if this is not meant"))
                }),
                _ => span.clone().find(moved).map(|later| {
                    let (when, then) = (self.month(later), round(self.below[later]));
                    let title = format!("{} stays {own_value} from {month} on, though what it builds on goes from {below_value} to {then} in {when}", self.of());
                    let help = format!(
                        "a change is of the value of its own month, and the result holds: say it again for {when}, or write the change without a date; if it is meant, nothing need be done"
                    );
                    (title, help)
                }),
            };
            if let Some((title, help)) = found {
                faults.warn(at, title, help);
                return;
            }
        }
    }

    /// A sum of money that looks as if millions were meant.
    fn little(&self, faults: &Faults, line: &[f64]) {
        if !self.lever.key.starts_with("budget.total") && line.is_empty() {
            return;
        }
        let against = if line.is_empty() { &self.below } else { line };
        let steps = self.schedule.dated.iter().enumerate().map(|(step, (_, said, at))| (self.span(step), said, at));
        let all = self.schedule.start.iter().map(|said| (0..self.below.len(), said, &self.schedule.value)).chain(steps);
        for (span, said, at) in all {
            let (sum, least) = match said {
                Said::Value(sum) => (*sum, LITTLE),
                Said::Plus(sum) => (sum.abs(), FAINT),
                _ => continue,
            };
            if sum > 0.0 && span.clone().any(|place| sum < least * against[place]) {
                let most = against[span].iter().copied().fold(0.0, f64::max);
                let title = format!(
                    "{} {} {} a year, where {most:.0} stand{}",
                    self.of(),
                    if matches!(said, Said::Plus(_)) { "changes by" } else { "is" },
                    round(sum),
                    if line.is_empty() { " now" } else { " in the line" }
                );
                faults.warn(at, title, "money is written out in the country's currency: fifty million is 50_000_000");
                return;
            }
        }
    }
}
