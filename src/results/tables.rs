//! The tables of a study: what their rows look like, written and read. The only place that spells column names.
//!
//! `months` has one row per replicate, variant and month, and a column per indicator; `sectors`, `origins` and `stages` add a
//! sector, an origin or a stage. A month is a date (its first day), names are categories, figures are 64-bit floats; all counts are
//! persons or events at full scale. The bytes depend on nothing but the runs.
//!
//! The library that reads Parquet may panic on a damaged file; [`guarded`] turns that into an error.
//!
//! Absent on purpose: aggregation of any kind, and where the files lie ([`super::rows`], [`super::units`]).

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{Column, DataFrame, DataType, FrozenCategories, IntoColumn, NamedFrom, PlSmallStr, PolarsResult, Schema, Series};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::{BatchedWriter, ParquetCompression, ParquetWriter};

use super::Manifest;
use super::whole::Growing;
use crate::model::ledgers::indicators::INDICATORS;
use crate::model::ledgers::{History, ORIGIN_COLUMNS, SECTOR_COLUMNS, STAGE_COLUMNS, STAGES};
use crate::quantities::Month;

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// A row a month.
    Months,
    /// A row a month and sector.
    Sectors,
    /// A row a month and origin, citizens last; run folders of format 1 and 2 do not have it.
    Origins,
    /// A row a month and stage of a case.
    Stages,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Months, Self::Sectors, Self::Origins, Self::Stages];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Months => "months",
            Self::Sectors => "sectors",
            Self::Origins => "origins",
            Self::Stages => "stages",
        }
    }

    /// Its file in a run folder.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::Months => "months.parquet",
            Self::Sectors => "sectors.parquet",
            Self::Origins => "origins.parquet",
            Self::Stages => "stages.parquet",
        }
    }

    /// The column that names what a month is divided into.
    #[must_use]
    pub fn part(self) -> Option<&'static str> {
        match self {
            Self::Months => None,
            Self::Sectors => Some("sector"),
            Self::Origins => Some("origin"),
            Self::Stages => Some("stage"),
        }
    }

    /// The names of its figures, in order.
    #[must_use]
    pub fn figures(self) -> Vec<&'static str> {
        match self {
            Self::Months => INDICATORS.iter().map(|info| info.name).collect(),
            Self::Sectors => SECTOR_COLUMNS.to_vec(),
            Self::Origins => ORIGIN_COLUMNS.to_vec(),
            Self::Stages => STAGE_COLUMNS.to_vec(),
        }
    }
}

/// What decides how the rows of a study look.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The variants' names, the baseline first.
    pub variants: Vec<String>,
    /// The first reported month.
    pub from: Month,
    /// How many months are reported.
    pub months: usize,
    /// The sectors' names.
    pub sectors: Vec<String>,
    /// The origins' names and `citizens`; none where no table by origin is kept.
    pub origins: Vec<String>,
}

/// About how many rows of `months` are held in memory at once.
const ROWS_AT_ONCE: usize = 16_384;

impl Layout {
    /// What `manifest` promises.
    #[must_use]
    pub fn of(manifest: &Manifest) -> Self {
        Self {
            variants: manifest.variants.iter().map(|variant| variant.name.clone()).collect(),
            from: manifest.from,
            months: usize::try_from(manifest.to.since(manifest.from) + 1).unwrap_or(0),
            sectors: manifest.sectors.clone(),
            origins: manifest.origins.clone(),
        }
    }

    /// The tables that are kept.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        Table::ALL.into_iter().filter(|table| *table != Table::Origins || !self.origins.is_empty()).collect()
    }

    /// What a month of `table` is divided into: one nameless part where it is not divided.
    #[must_use]
    pub fn parts(&self, table: Table) -> Vec<&str> {
        match table {
            Table::Months => vec![""],
            Table::Sectors => self.sectors.iter().map(String::as_str).collect(),
            Table::Origins => self.origins.iter().map(String::as_str).collect(),
            Table::Stages => STAGES.to_vec(),
        }
    }

    /// How many rows of `table` one variant has in one replicate.
    #[must_use]
    pub fn rows(&self, table: Table) -> usize {
        self.months * self.parts(table).len()
    }

    /// How many replicates are written and read together: it depends on nothing that grows, so that the groups of a table that was
    /// added to are those of one written at once.
    #[must_use]
    pub fn together(&self) -> usize {
        (ROWS_AT_ONCE / (self.variants.len() * self.months).max(1)).max(1)
    }

    /// The columns of `table` and their types.
    ///
    /// # Errors
    /// Never; the library's word for what it accepts.
    pub fn schema(&self, table: Table) -> PolarsResult<Schema> {
        Ok(self.keys(table, &[])?.iter().map(Column::field).map(std::borrow::Cow::into_owned).chain(figure_fields(table)).collect())
    }

    /// The columns that name the rows of `table` for each of `pairs` of variant and replicate.
    pub(super) fn keys(&self, table: Table, pairs: &[(usize, u32)]) -> PolarsResult<Vec<Column>> {
        let (parts, rows) = (self.parts(table), self.rows(table));
        let each =
            |value: &dyn Fn((usize, u32)) -> i64| -> Vec<i64> { pairs.iter().flat_map(|pair| std::iter::repeat_n(value(*pair), rows)).collect() };
        let months = || pairs.iter().flat_map(|_| (0..self.months).flat_map(|month| std::iter::repeat_n(month, parts.len())));
        let days: Vec<i32> = months().map(|month| days(self.from.plus(month as i32))).collect();
        let replicates: Vec<u32> = each(&|(_, replicate)| i64::from(replicate)).into_iter().map(|replicate| replicate as u32).collect();
        let mut columns = vec![
            categories("variant", &self.variants.iter().map(String::as_str).collect::<Vec<_>>(), &each(&|(variant, _)| variant as i64))?,
            Series::new("replicate".into(), replicates).into_column(),
            Series::new("month".into(), days).cast(&DataType::Date)?.into_column(),
        ];
        if let Some(name) = table.part() {
            let places: Vec<i64> = pairs.iter().flat_map(|_| (0..self.months).flat_map(|_| 0..parts.len() as i64)).collect();
            columns.push(categories(name, &parts, &places)?);
        }
        Ok(columns)
    }
}

fn figure_fields(table: Table) -> impl Iterator<Item = polars::prelude::Field> {
    table.figures().into_iter().map(|name| polars::prelude::Field::new(name.into(), DataType::Float64))
}

/// A column of names: categories in the order of `names`, or plain text where two of them are the same.
fn categories(column: &str, names: &[&str], places: &[i64]) -> PolarsResult<Column> {
    let texts: Vec<&str> = places.iter().map(|place| names[*place as usize]).collect();
    let texts = Series::new(column.into(), texts);
    match FrozenCategories::new(names.iter().copied()) {
        Ok(known) => Ok(texts.cast(&DataType::from_frozen_categories(known))?.into_column()),
        Err(_) => Ok(texts.into_column()),
    }
}

/// The days from 1970-01-01 to the first of `month` (H. Hinnant, "chrono-compatible low-level date algorithms").
#[must_use]
pub fn days(month: Month) -> i32 {
    // Years are counted from March, so that the leap day is the last of a year.
    let year = month.year() - i32::from(month.month() <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month.month() + 9) % 12) + 2) / 5;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The rows of `table` of one replicate: one history for each variant, in their order.
///
/// # Errors
/// Where the histories are not those that the layout tells of.
pub fn frame(layout: &Layout, table: Table, replicate: u32, histories: &[History]) -> PolarsResult<DataFrame> {
    let pairs: Vec<(usize, u32)> = (0..histories.len()).map(|variant| (variant, replicate)).collect();
    let mut columns = layout.keys(table, &pairs)?;
    for (place, name) in table.figures().into_iter().enumerate() {
        let figures: Vec<f64> = histories.iter().flat_map(|history| column(history, table, place)).collect();
        columns.push(Series::new(name.into(), figures).into_column());
    }
    let height = histories.len() * layout.rows(table);
    DataFrame::new(height, columns)
}

/// One column of one table of a history, month by month.
fn column(history: &History, table: Table, place: usize) -> Vec<f64> {
    match table {
        Table::Months => history.rows.iter().map(|row| row.0[place]).collect(),
        Table::Sectors => history.sectors.iter().flatten().map(|row| row[place]).collect(),
        Table::Origins => history.origins.iter().flatten().map(|row| row[place]).collect(),
        Table::Stages => history.stages.iter().flatten().map(|row| row[place]).collect(),
    }
}

/// A table as the bytes of a Parquet file.
///
/// # Errors
/// Whatever the library refuses.
pub fn encode(mut frame: DataFrame) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let writer = ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Zstd(None)).set_parallel(false);
    guarded(|| writer.finish(&mut frame)).map(|_| bytes)
}

/// A Parquet file that is written group by group.
///
/// # Errors
/// Whatever the library refuses.
pub fn begin<'a>(file: &'a mut Growing, layout: &Layout, table: Table) -> Result<BatchedWriter<&'a mut Growing>, String> {
    guarded(|| ParquetWriter::new(file).with_compression(ParquetCompression::Zstd(None)).set_parallel(false).batched(&layout.schema(table)?))
}

/// Reads rows of `table` from the bytes of a Parquet file and holds them to `pairs` of variant and replicate.
///
/// # Errors
/// Where it is damaged, or its rows are others.
pub fn decode(bytes: &[u8], layout: &Layout, table: Table, pairs: &[(usize, u32)]) -> Result<DataFrame, String> {
    let rows = pairs.len() * layout.rows(table);
    let figures = table.figures();
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let found = guarded(|| reader.num_rows())?;
    if found != rows {
        return Err(format!("it has {found} rows and not {rows}"));
    }
    let frame = guarded(|| reader.with_columns(Some(wanted(table, &figures))).finish())?;
    checked(&frame, layout, table, pairs, &figures)
}

/// The names of the columns that are read: those that name a row, and `figures`.
pub(super) fn wanted(table: Table, figures: &[&str]) -> Vec<String> {
    ["variant", "replicate", "month"].into_iter().chain(table.part()).chain(figures.iter().copied()).map(str::to_owned).collect()
}

/// The rows as they must be: held to what names them, and each figure a 64-bit float; a figure that is not there is undefined.
pub(super) fn checked(frame: &DataFrame, layout: &Layout, table: Table, pairs: &[(usize, u32)], figures: &[&str]) -> Result<DataFrame, String> {
    let keys = guarded(|| layout.keys(table, pairs))?;
    for key in &keys {
        let same = guarded(|| same(key, frame.column(key.name())?))?;
        if !same {
            return Err(format!("its rows are not those that the manifest tells of, by their column `{}`", key.name()));
        }
    }
    let height = pairs.len() * layout.rows(table);
    let figure = |name: &&str| {
        // A program that knew fewer figures wrote the file: what it did not count is undefined.
        let Ok(column) = frame.column(name) else {
            return Ok(Series::new((*name).into(), vec![f64::NAN; height]).into_column());
        };
        if *column.dtype() != DataType::Float64 {
            return Err(format!("its column `{name}` holds {} and not 64-bit floats", column.dtype()));
        }
        if column.null_count() > 0 {
            return Err(format!("its column `{name}` has gaps"));
        }
        Ok(column.clone())
    };
    let figures = figures.iter().map(figure).collect::<Result<Vec<Column>, String>>()?;
    guarded(|| DataFrame::new(height, keys.into_iter().chain(figures).collect()))
}

/// Whether two columns of keys say the same; older folders wrote months and names as text.
fn same(key: &Column, found: &Column) -> PolarsResult<bool> {
    let text = found.dtype() == &DataType::String;
    let (key, found) = match key.dtype() {
        DataType::Date if text => (month_texts(key)?, found.clone()),
        DataType::Date => (key.cast(&DataType::Int32)?, found.cast(&DataType::Date)?.cast(&DataType::Int32)?),
        DataType::UInt32 => (key.clone(), found.clone()),
        _ => (key.cast(&DataType::String)?, found.cast(&DataType::String)?),
    };
    Ok(key.dtype() == found.dtype() && key.as_materialized_series().equals(found.as_materialized_series()))
}

/// The months of a column of dates as older folders wrote them.
fn month_texts(days_column: &Column) -> PolarsResult<Column> {
    let texts = days_column.cast(&DataType::Int32)?.i32()?.iter().map(|day| day.map(|day| month_of(day).to_string())).collect::<Vec<_>>();
    Ok(Series::new(PlSmallStr::from_static("month"), texts).into_column())
}

/// The month that begins `days_since` days after 1970-01-01.
#[must_use]
pub fn month_of(days_since: i32) -> Month {
    // Never more than a month off, since no month is longer than this.
    let mut month = Month::new(1970, 1).plus(days_since.div_euclid(31));
    while days(month.plus(1)) <= days_since {
        month = month.plus(1);
    }
    month
}

/// Runs what may panic on damaged input, silently, and makes an error of it.
///
/// # Errors
/// What `work` refuses, or that it panicked.
pub fn guarded<T>(work: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    static QUIET: AtomicUsize = AtomicUsize::new(0);
    static HOOK: Once = Once::new();
    // The library's own threads may panic as well, so that silence cannot be kept by thread.
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if QUIET.load(Ordering::SeqCst) == 0 {
                usual(panic);
            }
        }));
    });
    QUIET.fetch_add(1, Ordering::SeqCst);
    let answer = catch_unwind(AssertUnwindSafe(work));
    QUIET.fetch_sub(1, Ordering::SeqCst);
    match answer {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied()).unwrap_or("without a word");
            Err(format!("it may be damaged: the library for tables gave up on it ({})", said.lines().next().unwrap_or_default()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_where_the_calendar_says() {
        for (year, month, day) in [(1970, 1, 0), (1970, 2, 31), (2000, 3, 11_017), (2016, 1, 16_801), (1969, 12, -31), (2026, 11, 20_758)] {
            assert_eq!(days(Month::new(year, month)), day, "{year}-{month}");
            assert_eq!(month_of(day), Month::new(year, month));
            assert_eq!(month_of(day + 27), Month::new(year, month));
        }
    }

    #[test]
    fn a_panic_becomes_an_error_and_a_second_one_too() {
        for _ in 0..2 {
            let answer = guarded::<()>(|| panic!("damaged"));
            assert!(answer.is_err_and(|text| text.contains("damaged")));
        }
        assert_eq!(guarded(|| Ok(1)), Ok(1));
    }
}
