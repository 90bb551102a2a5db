//! All figures at the edges: few and many variants, replicates and years, nothing counted, hostile titles, both languages.
//!
//! What is asked of each: no text covers another or leaves the page, the document is well formed and has a title and a
//! description, and the same source gives the same bytes.

use super::sheet::{Area, Mark};
use super::style::{FONTS, GREY, harmless};
use super::*;
use crate::analysis::compare::tests::record as invented;
use crate::ensemble::Run;
use crate::model::ledgers::indicators::Indicator;
use crate::model::ledgers::{History, Row};
use crate::quantities::Month;
use crate::scenario::{Overrides, load};
use resvg::usvg::roxmltree::Document;

const THAI: &str = "การคุ้มครองผู้เสียหายและการออกใบอนุญาตทำงานให้แก่พยานทุกคนตั้งแต่ปี พ.ศ. 2559";
const HOSTILE: [&str; 5] = [
    "<script>alert('x')</script> & \"quotes\" ]]> <!-- -->",
    THAI,
    "حماية الضحايا \u{202e}evil\u{202c} והגנה",
    "\u{0}\u{8}\u{feff}\u{ffff}bell\u{7}",
    "{low} {variant} %s \\ ` $ {{}}",
];

/// A record of `months` in which `figure(variant, replicate, month)` sets the rows, with sectors and stages that follow.
fn record(variants: usize, replicates: u32, months: i32, figure: impl Fn(usize, u32, i32, &mut Row)) -> Record {
    let sectors = vec!["fishing".to_owned(), "sex-work".to_owned(), "a sector with a very long name".to_owned()];
    with_sectors(sectors, (variants, replicates, months), figure)
}

fn with_sectors(sectors: Vec<String>, (variants, replicates, months): (usize, u32, i32), figure: impl Fn(usize, u32, i32, &mut Row)) -> Record {
    let names: Vec<String> = (0..variants).map(|variant| if variant == 0 { "baseline".to_owned() } else { format!("variant-{variant}") }).collect();
    let mut manifest = invented(&names.iter().map(String::as_str).collect::<Vec<_>>(), 1, |_, _, _| {}).manifest;
    let first = Month::new(2016, 1);
    manifest.replicates = replicates;
    manifest.to = first.plus(months - 1);
    manifest.window = (first, manifest.to);
    let count = sectors.len();
    manifest.sectors = sectors;
    for (variant, place) in manifest.variants.iter_mut().zip(0..) {
        variant.title = if place % 2 == 0 { format!("The package without number {place}") } else { format!("Measure {place} alone") };
    }
    let run = |variant, replicate| {
        let rows: Vec<Row> = (0..months)
            .map(|month| {
                let mut row = Row::zero();
                figure(variant, replicate, month, &mut row);
                row
            })
            .collect();
        let sectors = rows.iter().map(|row| vec![[row.get(Indicator::Exploited) / 12.0; 16]; count]).collect();
        let stages = rows.iter().map(|row| [[row.get(Indicator::Cases); 5]; 3]).collect();
        Run { variant, replicate, history: History { first, rows, sectors, origins: vec![], stages } }
    };
    let pairs = (0..variants).flat_map(|variant| (0..replicates).map(move |replicate| (variant, replicate)));
    Record::of_runs(manifest, pairs.map(|(variant, replicate)| run(variant, replicate)).collect())
}

/// Plausible figures: they wander with luck and time, and differ between variants.
fn plausible(variant: usize, replicate: u32, month: i32, row: &mut Row) {
    let (policy, luck, time) = (variant as f64, f64::from(replicate * 7919 % 101) / 101.0, f64::from(month));
    let people = 110_000.0 + 9_000.0 * luck - 60.0 * time + policy * (900.0 * luck - 500.0);
    row.set(Indicator::Exploited, people);
    row.set(Indicator::PersonMonths, people);
    row.set(Indicator::PeopleMet, 40_000.0);
    row.set(Indicator::Flagged, 130.0 + 9.0 * luck);
    row.set(Indicator::Identified, (60.0 + 20.0 * luck + 3.0 * policy * (luck - 0.4)).round());
    row.set(Indicator::Cases, (25.0 + 10.0 * luck).round());
    row.set(Indicator::CasesIndicted, 20.0);
    row.set(Indicator::CasesConvicted, 11.0);
    row.set(Indicator::Backlog, 300.0 * luck + time);
    row.set(Indicator::ComplicitShare, 0.08 + 0.02 * luck);
    row.set(Indicator::ComplicitPolice, 0.1 + 0.01 * luck * policy);
    row.set(Indicator::InformalShare, 0.6);
    row.set(Indicator::Spent, 2.2e8 + 1.7e6 * policy * (1.0 + luck / 9.0));
}

fn sheets(record: &Record, language: &str) -> Vec<(&'static str, Sheet)> {
    let dots: Vec<Published> = (2015..2020)
        .map(|year| Published { indicator: Indicator::Identified, minus: None, year, value: 700.0 + 13.0 * f64::from(year % 7) })
        .collect();
    sheets_beside(record, language, &dots)
}

fn sheets_beside(record: &Record, language: &str, published: &[Published]) -> Vec<(&'static str, Sheet)> {
    let scenario = load("borderland", &Overrides::default()).expect("it is embedded");
    let source = Source { record, scenario: Some(&scenario), published };
    let options = Options { words: Words::embedded(language).expect("it is embedded"), ..Options::english() };
    FIGURES.iter().filter_map(|(name, draw)| Some((*name, draw(&source, &options)?))).collect()
}

/// Draws every figure in both languages and holds them to what all must keep; tells how many were drawn in one language.
fn check(record: &Record) -> usize {
    let mut faults = Vec::new();
    let mut drawn = 0;
    for language in ["en", "th"] {
        let sheets = sheets(record, language);
        drawn = sheets.len();
        for (name, sheet) in sheets {
            let texts = sheet.texts();
            for (i, (text, place)) in texts.iter().enumerate() {
                if !sheet.page().holds(*place) {
                    faults.push(format!("{name} ({language}): `{text}` leaves the page"));
                }
                for (other, there) in &texts[i + 1..] {
                    if place.overlaps(*there) {
                        faults.push(format!("{name} ({language}): `{text}` and `{other}` overlap"));
                    }
                }
            }
            faults.extend(document_faults(name, &sheet.svg(name, language)));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    drawn
}

fn document_faults(name: &str, svg: &str) -> Vec<String> {
    let document = match Document::parse(svg) {
        Ok(document) => document,
        Err(fault) => return vec![format!("{name}: {fault}")],
    };
    let text = |tag: &str| document.descendants().find(|node| node.has_tag_name(tag)).and_then(|node| node.text()).unwrap_or("").to_owned();
    let mut faults = vec![];
    if text("title").trim().is_empty() || text("desc").trim().is_empty() {
        faults.push(format!("{name}: no title or no description"));
    }
    if document.descendants().any(|node| node.has_tag_name("script")) {
        faults.push(format!("{name}: a script"));
    }
    faults
}

#[test]
fn figures_keep_their_shape_with_two_and_with_thirteen_variants() {
    assert_eq!(check(&record(2, 20, 96, plausible)), FIGURES.len());
    assert_eq!(check(&record(13, 3, 36, plausible)), FIGURES.len());
}

#[test]
fn figures_keep_their_shape_over_a_year_and_over_twenty() {
    assert_eq!(check(&record(3, 3, 12, plausible)), FIGURES.len());
    assert_eq!(check(&record(3, 3, 240, plausible)), FIGURES.len());
    check(&record(3, 5, 1, plausible));
    // Of a few months the last label stands at the edge of the page.
    for months in 2..8 {
        check(&record(2, 3, months, plausible));
    }
}

#[test]
fn figures_keep_their_shape_with_one_and_with_three_hundred_replicates() {
    check(&record(4, 1, 24, plausible));
    assert_eq!(check(&record(4, 300, 12, plausible)), FIGURES.len());
}

#[test]
fn nothing_counted_and_nothing_defined_can_be_drawn() {
    check(&record(3, 3, 36, |_, _, _, _| {}));
    check(&record(3, 3, 36, |_, _, _, row| row.0.fill(f64::NAN)));
    check(&record(3, 3, 36, |variant, _, _, row| row.set(Indicator::Exploited, variant as f64 * 1e9)));
}

#[test]
fn a_lone_baseline_has_the_figures_that_compare_nothing() {
    let drawn = check(&record(1, 3, 36, plausible));
    assert!((4..FIGURES.len()).contains(&drawn), "{drawn}");
}

#[test]
fn hostile_titles_harm_nothing() {
    let mut record = with_sectors(HOSTILE.iter().map(|&title| title.to_owned()).collect(), (7, 3, 24), plausible);
    for (variant, title) in record.manifest.variants.iter_mut().skip(1).zip(HOSTILE.iter().copied().chain([&*"long ".repeat(60)])) {
        variant.title = title.to_owned();
    }
    record.manifest.currency = HOSTILE[0].chars().take(12).collect();
    // The variant shown takes each kind of title in turn.
    for variant in 1..7 {
        record.manifest.variants.swap(1, variant);
        for (name, sheet) in sheets(&record, "en") {
            assert_eq!(document_faults(name, &sheet.svg(name, "en")), Vec::<String>::new());
        }
    }
    check(&record);
}

fn sheet(record: &Record, name: &str) -> Sheet {
    sheets_beside(record, "en", &[]).into_iter().find(|(own, _)| *own == name).expect("there is something to draw").1
}

fn says(sheet: &Sheet, text: &str) -> usize {
    sheet.texts().iter().filter(|(own, _)| own.contains(text)).count()
}

/// With twelve variants most marks stand in a heap: each still has its whole name, once a panel, and the thin line to a name that
/// stands apart runs through no mark.
#[test]
fn twelve_variants_are_all_named_and_no_line_to_a_name_crosses_a_mark() {
    let mut record = record(13, 20, 24, plausible);
    for (variant, place) in record.manifest.variants.iter_mut().zip(0..) {
        variant.title = format!("Measure{place} alone, with all that it needs");
    }
    for (name, panels) in [("quadrant", 1), ("cost", 2)] {
        let sheet = sheet(&record, name);
        for place in 1..13 {
            assert_eq!(says(&sheet, &format!("Measure{place} ")), panels, "{name}: variant {place}");
        }
        let marks: Vec<(f64, f64)> =
            sheet.marks.iter().filter_map(|mark| if let Mark::Disc(at, ..) | Mark::Ring(at, ..) = mark { Some(*at) } else { None }).collect();
        let leader = |mark: &Mark| if let Mark::Line(points, GREY, _, 0.8) = mark { Some((points[0], points[1])) } else { None };
        let leaders: Vec<((f64, f64), (f64, f64))> = sheet.marks.iter().filter_map(leader).collect();
        assert!(marks.len() >= 12 && leaders.len() > 2, "{name}: {} marks, {} lines", marks.len(), leaders.len());
        for (from, to) in leaders {
            // The line begins six units from its own mark; others may lie half upon that.
            let own = marks.iter().min_by(|a, b| apart(**a, from).total_cmp(&apart(**b, from))).expect("there are marks");
            for mark in marks.iter().filter(|mark| apart(**mark, *own) > 11.0) {
                let nearest =
                    (0..=100).map(|step| f64::from(step) / 100.0).map(|t| apart(*mark, (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t)));
                let nearest = nearest.fold(f64::INFINITY, f64::min);
                assert!(nearest >= 4.5, "{name}: the line from {own:?} to {to:?} runs through {mark:?}");
            }
        }
    }
}

fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
    libm::hypot(a.0 - b.0, a.1 - b.1)
}

/// What never happens is said to be so, and no axis of invented numbers stands beside it.
#[test]
fn nothing_counted_is_said_in_words() {
    let nothing = record(2, 20, 36, |_, _, _, row| row.set(Indicator::Exploited, 5_000.0));
    let fans = sheet(&nothing, "fans");
    assert_eq!(says(&fans, "zero in every replicate"), 1, "only the official panel is empty");
    let numbers = |sheet: &Sheet, below: f64| -> Vec<String> {
        let texts = sheet.texts().into_iter().filter(|(text, place)| place.right() < 80.0 && place.y > below && text.parse::<f64>().is_ok());
        texts.map(|(text, _)| text.to_owned()).collect()
    };
    let middle = fans.body.y + fans.body.h / 2.0;
    assert_eq!(numbers(&fans, middle), ["0"]);
    let difference = sheet(&nothing, "difference");
    assert_eq!(says(&difference, "no difference in any replicate pair"), 2);
    // The first event from outside stands by its number above either panel.
    assert_eq!(numbers(&difference, 0.0), ["0", "1", "0", "1"]);
    assert_eq!(says(&sheet(&nothing, "tiles"), "the same in every replicate"), 3);
    assert_eq!(says(&sheet(&nothing, "ranking"), "no difference"), 2, "in either ledger");
    let undefined = record(2, 20, 36, |_, _, _, row| row.0.fill(f64::NAN));
    assert_eq!(says(&sheet(&undefined, "fans"), "not defined in any replicate"), 2);
    let plain = sheet(&record(2, 20, 36, plausible), "fans");
    assert_eq!(says(&plain, "in every replicate") + says(&plain, "in any replicate"), 0, "where there is something to see, nothing is said");
}

#[test]
fn one_variant_alone_is_not_counted() {
    for (name, sheet) in sheets(&record(2, 20, 24, plausible), "en") {
        assert!(!sheet.title.starts_with("Of 1 ") && !sheet.title.contains("1 levers"), "{name}: {}", sheet.title);
    }
    let title = sheet(&record(3, 20, 24, plausible), "ranking").title;
    assert!(title.starts_with("None of 2 variants would clearly leave fewer people exploited than the baseline; first comes “"), "{title}");
}

#[test]
fn ranges_of_few_replicates_are_said_to_be_rough() {
    let rough = |replicates| sheet(&record(2, replicates, 24, plausible), "fans").description[0].contains("so ranges are rough");
    assert!(rough(3) && rough(19) && !rough(20) && !rough(1));
}

/// The two intervals of a single month stand beside each other.
#[test]
fn a_single_month_shows_both_intervals() {
    let sheet = sheet(&record(2, 20, 1, plausible), "fans");
    let blocks: Vec<Area> = sheet.marks.iter().filter_map(|mark| if let Mark::Block(area, ..) = mark { Some(*area) } else { None }).collect();
    let columns: std::collections::BTreeSet<i64> =
        blocks.iter().filter(|area| area.y < sheet.body.y + 200.0).map(|area| (area.x + area.w / 2.0) as i64).collect();
    assert_eq!(columns.len(), 2, "{blocks:?}");
}

/// A picture is the same everywhere, so what the embedded fonts cannot write is told otherwise.
#[test]
fn a_title_in_unknown_letters_gives_way_to_the_name() {
    let mut record = record(3, 20, 24, plausible);
    "保护受害者".clone_into(&mut record.manifest.variants[1].title);
    THAI.clone_into(&mut record.manifest.variants[2].title);
    let fonts: Vec<ab_glyph::FontRef<'_>> =
        FONTS.as_flattened().iter().map(|bytes| ab_glyph::FontRef::try_from_slice(bytes).expect("a font")).collect();
    for (name, sheet) in sheets(&record, "en") {
        for (text, _) in sheet.texts() {
            let known = |letter: char| letter.is_whitespace() || fonts.iter().any(|font| ab_glyph::Font::glyph_id(font, letter).0 != 0);
            assert!(text.chars().all(known), "{name}: {text}");
        }
    }
    assert!(sheet(&record, "tiles").title.starts_with("variant-1: ") && says(&sheet(&record, "ranking"), "พ.ศ. 2559") >= 1);
}

/// Events stand in the column of names, whole, each on the height of its mark.
#[test]
fn events_are_named_beside_their_marks() {
    let sheet = sheet(&record(2, 20, 24, plausible), "timeline");
    let marks: Vec<f64> = sheet.marks.iter().filter_map(|mark| if let Mark::Shape(points, ..) = mark { Some(points[1].1) } else { None }).collect();
    let below = sheet.texts().iter().find(|(text, _)| *text == "Events from outside").expect("a heading").1.bottom();
    let names: Vec<(&str, Area)> =
        sheet.texts().into_iter().filter(|(_, place)| place.x < 30.0 && place.y > below && place.bottom() < sheet.body.bottom() - 20.0).collect();
    assert!(marks.len() > 2 && names.len() >= marks.len(), "{names:?}");
    assert!(names.iter().all(|(text, place)| !text.contains('…') && place.right() < 210.0), "{names:?}");
    for mark in marks {
        assert!(names.iter().any(|(_, place)| (place.y - 9.0..place.bottom() + 9.0).contains(&mark)), "no name at {mark}: {names:?}");
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let record = record(3, 4, 24, plausible);
    let draw = || {
        let source = Source { record: &record, scenario: None, published: &[] };
        let figures = draw_all(&source, &Options::english());
        let pixels = picture::png(&figures[0].svg);
        (figures.into_iter().map(|figure| picture::outlined(&figure.svg)).collect::<Vec<_>>(), pixels)
    };
    let (first, second) = (draw(), draw());
    assert!(first.0.iter().all(Result::is_ok) && first.1.as_ref().is_ok_and(|bytes| bytes.len() > 10_000));
    assert!(first == second, "two drawings differ");
}

#[test]
fn intervals_say_what_they_are_about() {
    let mut record = record(2, 4, 24, plausible);
    for (choice, said) in [(Choice::Best, "intervals: chance only"), (Choice::Posterior, "intervals: chance and uncertain inputs")] {
        record.manifest.parameters = choice;
        let source = Source { record: &record, scenario: None, published: &[] };
        let options = Options { uncertainty: Uncertainty::of(&record.manifest), ..Options::english() };
        assert!(draw_all(&source, &options).iter().all(|figure| figure.description.contains(said)), "{said}");
    }
}

#[test]
fn outlines_need_no_font_and_keep_what_is_read_aloud() {
    let record = record(2, 4, 24, plausible);
    let source = Source { record: &record, scenario: None, published: &[] };
    let figure = draw("fans", &source, &Options::english()).expect("there are two variants");
    assert!(figure.svg.contains("<text") && figure.svg.contains("Inter"));
    let outlined = picture::outlined(&figure.svg).expect("our own document");
    let document = Document::parse(&outlined).expect("well formed");
    assert!(!outlined.contains("<text") && !outlined.contains("font-family"));
    assert_eq!(document.descendants().find(|node| node.has_tag_name("title")).and_then(|node| node.text()), Some(&*figure.title));
    let root = document.root_element();
    assert_eq!(
        root.attribute("viewBox"),
        Some(&*format!("0 0 {} {}", root.attribute("width").unwrap_or(""), root.attribute("height").unwrap_or("")))
    );
}

#[test]
fn the_embedded_fonts_know_every_letter_of_the_embedded_words() {
    use ab_glyph::{Font, FontRef};
    let fonts = FONTS.map(|fonts| fonts.map(|bytes| FontRef::try_from_slice(bytes).expect("a font")));
    for language in ["en", "th"] {
        let words = Words::embedded(language).expect("it is embedded");
        let text: String = words.keys().iter().filter_map(|key| words.find(key)).collect();
        for weight in &fonts {
            let known = |letter: char| letter.is_whitespace() || weight.iter().any(|font| font.glyph_id(letter).0 != 0);
            let unknown: Vec<char> = harmless(&text).chars().filter(|letter| !known(*letter)).collect();
            assert!(unknown.is_empty(), "{language}: {unknown:?}");
        }
    }
}
