//! Faults: what is wrong in a user's files, where, and what to do about it.
//!
//! Readers add faults to one [`Faults`] and go on, so that a user sees all of them at once. Each names the
//! key, shows the line with a caret and says how to mend it.
//!
//! Absent on purpose: any knowledge of scenarios or countries, and colour, since the same text goes to
//! terminals, files and tests.

use super::asked::{Asked, Kind};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Write;
use std::ops::Range;

/// Faults beyond this many are counted, not shown.
const SHOWN: usize = 40;
/// Faults beyond this many are counted and not kept: a file of a megabyte may hold a hundred thousand.
const KEPT: usize = 500;
/// The longest word for which a like one is looked for, in bytes; no name of ours is nearly as long.
const WORD: usize = 120;
/// The shortest word that is looked for within longer names, in letters.
const PART: usize = 5;
/// How much of a faulty place is marked, and of its line shown behind it, in bytes.
const MARKED: usize = 120;

/// Where in which file something stands; without a span, the file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    /// The file, as numbered by [`Faults::file`].
    pub file: usize,
    /// The first byte.
    pub start: Option<usize>,
    /// The byte after the last.
    pub end: usize,
}

impl Place {
    /// The bytes `span` of `file`.
    pub fn new(file: usize, span: Range<usize>) -> Self {
        Self { file, start: Some(span.start), end: span.end }
    }

    /// The file as a whole.
    pub fn whole(file: usize) -> Self {
        Self { file, start: None, end: 0 }
    }
}

/// One fault.
#[derive(Clone, Debug)]
struct Fault {
    place: Place,
    title: String,
    label: String,
    help: String,
}

/// The faults found so far, and the texts they were found in; beside them warnings, which refuse nothing.
#[derive(Default)]
pub(super) struct Faults {
    files: RefCell<Vec<(String, String)>>,
    found: RefCell<Vec<Fault>>,
    /// What was told, each once.
    told: RefCell<HashSet<(Place, String)>>,
    warned: RefCell<Vec<Fault>>,
    /// What the readers asked for, where somebody wants to know.
    asked: Option<RefCell<Vec<Asked>>>,
}

impl Faults {
    /// Faults that note what readers ask, so that a schema can be made of it.
    pub fn noting() -> Self {
        Self { asked: Some(RefCell::default()), ..Self::default() }
    }

    /// Notes what is asked of which place, where somebody wants to know.
    pub fn ask(&self, what: impl FnOnce() -> (String, Kind)) {
        if let Some(asked) = &self.asked {
            let (path, kind) = what();
            asked.borrow_mut().push(Asked { path, kind });
        }
    }

    /// What was asked, in that order.
    pub fn asked(self) -> Vec<Asked> {
        self.asked.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Makes a file known under the name that faults in it will show.
    pub fn file(&self, name: &str, text: &str) -> usize {
        let mut files = self.files.borrow_mut();
        files.push((name.to_owned(), text.to_owned()));
        files.len() - 1
    }

    /// Adds a fault: `title` says what is wrong, `label` (may be empty) stands beside the caret, `help` (may be
    /// empty) says what to do.
    pub fn add(&self, place: &Place, title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        let fault = Fault { place: place.clone(), title: title.into(), label: label.into(), help: help.into() };
        // What is read twice is told once.
        if self.told.borrow_mut().insert((fault.place.clone(), fault.title.clone())) && !self.many() {
            self.found.borrow_mut().push(fault);
        }
    }

    /// Whether more faults are known than anybody would read.
    fn many(&self) -> bool {
        self.found.borrow().len() >= KEPT
    }

    /// The name nearest to `word`, if one is near enough to be what was meant; none is looked for once there are more faults than
    /// anybody would read, since that takes longer than all the rest.
    pub fn nearest<'a>(&self, word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        if self.many() { None } else { nearest(word, names) }
    }

    /// A remedy for an unknown name: the nearest one where there is one, else all of them while they are few.
    pub fn remedy<'a>(&self, word: &str, names: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
        if self.many() {
            return otherwise.to_owned();
        }
        let names: Vec<&str> = names.into_iter().collect();
        if let Some(name) = nearest(word, names.iter().copied()) {
            return format!("did you mean `{name}`?");
        }
        match names.len() {
            1..=16 => format!("known here: {}", names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
            _ => otherwise.to_owned(),
        }
    }

    /// Adds a warning, with the same care: what will happen that may not be meant, where, and what to do.
    pub fn warn(&self, place: &Place, title: impl Into<String>, help: impl Into<String>) {
        let warning = Fault { place: place.clone(), title: title.into(), label: String::new(), help: help.into() };
        self.warned.borrow_mut().push(warning);
    }

    /// All warnings as texts, in the order of their files and places.
    pub fn warnings(&self) -> Vec<String> {
        let files = self.files.borrow();
        let mut warned = self.warned.borrow().clone();
        warned.sort_by(|a, b| a.place.cmp(&b.place));
        let mut texts: Vec<String> = warned.iter().take(SHOWN).map(|warning| render(Level::WARNING, warning, &files)).collect();
        if warned.len() > SHOWN {
            texts.push(format!("... and {} more warnings", warned.len() - SHOWN));
        }
        texts
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// How many faults there are so far.
    pub fn count(&self) -> usize {
        self.told.borrow().len()
    }

    /// All faults as text, in the order of their files and places.
    pub fn render(&self) -> String {
        let files = self.files.borrow();
        let mut faults = self.found.borrow().clone();
        faults.sort_by(|a, b| a.place.cmp(&b.place));
        let shown: Vec<String> = faults.iter().take(SHOWN).map(|fault| render(Level::ERROR, fault, &files)).collect();
        let mut text = shown.join("\n\n");
        let all = self.count();
        if all > SHOWN {
            let _ = write!(text, "\n\n... and {} more faults", all - SHOWN);
        }
        if all > 1 {
            let _ = write!(text, "\n\n{all} faults; nothing was run");
        }
        text.push('\n');
        text
    }
}

/// One fault as text: only the line it stands in is shown.
fn render(level: Level<'static>, fault: &Fault, files: &[(String, String)]) -> String {
    let Some((path, text)) = files.get(fault.place.file) else {
        let word = if level == Level::ERROR { "error" } else { "warning" };
        let help = if fault.help.is_empty() { String::new() } else { format!("\nhelp: {}", fault.help) };
        return format!("{word}: {}{help}", fault.title);
    };
    let title = level.primary_title(&fault.title);
    let mut group = match fault.place.start {
        None => Group::with_title(title).element(Origin::path(path)),
        Some(start) => {
            let (line, number, span) = line_of(text, start, fault.place.end);
            let mut mark = AnnotationKind::Primary.span(span);
            if !fault.label.is_empty() {
                mark = mark.label(&fault.label);
            }
            Group::with_title(title).element(Snippet::source(line).path(path).line_start(number).annotation(mark))
        }
    };
    if !fault.help.is_empty() {
        group = group.element(Level::HELP.message(&fault.help));
    }
    Renderer::plain().render(&[group])
}

/// The line that byte `start` of `text` lies in, its number, and what of `start..end` lies in that line.
fn line_of(text: &str, start: usize, end: usize) -> (&str, usize, Range<usize>) {
    let mut start = start.min(text.len());
    // A place at the very end of a text that ends with a newline belongs to the last line that holds something.
    if start == text.len() && text.ends_with('\n') {
        start = text.trim_end().len();
    }
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    // A byte order mark is no part of the first line: editors show none, and count from behind it.
    let mark = byte_order_mark(text);
    start = start.max(mark);
    let first = text[..start].rfind('\n').map_or(mark, |at| at + 1);
    let last = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let line = text[first..last].trim_end_matches('\r');
    let mut stop = end.clamp(start, first + line.len().max(start - first)).min(start + MARKED);
    while !text.is_char_boundary(stop) {
        stop += 1;
    }
    // A line may be as long as its file; what stands before the place is kept, so that its column is told right.
    let line = &line[..line.floor_char_boundary(line.len().min(stop - first + MARKED))];
    let number = text[..first].matches('\n').count() + 1;
    let length = line.len();
    (line, number, (start - first).min(length)..(stop - first).min(length))
}

/// How many bytes the mark of byte order takes that a text may begin with.
pub(super) fn byte_order_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The name nearest to `word`, if one is near enough to be what was meant; where none is, the shortest that holds it as a part.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > WORD {
        return None;
    }
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let word = plain(word);
    let length = word.chars().count();
    let allowed = (length / 3).max(1);
    let names: Vec<&str> = names.into_iter().collect();
    let spelt = names
        .iter()
        .filter(|name| name.chars().count().abs_diff(length) <= allowed)
        .map(|name| (strsim::damerau_levenshtein(&word, &plain(name)), *name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name);
    let part = || names.iter().copied().filter(|name| length >= PART && plain(name).contains(&word)).min_by_key(|name| name.len());
    spelt.or_else(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_shows_its_line_and_its_remedy() {
        let faults = Faults::default();
        let file = faults.file("a.toml", "title = \"x\"\nscal = 10\n");
        faults.add(&Place::new(file, 12..16), "unknown key `scal`", "not a key here", "did you mean `scale`?");
        let text = faults.render();
        for phrase in ["error: unknown key `scal`", "--> a.toml:2:1", "2 | scal = 10", "^^^^ not a key here", "help: did you mean `scale`?"] {
            assert!(text.contains(phrase), "{phrase} in\n{text}");
        }
    }

    #[test]
    fn faults_stand_in_the_order_of_their_places() {
        let faults = Faults::default();
        let file = faults.file("a.toml", "a = 1\nb = 2\n");
        faults.add(&Place::new(file, 6..7), "second", "", "");
        faults.add(&Place::new(file, 0..1), "first", "", "");
        faults.add(&Place::whole(file), "whole", "", "");
        let text = faults.render();
        let at = |word: &str| text.find(word).expect(word);
        assert!(at("whole") < at("first") && at("first") < at("second"), "{text}");
        assert!(text.contains("3 faults"), "{text}");
    }

    #[test]
    fn more_faults_than_anybody_reads_are_counted_at_once() {
        let text = "key = 1\n".repeat(100_000);
        let faults = Faults::default();
        let file = faults.file("a.toml", &text);
        let clock = std::time::Instant::now();
        for i in 0..100_000 {
            let _ = faults.remedy(&format!("k{i}"), ["kilo"; 100], "");
            faults.add(&Place::new(file, i..i + 1), format!("fault {i}"), "", "");
        }
        let shown = faults.render();
        assert!(shown.contains("100000 faults") && shown.contains("99960 more"), "{}", &shown[shown.len() - 100..]);
        assert!(clock.elapsed().as_secs_f64() < 5.0, "each fault is held against all others");
        assert_eq!(nearest(&"k".repeat(1 << 20), ["kilo"]), None);
    }

    #[test]
    fn a_place_in_a_line_without_end_is_shown_in_a_few_words() {
        let text = format!("a = [{}]\n", "1, ".repeat(300_000));
        let faults = Faults::default();
        let file = faults.file("a.toml", &text);
        faults.add(&Place::new(file, 4..900_000), "too long", "", "");
        let shown = faults.render();
        assert!(shown.len() < 2_000 && shown.contains("a.toml:1:5"), "{} bytes", shown.len());
    }

    #[test]
    fn a_byte_order_mark_shifts_no_column() {
        let faults = Faults::default();
        let file = faults.file("a.toml", "\u{feff}titel = 1\nscal = 2\n");
        faults.add(&Place::new(file, 3..8), "first", "", "");
        faults.add(&Place::new(file, 13..17), "second", "", "");
        let shown = faults.render();
        assert!(shown.contains("a.toml:1:1") && shown.contains("a.toml:2:1") && !shown.contains('\u{feff}'), "{shown}");
    }

    #[test]
    fn odd_places_do_not_harm() {
        for (text, start, end) in
            [("", 0, 0), ("a\n", 2, 2), ("ä = 1", 1, 9), ("a\r\nb\r\n", 0, 6), ("x", 7, 9), ("\u{feff}", 0, 3), ("\u{feff}\n", 1, 2)]
        {
            let faults = Faults::default();
            let file = faults.file("a.toml", text);
            faults.add(&Place::new(file, start..end), "odd", "here", "");
            assert!(faults.render().contains("odd"));
        }
    }

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["shelter_freedom", "beds", "training"];
        assert_eq!(nearest("shelter_fredom", names), Some("shelter_freedom"));
        assert_eq!(nearest("Shelter-Freedom", names), Some("shelter_freedom"));
        assert_eq!(nearest("bed", names), Some("beds"));
        assert_eq!(nearest("freedom", names), Some("shelter_freedom"));
        assert_eq!(nearest("weather", names), None);
        assert_eq!(nearest("ing", names), None);
    }
}
