//! The justice pipeline: for each stage the cases that wait or are in progress, and the months that a case spends there.

use super::findings::{PEOPLE, clause, effects, name, sheet};
use super::multiples::{CELL, Cell, KEY, draw as draw_cells};
use super::sheet::Sheet;
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::course::{Course, course, stage_backlog, stage_months};
use crate::analysis::measure::Measure;
use crate::model::ledgers::STAGES;
use crate::model::ledgers::indicators::Indicator;

/// Draws the figure.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let (words, record) = (&options.words, source.record);
    let shown: Vec<usize> = [0, options.variant].into_iter().filter(|variant| *variant < record.manifest.variants.len()).collect();
    let mut cells = Vec::new();
    for (stage, key) in STAGES.iter().enumerate() {
        let key = format!("pipeline.{key}");
        let named = [("stage", words.word(&key))];
        let backlog = shown.iter().map(|variant| stage_backlog(record, stage, *variant)).collect();
        let months = shown.iter().map(|variant| stage_months(record, stage, *variant)).collect();
        cells.push(Cell { heading: words.say("pipeline.backlog", &named), factor: 1.0, courses: backlog });
        cells.push(Cell { heading: words.say("pipeline.months", &named), factor: 1.0, courses: months });
    }
    let what = match effects(source, &[PEOPLE], options.variant).first() {
        Some(people) => words.say("pipeline.subtitle", &[("truth", &clause(words, "people", people, &record.manifest.currency))]),
        None => words.word("pipeline.subtitle_baseline").to_owned(),
    };
    let courses: Vec<Course> = shown.iter().map(|variant| course(record, Measure::Indicator(Indicator::Backlog), *variant)).collect();
    let mut sheet = sheet(source, options, &title(source, options, &courses), &what, KEY + CELL * STAGES.len() as f64);
    draw_cells(&mut sheet, source, options, &cells, 2);
    Some(sheet)
}

fn title(source: &Source<'_>, options: &Options, courses: &[Course]) -> String {
    let words = &options.words;
    let range = |course: &Course| {
        let Some((_, [low, _, _, _, high])) = course.quantiles.last() else { return words.number(f64::NAN, 0) };
        let scale = Scale::of(course.measure, *high);
        words.range(&scale.value(words, *low), &scale.value(words, *high))
    };
    let versus = courses.get(1).map_or_else(String::new, |course| {
        words.say("pipeline.versus", &[("backlog", &range(course)), ("variant", &name(source, options, options.variant, 300.0))])
    });
    let backlog = courses.first().map_or_else(String::new, range);
    words.say("pipeline.title", &[("month", &words.month(source.record.manifest.to)), ("backlog", &backlog), ("versus", &versus)])
}
