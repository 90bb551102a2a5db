//! The printed document at the edges: few and many variants, hostile texts, both languages, templates of the user's own.
//!
//! What is asked of each: a first part of two pages, A4 pages of which no text leaves the margins, no heading alone at the foot of a page, and the caveat at
//! the end; and that the whole conforms to PDF/UA-1, as the library that writes it checks.

use typst::layout::{Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use super::content::content;
use super::document::{Room, render};
use super::template::{Fault, Templates};
use super::tests::plausible;
use super::*;
use crate::charts::draw_all;
use crate::charts::style::FONTS;
use crate::charts::words::Words;
use crate::results::Record;
use crate::scenario::{Overrides, load, parameter_notes};

/// The margins of the template at the sides, in points.
const SIDE: f64 = 17.0 / 25.4 * 72.0;

/// A text as it stands on a page: what it says, where it begins and ends, and how large it is.
struct Piece {
    text: String,
    left: f64,
    right: f64,
    bottom: f64,
    size: f64,
}

fn with<T>(record: &Record, language: &str, then: impl FnOnce(&Material<'_>) -> T) -> T {
    let scenario = load("borderland", &Overrides::default()).expect("it is embedded");
    let notes = parameter_notes("borderland").expect("they are embedded");
    let options = Options { words: Words::embedded(language).expect("it is embedded"), ..Options::english() };
    let phrases = Phrases::embedded(language).expect("it is embedded");
    let imprint =
        Imprint { office: "Ministry of Examples".to_owned(), author: "A. Writer".to_owned(), date: "2026-11-30".parse().ok(), ..Imprint::default() };
    let source = Source { record, scenario: Some(&scenario), published: &[] };
    then(&Material { source, options: &options, figures: &draw_all(&source, &options), phrases: &phrases, notes: &notes, imprint: &imprint })
}

fn laid(record: &Record, language: &str, templates: &Templates) -> Result<PagedDocument, Fault> {
    with(record, language, |material| {
        let (document, warnings) = Room::new(templates, &content(material), &on_paper(material), &material.source.record.manifest)?.document()?;
        assert_eq!(warnings, "", "typst warns, as of a layout that never settles");
        Ok(document)
    })
}

fn pieces(frame: &Frame, from: Point, found: &mut Vec<Piece>) {
    for (at, item) in frame.items() {
        let at = *at + from;
        match item {
            FrameItem::Group(group) => pieces(&group.frame, at + Point::new(group.transform.tx, group.transform.ty), found),
            FrameItem::Text(text) => found.push(Piece {
                text: text.text.to_string(),
                left: at.x.to_pt(),
                right: (at.x + text.width()).to_pt(),
                bottom: at.y.to_pt(),
                size: text.size.to_pt(),
            }),
            _ => {}
        }
    }
}

/// The texts of each page, its running head and foot left out.
fn pages(document: &PagedDocument) -> Vec<Vec<Piece>> {
    let page = |frame: &Frame| {
        let mut found = Vec::new();
        pieces(frame, Point::zero(), &mut found);
        found.retain(|piece| (40.0..795.0).contains(&piece.bottom));
        found
    };
    document.pages().iter().map(|one| page(&one.frame)).collect()
}

/// All that is said, without the places where a line may break.
fn said(document: &PagedDocument) -> String {
    let text: String = pages(document).iter().flatten().map(|piece| piece.text.as_str()).collect();
    text.replace('\u{200b}', "")
}

fn check(record: &Record, language: &str) {
    let document = laid(record, language, &Templates::default()).expect("our own template");
    let pages = pages(&document);
    assert!((2..=9).contains(&pages.len()), "{} pages", pages.len());
    let mut faults = Vec::new();
    for (page, (one, pieces)) in document.pages().iter().zip(&pages).enumerate() {
        let (wide, high) = (one.frame.width().to_pt(), one.frame.height().to_pt());
        assert!((wide - 595.3).abs() < 0.1 && (high - 841.9).abs() < 0.1, "page {page} is {wide} by {high}");
        for piece in pieces.iter().filter(|piece| piece.left < SIDE - 0.5 || piece.right > wide - SIDE + 0.5) {
            faults.push(format!("{language}, page {page}: `{}` leaves the margins", piece.text));
        }
        let last = pieces.iter().max_by(|a, b| a.bottom.total_cmp(&b.bottom)).expect("no page is empty");
        if last.size > 13.0 && last.size < 14.0 {
            faults.push(format!("{language}, page {page}: the heading `{}` stands alone", last.text));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    // The first page holds the answer and the figure that shows it; hostile texts of hundreds of letters may push that on.
    let first: String = pages[0].iter().map(|piece| piece.text.as_str()).collect();
    if language == "en" && record.manifest.variants.len() > 1 && record.manifest.title.len() < 100 {
        let caption = without_spaces(Phrases::embedded("en").expect("it is embedded").word("figures.ranking"));
        assert!(without_spaces(&first).contains(&caption), "the first figure is not on the first page:\n{first}");
    }
    // What a minister reads stands on two pages; one is enough where there is nothing to compare.
    let annex = without_spaces(Phrases::embedded(language).expect("it is embedded").word("first.annex"));
    let says = |pieces: &Vec<Piece>| without_spaces(&pieces.iter().map(|piece| piece.text.as_str()).collect::<String>()).contains(&annex);
    if language == "en" && record.manifest.title.len() < 100 {
        assert_eq!(pages.iter().position(says), Some(record.manifest.variants.len().min(2)), "the annex begins after the first part");
    }
    // Thai letters that carry marks stand in more than one piece, so that only English is read again.
    if language == "en" {
        let closing = without_spaces(Phrases::embedded("en").expect("it is embedded").word("closing.line"));
        let said = without_spaces(&said(&document));
        assert!(said.ends_with(&closing), "the caveat is not the last that is said:\n{said}");
    }
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn few_and_many_variants_and_replicates_make_whole_pages() {
    let many: Vec<String> = (0..41).map(|variant| format!("variant-{variant}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (variants, replicates, language) in [(1, 3, "en"), (2, 1, "th"), (2, 3, "en"), (13, 12, "th"), (13, 12, "en"), (41, 3, "en")] {
        check(&plausible(&many[..variants], replicates), language);
    }
}

#[test]
fn no_text_is_read_as_mark_up() {
    let hostile = [
        "#panic() $x^2$ *bold* _it_ \\ `raw` <label> @ref // no /* comment",
        "<script>alert(\"1\")</script> 'quotes' {{ 7 * 7 }}",
        "การคุ้มครองผู้เสียหายและการออกใบอนุญาตทำงานให้แก่พยานทุกคน",
        "حماية הגנה",
    ];
    let mut record = plausible(&["baseline", "package"], 3);
    for title in hostile.into_iter().map(str::to_owned).chain(["x".repeat(300), "คุ้มครอง".repeat(38), "= long words ".repeat(23)]) {
        title.clone_into(&mut record.manifest.title);
        title.clone_into(&mut record.manifest.question);
        title.clone_into(&mut record.manifest.variants[1].title);
        check(&record, "en");
        let said = without_spaces(&said(&laid(&record, "en", &Templates::default()).expect("our own template")));
        // What runs from right to left stands in the order of the page.
        assert!(title.contains('ح') || said.matches(&without_spaces(&title)).count() >= 3, "{title}");
    }
}

#[test]
fn the_document_conforms_to_pdf_ua_and_says_so_where_it_does() {
    let mut record = plausible(&["baseline", "package", "other"], 3);
    let claims = |record: &Record, language: &str| {
        let written = with(record, language, |material| pdf(material, &Templates::default())).expect("our own template");
        String::from_utf8_lossy(&written).contains("<pdfuaid:part>1</pdfuaid:part>")
    };
    assert!(claims(&record, "en") && claims(&record, "th"));
    // No font of ours has these letters, and boxes would be no document that conforms.
    "הגנה".clone_into(&mut record.manifest.title);
    assert!(claims(&record, "en"));
}

/// The scripts of the neighbours are written; other letters give way to names, the question in them is left out, and so are signs.
#[test]
fn what_no_font_can_write_gives_way_to_names() {
    let mut record = plausible(&["baseline", "package", "other"], 3);
    "保护受害者 \u{1f6cf}".clone_into(&mut record.manifest.title);
    "该怎么办？".clone_into(&mut record.manifest.question);
    "หนึ่ง ທີ່ພັກ ជម្រក ခိုလှုံရာ حماية".clone_into(&mut record.manifest.variants[1].title);
    "保护".clone_into(&mut record.manifest.variants[2].title);
    let said = said(&laid(&record, "en", &Templates::default()).expect("our own template"));
    let fonts = FONTS[0].map(|font| ab_glyph::FontRef::try_from_slice(font).expect("a font"));
    let known = |letter: char| !letter.is_alphanumeric() || fonts.iter().any(|font| ab_glyph::Font::glyph_id(font, letter).0 != 0);
    let unknown: String = said.chars().filter(|letter| !known(*letter)).collect();
    assert_eq!(unknown, "");
    assert!(said.contains(&record.manifest.name) && said.contains("other") && !said.contains('\u{1f6cf}'), "{said}");
    assert!(said.contains('ພ') && said.contains('ជ'), "{said}");
}

#[test]
fn the_same_run_gives_the_same_bytes_and_is_dated_by_its_start() {
    let mut record = plausible(&["baseline", "package"], 3);
    "2016-03-01T12:30:05Z".clone_into(&mut record.manifest.started);
    let write = || with(&record, "en", |material| pdf(material, &Templates::default())).expect("our own template");
    let (first, second) = (write(), write());
    assert!(first == second && first.starts_with(b"%PDF-"));
    let text = String::from_utf8_lossy(&first);
    assert!(text.contains("D:20160301123005Z"), "its information names the moment");
}

#[test]
fn a_template_of_the_users_own_replaces_ours_and_its_faults_have_a_place() {
    let record = plausible(&["baseline", "package"], 3);
    let own = |files: &[(&str, &str)]| Templates::replaced(files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    let start = "#let b = json(\"briefing.json\")\n";
    let logo = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";
    let fine = format!("{start}#import \"part.typ\": greet\n#greet(b.title)\n#image(\"logo.svg\")#image(\"figures/tiles.svg\")");
    let files = [("briefing.typ", fine.as_str()), ("part.typ", "#let greet(whom) = [Hello #whom]"), ("logo.svg", logo)];
    assert!(said(&laid(&record, "en", &own(&files)).expect("a good template")).contains("Hello Invented"));
    for (text, fault) in [
        ("#let x = 1\n#nobody", "briefing.typ, line 2: unknown variable: nobody"),
        ("#if", "briefing.typ, line 1: expected expression"),
        ("\n\n#json(\"other.json\")", "briefing.typ, line 3: file not found"),
        ("#read(\"/etc/hostname\")", "briefing.typ, line 1: file not found"),
        ("#import \"@preview/cetz:0.3.4\": canvas", "briefing.typ, line 1: file not found"),
        ("#include \"part.typ\"", "part.typ, line 2: "),
        ("#let f(n) = f(n + 1)\n#f(0)", "briefing.typ, line 1: maximum function call depth exceeded"),
    ] {
        let told = laid(&record, "en", &own(&[("briefing.typ", text), ("part.typ", "one\n#panic(\"two\")")])).expect_err(text);
        assert!(told.starts_with(fault), "{text}: {told}");
    }
    let manifest = &record.manifest;
    let broken = render(&own(&[("briefing.typ", "#document(1)")]), &serde_json::json!({ "language": "en" }), &[], manifest);
    assert!(broken.is_err());
}
