//! Sector by legal status: people exploited in the baseline and what the variant would change, beside the victims identified.

use super::findings::{name, sheet, window};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{BLUE, FAINT, GREY, INK, LABEL, ORANGE, PALE, SLATE, SMALL, TINY, WHITE, Weight, cut, legible, width, written};
use super::words::{Scale, Words};
use super::{Options, Source};
use crate::analysis::measure::Measure;
use crate::analysis::pairs::{self, Change};
use crate::model::ledgers::indicators::Indicator;
use crate::scenario::Scenario;

/// How high a row is.
const ROW: f64 = 30.0;
/// What is left for names, and between the two halves.
const SIDES: (f64, f64) = (116.0, 20.0);
/// The columns shown: persons in forced labour or sexual exploitation by status, then victims identified.
const COLUMNS: [(&str, &str); 5] = [
    ("forced_mou", "heatmap.mou"),
    ("forced_regularised", "heatmap.regularised"),
    ("forced_irregular", "heatmap.irregular"),
    ("forced_citizen", "heatmap.citizen"),
    ("identified", "heatmap.identified"),
];
/// How many of the columns belong to the truth ledger.
const TRUTH: usize = 4;

/// Draws the figure; nothing where the country has no sectors.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let (words, record) = (&options.words, source.record);
    let sectors = &record.manifest.sectors;
    let has_variant = options.variant < record.manifest.variants.len();
    let variant = if has_variant { options.variant } else { 0 };
    // The mean of a month; identified are told a year.
    let columns: Vec<(&'static str, f64)> = COLUMNS.iter().map(|(column, _)| (*column, if *column == "identified" { 12.0 } else { 1.0 })).collect();
    let cells: Vec<Vec<Change>> = pairs::sectors(record, &columns, variant, record.manifest.window);
    if cells.is_empty() {
        return None;
    }
    let what = words.say(if has_variant { "heatmap.subtitle" } else { "heatmap.subtitle_baseline" }, &[("window", &window(source, words))]);
    let mut sheet = sheet(source, options, &title(source, options, &cells, has_variant), &what, 52.0 + sectors.len() as f64 * ROW);
    let body = sheet.body;
    let halves = if has_variant { 2.0 } else { 1.0 };
    let wide = ((body.w - SIDES.0 - SIDES.1 * (halves - 1.0) - 4.0 * halves) / (halves * COLUMNS.len() as f64)).min(70.0);
    let lefts = [body.x + SIDES.0, body.x + SIDES.0 + COLUMNS.len() as f64 * wide + 4.0 + SIDES.1];
    for (half, left) in lefts.into_iter().enumerate().take(halves as usize) {
        heads(&mut sheet, words, (left, wide), half);
        for column in 0..COLUMNS.len() {
            let size = |change: &Change| if half == 0 { change.baseline } else { change.difference.abs() };
            // Official counts have their own scale; so has the truth.
            let group = if column < TRUTH { 0..TRUTH } else { TRUTH..COLUMNS.len() };
            let most = cells.iter().flat_map(|row| &row[group.clone()]).map(size).fold(0.0, f64::max);
            for (row, changes) in cells.iter().enumerate() {
                let x = left + column as f64 * wide + if column < TRUTH { 0.0 } else { 4.0 };
                let area = Area { x, y: body.y + 44.0 + row as f64 * ROW, w: wide - 2.0, h: ROW - 2.0 };
                if half == 0 { level(&mut sheet, words, area, changes[column], most) } else { change(&mut sheet, words, area, changes[column], most) }
            }
        }
    }
    for (row, sector) in sectors.iter().enumerate() {
        let text = cut(&sector_name(source, words, sector), SIDES.0 - 8.0, LABEL, Weight::Regular);
        sheet.text(&text, (body.x, body.y + 44.0 + (row as f64 + 0.5) * ROW), Type::new(LABEL, INK));
        describe(&mut sheet, source, words, sector, &cells[row], has_variant);
    }
    Some(sheet)
}

fn title(source: &Source<'_>, options: &Options, cells: &[Vec<Change>], has_variant: bool) -> String {
    let words = &options.words;
    let places = (0..cells.len()).flat_map(|row| (0..TRUTH).map(move |column| (row, column)));
    let most = places.max_by(|a, b| cells[a.0][a.1].baseline.total_cmp(&cells[b.0][b.1].baseline)).unwrap_or((0, 0));
    let clear = cells.iter().flat_map(|row| &row[..TRUTH]).filter(|change| change.clear).count();
    let sector = sector_name(source, words, &source.record.manifest.sectors[most.0]);
    let (clear, all) = (words.count(clear), (cells.len() * TRUTH).to_string());
    let name = name(source, options, options.variant.min(source.record.manifest.variants.len() - 1), 300.0);
    let status = words.word(&format!("status.{}", COLUMNS[most.1].0)).to_owned();
    let places = [("sector", &*sector), ("status", &status), ("clear", &clear), ("cells", &all), ("variant", &name)];
    let key = match cells.get(most.0).map(|row| row[most.1].baseline) {
        Some(people) if people <= 0.0 => "heatmap.nobody",
        _ if has_variant => "heatmap.title",
        _ => "heatmap.baseline",
    };
    words.say(key, &places)
}

/// A sector by the title that the country's profile gives it; else in the reader's language where the table of words knows it, else by its name.
fn sector_name(source: &Source<'_>, words: &Words, sector: &str) -> String {
    let own = |scenario: &Scenario| scenario.variants.first()?.setting.country.sectors.iter().find(|own| own.name == sector)?.title.clone();
    if let Some(title) = source.scenario.and_then(own).filter(|title| legible(title)) {
        return written(&title);
    }
    let plain = sector.replace(['_', '-'], " ");
    let capital = plain.chars().next().map_or_else(String::new, |first| first.to_uppercase().chain(plain.chars().skip(1)).collect());
    words.find(&format!("sector.{sector}")).map_or(capital, str::to_owned)
}

fn heads(sheet: &mut Sheet, words: &Words, (left, wide): (f64, f64), half: usize) {
    let y = sheet.body.y;
    let heading = words.word(if half == 0 { "heatmap.truth" } else { "heatmap.change" });
    sheet.text(&cut(heading, wide * TRUTH as f64, SMALL, Weight::Bold), (left, y + 6.0), Type::new(SMALL, INK).bold());
    for (column, (_, key)) in COLUMNS.iter().enumerate() {
        let x = left + (column as f64 + 0.5) * wide + if column < TRUTH { 0.0 } else { 4.0 };
        sheet.text(&cut(words.word(key), wide, TINY, Weight::Regular), (x, y + 30.0), Type::new(TINY, GREY).align(Align::Middle));
    }
    let x = left + (TRUTH as f64 + 0.5) * wide + 4.0;
    sheet.text(
        &cut(words.word("heatmap.official"), wide + 8.0, SMALL, Weight::Bold),
        (x, y + 6.0),
        Type::new(SMALL, INK).bold().align(Align::Middle),
    );
}

fn number(sheet: &mut Sheet, area: Area, text: &str, colour: (u8, u8, u8)) {
    let size = (area.w / width(text, 1.0, Weight::Regular)).min(SMALL);
    sheet.text(text, (area.x + area.w / 2.0, area.y + area.h / 2.0), Type::new(size, colour).align(Align::Middle));
}

/// A scale for one figure among others of which the greatest is `most`: no digits that are nothing beside it.
fn scale(value: f64, most: f64) -> Scale {
    let of = |size| Scale::of(Measure::Indicator(Indicator::Exploited), size);
    Scale { decimals: of(value).decimals.min(of(most / 10.0).decimals), ..of(value) }
}

fn level(sheet: &mut Sheet, words: &Words, area: Area, cell: Change, most: f64) {
    // By the root, so that the many small groups can be told apart.
    let share = if most > 0.0 { (cell.baseline / most).sqrt() } else { 0.0 };
    sheet.marks.push(Mark::Block(area, SLATE, 0.05 + 0.85 * share));
    let text = scale(cell.baseline, most).size(words, cell.baseline);
    number(sheet, area, &text, if share > 0.85 { WHITE } else { INK });
}

fn change(sheet: &mut Sheet, words: &Words, area: Area, cell: Change, most: f64) {
    let share = if most > 0.0 { (cell.difference.abs() / most).sqrt() } else { 0.0 };
    let (colour, alpha) = match cell.clear {
        true if cell.difference < 0.0 => (BLUE, 0.15 + 0.6 * share),
        true => (ORANGE, 0.15 + 0.6 * share),
        false => (FAINT, 0.35),
    };
    sheet.marks.push(Mark::Block(area, colour, alpha));
    let text = scale(cell.difference, most).difference(words, cell.difference);
    number(sheet, area, &text, if cell.clear { INK } else { PALE });
}

fn describe(sheet: &mut Sheet, source: &Source<'_>, words: &Words, sector: &str, cells: &[Change], has_variant: bool) {
    let figures = cells.iter().zip(&COLUMNS).map(|(cell, (_, key))| {
        let scale = Scale::of(Measure::Indicator(Indicator::Exploited), cell.baseline);
        let baseline = scale.size(words, cell.baseline);
        let change = if has_variant { format!(" ({})", scale.difference(words, cell.difference)) } else { String::new() };
        format!("{} {baseline}{change}", words.word(key))
    });
    let numbers: Vec<String> = figures.collect();
    sheet.description.push(words.say("heatmap.description", &[("sector", &sector_name(source, words, sector)), ("numbers", &numbers.join(", "))]));
}
