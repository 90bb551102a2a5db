//! Cost against outcome, with the efficient frontier, and what each person-month averted costs: truth above official.

use super::findings::{COUNT, MONEY, Verdict, effects, name, sheet, verdict, window};
use super::labels::around;
use super::plot::{Labels, Plot, edges_with_zero, tick_digits, ticks};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{BLUE, FAINT, GREY, INK, LABEL, ORANGE, PALE, SMALL, TINY, WHITE, Weight, width, wrap};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::compare::{CostPerMonth, Effect, compare};
use crate::analysis::measure::Measure;
use crate::model::ledgers::indicators::Indicator;

/// How high the panel of truth is, and that of the official ledger.
const PANELS: (f64, f64) = (318.0, 238.0);
/// The widest that a name may be, and how far its lines lie apart.
const NAME: (f64, f64) = (126.0, 13.5);
const MONTHS: Measure = Measure::Indicator(Indicator::PersonMonths);

/// One option: its place in the record, its change in spending, person-months and identified, and what a person-month averted costs.
struct Choice {
    variant: usize,
    money: Effect,
    months: Effect,
    count: Effect,
    cost: CostPerMonth,
}

/// Draws the figure; nothing where there is only a baseline.
#[must_use]
pub fn draw(source: &Source<'_>, options: &Options) -> Option<Sheet> {
    let (words, record) = (&options.words, source.record);
    let costs = compare(record, &[], record.manifest.window).variants;
    let choices: Vec<Choice> = costs
        .iter()
        .filter_map(|against| {
            let [money, months, count] = effects(source, &[MONEY, MONTHS, COUNT], against.variant).try_into().ok()?;
            Some(Choice { variant: against.variant, money, months, count, cost: against.cost })
        })
        .collect();
    if choices.is_empty() {
        return None;
    }
    let what = words.say("cost.subtitle", &[("window", &window(source, words))]);
    let mut sheet = sheet(source, options, &title(source, options, &choices), &what, PANELS.0 + PANELS.1);
    let body = sheet.body;
    let truth = Area { h: PANELS.0, ..body };
    let points: Vec<(f64, f64)> = choices.iter().map(|choice| (choice.money.difference, -choice.months.difference)).collect();
    let clear: Vec<bool> = choices.iter().map(|choice| choice.months.low > 0.0 || choice.months.high < 0.0).collect();
    panel(&mut sheet, source, options, (truth, "cost.truth"), (&choices, &points, &clear));
    let official = Area { y: body.y + PANELS.0, h: PANELS.1, ..body };
    let points: Vec<(f64, f64)> = choices.iter().map(|choice| (choice.money.difference, choice.count.difference)).collect();
    let clear: Vec<bool> =
        choices.iter().map(|choice| choice.count.too_few.is_none() && (choice.count.low > 0.0 || choice.count.high < 0.0)).collect();
    panel(&mut sheet, source, options, (official, "cost.official"), (&choices, &points, &clear));
    for choice in &choices {
        let money = Scale::of_effect(&choice.money).difference(words, choice.money.difference);
        let cost = cost_words(source, options, choice.cost)
            .unwrap_or_else(|| words.word(if choice.cost == CostPerMonth::AddsExploitation { "cost.adds" } else { "cost.cannot" }).to_owned());
        let name = name(source, options, choice.variant, 300.0);
        let places = [("variant", &*name), ("money", &money), ("currency", &record.manifest.currency), ("cost", &cost)];
        sheet.description.push(words.say("cost.description", &places));
    }
    Some(sheet)
}

fn title(source: &Source<'_>, options: &Options, choices: &[Choice]) -> String {
    let (words, currency) = (&options.words, &source.record.manifest.currency);
    let mut averting: Vec<(f64, &Choice)> =
        choices.iter().filter_map(|choice| if let CostPerMonth::Money { mean, .. } = choice.cost { Some((mean, choice)) } else { None }).collect();
    averting.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = choices.len().to_string();
    let Some((_, cheapest)) = averting.first() else { return words.say("cost.none", &[("all", &all)]) };
    let cost = amount(options, cheapest.cost).unwrap_or_default();
    let name = name(source, options, cheapest.variant, 300.0);
    let some = averting.len().to_string();
    let title = words.say("cost.title", &[("all", &all), ("some", &some), ("variant", &name), ("cost", &cost), ("currency", currency)]);
    // What is cheap may harm: a low cost is never told without the harm that the response itself would do.
    let harm = effects(source, &[Measure::Indicator(Indicator::ResponseHarm)], cheapest.variant);
    let harm = harm.first().filter(|harm| verdict(harm) == Verdict::More).map(|harm| {
        let scale = Scale::of_effect(harm);
        words.say("cost.harm", &[("range", &words.range(&scale.size(words, harm.low), &scale.size(words, harm.high)))])
    });
    title + &harm.unwrap_or_default()
}

/// What a person-month averted costs: the range where there is one, else the mean.
fn amount(options: &Options, cost: CostPerMonth) -> Option<String> {
    let words = &options.words;
    let CostPerMonth::Money { mean, range } = cost else { return None };
    let scale = Scale { factor: 1.0, decimals: 0 };
    Some(match range {
        Some((low, high)) => words.range(&scale.value(words, low), &scale.value(words, high)),
        None => scale.value(words, mean),
    })
}

fn cost_words(source: &Source<'_>, options: &Options, cost: CostPerMonth) -> Option<String> {
    let amount = amount(options, cost)?;
    Some(options.words.say("cost.per_month", &[("cost", &amount), ("currency", &source.record.manifest.currency)]))
}

/// The choices that no other beats: by rising cost those that bring more than every cheaper one, the baseline among them.
fn frontier(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<(f64, f64)> = points.iter().copied().chain([(0.0, 0.0)]).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let mut best = f64::NEG_INFINITY;
    sorted.retain(|point| {
        let better = point.1 > best;
        best = best.max(point.1);
        better
    });
    sorted
}

/// A little wider than the data, so that a mark at an edge has room for its name.
fn padded((low, high): (f64, f64)) -> (f64, f64) {
    let room = 0.06 * (high - low);
    (low - room, high + room)
}

type Marked<'a> = (&'a [Choice], &'a [(f64, f64)], &'a [bool]);

fn panel(sheet: &mut Sheet, source: &Source<'_>, options: &Options, (area, heading): (Area, &str), (choices, points, clear): Marked<'_>) {
    let words = &options.words;
    let truth = heading == "cost.truth";
    let outcome = |choice: &Choice| if truth { [-choice.months.low, -choice.months.high] } else { [choice.count.low, choice.count.high] };
    let plot = Plot {
        area: Area { x: area.x + 62.0, y: area.y + 24.0, w: area.w - 66.0, h: area.h - 72.0 },
        x: padded(edges_with_zero(choices.iter().flat_map(|choice| [choice.money.low, choice.money.high]))),
        y: padded(edges_with_zero(choices.iter().flat_map(outcome))),
    };
    sheet.text(words.word(heading), (area.x, area.y + 6.0), Type::new(LABEL, INK).bold());
    axes(sheet, source, options, &plot);
    for ((choice, point), _) in choices.iter().zip(points).zip(clear) {
        let (x, [one, other]) = (plot.across(point.0), outcome(choice));
        sheet.line(vec![(x, plot.up(one)), (x, plot.up(other))], PALE, 1.0);
    }
    if truth {
        let line = frontier(points);
        if line.len() > 1 {
            sheet.marks.push(Mark::Line(line.into_iter().map(|point| plot.at(point)).collect(), BLUE, 0.8, 1.6));
        }
    }
    let mut places: Vec<(f64, f64)> = points.iter().map(|point| plot.at(*point)).collect();
    for (place, clear) in places.iter().zip(clear) {
        sheet.marks.push(if *clear { Mark::Disc(*place, 5.0, ORANGE) } else { Mark::Ring(*place, 4.4, ORANGE) });
    }
    let origin = plot.at((0.0, 0.0));
    sheet.marks.push(Mark::Disc(origin, 5.0, BLUE));
    places.insert(0, origin);
    let mut names: Vec<(Vec<String>, Option<String>)> = vec![(vec![words.word("baseline").to_owned()], None)];
    names.extend(choices.iter().map(|choice| {
        let lines = wrap(&name(source, options, choice.variant, 2.1 * NAME.0), NAME.0, SMALL, Weight::Bold, 2);
        (lines, if truth { cost_words(source, options, choice.cost) } else { None })
    }));
    label(sheet, &plot, &places, &names);
}

fn axes(sheet: &mut Sheet, source: &Source<'_>, options: &Options, plot: &Plot) {
    let words = &options.words;
    let labels = Labels::of(plot.y, 5, 1.0);
    plot.grid(sheet, 5, |tick| labels.difference(words, tick));
    let marks = ticks(plot.x, 6);
    let digits = tick_digits(&marks, 1e-6);
    let y = plot.area.bottom();
    for tick in marks {
        sheet.text(&words.signed(tick * 1e-6, digits), (plot.across(tick), y + 12.0), Type::new(SMALL, GREY).align(Align::Middle));
    }
    let zero = plot.at((0.0, 0.0));
    sheet.line(vec![(plot.area.x, zero.1), (plot.area.right(), zero.1)], INK, 1.2);
    sheet.line(vec![(zero.0, plot.area.y), (zero.0, y)], INK, 1.2);
    sheet.line(vec![(plot.area.x, y), (plot.area.right(), y)], FAINT, 1.0);
    let across = words.say("cost.across", &[("currency", &source.record.manifest.currency)]);
    sheet.text(&across, (plot.area.right(), y + 29.0), Type::new(SMALL, INK).align(Align::End));
}

/// Names the marks, with the cost under the name, wherever there is room; a line leads to a name that stands apart.
fn label(sheet: &mut Sheet, plot: &Plot, points: &[(f64, f64)], names: &[(Vec<String>, Option<String>)]) {
    let size = |(lines, cost): &(Vec<String>, Option<String>)| {
        let names = lines.iter().map(|line| width(line, SMALL, Weight::Bold));
        let wide = names.chain(cost.iter().map(|cost| width(cost, TINY, Weight::Regular))).fold(0.0, f64::max);
        (wide + 4.0, (lines.len() + usize::from(cost.is_some())) as f64 * NAME.1 + 1.0)
    };
    let sizes: Vec<(f64, f64)> = names.iter().map(size).collect();
    for (((lines, cost), place), (x, y)) in names.iter().zip(around(points, &sizes, &[], plot.area)).zip(points) {
        let Some(place) = place else { continue };
        let middle = place.y + place.h / 2.0;
        if (x.clamp(place.x, place.right()) - x).abs() > 14.0 || (middle - y).abs() > 22.0 {
            let end = (x.clamp(place.x, place.right()), if middle > *y { place.y } else { place.bottom() });
            sheet.line(vec![(*x, *y), end], PALE, 0.8);
        }
        sheet.marks.push(Mark::Block(place, WHITE, 0.8));
        let all = lines.iter().map(|line| (line, Type::new(SMALL, INK).bold())).chain(cost.iter().map(|cost| (cost, Type::new(TINY, GREY))));
        for ((line, how), i) in all.zip(0_u32..) {
            sheet.text(line, (place.x + 2.0, place.y + NAME.1 * (f64::from(i) + 0.5)), how);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frontier_holds_what_nothing_cheaper_beats() {
        let points = [(10.0, 5.0), (20.0, 4.0), (30.0, 9.0), (-5.0, -3.0), (10.0, 2.0)];
        assert_eq!(frontier(&points), [(-5.0, -3.0), (0.0, 0.0), (10.0, 5.0), (30.0, 9.0)]);
        assert_eq!(frontier(&[(5.0, -1.0)]), [(0.0, 0.0)]);
    }
}
