//! Commands that say what an answer rests on: levers one by one, scales, ways in and out, money that a plan lacks and what money bought.
//!
//! Every test runs the invented country, shrunk, in a folder of its own.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn fivep(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::cargo_bin("fivep").expect("the program is built").current_dir(folder).args(args).output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn told(folder: &Path, args: &[&str]) -> String {
    let (code, out, err) = fivep(folder, args);
    assert_eq!(code, Some(0), "{args:?}: {err}");
    // Warnings of `check` go to the error stream, as everywhere.
    if args[0] == "check" { out + &err } else { out }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

/// `text` as one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn levers_are_tried_alone_and_the_table_goes_into_a_document() {
    let home = folder();
    fs::write(home.path().join("LEVERS.md"), "# Levers\n\n<!-- fivep levers -->\n<!-- end -->\n").expect("it is written");
    let args = [
        "levers",
        "--effects",
        "borderland",
        "--scale",
        "50",
        "--replicates",
        "3",
        "--at",
        "2016-01",
        "--only",
        "immigration_crackdown,budget.total,beds",
    ];
    let csv = told(home.path(), &[&args[..], &["--format", "csv", "--update", "LEVERS.md"]].concat());
    let head = csv.lines().next().expect("a head");
    let column = |name: &str| head.split(',').position(|own| own == name).unwrap_or_else(|| panic!("{name} in {head}"));
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let of = |lever: &str, indicator: &str| {
        let found = rows.iter().find(|row| row[column("lever")].ends_with(lever) && row[column("indicator")] == indicator);
        found.unwrap_or_else(|| panic!("{lever}, {indicator}:\n{csv}"))[column("mean")].parse::<f64>().expect("a number")
    };
    assert!(of("immigration_crackdown", "removed_unassisted") > 0.0, "a crackdown removes people without help");
    assert!(of("budget.total", "spent") < 0.0, "half of the money is spent");
    // The crackdown stands at its lower end anyhow, so that one trial of it is left: five trials of six rows.
    assert_eq!(rows.len(), 5 * 6, "{csv}");
    let document = fs::read_to_string(home.path().join("LEVERS.md")).expect("it is there");
    assert!(document.contains("| `policy.protection.beds` | 20 |") && document.trim_end().ends_with("<!-- end -->"), "{document}");
    let (code, _, err) = fivep(home.path(), &["levers", "--effects", "borderland", "--only", "bedz"]);
    assert!(code == Some(2) && err.contains("did you mean `beds`?"), "{err}");
}

/// Ten times the inspections without their money is a plan; with it, there are inspectors.
#[test]
fn the_same_lever_does_more_with_its_money() {
    let home = folder();
    let args = ["levers", "--effects", "borderland", "--scale", "50", "--replicates", "2", "--only", "labour_inspections", "--format", "json"];
    let visits = |more: &[&str]| {
        let told: serde_json::Value = serde_json::from_str(&told(home.path(), &[&args[..], more].concat())).expect("JSON");
        let rows = told.as_array().expect("a list").clone();
        let own = rows.iter().find(|row| row["value"] == "20" && row["answers_first"] == true).expect("the far end");
        (own["mean"].as_f64().expect("a number"), own["paid"].as_f64().expect("a share"))
    };
    let (alone, paid) = (visits(&[]), visits(&["--paid"]));
    assert!(paid.0 > 2.0 * alone.0 && alone.1 < 0.5 && paid.1 > 0.99, "{alone:?} {paid:?}");
}

#[test]
fn scales_are_held_against_the_finest() {
    let home = folder();
    let args = ["scale", "borderland", "--scales", "60,20", "--replicates", "3", "--to", "2016-12", "--at", "2016-01", "--levers", "2"];
    let text = flat(&told(home.path(), &args));
    for word in ["identified", "z 60", "ratio 60", "immigration_crackdown = 4: exploited", "lie more than four standard errors from the finest"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    let (code, _, err) = fivep(home.path(), &["scale", "borderland", "--scales", "20,60", "--replicates", "3,4,5"]);
    assert!(code == Some(2) && err.contains("3 numbers of replicates for 2 scales"), "{err}");
}

#[test]
fn ways_in_and_out_are_told_of_a_run() {
    let home = folder();
    let small = ["--only", "crackdown", "--replicates", "5", "--scale", "30", "--to", "2016-12"];
    let text = flat(&told(home.path(), &[&["routes", "borderland"][..], &small].concat()));
    assert!(text.contains("WAYS IN") && text.contains("crackdown: ") && text.contains("person-months a year"), "{text}");
    let run = fs::read_dir(home.path().join("output/borderland")).expect("a run").next().expect("one").expect("readable").path();
    let csv = told(home.path(), &["routes", run.to_str().expect("plain"), "--format", "csv"]);
    assert_eq!(csv.lines().count(), 1 + 2 * 11, "{csv}");
    assert!(csv.contains("crackdown,out,deported,"), "{csv}");
}

const PLAN: &str = "format = 2\ntitle = \"Money\"\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2017-12\"\nscale = 30\nreplicates = 3\nseed = 7\n\
[variants.beds]\npolicy.protection.beds = { start = 1.0, 2016-01 = 8.0 }\n\
[variants.money]\npolicy.national.\"budget.total\" = { 2016-01 = \"+50%\" }\n";

#[test]
fn a_plan_without_its_money_is_told_before_it_is_run() {
    let home = folder();
    fs::write(home.path().join("plan.toml"), PLAN).expect("it is written");
    let said = flat(&told(home.path(), &["check", "plan.toml"]));
    let warning = "warning: variant beds: the budget line shelters can pay ";
    assert!(said.contains(warning) && said.contains("asked of it from 2016-01 on (cut first: beds"), "{said}");
    assert!(!said.contains("variant money: the budget line"), "more money asks for nothing: {said}");
}

#[test]
fn a_comparison_says_what_the_money_bought() {
    let home = folder();
    fs::write(home.path().join("plan.toml"), PLAN).expect("it is written");
    let said = flat(&told(home.path(), &["compare", "plan.toml", "--details"]));
    assert!(said.contains("WHAT THE MONEY BOUGHT") && said.contains("money: ") && said.contains("labour inspectors"), "{said}");
    assert!(said.contains("shelter beds") && said.contains("by Dec 2017."), "{said}");
    assert!(said.contains("WHAT THE MONEY DOES NOT REACH") && said.contains("beds: the budget line shelters can pay"), "{said}");
    let first = told(home.path(), &["compare", "latest"]);
    assert!(first.lines().count() <= 40 && flat(&first).contains("asks for more than its lines can pay (--details)"), "{first}");
    let before = flat(&told(home.path(), &["compare", "latest", "--from", "2015-01", "--to", "2015-12"]));
    assert!(before.contains("they end in 2015-12, and no variant differs from the baseline before 2016-01."), "{before}");
}

/// A minister reads it too where the budget is as large as it was, and the plan is not.
#[test]
fn a_briefing_says_what_would_stay_unpaid_of_a_plan_without_more_money() {
    let home = folder();
    fs::write(home.path().join("plan.toml"), PLAN).expect("it is written");
    told(home.path(), &["run", "plan.toml", "--only", "beds"]);
    let page = told(home.path(), &["brief", "latest", "--format", "html", "--output", "page.html"]);
    let page = fs::read_to_string(home.path().join("page.html")).unwrap_or_else(|_| panic!("{page}"));
    assert!(page.contains("beds: ") && page.contains("would stay unpaid"), "what the plan wants and does not get");
}
