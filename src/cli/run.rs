//! `fivep run`: simulate, write, and tell both ledgers by year.

use std::fmt::Write;
use std::path::Path;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::asked::finished;
use super::listing::{Listing, number, pretty, width, wrapped};
use super::numbers::Style;
use super::options::Options;
use super::simulate::{grow, simulate};
use super::told::{about, heading, ledger_title, ledger_word, unit_word, unsettled, variant_heading, with_mark};
use super::{Answer, CAVEAT, Failure, Format, shard};
use crate::analysis::measure::HEADLINES;
use crate::analysis::summary::{Line, Summary, Year, summary};
use crate::results::Record;

/// Options of `fivep run`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep run\n  fivep run my-question.toml --replicates 5\n  fivep run thailand-2016 --scale 1 --replicates 1 --only baseline\n  fivep run output/thailand-2016/0001-1a2b3c4d --replicates 200    add replicates to a run\n  fivep run borderland --until settled --at-most 200\n\nEach replicate is kept as soon as it is done: after an interrupt or a crash the same command goes on from there."
)]
pub struct Args {
    /// A scenario file, the name of a shipped scenario, a planned study, or a run that is to have more replicates: its folder, the
    /// beginning of its name, or `latest`
    #[arg(default_value = "thailand-2016", value_name = "SCENARIO|RUN")]
    pub scenario: String,
    /// What is simulated.
    #[command(flatten)]
    pub options: Options,
    /// Compute only this share of what is missing in a planned study: K/N, or `auto` in a job array
    #[arg(long, value_name = "K/N|auto")]
    pub shard: Option<String>,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Begin CSV with a byte order mark, for spreadsheets
    #[arg(long)]
    pub bom: bool,
}

/// Simulates and tells.
///
/// # Errors
/// The scenario's faults, what the disk refuses, or an interrupt.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let path = Path::new(&args.scenario);
    if let Some(shard) = &args.shard {
        return shard::work(path, shard, &args.options);
    }
    let (record, folder) = match finished(&args.scenario, &args.options)? {
        Some(run) => grow(&run, &args.options, &mut answer.remarks)?,
        None => simulate(&args.scenario, &args.options, &mut answer.remarks)?,
    };
    let summary = summary(&record, &HEADLINES);
    record.check()?;
    answer.folder = Some(folder);
    answer.remarks.extend(unsettled(&record));
    match args.format {
        Format::Text => answer.text = text(&record, &summary),
        Format::Json => answer.text = pretty(&document(&record, &summary)),
        Format::Csv => {
            answer.text = with_mark(args.bom, &listing(&record, &summary));
            answer.remarks.push(CAVEAT.to_owned());
        }
    }
    Ok(answer)
}

fn year_label(year: Year) -> String {
    if year.months() == 12 { year.year.to_string() } else { format!("{} ({} m)", year.year, year.months()) }
}

fn text(record: &Record, summary: &Summary) -> String {
    let mut out = heading(record);
    for (variant, lines) in summary.variants.iter().enumerate() {
        out.push_str(&variant_heading(record, variant));
        out.push_str(&lines_text(record, lines, &summary.years.iter().map(|year| year_label(*year)).collect::<Vec<_>>()));
    }
    out.push('\n');
    let say = "Means over replicates. Persons and events at full scale; flows are totals of the year's reported months. \
               `fivep compare` with the run folder below pairs the variants with the baseline and tells ranges.";
    out.push_str(&wrapped(say, 0, width().min(100)));
    out.push_str(&wrapped(CAVEAT, 0, width().min(100)));
    out
}

/// Lines of figures under one heading a column, ledger by ledger.
#[must_use]
pub fn lines_text(record: &Record, lines: &[Line], headings: &[String]) -> String {
    let currency = &record.manifest.currency;
    let mut out = String::new();
    let name_width = lines.iter().map(|line| line.measure.name().len()).max().unwrap_or(0).max(16);
    let mut ledger = None;
    let size = |line: &Line| line.figures.iter().map(|figure| figure.mean).filter(|mean| mean.is_finite()).fold(0.0, |a: f64, b| a.max(b.abs()));
    for line in lines {
        if ledger != Some(line.measure.ledger()) {
            ledger = Some(line.measure.ledger());
            let _ = write!(out, "\n{:<name_width$} {:<14}", ledger_title(line.measure.ledger()), "");
            for heading in headings {
                let _ = write!(out, " {heading:>10}");
            }
            out.push('\n');
        }
        let style = Style::of_total(line.measure, currency, size(line));
        let _ = write!(out, "{:<name_width$} {:<14}", line.measure.name(), style.unit);
        for figure in &line.figures {
            let _ = write!(out, " {:>10}", style.value(figure.mean));
        }
        out.push('\n');
    }
    out
}

fn listing(record: &Record, summary: &Summary) -> Listing {
    let columns = vec!["variant", "year", "months", "ledger", "indicator", "unit", "mean", "low_5", "high_95", "replicates", "interval"];
    let mut rows = Vec::new();
    for (variant, lines) in summary.variants.iter().enumerate() {
        for line in lines {
            for (year, figure) in summary.years.iter().zip(&line.figures) {
                rows.push(vec![
                    json!(record.manifest.variants[variant].name),
                    json!(year.year),
                    json!(year.months()),
                    json!(ledger_word(line.measure.ledger())),
                    json!(line.measure.name()),
                    json!(unit_word(record, line.measure)),
                    number(figure.mean),
                    number(figure.low),
                    number(figure.high),
                    json!(record.manifest.replicates),
                    json!(format!("5th to 95th percentile over replicates; {}", record.manifest.parameters.interval())),
                ]);
            }
        }
    }
    Listing { columns, rows }
}

fn document(record: &Record, summary: &Summary) -> Value {
    let mut document = about(record);
    document["years"] = json!(listing(record, summary).objects());
    document
}
