//! What documents of an office share: parts of Open XML, packed into one file.
//!
//! A document is a folder of XML parts, which say how they belong together by relationships; `docx` and `pptx` write the parts. The same content
//! gives the same bytes: the entries have no clock, and the document's own is that of the run.
//!
//! Absent on purpose: reading such a file, and a library for it. Of those that write documents of Word, the best kept one knows no text in place of a
//! picture, no row of headings and no language, and one for slides that is well kept was not found.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Material;
use super::template::Fault;
use crate::charts::style::harmless;

/// The head of every part.
pub const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// English metric units in a millimetre.
pub const MILLIMETRE: f64 = 36_000.0;

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// What a document says of itself.
#[derive(Clone, Debug)]
pub struct Properties {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Who wrote it.
    pub author: String,
    /// Its language, such as `en`.
    pub language: String,
    /// When it was made, as `2026-11-30T12:34:56Z`; empty where nobody says.
    pub moment: String,
}

impl Properties {
    /// What the briefing `content` of `material` says of itself.
    #[must_use]
    pub fn of(material: &Material<'_>, content: &Value) -> Self {
        let manifest = &material.source.record.manifest;
        let people = [&material.imprint.office, &material.imprint.author].map(|name| harmless(name));
        let people: Vec<&str> = people.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        Self {
            title: format!("{} – {}", text(content, "/title"), text(content, "/words/kind")),
            description: text(content, "/words/page_description").to_owned(),
            author: if people.is_empty() { format!("fivep {}", manifest.version) } else { people.join(", ") },
            language: text(content, "/language").to_owned(),
            moment: manifest.started.clone(),
        }
    }

    /// The language as programs of an office know it.
    #[must_use]
    pub fn tongue(&self) -> &str {
        if self.language == "en" { "en-GB" } else { &self.language }
    }
}

/// The text of `content` at `place`; empty where there is none.
#[must_use]
pub fn text<'a>(content: &'a Value, place: &str) -> &'a str {
    content.pointer(place).and_then(Value::as_str).unwrap_or_default()
}

/// The parts of a document.
#[derive(Debug, Default)]
pub struct Package {
    parts: Vec<(String, Vec<u8>)>,
    types: Vec<(String, &'static str)>,
}

impl Package {
    /// Adds a part of XML, whose `body` follows its head, and what sort of part it is.
    pub fn part(&mut self, path: &str, sort: &'static str, body: &str) {
        self.types.push((path.to_owned(), sort));
        self.parts.push((path.to_owned(), format!("{XML}{body}").into_bytes()));
    }

    /// Adds a picture.
    pub fn picture(&mut self, path: &str, png: Vec<u8>) {
        self.parts.push((path.to_owned(), png));
    }

    /// Adds what the part `path` refers to: for each, its name there, its sort and its place seen from that part.
    pub fn relations(&mut self, path: &str, all: &[(String, &str, String)]) {
        let mut body = format!("<Relationships xmlns=\"{RELATIONS}\">");
        for (name, sort, target) in all {
            let sort = if sort.contains(':') { (*sort).to_owned() } else { format!("{OFFICE}/{sort}") };
            let _ = write!(body, "<Relationship Id=\"{name}\" Type=\"{sort}\" Target=\"{target}\"/>");
        }
        body.push_str("</Relationships>");
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.parts.push((format!("{folder}_rels/{name}.rels"), format!("{XML}{body}").into_bytes()));
    }

    /// The whole as one file, whose main part is `main`.
    ///
    /// # Errors
    /// What the packing library says.
    pub fn packed(mut self, main: &str, properties: &Properties) -> Result<Vec<u8>, Fault> {
        self.part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", &core(properties));
        let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
        self.relations("", &[relation(1, "officeDocument", main), relation(2, core, "docProps/core.xml")]);
        let mut types = String::from("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">");
        types.push_str("<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>");
        types.push_str("<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>");
        for (path, sort) in &self.types {
            let _ = write!(types, "<Override PartName=\"/{path}\" ContentType=\"{sort}\"/>");
        }
        types.push_str("</Types>");
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let first = ("[Content_Types].xml".to_owned(), format!("{XML}{types}").into_bytes());
        for (path, bytes) in std::iter::once(first).chain(self.parts) {
            // A picture is packed already.
            let method = if bytes.starts_with(b"\x89PNG") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            let options = SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default());
            zip.start_file(path, options).map_err(|fault| fault.to_string())?;
            zip.write_all(&bytes).map_err(|fault| fault.to_string())?;
        }
        Ok(zip.finish().map_err(|fault| fault.to_string())?.into_inner())
    }
}

/// What a part refers to, as `rId1`, `rId2` and so on.
#[must_use]
pub fn relation<'a>(number: usize, sort: &'a str, target: &str) -> (String, &'a str, String) {
    (format!("rId{number}"), sort, target.to_owned())
}

fn core(properties: &Properties) -> String {
    let Properties { title, description, author, language, moment } = properties;
    let mut text = String::from(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">",
    );
    for (name, value) in [("dc:title", title), ("dc:creator", author), ("dc:description", description), ("dc:language", language)] {
        let _ = write!(text, "<{name}>{}</{name}>", escaped(value));
    }
    if !moment.is_empty() {
        for name in ["created", "modified"] {
            let _ = write!(text, "<dcterms:{name} xsi:type=\"dcterms:W3CDTF\">{}</dcterms:{name}>", escaped(moment));
        }
    }
    text + "</cp:coreProperties>"
}

/// A text as XML, in an element or an attribute. Signs that XML cannot hold are left out.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            control if control.is_control() => {}
            '\u{fffe}' | '\u{ffff}' => {}
            plain => out.push(plain),
        }
    }
    out
}

/// How wide and how high a PNG is, in pixels, as its first chunk says.
#[must_use]
pub fn size(png: &[u8]) -> Option<(f64, f64)> {
    let side = |at: usize| Some(f64::from(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?)));
    Some((side(16)?, side(20)?)).filter(|(wide, high)| *wide > 0.0 && *high > 0.0)
}
