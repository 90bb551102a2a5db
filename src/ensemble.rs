//! Variants x replicates, in parallel, in a fixed order.
//!
//! Two variants whose plans agree until some month have the same luck and therefore the same past. That past
//! is simulated once: `grow` leads one variant month by month and, where others part from it, goes on for each group of
//! them from a copy of the country as it stands. A run is a pure function of its setting and its luck, so neither sharing
//! nor the number of threads can change a byte; a test holds both to it.
//!
//! All variants of one replicate are a [`Unit`]: it is handed on as soon as it is whole, so that an ensemble needs no more
//! memory for ten thousand replicates than for ten.
//!
//! Absent on purpose: files, printing, and any knowledge of what a run means.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

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

/// All variants of one replicate: what is simulated, kept and compared together.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// The replicate.
    pub replicate: u32,
    /// One history for each variant, in their order.
    pub histories: Vec<History>,
    /// How long it took from its first month to its last; where threads are fewer than branches, others ran in between.
    pub took: Duration,
}

/// Which share of the work a process does, where several do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which of them this is, counted from 1.
    pub own: u32,
    /// How many there are.
    pub all: u32,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { own: 1, all: 1 };

    /// Whether the piece number `place` is its own: every so many-th is, so that shards stay alike whatever is missing.
    #[must_use]
    pub fn owns(self, place: u32) -> bool {
        place % self.all == self.own - 1
    }

    /// Its own of these pieces.
    #[must_use]
    pub fn share(self, places: &[u32]) -> Vec<u32> {
        places.iter().copied().filter(|place| self.owns(*place)).collect()
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

/// How far an ensemble has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Months simulated so far, over all runs.
    pub done_months: u64,
    /// Months to simulate in all; a shared past counts once.
    pub total_months: u64,
}

/// Simulates every variant for every replicate on `jobs` threads (0 counts as 1), and keeps it all in memory.
///
/// The runs come back ordered by variant, then by replicate, and are the same bytes for any number of jobs.
/// `progress` and `stop` are those of [`simulate_units`]; once `stop` is true nothing is returned.
///
/// # Panics
/// Where the operating system refuses to start a single thread.
pub fn simulate_all(scenario: &Scenario, jobs: usize, progress: &(dyn Fn(Progress) + Sync), stop: &AtomicBool) -> Option<Vec<Run>> {
    let replicates: Vec<u32> = (0..scenario.replicates).collect();
    let mut units = Vec::with_capacity(replicates.len());
    let whole = simulate_units(scenario, &replicates, jobs, progress, stop, &mut |unit| {
        units.push(unit);
        true
    });
    if !whole {
        return None;
    }
    let mut runs: Vec<Run> = units
        .into_iter()
        .flat_map(|Unit { replicate, histories, .. }| {
            histories.into_iter().enumerate().map(move |(variant, history)| Run { variant, replicate, history })
        })
        .collect();
    runs.sort_by_key(|run| (run.variant, run.replicate));
    Some(runs)
}

/// Simulates every variant for each of `replicates` on `jobs` threads (0 counts as 1), and hands each unit to `take` as soon as it
/// is whole, in any order, on the thread that called.
///
/// `progress` is called after every month from any thread; `stop` is read before every month, and `take` may answer false to stop
/// as well. True where every unit was handed on. Countries in memory at once: one per thread, at most `jobs` that wait for one, and
/// on each thread one where a branch left its leader, for each time that branches part anew. Where `take` is slow the threads wait
/// for it, so that at most `jobs` whole units lie in memory.
///
/// # Panics
/// Where the operating system refuses to start a single thread.
pub fn simulate_units(
    scenario: &Scenario,
    replicates: &[u32],
    jobs: usize,
    progress: &(dyn Fn(Progress) + Sync),
    stop: &AtomicBool,
    take: &mut dyn FnMut(Unit) -> bool,
) -> bool {
    let jobs = jobs.max(1);
    if scenario.variants.is_empty() || replicates.is_empty() {
        return !stop.load(Ordering::Relaxed);
    }
    let everyone: Vec<usize> = (0..scenario.variants.len()).collect();
    let partings = partings(scenario);
    let grove = Grove {
        broken: AtomicBool::new(false),
        done: AtomicU64::new(0),
        total: work(&partings, scenario.variants[0].setting.months(), &everyone).months * replicates.len() as u64,
        waiting: AtomicUsize::new(0),
        most_waiting: if jobs == 1 { 0 } else { jobs },
        partings,
        progress,
        stop,
    };
    let (sender, units) = sync_channel(jobs);
    let mut taken = 0;
    pool(jobs).in_place_scope(|scope| {
        for replicate in replicates.iter().copied() {
            let (grove, everyone, sender) = (&grove, &everyone, sender.clone());
            scope.spawn(move |scope| {
                if !grove.stopped() {
                    let settings = everyone.iter().map(|variant| scenario.setting(*variant, replicate)).collect();
                    let tree = Arc::new(Tree::new(replicate, settings, sender));
                    let first = Simulation::new(&tree.settings[0], Luck::new(scenario.seed, replicate));
                    grow(grove, scope, &tree, everyone.clone(), first);
                }
            });
        }
        drop(sender);
        // Every task holds a sender until it ends, so that the last of them ends this loop.
        for unit in units {
            if grove.broken.load(Ordering::Relaxed) {
                continue;
            }
            if take(unit) {
                taken += 1;
            } else {
                grove.broken.store(true, Ordering::Relaxed);
            }
        }
    });
    taken == replicates.len()
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

    /// Reserves a place for a country that waits for a free thread; false where enough wait already.
    fn may_wait(&self) -> bool {
        self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| (waiting < self.most_waiting).then_some(waiting + 1)).is_ok()
    }
}

/// All branches of one replicate: what each variant is told, and what they have left behind so far.
struct Tree<'a> {
    replicate: u32,
    settings: Vec<Cow<'a, Setting>>,
    kept: Mutex<Vec<Option<History>>>,
    sender: SyncSender<Unit>,
    began: Instant,
}

impl<'a> Tree<'a> {
    fn new(replicate: u32, settings: Vec<Cow<'a, Setting>>, sender: SyncSender<Unit>) -> Self {
        let kept = Mutex::new(settings.iter().map(|_| None).collect());
        Self { replicate, settings, kept, sender, began: Instant::now() }
    }

    /// Keeps the history that `variants` share; whoever brings the last one hands the unit on.
    fn keep(&self, variants: &[usize], history: History) {
        let whole = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((last, rest)) = variants.split_last() {
                for variant in rest {
                    kept[*variant] = Some(history.clone());
                }
                kept[*last] = Some(history);
            }
            kept.iter().all(Option::is_some).then(|| kept.iter_mut().filter_map(Option::take).collect())
        };
        if let Some(histories) = whole {
            // Nobody listens any more only where the ensemble has been stopped.
            let _ = self.sender.send(Unit { replicate: self.replicate, histories, took: self.began.elapsed() });
        }
    }
}

/// Variants that have shared their whole past up to now, the country in which they share it, and the groups that still wait to
/// leave it as it stands.
struct Branch {
    leader: usize,
    followers: Vec<usize>,
    simulation: Simulation,
    leaving: Vec<Vec<usize>>,
    /// The month for which it is known who leaves, counted from 1.
    asked: usize,
}

impl Branch {
    fn new(mut variants: Vec<usize>, simulation: Simulation) -> Self {
        let leader = variants.remove(0);
        Self { leader, followers: variants, simulation, leaving: vec![], asked: 0 }
    }
}

/// Simulates a branch to its end, and all that part from it: the first variant leads, and each group that parts from it goes on
/// from a copy of the country, on another thread while few wait for one and else at once, before its leader moves on.
///
/// The branches stand on a stack of their own and not on the thread's: hundreds of variants may part in one month.
fn grow<'scope>(grove: &'scope Grove<'scope>, scope: &rayon::Scope<'scope>, tree: &Arc<Tree<'scope>>, variants: Vec<usize>, simulation: Simulation) {
    let mut branches = vec![Branch::new(variants, simulation)];
    while let Some(branch) = branches.last_mut() {
        let setting = tree.settings[branch.leader].as_ref();
        let month = branch.simulation.month();
        if let Some(group) = branch.leaving.pop() {
            let simulation = branch.simulation.clone();
            if grove.may_wait() {
                let tree = Arc::clone(tree);
                scope.spawn(move |scope| {
                    grove.waiting.fetch_sub(1, Ordering::Relaxed);
                    grow(grove, scope, &tree, group, simulation);
                });
            } else {
                branches.push(Branch::new(group, simulation));
            }
        } else if grove.stopped() {
            return;
        } else if month == setting.months() {
            if let Some(Branch { leader, mut followers, simulation, .. }) = branches.pop() {
                followers.push(leader);
                tree.keep(&followers, simulation.into_history());
            }
        } else if branch.asked <= month {
            branch.asked = month + 1;
            branch.leaving = take_leaving(&mut branch.followers, &grove.partings, branch.leader, month);
            branch.leaving.reverse();
        } else {
            let alarm = Alarm(&grove.broken);
            branch.simulation.step(setting);
            std::mem::forget(alarm);
            grove.month_done();
        }
    }
}

/// A panic in one run ends the program; this lets the other runs stop at their next month instead of going on to their ends.
struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Takes out of `followers` those that part from `leader` in `month`, in groups that go on together beyond it.
fn take_leaving(followers: &mut Vec<usize>, partings: &[Vec<Option<usize>>], leader: usize, month: usize) -> Vec<Vec<usize>> {
    let leaves = |follower: &usize| partings[leader][*follower] == Some(month);
    let mut leaving: Vec<usize> = followers.iter().copied().filter(leaves).collect();
    followers.retain(|follower| !leaves(follower));
    let mut groups = vec![];
    while let Some(first) = leaving.first().copied() {
        // Who left the leader in this month has its past, and may agree with the first of them for longer.
        let (group, rest) = leaving.into_iter().partition(|other| *other == first || partings[first][*other] != Some(month));
        groups.push(group);
        leaving = rest;
    }
    groups
}

/// For each pair of variants the first month in which their runs differ, whatever parameter set a replicate draws:
/// variants for which the file fixes other parameters may differ from the start.
fn partings(scenario: &Scenario) -> Vec<Vec<Option<usize>>> {
    let drawn = !scenario.drawn.rows.is_empty();
    let parting = |a: &Variant, b: &Variant| if drawn && a.fixed != b.fixed { Some(0) } else { a.setting.differs_from(&b.setting) };
    scenario.variants.iter().map(|a| scenario.variants.iter().map(|b| parting(a, b)).collect()).collect()
}

/// What one unit asks of one thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Months to simulate; a shared past counts once.
    pub months: u64,
    /// Countries in memory at once, at most.
    pub countries: u64,
}

/// What one unit of `scenario` asks of one thread.
#[must_use]
pub fn work_of_unit(scenario: &Scenario) -> Work {
    let everyone: Vec<usize> = (0..scenario.variants.len()).collect();
    let all = scenario.variants.first().map_or(0, |variant| variant.setting.months());
    if everyone.is_empty() { Work { months: 0, countries: 0 } } else { work(&partings(scenario), all, &everyone) }
}

/// What [`grow`] does for `variants`, which share their past at first, over `all` months.
fn work(partings: &[Vec<Option<usize>>], all: usize, variants: &[usize]) -> Work {
    let mut sum = Work { months: 0, countries: 0 };
    let mut groups = vec![(variants.to_vec(), 0, 1)];
    while let Some((mut group, from, countries)) = groups.pop() {
        let leader = group.remove(0);
        sum.months += (all - from) as u64;
        sum.countries = sum.countries.max(countries);
        for month in from..all {
            groups.extend(take_leaving(&mut group, partings, leader, month).into_iter().map(|group| (group, month, countries + 1)));
        }
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
        let place = crate::model::parameters::place("work.abuse_onset").expect("it exists");
        let best = scenario.variants[2].setting.parameters.work.abuse_onset;
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

    /// More variants than a stack of calls could hold, all of which leave the baseline in the same month, on one thread.
    #[test]
    fn hundreds_of_variants_may_part_in_one_month() {
        let month = |text: &str| Some(text.parse().expect("a month"));
        let overrides = Overrides {
            replicates: Some(1),
            scale: Some(60.0),
            from: month("2016-01"),
            to: month("2016-02"),
            only: Some(vec!["crackdown".to_owned()]),
            ..Overrides::default()
        };
        let Ok(mut scenario) = load("borderland", &overrides) else { panic!("the shipped scenario is without fault") };
        let one = scenario.variants[1].clone();
        let start = one.setting.differs_from(&scenario.variants[0].setting).expect("it differs");
        for number in 0..400 {
            let mut other = one.clone();
            for row in &mut other.setting.plan.rows[start..] {
                row[0] += f64::from(number) * 1e-6;
            }
            scenario.variants.push(other);
        }
        let runs = simulate_all(&scenario, 1, &|_| {}, &AtomicBool::new(false)).expect("nobody stops it");
        assert_eq!(runs.len(), 402);
        assert!(runs[1].history == runs[2].history, "the first copy changes nothing");
    }

    #[test]
    fn units_are_handed_on_whole_and_may_be_refused() {
        let scenario = borderland();
        let all = simulate_all(&scenario, 1, &|_| {}, &AtomicBool::new(false)).expect("nobody stops it");
        for jobs in [1, 3] {
            let mut seen = vec![];
            let whole = simulate_units(&scenario, &[1, 0, 7], jobs, &|_| {}, &AtomicBool::new(false), &mut |unit| {
                assert_eq!(unit.histories.len(), scenario.variants.len());
                if unit.replicate < 2 {
                    for (variant, history) in unit.histories.iter().enumerate() {
                        let run = all.iter().find(|run| (run.variant, run.replicate) == (variant, unit.replicate)).expect("it is there");
                        assert!(run.history == *history);
                    }
                }
                seen.push(unit.replicate);
                true
            });
            seen.sort_unstable();
            assert!(whole && seen == [0, 1, 7], "{seen:?}");
            let mut once = 0;
            let refused = simulate_units(&scenario, &[0, 1, 2, 3], jobs, &|_| {}, &AtomicBool::new(false), &mut |_| {
                once += 1;
                false
            });
            assert!(!refused && once == 1);
        }
    }

    #[test]
    fn a_stopped_ensemble_returns_nothing() {
        assert_eq!(simulate_all(&borderland(), 2, &|_| {}, &AtomicBool::new(true)), None);
    }
}
