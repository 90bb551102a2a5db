//! A ledger laid out by month, year, sector, origin or stage: means over replicates.
//!
//! By month and by year every row is a variant and a time, with a column per measure. By sector, by origin and
//! by stage every row is a variant, a calendar year and a sector, origin or stage: stocks are means over the reported months,
//! flows are their totals.

use super::measure::Measure;
use super::statistics::mean;
use super::summary::{Year, years};
use crate::model::ledgers::indicators::Ledger;
use crate::model::ledgers::{History, ORIGIN_COLUMNS, SECTOR_COLUMNS, STAGE_COLUMNS, STAGES};
use crate::quantities::Month;
use crate::results::Record;

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Months.
    Month,
    /// Calendar years.
    Year,
    /// Sectors, by calendar year.
    Sector,
    /// Origins and citizens, by calendar year.
    Origin,
    /// Stages of a case, by calendar year.
    Stage,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A word.
    Text(String),
    /// A figure; not a number where it is undefined.
    Number(f64),
}

/// A laid-out ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The columns' names.
    pub columns: Vec<String>,
    /// How many of the first columns name a row.
    pub keys: usize,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// How many of the columns by sector belong to the truth ledger; the rest are official counts.
const SECTOR_TRUTH: usize = 13;
/// How many of the columns by sector are stocks.
const SECTOR_STOCKS: usize = 12;
/// How many of the columns by origin belong to the truth ledger; the rest are official counts.
const ORIGIN_TRUTH: usize = 1;
/// How many of the columns by stage are stocks.
const STAGE_STOCKS: usize = 2;

/// Lays out `ledger` of `record`; by month and by year only `measures`, where some are given.
///
/// # Errors
/// What does not exist, in a sentence: stages outside the official ledger, cost by sector.
pub fn table(record: &Record, ledger: Ledger, by: By, measures: Option<&[Measure]>) -> Result<Table, String> {
    let all = Measure::all();
    let measures = measures.unwrap_or(&all).iter().copied().filter(|measure| measure.ledger() == ledger).collect::<Vec<_>>();
    let manifest = &record.manifest;
    match (by, ledger) {
        (By::Month, _) => {
            let months = (0..=manifest.to.since(manifest.from)).map(|i| manifest.from.plus(i));
            let spans = months.map(|month| (month.to_string(), (month, month))).collect::<Vec<_>>();
            Ok(by_time(record, "month", &spans, &measures))
        }
        (By::Year, _) => {
            let years = years(manifest.from, manifest.to);
            let spans = years.iter().map(|year| (year.year.to_string(), (year.from, year.to))).collect::<Vec<_>>();
            Ok(by_time(record, "year", &spans, &measures))
        }
        (By::Sector | By::Origin, Ledger::Cost) => Err("the cost ledger is not kept by sector or origin; use --by month or --by year".to_owned()),
        (By::Origin, _) if manifest.origins.is_empty() => {
            Err("this run was made before tables by origin were kept; run the scenario again".to_owned())
        }
        (By::Origin, _) => {
            let columns = if ledger == Ledger::Truth { 0..ORIGIN_TRUTH } else { ORIGIN_TRUTH..ORIGIN_COLUMNS.len() };
            let columns: Vec<Figure> = columns.map(|c| Figure { name: ORIGIN_COLUMNS[c], column: c, stock: false }).collect();
            Ok(by_part(record, "origin", &manifest.origins, &columns, |history, month, part, column| history.origins[month][part][column]))
        }
        (By::Stage, Ledger::Truth | Ledger::Cost) => Err("stages are kept in the official ledger only; use --ledger official".to_owned()),
        (By::Sector, _) => {
            let columns = if ledger == Ledger::Truth { 0..SECTOR_TRUTH } else { SECTOR_TRUTH..SECTOR_COLUMNS.len() };
            let columns: Vec<Figure> = columns.map(|c| Figure { name: SECTOR_COLUMNS[c], column: c, stock: c < SECTOR_STOCKS }).collect();
            Ok(by_part(record, "sector", &manifest.sectors, &columns, |history, month, part, column| history.sectors[month][part][column]))
        }
        (By::Stage, Ledger::Official) => {
            let columns: Vec<Figure> =
                (0..STAGE_COLUMNS.len()).map(|c| Figure { name: STAGE_COLUMNS[c], column: c, stock: c < STAGE_STOCKS }).collect();
            Ok(by_part(record, "stage", &STAGES, &columns, |history, month, part, column| history.stages[month][part][column]))
        }
    }
}

fn by_time(record: &Record, time: &str, spans: &[(String, (Month, Month))], measures: &[Measure]) -> Table {
    let columns = ["variant", time].into_iter().chain(measures.iter().map(|measure| measure.name())).map(str::to_owned).collect();
    let mut rows = Vec::new();
    for (variant, named) in record.manifest.variants.iter().enumerate() {
        for (label, span) in spans {
            let mut row = vec![Cell::Text(named.name.clone()), Cell::Text(label.clone())];
            row.extend(measures.iter().map(|measure| {
                let replicates = 0..record.manifest.replicates;
                Cell::Number(mean_of_known(replicates.map(|replicate| measure.total(&record.run(variant, replicate).history, *span))))
            }));
            rows.push(row);
        }
    }
    Table { columns, keys: 2, rows }
}

/// A column of a table by part.
struct Figure {
    name: &'static str,
    column: usize,
    stock: bool,
}

fn by_part(
    record: &Record,
    part_name: &str,
    parts: &[impl AsRef<str>],
    figures: &[Figure],
    get: impl Fn(&History, usize, usize, usize) -> f64,
) -> Table {
    let columns = ["variant", "year", part_name].into_iter().chain(figures.iter().map(|figure| figure.name)).map(str::to_owned).collect();
    let over = |history: &History, year: Year, part: usize, figure: &Figure| {
        let first = usize::try_from(year.from.since(history.first)).unwrap_or(0);
        let months = first..first + usize::try_from(year.months()).unwrap_or(0);
        let sum: f64 = months.map(|month| get(history, month, part, figure.column)).sum();
        if figure.stock { sum / f64::from(year.months()) } else { sum }
    };
    let mut rows = Vec::new();
    for (variant, named) in record.manifest.variants.iter().enumerate() {
        for year in years(record.manifest.from, record.manifest.to) {
            for (part, name) in parts.iter().enumerate() {
                let mut row = vec![Cell::Text(named.name.clone()), Cell::Text(year.year.to_string()), Cell::Text(name.as_ref().to_owned())];
                row.extend(figures.iter().map(|figure| {
                    let replicates = 0..record.manifest.replicates;
                    Cell::Number(mean_of_known(replicates.map(|replicate| over(&record.run(variant, replicate).history, year, part, figure))))
                }));
                rows.push(row);
            }
        }
    }
    Table { columns, keys: 3, rows }
}

fn mean_of_known(values: impl Iterator<Item = f64>) -> f64 {
    let known: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    mean(&known)
}
