//! The briefing as a PDF: a template of typst, ours or the user's own, laid out on A4 pages.
//!
//! What the document says is handed over as one file of JSON, and each figure as a file of SVG; no text is ever read as mark-up.
//! The template sees those files, the others of its folder and the embedded fonts, and nothing else of the machine: no disk, no
//! packages, no fonts of the system, and for a clock the day on which the run was started. So the same run gives the same bytes
//! anywhere. The document is tagged, has a title and a language, and tells each figure in words to those who cannot see it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::named::printable;
use super::template::{DOCUMENT, Fault, Templates};
use crate::charts::style::FONTS;
use crate::charts::{Figure, picture};
use crate::results::Manifest;

/// What the template reads.
const CONTENT: &str = "briefing.json";

/// Lays out `content` with the figures and writes it as a PDF, dated and named after the run that `manifest` describes.
///
/// # Errors
/// The template and the line that are wrong, and why.
///
/// # Panics
/// Never: one standard is asked for at a time.
pub fn render(templates: &Templates, content: &Value, drawn: &[Figure], manifest: &Manifest) -> Result<Vec<u8>, Fault> {
    let date = date(&manifest.started);
    let room = Room::new(templates, content, drawn, manifest)?;
    let (document, _) = room.document()?;
    let write = |standards: PdfStandards| {
        let options = PdfOptions {
            ident: Smart::Custom(format!("fivep briefing {} {}", manifest.hash, content["language"])),
            creator: Smart::Custom(Some(format!("fivep {}", manifest.version))),
            timestamp: date.map(Timestamp::new_utc),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options)
    };
    // A document that conforms to PDF/UA-1 says so; one that does not, as by a template of the user's own, is as good as it can be.
    let accessible = PdfStandards::new(&[PdfStandard::Ua_1]).expect("one standard conflicts with no other");
    write(accessible).or_else(|_| write(PdfStandards::default())).map_err(|faults| room.told(&faults))
}

/// All that a template can see.
pub(super) struct Room {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: BTreeMap<String, Source>,
    files: BTreeMap<String, Bytes>,
    date: Option<Datetime>,
}

impl Room {
    /// Gathers what the template may see; figures as outlines, so that they look as they do everywhere else.
    pub(super) fn new(templates: &Templates, content: &Value, drawn: &[Figure], manifest: &Manifest) -> Result<Self, Fault> {
        let fonts: Vec<Font> = FONTS.as_flattened().iter().flat_map(|font| Font::iter(Bytes::new(*font))).collect();
        let sources = templates.ending(&["typ"]).filter_map(|(name, text)| Some((name.to_owned(), Source::new(id(name)?, text.to_owned()))));
        let mut files: BTreeMap<String, Bytes> =
            templates.ending(&["svg"]).map(|(name, text)| (name.to_owned(), Bytes::from_string(text.to_owned()))).collect();
        let mut told = Map::new();
        for figure in drawn {
            files.insert(format!("figures/{}.svg", figure.name), Bytes::from_string(picture::outlined(&figure.svg)?));
            told.insert(figure.name.to_owned(), json!({ "title": figure.title, "description": figure.description }));
        }
        let mut content = printable(content.clone(), manifest);
        content["figures"] = Value::Object(told);
        files.insert(CONTENT.to_owned(), Bytes::from_string(content.to_string()));
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources: sources.collect(),
            files,
            date: date(&manifest.started),
        })
    }

    /// The pages, and what typst would warn of.
    pub(super) fn document(&self) -> Result<(PagedDocument, Fault), Fault> {
        let Warned { output, warnings } = typst::compile(self);
        output.map(|document| (document, self.told(&warnings))).map_err(|faults| self.told(&faults))
    }

    /// Typst's faults with their places.
    fn told(&self, faults: &[SourceDiagnostic]) -> Fault {
        let told = faults.iter().map(|fault| {
            let place = self.place(fault).map_or(String::new(), |(name, line)| format!("{name}, line {line}: "));
            let hints: Vec<String> = fault.hints.iter().map(|hint| format!(" ({})", hint.v)).collect();
            format!("{place}{}{}", fault.message, hints.concat())
        });
        told.collect::<Vec<_>>().join("\n  ")
    }

    /// The file and the line that a fault is about.
    fn place(&self, fault: &SourceDiagnostic) -> Option<(String, usize)> {
        let name = fault.span.id()?.vpath().get_without_slash().to_owned();
        let line = self.sources.get(&name)?.lines().byte_to_line(self.range(fault.span)?.start)?;
        Some((name, line + 1))
    }
}

impl World for Room {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.sources[DOCUMENT].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        find(&self.sources, id)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        find(&self.files, id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        self.date
    }
}

fn find<T: Clone>(all: &BTreeMap<String, T>, id: FileId) -> FileResult<T> {
    let name = id.vpath().get_without_slash();
    let inside = matches!(id.root(), VirtualRoot::Project);
    all.get(name).filter(|_| inside).cloned().ok_or_else(|| FileError::NotFound(name.into()))
}

/// The name by which typst knows a file of the template's folder.
fn id(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

/// A manifest's moment, as `2016-03-01T12:00:00Z`.
fn date(started: &str) -> Option<Datetime> {
    let numbers: Vec<i32> = started.trim_end_matches('Z').split(['-', 'T', ':']).map_while(|part| part.parse().ok()).collect();
    let [year, rest @ ..] = numbers.as_slice() else { return None };
    let [month, day, hour, minute, second] = <[i32; 5]>::try_from(rest).ok()?.map(|part| u8::try_from(part).unwrap_or(u8::MAX));
    Datetime::from_ymd_hms(*year, month, day, hour, minute, second)
}
