//! The page at the edges: one and many variants, one replicate, nothing counted, a scenario that is not at hand, both languages.

use super::template::{Templates, ejected};
use super::*;
use crate::analysis::compare::tests::record as invented;
use crate::charts::draw_all;
use crate::charts::words::Words;
use crate::model::ledgers::indicators::Indicator;
use crate::results::Record;
use crate::scenario::{Overrides, load, parameter_notes};

/// Elements that have no end.
const VOID: [&str; 5] = ["meta", "link", "input", "br", "img"];

pub(super) fn plausible(variants: &[&str], replicates: u32) -> Record {
    invented(variants, replicates, |variant, replicate, row| {
        let (policy, luck) = (variant as f64, f64::from(replicate * 7919 % 101) / 101.0);
        row.set(Indicator::Exploited, 110_000.0 + 9_000.0 * luck + policy * (900.0 * luck - 1_500.0));
        row.set(Indicator::PersonMonths, 110_000.0 - 700.0 * policy);
        row.set(Indicator::Identified, 60.0 + 20.0 * luck + 3.0 * policy);
        row.set(Indicator::Spent, 2.2e8 + 1.7e6 * policy);
    })
}

fn page(record: &Record, language: &str, templates: &Templates) -> Result<String, Fault> {
    let scenario = load("borderland", &Overrides::default()).expect("it is embedded");
    let notes = parameter_notes("borderland").expect("they are embedded");
    let options = Options { words: Words::embedded(language).expect("it is embedded"), ..Options::english() };
    let phrases = Phrases::embedded(language).expect("it is embedded");
    let source = Source { record, scenario: Some(&scenario), published: &[] };
    html(
        &Material { source, options: &options, figures: &draw_all(&source, &options), phrases: &phrases, notes: &notes, imprint: &scenario.imprint },
        templates,
    )
}

/// The page without its scripts and styles: what is read.
fn read(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, after)) = ["<script", "<style"].iter().filter_map(|tag| rest.find(tag)).min().map(|at| rest.split_at(at)) {
        text.push_str(before);
        let end = if after.starts_with("<script") { "</script>" } else { "</style>" };
        rest = after.split_once(end).map_or("", |(_, rest)| rest);
    }
    text + rest
}

/// What is wrong with a document: elements that do not nest, names given twice, references to nothing, requests.
fn faults(page: &str) -> Vec<String> {
    let text = read(page);
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    let mut wanted: Vec<&str> = Vec::new();
    for piece in text.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else {
            faults.push(format!("`<{piece}` is not closed"));
            continue;
        };
        let name = tag.split([' ', '/', '\n']).find(|part| !part.is_empty()).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                faults.push(format!("`{name}` ends where it was not open"));
            }
        } else if !tag.ends_with('/') && !tag.starts_with('!') && !VOID.contains(&name) {
            open.push(name);
        }
        let value = |attribute: &str| tag.split_once(&format!(" {attribute}=\"")).and_then(|(_, rest)| rest.split('"').next());
        ids.extend(value("id"));
        wanted.extend(["aria-labelledby", "aria-describedby", "for"].iter().filter_map(|name| value(name)).flat_map(str::split_whitespace));
        wanted.extend(value("href").and_then(|link| link.strip_prefix('#')));
        for attribute in ["src", "href", "action"] {
            faults.extend(value(attribute).filter(|link| !link.starts_with(['#']) && *link != "data:,").map(|link| format!("asks for {link}")));
        }
    }
    faults.extend(open.iter().map(|name| format!("`{name}` does not end")));
    faults.extend(wanted.iter().filter(|name| !ids.contains(name)).map(|name| format!("nothing is called {name}")));
    ids.sort_unstable();
    faults.extend(ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| format!("two are called {}", pair[0])));
    faults
}

fn check(record: &Record) {
    for language in ["en", "th"] {
        let page = page(record, language, &Templates::default()).expect("our own template");
        assert_eq!(faults(&page), Vec::<String>::new(), "{language}");
        assert!(page.len() < 4_000_000, "{} bytes", page.len());
        let phrases = Phrases::embedded(language).expect("it is embedded");
        let read = read(&page);
        let last = read.rsplit_once("</p>").map(|(before, _)| before).and_then(|before| before.rsplit_once("<p>")).map(|(_, line)| line);
        assert_eq!(last, Some(phrases.word("closing.line")), "the last line");
        assert!(!read.contains("{{") && !read.contains("NaN") && !read.contains("inf "), "{language}");
        if language == "en" {
            assert!(read.contains("chance only"));
            for forecast in [" will ", " forecasts ", " impact estimate"] {
                assert!(!read.contains(forecast), "{forecast}");
            }
        }
    }
}

#[test]
fn few_and_many_variants_and_replicates_make_a_whole_page() {
    let many: Vec<String> = (0..13).map(|variant| format!("variant-{variant}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (variants, replicates) in [(1, 3), (2, 1), (2, 3), (13, 12)] {
        check(&plausible(&many[..variants], replicates));
    }
    check(&invented(&["baseline", "other"], 3, |_, _, _| {}));
}

/// A figure of forty rows is a strip on a page, and on a slide nothing: the first are shown, and how many there are is said.
#[test]
fn many_variants_do_not_shrink_the_first_figure_on_paper() {
    let many: Vec<String> = (0..=40).map(|variant| format!("variant-{variant}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let options = Options::english();
    let phrases = Phrases::embedded("en").expect("it is embedded");
    let high = |variants: usize| {
        let record = plausible(&many[..=variants], 3);
        let source = Source { record: &record, scenario: None, published: &[] };
        let figures = draw_all(&source, &options);
        let material = Material { source, options: &options, figures: &figures, phrases: &phrases, notes: &[], imprint: &Imprint::default() };
        let paper = on_paper(&material);
        assert_eq!(paper.len(), figures.len());
        let svg = paper.into_iter().find(|figure| figure.name == RANKING).expect("it has one").svg;
        assert_eq!(svg.contains("The first 12 of 40 variants."), variants == 40, "{svg}");
        svg.split_once(" height=\"").and_then(|(_, rest)| rest.split_once('"')).and_then(|(high, _)| high.parse::<f64>().ok()).expect("it has one")
    };
    let (twelve, forty) = (high(12), high(40));
    assert!(forty < 1.1 * twelve, "{forty} beside {twelve}");
}

#[test]
fn both_ledgers_are_told_range_first_with_level_and_per_cent() {
    let page = page(&plausible(&["baseline", "package"], 12), "en", &Templates::default()).expect("our own template");
    let read = read(&page);
    let truth = read.find("<li class=\"people\">").expect("the truth ledger");
    let official = read.find("<li class=\"count\">").expect("the official ledger");
    assert!(truth < official);
    assert!(read.contains("fewer people would be exploited on average (−"), "{}", &read[truth..official]);
    assert!(
        read.contains("<span class=\"range clear\">−1,") && read.contains("All ranges are 95 % intervals of the mean difference over 12 replicates")
    );
}

#[test]
fn without_the_scenario_what_needs_it_is_left_out_and_said() {
    let record = plausible(&["baseline", "other"], 3);
    let options = Options::english();
    let phrases = Phrases::embedded("en").expect("it is embedded");
    let source = Source { record: &record, scenario: None, published: &[] };
    let figures = draw_all(&source, &options);
    let material = Material { source, options: &options, figures: &figures, phrases: &phrases, notes: &[], imprint: &Imprint::default() };
    let page = html(&material, &Templates::default()).expect("our own template");
    assert_eq!(faults(&page), Vec::<String>::new());
    let text = page.replace("&#x27;", "'");
    assert!(text.contains(phrases.word("levers.none")) && text.contains(phrases.word("evidence.none")));
}

#[test]
fn a_template_of_the_users_own_replaces_ours_and_its_faults_have_a_place() {
    let record = plausible(&["baseline", "other"], 3);
    let own = |text: &str| Templates::replaced([("briefing.html".to_owned(), text.to_owned())]);
    assert_eq!(page(&record, "en", &own("{{ words.kind }}: {{ title }}{{ '!' if figures.tiles }}")), Ok("Briefing: Invented!".to_owned()));
    let unknown = page(&record, "en", &own("one\n{{ nobody }}")).expect_err("there is no such value");
    assert!(unknown.starts_with("briefing.html, line 2: "), "{unknown}");
    let broken = page(&record, "en", &own("{% if %}")).expect_err("no condition");
    assert!(broken.starts_with("briefing.html, line 1: "), "{broken}");
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let record = plausible(&["baseline", "other"], 3);
    assert!(page(&record, "en", &Templates::default()) == page(&record, "en", &Templates::default()));
}

#[test]
fn every_phrase_is_used() {
    let named = [include_str!("basis.rs"), include_str!("bought.rs"), include_str!("cells.rs"), include_str!("content.rs")];
    let code = [named.concat(), [include_str!("first.rs"), include_str!("named.rs"), include_str!("series.rs")].concat()].concat();
    let templates: String = ejected().filter(|(name, _)| !name.contains(".toml")).map(|(_, text)| text).collect();
    // Sections of which a part of the key comes from elsewhere.
    let parts = ["p.", "units.", "measures.", "figures.", "evidence."];
    let english = Phrases::embedded("en").expect("it is embedded");
    let used = |key: &str| {
        let script = key.strip_prefix("explore.").is_some_and(|key| templates.contains(&format!("words.{key}")));
        script
            || code.contains(&format!("\"{key}\""))
            || templates.contains(&format!("words.{key}"))
            || parts.iter().any(|part| key.starts_with(part))
    };
    let unused: Vec<&str> = english.keys().filter(|key| !used(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
