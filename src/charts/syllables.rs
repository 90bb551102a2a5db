//! Khmer and Burmese as pixels and outlines: every syllable is a text of its own, put where the one before it ends.
//!
//! What turns a picture into outlines guesses one script for a whole line, and takes a syllable of several letters for as wide as the widest of them. In
//! these two scripts letters change places and stand beside each other within a syllable, so that either would write them over each other. The shaper
//! that it uses itself says here how wide each syllable is.
//!
//! Absent on purpose: scripts that come out right as they are (Latin, Thai, Lao, Arabic).

use std::fmt::Write;

use rustybuzz::{Face, UnicodeBuffer, shape};

use super::style::{BURMESE, FONTS, KHMER, Weight, width};

/// `svg` with every text in these scripts taken apart.
pub(super) fn apart(svg: &str) -> String {
    each_text(svg, texts)
}

/// `svg` with every text as `changed` makes it; one of which that makes nothing stays as it is.
pub(super) fn each_text(svg: &str, changed: fn(&str) -> Option<String>) -> String {
    let mut said = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some((before, from)) = rest.find("<text ").map(|start| rest.split_at(start)) {
        let end = from.find("</text>").map_or(from.len(), |end| end + "</text>".len());
        let (element, after) = from.split_at(end);
        said.push_str(before);
        said.push_str(&changed(element).unwrap_or_else(|| element.to_owned()));
        rest = after;
    }
    said + rest
}

/// What the opening tag `head` says under `key`.
pub(super) fn attribute<'a>(head: &'a str, key: &str) -> Option<&'a str> {
    head.split_once(&format!(" {key}=\"")).and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value)
}

/// One text as several; nothing where it holds no letter of these scripts, or is none of ours.
fn texts(element: &str) -> Option<String> {
    let (head, text) = element.strip_suffix("</text>")?.split_once('>')?;
    let text = text.trim_matches('\n');
    text.chars().find_map(font)?;
    let attribute = |key: &str| attribute(head, key);
    let (x, size) = (attribute("x")?, attribute("font-size")?.parse::<f64>().ok()?);
    let weight = if attribute("font-weight") == Some("bold") { Weight::Bold } else { Weight::Regular };
    let anchor = attribute("text-anchor").unwrap_or("start");
    let pieces = pieces(text, size, weight);
    let whole: f64 = pieces.iter().map(|(_, wide)| wide).sum();
    let mut at = x.parse::<f64>().ok()?
        - match anchor {
            "middle" => whole / 2.0,
            "end" => whole,
            _ => 0.0,
        };
    let mut said = String::new();
    for (piece, wide) in pieces {
        let head = head.replacen(&format!(" x=\"{x}\""), &format!(" x=\"{at:.2}\""), 1);
        let _ = write!(said, "{}>{piece}</text>", head.replacen(&format!("text-anchor=\"{anchor}\""), "text-anchor=\"start\"", 1));
        at += wide;
    }
    Some(said)
}

/// Which of the fonts of [`FONTS`] has the letter, if it is one of these scripts.
fn font(letter: char) -> Option<usize> {
    match letter {
        '\u{1000}'..='\u{109f}' | '\u{aa60}'..='\u{aa7f}' => Some(BURMESE),
        '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{19ff}' => Some(KHMER),
        _ => None,
    }
}

/// Syllables of these scripts and what stands between them, each with how wide it is.
fn pieces(text: &str, size: f64, weight: Weight) -> Vec<(&str, f64)> {
    let mut pieces = vec![];
    let mut rest = text;
    while let Some(script) = rest.chars().next().map(font) {
        let end = rest.find(|letter| font(letter) != script).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        match script.and_then(|script| Face::from_slice(FONTS[weight as usize][script], 0)) {
            Some(face) => pieces.extend(shaped(run, size, &face)),
            None => pieces.push((run, width(&plain(run), size, weight))),
        }
        rest = after;
    }
    pieces
}

/// A run of one script by syllables.
fn shaped<'a>(run: &'a str, size: f64, face: &Face<'_>) -> Vec<(&'a str, f64)> {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(run);
    buffer.guess_segment_properties();
    let glyphs = shape(face, &[], buffer);
    let mut syllables: Vec<(usize, f64)> = vec![];
    for (glyph, place) in glyphs.glyph_infos().iter().zip(glyphs.glyph_positions()) {
        let (from, wide) = (glyph.cluster as usize, f64::from(place.x_advance) * size / f64::from(face.units_per_em()));
        match syllables.last_mut().filter(|(last, _)| *last == from) {
            Some((_, so_far)) => *so_far += wide,
            None => syllables.push((from, wide)),
        }
    }
    let ends = syllables.iter().skip(1).map(|(from, _)| *from).chain([run.len()]);
    syllables.iter().zip(ends).filter_map(|((from, wide), end)| Some((run.get(*from..end)?, *wide))).collect()
}

/// A text as it is read, without what its mark-up needs.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_stand_one_after_the_other_and_nothing_is_lost() {
        for text in ["ជម្រកសុវត្ថិភាព", "ခိုလှုံရာနေရာများနှင့်", "“ជម្រក” & ခို would leave"]
        {
            let pieces = pieces(text, 20.0, Weight::Bold);
            assert_eq!(pieces.iter().map(|(piece, _)| *piece).collect::<String>(), text);
            assert!(pieces.len() > 2 && pieces.iter().all(|(_, wide)| *wide > 0.0), "{pieces:?}");
        }
        let text = "<text x=\"50\" y=\"9\" text-anchor=\"middle\" font-size=\"20\">\nខ្មែរ\n</text><text x=\"1\">plain</text>";
        let parted = apart(text);
        assert!(parted.contains("text-anchor=\"start\"") && parted.ends_with("<text x=\"1\">plain</text>"), "{parted}");
        let first: f64 = parted.split("x=\"").nth(1).and_then(|rest| rest.split('"').next()).and_then(|x| x.parse().ok()).expect("a number");
        assert!((20.0..50.0).contains(&first), "{parted}");
        assert_eq!(apart("<svg><text x=\"1\">ไทย ລາວ</text></svg>"), "<svg><text x=\"1\">ไทย ລາວ</text></svg>");
    }
}
