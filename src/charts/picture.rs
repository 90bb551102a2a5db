//! From SVG with live text to what looks the same on every machine: outlines, and pixels.
//!
//! Only the embedded fonts are known here, never those of the machine, so the bytes depend on nothing but the figure.

use std::sync::{Arc, OnceLock};

use ab_glyph::{Font, FontRef};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, Options, Tree, WriteOptions, fontdb};

use super::style::{FONTS, WIDTH};
use super::syllables::{self, attribute, each_text};

/// How much larger than its natural size a picture in pixels is: 1920 pixels wide.
const ENLARGED: f32 = 3.0;

fn options() -> Options<'static> {
    static KNOWN: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let mut known = fontdb::Database::new();
        for font in FONTS.as_flattened() {
            known.load_font_data(font.to_vec());
        }
        known.set_sans_serif_family("Inter");
        Arc::new(known)
    });
    let resolver = FontResolver {
        select_font: FontResolver::default_font_selector(),
        // The font that knows the letter, in the weight of the first: the default would set Thai in bold titles plain.
        select_fallback: Box::new(|letter, used, known| {
            let weight = known.face(*used.first()?)?.weight.0;
            let knows = |font: &[u8]| FontRef::try_from_slice(font).is_ok_and(|font| font.glyph_id(letter).0 != 0);
            let able = known.faces().filter(|face| !used.contains(&face.id) && known.with_face_data(face.id, |font, _| knows(font)) == Some(true));
            let fallback = able.min_by_key(|face| face.weight.0.abs_diff(weight));
            fallback.map(|face| face.id)
        }),
    };
    Options { fontdb: Arc::clone(known), font_family: "Inter".to_owned(), font_resolver: resolver, ..Options::default() }
}

fn tree(svg: &str) -> Result<Tree, String> {
    Tree::from_str(&syllables::apart(&each_text(&apart(svg), lowered)), &options()).map_err(|fault| fault.to_string())
}

/// One text lowered as a whole by what its `dy` says; nothing where it has none of ours.
///
/// What turns a picture into outlines shifts a text from its first letter on, which in scripts that run from right to left it draws last: the
/// first letter alone would be lowered.
fn lowered(element: &str) -> Option<String> {
    let (head, text) = element.split_once('>')?;
    let (y, dy, size) = (attribute(head, "y")?, attribute(head, "dy")?, attribute(head, "font-size")?);
    // The height of a small letter counts as half of the size, there as here.
    let (dy, unit) = dy.split_at_checked(dy.len().checked_sub(2)?)?;
    let times = dy.parse::<f64>().ok()? * if unit == "ex" { 0.5 } else { 1.0 };
    let lower = y.parse::<f64>().ok()? + times * size.parse::<f64>().ok()?;
    let head = head.replacen(&format!(" y=\"{y}\""), &format!(" y=\"{lower:.3}\""), 1).replacen(&format!(" dy=\"{dy}{unit}\""), "", 1);
    Some(format!("{head}>{text}"))
}

/// `svg` with the Thai vowel am (ำ) as the two signs that it is drawn by, the ring before a tone mark.
///
/// The shaper takes it apart itself, but then counts it and the letter before as one place as wide as the wider of both, so that what follows
/// would be written over it.
fn apart(svg: &str) -> String {
    let mut said = String::with_capacity(svg.len());
    for letter in svg.chars() {
        if letter == '\u{e33}' {
            let tone = said.chars().next_back().filter(|last| ('\u{e48}'..='\u{e4b}').contains(last));
            said.truncate(said.len() - tone.map_or(0, char::len_utf8));
            said.push('\u{e4d}');
            said.extend(tone);
            said.push('\u{e32}');
        } else {
            said.push(letter);
        }
    }
    said
}

/// `svg` with every text as outlines, its size, title and description kept: it needs no font at all.
///
/// # Errors
/// What is wrong with `svg`, which no figure of ours can be.
pub fn outlined(svg: &str) -> Result<String, String> {
    let writing = WriteOptions { coordinates_precision: 1, transforms_precision: 5, ..WriteOptions::default() };
    let drawn = tree(svg)?.to_string(&writing);
    // The outlines lose what is read aloud; it is taken over from the original, with the opening tag that refers to it.
    let head_end = svg.find("</desc>").map(|place| place + "</desc>".len()).ok_or("there is no description")?;
    let body_start = drawn.find('>').map(|place| place + 1).ok_or("there is no document")?;
    let scaled = drawn.get(body_start..).unwrap_or("");
    // usvg resolves the viewBox into plain units, so the head must no longer shrink anything.
    let head = svg.get(..head_end).unwrap_or("");
    let (before, rest) = head.split_once(" viewBox=\"").ok_or("there is no viewBox")?;
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    let size = |key: &str| attribute(head, key).unwrap_or("");
    Ok(format!("{before} viewBox=\"0 0 {} {}\"{after}{scaled}", size("width"), size("height")))
}

/// `svg` as PNG, three times its natural size.
///
/// # Errors
/// What is wrong with `svg`, which no figure of ours can be.
pub fn png(svg: &str) -> Result<Vec<u8>, String> {
    let tree = tree(svg)?;
    let size = tree.size();
    let (wide, high) = ((WIDTH as f32 * ENLARGED) as u32, (size.height() * ENLARGED).ceil() as u32);
    let mut pixels = Pixmap::new(wide, high).ok_or("the picture is too large")?;
    resvg::render(&tree, Transform::from_scale(ENLARGED, ENLARGED), &mut pixels.as_mut());
    pixels.encode_png().map_err(|fault| fault.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A whole word stands as high as it does where it is put there at once.
    #[test]
    fn a_text_from_right_to_left_is_lowered_as_a_whole() {
        let box_of = |place: &str| {
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"90\"><text x=\"10\" {place} font-size=\"20\">\nمحكمة\n</text></svg>"
            );
            let found = tree(&svg).expect("our own document").root().abs_bounding_box();
            [found.top(), found.bottom()]
        };
        for (shift, y) in [("0.76em", "55.2"), ("0.5ex", "45"), ("-0.5ex", "35")] {
            let (shifted, put) = (box_of(&format!("y=\"40\" dy=\"{shift}\"")), box_of(&format!("y=\"{y}\"")));
            assert!(shifted.iter().zip(put).all(|(one, other)| (one - other).abs() < 0.01), "{shift}: {shifted:?} {put:?}");
        }
    }

    /// The ring over a letter takes no room of its own, and the rest of the vowel as much as the vowel aa.
    #[test]
    fn nothing_is_written_over_the_thai_vowel_am() {
        let wide = |text: &str| {
            let svg = format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"60\"><text x=\"10\" y=\"40\" font-size=\"20\">{text}</text></svg>"
            );
            tree(&svg).expect("our own document").root().abs_bounding_box().width()
        };
        for (with, without) in [("กำก", "กาก"), ("น้ำน", "น้าน"), ("จำลองสำรวจ", "จาลองสารวจ")]
        {
            assert!((wide(with) - wide(without)).abs() < 0.5, "{with}: {} and {}", wide(with), wide(without));
        }
        assert_eq!(apart("น้ำ จำ a"), "น\u{e4d}\u{e49}\u{e32} จ\u{e4d}\u{e32} a");
    }
}
