//! The words of the briefing, by language.
//!
//! English decides which keys there are and which `{places}` they have; every other table must hold the same.

use crate::charts::words::renamed;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

const ENGLISH: &str = include_str!("../../assets/briefing/en.toml");
const THAI: &str = include_str!("../../assets/briefing/th.toml");

/// The embedded tables, as (file name, text).
pub const TABLES: [(&str, &str); 2] = [("en.toml", ENGLISH), ("th.toml", THAI)];

/// A table of words.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrases {
    table: BTreeMap<String, String>,
}

impl Phrases {
    /// The embedded table of `language`, if there is one.
    ///
    /// # Panics
    /// Never: the embedded tables are TOML, which a test holds.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the embedded table is held by a test")]
    pub fn embedded(language: &str) -> Option<Self> {
        let (_, text) = TABLES.iter().find(|(name, _)| name.strip_suffix(".toml") == Some(language))?;
        Some(Self { table: flat(text).expect("the embedded tables are TOML") })
    }

    /// Reads a table that must hold what the English one holds.
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
        let missing = english.keys().filter(|key| !table.contains_key(*key)).map(|key| format!("`{key}` is missing"));
        let unknown = table.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("`{key}` is unknown"));
        let places = table.iter().filter_map(|(key, text)| {
            let known = places(english.get(key)?);
            let odd = places(text).into_iter().find(|place| !known.contains(place))?;
            Some(format!("`{key}` has no place {{{odd}}}"))
        });
        let faults: Vec<String> = missing.chain(unknown).chain(places).collect();
        if faults.is_empty() { Ok(Self { table }) } else { Err(faults) }
    }

    /// The phrase at `key`; the key itself where there is none, which a test rules out.
    #[must_use]
    pub fn word<'a>(&'a self, key: &'a str) -> &'a str {
        self.table.get(key).map_or(key, String::as_str)
    }

    /// The same table where the variant called `name` stands in the baseline's place.
    #[must_use]
    pub fn against(mut self, name: &str) -> Self {
        let own = self.word("baseline").to_owned();
        self.table.values_mut().for_each(|text| *text = renamed(text, &own, name));
        self
    }

    /// The phrase at `key` with its places filled, in one pass, so that what is filled in is never taken for a place.
    #[must_use]
    pub fn say(&self, key: &str, filled: &[(&str, &str)]) -> String {
        let mut said = String::new();
        let mut rest = self.word(key);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((place, after)) = after.split_once('}') else { break };
            said.push_str(before);
            said.push_str(filled.iter().find(|(name, _)| *name == place).map_or("", |(_, text)| text));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    /// The table as the templates see it: a value for each key, sections as tables within it.
    #[must_use]
    pub fn nested(&self) -> Value {
        let mut all = Map::new();
        for (key, text) in &self.table {
            match key.split_once('.') {
                None => {
                    all.insert(key.clone(), Value::from(text.as_str()));
                }
                Some((section, key)) => {
                    let inner = all.entry(section).or_insert_with(|| Value::Object(Map::new()));
                    inner[key] = Value::from(text.as_str());
                }
            }
        }
        Value::Object(all)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(String::as_str)
    }
}

/// A TOML text of strings, in at most one level of tables, as keys with dots.
fn flat(text: &str) -> Result<BTreeMap<String, String>, String> {
    let parsed: toml::Table = text.parse().map_err(|fault: toml::de::Error| format!("it is not TOML: {}", fault.message()))?;
    let mut table = BTreeMap::new();
    for (key, value) in parsed {
        match value {
            toml::Value::String(text) => {
                table.insert(key, text);
            }
            toml::Value::Table(inner) => {
                for (name, value) in inner {
                    let toml::Value::String(text) = value else { return Err(format!("`{key}.{name}` must be a string")) };
                    table.insert(format!("{key}.{name}"), text);
                }
            }
            _ => return Err(format!("`{key}` must be a string")),
        }
    }
    Ok(table)
}

/// The names between braces.
fn places(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(place, _)| place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_tables_hold_the_same() {
        for (name, text) in TABLES {
            assert_eq!(Phrases::parse(text).map(|_| ()), Ok(()), "{name}");
        }
    }

    #[test]
    fn faults_are_told_all_at_once() {
        let faults = Phrases::parse("odd = \"\"\nmean = \"{median}\"\n").expect_err("much is missing");
        for say in ["`odd` is unknown", "`contents` is missing", "`mean` has no place {median}"] {
            assert!(faults.iter().any(|fault| fault == say), "{say} in {faults:?}");
        }
        assert!(Phrases::parse("mean = 3").is_err_and(|faults| faults == ["`mean` must be a string"]));
    }

    #[test]
    fn what_is_filled_in_is_never_taken_for_a_place() {
        let english = Phrases::embedded("en").expect("it is embedded");
        assert_eq!(english.say("costs.mean", &[("mean", "{mean}")]), "mean {mean}");
    }
}
