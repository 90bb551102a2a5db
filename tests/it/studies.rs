//! Runs that are killed, interrupted, grown, damaged, or share a folder: nothing finished is lost, and every byte is as if nothing had happened.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use fivep::results::tables::Table;
use fivep::results::{Record, load};
use fivep::scenario::Problem;

/// A small run that takes long enough to be disturbed.
const RUN: [&str; 12] = ["run", "borderland", "--only", "open-shelters", "--scale", "20", "--from", "2015-10", "--to", "2016-06", "--jobs", "2"];
const TABLES: [&str; 4] = ["months.parquet", "sectors.parquet", "origins.parquet", "stages.parquet"];

pub(super) fn fivep(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("fivep"));
    command.current_dir(folder).args(args);
    command
}

pub(super) fn run(folder: &Path, more: &[&str]) -> Output {
    fivep(folder, &RUN).args(more).output().expect("the program starts")
}

pub(super) fn finished(at: &Path, output: &Output) -> PathBuf {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    at.join(stderr(output).lines().last().expect("the run folder's path"))
}

pub(super) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

pub(super) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The bytes of everything in a run folder that must not depend on how it came about.
pub(super) fn bytes(run: &Path) -> Vec<Vec<u8>> {
    TABLES.iter().chain(&["scenario.toml"]).map(|name| fs::read(run.join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))).collect()
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for name in names(from) {
        if from.join(&name).is_file() {
            fs::copy(from.join(&name), to.join(&name)).expect("a copy");
        }
    }
}

/// Units kept so far by an unfinished run.
fn units(home: &Path) -> usize {
    let runs = home.join("output/borderland");
    names(&runs)
        .iter()
        .map(|name| names(&runs.join(name).join("units")).iter().filter(|name| name.contains('-') && !name.starts_with('.')).count())
        .sum()
}

/// Starts a run and waits until `count` of its units are kept.
fn started(home: &Path, more: &[&str], count: usize) -> Child {
    let mut child = fivep(home, &RUN).args(more).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let began = Instant::now();
    while units(home) < count && child.try_wait().expect("it can be asked").is_none() {
        assert!(began.elapsed() < Duration::from_mins(2), "it keeps its units");
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let (calm, home) = (folder(), folder());
    let undisturbed = bytes(&finished(calm.path(), &run(calm.path(), &["--replicates", "12"])));
    for count in [0, 1, 4, 5, 9] {
        let mut child = started(home.path(), &["--replicates", "12"], count);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        assert!(names(&home.path().join("output/borderland")).iter().all(|name| name.starts_with(".unfinished-")), "nothing half is visible");
    }
    let kept = units(home.path());
    assert!(kept >= 9, "{kept} units are kept");
    let listed = fivep(home.path(), &["runs"]).output().expect("it starts");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("of 12 replicates"), "{listed:?}");
    let output = run(home.path(), &["--replicates", "12"]);
    assert!(stderr(&output).contains(&format!("{kept} of 12 replicates were there already")), "{}", stderr(&output));
    assert!(bytes(&finished(home.path(), &output)) == undisturbed);
    assert_eq!(names(&home.path().join("output/borderland")).len(), 1, "nothing is left over");
}

#[test]
fn a_run_grows_to_the_bytes_of_one_made_at_once() {
    let (at_once, home) = (folder(), folder());
    let mut grown = PathBuf::new();
    for parameters in ["best", "prior"] {
        let all = bytes(&finished(at_once.path(), &run(at_once.path(), &["--replicates", "9", "--parameters", parameters])));
        grown = finished(home.path(), &run(home.path(), &["--replicates", "2", "--parameters", parameters]));
        for replicates in ["3", "9"] {
            let output = fivep(home.path(), &["run", "latest", "--replicates", replicates]).output().expect("it starts");
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            assert!(stderr(&output).contains("were there already"), "{}", stderr(&output));
        }
        assert!(bytes(&grown) == all, "{parameters}");
    }
    let path = grown.to_str().expect("a plain path").to_owned();
    assert_eq!(names(&grown), ["manifest.toml", "months.parquet", "origins.parquet", "scenario.toml", "sectors.parquet", "stages.parquet"]);
    assert_eq!(load(&grown).expect("it is whole").manifest.replicates, 9);
    for (args, say) in [(["--replicates", "4"], "more replicates already"), (["--seed", "4"], "--seed cannot change")] {
        let output = fivep(home.path(), &["run", &path]).args(args).output().expect("it starts");
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(say), "{}", stderr(&output));
    }
}

#[test]
fn replicates_are_added_until_the_effects_are_settled() {
    let home = folder();
    let output = run(home.path(), &["--until", "settled", "--at-most", "50"]);
    let settled = finished(home.path(), &output);
    let record = load(&settled).expect("it is whole");
    let replicates = record.manifest.replicates;
    assert!([20, 40, 50].contains(&replicates) && stderr(&output).contains(&format!("ith {replicates} replicates")), "{}", stderr(&output));
    let at_once = finished(home.path(), &run(home.path(), &["--replicates", &replicates.to_string()]));
    assert!(bytes(&settled) == bytes(&at_once), "as if so many had been asked for at once");
    // A finished run goes on to the next fixed number.
    let few = finished(home.path(), &run(home.path(), &["--replicates", "3"]));
    let output = fivep(home.path(), &["run", few.to_str().expect("plain"), "--until", "settled", "--at-most", "9"]).output().expect("it starts");
    assert_eq!(finished(home.path(), &output), few);
    assert_eq!(load(&few).expect("it is whole").manifest.replicates, 9);
    for wrong in [&["--until", "settled", "--replicates", "9"][..], &["--at-most", "9"], &["--until", "tomorrow"]] {
        assert_eq!(run(home.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_killed_validation_goes_on_to_the_same_tables() {
    let (calm, home) = (folder(), folder());
    let args = ["validate", "borderland", "--scale", "20", "--replicates", "12", "--format", "csv"];
    let undisturbed = fivep(calm.path(), &args).output().expect("it starts");
    assert_eq!(undisturbed.status.code(), Some(0), "{}", stderr(&undisturbed));
    let kept = home.path().join("output/validation/borderland");
    let whole = || names(&kept).iter().filter(|name| !name.starts_with('.')).count();
    for count in [2, 5] {
        let mut child = fivep(home.path(), &args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let began = Instant::now();
        while whole() < count && child.try_wait().expect("it can be asked").is_none() {
            assert!(began.elapsed() < Duration::from_mins(2), "it keeps what it reads");
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }
    assert!(whole() >= 5);
    let output = fivep(home.path(), &args).output().expect("it starts");
    assert_eq!(output.stdout, undisturbed.stdout, "{}", stderr(&output));
    assert_eq!(whole(), 0, "what was kept is needed no more");
}

/// A commit that was interrupted between any two of its moves is read as the new state, and then made good.
#[test]
fn a_run_that_is_killed_while_it_takes_its_new_tables_is_whole() {
    let home = folder();
    let old = finished(home.path(), &run(home.path(), &["--replicates", "2"]));
    let new = finished(home.path(), &run(home.path(), &["--replicates", "4"]));
    for moved in 0..names(&new).len() {
        let torn = home.path().join(format!("torn-{moved}"));
        copy(&old, &torn);
        copy(&new, &torn.join(".commit"));
        for name in names(&new).iter().filter(|name| *name != "manifest.toml").take(moved) {
            fs::rename(torn.join(".commit").join(name), torn.join(name)).expect("a move");
        }
        let record = load(&torn).unwrap_or_else(|problem| panic!("{moved}: {problem:?}"));
        assert_eq!(record.manifest.replicates, 4);
        assert!(bytes(&torn) == bytes(&new) && !torn.join(".commit").exists());
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_was_done() {
    let home = folder();
    let child = started(home.path(), &["--replicates", "500"], 2);
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(143), "128 and the number of the signal");
    assert!(stderr(&output).contains("of 500 replicates are kept, and the same command goes on from there"), "{}", stderr(&output));
    let kept = units(home.path());
    // Fewer are asked for than before: they are among those that are there.
    let output = run(home.path(), &["--replicates", "2"]);
    finished(home.path(), &output);
    assert!(kept >= 2 && stderr(&output).contains("2 of 2 replicates were there already"), "{}", stderr(&output));
    assert_eq!(units(home.path()), kept - 2, "the others wait for the greater number to be asked for again");
}

#[cfg(unix)]
#[test]
fn an_interrupt_before_the_first_replicate_leaves_nothing() {
    let home = folder();
    let args = ["run", "thailand-2016", "--scale", "20", "--replicates", "4", "--jobs", "1"];
    let mut child = fivep(home.path(), &args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let began = Instant::now();
    while names(&home.path().join("output/thailand-2016")).iter().all(|name| !name.starts_with(".unfinished-")) {
        assert!(began.elapsed() < Duration::from_secs(30), "it reserves its place before it simulates");
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs").success());
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
    assert_eq!(names(home.path()), Vec::<String>::new(), "not even the folder it made for itself");
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let home = folder();
    let program = assert_cmd::cargo::cargo_bin("fivep");
    let script = format!("trap '' HUP; exec {} {} --replicates 6", program.display(), RUN.join(" "));
    let child = Command::new("sh").current_dir(home.path()).args(["-c", &script]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let child = child.expect("a shell");
    while units(home.path()) == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-HUP", &child.id().to_string()]).status().expect("kill runs").success());
    finished(home.path(), &child.wait_with_output().expect("it ends"));
}

/// A limit on the size of files stands for a full disk: what is written fails half way.
#[cfg(unix)]
#[test]
fn a_disk_that_refuses_keeps_what_was_done_and_nothing_half() {
    let home = folder();
    let program = assert_cmd::cargo::cargo_bin("fivep");
    let limited = |blocks: u32, command: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} {command}", program.display());
        Command::new("sh").current_dir(home.path()).args(["-c", &script]).output().expect("a shell")
    };
    let command = format!("{} --replicates 100", RUN.join(" "));
    // Enough for a unit, and not for the table of all.
    let output = limited(300, &command);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot write") && stderr(&output).contains("100 of 100 replicates are kept"), "{}", stderr(&output));
    let output = run(home.path(), &["--replicates", "100"]);
    assert!(stderr(&output).contains("100 of 100 replicates were there already"), "{}", stderr(&output));
    let run = finished(home.path(), &output);
    let run = run.to_str().expect("a plain path");
    for verb in [&["chart", run, "--only", "tiles", "--format", "png"][..], &["brief", run, "--format", "html"]] {
        let good = fivep(home.path(), verb).output().expect("it starts");
        let path = PathBuf::from(String::from_utf8_lossy(&good.stdout).trim());
        let before = fs::read(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        let output = limited(16, &verb.join(" "));
        assert_eq!(output.status.code(), Some(1), "{verb:?}: {}", stderr(&output));
        assert!(fs::read(&path).expect("it is there") == before, "the older copy stays");
        let folder = path.parent().expect("a folder");
        assert!(names(folder).iter().all(|name| !name.ends_with(".unfinished")), "{:?}", names(folder));
    }
    let output = limited(4, "brief --eject mine");
    assert_eq!((output.status.code(), home.path().join("mine").exists()), (Some(1), false), "{}", stderr(&output));
}

#[test]
fn runs_at_once_do_not_disturb_each_other() {
    let home = folder();
    let children: Vec<Child> = (0..3)
        .map(|_| fivep(home.path(), &RUN).args(["--replicates", "4"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts"))
        .collect();
    let runs: Vec<PathBuf> = children.into_iter().map(|child| finished(home.path(), &child.wait_with_output().expect("it ends"))).collect();
    assert!(runs.iter().all(|run| bytes(run) == bytes(&runs[0])));
    assert_eq!(names(&home.path().join("output/borderland")).len(), 3);
}

/// A small run folder written by the program before format 4, and what that program said of it.
fn old() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format-3")
}

/// The rows of a text of CSV, with figures as numbers.
fn cells(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// What an old folder says is what it said to the program that wrote it, for every figure that program knew.
#[test]
fn an_old_run_says_what_it_said() {
    let home = folder();
    let run = home.path().join("old");
    copy(&old(), &run);
    let path = run.to_str().expect("a plain path");
    let asked: [(&str, &[&str]); 6] = [
        ("compare.csv", &["compare", path, "--all"]),
        ("truth-by-sector.csv", &["table", path, "--by", "sector"]),
        ("official-by-sector.csv", &["table", path, "--by", "sector", "--ledger", "official"]),
        ("official-by-origin.csv", &["table", path, "--by", "origin", "--ledger", "official"]),
        ("official-by-stage.csv", &["table", path, "--by", "stage", "--ledger", "official"]),
        ("truth-by-month.csv", &["table", path, "--by", "month"]),
    ];
    for (file, args) in asked {
        let output = fivep(home.path(), args).args(["--format", "csv"]).output().expect("it starts");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        let (now, then) = (cells(&String::from_utf8_lossy(&output.stdout)), cells(&fs::read_to_string(old().join(file)).expect("it is shipped")));
        let keys = if file == "compare.csv" { 3 } else { then[0].iter().position(|name| name.parse::<f64>().is_err()).unwrap_or(0) + 2 };
        let mut compared = 0;
        for row in &then[1..] {
            let own = now.iter().find(|other| other[..keys] == row[..keys] && (file == "compare.csv" || other[keys] == row[keys]));
            let own = own.unwrap_or_else(|| panic!("{file}: {:?} is gone", &row[..=keys]));
            for (place, name) in then[0].iter().enumerate() {
                // What was called the 95th percentile of the pairs is the upper end of the mean's interval no more.
                let name = &if file == "compare.csv" { name.replace("low_5", "pair_5").replace("high_95", "pair_95") } else { name.clone() };
                // How many replicates would do is told by another rule since, and what was left out as too few is told.
                if row[place].is_empty() || ["enough_replicates", "replicates_needed"].contains(&name.as_str()) {
                    continue;
                }
                let Some(at) = now[0].iter().position(|other| other == name) else { continue };
                let near = match (own[at].parse::<f64>(), row[place].parse::<f64>()) {
                    (Ok(a), Ok(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
                    _ => own[at] == row[place] || ["unit", "note", "assumed_levers"].contains(&name.as_str()),
                };
                assert!(near, "{file}: {:?} {name}: {} and not {}", &row[..keys], own[at], row[place]);
                compared += 1;
            }
        }
        assert!(compared > 20, "{file}");
    }
}

/// Everything that a run folder says, or the first file that it cannot say it from.
fn everything(run: &Path) -> Result<Vec<Vec<u64>>, String> {
    let told = |problem: Problem| match problem {
        Problem::Fault(text) | Problem::World(text) => text,
    };
    let record: Record = load(run).map_err(told)?;
    let rows = record.rows();
    let mut all: Vec<Vec<u64>> = vec![];
    for table in rows.layout.tables() {
        for number in 0..rows.pieces() {
            let piece = rows.piece(table, &table.figures(), number).map_err(told)?;
            all.push(table.figures().iter().map(|name| sum(&piece, name).to_bits()).collect());
        }
    }
    Ok(all)
}

fn sum(frame: &polars::prelude::DataFrame, name: &str) -> f64 {
    let column = frame.column(name).expect("it was asked for").f64().expect("figures");
    column.iter().enumerate().map(|(row, value)| value.unwrap_or(f64::NAN) * (row + 1) as f64).sum()
}

#[test]
fn one_bit_anywhere_in_a_run_folder_is_seen() {
    let home = folder();
    let run = finished(home.path(), &run(home.path(), &["--replicates", "2"]));
    everything(&run).expect("it is whole");
    let mut place = 12_345_u64;
    for name in names(&run) {
        let good = fs::read(run.join(&name)).expect("readable");
        for _ in 0..60 {
            // A congruence with a long period: any places would do.
            place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bit = (place >> 20) as usize % (good.len() * 8);
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            fs::write(run.join(&name), &bad).expect("writable");
            let said = everything(&run).expect_err(&format!("bit {bit} of {name} was not seen"));
            assert!(said.contains(&name) && said.contains("help:"), "{said}");
        }
        fs::write(run.join(&name), &good[..good.len() / 2]).expect("writable");
        assert!(everything(&run).expect_err("half of a file").contains(&name));
        fs::remove_file(run.join(&name)).expect("it is there");
        assert!(everything(&run).is_err());
        fs::write(run.join(&name), &good).expect("writable");
    }
    everything(&run).expect("it is whole again");
}

/// Every file of a run folder has its sum beside it, pictures and briefings too: `status` sees one bit of any. What answers is refused then;
/// what was only drawn is not.
#[test]
fn one_bit_of_any_file_of_a_run_is_told() {
    let home = folder();
    let run = finished(home.path(), &run(home.path(), &["--replicates", "2"]));
    let path = run.to_str().expect("a plain path");
    let answer = |args: &[&str]| fivep(home.path(), args).output().expect("it starts");
    let made = [
        &["chart", path, "--only", "tiles"][..],
        &["brief", path, "--format", "html,pdf,docx,pptx"],
        &["compare", path, "--format", "xlsx"],
        &["table", path, "--format", "xlsx"],
    ];
    for args in made {
        let output = answer(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    }
    let status = || {
        let output = answer(&["status", path]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output))
    };
    assert_eq!(status(), (Some(0), "merged: all 2 replicates are in its tables\n".to_owned()));
    let drawn = names(&run.join("charts")).into_iter().map(|name| format!("charts/{name}"));
    let files: Vec<String> = names(&run).into_iter().filter(|name| name != "charts").chain(drawn).collect();
    assert_eq!(files.len(), 6 + 4 + 2 + 1 + 2, "{files:?}");
    for (place, name) in files.iter().enumerate() {
        let good = fs::read(run.join(name)).expect("readable");
        let mut bad = good.clone();
        let bit = place * 7_919 % (good.len() * 8);
        bad[bit / 8] ^= 1 << (bit % 8);
        fs::write(run.join(name), &bad).expect("writable");
        let (code, said) = status();
        let answers = ["manifest.toml", "scenario.toml"].contains(&name.as_str()) || name.ends_with(".parquet");
        assert!(code == Some(i32::from(answers)) && said.contains(name), "{name}: {code:?} {said}");
        assert_eq!(answer(&["compare", path]).status.success(), !answers || name.ends_with(".parquet") && name != "months.parquet", "{name}");
        fs::write(run.join(name), &good).expect("writable");
    }
    let json = answer(&["status", path, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(json["changed"].as_array().is_some_and(Vec::is_empty), "{json}");
}

/// Old folders hold no sums: what is damaged may be misread where a figure changes, but never ends in a panic, and never under the
/// name of another row.
#[test]
fn a_damaged_table_of_an_old_run_is_an_error_and_never_a_panic() {
    let home = folder();
    let run = home.path().join("old");
    copy(&old(), &run);
    let good = everything(&run).expect("it is whole");
    let (mut refused, mut same, mut other) = (0, 0, 0);
    let mut place = 99_u64;
    for table in Table::ALL {
        let path = run.join(table.file());
        let bytes = fs::read(&path).expect("readable");
        for _ in 0..150 {
            place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bit = (place >> 20) as usize % (bytes.len() * 8);
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &bad).expect("writable");
            match everything(&run) {
                Err(said) => {
                    assert!(said.contains(table.file()), "{said}");
                    refused += 1;
                }
                Ok(said) if said == good => same += 1,
                Ok(_) => other += 1,
            }
        }
        fs::write(&path, &bytes).expect("writable");
    }
    println!("{refused} refused, {same} harmless, {other} misread");
    assert!(refused > 100 && other < 60, "{refused} {same} {other}");
}

/// What the others are compared with may be any variant: its differences are the contrary of those to the baseline.
#[test]
fn any_variant_may_stand_in_the_baselines_place() {
    let home = folder();
    let run = finished(home.path(), &run(home.path(), &["--replicates", "6"]));
    let path = run.to_str().expect("a plain path");
    let answer = |args: &[&str]| fivep(home.path(), args).output().expect("it starts");
    let difference = |args: &[&str]| {
        let output = answer(&[&["compare", path, "--format", "csv", "--indicators", "exploited"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let rows = cells(&String::from_utf8_lossy(&output.stdout));
        let at = |name: &str| rows[0].iter().position(|own| own == name).expect("a column");
        (rows[1][0].clone(), rows[1][at("against")].clone(), rows[1][at("difference")].parse::<f64>().expect("a number"))
    };
    let (usual, turned) = (difference(&[]), difference(&["--against", "open-shelters"]));
    assert_eq!((usual.0.as_str(), usual.1.as_str()), ("open-shelters", "baseline"));
    assert_eq!((turned.0.as_str(), turned.1.as_str()), ("baseline", "open-shelters"));
    assert!(usual.2 != 0.0 && (usual.2 + turned.2).abs() < 1e-9, "{usual:?} {turned:?}");
    let text = answer(&["compare", path, "--against", "open-shelters"]);
    let text = String::from_utf8_lossy(&text.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Mean differences to “Open shelters”") && !text.contains("the baseline"), "{text}");
    let unknown = answer(&["compare", path, "--against", "open-shelter"]);
    assert!(unknown.status.code() == Some(2) && stderr(&unknown).contains("did you mean `open-shelters`?"), "{}", stderr(&unknown));
    let drawn = answer(&["chart", path, "--against", "open-shelters", "--only", "ranking", "--format", "svg"]);
    assert_eq!(drawn.status.code(), Some(0), "{}", stderr(&drawn));
    let page = answer(&["brief", path, "--against", "open-shelters", "--format", "html"]);
    assert_eq!(page.status.code(), Some(0), "{}", stderr(&page));
    let page = fs::read_to_string(run.join("briefing.html")).expect("a page");
    assert!(page.contains("“Open shelters”"), "the page says with what the others are compared");
}

/// A scenario may say with which of its variants the others, its baseline among them, are compared.
#[test]
fn a_scenario_names_what_the_others_are_compared_with() {
    let home = folder();
    let file = "format = 2\ntitle = \"A\"\nextends = \"borderland\"\nscale = 40\nfrom = \"2015-10\"\nto = \"2016-06\"\nreplicates = 5\n\
                [compare]\nagainst = \"without\"\nbaseline_title = \"As it happened\"\n\
                [variants.without]\ntitle = \"Closed shelters\"\npolicy.protection.shelter_freedom = 0\n\
                [variants.open]\npolicy.protection.shelter_freedom = 1\n[variants.more]\npolicy.protection.training = 0.9\n";
    fs::write(home.path().join("a.toml"), file).expect("writable");
    let answer = |args: &[&str]| {
        let output = fivep(home.path(), args).output().expect("it starts");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        (String::from_utf8_lossy(&output.stdout).into_owned(), stderr(&output).lines().last().unwrap_or_default().to_owned())
    };
    let pairs = |args: &[&str]| {
        let (csv, _) = answer(&[args, &["--format", "csv", "--indicators", "exploited"]].concat());
        let rows = cells(&csv);
        let at = rows[0].iter().position(|name| name == "against").expect("a column");
        let told = rows[1..].iter().filter(|row| row[2] == "exploited");
        told.map(|row| (row[0].clone(), row[at].clone())).collect::<Vec<_>>()
    };
    let of = |names: &[&str], other: &str| names.iter().map(|name| ((*name).to_owned(), other.to_owned())).collect::<Vec<_>>();
    let (text, run) = answer(&["compare", "a.toml"]);
    assert!(text.contains("\nAs it happened ") && text.contains("differences to “Closed shelters”"), "{text}");
    assert_eq!(pairs(&["compare", &run]), of(&["baseline", "open", "more"], "without"));
    assert_eq!(pairs(&["compare", &run, "--against", "baseline"]), of(&["without", "open", "more"], "baseline"));
    assert_eq!(pairs(&["compare", &run, "--only", "open"]), of(&["baseline", "open"], "without"), "it stays beside those that are named");
    assert_eq!(pairs(&["compare", "a.toml", "--only", "more", "--against", "open"]), of(&["baseline", "without", "more"], "open"));
    answer(&["compare", "a.toml", "--only", "baseline"]);
    let (ways, _) = answer(&["routes", &run, "--format", "csv"]);
    assert!(ways.lines().nth(1).is_some_and(|line| line.starts_with("without,")), "{ways}");
    answer(&["brief", &run, "--format", "html"]);
    let page = fs::read_to_string(home.path().join(&run).join("briefing.html")).expect("a page");
    assert!(page.contains("“Closed shelters”") && page.contains("As it happened"), "the page says with what the others are compared");
    // The order of variants under another structure is that of the record.
    let (text, _) = answer(&["compare", "a.toml", "--switches", "replacement=false"]);
    assert!(text.contains("difference to `without` under that structure"), "{text}");
}

/// The options of a small study, for `plan`.
const STUDY: [&str; 11] = ["borderland", "--only", "open-shelters", "--scale", "20", "--from", "2015-10", "--to", "2016-06", "--replicates", "9"];

fn planned(home: &Path, name: &str) {
    let output = fivep(home, &["plan", "--study", name]).args(STUDY).output().expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_study_in_any_number_of_shards_has_the_bytes_of_one_run() {
    let home = folder();
    let alone = bytes(&finished(home.path(), &run(home.path(), &["--replicates", "9"])));
    let answer = |args: &[&str]| fivep(home.path(), args).output().expect("it starts");
    for shards in [1, 2, 7, 64] {
        let name = format!("study-{shards}");
        planned(home.path(), &name);
        let early = answer(&["merge", &name]);
        assert!(early.status.code() == Some(2) && stderr(&early).contains("9 of 9 replicates are missing: 0-8"), "{}", stderr(&early));
        // The last ones first, some of them twice, and several at once.
        let order = (1..=shards).rev().chain([1]);
        let children: Vec<Child> = order
            .map(|shard| {
                let shard = format!("{shard}/{shards}");
                fivep(home.path(), &["run", &name, "--shard", &shard, "--jobs", "1"]).stderr(Stdio::piped()).spawn().expect("it starts")
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        }
        let status = answer(&["status", &name, "--format", "json"]);
        let status: serde_json::Value = serde_json::from_slice(&status.stdout).expect("JSON");
        assert!(status["done"] == 9 && status["missing"].as_array().is_some_and(Vec::is_empty), "{status}");
        let merged = answer(&["merge", &name]);
        assert_eq!(merged.status.code(), Some(0), "{}", stderr(&merged));
        assert!(bytes(&home.path().join(&name)) == alone, "{shards} shards");
        assert_eq!(answer(&["compare", &name]).status.code(), Some(0));
    }
    planned(home.path(), "whole");
    assert_eq!(answer(&["run", "whole"]).status.code(), Some(0), "one process may do it all");
    assert!(bytes(&home.path().join("whole")) == alone);
    assert_eq!(answer(&["plan", "--study", "whole", "borderland"]).status.code(), Some(2), "nothing is overwritten");
}

#[test]
fn a_shard_says_whether_to_try_it_again() {
    let home = folder();
    planned(home.path(), "study");
    let answer = |args: &[&str]| fivep(home.path(), args).output().expect("it starts");
    for wrong in ["0/2", "3/2", "x", "auto"] {
        assert_eq!(answer(&["run", "study", "--shard", wrong]).status.code(), Some(2), "{wrong}");
    }
    assert_eq!(answer(&["run", "study", "--shard", "1/2", "--seed", "3"]).status.code(), Some(2));
    let task = fivep(home.path(), &["run", "study", "--shard", "auto"])
        .envs([("SLURM_ARRAY_TASK_ID", "5"), ("SLURM_ARRAY_TASK_MIN", "5"), ("SLURM_ARRAY_TASK_COUNT", "9")])
        .output()
        .expect("it starts");
    assert_eq!(task.status.code(), Some(0), "{}", stderr(&task));
    let units = home.path().join("study/units");
    assert_eq!(names(&units).len(), 1);
    // A unit of another plan is never taken for one of this, and a damaged one is computed again.
    let own = names(&units).remove(0);
    fs::copy(units.join(&own), units.join("000007-0123456789abcdef.unit")).expect("a copy");
    let foreign = answer(&["merge", "study"]);
    assert!(foreign.status.code() == Some(2) && stderr(&foreign).contains("000007-0123456789abcdef"), "{}", stderr(&foreign));
    fs::remove_file(units.join("000007-0123456789abcdef.unit")).expect("it is there");
    fs::write(units.join(&own), "torn").expect("writable");
    let again = answer(&["run", "study", "--shard", "1/1"]);
    assert!(again.status.code() == Some(0) && stderr(&again).contains("computed again"), "{}", stderr(&again));
    // A plan that was changed after it was made is refused.
    let scenario = fs::read_to_string(home.path().join("study/scenario.toml")).expect("a plan");
    fs::write(home.path().join("study/scenario.toml"), scenario.replace("seed = ", "seed = 1")).expect("writable");
    assert_eq!(answer(&["run", "study", "--shard", "1/1"]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_full_disk_and_an_interrupt_ask_for_another_try() {
    let home = folder();
    planned(home.path(), "study");
    let program = assert_cmd::cargo::cargo_bin("fivep");
    let script = format!("trap '' XFSZ; ulimit -f 8; exec {} run study --shard 1/1", program.display());
    let full = Command::new("sh").current_dir(home.path()).args(["-c", &script]).output().expect("a shell");
    assert_eq!(full.status.code(), Some(75), "{}", stderr(&full));
    let plan = ["plan", "--study", "long", "thailand-2016", "--scale", "20", "--replicates", "50"];
    assert_eq!(fivep(home.path(), &plan).output().expect("it starts").status.code(), Some(0));
    let child = fivep(home.path(), &["run", "long", "--shard", "1/1"]).stderr(Stdio::piped()).spawn().expect("it starts");
    std::thread::sleep(Duration::from_millis(800));
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(75), "{}", stderr(&output));
}

/// The programs of docs/DATA.md give one answer, where Python and its libraries are installed (`FIVEP_PYTHON` names another Python).
#[test]
fn other_tools_read_the_tables() {
    let python = std::env::var("FIVEP_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let known = Command::new(&python).args(["-c", "import duckdb, pandas, polars, pyarrow"]).output();
    if !known.is_ok_and(|output| output.status.success()) {
        println!("skipped: {python} has not all of duckdb, pandas, polars and pyarrow");
        return;
    }
    let home = folder();
    let args = ["run", "borderland", "--only", "crackdown", "--scale", "60", "--from", "2016-10", "--to", "2017-12", "--replicates", "4"];
    let run = finished(home.path(), &fivep(home.path(), &args).output().expect("it starts"));
    let document = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/DATA.md")).expect("it is there");
    let document = document.replace("\r\n", "\n").replace("RUN/", &format!("{}/", run.to_str().expect("a plain path")));
    let mut answers = vec![];
    for block in document.split("```").skip(1).step_by(2) {
        let program = match block.split_once('\n') {
            Some(("python", text)) => text.to_owned(),
            Some(("sql", text)) => format!("import duckdb; print(duckdb.sql(\"\"\"{text}\"\"\").fetchall()[0][0])"),
            _ => continue,
        };
        let output = Command::new(&python).args(["-c", &program]).output().expect("it starts");
        assert!(output.status.success(), "{program}{}", stderr(&output));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let number = said.split_whitespace().filter_map(|word| word.parse::<f64>().ok()).next_back();
        answers.push(number.unwrap_or_else(|| panic!("no number in {said}")));
    }
    assert!(answers.len() == 3 && answers.iter().all(|answer| (answer - answers[0]).abs() < 1e-6 && *answer != 0.0), "{answers:?}");
}
