//! Documents and slides of a briefing: well formed, with titles, headings, rows of headings and texts in place of pictures; and an office program (`soffice`) opens
//! them, where one is installed (`FIVEP_OFFICE=required` makes its absence a failure).

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use assert_cmd::Command;
use resvg::usvg::roxmltree::Document;

fn fivep(folder: &Path, words: &[&str]) -> (String, String) {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("fivep")).current_dir(folder).args(words).output().expect("the program starts");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{words:?}: {}", said(&output.stderr));
    (said(&output.stdout), said(&output.stderr))
}

/// A run whose texts mean something in XML.
fn run(folder: &Path) -> String {
    let scenario = "format = 2\nextends = \"borderland\"\ntitle = { en = \"Beds & <b>\\\"shelters\\\"</b>\", th = \"เตียงและที่พักพิง\" }\nquestion = \"Which?\"\n\
                    briefing.office = \"Ministry of Examples\"\n[variants.more-beds]\ntitle = { en = \"More beds\", th = \"เตียงมากขึ้น\" }\n\
                    policy.protection.beds = { 2016-01 = 2 }\npolicy.prevention.immigration_crackdown = { 2016-01 = 2 }\n[variants.courts]\npolicy.prosecution.court_slots = { 2016-01 = 2 }\n";
    fs::write(folder.join("own.toml"), scenario).expect("it is written");
    let (_, said) = fivep(folder, &["run", "own.toml", "--replicates", "3", "--scale", "50", "--from", "2015-10", "--to", "2016-12"]);
    said.trim_end().lines().last().expect("the run folder").to_owned()
}

/// The parts of a document, slides or a workbook, by name.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut all = zip::ZipArchive::new(Cursor::new(bytes)).expect("a container");
    let mut found = BTreeMap::new();
    for place in 0..all.len() {
        let mut part = all.by_index(place).expect("a part");
        let (name, mut text) = (part.name().expect("it has a name").into_owned(), Vec::new());
        part.read_to_end(&mut text).expect("it can be unpacked");
        found.insert(name, String::from_utf8_lossy(&text).into_owned());
    }
    found
}

#[test]
fn documents_and_slides_are_well_formed_and_accessible() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = run(folder.path());
    let made = |kind: &str, language: &str| {
        let name = format!("{language}.{kind}");
        fivep(folder.path(), &["brief", &run, "--language", language, "--output", &name]);
        fs::read(folder.path().join(name)).expect("it is written")
    };
    for (kind, language) in [("docx", "en"), ("docx", "th"), ("pptx", "en"), ("pptx", "th")] {
        let bytes = made(kind, language);
        assert!(bytes == made(kind, language), "the same run gives the same bytes");
        let parts = parts(&bytes);
        for (name, text) in parts.iter().filter(|(name, _)| !name.contains("/media/")) {
            let document = Document::parse(text).unwrap_or_else(|fault| panic!("{kind}, {language}, {name}: {fault}"));
            // What is referred to is there.
            for target in document.descendants().filter_map(|node| node.attribute("Target")) {
                let stem = target.rsplit('/').next().unwrap_or_default();
                assert!(parts.keys().any(|own| own.ends_with(stem)), "{name} refers to {target}");
            }
            for picture in document.descendants().filter(|node| node.has_tag_name("pic")) {
                let about = picture.descendants().find_map(|node| node.attribute("descr")).unwrap_or_default();
                assert!(about.len() > 40, "{name}: a picture says what it shows");
            }
        }
        let core = &parts["docProps/core.xml"];
        assert!(
            core.contains(&format!("<dc:language>{language}</dc:language>")) && core.contains("<dc:creator>Ministry of Examples</dc:creator>"),
            "{core}"
        );
        let (own, phrase) = if language == "en" {
            ("Beds &amp; &lt;b&gt;&quot;shelters&quot;&lt;/b&gt;", "How sure this is")
        } else {
            ("เตียงและที่พักพิง", "แน่ใจได้เพียงใด")
        };
        assert!(core.contains(own), "{core}");
        if kind == "docx" {
            let text = &parts["word/document.xml"];
            assert!(text.contains("w:val=\"Title\"") && text.contains("w:val=\"Heading1\"") && text.contains(phrase));
            assert_eq!(text.matches("<w:tbl>").count(), text.matches("<w:tblHeader/>").count(), "each table has one row of headings");
            assert!(!text.contains("gridSpan") && !text.contains("vMerge"), "no cells are merged");
            assert!(parts["word/styles.xml"].contains(if language == "en" { "w:lang w:val=\"en-GB\"" } else { "w:lang w:val=\"th\"" }));
        } else {
            let slides: Vec<&String> = parts.iter().filter(|(name, _)| name.starts_with("ppt/slides/slide")).map(|(_, text)| text).collect();
            assert!(slides.len() > 6 && slides.iter().all(|slide| slide.matches("type=\"title\"").count() == 1), "each slide has a title");
            assert!(slides.iter().any(|slide| slide.contains(phrase)) && slides.iter().any(|slide| slide.contains("firstRow=\"1\"")));
        }
    }
}

#[test]
fn an_office_program_opens_them() {
    let office = ["soffice", "libreoffice"].into_iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    let Some(office) = office else {
        assert!(std::env::var_os("FIVEP_OFFICE").is_none(), "LibreOffice is required and is not here");
        eprintln!("skipped: LibreOffice is not installed");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let run = run(folder.path());
    fivep(folder.path(), &["brief", &run, "--format", "docx,pptx", "--output", "own"]);
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let convert = |to: &str, from: &str| {
        let output =
            Command::new(office).current_dir(folder.path()).args([&profile, "--headless", "--convert-to", to, from]).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let made = folder.path().join(from).with_extension(to.split(':').next().unwrap_or(to));
        if !made.is_file() && std::env::var_os("FIVEP_OFFICE").is_none() {
            eprintln!("skipped: LibreOffice is here without its part for {from}");
            return None;
        }
        assert!(output.status.success() && made.is_file(), "{from}: {said}");
        Some(fs::read(made).expect("it is there"))
    };
    if let Some(text) = convert("txt:Text (encoded):UTF8", "own.docx") {
        let text = String::from_utf8_lossy(&text).into_owned();
        for phrase in [
            "Beds & <b>\"shelters\"</b>",
            "Which?",
            "How sure this is",
            "What it would cost",
            "What could go wrong",
            "Annex: ",
            "Ministry of Examples",
            "not a forecast",
        ] {
            assert!(text.contains(phrase), "{phrase} in\n{text}");
        }
    }
    // Slides have no text form: what the program writes again of them holds every title.
    if let Some(again) = convert("odp", "own.pptx") {
        let content = &parts(&again)["content.xml"];
        for phrase in ["Beds &amp; &lt;b&gt;", "How sure this is", "What could go wrong", "presentation:class=\"title\""] {
            assert!(content.contains(phrase), "{phrase}");
        }
    }
}
