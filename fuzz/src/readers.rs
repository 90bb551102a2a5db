//! What comes from files, read as the program reads it: one function a kind of file, from bytes to an answer or a fault.
//!
//! Nothing is simulated and no process is started. The files lie in a folder in memory where the system has one.

use std::fs;
use std::path::{Path, PathBuf};

use fivep::charts::words::Words;
use fivep::results::tables::Table;
use fivep::results::{Record, load};
use fivep::scenario::{self, Overrides, Problem};

/// The scenario of the country that is read.
pub const OWN: &str =
    "format = 2\ntitle = \"Tiny\"\ncountry = \"land\"\nfrom = \"2015-01\"\nto = \"2015-04\"\nscale = 50\nreplicates = 3\nseed = 7\n";

/// A run folder of format 3, which holds no sums, so that what is read out of it comes further.
const OLD: [(&str, &[u8]); 5] = [
    ("manifest.toml", include_bytes!("../../tests/data/format-3/manifest.toml")),
    ("months.parquet", include_bytes!("../../tests/data/format-3/months.parquet")),
    ("sectors.parquet", include_bytes!("../../tests/data/format-3/sectors.parquet")),
    ("origins.parquet", include_bytes!("../../tests/data/format-3/origins.parquet")),
    ("stages.parquet", include_bytes!("../../tests/data/format-3/stages.parquet")),
];

/// A folder with sound files, of which one at a time is replaced.
pub struct Readers {
    at: PathBuf,
    country: Vec<(&'static str, &'static str)>,
}

impl Readers {
    /// Writes what is needed into the folder `at`, which is there.
    #[must_use]
    pub fn at(at: &Path) -> Self {
        let country = scenario::embedded_country("borderland").expect("it ships");
        for folder in ["land", "run"] {
            fs::create_dir_all(at.join(folder)).expect("writable");
        }
        for (name, text) in &country {
            fs::write(at.join("land").join(name), text).expect("writable");
        }
        for (name, bytes) in OLD {
            fs::write(at.join("run").join(name), bytes).expect("writable");
        }
        fs::write(at.join("own.toml"), OWN).expect("writable");
        Self { at: at.to_path_buf(), country }
    }

    /// A scenario.
    ///
    /// # Errors
    /// Its faults.
    pub fn scenario(&self, bytes: &[u8]) -> Result<(), String> {
        let path = self.at.join("mutant.toml");
        fs::write(&path, bytes).expect("writable");
        scenario::load_file(&path, &Overrides::default()).map(|_| ()).map_err(said)
    }

    /// A file of a country, among sound ones.
    ///
    /// # Errors
    /// Its faults.
    pub fn country(&self, file: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.at.join("land").join(file);
        fs::write(&path, bytes).expect("writable");
        let answer = scenario::load_file(&self.at.join("own.toml"), &Overrides::default()).and_then(|scenario| {
            scenario::check_country(&scenario)?;
            scenario::posterior_of(&scenario).map(|_| ())
        });
        match self.country.iter().find(|(name, _)| *name == file) {
            Some((_, sound)) => fs::write(path, sound).expect("writable"),
            None => fs::remove_file(path).expect("it was there"),
        }
        answer.map_err(said)
    }

    /// The manifest of a run folder of format 3, all of whose rows are then read.
    ///
    /// # Errors
    /// What is wrong with it, or with the tables that it tells of.
    pub fn manifest(&self, bytes: &[u8]) -> Result<(), String> {
        fs::write(self.at.join("run/manifest.toml"), bytes).expect("writable");
        let answer = load(&self.at.join("run")).and_then(|record| all_rows(&record));
        fs::write(self.at.join("run/manifest.toml"), OLD[0].1).expect("writable");
        answer.map(|_| ()).map_err(said)
    }

    /// The table of months of that run folder.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn table(&self, bytes: &[u8]) -> Result<(), String> {
        let path = self.at.join("run").join(Table::Months.file());
        fs::write(&path, bytes).expect("writable");
        let answer = load(&self.at.join("run")).and_then(|record| rows(&record, Table::Months));
        fs::write(path, OLD[1].1).expect("writable");
        answer.map(|_| ()).map_err(said)
    }

    /// A table of words.
    ///
    /// # Errors
    /// Its faults.
    pub fn words(bytes: &[u8]) -> Result<(), String> {
        Words::parse(&String::from_utf8_lossy(bytes)).map(|_| ()).map_err(|faults| faults.join("\n"))
    }
}

fn said(problem: Problem) -> String {
    match problem {
        Problem::Fault(text) | Problem::World(text) => text,
    }
}

/// Reads every row of every table.
///
/// # Errors
/// The first table that cannot be read.
pub fn all_rows(record: &Record) -> Result<Vec<f64>, Problem> {
    let tables = record.rows().layout.tables().into_iter().map(|table| rows(record, table));
    Ok(tables.collect::<Result<Vec<_>, _>>()?.concat())
}

/// Reads every row of one table.
fn rows(record: &Record, table: Table) -> Result<Vec<f64>, Problem> {
    let mut all = vec![];
    record.each_piece(table, &table.figures(), &mut |piece| {
        for name in table.figures() {
            all.extend(piece.column(name)?.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)));
        }
        Ok(())
    })?;
    Ok(all)
}
