//! The JSON Schema of scenario files, for editors: made from the same tables that the reader uses.
//!
//! It cannot say everything that `fivep check` finds: sums, dates and the names of a country's own origins
//! and shocks are left to the reader.

use super::sets::Choice;
use super::upgrade::FORMAT;
use crate::model::parameters::PARAMETERS;
use crate::model::policy::{self, Default as LeverDefault, Lever, Line, P, Shape};
use crate::model::switches::SWITCHES;
use serde_json::{Map, Value, json};

/// The schema, as JSON Schema draft 2020-12.
#[must_use]
pub fn schema() -> Value {
    let variant = json!({
        "type": "object",
        "description": "What this variant changes in what it builds on: a dated step leaves what stood before it; a value without a date, and `start`, replace the whole course.",
        "additionalProperties": false,
        "properties": {
            "title": texts(&line("What the variant is called in tables and pictures.")),
            "base": { "type": "string", "description": "The variant that this one builds on; without it, the baseline." },
            "with": { "type": "array", "items": { "type": "string" }, "description": "Variants whose changes this one makes too, in this order, before its own." },
            "policy": variant_policy(),
            "switches": { "$ref": "#/$defs/switches" },
            "shocks": { "$ref": "#/$defs/shocks" },
            "parameters": { "$ref": "#/$defs/parameters" },
        },
    });
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fivep scenario",
        "description": "A baseline and its variants: what a country does against human trafficking, and what it could do.",
        "type": "object",
        "additionalProperties": false,
        "required": ["format", "title"],
        "anyOf": [{ "required": ["extends"] }, { "required": ["country", "from", "to", "scale", "replicates", "seed"] }],
        "properties": {
            "format": { "const": FORMAT, "description": "The number of the file format." },
            "title": texts(&line("What the scenario is called.")),
            "question": texts(&json!({ "type": "string", "description": "The question that the scenario answers, in a paragraph." })),
            "briefing": {
                "type": "object",
                "description": "Who answers for a briefing: shown on its first page.",
                "additionalProperties": false,
                "properties": {
                    "office": texts(&line("The office.")),
                    "author": texts(&line("Who wrote it.")),
                    "date": { "type": "string", "description": "Its date; none, if not given.", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "examples": ["2026-11-30"] },
                },
            },
            "country": { "type": "string", "description": "A shipped country, or a folder beside the file that holds profile.toml and parameters.toml.", "examples": ["thailand", "borderland"] },
            "extends": { "type": "string", "description": "A shipped scenario or a file, all of which holds here too but for its title, question, variants and what it compares: what this file says, it says instead.", "examples": ["thailand-gaps", "thailand-2016"] },
            "baseline": { "type": "string", "description": "The variant of the scenario under `extends` that is the baseline here." },
            "begin": month("The month with which the simulation begins after its spin-up; without it, `from`."),
            "from": month("The first reported month."),
            "to": month("The last reported month, included."),
            "scale": { "type": "number", "minimum": 1, "description": "Persons per agent: 1 is exact and slow.", "examples": [10, 100] },
            "replicates": { "type": "integer", "minimum": 1, "maximum": 10_000, "description": "How many times each variant is simulated, each time with other random numbers." },
            "seed": { "type": "integer", "minimum": 0, "maximum": i64::MAX, "description": "The seed of all random numbers: the same seed gives the same result." },
            "draw": { "enum": Choice::ALL.map(Choice::word), "description": "Which parameter values are simulated: the country's best ones, those of its calibration (posterior), or any within their ranges (prior); without it, posterior where the country has been calibrated, else best." },
            "compare": {
                "type": "object",
                "description": "What is compared with what, and when; without it, the variants with the baseline, from the first month in which any policy differs to the end.",
                "additionalProperties": false,
                "properties": {
                    "from": month("The first month compared."),
                    "to": month("The last month compared."),
                    "against": { "type": "string", "description": "The variant with which all others, the baseline among them, are compared; without it, the baseline.", "examples": ["no-package"] },
                    "baseline_title": texts(&line("What the baseline is called where another variant has its place.")),
                },
            },
            "policy": { "$ref": "#/$defs/policy" },
            "switches": { "$ref": "#/$defs/switches" },
            "shocks": { "$ref": "#/$defs/shocks" },
            "parameters": { "$ref": "#/$defs/parameters" },
            "variants": {
                "type": "object",
                "description": "What could be done instead, by name.",
                "propertyNames": { "pattern": "^[a-z0-9][a-z0-9-]*$", "not": { "enum": ["baseline", "start", "default", "all"] } },
                "additionalProperties": variant,
            },
        },
        "$defs": {
            "policy": policy_schema(),
            "switches": switches(),
            "shocks": { "type": "object", "description": "Dated events of the country's profile, by name: false takes one out.", "additionalProperties": { "type": "boolean" } },
            "parameters": parameters(),
            "change": { "type": "string", "description": "A change of what the layer below (the default, the baseline, the variant built on) says in that month: in per cent, by so much, or by so many times; or the default.", "pattern": "^([+\u{2212}-][0-9][0-9.]*( ?%)?|[x\u{d7}] ?[0-9][0-9.]*|default)$", "examples": ["+23.88%", "-5%", "+0.2", "x2", "default"] },
        },
    });
    if let Some(defs) = schema["$defs"].as_object_mut() {
        defs.extend(ranges());
    }
    schema
}

fn line(text: &str) -> Value {
    json!({ "type": "string", "description": text, "minLength": 1, "maxLength": 300 })
}

/// A text, or the same text by language.
pub(super) fn texts(one: &Value) -> Value {
    let by_language = json!({
        "type": "object",
        "description": "The text by language: `en` is shown where a language is missing.",
        "required": ["en"],
        "propertyNames": { "pattern": "^[a-z]{2,3}$" },
        "additionalProperties": one,
    });
    let mut schema = Map::new();
    if let Some(description) = one.get("description") {
        schema.insert("description".to_owned(), description.clone());
    }
    schema.insert("anyOf".to_owned(), json!([one, by_language]));
    Value::Object(schema)
}

/// What a month looks like.
pub(super) const MONTH: &str = "^[0-9]{4}-(0[1-9]|1[0-2])$";

fn month(text: &str) -> Value {
    json!({ "type": "string", "description": text, "pattern": MONTH, "examples": ["2016-10"] })
}

/// Policy in a variant, whose sections may be taken over from another one.
fn variant_policy() -> Value {
    let taken = |p: P| {
        let text =
            format!("Levers of [policy.{}], or the name of the variant (`baseline`, `default`) from which all of them are taken over.", p.section());
        let own = json!({ "$ref": format!("#/$defs/policy/properties/{}", p.section()) });
        (p.section().to_owned(), json!({ "description": text, "anyOf": [{ "type": "string" }, own] }))
    };
    let sections: Map<String, Value> = P::ALL.map(taken).into_iter().collect();
    json!({ "type": "object", "description": "Levers, by the five Ps.", "additionalProperties": false, "properties": sections })
}

fn policy_schema() -> Value {
    let sections: Map<String, Value> = P::ALL.map(|p| (p.section().to_owned(), section(p))).into_iter().collect();
    json!({ "type": "object", "description": "Levers, by the five Ps.", "additionalProperties": false, "properties": sections })
}

/// The levers of one P, keys with dots as nested tables and in quotes.
fn section(p: P) -> Value {
    let mut properties = Map::new();
    for (_, lever) in policy::all().filter(|(_, lever)| lever.p == p) {
        let about = lever_schema(lever);
        if let Some((group, key)) = lever.key.split_once('.') {
            let empty = || json!({ "type": "object", "additionalProperties": false, "properties": {} });
            properties.entry(group).or_insert_with(empty)["properties"][key] = about.clone();
        }
        properties.insert(lever.key.to_owned(), about);
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn lever_schema(lever: &Lever) -> Value {
    let (min, max, unit) = (lever.min, lever.max, lever.unit);
    let default = match lever.default {
        LeverDefault::Value(value) => format!("default {value}"),
        LeverDefault::Profile => "default: the country's own".to_owned(),
    };
    let backfire = lever.backfire.map(|route| format!(" May backfire: {route}.")).unwrap_or_default();
    let text = format!("{} Unit: {unit}; {min} to {max}; {default}.{backfire}", lever.text.trim());
    let one = json!({ "$ref": format!("#/$defs/{}", range_name(lever)) });
    let mut schema = match lever.shape {
        Shape::One => one,
        Shape::PerLine => {
            let lines: Map<String, Value> = Line::ALL.iter().map(|line| (line.name().to_owned(), one.clone())).collect();
            json!({ "anyOf": [{ "const": "default" }, { "type": "object", "additionalProperties": false, "properties": lines }] })
        }
        Shape::PerOrigin => {
            let names = json!({ "pattern": "^[a-z][a-z0-9_-]*$", "not": { "const": "start" } });
            json!({ "anyOf": [one, { "type": "object", "minProperties": 1, "propertyNames": names, "additionalProperties": one }] })
        }
    };
    schema["description"] = Value::from(text);
    if let (Shape::One, LeverDefault::Value(value)) = (lever.shape, lever.default) {
        schema["examples"] = json!([value, { "start": value, "2016-10": max.min(value * 2.0) }]);
    }
    schema
}

/// The name under which the schema of a lever's values stands in `$defs`: levers of the same range share it.
fn range_name(lever: &Lever) -> String {
    format!("{}-to-{}", lever.min, lever.max)
}

/// For each range that a lever has, what its value may be: a level, a change, or a course over time.
fn ranges() -> Map<String, Value> {
    let mut ranges = Map::new();
    for (_, lever) in policy::all() {
        let level = json!({ "anyOf": [{ "type": "number", "minimum": lever.min, "maximum": lever.max }, { "$ref": "#/$defs/change" }] });
        let course = json!({
            "type": "object",
            "minProperties": 1,
            "additionalProperties": false,
            "properties": { "start": level },
            "patternProperties": { "^[0-9]{4}-(0[1-9]|1[0-2])$": level },
        });
        let mut one = level;
        if let Some(choices) = one["anyOf"].as_array_mut() {
            choices.push(course);
        }
        ranges.insert(range_name(lever), one);
    }
    ranges
}

fn switches() -> Value {
    let one = |switch: &crate::model::switches::Switch| {
        let values: Vec<Value> = switch
            .values
            .iter()
            .map(|value| match *value {
                "true" => Value::from(true),
                "false" => Value::from(false),
                word => Value::from(word),
            })
            .collect();
        (switch.name.to_owned(), json!({ "enum": values, "default": values[0], "description": switch.text }))
    };
    let properties: Map<String, Value> = SWITCHES.iter().map(one).collect();
    json!({ "type": "object", "description": "The structure of the model.", "additionalProperties": false, "properties": properties })
}

fn parameters() -> Value {
    let mut properties = Map::new();
    for parameter in PARAMETERS {
        let text = format!("{} Rule {}; unit: {}.", parameter.text, parameter.rule, parameter.unit);
        let about = json!({ "type": "number", "minimum": parameter.min, "maximum": parameter.max, "description": text });
        let empty = || json!({ "type": "object", "additionalProperties": false, "properties": {} });
        properties.entry(parameter.process).or_insert_with(empty)["properties"][parameter.name] = about;
    }
    json!({ "type": "object", "description": "What is assumed, in place of the country's own values: PROCESS.NAME.", "additionalProperties": false, "properties": properties })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// `UPDATE=1 cargo test` rewrites the shipped file.
    #[test]
    fn the_shipped_schema_is_this_one() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scenario.schema.json");
        let text = format!("{:#}\n", schema());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).expect("the checkout can be written to");
        }
        let shipped = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(shipped == text, "scenarios/scenario.schema.json is stale: run `UPDATE=1 cargo test`");
    }

    #[test]
    fn every_lever_parameter_and_switch_is_in_it() {
        let schema = schema();
        for (_, lever) in policy::all() {
            let section = &schema["$defs"]["policy"]["properties"][lever.p.section()]["properties"];
            let text = section[lever.key]["description"].as_str().unwrap_or_default();
            assert!(text.contains(lever.text.trim()), "{}", lever.path());
            if let Some((group, key)) = lever.key.split_once('.') {
                assert_eq!(section[group]["properties"][key], section[lever.key]);
            }
        }
        for parameter in PARAMETERS {
            assert!(schema["$defs"]["parameters"]["properties"][parameter.process]["properties"][parameter.name].is_object(), "{}", parameter.path());
        }
        for switch in SWITCHES {
            assert!(schema["$defs"]["switches"]["properties"][switch.name].is_object(), "{}", switch.name);
        }
    }
}
