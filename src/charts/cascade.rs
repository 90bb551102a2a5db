//! The cascade of a year: people exploited, met, flagged, identified; cases opened, indicted, convicted; victims compensated.
//!
//! Each step loses most of what came before, so the axis is logarithmic, with dots and no bars; the losses are written between the steps.

use super::findings::{name, sheet, window};
use super::plot::{COLOURS, Plot};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{FAINT, GREY, INK, LABEL, PALE, SMALL, TINY, Weight, cut, fit, width};
use super::words::{Scale, Words};
use super::{Options, Source};
use crate::analysis::measure::{Measure, values};
use crate::analysis::statistics::{mean, quantile};
use crate::model::ledgers::indicators::Indicator;

/// How high a step is.
const ROW: f64 = 42.0;
/// What is left for names, and for numbers.
const SIDES: (f64, f64) = (186.0, 124.0);

/// What is written between a step and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    Nothing,
    Any,
    OneIn,
    PerCase,
    OfIdentified,
}

const STEPS: [(Indicator, &str, Loss); 8] = [
    (Indicator::Exploited, "cascade.exploited", Loss::Nothing),
    (Indicator::PeopleMet, "cascade.met", Loss::Any),
    (Indicator::Flagged, "cascade.flagged", Loss::OneIn),
    (Indicator::Identified, "cascade.identified", Loss::OneIn),
    (Indicator::Cases, "cascade.cases", Loss::PerCase),
    (Indicator::CasesIndicted, "cascade.indicted", Loss::OneIn),
    (Indicator::CasesConvicted, "cascade.convicted", Loss::OneIn),
    (Indicator::CompensationPaid, "cascade.compensated", Loss::OfIdentified),
];
/// The place of the identified among the steps.
const IDENTIFIED: usize = 3;

/// Mean, 5th and 95th percentile of a step.
type Spread = (f64, f64, f64);

/// Draws the figure.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let (words, record) = (&options.words, source.record);
    let shown: Vec<usize> = [0, options.variant].into_iter().filter(|variant| *variant < record.manifest.variants.len()).collect();
    let spreads: Vec<Vec<Spread>> = shown.iter().map(|variant| STEPS.iter().map(|step| spread(source, step.0, *variant)).collect()).collect();
    let range = |(mean, low, high): Spread| {
        let scale = Scale::of(Measure::Indicator(Indicator::Exploited), mean);
        words.range(&scale.value(words, low), &scale.value(words, high))
    };
    let title = words.say("cascade.title", &[("exploited", &range(spreads[0][0])), ("identified", &range(spreads[0][IDENTIFIED]))]);
    let what = words.say("cascade.subtitle", &[("window", &window(source, words))]);
    let mut sheet = sheet(source, options, &title, &what, STEPS.len() as f64 * ROW + 56.0);
    let body = sheet.body;
    let most = spreads.iter().flatten().map(|spread| spread.2).fold(10.0, f64::max);
    let plot = Plot {
        area: Area { x: body.x + SIDES.0, y: body.y + 26.0, w: body.w - SIDES.0 - SIDES.1, h: STEPS.len() as f64 * ROW },
        x: (0.0, libm::log10(most).ceil()),
        y: (0.0, 1.0),
    };
    axis(&mut sheet, words, &plot, if spreads.iter().flatten().any(|spread| spread.0 < 1.0) { "≤" } else { "" });
    heads(&mut sheet, source, options, &shown);
    for (place, _) in shown.iter().enumerate().rev() {
        let points: Vec<(f64, f64)> =
            (0..STEPS.len()).map(|step| (at(&plot, spreads[place][step].0), row(&plot, step) + shift(place, shown.len()))).collect();
        // People, then cases, then people again: only like is joined with like.
        for part in [0..1, 1..4, 4..7] {
            sheet.marks.push(Mark::Line(points[part].to_vec(), COLOURS[place], 0.45, 1.2));
        }
    }
    for step in 0..STEPS.len() {
        draw_step(&mut sheet, words, &plot, step, &spreads);
    }
    Some(sheet)
}

fn spread(source: &Source<'_>, indicator: Indicator, variant: usize) -> Spread {
    let (record, measure) = (source.record, Measure::Indicator(indicator));
    let values = values(record, measure, variant, record.manifest.window);
    (mean(&values), quantile(&values, 0.05), quantile(&values, 0.95))
}

fn row(plot: &Plot, step: usize) -> f64 {
    plot.area.y + (step as f64 + 0.5) * ROW
}

/// How far the marks of the baseline stand above the middle of a row, and those of the variant below.
fn shift(place: usize, shown: usize) -> f64 {
    if shown < 2 { 0.0 } else { [-5.0, 5.0][place.min(1)] }
}

/// The place of a count; what is below one stands at the left edge, whose label says so.
fn at(plot: &Plot, value: f64) -> f64 {
    plot.across(libm::log10(value.max(1.0)))
}

fn axis(sheet: &mut Sheet, words: &Words, plot: &Plot, first: &str) {
    let powers = plot.x.1 as u32;
    let mut free = f64::NEG_INFINITY;
    for power in 0..=powers {
        let x = plot.across(f64::from(power));
        sheet.line(vec![(x, plot.area.y), (x, plot.area.bottom())], FAINT, 1.0);
        let (label, how) = (
            format!("{}{}", if power == 0 { first } else { "" }, words.number(10_f64.powi(power as i32), 0)),
            Type::new(TINY, GREY).align(Align::Middle),
        );
        let place = Sheet::place(&label, (x, plot.area.bottom() + 11.0), how);
        if place.x > free {
            sheet.text(&label, (x, plot.area.bottom() + 11.0), how);
            free = place.right() + 6.0;
        }
    }
}

fn heads(sheet: &mut Sheet, source: &Source<'_>, options: &Options, shown: &[usize]) {
    let (right, y) = (sheet.body.right(), sheet.body.y + 8.0);
    let column = SIDES.1 / 2.0;
    for (place, variant) in shown.iter().enumerate() {
        let x = right - if place == 0 && shown.len() > 1 { column } else { 0.0 };
        let lines = fit(options.words.word(if place == 0 { "baseline" } else { "timeline.variant" }), column - 4.0, TINY, Weight::Bold, 2);
        for (line, i) in lines.iter().rev().zip(0_u32..) {
            sheet.text(line, (x, y + 4.0 - 13.0 * f64::from(i)), Type::new(TINY, COLOURS[place]).bold().align(Align::End));
        }
        let mark = (sheet.body.x + SIDES.0 + 6.0, y - 6.0 + 13.0 * place as f64);
        sheet.marks.push(if place == 0 { Mark::Disc(mark, 4.2, COLOURS[0]) } else { Mark::Ring(mark, 3.8, COLOURS[1]) });
        let name = cut(&name(source, options, *variant, 300.0), 250.0, TINY, Weight::Regular);
        sheet.text(&name, (mark.0 + 9.0, mark.1), Type::new(TINY, GREY));
    }
}

fn draw_step(sheet: &mut Sheet, words: &Words, plot: &Plot, step: usize, spreads: &[Vec<Spread>]) {
    let (indicator, key, loss) = STEPS[step];
    let y = row(plot, step);
    let label = words.word(key);
    sheet.text(&cut(label, SIDES.0 - 14.0, LABEL, Weight::Regular), (sheet.body.x, y), Type::new(LABEL, INK));
    let before = if loss == Loss::OfIdentified { IDENTIFIED } else { step.saturating_sub(1) };
    let ratio = spreads[0][before].0 / spreads[0][step].0;
    let n = words.number(ratio, usize::from(ratio < 9.95 && (ratio - ratio.round()).abs() >= 0.05));
    let n = if ratio >= 100.0 { Scale { factor: 1.0, decimals: 0 }.size(words, ratio) } else { n };
    let said = match loss {
        Loss::Nothing => String::new(),
        Loss::Any => words.word("cascade.any").to_owned(),
        _ if !ratio.is_finite() => words.word("cascade.none_of").to_owned(),
        // A window may see the last steps of more cases than it sees begin.
        Loss::OneIn if ratio < 1.05 => words.word("cascade.no_fewer").to_owned(),
        Loss::OneIn => words.say("cascade.one_in", &[("n", &n)]),
        Loss::PerCase => words.say("cascade.per_case", &[("n", &n)]),
        Loss::OfIdentified => words.say("cascade.of_identified", &[("n", &n)]),
    };
    sheet.text(&cut(&said, SIDES.0 - 14.0, TINY, Weight::Regular), (sheet.body.x, y - ROW / 2.0), Type::new(TINY, GREY));
    let size = |mean: f64| Scale::of(Measure::Indicator(indicator), mean);
    for (place, spread) in spreads.iter().enumerate().rev() {
        let (mean, low, high) = spread[step];
        let centre = y;
        let y = centre + shift(place, spreads.len());
        // Nothing has no place on an axis of powers.
        if mean > 0.0 {
            sheet.line(vec![(at(plot, low), y), (at(plot, high), y)], COLOURS[place], 1.6);
            let point = (at(plot, mean), y);
            sheet.marks.push(if place == 0 { Mark::Disc(point, 4.6, COLOURS[0]) } else { Mark::Ring(point, 4.2, COLOURS[1]) });
        }
        let right = sheet.body.right() - if place == 0 && spreads.len() > 1 { SIDES.1 / 2.0 } else { 0.0 };
        let text = size(mean).value(words, mean);
        let size = ((SIDES.1 / 2.0 - 6.0) / width(&text, 1.0, Weight::Regular)).min(SMALL);
        sheet.text(&text, (right, centre), Type::new(size, if mean > 0.0 { INK } else { PALE }).align(Align::End));
    }
    let (mean, low, high) = spreads[0][step];
    let range = words.range(&size(mean).value(words, low), &size(mean).value(words, high));
    sheet.description.push(words.say("cascade.description", &[("stage", label), ("baseline", &range)]));
}
