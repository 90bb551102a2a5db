//! Axes: values to places on the page, ticks, grid lines, time, fans.
//!
//! Only horizontal grid lines, no box; whatever lies outside the axes is held at their edge.

use super::labels::{Placed, Segment, around};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{BAND_50, BAND_90, Colour, FAINT, GREEN, GREY, MEDIAN, PALE, SLATE, SMALL, WHITE, WIDTH, Weight, fit, width};
use super::words::Words;
use crate::analysis::course::Course;
use crate::quantities::Month;

/// An area with its axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// Where it stands.
    pub area: Area,
    /// What its left and right edge mean.
    pub x: (f64, f64),
    /// What its lower and upper edge mean.
    pub y: (f64, f64),
}

impl Plot {
    /// The place of a pair of values, held within the area.
    #[must_use]
    pub fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.across(x), self.up(y))
    }

    /// The horizontal place of a value.
    #[must_use]
    pub fn across(&self, value: f64) -> f64 {
        self.area.x + share(value, self.x) * self.area.w
    }

    /// The vertical place of a value.
    #[must_use]
    pub fn up(&self, value: f64) -> f64 {
        self.area.bottom() - share(value, self.y) * self.area.h
    }

    /// Draws a grid line at each tick of the vertical axis, with its label to the left.
    pub fn grid(&self, sheet: &mut Sheet, most: usize, label: impl Fn(f64) -> String) {
        for tick in ticks(self.y, most) {
            let y = self.up(tick);
            sheet.line(vec![(self.area.x, y), (self.area.right(), y)], FAINT, 1.0);
            sheet.text(&label(tick), (self.area.x - 6.0, y), Type::new(SMALL, GREY).align(Align::End));
        }
    }

    /// Writes the lines of a name beside each of the marks at `points`, clear of each other, of the marks and of what is `taken`, with
    /// a thin line to each name that stands apart; `drawn` is what a name had better not cover.
    pub fn label(&self, sheet: &mut Sheet, points: &[(f64, f64)], names: &[Vec<(String, Type)>], (taken, drawn): (&[Area], &[Segment])) {
        let wide = |name: &Vec<(String, Type)>| name.iter().map(|(line, how)| width(line, how.size, how.weight)).fold(0.0, f64::max) + 4.0;
        let sizes: Vec<(f64, f64)> = names.iter().map(|name| (wide(name), name.len() as f64 * NAME_LINE + 1.0)).collect();
        for (name, placed) in names.iter().zip(around(points, &sizes, taken, drawn, self.area)) {
            let Some(Placed { area, leader }) = placed else { continue };
            // Thin enough to be seen through: an interval that it hid would look like two.
            sheet.marks.push(Mark::Block(area, WHITE, 0.5));
            if let Some(leader) = leader {
                sheet.line(leader.to_vec(), GREY, 0.8);
            }
            for ((line, how), i) in name.iter().zip(0_u32..) {
                sheet.text(line, (area.x + 2.0, area.y + 0.5 + NAME_LINE * (f64::from(i) + 0.5)), *how);
            }
        }
    }

    /// Says in the middle of the area why there is nothing to see, if so, and tells how many ticks the vertical axis then needs.
    pub fn remark(&self, sheet: &mut Sheet, say: Option<&str>, ticks: usize) -> usize {
        let Some(say) = say else { return ticks };
        let lines = fit(say, self.area.w - 12.0, SMALL, Weight::Regular, 2);
        let (x, y) = (self.area.x + self.area.w / 2.0, self.area.y + self.area.h * 0.4);
        for (line, i) in lines.iter().zip(0_u32..) {
            sheet.text(line, (x, y - 8.0 * (lines.len() - 1) as f64 + 16.0 * f64::from(i)), Type::new(SMALL, GREY).align(Align::Middle));
        }
        // An axis of invented numbers would only mislead; where nothing ever happens, its zero is enough.
        1
    }

    /// Draws the horizontal axis as time: years where there are several, else months.
    pub fn time(&self, sheet: &mut Sheet, words: &Words) {
        let y = self.area.bottom();
        sheet.line(vec![(self.area.x, y), (self.area.right(), y)], PALE, 1.0);
        let how = Type::new(SMALL, GREY).align(Align::Middle);
        let mut free = f64::NEG_INFINITY;
        for (x, label) in self.dates(words) {
            sheet.line(vec![(x, y), (x, y + 4.0)], PALE, 1.0);
            // The last one may stand at the edge of the page: it keeps within, and gives way to the one before.
            let middle = x.min(WIDTH - 6.0 - width(&label, SMALL, Weight::Regular) / 2.0);
            let place = Sheet::place(&label, (middle, y + 13.0), how);
            if place.x > free {
                sheet.text(&label, (middle, y + 13.0), how);
                free = place.right() + 2.0;
            }
        }
    }

    /// Places and labels of the dates on a horizontal axis of time.
    #[must_use]
    pub fn dates(&self, words: &Words) -> Vec<(f64, String)> {
        let (first, last) = (Month(self.x.0.ceil() as i32), Month(self.x.1.floor() as i32));
        let room = (self.area.w / 44.0).max(1.0) as i32;
        let years = last.year() - first.year() + 1;
        let months: Vec<Month> = if last.since(first) >= 24 {
            // Round years of the reader's calendar where not every one has room, but two at least.
            let offset: i32 = words.year(0).parse().unwrap_or(0);
            let round = |step: i32| (first.year()..=last.year()).filter(move |year| (year + offset) % step == 0).map(|year| Month::new(year, 1));
            let shown = |step: &i32| round(*step).filter(|month| (first..=last).contains(month)).count();
            match [1, 2, 5, 10, 20].into_iter().find(|step| shown(step) <= room as usize) {
                Some(step) if shown(&step) > 1 => round(step).collect(),
                _ => (first.year()..=last.year()).step_by(((years + room - 1) / room) as usize).map(|year| Month::new(year, 1)).collect(),
            }
        } else {
            let room = (self.area.w / 66.0).max(1.0) as i32;
            let step = [1, 2, 3, 6, 12].into_iter().find(|step| last.since(first) / step < room).unwrap_or(12);
            (first.0..=last.0).map(Month).filter(|month| (month.month() - 1) % step == 0).collect()
        };
        let label = |month: Month| if last.since(first) >= 24 { words.year(month.year()) } else { words.month(month) };
        let shown = months.into_iter().filter(|month| (first..=last).contains(month));
        shown.map(|month| (self.across(f64::from(month.0)), label(month))).collect()
    }

    /// Draws the two bands of a course.
    fn bands(&self, sheet: &mut Sheet, course: &Course, colour: Colour, aside: f64) {
        for (low, high, alpha) in [(0, 4, BAND_90), (1, 3, BAND_50)] {
            let edge = |place: usize| course.quantiles.iter().map(move |(month, quantiles)| (f64::from(month.0), quantiles[place]));
            let shape: Vec<(f64, f64)> = edge(low).chain(edge(high).rev()).map(|point| self.at(point)).collect();
            if shape.len() > 2 {
                sheet.marks.push(Mark::Shape(shape, colour, alpha));
            } else if let [below, above] = shape[..] {
                // A single month has no band but an interval.
                let wide = if low == 0 { 10.0 } else { 6.0 };
                let block = Area { x: below.0 + aside - wide / 2.0, y: above.1, w: wide, h: below.1 - above.1 };
                sheet.marks.push(Mark::Block(block, colour, alpha));
            }
        }
    }

    /// The places of a course's median.
    #[must_use]
    pub fn median(&self, course: &Course) -> Vec<(f64, f64)> {
        course.quantiles.iter().map(|(month, quantiles)| self.at((f64::from(month.0), quantiles[2]))).collect()
    }

    /// Draws the baseline's course and, if there is one, the variant's: in grey as long as they are one, then the baseline in
    /// dashes and the variant unbroken, so that the two can be told apart without colour.
    pub fn fans(&self, sheet: &mut Sheet, courses: &[Course]) {
        let ends = |course: &Course| course.quantiles.first().zip(course.quantiles.last()).map(|(first, last)| (first.0, last.0));
        let Some((first, last)) = courses.first().and_then(ends) else { return };
        let parting = courses.get(1).map_or(Some(first), |variant| courses[0].parting(variant));
        let parted = parting.map_or(last, |month| month.plus(-1).max(first));
        let mut parts: Vec<(Course, Colour, Line)> = vec![];
        if parting.is_none() || parted > first {
            parts.push((courses[0].between(first, parted), GREY, Line::Solid));
        }
        if parting.is_some() {
            let lines = if courses.len() > 1 { [Line::Dashed, Line::Solid] } else { [Line::Solid; 2] };
            parts.extend(courses.iter().zip(COLOURS).zip(lines).map(|((course, colour), line)| (course.between(parted, last), colour, line)));
        }
        self.draw(sheet, &parts);
    }

    /// Draws one course alone.
    pub fn fan(&self, sheet: &mut Sheet, course: &Course, colour: Colour) {
        self.draw(sheet, &[(course.clone(), colour, Line::Solid)]);
    }

    /// Draws courses in layers: all bands, then single futures, then medians.
    fn draw(&self, sheet: &mut Sheet, parts: &[(Course, Colour, Line)]) {
        // Intervals of a single month stand side by side.
        let single = parts.iter().all(|(course, ..)| course.quantiles.len() == 1);
        let aside = |place: usize| if single { 26.0 * (place as f64 - (parts.len() - 1) as f64 / 2.0) } else { 0.0 };
        for (place, (course, colour, _)) in parts.iter().enumerate() {
            self.bands(sheet, course, *colour, aside(place));
        }
        for (course, colour, _) in parts {
            for line in course.examples.iter().filter(|line| line.len() > 1) {
                let points = line.iter().map(|(month, value)| self.at((f64::from(month.0), *value))).collect();
                sheet.marks.push(Mark::Line(points, *colour, 0.35, 0.8));
            }
        }
        for (place, (course, colour, line)) in parts.iter().enumerate() {
            let points = self.median(course);
            match (&points[..], line) {
                (&[(x, y)], _) => sheet.line(vec![(x + aside(place) - 8.0, y), (x + aside(place) + 8.0, y)], *colour, MEDIAN),
                (_, Line::Solid) => sheet.line(points, *colour, MEDIAN),
                (_, Line::Dashed) => sheet.dashes(&points, *colour, MEDIAN, 6.0),
            }
        }
    }
}

/// What is to be said of values that show nothing: none of them is known, or all are zero, of which `zero` is the word.
#[must_use]
pub fn emptiness<'a>(words: &'a Words, values: impl IntoIterator<Item = f64>, zero: &'a str) -> Option<&'a str> {
    let mut finite = values.into_iter().filter(|value| value.is_finite()).peekable();
    match finite.peek() {
        None => Some(words.word("undefined")),
        Some(_) => finite.all(|value| value == 0.0).then(|| words.word(zero)),
    }
}

/// How far the lines of a mark's name lie apart.
const NAME_LINE: f64 = 14.0;

/// The colours of the baseline and of the variant.
pub const COLOURS: [Colour; 2] = [SLATE, GREEN];

/// How a median is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Solid,
    Dashed,
}

/// Where between the edges a value lies, 0 to 1; the middle where the edges are one.
fn share(value: f64, (low, high): (f64, f64)) -> f64 {
    if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 }
}

/// Round values between the edges, about as many as `most` and at most one more; where that is more than one, at least two.
#[must_use]
pub fn ticks((low, high): (f64, f64), most: usize) -> Vec<f64> {
    if !(high > low && high.is_finite() && low.is_finite()) {
        return vec![];
    }
    let rough = (high - low) / most.max(1) as f64;
    let power = libm::pow(10.0, libm::log10(rough).floor());
    let with = |most: usize| {
        let counts = |step: f64| ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
        let fits = |step: &f64| counts(*step).1 - counts(*step).0 < most as i64;
        let step = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0].into_iter().map(|times| times * power).find(fits).unwrap_or(100.0 * power);
        let (first, last) = counts(step);
        (first..=last).map(|tick| tick as f64 * step).collect::<Vec<f64>>()
    };
    let marks = with(most);
    // From steps of two to steps of five is so far that a single tick may be left, which tells nothing; then one more may stand.
    if marks.len() < 2 && most > 1 { with(most + 1) } else { marks }
}

/// Edges that hold all `values` and end on round numbers; from zero, unless all values lie far from it.
#[must_use]
pub fn edges(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (low, high) = span(values);
    if low >= 0.0 && low < 0.6 * high || low == 0.0 && high == 0.0 {
        rounded(0.0, if high > 0.0 { high } else { 1.0 })
    } else if high <= 0.0 && high > 0.6 * low {
        rounded(low, 0.0)
    } else {
        rounded(low, high)
    }
}

/// Edges that hold all `values` and zero.
#[must_use]
pub fn edges_with_zero(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (low, high) = span(values.into_iter().chain([0.0]));
    if high > low { rounded(low, high) } else { (-1.0, 1.0) }
}

fn span(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let finite = values.into_iter().filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high { (0.0, 0.0) } else { (low, high) }
}

/// Widens the span to the next round step, 1, 2 or 5 times a power of ten, of which nine or fewer fit in.
fn rounded(low: f64, high: f64) -> (f64, f64) {
    let rough = if high > low { (high - low) / 9.0 } else { (high.abs() / 4.0).max(1e-9) };
    let power = libm::pow(10.0, libm::log10(rough).floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|times| times * power >= rough * 0.999).unwrap_or(10.0) * power;
    let (first, last) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
    if last > first { (first.min(low), last.max(high)) } else { (first - step, last + step) }
}

/// How many digits after the point ticks need that lie as far apart as these.
#[must_use]
pub fn tick_digits(ticks: &[f64], factor: f64) -> usize {
    let near = |value: f64, digits: i32| {
        let scaled = value * factor * 10.0_f64.powi(digits);
        (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
    };
    (0..4).find(|digits| ticks.iter().all(|tick| near(*tick, *digits))).map_or(3, |digits| digits as usize)
}

/// How the ticks of one axis are written: large numbers in millions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labels {
    factor: f64,
    digits: usize,
    millions: bool,
}

impl Labels {
    /// For an axis with these edges and at most so many ticks, whose figures are multiplied by `factor`.
    #[must_use]
    pub fn of(edges: (f64, f64), most: usize, factor: f64) -> Self {
        let marks = ticks(edges, most);
        let millions = marks.iter().any(|tick| (tick * factor).abs() >= 1e6);
        let factor = if millions { factor * 1e-6 } else { factor };
        Self { factor, digits: tick_digits(&marks, factor), millions }
    }

    /// The label of a level.
    #[must_use]
    pub fn level(&self, words: &Words, tick: f64) -> String {
        self.with_unit(words, words.number(tick * self.factor, if tick == 0.0 { 0 } else { self.digits }))
    }

    /// The label of a difference.
    #[must_use]
    pub fn difference(&self, words: &Words, tick: f64) -> String {
        self.with_unit(words, words.signed(tick * self.factor, if tick == 0.0 { 0 } else { self.digits }))
    }

    fn with_unit(&self, words: &Words, text: String) -> String {
        if self.millions && text != "0" { text + words.word("million") } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However long and however narrow, two dates at least, none twice, and no two nearer than their labels are wide.
    #[test]
    fn every_axis_of_time_has_dates_apart() {
        for language in ["en", "th"] {
            let words = Words::embedded(language).expect("it is embedded");
            for (first, months) in [(2015, 12), (2015, 24), (2012, 96), (2016, 25), (2008, 240), (2001, 1200), (2015, 30)] {
                for wide in [144.0, 320.0, 450.0] {
                    let x = (f64::from(Month::new(first, 1).0), f64::from(Month::new(first, 1).plus(months - 1).0));
                    let plot = Plot { area: Area { x: 0.0, y: 0.0, w: wide, h: 100.0 }, x, y: (0.0, 1.0) };
                    let dates = plot.dates(&words);
                    assert!(dates.len() > 1, "{first} {months} {wide}: {dates:?}");
                    let near = dates.windows(2).any(|pair| pair[1].0 - pair[0].0 < width(&pair[0].1, SMALL, Weight::Regular) + 2.0);
                    assert!(!near, "{first} {months} {wide}: {dates:?}");
                }
            }
        }
    }

    #[test]
    fn edges_are_round_and_hold_everything() {
        for values in [
            vec![0.0],
            vec![3.0, 17.0],
            vec![12.0, 24.0],
            vec![13.0, 33.0],
            vec![110_312.0, 113_911.0],
            vec![-40.0, 12.0],
            vec![-1e-4, 2e-4],
            vec![5.0],
            vec![],
            vec![f64::NAN],
        ] {
            for (low, high) in [edges(values.clone()), edges_with_zero(values.clone())] {
                assert!(low < high, "{values:?}: {low} to {high}");
                assert!(values.iter().filter(|value| value.is_finite()).all(|value| low <= *value && *value <= high), "{values:?}: {low} to {high}");
                for most in [4, 5, 6] {
                    let marks = ticks((low, high), most);
                    assert!((2..=most + 1).contains(&marks.len()), "{values:?}: {marks:?}");
                    assert!(marks.iter().all(|tick| (low - 1e-9..=high + 1e-9).contains(tick)), "{values:?}: {marks:?}");
                }
                let one = ticks((low, high), 1);
                assert!(one.len() <= 1, "{one:?}");
            }
        }
        assert_eq!(edges([3.0, 17.0]), (0.0, 18.0));
        assert_eq!(ticks((-1.0, 1.0), 1), [0.0]);
        assert_eq!(ticks((0.0, 1.0), 1), [0.0]);
        assert_eq!(ticks((0.0, 18.0), 4), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(ticks((16.0, 24.0), 4), [16.0, 18.0, 20.0, 22.0, 24.0], "by fives only 20 would be left");
    }
}
