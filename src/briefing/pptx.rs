//! The briefing's first part as slides: the question, the answer, how sure it is, what it costs, what could go wrong, and the figures.
//!
//! Each slide has a title that programs know as one; texts stand in the place that the layout gives them, tables have a row of headings, and each
//! picture has a text in its place.
//!
//! Absent on purpose: what is said (`outline`), how a document is packed (`package`), and the annex, which is for readers and not for a wall.

use std::fmt::Write;

use serde_json::Value;

use super::outline::{Block, Table, outline};
use super::package::{MILLIMETRE, Package, Properties, escaped, relation, size, text};
use super::template::Fault;
use crate::charts::{Figure, picture};

/// A slide, in millimetres: 16 to 9.
const WIDE: f64 = 338.67;
const HIGH: f64 = 190.5;
/// The margins at the sides, and where a slide's body begins and ends.
const SIDE: f64 = 16.0;
const TOP: f64 = 38.0;
const FOOT: f64 = 180.0;
/// About so many letters fill a slide; what is more goes on to the next.
const LETTERS: usize = 900;
/// So many rows of a table a slide holds.
const ROWS: usize = 7;
/// The figures that have slides of their own.
const FIGURES: [&str; 5] = ["ranking", "fans", "difference", "cascade", "cost"];

const NAMES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

/// A slide: its title, what stands on it, and the picture that it shows.
struct Slide<'a> {
    title: String,
    body: Body<'a>,
}

enum Body<'a> {
    /// The first slide: what stands below the title.
    Cover(String),
    /// Sentences; whether each stands out.
    Texts(Vec<(bool, String)>),
    Table(Table),
    Figure(&'a Figure),
}

/// Lays out `content` with the figures as slides.
///
/// # Errors
/// A figure that cannot be drawn, or what the packing library says.
pub fn render(content: &Value, drawn: &[Figure], properties: &Properties) -> Result<Vec<u8>, Fault> {
    let mut package = Package::default();
    let slides = slides(content, drawn);
    let language = properties.tongue();
    let mut shown = vec![relation(1, "slideMaster", "slideMasters/slideMaster1.xml")];
    let mut list = String::new();
    for (number, slide) in (1..).zip(&slides) {
        let layout = if matches!(slide.body, Body::Cover(_)) { 1 } else { 2 };
        let mut relations = vec![relation(1, "slideLayout", &format!("../slideLayouts/slideLayout{layout}.xml"))];
        let mut inner = words("title", None, 2, "Title", &[(false, slide.title.clone())], language);
        match &slide.body {
            Body::Cover(below) => inner.push_str(&words("subTitle", Some(1), 3, "Subtitle", &[(false, below.clone())], language)),
            Body::Texts(texts) => inner.push_str(&words("body", Some(1), 3, "Text", texts, language)),
            Body::Table(own) => inner.push_str(&table(own, language)),
            Body::Figure(figure) => {
                let png = picture::png(&figure.svg)?;
                inner.push_str(&drawing(figure, &png));
                relations.push(relation(2, "image", &format!("../media/{}.png", figure.name)));
                package.picture(&format!("ppt/media/{}.png", figure.name), png);
            }
        }
        let path = format!("ppt/slides/slide{number}.xml");
        package.part(&path, "application/vnd.openxmlformats-officedocument.presentationml.slide+xml", &sheet("sld", "", &inner));
        package.relations(&path, &relations);
        let place = shown.len() + 1;
        shown.push(relation(place, "slide", &format!("slides/slide{number}.xml")));
        let _ = write!(list, "<p:sldId id=\"{}\" r:id=\"rId{place}\"/>", 255 + number);
    }
    frame(&mut package, language);
    let sides = format!("<p:sldSz cx=\"{}\" cy=\"{}\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/>", metric(WIDE), metric(HIGH));
    let masters = "<p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>";
    let body = format!("<p:presentation {NAMES}>{masters}<p:sldIdLst>{list}</p:sldIdLst>{sides}</p:presentation>");
    package.part("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", &body);
    package.relations("ppt/presentation.xml", &shown);
    package.packed("ppt/presentation.xml", properties)
}

/// The slides: a cover, the first part of the outline, figures.
fn slides<'a>(content: &Value, drawn: &'a [Figure]) -> Vec<Slide<'a>> {
    let text = |place: &str| text(content, place).to_owned();
    let kind = format!("{} · {} · {}", text("/words/kind"), text("/country"), text("/window"));
    let mut slides = vec![];
    let mut open: (String, Vec<(bool, String)>) = (String::new(), vec![]);
    let mut below = vec![kind];
    for block in outline(content) {
        let said = match block {
            Block::Annex(_) => break,
            Block::Pairs(pairs) => {
                below.extend(pairs.iter().map(|[_, value]| value.clone()));
                continue;
            }
            Block::Heading(_, title) => {
                let (title, texts) = std::mem::replace(&mut open, (title, vec![]));
                spread(&mut slides, &title, texts);
                continue;
            }
            Block::Table(own) => {
                // As many on each slide, so that none has a row alone.
                let parts = own.rows.len().div_ceil(ROWS).max(1);
                let rows: Vec<Vec<Vec<String>>> = own.rows.chunks(own.rows.len().div_ceil(parts).max(1)).map(<[_]>::to_vec).collect();
                let part =
                    |rows| Slide { title: open.0.clone(), body: Body::Table(Table { caption: own.caption.clone(), head: own.head.clone(), rows }) };
                slides.extend(rows.into_iter().map(part));
                continue;
            }
            Block::Figure(..) | Block::Note(_) => continue,
            Block::Lead(said) => vec![(true, said)],
            Block::Text(said) | Block::Closing(said) => vec![(false, said)],
            Block::List(items) => {
                items.into_iter().map(|(head, rest)| (false, if head.is_empty() { rest } else { format!("{head}: {rest}") })).collect()
            }
        };
        open.1.extend(said);
    }
    spread(&mut slides, &open.0, open.1);
    for figure in FIGURES.iter().filter_map(|name| drawn.iter().find(|figure| figure.name == *name)) {
        // What is to be seen, without how to read it; what was found stands in the picture.
        let caption = text(&format!("/words/figures/{}", figure.name));
        let title = caption.split_once(". ").map_or(caption.as_str(), |(first, _)| first).trim_end_matches('.').to_owned();
        slides.push(Slide { title, body: Body::Figure(figure) });
    }
    slides.insert(0, Slide { title: text("/title"), body: Body::Cover(below.join("\n")) });
    slides
}

/// One slide, or more where there is more to say than one holds.
fn spread(slides: &mut Vec<Slide<'_>>, title: &str, texts: Vec<(bool, String)>) {
    let (mut part, mut letters) = (vec![], 0);
    for (strong, text) in texts {
        let length = text.chars().count() + 40;
        if letters > 0 && letters + length > LETTERS {
            slides.push(Slide { title: title.to_owned(), body: Body::Texts(std::mem::take(&mut part)) });
            letters = 0;
        }
        letters += length;
        part.push((strong, text));
    }
    if !part.is_empty() {
        slides.push(Slide { title: title.to_owned(), body: Body::Texts(part) });
    }
}

fn metric(millimetres: f64) -> u64 {
    (millimetres * MILLIMETRE) as u64
}

/// Where something stands.
fn place(tag: &str, left: f64, top: f64, wide: f64, high: f64) -> String {
    let [left, top, wide, high] = [left, top, wide, high].map(metric);
    format!("<{tag}><a:off x=\"{left}\" y=\"{top}\"/><a:ext cx=\"{wide}\" cy=\"{high}\"/></{tag}>")
}

/// A text as one paragraph.
fn line(text: &str, strong: bool, points: Option<f64>, language: &str) -> String {
    let points = points.map_or_else(String::new, |points| format!(" sz=\"{}\"", (points * 100.0) as u32));
    let strong = if strong { " b=\"1\"" } else { "" };
    format!("<a:p><a:r><a:rPr lang=\"{language}\"{points}{strong}/><a:t>{}</a:t></a:r></a:p>", escaped(text))
}

/// Texts in the place that the layout has for them; longer ones in smaller letters, so that they stay in it.
fn words(sort: &str, index: Option<u32>, id: u32, name: &str, texts: &[(bool, String)], language: &str) -> String {
    let letters: usize = texts.iter().map(|(_, text)| text.chars().count() + 40).sum();
    let points = match (sort, letters) {
        ("title", 0..=110) | ("subTitle", _) => None,
        ("title", 111..=220) => Some(20.0),
        ("title", _) => Some(14.0),
        (_, 0..=420) => None,
        (_, 421..=700) => Some(17.0),
        (_, 701..=1100) => Some(14.5),
        _ => Some(11.0),
    };
    let index = index.map_or_else(String::new, |index| format!(" idx=\"{index}\""));
    let lines: String =
        texts.iter().flat_map(|(strong, text)| text.split('\n').map(|text| line(text, *strong, points, language)).collect::<Vec<_>>()).collect();
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"{sort}\"{index}/></p:nvPr></p:nvSpPr>\
         <p:spPr/><p:txBody><a:bodyPr><a:normAutofit/></a:bodyPr><a:lstStyle/>{lines}</p:txBody></p:sp>"
    )
}

/// A table with a row of headings.
fn table(what: &Table, language: &str) -> String {
    let columns = what.head.len().max(1);
    let wide = (WIDE - 2.0 * SIDE) / columns as f64;
    let grid = format!("<a:gridCol w=\"{}\"/>", metric(wide)).repeat(columns);
    let edge = |side: &str| format!("<a:{side} w=\"6350\"><a:solidFill><a:srgbClr val=\"565A62\"/></a:solidFill></a:{side}>");
    let none = |side: &str| format!("<a:{side}><a:noFill/></a:{side}>");
    let edges = [none("lnL"), none("lnR"), none("lnT"), edge("lnB")].concat();
    let cell = |text: &String, strong: bool| {
        let inner = line(text, strong, Some(12.0), language);
        format!("<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{inner}</a:txBody><a:tcPr marL=\"36000\" marR=\"72000\">{edges}<a:noFill/></a:tcPr></a:tc>")
    };
    let row = |cells: &[String], head: bool| {
        let cells: String = cells.iter().enumerate().map(|(place, text)| cell(text, head || place == 0)).collect();
        format!("<a:tr h=\"{}\">{cells}</a:tr>", metric(10.0))
    };
    let rows: String = what.rows.iter().map(|cells| row(cells, false)).collect();
    format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"3\" name=\"Table\" descr=\"{}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{}\
         <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>{grid}</a:tblGrid>{}{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>",
        escaped(&what.caption),
        place("p:xfrm", SIDE, TOP, WIDE - 2.0 * SIDE, 10.0 * (what.rows.len() + 1) as f64),
        row(&what.head, true)
    )
}

/// A figure as large as the slide's body, with what it shows in words.
fn drawing(figure: &Figure, png: &[u8]) -> String {
    let (wide, high) = size(png).unwrap_or((1.0, 1.0));
    let scale = ((WIDE - 2.0 * SIDE) / wide).min((FOOT + 6.0 - TOP) / high);
    let (wide, high) = (wide * scale, high * scale);
    format!(
        "<p:pic><p:nvPicPr><p:cNvPr id=\"3\" name=\"{}\" descr=\"{}\" title=\"{}\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>\
         <p:blipFill><a:blip r:embed=\"rId2\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>",
        figure.name,
        escaped(&figure.description),
        escaped(&figure.title),
        place("a:xfrm", (WIDE - wide) / 2.0, TOP, wide, high)
    )
}

/// A slide, a layout or the master: what all of them are made of.
fn sheet(tag: &str, attributes: &str, inner: &str) -> String {
    let root = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>";
    let after = if tag == "sldMaster" { "" } else { "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>" };
    let tree = format!("<p:cSld><p:spTree>{root}{inner}</p:spTree></p:cSld>");
    format!("<p:{tag} {NAMES}{attributes}>{tree}{after}</p:{tag}>")
}

/// A place for text in a layout or the master.
fn holder(sort: &str, index: &str, id: u32, name: &str, at: &str, anchor: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"{sort}\"{index}/></p:nvPr></p:nvSpPr>\
         <p:spPr>{at}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr lIns=\"0\" rIns=\"0\" anchor=\"{anchor}\"><a:normAutofit/></a:bodyPr><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>"
    )
}

/// Master, layouts and theme.
fn frame(package: &mut Package, language: &str) {
    let line = WIDE - 2.0 * SIDE;
    let title = holder("title", "", 2, "Title", &place("a:xfrm", SIDE, 10.0, line, 24.0), "b");
    let body = holder("body", " idx=\"1\"", 3, "Text", &place("a:xfrm", SIDE, TOP, line, FOOT - TOP), "t");
    let cover = holder("title", "", 2, "Title", &place("a:xfrm", SIDE, 45.0, line, 50.0), "b")
        + &holder("subTitle", " idx=\"1\"", 3, "Subtitle", &place("a:xfrm", SIDE, 100.0, line, 60.0), "t");
    let layouts =
        "<p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/><p:sldLayoutId id=\"2147483650\" r:id=\"rId2\"/></p:sldLayoutIdLst>";
    let level = |points: u32, strong: &str, before: u32| {
        format!(
            "<a:lvl1pPr marL=\"0\" indent=\"0\"><a:spcBef><a:spcPts val=\"{before}\"/></a:spcBef><a:buNone/><a:defRPr lang=\"{language}\" sz=\"{points}\"{strong}><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill><a:latin typeface=\"+mn-lt\"/><a:ea typeface=\"+mn-ea\"/><a:cs typeface=\"+mn-cs\"/></a:defRPr></a:lvl1pPr>"
        )
    };
    let styles = format!(
        "<p:txStyles><p:titleStyle>{}</p:titleStyle><p:bodyStyle>{}</p:bodyStyle><p:otherStyle>{}</p:otherStyle></p:txStyles>",
        level(2600, " b=\"1\"", 0),
        level(2000, "", 900),
        level(1800, "", 0)
    );
    let colours = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>";
    let master = sheet("sldMaster", "", &(title.clone() + &body)).replace("</p:sldMaster>", &format!("{colours}{layouts}{styles}</p:sldMaster>"));
    package.part("ppt/slideMasters/slideMaster1.xml", "application/vnd.openxmlformats-officedocument.presentationml.slideMaster+xml", &master);
    let layout = |number: usize| relation(number, "slideLayout", &format!("../slideLayouts/slideLayout{number}.xml"));
    package.relations("ppt/slideMasters/slideMaster1.xml", &[layout(1), layout(2), relation(3, "theme", "../theme/theme1.xml")]);
    for (number, sort, inner) in [(1, "title", cover), (2, "tx", title + &body)] {
        let path = format!("ppt/slideLayouts/slideLayout{number}.xml");
        let own = sheet("sldLayout", &format!(" type=\"{sort}\""), &inner);
        package.part(&path, "application/vnd.openxmlformats-officedocument.presentationml.slideLayout+xml", &own);
        package.relations(&path, &[relation(1, "slideMaster", "../slideMasters/slideMaster1.xml")]);
    }
    package.part("ppt/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml", &theme());
}

/// Colours and letters: those of the figures, and a font that offices have.
fn theme() -> String {
    let colour = |name: &str, value: &str| format!("<a:{name}><a:srgbClr val=\"{value}\"/></a:{name}>");
    let colours = [
        ("dk1", "1A1C20"),
        ("lt1", "FFFFFF"),
        ("dk2", "565A62"),
        ("lt2", "F4F5F7"),
        ("accent1", "005AA0"),
        ("accent2", "A84A00"),
        ("accent3", "565A62"),
        ("accent4", "4A90C4"),
        ("accent5", "D98A4B"),
        ("accent6", "9AA0A8"),
        ("hlink", "005AA0"),
        ("folHlink", "565A62"),
    ];
    let colours: String = colours.iter().map(|(name, value)| colour(name, value)).collect();
    let font = "<a:latin typeface=\"Calibri\"/><a:ea typeface=\"\"/><a:cs typeface=\"Leelawadee UI\"/>";
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let (fills, edges) = (fill.repeat(3), format!("<a:ln w=\"6350\">{fill}</a:ln>").repeat(3));
    let effects = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"fivep\"><a:themeElements><a:clrScheme name=\"fivep\">{colours}</a:clrScheme>\
         <a:fontScheme name=\"fivep\"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>\
         <a:fmtScheme name=\"fivep\"><a:fillStyleLst>{fills}</a:fillStyleLst><a:lnStyleLst>{edges}</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{fills}</a:bgFillStyleLst></a:fmtScheme>\
         </a:themeElements></a:theme>"
    )
}
