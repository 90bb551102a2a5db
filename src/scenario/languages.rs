//! Texts in more than one language: `title = "..."`, or `title.en = "..."` and `title.th = "..."`.
//!
//! A text without a language of its own holds for all of them, and `en` is what stands where a language is missing. So a scenario
//! needs no translation, and a translation needs no other file.
//!
//! Absent on purpose: which language is asked for (`Scenario::in_language`).

use super::asked::Kind;
use super::resolved::quoted;
use super::values::{Entry, shorten};
use std::collections::BTreeMap;

/// A text in other languages, by their codes, such as `th`.
pub type Others = BTreeMap<String, String>;

/// What stands where a language is missing.
const FIRST: &str = "en";

/// A text, and the same in other languages; `read` reads one of them.
pub(super) fn texts<'t>(entry: &Entry<'t>, read: &dyn Fn(&Entry<'t>) -> Option<String>) -> (Option<String>, Others) {
    entry.faults.ask(|| (entry.path.clone(), Kind::Texts));
    let Some(table) = entry.as_table() else { return (read(entry), Others::new()) };
    let (mut first, mut others) = (None, Others::new());
    for inner in table.entries() {
        let code = inner.key;
        if !(2..=3).contains(&code.len()) || !code.bytes().all(|letter| letter.is_ascii_lowercase()) {
            let help = format!("write two or three small letters, as in `{}.th`", entry.path);
            inner.faults.add(&inner.key_place, format!("`{}` is not the code of a language", shorten(code)), "", help);
            continue;
        }
        let Some(text) = read(&inner) else { continue };
        if code == FIRST {
            first = Some(text);
        } else {
            others.insert(code.to_owned(), text);
        }
    }
    if !table.entries().any(|inner| inner.key == FIRST) {
        let help = format!("add `{}.{FIRST} = \"...\"`: what is shown in every language that has no text of its own", entry.path);
        entry.faults.add(&entry.key_place, format!("`{}` has no text in English", entry.path), "", help);
    }
    (first, others)
}

/// A text of one line in all its languages.
pub(super) fn lines(entry: &Entry<'_>, most: usize) -> (Option<String>, Others) {
    texts(entry, &|entry| entry.line(most).map(str::to_owned))
}

/// A text in all its languages as a value of TOML, on one line.
pub(super) fn written(text: &str, others: &Others) -> String {
    if others.is_empty() {
        return quoted(text);
    }
    let others: Vec<String> = others.iter().map(|(code, text)| format!("{code} = {}", quoted(text))).collect();
    format!("{{ {FIRST} = {}, {} }}", quoted(text), others.join(", "))
}
