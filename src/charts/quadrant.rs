//! The two ledgers against each other: change in identified against change in people exploited, one mark per variant,
//! the four corners named.

use super::findings::{self, COUNT, PEOPLE, both, effects, name, sheet, window};
use super::labels::{NAMED, Segment};
use super::plot::{Labels, Plot, edges_with_zero, ticks};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{Colour, FAINT, GREEN, GREY, INK, LABEL, SMALL, TINY, Weight, fit_apart};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::compare::Effect;
use crate::analysis::verdict::Verdict;

/// How high the plot is.
const HIGH: f64 = 400.0;
/// The widest that a name may be.
const NAME: f64 = 140.0;
/// The lines of an interval: wide and pale, so that none is taken for the thin one that leads to a name.
pub(super) const INTERVAL: (Colour, f64) = ((205, 208, 214), 2.0);

/// Draws the figure; nothing where there is only a baseline.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let words = &options.words;
    let pairs: Vec<(usize, Effect, Effect)> = (1..source.record.manifest.variants.len())
        .filter_map(|variant| {
            let [people, count] = effects(source, &[PEOPLE, COUNT], variant).try_into().ok()?;
            Some((variant, people, count))
        })
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let mut what = words.say("quadrant.subtitle", &[("window", &window(source, words))]);
    if pairs.len() > NAMED {
        what += &words.say("cost.unnamed", &[("left", &(pairs.len() - NAMED).to_string()), ("all", &pairs.len().to_string())]);
    }
    let title = if let [(variant, ..)] = &pairs[..] { both(source, options, *variant) } else { title(options, &pairs) };
    let mut sheet = sheet(source, options, &title, &what, HIGH + 48.0);
    let body = sheet.body;
    let plot = Plot {
        area: Area { x: body.x + 58.0, y: body.y + 22.0, w: body.w - 62.0, h: HIGH - 22.0 },
        x: with_corners(edges_with_zero(pairs.iter().flat_map(|pair| [pair.2.low, pair.2.high])), 0.5),
        y: with_corners(edges_with_zero(pairs.iter().flat_map(|pair| [pair.1.low, pair.1.high])), 0.2),
    };
    axes(&mut sheet, options, &plot);
    let corners = corners(&mut sheet, options, &plot);
    let intervals = pairs.iter().flat_map(|(_, people, count)| {
        let (x, y) = plot.at((count.difference, people.difference));
        [[(plot.across(count.low), y), (plot.across(count.high), y)], [(x, plot.up(people.low)), (x, plot.up(people.high))]]
    });
    let mut drawn: Vec<Segment> = intervals.collect();
    for line in &drawn {
        sheet.line(line.to_vec(), INTERVAL.0, INTERVAL.1);
    }
    drawn.extend(zero_lines(&mut sheet, &plot));
    let points: Vec<(f64, f64)> = pairs.iter().map(|pair| plot.at((pair.2.difference, pair.1.difference))).collect();
    for (point, (_, people, count)) in points.iter().zip(&pairs) {
        let clear = people.verdict.clear() && count.verdict.clear();
        sheet.marks.push(if clear { Mark::Disc(*point, 5.2, GREEN) } else { Mark::Ring(*point, 4.6, GREEN) });
    }
    let bold = Type::new(SMALL, INK).bold();
    let order = by_weight(&pairs);
    let named: Vec<String> = order.iter().take(NAMED).map(|own| name(source, options, pairs[*own].0, f64::INFINITY)).collect();
    let lines = fit_apart(&named, NAME, SMALL, Weight::Bold, 2);
    let names: Vec<Vec<(String, Type)>> = lines.into_iter().map(|lines| lines.into_iter().map(|line| (line, bold)).collect()).collect();
    // Names go to the first places; the other marks are only kept free.
    let points: Vec<(f64, f64)> = order.iter().map(|own| points[*own]).collect();
    plot.label(&mut sheet, &points, &names, (&corners, &drawn));
    let names = findings::names(source, options, 300.0);
    for (variant, people, count) in &pairs {
        describe(&mut sheet, options, &names[*variant], [people, count]);
    }
    Some(sheet)
}

/// The places of the variants: as they stand while all are named, else those first that are clear in both ledgers, then those that change
/// most of what any changes.
fn by_weight(pairs: &[(usize, Effect, Effect)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    if pairs.len() > NAMED {
        let most = |of: &dyn Fn(&(usize, Effect, Effect)) -> f64| pairs.iter().map(|pair| of(pair).abs()).fold(f64::MIN_POSITIVE, f64::max);
        let (people, count) = (most(&|pair| pair.1.difference), most(&|pair| pair.2.difference));
        let far = |own: &usize| (pairs[*own].1.difference / people).abs().max((pairs[*own].2.difference / count).abs());
        let clear = |own: &usize| pairs[*own].1.verdict.clear() && pairs[*own].2.verdict.clear();
        order.sort_by(|a, b| clear(b).cmp(&clear(a)).then(far(b).total_cmp(&far(a))));
    }
    order
}

/// Widens an axis so that its shorter side is at least `share` of the longer one: every corner has room for its name.
fn with_corners((low, high): (f64, f64), share: f64) -> (f64, f64) {
    (low.min(-high * share), high.max(-low * share))
}

fn title(options: &Options, pairs: &[(usize, Effect, Effect)]) -> String {
    let count = |people: Verdict, counted: Verdict| pairs.iter().filter(|p| p.1.verdict == people && p.2.verdict == counted).count();
    let all = pairs.len();
    let (agree, worse) = (count(Verdict::Less, Verdict::More), count(Verdict::More, Verdict::Less));
    let apart = count(Verdict::Less, Verdict::Less) + count(Verdict::More, Verdict::More);
    let numbers = [all, agree, worse, apart, all - agree - worse - apart].map(|number| options.words.count(number));
    let [all, agree, worse, apart, open] = &numbers;
    options.words.say("quadrant.title", &[("all", all), ("agree", agree), ("worse", worse), ("apart", apart), ("open", open)])
}

fn axes(sheet: &mut Sheet, options: &Options, plot: &Plot) {
    let words = &options.words;
    let labels = Labels::of(plot.y, 6, 1.0);
    plot.grid(sheet, 6, |tick| labels.difference(words, tick));
    let marks = ticks(plot.x, 7);
    let labels = Labels::of(plot.x, 7, 1.0);
    for tick in marks {
        sheet.text(&labels.difference(words, tick), (plot.across(tick), plot.area.bottom() + 12.0), Type::new(SMALL, GREY).align(Align::Middle));
    }
    sheet.line(vec![(plot.area.x, plot.area.bottom()), (plot.area.right(), plot.area.bottom())], FAINT, 1.0);
    sheet.text(words.word("quadrant.up"), (sheet.body.x, sheet.body.y + 4.0), Type::new(LABEL, INK).bold());
    let across = (plot.area.right(), plot.area.bottom() + 32.0);
    sheet.text(words.word("quadrant.across"), across, Type::new(LABEL, INK).bold().align(Align::End));
}

/// Draws the two lines on which nothing changes, and tells where.
pub(super) fn zero_lines(sheet: &mut Sheet, plot: &Plot) -> [Segment; 2] {
    let (x, y) = plot.at((0.0, 0.0));
    let lines = [[(x, plot.area.y), (x, plot.area.bottom())], [(plot.area.x, y), (plot.area.right(), y)]];
    for line in lines {
        sheet.line(line.to_vec(), INK, 1.2);
    }
    lines
}

/// Names the four corners; tells where the names stand.
fn corners(sheet: &mut Sheet, options: &Options, plot: &Plot) -> Vec<Area> {
    let (left, right, top, bottom) = (plot.area.x + 4.0, plot.area.right() - 4.0, plot.area.y + 10.0, plot.area.bottom() - 10.0);
    let names = [
        ("quadrant.more_less", (left, top), Align::Start),
        ("quadrant.more_more", (right, top), Align::End),
        ("quadrant.less_less", (left, bottom), Align::Start),
        ("quadrant.less_more", (right, bottom), Align::End),
    ];
    let mut taken = vec![];
    for (key, at, align) in names {
        let how = Type::new(TINY, GREY).align(align);
        let place = Sheet::place(options.words.word(key), at, how);
        sheet.marks.push(Mark::Block(place, super::style::WHITE, 0.85));
        sheet.text(options.words.word(key), at, how);
        taken.push(place);
    }
    taken
}

fn describe(sheet: &mut Sheet, options: &Options, name: &str, [people, count]: [&Effect; 2]) {
    let words = &options.words;
    let range = |effect: &Effect| {
        let scale = Scale::of_effect(effect);
        words.range(&scale.difference(words, effect.low), &scale.difference(words, effect.high))
    };
    sheet.description.push(words.say("quadrant.description", &[("variant", name), ("people", &range(people)), ("count", &range(count))]));
}
