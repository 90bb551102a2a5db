//! Golden: what each shipped scenario leaves, shrunk to one replicate of few agents.
//!
//! A change of any figure by more than one part in a billion is seen here. It may be meant:
//! `UPDATE=1 cargo test golden` writes the files anew, and the difference is read before it is committed.

use fivep::ensemble::simulate_all;
use fivep::model::ledgers::indicators::INDICATORS;
use fivep::scenario::sets::Choice;
use fivep::scenario::{Overrides, Problem, load};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// One line an indicator: its name, then its sum over the reported months in each variant.
fn figures(scenario: &str, scale: f64) -> String {
    let overrides = Overrides { scale: Some(scale), replicates: Some(1), parameters: Some(Choice::Best), ..Overrides::default() };
    let scenario = match load(scenario, &overrides) {
        Ok(scenario) => scenario,
        Err(Problem::Fault(text) | Problem::World(text)) => panic!("{text}"),
    };
    let names: Vec<&str> = scenario.variants.iter().map(|variant| variant.name.as_str()).collect();
    let histories: Vec<_> =
        simulate_all(&scenario, 2, &|_| {}, &AtomicBool::new(false)).expect("nobody stops it").into_iter().map(|run| run.history).collect();
    let mut text = format!("indicator,{}\n", names.join(","));
    for info in INDICATORS {
        text.push_str(info.name);
        for history in &histories {
            let sum: f64 = history.rows.iter().map(|row| row.get(info.indicator)).sum();
            write!(text, ",{sum}").expect("memory suffices");
        }
        text.push('\n');
    }
    text
}

/// The first cell in which the tables differ by more than rounding, told as a line.
fn difference(found: &str, known: &str) -> Option<String> {
    let (found, known): (Vec<&str>, Vec<&str>) = (found.lines().collect(), known.lines().collect());
    if found.len() != known.len() || found.first() != known.first() {
        return Some("other indicators or variants".to_owned());
    }
    let same =
        |a: &str, b: &str| a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if (a - b).abs() <= 1e-9 * a.abs().max(b.abs()));
    let alike = |a: &str, b: &str| a.split(',').count() == b.split(',').count() && a.split(',').zip(b.split(',')).all(|(a, b)| same(a, b));
    found.iter().zip(&known).find(|(a, b)| !alike(a, b)).map(|(a, b)| format!("now   {a}\nknown {b}"))
}

#[test]
fn shipped_scenarios_leave_what_they_left() {
    let mut differences = Vec::new();
    for (name, scale) in [
        ("thailand-2016", 1000.0),
        ("thailand-gaps", 1000.0),
        ("thailand-budget", 1000.0),
        ("thailand-entry", 1000.0),
        ("thailand-labour-law", 1000.0),
        ("thailand-detention", 1000.0),
        ("thailand-scam-centres", 1000.0),
        ("borderland", 10.0),
    ] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.csv"));
        let found = figures(name, scale);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &found).expect("the golden file can be written");
            continue;
        }
        let known = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        differences.extend(difference(&found, &known).map(|difference| format!("{name}: {difference}")));
    }
    assert!(differences.is_empty(), "results have changed; if that is meant, run UPDATE=1 cargo test golden\n{}", differences.join("\n"));
}

/// The comparison itself sees one part in a million, and lets rounding pass.
#[test]
fn a_changed_figure_is_seen() {
    let known = "indicator,baseline\nexploited,1000\n";
    assert_eq!(difference("indicator,baseline\nexploited,1000.0000000001\n", known), None);
    assert!(difference("indicator,baseline\nexploited,1000.001\n", known).is_some());
    assert!(difference("indicator,baseline\n", known).is_some());
}
