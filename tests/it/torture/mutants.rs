//! Files that are nonsense: mutants of sound ones go through the readers, in this process, and each is answered soon.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use fivep::scenario;

use super::readers::{OWN, Readers};
use super::{Budget, Dice, Line, RUN, SCENARIO, call, fresh, runs};

/// What no reader may take, in seconds; a shared machine may hold anybody up for a moment, so that whoever is late is asked again.
const LATE: f64 = 5.0;
/// What no reader may take of memory, in kB.
const MUCH: u64 = 1 << 20;

/// Bytes that differ from `sound` in a few places, by lines, words or bytes of its own and of others.
fn mutant(sound: &[u8], dice: &mut Dice) -> Vec<u8> {
    const ODD: [&str; 24] = [
        "nan",
        "inf",
        "-1",
        "1e308",
        "99999999999999999999",
        "0",
        "\"\"",
        "[]",
        "{}",
        "true",
        "=",
        "\"",
        "'",
        "\n[",
        "]\n",
        ".",
        ",",
        "#",
        "\u{0}",
        "\u{202e}",
        "\u{1b}[2J",
        "é",
        "2015-13",
        "9999-12",
    ];
    let mut bytes = sound.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => {
                let odd = ODD[dice.below(ODD.len())];
                bytes.splice(at..at, odd.bytes());
            }
            2 => {
                let to = (at + dice.below(40)).min(bytes.len());
                bytes.drain(at..to);
            }
            3 => {
                let to = (at + dice.below(200)).min(bytes.len());
                let part = bytes[at..to].to_vec();
                let place = dice.below(bytes.len() + 1);
                bytes.splice(place..place, part);
            }
            4 => bytes.truncate(at),
            5 => {
                // A number becomes another one.
                if let Some(from) = bytes[at..].iter().position(u8::is_ascii_digit).map(|digit| at + digit) {
                    let to = from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
                    let odd = ODD[dice.below(10)];
                    bytes.splice(from..to, odd.bytes());
                }
            }
            _ => {
                // A line goes, or comes twice.
                let from = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
                let to = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |newline| at + newline + 1);
                if dice.below(2) == 0 {
                    bytes.drain(from..to.max(from));
                } else {
                    let own = bytes[from..to.max(from)].to_vec();
                    bytes.splice(from..from, own);
                }
            }
        }
    }
    bytes
}

/// A table of which a few bytes are others: most of them at its end, where what it promises of its rows and pages stands.
fn mutant_table(sound: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    for _ in 0..=dice.below(3) {
        let from = if dice.below(4) == 0 { 0 } else { bytes.len() - bytes.len() / 4 };
        let at = from + dice.below(bytes.len() - from);
        match dice.below(4) {
            0 => bytes[at] = dice.next() as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            // A number of several bytes becomes one of the greatest.
            2 => {
                let to = (at + 1 + dice.below(9)).min(bytes.len());
                bytes[at..to].fill(0xff);
            }
            _ => {
                let to = (at + dice.below(9)).min(bytes.len());
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// The most memory that this process has had, in kB; 0 where the system does not say.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|text| text.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Gives one mutant to its reader: it says something or can use it, soon, in little memory, and never panics.
fn tried(line: &mut Line, slow: &mut f64, named: &str, bytes: &[u8], read: &dyn Fn(&[u8]) -> Result<(), String>) -> bool {
    line.tried += 1;
    let before = peak();
    let mut took = f64::INFINITY;
    let mut good = false;
    for _ in 0..3 {
        let clock = Instant::now();
        match catch_unwind(AssertUnwindSafe(|| read(bytes))) {
            Ok(Ok(())) => good = true,
            Ok(Err(said)) if said.trim().is_empty() => line.fails(format!("{named}: refused without a word")),
            Ok(Err(_)) => {}
            Err(_) => line.fails(format!("{named}: panics on {:?}", String::from_utf8_lossy(bytes))),
        }
        took = took.min(clock.elapsed().as_secs_f64());
        if took <= LATE {
            break;
        }
    }
    *slow = slow.max(took);
    if took > LATE {
        line.fails(format!("{named}: {took:.1} s for {:?}", String::from_utf8_lossy(bytes)));
    }
    if peak() > before + MUCH {
        line.fails(format!("{named}: {} MB more memory for {:?}", (peak() - before) / 1024, String::from_utf8_lossy(bytes)));
    }
    good
}

fn readers() -> (tempfile::TempDir, Readers) {
    let memory = Path::new("/dev/shm");
    let home = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a temporary folder");
    let readers = Readers::at(home.path());
    (home, readers)
}

/// Mutated scenarios, countries, posteriors, targets, published figures, word tables and manifests go through their readers.
pub(super) fn mutants(budget: &Budget, dice: &mut Dice) -> Line {
    let mut line = Line::new("a scenario, country, manifest or table of words is mutated");
    let made = fresh();
    assert_eq!(call(made.path(), RUN, "").status.code(), Some(0));
    let run = runs(&made.path().join("output")).swap_remove(0);
    let manifests = [fs::read(run.join("manifest.toml")).expect("readable"), include_bytes!("../../data/format-3/manifest.toml").to_vec()];
    let (_home, readers) = readers();
    let country = scenario::embedded_country("borderland").expect("it ships");
    let of_country = |name: &str| country.iter().find(|(known, _)| *known == name).expect("it ships").1;
    let posterior = scenario::embedded_country("thailand").expect("it ships").into_iter().find(|(name, _)| *name == "posterior.csv");
    let posterior = posterior.map_or("", |(_, text)| text.get(..6_000).unwrap_or(text));
    let embedded = scenario::embedded();
    let words = include_str!("../../../assets/words/en.toml");
    let (mut good, mut slow) = (0, 0.0_f64);
    for number in 0..budget.mutants {
        let (what, sound): (&str, &[u8]) = match number % 16 {
            0..4 => ("scenario", [embedded[dice.below(embedded.len())].1, SCENARIO, SCENARIO, OWN][dice.below(4)].as_bytes()),
            // The one with a sum is nearly always refused for it.
            4..8 => ("manifest", &manifests[usize::from(dice.below(8) > 0)]),
            8..12 => ("words", words.as_bytes()),
            12 => ("profile.toml", of_country("profile.toml").as_bytes()),
            13 => ("parameters.toml", of_country("parameters.toml").as_bytes()),
            14 => {
                let name = ["targets.toml", "observed.csv"][dice.below(2)];
                (name, of_country(name).as_bytes())
            }
            _ => ("posterior.csv", posterior.as_bytes()),
        };
        let bytes = mutant(sound, dice);
        let read = |bytes: &[u8]| match what {
            "scenario" => readers.scenario(bytes),
            "manifest" => readers.manifest(bytes),
            "words" => Readers::words(bytes),
            file => readers.country(file, bytes),
        };
        good += u64::from(tried(&mut line, &mut slow, &format!("{what} {number}"), &bytes, &read));
    }
    line.remark = format!("{good} good ones, the slowest took {slow:.2} s");
    line
}

/// Mutated tables go through their reader, which is another library's.
pub(super) fn tables(budget: &Budget, dice: &mut Dice) -> Line {
    let mut line = Line::new("bytes of a table are changed, and no sum tells of it");
    let (_home, readers) = readers();
    let sound = include_bytes!("../../data/format-3/months.parquet");
    let (mut good, mut slow) = (0, 0.0_f64);
    for number in 0..budget.mutants / 10 {
        let bytes = mutant_table(sound, dice);
        good += u64::from(tried(&mut line, &mut slow, &format!("table {number}"), &bytes, &|bytes| readers.table(bytes)));
    }
    line.remark = format!("{good} good ones, the slowest took {slow:.2} s");
    line
}

/// What the fuzz targets begin with goes through the same readers.
#[test]
fn the_seeds_of_the_fuzz_targets_are_answered() {
    let (_home, readers) = readers();
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let (mut line, mut slow) = (Line::new("seeds"), 0.0);
    for (target, least) in [("scenario", 5), ("profile", 2), ("parameters", 1), ("manifest", 2), ("tables", 2)] {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fuzz/fuzz_targets/{target}.rs")).is_file(), "{target}");
        let read = |bytes: &[u8]| match target {
            "scenario" => readers.scenario(bytes),
            "manifest" => readers.manifest(bytes),
            "tables" => readers.table(bytes),
            file => readers.country(&format!("{file}.toml"), bytes),
        };
        let (mut seen, mut good) = (0, 0);
        for entry in fs::read_dir(seeds.join(target)).expect("a folder of seeds").flatten() {
            let bytes = fs::read(entry.path()).expect("readable");
            good += u64::from(tried(&mut line, &mut slow, &entry.path().display().to_string(), &bytes, &read));
            seen += 1;
        }
        assert!(seen >= least && good > 0, "{target}: {good} of {seen} seeds are sound");
    }
    assert!(line.failures.is_empty(), "{:#?}", line.failures);
}
