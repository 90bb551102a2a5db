//! `fivep validate`: the model beside every published pattern.

use std::fmt::Write;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::{Listing, number, width, wrapped};
use super::numbers::grouped;
use super::simulate::{self, STOP, progress_bar, watch_for_interrupts};
use super::{Answer, CAVEAT, Failure, ListFormat, fault};
use crate::calibration::validation::{Check, validate};
use crate::ensemble::simulate_all;
use crate::quantities::Month;
use crate::scenario::targets::{Against, Expected, Use};
use crate::scenario::{self, Overrides, Scenario};

/// Options of `fivep validate`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  fivep validate\n  fivep validate thailand-2016 --replicates 50 --format csv")]
pub struct Args {
    /// A scenario file, or the name of a shipped scenario; its baseline is held against the country's targets
    #[arg(default_value = "thailand-2016")]
    pub scenario: String,
    /// How many replicates instead of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub replicates: Option<u32>,
    /// The seed instead of the scenario's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How many persons one agent stands for, instead of the scenario's; 1 is full scale
    #[arg(long, value_name = "N")]
    pub scale: Option<f64>,
    /// Which parameter values [default: posterior where the country has one, else best]
    #[arg(long, value_name = "WHICH", value_enum)]
    pub parameters: Option<simulate::Parameters>,
    /// How many threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// Simulates the baseline and holds it against the country's targets.
///
/// # Errors
/// Faults of the scenario or of its country's targets, or an interrupt.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let overrides = Overrides {
        replicates: args.replicates,
        seed: args.seed,
        scale: args.scale,
        only: Some(vec!["baseline".to_owned()]),
        parameters: args.parameters.map(simulate::Parameters::choice),
        ..Overrides::default()
    };
    let scenario = scenario::load(&args.scenario, &overrides)?;
    let targets = scenario::targets_of(&scenario)?;
    let checks = checks(&scenario, &targets, simulate::jobs(args.jobs))?;
    if checks.is_empty() {
        let country = &scenario.country.0;
        return Err(fault(format!(
            "error: no target of {country} lies between {} and {}\n  = help: widen `from` and `to`",
            scenario.from, scenario.to
        )));
    }
    let listing = listing(&checks, args.format == ListFormat::Markdown);
    Ok(Answer::text(listing.render(args.format, || text(&scenario, &checks))))
}

fn checks(scenario: &Scenario, targets: &[scenario::targets::Target], jobs: usize) -> Result<Vec<Check>, Failure> {
    watch_for_interrupts();
    let bar = progress_bar();
    let runs = simulate_all(
        scenario,
        jobs,
        &|progress| {
            bar.set_length(progress.total_months);
            bar.set_position(progress.done_months);
        },
        &STOP,
    );
    let runs = runs.ok_or(Failure::Interrupted)?;
    let done = |done: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let checks = validate(scenario, &runs, targets, jobs, &done, &STOP);
    bar.finish_and_clear();
    checks.ok_or(Failure::Interrupted)
}

/// A figure with about three digits that count.
fn figure(value: f64) -> String {
    let decimals = match value.abs() {
        size if !size.is_finite() => return "-".to_owned(),
        0.0 => 0,
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 0.1 => 2,
        size => 2 - (libm::floor(libm::log10(size)) as i32).max(-8),
    };
    grouped(value, usize::try_from(decimals).unwrap_or(0))
}

fn difference(value: f64) -> String {
    if value > 0.0 { format!("+{}", figure(value)) } else { figure(value) }
}

fn span(from: Month, to: Month) -> String {
    if from.plus(11) == to && from.to_string().ends_with("-01") {
        from.to_string()[..4].to_owned()
    } else if from == to {
        from.to_string()
    } else {
        format!("{from} to {to}")
    }
}

/// What was published, in words.
fn published(check: &Check) -> String {
    match &check.target.expected {
        Expected::Values(values) => values.iter().map(|value| figure(*value)).collect::<Vec<_>>().join(" or "),
        Expected::Range(low, high) if high.is_infinite() => format!("{} or more", figure(*low)),
        Expected::Range(low, high) if low.is_infinite() => format!("{} or less", figure(*high)),
        Expected::Range(low, high) => format!("{} to {}", figure(*low), figure(*high)),
        Expected::Direction { rises, against } => {
            let verb = if *rises { "rises" } else { "falls" };
            match against {
                Against::Earlier(from, to) => format!("{verb} against {}", span(*from, *to)),
                Against::Lever { key, value, .. } => format!("{verb} with {key} = {value}"),
            }
        }
    }
}

fn verdict(check: &Check) -> String {
    let word = if check.reproduced() { "reproduced" } else { "missed" };
    check.shown().map_or_else(|| word.to_owned(), |(shown, all)| format!("{word}, {shown} of {all}"))
}

fn band(check: &Check) -> (String, String) {
    let write = if check.shown().is_some() { difference } else { figure };
    (write(check.quantile(0.5)), format!("{} to {}", write(check.quantile(0.05)), write(check.quantile(0.95))))
}

/// The table; for documents in words, else at full precision.
fn listing(checks: &[Check], words: bool) -> Listing {
    if words {
        let row = |check: &Check| {
            let (median, band) = band(check);
            let of = &check.target;
            [of.pattern.clone(), of.purpose.letter().to_owned(), of.title.clone(), published(check), median, band, verdict(check)]
                .map(Value::from)
                .to_vec()
        };
        let columns = vec!["pattern", "use", "what", "published", "model, median", "90 %", "verdict"];
        return Listing { columns, rows: checks.iter().map(row).collect() };
    }
    let row = |check: &Check| {
        let of = &check.target;
        let (low, high) = of.interval();
        vec![
            json!(of.pattern),
            json!(of.purpose.letter()),
            json!(of.name),
            json!(of.title),
            json!(span(of.period.0, of.period.1)),
            json!(published(check)),
            number(low),
            number(high),
            number(check.quantile(0.5)),
            number(check.quantile(0.05)),
            number(check.quantile(0.95)),
            json!(check.reproduced()),
            check.shown().map_or(Value::Null, |(shown, _)| json!(shown)),
            json!(check.readings.len()),
            json!(of.sources.join("; ")),
            json!(of.note),
        ]
    };
    let columns = vec![
        "pattern",
        "use",
        "target",
        "title",
        "period",
        "published",
        "published_low",
        "published_high",
        "median",
        "p05",
        "p95",
        "reproduced",
        "direction_shown_in",
        "replicates",
        "sources",
        "note",
    ];
    Listing { columns, rows: checks.iter().map(row).collect() }
}

/// How many of the targets of one use are reproduced.
fn tally(checks: &[Check], purpose: Use) -> (usize, usize) {
    let of = checks.iter().filter(|check| check.target.purpose == purpose);
    (of.clone().filter(|check| check.reproduced()).count(), of.count())
}

fn text(scenario: &Scenario, checks: &[Check]) -> String {
    let replicates = checks[0].readings.len();
    let mut out = format!("\n{}: the baseline beside published figures\n", scenario.title);
    let _ = writeln!(
        out,
        "{} to {} | {replicates} replicates | scale {} | seed {} | {}",
        scenario.from,
        scenario.to,
        scenario.scale,
        scenario.seed,
        scenario.drawn.choice.interval()
    );
    let mut pattern = "";
    for check in checks {
        if check.target.pattern != pattern {
            pattern = &check.target.pattern;
            let _ = writeln!(out, "\n{pattern:<4}{:<46}{:<26}{:>10}  {:<22} verdict", "", "published", "median", "5 to 95 %");
        }
        let (median, band) = band(check);
        let title: String = check.target.title.chars().take(45).collect();
        let _ = writeln!(out, "{:<4}{title:<46}{:<26}{median:>10}  {band:<22} {}", check.target.purpose.letter(), published(check), verdict(check));
    }
    let ((c, of_c), (v, of_v)) = (tally(checks, Use::Calibrate), tally(checks, Use::Validate));
    let say = format!(
        "{c} of {of_c} targets that may be fitted (C) and {v} of {of_v} that only validate (V) are reproduced: what was published, widened by its error, and the \
         5th to 95th percentile of the replicates have something in common; a direction shows in more than half of them. Ranges are {}.",
        scenario.drawn.choice.interval()
    );
    out.push('\n');
    out.push_str(&wrapped(&say, 0, width().min(100)));
    out.push_str(&wrapped(CAVEAT, 0, width().min(100)));
    out
}
