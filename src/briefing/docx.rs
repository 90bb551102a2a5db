//! The briefing as a document for word processors, so that an office can put it on its own letterhead and edit it.
//!
//! Headings, lists, tables with a row of headings that comes again on each page, captions and pictures with a text in their place are what word
//! processors know as such; the look is in styles that the reader may change.
//!
//! Absent on purpose: what is said (`outline`), and how a document is packed (`package`).

use std::fmt::Write;

use serde_json::Value;

use super::outline::{Block, Table, outline};
use super::package::{MILLIMETRE, Package, Properties, escaped, relation, size, text};
use super::template::Fault;
use crate::charts::{Figure, picture};

/// How wide a line is, in millimetres: A4 without its margins.
const LINE: f64 = 170.0;
/// How high a picture may be, in millimetres: the first one leaves room for the answer on its page.
const HIGH: [f64; 2] = [115.0, 150.0];
/// Twentieths of a point in a millimetre.
const TWIPS: f64 = 1440.0 / 25.4;

const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

/// Lays out `content` with the figures as a document.
///
/// # Errors
/// A figure that cannot be drawn, or what the packing library says.
pub fn render(content: &Value, drawn: &[Figure], properties: &Properties) -> Result<Vec<u8>, Fault> {
    let mut package = Package::default();
    let mut relations = vec![relation(1, "styles", "styles.xml"), relation(2, "numbering", "numbering.xml")];
    relations.extend([relation(3, "settings", "settings.xml"), relation(4, "footer", "footer.xml")]);
    let text = |place: &str| text(content, place);
    let mut body = styled("Kind", &format!("{} · {}", text("/words/kind"), text("/country")));
    body.push_str(&styled("Title", text("/title")));
    let mut numbered = 0;
    for block in outline(content) {
        match block {
            Block::Heading(level, said) => body.push_str(&styled(if level == 1 { "Heading1" } else { "Heading2" }, &said)),
            Block::Annex(said) => body.push_str(&paragraph("Heading1", "<w:pageBreakBefore/>", &run("", &said))),
            Block::Lead(said) => body.push_str(&styled("Lead", &said)),
            Block::Text(said) => body.push_str(&styled("BodyText", &said)),
            Block::Note(said) => body.push_str(&styled("Note", &said)),
            Block::Closing(said) => body.push_str(&styled("Closing", &said)),
            Block::List(items) => items.iter().for_each(|(head, rest)| body.push_str(&item("ListBullet", head, rest))),
            Block::Pairs(pairs) => pairs.iter().for_each(|[name, value]| body.push_str(&item("Pair", name, value))),
            Block::Table(own) => body.push_str(&table(&own)),
            Block::Figure(name, caption) => {
                let Some(figure) = drawn.iter().find(|figure| figure.name == name) else { continue };
                numbered += 1;
                let png = picture::png(&figure.svg)?;
                let number = relations.len() + 1;
                body.push_str(&drawing(figure, number, numbered, &png));
                relations.push(relation(number, "image", &format!("media/{name}.png")));
                package.picture(&format!("word/media/{name}.png"), png);
                let counted = format!("{} {numbered}. ", text("/words/figure"));
                body.push_str(&paragraph("Caption", "", &(run("<w:b/><w:bCs/>", &counted) + &run("", &caption))));
            }
        }
    }
    let margins = "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1021\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>";
    let section = format!("<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/>{margins}</w:sectPr>");
    package.part(
        "word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        &format!("<w:document {NAMES}><w:body>{body}{section}</w:body></w:document>"),
    );
    package.part("word/styles.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml", &styles(properties));
    package.part("word/numbering.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml", &numbering());
    package.part("word/settings.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml", &settings());
    let foot = format!("{} · {}", text("/country"), text("/window"));
    package.part("word/footer.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml", &footer(&foot));
    package.relations("word/document.xml", &relations);
    package.packed("word/document.xml", properties)
}

/// A piece of text, with what its properties say.
fn run(properties: &str, text: &str) -> String {
    let properties = if properties.is_empty() { String::new() } else { format!("<w:rPr>{properties}</w:rPr>") };
    format!("<w:r>{properties}<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

/// A paragraph of a style, with what else its properties say.
fn paragraph(style: &str, properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{properties}</w:pPr>{runs}</w:p>")
}

fn styled(style: &str, text: &str) -> String {
    paragraph(style, "", &run("", text))
}

/// A paragraph with what stands in bold before it.
fn item(style: &str, head: &str, rest: &str) -> String {
    let head = if head.is_empty() { String::new() } else { run("<w:b/><w:bCs/>", &format!("{head}: ")) };
    paragraph(style, "", &(head + &run("", rest)))
}

/// A table whose first row comes again on each page, and whose rows stay whole.
fn table(what: &Table) -> String {
    let columns = what.head.len().max(1);
    // Columns with more to say are wider.
    let longest = |place: usize| what.rows.iter().chain([&what.head]).map(|row| row[place].chars().count()).max().unwrap_or(0).clamp(9, 36) as f64;
    let all: f64 = (0..columns).map(longest).sum();
    let wide = |place: usize| (longest(place) / all * LINE * TWIPS) as u32;
    let grid: Vec<String> = (0..columns).map(|place| format!("<w:gridCol w:w=\"{}\"/>", wide(place))).collect();
    let grid = grid.concat();
    let row = |cells: &[String], head: bool| {
        let said = cells.iter().enumerate().map(|(place, text)| {
            let style = if head || place == 0 { "TableHead" } else { "TableText" };
            format!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>", wide(place), styled(style, text))
        });
        let again = if head { "<w:tblHeader/>" } else { "" };
        format!("<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{}</w:tr>", said.collect::<String>())
    };
    let caption = escaped(&what.caption);
    let about = format!("<w:tblCaption w:val=\"{caption}\"/><w:tblDescription w:val=\"{caption}\"/>");
    let look = "<w:tblStyle w:val=\"Rows\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLayout w:type=\"fixed\"/><w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/>";
    let rows: String = what.rows.iter().map(|cells| row(cells, false)).collect();
    let before = paragraph("Note", "<w:keepNext/>", &run("", &what.caption));
    format!(
        "{before}<w:tbl><w:tblPr>{look}{about}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{}{rows}</w:tbl>{}",
        row(&what.head, true),
        styled("Gap", "")
    )
}

/// A figure as wide as the line, or as high as may be, with what it shows in words.
fn drawing(figure: &Figure, relation: usize, number: usize, png: &[u8]) -> String {
    let (wide, high) = size(png).unwrap_or((1.0, 1.0));
    let scale = (LINE / wide).min(HIGH[usize::from(number > 1)] / high);
    let [wide, high] = [wide, high].map(|side| (side * scale * MILLIMETRE) as u64);
    let (title, about) = (escaped(&figure.title), escaped(&figure.description));
    let named = format!("id=\"{number}\" name=\"{}\" descr=\"{about}\" title=\"{title}\"", figure.name);
    let shape = format!(
        "<pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{wide}\" cy=\"{high}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr>"
    );
    let inner = format!(
        "<pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId{relation}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>{shape}</pic:pic>"
    );
    let graphic =
        format!("<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">{inner}</a:graphicData></a:graphic>");
    let inline = format!(
        "<wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{wide}\" cy=\"{high}\"/><wp:docPr {named}/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>{graphic}</wp:inline>"
    );
    paragraph("Figure", "", &format!("<w:r><w:drawing>{inline}</w:drawing></w:r>"))
}

/// The styles: a paragraph's name, what it is called, its paragraph and its run.
fn styles(properties: &Properties) -> String {
    let fonts = "<w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:eastAsia=\"Calibri\" w:cs=\"Leelawadee UI\"/>";
    let mut text = format!(
        "<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/><w:lang w:val=\"{0}\" w:eastAsia=\"{0}\" w:bidi=\"{1}\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault><w:pPr><w:spacing w:after=\"120\" w:line=\"264\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>",
        escaped(properties.tongue()),
        if properties.language == "th" { "th-TH" } else { "ar-SA" }
    );
    let size = |half: u32| format!("<w:sz w:val=\"{half}\"/><w:szCs w:val=\"{half}\"/>");
    let bold = |half: u32| format!("<w:b/><w:bCs/>{}", size(half));
    let grey = |half: u32| format!("<w:color w:val=\"565A62\"/>{}", size(half));
    let spaced = |before: u32, after: u32| format!("<w:spacing w:before=\"{before}\" w:after=\"{after}\"/>");
    let heading = |level: u32, before: u32| format!("<w:keepNext/><w:keepLines/>{}<w:outlineLvl w:val=\"{level}\"/>", spaced(before, 80));
    let all = [
        ("Kind", "Kind", spaced(0, 60), grey(20)),
        ("Title", "Title", spaced(0, 200), bold(44)),
        ("Heading1", "heading 1", heading(0, 320), bold(28)),
        ("Heading2", "heading 2", heading(1, 240), bold(23)),
        ("Lead", "Lead", spaced(0, 120), bold(24)),
        ("BodyText", "Body Text", String::new(), String::new()),
        ("Note", "Note", spaced(0, 80), grey(18)),
        ("Pair", "Pair", spaced(0, 40), size(19)),
        ("Figure", "Figure", format!("<w:keepNext/>{}", spaced(160, 60)), String::new()),
        ("Caption", "caption", spaced(0, 200), grey(18)),
        (
            "ListBullet",
            "List Bullet",
            "<w:numPr><w:numId w:val=\"1\"/></w:numPr><w:spacing w:after=\"80\"/><w:ind w:left=\"340\" w:hanging=\"340\"/>".to_owned(),
            String::new(),
        ),
        ("TableText", "Table Text", "<w:spacing w:before=\"30\" w:after=\"30\" w:line=\"240\" w:lineRule=\"auto\"/>".to_owned(), size(17)),
        ("TableHead", "Table Head", "<w:spacing w:before=\"30\" w:after=\"30\" w:line=\"240\" w:lineRule=\"auto\"/>".to_owned(), bold(17)),
        ("Gap", "Gap", "<w:spacing w:after=\"60\" w:line=\"120\" w:lineRule=\"exact\"/>".to_owned(), size(8)),
        ("Closing", "Caveat", spaced(320, 0), bold(20)),
        ("Footer", "footer", spaced(0, 0), grey(17)),
    ];
    for (id, name, paragraph, run) in all {
        let _ = write!(
            text,
            "<w:style w:type=\"paragraph\" w:customStyle=\"{}\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>",
            u8::from(matches!(id, "Kind" | "Lead" | "Note" | "Pair" | "Figure" | "TableText" | "TableHead" | "Gap" | "Closing"))
        );
    }
    let line = |side: &str, wide: u32, colour: &str| format!("<w:{side} w:val=\"single\" w:sz=\"{wide}\" w:space=\"0\" w:color=\"{colour}\"/>");
    let _ = write!(
        text,
        "<w:style w:type=\"table\" w:customStyle=\"1\" w:styleId=\"Rows\"><w:name w:val=\"Rows\"/><w:tblPr><w:tblBorders>{}{}{}</w:tblBorders><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"100\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>\
         <w:tblStylePr w:type=\"firstRow\"><w:tcPr><w:tcBorders>{}</w:tcBorders></w:tcPr></w:tblStylePr></w:style></w:styles>",
        line("top", 4, "DEE1E6"),
        line("bottom", 4, "DEE1E6"),
        line("insideH", 4, "DEE1E6"),
        line("bottom", 8, "565A62")
    );
    text
}

/// One list, with dots.
fn numbering() -> String {
    let level = "<w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"•\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"340\" w:hanging=\"340\"/></w:pPr></w:lvl>";
    format!(
        "<w:numbering {NAMES}><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"singleLevel\"/>{level}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
    )
}

fn settings() -> String {
    let mode = "<w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/>";
    format!("<w:settings {NAMES}><w:defaultTabStop w:val=\"720\"/><w:compat>{mode}</w:compat></w:settings>")
}

/// What stands at the foot of each page, with its number.
fn footer(text: &str) -> String {
    let number = |field: &str| format!("<w:fldSimple w:instr=\"{field}\">{}</w:fldSimple>", run("", "1"));
    let tab = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", (LINE * TWIPS) as u32);
    let runs = run("", text) + "<w:r><w:tab/></w:r>" + &number("PAGE") + &run("", " / ") + &number("NUMPAGES");
    format!("<w:ftr {NAMES}>{}</w:ftr>", paragraph("Footer", &tab, &runs))
}
