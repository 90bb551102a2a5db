//! `fivep chart`, run as a user runs it: what it writes, in which language, and how it fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use fivep::charts::words::Words;

fn fivep(folder: &Path, args: &[&str]) -> Output {
    Command::cargo_bin("fivep").expect("the program is built").current_dir(folder).args(args).output().expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A small run of the invented country in `home`: its folder.
fn run(home: &Path) -> PathBuf {
    let args =
        ["run", "borderland", "--only", "open-shelters,crackdown", "--replicates", "3", "--scale", "4", "--from", "2015-10", "--to", "2016-12"];
    let output = fivep(home, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    home.join(stderr(&output).lines().last().expect("the run folder"))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn every_figure_is_drawn_from_the_run_folder_alone() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let run = run(home.path());
    let before = names(&run);
    let output = fivep(home.path(), &["chart", run.to_str().expect("a plain path"), "--format", "svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let drawn = names(&run.join("charts"));
    assert!(drawn.len() >= 12, "{drawn:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), drawn.len());
    for name in &drawn {
        let svg = fs::read_to_string(run.join("charts").join(name)).expect("a picture");
        assert!(svg.starts_with("<svg") && svg.contains("<title") && svg.contains("<desc") && !svg.contains("<text"), "{name}");
    }
    assert_eq!(
        names(&run).into_iter().filter(|name| name != "charts" && name != "written.toml").collect::<Vec<_>>(),
        before,
        "nothing else is touched"
    );
    let again = ["chart", run.to_str().expect("a plain path"), "--only", "fans", "--output", "elsewhere"];
    assert_eq!(fivep(home.path(), &again).status.code(), Some(0));
    assert_eq!(names(&home.path().join("elsewhere")), ["fans.png", "fans.svg"]);
    let read = |path: PathBuf| fs::read(path).expect("a picture");
    assert!(read(home.path().join("elsewhere/fans.svg")) == read(run.join("charts/fans.svg")), "the same bytes each time");
    assert!(read(home.path().join("elsewhere/fans.png")).starts_with(b"\x89PNG"));
}

#[test]
fn the_language_is_thai_or_a_table_of_ones_own() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let run = run(home.path());
    let run = run.to_str().expect("a plain path");
    let draw = |language: &str| fivep(home.path(), &["chart", run, "--only", "tiles", "--format", "svg", "--language", language, "--output", "out"]);
    let title = || {
        let svg = fs::read_to_string(home.path().join("out/tiles.svg")).expect("a picture");
        svg.split_once("</desc>").map(|(head, _)| head.to_owned()).unwrap_or_default()
    };
    assert_eq!(draw("th").status.code(), Some(0));
    assert!(title().contains("lang=\"th\"") && title().contains("ผลต่างเฉลี่ย") && title().contains("2559"), "{}", title());
    let english = include_str!("../../assets/words/en.toml");
    fs::write(home.path().join("own.toml"), english.replace("language = \"en\"", "language = \"xx\"").replace("with their 95", "with the 95"))
        .expect("a file");
    assert_eq!(draw("own.toml").status.code(), Some(0));
    assert!(title().contains("lang=\"xx\"") && title().contains("with the 95"), "{}", title());
    fs::write(home.path().join("own.toml"), english.replace("baseline = \"Baseline\"", "basis = \"{x}\"")).expect("a file");
    let output = draw("own.toml");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("`baseline` is missing") && stderr(&output).contains("`basis` is unknown"), "{}", stderr(&output));
}

#[test]
fn what_cannot_be_drawn_is_said_with_what_to_do() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let run = run(home.path());
    let run = run.to_str().expect("a plain path");
    let cases: [(&[&str], i32, &str); 6] = [
        (&["chart", run, "--only", "rankin"], 2, "did you mean `ranking`?"),
        (&["chart", run, "--variant", "crackdwn"], 2, "did you mean `crackdown`?"),
        (&["chart", run, "--language", "xx"], 2, "use en or th"),
        (&["chart", "nowhere"], 2, "is no run folder"),
        (&["chart", run, "--format", "gif"], 2, "possible values: svg, png"),
        (&["chart", run, "--only", "tiles", "--output", "file/below"], 1, "cannot write"),
    ];
    fs::write(home.path().join("file"), "").expect("a file");
    for (args, code, phrase) in cases {
        let output = fivep(home.path(), args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(phrase), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn every_key_of_the_words_is_used_and_every_key_used_is_there() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/charts");
    let sources = names(&folder).into_iter().filter(|name| name != "tests.rs");
    let source = |name: String| fs::read_to_string(folder.join(name)).expect("a source");
    // Unit tests stand at the foot of their file; what they name is their own affair.
    let code: String = sources.map(|name| source(name).split("#[cfg(test)]").next().unwrap_or_default().to_owned()).collect();
    let words = Words::embedded("en").expect("it is embedded");
    // Keys put together from parts begin like this.
    let parts = ["finding.", "lever.", "sector.", "p.", "status.", "tiles.", "pipeline.", "replicates."];
    let written = |key: &str| code.contains(&format!("\"{key}\"")) || parts.iter().any(|part| key.starts_with(part));
    let unused: Vec<&str> = words.keys().into_iter().filter(|key| !written(key)).collect();
    assert!(unused.is_empty(), "unused words: {unused:?}");
    let used = ["word(\"", "say(\""].into_iter().flat_map(|call| code.split(call).skip(1)).filter_map(|rest| rest.split('"').next());
    let used: Vec<&str> = used.filter(|key| !key.is_empty() && !key.contains('{')).collect();
    assert!(used.len() > 50, "{used:?}");
    let missing: Vec<&&str> = used.iter().filter(|key| words.find(key).is_none()).collect();
    assert!(missing.is_empty(), "words that are not in the table: {missing:?}");
}

/// A country of one's own lies beside its scenario; its run folder is whole without it.
#[test]
fn a_run_keeps_the_country_that_it_was_made_of() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let home = home.path();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let land = home.join("lands/my land");
    fs::create_dir_all(&land).expect("a folder");
    for file in ["profile.toml", "parameters.toml"] {
        fs::copy(shipped.join("borderland").join(file), land.join(file)).expect("the country is shipped");
    }
    fs::write(land.join("observed.csv"), "indicator,year,value\nidentified,2016,41\n").expect("a file");
    let scenario = fs::read_to_string(shipped.join("borderland.toml")).expect("the scenario is shipped");
    fs::write(home.join("mine.toml"), scenario.replace("country = \"borderland\"", "country = \"lands/my land\"")).expect("a file");
    let small = ["--only", "open-shelters", "--replicates", "2", "--scale", "10", "--from", "2015-10", "--to", "2016-06"];
    let run = |scenario: &str, args: &[&str]| {
        let output = fivep(home, &[&["run", scenario], args].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stderr(&output).lines().last().expect("the run folder").to_owned()
    };
    let first = run("mine.toml", &small);
    fs::remove_dir_all(home.join("lands")).expect("it can be removed");
    let output = fivep(home, &["chart", &first, "--only", "timeline", "--format", "svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(home.join(&first).join("charts/timeline.svg").is_file() && !stderr(&output).contains("cannot be read"), "{}", stderr(&output));
    let output = fivep(home, &["brief", &first]);
    assert!(output.status.success() && !stderr(&output).contains("cannot be read"), "{}", stderr(&output));
    let page = fs::read_to_string(home.join(&first).join("briefing.html")).expect("a page");
    assert!(page.contains("figure-timeline") && page.contains("<table class=\"grades\">"), "the levers and the assumptions are told");
    let kept = home.join(&first).join("scenario.toml");
    let kept = kept.to_str().expect("a plain path");
    let loaded = fivep::scenario::load(kept, &fivep::scenario::Overrides::default()).unwrap_or_else(|problem| panic!("{problem:?}"));
    let published = fivep::scenario::published(&loaded);
    assert_eq!(published.iter().map(|figure| (figure.year, figure.value)).collect::<Vec<_>>(), [(2016, 41.0)]);
    // It can be run again as it stands, and is the same run.
    let again = run(kept, &[]);
    let hash = |folder: &str| folder.rsplit_once('-').map(|(_, hash)| hash.to_owned());
    assert_eq!(hash(&again), hash(&first), "{again} and {first}");
    assert!(
        fs::read(home.join(&again).join("months.parquet")).expect("a table") == fs::read(home.join(&first).join("months.parquet")).expect("a table")
    );
}
