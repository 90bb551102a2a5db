//! `fivep table`: one ledger of a run folder, laid out.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};
use serde_json::{Value, json};

use super::asked::measures;
use super::listing::{csv_line, number, pretty};
use super::numbers::{Style, full, grouped};
use super::reference::{self, OUTPUT};
use super::told::{about, heading, ledger_title, ledger_word};
use super::{Answer, CAVEAT, Failure, ReportFormat, fault, sheets, workbook};
use crate::analysis::measure::{HEADLINES, Measure};
use crate::analysis::table::{By, Cell, Table, table};
use crate::model::ledgers::indicators::Ledger;
use crate::results::load;

/// Which ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LedgerName {
    /// What is so in the model
    Truth,
    /// What a government would count
    Official,
    /// What it costs
    Cost,
}

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ByName {
    /// Months
    Month,
    /// Calendar years
    Year,
    /// Sectors, by calendar year
    Sector,
    /// Origins and citizens, by calendar year
    Origin,
    /// Stages of a case, by calendar year
    Stage,
}

/// Options of `fivep table`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep table output/thailand-2016/0001-1a2b3c4d --ledger truth --by year\n  fivep table output/thailand-2016/0001-1a2b3c4d --ledger official --by stage --format csv > stages.csv\n\nMeans over replicates; every replicate is in the run folder's Parquet tables."
)]
pub struct Args {
    /// A run: its folder, the beginning of its name, its scenario's name, or `latest`
    pub run: PathBuf,
    /// Which ledger
    #[arg(long, value_enum, default_value = "truth")]
    pub ledger: LedgerName,
    /// What the rows are
    #[arg(long, value_enum, default_value = "year")]
    pub by: ByName,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Begin CSV with a byte order mark, for spreadsheets
    #[arg(long)]
    pub bom: bool,
    /// In text, every indicator instead of the headlines (CSV, JSON and workbooks always have all)
    #[arg(long, conflicts_with = "indicators")]
    pub all: bool,
    /// Only these indicators, as `fivep indicators` lists them
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub indicators: Option<Vec<String>>,
}

/// The table.
///
/// # Errors
/// A fault where the folder is no run folder or the table does not exist, a problem of the world where it cannot be read.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let ledger = match args.ledger {
        LedgerName::Truth => Ledger::Truth,
        LedgerName::Official => Ledger::Official,
        LedgerName::Cost => Ledger::Cost,
    };
    let by = match args.by {
        ByName::Month => By::Month,
        ByName::Year => By::Year,
        ByName::Sector => By::Sector,
        ByName::Origin => By::Origin,
        ByName::Stage => By::Stage,
    };
    let asked = measures(args.indicators.as_deref(), args.all)?;
    if let Some(asked) = asked.as_deref().filter(|_| args.indicators.is_some()) {
        of_this_table(asked, ledger, args.by)?;
    }
    let asked = if asked.is_none() && args.format == ReportFormat::Text { Some(HEADLINES.to_vec()) } else { asked };
    let run = reference::run(&args.run, Path::new(OUTPUT))?;
    let record = load(&run)?;
    let table = table(&record, ledger, by, asked.as_deref()).map_err(|say| fault(format!("error: {say}")))?;
    record.check()?;
    let mut answer = Answer::default();
    match args.format {
        ReportFormat::Csv => {
            let mut csv = if args.bom { "\u{feff}".to_owned() } else { String::new() };
            csv.push_str(&csv_line(table.columns.iter().cloned()));
            for row in &table.rows {
                csv.push_str(&csv_line(row.iter().map(|cell| match cell {
                    Cell::Text(text) => text.clone(),
                    Cell::Number(value) => full(*value),
                })));
            }
            answer.text = csv;
            answer.remarks.push(CAVEAT.to_owned());
        }
        ReportFormat::Json => {
            let mut document = about(&record);
            document["ledger"] = json!(ledger_word(ledger));
            document["values"] = json!("means over replicates");
            document["rows"] = Value::Array(table.rows.iter().map(|row| object(&table, row)).collect());
            answer.text = pretty(&document);
        }
        ReportFormat::Text => {
            answer.text = heading(&record);
            answer.text.push_str(&text(&table, ledger, &record.manifest.currency));
            let _ = write!(answer.text, "\nMeans over replicates; flows are totals of each column's months.\n{CAVEAT}\n");
        }
        ReportFormat::Xlsx => {
            let bytes = workbook::ledger(&record, &table, ledger)?;
            let path = run.join(format!("{}-{}s.xlsx", ledger_word(ledger), table.columns[table.keys - 1]));
            sheets::save(&mut answer, Some(&run), &path, bytes)?;
        }
    }
    Ok(answer)
}

/// Whoever names indicators gets these and no others, or hears why not.
fn of_this_table(asked: &[Measure], ledger: Ledger, by: ByName) -> Result<(), Failure> {
    if !matches!(by, ByName::Month | ByName::Year) {
        let help = "leave --indicators out, or use --by month or --by year";
        return Err(fault(format!(
            "error: tables by sector, origin and stage have columns of their own, and --indicators cannot choose among them\nhelp: {help}"
        )));
    }
    let mut faults = String::new();
    for measure in asked.iter().filter(|measure| measure.ledger() != ledger) {
        let _ = writeln!(
            faults,
            "error: `{}` is in the {} ledger, not in the {} ledger",
            measure.name(),
            ledger_word(measure.ledger()),
            ledger_word(ledger)
        );
    }
    if faults.is_empty() { Ok(()) } else { Err(fault(format!("{faults}help: ask each ledger for its own, with --ledger"))) }
}

fn object(table: &Table, row: &[Cell]) -> Value {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => json!(text),
        Cell::Number(value) => number(*value),
    };
    Value::Object(table.columns.iter().cloned().zip(row.iter().map(cell)).collect())
}

/// For people the table is turned: a block per variant (and year), a line per figure, a column per time or part.
fn text(table: &Table, ledger: Ledger, currency: &str) -> String {
    let mut out = String::new();
    let mut rest = &table.rows[..];
    while let Some(first) = rest.first() {
        let name = block_name(table, first);
        let length = rest.iter().take_while(|row| block_name(table, row) == name).count();
        let (block, after) = rest.split_at(length);
        out.push_str(&block_text(table, block, &format!("{}  {name}", ledger_title(ledger)), currency));
        rest = after;
    }
    out
}

/// What rows of one block share: all keys but the last, and of months the year.
fn block_name(table: &Table, row: &[Cell]) -> String {
    let word = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
    let mut name = row[..table.keys - 1].iter().map(word).collect::<Vec<_>>().join(", ");
    if table.columns[table.keys - 1] == "month" {
        name.push_str(", ");
        name.extend(word(&row[table.keys - 1]).chars().take(4));
    }
    name
}

fn block_text(table: &Table, block: &[Vec<Cell>], title: &str, currency: &str) -> String {
    let names = table.columns[table.keys..].iter().map(String::len).max().unwrap_or(0);
    let mut out = format!("\n{title}\n{:<names$} {:<14}", "", "");
    for row in block {
        if let Cell::Text(key) = &row[table.keys - 1] {
            let width = key.chars().count().max(10);
            let _ = write!(out, " {key:>width$}");
        }
    }
    out.push('\n');
    for column in table.keys..table.columns.len() {
        let values: Vec<f64> = block.iter().map(|row| if let Cell::Number(value) = row[column] { value } else { f64::NAN }).collect();
        let size = values.iter().filter(|value| value.is_finite()).fold(0.0, |a: f64, b| a.max(b.abs()));
        let style = Measure::named(&table.columns[column]).filter(|_| table.keys == 2).map(|measure| Style::of_total(measure, currency, size));
        let unit = style.as_ref().map_or("", |style| style.unit.as_str());
        let _ = write!(out, "{:<names$} {unit:<14}", table.columns[column]);
        for (value, row) in values.iter().zip(block) {
            let width = if let Cell::Text(key) = &row[table.keys - 1] { key.chars().count().max(10) } else { 10 };
            let figure = style.as_ref().map_or_else(|| grouped(*value, usize::from(size < 100.0)), |style| style.value(*value));
            let _ = write!(out, " {figure:>width$}");
        }
        out.push('\n');
    }
    out
}
