//! What the readers of a country's files ask, and the JSON Schemas that follow from it.
//!
//! Nothing is listed a second time: the shipped countries are read once while every question of the readers is noted (which key, needed
//! or not, a number within which bounds, one of which words), and the schema is what was asked. So a key that is added to a reader is in
//! the schema, and one that is misspelt shows in an editor.
//!
//! A schema cannot say everything that `fivep check` finds: sums, and figures that must fit each other, are left to the reader.

use super::faults::{Faults, Place};
use super::values::{self, Table};
use super::{country, embedded, targets};
use crate::model::parameters::PARAMETERS;
use crate::model::policy::Line;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What a reader asked of a place in a file: the place's full name, and what may stand there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// The full name, as in `origins.hills.home`.
    pub path: String,
    /// What was asked.
    pub kind: Kind,
}

/// What a reader may ask.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Whether something stands there; nothing need.
    Known,
    /// Something must stand there.
    Required,
    /// A number, within bounds.
    Number(f64, f64),
    /// A whole number, within bounds.
    Whole(i64, i64),
    /// A text; on one line of at most so many characters, where that is said.
    Text(Option<usize>),
    /// One of these words.
    Word(Vec<&'static str>),
    /// A month.
    Month,
    /// A list.
    List,
    /// A table.
    Table,
    /// The same, whose keys are names of the file's own.
    Names,
    /// A text in one language or in several.
    Texts,
}

/// What was asked of one place, and of those below it.
#[derive(Default)]
struct Node {
    kinds: Vec<Kind>,
    required: bool,
    keys: Vec<(String, Node)>,
}

/// What stands in the name of a place for a name of the file's own.
const NAME: &str = "*";
/// And for the place of an entry in a list.
const ITEM: &str = "[]";

/// What Thailand and Borderland have no case of: the kinds of dated events that never happened in them, a value for all origins or sectors, and as many
/// defendants as there may be, since officials among them are no more.
const FURTHER: &str = r#"
[shocks.further-crackdown]
title = "A"
kind = "crackdown"
from = "2015-01"
to = "2015-01"
added = 1

[shocks.further-rumour]
title = "A"
kind = "rumour"
from = "2015-01"
to = "2015-01"
strength = 0.5

[shocks.further-push]
title = "A"
kind = "push"
from = "2015-01"
to = "2015-01"
factor = 2

[shocks.further-margins]
title = "A"
kind = "margins"
from = "2015-01"
to = "2015-01"
lost = 0.5

[shocks.further-mega-case]
title = "A"
kind = "mega_case"
from = "2015-01"
to = "2015-01"
defendants = 10_000
officials = 0
victims = 0
"#;

/// And what no target of theirs has.
const FURTHER_TARGET: &str = r#"
[further]
title = "A"
pattern = "P1"
use = "V"
indicator = "identified"
from = "2015-01"
to = "2015-01"
values = [0]
absolute_error = 1
sources = ["a"]
"#;

/// Makes a schema.
type Schema = fn() -> Value;

/// What makes the schema of each of a country's files, by the names under which they are written.
pub(super) const COUNTRY_SCHEMAS: [(&str, Schema); 3] =
    [("profile.schema.json", profile_schema), ("parameters.schema.json", parameters_schema), ("targets.schema.json", targets_schema)];

/// The schema of a country's `profile.toml`, as JSON Schema draft 2020-12.
#[must_use]
pub fn profile_schema() -> Value {
    let faults = Faults::noting();
    for folder in embedded::COUNTRIES {
        read(&faults, &format!("{}{FURTHER}", folder.profile), |table| country::profile(table, folder.name));
    }
    let mut schema = head("fivep country profile", "What a country is before any policy and any assumption.", &tree(&faults.asked()));
    let lines: Map<String, Value> =
        Line::ALL.iter().map(|line| (line.name().to_owned(), json!({ "type": "number", "minimum": 0, "maximum": 1 }))).collect();
    schema["properties"]["budget"]["properties"]["shares"] =
        json!({ "description": "Each line's share; they sum to 1.", "type": "object", "additionalProperties": false, "properties": lines });
    let years = schema["properties"]["budget"]["properties"]["total"]["additionalProperties"].take();
    schema["properties"]["budget"]["properties"]["total"] = json!({ "description": "Money by fiscal year, in the currency.", "type": "object", "minProperties": 1, "additionalProperties": false, "patternProperties": { YEAR: years } });
    schema
}

/// What a fiscal year looks like.
const YEAR: &str = "^(19|20|21|22)[0-9][0-9]$";

/// The same of `targets.toml`.
#[must_use]
pub fn targets_schema() -> Value {
    let faults = Faults::noting();
    for folder in embedded::COUNTRIES {
        let Some(country) = read(&Faults::default(), folder.profile, |table| country::profile(table, folder.name)) else { continue };
        read(&faults, &format!("{}{FURTHER_TARGET}", folder.targets), |table| targets::targets(table, &country));
    }
    head("fivep targets", "Published patterns that the model of a country is held against.", &tree(&faults.asked()))
}

/// The same of `parameters.toml`: one entry for each parameter of the table; those of one unit and the same bounds share what stands
/// in `$defs`.
#[must_use]
pub fn parameters_schema() -> Value {
    let faults = Faults::noting();
    for folder in embedded::COUNTRIES {
        read(&faults, folder.parameters, country::parameters);
    }
    let note = tree(&faults.asked());
    let note = note.below(NAME).and_then(|process| process.below(NAME)).map(Node::schema).unwrap_or_default();
    let mut defs = Map::new();
    let mut processes = Map::new();
    for parameter in PARAMETERS {
        let kind = format!("{}, {} to {}", parameter.unit, parameter.min, parameter.max);
        let mut own = note.clone();
        for key in ["value", "low", "high"] {
            own["properties"][key] = json!({ "type": "number", "minimum": parameter.min, "maximum": parameter.max });
        }
        own["properties"]["unit"] = json!({ "const": parameter.unit });
        defs.insert(kind.clone(), own);
        let process = processes
            .entry(parameter.process)
            .or_insert_with(|| json!({ "type": "object", "additionalProperties": false, "properties": {}, "required": [] }));
        let text = format!("{} Rule {}; unit: {}; {} to {}.", parameter.text, parameter.rule, parameter.unit, parameter.min, parameter.max);
        process["properties"][parameter.name] = json!({ "description": text, "$ref": format!("#/$defs/{}", pointed(&kind)) });
        if let Some(required) = process["required"].as_array_mut() {
            required.push(parameter.name.into());
        }
    }
    let required: Vec<String> = std::iter::once("format".to_owned()).chain(processes.keys().cloned()).collect();
    let mut properties = Map::from_iter([("format".to_owned(), format_schema())]);
    properties.extend(processes);
    json!({
        "$schema": DRAFT,
        "title": "fivep country parameters",
        "description": "What is assumed of a country whatever its policy: each with its range, its grade and its source.",
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
        "$defs": defs,
    })
}

/// A key as a reference of JSON names it.
fn pointed(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1").replace('%', "%25").replace(' ', "%20")
}

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

fn format_schema() -> Value {
    json!({ "const": 1, "description": "The number of the file format." })
}

fn head(title: &str, text: &str, tree: &Node) -> Value {
    let mut schema = json!({ "$schema": DRAFT, "title": title, "description": text });
    if let (Some(schema), Value::Object(own)) = (schema.as_object_mut(), tree.object()) {
        schema.extend(own);
    }
    schema["properties"]["format"] = format_schema();
    schema
}

/// Reads a text that is known to be sound.
fn read<T>(faults: &Faults, text: &str, read: impl FnOnce(&Table<'_>) -> T) -> Option<T> {
    let file = faults.file("", text);
    let table = values::parse(faults, file, text)?;
    Some(read(&Table::new(faults, file, String::new(), Place::whole(file), table.get_ref())))
}

/// The parts of a place's full name, each with the full name up to it.
fn parts(path: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut whole = String::new();
    for key in path.split('.').filter(|key| !key.is_empty()) {
        let (key, item) = key.split_once('[').map_or((key, None), |(key, item)| (key, Some(item)));
        if !whole.is_empty() {
            whole.push('.');
        }
        whole.push_str(key);
        parts.push((key.to_owned(), whole.clone()));
        if let Some(item) = item {
            whole.push('[');
            whole.push_str(item);
            parts.push((ITEM.to_owned(), whole.clone()));
        }
    }
    parts
}

/// What was asked, as a tree, in which all names of a file's own are one.
fn tree(asked: &[Asked]) -> Node {
    let of = |kind: &Kind| asked.iter().filter(|asked| asked.kind == *kind).map(|asked| asked.path.clone()).collect::<HashSet<String>>();
    let (named, known, texts) = (of(&Kind::Names), of(&Kind::Known), of(&Kind::Texts));
    // A key that was asked for by its name is none of the file's own.
    let place = |path: &str| -> Vec<String> {
        let mut above = String::new();
        let mut place = Vec::new();
        for (part, whole) in parts(path) {
            place.push(if named.contains(&above) && !known.contains(&whole) && part != ITEM { NAME.to_owned() } else { part });
            above = whole;
        }
        place
    };
    let parent = |path: &str| {
        let parts = parts(path);
        parts.len().checked_sub(2).map_or_else(String::new, |place| parts[place].1.clone())
    };
    // What must stand in every table in which it is asked for at all must stand there.
    let mut tables: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    let mut needed: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    let mut root = Node::default();
    for Asked { path, kind } in asked {
        // Of a text in several languages each is what the one would be.
        let above = parent(path);
        let path = match kind {
            Kind::Text(_) if texts.contains(&above) => &above,
            _ if texts.contains(&above) => continue,
            _ => path,
        };
        let place = place(path);
        match kind {
            Kind::Known => {
                tables.entry(place[..place.len() - 1].to_vec()).or_default().insert(parent(path));
                root.at(&place);
            }
            Kind::Required => {
                needed.entry(place).or_default().insert(parent(path));
            }
            kind => {
                let node = root.at(&place);
                if !node.kinds.contains(kind) {
                    node.kinds.push(kind.clone());
                }
            }
        }
    }
    for (place, within) in needed {
        let all = tables.get(&place[..place.len() - 1]);
        root.at(&place).required = all.is_none_or(|all| all.is_subset(&within));
    }
    root
}

impl Node {
    /// The node at `place` below this one, made where it is missing.
    fn at(&mut self, place: &[String]) -> &mut Self {
        let Some((first, rest)) = place.split_first() else { return self };
        let known = self.keys.iter().position(|(key, _)| key == first);
        let known = known.unwrap_or_else(|| {
            self.keys.push((first.clone(), Self::default()));
            self.keys.len() - 1
        });
        self.keys[known].1.at(rest)
    }

    fn below(&self, key: &str) -> Option<&Self> {
        self.keys.iter().find(|(own, _)| own == key).map(|(_, node)| node)
    }

    /// What may stand here.
    fn schema(&self) -> Value {
        let mut choices: Vec<Value> = Vec::new();
        let words: Vec<&str> =
            self.kinds.iter().filter_map(|kind| if let Kind::Word(words) = kind { Some(words) } else { None }).flatten().copied().collect();
        let bounds = self.kinds.iter().filter_map(|kind| if let Kind::Number(low, high) = kind { Some((*low, *high)) } else { None });
        let bounds = bounds.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let length = self.kinds.iter().filter_map(|kind| if let Kind::Text(most) = kind { Some(*most) } else { None }).reduce(Option::max);
        let (table, list) = (self.kinds.iter().any(|kind| matches!(kind, Kind::Table | Kind::Names)), self.kinds.contains(&Kind::List));
        if let Some((low, high)) = bounds {
            choices.push(json!({ "type": "number", "minimum": low, "maximum": high, "description": format!("A number from {low} to {high}.") }));
        }
        for kind in &self.kinds {
            match kind {
                Kind::Whole(low, high) => choices.push(
                    json!({ "type": "integer", "minimum": low, "maximum": high, "description": format!("A whole number from {low} to {high}.") }),
                ),
                Kind::Month => {
                    choices.push(json!({ "type": "string", "description": "A month.", "pattern": super::schema::MONTH, "examples": ["2016-10"] }));
                }
                _ => {}
            }
        }
        if !words.is_empty() {
            let words: Vec<&str> = words.iter().enumerate().filter(|(place, word)| !words[..*place].contains(word)).map(|(_, word)| *word).collect();
            choices.push(json!({ "enum": words }));
        } else if let Some(most) = length {
            let mut text = json!({ "type": "string" });
            if let Some(most) = most {
                text["minLength"] = 1.into();
                text["maxLength"] = most.into();
            }
            choices.push(if self.kinds.contains(&Kind::Texts) { super::schema::texts(&text) } else { text });
        }
        if list {
            choices.push(json!({ "type": "array", "items": self.below(ITEM).map(Self::schema).unwrap_or_default() }));
        }
        if table && !self.kinds.contains(&Kind::Texts) {
            choices.push(self.object());
        }
        match choices.len() {
            0 => json!({}),
            1 => choices.swap_remove(0),
            _ => json!({ "anyOf": choices }),
        }
    }

    /// The table that may stand here.
    fn object(&self) -> Value {
        let own = || self.keys.iter().filter(|(key, _)| key != NAME && key != ITEM);
        let properties: Map<String, Value> = own().map(|(key, node)| (key.clone(), node.schema())).collect();
        let required: Vec<&String> = own().filter(|(_, node)| node.required).map(|(key, _)| key).collect();
        let further = self.below(NAME).map_or(Value::Bool(false), Self::schema);
        json!({ "type": "object", "additionalProperties": further, "required": required, "properties": properties })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantities::Month;
    use std::path::{Path, PathBuf};

    fn scenarios() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
    }

    /// `UPDATE=1 cargo test` rewrites the shipped files.
    #[test]
    fn the_shipped_schemas_are_these() {
        for (name, schema) in COUNTRY_SCHEMAS {
            let (path, text) = (scenarios().join(name), format!("{:#}\n", schema()));
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &text).expect("the checkout can be written to");
            }
            let shipped = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
            assert!(shipped == text, "scenarios/{name} is stale: run `UPDATE=1 cargo test`");
        }
    }

    /// Keys of which nobody was seen to ask anything: whatever stood there would be let through.
    fn vague(at: &str, schema: &Value, found: &mut Vec<String>) {
        for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
            if inner.as_object().is_some_and(Map::is_empty) {
                found.push(format!("{at}.{key}"));
            }
            vague(&format!("{at}.{key}"), inner, found);
        }
        for inner in [&schema["additionalProperties"], &schema["items"]].into_iter().chain(schema["anyOf"].as_array().into_iter().flatten()) {
            if inner.is_object() {
                vague(at, inner, found);
            }
        }
    }

    /// What is read in order to note what is asked is without fault, and has a case of everything.
    #[test]
    fn what_the_schema_is_made_of_is_sound_and_whole() {
        for folder in embedded::COUNTRIES {
            let faults = Faults::noting();
            read(&faults, &format!("{}{FURTHER}", folder.profile), |table| country::profile(table, folder.name));
            assert!(faults.is_empty(), "{}", faults.render());
        }
        let schema = profile_schema();
        let shock = &schema["properties"]["shocks"]["additionalProperties"];
        for kind in shock["properties"]["kind"]["enum"].as_array().expect("kinds") {
            let there = embedded::COUNTRIES.iter().any(|folder| format!("{}{FURTHER}", folder.profile).contains(&format!("kind = {kind}\n")));
            assert!(there, "{kind}: add a case of it to FURTHER");
        }
        let mut found = Vec::new();
        for (name, schema) in COUNTRY_SCHEMAS {
            vague(name, &schema(), &mut found);
        }
        assert!(found.is_empty(), "{found:?}");
    }

    /// What `value` breaks of `schema`, as far as our schemas go; a word that is none of theirs is a fault of the test.
    fn breaks(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut hold = |holds: bool, what: &str| {
            if !holds {
                found.push(format!("{at}: {what}"));
            }
        };
        let mut inner = Vec::new();
        let Some(words) = schema.as_object() else {
            hold(schema != &Value::Bool(false), "unknown key");
            return found;
        };
        for (word, rule) in words {
            let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
            match word.as_str() {
                "$schema" | "$defs" | "title" | "description" | "examples" | "properties" | "patternProperties" => {}
                "$ref" => {
                    let name = rule.as_str().and_then(|rule| rule.strip_prefix("#/$defs/")).expect("a reference to $defs");
                    let name = name.replace("%20", " ").replace("%25", "%").replace("~1", "/").replace("~0", "~");
                    inner.extend(breaks(root, &root["$defs"][name], value, at));
                }
                "type" => hold(
                    match rule.as_str().expect("a type") {
                        "object" => value.is_object(),
                        "array" => value.is_array(),
                        "string" => value.is_string(),
                        "integer" => value.is_i64(),
                        _ => value.is_number(),
                    },
                    &format!("not of type {rule}"),
                ),
                "const" => hold(value == rule, &format!("not {rule}")),
                "enum" => hold(rule.as_array().is_some_and(|all| all.contains(value)), &format!("none of {rule}")),
                "minimum" => hold(number(value) >= number(rule), "too small"),
                "maximum" => hold(number(value) <= number(rule), "too large"),
                "minLength" => hold(value.as_str().is_none_or(|text| !text.is_empty()), "empty"),
                "maxLength" => hold(value.as_str().is_none_or(|text| text.chars().count() as f64 <= number(rule)), "too long"),
                "pattern" => hold(value.as_str().is_none_or(|text| matches(rule, text)), &format!("not like {rule}")),
                "propertyNames" => {
                    let keys = value.as_object().into_iter().flatten();
                    for (key, _) in keys {
                        hold(matches(&rule["pattern"], key), &format!("`{key}` is not like {rule}"));
                    }
                }
                "minProperties" => hold(value.as_object().is_none_or(|table| table.len() as f64 >= number(rule)), "empty"),
                "required" => {
                    let keys = rule.as_array().into_iter().flatten().filter_map(Value::as_str);
                    for key in keys {
                        hold(value.get(key).is_some(), &format!("`{key}` is missing"));
                    }
                }
                "anyOf" => {
                    let all: Vec<Vec<String>> = rule.as_array().into_iter().flatten().map(|one| breaks(root, one, value, at)).collect();
                    hold(all.iter().any(Vec::is_empty), &format!("none of {} choices: {all:?}", all.len()));
                }
                "items" => {
                    let all = value.as_array().into_iter().flatten();
                    inner.extend(all.flat_map(|one| breaks(root, rule, one, &format!("{at}[]"))));
                }
                "additionalProperties" => {
                    for (key, one) in value.as_object().into_iter().flatten() {
                        let like = words
                            .get("patternProperties")
                            .and_then(Value::as_object)
                            .into_iter()
                            .flatten()
                            .find(|(like, _)| matches(&Value::from(like.as_str()), key));
                        let own = schema["properties"].get(key).or(like.map(|(_, own)| own)).unwrap_or(rule);
                        inner.extend(breaks(root, own, one, &format!("{at}.{key}")));
                    }
                }
                other => panic!("the test knows nothing of `{other}`"),
            }
        }
        found.extend(inner);
        found
    }

    fn matches(pattern: &Value, text: &str) -> bool {
        match pattern.as_str().expect("a pattern") {
            super::super::schema::MONTH => text.len() == 7 && text.parse::<Month>().is_ok(),
            YEAR => text.len() == 4 && text.parse::<i32>().is_ok_and(|year| (1900..2300).contains(&year)),
            "^[a-z]{2,3}$" => (2..=3).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_lowercase()),
            other => panic!("the test knows nothing of `{other}`"),
        }
    }

    fn checked(name: &str, text: &str) -> Vec<String> {
        let (_, schema) = COUNTRY_SCHEMAS.into_iter().find(|(own, _)| *own == format!("{name}.schema.json")).expect("it is there");
        let schema = schema();
        let table: toml::Table = text.parse().expect("it is TOML");
        breaks(&schema, &schema, &serde_json::to_value(table).expect("TOML is JSON but for dates, of which there are none"), name)
    }

    #[test]
    fn both_shipped_countries_satisfy_their_schemas_and_name_them_first() {
        for folder in embedded::COUNTRIES {
            for (name, text) in [("profile", folder.profile), ("parameters", folder.parameters), ("targets", folder.targets)] {
                assert_eq!(checked(name, text), Vec::<String>::new(), "{}", folder.name);
                assert_eq!(text.lines().next(), Some(&*format!("#:schema ../{name}.schema.json")), "{}", folder.name);
            }
        }
    }

    #[test]
    fn what_the_reader_refuses_the_schema_shows() {
        let folder = &embedded::COUNTRIES[1];
        for (name, text, old, new, phrase) in [
            ("profile", folder.profile, "spin_up = 24", "spinup = 24", "`spin_up` is missing"),
            ("profile", folder.profile, "home = 20_200", "home = -1", "too small"),
            ("profile", folder.profile, "women = 0.45", "wommen = 0.45", "wommen: unknown key"),
            ("profile", folder.profile, "mou = 900", "mu = 900", "mu: unknown key"),
            ("profile", folder.profile, "kind = \"labour\"", "kind = \"labor\"", "none of [\"labour\""),
            ("profile", folder.profile, "\"2016-03\"", "\"2016-13\"", "not like"),
            ("profile", folder.profile, "entry = 0.40", "entri = 0.40", "entri: unknown key"),
            ("profile", folder.profile, "2014 = 55", "14 = 55", "14: unknown key"),
            ("profile", folder.profile, "strength = {", "strenght = {", "strenght: unknown key"),
            ("profile", folder.profile, "title.th = ", "title.thai = ", "thai"),
            ("parameters", folder.parameters, "[migration]", "[migraton]", "migraton: unknown key"),
            ("parameters", folder.parameters, "grade = \"assumed\"", "grade = \"asumed\"", "none of"),
            ("parameters", folder.parameters, "unit = \"per W\"", "unit = \"per baht\"", "not \"per W\""),
            ("parameters", folder.parameters, ", source = ", ", sorce = ", "sorce: unknown key"),
            ("targets", folder.targets, "indicator = \"identified\"", "indicator = \"identifed\"", "none of"),
            ("targets", folder.targets, "use = \"C\"", "usage = \"C\"", "usage: unknown key"),
        ] {
            assert!(text.contains(old), "{old}");
            let found = checked(name, &text.replacen(old, new, 1));
            assert!(found.iter().any(|fault| fault.contains(phrase)), "{new}: {found:?}");
        }
    }

    #[test]
    fn every_parameter_has_its_place() {
        let schema = parameters_schema();
        for parameter in PARAMETERS {
            assert!(schema["properties"][parameter.process]["properties"][parameter.name]["$ref"].is_string(), "{}", parameter.path());
        }
    }
}
