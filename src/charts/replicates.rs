//! Effect against number of replicates: was it enough? Truth above official.

use super::fans::{PANEL, SIDES};
use super::findings::{COUNT, PEOPLE, effects, name, sheet, window};
use super::plot::{COLOURS, Labels, Plot, edges_with_zero, emptiness, ticks};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{BAND_50, GREY, INK, LABEL, MEDIAN, PALE, SMALL};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::compare::{Effect, Enough};
use crate::analysis::measure::Measure;
use crate::analysis::pairs::running;
use crate::analysis::verdict::Average;

/// Draws the figure; nothing where there is only a baseline.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let words = &options.words;
    let [people, count]: [Effect; 2] = effects(source, &[PEOPLE, COUNT], options.variant).try_into().ok()?;
    let (truth, official) = (settled(source, options, "people", &people), settled(source, options, "count", &count));
    let title = words.say("replicates.both", &[("truth", &truth), ("official", &official)]);
    let what = words.say("replicates.subtitle", &[("window", &window(source, words))]);
    let mut sheet = sheet(source, options, &title, &what, 2.0 * PANEL);
    for (place, measure, heading) in [(0.0, PEOPLE, "ranking.truth"), (1.0, COUNT, "ranking.official")] {
        let area = Area { y: sheet.body.y + place * PANEL, h: PANEL, ..sheet.body };
        panel(&mut sheet, source, options, area, (measure, words.word(heading)));
    }
    Some(sheet)
}

/// Whether there were enough, or how many would be.
fn settled(source: &Source<'_>, options: &Options, what: &str, effect: &Effect) -> String {
    let (words, replicates) = (&options.words, source.record.manifest.replicates);
    let (ending, need) = match effect.enough {
        Enough::Yes => ("yes", String::new()),
        Enough::Need(u32::MAX) => ("never", String::new()),
        Enough::Need(need) => ("need", Scale { factor: 1.0, decimals: 0 }.size(words, f64::from(need))),
        Enough::Unknown => ("unknown", String::new()),
    };
    let name = name(source, options, options.variant, 300.0);
    words.say(&format!("replicates.{what}_{ending}"), &[("variant", &name), ("n", &replicates.to_string()), ("need", &need)])
}

fn panel(sheet: &mut Sheet, source: &Source<'_>, options: &Options, area: Area, (measure, heading): (Measure, &str)) {
    let words = &options.words;
    let means = running(source.record, measure, options.variant, source.record.manifest.window);
    let interval = |(_, point): &(u32, Average)| point.error.map(|_| (point.low, point.high));
    // The first few intervals are very wide and would flatten the rest, so they are cut off at the edges.
    let shown = means.iter().skip((means.len() / 2).min(5));
    let bounds = shown.filter_map(interval).flat_map(|(low, high)| [low, high]);
    let replicates = source.record.manifest.replicates.max(2);
    let plot = Plot {
        area: Area { x: area.x + SIDES.0, y: area.y + 30.0, w: area.w - SIDES.0 - SIDES.1, h: area.h - 62.0 },
        x: (1.0, f64::from(replicates)),
        y: edges_with_zero(bounds.chain(means.iter().map(|(_, point)| point.mean))),
    };
    sheet.text(&words.say("difference.heading", &[("what", heading)]), (area.x, area.y + 8.0), Type::new(LABEL, INK).bold());
    let nothing = emptiness(words, means.iter().map(|(_, point)| point.mean), "difference.never");
    let most = plot.remark(sheet, nothing, 5);
    let labels = Labels::of(plot.y, most, 1.0);
    plot.grid(sheet, most, |tick| labels.difference(words, tick));
    count_axis(sheet, options, &plot);
    let zero = plot.up(0.0);
    sheet.line(vec![(plot.area.x, zero), (plot.area.right(), zero)], INK, 1.4);
    let edge =
        |upper: bool| means.iter().filter_map(move |point| interval(point).map(|(low, high)| (f64::from(point.0), if upper { high } else { low })));
    let lower: Vec<(f64, f64)> = edge(false).map(|point| plot.at(point)).collect();
    let band: Vec<(f64, f64)> = lower.into_iter().chain(edge(true).map(|point| plot.at(point)).collect::<Vec<_>>().into_iter().rev()).collect();
    if band.len() > 2 {
        sheet.marks.push(Mark::Shape(band, COLOURS[1], BAND_50));
    }
    let line: Vec<(f64, f64)> = means.iter().map(|(count, point)| plot.at((f64::from(*count), point.mean))).collect();
    if let &[point] = &line[..] {
        sheet.marks.push(Mark::Disc(point, 4.6, COLOURS[1]));
    } else {
        sheet.line(line, COLOURS[1], MEDIAN);
    }
    let Some((_, Average { mean, error, .. })) = means.last() else { return };
    let error_size = error.unwrap_or(f64::NAN);
    let scale = Scale::of(measure, mean.abs().max(error_size));
    let (mean_words, error_words) = (scale.difference(words, *mean), scale.size(words, error_size));
    let places = [("mean", &*mean_words), ("error", &error_words), ("heading", heading)];
    let y = plot.up(*mean);
    // Two lines of words keep clear of the one that names the line of no difference.
    let above = *mean >= 0.0 || zero + 40.0 > plot.area.bottom();
    let y = if (y - zero).abs() < 26.0 { zero + if above { -26.0 } else { 26.0 } } else { y };
    let how = Type::new(SMALL, COLOURS[1]).bold();
    let end = if error.is_some() { "replicates.end" } else { "replicates.end_one" };
    // A little into the margin, so that a number with its unit of words stays on one line.
    sheet.paragraph(&words.say(end, &places), (plot.area.right() + 10.0, y - how.size), SIDES.1 + 4.0, how);
    sheet.text(words.word("difference.zero"), (plot.area.right() + 10.0, zero), Type::new(SMALL, INK));
    sheet.description.push(words.say("replicates.description", &places));
}

fn count_axis(sheet: &mut Sheet, options: &Options, plot: &Plot) {
    let y = plot.area.bottom();
    sheet.line(vec![(plot.area.x, y), (plot.area.right(), y)], PALE, 1.0);
    let whole = ticks(plot.x, 7).into_iter().filter(|tick| tick.fract() == 0.0);
    for tick in whole {
        sheet.text(&options.words.number(tick, 0), (plot.across(tick), y + 13.0), Type::new(SMALL, GREY).align(Align::Middle));
    }
    sheet.text(options.words.word("replicates.across"), (plot.area.right() + 18.0, y + 13.0), Type::new(SMALL, GREY));
}
