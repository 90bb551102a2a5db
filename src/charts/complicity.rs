//! Complicity over time by agency beside the officials convicted of it, and recruiters' tactics over time.

use super::findings::{clause, effects, name, over, sheet};
use super::multiples::{CELL, Cell, KEY, draw as draw_cells};
use super::sheet::Sheet;
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::course::{course, moving};
use crate::analysis::measure::Measure;
use crate::model::ledgers::indicators::Indicator;

/// What is shown, row by row.
const SHOWN: [(Indicator, &str); 9] = [
    (Indicator::ComplicitPolice, "complicity.police"),
    (Indicator::ComplicitImmigration, "complicity.immigration"),
    (Indicator::ComplicitInspection, "complicity.inspection"),
    (Indicator::ComplicitProsecution, "complicity.prosecution"),
    (Indicator::ComplicitSocial, "complicity.social"),
    (Indicator::OfficialsConvicted, "complicity.convicted"),
    (Indicator::LicensedRecruiters, "complicity.licensed"),
    (Indicator::InformalShare, "complicity.informal"),
    (Indicator::ExploitativeCapacity, "complicity.capacity"),
];

/// Draws the figure.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let (words, record) = (&options.words, source.record);
    let shown: Vec<usize> = [0, options.variant].into_iter().filter(|variant| *variant < record.manifest.variants.len()).collect();
    let cells: Vec<Cell> = SHOWN
        .iter()
        .map(|(indicator, key)| {
            let measure = Measure::Indicator(*indicator);
            let courses = shown.iter().map(|variant| course(record, measure, *variant)).collect();
            Cell { heading: words.word(key).to_owned(), factor: Scale::of(measure, 1.0).factor, courses }
        })
        .collect();
    let months = record.manifest.to.since(record.manifest.from) + 1;
    let moving = over(words, moving(Measure::Indicator(Indicator::OfficialsConvicted), months));
    let what = words.say("complicity.subtitle", &[("moving", &moving)]);
    let mut sheet = sheet(source, options, &title(source, options), &what, KEY + CELL * 3.0);
    draw_cells(&mut sheet, source, options, &cells, 3);
    Some(sheet)
}

fn title(source: &Source<'_>, options: &Options) -> String {
    let words = &options.words;
    let measure = Measure::Indicator(Indicator::ComplicitShare);
    let percent = |value: f64| words.number(value * 100.0, 1);
    let quantiles = course(source.record, measure, 0).quantiles;
    let share = quantiles.last().map_or_else(String::new, |(_, [low, _, _, _, high])| words.range(&percent(*low), &percent(*high)));
    let (month, name) = (words.month(source.record.manifest.to), name(source, options, options.variant, 300.0));
    let truth = effects(source, &[measure], options.variant).first().map(|effect| clause(words, "complicit", effect, ""));
    let key = if truth.is_some() { "complicity.title" } else { "complicity.baseline" };
    words.say(key, &[("month", &month), ("share", &share), ("variant", &name), ("truth", &truth.unwrap_or_default())])
}
