//! A grid of small fans that share their time axis, with a line above that names the two kinds of line.

use super::findings::name;
use super::plot::{COLOURS, Labels, Plot, edges_with_zero, emptiness};
use super::sheet::{Area, Sheet, Type};
use super::style::{GREY, INK, LABEL, MEDIAN, SMALL, Weight, cut, width};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::course::Course;

/// How high one small fan is, with its heading and its axis.
pub const CELL: f64 = 138.0;
/// How high the line of names is.
pub const KEY: f64 = 26.0;
/// What is left for the vertical axis.
const AXIS: f64 = 44.0;

/// One small fan: what it shows, and the courses of the baseline and of the variant.
pub struct Cell {
    /// Its heading.
    pub heading: String,
    /// What its figures are multiplied by.
    pub factor: f64,
    /// The baseline's course and, if there is one, the variant's.
    pub courses: Vec<Course>,
}

/// Draws `cells` in rows of `columns` below a line of names.
pub fn draw(sheet: &mut Sheet, source: &Source<'_>, options: &Options, cells: &[Cell], columns: usize) {
    let body = sheet.body;
    key(sheet, source, options, cells.iter().map(|cell| cell.courses.len()).max().unwrap_or(0));
    let gap = 16.0;
    let wide = (body.w - gap * (columns - 1) as f64) / columns as f64;
    for (place, cell) in cells.iter().enumerate() {
        let (row, column) = (place / columns, place % columns);
        let area = Area { x: body.x + column as f64 * (wide + gap), y: body.y + KEY + row as f64 * CELL, w: wide, h: CELL };
        fan(sheet, source, options, area, cell);
    }
}

fn key(sheet: &mut Sheet, source: &Source<'_>, options: &Options, courses: usize) {
    let (mut x, y) = (sheet.body.x, sheet.body.y + 6.0);
    for (place, variant) in [0, options.variant].into_iter().enumerate().take(courses) {
        let points = [(x, y), (x + 28.0, y)];
        // As the medians below: the baseline is in dashes only where there is a variant beside it.
        if place == 0 && courses > 1 {
            sheet.dashes(&points, COLOURS[0], MEDIAN, 6.0);
        } else {
            sheet.line(points.to_vec(), COLOURS[place], MEDIAN);
        }
        let text = cut(&name(source, options, variant, 400.0), 300.0, LABEL, Weight::Bold);
        sheet.text(&text, (x + 34.0, y), Type::new(LABEL, COLOURS[place]).bold());
        x += 34.0 + width(&text, LABEL, Weight::Bold) + 24.0;
    }
    // Where the two cannot be told apart their courses are one, in grey.
    let alike = options.words.word("timeline.both");
    if courses > 1 && x + 34.0 + width(alike, LABEL, Weight::Regular) < sheet.body.right() {
        sheet.line(vec![(x, y), (x + 28.0, y)], GREY, MEDIAN);
        sheet.text(alike, (x + 34.0, y), Type::new(LABEL, GREY));
    }
}

fn fan(sheet: &mut Sheet, source: &Source<'_>, options: &Options, area: Area, cell: &Cell) {
    let words = &options.words;
    let (from, to) = (source.record.manifest.from, source.record.manifest.to);
    // Counts and shares: an axis that began elsewhere would make much of little beside the other panels.
    let y = edges_with_zero(cell.courses.iter().flat_map(Course::values));
    let plot =
        Plot { area: Area { x: area.x + AXIS, y: area.y + 24.0, w: area.w - AXIS, h: area.h - 58.0 }, x: (f64::from(from.0), f64::from(to.0)), y };
    sheet.text(&cut(&cell.heading, area.w, SMALL, Weight::Bold), (area.x, area.y + 8.0), Type::new(SMALL, INK).bold());
    let most = plot.remark(sheet, emptiness(words, cell.courses.iter().flat_map(Course::values), "zero"), 4);
    let labels = Labels::of(y, most, cell.factor);
    plot.grid(sheet, most, |tick| labels.level(words, tick));
    plot.time(sheet, words);
    plot.fans(sheet, &cell.courses);
    for (course, variant) in cell.courses.iter().zip([0, options.variant]) {
        let Some((month, quantiles)) = course.quantiles.last() else { continue };
        let scale = Scale { factor: cell.factor, ..Scale::of(course.measure, quantiles[4].abs()) };
        let range = words.range(&scale.value(words, quantiles[0]), &scale.value(words, quantiles[4]));
        let (name, month, middle) = (name(source, options, variant, 300.0), words.month(*month), scale.value(words, quantiles[2]));
        let places = [("heading", &*cell.heading), ("variant", &name), ("month", &month), ("range", &range), ("middle", &middle)];
        sheet.description.push(words.say("fans.description", &places));
    }
}
