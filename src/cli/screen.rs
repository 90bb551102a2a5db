//! The first screen of `fivep compare`: the question, the answer over all variants, one table, what it rests on, what to do next.
//!
//! Forty lines of a hundred columns at most, however many variants there are: where not all rows fit, the last ones show the end of the
//! ranking. Everything else stands behind `--details`.

use std::fmt::Write;
use std::path::Path;

use super::CAVEAT;
use super::funding::worst;
use super::listing::wrapped;
use super::numbers::{Style, counted, cut, cut_apart, grouped, signed};
use super::told::{compared, meta, reference};
use crate::analysis::answer::{Answer, MONEY, PEOPLE, Row, answer};
use crate::analysis::compare::{CostPerMonth, Effect, differences, together};
use crate::analysis::inputs::{self, FEWEST, Input};
use crate::analysis::verdict::{Verdict, by_set};
use crate::charts::answer::sentences;
use crate::charts::style;
use crate::charts::words::Words;
use crate::charts::{Options, Source};
use crate::model::parameters::PARAMETERS;
use crate::quantities::Month;
use crate::results::Record;
use crate::scenario::sets::Choice;
use crate::scenario::{Scenario, Shown as _, quoted_path};

/// How many lines it may have.
const LINES: usize = 40;
/// How many columns.
const COLUMNS: usize = 100;
/// How many lines of the question are shown, where there is room.
const QUESTION: usize = 3;
/// How wide a name may be.
const NAME: usize = 31;
/// How long a path may be.
const PATH: usize = 20;
/// How many inputs are named.
const NAMED: usize = 3;
/// What marks that more exploited people would be removed without help.
const REMOVED: char = '!';

/// The screen, of a run in `folder`; its scenario, where it is at hand, tells how many parameters were drawn and what is not paid for.
#[must_use]
pub fn screen(record: &Record, scenario: Option<&Scenario>, folder: Option<&Path>) -> String {
    let found = answer(record);
    let said =
        if found.rows.is_empty() { "There is only the baseline, so there is nothing to compare.".to_owned() } else { answered(record, &found) };
    let unbegun = scenario.and_then(|scenario| unbegun(record, scenario)).map_or_else(String::new, |said| wrapped(&said, 0, COLUMNS));
    let said = format!("\n{unbegun}{}\n", said.trim_end());
    let tail = tail(record, scenario, folder, &found);
    let whole = |lines: usize| {
        let head = meta(record) + &question(record, lines) + &said;
        let left = LINES.saturating_sub(head.lines().count() + tail.lines().count());
        let (table, missing) = if found.rows.is_empty() { (String::new(), 0) } else { table(record, &found, left) };
        (head + &table + &tail, missing)
    };
    // A long question gives way to rows.
    let tried: Vec<(String, usize)> = (1..=QUESTION).rev().map(whole).collect();
    let best = tried.iter().find(|(_, missing)| *missing == 0).or(tried.last());
    best.map_or_else(String::new, |(text, _)| text.clone())
}

/// At most so many lines of the question.
fn question(record: &Record, most: usize) -> String {
    let text = wrapped(&record.manifest.question, 0, COLUMNS - 2);
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = lines[..lines.len().min(most)].join("\n");
    if lines.len() > most {
        shown.push_str(" …");
    }
    if shown.is_empty() { shown } else { format!("\n{shown}\n") }
}

/// The answer in sentences, as the briefing says it.
pub(super) fn said(record: &Record, found: &Answer) -> Vec<String> {
    let words = Words::embedded("en").unwrap_or_else(|| Options::english().words);
    let words = if reference(record) == "the baseline" { words } else { words.against(&titled(record, 0)) };
    let options = Options { words, ..Options::english() };
    sentences(&Source { record, scenario: None, published: &[] }, &options, found)
}

/// The same on a terminal.
fn answered(record: &Record, found: &Answer) -> String {
    let said = said(record, found);
    let Some((first, rest)) = said.split_first() else { return String::new() };
    // The terminal writes a plain hyphen for minus, as everywhere else in this answer.
    let text = wrapped(first, 0, COLUMNS) + &wrapped(&rest.join(" "), 0, COLUMNS);
    text.replace('−', "-")
}

/// What a variant is called.
pub(super) fn titled(record: &Record, variant: usize) -> String {
    let variant = &record.manifest.variants[variant];
    style::titled(&variant.title, &variant.name)
}

/// What is said first where variants begin only after the months compared.
fn unbegun(record: &Record, scenario: &Scenario) -> Option<String> {
    let manifest = &record.manifest;
    let of = |name: &str| scenario.variants.iter().find(|variant| variant.name == name);
    let base = of(&manifest.variants[0].name)?;
    let others = &manifest.variants[1..];
    let end = manifest.window.1;
    let begins: Vec<Month> = others.iter().filter_map(|variant| of(&variant.name)?.parting(base)).filter(|month| *month > end).collect();
    let first = begins.iter().min()?;
    Some(if begins.len() == others.len() {
        format!("Nothing shows in these months: they end in {end}, and no variant differs from {} before {first}.", reference(record))
    } else {
        let begin = if begins.len() == 1 { "1 begins" } else { &format!("{} begin", begins.len()) };
        format!("Of {} {begin} only after {end}, from {first} on, and cannot show in these months.", counted(others.len(), "variant"))
    })
}

/// A row for each variant, the fewest people exploited first, within `left` lines; and how many had no room.
fn table(record: &Record, found: &Answer, left: usize) -> (String, usize) {
    let currency = &record.manifest.currency;
    let compared = compared(record, &titled(record, 0));
    let title = format!("Mean differences to {compared}, {} to {}, the fewest exploited first:", record.manifest.window.0, record.manifest.window.1);
    let mut out = format!("\n{}\n", cut(&title, COLUMNS));
    let heads = ["exploited", "%", "95 % interval", "identified", "spent", "cost of a"];
    let units = ["at a time", "", "of that mean", "a year", &format!("{currency} m/year"), "person-month"];
    for heads in [heads, units] {
        let [people, percent, interval, count, money, cost] = heads;
        let _ = writeln!(out, "{:NAME$}{people:>9}{percent:>7}{interval:>18}{count:>11}{money:>11}{cost:>13}", "");
    }
    let marks = marks(found);
    let room = left.saturating_sub(out.lines().count() + marks.lines().count()).max(3);
    let count = found.rows.len();
    let (first, last) = if count <= room { (count, 0) } else { (room - 3, 2) };
    // What marks a removal stands after the name.
    let room = if found.rows.iter().any(|row| row.removed.verdict == Verdict::More) { NAME - 3 } else { NAME - 1 };
    let names = cut_apart(&found.rows.iter().map(|row| titled(record, row.variant)).collect::<Vec<_>>(), room);
    let line = |place: usize| line(record, &found.rows[place], &names[place]);
    out.extend((0..first).map(line));
    if first + last < count {
        let _ = writeln!(out, "... {} more between these (--details)", count - first - last);
    }
    out.extend((count - last..count).map(line));
    (out + &marks, count - first - last)
}

fn line(record: &Record, row: &Row, name: &str) -> String {
    let name = if row.removed.verdict == Verdict::More { format!("{name} {REMOVED}") } else { name.to_owned() };
    let people = style(record, &row.people);
    let interval = if row.people.standard_error.is_some() && row.people.verdict != Verdict::Same {
        format!("{} to {}", people.difference(row.people.low), people.difference(row.people.high))
    } else {
        "-".to_owned()
    };
    let percent = row.people.percent().map_or("-".to_owned(), |percent| signed(percent, usize::from(percent.abs() < 9.95)));
    let cost = match row.cost {
        CostPerMonth::Money { mean, .. } => grouped(significant(mean), 0),
        CostPerMonth::Removal => "removal".to_owned(),
        CostPerMonth::Unclear | CostPerMonth::Adds => "-".to_owned(),
    };
    let mean = |effect: &Effect| format!("{}{}", style(record, effect).difference(effect.difference), mark(effect));
    let (first, count, money) = (mean(&row.people), mean(&row.count), mean(&row.money));
    // A mark stands beyond the column, so that digits stay below digits.
    let marked = |text: String| if text.ends_with(['?', '~']) { text } else { text + " " };
    format!("{name:<NAME$}{:>10}{percent:>7}{interval:>18}{:>11}{:>11}{cost:>12}", marked(first), marked(count), marked(money)).trim_end().to_owned()
        + "\n"
}

/// What is not as it looks: an uncertain direction, or one that would not stand among all.
fn mark(effect: &Effect) -> &'static str {
    match effect.verdict {
        Verdict::Unclear | Verdict::One => "?",
        Verdict::Less | Verdict::More if !effect.stands => "~",
        _ => "",
    }
}

/// What the marks that the table holds say.
fn marks(found: &Answer) -> String {
    let shown = |test: &dyn Fn(&Row) -> bool| found.rows.iter().any(test);
    let any = |sign: &str| shown(&|row| [&row.people, &row.count, &row.money].into_iter().any(|effect| mark(effect) == sign));
    let mut said = vec![];
    if shown(&|row| row.people.verdict == Verdict::One) {
        said.push("? one replicate, which says nothing of the direction");
    } else if any("?") {
        said.push("? direction uncertain: the 95 % interval of the mean holds 0");
    }
    if any("~") {
        said.push("~ clear only if nothing else were compared");
    }
    if shown(&|row| matches!(row.cost, CostPerMonth::Unclear | CostPerMonth::Adds)) {
        said.push("- no price: not clearly fewer exploited");
    }
    if shown(&|row| row.removed.verdict == Verdict::More) {
        said.push("! more exploited people removed without help");
    }
    if said.is_empty() { String::new() } else { wrapped(&said.join("; "), 0, COLUMNS) }
}

/// What the answer rests on, the next commands, and the caveat.
fn tail(record: &Record, scenario: Option<&Scenario>, folder: Option<&Path>, found: &Answer) -> String {
    let manifest = &record.manifest;
    let mut said = format!("Rests on {}", rests_on(record, scenario));
    if let (Some(scenario), Some(best)) = (scenario, found.lead()) {
        said.push_str(&turns_on(record, scenario, best));
    }
    let unpaid = scenario.map_or(0, |scenario| worst(scenario).len());
    match unpaid {
        0 => {}
        1 => said.push_str(" One plan asks for more than its lines can pay (--details)."),
        _ => said.push_str(" Plans ask for more than their lines can pay (--details)."),
    }
    let mut out = format!("\n{}", wrapped(&said, 0, COLUMNS));
    // A long path gives way to the run's own name, which is understood where runs are written to the usual folder.
    let shown = |folder: &Path| {
        let whole = folder.shown();
        let name = folder.file_name().map_or_else(|| whole.clone(), |name| name.to_string_lossy().into_owned());
        quoted_path(if whole.chars().count() > PATH { &name } else { &whole })
    };
    let run = folder.map_or_else(|| "latest".to_owned(), shown);
    let next = match found.rows.first() {
        Some(best) if best.people.sets < 2 => format!("Next: `fivep run {run} --replicates 20`"),
        Some(_) if manifest.replicates < 20 => format!("Next: `fivep compare {run} --details`, `fivep run {run} --replicates 20`"),
        Some(_) => format!("Next: `fivep compare {run} --details`, `fivep brief {run}`"),
        None => format!("Next: `fivep table {run}`"),
    };
    let _ = writeln!(out, "{next}");
    out + &wrapped(CAVEAT, 0, COLUMNS)
}

/// Parameter sets, replicates and scale in a sentence.
fn rests_on(record: &Record, scenario: Option<&Scenario>) -> String {
    let manifest = &record.manifest;
    let sets = (manifest.replicates as usize).div_ceil(together(record));
    // One set says nothing of which parameters are drawn.
    let varied = scenario.filter(|scenario| scenario.drawn.rows.len() > 1).map(|scenario| inputs::varied(&scenario.drawn.rows).len());
    let varied = varied.map_or_else(|| "some parameters".to_owned(), of_all);
    let replicates = counted(manifest.replicates as usize, "replicate");
    let parameters = match manifest.parameters {
        Choice::Best => format!("{replicates} with one value of each parameter, so that nothing is said of what is not known of them"),
        Choice::Posterior => format!(
            "{} ({varied} drawn from a calibration that {} settled, docs/CALIBRATION.md), {replicates}",
            counted(sets, "parameter set"),
            if manifest.unsettled { "is not shown to have" } else { "has" }
        ),
        choice @ Choice::Prior => format!("{} ({varied} drawn: {}), {replicates}", counted(sets, "parameter set"), choice.word()),
    };
    let sample = if manifest.scale > 1.0 { format!(", one agent for {} persons", manifest.scale) } else { String::new() };
    format!("{parameters}{sample}.")
}

/// On which uncertain inputs the size of the first row's effect turns, in a sentence; empty where none are drawn, or the effect has no sign.
fn turns_on(record: &Record, scenario: &Scenario, row: &Row) -> String {
    let sets = row.people.sets;
    if record.manifest.parameters == Choice::Best || scenario.drawn.rows.len() < sets || !row.people.verdict.clear() {
        return String::new();
    }
    if sets < FEWEST {
        return format!(" On which inputs its size turns can be told from {FEWEST} sets on.");
    }
    let effects = by_set(&differences(record, PEOPLE, (0, row.variant), record.manifest.window), together(record));
    let with = if row.people.verdict == Verdict::Less { -1.0 } else { 1.0 };
    let named = |input: &Input| format!("{} ({})", PARAMETERS[input.parameter].path(), signed(with * input.correlation, 2));
    let found = inputs::turns_on(&effects, &scenario.drawn.rows);
    let named: Vec<String> = found.iter().take(NAMED).map(named).collect();
    match named.split_last() {
        None => format!(" No input stands out as one on which its size turns, in {sets} sets."),
        Some((last, [])) => format!(" Its size turns most on {last}, the rank correlation over sets."),
        Some((last, rest)) => format!(" Its size turns most on {} and {last}, the rank correlations over sets.", rest.join(", ")),
    }
}

/// How many of all parameters are drawn, in words: where it is not all of them, the others are fixed.
fn of_all(varied: usize) -> String {
    match PARAMETERS.len() {
        all if varied == all => format!("all {all} parameters"),
        all => format!("{varied} of {all} parameters, the others fixed,"),
    }
}

fn style(record: &Record, effect: &Effect) -> Style {
    let size = [effect.difference, effect.low, effect.high].into_iter().filter(|value| value.is_finite()).fold(0.0, |a: f64, b| a.max(b.abs()));
    let size = if effect.measure == MONEY { size.max(1e6) } else { size };
    Style::of(effect.measure, &record.manifest.currency, size)
}

/// A number to three significant digits: more than is known of a cost.
fn significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let step = libm::pow(10.0, libm::floor(libm::log10(value.abs())) - 2.0).max(1.0);
    (value / step).round() * step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record as invented;
    use crate::model::ledgers::indicators::Indicator;

    /// A run of so many variants with long titles, of which every third removes people.
    fn record(variants: usize, replicates: u32) -> Record {
        let names: Vec<String> = std::iter::once("baseline".to_owned()).chain((1..=variants).map(|variant| format!("variant-{variant}"))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut record = invented(&names, replicates, |variant, replicate, row| {
            let stray = f64::from((replicate * 7 + variant as u32 * 3) % 11) - 5.0;
            let effect = variant as f64;
            row.set(Indicator::Exploited, 182_113.0 - effect * (60.0 + stray * 40.0));
            row.set(Indicator::PersonMonths, 182_113.0 - effect * (60.0 + stray * 40.0));
            row.set(Indicator::Identified, 55.0 + effect * stray);
            row.set(Indicator::RemovedUnassisted, 300.0 + if variant % 3 == 1 { 9.0 } else { 0.0 });
            row.set(Indicator::ExitMonths, 900.0);
            row.set(Indicator::ExitsEscape, 50.0);
            row.set(Indicator::Spent, 2.16e8 + 5.1e7 * effect);
        });
        for (variant, place) in record.manifest.variants.iter_mut().zip(0..) {
            variant.title = format!("Variant number {place} of this study with a long title of its own");
        }
        record.manifest.question = "What would be, if it were not as it is, and who would be helped by it in the end? ".repeat(9);
        record
    }

    /// Forty lines of a hundred columns, whatever there is to say.
    #[test]
    fn the_first_screen_is_a_screen() {
        for (variants, replicates) in [(0, 3), (1, 1), (1, 20), (2, 2), (12, 20), (12, 1), (40, 6), (40, 40)] {
            for choice in [Choice::Best, Choice::Posterior] {
                let mut record = record(variants, replicates);
                record.manifest.parameters = choice;
                let folder = if replicates < 20 { "output/invented/0001-0123abcd" } else { "/a/very/long/path/to/results/invented/0001-0123abcd" };
                let text = screen(&record, None, Some(Path::new(folder)));
                println!("{text}");
                let lines = text.lines().count();
                assert!(lines <= LINES, "{lines} lines of {variants} variants");
                let wide = text.lines().find(|line| line.chars().count() > COLUMNS);
                assert_eq!(wide, None, "{variants} variants");
                assert!(text.contains("Rests on") && text.contains("Next: `fivep") && text.trim_end().ends_with("not victims."), "{text}");
                assert!(!text.contains('{') && !text.contains("NaN"), "{text}");
            }
        }
    }

    /// Every variant has its row as long as there is room, the best first; beyond that both ends are shown and the rest is counted.
    #[test]
    fn rows_stand_in_order_and_none_is_lost_unsaid() {
        let twelve = screen(&record(12, 20), None, None);
        let rows: Vec<&str> = twelve.lines().filter(|line| line.starts_with("Variant number ")).collect();
        assert_eq!(rows.len(), 12, "{twelve}");
        assert!(rows[0].starts_with("Variant number 12 ") && rows[11].starts_with("Variant number 1 "), "{twelve}");
        assert!(rows[11].contains('!') && twelve.contains("! more exploited people removed without help"), "{twelve}");
        let forty = screen(&record(40, 20), None, None);
        let shown = forty.lines().filter(|line| line.starts_with("Variant number ")).count();
        assert!(shown >= 6 && forty.contains(&format!("... {} more between these", 40 - shown)), "{forty}");
        assert!(forty.lines().rfind(|line| line.starts_with("Variant number ")).is_some_and(|last| last.starts_with("Variant number 1 ")), "{forty}");
    }
}
