//! The rows of a study, piece by piece: whoever asks gets whole replicates, and never all rows at once.
//!
//! A piece holds as many replicates as [`Layout::together`] says, with the columns that were asked for and those that name a row;
//! `place` (of the variant), `part` (its place among the sectors, origins or stages), `year` and `at` (months since the first) stand beside names and dates, so that they are asked for in whole numbers. Before the first
//! piece of a table the file is held to the length and sum that the manifest tells, and every piece to the rows that it must have.
//!
//! Absent on purpose: any answer (`analysis`).

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};
use polars_io::SerReader;
use polars_io::parquet::metadata::FileMetadataRef;
use polars_io::parquet::read::ParquetReader;

use super::Manifest;
use super::tables::{Layout, Table, checked, days, frame, guarded, wanted};
use super::whole::{is_the_one, open};
use crate::ensemble::Unit;
use crate::scenario::{Problem, Shown as _};
use crate::sums::Sum;

/// Where new files of a study wait once they are all there.
pub const COMMIT: &str = ".commit";

/// Where the file `name` of a study is read: in its commit while that is there, else in its place.
#[must_use]
pub fn place(folder: &Path, name: &str) -> PathBuf {
    let commit = folder.join(COMMIT);
    let file = commit.join(name);
    if is_folder(&commit) && file.is_file() { file } else { folder.join(name) }
}

/// Whether a folder stands at `path`, and not a link to one.
#[must_use]
pub fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// Where the rows are.
#[derive(Debug)]
enum Source {
    /// In the Parquet files of a run folder.
    Folder(PathBuf),
    /// In memory, by table and piece.
    Memory(Vec<(Table, Vec<DataFrame>)>),
}

/// The rows of a study.
#[derive(Debug)]
pub struct Rows {
    /// What they look like.
    pub layout: Layout,
    /// How many replicates there are.
    pub replicates: u32,
    /// Whether all replicates of one variant stand together, as folders before format 4 had it, or all variants of one replicate.
    by_variant: bool,
    source: Source,
    sums: Vec<(Table, Sum)>,
    /// What the file of each table says of its groups, once it has been held to its sum and its rows have been counted: it grows with
    /// the replicates, so that it is not read again for every piece.
    known: [OnceLock<FileMetadataRef>; Table::ALL.len()],
}

impl Rows {
    /// The rows of the run folder `folder`, of which `manifest` tells.
    #[must_use]
    pub fn of_folder(folder: &Path, manifest: &Manifest) -> Self {
        let sums = Table::ALL.into_iter().filter_map(|table| Some((table, manifest.sum(table.file())?)));
        Self {
            layout: Layout::of(manifest),
            replicates: manifest.replicates,
            by_variant: manifest.format < 4,
            source: Source::Folder(folder.to_path_buf()),
            sums: sums.collect(),
            known: Default::default(),
        }
    }

    /// The rows of units that lie in memory, ordered by replicate.
    ///
    /// # Errors
    /// Where the units are not those that `manifest` tells of.
    pub fn of_units(manifest: &Manifest, units: &[Unit]) -> Result<Self, Problem> {
        let layout = Layout::of(manifest);
        let piece = |table: Table, units: &[Unit]| {
            let mut all: Option<DataFrame> = None;
            for unit in units {
                let own = frame(&layout, table, unit.replicate, &unit.histories)?;
                match &mut all {
                    None => all = Some(own),
                    Some(all) => {
                        all.vstack_mut(&own)?;
                    }
                }
            }
            let mut all = all.unwrap_or_default();
            all.rechunk_mut();
            Ok(all)
        };
        let tables = layout.tables().into_iter().map(|table| {
            let pieces = units.chunks(layout.together()).map(|units| guarded(|| piece(table, units)));
            Ok((table, pieces.collect::<Result<_, String>>()?))
        });
        let tables = tables.collect::<Result<_, String>>().map_err(|what| Problem::World(format!("error: these runs are no study: {what}")))?;
        Ok(Self {
            replicates: units.len() as u32,
            by_variant: false,
            source: Source::Memory(tables),
            sums: vec![],
            known: Default::default(),
            layout,
        })
    }

    /// How many pieces there are.
    #[must_use]
    pub fn pieces(&self) -> usize {
        self.pairs().div_ceil(self.pairs_together())
    }

    fn pairs(&self) -> usize {
        self.replicates as usize * self.layout.variants.len()
    }

    fn pairs_together(&self) -> usize {
        self.layout.together() * self.layout.variants.len().max(1)
    }

    /// The variant and replicate of one pair, by its place in the tables.
    pub(super) fn pair(&self, place: usize) -> (usize, u32) {
        let (variants, replicates) = (self.layout.variants.len(), self.replicates as usize);
        if self.by_variant { (place / replicates, (place % replicates) as u32) } else { (place % variants, (place / variants) as u32) }
    }

    /// One piece of `table` with the columns `figures`.
    ///
    /// # Errors
    /// A problem of the world, which names the file, where it cannot be read, is damaged, or is not the one that the manifest tells of.
    pub fn piece(&self, table: Table, figures: &[&str], number: usize) -> Result<DataFrame, Problem> {
        let first = number * self.pairs_together();
        let pairs: Vec<(usize, u32)> = (first..self.pairs().min(first + self.pairs_together())).map(|place| self.pair(place)).collect();
        let frame = match &self.source {
            Source::Memory(tables) => {
                let piece = tables.iter().find(|(known, _)| *known == table).and_then(|(_, pieces)| pieces.get(number));
                let piece = piece.ok_or_else(|| Problem::World(format!("error: these runs have no table of {}", table.name())))?;
                checked(piece, &self.layout, table, &pairs, figures).map_err(|what| Problem::World(format!("error: {what}")))?
            }
            Source::Folder(folder) => {
                let path = place(folder, table.file());
                let damaged = |what: String| damaged(&path, &what);
                let (groups, rows) = (self.groups(table, &path)?, self.layout.rows(table));
                let mut reader = ParquetReader::new(open(&path).map_err(|error| unread(&path, &error))?);
                reader.set_metadata(groups);
                let slice = Some((first * rows, pairs.len() * rows));
                let read = || {
                    let known = reader.schema()?;
                    let columns = wanted(table, figures).into_iter().filter(|name| known.contains(name)).collect();
                    reader.with_columns(Some(columns)).with_slice(slice).set_rechunk(true).finish()
                };
                let frame = guarded(read).map_err(damaged)?;
                checked(&frame, &self.layout, table, &pairs, figures).map_err(damaged)?
            }
        };
        self.with_times(table, &pairs, frame).map_err(|what| Problem::World(format!("error: {what}")))
    }

    /// Holds every file to its sum and to the rows that it must have.
    ///
    /// # Errors
    /// A problem of the world, which names the first file that cannot be read, is damaged, or is not the one that the manifest tells of.
    pub fn check(&self) -> Result<(), Problem> {
        self.layout.tables().into_iter().try_for_each(|table| self.hold(table))
    }

    /// The same of one table.
    ///
    /// # Errors
    /// As [`Rows::check`].
    pub fn hold(&self, table: Table) -> Result<(), Problem> {
        let Source::Folder(folder) = &self.source else { return Ok(()) };
        self.groups(table, &place(folder, table.file())).map(|_| ())
    }

    /// What the file of `table` says of its groups; before, once, it is held to its sum and to the rows that it must have.
    fn groups(&self, table: Table, path: &Path) -> Result<FileMetadataRef, Problem> {
        let known = &self.known[table as usize];
        if let Some(groups) = known.get() {
            return Ok(groups.clone());
        }
        let damaged = |what: &str| damaged(path, what);
        if let Some((_, told)) = self.sums.iter().find(|(known, _)| *known == table)
            && !is_the_one(path, *told).map_err(|error| unread(path, &error))?
        {
            return Err(damaged("it is damaged or was changed: its length or its sum is not the one in manifest.toml"));
        }
        let file = open(path).map_err(|error| unread(path, &error))?;
        let groups = guarded(|| ParquetReader::new(file).get_metadata().cloned()).map_err(|what| damaged(&what))?;
        let (found, expected) = (groups.num_rows, self.layout.rows(table) * self.pairs());
        if found != expected {
            return Err(damaged(&format!("it has {found} rows, and the manifest tells of {expected}")));
        }
        Ok(known.get_or_init(|| groups).clone())
    }

    /// Adds the places of the variant and the part, the year, and the month counted from the first.
    fn with_times(&self, table: Table, pairs: &[(usize, u32)], mut frame: DataFrame) -> Result<DataFrame, String> {
        let parts = self.layout.parts(table).len();
        let months = || pairs.iter().flat_map(|_| (0..self.layout.months as i32).flat_map(|month| std::iter::repeat_n(month, parts)));
        let places: Vec<u32> = pairs.iter().flat_map(|(variant, _)| std::iter::repeat_n(*variant as u32, self.layout.rows(table))).collect();
        let years: Vec<i32> = months().map(|month| self.layout.from.plus(month).year()).collect();
        let at = Series::new("at".into(), months().collect::<Vec<i32>>()).into_column();
        let of_month = || 0..parts as u32;
        let parts: Vec<u32> = pairs.iter().flat_map(|_| (0..self.layout.months).flat_map(|_| of_month())).collect();
        let whole = [("place", places), ("part", parts)].map(|(name, numbers)| Series::new(name.into(), numbers).into_column());
        let columns = whole.into_iter().chain([Series::new("year".into(), years).into_column(), at]);
        guarded(|| {
            for column in columns {
                frame.with_column(column)?;
            }
            Ok(frame)
        })
    }

    /// The first day of the first month, as days since 1970-01-01.
    #[must_use]
    pub fn first_day(&self) -> i32 {
        days(self.layout.from)
    }
}

/// What is said of a file that the system refuses to open or to read.
fn unread(path: &Path, error: &std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            Problem::World(format!("error: cannot read `{}`: {error}\nhelp: change its permissions, or copy the folder", path.shown()))
        }
        _ => damaged(path, &error.to_string()),
    }
}

/// What is said of a file that cannot be trusted.
fn damaged(path: &Path, what: &str) -> Problem {
    Problem::World(format!("error: cannot read `{}`: {what}\nhelp: run the scenario again, which computes it anew", path.shown()))
}
