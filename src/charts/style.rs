//! The look of all figures: palette, type sizes, and how wide a text is.
//!
//! Sizes are in the figure's own units, of which a page is [`WIDTH`] wide; printed over the text width of an A4 page
//! one unit is about three quarters of a point. Colours can be told apart by the colour-blind; what must also be told apart in grey print differs in
//! more than colour (dashes, hollow marks, words).
//!
//! Absent on purpose: anything that knows what is drawn.

use std::collections::HashMap;
use std::sync::OnceLock;

use ab_glyph::{Font, FontRef};
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

/// A colour: red, green, blue.
pub type Colour = (u8, u8, u8);

/// Fewer or less: of blue and orange each has one meaning, the direction of a difference.
pub const BLUE: Colour = (0, 90, 160);
/// More.
pub const ORANGE: Colour = (204, 92, 0);
/// The baseline; the two ledgers have no colour of their own, but headings.
pub const SLATE: Colour = (72, 78, 92);
/// The variant.
pub const GREEN: Colour = (0, 115, 92);
/// Text.
pub const INK: Colour = (26, 28, 32);
/// Subtitles, axes, notes.
pub const GREY: Colour = (96, 100, 108);
/// Context: what is there but not the point.
pub const PALE: Colour = (150, 154, 162);
/// Grid lines and cells without a finding.
pub const FAINT: Colour = (222, 225, 230);
/// Paper.
pub const WHITE: Colour = (255, 255, 255);

/// How wide every figure is.
pub const WIDTH: f64 = 640.0;
/// What is left free on all sides.
pub const MARGIN: f64 = 22.0;
/// The size of a title.
pub const TITLE: f64 = 18.5;
/// The size of a panel's heading and of labels.
pub const LABEL: f64 = 13.5;
/// The size of subtitles and of axes.
pub const SMALL: f64 = 12.0;
/// The size of the closing line.
pub const TINY: f64 = 11.0;
/// How thick a median is.
pub const MEDIAN: f64 = 2.4;
/// The opacity of a band that holds 90 % of the futures.
pub const BAND_90: f64 = 0.14;
/// The opacity of a band that holds 50 % of the futures, over the other.
pub const BAND_50: f64 = 0.26;

/// Where a line may break without a space: a space of no width.
pub const BREAK: char = '\u{200b}';

/// The families asked for, the embedded ones first; also the name under which plotters knows them.
pub const FAMILY: &str = "Inter, Noto Sans Thai, sans-serif";

/// How heavy a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Plain.
    Regular,
    /// For titles, headings, and what must be found at once.
    Bold,
}

/// The place of the Khmer font in each row of [`FONTS`].
pub const KHMER: usize = 3;
/// The place of the Burmese font in each row of [`FONTS`].
pub const BURMESE: usize = 4;

/// The embedded fonts, plain and bold: Latin, Thai, and the scripts of the neighbours: Lao, Khmer, Burmese, Arabic (as in Jawi).
pub const FONTS: [[&[u8]; 6]; 2] = [
    [
        include_bytes!("../../assets/fonts/Inter-Regular.otf"),
        include_bytes!("../../assets/fonts/NotoSansThai-Regular.ttf"),
        include_bytes!("../../assets/fonts/NotoSansLao-Regular.ttf"),
        include_bytes!("../../assets/fonts/NotoSansKhmer-Regular.ttf"),
        include_bytes!("../../assets/fonts/NotoSansMyanmar-Regular.ttf"),
        include_bytes!("../../assets/fonts/NotoSansArabic-Regular.ttf"),
    ],
    [
        include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
        include_bytes!("../../assets/fonts/NotoSansThai-Bold.ttf"),
        include_bytes!("../../assets/fonts/NotoSansLao-Bold.ttf"),
        include_bytes!("../../assets/fonts/NotoSansKhmer-Bold.ttf"),
        include_bytes!("../../assets/fonts/NotoSansMyanmar-Bold.ttf"),
        include_bytes!("../../assets/fonts/NotoSansArabic-Bold.ttf"),
    ],
];

impl Weight {
    /// Its fonts in [`FONTS`].
    fn fonts(self) -> &'static [FontRef<'static>] {
        static PARSED: OnceLock<[Vec<FontRef<'static>>; 2]> = OnceLock::new();
        let parse = |bytes: &&'static [u8]| FontRef::try_from_slice(bytes).expect("the embedded fonts are whole");
        &PARSED.get_or_init(|| FONTS.map(|fonts| fonts.iter().map(parse).collect()))[self as usize]
    }
}

/// How wide `text` is when written in `size`.
///
/// A sum of advances without kerning and ligatures, which is slightly wide; what no font knows counts as wide.
#[must_use]
pub fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let fonts = weight.fonts();
    let advance = |letter: char| {
        if letter == BREAK {
            return 0.0;
        }
        let known = fonts.iter().find(|font| font.glyph_id(letter).0 != 0);
        known.map_or(0.8, |font| f64::from(font.h_advance_unscaled(font.glyph_id(letter))) / f64::from(font.units_per_em().unwrap_or(1000.0)))
    };
    text.chars().map(advance).sum::<f64>() * size
}

/// Breaks `text` into lines no wider than `room`, at spaces (not at no-break ones) and at [`BREAK`] where there are any; beyond `most` lines it ends in an ellipsis.
#[must_use]
pub fn wrap(text: &str, room: f64, size: f64, weight: Weight, most: usize) -> Vec<String> {
    // A number and its per cent sign stay together.
    let text = &text.replace(" %", "\u{a0}%");
    let wide = |line: &str| width(line, size, weight) > room;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in text.split_inclusive([' ', '\n', '\t', BREAK]).filter(|piece| !piece.trim_matches([' ', BREAK]).is_empty()) {
        let word = piece.trim_end_matches([' ', '\n', '\t', BREAK]);
        let longer = format!("{line}{word}");
        let space = if piece.ends_with(BREAK) { "" } else { " " };
        if !wide(&longer) {
            line = longer + space;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end_matches(' ').to_owned());
        }
        for spoken in spoken(word) {
            // Letter by letter only where a single word is wider than a line.
            for piece in if wide(spoken) { pieces(spoken) } else { vec![spoken] } {
                if !line.is_empty() && wide(&format!("{line}{piece}")) {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(piece);
            }
        }
        line.push_str(space);
    }
    lines.push(line.trim_end_matches(' ').to_owned());
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && wide(&format!("{last}…")) {
                last.pop();
            }
            *last = format!("{}…", last.trim_end());
        }
    }
    lines
}

/// What stands between two spaces as the words that it is made of, in the scripts of the region that write no space between them; as it is in all
/// others.
fn spoken(text: &str) -> Vec<&str> {
    static KNOWN: OnceLock<LineSegmenterBorrowed<'static>> = OnceLock::new();
    let unspaced = |letter| matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}');
    if !text.contains(unspaced) {
        return vec![text];
    }
    let known = KNOWN.get_or_init(|| LineSegmenter::new_lstm(LineBreakOptions::default()));
    // Never between a letter and what belongs to it.
    let whole: Vec<usize> = pieces(text)
        .iter()
        .scan(0, |end, piece| {
            *end += piece.len();
            Some(*end)
        })
        .collect();
    let ends: Vec<usize> = known.segment_str(text).filter(|end| whole.contains(end)).collect();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| &text[start..*end]).collect()
}

/// `text` in the smallest pieces that may be parted where a line must break within a word: a letter with the marks that sit on it, and in
/// the scripts of the region a consonant with the vowels written around it and the consonant written under it.
fn pieces(text: &str) -> Vec<&str> {
    let leads = |letter: char| matches!(letter, '\u{e40}'..='\u{e44}' | '\u{ec0}'..='\u{ec4}' | '\u{17d2}' | '\u{1039}');
    let follows = |letter: char| {
        matches!(letter, '\u{e30}'..='\u{e3a}' | '\u{e45}'..='\u{e4e}' | '\u{eb0}'..='\u{ebc}' | '\u{17b6}'..='\u{17d3}' | '\u{102b}'..='\u{103e}')
            || letter != BREAK && width(letter.encode_utf8(&mut [0; 4]), 1.0, Weight::Regular) <= 0.0
    };
    let mut starts: Vec<usize> = Vec::new();
    let mut led = false;
    for (place, letter) in text.char_indices() {
        if starts.is_empty() || !(led || follows(letter)) {
            starts.push(place);
        }
        led = leads(letter);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

/// `text` in at most `most` lines no wider than `room`; what is longer is told by its beginning and its end, see [`cut`].
#[must_use]
pub fn fit(text: &str, room: f64, size: f64, weight: Weight, most: usize) -> Vec<String> {
    let lines = |text: &str| {
        let lines = wrap(text, room, size, weight, usize::MAX);
        // A number or a short word alone in the last line looks as if it belonged to the next row.
        let alone = lines.len() > 1 && lines.last().is_some_and(|last| last.chars().count() <= 2);
        if alone { wrap_evenly(text, room, size, weight, lines.len()) } else { lines }
    };
    let whole = lines(text);
    if whole.len() <= most {
        return whole;
    }
    // Words of their own width leave the ends of lines free, so how much fits is found by trying.
    // The ellipsis may end a line, so that a long word after it need not be broken.
    let shorter =
        (0..40).map(|part| cut(text, room * most as f64 * f64::from(40 - part) / 40.0, size, weight).replacen('…', &format!("…{BREAK}"), 1));
    shorter.map(|text| lines(&text)).find(|lines| lines.len() <= most).unwrap_or_else(|| wrap(text, room, size, weight, most))
}

/// As [`fit`] for several texts, of which none looks like another: those that would are told by their beginnings, and where these are alike
/// by what follows what they have in common.
#[must_use]
pub fn fit_apart(texts: &[String], room: f64, size: f64, weight: Weight, most: usize) -> Vec<Vec<String>> {
    let mut shown: Vec<Vec<String>> = texts.iter().map(|text| fit(text, room, size, weight, most)).collect();
    let beginning = |text: &str, _: &[&String]| text.to_owned();
    for other in [&beginning as &dyn Fn(&str, &[&String]) -> String, &after_common] {
        let before = shown.clone();
        for (place, text) in texts.iter().enumerate() {
            let alike = texts.iter().zip(&before).filter(|(other, lines)| **lines == before[place] && *other != text);
            let alike: Vec<&String> = alike.map(|(other, _)| other).collect();
            if !alike.is_empty() {
                shown[place] = wrap(&other(text, &alike), room, size, weight, most);
            }
        }
    }
    shown
}

/// What of `text` follows the words that it has in common with all of `others`, marked by an ellipsis.
fn after_common(text: &str, others: &[&String]) -> String {
    let common = text.char_indices().take_while(|(place, _)| others.iter().all(|other| other.get(..*place) == text.get(..*place)));
    let start = common.map(|(place, _)| place).filter(|place| text[..*place].ends_with(' ')).last().unwrap_or(0);
    if start == 0 { text.to_owned() } else { format!("…{}", &text[start..]) }
}

/// As [`cut`] for several texts: those that would look like another one are told by what follows what they have in common.
#[must_use]
pub fn cut_apart(texts: &[String], room: f64, size: f64, weight: Weight) -> Vec<String> {
    let short: Vec<String> = texts.iter().map(|text| cut(text, room, size, weight)).collect();
    let mut looks: HashMap<&str, Vec<&String>> = HashMap::new();
    for (text, look) in texts.iter().zip(&short) {
        looks.entry(look).or_default().push(text);
    }
    let apart = |(text, look): (&String, &String)| {
        let alike: Vec<&String> = looks[look.as_str()].iter().copied().filter(|other| *other != text).collect();
        if alike.is_empty() || look == text { look.clone() } else { cut(&after_common(text, &alike), room, size, weight) }
    };
    texts.iter().zip(&short).map(apart).collect()
}

/// As [`wrap`], in as many lines but as even ones as can be: no last word stands alone.
#[must_use]
pub fn wrap_evenly(text: &str, room: f64, size: f64, weight: Weight, most: usize) -> Vec<String> {
    let lines = wrap(text, room, size, weight, most);
    let longest = text.split([' ', BREAK]).map(|word| width(word, size, weight)).fold(0.0, f64::max);
    let narrower = (10..20).map(|part| room * f64::from(part) / 20.0).filter(|room| *room >= longest);
    narrower.map(|room| wrap(text, room, size, weight, most + 1)).find(|even| even.len() <= lines.len().min(most)).unwrap_or(lines)
}

/// `text` itself where it fits into `room`, else its beginning and its end around an ellipsis: names that begin alike
/// stay apart.
#[must_use]
pub fn cut(text: &str, room: f64, size: f64, weight: Weight) -> String {
    if width(text, size, weight) <= room {
        return text.to_owned();
    }
    let letters: Vec<&str> = pieces(text).into_iter().filter(|letter| *letter != "…").collect();
    let around = |kept: usize| {
        let (head, tail) = (letters[..kept - kept / 2].concat(), letters[letters.len() - kept / 2..].concat());
        format!("{}…{}", head.trim_end(), tail.trim_start())
    };
    // The most letters that fit, by halving: titles may be long.
    let (mut kept, mut too_many) = (0, letters.len());
    while too_many - kept > 1 {
        let middle = usize::midpoint(kept, too_many);
        if width(&around(middle), size, weight) <= room { kept = middle } else { too_many = middle }
    }
    whole_words(&around(kept))
}

/// Of a text around an ellipsis the words that are whole, on each side of which this leaves most.
fn whole_words(text: &str) -> String {
    let Some((head, tail)) = text.split_once('…') else { return text.to_owned() };
    let long = |part: &str, whole: &str| part.chars().count() * 2 > whole.chars().count();
    // In scripts without spaces a word ends where its reader hears it end.
    let (first, last) = (spoken(tail)[0], spoken(head).pop().unwrap_or_default());
    let heads = [head.rsplit_once(' ').map(|(words, _)| words), head.strip_suffix(last).map(str::trim_end)];
    let tails = [tail.split_once(' ').map(|(_, words)| words), tail.strip_prefix(first).map(str::trim_start)];
    let head = heads.into_iter().flatten().find(|words| long(words, head)).unwrap_or(head);
    let tail = tails.into_iter().flatten().find(|words| long(words, tail)).unwrap_or(tail);
    format!("{head}…{tail}")
}

/// `text` as it is shown: without [`BREAK`].
#[must_use]
pub fn shown(text: &str) -> String {
    text.replace(BREAK, "")
}

/// `text` without what would break a document or the texts around it: control characters become spaces, marks that
/// turn the direction of writing vanish.
#[must_use]
pub fn harmless(text: &str) -> String {
    let turns = |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean = |letter: char| if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}' | '\u{feff}') { ' ' } else { letter };
    text.chars().filter(|letter| !turns(*letter)).map(clean).collect()
}

/// True where the embedded fonts know every letter of `text`; other signs may be missing, for [`written`] leaves them out.
#[must_use]
pub fn legible(text: &str) -> bool {
    text.chars().all(|letter| !letter.is_alphabetic() || known(letter))
}

/// `text` as the embedded fonts can write it: [`harmless`], without signs that they do not know.
#[must_use]
pub fn written(text: &str) -> String {
    harmless(text).chars().filter(|letter| letter.is_whitespace() || known(*letter)).collect()
}

/// `title` as the embedded fonts can write it; `name` where they cannot, or there is none.
#[must_use]
pub fn titled(title: &str, name: &str) -> String {
    written(if !title.trim().is_empty() && legible(title) { title } else { name }).trim().to_owned()
}

/// True where an embedded font has the letter, or there is nothing to be seen of it.
#[must_use]
pub fn known(letter: char) -> bool {
    letter == BREAK || Weight::Regular.fonts().iter().any(|font| font.glyph_id(letter).0 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_wider_than_their_room() {
        for text in ["some words that are to be broken into lines", "unbrokenunbrokenunbrokenunbroken", "ไม่อาจบอกได้ว่าจำนวนผู้ตกเป็นเหยื่อจะมากขึ้นหรือน้อยลง"]
        {
            let lines = wrap(text, 100.0, 14.0, Weight::Bold, 99);
            assert!(lines.len() > 1 && lines.iter().all(|line| width(line, 14.0, Weight::Bold) <= 100.0), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(wrap("ab\u{200b}cd ef", 1e9, 14.0, Weight::Bold, 9), ["abcd ef"]);
        assert_eq!(wrap("abc\u{200b}def\u{a0}g", 40.0, 14.0, Weight::Regular, 9), ["abc", "def\u{a0}g"]);
        let words = "one two three four five six seven eight nine ten eleven twelve";
        let (plain, even) = (wrap(words, 150.0, 14.0, Weight::Regular, 9), wrap_evenly(words, 150.0, 14.0, Weight::Regular, 9));
        let spread = |lines: &[String]| lines.iter().map(|line| width(line, 14.0, Weight::Regular)).fold(f64::INFINITY, f64::min);
        assert!(even.len() == plain.len() && spread(&even) >= spread(&plain) && even.join(" ") == words, "{plain:?} {even:?}");
        let short = wrap("one two three four five six seven", 60.0, 14.0, Weight::Regular, 2);
        assert!(short.len() == 2 && short[1].ends_with('…'), "{short:?}");
    }

    #[test]
    fn what_does_not_fit_is_cut_and_marked() {
        assert_eq!(cut("short", 100.0, 12.0, Weight::Regular), "short");
        let cut = cut("a title that is far too long", 60.0, 12.0, Weight::Regular);
        assert!(cut.starts_with("a ti") && cut.ends_with("ong") && width(&cut, 12.0, Weight::Regular) <= 60.0, "{cut}");
    }

    #[test]
    fn names_that_differ_in_the_middle_stay_apart() {
        let texts = ["labour inspections", "court capacity", "interpreters"]
            .map(|what| format!("From January 2016 the ministry would fund twice the {what} in all border provinces and ports of the country"));
        let short = cut_apart(&texts, 260.0, 14.0, Weight::Regular);
        assert!(short[0].starts_with("labour inspections") && short[1].starts_with("court capacity"), "{short:?}");
        assert!(short.iter().all(|text| width(text, 14.0, Weight::Regular) <= 260.0), "{short:?}");
        let rows = fit_apart(&texts, 150.0, 14.0, Weight::Regular, 2);
        assert!(rows[0] != rows[1] && rows[1] != rows[2] && rows[0][0].starts_with("…labour"), "{rows:?}");
        let same = ["the same long title of two variants".to_owned(), "the same long title of two variants".to_owned()];
        assert!(fit_apart(&same, 60.0, 14.0, Weight::Regular, 1)[0][0].starts_with("the"), "there is nothing to tell them apart by");
    }

    #[test]
    fn a_name_that_is_too_long_keeps_whole_words_and_both_its_ends() {
        let name = "The package without the prosecution of complicit officials and without their rotation";
        let lines = fit(name, 120.0, 12.0, Weight::Bold, 2);
        assert!(lines.len() == 2 && lines.iter().all(|line| width(line, 12.0, Weight::Bold) <= 120.0), "{lines:?}");
        let said = lines.join(" ");
        let (head, tail) = said.split_once('…').expect("it is cut");
        assert!(name.starts_with(head) && name.ends_with(tail.trim_start()) && said.matches('…').count() == 1, "{said}");
        assert!(head.split(' ').chain(tail.split_whitespace()).all(|word| name.split(' ').any(|whole| whole == word)), "{said}");
        assert_eq!(fit("short", 120.0, 12.0, Weight::Bold, 2), ["short"]);
    }

    #[test]
    fn names_that_a_cut_would_make_alike_stay_apart() {
        let titles = |what: &str| (1..=3).map(|i| format!("{what} {i} of a study with a long title")).collect::<Vec<_>>();
        for texts in [titles("Variant"), titles("The package of the year 2016 without the part that has the number")] {
            let lines = fit_apart(&texts, 100.0, 12.0, Weight::Regular, 1);
            let shown: std::collections::BTreeSet<&str> = lines.iter().map(|lines| lines[0].as_str()).collect();
            assert!(shown.len() == 3 && shown.iter().all(|line| width(line, 12.0, Weight::Regular) <= 100.0), "{shown:?}");
        }
        assert_eq!(fit_apart(&["a".to_owned(), "b".to_owned()], 100.0, 12.0, Weight::Regular, 1), [["a"], ["b"]]);
        assert_eq!(fit_apart(&["a".to_owned(), "a".to_owned()], 100.0, 12.0, Weight::Regular, 1), [["a"], ["a"]]);
    }

    #[test]
    fn what_the_fonts_cannot_write_is_known() {
        assert!(legible("Protection, ที่ 2: “ä”") && legible("beds \u{1f6cf}") && !legible("הגנה") && !legible("a 保護"));
        for neighbour in ["ທີ່ພັກພິງ", "ជម្រក", "ခိုလှုံရာ", "حماية"] {
            assert!(legible(neighbour), "{neighbour}");
        }
        assert_eq!(written("beds \u{1f6cf}\u{0} ที่"), "beds   ที่");
    }

    #[test]
    fn what_is_written_around_a_consonant_stays_with_it() {
        assert_eq!(pieces("เท้าที่"), ["เท้า", "ที่"]);
        assert_eq!(pieces("ជម្រក"), ["ជ", "ម្រ", "ក"]);
        assert_eq!(pieces("လှုံ"), ["လှုံ"]);
        assert_eq!(pieces("ທີ່ໄກ"), ["ທີ່", "ໄກ"]);
        assert_eq!(pieces("abé"), ["a", "b", "é"]);
        assert_eq!(spoken("คดีค้ามนุษย์ในศาล"), ["คดี", "ค้า", "มนุษย์", "ใน", "ศาล"]);
        assert_eq!(spoken("labour-law"), ["labour-law"]);
        let lines = wrap("เพิ่มช่องพิจารณาคดีค้ามนุษย์ในศาลเป็นสามเท่า", 150.0, 14.0, Weight::Regular, 9);
        assert!(lines.len() > 1 && lines.iter().any(|line| line.contains("มนุษย์")), "{lines:?}");
        let short = cut("เพิ่มช่องพิจารณาคดีค้ามนุษย์ในศาลเป็นสามเท่า", 150.0, 14.0, Weight::Regular);
        let (head, tail) = short.split_once('…').expect("it is cut");
        assert!(spoken(head).pop().is_some_and(|last| spoken("เพิ่มช่องพิจารณาคดีค้ามนุษย์ในศาลเป็นสามเท่า").contains(&last)), "{short}");
        assert!("เพิ่มช่องพิจารณาคดีค้ามนุษย์ในศาลเป็นสามเท่า".ends_with(tail) && spoken(tail)[0] != "ท่า", "{short}");
        assert_eq!(pieces(""), [""; 0]);
    }

    #[test]
    fn nothing_that_a_document_may_not_hold_is_left() {
        assert_eq!(harmless("a\u{0}b\u{202e}c\td"), "a bc d");
    }
}
