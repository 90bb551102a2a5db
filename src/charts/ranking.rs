//! All variants by what they would change on average: dot and interval against the baseline, truth and official side by side.
//!
//! A grey ring: the interval of the mean holds zero. A ring in colour: it does not, and would not stand among all that is compared.

use super::answer::title;
use super::findings::{both, clause, name, names, percent, sheet, truth, window};
use super::plot::{Labels, Plot, edges_with_zero, ticks};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{BLUE, FAINT, GREY, INK, LABEL, ORANGE, PALE, SMALL, TINY, Weight, cut, fit_apart, width};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::answer::answer;
use crate::analysis::compare::Effect;
use crate::analysis::verdict::Verdict;

/// How high a row is.
const ROW: f64 = 38.0;
/// What lies between the two ledgers.
const GAP: f64 = 34.0;
/// What is left for names.
const NAMES: f64 = 160.0;

/// Draws the figure; nothing where there is only a baseline.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    draw_first(source, options, usize::MAX)
}

/// The same of the first `most` variants only, for a page or a slide that has no room for more.
#[must_use]
pub fn draw_first(source: &Source<'_>, options: &Options, most: usize) -> Option<Sheet> {
    let words = &options.words;
    let answer = answer(source.record);
    let rows = &answer.rows[..answer.rows.len().min(most)];
    if rows.is_empty() {
        return None;
    }
    let mut what = words.say("ranking.subtitle", &[("window", &window(source, words))]);
    if rows.len() < answer.rows.len() {
        let (shown, all) = (rows.len().to_string(), answer.rows.len().to_string());
        what = format!("{} {what}", words.say("ranking.first", &[("shown", &shown), ("all", &all)]));
    }
    let title = if let [row] = &answer.rows[..] { both(source, options, row.variant) } else { title(source, options, &answer) };
    let mut sheet = sheet(source, options, &title, &what, rows.len() as f64 * ROW + 84.0);
    let body = sheet.body;
    let titles: Vec<String> = rows.iter().map(|row| name(source, options, row.variant, f64::INFINITY)).collect();
    let titles = fit_apart(&titles, NAMES - 10.0, LABEL, Weight::Regular, 2);
    let names = names(source, options, 300.0);
    for (i, (row, lines)) in rows.iter().zip(titles).enumerate() {
        let y = body.y + 46.0 + i as f64 * ROW;
        let top = y + ROW * 0.60 - (lines.len() - 1) as f64 * 8.0;
        for (line, i) in lines.iter().zip(0_u32..) {
            sheet.text(line, (body.x, top + f64::from(i) * 16.0), Type::new(LABEL, INK));
        }
        let currency = &source.record.manifest.currency;
        let (truth, official) = (truth(words, &row.people, &row.removed, currency), clause(words, "count", &row.count, currency));
        sheet.description.push(words.say("finding.both", &[("variant", &names[row.variant]), ("truth", &truth), ("official", &official)]) + ".");
    }
    let wide = (body.w - NAMES - GAP) / 2.0;
    let effects = |second: bool| rows.iter().map(move |row| if second { &row.count } else { &row.people }).collect::<Vec<_>>();
    for (second, heading, directions) in [
        (false, "ranking.truth", ["ranking.fewer_exploited", "ranking.more_exploited"]),
        (true, "ranking.official", ["ranking.fewer_identified", "ranking.more_identified"]),
    ] {
        let x = body.x + NAMES + if second { wide + GAP } else { 0.0 };
        let area = Area { x, y: body.y, w: wide, h: body.h };
        column(&mut sheet, options, area, (words.word(heading), directions), &effects(second));
    }
    Some(sheet)
}

/// One ledger: heading, axis, and a row for each effect.
fn column(sheet: &mut Sheet, options: &Options, area: Area, (heading, directions): (&str, [&str; 2]), effects: &[&Effect]) {
    let words = &options.words;
    let shown = |effect: &&&Effect| effect.verdict != Verdict::Undefined;
    let x = edges_with_zero(effects.iter().filter(shown).flat_map(|effect| [effect.low, effect.high, effect.difference]));
    let plot = Plot { area: Area { y: area.y + 46.0, h: effects.len() as f64 * ROW, ..area }, x, y: (0.0, 1.0) };
    sheet.text(&cut(heading, area.w, LABEL, Weight::Bold), (area.x, area.y + 8.0), Type::new(LABEL, INK).bold());
    // Where no row shows a number, an axis of invented ones would only mislead.
    let any = effects.iter().any(|effect| shown(&effect) && (effect.low, effect.high) != (0.0, 0.0));
    let marks = ticks(x, if any { 4 } else { 1 });
    let labels = Labels::of(x, 4, 1.0);
    let mut free = f64::NEG_INFINITY;
    for tick in marks {
        let at = plot.across(tick);
        let colour = if tick == 0.0 { INK } else { FAINT };
        sheet.line(vec![(at, plot.area.y), (at, plot.area.bottom())], colour, if tick == 0.0 { 1.4 } else { 1.0 });
        let (text, how) = (labels.difference(words, tick), Type::new(TINY, GREY).align(Align::Middle));
        let place = Sheet::place(&text, (at, plot.area.bottom() + 12.0), how);
        // Nor into the other ledger.
        if place.x > free && place.x > area.x - GAP / 2.0 && place.right() < area.right() + GAP / 2.0 {
            sheet.text(&text, (at, plot.area.bottom() + 12.0), how);
            free = place.right() + 4.0;
        }
    }
    // Which way is which, in the colours of the marks, above the zero line where both words fit beside it, else at the edges.
    let [fewer, more] = directions.map(|key| words.word(key));
    let rooms = [fewer, more].map(|text| width(text, TINY, Weight::Regular) + 6.0);
    let zero = plot.across(0.0).max(area.x + rooms[0]).min(area.right() - rooms[1]);
    sheet.text(fewer, (zero - 6.0, area.y + 32.0), Type::new(TINY, BLUE).align(Align::End));
    sheet.text(more, (zero + 6.0, area.y + 32.0), Type::new(TINY, ORANGE));
    for (i, effect) in effects.iter().enumerate() {
        row(sheet, options, &plot, plot.area.y + i as f64 * ROW, effect);
    }
}

fn row(sheet: &mut Sheet, options: &Options, plot: &Plot, top: f64, effect: &Effect) {
    let words = &options.words;
    let (verdict, scale) = (effect.verdict, Scale::of_effect(effect));
    let colour = match verdict {
        Verdict::Less => BLUE,
        Verdict::More => ORANGE,
        _ => PALE,
    };
    let (low, high) = (scale.difference(words, effect.low), scale.difference(words, effect.high));
    let key = match verdict {
        Verdict::Less | Verdict::More => "ranking.range",
        Verdict::Unclear | Verdict::Undefined => "ranking.unclear",
        Verdict::Same => "ranking.same",
        Verdict::One => "ranking.one",
    };
    let change = effect.percent().map_or_else(String::new, |change| format!(" ({} %)", percent(words, change)));
    let text = words.say(key, &[("range", &words.range(&low, &high)), ("percent", &change)]);
    let shown = verdict != Verdict::Undefined;
    let y = top + ROW * 0.70;
    let middle = plot.across(if shown { f64::midpoint(effect.low, effect.high) } else { 0.0 });
    let room = width(&text, SMALL, Weight::Regular) / 2.0 + 3.0;
    let at = middle.max(plot.area.x + room).min(plot.area.right() - room);
    // Paper behind the words, so that no grid line runs through them.
    sheet.marks.push(Mark::Block(Area { x: at - room, y: top + 4.0, w: 2.0 * room, h: 15.0 }, super::style::WHITE, 1.0));
    sheet.text(&text, (at, top + ROW * 0.30), Type::new(SMALL, if verdict.clear() { INK } else { GREY }).align(Align::Middle));
    if !shown {
        return;
    }
    sheet.line(vec![(plot.across(effect.low), y), (plot.across(effect.high), y)], colour, 2.4);
    let point = (plot.across(effect.difference), y);
    sheet.marks.push(if effect.stands { Mark::Disc(point, 4.6, colour) } else { Mark::Ring(point, 4.0, colour) });
}
