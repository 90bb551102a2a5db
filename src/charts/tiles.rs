//! The finding in words, and three numbers with their ranges: people, counts, money.

use super::findings::{COUNT, MONEY, PEOPLE, both, clause, effects, of_people, relative, sheet, window};
use super::plot::{Plot, edges_with_zero};
use super::sheet::{Area, Mark, Sheet, Type};
use super::style::{BLUE, Colour, GREY, INK, LABEL, ORANGE, PALE, SMALL, WHITE, Weight, width};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::compare::Effect;
use crate::analysis::verdict::Verdict;

/// How high the tiles are.
const HIGH: f64 = 150.0;
/// What lies between two tiles.
const GAP: f64 = 14.0;
/// What is free within a tile.
const INSET: f64 = 12.0;
/// The paper of a tile.
const TILE: Colour = (244, 245, 247);

/// Draws the figure; nothing where there is only a baseline.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let words = &options.words;
    let measured = effects(source, &[PEOPLE, COUNT, MONEY], options.variant);
    if measured.is_empty() {
        return None;
    }
    let what = words.say("tiles.subtitle", &[("window", &window(source, words))]);
    let mut sheet = sheet(source, options, &both(source, options, options.variant), &what, HIGH);
    let wide = (sheet.body.w - 2.0 * GAP) / 3.0;
    for ((place, effect), key) in (0_u32..).zip(&measured).zip(["people", "count", "money"]) {
        let area = Area { x: sheet.body.x + f64::from(place) * (wide + GAP), y: sheet.body.y, w: wide, h: HIGH };
        tile(&mut sheet, source, options, area, (effect, key));
        let currency = &source.record.manifest.currency;
        let said = if key == "people" { of_people(source, words, options.variant, effect) } else { clause(words, key, effect, currency) };
        sheet.description.push(said + ".");
    }
    Some(sheet)
}

fn tile(sheet: &mut Sheet, source: &Source<'_>, options: &Options, area: Area, (effect, key): (&Effect, &str)) {
    let (words, currency) = (&options.words, &source.record.manifest.currency);
    let (verdict, scale) = (effect.verdict, Scale::of_effect(effect));
    let (x, room) = (area.x + INSET, area.w - 2.0 * INSET);
    sheet.marks.push(Mark::Block(area, TILE, 1.0));
    let heading = words.say(&format!("tiles.{key}"), &[("currency", currency)]);
    sheet.paragraph(&heading, (x, area.y + 9.0), room, Type::new(SMALL, GREY));
    let [low, high, mean] = [effect.low, effect.high, effect.difference].map(|value| scale.difference(words, value));
    let shown = match verdict {
        Verdict::Undefined => "–".to_owned(),
        Verdict::Same => words.word("ranking.same").to_owned(),
        Verdict::One => mean.clone(),
        _ => words.range(&low, &high),
    };
    // As large as fits, so that a tile is read from afar.
    let size = (room / width(&shown, 1.0, Weight::Bold)).min(22.0);
    sheet.text(&shown, (x, area.y + 60.0), Type::new(size, INK).bold());
    let places = [("mean", &*mean), ("relative", &relative(words, effect))];
    let below = match verdict {
        Verdict::Less | Verdict::More => "tiles.clear",
        Verdict::Unclear => "tiles.unclear",
        Verdict::One => "ranking.one",
        Verdict::Same => "tiles.same",
        Verdict::Undefined => "undefined",
    };
    let drawn = verdict.clear() || verdict == Verdict::Unclear;
    if drawn {
        interval(sheet, Area { x, y: area.y + 78.0, w: room, h: 22.0 }, effect, verdict);
    }
    sheet.paragraph(&words.say(below, &places), (x, area.y + if drawn { 106.0 } else { 92.0 }), room, Type::new(SMALL, INK));
}

/// The interval and its mean on a line with zero marked.
fn interval(sheet: &mut Sheet, area: Area, effect: &Effect, verdict: Verdict) {
    let plot = Plot { area, x: edges_with_zero([effect.low, effect.high, effect.difference]), y: (0.0, 1.0) };
    let middle = plot.up(0.5);
    sheet.marks.push(Mark::Block(Area { y: middle - 0.6, h: 1.2, ..area }, WHITE, 1.0));
    sheet.line(vec![plot.at((0.0, 0.0)), plot.at((0.0, 1.0))], INK, 1.4);
    let colour = match verdict {
        Verdict::Less => BLUE,
        Verdict::More => ORANGE,
        _ => PALE,
    };
    sheet.line(vec![(plot.across(effect.low), middle), (plot.across(effect.high), middle)], colour, 5.0);
    let point = (plot.across(effect.difference), middle);
    sheet.marks.push(if verdict.clear() { Mark::Disc(point, LABEL * 0.42, colour) } else { Mark::Ring(point, LABEL * 0.38, colour) });
}
