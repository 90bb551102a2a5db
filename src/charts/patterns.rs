//! The model beside everything that was published: one row a target, its band as a multiple of what was published.
//!
//! Nothing of it belongs to a run folder, so it is no figure of [`FIGURES`](super::FIGURES): `fivep validate --figures`
//! draws it, once for each class of targets. Titles of targets are the country file's own.

use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{FAINT, GREY, INK, PALE, SLATE, SMALL, TINY, Weight, cut, width};
use super::words::Words;
use super::{Figure, style};
use crate::calibration::validation::{Line, Verdict};
use crate::scenario::targets::Use;

/// How high a row is.
const ROW: f64 = 19.0;
/// What stands above the first row.
const HEAD: f64 = 30.0;
/// What is left for titles.
const TITLES: f64 = 316.0;
/// What is left for the verdict.
const VERDICTS: f64 = 66.0;
/// The axis: from an eighth of what was published to eight times as much.
const FARTHEST: i32 = 3;

/// What the figure of a class is called: a file's stem.
#[must_use]
pub fn name(purpose: Use) -> &'static str {
    match purpose {
        Use::Calibrate => "patterns-fitted",
        Use::Validate => "patterns-held-out",
        Use::External => "patterns-external",
    }
}

/// Draws the targets of one class; nothing where there is none. `about` says what was simulated.
#[must_use]
pub fn draw(lines: &[Line], purpose: Use, about: &str, words: &Words) -> Option<Figure> {
    let rows: Vec<&Line> = lines.iter().filter(|line| line.target.purpose == purpose && line.verdict != Verdict::Untold).collect();
    if rows.is_empty() {
        return None;
    }
    let met = rows.iter().filter(|line| line.verdict == Verdict::Reproduced).count();
    let places = [("met", &*met.to_string()), ("all", &rows.len().to_string()), ("about", about)];
    let title = match purpose {
        Use::Calibrate => "patterns.fitted",
        Use::Validate => "patterns.held_out",
        Use::External => "patterns.external",
    };
    let title = words.say(title, &places);
    let subtitle = words.say("patterns.subtitle", &places);
    let mut sheet = Sheet::new(&title, &subtitle, words.word("closing"), HEAD + rows.len() as f64 * ROW + 4.0);
    let body = sheet.body;
    let axis = Area { x: body.x + TITLES, y: body.y + HEAD - 6.0, w: body.w - TITLES - VERDICTS, h: rows.len() as f64 * ROW + 6.0 };
    for power in -FARTHEST..=FARTHEST {
        let at = place(axis, libm::exp2(f64::from(power)));
        let colour = if power == 0 { INK } else { FAINT };
        sheet.line(vec![(at, axis.y), (at, axis.bottom())], colour, if power == 0 { 1.4 } else { 1.0 });
        let label = if power < 0 { format!("1/{}", 1 << -power) } else { format!("{}×", 1 << power) };
        sheet.text(&label, (at, body.y + 8.0), Type::new(TINY, GREY).align(Align::Middle));
    }
    let mut pattern = "";
    for (i, line) in rows.iter().enumerate() {
        let y = body.y + HEAD + (i as f64 + 0.5) * ROW;
        if line.target.pattern != pattern {
            pattern = &line.target.pattern;
            sheet.text(pattern, (body.x, y), Type::new(TINY, GREY).bold());
            if i > 0 {
                sheet.line(vec![(body.x, y - ROW / 2.0), (body.right(), y - ROW / 2.0)], FAINT, 0.8);
            }
        }
        let room = TITLES - 30.0 - 12.0;
        sheet.text(&cut(&line.target.title, room, TINY, Weight::Regular), (body.x + 30.0, y), Type::new(TINY, INK));
        row(&mut sheet, words, axis, y, line);
        let key = match line.verdict {
            Verdict::Reproduced => "patterns.yes",
            Verdict::Unclear => "patterns.unclear",
            Verdict::Missed | Verdict::Untold => "patterns.no",
        };
        let how = Type::new(TINY, if line.verdict == Verdict::Reproduced { GREY } else { INK }).align(Align::End);
        let how = if line.verdict == Verdict::Missed { how.bold() } else { how };
        sheet.text(words.word(key), (body.right(), y), how);
        sheet.description.push(format!("{}: {}.", line.target.title, words.word(key)));
    }
    let svg = sheet.svg(name(purpose), words.word("language"));
    Some(Figure { name: name(purpose), title: sheet.title, description: style::shown(&sheet.description.join(" ")), svg })
}

/// The band of one target beside what was published, or the share of runs that show a direction.
fn row(sheet: &mut Sheet, words: &Words, axis: Area, y: f64, line: &Line) {
    if let Some(share) = line.share {
        let text = words.say("patterns.share", &[("share", &words.number(100.0 * share, 0))]);
        let room = width(&text, SMALL, Weight::Regular) + 8.0;
        let middle = axis.x + axis.w / 2.0;
        sheet.marks.push(Mark::Block(Area { x: middle - room / 2.0, y: y - 8.0, w: room, h: 16.0 }, style::WHITE, 1.0));
        sheet.text(&text, (middle, y), Type::new(TINY, INK).align(Align::Middle));
        return;
    }
    let (low, high) = line.target.interval();
    let size = line.target.size();
    // An open end reaches to the end of the axis.
    let left = if low.is_finite() { place(axis, low / size) } else { axis.x };
    let right = if high.is_finite() { place(axis, high / size) } else { axis.right() };
    sheet.marks.push(Mark::Block(Area { x: left - 1.5, y: y - 6.0, w: right - left + 3.0, h: 12.0 }, PALE, 0.45));
    let met = line.verdict == Verdict::Reproduced;
    let [median, from, to] = line.band.map(|value| place(axis, value / size));
    sheet.line(vec![(from, y), (to, y)], SLATE, 2.2);
    sheet.marks.push(if met { Mark::Disc((median, y), 3.6, SLATE) } else { Mark::Ring((median, y), 3.2, SLATE) });
}

/// The place of a multiple of what was published; what lies beyond the axis stands at its end.
fn place(axis: Area, multiple: f64) -> f64 {
    let farthest = f64::from(FARTHEST);
    let power = if multiple > 0.0 { libm::log2(multiple).clamp(-farthest, farthest) } else { -farthest };
    axis.x + (power + farthest) / (2.0 * farthest) * axis.w
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::validation::judge;
    use crate::scenario::{Overrides, load, targets_of};

    #[test]
    fn every_target_of_the_class_is_told() {
        let scenario = load("thailand-2016", &Overrides::default()).expect("it is sound");
        let targets = targets_of(&scenario).expect("they are sound");
        let lines: Vec<Line> = targets.iter().map(|target| judge(target, &[0.0, 0.5 * target.size(), 3.0 * target.size()])).collect();
        let words = Words::embedded("en").expect("English is embedded");
        for purpose in [Use::Calibrate, Use::Validate] {
            let figure = draw(&lines, purpose, "Everything.", &words).expect("there are targets");
            let own = targets.iter().filter(|target| target.purpose == purpose);
            assert!(own.clone().count() > 20);
            assert!(own.clone().all(|target| figure.description.contains(&target.title)), "{}", figure.description);
        }
        assert_eq!(draw(&lines[..0], Use::Calibrate, "", &words), None);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "powers of two are exact")]
    fn the_axis_is_in_multiples_of_what_was_published() {
        let axis = Area { x: 100.0, y: 0.0, w: 60.0, h: 10.0 };
        assert_eq!([1.0, 2.0, 0.25, 0.0, 99.0].map(|multiple| place(axis, multiple)), [130.0, 140.0, 110.0, 100.0, 160.0]);
    }
}
