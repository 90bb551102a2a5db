//! A study: a folder that knows its plan and holds finished units. A run folder is a study whose units are all there.
//!
//! A run begins as a hidden folder, `.unfinished-<hash>`, beside the run folders of its scenario, so that an unwritable disk is known
//! at once and not after minutes of work. Each replicate is kept there as soon as it is done. What is interrupted or killed goes on
//! from there: whoever runs the same scenario again finds the folder by its hash, and takes it over where nobody holds its lock,
//! which the operating system lets go when a process dies. Once all units are there they become one Parquet file a table, and the
//! folder takes its number and its name: `<NNNN>-<hash>`. A run folder appears whole or not at all.
//!
//! A finished run may grow: new units lie beside its tables, and once they are all there new tables take the place of the old ones
//! together. That moment is one rename, of a folder `.commit` with the new files in it; whoever reads takes a file from there while it
//! is there, and whoever finds the folder moves its files to their places.
//!
//! Absent on purpose: overwriting. A number that is taken is never taken again.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, IntoLazy, col, lit};

use super::lock::{Lock, missing_folders};
use super::manifest;
use super::rows::{COMMIT, Rows, is_folder, place};
use super::tables::{self, Layout, Table, guarded};
use super::units::{self, Found, Keys, UNITS};
use super::whole::{self, Growing, refused};
use super::{Manifest, Record};
use crate::draws::fnv;
use crate::ensemble::{Shard, Unit};
use crate::scenario::{Problem, Scenario, Shown as _};
use crate::sums::Sum;

/// What the name of a study that is not whole yet begins with.
const UNFINISHED: &str = ".unfinished-";
/// Where new files of a study wait until they are all there.
const STAGING: &str = ".staging";
/// A study that is being worked on, by this process alone.
#[derive(Debug)]
pub struct Study<'a> {
    scenario: &'a Scenario,
    keys: Keys,
    layout: Layout,
    folder: PathBuf,
    /// What lies in its tables already.
    before: Option<Rows>,
    /// Units that lie beside them.
    kept: BTreeSet<u32>,
    /// For a study that becomes a run folder: the folder of its scenario's runs.
    home: Option<PathBuf>,
    lock: Option<Lock>,
    made: Vec<PathBuf>,
    seconds: Vec<f64>,
    foreign: Vec<PathBuf>,
    /// What was found wrong and is computed again.
    pub remarks: Vec<String>,
}

impl<'a> Study<'a> {
    /// Begins a study of `scenario` under `output`, or takes up the one that was left unfinished.
    ///
    /// # Errors
    /// A problem of the world where the folder cannot be made, read or written to.
    pub fn open(output: &Path, scenario: &'a Scenario) -> Result<Self, Problem> {
        let home = output.join(file_name(&scenario.name));
        let say = |error: &std::io::Error| {
            let say = format!("error: cannot write to `{}`: {error}", home.shown());
            Problem::World(format!("{say}\nhelp: choose a folder you may write to with --output, or make room on the disk"))
        };
        let plan = Manifest::of(scenario);
        let made = missing_folders(&home);
        whole::folders(&home).map_err(|error| say(&error))?;
        let mut study = Self::new(scenario, PathBuf::new(), &plan);
        study.made = made;
        study.home = Some(home.clone());
        for attempt in 0.. {
            let name = if attempt == 0 { String::new() } else { format!("-{attempt}") };
            let folder = home.join(format!("{UNFINISHED}{}{name}", &plan.hash[..8]));
            let path = folder.with_extension("lock");
            match Lock::take(&path) {
                Ok(Some(lock)) => {
                    study.lock = Some(lock);
                    study.folder = folder;
                    break;
                }
                // Somebody else is at work on the same: this one works for itself.
                Ok(None) if attempt < 1000 => {}
                Ok(None) => return Err(say(&std::io::Error::from(ErrorKind::AlreadyExists))),
                Err(error) => return Err(say(&error)),
            }
        }
        whole::folders(&study.folder.join(UNITS)).map_err(|error| say(&error))?;
        // Whoever was killed between its commit and its name left files that only have to be moved.
        settle(&study.folder);
        // Its tables are those of a run that was killed just before it took its name, or of another program.
        study.before = manifest::read(&study.folder.join("manifest.toml")).ok().and_then(|found| study.tables_of(&found));
        study.begin(&plan)?;
        study.look()?;
        Ok(study)
    }

    /// Writes the plan of a study of `scenario` to a new folder, for shards to work on.
    ///
    /// # Errors
    /// A fault where something lies there already; a problem of the world where the disk refuses.
    pub fn plan(folder: &Path, scenario: &'a Scenario) -> Result<(), Problem> {
        if names_something(folder) {
            let say = format!("error: `{}` is there already", folder.shown());
            return Err(Problem::Fault(format!("{say}\nhelp: name a new folder; nothing is overwritten")));
        }
        let plan = Manifest::of(scenario);
        let study = Self::new(scenario, folder.to_path_buf(), &plan);
        whole::make(&folder.join(UNITS))?;
        study.write_inputs(folder)?;
        // The plan goes last: a folder with one is ready to be worked on.
        whole::write(&folder.join("manifest.toml"), plan.to_toml()).map(|_| ())
    }

    /// Takes part in the study in `folder`, of which `found` tells, beside any number of others: it holds no lock, and each unit is
    /// there whole or not at all, whoever computes it. Every byte of the replicates of its `shard` is checked; of the others it counts
    /// that their units have their names, for a thousand shards that each read all units would do little else.
    ///
    /// # Errors
    /// A fault where the plan is another program's; a problem of the world where units cannot be read.
    pub fn share(folder: &Path, found: &Manifest, scenario: &'a Scenario, shard: Shard) -> Result<Self, Problem> {
        let plan = Manifest::of(scenario);
        let mut study = Self::new(scenario, folder.to_path_buf(), &plan);
        study.fits(found)?;
        let all: BTreeSet<(u32, String)> = units::list(folder).into_iter().collect();
        for replicate in 0..scenario.replicates {
            let key = study.keys.of_replicate(scenario, replicate);
            if !shard.owns(replicate) {
                if all.contains(&(replicate, key)) {
                    study.kept.insert(replicate);
                }
                continue;
            }
            match units::read(folder, replicate, &key)? {
                Found::Whole(unit) => {
                    study.kept.insert(replicate);
                    study.seconds.push(unit.seconds);
                }
                Found::Missing => {}
                Found::Damaged(what) => study.remarks.push(format!("{what}; it is computed again.")),
            }
        }
        let known = |(replicate, key): &(u32, String)| *key == study.keys.of_replicate(scenario, *replicate);
        study.foreign = all.into_iter().filter(|unit| !known(unit)).map(|(replicate, key)| units::path(folder, replicate, &key)).collect();
        Ok(study)
    }

    /// Whether the plan that `found` tells of is this one, under these rules.
    fn fits(&self, found: &Manifest) -> Result<(), Problem> {
        if found.format >= 4 && found.rules == units::RULES && found.hash == Manifest::of(self.scenario).hash {
            return Ok(());
        }
        let say = format!("error: `{}` was planned by a program with other rules, or has been changed", self.folder.shown());
        Err(Problem::Fault(format!("{say}\nhelp: use the program that planned it on every machine, or plan it anew")))
    }

    /// How long each unit took that was found, in seconds.
    #[must_use]
    pub fn seconds(&self) -> &[f64] {
        &self.seconds
    }

    /// Units in its folder that belong to another study or another program.
    #[must_use]
    pub fn foreign(&self) -> &[PathBuf] {
        &self.foreign
    }

    /// Takes up the finished run in `folder`, of which `manifest` tells, to add replicates: `scenario` is what it says of itself, with
    /// the number of replicates that is wanted.
    ///
    /// # Errors
    /// A fault where it cannot grow; a problem of the world where its files cannot be read or written to.
    pub fn grow(folder: &Path, found: &Manifest, scenario: &'a Scenario) -> Result<Self, Problem> {
        let plan = Manifest::of(scenario);
        let mut study = Self::new(scenario, folder.to_path_buf(), &plan);
        let path = folder.join(".lock");
        let Some(lock) = Lock::take(&path).map_err(|error| refused(&path, &error))? else {
            let help = "help: wait until it is done";
            return Err(Problem::World(format!("error: another fivep is at work on `{}`\n{help}", folder.shown())));
        };
        study.lock = Some(lock);
        let again = "help: run the scenario again instead: fivep run SCENARIO --replicates N";
        if found.format < 4 || found.rules != units::RULES {
            let say = format!("error: `{}` was made by a program with other rules, so that nothing can be added to it", folder.shown());
            return Err(Problem::Fault(format!("{say}\n{again}")));
        }
        if found.whole() {
            study.before = study.tables_of(found);
            if study.before.is_none() {
                let what =
                    if found.replicates > scenario.replicates { "it has more replicates already" } else { "its scenario or its country has changed" };
                return Err(Problem::Fault(format!("error: nothing can be added to `{}`: {what}\n{again}", folder.shown())));
            }
        }
        whole::make(&folder.join(UNITS))?;
        study.look()?;
        Ok(study)
    }

    fn new(scenario: &'a Scenario, folder: PathBuf, plan: &Manifest) -> Self {
        let (keys, layout) = (Keys::of(scenario), Layout::of(plan));
        let (kept, made, remarks) = (BTreeSet::new(), vec![], vec![]);
        Self { scenario, keys, layout, folder, before: None, kept, home: None, lock: None, made, seconds: vec![], foreign: vec![], remarks }
    }

    /// The rows that `found` tells of, if they are the first of this study.
    fn tables_of(&self, found: &Manifest) -> Option<Rows> {
        let fits = found.format >= 4 && found.whole() && found.replicates <= self.scenario.replicates;
        (fits && found.units == self.units(found.replicates)).then(|| Rows::of_folder(&self.folder, found))
    }

    fn path(&self, folder: &Path, replicate: u32) -> PathBuf {
        units::path(folder, replicate, &self.keys.of_replicate(self.scenario, replicate))
    }

    /// One number over the keys of the first units.
    fn units(&self, replicates: u32) -> String {
        let keys = (0..replicates).flat_map(|replicate| self.keys.of_replicate(self.scenario, replicate).into_bytes());
        format!("{:016x}", fnv(keys.collect::<Vec<u8>>().into_iter()))
    }

    /// Writes the plan: what the study is, but for its units.
    fn begin(&self, plan: &Manifest) -> Result<(), Problem> {
        if self.before.is_none() {
            self.write_inputs(&self.folder)?;
            whole::write(&self.folder.join("manifest.toml"), plan.to_toml())?;
        }
        Ok(())
    }

    /// Writes what was simulated into `folder`, and tells the sums.
    fn write_inputs(&self, folder: &Path) -> Result<Vec<(String, Sum)>, Problem> {
        let mut files = vec![("scenario.toml".to_owned(), whole::write(&folder.join("scenario.toml"), &self.scenario.resolved)?)];
        if let Some(country) = self.scenario.country_folder() {
            whole::make(&folder.join(&country))?;
            for (name, text) in &self.scenario.country_files {
                files.push((format!("{country}/{name}"), whole::write(&folder.join(&country).join(name), text)?));
            }
        }
        Ok(files)
    }

    /// Looks which units are there and whole; the rest is removed.
    fn look(&mut self) -> Result<(), Problem> {
        whole::sweep(&self.folder.join(UNITS));
        whole::sweep(&self.folder);
        let done = self.done_before();
        for (replicate, key) in units::list(&self.folder) {
            let path = units::path(&self.folder, replicate, &key);
            if key != self.keys.of_replicate(self.scenario, replicate) || replicate < done {
                let _ = whole::remove(&path);
                continue;
            }
            match units::read(&self.folder, replicate, &key)? {
                Found::Whole(_) => {
                    self.kept.insert(replicate);
                }
                Found::Missing => {}
                Found::Damaged(what) => {
                    self.remarks.push(format!("{what}; it is computed again."));
                    let _ = whole::remove(&path);
                }
            }
        }
        Ok(())
    }

    fn done_before(&self) -> u32 {
        self.before.as_ref().map_or(0, |rows| rows.replicates)
    }

    /// How many of the replicates wanted were there when the study was opened or have been kept since.
    #[must_use]
    pub fn done(&self) -> u32 {
        self.done_before() + self.kept.range(..self.scenario.replicates).count() as u32
    }

    /// The replicates that are wanted and not there.
    #[must_use]
    pub fn missing(&self) -> Vec<u32> {
        (self.done_before()..self.scenario.replicates).filter(|replicate| !self.kept.contains(replicate)).collect()
    }

    /// Keeps a unit.
    ///
    /// # Errors
    /// A problem of the world where the disk is full or refuses.
    pub fn keep(&mut self, unit: &Unit) -> Result<(), Problem> {
        units::write(&self.folder, &self.layout, &self.keys.of_replicate(self.scenario, unit.replicate), unit)?;
        self.kept.insert(unit.replicate);
        Ok(())
    }

    /// Makes tables of all units and gives the folder its name, once all are there; `timed` is told the manifest before it is written.
    ///
    /// # Errors
    /// A problem of the world where the disk is full or refuses, or a unit is not there.
    pub fn finish(mut self, timed: &dyn Fn(&mut Manifest)) -> Result<PathBuf, Problem> {
        let staging = self.folder.join(STAGING);
        let _ = whole::remove_all(&staging);
        if self.done_before() < self.scenario.replicates {
            whole::make(&staging)?;
            let mut files = self.write_inputs(&staging)?;
            files.extend(self.merge(&staging)?);
            let mut manifest = Manifest::of(self.scenario);
            timed(&mut manifest);
            (manifest.units, manifest.files) = (self.units(self.scenario.replicates), files);
            whole::write(&staging.join("manifest.toml"), manifest.to_toml())?;
            let commit = self.folder.join(COMMIT);
            if commit.is_symlink() {
                // No commit of ours; a folder cannot take the place of a link.
                let _ = whole::remove(&commit);
            }
            whole::rename(&staging, &commit).map_err(|error| refused(&commit, &error))?;
            settle(&self.folder);
        }
        // Units beyond those asked for now were asked for before, and wait for that to be asked again.
        let beyond: Vec<u32> = self.kept.range(self.scenario.replicates..).copied().collect();
        for replicate in self.kept.range(..self.scenario.replicates) {
            let _ = whole::remove(&self.path(&self.folder, *replicate));
        }
        let _ = whole::remove_empty(&self.folder.join(UNITS));
        let Some(home) = self.home.clone() else { return Ok(self.folder.clone()) };
        let hash = Manifest::of(self.scenario).hash;
        loop {
            let path = home.join(format!("{:04}-{}", next_number(&home), &hash[..8]));
            // A rename onto an existing folder is refused, for a run folder is never empty: whoever loses the
            // race for a number takes the next one.
            match whole::rename(&self.folder, &path) {
                Ok(()) => {
                    whole::sync_folder(&path);
                    self.home = None;
                    if !beyond.is_empty() && whole::folders(&self.folder.join(UNITS)).is_ok() {
                        for replicate in beyond {
                            let _ = whole::rename(&self.path(&path, replicate), &self.path(&self.folder, replicate));
                        }
                        let _ = whole::remove_empty(&path.join(UNITS));
                        let _ = whole::write(&self.folder.join("manifest.toml"), Manifest::of(self.scenario).to_toml());
                    }
                    return Ok(path);
                }
                Err(_) if path.exists() => {}
                Err(error) => return Err(refused(&path, &error)),
            }
        }
    }

    /// Writes one Parquet file a table, piece by piece, each from what was there before and from units.
    fn merge(&self, folder: &Path) -> Result<Vec<(String, Sum)>, Problem> {
        let tables = self.layout.tables();
        let refuse = |table: Table, what: String| {
            let path = folder.join(table.file());
            Problem::World(format!("error: cannot write `{}`: {what}\nhelp: make room on the disk, and run the same command again", path.shown()))
        };
        let mut growing = tables.iter().map(|table| Growing::begin(&folder.join(table.file()))).collect::<Result<Vec<_>, _>>()?;
        let mut writers = vec![];
        for (table, file) in tables.iter().zip(&mut growing) {
            writers.push(tables::begin(file, &self.layout, *table).map_err(|what| refuse(*table, what))?);
        }
        let (all, together) = (self.scenario.replicates, self.layout.together() as u32);
        for first in (0..all).step_by(together as usize) {
            let pieces = self.piece(first..all.min(first + together))?;
            for ((table, writer), piece) in tables.iter().zip(&mut writers).zip(pieces) {
                guarded(|| writer.write_batch(&piece)).map_err(|what| refuse(*table, what))?;
            }
        }
        for (table, writer) in tables.iter().zip(writers) {
            guarded(|| writer.finish()).map_err(|what| refuse(*table, what))?;
        }
        let mut files = vec![];
        for (table, mut file) in tables.iter().zip(growing) {
            file.flush().map_err(|error| refused(&folder.join(table.file()), &error))?;
            files.push((table.file().to_owned(), file.finish()?));
        }
        Ok(files)
    }

    /// The rows of some replicates, by table.
    fn piece(&self, replicates: std::ops::Range<u32>) -> Result<Vec<DataFrame>, Problem> {
        let mut all: Vec<Option<DataFrame>> = self.layout.tables().iter().map(|_| None).collect();
        let lost = |what: String| {
            Problem::World(format!(
                "error: a unit of `{}` is gone or damaged: {what}\nhelp: run the same command again, which computes it anew",
                self.folder.shown()
            ))
        };
        let mut add = |place: usize, frame: DataFrame| match &mut all[place] {
            None => {
                all[place] = Some(frame);
                Ok(())
            }
            Some(before) => guarded(|| before.vstack_mut(&frame).map(|_| ())),
        };
        let done = self.done_before();
        if let Some(before) = self.before.as_ref().filter(|_| replicates.start < done) {
            let number = replicates.start as usize / self.layout.together();
            for (place, table) in self.layout.tables().into_iter().enumerate() {
                let columns = tables::wanted(table, &table.figures());
                let piece = before.piece(table, &table.figures(), number)?.lazy();
                let frame = guarded(|| piece.filter(col("replicate").lt(lit(done))).select(columns.iter().map(col).collect::<Vec<_>>()).collect());
                add(place, frame.map_err(lost)?).map_err(lost)?;
            }
        }
        for replicate in replicates.start.max(done)..replicates.end {
            let unit = match units::read(&self.folder, replicate, &self.keys.of_replicate(self.scenario, replicate))? {
                Found::Whole(unit) => unit,
                Found::Missing => return Err(lost(format!("replicate {replicate}"))),
                Found::Damaged(what) => return Err(lost(what)),
            };
            for (place, table) in self.layout.tables().into_iter().enumerate() {
                let frame = unit.frame(&self.layout, table, replicate).map_err(lost)?;
                add(place, frame).map_err(lost)?;
            }
        }
        let frames = all.into_iter().map(|frame| {
            let mut frame = frame.unwrap_or_default();
            frame.rechunk_mut();
            frame
        });
        Ok(frames.collect())
    }
}

impl Drop for Study<'_> {
    fn drop(&mut self) {
        if self.lock.is_some() {
            let _ = whole::remove_all(&self.folder.join(STAGING));
        }
        // What holds no unit is not worth keeping; what holds one is gone on with.
        if self.home.is_some() && self.kept.is_empty() && self.before.is_none() && !self.folder.as_os_str().is_empty() {
            let _ = whole::remove_all(&self.folder);
        }
        if self.home.is_none() && self.lock.is_some() && self.done_before() > 0 {
            let _ = whole::remove_empty(&self.folder.join(UNITS));
        }
        self.lock = None;
        // Folders that this run made for itself go too, if nothing came to lie in them.
        for folder in self.made.iter().rev() {
            let _ = whole::remove_empty(folder);
        }
    }
}

/// Moves the files of a commit to their places. Whoever may not write leaves them where they are: they are read there as well.
pub fn settle(folder: &Path) {
    let commit = folder.join(COMMIT);
    let mut files = vec![];
    // The folder may come from somebody else: what a link leads to is not the study's to move, to replace or to remove.
    if !is_folder(&commit) || !walk(&commit, &mut files) {
        return;
    }
    // The manifest goes last: until it is in its place, the commit is there to be found.
    files.sort_by_key(|path| path.ends_with("manifest.toml"));
    for path in files {
        let Ok(name) = path.strip_prefix(&commit) else { continue };
        let to = folder.join(name);
        let stays = name.ancestors().skip(1).all(|part| !folder.join(part).is_symlink() || part.as_os_str().is_empty());
        let moved = stays && to.parent().is_none_or(|parent| whole::folders(parent).is_ok()) && whole::rename(&path, &to).is_ok();
        if !moved {
            return;
        }
    }
    let _ = whole::remove_all(&commit);
    whole::sync_folder(&folder.join("manifest.toml"));
}

/// All files below `folder`; false where something else lies there, such as a link.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().all(|entry| match entry.file_type() {
        Ok(found) if found.is_dir() => walk(&entry.path(), files),
        Ok(found) if found.is_file() => {
            files.push(entry.path());
            true
        }
        _ => false,
    })
}

fn names_something(folder: &Path) -> bool {
    fs::read_dir(folder).map_or_else(|_| folder.symlink_metadata().is_ok(), |mut entries| entries.next().is_some())
}

/// One more than the greatest number in use.
fn next_number(home: &Path) -> u32 {
    let numbers = fs::read_dir(home).into_iter().flatten().flatten();
    let number = |entry: fs::DirEntry| entry.file_name().to_string_lossy().split_once('-').and_then(|(number, _)| number.parse::<u32>().ok());
    numbers.filter_map(number).max().unwrap_or(0).saturating_add(1)
}

/// A scenario's name as the name of a folder: whatever a file system might not like becomes a dash.
fn file_name(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    if safe.is_empty() || safe.starts_with('.') { format!("_{safe}") } else { safe }
}

/// One study in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Where it lies.
    pub path: PathBuf,
    /// What its manifest says; nothing where it is damaged or of another format.
    pub manifest: Option<Manifest>,
    /// For one that is not whole: how many units lie in it.
    pub unfinished: Option<usize>,
}

/// All run folders under `output`, by scenario, then by number, and what was left unfinished. A folder that does not exist holds none.
///
/// # Errors
/// A problem of the world where a folder cannot be read.
pub fn list(output: &Path) -> Result<Vec<Listed>, Problem> {
    let mut listed = Vec::new();
    for scenario in sorted(output)? {
        if !scenario.is_dir() {
            continue;
        }
        for path in sorted(&scenario)?.into_iter().filter(|path| path.join("manifest.toml").is_file()) {
            let manifest = manifest::read(&place(&path, "manifest.toml")).ok();
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED));
            let part = hidden || manifest.as_ref().is_some_and(|manifest| !manifest.whole());
            let unfinished = part.then(|| units::list(&path).len());
            listed.push(Listed { path, manifest, unfinished });
        }
    }
    Ok(listed)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Problem::World(format!("error: cannot read `{}`: {error}", folder.shown()))),
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// Reads a run folder back.
///
/// # Errors
/// A fault where the folder is no run folder or of another format; a problem of the world where a file cannot
/// be read or is damaged.
pub fn load(folder: &Path) -> Result<Record, Problem> {
    settle(folder);
    let manifest = manifest::read(&place(folder, "manifest.toml"))?;
    if !manifest.whole() {
        let (done, all) = (units::list(folder).len(), manifest.replicates);
        let say = format!("error: `{}` is not whole yet: {done} of {all} replicates are there", folder.shown());
        return Err(Problem::Fault(format!("{say}\nhelp: run it to its end first")));
    }
    for (name, told) in manifest.files.iter().filter(|(name, _)| !Table::ALL.iter().any(|table| table.file() == name)) {
        let path = place(folder, name);
        let same = whole::is_the_one(&path, *told);
        if !same.map_err(|error| Problem::World(format!("error: cannot read `{}`: {error}", path.shown())))? {
            let say = format!("error: `{}` is damaged or was changed: its sum is not the one in manifest.toml", path.shown());
            return Err(Problem::World(format!(
                "{say}\nhelp: a copy of it elsewhere can be changed and run; run the scenario again for this folder"
            )));
        }
    }
    let rows = Rows::of_folder(folder, &manifest);
    Ok(Record::of_rows(manifest, rows))
}
