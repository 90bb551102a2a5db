//! In what share of parameter sets one option beats another in a single future of the country's own size, as a matrix in numbers, words and
//! colour: truth above the diagonal, official below.

use super::answer::sets;
use super::findings::{COUNT, PEOPLE, name, names, sheet, window};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{GREY, INK, SLATE, SMALL, TINY, WHITE, Weight, cut, fit_apart, width};
use super::{Options, Source};
use crate::analysis::compare::{differences, inflation, together};
use crate::analysis::measure::{Measure, values};
use crate::analysis::statistics::mean;
use crate::analysis::verdict::{Single, Verdict, average, single};

/// What is left for names.
const NAMES: f64 = 184.0;
/// The largest cell.
const LARGEST: f64 = 46.0;
/// How many options are shown at most: more rows could not be read, and pairs grow with the square.
const SHOWN: usize = 24;

/// How often one beats the other: the least share of sets, how dark it is, and its word. The oftener the darker, in one hue, for a cell is better or
/// worse and not more or fewer, and grey print must keep the two ends apart.
const WORDS: [(f64, f64, &str); 5] = [
    (0.95, 1.0, "superiority.always"),
    (0.75, 0.62, "superiority.mostly"),
    (0.25, 0.34, "superiority.open_word"),
    (0.05, 0.18, "superiority.seldom"),
    (0.0, 0.07, "superiority.never"),
];

/// Draws the figure; nothing where there is only a baseline.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let (words, record) = (&options.words, source.record);
    let window_words = window(source, words);
    let mut order: Vec<usize> = (0..record.manifest.variants.len()).collect();
    if order.len() < 2 {
        return None;
    }
    let people: Vec<f64> = order.iter().map(|variant| mean(&values(record, PEOPLE, *variant, record.manifest.window))).collect();
    let far = |variant: &usize| if *variant == 0 { f64::INFINITY } else { (people[*variant] - people[0]).abs() };
    let options_in_all = order.len();
    order.sort_by(|a, b| people[*a].total_cmp(&people[*b]));
    let headline = title(source, options, &order);
    if order.len() > SHOWN {
        order.sort_by(|a, b| far(b).total_cmp(&far(a)));
        order.truncate(SHOWN);
        order.sort_by(|a, b| people[*a].total_cmp(&people[*b]));
    }
    let all = duel(source, PEOPLE, (order[0], order[1])).sets;
    let cell = ((sheet_width() - NAMES) / order.len() as f64).min(LARGEST);
    let mut what = words.say("superiority.subtitle", &[("window", &window_words), ("all", &sets(source, words, all))]);
    if order.len() < options_in_all {
        let (left, all) = ((options_in_all - order.len()).to_string(), (options_in_all - 1).to_string());
        what += &words.say("superiority.left_out", &[("left", &left), ("all", &all)]);
    }
    let high = 40.0 + (order.len() as f64 + 1.0) * cell + 48.0;
    let mut sheet = sheet(source, options, &headline, &what, high);
    let body = sheet.body;
    sheet.text(words.word("superiority.upper"), (body.x, body.y + 6.0), Type::new(SMALL, INK).bold());
    sheet.text(words.word("superiority.lower"), (body.x, body.y + 24.0), Type::new(SMALL, INK).bold());
    let top = body.y + 40.0;
    let titles: Vec<String> = order.iter().map(|variant| name(source, options, *variant, f64::INFINITY)).collect();
    let names = fit_apart(&titles, NAMES - 30.0, SMALL, Weight::Regular, if cell >= 29.0 { 2 } else { 1 });
    for (place, lines) in names.iter().enumerate() {
        let letter = letter(place);
        let y = top + (place as f64 + 1.5) * cell;
        sheet.text(&letter, (body.x, y), Type::new(SMALL, GREY).bold());
        for (line, i) in lines.iter().zip(0_u32..) {
            let middle = y + 14.0 * (f64::from(i) - (lines.len() - 1) as f64 / 2.0);
            sheet.text(line, (body.x + 20.0, middle), Type::new(SMALL, INK));
        }
        sheet.text(&letter, (body.x + NAMES + (place as f64 + 0.5) * cell, top + 0.6 * cell), Type::new(SMALL, GREY).bold().align(Align::Middle));
    }
    for (row, first) in order.iter().enumerate() {
        for (column, second) in order.iter().enumerate().filter(|(column, _)| *column != row) {
            let area = Area { x: body.x + NAMES + column as f64 * cell, y: top + (row as f64 + 1.0) * cell, w: cell, h: cell };
            let measure = if column > row { PEOPLE } else { COUNT };
            let share = duel(source, measure, (*second, *first));
            draw_cell(&mut sheet, area, share, if column > row { share.lower } else { share.higher });
        }
    }
    let bottom = top + (order.len() as f64 + 1.0) * cell + 22.0;
    scale(&mut sheet, options, bottom);
    describe(&mut sheet, source, options, &order);
    Some(sheet)
}

fn sheet_width() -> f64 {
    super::style::WIDTH - 2.0 * super::style::MARGIN
}

/// A, B, C ... as the short name of a row and its column.
fn letter(place: usize) -> String {
    let letter = u8::try_from(place % 26).map_or('A', |place| char::from(b'A' + place));
    if place < 26 { letter.to_string() } else { format!("{letter}{}", place / 26) }
}

/// In what share of sets `second` has less or more of `measure` than `first`, in a single future of the country.
fn duel(source: &Source<'_>, measure: Measure, pair: (usize, usize)) -> Single {
    single(&pairs(source, measure, pair), together(source.record), inflation(source.record, measure))
}

fn pairs(source: &Source<'_>, measure: Measure, pair: (usize, usize)) -> Vec<f64> {
    differences(source.record, measure, pair, source.record.manifest.window)
}

fn title(source: &Source<'_>, options: &Options, order: &[usize]) -> String {
    let words = &options.words;
    let against: Vec<Single> = order[1..].iter().map(|other| duel(source, PEOPLE, (*other, order[0]))).collect();
    let least = against.iter().map(|share| share.lower).fold(1.0, f64::min);
    let best = name(source, options, order[0], 300.0);
    let same = against.iter().all(|share| share.lower + share.higher == 0.0);
    // Single futures are those of the country's own size, which may all go one way while too few replicates leave their mean open.
    let surely = |other: &usize| average(&pairs(source, PEOPLE, (*other, order[0])), together(source.record)).verdict == Verdict::Less;
    let key = match least {
        _ if same => "superiority.same",
        least if least >= 0.95 && !order[1..].iter().all(surely) => "superiority.uncertain",
        least if least >= 1.0 => "superiority.title_all",
        least if least >= 0.95 => "superiority.title",
        _ => "superiority.open",
    };
    words.say(key, &[("variant", &best), ("least", &percent(options, least))])
}

fn percent(options: &Options, share: f64) -> String {
    options.words.number(share * 100.0, 0)
}

fn draw_cell(sheet: &mut Sheet, area: Area, counted: Single, wins: f64) {
    let inner = Area { x: area.x + 1.0, y: area.y + 1.0, w: area.w - 2.0, h: area.h - 2.0 };
    let same = counted.lower + counted.higher == 0.0;
    // A single set shows nothing, nor does what never differs.
    let shown = if counted.sets < 2 || same { 0.5 } else { wins };
    let (_, alpha, _) = WORDS.into_iter().find(|(least, ..)| shown >= *least).unwrap_or(WORDS[WORDS.len() - 1]);
    sheet.marks.push(Mark::Block(inner, SLATE, alpha));
    let text = if same { "=".to_owned() } else { format!("{:.0}", wins * 100.0) };
    let ink = if alpha >= 1.0 { WHITE } else { INK };
    let size = (area.w / width("000", 1.0, Weight::Regular)).min(SMALL);
    sheet.text(&text, (area.x + area.w / 2.0, area.y + area.h / 2.0), Type::new(size, ink).align(Align::Middle));
}

/// The words of the colours, in a line.
fn scale(sheet: &mut Sheet, options: &Options, y: f64) {
    let step = sheet.body.w / WORDS.len() as f64;
    for (place, (least, alpha, key)) in WORDS.iter().rev().enumerate() {
        let x = sheet.body.x + place as f64 * step;
        sheet.marks.push(Mark::Block(Area { x, y: y - 6.0, w: 14.0, h: 12.0 }, SLATE, *alpha));
        let above = [0.05, 0.25, 0.75, 0.95, 1.0][place];
        let range = format!("{}–{}\u{a0}%", (least * 100.0) as u32, (above * 100.0) as u32);
        sheet.text(&cut(options.words.word(key), step - 22.0, TINY, Weight::Regular), (x + 19.0, y), Type::new(TINY, INK));
        sheet.text(&range, (x + 19.0, y + 14.0), Type::new(TINY, GREY));
    }
}

fn describe(sheet: &mut Sheet, source: &Source<'_>, options: &Options, order: &[usize]) {
    let names = names(source, options, 300.0);
    for (place, first) in order.iter().enumerate() {
        for second in &order[place + 1..] {
            let [people, count] = [PEOPLE, COUNT].map(|measure| duel(source, measure, (*second, *first)));
            let (people, count, all) = (percent(options, people.lower), percent(options, count.higher), sets(source, &options.words, people.sets));
            let places = [("row", &*names[*first]), ("column", &names[*second]), ("people", &people), ("count", &count), ("all", &all)];
            sheet.description.push(options.words.say("superiority.description", &places));
        }
    }
}
