//! Runs of a calibration: simulated once, kept on disk, handed back when the route is walked again.
//!
//! Calibration is a pure function that asks for batches of runs in a fixed order. A store with a folder writes each part
//! of a batch whole or not at all, with its own sum in the last line; after an interruption the
//! same command walks the same route, and what is there is read instead of simulated. Each file states a key made of
//! everything that decides it, so that the runs of another calibration are refused and never mixed in.
//!
//! Several processes, on one machine or many, may walk the same route in one folder: each simulates the parts of its own shard, and
//! waits for those of the others.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::Stopped;
use crate::draws::fnv;
use crate::ensemble::{Shard, in_parallel};
use crate::model::ledgers::History;
use crate::results::whole;
use crate::scenario::{Problem, Shown as _};
use crate::sums::{summed, with_sum};

/// Most bytes of one file.
const MOST: u64 = 1 << 28;
/// Runs in one file: as many as may be lost by an interruption.
const PART: usize = 32;
/// How often a shard looks whether another one's part is there: often beside the minute that a part takes, seldom for a disk that many share.
const LOOK: Duration = Duration::from_millis(250);

/// Turns one value for every parameter, and the number of its luck, into figures.
pub type Simulator<'a> = dyn Fn(&[f64], u32) -> Vec<f64> + Sync + 'a;

/// Figures of points, of which the first has the luck of that number.
type Simulated<'a> = dyn Fn(&[Vec<f64>], usize) -> Result<Vec<Vec<f64>>, Stopped> + 'a;

/// The same where a run has to be read: simulates one, and reads many together, which is done on the thread that asked.
pub struct Reader<'a> {
    /// Simulates one run.
    pub simulate: &'a (dyn Fn(&[f64], u32) -> History + Sync + 'a),
    /// Reads the figures of each of many.
    pub read: &'a (dyn Fn(Vec<History>) -> Result<Vec<Vec<f64>>, Problem> + 'a),
}

/// How figures are come by.
enum Source<'a> {
    Figures(&'a Simulator<'a>),
    Runs(Reader<'a>),
}

/// Where runs come from.
pub struct Store<'a> {
    source: Source<'a>,
    jobs: usize,
    stop: &'a AtomicBool,
    progress: &'a (dyn Fn(usize) + Sync),
    tell: &'a dyn Fn(&str),
    folder: Option<PathBuf>,
    key: String,
    shard: Shard,
    runs: usize,
    differences: Option<(&'a Simulator<'a>, String)>,
}

impl<'a> Store<'a> {
    /// A store that simulates on `jobs` threads until `stop`, and tells `progress` how many runs there are.
    #[must_use]
    pub fn new(simulate: &'a Simulator<'a>, jobs: usize, progress: &'a (dyn Fn(usize) + Sync), stop: &'a AtomicBool) -> Self {
        Self::of(Source::Figures(simulate), jobs, progress, stop)
    }

    /// A store of runs of which figures are read off.
    #[must_use]
    pub fn reading(reader: Reader<'a>, jobs: usize, progress: &'a (dyn Fn(usize) + Sync), stop: &'a AtomicBool) -> Self {
        Self::of(Source::Runs(reader), jobs, progress, stop)
    }

    fn of(source: Source<'a>, jobs: usize, progress: &'a (dyn Fn(usize) + Sync), stop: &'a AtomicBool) -> Self {
        Self { source, jobs, stop, progress, tell: &|_| {}, folder: None, key: String::new(), shard: Shard::WHOLE, runs: 0, differences: None }
    }

    /// The same, which keeps its runs in `folder`; `key` tells one calibration from another.
    #[must_use]
    pub fn kept_in(self, folder: &Path, key: &str) -> Self {
        Self { folder: Some(folder.to_path_buf()), key: key.to_owned(), ..self }
    }

    /// The same, which simulates the parts of `shard` alone and waits for others to bring theirs; only for a store that keeps its runs.
    #[must_use]
    pub fn sharing(self, shard: Shard) -> Self {
        Self { shard, ..self }
    }

    /// The same, which tells `tell` how the route goes, in a line now and then.
    #[must_use]
    pub fn telling(self, tell: &'a dyn Fn(&str)) -> Self {
        Self { tell, ..self }
    }

    /// The same, which is told by `simulate` what variants differ in under the same luck; `key` tells these differences from others.
    #[must_use]
    pub fn comparing(self, simulate: &'a Simulator<'a>, key: &str) -> Self {
        Self { differences: Some((simulate, key.to_owned())), ..self }
    }

    /// Tells how the route goes.
    pub fn tell(&self, line: &str) {
        (self.tell)(line);
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
        let first = self.runs;
        let found = self.parts(stage, points, first, &self.key, &|points, first| self.simulated(points, first))?;
        self.runs += points.len();
        (self.progress)(self.runs);
        Ok(found)
    }

    /// What variants differ in at each of `points`, under the luck of the first runs that there were; nothing where this store compares nothing.
    ///
    /// # Errors
    /// An interrupt, or what the disk refuses.
    pub fn differences(&self, points: &[Vec<f64>]) -> Result<Option<Vec<Vec<f64>>>, Stopped> {
        let Some((simulate, key)) = &self.differences else { return Ok(None) };
        self.parts("differences", points, 0, key, &|points, first| self.runs_of(points, first, simulate, &|_| {})).map(Some)
    }

    /// `points` part by part, whose first run has the luck `first`.
    fn parts(&self, stage: &str, points: &[Vec<f64>], first: usize, key: &str, simulated: &Simulated<'_>) -> Result<Vec<Vec<f64>>, Stopped> {
        let mut parts: Vec<(usize, &[Vec<f64>])> = points.chunks(PART).enumerate().collect();
        let shard = self.shard;
        // What is one's own comes first, so that others wait the least.
        parts.sort_by_key(|(part, _)| !shard.owns(*part as u32));
        let mut found = vec![vec![]; parts.len()];
        for (part, points) in parts {
            let (name, first) = (format!("{stage}-{:03}.csv", part + 1), first + part * PART);
            let key = format!("{key} {:016x}", hash(points, first));
            found[part] = self.part(&name, &key, points.len(), shard.owns(part as u32), &|| simulated(points, first))?;
        }
        Ok(found.into_iter().flatten().collect())
    }

    /// The figures of one part of so many runs: read where they are kept, simulated where that is one's own to do, or waited for.
    fn part(
        &self,
        name: &str,
        key: &str,
        count: usize,
        own: bool,
        simulated: &dyn Fn() -> Result<Vec<Vec<f64>>, Stopped>,
    ) -> Result<Vec<Vec<f64>>, Stopped> {
        let Some(folder) = &self.folder else { return simulated() };
        let path = folder.join(name);
        let mut told = false;
        loop {
            if let Some(known) = read(&path, key, count)? {
                return Ok(known);
            }
            if own {
                // What a dead process left half written of this part, which nobody else writes.
                whole::sweep_of(&path);
                let outputs = simulated()?;
                write(&path, key, &outputs)?;
                return Ok(outputs);
            }
            if self.stop.load(Ordering::Relaxed) {
                return Err(Stopped::Interrupted);
            }
            if !told {
                self.tell(&format!("Waits for `{}`, which another shard computes.", path.shown()));
                told = true;
            }
            std::thread::sleep(LOOK);
        }
    }

    fn simulated(&self, points: &[Vec<f64>], first: usize) -> Result<Vec<Vec<f64>>, Stopped> {
        let done = |through: usize| (self.progress)(first + through);
        match &self.source {
            Source::Figures(simulate) => self.runs_of(points, first, simulate, &done),
            Source::Runs(Reader { simulate, read }) => read(self.runs_of(points, first, simulate, &done)?).map_err(Stopped::Problem),
        }
    }

    /// What `simulate` makes of each of `points`, of which the first has the luck `first`.
    fn runs_of<T: Send>(
        &self,
        points: &[Vec<f64>],
        first: usize,
        simulate: &(dyn Fn(&[f64], u32) -> T + Sync),
        done: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<T>, Stopped> {
        let run = |i: usize| simulate(&points[i], (first + i) as u32);
        in_parallel(points.len(), self.jobs, &run, done, self.stop).ok_or(Stopped::Interrupted)
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

pub(super) fn read(path: &Path, key: &str, count: usize) -> Result<Option<Vec<Vec<f64>>>, Stopped> {
    let text = match whole::read(path, MOST) {
        Ok(bytes) => String::from_utf8(bytes).unwrap_or_default(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Stopped::Problem(Problem::World(format!("error: cannot read `{}`: {error}", path.shown())))),
    };
    let fault = |what: &str| {
        let help = "choose another folder with --output, or remove this one to begin anew";
        Stopped::Problem(Problem::Fault(format!("error: `{}` {what}\nhelp: {help}", path.shown())))
    };
    let own = summed(&text);
    let mut lines = own.unwrap_or(&text).lines();
    if lines.next() != Some(&format!("# {key}")) {
        return Err(fault("belongs to another calibration: the program, the scenario, its country or the settings differ"));
    }
    if own.is_none() {
        return Err(fault("is damaged"));
    }
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').filter_map(|cell| cell.parse().ok()).collect()).collect();
    if rows.len() != count || rows.iter().any(|row| row.len() != rows[0].len()) {
        return Err(fault("is damaged"));
    }
    Ok(Some(rows))
}

pub(super) fn write(path: &Path, key: &str, outputs: &[Vec<f64>]) -> Result<(), Stopped> {
    let mut text = format!("# {key}\n");
    for row in outputs {
        let cells: Vec<String> = row.iter().map(|value| format!("{value:?}")).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    // The part says in its own last line whether it is what was written.
    let text = with_sum(&text);
    let made = path.parent().map_or(Ok(()), whole::make);
    made.and_then(|()| whole::write(path, &text)).map(|_| ()).map_err(Stopped::Problem)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

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
    fn shards_share_a_route_and_come_to_the_same_figures() {
        let points = |stage: f64| (0..70).map(|i| vec![f64::from(i) + stage]).collect::<Vec<_>>();
        let count = AtomicUsize::new(0);
        let simulate = |x: &[f64], luck: u32| {
            count.fetch_add(1, Ordering::Relaxed);
            vec![x[0] / 3.0 + f64::from(luck)]
        };
        let stop = AtomicBool::new(false);
        let route = |store: Store| {
            let mut store = store;
            let first = store.batch("wave-1", &points(0.0)).expect("nobody stops it");
            let second = store.batch("wave-2", &points(first[69][0])).expect("nobody stops it");
            (first, second, store.runs())
        };
        let alone = route(Store::new(&simulate, 2, &|_| {}, &stop));
        let folder = tempfile::tempdir().expect("a temporary folder");
        // More shards than a batch has parts: the last has nothing to do but to wait.
        let all = 4;
        std::thread::scope(|scope| {
            let shard = |own| {
                let (route, simulate, stop, folder) = (&route, &simulate, &stop, folder.path());
                scope.spawn(move || route(Store::new(simulate, 1, &|_| {}, stop).kept_in(folder, "a").sharing(Shard { own, all })))
            };
            let answers: Vec<_> = (1..=all).map(shard).collect();
            for answer in answers {
                assert_eq!(answer.join().expect("it ends"), alone);
            }
        });
        assert_eq!(count.load(Ordering::Relaxed), 2 * 140, "alone, and all shards together: nothing is simulated twice");
        // Whoever waits can be interrupted.
        stop.store(true, Ordering::Relaxed);
        let waits = Store::new(&simulate, 1, &|_| {}, &stop).kept_in(folder.path(), "a").sharing(Shard { own: 4, all }).batch("wave-3", &points(7.0));
        assert_eq!(waits, Err(Stopped::Interrupted));
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
