//! From a scenario to a record on disk, with progress; what is interrupted goes on from there when the same is asked for again.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};

use super::early::Early;
use super::numbers::counted;
use super::options::Options;
use super::settle::settle;
use super::warnings::warnings;
use super::{Failure, fault, memory, say};
use crate::ensemble::{Progress, simulate_units};
use crate::results::manifest::utc;
use crate::results::{Manifest, Record, Study, load};
use crate::scenario::{self, Overrides, Problem, Scenario, Shown as _, quoted_path};

/// Set by an interrupt; the ensemble reads it every month.
pub(super) static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// The signal that interrupted.
static SIGNAL: LazyLock<Arc<AtomicUsize>> = LazyLock::new(|| Arc::new(AtomicUsize::new(signal_hook::consts::SIGINT as usize)));
/// What is said where an interrupt is not heard by what is going on, and the exit code where it is another than the usual one.
static SAID: Mutex<(String, Option<u8>)> = Mutex::new((String::new(), None));

/// How many threads are used: one per core, or those wished for up to four per core, since more would only cost memory (and a system
/// that allows few would refuse them).
pub(super) fn threads(jobs: Option<u16>) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    jobs.map_or(cores, |jobs| usize::from(jobs).min(4 * cores.max(2)))
}

/// The most warnings before a simulation: more are read by nobody, and hide what comes after them.
const WARNINGS: usize = 4;

/// Simulates the scenario at `reference` and writes its run folder; what an interrupted or killed run of the same left is kept.
/// `remarks` is told what was found there.
///
/// # Errors
/// The scenario's faults, what the disk refuses, or an interrupt; then what was simulated is kept for the next time.
pub fn simulate(reference: &str, options: &Options, remarks: &mut Vec<String>) -> Result<(Record, PathBuf), Failure> {
    let scenario = scenario::load(reference, &options.overrides())?;
    // Said before the simulation, which may take long: whoever sees that something else was meant can end it.
    let all = warnings(&scenario);
    for warning in all.iter().take(WARNINGS) {
        say(&format!("{warning}\n\n"));
    }
    if all.len() > WARNINGS {
        let more = counted(all.len() - WARNINGS, "more warning");
        say(&format!("{more}: `fivep check {}` lists them all.\n\n", quoted_path(reference)));
    }
    memory::fits(&scenario, threads(options.jobs))?;
    watch_for_interrupts();
    let study = Study::open(&options.output, &scenario)?;
    let (record, folder) = simulated(study, &scenario, options, remarks)?;
    if options.until.is_some() { settle(folder, options, remarks, &add) } else { Ok((record, folder)) }
}

/// Adds replicates to the finished run in `folder`.
///
/// # Errors
/// A fault where another option than the number of replicates is given or the run cannot grow; else as [`simulate`].
pub fn grow(folder: &Path, options: &Options, remarks: &mut Vec<String>) -> Result<(Record, PathBuf), Failure> {
    let late: Vec<&str> = options.given().into_iter().filter(|name| !["--replicates", "--until", "--jobs"].contains(name)).collect();
    if !late.is_empty() || options.only.is_some() {
        let all: Vec<&str> = late.into_iter().chain(options.only.as_ref().map(|_| "--only")).collect();
        let say = format!("error: {} cannot change a run that is finished; it can only be given more replicates", all.join(", "));
        return Err(fault(format!("{say}\nhelp: give the scenario instead of the run folder to simulate again")));
    }
    let (found, scenario) = planned(folder, options.replicates)?;
    memory::fits(&scenario, threads(options.jobs))?;
    watch_for_interrupts();
    if options.until.is_some() && found.whole() {
        return settle(folder.to_path_buf(), options, remarks, &add);
    }
    let study = Study::grow(folder, &found, &scenario)?;
    let (record, folder) = simulated(study, &scenario, options, remarks)?;
    if options.until.is_some() { settle(folder, options, remarks, &add) } else { Ok((record, folder)) }
}

/// Brings the run in `folder` to so many replicates.
///
/// # Errors
/// As [`grow`].
pub fn add(folder: &Path, replicates: u32, options: &Options) -> Result<(), Failure> {
    let (found, scenario) = planned(folder, Some(replicates))?;
    let study = Study::grow(folder, &found, &scenario)?;
    // What was there already is no news here.
    simulated(study, &scenario, options, &mut vec![]).map(|_| ())
}

/// What the study in `folder` says of itself, and its scenario, with another number of replicates where one is given.
///
/// # Errors
/// The faults of the folder's files.
pub fn planned(folder: &Path, replicates: Option<u32>) -> Result<(Manifest, Scenario), Failure> {
    crate::results::study::settle(folder);
    let found = crate::results::manifest::read(&folder.join("manifest.toml"))?;
    let overrides =
        Overrides { replicates: Some(replicates.unwrap_or(found.replicates)), parameters: Some(found.parameters), ..Overrides::default() };
    let mut scenario = scenario::load_file(&folder.join("scenario.toml"), &overrides)?;
    scenario.name.clone_from(&found.name);
    Ok((found, scenario))
}

/// Simulates what is missing of `study` and makes a run folder of it.
fn simulated(mut study: Study<'_>, scenario: &Scenario, options: &Options, remarks: &mut Vec<String>) -> Result<(Record, PathBuf), Failure> {
    let jobs = threads(options.jobs);
    let (started, clock) = (SystemTime::now(), Instant::now());
    remarks.append(&mut study.remarks);
    let (kept, all) = (study.done(), scenario.replicates);
    if kept > 0 {
        remarks.push(format!("{kept} of {all} replicates were there already; the rest was simulated."));
    }
    if_interrupted("Interrupted; replicates that were done are kept, and the same command goes on from there.".to_owned(), None);
    let bar = progress_bar();
    let missing = study.missing();
    let early = Early::of(scenario);
    let tell = |text: Option<String>| {
        if let Some(text) = text {
            bar.suspend(|| say(&text));
        }
    };
    let progress = |progress: Progress| {
        bar.set_length(progress.total_months);
        bar.set_position(progress.done_months);
        tell(early.reckon(progress, missing.len()));
    };
    let mut refused = None;
    let whole = simulate_units(scenario, &missing, jobs, &progress, &STOP, &mut |unit| match study.keep(&unit) {
        Ok(()) => {
            tell(early.look(&unit));
            true
        }
        Err(problem) => {
            refused = Some(problem);
            false
        }
    });
    bar.finish_and_clear();
    let goes_on = |done: u32| format!("{done} of {all} replicates are kept, and the same command goes on from there.");
    let done = study.done();
    if let Some(problem) = refused {
        return Err(Failure::Problem(if done == 0 { problem } else { with_remark(problem, &goes_on(done)) }));
    }
    if !whole || interrupted() {
        return Err(if done == 0 { Failure::Interrupted } else { Failure::Paused(format!("Interrupted; {}", goes_on(done))) });
    }
    let timed = |manifest: &mut Manifest| {
        manifest.jobs = jobs;
        manifest.started = utc(started);
        manifest.wall_seconds = clock.elapsed().as_secs_f64();
    };
    let folder = study.finish(&timed).map_err(|problem| with_remark(problem, &goes_on(done)))?;
    let (shown, typed) = (folder.shown(), quoted_path(&folder.shown()));
    if_interrupted(
        format!("Interrupted; the run itself is whole: `fivep compare {typed}` tells it, and `fivep brief {typed}` writes its briefing.\n{shown}"),
        None,
    );
    Ok((load(&folder)?, folder))
}

/// A problem of the world, and what became of the work.
fn with_remark(problem: Problem, remark: &str) -> Problem {
    match problem {
        Problem::World(text) => Problem::World(format!("{}\n{remark}", text.trim_end())),
        fault @ Problem::Fault(_) => fault,
    }
}

/// Whether the user has asked to stop.
pub(super) fn interrupted() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// The first interrupt asks the ensemble to stop and lets it clean up; a second one does not wait. A signal that whoever started the
/// program told it to ignore, as `nohup` does, stays ignored.
pub(super) fn watch_for_interrupts() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    // A second set of handlers would take the first signal for a second one.
    ONCE.call_once(listen);
}

fn listen() {
    let ignored = ignored();
    for signal in SIGNALS.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0) {
        // Where no handler can be set the system's own ends the program, and the next run goes on from what it left. The order
        // matters: the first of the two looks whether the other has been here before.
        let _ = signal_hook::flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&STOP));
        let _ = signal_hook::flag::register_usize(signal, Arc::clone(&SIGNAL), signal as usize);
        let _ = signal_hook::flag::register(signal, Arc::clone(&STOP));
    }
    std::thread::spawn(|| {
        while !interrupted() {
            std::thread::sleep(Duration::from_millis(50));
        }
        // Whoever looks for the interrupt ends well before; a fit, a drawing or a month of a nation may not.
        std::thread::sleep(PATIENCE);
        let (text, code) = SAID.lock().unwrap_or_else(PoisonError::into_inner).clone();
        say(&format!("{}\n", if text.is_empty() { "Interrupted." } else { &text }));
        std::process::exit(code.unwrap_or_else(signalled).into());
    });
}

/// How long what is going on may take to hear of an interrupt.
const PATIENCE: Duration = Duration::from_millis(700);

/// Keeps what is to be said where an interrupt is not heard: what is on the disk, and how to go on. Every file there is whole, so
/// that nothing is lost by ending at once.
pub(super) fn if_interrupted(text: String, code: Option<u8>) {
    *SAID.lock().unwrap_or_else(PoisonError::into_inner) = (text, code);
}

/// The exit code of a program that a signal ended: 128 and its number, 130 for Ctrl-C.
pub(super) fn signalled() -> u8 {
    128 + SIGNAL.load(Ordering::Relaxed).min(64) as u8
}

/// The signals that ask to stop.
#[cfg(unix)]
const SIGNALS: [i32; 3] = [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [i32; 2] = [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM];

/// The signals that were ignored when the program started, a bit each from the first on, as Linux tells them; elsewhere none is known.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// A bar on standard error with the time left; hidden where that is no terminal.
pub(super) fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
