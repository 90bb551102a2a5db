//! The paired difference of the variant to the baseline over time, with its line of no difference, truth above official.

use super::events;
use super::fans::{PANEL, SIDES};
use super::findings::{COUNT, PEOPLE, both, name, over, sheet};
use super::plot::{COLOURS, Labels, Plot, edges_with_zero, emptiness};
use super::sheet::{Area, Sheet, Type};
use super::style::{INK, LABEL, SMALL, Weight, fit, wrap};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::course::difference;
use crate::analysis::measure::Measure;

/// Draws the figure; nothing where there is only a baseline.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let words = &options.words;
    if options.variant >= source.record.manifest.variants.len() {
        return None;
    }
    let title = both(source, options, options.variant);
    let events = events::events(source);
    let mut sheet = sheet(source, options, &title, words.word("difference.subtitle"), 2.0 * PANEL + events::high(options, &events));
    for (place, measure, heading) in [(0.0, PEOPLE, "ledger.truth.people"), (1.0, COUNT, "ledger.official.count")] {
        let area = Area { y: sheet.body.y + place * PANEL, h: PANEL, ..sheet.body };
        let plot = panel(&mut sheet, source, options, area, (measure, heading));
        events::mark(&mut sheet, &plot, &events);
    }
    let body = sheet.body;
    events::key(&mut sheet, options, body, &events);
    Some(sheet)
}

fn panel(sheet: &mut Sheet, source: &Source<'_>, options: &Options, area: Area, (measure, heading): (Measure, &str)) -> Plot {
    let words = &options.words;
    let course = difference(source.record, measure, options.variant);
    let (from, to) = (source.record.manifest.from, source.record.manifest.to);
    let plot = Plot {
        area: Area { x: area.x + SIDES.0, y: area.y + 30.0, w: area.w - SIDES.0 - SIDES.1, h: area.h - 62.0 },
        x: (f64::from(from.0), f64::from(to.0)),
        y: edges_with_zero(course.values()),
    };
    let heading = words.say(heading, &[("moving", &over(words, course.moving))]);
    sheet.text(&words.say("difference.heading", &[("what", &heading)]), (area.x, area.y + 8.0), Type::new(LABEL, INK).bold());
    let nothing = emptiness(words, course.values(), "difference.never");
    let most = plot.remark(sheet, nothing, 5);
    let labels = Labels::of(plot.y, most, 1.0);
    plot.grid(sheet, most, |tick| labels.difference(words, tick));
    plot.time(sheet, words);
    let zero = plot.up(0.0);
    sheet.line(vec![(plot.area.x, zero), (plot.area.right(), zero)], INK, 1.4);
    plot.fan(sheet, &course, COLOURS[1]);
    let Some((month, quantiles)) = course.quantiles.last() else { return plot };
    let scale = Scale::of(measure, quantiles.iter().fold(0.0, |a: f64, b| a.max(b.abs())));
    let [low, _, middle, _, high] = quantiles.map(|value| scale.difference(words, value));
    let name = name(source, options, options.variant, 300.0);
    let range = words.range(&low, &high);
    let places = [("range", &*range), ("middle", &middle), ("month", &words.month(*month)), ("variant", &name), ("heading", &heading)];
    sheet.description.push(words.say("fans.description", &places));
    label_end(sheet, source, options, &plot, (quantiles[2], &words.say("difference.end", &places)));
    plot
}

/// Writes the line's name and its last interval beside its end, and what the line of no difference is where there is room.
fn label_end(sheet: &mut Sheet, source: &Source<'_>, options: &Options, plot: &Plot, (end, interval): (f64, &str)) {
    let room = SIDES.1 - 12.0;
    let mut lines: Vec<(String, Type)> = fit(&name(source, options, options.variant, f64::INFINITY), room, LABEL, Weight::Bold, 2)
        .into_iter()
        .map(|line| (line, Type::new(LABEL, COLOURS[1]).bold()))
        .collect();
    lines.extend(wrap(interval, room, SMALL, Weight::Regular, 3).into_iter().map(|line| (line, Type::new(SMALL, COLOURS[1]))));
    let step = LABEL * 1.2;
    let (high, zero) = (lines.len() as f64 * step, plot.up(0.0));
    let within = |y: f64| y.clamp(plot.area.y + high / 2.0 - 8.0, (plot.area.bottom() - high / 2.0 + 8.0).max(plot.area.y + high / 2.0 - 8.0));
    let mut y = within(plot.up(end));
    // The line of no difference keeps its own label, so the variant's gives way to the side on which there is more room.
    let least = high / 2.0 + step * 0.7;
    if (y - zero).abs() < least {
        let (above, below) = (within(zero - least), within(zero + least));
        let fits = |y: f64| (y - zero).abs() >= least - 1.0;
        y = if fits(above) && (end >= 0.0 || !fits(below)) { above } else { below };
    }
    if (y - zero).abs() >= least - 1.0 {
        let text = super::style::cut(options.words.word("difference.zero"), room, SMALL, Weight::Regular);
        sheet.text(&text, (plot.area.right() + 10.0, zero), Type::new(SMALL, INK));
    }
    let top = y - high / 2.0 + step / 2.0;
    for ((line, how), i) in lines.into_iter().zip(0_u32..) {
        sheet.text(&line, (plot.area.right() + 10.0, top + f64::from(i) * step), how);
    }
}
