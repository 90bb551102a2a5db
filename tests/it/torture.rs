//! The trial: what happens when a process dies, the disk is full, a bit flips, a file is nonsense, or several work at once.
//!
//! Each kind of harm is done many times, from a seed: a little of it with every run of the tests, and as much as one likes by hand:
//!
//! ```sh
//! TORTURE=25 cargo test --release --test it torture::by_hand -- --ignored --nocapture
//! ```
//!
//! where 25 means twenty-five times as much. docs/RELIABILITY.md holds the last figures. A process is harmed from within, at a call of
//! `results::whole` by its number (`results::strike`), so that every call has its turn: the test binary calls itself.

mod calibrations;
mod mutants;
#[path = "../../fuzz/src/readers.rs"]
mod readers;

use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use fivep::results::strike::{Blow, arm, calls};
use fivep::results::tables::Table;
use fivep::results::{load, manifest, units, written};
use readers::all_rows;

/// A run that takes a tenth of a second.
const SCENARIO: &str = "format = 2\ntitle = \"Tiny\"\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2015-04\"\nscale = 50\nreplicates = 3\nseed = 7\n\
                        [variants.more]\npolicy.prevention.labour_inspections = { start = 1.0, 2015-02 = 3.0 }\n\
                        [variants.trained]\npolicy.protection.training = 0.6\n";

/// How often each harm is done.
struct Budget {
    kills: u64,
    full: u64,
    flips: u64,
    mutants: u64,
    bytes: u64,
    rounds: u64,
    calibrations: u64,
}

impl Budget {
    fn times(factor: u64) -> Self {
        let (kills, full, flips, mutants) = (40 * factor, 40 * factor, 400 * factor, 4_000 * factor);
        Self { kills, full, flips, mutants, bytes: 80 * factor, rounds: 2 * factor, calibrations: 4 * factor }
    }
}

/// Numbers in an order that a seed decides (splitmix64, Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }
}

/// What came of one kind of harm.
#[derive(Default)]
struct Line {
    what: &'static str,
    tried: u64,
    failures: Vec<String>,
    remark: String,
    seconds: f64,
}

impl Line {
    fn new(what: &'static str) -> Self {
        Self { what, ..Self::default() }
    }

    fn fails(&mut self, what: String) {
        self.failures.push(what);
    }
}

#[test]
fn a_little_of_every_harm_is_borne() {
    let lines = trial(&Budget::times(1), 1);
    let faults: Vec<&String> = lines.iter().flat_map(|line| &line.failures).take(20).collect();
    assert!(faults.is_empty(), "{}\n{faults:#?}", table(&lines));
}

#[test]
#[ignore = "as long as one likes: TORTURE=25 means twenty-five times as much"]
fn by_hand() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let lines = trial(&Budget::times(number("TORTURE", 1)), number("TORTURE_SEED", 1));
    println!("\n{}", table(&lines));
    for line in lines.iter().filter(|line| !line.failures.is_empty()) {
        println!("{}:", line.what);
        line.failures.iter().take(20).for_each(|failure| println!("  {failure}"));
    }
    assert!(lines.iter().all(|line| line.failures.is_empty()));
}

/// The process that is harmed: this test, called by the others with what to do in its environment.
#[test]
#[ignore = "the other tests call it"]
fn child() {
    let Ok(words) = std::env::var("TORTURE_WORDS") else { return };
    let blow = std::env::var("TORTURE_BLOW").unwrap_or_default();
    let (kind, at) = blow.split_once(' ').unwrap_or(("none", "0"));
    let at = at.parse().expect("a number");
    match kind {
        "death" => arm(Blow::Death, at),
        "full" => arm(Blow::NoRoom, at),
        // Only counts.
        _ => arm(Blow::Death, u64::MAX),
    }
    let code = fivep::cli::main(std::iter::once("fivep").chain(words.split('\n')));
    eprintln!("calls {}", calls());
    std::process::exit(code.into());
}

fn table(lines: &[Line]) -> String {
    let mut text = String::from("| harm | tried | failures | seconds | |\n|---|---|---|---|---|\n");
    for line in lines {
        let _ = writeln!(text, "| {} | {} | {} | {:.0} | {} |", line.what, line.tried, line.failures.len(), line.seconds, line.remark);
    }
    text
}

/// One kind of harm, done as often as the budget says.
type Harm = fn(&Budget, &mut Dice) -> Line;

fn trial(budget: &Budget, seed: u64) -> Vec<Line> {
    let only = std::env::var("TORTURE_ONLY").unwrap_or_default();
    let all: [(&str, Harm); 8] = [
        ("kills", |budget, dice| blows("the process dies at a call that changes the disk", "death", budget.kills, dice)),
        ("full", |budget, dice| blows("the disk is full from a call on", "full", budget.full, dice)),
        ("flips", flips),
        ("mutants", mutants::mutants),
        ("tables", mutants::tables),
        ("bytes", same_bytes),
        ("rounds", together),
        ("calibrations", calibrations::calibrations),
    ];
    let chosen = all.into_iter().filter(|(name, _)| only.is_empty() || only.split(',').any(|one| one == *name));
    let timed = chosen.map(|(_, harm)| {
        let clock = Instant::now();
        let mut line = harm(budget, &mut Dice(seed));
        line.seconds = clock.elapsed().as_secs_f64();
        line
    });
    timed.collect()
}

fn command(at: &Path, words: &[&str], blow: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["torture::child", "--exact", "--ignored", "--nocapture", "--test-threads=1"]).current_dir(at).stdin(Stdio::null());
    command.env("TORTURE_WORDS", words.join("\n")).env("TORTURE_BLOW", blow);
    command
}

fn call(at: &Path, words: &[&str], blow: &str) -> Output {
    command(at, words, blow).output().expect("this program starts again")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn fresh() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("tiny.toml"), SCENARIO).expect("writable");
    folder
}

/// All files below `folder`, by their paths in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut left = vec![folder.to_path_buf()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            if entry.path().is_dir() { left.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let place = to.join(path.strip_prefix(from).expect("below it"));
        fs::create_dir_all(place.parent().expect("a folder")).expect("writable");
        fs::copy(&path, place).expect("a copy");
    }
}

/// Whether a part of the way from `at` to `path` has a hidden name.
fn hidden(at: &Path, path: &Path) -> bool {
    path.strip_prefix(at).is_ok_and(|path| path.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.')))
}

/// The run folders below `at` that have their names.
fn runs(at: &Path) -> Vec<PathBuf> {
    let manifests = files(at).into_iter().filter(|path| path.ends_with("manifest.toml"));
    let mut folders: Vec<PathBuf> = manifests.filter_map(|path| path.parent().map(Path::to_path_buf)).collect();
    folders.retain(|folder| !hidden(at, folder));
    folders
}

fn tables(run: &Path) -> Vec<Vec<u8>> {
    Table::ALL.iter().map(|table| fs::read(run.join(table.file())).unwrap_or_default()).collect()
}

/// What dead processes may leave, which the next one must take away: hidden names.
fn leftovers(at: &Path) -> Vec<PathBuf> {
    files(at).into_iter().filter(|path| hidden(at, path)).collect()
}

/// One thing that is done to a folder: the words that prepare it, those that are harmed, and whether it cleans after a dead one.
struct Deed {
    before: &'static [&'static [&'static str]],
    words: &'static [&'static str],
    tidies: bool,
}

const RUN: &[&str] = &["run", "tiny.toml", "--jobs", "2"];
const DEEDS: [Deed; 9] = [
    Deed { before: &[], words: RUN, tidies: true },
    Deed { before: &[], words: &["run", "tiny.toml", "--jobs", "1", "--replicates", "5"], tidies: true },
    Deed { before: &[RUN], words: &["run", "latest", "--replicates", "5", "--jobs", "2"], tidies: true },
    Deed { before: &[&["plan", "tiny.toml", "--study", "big"]], words: &["run", "big", "--shard", "1/2", "--jobs", "1"], tidies: false },
    Deed {
        before: &[
            &["plan", "tiny.toml", "--study", "big"],
            &["run", "big", "--shard", "1/2", "--jobs", "1"],
            &["run", "big", "--shard", "2/2", "--jobs", "1"],
        ],
        words: &["merge", "big"],
        tidies: true,
    },
    Deed { before: &[RUN], words: &["chart", "latest", "--only", "ranking,tiles", "--format", "svg"], tidies: false },
    Deed { before: &[RUN], words: &["brief", "latest", "--format", "html"], tidies: false },
    Deed { before: &[], words: &["eject", "borderland", "--country"], tidies: false },
    Deed { before: &[], words: &["new", "mine"], tidies: false },
];

/// A deed before it and after it, and in how many calls it changes the disk.
struct Ready {
    start: tempfile::TempDir,
    end: tempfile::TempDir,
    calls: u64,
}

/// Harms a deed at a call, looks that all that is seen is whole, and does it again unharmed: the end is the same as if nothing had been.
fn blows(what: &'static str, kind: &str, most: u64, dice: &mut Dice) -> Line {
    let mut line = Line::new(what);
    let ready: Vec<Ready> = DEEDS
        .iter()
        .map(|deed| {
            let start = fresh();
            for words in deed.before {
                let done = call(start.path(), words, "");
                assert_eq!(done.status.code(), Some(0), "{words:?}: {}", stderr(&done));
            }
            let end = tempfile::tempdir().expect("a temporary folder");
            copy(start.path(), end.path());
            let done = call(end.path(), deed.words, "count 0");
            assert_eq!(done.status.code(), Some(0), "{:?}: {}", deed.words, stderr(&done));
            let calls = stderr(&done).lines().find_map(|line| line.strip_prefix("calls ")?.parse().ok()).expect("it counts");
            Ready { start, end, calls }
        })
        .collect();
    let all: u64 = ready.iter().map(|ready| ready.calls).sum();
    line.remark = format!("{} deeds with {all} calls", DEEDS.len());
    // Each call once in an order by chance, then again.
    let mut points: Vec<(usize, u64)> = ready.iter().enumerate().flat_map(|(deed, ready)| (1..=ready.calls).map(move |at| (deed, at))).collect();
    for place in (1..points.len()).rev() {
        points.swap(place, dice.below(place + 1));
    }
    for (deed, at) in points.into_iter().cycle().take(most as usize) {
        line.tried += 1;
        let (Deed { words, tidies, .. }, Ready { start, end, .. }) = (&DEEDS[deed], &ready[deed]);
        let own = tempfile::tempdir().expect("a temporary folder");
        copy(start.path(), own.path());
        let harmed = call(own.path(), words, &format!("{kind} {at}"));
        let named = format!("{words:?} at call {at}");
        if kind == "full" {
            let said = stderr(&harmed);
            match harmed.status.code() {
                Some(0) => {}
                Some(1 | 75) if said.contains("error: ") && said.contains("no storage space") => {}
                code => line.fails(format!("{named}: ends with {code:?}: {said}")),
            }
        } else if harmed.status.code().is_some_and(|code| code != 0) {
            line.fails(format!("{named}: should have died, and ended with {:?}: {}", harmed.status.code(), stderr(&harmed)));
        }
        // Whatever is seen is what was there before or what would have come.
        for path in files(own.path()) {
            let place = path.strip_prefix(own.path()).expect("below it");
            if hidden(own.path(), &path) || place.ends_with("manifest.toml") || place.ends_with("written.toml") {
                continue;
            }
            let (found, before, after) = (fs::read(&path).ok(), fs::read(start.path().join(place)).ok(), fs::read(end.path().join(place)).ok());
            let unit = place.extension().is_some_and(|ending| ending == "unit");
            if !unit && found != before && found != after {
                line.fails(format!("{named}: {} is neither the old nor the new", place.display()));
            }
        }
        for run in runs(own.path()) {
            let changed = written::changed(&run);
            if !changed.is_empty() {
                line.fails(format!("{named}: {changed:?} are not what is listed"));
            }
            if let Ok(found) = manifest::read(&run.join("manifest.toml")).map(|found| found.whole()) {
                if found && load(&run).and_then(|record| all_rows(&record)).is_err() {
                    line.fails(format!("{named}: the run folder is there and cannot be read"));
                }
            } else {
                line.fails(format!("{named}: the manifest is there and cannot be read"));
            }
        }
        let kept = files(own.path()).iter().filter(|path| path.extension().is_some_and(|ending| ending == "unit")).count();
        let again = call(own.path(), words, "");
        let said = stderr(&again);
        // A file that was made just before the end is there, and says so.
        let there = matches!(words[0], "eject" | "new") && said.contains("exist") || words[0] == "merge" && said.contains("merged already");
        if again.status.code() != Some(0) && !there {
            line.fails(format!("{named}: does not go on: {said}"));
        }
        if words[0] == "run" && kept > 0 && runs(own.path()).len() == 1 && said.contains(" 0 of ") {
            line.fails(format!("{named}: {kept} units were computed again"));
        }
        let (wanted, found) = (runs(end.path()), runs(own.path()));
        if found.is_empty() != wanted.is_empty() || found.iter().any(|run| tables(run) != tables(&wanted[0])) && words[0] != "run" {
            line.fails(format!("{named}: other bytes than those of an undisturbed one"));
        }
        if words[0] == "run" && !found.iter().any(|run| tables(run) == tables(&wanted[0])) {
            line.fails(format!("{named}: no run of the same bytes as an undisturbed one"));
        }
        // A lock that nobody holds is none; whoever adds to the run takes it and takes it away.
        let left: Vec<PathBuf> = leftovers(own.path()).into_iter().filter(|path| words[0] != "merge" || !path.ends_with(".lock")).collect();
        if *tidies && !left.is_empty() {
            line.fails(format!("{named}: leaves {left:?}"));
        }
    }
    line
}

/// Flips one bit of a run folder, of a unit and of a folder of an older format: whatever is read is what was written, and nothing panics.
fn flips(budget: &Budget, dice: &mut Dice) -> Line {
    let mut line = Line::new("one bit of a run folder or a unit is flipped");
    let made = fresh();
    let drawn = [&["chart", "latest", "--only", "ranking", "--format", "svg,png"][..], &["brief", "latest", "--format", "html"]];
    for words in [RUN].into_iter().chain(drawn) {
        assert_eq!(call(made.path(), words, "").status.code(), Some(0));
    }
    assert_eq!(call(made.path(), &["plan", "tiny.toml", "--study", "big"], "").status.code(), Some(0));
    assert_eq!(call(made.path(), &["run", "big", "--shard", "1/2", "--jobs", "1"], "").status.code(), Some(0));
    let run = runs(&made.path().join("output")).swap_remove(0);
    let bits = |figures: Vec<f64>| figures.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
    let sound = bits(load(&run).and_then(|record| all_rows(&record)).expect("it was just written"));
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format-3");
    let unit = files(&made.path().join("big/units")).swap_remove(0);
    let (replicate, key) = units::named(&unit).expect("a unit's name");
    let (mut seen, mut harmless) = (0, 0);
    for number in 0..budget.flips {
        line.tried += 1;
        // One in ten in a unit, one in ten in a folder that holds no sums.
        let (folder, of_old) = match number % 10 {
            8 => (made.path().join("big"), false),
            9 => (old.clone(), true),
            _ => (run.clone(), false),
        };
        let own = tempfile::tempdir().expect("a temporary folder");
        copy(&folder, own.path());
        let all: Vec<PathBuf> = files(own.path()).into_iter().filter(|path| number % 10 != 8 || path.extension() == unit.extension()).collect();
        let path = &all[dice.below(all.len())];
        let mut bytes = fs::read(path).expect("readable");
        let at = dice.below(bytes.len());
        bytes[at] ^= 1 << dice.below(8);
        fs::write(path, &bytes).expect("writable");
        let named = format!("{} at byte {at}", path.strip_prefix(own.path()).expect("below").display());
        let answer = catch_unwind(AssertUnwindSafe(|| {
            if !written::changed(own.path()).is_empty() {
                // A picture answers nothing: its change is told, and refuses nothing.
                return load(own.path()).map_or_else(|_| Ok(vec![]), |_| Err(()));
            }
            if number % 10 == 8 {
                let sound = units::read(own.path(), replicate, &key);
                return if matches!(sound, Ok(units::Found::Whole(_))) && units::named(path) == Some((replicate, key.clone())) {
                    Ok(vec![])
                } else {
                    Err(())
                };
            }
            load(own.path()).and_then(|record| all_rows(&record)).map(bits).map_err(|_| ())
        }));
        match answer {
            Err(_) => line.fails(format!("{named}: panics")),
            Ok(Err(())) => seen += 1,
            Ok(Ok(found)) if of_old || number % 10 == 8 && all.len() > 1 || found == sound => harmless += 1,
            Ok(Ok(_)) => line.fails(format!("{named}: read as other figures")),
        }
    }
    line.remark = format!("{seen} seen, {harmless} without effect or in a folder of format 3, which holds no sums");
    line
}

/// The same scenario under other threads, shards, environments and ways: the same bytes.
fn same_bytes(budget: &Budget, dice: &mut Dice) -> Line {
    let mut line = Line::new("tables and answers are compared, byte for byte, across threads, shards, growth and environments");
    let first = fresh();
    let done = call(first.path(), RUN, "");
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    let sound = tables(&runs(first.path())[0]);
    let answer = |at: &Path, run: &str| call(at, &["table", run, "--format", "csv"], "").stdout;
    let told = answer(first.path(), "latest");
    while line.tried < budget.bytes {
        let own = fresh();
        let jobs = ["1", "2", "3", "8"][dice.below(4)];
        let environment = [("TZ", "Asia/Bangkok"), ("LC_ALL", "th_TH.UTF-8"), ("RAYON_NUM_THREADS", "3"), ("POLARS_MAX_THREADS", "1"), ("LANG", "C")];
        let environment = environment[dice.below(environment.len())];
        let with = |words: &[&str]| command(own.path(), words, "").env(environment.0, environment.1).output().expect("this program starts again");
        let way = dice.below(3);
        let mut run = "latest";
        let codes: Vec<Option<i32>> = match way {
            0 => vec![with(&["run", "tiny.toml", "--jobs", jobs]).status.code()],
            1 => {
                let less = ["1", "2"][dice.below(2)];
                let one = with(&["run", "tiny.toml", "--replicates", less, "--jobs", jobs]).status.code();
                vec![one, with(&["run", "latest", "--replicates", "3", "--jobs", jobs]).status.code()]
            }
            _ => {
                run = "big";
                let shards = 1 + dice.below(4);
                let mut codes = vec![with(&["plan", "tiny.toml", "--study", "big"]).status.code()];
                codes
                    .extend((1..=shards).rev().map(|own| with(&["run", "big", "--shard", &format!("{own}/{shards}"), "--jobs", jobs]).status.code()));
                codes.push(with(&["merge", "big"]).status.code());
                codes
            }
        };
        let named = format!("way {way}, --jobs {jobs}, {environment:?}");
        if codes.iter().any(|code| *code != Some(0)) {
            line.tried += 1;
            line.fails(format!("{named}: ends with {codes:?}"));
            continue;
        }
        let found = runs(own.path()).first().map(|run| tables(run)).unwrap_or_default();
        for (own, sound) in found.iter().zip(&sound) {
            line.tried += 1;
            if own != sound {
                line.fails(format!("{named}: other bytes in a table"));
            }
        }
        line.tried += 1;
        if answer(own.path(), run) != told {
            line.fails(format!("{named}: another answer"));
        }
    }
    line
}

/// Ranges that overlap: whoever computes a replicate writes the same unit.
const SHARDS: [&str; 4] = ["1/1", "1/2", "2/3", "1/3"];

/// Several processes at once in one folder.
fn together(budget: &Budget, dice: &mut Dice) -> Line {
    let mut line = Line::new("processes work in one folder at once");
    let mut sound: Option<Vec<Vec<u8>>> = None;
    for round in 0..budget.rounds {
        let own = fresh();
        let shared = round % 2 == 1;
        let words = |place: usize| if shared { vec!["run", "big", "--shard", SHARDS[place], "--jobs", "1"] } else { RUN.to_vec() };
        if shared {
            assert_eq!(call(own.path(), &["plan", "tiny.toml", "--study", "big"], "").status.code(), Some(0));
        }
        let count = 2 + dice.below(3);
        let start =
            |place| command(own.path(), &words(place), "").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("this program starts again");
        let processes: Vec<_> = (0..count).map(start).collect();
        for process in processes {
            line.tried += 1;
            let done = process.wait_with_output().expect("it ends");
            if done.status.code() != Some(0) {
                line.fails(format!("round {round}, one of {count}: {:?}: {}", done.status.code(), stderr(&done)));
            }
        }
        if shared && call(own.path(), &["merge", "big"], "").status.code() != Some(0) {
            line.fails(format!("round {round}: the study cannot be merged"));
        }
        let found = runs(own.path());
        let expected = if shared { 1 } else { count };
        if found.len() != expected {
            line.fails(format!("round {round}: {} runs of {expected}", found.len()));
        }
        for run in found {
            let own = tables(&run);
            if *sound.get_or_insert_with(|| own.clone()) != own {
                line.fails(format!("round {round}: other bytes in {}", run.display()));
            }
        }
        let left = leftovers(own.path());
        if !left.is_empty() {
            line.fails(format!("round {round}: leaves {left:?}"));
        }
    }
    line.remark = format!("{} rounds", budget.rounds);
    line
}
