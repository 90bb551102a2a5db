//! Studies on disk: a manifest, the resolved scenario, and Parquet tables.
//!
//! `output/<scenario>/<NNNN>-<hash>/` holds `manifest.toml`, `scenario.toml`, `months.parquet`,
//! `sectors.parquet`, `origins.parquet` and `stages.parquet`, and, where the country is not one of those shipped, a copy of its files under
//! `country/`: `scenario.toml` can be run again as it stands, and whoever draws or reads a run needs nothing but its folder,
//! wherever it was moved to and whatever became of the country since.
//!
//! [`whole`] writes every file whole or not at all (a trial lets it die or find no room at any call by [`strike`]), [`lock`] keeps two processes out of one folder, [`tables`] says what rows look like and is the only place that spells column names,
//! [`units`] keeps one finished replicate, [`rows`] hands out the rows of all of them piece by piece, [`manifest`] says what was run and
//! when, [`study`] makes a run folder of units and goes on with one that was left, and [`written`] lists what was made of it since. Whoever answers questions reads a [`Record`], which
//! is the same whether it was just simulated or comes from disk.
//!
//! Absent on purpose: means, differences or any other answer (`analysis`).

pub mod strike;
pub mod whole;
pub mod lock;
pub mod tables;
pub mod units;
pub mod rows;
pub mod manifest;
pub mod study;
pub mod written;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::ensemble::{Run, Unit};
use crate::scenario::{Problem, Scenario};
pub use manifest::{Manifest, VariantRecord};
pub use study::{Listed, Study, list, load};

use polars::prelude::{DataFrame, PolarsResult};
use rows::Rows;
use tables::{Table, guarded};

/// How many pieces are worked on at once, so that memory does not grow with the processors.
const AT_ONCE: usize = 4;

/// What was run, and what came out: everything an answer needs.
///
/// Its rows may be more than memory holds, so that whoever asks gets them piece by piece ([`Record::each_piece`]) and keeps what he made
/// of them ([`Record::learn`]). A file may turn out damaged while it is asked: the record then remembers why, its answers are not
/// numbers, and whoever hands them on asks [`Record::check`] first.
#[derive(Debug)]
pub struct Record {
    /// What was run, as it is shown: variants may have been left out or put in another order.
    pub manifest: Manifest,
    rows: Rows,
    /// Where each variant shown stands in the tables.
    places: Vec<usize>,
    known: Mutex<BTreeMap<String, Arc<Vec<f64>>>>,
    fault: Mutex<Option<Problem>>,
}

impl Record {
    /// The record of runs that were just simulated and lie in memory.
    ///
    /// # Panics
    /// Where the runs are not those of the scenario.
    #[must_use]
    pub fn new(scenario: &Scenario, runs: Vec<Run>) -> Self {
        Self::of_runs(Manifest::of(scenario), runs)
    }

    /// The record of runs of which `manifest` tells, ordered by variant, then by replicate.
    ///
    /// # Panics
    /// Where the runs are others.
    #[must_use]
    #[expect(clippy::expect_used, reason = "these runs were just simulated, and are read from no file")]
    pub fn of_runs(manifest: Manifest, runs: Vec<Run>) -> Self {
        let mut units: Vec<Unit> = (0..manifest.replicates).map(|replicate| Unit { replicate, histories: vec![], took: Duration::ZERO }).collect();
        for run in runs {
            units[run.replicate as usize].histories.push(run.history);
        }
        let rows = Rows::of_units(&manifest, &units).expect("the manifest tells of these runs");
        Self::of_rows(manifest, rows)
    }

    /// The record of `rows`, of which `manifest` tells.
    #[must_use]
    pub fn of_rows(manifest: Manifest, rows: Rows) -> Self {
        let places = (0..manifest.variants.len()).collect();
        Self { manifest, rows, places, known: Mutex::default(), fault: Mutex::default() }
    }

    /// The same with only these variants, in this order: the first is the one that the others are compared with.
    #[must_use]
    pub fn showing(mut self, variants: &[usize]) -> Self {
        self.manifest.variants = variants.iter().map(|variant| self.manifest.variants[*variant].clone()).collect();
        self.places = variants.iter().map(|variant| self.places[*variant]).collect();
        self.known = Mutex::default();
        self
    }

    /// The rows of all tables.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Where `variant` stands in the tables.
    #[must_use]
    pub fn place(&self, variant: usize) -> usize {
        self.places[variant]
    }

    /// Shows `work` every piece of `table` in order, with the columns `figures` and those that name a row.
    ///
    /// # Errors
    /// A problem of the world where a file cannot be read or is damaged.
    pub fn each_piece(&self, table: Table, figures: &[&str], work: &mut dyn FnMut(DataFrame) -> PolarsResult<()>) -> Result<(), Problem> {
        (0..self.rows.pieces()).try_for_each(|number| self.piece(table, figures, number, &mut *work))
    }

    /// What `work` makes of one piece of `table`.
    fn piece<T>(&self, table: Table, figures: &[&str], number: usize, work: impl FnOnce(DataFrame) -> PolarsResult<T>) -> Result<T, Problem> {
        let piece = self.rows.piece(table, figures, number)?;
        guarded(|| work(piece)).map_err(|what| Problem::World(format!("error: the rows of {} cannot be added up: {what}", table.name())))
    }

    /// Shows `work` every piece of `table` as [`Record::each_piece`] does, in any order: a few pieces at a time are read and worked on by threads of their own.
    ///
    /// # Errors
    /// A problem of the world where a file cannot be read or is damaged: that of the first such piece.
    pub fn pieces_at_once(&self, table: Table, figures: &[&str], work: &(dyn Fn(DataFrame) -> PolarsResult<()> + Sync)) -> Result<(), Problem> {
        // The file is held to its sum once, and not by each thread.
        self.rows.hold(table)?;
        let (next, problems) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        let all = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.rows.pieces() {
                    break;
                }
                if let Err(problem) = self.piece(table, figures, number, work) {
                    problems.lock().unwrap_or_else(PoisonError::into_inner).insert(number, problem);
                }
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(AT_ONCE).min(self.rows.pieces());
        std::thread::scope(|scope| {
            for _ in 1..threads {
                // Where the system starts no more threads, those that there are do it all.
                let _ = std::thread::Builder::new().spawn_scoped(scope, all);
            }
            all();
        });
        problems.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().next().map_or(Ok(()), Err)
    }

    /// What was learnt under `name`.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<Arc<Vec<f64>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Whether something was learnt under `name`.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.known(name).is_some()
    }

    /// Keeps numbers under `name`, so that no file is read again for them.
    pub fn learn(&self, name: String, values: Vec<f64>) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(values));
    }

    /// The answer, or nothing where there is a problem, which is remembered.
    pub fn sound<T>(&self, answer: Result<T, Problem>) -> Option<T> {
        answer.map_err(|problem| self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(problem).clone()).ok()
    }

    /// Whether everything that was asked could be answered.
    ///
    /// # Errors
    /// The first problem that an answer met.
    pub fn check(&self) -> Result<(), Problem> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone().map_or(Ok(()), Err)
    }
}
