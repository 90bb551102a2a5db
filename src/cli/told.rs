//! What verbs say alike: what was run, what ledgers, units and verdicts are called, and what the variants are compared with.

use std::fmt::Write;

use serde_json::{Value, json};

use super::CAVEAT;
use super::listing::{Listing, width, wrapped};
use super::numbers::counted;
use crate::analysis::measure::Measure;
use crate::analysis::verdict::Verdict;
use crate::model::Setting;
use crate::model::ledgers::indicators::Ledger;
use crate::model::policy::{Lever, P, Sign};
use crate::results::Record;

/// CSV, with a byte order mark where one is wished.
#[must_use]
pub fn with_mark(bom: bool, listing: &Listing) -> String {
    let csv = listing.csv();
    if bom { format!("\u{feff}{csv}") } else { csv }
}

/// The heading of a ledger.
#[must_use]
pub fn ledger_title(ledger: Ledger) -> &'static str {
    match ledger {
        Ledger::Truth => "TRUTH LEDGER",
        Ledger::Official => "OFFICIAL LEDGER",
        Ledger::Cost => "COST",
    }
}

/// The word for a ledger in CSV and JSON.
#[must_use]
pub fn ledger_word(ledger: Ledger) -> &'static str {
    match ledger {
        Ledger::Truth => "truth",
        Ledger::Official => "official",
        Ledger::Cost => "cost",
    }
}

/// The unit in CSV and JSON, where money is in units of the currency.
#[must_use]
pub fn unit_word(record: &Record, measure: Measure) -> String {
    unit_in(&record.manifest.currency, measure).to_owned()
}

/// The same where the currency is known.
#[must_use]
pub fn unit_in(currency: &str, measure: Measure) -> &str {
    if measure.unit() == "money" { currency } else { measure.unit() }
}

/// What is to be said of a run whose parameter sets come from a calibration that is not known to have settled.
#[must_use]
pub fn unsettled(record: &Record) -> Option<String> {
    let said = "The parameter sets come from a calibration that is not shown to have settled: intervals are rough.";
    record.manifest.unsettled.then(|| said.to_owned())
}

/// The first lines of every text answer: what was run.
#[must_use]
pub fn meta(record: &Record) -> String {
    let manifest = &record.manifest;
    let futures = counted(manifest.replicates as usize, "replicate");
    let (from, to, scale, seed) = (manifest.from, manifest.to, manifest.scale, manifest.seed);
    let mut out = format!("\n{}\n", manifest.title);
    let _ = writeln!(out, "{from} to {to} | {futures} | scale {scale} | seed {seed}");
    out
}

/// The same with the question.
#[must_use]
pub fn heading(record: &Record) -> String {
    let (manifest, mut out) = (&record.manifest, meta(record));
    if !manifest.question.trim().is_empty() {
        out.push('\n');
        out.push_str(&wrapped(&manifest.question, 0, width().min(100)));
    }
    out
}

/// A variant's name and title on a line of their own, underlined.
#[must_use]
pub fn variant_heading(record: &Record, variant: usize) -> String {
    let variant = &record.manifest.variants[variant];
    let title =
        if variant.title.is_empty() || variant.title == variant.name { variant.name.clone() } else { format!("{}: {}", variant.name, variant.title) };
    format!("\n\n{title}\n{}\n", "=".repeat(title.chars().count().min(width())))
}

/// What every JSON answer says of its run.
#[must_use]
pub fn about(record: &Record) -> Value {
    let manifest = &record.manifest;
    json!({
        "scenario": manifest.name,
        "title": manifest.title,
        "question": manifest.question,
        "country": manifest.country,
        "currency": manifest.currency,
        "price_year": manifest.price_year,
        "hash": manifest.hash,
        "seed": manifest.seed,
        "replicates": manifest.replicates,
        "scale": manifest.scale,
        "from": manifest.from.to_string(),
        "to": manifest.to.to_string(),
        "intervals": record.manifest.parameters.interval(),
        "note": CAVEAT,
    })
}

/// What the others are compared with, in a sentence.
#[must_use]
pub fn reference(record: &Record) -> String {
    let name = &record.manifest.variants[0].name;
    if name == "baseline" { "the baseline".to_owned() } else { format!("`{name}`") }
}

/// The same by `title`, which is what that variant is called.
#[must_use]
pub fn compared(record: &Record, title: &str) -> String {
    if reference(record) == "the baseline" { reference(record) } else { format!("“{title}”") }
}

/// The word for a verdict in CSV and JSON.
#[must_use]
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Less => "fewer",
        Verdict::More => "more",
        Verdict::Unclear => "uncertain",
        Verdict::Same => "same",
        Verdict::One => "one set",
        Verdict::Undefined => "undefined",
    }
}

/// What a lever costs a year at its least and at its greatest value, in the country's currency.
#[must_use]
pub fn ends(lever: &Lever, setting: &Setting) -> Option<[f64; 2]> {
    let bill = lever.cost?;
    let default = lever.default_value()?;
    let each = bill.yearly(&setting.country, &setting.parameters);
    Some([lever.min, lever.max].map(|value| (bill.times.signum() * (value - default)).max(0.0) * each))
}

/// The P by its name.
#[must_use]
pub fn p_word(p: P) -> &'static str {
    match p {
        P::Policy => "Policy",
        P::Prosecution => "Prosecution",
        P::Protection => "Protection",
        P::Prevention => "Prevention",
        P::Partnership => "Partnership",
    }
}

/// Which way an indicator goes.
#[must_use]
pub fn direction(sign: Sign) -> &'static str {
    match sign {
        Sign::Up => "up",
        Sign::Down => "down",
    }
}
