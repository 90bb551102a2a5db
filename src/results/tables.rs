//! The Parquet tables of a run, written and read: the only place that spells column names.
//!
//! `months.parquet` has one row per variant, replicate and month, and a column per indicator;
//! `sectors.parquet`, `origins.parquet` and `stages.parquet` add a sector, an origin or a stage. All counts are persons or events at full
//! scale. The bytes depend on nothing but the runs.
//!
//! Absent on purpose: aggregation of any kind.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, ParquetCompression, ParquetReader, ParquetWriter, SerReader, Series};

use super::{Manifest, Record};
use crate::ensemble::Run;
use crate::model::ledgers::indicators::{COUNT, INDICATORS};
use crate::model::ledgers::{History, ORIGIN_COLUMNS, Row, SECTOR_COLUMNS, STAGE_COLUMNS, STAGES};
use crate::quantities::Month;
use crate::scenario::Problem;

/// The table by month.
pub const MONTHS: &str = "months.parquet";
/// The table by sector.
pub const SECTORS: &str = "sectors.parquet";
/// The table by origin, which run folders of format 2 do not have.
pub const ORIGINS: &str = "origins.parquet";
/// The table by stage of a case.
pub const CASE_STAGES: &str = "stages.parquet";

/// A table while it is filled: what names a row, then its figures.
struct Filling {
    variants: Vec<String>,
    replicates: Vec<u32>,
    months: Vec<String>,
    part: Option<(&'static str, Vec<String>)>,
    names: Vec<&'static str>,
    figures: Vec<Vec<f64>>,
}

impl Filling {
    fn new(part: Option<&'static str>, names: Vec<&'static str>) -> Self {
        let figures = names.iter().map(|_| Vec::new()).collect();
        Self { variants: vec![], replicates: vec![], months: vec![], part: part.map(|name| (name, vec![])), names, figures }
    }

    fn push(&mut self, (variant, run, month): (&str, &Run, Month), part: Option<&str>, figures: &[f64]) {
        self.variants.push(variant.to_owned());
        self.replicates.push(run.replicate);
        self.months.push(month.to_string());
        if let (Some((_, parts)), Some(part)) = (&mut self.part, part) {
            parts.push(part.to_owned());
        }
        for (column, figure) in self.figures.iter_mut().zip(figures) {
            column.push(*figure);
        }
    }

    fn into_frame(self) -> Result<DataFrame, polars::error::PolarsError> {
        let height = self.variants.len();
        let mut columns: Vec<Column> = vec![
            Series::new("variant".into(), self.variants).into_column(),
            Series::new("replicate".into(), self.replicates).into_column(),
            Series::new("month".into(), self.months).into_column(),
        ];
        if let Some((name, parts)) = self.part {
            columns.push(Series::new(name.into(), parts).into_column());
        }
        columns.extend(self.names.iter().zip(self.figures).map(|(name, figures)| Series::new((*name).into(), figures).into_column()));
        DataFrame::new(height, columns)
    }
}

/// Writes the tables of `record` into `folder`.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn write(folder: &Path, record: &Record) -> Result<(), Problem> {
    let mut months = Filling::new(None, INDICATORS.iter().map(|info| info.name).collect());
    let mut sectors = Filling::new(Some("sector"), SECTOR_COLUMNS.to_vec());
    let mut origins = Filling::new(Some("origin"), ORIGIN_COLUMNS.to_vec());
    let mut stages = Filling::new(Some("stage"), STAGE_COLUMNS.to_vec());
    for run in &record.runs {
        let variant = record.manifest.variants[run.variant].name.as_str();
        let calendar = || (0..).map(|i| run.history.first.plus(i));
        for (month, row) in calendar().zip(&run.history.rows) {
            months.push((variant, run, month), None, &row.0);
        }
        for (month, rows) in calendar().zip(&run.history.sectors) {
            for (sector, row) in record.manifest.sectors.iter().zip(rows) {
                sectors.push((variant, run, month), Some(sector), row);
            }
        }
        for (month, rows) in calendar().zip(&run.history.origins) {
            for (origin, row) in record.manifest.origins.iter().zip(rows) {
                origins.push((variant, run, month), Some(origin), row);
            }
        }
        for (month, rows) in calendar().zip(&run.history.stages) {
            for (stage, row) in STAGES.iter().zip(rows) {
                stages.push((variant, run, month), Some(stage), row);
            }
        }
    }
    let kept = (!record.manifest.origins.is_empty()).then_some((ORIGINS, origins));
    for (name, filling) in [(MONTHS, months), (SECTORS, sectors), (CASE_STAGES, stages)].into_iter().chain(kept) {
        let path = folder.join(name);
        write_table(&path, filling).map_err(|error| {
            let say = format!("error: cannot write `{}`: {error}", path.display());
            Problem::World(format!("{say}\nhelp: make room on the disk, or choose another folder with --output"))
        })?;
    }
    Ok(())
}

/// Frames are written in memory first: a full disk is then an error of one `write_all`, never of a half-flushed writer.
fn write_table(path: &Path, filling: Filling) -> Result<(), String> {
    let mut bytes = Vec::new();
    let mut frame = filling.into_frame().map_err(|error| error.to_string())?;
    let writer = ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Zstd(None)).set_parallel(false);
    writer.finish(&mut frame).map_err(|error| error.to_string())?;
    let mut file = File::create_new(path).map_err(|error| error.to_string())?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|error| error.to_string())
}

/// Reads the runs back from the tables in `folder`.
///
/// # Errors
/// A problem of the world where a table cannot be read, is damaged, or does not fit the manifest.
pub fn read(folder: &Path, manifest: &Manifest) -> Result<Vec<Run>, Problem> {
    let months = usize::try_from(manifest.to.since(manifest.from) + 1).unwrap_or(0);
    let pairs = || (0..manifest.variants.len()).flat_map(|variant| (0..manifest.replicates).map(move |replicate| (variant, replicate)));
    let sectors = manifest.sectors.len();
    let by_month = read_figures(&folder.join(MONTHS), &INDICATORS.iter().map(|info| info.name).collect::<Vec<_>>(), manifest, 1)?;
    let by_sector = read_figures(&folder.join(SECTORS), &SECTOR_COLUMNS, manifest, sectors)?;
    let origins = manifest.origins.len();
    let by_origin = if origins == 0 { vec![] } else { read_figures(&folder.join(ORIGINS), &ORIGIN_COLUMNS, manifest, origins)? };
    let by_stage = read_figures(&folder.join(CASE_STAGES), &STAGE_COLUMNS, manifest, STAGES.len())?;
    let run = |(run, (variant, replicate)): (usize, (usize, u32))| {
        let at = |month: usize| run * months + month;
        let history = History {
            first: manifest.from,
            rows: (0..months).map(|month| Row(take::<COUNT>(&by_month, at(month)))).collect(),
            sectors: (0..months).map(|month| (0..sectors).map(|s| take(&by_sector, at(month) * sectors + s)).collect()).collect(),
            origins: (0..months).map(|month| (0..origins).map(|o| take(&by_origin, at(month) * origins + o)).collect()).collect(),
            stages: (0..months).map(|month| std::array::from_fn(|s| take(&by_stage, at(month) * STAGES.len() + s))).collect(),
        };
        Run { variant, replicate, history }
    };
    Ok(pairs().enumerate().map(run).collect())
}

/// True where the rows are those of `manifest`, in order: whoever sorted or cut a table must not have it misread.
fn names_fit(frame: &DataFrame, manifest: &Manifest, parts: usize) -> Result<bool, polars::error::PolarsError> {
    let (variants, replicates, months) = (frame.column("variant")?.str()?, frame.column("replicate")?.u32()?, frame.column("month")?.str()?);
    let mut found = variants.iter().zip(replicates.iter()).zip(months.iter());
    for variant in &manifest.variants {
        for replicate in 0..manifest.replicates {
            for month in manifest.from.0..=manifest.to.0 {
                let month = Month(month).to_string();
                for _ in 0..parts {
                    let Some(((name, number), text)) = found.next() else { return Ok(false) };
                    if name != Some(variant.name.as_str()) || number != Some(replicate) || text != Some(month.as_str()) {
                        return Ok(false);
                    }
                }
            }
        }
    }
    Ok(found.next().is_none())
}

fn take<const N: usize>(columns: &[Vec<f64>], row: usize) -> [f64; N] {
    std::array::from_fn(|column| columns[column][row])
}

/// Reads the columns `names` of the table at `path`, which must have `parts` rows for every variant, replicate and month, in this order.
fn read_figures(path: &Path, names: &[&str], manifest: &Manifest, parts: usize) -> Result<Vec<Vec<f64>>, Problem> {
    let damaged = |what: String| Problem::World(format!("error: cannot read `{}`: {what}\nhelp: run the scenario again", path.display()));
    let file = File::open(path).map_err(|error| damaged(error.to_string()))?;
    let frame = ParquetReader::new(file).finish().map_err(|error| damaged(error.to_string()))?;
    if !names_fit(&frame, manifest, parts).map_err(|error| damaged(error.to_string()))? {
        return Err(damaged("its rows are not those that the manifest tells of".to_owned()));
    }
    let column = |name: &&str| {
        let column = frame.column(name).map_err(|error| damaged(error.to_string()))?;
        let figures = column.f64().map_err(|error| damaged(error.to_string()))?;
        Ok(figures.iter().map(|figure| figure.unwrap_or(f64::NAN)).collect())
    };
    names.iter().map(column).collect()
}
