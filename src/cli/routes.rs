//! `fivep routes`: by which ways people come into exploitation and out of it, and which way carries each variant's effect.

use std::fmt::Write;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::asked::{finished, referred};
use super::listing::{Listing, number, width, wrapped};
use super::numbers::grouped;
use super::options::Options;
use super::simulate::simulate;
use super::told::{heading, reference};
use super::{Answer, CAVEAT, Failure, ListFormat, fault};
use crate::analysis::compare::{Effect, effect};
use crate::analysis::measure::Measure;
use crate::analysis::routes::{Carrier, Ways, carrier, routes};
use crate::analysis::verdict::Verdict;
use crate::model::ledgers::indicators::Indicator;
use crate::results::{Record, load};

/// Options of `fivep routes`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep routes output/thailand-2016/0001-1a2b3c4d\n  fivep routes borderland --replicates 10\n  fivep routes output/thailand-2016/0001-1a2b3c4d --format csv > routes.csv"
)]
pub struct Args {
    /// A scenario file, the name of a shipped scenario, or a run: its folder, the beginning of its name, or `latest`
    #[arg(default_value = "thailand-2016", value_name = "SCENARIO|RUN")]
    pub scenario: String,
    /// What is simulated.
    #[command(flatten)]
    pub options: Options,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// Simulates or reads, then tells the ways.
///
/// # Errors
/// The scenario's faults, what the disk refuses, or an interrupt; for a run folder, options that come too late.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let (record, folder) = if let Some(run) = finished(&args.scenario, &args.options)? {
        let late = args.options.given();
        if !late.is_empty() {
            let help = "give the scenario instead of the run folder to simulate again";
            return Err(fault(format!("error: {} cannot change a run that is finished\nhelp: {help}", late.join(", "))));
        }
        (load(&run)?, run)
    } else {
        simulate(&args.scenario, &args.options, &mut answer.remarks)?
    };
    let (record, _) = referred(record, None, None)?;
    let ways = routes(&record, record.manifest.window);
    answer.text = listing(&record, &ways).render(args.format, || text(&record, &ways));
    record.check()?;
    answer.folder = Some(folder);
    Ok(answer)
}

fn text(record: &Record, all: &[Ways]) -> String {
    let paragraph = width().min(100);
    let (from, to) = record.manifest.window;
    let mut out = heading(record);
    let _ = write!(
        out,
        "\nWays into exploitation and out of it, persons a year and their share, {from} to {to}; changes are to {}.\n\n",
        reference(record)
    );
    let Some((baseline, variants)) = all.split_first() else { return out };
    let title = baseline.flows.iter().map(|flow| flow.route.words().chars().count()).max().unwrap_or(0) + 2;
    // So many variants beside the baseline as a line holds.
    let beside = (width().max(110).saturating_sub(title) / CELL).saturating_sub(1).max(1);
    let chunks: Vec<&[Ways]> = if variants.is_empty() { vec![&[]] } else { variants.chunks(beside).collect() };
    for chunk in chunks {
        out.push_str(&table(record, baseline, chunk, title));
    }
    for ways in all.iter().filter(|ways| ways.variant > 0) {
        out.push_str(&wrapped(&sentence(record, ways), 0, paragraph));
    }
    out.push('\n');
    let note =
        "Ways in and ways out feed each other: who is not taken in does not leave either. A part is of those changes that go the way of the effect.";
    out.push_str(&wrapped(note, 0, paragraph));
    out.push_str(&wrapped(CAVEAT, 0, paragraph));
    out
}

/// How wide a column is.
const CELL: usize = 19;

/// The baseline and some variants beside it: ways in, then ways out.
fn table(record: &Record, baseline: &Ways, variants: &[Ways], title: usize) -> String {
    let mut out = String::new();
    let shown = || std::iter::once(baseline).chain(variants);
    for into in [true, false] {
        let _ = write!(out, "{:<title$}", if into { "WAYS IN" } else { "WAYS OUT" });
        for ways in shown() {
            let name: String = record.manifest.variants[ways.variant].name.chars().take(CELL - 1).collect();
            let _ = write!(out, "{name:>CELL$}");
        }
        out.push('\n');
        for place in (0..baseline.flows.len()).filter(|place| baseline.flows[*place].route.into() == into) {
            let _ = write!(out, "{:<title$}", baseline.flows[place].route.words());
            for ways in shown() {
                let flow = ways.flows[place];
                let persons = if ways.variant == 0 { grouped(flow.persons, 0) } else { signed(flow.change) };
                let _ = write!(out, "{:>CELL$}", format!("{persons} {:>5} %", grouped(100.0 * flow.share, 1)));
            }
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

fn signed(value: f64) -> String {
    let text = grouped(value, 0);
    if value > 0.0 && text != "0" { format!("+{text}") } else { text }
}

/// Which way carries a variant's effect.
#[must_use]
pub fn sentence(record: &Record, ways: &Ways) -> String {
    let name = &record.manifest.variants[ways.variant].name;
    let months: Effect = effect(record, Measure::Indicator(Indicator::PersonMonths), ways.variant, record.manifest.window);
    let Some(Carrier { route, change, part }) = carrier(ways) else { return format!("{name}: no way in or out changes.") };
    let open = if months.verdict == Verdict::Unclear { " (direction uncertain)" } else { "" };
    let weight = if part > 0.5 { "more than half" } else { "no way carries more than half; the most" };
    let side = if route.into() { "coming in" } else { "getting out" };
    format!(
        "{name}: {} person-months a year{open}; {weight} is carried by `{}`, {} persons a year {side} ({:.0} % of the changes that go this way).",
        signed(months.difference),
        route.words(),
        signed(change),
        100.0 * part
    )
}

fn listing(record: &Record, all: &[Ways]) -> Listing {
    let columns = vec![
        "variant",
        "direction",
        "route",
        "persons_a_year",
        "share",
        "change",
        "weight_on_exploited",
        "carries_most",
        "part",
        "more_than_half",
        "person_months_change",
        "from",
        "to",
    ];
    let (from, to) = record.manifest.window;
    let mut rows = vec![];
    for ways in all {
        let most = carrier(ways);
        for flow in &ways.flows {
            let most = most.filter(|most| most.route == flow.route);
            rows.push(vec![
                json!(record.manifest.variants[ways.variant].name),
                json!(if flow.route.into() { "in" } else { "out" }),
                json!(flow.route.name()),
                number(flow.persons),
                number(flow.share),
                if ways.variant == 0 { Value::Null } else { number(flow.change) },
                if ways.variant == 0 { Value::Null } else { number(flow.weight) },
                json!(most.is_some()),
                most.map_or(Value::Null, |most| number(most.part)),
                most.map_or(Value::Null, |most| json!(most.part > 0.5)),
                if ways.variant == 0 { Value::Null } else { number(ways.person_months) },
                json!(from.to_string()),
                json!(to.to_string()),
            ]);
        }
    }
    Listing { columns, rows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record;

    #[test]
    fn the_way_that_carries_an_effect_is_named_with_its_part() {
        let record = record(&["baseline", "other"], 6, |variant, _, row| {
            let other = if variant == 1 { 1.0 } else { 0.0 };
            row.set(Indicator::NewVictims, 100.0 - 30.0 * other);
            row.set(Indicator::ForcedAtArrival, 60.0 - 30.0 * other);
            row.set(Indicator::ExitsEscape, 90.0 + 10.0 * other);
            row.set(Indicator::PersonMonths, 1_000.0 - 100.0 * other);
        });
        let ways = routes(&record, record.manifest.window);
        let text = text(&record, &ways);
        assert!(text.contains("WAYS IN") && text.contains("WAYS OUT"), "{text}");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let say = "other: -1,200 person-months a year; more than half is carried by `exploited from the day of arrival`, -360 persons a year coming in (75 % of the changes that go this way).";
        assert!(flat.contains(say), "{flat}");
        let csv = listing(&record, &ways).csv();
        assert_eq!(csv.lines().count(), 1 + 2 * ways[0].flows.len());
        assert!(csv.contains("other,in,at_arrival,360.0,") && csv.contains(",true,0.75,true,"), "{csv}");
    }
}
