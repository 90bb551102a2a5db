//! Baseline and variant over time, truth above official: median, bands that hold 50 % and 90 % of the futures, a few
//! futures as they are, and published figures as dots.

use super::events;
use super::findings::{COUNT, PEOPLE, both, name, over, sheet};
use super::labels::{Placed, Segment, around, covered, spread};
use super::plot::{COLOURS, Labels, Plot, edges, emptiness};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{GREY, INK, LABEL, SMALL, Weight, fit, width};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::course::{Course, course};
use crate::analysis::measure::Measure;
use crate::quantities::Month;

/// How high one panel is, with its heading and its axis.
pub(super) const PANEL: f64 = 212.0;
/// What is left free to the left for the axis, to the right for names.
pub(super) const SIDES: (f64, f64) = (54.0, 128.0);

/// Draws the figure.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let words = &options.words;
    let variants = source.record.manifest.variants.len();
    let shown: Vec<usize> = [0, options.variant].into_iter().filter(|variant| *variant < variants).collect();
    let title = if shown.len() > 1 { both(source, options, options.variant) } else { words.word("fans.baseline").to_owned() };
    let events = events::events(source);
    let mut sheet = sheet(source, options, &title, words.word("fans.subtitle"), 2.0 * PANEL + events::high(options, &events));
    for (place, measure, heading) in [(0.0, PEOPLE, "ledger.truth.people"), (1.0, COUNT, "ledger.official.count")] {
        let area = Area { y: sheet.body.y + place * PANEL, h: PANEL, ..sheet.body };
        let plot = panel(&mut sheet, source, options, area, (measure, heading), &shown);
        events::mark(&mut sheet, &plot, &events);
    }
    let body = sheet.body;
    events::key(&mut sheet, options, body, &events);
    Some(sheet)
}

fn panel(sheet: &mut Sheet, source: &Source<'_>, options: &Options, area: Area, (measure, heading): (Measure, &str), shown: &[usize]) -> Plot {
    let words = &options.words;
    let courses: Vec<Course> = shown.iter().map(|variant| course(source.record, measure, *variant)).collect();
    let (from, to) = (source.record.manifest.from, source.record.manifest.to);
    let moving = courses.first().map_or(1, |course| course.moving);
    let dots: Vec<(f64, f64)> = published(source, measure, (from.plus(moving - 1), to));
    let values = courses.iter().flat_map(Course::values).chain(dots.iter().map(|dot| dot.1));
    let plot = Plot {
        area: Area { x: area.x + SIDES.0, y: area.y + 30.0, w: area.w - SIDES.0 - SIDES.1, h: area.h - 62.0 },
        x: (f64::from(from.0), f64::from(to.0)),
        y: edges(values),
    };
    let heading = words.say(heading, &[("moving", &over(words, moving))]);
    sheet.text(&heading, (area.x, area.y + 8.0), Type::new(LABEL, INK).bold());
    if plot.y.0 > 0.0 {
        let note = words.word("axis_cut");
        sheet.text(note, (area.right(), area.y + 8.0), Type::new(SMALL, GREY).align(Align::End));
    }
    let nothing = emptiness(words, courses.iter().flat_map(Course::values).chain(dots.iter().map(|dot| dot.1)), "zero");
    let most = plot.remark(sheet, nothing, 5);
    let labels = Labels::of(plot.y, most, 1.0);
    plot.grid(sheet, most, |tick| labels.level(words, tick));
    plot.time(sheet, words);
    plot.fans(sheet, &courses);
    let points: Vec<(f64, f64)> = dots.iter().map(|dot| plot.at(*dot)).collect();
    for point in &points {
        sheet.marks.push(Mark::Ring(*point, 3.6, INK));
    }
    label_dots(sheet, words.word("published"), &points, &courses, &plot);
    name_ends(sheet, source, options, shown, &courses, &plot);
    for (variant, course) in shown.iter().zip(&courses) {
        describe(sheet, source, options, *variant, course, &heading);
    }
    plot
}

/// Published yearly figures of `measure`, at the December of their year, where the months shown reach it.
fn published(source: &Source<'_>, measure: Measure, (from, to): (Month, Month)) -> Vec<(f64, f64)> {
    let year = |year: i32| if measure.averaged() { Month::new(year, 7) } else { Month::new(year, 12) };
    let ours = source.published.iter().filter(|figure| figure.minus.is_none() && Measure::Indicator(figure.indicator) == measure);
    ours.map(|figure| (year(figure.year), figure.value))
        .filter(|(month, _)| (from..=to).contains(month))
        .map(|(month, value)| (f64::from(month.0), value))
        .collect()
}

/// Writes what the dots are beside that one of them at which the words cover least of the medians.
fn label_dots(sheet: &mut Sheet, text: &str, points: &[(f64, f64)], courses: &[Course], plot: &Plot) {
    let medians: Vec<Vec<(f64, f64)>> = courses.iter().map(|course| plot.median(course)).collect();
    let drawn: Vec<Segment> = medians.iter().flat_map(|line| line.windows(2)).map(|pair| [pair[0], pair[1]]).collect();
    let taken: Vec<Area> = points.iter().map(|(x, y)| Area { x: x - 5.0, y: y - 5.0, w: 10.0, h: 10.0 }).collect();
    let size = (width(text, SMALL, Weight::Regular) + 2.0, SMALL + 2.0);
    let places = points.iter().enumerate().filter_map(|(own, point)| {
        let others: Vec<Area> = taken.iter().enumerate().filter(|(other, _)| *other != own).map(|(_, area)| *area).collect();
        around(&[*point], &[size], &others, &drawn, plot.area)[0]
    });
    // A little air around the words counts as part of them.
    let air = |area: Area| Area { x: area.x - 2.0, y: area.y - 2.0, w: area.w + 4.0, h: area.h + 4.0 };
    let near = places.filter(|placed| placed.leader.is_none());
    if let Some(Placed { area, .. }) = near.min_by(|a, b| covered(&drawn, air(a.area)).total_cmp(&covered(&drawn, air(b.area)))) {
        sheet.text(text, (area.x + 1.0, area.y + area.h / 2.0), Type::new(SMALL, INK));
    }
}

/// Names each line at its end.
fn name_ends(sheet: &mut Sheet, source: &Source<'_>, options: &Options, shown: &[usize], courses: &[Course], plot: &Plot) {
    let room = SIDES.1 - 12.0;
    let names: Vec<Vec<String>> =
        shown.iter().map(|variant| fit(&name(source, options, *variant, f64::INFINITY), room, LABEL, Weight::Bold, 3)).collect();
    let ends: Vec<f64> = courses.iter().map(|course| plot.median(course).last().map_or(plot.area.bottom(), |end| end.1)).collect();
    let high = names.iter().map(Vec::len).max().unwrap_or(1) as f64 * LABEL * 1.2;
    let places = spread(&ends, high + 4.0, (plot.area.y + high / 2.0 - 8.0, plot.area.bottom() - high / 2.0 + 8.0));
    for (place, (lines, y)) in names.iter().zip(places).enumerate() {
        let top = y - (lines.len() - 1) as f64 * LABEL * 0.6;
        for (line, i) in lines.iter().zip(0_u32..) {
            let at = (plot.area.right() + 10.0, top + f64::from(i) * LABEL * 1.2);
            sheet.text(line, at, Type::new(LABEL, COLOURS[place.min(1)]).bold());
        }
    }
}

fn describe(sheet: &mut Sheet, source: &Source<'_>, options: &Options, variant: usize, course: &Course, heading: &str) {
    let (words, Some((month, quantiles))) = (&options.words, course.quantiles.last()) else { return };
    let scale = Scale::of(course.measure, quantiles[2]);
    let [low, _, middle, _, high] = quantiles.map(|value| scale.value(words, value));
    let name = name(source, options, variant, 300.0);
    let (range, month) = (words.range(&low, &high), words.month(*month));
    let places = [("heading", heading), ("variant", &name), ("month", &month), ("range", &range), ("middle", &middle)];
    sheet.description.push(words.say("fans.description", &places));
}
