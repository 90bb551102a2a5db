//! Finished replicates of a study that is not whole yet: one file each, there whole or not at all.
//!
//! A unit is all variants of one replicate. Its file begins with a line that says which unit of which study it is, and how long
//! each of its tables is and what its sum; then come the tables as Parquet, one after the other. One file a unit is one name, one
//! wait for the disk and one rename, on a laptop and on a cluster's disk with a hundred shards at work alike. Whoever wants to read
//! the tables with other tools merges the study first: its units become one Parquet file a table.
//!
//! Absent on purpose: which units there should be (`study`).

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::tables::{Layout, Table, decode, encode, frame};
use super::whole;
use crate::draws::fnv;
use crate::ensemble::Unit;
use crate::scenario::{Problem, Scenario, Shown as _};
use crate::sums::{Sum, sum};

/// The folder of units in the folder of a study.
pub const UNITS: &str = "units";
/// Most bytes of a unit.
const MOST: u64 = 1 << 30;
/// How the files of units end.
const ENDING: &str = ".unit";

/// What tells the units of one study from those of any other, but for the replicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    base: u64,
}

impl Keys {
    /// The keys of `scenario` under the rules of this program.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let mut hashed = Hashed(fnv([].into_iter()));
        let _ = write!(hashed, "{} {}", RULES, scenario.seed);
        for variant in &scenario.variants {
            // Which parameters a file fixes decides nothing where none is drawn; the resolved scenario then spells all of them out.
            let fixed = (!scenario.drawn.rows.is_empty()).then_some(&variant.fixed);
            let _ = write!(hashed, "{} {:?} {fixed:?}", variant.name, variant.setting);
        }
        Self { base: hashed.0 }
    }

    /// The key of `replicate`, under the parameter set that it assumes.
    #[must_use]
    pub fn of_replicate(&self, scenario: &Scenario, replicate: u32) -> String {
        let row = scenario.drawn.row(replicate).unwrap_or_default();
        let bytes = self.base.to_le_bytes().into_iter().chain(replicate.to_le_bytes());
        format!("{:016x}", fnv(bytes.chain(row.iter().flat_map(|value| value.to_bits().to_le_bytes()))))
    }
}

/// A number that changes with the program's rules: the sources of everything that decides a run.
pub const RULES: &str = env!("FIVEP_RULES");

/// Adds text to an FNV hash without ever holding it.
struct Hashed(u64);

impl std::fmt::Write for Hashed {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0 = text.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Ok(())
    }
}

/// Where the unit of `replicate` lies in the folder of a study.
#[must_use]
pub fn path(study: &Path, replicate: u32, key: &str) -> PathBuf {
    study.join(UNITS).join(format!("{replicate:06}-{key}{ENDING}"))
}

/// The replicate and the key that a file's name tells; nothing where it is no unit's.
#[must_use]
pub fn named(path: &Path) -> Option<(u32, String)> {
    let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
    let (replicate, key) = name.split_once('-')?;
    Some((replicate.parse().ok()?, key.to_owned()))
}

/// All units in the folder of a study, by their names alone, in order.
#[must_use]
pub fn list(study: &Path) -> Vec<(u32, String)> {
    let entries = fs::read_dir(study.join(UNITS)).into_iter().flatten().flatten();
    let mut found: Vec<(u32, String)> = entries.filter_map(|entry| named(&entry.path())).collect();
    found.sort();
    found
}

/// Writes `unit` into the folder of a study.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn write(study: &Path, layout: &Layout, key: &str, unit: &Unit) -> Result<(), Problem> {
    let path = path(study, unit.replicate, key);
    let refuse = |what: String| Problem::World(format!("error: cannot write `{}`: {what}", path.shown()));
    let (mut head, mut tables) = (format!("fivep unit 1 key={key} replicate={} seconds={:.3}", unit.replicate, unit.took.as_secs_f64()), vec![]);
    for table in layout.tables() {
        let frame = frame(layout, table, unit.replicate, &unit.histories).map_err(|error| refuse(error.to_string()))?;
        let bytes = encode(frame).map_err(refuse)?;
        let _ = write!(head, " {}={}", table.name(), sum(&bytes));
        tables.extend(bytes);
    }
    let mut bytes = format!("{head} head={}\n", sum(head.as_bytes())).into_bytes();
    bytes.extend(tables);
    // Whatever copied the plan to another disk may have left out a folder in which nothing lay.
    if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
        whole::make(folder)?;
    }
    whole::keep(&path, bytes).map(|_| ())
}

/// What a unit's file says.
pub struct Stored {
    /// How long it took to simulate, in seconds.
    pub seconds: f64,
    tables: Vec<(Table, Vec<u8>)>,
}

impl Stored {
    /// The rows of `table`.
    ///
    /// # Errors
    /// Where it is damaged, or its rows are others than `layout` tells of.
    pub fn frame(&self, layout: &Layout, table: Table, replicate: u32) -> Result<DataFrame, String> {
        let bytes = self.tables.iter().find(|(known, _)| *known == table).map(|(_, bytes)| bytes).ok_or("a table is missing")?;
        let pairs: Vec<(usize, u32)> = (0..layout.variants.len()).map(|variant| (variant, replicate)).collect();
        decode(bytes, layout, table, &pairs)
    }
}

/// What became of a unit that was looked for.
pub enum Found {
    /// It is there, and every byte is what was written.
    Whole(Stored),
    /// It is not there.
    Missing,
    /// Its file is not what was written; computing it again replaces it.
    Damaged(String),
}

/// Looks for the unit of `replicate` and checks every byte of it.
///
/// # Errors
/// A problem of the world where its file is there and cannot be read.
pub fn read(study: &Path, replicate: u32, key: &str) -> Result<Found, Problem> {
    let path = path(study, replicate, key);
    match whole::read(&path, MOST) {
        Ok(bytes) => Ok(parsed(&bytes, replicate, key).map_or_else(|what| Found::Damaged(format!("`{}` {what}", path.shown())), Found::Whole)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Found::Missing),
        Err(error) => Err(Problem::World(format!("error: cannot read `{}`: {error}", path.shown()))),
    }
}

fn parsed(bytes: &[u8], replicate: u32, key: &str) -> Result<Stored, &'static str> {
    let line = bytes.iter().take(4096).position(|byte| *byte == b'\n').ok_or("has no head")?;
    let (text, mut rest) = (std::str::from_utf8(&bytes[..line]).map_err(|_| "has a damaged head")?, &bytes[line + 1..]);
    let (head, own) = text.rsplit_once(" head=").ok_or("has a damaged head")?;
    if own.parse() != Ok(sum(head.as_bytes())) || !head.starts_with("fivep unit 1 ") {
        return Err("has a damaged head");
    }
    let said = |name: &str| head.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    if said("key") != Some(key) || said("replicate").and_then(|text| text.parse().ok()) != Some(replicate) {
        return Err("is another unit's");
    }
    let mut tables = vec![];
    for table in Table::ALL {
        let Some(told) = said(table.name()) else { continue };
        let told: Sum = told.parse().map_err(|()| "has a damaged head")?;
        let length = usize::try_from(told.length).map_err(|_| "has a damaged head")?;
        let (own, after) = rest.split_at_checked(length).ok_or("is cut short")?;
        if sum(own) != told {
            return Err("is damaged");
        }
        tables.push((table, own.to_vec()));
        rest = after;
    }
    if !rest.is_empty() {
        return Err("is longer than it was");
    }
    Ok(Stored { seconds: said("seconds").and_then(|text| text.parse().ok()).unwrap_or(f64::NAN), tables })
}
