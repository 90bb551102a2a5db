//! Events from outside in figures over time: a number over the panel with a faint line through it, and below the panels what the numbers mean.
//!
//! Absent on purpose: what a policy does when, which is the timeline's (`timeline`).

use super::labels::spread;
use super::plot::Plot;
use super::sheet::{Align, Area, Sheet, Type};
use super::style::{GREY, MARGIN, PALE, TINY, WIDTH, Weight, titled, wrap};
use super::words::Words;
use super::{Options, Source};
use crate::quantities::Month;

/// How far lines of the key lie apart.
const LINE: f64 = TINY * 1.34;
/// How far two numbers stand apart at least.
const APART: f64 = 13.0;

/// What happens in the months shown whatever the policy, in the order of the months, and what it is called.
#[must_use]
pub fn events(source: &Source<'_>) -> Vec<(Month, String)> {
    let Some(baseline) = source.scenario.and_then(|scenario| scenario.variants.first()).map(|variant| &variant.setting) else { return vec![] };
    let shown = source.record.manifest.from..=source.record.manifest.to;
    let happens = baseline.country.shocks.iter().zip(&baseline.shocks).filter(|(shock, happens)| **happens && shown.contains(&shock.from));
    let mut events: Vec<(Month, String)> = happens.map(|(shock, _)| (shock.from, titled(&shock.title, &shock.name))).collect();
    events.sort_by_key(|(month, _)| *month);
    events
}

/// The lines of the key; none where nothing happens.
fn lines(words: &Words, events: &[(Month, String)]) -> Vec<String> {
    let all: Vec<String> = events.iter().zip(1..).map(|((_, title), number)| format!("{number}\u{a0}{title}")).collect();
    if all.is_empty() {
        return vec![];
    }
    wrap(&format!("{}: {}.", words.word("timeline.shocks"), all.join("; ")), WIDTH - 2.0 * MARGIN, TINY, Weight::Regular, usize::MAX)
}

/// How much room the key takes.
#[must_use]
pub fn high(options: &Options, events: &[(Month, String)]) -> f64 {
    lines(&options.words, events).len() as f64 * LINE
}

/// Marks the events in a panel.
pub fn mark(sheet: &mut Sheet, plot: &Plot, events: &[(Month, String)]) {
    let places: Vec<f64> = events.iter().map(|(month, _)| plot.across(f64::from(month.0))).collect();
    let numbers = spread(&places, APART, (plot.area.x, plot.area.right()));
    for ((place, number), i) in places.iter().zip(numbers).zip(1..) {
        sheet.dashes(&[(*place, plot.area.y), (*place, plot.area.bottom())], PALE, 0.8, 2.0);
        sheet.text(&i.to_string(), (number, plot.area.y - 8.0), Type::new(TINY, GREY).align(Align::Middle));
    }
}

/// Writes the key at the foot of `area`.
pub fn key(sheet: &mut Sheet, options: &Options, area: Area, events: &[(Month, String)]) {
    let lines = lines(&options.words, events);
    let top = area.bottom() - lines.len() as f64 * LINE;
    for (line, i) in lines.iter().zip(0_u32..) {
        sheet.text(line, (area.x, top + (f64::from(i) + 0.5) * LINE), Type::new(TINY, GREY));
    }
    sheet.description.extend((!lines.is_empty()).then(|| lines.join(" ")));
}
