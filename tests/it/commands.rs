//! The commands, run as a user runs them: what they print, what they leave on disk, and how they fail.
//!
//! Every test runs the invented country, shrunk, in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

/// A small run: the baseline and one variant, two replicates, nine months.
const SMALL: [&str; 11] = ["borderland", "--only", "open-shelters", "--replicates", "2", "--scale", "10", "--from", "2015-10", "--to", "2016-06"];

fn fivep(folder: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("fivep").expect("the program is built").current_dir(folder).args(args).output().expect("the program starts")
}

/// Figures that were published since: the run goes on to the last of them, series by series with naive forecasts beside it; what is not understood is
/// a fault for each line, and nothing is simulated.
#[test]
fn figures_of_a_file_are_held_against_a_run() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |text: &str| fs::write(folder.path().join("since.csv"), text).expect("the folder can be written");
    let validate =
        |more: &[&str]| fivep(folder.path(), &[&["validate", "--observed", "since.csv", "--scale", "300", "--replicates", "2"], more].concat());
    write("indicator,minus,year,value\ncases,,2018,304\ncases,,2020,131\nsheltered,,2020,\n");
    let output = validate(&[]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(text.contains("2012-01 to 2020-12") && text.contains("Of 2 figures in the file 2 can be held"), "{text}");
    let csv = stdout(&validate(&["--format", "csv"]));
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((rows.len(), rows[2][..4].to_vec()), (3, vec!["cases", "2020", "131.0", "131.0"]), "{csv}");
    // The last figure that the country's file has of cases is of 2019: 288.
    let last: f64 = rows[2][11].parse().expect("a number");
    assert!((last - 288.0).abs() < 1e-6 && rows[2][8].parse::<f64>().expect("a number") > 0.0, "{csv}");
    write("indicator,minus,year,value\ncasse,,2018,304\ncases,,2018/19,304\n");
    let output = validate(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(["casse", "2018/19", "since.csv"].iter().all(|phrase| stderr(&output).contains(phrase)), "{}", stderr(&output));
    assert!(!folder.path().join("output").exists(), "nothing is left behind");
}

fn small(folder: &Path, verb: &str, more: &[&str]) -> Output {
    let args: Vec<&str> = [verb].into_iter().chain(SMALL).chain(more.iter().copied()).collect();
    let output = fivep(folder, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

/// The run folder that the last line on standard error names.
fn run_folder(at: &Path, output: &Output) -> PathBuf {
    at.join(stderr(output).lines().last().expect("a last line"))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn without_a_verb_it_says_how_to_start() {
    let home = folder();
    let output = fivep(home.path(), &[]);
    assert_eq!(output.status.code(), Some(0));
    for word in ["fivep compare", "fivep new", "thailand-2016", "explores what would follow"] {
        assert!(stdout(&output).contains(word), "{word}");
    }
}

#[test]
fn a_run_leaves_a_whole_folder_and_prints_both_ledgers() {
    let home = folder();
    let output = small(home.path(), "run", &[]);
    let text = stdout(&output);
    for word in ["TRUTH LEDGER", "OFFICIAL LEDGER", "COST", "baseline", "open-shelters", "2015 (3 m)"] {
        assert!(text.contains(word), "{word} in\n{text}");
    }
    let run = run_folder(home.path(), &output);
    assert_eq!(names(&run), ["manifest.toml", "months.parquet", "origins.parquet", "scenario.toml", "sectors.parquet", "stages.parquet"]);
    assert!(run.file_name().expect("a name").to_string_lossy().starts_with("0001-"));
    let manifest: toml::Table = fs::read_to_string(run.join("manifest.toml")).expect("a manifest").parse().expect("TOML");
    assert_eq!(manifest["format"].as_integer(), Some(4));
    for key in ["version", "revision", "started", "wall_seconds", "machine", "scenario", "variants"] {
        assert!(manifest.contains_key(key), "{key}");
    }
    assert_eq!(names(&home.path().join("output/borderland")).len(), 1, "nothing half-written is left");
}

#[test]
fn a_second_run_takes_the_next_number_and_the_same_hash() {
    let home = folder();
    let first = run_folder(home.path(), &small(home.path(), "run", &[]));
    let second = run_folder(home.path(), &small(home.path(), "run", &[]));
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    assert_eq!(name(&second), name(&first).replace("0001-", "0002-"));
    let runs = fivep(home.path(), &["runs"]);
    assert!(stdout(&runs).contains("0001-") && stdout(&runs).contains("0002-"), "{}", stdout(&runs));
}

#[test]
fn tables_and_the_resolved_scenario_are_the_same_bytes_for_any_number_of_jobs() {
    let home = folder();
    let runs = ["1", "2", "8"].map(|jobs| run_folder(home.path(), &small(home.path(), "run", &["--jobs", jobs])));
    for file in ["months.parquet", "sectors.parquet", "origins.parquet", "stages.parquet", "scenario.toml"] {
        let bytes = runs.each_ref().map(|run| fs::read(run.join(file)).expect("a file"));
        assert!(bytes[0] == bytes[1] && bytes[1] == bytes[2], "{file}");
    }
}

#[test]
fn the_resolved_scenario_runs_again_to_the_same_tables() {
    let home = folder();
    let first = run_folder(home.path(), &small(home.path(), "run", &[]));
    fs::copy(first.join("scenario.toml"), home.path().join("again.toml")).expect("a copy");
    let output = fivep(home.path(), &["run", "again.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let second = run_folder(home.path(), &output);
    for file in ["months.parquet", "sectors.parquet", "origins.parquet", "stages.parquet"] {
        assert!(fs::read(first.join(file)).expect("a file") == fs::read(second.join(file)).expect("a file"), "{file}");
    }
}

#[test]
fn an_old_run_is_compared_without_running_and_says_the_same() {
    let home = folder();
    let fresh = small(home.path(), "compare", &["--format", "csv"]);
    let run = run_folder(home.path(), &fresh);
    let path = run.to_string_lossy().into_owned();
    let old = fivep(home.path(), &["compare", &path, "--format", "csv"]);
    assert_eq!(old.status.code(), Some(0), "{}", stderr(&old));
    assert_eq!(stdout(&fresh), stdout(&old));
    assert_eq!(stderr(&old).lines().last(), Some(path.as_str()));
    let late = fivep(home.path(), &["compare", &path, "--replicates", "3"]);
    assert_eq!(late.status.code(), Some(2));
    let said = stderr(&late);
    assert!(said.contains("--replicates cannot change a run that is finished") && said.contains("--replicates 3` gives it more"), "{said}");
    let runs = || fs::read_dir(home.path().join("output/borderland")).expect("it is there").count();
    let before = runs();
    let nobody = fivep(home.path(), &["compare", "borderland", "--scale", "60", "--replicates", "2", "--against", "nobody"]);
    assert!(nobody.status.code() == Some(2) && stderr(&nobody).contains("there is no variant `nobody`"), "{}", stderr(&nobody));
    assert_eq!(runs(), before, "nothing is simulated for it");
    let ways = fivep(home.path(), &["routes", "latest"]);
    assert!(ways.status.success() && stdout(&ways).contains("WAYS IN"), "{}", stderr(&ways));
    for (args, phrase) in [
        (&["brief", &path, "--output", "x.doc"][..], "name it x.docx"),
        (&["brief", &path, "--output", "x.htm", "--format", "html"], "name it x.html"),
        (&["brief", &path, "--output", "x.html", "--format", "docx"], "add html to --format"),
    ] {
        let told = fivep(home.path(), args);
        assert!(told.status.code() == Some(2) && stderr(&told).contains(phrase), "{phrase}: {}", stderr(&told));
    }
    assert!(!home.path().join("x.docx").exists() && !home.path().join("x.doc.html").exists());
    let unknown = fivep(home.path(), &["compare", &path, "--only", "open-shelter"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("did you mean `open-shelters`?"), "{}", stderr(&unknown));
}

#[test]
fn csv_has_a_row_per_variant_and_indicator_and_a_mark_where_wished() {
    let home = folder();
    let output = small(home.path(), "compare", &["--format", "csv", "--bom", "--indicators", "exploited,identified"]);
    let text = stdout(&output);
    assert!(text.starts_with("\u{feff}variant,ledger,indicator,"));
    assert_eq!(text.lines().count(), 4, "a heading, two indicators and the cost of averting:\n{text}");
    assert!(stderr(&output).contains("not a forecast"));
}

#[test]
fn json_says_what_its_intervals_are() {
    let home = folder();
    let document: serde_json::Value = serde_json::from_slice(&small(home.path(), "compare", &["--format", "json", "--all"]).stdout).expect("JSON");
    assert_eq!(document["intervals"], "chance only");
    assert_eq!(document["replicates"], 2);
    assert!(document["effects"].as_array().is_some_and(|effects| effects.len() > 100));
}

#[test]
fn every_table_of_a_run_can_be_printed_and_those_that_do_not_exist_are_faults() {
    let home = folder();
    let run = run_folder(home.path(), &small(home.path(), "run", &[]));
    let run = run.to_string_lossy();
    let rows = |ledger: &str, by: &str| {
        let output = fivep(home.path(), &["table", &run, "--ledger", ledger, "--by", by, "--format", "csv"]);
        assert_eq!(output.status.code(), Some(0), "{ledger} by {by}: {}", stderr(&output));
        for format in ["text", "json"] {
            assert_eq!(fivep(home.path(), &["table", &run, "--ledger", ledger, "--by", by, "--format", format]).status.code(), Some(0));
        }
        stdout(&output).lines().count() - 1
    };
    assert_eq!(rows("truth", "month"), 2 * 9);
    assert_eq!(rows("official", "year"), 2 * 2);
    assert_eq!(rows("cost", "year"), 2 * 2);
    assert_eq!(rows("official", "stage"), 2 * 2 * 3);
    assert!(rows("truth", "sector") >= 2 * 2 && rows("official", "sector") >= 2 * 2);
    assert_eq!((rows("truth", "origin"), rows("official", "origin")), (2 * 2 * 3, 2 * 2 * 3), "two origins and citizens");
    for (ledger, by) in [("truth", "stage"), ("cost", "sector"), ("cost", "origin")] {
        assert_eq!(fivep(home.path(), &["table", &run, "--ledger", ledger, "--by", by]).status.code(), Some(2), "{ledger} by {by}");
    }
    // Indicators that the table does not have are named, and never left out in silence.
    for (asked, said) in [(["--ledger", "cost"], "`exploited` is in the truth ledger"), (["--by", "sector"], "columns of their own")] {
        let output = fivep(home.path(), &["table", &run, "--indicators", "exploited,spent", asked[0], asked[1]]);
        assert!(output.status.code() == Some(2) && stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn a_folder_that_is_no_run_is_a_fault_and_a_damaged_one_is_the_worlds() {
    let home = folder();
    let output = fivep(home.path(), &["table", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is no run folder"), "{}", stderr(&output));
    let run = run_folder(home.path(), &small(home.path(), "run", &[]));
    fs::write(run.join("months.parquet"), "not a table").expect("damage");
    let output = fivep(home.path(), &["compare", &run.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("months.parquet"), "{}", stderr(&output));
    fs::write(run.join("manifest.toml"), "format = 99\n").expect("a newer format");
    let output = fivep(home.path(), &["compare", &run.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("reads format 1"), "{}", stderr(&output));
}

#[test]
fn an_output_folder_that_cannot_be_written_is_the_worlds_fault() {
    let home = folder();
    // A file where a folder should be: refused for every user, the superuser too.
    fs::write(home.path().join("taken"), "").expect("a file");
    let args: Vec<&str> = ["run"].into_iter().chain(SMALL).chain(["--output", "taken"]).collect();
    let output = fivep(home.path(), &args);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot write to `taken") && stderr(&output).contains("--output"), "{}", stderr(&output));
    assert_eq!(names(home.path()), ["taken"]);
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_fault() {
    use std::process::{Command as Process, Stdio};

    let home = folder();
    let mut child = Process::new(assert_cmd::cargo::cargo_bin("fivep"))
        .current_dir(home.path())
        .args(["levers", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn what_the_model_has_is_listed_in_every_format() {
    let home = folder();
    for verb in ["levers", "parameters", "switches", "indicators"] {
        for format in ["text", "csv", "json", "markdown"] {
            let output = fivep(home.path(), &[verb, "--format", format]);
            assert_eq!(output.status.code(), Some(0), "{verb} {format}: {}", stderr(&output));
            assert!(stdout(&output).lines().count() > 5, "{verb} {format}");
        }
        let list: serde_json::Value = serde_json::from_slice(&fivep(home.path(), &[verb, "--format", "json"]).stdout).expect("JSON");
        assert!(list.as_array().is_some_and(|list| list.iter().all(|entry| entry["text"].is_string())), "{verb}");
    }
    for text in ["budget.total", "shelter_freedom", "lawsuit_protection"] {
        assert!(stdout(&fivep(home.path(), &["levers"])).contains(text), "{text}");
    }
}

#[test]
fn the_small_verbs_do_what_they_say() {
    let home = folder();
    for args in
        [&["schema"][..], &["completions", "bash"], &["completions", "zsh"], &["man"], &["man", "compare"], &["--help"], &["compare", "--help"]]
    {
        let output = fivep(home.path(), args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
    assert!(stdout(&fivep(home.path(), &["--version"])).starts_with("fivep 0."));
    for args in [
        &["nonsense"][..],
        &["eject", "nowhere"],
        &["diff", "borderland", "borderland:crackdwn"],
        &["man", "compar"],
        &["run", "--replicates", "0"],
        &["compare", "--indicators", "exploitd"],
    ] {
        let output = fivep(home.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn a_new_scenario_is_without_fault_and_is_never_overwritten() {
    let home = folder();
    assert_eq!(fivep(home.path(), &["new", "my-question"]).status.code(), Some(0));
    let check = fivep(home.path(), &["check", "my-question.toml", "borderland"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    assert!(stdout(&check).contains("my-question.toml: good"), "{}", stdout(&check));
    fs::write(home.path().join("my-question.toml"), "mine").expect("an edit");
    assert_eq!(fivep(home.path(), &["new", "my-question"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(home.path().join("my-question.toml")).expect("the file"), "mine");
    assert_eq!(fivep(home.path(), &["check", "my-question.toml", "borderland"]).status.code(), Some(2));
}

#[test]
fn a_new_scenario_begins_with_another_ones_baseline() {
    let home = folder();
    let new = fivep(home.path(), &["new", "my question", "--from", "borderland"]);
    assert_eq!(new.status.code(), Some(0), "{}", stderr(&new));
    assert!(stdout(&new).contains("fivep check \"my question.toml\""), "what can be copied to a shell: {}", stdout(&new));
    let text = fs::read_to_string(home.path().join("my question.toml")).expect("it was written");
    assert!(text.contains("extends = \"borderland\"") && text.contains("scale = 10\n"), "{text}");
    // The ending may be left out, and a file can be built on as well.
    assert_eq!(fivep(home.path(), &["new", "deeper", "--from", "my question"]).status.code(), Some(0));
    let check = fivep(home.path(), &["check", "my question", "deeper"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    assert!(stderr(&fivep(home.path(), &["new", "thailand"])).contains("also the name of a shipped country"));
    let none = fivep(home.path(), &["new", "other", "--from", "borderlnd"]);
    assert!(none.status.code() == Some(2) && stderr(&none).contains("did you mean `borderland`?") && !home.path().join("other.toml").exists());
}

#[test]
fn what_is_shipped_can_be_written_out_with_its_comments() {
    let home = folder();
    let output = fivep(home.path(), &["eject", "thailand-gaps"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let same = |a: PathBuf, b: PathBuf| assert_eq!(fs::read(a).expect("it is shipped"), fs::read(b).expect("it was written"));
    same(shipped.join("thailand-gaps.toml"), home.path().join("thailand-gaps.toml"));
    assert_eq!(fivep(home.path(), &["check", "thailand-gaps.toml"]).status.code(), Some(0));
    assert_eq!(fivep(home.path(), &["eject", "thailand-gaps"]).status.code(), Some(2), "nothing is overwritten");
    assert_eq!(fivep(home.path(), &["eject", "borderland", "--country", "--output", "mine"]).status.code(), Some(0));
    for file in ["profile.toml", "parameters.toml", "targets.toml", "observed.csv"] {
        same(shipped.join("borderland").join(file), home.path().join("mine/borderland").join(file));
    }
    // Beside its own country, posterior and all, a scenario goes on as before.
    for what in ["thailand", "thailand-2016"] {
        assert_eq!(fivep(home.path(), &["eject", what]).status.code(), Some(0));
    }
    same(shipped.join("thailand/posterior.csv"), home.path().join("thailand/posterior.csv"));
    let own = fivep(home.path(), &["check", "thailand-2016.toml"]);
    assert_eq!(own.status.code(), Some(0), "{}", stderr(&own));
    let unknown = fivep(home.path(), &["eject", "thialand"]);
    assert!(unknown.status.code() == Some(2) && stderr(&unknown).contains("did you mean `thailand`?"), "{}", stderr(&unknown));
}

#[test]
fn an_old_file_is_refused_and_upgraded_in_place() {
    let home = folder();
    let text = "format = 1 # old\ntitle = \"T\"\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2016-12\"\nscale = 20\nreplicates = 2\nseed = 7\n\
        policy.protection.training = 0.6\n[variants.a]\npolicy.protection.training = { 2016-07 = 0.8 } # why\n";
    fs::write(home.path().join("old.toml"), text).expect("the folder can be written");
    let refused = fivep(home.path(), &["check", "old.toml"]);
    assert_eq!(refused.status.code(), Some(2));
    for phrase in ["format 1 is not read any more", "fivep check --upgrade old.toml", "line 11:", "in 2013-01 it meant 0.1, and would mean 0.6"] {
        assert!(stderr(&refused).contains(phrase), "{phrase} in\n{}", stderr(&refused));
    }
    let upgraded = fivep(home.path(), &["check", "--upgrade", "old.toml"]);
    assert_eq!(upgraded.status.code(), Some(0), "{}", stderr(&upgraded));
    let new = fs::read_to_string(home.path().join("old.toml")).expect("it is there");
    assert_eq!(new, text.replace("format = 1", "format = 2").replace("{ 2016-07", "{ start = \"default\", 2016-07"));
    assert!(stdout(&fivep(home.path(), &["check", "--upgrade", "old.toml"])).contains("of the present format already"));
    let check = fivep(home.path(), &["check", "old.toml"]);
    assert_eq!(check.status.code(), Some(0));
    assert!(stderr(&check).contains("warning: `a` differs from the baseline from 2013-01 on, in `training`"), "{}", stderr(&check));
    // What training costs beyond its line is warned of as well.
    assert!(stderr(&check).contains("asked of it") && stderr(&check).contains("line training"), "{}", stderr(&check));
    assert!(stdout(&check).contains("good") && stdout(&check).contains("but see the"), "{}", stdout(&check));
}

#[test]
fn warnings_go_to_standard_error_and_refuse_nothing() {
    let home = folder();
    let args = ["compare", "borderland", "--scale", "20", "--replicates", "2", "--only", "crackdown , more-courts", "--to", "2015-06"];
    let output = fivep(home.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for phrase in ["warning: `crackdown` never starts: its first step is 2016-01", "warning: `more-courts` never starts"] {
        assert!(stderr(&output).contains(phrase), "{phrase} in\n{}", stderr(&output));
    }
    assert!(run_folder(home.path(), &output).join("manifest.toml").is_file(), "the run folder is still the last line");
}

#[test]
fn a_month_is_the_same_from_whatever_month_on_it_is_reported() {
    let home = folder();
    let december = |from: &str| {
        let run =
            fivep(home.path(), &["run", "borderland", "--only", "baseline", "--replicates", "2", "--scale", "20", "--from", from, "--to", "2016-12"]);
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
        let table = fivep(home.path(), &["table", "latest", "--by", "month", "--indicators", "exploited", "--format", "csv"]);
        stdout(&table).lines().last().expect("a last month").to_owned()
    };
    let all = ["2014-01", "2015-01", "2016-01", "2016-12"].map(december);
    assert!(all[0].contains("2016-12") && all.iter().all(|line| *line == all[0]), "{all:?}");
    let early = fivep(home.path(), &["run", "borderland", "--from", "2012-01"]);
    assert!(early.status.code() == Some(2) && stderr(&early).contains("--from: 2012-01 lies before the first month"), "{}", stderr(&early));
}

#[test]
fn a_run_is_named_as_people_name_it_and_compared_over_any_window() {
    let home = folder();
    let none = fivep(home.path(), &["table", "latest"]);
    assert!(none.status.code() == Some(2) && stderr(&none).contains("there are no run folders in `output` yet"), "{}", stderr(&none));
    let run = run_folder(home.path(), &small(home.path(), "run", &[]));
    let name = run.file_name().expect("a name").to_string_lossy().into_owned();
    let whole = stdout(&fivep(home.path(), &["table", &run.to_string_lossy(), "--format", "csv"]));
    let inside = run.join("manifest.toml").to_string_lossy().into_owned();
    for reference in
        ["latest", "borderland", "output/borderland", "output/borderland/", "0001", "output/borderland/0001", "borderland/0001", &name, &inside]
    {
        let table = fivep(home.path(), &["table", reference, "--format", "csv"]);
        assert_eq!((table.status.code(), stdout(&table)), (Some(0), whole.clone()), "{reference}: {}", stderr(&table));
    }
    for reference in ["latest", "output/borderland", "0001", &inside] {
        assert_eq!(fivep(home.path(), &["compare", reference]).status.code(), Some(0), "{reference}");
    }
    let window = fivep(home.path(), &["compare", "latest", "--from", "2016-03", "--to", "2016-04", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&window.stdout).expect("JSON");
    assert_eq!((&document["compared_from"], &document["compared_to"]), (&"2016-03".into(), &"2016-04".into()));
    let outside = fivep(home.path(), &["compare", "latest", "--from", "2014-03"]);
    assert!(outside.status.code() == Some(2) && stderr(&outside).contains("which reports 2015-10 to 2016-06"), "{}", stderr(&outside));
    small(home.path(), "run", &["--seed", "8"]);
    for verb in ["table", "compare"] {
        let several = fivep(home.path(), &[verb, "output/borderland/000"]);
        assert!(several.status.code() == Some(2) && stderr(&several).contains("fits 2 run folders"), "{}", stderr(&several));
    }
    assert_ne!(stdout(&fivep(home.path(), &["table", "latest", "--format", "csv"])), whole);
}

#[test]
fn two_scenarios_or_runs_stand_side_by_side() {
    let home = folder();
    let diff = |a: &str, b: &str, format: &str| {
        let output = fivep(home.path(), &["diff", a, b, "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    let csv = diff("borderland", "borderland:crackdown", "csv");
    assert!(csv.lines().any(|line| line == "baseline | crackdown,policy.prevention.immigration_crackdown,2016-01,0,2"), "{csv}");
    let text = diff("thailand-2016", "thailand-gaps", "text");
    for phrase in ["policy.national.budget.total", "2019-10", "4020000000", "no-package", "2014-01"] {
        assert!(text.contains(phrase), "{phrase} in\n{text}");
    }
    small(home.path(), "run", &["--seed", "8"]);
    // A run spells out what its country says, which is no difference.
    let run = diff("latest", "borderland", "text");
    assert!(run.contains("seed") && !run.contains("parameters."), "{run}");
    assert!(diff("borderland", "borderland", "text").contains("say the same"));
    // Countries of one name whose files say something else.
    for what in [&["eject", "borderland"][..], &["eject", "borderland", "--country"]] {
        assert_eq!(fivep(home.path(), what).status.code(), Some(0));
    }
    assert!(diff("borderland.toml", "borderland", "text").contains("say the same"));
    let profile = home.path().join("borderland/profile.toml");
    let text = fs::read_to_string(&profile).expect("it was ejected");
    fs::write(&profile, text.replacen("added = 0.3", "added = 0.4", 1)).expect("it can be written");
    let csv = diff("borderland.toml", "borderland", "csv");
    assert!(csv.lines().any(|line| line == ",profile.toml: shocks.buyers-2016.added,,0.4,0.3"), "{csv}");
}

/// A country of one's own: Borderland's files in a folder beside a scenario that names it.
fn own_country(home: &Path, posterior: Option<&str>) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    fs::create_dir(home.join("land")).expect("a folder");
    for file in ["profile.toml", "parameters.toml", "targets.toml"] {
        fs::copy(shipped.join("borderland").join(file), home.join("land").join(file)).expect("the country is shipped");
    }
    let scenario = fs::read_to_string(shipped.join("borderland.toml")).expect("the scenario is shipped");
    fs::write(home.join("mine.toml"), scenario.replace("country = \"borderland\"", "country = \"land\"")).expect("the folder can be written");
    if let Some(text) = posterior {
        fs::write(home.join("land/posterior.csv"), text).expect("the folder can be written");
    }
}

const SHORT: [&str; 8] = ["--scale", "10", "--from", "2015-10", "--to", "2016-06", "--only", "crackdown"];

#[test]
fn a_country_with_a_posterior_is_compared_under_uncertain_inputs() {
    let home = folder();
    own_country(home.path(), Some("# made by hand\nweight,work.abuse_onset,placement.labour_at_arrival\n1,0.005,0.05\n1,0.035,0.38\n"));
    let with = |more: &[&str]| {
        let args: Vec<&str> =
            ["compare", "mine.toml", "--replicates", "6", "--indicators", "exploited"].into_iter().chain(SHORT).chain(more.iter().copied()).collect();
        let output = fivep(home.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        output
    };
    let output = with(&[]);
    let text = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    for phrase in [
        "chance and uncertain inputs",
        "comes from uncertain inputs and the rest from chance",
        "This rests on assumptions, not measurements, for immigration_crackdown",
    ] {
        assert!(text.contains(phrase), "{phrase} in\n{text}");
    }
    let again = fivep(
        home.path(),
        &["compare", run_folder(home.path(), &output).to_str().expect("a plain path"), "--format", "csv", "--indicators", "exploited"],
    );
    assert!(stdout(&again).contains("chance and uncertain inputs"), "the run folder remembers: {}", stdout(&again));
    assert!(!stdout(&with(&["--parameters", "best"])).contains("uncertain inputs"));
    assert!(stdout(&with(&["--parameters", "prior"])).contains("(prior)"));
}

#[test]
fn a_posterior_that_is_not_there_or_wrong_is_a_fault() {
    let home = folder();
    let output = fivep(home.path(), &["run", "borderland", "--parameters", "posterior", "--replicates", "1"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("has no posterior") && stderr(&output).contains("fivep calibrate"), "{}", stderr(&output));
    own_country(home.path(), Some("weight,work.hh\n1,0.01\n1\n"));
    let output = fivep(home.path(), &["run", "mine.toml", "--replicates", "1"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("unknown parameter `work.hh`") && stderr(&output).contains("posterior.csv:3:"), "{}", stderr(&output));
}

#[test]
fn validation_tells_every_target_and_writes_only_between_its_marks() {
    let home = folder();
    fs::write(home.path().join("doc.md"), "before\n<!-- fivep validate -->\nold\n<!-- end -->\nafter\n").expect("the folder can be written");
    let common = ["validate", "borderland", "--scale", "20", "--replicates", "2"];
    let with = |more: &[&str]| fivep(home.path(), &common.iter().chain(more).copied().collect::<Vec<_>>());
    let output = with(&["--update", "doc.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("A crackdown lowers identification") && text.contains("Of class C") && text.contains("no posterior"), "{text}");
    let document = fs::read_to_string(home.path().join("doc.md")).expect("it is there");
    assert!(document.starts_with("before\n") && document.ends_with("\nafter\n") && !document.contains("old"), "{document}");
    let print = stdout(&with(&["--fingerprint"]));
    assert!(document.contains(&format!("Fingerprint {}", print.trim())), "{print}{document}");
    fs::write(home.path().join("bare.md"), "no marks\n").expect("the folder can be written");
    let output = with(&["--update", "bare.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("holds no section"), "{}", stderr(&output));
}

#[test]
fn a_country_without_ranges_cannot_be_calibrated_and_a_small_one_is_not_made_coarser_than_it_bears() {
    let home = folder();
    own_country(home.path(), None);
    let path = home.path().join("land/parameters.toml");
    let text = fs::read_to_string(&path).expect("it was copied");
    let fixed: Vec<String> = text
        .lines()
        .map(|line| {
            let value = |line: &str| line.split("{ value = ").nth(1).and_then(|rest| rest.split(',').next()).map(str::to_owned);
            let (Some(value), Some((before, rest))) = (value(line), line.split_once("low = ")) else { return line.to_owned() };
            let after = rest.split_once("unit = ").map_or("", |(_, after)| after);
            format!("{before}low = {value}, high = {value}, unit = {after}")
        })
        .collect();
    fs::write(&path, fixed.join("\n")).expect("the folder can be written");
    let scenario = fs::read_to_string(home.path().join("mine.toml")).expect("it was written");
    fs::write(home.path().join("mine.toml"), scenario.replace("scale = 1\n", "scale = 20\n")).expect("the folder can be written");
    let output = fivep(home.path(), &["calibrate", "mine.toml", "--quick"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no parameter of `land` has a range"), "{}", stderr(&output));
    assert!(!home.path().join("output").exists(), "it is told before any run");
}

#[test]
fn a_country_without_targets_cannot_be_calibrated() {
    let home = folder();
    own_country(home.path(), None);
    fs::remove_file(home.path().join("land/targets.toml")).expect("it was copied");
    for verb in ["calibrate", "validate"] {
        let output = fivep(home.path(), &[verb, "mine.toml"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("has no targets.toml"), "{}", stderr(&output));
    }
    let targets = "format = 1\n[a]\ntitle = \"A\"\npattern = \"P5\"\nuse = \"V\"\nindicator = \"identified\"\nfrom = \"2015-01\"\nto = \"2015-12\"\nvalues = [3]\nerror = 0.1\nsources = [\"x\"]\n";
    fs::write(home.path().join("land/targets.toml"), targets).expect("the folder can be written");
    let output = fivep(home.path(), &["calibrate", "mine.toml"]);
    assert_eq!(output.status.code(), Some(2), "what validates only is never fitted");
    assert!(stderr(&output).contains("use = \"C\""), "{}", stderr(&output));
}

#[test]
fn a_scorecard_stands_beside_the_truth_ledger() {
    let home = folder();
    let run = fivep(
        home.path(),
        &["run", "borderland", "--only", "crackdown", "--replicates", "2", "--scale", "20", "--from", "2015-01", "--to", "2016-12"],
    );
    let output = fivep(home.path(), &["scorecard", run_folder(home.path(), &run).to_str().expect("a plain path"), "--explain"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for phrase in ["people exploited", "Watch List", "monitors-itself", "no forecast of a ranking"] {
        assert!(stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ").contains(phrase), "{phrase} in\n{}", stdout(&output));
    }
}

#[test]
fn the_ranking_is_held_against_other_structures() {
    let home = folder();
    let output = small(home.path(), "compare", &["--switches", "replacement=false"]);
    assert!(stdout(&output).contains("DOES THE RANKING SURVIVE?") && stdout(&output).contains("replacement = false"), "{}", stdout(&output));
    let output = fivep(home.path(), &["compare", "borderland", "--switches", "weather=false"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no structural alternative"), "{}", stderr(&output));
}

/// A country of one's own runs at once, says that it is invented, and takes no place that is taken.
#[test]
fn a_new_country_runs_and_says_what_is_invented() {
    let home = folder();
    let made = fivep(home.path(), &["new", "country", "Fjordland"]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let checked = fivep(home.path(), &["check", "Fjordland-question.toml"]);
    let said = stdout(&checked) + &stderr(&checked);
    assert!(checked.status.code() == Some(0) && said.contains("invented country"), "{said}");
    let compared = fivep(home.path(), &["compare", "Fjordland-question.toml", "--replicates", "2", "--scale", "60"]);
    assert_eq!(compared.status.code(), Some(0), "{}", stderr(&compared));
    let levers = fivep(home.path(), &["levers", "--effects", "Fjordland-question.toml", "--only", "labour_inspections", "--replicates", "2"]);
    assert_eq!(levers.status.code(), Some(0), "as coarse as the country allows: {}", stderr(&levers));
    let profile = std::fs::read_to_string(home.path().join("Fjordland/profile.toml")).expect("it was written");
    assert!(profile.contains("title = \"Fjordland\"") && profile.starts_with("#:schema ./profile.schema.json\n# Begun from an invented country"));
    for name in ["profile", "parameters", "targets"] {
        let schema = stdout(&fivep(home.path(), &["schema", name]));
        let written = fs::read_to_string(home.path().join(format!("Fjordland/{name}.schema.json"))).expect("it was written");
        assert!(written == schema && schema.contains("json-schema.org"), "{name}");
    }
    for again in [
        &["new", "country", "Fjordland"][..],
        &["new", "country"],
        &["new", "one", "two"],
        &["new", "country", "a\tb"],
        &["new", "country", "Fjordland "],
    ] {
        let output = fivep(home.path(), again);
        assert_eq!(output.status.code(), Some(2), "{again:?}: {}", stderr(&output));
    }
}
