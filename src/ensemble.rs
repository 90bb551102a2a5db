//! Variants x replicates, in parallel, in a fixed order.
//!
//! Two variants whose plans agree until some month have the same luck and therefore the same past. That past
//! is simulated once: `grow` leads one variant month by month and, where others part from it, hands them a
//! copy of the country as it stands. A run is a pure function of its setting and its luck, so neither sharing
//! nor the number of threads can change a byte; a test holds both to it.
//!
//! Absent on purpose: files, printing, and any knowledge of what a run means.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use crate::draws::Luck;
use crate::model::ledgers::History;
use crate::model::{Setting, Simulation};
use crate::scenario::{Scenario, Variant};

/// One variant's history under one replicate's luck.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The variant, by its place in the scenario; 0 is the baseline.
    pub variant: usize,
    /// The replicate, counted from 0; the same number means the same luck in every variant.
    pub replicate: u32,
    /// What the run left behind.
    pub history: History,
}

/// How far an ensemble has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Months simulated so far, over all runs.
    pub done_months: u64,
    /// Months to simulate in all; a shared past counts once.
    pub total_months: u64,
}

/// Simulates every variant for every replicate on `jobs` threads (0 counts as 1).
///
/// The runs come back ordered by variant, then by replicate, and are the same bytes for any number of jobs.
/// `progress` is called after every month from any thread; `stop` is read before every month, and once it is
/// true nothing is returned. Countries in memory at once: one per thread, at most `jobs` that wait for one, and
/// those parked where a branch left them (with variants that all leave the baseline, one per thread).
///
/// # Panics
/// Where the operating system refuses to start a single thread.
pub fn simulate_all(scenario: &Scenario, jobs: usize, progress: &(dyn Fn(Progress) + Sync), stop: &AtomicBool) -> Option<Vec<Run>> {
    let jobs = jobs.max(1);
    if scenario.variants.is_empty() {
        return Some(Vec::new());
    }
    let everyone: Vec<usize> = (0..scenario.variants.len()).collect();
    let partings = partings(scenario);
    let grove = Grove {
        slots: (0..everyone.len() * scenario.replicates as usize).map(|_| Mutex::new(None)).collect(),
        replicates: scenario.replicates as usize,
        broken: AtomicBool::new(false),
        done: AtomicU64::new(0),
        total: months(&partings, scenario.variants[0].setting.months(), &everyone, 0) * u64::from(scenario.replicates),
        waiting: AtomicUsize::new(0),
        most_waiting: if jobs == 1 { 0 } else { jobs },
        partings,
        progress,
        stop,
    };
    pool(jobs).in_place_scope(|scope| {
        for replicate in 0..scenario.replicates {
            let (grove, everyone) = (&grove, everyone.clone());
            scope.spawn(move |scope| {
                if !grove.stopped() {
                    let settings: Arc<[Cow<'_, Setting>]> = everyone.iter().map(|variant| scenario.setting(*variant, replicate)).collect();
                    let first = Simulation::new(&settings[0], Luck::new(scenario.seed, replicate));
                    grow(grove, scope, Branch { replicate, settings, variants: everyone, simulation: first });
                }
            });
        }
    });
    if stop.load(Ordering::Relaxed) {
        return None;
    }
    let pairs = everyone.iter().flat_map(|variant| (0..scenario.replicates).map(move |replicate| (*variant, replicate)));
    let runs = pairs.zip(grove.slots).map(|((variant, replicate), history)| {
        let history = history.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        Run { variant, replicate, history: history.expect("every branch that was not stopped fills the slots of its variants") }
    });
    Some(runs.collect())
}

/// Calls `work` for 0 to `count` on `jobs` threads and hands back the answers in this order; nothing once `stop` is true.
///
/// `done` is told how many are through, from any thread.
///
/// # Panics
/// Where the operating system refuses to start a single thread, or `work` panics.
pub fn in_parallel<T: Send>(
    count: usize,
    jobs: usize,
    work: &(dyn Fn(usize) -> T + Sync),
    done: &(dyn Fn(usize) + Sync),
    stop: &AtomicBool,
) -> Option<Vec<T>> {
    let through = AtomicUsize::new(0);
    let one = |place: usize| {
        let answer = (!stop.load(Ordering::Relaxed)).then(|| work(place));
        done(through.fetch_add(1, Ordering::Relaxed) + 1);
        answer
    };
    // One task each: runs take long and unevenly, and a thread must not be left with a share of them.
    pool(jobs.max(1)).install(|| (0..count).into_par_iter().with_max_len(1).map(one).collect())
}

/// A pool of `threads` threads, or of one where there are not so many.
fn pool(threads: usize) -> rayon::ThreadPool {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool(threads).or_else(|_| pool(1)).expect("the system can start one thread")
}

/// What all branches of an ensemble share.
struct Grove<'a> {
    partings: Vec<Vec<Option<usize>>>,
    replicates: usize,
    slots: Vec<Mutex<Option<History>>>,
    progress: &'a (dyn Fn(Progress) + Sync),
    stop: &'a AtomicBool,
    broken: AtomicBool,
    done: AtomicU64,
    total: u64,
    waiting: AtomicUsize,
    most_waiting: usize,
}

impl Grove<'_> {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.broken.load(Ordering::Relaxed)
    }

    fn month_done(&self) {
        let done_months = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.progress)(Progress { done_months, total_months: self.total });
    }

    fn keep(&self, variant: usize, replicate: u32, history: History) {
        let mut slot = self.slots[variant * self.replicates + replicate as usize].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *slot = Some(history);
    }

    /// Reserves a place for a country that waits for a free thread; false where enough wait already.
    fn may_wait(&self) -> bool {
        self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| (waiting < self.most_waiting).then_some(waiting + 1)).is_ok()
    }
}

/// Variants that have shared their whole past up to now, and the country in which they share it.
struct Branch<'a> {
    replicate: u32,
    /// What each variant is told in this replicate.
    settings: Arc<[Cow<'a, Setting>]>,
    variants: Vec<usize>,
    simulation: Simulation,
}

/// Simulates a branch to its end: its first variant leads, and those that part from it branch off.
///
/// A branch waits for another thread only while few do: a waiting country is memory, and the thread that
/// made it can as well simulate it at once.
fn grow<'scope>(grove: &'scope Grove<'scope>, scope: &rayon::Scope<'scope>, branch: Branch<'scope>) {
    let Branch { replicate, settings, mut variants, mut simulation } = branch;
    let leader = variants.remove(0);
    let setting = settings[leader].as_ref();
    for month in simulation.month()..setting.months() {
        let leaving = take_leaving(&mut variants, &grove.partings[leader], month);
        if !leaving.is_empty() {
            let branch = Branch { replicate, settings: Arc::clone(&settings), variants: leaving, simulation: simulation.clone() };
            if grove.may_wait() {
                scope.spawn(move |scope| {
                    grove.waiting.fetch_sub(1, Ordering::Relaxed);
                    grow(grove, scope, branch);
                });
            } else {
                grow(grove, scope, branch);
            }
        }
        if grove.stopped() {
            return;
        }
        let alarm = Alarm(&grove.broken);
        simulation.step(setting);
        std::mem::forget(alarm);
        grove.month_done();
    }
    let history = simulation.into_history();
    for same in variants {
        grove.keep(same, replicate, history.clone());
    }
    grove.keep(leader, replicate, history);
}

/// A panic in one run ends the program; this lets the other runs stop at their next month instead of going on to their ends.
struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Takes out of `followers` those that part from their leader in `month`.
fn take_leaving(followers: &mut Vec<usize>, partings: &[Option<usize>], month: usize) -> Vec<usize> {
    let leaving = followers.iter().copied().filter(|follower| partings[*follower] == Some(month)).collect();
    followers.retain(|follower| partings[*follower] != Some(month));
    leaving
}

/// For each pair of variants the first month in which their runs differ, whatever parameter set a replicate draws:
/// variants for which the file fixes other parameters may differ from the start.
fn partings(scenario: &Scenario) -> Vec<Vec<Option<usize>>> {
    let drawn = !scenario.drawn.rows.is_empty();
    let parting = |a: &Variant, b: &Variant| if drawn && a.fixed != b.fixed { Some(0) } else { a.setting.differs_from(&b.setting) };
    scenario.variants.iter().map(|a| scenario.variants.iter().map(|b| parting(a, b)).collect()).collect()
}

/// How many of `all` months [`grow`] simulates for `variants` that share their past up to `from`.
fn months(partings: &[Vec<Option<usize>>], all: usize, variants: &[usize], from: usize) -> u64 {
    let Some((&leader, followers)) = variants.split_first() else { return 0 };
    let mut followers = followers.to_vec();
    let mut sum = (all - from) as u64;
    for month in from..all {
        sum += months(partings, all, &take_leaving(&mut followers, &partings[leader], month), month);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::simulate;
    use crate::scenario::sets::Choice;
    use crate::scenario::{Overrides, load};

    fn borderland() -> Scenario {
        let month = |text: &str| Some(text.parse().expect("a month"));
        let overrides = Overrides { replicates: Some(2), scale: Some(20.0), from: month("2015-10"), to: month("2016-06"), ..Overrides::default() };
        let Ok(scenario) = load("borderland", &overrides) else { panic!("the shipped scenario is without fault") };
        scenario
    }

    #[test]
    fn a_shared_past_gives_the_bytes_of_each_run_alone_for_any_number_of_jobs() {
        let scenario = borderland();
        let alone: Vec<History> = scenario
            .variants
            .iter()
            .flat_map(|variant| (0..scenario.replicates).map(|replicate| simulate(&variant.setting, Luck::new(scenario.seed, replicate))))
            .collect();
        assert!(alone.iter().any(|history| *history != alone[0]), "the variants do something, or sharing would prove nothing");
        for jobs in [1, 2, 8] {
            let runs = simulate_all(&scenario, jobs, &|_| {}, &AtomicBool::new(false)).expect("nobody stops it");
            assert_eq!(runs.len(), alone.len());
            for (run, alone) in runs.iter().zip(&alone) {
                assert_eq!(run.history, *alone, "variant {}, replicate {}, {jobs} jobs", run.variant, run.replicate);
            }
        }
    }

    /// Parameters drawn for each pair of replicates leave sharing and threads without influence, also where a
    /// variant fixes a parameter at the very value that is the best one.
    #[test]
    fn drawn_parameters_give_the_bytes_of_each_run_alone() {
        let month = |text: &str| Some(text.parse().expect("a month"));
        let overrides = Overrides {
            replicates: Some(3),
            scale: Some(20.0),
            from: month("2015-10"),
            to: month("2016-03"),
            parameters: Some(Choice::Prior),
            only: Some(vec!["crackdown".to_owned(), "more-courts".to_owned()]),
            ..Overrides::default()
        };
        let Ok(mut scenario) = load("borderland", &overrides) else { panic!("the shipped scenario is without fault") };
        let place = crate::model::parameters::place("work.h").expect("it exists");
        let best = scenario.variants[2].setting.parameters.work.h;
        scenario.variants[2].fixed.insert(place, best);
        let alone = |variant: usize, replicate| simulate(&scenario.setting(variant, replicate), Luck::new(scenario.seed, replicate));
        assert!(alone(0, 0) != alone(0, 2), "the sets differ");
        for jobs in [1, 3] {
            let runs = simulate_all(&scenario, jobs, &|_| {}, &AtomicBool::new(false)).expect("nobody stops it");
            for run in &runs {
                assert!(run.history == alone(run.variant, run.replicate), "variant {}, replicate {}, {jobs} jobs", run.variant, run.replicate);
            }
        }
    }

    #[test]
    fn work_in_parallel_keeps_its_order_and_stops() {
        for jobs in [1, 3] {
            assert_eq!(in_parallel(5, jobs, &|place| place * place, &|_| {}, &AtomicBool::new(false)), Some(vec![0, 1, 4, 9, 16]));
        }
        assert_eq!(in_parallel(5, 2, &|place| place, &|_| {}, &AtomicBool::new(true)), None);
    }

    #[test]
    fn progress_ends_at_its_total_and_a_shared_past_counts_once() {
        let scenario = borderland();
        let last = Mutex::new(Progress { done_months: 0, total_months: 0 });
        let progress = |progress: Progress| {
            let mut last = last.lock().expect("no thread panics");
            if progress.done_months > last.done_months {
                *last = progress;
            }
        };
        let _ = simulate_all(&scenario, 2, &progress, &AtomicBool::new(false));
        let last = *last.lock().expect("no thread panics");
        assert_eq!(last.done_months, last.total_months);
        let all = (scenario.variants.len() * scenario.variants[0].setting.months()) as u64 * u64::from(scenario.replicates);
        assert!(last.total_months < all, "{} of {all}", last.total_months);
    }

    #[test]
    fn a_stopped_ensemble_returns_nothing() {
        assert_eq!(simulate_all(&borderland(), 2, &|_| {}, &AtomicBool::new(true)), None);
    }
}
