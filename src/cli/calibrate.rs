//! `fivep calibrate`: parameter sets that match published figures.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

use clap::Args as ClapArgs;

use super::pictures::{Kind, words, write};
use super::simulate::{STOP, if_interrupted, progress_bar, threads, watch_for_interrupts};
use super::{Answer, Failure, VERSION, fault, memory, say, shard};
use crate::analysis::answer::{COUNT, PEOPLE, REMOVED};
use crate::analysis::measure::Measure;
use crate::calibration::posterior::{About, file, found, report};
use crate::calibration::ranks;
use crate::calibration::store::{Reader, Store};
use crate::calibration::targets::{covered, fitted, goals, readings};
use crate::calibration::{Effort, Settings, Space, Stopped, calibrate};
use crate::charts::assumptions;
use crate::draws::{Luck, fnv};
use crate::ensemble::{Run, Shard};
use crate::model::ledgers::History;
use crate::model::simulate;
use crate::results::lock::Lock;
use crate::results::manifest::window;
use crate::results::{Manifest, Record, whole};
use crate::scenario::sets::Choice;
use crate::scenario::targets::{Target, Use};
use crate::scenario::{self, Overrides, ParameterNote, Scenario, Shown as _, Variant, quoted_path};
use crate::sums::with_sum;

/// The differences of which it is asked whether sets hold them: one of each ledger that people are counted in, and the harm that looks like help.
const DIFFERENCES: [Measure; 3] = [PEOPLE, COUNT, REMOVED];
/// What is simulated at the shipped settings.
const FULL: Effort = Effort { screen: 512, most: 40, waves: 3, runs: 128, places: 200, generations: 20, checks: 4 };
/// What `--quick` simulates.
const QUICK: Effort = Effort { screen: 256, most: 16, waves: 2, runs: 96, places: 200, generations: 3, checks: 1 };
/// The share of a run's years whose figures a calibration knows that is to forecast the later ones.
const KNOWN_YEARS: f64 = 0.6;
/// How many times coarser than the scenario's own the runs are: many coarse runs teach an emulator more than few fine ones.
const COARSER: f64 = 2.0;
/// The same with `--quick`.
const QUICK_COARSER: f64 = 5.0;

/// Options of `fivep calibrate`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep calibrate\n  fivep calibrate borderland --quick\n  fivep calibrate thailand-2016 --jobs 8 --output my-calibration\n  fivep calibrate thailand-2016 --output shared --shard 1/4\n\nInterrupt it at any moment: the same command goes on from there. Several processes may share the work in one folder: start --shard 1/4 to --shard 4/4, on one machine or on several that see the folder; the first writes the posterior. The posterior it writes belongs beside the country's targets.toml."
)]
pub struct Args {
    /// A scenario file, or the name of a shipped scenario; its baseline is fitted to its country's targets
    #[arg(default_value = "thailand-2016")]
    pub scenario: String,
    /// Fewer and coarser runs: minutes instead of the better part of an hour
    #[arg(long)]
    pub quick: bool,
    /// How many persons one agent stands for [default: twice the scenario's scale, five times with --quick]
    #[arg(long, value_name = "N")]
    pub scale: Option<f64>,
    /// The seed of designs, proposals and runs instead of the scenario's
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// How many threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// Let this many runs play what was published, to see whether sets lie where the truth does, and what variants differ in: some seconds each, and for the
    /// differences the runs of the screen once more under both variants
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=ranks::MOST as i64))]
    pub truths: u16,
    /// Simulate this share of the runs only, as in 1/4 or auto, and wait for those of the other shards, which work in the same folder at the same time
    #[arg(long, value_name = "K/N")]
    pub shard: Option<String>,
    /// Where posterior.csv, report.md and the runs go [default: output/calibration/SCENARIO]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Calibrates.
///
/// # Errors
/// The faults of the scenario, its country and its targets, what the disk refuses, or an interrupt.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let shard = args.shard.as_deref().map_or(Ok(Shard::WHOLE), shard::asked)?;
    let scenario = load(args)?;
    let baseline = &scenario.variants[0];
    let notes = scenario::notes(&scenario)?;
    let targets = scenario::targets_of(&scenario)?;
    let chosen = fitted(&targets, &baseline.setting);
    if chosen.is_empty() {
        let help = "add targets with use = \"C\" whose period lies within the run";
        return Err(fault(format!("error: no target of the country `{}` can be fitted to this scenario\nhelp: {help}", scenario.country.0)));
    }
    let goals = goals(&chosen).map_err(|what| fault(format!("error: {what}")))?;
    let (space, places) = space(&notes, baseline);
    if places.is_empty() {
        let help = "widen `low` and `high` in its parameters.toml, or leave parameters out of the scenario's [parameters]";
        return Err(fault(format!(
            "error: no parameter of `{}` has a range, so that there is nothing to calibrate\nhelp: {help}",
            scenario.country.0
        )));
    }
    let effort = if args.quick { QUICK } else { FULL };
    let (first, last) = (scenario.from.year(), scenario.to.year());
    let split = first + (KNOWN_YEARS * f64::from(last - first)) as i32;
    let settings = Settings { effort, seed: scenario.seed, luck: 1.0, split, truths: usize::from(args.truths) };
    let best: Vec<f64> = notes.iter().map(|note| note.value).collect();
    let assumed = |variant: &Variant, values: &[f64], luck: u32| {
        let mut row = best.clone();
        for (place, value) in places.iter().zip(values) {
            row[*place] = *value;
        }
        simulate(&variant.assuming(&row), Luck::new(scenario.seed, luck))
    };
    let run = |values: &[f64], luck: u32| assumed(baseline, values, luck);
    let manifest = Manifest::of(&scenario);
    let read = |runs: Vec<History>| {
        let manifest = Manifest { replicates: runs.len() as u32, ..manifest.clone() };
        let runs = runs.into_iter().zip(0..).map(|(history, replicate)| Run { variant: 0, replicate, history });
        let found = readings(&Record::of_runs(manifest, runs.collect()), &chosen, &|_| None)?;
        // By target, and asked for by run.
        Ok((0..found.first().map_or(0, Vec::len)).map(|run| found.iter().map(|values| values[run]).collect()).collect())
    };
    let reader = Reader { simulate: &run, read: &read };
    // What is chosen between is the differences: the scenario's own, against what it compares with.
    let compared = compared(args, &scenario)?;
    let (between, window) = (compared.as_ref().map_or(&[][..], |compared| &compared.variants[..]), compared.as_ref().map(window));
    let differ = |values: &[f64], luck: u32| {
        let [whole, against] = [0, 1].map(|variant| assumed(&between[variant], values, luck));
        let difference = |measure: Measure| window.map_or(f64::NAN, |window| measure.value(&whole, window) - measure.value(&against, window));
        DIFFERENCES.map(difference).to_vec()
    };
    let folder = args.output.clone().unwrap_or_else(|| PathBuf::from("output/calibration").join(&scenario.name));
    let kept = format!("Interrupted; what was simulated is kept in `{}`, and the same command goes on from there.", folder.shown());
    memory::fits(&scenario, threads(args.jobs))?;
    let _held = held(&folder, shard)?;
    // A queue hands over again what ends with 75.
    if_interrupted(kept.clone(), args.shard.is_some().then_some(75));
    watch_for_interrupts();
    let bar = progress_bar();
    bar.set_length(effort.most_runs() as u64);
    let before = AtomicUsize::new(0);
    let progress = |runs: usize| {
        // Threads may tell their counts out of order.
        if before.fetch_max(runs, std::sync::atomic::Ordering::Relaxed) < runs {
            bar.set_position(runs as u64);
        }
    };
    let key = key(&scenario, &chosen, &space);
    let tell = |line: &str| bar.suspend(|| say(&format!("{line}\n")));
    let mut store = Store::reading(reader, threads(args.jobs), &progress, &STOP).kept_in(&folder.join("runs"), &key).sharing(shard).telling(&tell);
    let of_differences = compared.as_ref().map(|compared| self::key(compared, &chosen, &space));
    if let Some(key) = &of_differences {
        store = store.comparing(&differ, key);
    }
    let outcome = calibrate(&space, &goals, settings, &mut store);
    bar.finish_and_clear();
    let outcome = outcome.map_err(|stopped| match stopped {
        Stopped::Interrupted if args.shard.is_some() => Failure::Again(kept),
        Stopped::Interrupted => Failure::Paused(kept),
        Stopped::Problem(problem) => problem.into(),
    })?;
    if shard.own > 1 {
        let remark = format!("Shard {} of {}: its runs are there; shard 1 writes the posterior.", shard.own, shard.all);
        return Ok(Answer { remarks: vec![remark], folder: Some(folder), ..Answer::default() });
    }
    let about = about(args, &scenario, &targets, between.get(1), in_use(&scenario, &places)?);
    let text = report(&space, &goals, &outcome, &about);
    let posterior = with_sum(&file(&space, &outcome, &about));
    let files = [(folder.join("posterior.csv"), posterior.as_bytes()), (folder.join("report.md"), text.as_bytes())];
    let written = whole::write_into(&folder, &files).map_err(Failure::from).and_then(|()| {
        if let Some(figure) = assumptions::draw(&found(&space, &outcome), &about.scenario, &words("en")?) {
            write(&folder, None, &figure, &[Kind::Svg, Kind::Png])?;
        }
        Ok(())
    });
    Ok(Answer { text, folder: Some(folder), ..Answer::default() }.after(written))
}

/// Holds `folder` until the posterior is written: two calibrations in one would each take the other's parts for damage. A shard holds its own
/// part of the work alone.
fn held(folder: &Path, shard: Shard) -> Result<Lock, Failure> {
    let held = if shard == Shard::WHOLE {
        Lock::of_folder(folder)
    } else {
        whole::folders(folder).and_then(|()| Lock::take(&folder.join(format!(".shard-{}", shard.own))))
    };
    let held = held.map_err(|error| whole::refused(folder, &error))?;
    let held = held.ok_or_else(|| {
        let help = "wait until it has ended, or give this one another folder with --output";
        Failure::Again(format!("error: another fivep calibrates in `{}`\nhelp: {help}", folder.shown()))
    })?;
    // What a dead process left half written; the folder itself may be anybody's.
    if shard.own == 1 {
        for name in ["posterior.csv", "report.md"] {
            whole::sweep_of(&folder.join(name));
        }
    }
    Ok(held)
}

fn load(args: &Args) -> Result<Scenario, Failure> {
    let overrides = |scale: Option<f64>| Overrides {
        scale,
        seed: args.seed,
        only: Some(vec!["baseline".to_owned()]),
        parameters: Some(Choice::Best),
        ..Overrides::default()
    };
    if args.scale.is_some() {
        return Ok(scenario::load(&args.scenario, &overrides(args.scale))?);
    }
    let own = scenario::load(&args.scenario, &overrides(None))?;
    let coarser = if args.quick { QUICK_COARSER } else { COARSER };
    // A small country bears less: an option that nobody gave must not be what refuses it.
    let scale = (own.scale * coarser).min(scenario::coarsest(&own));
    Ok(scenario::load(&args.scenario, &overrides(Some(scale)))?)
}

/// The same scenario with its baseline and the variant that it compares with, else its first; nothing where truths are not asked for, or there is only a
/// baseline.
fn compared(args: &Args, scenario: &Scenario) -> Result<Option<Scenario>, Failure> {
    if args.truths == 0 {
        return Ok(None);
    }
    let overrides = Overrides { scale: Some(scenario.scale), seed: args.seed, parameters: Some(Choice::Best), ..Overrides::default() };
    let mut all = scenario::load(&args.scenario, &overrides)?;
    let other = all.against.clone().filter(|name| name != "baseline").or_else(|| all.variants.get(1).map(|first| first.name.clone()));
    let Some(other) = other else { return Ok(None) };
    all.variants.retain(|variant| variant.name == "baseline" || variant.name == other);
    all.variants.sort_by_key(|variant| variant.name != "baseline");
    Ok(Some(all))
}

/// Mean and standard deviation of the parameters at `places` in the posterior that the scenario's country has; empty where it has none.
fn in_use(scenario: &Scenario, places: &[usize]) -> Result<Vec<Option<(f64, f64)>>, Failure> {
    let Some(posterior) = scenario::posterior_of(scenario)? else { return Ok(vec![]) };
    let of = |place: &usize| {
        let k = posterior.places.iter().position(|known| known == place)?;
        let sum = |of: &dyn Fn(f64) -> f64| posterior.sets.iter().zip(&posterior.weights).map(|(set, weight)| weight * of(set[k])).sum::<f64>();
        let mean = sum(&|value| value);
        Some((mean, sum(&|value| (value - mean) * (value - mean)).sqrt()))
    };
    Ok(places.iter().map(of).collect())
}

/// The parameters that may be varied, and their places in the table: those with a range that the file does not fix.
fn space(notes: &[ParameterNote], baseline: &Variant) -> (Space, Vec<usize>) {
    let free = |(place, note): &(usize, &ParameterNote)| note.low < note.high && !baseline.fixed.contains_key(place);
    let (places, free): (Vec<usize>, Vec<&ParameterNote>) = notes.iter().enumerate().filter(free).unzip();
    let space = Space {
        names: free.iter().map(|note| note.parameter.path()).collect(),
        low: free.iter().map(|note| note.low).collect(),
        high: free.iter().map(|note| note.high).collect(),
        start: free.iter().map(|note| note.value).collect(),
    };
    (space, places)
}

/// Everything that decides a calibration's runs and is not in their points, in one number: more of them go on from those that there are.
fn key(scenario: &Scenario, targets: &[&Target], space: &Space) -> String {
    let country = &scenario.variants[0].setting.profile;
    let all = format!("{VERSION} {} {} {country:?} {targets:?} {space:?}", scenario.resolved, scenario.scale);
    format!("{:016x}", fnv(all.bytes()))
}

fn about(args: &Args, scenario: &Scenario, targets: &[Target], against: Option<&Variant>, in_use: Vec<Option<(f64, f64)>>) -> About {
    let setting = &scenario.variants[0].setting;
    let mut command = format!("fivep calibrate {} --scale {} --seed {}", quoted_path(&args.scenario), scenario.scale, scenario.seed);
    if args.quick {
        command.push_str(" --quick");
    }
    if args.truths > 0 {
        let _ = write!(command, " --truths {}", args.truths);
    }
    let why = |target: &Target| {
        if target.purpose == Use::Validate {
            Some("validates only")
        } else if target.purpose == Use::External {
            Some("was published of elsewhere")
        } else if !covered(target, setting) {
            Some("its period lies outside of the run")
        } else if target.needs_second_run() {
            Some("a sign under another lever: `fivep validate` checks it")
        } else {
            None
        }
    };
    let left_out = targets.iter().filter_map(|target| why(target).map(|why| (target.name.clone(), why.to_owned()))).collect();
    let scenario = format!("Baseline of {}, {} to {}, scale {}, seed {}", scenario.name, scenario.from, scenario.to, scenario.scale, scenario.seed);
    let difference = |measure: &Measure| against.map(|against| format!("{}, `baseline` less `{}`", measure.name(), against.name));
    let differences = DIFFERENCES.iter().filter_map(difference).collect();
    About { command, version: format!("fivep {VERSION}"), scenario, left_out, differences, in_use }
}
