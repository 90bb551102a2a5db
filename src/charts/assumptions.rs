//! What published figures say of assumptions: one row a parameter that a calibration's emulators know, its sets over the whole of its range.
//!
//! Nothing of it belongs to a run folder, so it is no figure of [`FIGURES`](super::FIGURES): `fivep calibrate` draws it beside its report. Parameters
//! are called what the country's file calls them.

use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{FAINT, GREY, INK, PALE, SLATE, TINY, cut};
use super::words::Words;
use super::{Figure, style};
use crate::calibration::posterior::{Found, short};

/// What it is called: a file's stem.
pub const NAME: &str = "assumptions";

/// How high a row is.
const ROW: f64 = 19.0;
/// What stands above the first row.
const HEAD: f64 = 26.0;
/// What is left for names.
const NAMES: f64 = 236.0;
/// What is left for each end of a range.
const ENDS: f64 = 62.0;

/// Draws the parameters that were `found`, those that the data narrowed most first; nothing where there is none. `about` says what was calibrated.
#[must_use]
pub fn draw(found: &[Found], about: &str, words: &Words) -> Option<Figure> {
    let mut rows: Vec<&Found> = found.iter().collect();
    rows.sort_by(|a, b| b.moved.narrowed.total_cmp(&a.moved.narrowed));
    let moved = rows.iter().filter(|row| row.moved.moved()).count();
    let crowded = rows.iter().filter(|row| row.crowded.is_some()).count();
    let places = [("moved", &*moved.to_string()), ("all", &rows.len().to_string()), ("crowded", &crowded.to_string()), ("about", about)];
    let title = words.say("assumptions.title", &places);
    let subtitle = words.say("assumptions.subtitle", &places);
    let mut sheet = Sheet::new(&title, &subtitle, words.word("closing"), HEAD + rows.len() as f64 * ROW + 4.0);
    let body = sheet.body;
    let axis = Area { x: body.x + NAMES + ENDS, y: body.y + HEAD - 8.0, w: body.w - NAMES - 2.0 * ENDS, h: rows.len() as f64 * ROW + 8.0 };
    for (part, key, align) in [(0.0, "assumptions.low", Align::End), (1.0, "assumptions.high", Align::Start)] {
        let x = axis.x + part * axis.w;
        sheet.line(vec![(x, axis.y), (x, axis.bottom())], FAINT, 1.0);
        let off = if part > 0.0 { 6.0 } else { -6.0 };
        sheet.text(words.word(key), (x + off, body.y + 6.0), Type::new(TINY, GREY).align(align));
    }
    for (i, row) in rows.iter().enumerate() {
        let y = body.y + HEAD + (i as f64 + 0.5) * ROW;
        let at = |value: f64| axis.x + ((value - row.low) / (row.high - row.low)).clamp(0.0, 1.0) * axis.w;
        let how = Type::new(TINY, INK);
        let how = if row.crowded.is_some() { how.bold() } else { how };
        sheet.text(&cut(&row.name, NAMES - 8.0, TINY, how.weight), (body.x, y), how);
        sheet.text(&short(row.low), (axis.x - 6.0, y), Type::new(TINY, GREY).align(Align::End));
        sheet.text(&short(row.high), (axis.right() + 6.0, y), Type::new(TINY, GREY));
        sheet.marks.push(Mark::Block(Area { x: axis.x, y: y - 5.0, w: axis.w, h: 10.0 }, PALE, 0.25));
        let [from, median, to] = row.moved.quantiles.map(at);
        sheet.line(vec![(from, y), (to, y)], SLATE, 2.2);
        sheet.marks.push(if row.moved.moved() { Mark::Disc((median, y), 3.6, SLATE) } else { Mark::Ring((median, y), 3.2, SLATE) });
        sheet.line(vec![(at(row.start), y - 6.5), (at(row.start), y + 6.5)], INK, 1.4);
        let told = row.moved.quantiles.map(short);
        let places = [("name", &*row.name), ("low", &*told[0]), ("median", &*told[1]), ("high", &*told[2])];
        sheet.description.push(words.say("assumptions.row", &places));
    }
    let svg = sheet.svg(NAME, words.word("language"));
    (!rows.is_empty()).then(|| Figure { name: NAME, title: sheet.title, description: style::shown(&sheet.description.join(" ")), svg })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::posterior::Moved;

    #[test]
    fn every_parameter_is_told_and_none_is_no_figure() {
        let sets: Vec<f64> = (0..100).map(|i| 0.9 + 0.001 * f64::from(i)).collect();
        let found = |name: &str| Found {
            name: name.to_owned(),
            low: 0.0,
            high: 1.0,
            start: 0.4,
            moved: Moved::from(0.0, 1.0, &sets, &[1.0; 100]),
            crowded: Some(true),
        };
        let words = Words::embedded("en").expect("English is embedded");
        let figure = draw(&[found("work.abuse_onset"), found("justice.sentence")], "Everything.", &words).expect("there are two");
        assert!(figure.description.contains("work.abuse_onset") && figure.description.contains("justice.sentence"), "{}", figure.description);
        assert!(figure.title.contains("2 of 2"), "{}", figure.title);
        assert_eq!(draw(&[], "", &words), None);
    }
}
