//! Values as they stand in a file: each read checks its type and its bounds, and a fault shows its place.
//!
//! A reader that finds a fault records it and hands back nothing (or, where a number is required, the least
//! allowed one), so that reading goes on; whoever reads must ask [`Faults`] before using what was read.
//!
//! Absent on purpose: serde, which stops at the first fault.

use super::asked::Kind;
use super::faults::{Faults, Place};
use crate::quantities::Month;
use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// A key and its value.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    /// Where faults go.
    pub faults: &'a Faults,
    /// The file it stands in.
    pub file: usize,
    /// Its full name, as in `policy.national.budget.total`.
    pub path: String,
    /// Its last part.
    pub key: &'a str,
    /// The place of the key.
    pub key_place: Place,
    /// The value.
    pub value: &'a Spanned<DeValue<'a>>,
}

/// A table, which remembers the keys it was asked for, so that all others can be called unknown.
pub(super) struct Table<'a> {
    /// Where faults go.
    pub faults: &'a Faults,
    /// The file it stands in.
    pub file: usize,
    /// Its full name; empty at the top.
    pub path: String,
    /// The place of its name.
    pub place: Place,
    entries: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

/// The years that a run may lie in.
pub(super) const YEARS: RangeInclusive<i32> = 1800..=2400;

/// What is to be said of a year that may be counted from the Buddha.
pub(super) fn era(month: Month) -> String {
    match month.year() {
        year @ 2_440..=2_700 => format!("; {year} of the Buddhist era is {} here", year - 543),
        _ => String::new(),
    }
}

/// What to do about a `month` of a year in which no run may lie.
pub(super) fn other_years(month: Month) -> String {
    format!("give years from {} to {}{}", YEARS.start(), YEARS.end(), era(month))
}

/// Parses a text; a fault of its syntax, which hides all others, is recorded with its place.
pub(super) fn parse<'t>(faults: &Faults, file: usize, text: &'t str) -> Option<Spanned<DeTable<'t>>> {
    match DeTable::parse(text) {
        Ok(table) => Some(table),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let (line, at) = line_at(text, span.start);
            let help = syntax_remedy(error.message(), line, at);
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            faults.add(&Place::new(file, span), format!("this is not valid TOML: {message}"), "", help);
            None
        }
    }
}

/// The line in which byte `at` lies, and where in it that is.
fn line_at(text: &str, at: usize) -> (&str, usize) {
    let at = at.min(text.len());
    let first = text.as_bytes()[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let last = text.as_bytes()[at..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| at + newline);
    (text.get(first..last).unwrap_or(""), at - first)
}

/// Whether nothing is to be seen of a letter: a space, or a mark that takes no room.
fn invisible(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// What a novice can do about a syntax fault at byte `at` of `line`.
fn syntax_remedy(message: &str, line: &str, at: usize) -> String {
    // Of several values in a line, the one in which the fault lies.
    let before = line.get(..at).and_then(|before| before.rfind('=')).or_else(|| line.find('='));
    let value = before.and_then(|sign| line.get(sign + 1..)).map_or("", str::trim);
    let starts_like_a_month = value.len() >= 7 && value.as_bytes()[4] == b'-' && value.bytes().take(4).all(|byte| byte.is_ascii_digit());
    let rest = "correct this first: other errors may be hidden behind it";
    let several =
        ["title", "question", "baseline_title"].into_iter().find(|key| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.starts_with('.')));
    let odd = |letter: char| invisible(letter) && letter != ' ' && letter != '\t';
    let mut outside_quotes = line.trim_end_matches('\r').split(['"', '\'']).step_by(2);
    if outside_quotes.any(|part| part.contains(odd)) {
        format!("the line holds a space that is no plain one, as word processors and web pages write them: type its spaces again; {rest}")
    } else if let Some(key) = several {
        format!("a text in more than one language has a line for each: write the first as `{key}.en`; {rest}")
    } else if message.contains("cannot extend value of type string with a dotted key") {
        format!(
            "a section that is taken over from another variant says nothing of its own: write base = \"ITS NAME\" instead, and then what differs; {rest}"
        )
    } else if message.contains("duplicate key") {
        format!("the same key stands twice in one table: keep one of them; {rest}")
    } else if let Some(name) = line.trim().strip_prefix('[').map(|rest| rest.trim_end_matches(']')).filter(|name| name.trim().contains(' ')) {
        format!("a name in a section has no spaces: write [{}]; {rest}", name.trim().replace(' ', "-"))
    } else if starts_like_a_month {
        format!("a month is written in quotes, as in \"2016-10\"; {rest}")
    } else if value.starts_with(['+', '-']) && value.contains('%') || value.ends_with('%') {
        format!("a change in per cent is written in quotes, as in \"+23.88%\"; {rest}")
    } else if value.starts_with(['“', '”', '‘', '’', '„']) {
        format!("use straight quotes (\") and not typographic ones; {rest}")
    } else if !line.contains('=') && !line.trim_start().starts_with('[') {
        format!("each line is `key = value`, a `[section]`, or a comment after #; {rest}")
    } else if matches!(value, "yes" | "no" | "on" | "off" | "True" | "False" | "TRUE" | "FALSE") {
        format!("write true or false; {rest}")
    } else if value.starts_with(|first: char| first.is_ascii_digit()) && value.contains(',') {
        format!("decimals are written with a point, as in 0.5, and large numbers without commas; {rest}")
    } else if value.strip_prefix('.').is_some_and(|digits| digits.starts_with(|first: char| first.is_ascii_digit())) {
        format!("a number begins with a digit, as in 0.5; {rest}")
    } else if value.starts_with(|first: char| first.is_alphabetic()) {
        format!("text is written in quotes, as in \"thailand\"; {rest}")
    } else {
        rest.to_owned()
    }
}

/// What a value is, in words for users.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl<'a> Entry<'a> {
    /// The place of the value.
    pub fn place(&self) -> Place {
        Place::new(self.file, self.value.span())
    }

    /// Records that the value is wrong.
    pub fn fault(&self, title: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        self.faults.add(&self.place(), title, label, help);
    }

    /// Records that what the key says may not be meant.
    pub fn warn(&self, title: impl Into<String>, help: impl Into<String>) {
        self.faults.warn(&self.key_place, title, help);
    }

    /// Records that the value is not what was wanted.
    pub fn wrong(&self, wanted: &str, help: &str) {
        let found = kind(self.value.get_ref());
        self.fault(format!("`{}` must be {wanted}, not {found}", self.path), format!("this is {found}"), help);
    }

    /// A finite number.
    pub fn number(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a number beyond 2^53 is far out of all bounds")]
        let whole = |digits: &DeInteger<'_>| i64::from_str_radix(digits.as_str(), digits.radix()).ok().map(|whole| whole as f64);
        let number = match self.value.get_ref() {
            DeValue::Integer(digits) => whole(digits),
            DeValue::Float(digits) => digits.as_str().parse::<f64>().ok().filter(|number| number.is_finite()),
            DeValue::String(text) if text.trim().parse::<f64>().is_ok() => {
                self.wrong("a number", "write the number without quotes");
                return None;
            }
            _ => {
                self.wrong("a number", "write a plain number, as in 0.25");
                return None;
            }
        };
        if number.is_none() {
            self.fault(format!("`{}` is not a finite number", self.path), "infinite, undefined or too large", "write a plain number, as in 0.25");
        }
        number
    }

    /// A number within bounds.
    pub fn within(&self, bounds: &RangeInclusive<f64>) -> Option<f64> {
        self.faults.ask(|| (self.path.clone(), Kind::Number(*bounds.start(), *bounds.end())));
        let number = self.number()?;
        if bounds.contains(&number) {
            return Some(number);
        }
        self.out_of_range(number, bounds, "");
        None
    }

    /// Records that a number lies out of its bounds.
    pub fn out_of_range(&self, number: f64, bounds: &RangeInclusive<f64>, unit: &str) {
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        let label = if number < *bounds.start() { format!("below {}", bounds.start()) } else { format!("above {}", bounds.end()) };
        let percent = *bounds == (0.0..=1.0) && (1.0..=100.0).contains(&number);
        let hint = if percent { format!("; {number} per cent is written {}", number / 100.0) } else { String::new() };
        let help = format!("give a value from {} to {}{unit}{hint}", bounds.start(), bounds.end());
        self.fault(format!("`{}` is out of range", self.path), label, help);
    }

    /// A whole number within bounds.
    pub fn whole(&self, bounds: &RangeInclusive<i64>) -> Option<i64> {
        self.faults.ask(|| (self.path.clone(), Kind::Whole(*bounds.start(), *bounds.end())));
        let DeValue::Integer(digits) = self.value.get_ref() else {
            let any = bounds == &(i64::MIN..=i64::MAX);
            let between = if any { ", without quotes".to_owned() } else { format!(" from {} to {}", bounds.start(), bounds.end()) };
            self.wrong("a whole number", &format!("write a whole number{between}"));
            return None;
        };
        let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            let help = format!("write a whole number from {} to {}", bounds.start(), bounds.end());
            self.fault(format!("`{}` is out of range", self.path), "", help);
        }
        number
    }

    /// A text on one line, not empty, of at most `most` characters.
    pub fn line(&self, most: usize) -> Option<&'a str> {
        self.faults.ask(|| (self.path.clone(), Kind::Text(Some(most))));
        let text = self.plain()?;
        let problem = if text.chars().all(invisible) {
            "must not be empty"
        } else if text.chars().count() > most {
            "is too long"
        } else if text.chars().any(char::is_control) {
            "must stand on one line, without control characters"
        } else {
            return Some(text);
        };
        self.fault(format!("`{}` {problem}", self.path), "", format!("give a text of 1 to {most} characters"));
        None
    }

    /// A text of any length.
    pub fn text(&self) -> Option<&'a str> {
        self.faults.ask(|| (self.path.clone(), Kind::Text(None)));
        self.plain()
    }

    fn plain(&self) -> Option<&'a str> {
        let text = self.value.get_ref().as_str();
        if text.is_none() {
            self.wrong("text", "write it in double quotes");
        }
        text
    }

    /// One of the given words.
    pub fn word(&self, words: &[&'static str]) -> Option<&'static str> {
        self.faults.ask(|| (self.path.clone(), Kind::Word(words.to_vec())));
        let text = self.plain()?;
        let found = words.iter().find(|word| **word == text).copied();
        if found.is_none() {
            let help = self.faults.remedy(text, words.iter().copied(), "");
            self.fault(format!("`{}` cannot be `{}`", self.path, shorten(text)), "", help);
        }
        found
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        let flag = self.value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong("true or false", "write true or false, without quotes");
        }
        flag
    }

    /// A month.
    pub fn month(&self) -> Option<Month> {
        self.faults.ask(|| (self.path.clone(), Kind::Month));
        let Some(text) = self.value.get_ref().as_str() else {
            self.wrong("a month", "write year and month in quotes, as in \"2016-10\"");
            return None;
        };
        let month = text.parse().ok();
        if month.is_none() {
            let title = format!("`{}` is not a month: `{}`", self.path, shorten(text));
            self.fault(title, "", "write year and month, as in \"2016-10\"; months go from 01 to 12");
        }
        month
    }

    /// A table.
    pub fn table(&self) -> Option<Table<'a>> {
        if let Some(table) = self.as_table() {
            return Some(table);
        }
        self.wrong("a table", &format!("write a section [{}] or {} = {{ ... }}", self.path, self.key));
        None
    }

    /// A table, if it is one.
    pub fn as_table(&self) -> Option<Table<'a>> {
        let entries = self.value.get_ref().as_table()?;
        self.faults.ask(|| (self.path.clone(), Kind::Table));
        Some(Table::new(self.faults, self.file, self.path.clone(), self.key_place.clone(), entries))
    }

    /// The entries of a list.
    pub fn list(&self) -> Option<Vec<Entry<'a>>> {
        self.faults.ask(|| (self.path.clone(), Kind::List));
        let Some(list) = self.value.get_ref().as_array() else {
            self.wrong("a list", "write it in square brackets, as in [\"a\", \"b\"]");
            return None;
        };
        let entry = |(number, value): (usize, &'a Spanned<DeValue<'a>>)| Entry {
            path: format!("{}[{}]", self.path, number + 1),
            key_place: Place::new(self.file, value.span()),
            value,
            ..self.clone()
        };
        Some(list.iter().enumerate().map(entry).collect())
    }
}

impl<'a> Table<'a> {
    /// A table of `file` under the name `path`.
    pub fn new(faults: &'a Faults, file: usize, path: String, place: Place, entries: &'a DeTable<'a>) -> Self {
        Self { faults, file, path, place, entries, asked: RefCell::default() }
    }

    /// All entries, in the order of the file.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        self.faults.ask(|| (self.path.clone(), Kind::Names));
        self.all()
    }

    fn all(&self) -> impl Iterator<Item = Entry<'a>> {
        self.entries.iter().map(|(key, value)| self.entry(key.get_ref(), key.span(), value))
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn entry(&self, key: &'a str, span: Range<usize>, value: &'a Spanned<DeValue<'a>>) -> Entry<'a> {
        Entry { faults: self.faults, file: self.file, path: self.under(key), key, key_place: Place::new(self.file, span), value }
    }

    /// The entry under `key`, which is known from now on.
    pub fn get(&self, key: &'static str) -> Option<Entry<'a>> {
        self.asked.borrow_mut().push(key);
        self.faults.ask(|| (self.under(key), Kind::Known));
        let found = self.entries.iter().find(|(own, _)| own.get_ref() == key);
        found.map(|(key, value)| self.entry(key.get_ref(), key.span(), value))
    }

    /// Whether something stands under `key`.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The full name of what stands under `key`.
    fn under(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The entry under `key`; it is a fault if there is none. `example` shows how to write it.
    pub fn require(&self, key: &'static str, example: &str) -> Option<Entry<'a>> {
        self.faults.ask(|| (self.under(key), Kind::Required));
        let entry = self.get(key);
        if entry.is_none() {
            let within = if self.path.is_empty() { String::new() } else { format!(" in [{}]", self.path) };
            self.faults.add(&self.place, format!("`{key}` is missing{within}"), "", format!("add a line such as: {key} = {example}"));
        }
        entry
    }

    /// The required number under `key`, within bounds; the least allowed one if there was a fault.
    pub fn number(&self, key: &'static str, bounds: RangeInclusive<f64>) -> f64 {
        // The bounds are shown and no number of them: a zero that is only copied would be an assumption that nobody made.
        let example = format!("...  (a number from {} to {})", bounds.start(), bounds.end());
        self.require(key, &example).and_then(|entry| entry.within(&bounds)).unwrap_or(*bounds.start())
    }

    /// The required whole number under `key`, within bounds; the least allowed one if there was a fault.
    pub fn whole(&self, key: &'static str, bounds: RangeInclusive<i64>) -> i64 {
        let example = bounds.start().to_string();
        self.require(key, &example).and_then(|entry| entry.whole(&bounds)).unwrap_or(*bounds.start())
    }

    /// The required share under `key`.
    pub fn share(&self, key: &'static str) -> f64 {
        self.number(key, 0.0..=1.0)
    }

    /// The required one-line text under `key`; empty if there was a fault.
    pub fn line(&self, key: &'static str, most: usize) -> &'a str {
        self.require(key, "\"...\"").and_then(|entry| entry.line(most)).unwrap_or("")
    }

    /// The required month under `key`, of a year that can be simulated.
    pub fn month(&self, key: &'static str) -> Option<Month> {
        let entry = self.require(key, "\"2016-10\"")?;
        let month = entry.month()?;
        if !YEARS.contains(&month.year()) {
            entry.fault(format!("`{}` is not a time for this model: {month}", entry.path), "", other_years(month));
            return None;
        }
        Some(month)
    }

    /// The required months under two keys, in order.
    pub fn span(&self, from: &'static str, to: &'static str) -> Option<(Month, Month)> {
        let (first, last) = (self.month(from), self.month(to));
        let (first, last) = (first?, last?);
        if first > last {
            let title = format!("`{}` ends ({last}) before it begins ({first})", self.path);
            self.faults.add(&self.place, title, "", format!("exchange `{from}` and `{to}`"));
            return None;
        }
        Some((first, last))
    }

    /// The required table under `key`.
    pub fn table(&self, key: &'static str) -> Option<Table<'a>> {
        self.require(key, "{ ... }").and_then(|entry| entry.table())
    }

    /// Records every key that nobody asked for.
    pub fn close(&self) {
        self.close_or(&|_| None);
    }

    /// The same; `home` may know where a key belongs.
    pub fn close_or(&self, home: &dyn Fn(&str) -> Option<String>) {
        let asked = self.asked.borrow();
        for entry in self.all().filter(|entry| !asked.contains(&entry.key)) {
            match home(entry.key) {
                Some(help) => {
                    entry.faults.add(&entry.key_place, format!("unknown key `{}`", shorten(&entry.path)), "not a key of this table", help);
                }
                None => unknown(&entry, "key", asked.iter().copied(), ""),
            }
        }
    }
}

/// Records that the name of `entry` is none of `names`; `what` says what was looked for.
pub(super) fn unknown<'n>(entry: &Entry<'_>, what: &str, names: impl IntoIterator<Item = &'n str>, otherwise: &str) {
    let shown = shorten(&entry.path);
    let help = entry.faults.remedy(entry.key, names, otherwise);
    entry.faults.add(&entry.key_place, format!("unknown {what} `{shown}`"), format!("not a known {what}"), help);
}

/// The nearest of `names` to what the user wrote, in a sentence; empty if none is near.
pub(super) fn near<'n>(faults: &Faults, word: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    faults.nearest(word, names).map_or_else(String::new, |name| format!("did you mean `{name}`? "))
}

/// A user's text, cut to what fits a message.
pub(super) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|letter| if letter.is_control() { '?' } else { letter }).collect();
    if text.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are read exactly")]
mod tests {
    use super::*;

    fn faults_of(text: &str, read: impl FnOnce(&Table<'_>)) -> String {
        let faults = Faults::default();
        let file = faults.file("a.toml", text);
        if let Some(parsed) = parse(&faults, file, text) {
            read(&Table::new(&faults, file, String::new(), Place::whole(file), parsed.get_ref()));
        }
        if faults.is_empty() { String::new() } else { faults.render() }
    }

    #[test]
    fn a_whole_number_will_do_for_a_number() {
        let text = faults_of("a = 3\nb = 1_000\nc = 0x10\nd = 1e3", |table| {
            assert_eq!(table.number("a", 0.0..=5.0), 3.0);
            assert_eq!(table.number("b", 0.0..=5e3), 1000.0);
            assert_eq!(table.number("c", 0.0..=5e3), 16.0);
            assert_eq!(table.number("d", 0.0..=5e3), 1000.0);
            table.close();
        });
        assert_eq!(text, "");
    }

    #[test]
    fn numbers_that_are_none_are_faults() {
        for bad in ["nan", "inf", "-inf", "true", "\"3\"", "[1]", "{}", "2016-10-01", "99999999999999999999", "1e999"] {
            let text = faults_of(&format!("a = {bad}"), |table| {
                table.number("a", 0.0..=5.0);
            });
            assert!(text.contains("a.toml:1:"), "{bad}: {text}");
        }
    }

    #[test]
    fn all_faults_come_at_once_and_unknown_keys_are_among_them() {
        let text = faults_of("scal = 1\nb = 7\n", |table| {
            table.number("scale", 1.0..=5.0);
            table.share("b");
            table.close();
        });
        for phrase in ["`scale` is missing", "unknown key `scal`", "did you mean `scale`?", "`b` is out of range", "7 per cent is written 0.07"] {
            assert!(text.contains(phrase), "{phrase} in\n{text}");
        }
    }

    #[test]
    fn syntax_faults_say_what_to_do() {
        for (text, phrase) in [
            ("a = 1\na = 2\n", "twice"),
            ("from = 2016-10\n", "in quotes"),
            ("a = +20%\n", "per cent"),
            ("a = 0,5\n", "point"),
            ("hello world\n", "key = value"),
            ("a = yes\n", "true or false"),
            ("country = thailand\n", "quotes"),
            ("title = “x”\n", "straight quotes"),
            ("beds\u{a0}= 2\n", "type its spaces again"),
            ("policy.protection = \"b\"\npolicy.protection.training = 0.4\n", "write base = \"ITS NAME\""),
            ("title = \"a\u{a0}b\" x\n", "errors may be hidden"),
            ("[variants.open shelters]\n", "write [variants.open-shelters]"),
        ] {
            let seen = faults_of(text, |_| ());
            assert!(seen.contains(phrase), "{text}: {seen}");
        }
    }
}
