//! A ledger laid out by month, year, sector, origin or stage: means over replicates.
//!
//! By month and by year every row is a variant and a time, with a column per measure. By sector, by origin and
//! by stage every row is a variant, a calendar year and a sector, origin or stage: stocks are means over the reported months,
//! flows are their totals.

use std::collections::BTreeMap;

use polars::prelude::{DataType, Expr, IntoLazy, PolarsResult, col};

use super::measure::Measure;
use super::summary::years;
use crate::model::ledgers::indicators::Ledger;
use crate::model::ledgers::{ORIGIN_COLUMNS, SECTOR_COLUMNS, STAGE_COLUMNS, STAGES};
use crate::results::Record;
use crate::results::tables::Table as Rows;

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
            let months = 0..=manifest.to.since(manifest.from);
            let spans = months.map(|at| (manifest.from.plus(at).to_string(), at, 1)).collect::<Vec<_>>();
            Ok(by_time(record, "month", &spans, &measures))
        }
        (By::Year, _) => {
            let years = years(manifest.from, manifest.to);
            let spans = years.iter().map(|year| (year.year.to_string(), year.year, year.months())).collect::<Vec<_>>();
            Ok(by_time(record, "year", &spans, &measures))
        }
        (By::Sector | By::Origin, Ledger::Cost) => Err("the cost ledger is not kept by sector or origin; use --by month or --by year".to_owned()),
        (By::Origin, _) if manifest.origins.is_empty() => {
            Err("this run was made before tables by origin were kept; run the scenario again".to_owned())
        }
        (By::Origin, _) => {
            let columns = if ledger == Ledger::Truth { 0..ORIGIN_TRUTH } else { ORIGIN_TRUTH..ORIGIN_COLUMNS.len() };
            let columns: Vec<Figure> = columns.map(|c| Figure { name: ORIGIN_COLUMNS[c], stock: false }).collect();
            Ok(by_part(record, Rows::Origins, "origin", &manifest.origins, &columns))
        }
        (By::Stage, Ledger::Truth | Ledger::Cost) => Err("stages are kept in the official ledger only; use --ledger official".to_owned()),
        (By::Sector, _) => {
            let columns = if ledger == Ledger::Truth { 0..SECTOR_TRUTH } else { SECTOR_TRUTH..SECTOR_COLUMNS.len() };
            let columns: Vec<Figure> = columns.map(|c| Figure { name: SECTOR_COLUMNS[c], stock: c < SECTOR_STOCKS }).collect();
            Ok(by_part(record, Rows::Sectors, "sector", &manifest.sectors, &columns))
        }
        (By::Stage, Ledger::Official) => {
            let columns: Vec<Figure> = (0..STAGE_COLUMNS.len()).map(|c| Figure { name: STAGE_COLUMNS[c], stock: c < STAGE_STOCKS }).collect();
            Ok(by_part(record, Rows::Stages, "stage", &STAGES, &columns))
        }
    }
}

/// A measure by time: months or calendar years, as the column `time` of a piece tells them apart.
fn by_time(record: &Record, time: &'static str, spans: &[(String, i32, i32)], measures: &[Measure]) -> Table {
    let columns = ["variant", time].into_iter().chain(measures.iter().map(|measure| measure.name())).map(str::to_owned).collect();
    let indicators: Vec<&'static str> = measures.iter().flat_map(|measure| measure.indicators()).map(|indicator| indicator.info().name).collect();
    let exprs: Vec<Expr> = measures.iter().map(|measure| measure.of_group()).collect();
    let key = if time == "year" { "year" } else { "at" };
    let found = means(record, (Rows::Months, &indicators), &[key], &exprs);
    let mut rows = Vec::new();
    for (variant, named) in record.manifest.variants.iter().enumerate() {
        for (label, key, months) in spans {
            let mut row = vec![Cell::Text(named.name.clone()), Cell::Text(label.clone())];
            let own = found.get(&(record.place(variant) as u32, *key, 0));
            row.extend(measures.iter().enumerate().map(|(place, measure)| {
                let mean = own.map_or(f64::NAN, |means| means[place]);
                Cell::Number(measure.total(mean, *months))
            }));
            rows.push(row);
        }
    }
    Table { columns, keys: 2, rows }
}

/// The means over replicates of `exprs`, each of the rows of one variant and replicate in each group that `keys` make; by the
/// variant's place in the tables, the first key, and the place of the part.
///
/// Sums grow piece by piece, in the order of the pieces: what is not defined in a replicate is left out.
fn means(record: &Record, (table, columns): (Rows, &[&'static str]), keys: &[&str], exprs: &[Expr]) -> BTreeMap<(u32, i32, usize), Vec<f64>> {
    let mut sums: BTreeMap<(u32, i32, usize), Vec<(f64, f64)>> = BTreeMap::new();
    let mut wanted = columns.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let names: Vec<String> = (0..exprs.len()).map(|place| format!("answer {place}")).collect();
    let asked: Vec<Expr> = exprs.iter().zip(&names).map(|(expr, name)| expr.clone().cast(DataType::Float64).alias(name)).collect();
    let each: Vec<Expr> = ["place", "replicate"].iter().chain(keys).map(|key| col(*key)).collect();
    let groups: Vec<Expr> = ["place"].iter().chain(keys).map(|key| col(*key)).collect();
    let answer = record.each_piece(table, &wanted, &mut |piece| {
        let known = |name: &String| col(name).is_finite();
        let folded = names.iter().flat_map(|name| {
            [
                col(name).filter(known(name)).sum().alias(format!("{name} sum")),
                known(name).sum().cast(DataType::Float64).alias(format!("{name} count")),
            ]
        });
        let found = piece.lazy().group_by_stable(each.clone()).agg(asked.clone()).group_by_stable(groups.clone()).agg(folded.collect::<Vec<_>>());
        let found = found.collect()?;
        let (places, firsts) = (found.column("place")?.u32()?, found.column(keys[0])?.i32()?);
        let parts = keys.get(1).map(|key| found.column(key)?.u32()).transpose()?;
        let columns = names.iter().map(|name| Ok((found.column(&format!("{name} sum"))?.f64()?, found.column(&format!("{name} count"))?.f64()?)));
        let columns = columns.collect::<PolarsResult<Vec<_>>>()?;
        for row in 0..found.height() {
            let (Some(place), Some(first)) = (places.get(row), firsts.get(row)) else { continue };
            let part = parts.and_then(|parts| parts.get(row)).map_or(0, |part| part as usize);
            let own = sums.entry((place, first, part)).or_insert_with(|| vec![(0.0, 0.0); names.len()]);
            for (own, (sum, count)) in own.iter_mut().zip(&columns) {
                own.0 += sum.get(row).unwrap_or(0.0);
                own.1 += count.get(row).unwrap_or(0.0);
            }
        }
        Ok(())
    });
    let mean = |(sum, count): (f64, f64)| if count > 0.0 { sum / count } else { f64::NAN };
    let means = sums.into_iter().map(|(key, sums)| (key, sums.into_iter().map(mean).collect()));
    record.sound(answer).map_or_else(BTreeMap::new, |()| means.collect())
}

/// A column of a table by part.
struct Figure {
    name: &'static str,
    stock: bool,
}

fn by_part(record: &Record, table: Rows, part_name: &'static str, parts: &[impl AsRef<str>], figures: &[Figure]) -> Table {
    let columns = ["variant", "year", part_name].into_iter().chain(figures.iter().map(|figure| figure.name)).map(str::to_owned).collect();
    let names: Vec<&'static str> = figures.iter().map(|figure| figure.name).collect();
    let expr = |figure: &Figure| if figure.stock { col(figure.name).mean() } else { col(figure.name).sum() };
    let found = means(record, (table, &names), &["year", "part"], &figures.iter().map(expr).collect::<Vec<_>>());
    let mut rows = Vec::new();
    for (variant, named) in record.manifest.variants.iter().enumerate() {
        for year in years(record.manifest.from, record.manifest.to) {
            for (part, name) in parts.iter().enumerate() {
                let mut row = vec![Cell::Text(named.name.clone()), Cell::Text(year.year.to_string()), Cell::Text(name.as_ref().to_owned())];
                let own = found.get(&(record.place(variant) as u32, year.year, part));
                row.extend((0..figures.len()).map(|place| Cell::Number(own.map_or(f64::NAN, |means| means[place]))));
                rows.push(row);
            }
        }
    }
    Table { columns, keys: 3, rows }
}
