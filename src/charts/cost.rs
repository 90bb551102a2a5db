//! Cost against outcome, with the efficient frontier, and what each person-month averted costs: truth above official.

use super::findings::{COUNT, MONEY, effects, name, names, sheet, window};
use super::labels::{NAMED, Segment};
use super::plot::{Labels, Plot, edges_with_zero, tick_digits, ticks};
use super::quadrant::{INTERVAL, zero_lines};
use super::sheet::{Align, Area, Mark, Sheet, Type};
use super::style::{FAINT, GREEN, GREY, INK, LABEL, SLATE, SMALL, TINY, Weight, fit_apart};
use super::words::Scale;
use super::{Options, Source};
use crate::analysis::compare::{CostPerMonth, Effect, compare};
use crate::analysis::measure::Measure;
use crate::analysis::verdict::Verdict;
use crate::model::ledgers::indicators::Indicator;

/// How high the panel of truth is, and that of the official ledger.
const PANELS: (f64, f64) = (318.0, 262.0);
/// By how much either grows for each variant beyond a handful, so that all names find room.
const GROWTH: f64 = 9.0;
const HANDFUL: usize = 6;
/// The widest that a name may be.
const NAME: f64 = 140.0;
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
    let mut what = words.say("cost.subtitle", &[("window", &window(source, words))]);
    if choices.len() > NAMED {
        let (left, all) = ((choices.len() - NAMED).to_string(), choices.len().to_string());
        what += &words.say("cost.unnamed", &[("left", &left), ("all", &all)]);
    }
    let growth = GROWTH * choices.len().min(NAMED).saturating_sub(HANDFUL) as f64;
    let panels = (PANELS.0 + growth, PANELS.1 + growth);
    let mut sheet = sheet(source, options, &title(source, options, &choices), &what, panels.0 + panels.1);
    let body = sheet.body;
    let truth = Area { h: panels.0, ..body };
    let points: Vec<(f64, f64)> = choices.iter().map(|choice| (choice.money.difference, -choice.months.difference)).collect();
    let clear: Vec<bool> = choices.iter().map(|choice| choice.months.verdict.clear()).collect();
    panel(&mut sheet, source, options, (truth, "cost.truth"), (&choices, &points, &clear));
    let official = Area { y: body.y + panels.0, h: panels.1, ..body };
    let points: Vec<(f64, f64)> = choices.iter().map(|choice| (choice.money.difference, choice.count.difference)).collect();
    let clear: Vec<bool> = choices.iter().map(|choice| choice.count.verdict.clear()).collect();
    panel(&mut sheet, source, options, (official, "cost.official"), (&choices, &points, &clear));
    let names = names(source, options, 300.0);
    for choice in &choices {
        let money = Scale::of_effect(&choice.money).difference(words, choice.money.difference);
        let cost = cost_words(source, options, choice.cost).unwrap_or_else(|| words.word(why_none(choice.cost)).to_owned());
        let places = [("variant", &*names[choice.variant]), ("money", &money), ("currency", &record.manifest.currency), ("cost", &cost)];
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
    let only = if let [choice] = choices { Some(name(source, options, choice.variant, 300.0)) } else { None };
    let Some((_, cheapest)) = averting.first() else {
        return only.map_or_else(|| words.say("cost.none", &[("all", &all)]), |only| words.say("cost.none_one", &[("variant", &only)]));
    };
    let cost = amount(options, cheapest.cost).unwrap_or_default();
    let name = name(source, options, cheapest.variant, 300.0);
    let some = averting.len().to_string();
    let title = words.say(
        if only.is_some() { "cost.title_one" } else { "cost.title" },
        &[("all", &all), ("some", &some), ("variant", &name), ("cost", &cost), ("currency", currency)],
    );
    // What is cheap may harm: a low cost is never told without the harm that the response itself would do.
    let harm = effects(source, &[Measure::Indicator(Indicator::ResponseHarm)], cheapest.variant);
    let harm = harm.first().filter(|harm| harm.verdict == Verdict::More).map(|harm| {
        let scale = Scale::of_effect(harm);
        words.say("cost.harm", &[("range", &words.range(&scale.size(words, harm.low), &scale.size(words, harm.high)))])
    });
    title + &harm.unwrap_or_default()
}

/// Why nothing is said of what a person-month averted costs.
fn why_none(cost: CostPerMonth) -> &'static str {
    match cost {
        CostPerMonth::Adds => "cost.adds",
        CostPerMonth::Removal => "cost.removal",
        CostPerMonth::Unclear | CostPerMonth::Money { .. } => "cost.cannot",
    }
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

/// The choices that no other beats, of those that clearly change anything: by rising cost those that bring more than every cheaper one, the baseline among them.
fn frontier(points: &[(f64, f64)], clear: &[bool]) -> Vec<(f64, f64)> {
    let known = points.iter().zip(clear).filter(|(_, clear)| **clear).map(|(point, _)| *point);
    let mut sorted: Vec<(f64, f64)> = known.chain([(0.0, 0.0)]).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let mut best = f64::NEG_INFINITY;
    sorted.retain(|point| {
        let better = point.1 > best;
        best = best.max(point.1);
        better
    });
    sorted
}

/// The places of the choices: as they stand while all are named, else those first that matter most, which are the efficient ones, then
/// those that differ beyond chance, then those that change most.
fn by_weight(points: &[(f64, f64)], clear: &[bool]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    if points.len() > NAMED {
        let efficient = frontier(points, clear);
        // The line of best value begins with doing nothing.
        let weight = |own: &usize| (points[*own] != (0.0, 0.0) && efficient.contains(&points[*own]), clear[*own], points[*own].1.abs());
        order.sort_by(|a, b| {
            let (a, b) = (weight(a), weight(b));
            b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.total_cmp(&a.2))
        });
    }
    order
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
    let interval = |(choice, point): (&Choice, &(f64, f64))| {
        let (x, [one, other]) = (plot.across(point.0), outcome(choice));
        [(x, plot.up(one)), (x, plot.up(other))]
    };
    let mut drawn: Vec<Segment> = choices.iter().zip(points).map(interval).collect();
    for line in &drawn {
        sheet.line(line.to_vec(), INTERVAL.0, INTERVAL.1);
    }
    drawn.extend(zero_lines(sheet, &plot));
    if truth {
        let line: Vec<(f64, f64)> = frontier(points, clear).into_iter().map(|point| plot.at(point)).collect();
        drawn.extend(line.windows(2).map(|pair| [pair[0], pair[1]]));
        if line.len() > 1 {
            sheet.marks.push(Mark::Line(line, GREEN, 0.8, 1.6));
        }
    }
    let places: Vec<(f64, f64)> = points.iter().map(|point| plot.at(*point)).collect();
    for (place, clear) in places.iter().zip(clear) {
        sheet.marks.push(if *clear { Mark::Disc(*place, 5.0, GREEN) } else { Mark::Ring(*place, 4.4, GREEN) });
    }
    let origin = plot.at((0.0, 0.0));
    sheet.marks.push(Mark::Disc(origin, 5.0, SLATE));
    let order = by_weight(points, clear);
    // Names go to the first places; the other marks are only kept free.
    let places: Vec<(f64, f64)> = std::iter::once(origin).chain(order.iter().map(|own| places[*own])).collect();
    let bold = Type::new(SMALL, INK).bold();
    let named: Vec<&Choice> = order.iter().take(NAMED).map(|own| &choices[*own]).collect();
    let titles: Vec<String> = named.iter().map(|choice| name(source, options, choice.variant, f64::INFINITY)).collect();
    let titles = fit_apart(&titles, NAME, SMALL, Weight::Bold, 2);
    let mut names: Vec<Vec<(String, Type)>> = vec![vec![(words.word("baseline").to_owned(), Type { colour: SLATE, ..bold })]];
    names.extend(named.into_iter().zip(titles).map(|(choice, lines)| {
        let cost = cost_words(source, options, choice.cost).filter(|_| truth);
        lines.into_iter().map(|line| (line, bold)).chain(cost.map(|cost| (cost, Type::new(TINY, GREY)))).collect()
    }));
    plot.label(sheet, &places, &names, (&[], &drawn));
}

fn axes(sheet: &mut Sheet, source: &Source<'_>, options: &Options, plot: &Plot) {
    let words = &options.words;
    let labels = Labels::of(plot.y, 5, 1.0);
    plot.grid(sheet, 5, |tick| labels.difference(words, tick));
    let marks = ticks(plot.x, 6);
    let digits = tick_digits(&marks, 1e-6);
    let y = plot.area.bottom();
    for tick in marks {
        sheet.text(
            &words.signed(tick * 1e-6, if tick == 0.0 { 0 } else { digits }),
            (plot.across(tick), y + 12.0),
            Type::new(SMALL, GREY).align(Align::Middle),
        );
    }
    sheet.line(vec![(plot.area.x, y), (plot.area.right(), y)], FAINT, 1.0);
    let across = words.say("cost.across", &[("currency", &source.record.manifest.currency)]);
    sheet.text(&across, (plot.area.right(), y + 29.0), Type::new(SMALL, INK).align(Align::End));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frontier_holds_what_nothing_cheaper_beats() {
        let points = [(10.0, 5.0), (20.0, 4.0), (30.0, 9.0), (-5.0, -3.0), (10.0, 2.0)];
        assert_eq!(frontier(&points, &[true; 5]), [(-5.0, -3.0), (0.0, 0.0), (10.0, 5.0), (30.0, 9.0)]);
        assert_eq!(frontier(&points, &[true, true, false, true, true]), [(-5.0, -3.0), (0.0, 0.0), (10.0, 5.0)]);
        assert_eq!(frontier(&[(5.0, -1.0)], &[true]), [(0.0, 0.0)]);
    }
}
