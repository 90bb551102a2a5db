//! The workbooks of a run: a comparison, and one ledger.
//!
//! Absent on purpose: how a sheet is laid out (`sheets`).

use super::Failure;
use super::numbers::counted;
use super::screen::said;
use super::sheets::{Cell, Column, Cover, Names, Sheet, Shown, column, heading, workbook};
use super::told::{compared, ledger_word, unit_word, verdict_word};
use crate::analysis::answer::{Answer, answer};
use crate::analysis::compare::{Comparison, CostPerMonth, Effect};
use crate::analysis::measure::Measure;
use crate::analysis::table::{Cell as Figure, Table as Laid};
use crate::charts::style::harmless;
use crate::model::ledgers::indicators::Ledger;
use crate::results::Record;

/// The workbook of a comparison: the answer, and every measure that was asked for.
///
/// # Errors
/// Why it cannot be laid out.
pub fn comparison(record: &Record, found: &Comparison) -> Result<Vec<u8>, Failure> {
    let answer = answer(record);
    let window = record.manifest.window;
    let mut lines = vec![("Question", record.manifest.question.clone()), ("Months compared", format!("{} to {}", window.0, window.1))];
    lines.extend(said(record, &answer).into_iter().enumerate().map(|(place, sentence)| (if place == 0 { "Answer" } else { "" }, sentence)));
    workbook(cover(record, lines), &[ranked(record, &answer), differences(record, found, &Names::read())])
}

/// The workbook of one ledger.
///
/// # Errors
/// Why it cannot be laid out, as where there are more rows than a sheet has.
pub fn ledger(record: &Record, table: &Laid, ledger: Ledger) -> Result<Vec<u8>, Failure> {
    let months = ("Months", format!("{} to {}", record.manifest.from, record.manifest.to));
    workbook(cover(record, vec![("Question", record.manifest.question.clone()), months]), &[laid(record, table, ledger, &Names::read())])
}

/// What a variant is called, as columns.
fn called() -> [Column; 2] {
    [
        column("Variant", Shown::Text, "A package of policies that was simulated."),
        column("Name", Shown::Text, "Its name in the scenario, in CSV and in the run folder."),
    ]
}

/// The same of one variant.
fn calls(record: &Record, variant: usize) -> [Cell; 2] {
    [titled(record, variant), record.manifest.variants[variant].name.clone()].map(Cell::Text)
}

/// Whether an effect has a direction, as columns.
fn directed() -> [Column; 2] {
    [
        column("Direction", Shown::Text, "fewer or more where the interval leaves out 0; else uncertain."),
        column("Clear among all", Shown::Text, "Whether the direction stands among all differences that are compared (Benjamini-Hochberg)."),
    ]
}

/// A difference, in per cent, its interval, and whether it has a direction.
fn effected(effect: &Effect) -> [Cell; 6] {
    let end = |value: f64| if effect.standard_error.is_some() { Cell::Number(value) } else { Cell::Nothing };
    [
        Cell::Number(effect.difference),
        effect.percent().map_or(Cell::Nothing, Cell::Number),
        end(effect.low),
        end(effect.high),
        Cell::Text(verdict_word(effect.verdict).to_owned()),
        Cell::Text(if effect.stands { "yes" } else { "no" }.to_owned()),
    ]
}

/// The variants, the fewest people exploited first.
fn ranked(record: &Record, found: &Answer) -> Sheet {
    let currency = &record.manifest.currency;
    let compared = compared(record, &titled(record, 0));
    let interval = "End of the 95 % interval of that mean, by parameter set.";
    let mut columns = called().to_vec();
    columns.extend([
        column("People exploited, difference", Shown::Whole, format!("Mean difference to {compared} in people exploited at the end of a month.")),
        column("People exploited, per cent", Shown::Tenths, "The same in per cent of those exploited there."),
        column("People exploited, lower end", Shown::Whole, interval),
        column("People exploited, upper end", Shown::Whole, interval),
    ]);
    columns.extend(directed());
    columns.extend([
        column(
            "Fewer in a single future, share",
            Shown::Share,
            "In what share of parameter sets one future of the country's own size would show fewer people exploited.",
        ),
        column(
            "Removed without help, difference a year",
            Shown::Whole,
            "Exploited people who are removed from the country without help: they are no longer exploited here, and have not been helped.",
        ),
        column("Victims identified, difference a year", Shown::Whole, "What a government would count. It measures activity, not victims."),
        column(format!("Public money spent, difference a year ({currency})"), Shown::Whole, "What the levers cost, bottom-up."),
        column(
            format!("Cost of a person-month averted ({currency})"),
            Shown::Whole,
            "Empty where nothing is clearly averted, or where removing people may be what averts.",
        ),
    ]);
    let rows = found.rows.iter().map(|row| {
        let more = [
            Cell::Number(row.people.single.lower),
            Cell::Number(row.removed.difference),
            Cell::Number(row.count.difference),
            Cell::Number(row.money.difference),
            if let CostPerMonth::Money { mean, .. } = row.cost { Cell::Number(mean) } else { Cell::Nothing },
        ];
        calls(record, row.variant).into_iter().chain(effected(&row.people)).chain(more).collect()
    });
    Sheet {
        name: "Answer".to_owned(),
        about: format!("Every variant beside {compared}, the fewest people exploited first"),
        columns,
        rows: rows.collect(),
    }
}

/// Every variant and measure.
fn differences(record: &Record, found: &Comparison, names: &Names) -> Sheet {
    let mut columns = called().to_vec();
    columns.extend([
        column("Ledger", Shown::Text, "Truth: what is so in the model. Official: what a government would count. Cost: what it costs."),
        column("Measure", Shown::Text, "What is measured; `fivep explain` says of each what it means."),
        column("Unit", Shown::Text, "Of the means and of the difference; differences of shares are in points (0.01 is one percentage point)."),
        column("Mean under the variant", Shown::General, "Mean over replicates, of the months compared."),
        column("Mean without", Shown::General, format!("The same under {}.", compared(record, &titled(record, 0)))),
        column("Difference", Shown::General, "Mean of the differences within replicates."),
        column("Difference, per cent", Shown::Tenths, "Of the mean without; empty for shares."),
        column("Lower end of the 95 % interval", Shown::General, "Of the mean difference, by parameter set (Student's t)."),
        column("Upper end of the 95 % interval", Shown::General, "The same."),
    ]);
    columns.extend(directed());
    columns.push(column("Parameter sets", Shown::Whole, "How many were counted."));
    let one = |variant: usize, effect: &Effect| {
        let measure = effect.measure;
        let a_year = if measure.averaged() { "" } else { " a year" };
        let what = [
            Cell::Text(heading(ledger_word(measure.ledger()))),
            Cell::Text(names.of(measure)),
            Cell::Text(unit_word(record, measure) + a_year),
            Cell::Number(effect.variant),
            Cell::Number(effect.baseline),
        ];
        calls(record, variant).into_iter().chain(what).chain(effected(effect)).chain([Cell::Number(effect.sets as f64)]).collect()
    };
    let rows = found.variants.iter().flat_map(|against| against.effects.iter().map(|effect| one(against.variant, effect)));
    Sheet {
        name: "Differences".to_owned(),
        about: "Every measure that was compared, in both ledgers and in cost".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

/// One ledger by month, year, sector, origin or stage.
fn laid(record: &Record, table: &Laid, ledger: Ledger, names: &Names) -> Sheet {
    let of = |(place, name): (usize, &String)| match Measure::named(name).filter(|_| place >= table.keys) {
        Some(measure) => column(format!("{} ({})", names.of(measure), unit_word(record, measure)), shown(measure), measure.text()),
        None if place < table.keys => column(heading(name), Shown::Text, "What the row is about."),
        None => column(heading(name), Shown::General, "Persons or events at full scale."),
    };
    let cell = |figure: &Figure| match figure {
        Figure::Text(text) => Cell::Text(text.clone()),
        Figure::Number(value) => Cell::Number(*value),
    };
    Sheet {
        // The last key says what a row is.
        name: format!("By {}", table.columns[table.keys - 1]),
        about: format!("{} ledger: means over replicates; flows are totals of the months in each row", heading(ledger_word(ledger))),
        columns: table.columns.iter().enumerate().map(of).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    }
}

/// What a variant is called: its title whole, for a cell knows every script; its name where the title shows nothing.
fn titled(record: &Record, variant: usize) -> String {
    let variant = &record.manifest.variants[variant];
    let title = harmless(&variant.title).trim().to_owned();
    if title.chars().any(char::is_alphanumeric) { title } else { variant.name.clone() }
}

fn shown(measure: Measure) -> Shown {
    match measure.unit() {
        "share" => Shown::Share,
        "persons" | "cases" | "money" => Shown::Whole,
        _ => Shown::General,
    }
}

/// What stands before the sheets of a run.
fn cover(record: &Record, mut lines: Vec<(&'static str, String)>) -> Cover {
    let manifest = &record.manifest;
    let replicates = counted(manifest.replicates as usize, "replicate");
    lines.push(("Rests on", format!("{replicates}; intervals are about {}", manifest.parameters.interval())));
    Cover { title: manifest.title.clone(), moment: manifest.started.clone(), lines, cite: cite(record) }
}

/// How the figures are cited: what somebody needs to make them again.
fn cite(record: &Record) -> String {
    let manifest = &record.manifest;
    format!(
        "fivep {} (revision {}), scenario {}, run {}, seed {}, scale {}, {}",
        manifest.version,
        manifest.revision,
        manifest.name,
        manifest.hash,
        manifest.seed,
        manifest.scale,
        manifest.started.get(..10).unwrap_or_default()
    )
}
