//! Which lever changed when, by P, and the shocks: baseline as dots above the line, the variant's as rings below where it differs.

use super::events::events;
use super::findings::{name, sheet};
use super::plot::{COLOURS, Plot, tick_digits};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{FAINT, GREY, INK, LABEL, PALE, SMALL, TINY, Weight, cut, fit, titled, width, wrap_evenly};
use super::words::Words;
use super::{Options, Source};
use crate::model::Setting;
use crate::model::policy::{LINES, Lever, Line, P, Shape, all};
use crate::quantities::Month;

/// How high a lever's row is.
const ROW: f64 = 17.0;
/// How far the lines of an event's name lie apart.
const EVENT: f64 = 14.0;
/// How high a heading is.
const HEADING: f64 = 26.0;
/// What is left for names, and for first and last values.
const SIDES: (f64, f64) = (196.0, 128.0);

/// A first value, and the changes after it.
type Course = (f64, Vec<(Month, f64)>);

/// One lever: its P and name, and its course in each setting.
struct Row {
    p: P,
    name: String,
    share: bool,
    courses: Vec<Course>,
}

/// Draws the figure; nothing where the scenario is not at hand or no lever ever changes.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let words = &options.words;
    let scenario = source.scenario?;
    let settings: Vec<&Setting> = [0, options.variant].iter().filter_map(|variant| Some(&scenario.variants.get(*variant)?.setting)).collect();
    let baseline = *settings.first()?;
    let rows = rows(words, &settings);
    let shocks: Vec<((String, Vec<String>), Month)> = events(source).into_iter().map(|(month, title)| (event(&title), month)).collect();
    if rows.is_empty() && shocks.is_empty() {
        return None;
    }
    let groups = P::ALL.into_iter().filter(|p| rows.iter().any(|row| row.p == *p)).count() + usize::from(!shocks.is_empty());
    let events: f64 = shocks.iter().map(|((_, lines), _)| event_height(lines)).sum();
    let high = rows.len() as f64 * ROW + events + groups as f64 * HEADING;
    let mut sheet = sheet(
        source,
        options,
        &title(source, options, &rows, &settings),
        words.word(if settings.len() > 1 { "timeline.subtitle" } else { "timeline.subtitle_baseline" }),
        high + 66.0,
    );
    let body = sheet.body;
    let plot = Plot {
        area: Area { x: body.x + SIDES.0, y: body.y + 40.0, w: body.w - SIDES.0 - SIDES.1, h: high + 10.0 },
        x: (f64::from(baseline.from.0), f64::from(baseline.to.0)),
        y: (0.0, 1.0),
    };
    for (x, label) in plot.dates(words) {
        sheet.line(vec![(x, plot.area.y), (x, plot.area.bottom())], FAINT, 1.0);
        for y in [plot.area.y - 9.0, plot.area.bottom() + 9.0] {
            sheet.text(&label, (x, y), Type::new(TINY, GREY).align(Align::Middle));
        }
    }
    heads(&mut sheet, options, settings.len());
    let mut y = plot.area.y;
    for p in P::ALL {
        let ours: Vec<&Row> = rows.iter().filter(|row| row.p == p).collect();
        if ours.is_empty() {
            continue;
        }
        sheet.text(words.word(&format!("p.{}", p.section())), (body.x, y + HEADING * 0.62), Type::new(LABEL, INK).bold());
        y += HEADING;
        for row in ours {
            lever(&mut sheet, words, &plot, y + ROW / 2.0, row);
            y += ROW;
        }
    }
    if !shocks.is_empty() {
        sheet.text(words.word("timeline.shocks"), (body.x, y + HEADING * 0.62), Type::new(LABEL, INK).bold());
        y += HEADING;
    }
    for ((title, lines), month) in shocks {
        let (x, middle) = (plot.across(f64::from(month.0)), y + event_height(&lines) / 2.0);
        sheet.line(vec![(plot.area.x, middle), (plot.area.right(), middle)], FAINT, 1.0);
        sheet.marks.push(Mark::Shape(vec![(x, middle - 5.0), (x + 5.0, middle), (x, middle + 5.0), (x - 5.0, middle)], INK, 1.0));
        for (line, i) in lines.iter().zip(0_u32..) {
            let at = (body.x, middle + EVENT * (f64::from(i) - (lines.len() - 1) as f64 / 2.0));
            sheet.text(line, at, Type::new(SMALL, INK));
        }
        let date = words.month(month);
        // Many titles say when.
        if date.rsplit(' ').next().is_none_or(|year| !title.contains(year)) {
            sheet.text(&date, (body.right(), middle), Type::new(SMALL, GREY).align(Align::End));
        }
        sheet.description.push(format!("{}: {}.", words.month(month), title));
        y += event_height(&lines);
    }
    Some(sheet)
}

/// What an event is called, whole and in lines beside its mark.
fn event(title: &str) -> (String, Vec<String>) {
    let title = capital(title);
    let room = SIDES.0 - 10.0;
    let lines = fit(&title, room, SMALL, Weight::Regular, 3);
    // As even as can be, where nothing had to be cut.
    let even = wrap_evenly(&title, room, SMALL, Weight::Regular, lines.len());
    let cut = lines.iter().any(|line| line.contains('…'));
    (title, if cut { lines } else { even })
}

/// How high the row of an event is.
fn event_height(lines: &[String]) -> f64 {
    ROW + 6.0 * f64::from(u8::from(lines.len() > 1)) + EVENT * (lines.len() - 1) as f64
}

fn title(source: &Source<'_>, options: &Options, rows: &[Row], settings: &[&Setting]) -> String {
    let changed = rows.iter().filter(|row| !row.courses[0].1.is_empty()).count().to_string();
    if settings.len() < 2 {
        return options.words.say("timeline.baseline", &[("levers", &changed)]);
    }
    let differ = rows.iter().filter(|row| row.courses[0] != row.courses[1]).count().to_string();
    let parting = settings[0].differs_from(settings[1]).map(|months| settings[0].start().plus(months as i32).max(settings[0].from));
    let name = name(source, options, options.variant, 300.0);
    let Some(parting) = parting else { return options.words.say("timeline.same", &[("variant", &name), ("levers", &changed)]) };
    let month = options.words.month(parting);
    options.words.say("timeline.title", &[("levers", &changed), ("variant", &name), ("differ", &differ), ("month", &month)])
}

/// Names the marks, and the two columns of values.
fn heads(sheet: &mut Sheet, options: &Options, settings: usize) {
    let (words, body) = (&options.words, sheet.body);
    let y = body.y + 6.0;
    let plain = Type::new(TINY, GREY);
    let mut x = body.x + 5.0;
    let keys = if settings > 1 { &["timeline.both", "baseline", "timeline.variant"][..] } else { &["baseline"] };
    for key in keys {
        sheet.marks.push(match *key {
            "timeline.both" => Mark::Disc((x, y), 4.0, PALE),
            "baseline" => Mark::Disc((x, y), 4.0, COLOURS[0]),
            _ => Mark::Ring((x, y), 3.4, COLOURS[1]),
        });
        sheet.text(words.word(key), (x + 8.0, y), plain);
        x += width(words.word(key), TINY, Weight::Regular) + 28.0;
    }
    let columns = [("baseline", SIDES.1 / 2.0 - 2.0), ("timeline.variant", 0.0)];
    for ((key, before), colour) in columns.into_iter().zip(COLOURS).take(settings) {
        let before = if settings > 1 { before } else { 0.0 };
        sheet.text(words.word(key), (body.right() - before, y), Type::new(TINY, colour).bold().align(Align::End));
    }
}

fn lever(sheet: &mut Sheet, words: &Words, plot: &Plot, y: f64, row: &Row) {
    let differs = row.courses.len() > 1 && row.courses[0] != row.courses[1];
    sheet.line(vec![(plot.area.x, y), (plot.area.right(), y)], FAINT, 1.0);
    let colour = if differs || row.courses.len() < 2 { INK } else { GREY };
    sheet.text(&cut(&row.name, SIDES.0 - 10.0, SMALL, Weight::Regular), (sheet.body.x, y), Type::new(SMALL, colour));
    let said: Vec<String> = row.courses.iter().map(|course| range(words, course, row.share)).collect();
    let right = sheet.body.right();
    let column = SIDES.1 / 2.0 - 2.0;
    for (place, text) in said.iter().enumerate() {
        let x = if row.courses.len() > 1 && place == 0 { right - column } else { right };
        let size = ((column - 8.0) / width(text, 1.0, Weight::Regular)).min(TINY);
        sheet.text(text, (x, y), Type::new(size, if differs || place == 0 { INK } else { PALE }).align(Align::End));
    }
    let changes = |place: usize| row.courses.get(place).map_or(&[][..], |course| &course.1[..]);
    for change in changes(0) {
        let colour = if changes(1).contains(change) { PALE } else { COLOURS[0] };
        sheet.marks.push(Mark::Disc((plot.across(f64::from(change.0.0)), y), 4.0, colour));
    }
    for change in changes(1).iter().filter(|change| !changes(0).contains(change)) {
        sheet.marks.push(Mark::Ring((plot.across(f64::from(change.0.0)), y), 3.4, COLOURS[1]));
    }
    if differs {
        sheet.description.push(words.say("timeline.description", &[("lever", &row.name), ("baseline", &said[0]), ("variant", &said[1])]));
    }
}

/// First and last value, in the unit of the greater.
fn range(words: &Words, (first, changes): &Course, share: bool) -> String {
    let values: Vec<f64> = [*first].into_iter().chain(changes.last().map(|(_, last)| *last)).collect();
    let (factor, unit) = match values.iter().fold(0.0, |a: f64, b| a.max(b.abs())) {
        _ if share => (100.0, "%"),
        size if size >= 1e9 => (1e-9, words.word("billion")),
        size if size >= 1e6 => (1e-6, words.word("million")),
        _ => (1.0, ""),
    };
    let digits = tick_digits(&values, factor).min(if unit.is_empty() { 3 } else { 1 });
    let text: Vec<String> = values.iter().map(|value| words.number(value * factor, digits)).collect();
    let ends = if text.first() == text.last() { &text[..1] } else { &text[..] };
    format!("{}{unit}", ends.join("→"))
}

/// Every lever that changes within the reported months, in any of the settings, or in which they differ.
fn rows(words: &Words, settings: &[&Setting]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (first, lever) in all() {
        let wide = match lever.shape {
            Shape::One => 1,
            Shape::PerLine => LINES,
            Shape::PerOrigin => settings[0].country.origins.len(),
        };
        let courses: Vec<Vec<Course>> = (first..first + wide).map(|place| settings.iter().map(|setting| course(setting, place)).collect()).collect();
        // Where all origins or lines go the same way, one row says it.
        let alike = courses.windows(2).all(|pair| pair[0] == pair[1]);
        for (place, courses) in courses.into_iter().enumerate().take(if alike { 1 } else { wide }) {
            let moves = courses.iter().any(|course| !course.1.is_empty()) || courses.windows(2).any(|pair| pair[0] != pair[1]);
            if moves {
                let name = lever_name(words, lever, (!alike).then_some(place), settings[0]);
                rows.push(Row { p: lever.p, name, share: lever.unit.starts_with("share"), courses });
            }
        }
    }
    rows
}

fn course(setting: &Setting, place: usize) -> Course {
    let months = setting.plan.rows.iter().zip(0..).map(|(row, after)| (setting.start().plus(after), row[place]));
    let mut reported = months.filter(|(month, _)| *month >= setting.from);
    let Some((_, first)) = reported.next() else { return (f64::NAN, vec![]) };
    let mut last = first;
    let changes = reported.filter(|(_, value)| value.to_bits() != std::mem::replace(&mut last, *value).to_bits()).collect();
    (first, changes)
}

fn lever_name(words: &Words, lever: &Lever, place: Option<usize>, setting: &Setting) -> String {
    let key = format!("lever.{}", lever.key);
    let name = words.find(&key).map_or_else(|| capital(&lever.key.replace(['_', '.'], " ")), str::to_owned);
    let part = place.and_then(|place| match lever.shape {
        Shape::One => None,
        Shape::PerLine => Some(words.line(Line::ALL[place]).to_owned()),
        Shape::PerOrigin => {
            let origin = &setting.country.origins[place];
            Some(titled(&origin.title, &origin.name))
        }
    });
    let name = part.map_or_else(|| name.clone(), |part| format!("{name}: {part}"));
    if lever.unit.starts_with("money") { format!("{name}, {}", setting.country.currency) } else { name }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
