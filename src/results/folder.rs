//! A run folder appears whole or not at all.
//!
//! A run reserves its place before it simulates, so that an unwritable folder is known at once and not after
//! minutes of work. Everything is written to a hidden sibling, `.partial-…`, which is renamed when whole and
//! removed when the run fails, is interrupted or panics. A run that was killed leaves its sibling behind; the
//! next run knows it by its lock, which the operating system lets go when a process dies, and removes it.
//!
//! Absent on purpose: overwriting. A number that is taken is never taken again.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::manifest;
use super::{Manifest, Record};
use crate::scenario::{Problem, Scenario};

/// What a hidden folder's name begins with.
const PARTIAL: &str = ".partial-";

/// A place for a run that is still being made; dropping it removes every trace.
#[derive(Debug)]
pub struct Pending {
    home: PathBuf,
    partial: PathBuf,
    lock_path: PathBuf,
    lock: Option<File>,
    made: Vec<PathBuf>,
}

impl Pending {
    /// Reserves a place under `output` for a run of the scenario called `name`, and removes what dead runs left.
    ///
    /// # Errors
    /// A problem of the world where the folder cannot be made or written to.
    pub fn open(output: &Path, name: &str) -> Result<Self, Problem> {
        let home = output.join(file_name(name));
        let refused = |error: &std::io::Error| {
            let say = format!("error: cannot write to `{}`: {error}", home.display());
            Problem::World(format!("{say}\nhelp: choose a folder you may write to with --output, or make room on the disk"))
        };
        let made = missing_parents(&home);
        fs::create_dir_all(&home).map_err(|error| refused(&error))?;
        remove_leftovers(&home);
        let mut pending = Self { partial: PathBuf::new(), lock_path: PathBuf::new(), lock: None, made, home: home.clone() };
        for attempt in 0.. {
            let partial = home.join(format!("{PARTIAL}{}-{attempt}", std::process::id()));
            let lock_path = partial.with_extension("lock");
            let file = match File::create_new(&lock_path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 1000 => continue,
                Err(error) => return Err(refused(&error)),
            };
            // Some network disks know no locks; there a leftover is simply never removed by another run.
            let _ = file.lock();
            // Between making the file and locking it another run may have taken it for a leftover.
            if !lock_path.exists() {
                continue;
            }
            pending.lock = Some(file);
            pending.lock_path = lock_path;
            pending.partial = partial;
            break;
        }
        fs::create_dir(&pending.partial).map_err(|error| refused(&error))?;
        Ok(pending)
    }

    /// Writes everything, then gives the folder its number and name: `<NNNN>-<hash>`, the next free number.
    ///
    /// `stop` is asked before the folder becomes visible; where it says yes, nothing is left and the answer is `None`.
    ///
    /// # Errors
    /// A problem of the world where the disk is full or refuses.
    pub fn finish(self, record: &Record, scenario: &Scenario, stop: &dyn Fn() -> bool) -> Result<Option<PathBuf>, Problem> {
        super::write(&self.partial, record, scenario)?;
        loop {
            if stop() {
                return Ok(None);
            }
            let path = self.home.join(format!("{:04}-{}", next_number(&self.home), &record.manifest.hash[..8]));
            // A rename onto an existing folder is refused, for a run folder is never empty: whoever loses the
            // race for a number takes the next one.
            match fs::rename(&self.partial, &path) {
                Ok(()) => return Ok(Some(path)),
                Err(_) if path.exists() => {}
                Err(error) => return Err(Problem::World(format!("error: cannot write `{}`: {error}", path.display()))),
            }
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.partial);
        self.lock = None;
        let _ = fs::remove_file(&self.lock_path);
        // Folders that this run made for itself go too, if nothing came to lie in them.
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// The folders on the way to `folder`, outermost first, that do not exist yet.
fn missing_parents(folder: &Path) -> Vec<PathBuf> {
    let mut missing: Vec<PathBuf> =
        folder.ancestors().filter(|path| !path.as_os_str().is_empty()).take_while(|path| !path.exists()).map(Path::to_path_buf).collect();
    missing.reverse();
    missing
}

/// Removes hidden folders whose runs are dead, told by a lock that can be had or by its absence.
fn remove_leftovers(home: &Path) {
    let partials = || fs::read_dir(home).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| hidden(path));
    for lock in partials().filter(|path| path.extension().is_some_and(|extension| extension == "lock")) {
        let Ok(file) = File::open(&lock) else { continue };
        if file.try_lock().is_ok() {
            let _ = fs::remove_dir_all(lock.with_extension(""));
            let _ = fs::remove_file(&lock);
        }
    }
    // A living run makes its lock before its folder and removes it after, so a folder without one is dead.
    for folder in partials().filter(|path| path.extension().is_none() && !path.with_extension("lock").exists()) {
        let _ = fs::remove_dir_all(folder);
    }
}

fn hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PARTIAL))
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

/// Makes a folder and those on the way to it.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn make(path: &Path) -> Result<(), Problem> {
    fs::create_dir_all(path).map_err(|error| refused(path, &error))
}

/// Writes a new text file and waits until the disk has it.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn write_text(path: &Path, text: &str) -> Result<(), Problem> {
    let write = || {
        let mut file = File::create_new(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &std::io::Error) -> Problem {
    Problem::World(format!("error: cannot write `{}`: {error}\nhelp: make room on the disk, or choose another folder", path.display()))
}

/// One run folder in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Where it lies.
    pub path: PathBuf,
    /// What its manifest says; nothing where it is damaged or of another format.
    pub manifest: Option<Manifest>,
}

/// All run folders under `output`, by scenario, then by number. A folder that does not exist holds none.
///
/// # Errors
/// A problem of the world where a folder cannot be read.
pub fn list(output: &Path) -> Result<Vec<Listed>, Problem> {
    let mut listed = Vec::new();
    for scenario in sorted(output)? {
        if !scenario.is_dir() || hidden(&scenario) {
            continue;
        }
        for path in sorted(&scenario)?.into_iter().filter(|path| !hidden(path) && path.join("manifest.toml").is_file()) {
            let manifest = manifest::read(&path.join("manifest.toml")).ok();
            listed.push(Listed { path, manifest });
        }
    }
    Ok(listed)
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Problem::World(format!("error: cannot read `{}`: {error}", folder.display()))),
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}
