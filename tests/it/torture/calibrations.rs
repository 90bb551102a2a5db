//! A calibration and a validation that die, find no room, or share their folder with others, shards among them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use fivep::scenario;

use super::{Budget, Dice, Line, call, command, copy, files, leftovers, stderr};

const CALIBRATE: &[&str] = &["calibrate", "tiny.toml", "--quick", "--jobs", "2", "--output", "fit"];
const VALIDATE: &[&str] = &["validate", "tiny.toml", "--replicates", "4", "--jobs", "2"];

/// One year of a country of which one figure is fitted by two parameters.
fn prepare(at: &Path) {
    let text = "format = 2\ntitle = \"Tiny\"\ncountry = \"land\"\nfrom = \"2016-01\"\nto = \"2016-12\"\nscale = 60\nreplicates = 3\nseed = 7\n";
    fs::write(at.join("tiny.toml"), text).expect("writable");
    fs::create_dir(at.join("land")).expect("writable");
    for (name, text) in scenario::embedded_country("borderland").expect("it ships") {
        let text = match name {
            "targets.toml" => {
                let own = text.split("\n[").find(|part| part.starts_with("registered-share]")).expect("a target");
                format!("format = 1\n\n[{own}\n")
            }
            "parameters.toml" => text.lines().map(fixed).collect(),
            _ => text.to_owned(),
        };
        fs::write(at.join("land").join(name), text).expect("writable");
    }
}

/// A parameter's line without a range, but for the two that are fitted.
fn fixed(line: &str) -> String {
    let value = line.split_once("{ value = ").and_then(|(_, rest)| rest.split_once(", low = "));
    match value {
        Some((value, rest)) if !["register_base ", "register_pace "].iter().any(|name| line.starts_with(name)) => {
            let (head, unit) = (line.split_once(" = ").map_or("", |(head, _)| head), rest.split_once("unit = ").map_or("", |(_, unit)| unit));
            format!("{head} = {{ value = {value}, low = {value}, high = {value}, unit = {unit}\n")
        }
        _ => format!("{line}\n"),
    }
}

/// A folder with everything that is asked for done, and in how many calls.
struct Done {
    home: tempfile::TempDir,
    calls: u64,
    said: Vec<u8>,
}

fn done(words: &[&str]) -> Done {
    let home = tempfile::tempdir().expect("a temporary folder");
    prepare(home.path());
    let output = call(home.path(), words, "count 0");
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", stderr(&output));
    let calls = stderr(&output).lines().find_map(|line| line.strip_prefix("calls ")?.parse().ok()).expect("it counts");
    Done { home, calls, said: answer(&output.stdout) }
}

/// What the program itself printed: the harness says how long it took.
fn answer(stdout: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(stdout);
    let own = text.lines().filter(|line| !line.starts_with("test ") && !line.starts_with("running "));
    own.collect::<Vec<_>>().join("\n").into_bytes()
}

/// Files by their paths, and when each was written.
type Seen = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

/// Whether these are the same files with the same bytes, whenever they were written.
fn same_bytes(a: &Seen, b: &Seen) -> bool {
    a.iter().map(|(path, (bytes, _))| (path, bytes)).eq(b.iter().map(|(path, (bytes, _))| (path, bytes)))
}

/// The files below `at` that are seen, and when each was written.
fn seen(at: &Path) -> Seen {
    let shown = files(at).into_iter().filter(|path| !leftovers(at).contains(path));
    let read = |path: PathBuf| {
        let written = fs::metadata(&path).and_then(|found| found.modified()).expect("it is there");
        (path.strip_prefix(at).expect("below it").to_path_buf(), (fs::read(&path).expect("readable"), written))
    };
    shown.map(read).collect()
}

/// The parts of a finished calibration, in the order in which they were written.
fn parts(fit: &Path) -> Vec<PathBuf> {
    let mut parts = files(&fit.join("runs"));
    parts.sort_by_key(|path| fs::metadata(path).and_then(|found| found.modified()).expect("it is there"));
    parts
}

/// Calibrations and validations, each harmed, and several calibrations at once.
pub(super) fn calibrations(budget: &Budget, dice: &mut Dice) -> Line {
    let mut line = Line::new("a calibration or a validation dies, finds no room, or shares its folder, shards among them");
    let fitted = done(CALIBRATE);
    let (mut deaths, kept) = taken_up(budget, dice, &fitted, &mut line);
    deaths += validated_again(budget, dice, &mut line);
    in_one_folder(budget, dice, &fitted, &mut line);
    deaths += by_shards(budget, dice, &fitted, &mut line);
    line.remark = format!("{deaths} deaths; {kept} parts were there and none was simulated again");
    line
}

/// Takes up a calibration of which some parts are there, lets it die or find no room, and takes it up again: no part that was there is
/// simulated again, and all files come to the bytes of an undisturbed one. Tells how often it died, and how many parts were there.
fn taken_up(budget: &Budget, dice: &mut Dice, fitted: &Done, line: &mut Line) -> (u64, u64) {
    let sound = seen(&fitted.home.path().join("fit"));
    let parts = parts(&fitted.home.path().join("fit"));
    let each = fitted.calls / (parts.len() as u64 + 2);
    // A few parts are soon made again; by hand it may be all of them.
    let most = if budget.calibrations > 8 { parts.len() } else { 2 };
    let (mut deaths, mut kept) = (0, 0);
    for number in 0..budget.calibrations {
        line.tried += 1;
        let own = tempfile::tempdir().expect("a temporary folder");
        prepare(own.path());
        let (fit, lost) = (own.path().join("fit"), dice.below(most + 1));
        fs::create_dir_all(fit.join("runs")).expect("writable");
        for part in &parts[..parts.len() - lost] {
            fs::copy(part, fit.join("runs").join(part.file_name().expect("a name"))).expect("a copy");
        }
        if number % 2 == 1 {
            fs::write(fit.join("posterior.csv"), "an older one").expect("writable");
        }
        let at = 1 + dice.below((lost as u64 * each + 2 * each) as usize);
        let kind = if number % 4 == 3 { "full" } else { "death" };
        let harmed = call(own.path(), CALIBRATE, &format!("{kind} {at}"));
        let named = format!("calibrate, {lost} parts missing, {kind} at call {at}");
        match harmed.status.code() {
            Some(0) => {}
            None => deaths += 1,
            Some(1) if kind == "full" && stderr(&harmed).contains("no storage space") => {}
            code => line.fails(format!("{named}: ends with {code:?}: {}", stderr(&harmed))),
        }
        let before = seen(&fit);
        for (path, (bytes, _)) in &before {
            if sound.get(path).is_none_or(|(own, _)| own != bytes) && bytes != b"an older one" {
                line.fails(format!("{named}: {} is neither the old nor the new", path.display()));
            }
        }
        let again = call(own.path(), CALIBRATE, "");
        let after = seen(&fit);
        if again.status.code() != Some(0) {
            line.fails(format!("{named}: does not go on: {}", stderr(&again)));
        }
        for (path, (_, written)) in before.iter().filter(|(path, _)| path.starts_with("runs")) {
            kept += 1;
            if after.get(path).is_none_or(|(_, now)| now != written) {
                line.fails(format!("{named}: {} was simulated again", path.display()));
            }
        }
        if !same_bytes(&after, &sound) {
            line.fails(format!("{named}: other bytes than those of an undisturbed one"));
        }
        if !leftovers(own.path()).is_empty() {
            line.fails(format!("{named}: leaves {:?}", leftovers(own.path())));
        }
    }
    (deaths, kept)
}

/// Lets a validation die or find no room, and asks again: the same answer, and nothing left. Tells how often it died.
fn validated_again(budget: &Budget, dice: &mut Dice, line: &mut Line) -> u64 {
    let validated = done(VALIDATE);
    let mut deaths = 0;
    for number in 0..budget.calibrations {
        line.tried += 1;
        let own = tempfile::tempdir().expect("a temporary folder");
        prepare(own.path());
        let at = 1 + dice.below(validated.calls as usize);
        let kind = if number % 4 == 3 { "full" } else { "death" };
        let words = if number % 4 == 1 { [VALIDATE, &["--shard", "1/2"]].concat() } else { VALIDATE.to_vec() };
        let harmed = call(own.path(), &words, &format!("{kind} {at}"));
        deaths += u64::from(harmed.status.code().is_none());
        let named = format!("{}, {kind} at call {at}", words.join(" "));
        for path in files(own.path()).iter().filter(|path| path.starts_with(own.path().join("output")) && !leftovers(own.path()).contains(path)) {
            if !fs::read_to_string(path).is_ok_and(|text| text.contains("\n# sum ")) {
                line.fails(format!("{named}: {} is there and not whole", path.display()));
            }
        }
        let again = call(own.path(), VALIDATE, "");
        if again.status.code() != Some(0) || answer(&again.stdout) != validated.said {
            line.fails(format!("{named}: another answer: {}", stderr(&again)));
        }
        if own.path().join("output").exists() && !files(&own.path().join("output")).is_empty() {
            line.fails(format!("{named}: leaves {:?}", files(&own.path().join("output"))));
        }
    }
    deaths
}

/// Several calibrations at once in one folder: one of them calibrates, and the others say so.
fn in_one_folder(budget: &Budget, dice: &mut Dice, fitted: &Done, line: &mut Line) {
    let sound = seen(&fitted.home.path().join("fit"));
    let parts = parts(&fitted.home.path().join("fit"));
    for round in 0..budget.rounds.div_ceil(2) {
        let own = tempfile::tempdir().expect("a temporary folder");
        prepare(own.path());
        copy(&fitted.home.path().join("fit"), &own.path().join("fit"));
        for path in parts.iter().rev().take(2) {
            fs::remove_file(own.path().join("fit/runs").join(path.file_name().expect("a name"))).expect("it is there");
        }
        let start = |_| command(own.path(), CALIBRATE, "").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("this program starts again");
        let processes: Vec<_> = (0..2 + dice.below(2)).map(start).collect();
        let mut ended = 0;
        for process in processes {
            line.tried += 1;
            let output = process.wait_with_output().expect("it ends");
            match output.status.code() {
                Some(0) => ended += 1,
                Some(75) if stderr(&output).contains("another fivep calibrates in `fit`") => {}
                code => line.fails(format!("round {round}: {code:?}: {}", stderr(&output))),
            }
        }
        let after = seen(&own.path().join("fit"));
        if ended == 0 || !same_bytes(&after, &sound) {
            line.fails(format!("round {round}: {ended} ended, or other bytes"));
        }
        if !leftovers(own.path()).is_empty() {
            line.fails(format!("round {round}: leaves {:?}", leftovers(own.path())));
        }
    }
}

/// Three shards at once, one of which dies and is handed over again, as a queue does: all end, nothing is left, and the bytes are those of one
/// process. Tells how often one died.
fn by_shards(budget: &Budget, dice: &mut Dice, fitted: &Done, line: &mut Line) -> u64 {
    let sound = seen(&fitted.home.path().join("fit"));
    let parts = parts(&fitted.home.path().join("fit"));
    let mut deaths = 0;
    for round in 0..budget.rounds.div_ceil(2) {
        line.tried += 1;
        let own = tempfile::tempdir().expect("a temporary folder");
        prepare(own.path());
        fs::create_dir_all(own.path().join("fit/runs")).expect("writable");
        for part in &parts[..parts.len() - 4] {
            fs::copy(part, own.path().join("fit/runs").join(part.file_name().expect("a name"))).expect("a copy");
        }
        let start = |shard: usize, blow: &str| {
            let words = [CALIBRATE, &["--shard", ["1/3", "2/3", "3/3"][shard]]].concat();
            command(own.path(), &words, blow).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("this program starts again")
        };
        let harmed = dice.below(3);
        let blow = format!("death {}", 1 + dice.below(12));
        let mut processes: Vec<_> = (0..3).map(|shard| start(shard, if shard == harmed { &blow } else { "" })).collect();
        if processes[harmed].wait().expect("it ends").code().is_none() {
            deaths += 1;
            processes[harmed] = start(harmed, "");
        }
        for (shard, process) in processes.into_iter().enumerate() {
            let output = process.wait_with_output().expect("it ends");
            if output.status.code() != Some(0) {
                line.fails(format!("round {round}, shard {shard}: {:?}: {}", output.status.code(), stderr(&output)));
            }
        }
        if !same_bytes(&seen(&own.path().join("fit")), &sound) {
            line.fails(format!("round {round}: other bytes than those of one process"));
        }
        if !leftovers(own.path()).is_empty() {
            line.fails(format!("round {round}: leaves {:?}", leftovers(own.path())));
        }
    }
    deaths
}
