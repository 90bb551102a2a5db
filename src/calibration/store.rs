//! Runs of a calibration: simulated once, kept on disk, handed back when the route is walked again.
//!
//! Calibration is a pure function that asks for batches of runs in a fixed order. A store with a folder writes each part
//! of a batch to a temporary name and renames it, so that a part is there whole or not at all; after an interruption the
//! same command walks the same route, and what is there is read instead of simulated. Each file states a key made of
//! everything that decides it, so that the runs of another calibration are refused and never mixed in.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::Stopped;
use crate::draws::fnv;
use crate::ensemble::in_parallel;
use crate::scenario::Problem;

/// Runs in one file: as many as may be lost by an interruption.
const PART: usize = 32;

/// Turns one value for every parameter, and the number of its luck, into figures.
pub type Simulator<'a> = dyn Fn(&[f64], u32) -> Vec<f64> + Sync + 'a;

/// Where runs come from.
pub struct Store<'a> {
    simulate: &'a Simulator<'a>,
    jobs: usize,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn(usize) + Sync),
    folder: Option<PathBuf>,
    key: String,
    runs: usize,
}

impl<'a> Store<'a> {
    /// A store that simulates on `jobs` threads until `stop`, and tells `progress` how many runs there are.
    #[must_use]
    pub fn new(simulate: &'a Simulator<'a>, jobs: usize, progress: &'a (dyn Fn(usize) + Sync), stop: &'a AtomicBool) -> Self {
        Self { simulate, jobs, stop, progress, folder: None, key: String::new(), runs: 0 }
    }

    /// The same, which keeps its runs in `folder`; `key` tells one calibration from another.
    #[must_use]
    pub fn kept_in(self, folder: &Path, key: &str) -> Self {
        Self { folder: Some(folder.to_path_buf()), key: key.to_owned(), ..self }
    }

    /// How many runs there are so far.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// The figures of one run for each of `points`, each under luck of its own.
    ///
    /// # Errors
    /// An interrupt, or what the disk refuses.
    pub fn batch(&mut self, stage: &str, points: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Stopped> {
        let mut all = Vec::with_capacity(points.len());
        for (part, points) in points.chunks(PART).enumerate() {
            let first = self.runs;
            let key = format!("{} {:016x}", self.key, hash(points, first));
            let path = self.folder.as_ref().map(|folder| folder.join(format!("{stage}-{:03}.csv", part + 1)));
            let known = path.as_ref().map_or(Ok(None), |path| read(path, &key, points.len()))?;
            let outputs = if let Some(known) = known {
                known
            } else {
                let run = |i: usize| (self.simulate)(&points[i], (first + i) as u32);
                let done = |through: usize| (self.progress)(first + through);
                let outputs = in_parallel(points.len(), self.jobs, &run, &done, self.stop).ok_or(Stopped::Interrupted)?;
                if let Some(path) = &path {
                    write(path, &key, &outputs)?;
                }
                outputs
            };
            self.runs += points.len();
            (self.progress)(self.runs);
            all.extend(outputs);
        }
        Ok(all)
    }

    /// `work` for 0 to `count`, in parallel, in this order.
    ///
    /// # Errors
    /// An interrupt.
    pub fn each<T: Send>(&self, count: usize, work: &(dyn Fn(usize) -> T + Sync)) -> Result<Vec<T>, Stopped> {
        in_parallel(count, self.jobs, work, &|_| {}, self.stop).ok_or(Stopped::Interrupted)
    }
}

/// A hash of the bits of the points and the number of their first luck.
fn hash(points: &[Vec<f64>], first: usize) -> u64 {
    let bits = points.iter().flatten().map(|x| x.to_bits()).chain([first as u64, points.len() as u64]);
    fnv(bits.flat_map(u64::to_le_bytes))
}

fn read(path: &Path, key: &str, count: usize) -> Result<Option<Vec<Vec<f64>>>, Stopped> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Stopped::Problem(Problem::World(format!("error: cannot read `{}`: {error}", path.display())))),
    };
    let fault = |what: &str| {
        let help = "choose another folder with --output, or remove this one to begin anew";
        Stopped::Problem(Problem::Fault(format!("error: `{}` {what}\nhelp: {help}", path.display())))
    };
    let mut lines = text.lines();
    if lines.next() != Some(&format!("# {key}")) {
        return Err(fault("belongs to another calibration: the program, the scenario, its country or the settings differ"));
    }
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').filter_map(|cell| cell.parse().ok()).collect()).collect();
    if rows.len() != count || rows.iter().any(|row| row.len() != rows[0].len()) {
        return Err(fault("is damaged"));
    }
    Ok(Some(rows))
}

fn write(path: &Path, key: &str, outputs: &[Vec<f64>]) -> Result<(), Stopped> {
    let mut text = format!("# {key}\n");
    for row in outputs {
        let cells: Vec<String> = row.iter().map(|value| format!("{value:?}")).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    replace(path, &text).map_err(Stopped::Problem)
}

/// Writes a file under a temporary name and renames it, so that it is there whole or not at all. Where `path` is a link, the file
/// that it leads to is replaced and the link stays.
///
/// # Errors
/// A problem of the world where the disk refuses.
pub fn replace(path: &Path, text: &str) -> Result<(), Problem> {
    let found = fs::canonicalize(path);
    let path = found.as_deref().unwrap_or(path);
    let partial = path.with_extension("partial");
    let write = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    write().map_err(|error| {
        let say = format!("error: cannot write `{}`: {error}", path.display());
        Problem::World(format!("{say}\nhelp: make room on the disk, or choose another folder with --output"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_its_file_is_replaced() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [file, link] = ["file.md", "link.md"].map(|name| folder.path().join(name));
        fs::write(&file, "old").expect("the folder can be written");
        std::os::unix::fs::symlink("file.md", &link).expect("the folder can be written");
        replace(&link, "new").expect("the folder can be written");
        assert_eq!(fs::read_to_string(&file).expect("it is there"), "new");
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    }
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn what_was_simulated_is_not_simulated_again_and_foreign_runs_are_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let count = AtomicUsize::new(0);
        let simulate = |x: &[f64], luck: u32| {
            count.fetch_add(1, Ordering::Relaxed);
            vec![x[0] / 3.0 + f64::from(luck), f64::NAN]
        };
        let points: Vec<Vec<f64>> = (0..70).map(|i| vec![f64::from(i)]).collect();
        let stop = AtomicBool::new(false);
        let batch = |key: &str, points: &[Vec<f64>]| Store::new(&simulate, 2, &|_| {}, &stop).kept_in(folder.path(), key).batch("wave-1", points);
        let first = batch("a", &points).expect("nobody stops it");
        let again = batch("a", &points).expect("nobody stops it");
        assert_eq!(count.load(Ordering::Relaxed), 70);
        assert_eq!(format!("{first:?}"), format!("{again:?}"), "every bit comes back, undefined figures too");
        for (key, points) in [("b", points.clone()), ("a", points.iter().map(|x| vec![x[0] + 1.0]).collect())] {
            let Err(Stopped::Problem(Problem::Fault(text))) = batch(key, &points) else { panic!("another calibration's runs were taken") };
            assert!(text.contains("another calibration") && text.contains("help:"), "{text}");
        }
        fs::write(folder.path().join("wave-1-002.csv"), fs::read_to_string(folder.path().join("wave-1-001.csv")).expect("it is there"))
            .expect("writable");
        assert!(batch("a", &points).is_err(), "a part in the place of another is refused");
    }

    #[test]
    fn an_interrupt_leaves_whole_parts_only() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stop = AtomicBool::new(false);
        let simulate = |x: &[f64], luck: u32| {
            stop.fetch_or(luck == 40, Ordering::Relaxed);
            x.to_vec()
        };
        let points: Vec<Vec<f64>> = (0..70).map(|i| vec![f64::from(i)]).collect();
        let answer = Store::new(&simulate, 2, &|_| {}, &stop).kept_in(folder.path(), "a").batch("wave-1", &points);
        assert_eq!(answer, Err(Stopped::Interrupted));
        let left: Vec<_> = fs::read_dir(folder.path()).expect("readable").flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["wave-1-001.csv"]);
    }
}
