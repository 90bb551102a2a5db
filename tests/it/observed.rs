//! The published series that come with each country: every row names an indicator that exists, says something, and says whence.
//!
//! What the model makes of them is judged elsewhere; here only the files are read, with the plain CSV that they keep to.

use fivep::model::ledgers::indicators::Indicator;
use fivep::scenario::targets::{Expected, Figure};
use fivep::scenario::{Overrides, load, targets_of};
use std::fs;
use std::path::PathBuf;

const HEADER: &str = "indicator,minus,series,year,value,low,high,unit,use,pattern,source,address,confidence,note";

/// The cells of one line; a quoted cell may hold commas and doubled quotes, but no line break.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let cell = cells.last_mut().expect("there is always a last cell");
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cell.push(c),
        }
    }
    assert!(!quoted, "a quoted cell ends on its line: {line}");
    cells
}

fn check(country: &str, least: usize) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(country).join("observed.csv");
    let text = fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEADER), "{country}");
    let rows: Vec<Vec<String>> = lines.map(cells).collect();
    assert!(rows.len() >= least, "{country}: {} rows", rows.len());
    for row in rows {
        let [indicator, minus, series, year, value, low, high, unit, purpose, pattern, source, _, confidence, _] = &row[..] else {
            panic!("{country}: {row:?}")
        };
        for name in [indicator, minus].into_iter().filter(|name| !name.is_empty()) {
            assert!(Indicator::named(name).is_some(), "{country}: no indicator is called `{name}`");
        }
        assert!(![series, unit, source].iter().any(|cell| cell.is_empty()), "{country}: a cell is missing in {row:?}");
        assert!(year.parse::<i32>().is_ok_and(|year| (1990..2100).contains(&year)), "{country}: no year in {row:?}");
        let figures: Vec<f64> = [low, value, high].iter().filter(|cell| !cell.is_empty()).map(|cell| cell.parse().expect("a number")).collect();
        assert!(!figures.is_empty() && figures.is_sorted(), "{country}: low, value and high in {row:?}");
        assert!(matches!(purpose.as_str(), "C" | "V"), "{country}: `use` is C (may calibrate) or V (validates only) in {row:?}");
        let number = pattern.strip_prefix('P').and_then(|number| number.parse::<u8>().ok());
        assert!(pattern.is_empty() || number.is_some_and(|number| (1..=17).contains(&number)), "{country}: no pattern in {row:?}");
        assert!(matches!(confidence.as_str(), "exact" | "derived" | "approximate"), "{country}: confidence in {row:?}");
    }
}

/// Nothing is fitted that the published series keep for validation, and no value is invented: each that is read off an
/// indicator over a year stands in `observed.csv` too, under the same use.
#[test]
fn thailands_targets_say_what_the_series_say() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/thailand");
    let series = fs::read_to_string(folder.join("observed.csv")).expect("observed.csv is there");
    let series: Vec<Vec<String>> = series.lines().skip(1).map(cells).collect();
    let Ok(scenario) = load("thailand-2016", &Overrides::default()) else { panic!("the shipped scenario loads") };
    let Ok(targets) = targets_of(&scenario) else { panic!("the shipped targets are sound") };
    let mut held = 0;
    for target in targets {
        let (Figure::Ledger { indicator, per: None, .. }, Expected::Values(values)) = (target.figure, &target.expected) else { continue };
        for value in values {
            let same = |row: &&Vec<String>| {
                row[0] == indicator.info().name
                    && row[3] == target.period.0.year().to_string()
                    && [4, 5].iter().any(|i| row[*i].parse() == Ok(*value))
            };
            let row = series.iter().find(same).unwrap_or_else(|| panic!("{}: {value} stands in no series", target.name));
            assert_eq!(row[8], target.purpose.letter(), "{}: `use` of {value}", target.name);
            assert_eq!(row[9], target.pattern, "{}: the pattern of {value}", target.name);
            assert!(target.sources.contains(&row[10]) || target.name.starts_with("panic"), "{}: no source `{}`", target.name, row[10]);
            held += 1;
        }
    }
    assert!(held > 20, "{held} values were held");
}

#[test]
fn thailands_series_can_be_read() {
    check("thailand", 100);
}

#[test]
fn borderlands_series_can_be_read() {
    check("borderland", 0);
}
