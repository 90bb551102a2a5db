//! Words and numbers in the reader's language, from a table of strings.
//!
//! English is the table that decides: every other one must have the same keys and the same `{places}`, so that a
//! further language needs only a file. Numbers, months and years are written as that table says.
//!
//! Absent on purpose: sentences put together from halves; a finding is one string with places.

use std::collections::BTreeMap;

use crate::analysis::compare::Effect;
use crate::analysis::measure::Measure;
use crate::model::policy::{Lever, Line};
use crate::quantities::Month;

const ENGLISH: &str = include_str!("../../assets/words/en.toml");
const THAI: &str = include_str!("../../assets/words/th.toml");

/// A table of strings.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    table: BTreeMap<String, String>,
}

/// Where a line may break within words that are written in one piece.
const BREAK: char = '\u{200b}';

/// Whether a letter belongs to a script that writes words in one piece, as Thai does.
fn in_one_piece(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Puts `name` where `text` speaks of the baseline, which a table of words calls `own`; the places to be filled stay.
#[must_use]
pub fn renamed(text: &str, own: &str, name: &str) -> String {
    let (quoted, small) = (format!("“{name}”"), own.to_lowercase());
    // A mark that no text holds stands for the name, which may itself be a word for the baseline.
    let outside = |part: &str| {
        let marked = [&*format!("the {small}"), own, &small].iter().fold(part.to_owned(), |text, word| text.replace(word, "\0"));
        // Thai sets no space between words, but does around a name in quotation marks.
        let gap = |letter: Option<char>| if letter.is_some_and(in_one_piece) { " " } else { "" };
        let named = |before: String, after: &str| {
            let (before, after) = (before.trim_end_matches(BREAK), after.trim_start_matches(BREAK));
            format!("{before}{}{quoted}{}{after}", gap(before.chars().last()), gap(after.chars().next()))
        };
        let mut parts = marked.split('\0');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, named)
    };
    let mut pieces = text.split('{');
    let mut said = pieces.next().map(outside).unwrap_or_default();
    for piece in pieces {
        let (place, after) = piece.split_once('}').unwrap_or((piece, ""));
        said.push('{');
        said.push_str(place);
        said.push('}');
        said.push_str(&outside(after));
    }
    said
}

impl Words {
    /// The embedded table of `language` (`en` or `th`).
    ///
    /// # Panics
    /// Never: a test reads the embedded tables.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the embedded table is held by a test")]
    pub fn embedded(language: &str) -> Option<Self> {
        let text = match language {
            "en" => ENGLISH,
            "th" => THAI,
            _ => return None,
        };
        Some(Self { table: flat(text).expect("the embedded tables are TOML") })
    }

    /// Reads a table from `text`, which must hold what the English one holds.
    ///
    /// # Errors
    /// All that is missing, unknown or wrong, one sentence each.
    ///
    /// # Panics
    /// Never: the English table is embedded.
    #[expect(clippy::expect_used, reason = "the embedded table is held by a test")]
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let english = Self::embedded("en").expect("English is embedded").table;
        let table = flat(text).map_err(|fault| vec![fault])?;
        // What names levers, their parts and sectors may be missing: they are told as scenario files and tables spell them.
        let free = |key: &str| ["lever.", "line.", "sector.", "backfire.", "unit.", "switch."].iter().any(|section| key.starts_with(section));
        let missing = english.keys().filter(|key| !table.contains_key(*key) && !free(key)).map(|key| format!("`{key}` is missing"));
        let unknown = table.keys().filter(|key| !english.contains_key(*key) && !free(key)).map(|key| format!("`{key}` is unknown"));
        let places_differ = table.iter().filter_map(|(key, text)| {
            let expected = english.get(key).map(|english| places(english))?;
            let wrong: Vec<&str> = places(text).into_iter().filter(|place| !expected.contains(place)).collect();
            (!wrong.is_empty()).then(|| format!("`{key}` has no place {{{}}}", wrong.join("}, {")))
        });
        let months =
            table.get("months").is_some_and(|text| text.split_whitespace().count() != 12).then(|| "`months` must be twelve words".to_owned());
        let offset =
            table.get("year_offset").is_some_and(|text| text.parse::<i32>().is_err()).then(|| "`year_offset` must be a whole number".to_owned());
        let faults: Vec<String> = missing.chain(unknown).chain(places_differ).chain(months).chain(offset).collect();
        if faults.is_empty() { Ok(Self { table }) } else { Err(faults) }
    }

    /// The string at `key`; the key itself where there is none, which a test rules out.
    #[must_use]
    pub fn word<'a>(&'a self, key: &'a str) -> &'a str {
        self.table.get(key).map_or(key, String::as_str)
    }

    /// The string at `key`, if there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.table.get(key).map(String::as_str)
    }

    /// How `lever` may do harm, in the reader's language where the table has it; English stands with the lever.
    #[must_use]
    pub fn backfire(&self, lever: &Lever) -> Option<&str> {
        let route = lever.backfire?;
        Some(self.table.get(&format!("backfire.{}", lever.key)).map_or(route, String::as_str))
    }

    /// The unit of `lever`, likewise.
    #[must_use]
    pub fn unit(&self, lever: &Lever) -> &str {
        self.table.get(&format!("unit.{}", lever.unit)).map_or(lever.unit, String::as_str)
    }

    /// A budget line, likewise.
    #[must_use]
    pub fn line(&self, line: Line) -> &str {
        self.table.get(&format!("line.{}", line.name())).map_or(line.name(), String::as_str)
    }

    /// All keys, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        self.table.keys().map(String::as_str).collect()
    }

    /// The same table where the variant called `name` stands in the baseline's place.
    #[must_use]
    pub fn against(mut self, name: &str) -> Self {
        let own = self.word("baseline").to_owned();
        self.table.values_mut().for_each(|text| *text = renamed(text, &own, name));
        self
    }

    /// The string at `key` with its places filled.
    #[must_use]
    pub fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        let mut rest = self.word(key);
        let mut said = String::new();
        // One pass, so that what is filled in is never taken for a place.
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((place, after)) = after.split_once('}') else { break };
            said.push_str(places.iter().find(|(name, _)| *name == place).map_or("", |(_, text)| text));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// A year.
    #[must_use]
    pub fn year(&self, year: i32) -> String {
        (year + self.word("year_offset").parse::<i32>().unwrap_or(0)).to_string()
    }

    /// A month with its year.
    #[must_use]
    pub fn month(&self, month: Month) -> String {
        format!("{} {}", self.month_name(month), self.year(month.year()))
    }

    /// A month without its year.
    #[must_use]
    pub fn month_name(&self, month: Month) -> String {
        let place = usize::try_from(month.month() - 1).unwrap_or(0);
        self.word("months").split_whitespace().nth(place).unwrap_or("").to_owned()
    }

    /// A number with `decimals` digits after the point and thousands set apart; never "-0".
    #[must_use]
    pub fn number(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        let text = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = String::new();
        if value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
            out.push('−');
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                out.push_str(self.word("thousands"));
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push_str(self.word("decimal"));
            out.push_str(fraction);
        }
        out
    }

    /// A number to as many significant digits: more than two or three is more than chance leaves of a difference or a level.
    fn about(&self, value: f64, decimals: usize, significant: f64) -> String {
        if value == 0.0 || !value.is_finite() {
            return self.number(value, 0);
        }
        let step = libm::pow(10.0, libm::log10(value.abs()).floor() + 1.0 - significant).max(libm::pow(10.0, -(decimals as f64)));
        let rounded = (value / step).round() * step;
        // Nothing is told as plain nothing, whatever digits stand beside it.
        self.number(rounded, if rounded == 0.0 { 0 } else { decimals })
    }

    /// A count in a sentence: none has a word of its own.
    #[must_use]
    pub fn count(&self, count: usize) -> String {
        if count == 0 { self.word("none").to_owned() } else { self.number(count as f64, 0) }
    }

    /// From one text to another, or the one where both say the same.
    #[must_use]
    pub fn range(&self, low: &str, high: &str) -> String {
        if low == high { low.to_owned() } else { self.say("range", &[("low", low), ("high", high)]) }
    }

    /// A number with its sign, also where it is positive.
    #[must_use]
    pub fn signed(&self, value: f64, decimals: usize) -> String {
        let text = self.number(value, decimals);
        let some = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if value > 0.0 && some { format!("+{text}") } else { text }
    }
}

/// How the figures of one measure are written: shares in percent, money in millions, as many digits as the size needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// What a figure is multiplied by before it is written.
    pub factor: f64,
    /// How many digits follow the point.
    pub decimals: usize,
}

impl Scale {
    /// For figures of `measure` that differ by about `size`.
    #[must_use]
    pub fn of(measure: Measure, size: f64) -> Self {
        let factor = match measure.unit() {
            "share" => 100.0,
            "money" => 1e-6,
            _ => 1.0,
        };
        Self { factor, decimals: digits(size * factor) }
    }

    /// For the differences of an effect.
    #[must_use]
    pub fn of_effect(effect: &Effect) -> Self {
        let size = [effect.low, effect.high, effect.difference].into_iter().filter(|value| value.is_finite()).fold(0.0, |a: f64, b| a.max(b.abs()));
        Self::of(effect.measure, size)
    }

    /// A figure, to three significant digits.
    #[must_use]
    pub fn value(&self, words: &Words, value: f64) -> String {
        words.about(value * self.factor, self.decimals, 3.0)
    }

    /// The size of a difference, to two significant digits.
    #[must_use]
    pub fn size(&self, words: &Words, value: f64) -> String {
        words.about(value.abs() * self.factor, self.decimals, 2.0)
    }

    /// A difference with its sign, to two significant digits.
    #[must_use]
    pub fn difference(&self, words: &Words, value: f64) -> String {
        let text = words.about(value * self.factor, self.decimals, 2.0);
        let some = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if value > 0.0 && some { format!("+{text}") } else { text }
    }
}

/// As many digits after the point as two significant ones need.
fn digits(size: f64) -> usize {
    match size.abs() {
        s if s >= 10.0 || s == 0.0 || !s.is_finite() => 0,
        s if s >= 1.0 => 1,
        s if s >= 0.1 => 2,
        _ => 3,
    }
}

/// A TOML text as keys with dots and strings.
fn flat(text: &str) -> Result<BTreeMap<String, String>, String> {
    let parsed: toml::Table = text.parse().map_err(|fault: toml::de::Error| format!("it is not TOML: {}", fault.message()))?;
    let mut table = BTreeMap::new();
    for (key, value) in parsed {
        gather(&mut table, key, value)?;
    }
    Ok(table)
}

fn gather(table: &mut BTreeMap<String, String>, key: String, value: toml::Value) -> Result<(), String> {
    match value {
        toml::Value::String(text) => {
            table.insert(key, text.replace('¦', &BREAK.to_string()));
            Ok(())
        }
        toml::Value::Table(inner) => inner.into_iter().try_for_each(|(name, value)| gather(table, format!("{key}.{name}"), value)),
        _ => Err(format!("`{key}` must be a string")),
    }
}

/// The names between braces.
fn places(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(place, _)| place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::policy::all;

    fn english() -> Words {
        Words::embedded("en").expect("English is embedded")
    }

    #[test]
    fn the_embedded_tables_hold_the_same() {
        for text in [ENGLISH, THAI] {
            assert_eq!(Words::parse(text).map(|_| ()), Ok(()));
        }
    }

    /// What stands in English with the levers themselves has its Thai words: how each may backfire, its unit, its budget line.
    #[test]
    fn no_lever_that_may_backfire_lacks_thai() {
        let thai = Words::embedded("th").expect("Thai is embedded");
        let levers: Vec<&Lever> = all().map(|(_, lever)| lever).collect();
        let own = |text: &str| text.chars().any(|letter| ('\u{e00}'..='\u{e7f}').contains(&letter)) && !text.contains("rule");
        for lever in levers.iter().filter(|lever| lever.backfire.is_some()) {
            assert!(thai.backfire(lever).is_some_and(own), "`backfire.{}` is missing in th.toml", lever.key);
            assert_eq!(english().backfire(lever), lever.backfire);
        }
        for lever in levers.iter().filter(|lever| !lever.unit.starts_with("share") && !lever.unit.starts_with("money")) {
            assert!(own(thai.unit(lever)), "`unit.\"{}\"` is missing in th.toml", lever.unit);
        }
        assert!(Line::ALL.into_iter().all(|line| own(thai.line(line))));
        let known = |key: &str| levers.iter().any(|lever| key.strip_prefix("backfire.") == Some(lever.key) && lever.backfire.is_some());
        let stray: Vec<&str> = thai.keys().into_iter().filter(|key| key.starts_with("backfire.") && !known(key)).collect();
        assert!(stray.is_empty(), "{stray:?}: no such route");
    }

    #[test]
    fn faults_of_a_table_are_told_all_at_once() {
        let faults = Words::parse("thousands = \" {x}\"\nodd = \"\"\n").expect_err("much is missing");
        assert!(faults.contains(&"`odd` is unknown".to_owned()) && faults.contains(&"`months` is missing".to_owned()), "{faults:?}");
        assert!(faults.contains(&"`thousands` has no place {x}".to_owned()));
        assert!(Words::parse("= =").is_err() && Words::parse("a = 1").is_err());
    }

    #[test]
    fn numbers_and_years_follow_the_language() {
        assert_eq!(english().number(-1_234_567.25, 1), "−1,234,567.2");
        assert_eq!(english().signed(0.4, 0), "0");
        assert_eq!((english().about(0.0, 2, 2.0), english().about(-0.0004, 3, 2.0)), ("0".to_owned(), "0".to_owned()));
        assert_eq!((english().about(4_628.0, 0, 2.0), english().about(-95.27, 1, 3.0)), ("4,600".to_owned(), "−95.3".to_owned()));
        assert_eq!(
            (english().range("1", "1"), english().range("1", "2"), english().count(0)),
            ("1".to_owned(), "1 to 2".to_owned(), "none".to_owned())
        );
        assert_eq!(english().month(Month::new(2016, 3)), "Mar 2016");
        assert_eq!(Words::embedded("th").expect("Thai is embedded").year(2016), "2559");
    }

    /// A name in the baseline's place stands apart where words are written in one piece, and as it is where spaces do that already.
    #[test]
    fn a_name_in_the_baselines_place_stands_apart() {
        assert_eq!(renamed("ใน\u{200b}กรณีฐาน\u{200b}จะ {a} จากกรณีฐาน", "กรณีฐาน", "ก"), "ใน “ก” จะ {a} จาก “ก”");
        assert_eq!(renamed("In the baseline, (baseline): {a} the baseline’s", "Baseline", "A"), "In “A”, (“A”): {a} “A”’s");
    }

    #[test]
    fn what_is_filled_in_is_not_read_as_a_place() {
        let words = Words { table: BTreeMap::from([("k".to_owned(), "{a} and {b}".to_owned())]) };
        assert_eq!(words.say("k", &[("a", "{b}"), ("b", "x")]), "{b} and x");
    }
}
