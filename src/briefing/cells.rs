//! Differences as they are written in tables and lists: an interval, a mean in per cent, a word; and variants and money alike.
//!
//! Absent on purpose: how sure a difference is ([`verdict`](crate::analysis::verdict)), which is only put in words here.

use serde_json::{Value, json};

use super::named::{about, title, title_within};
use super::{Material, bought};
use crate::analysis::bought::bought as of_money;
use crate::analysis::compare::{Against, CostPerMonth, Effect, compare, together};
use crate::analysis::verdict::Verdict;
use crate::charts::answer::sets as counted_sets;
use crate::charts::findings::{COUNT, MONEY, PEOPLE, REMOVED, relative};
use crate::charts::words::Scale;

/// What all ranges of the page are.
#[must_use]
pub fn intervals(material: &Material<'_>) -> String {
    let manifest = &material.source.record.manifest;
    if manifest.replicates == 1 {
        return material.phrases.word("intervals_one").to_owned();
    }
    let sets = (manifest.replicates as usize).div_ceil(together(material.source.record));
    let sets = counted_sets(&material.source, &material.options.words, sets);
    material.phrases.say("intervals", &[("sets", &sets), ("about", about(material))])
}

/// What money bought, one sentence for each variant whose budget differs, or for one alone.
#[must_use]
pub fn what_money_bought(material: &Material<'_>, only: Option<usize>) -> Vec<String> {
    let source = &material.source;
    let all = of_money(source.record, source.scenario, source.record.manifest.window);
    let words = &material.options.words;
    let say = |one| bought::sentence(words, material.phrases, one, &title_within(material, one.variant), &source.record.manifest.currency);
    all.iter().filter(|one| only.is_none_or(|only| one.variant == only)).map(say).collect()
}

/// Every variant in both ledgers and in cost.
#[must_use]
pub fn variants(material: &Material<'_>) -> Vec<Value> {
    let record = material.source.record;
    let comparison = compare(record, &[PEOPLE, COUNT, MONEY, REMOVED], record.manifest.window);
    let row = |against: &Against| {
        let mut cells: Vec<Value> = against.effects.iter().map(|effect| cell(material, effect)).collect();
        let removed = cells.pop();
        json!({ "title": title(material, against.variant), "cells": cells, "removed": removed, "per_month": per_month(material, against.cost) })
    };
    comparison.variants.iter().map(row).collect()
}

/// A mean difference: its interval, itself, in per cent of what, and whether its direction is uncertain.
#[must_use]
pub fn cell(material: &Material<'_>, effect: &Effect) -> Value {
    let (words, phrases) = (&material.options.words, material.phrases);
    let scale = Scale::of_effect(effect);
    let [low, high, mean] = [effect.low, effect.high, effect.difference].map(|value| scale.difference(words, value));
    let range = words.range(&low, &high);
    let mean = phrases.say("mean", &[("mean", &mean), ("relative", &relative(words, effect))]);
    let (range, mean, say) = match effect.verdict {
        Verdict::Undefined => (None, None, phrases.word("undefined").to_owned()),
        Verdict::Same => (None, None, phrases.word("same").to_owned()),
        Verdict::One => (Some(low), None, phrases.word("one").to_owned()),
        Verdict::Unclear => (Some(range), Some(mean), phrases.word("uncertain").to_owned()),
        Verdict::Less | Verdict::More => (Some(range), Some(mean), phrases.word(if effect.difference > 0.0 { "more" } else { "fewer" }).to_owned()),
    };
    // Words, never colour alone, say which way it goes; official counts are never better or worse.
    json!({ "range": range, "mean": mean, "say": say, "clear": effect.verdict.clear() })
}

/// What a person-month averted costs, in words.
fn per_month(material: &Material<'_>, cost: CostPerMonth) -> Value {
    let (words, phrases) = (&material.options.words, material.phrases);
    let none = |key: &str| json!({ "range": null, "mean": null, "say": phrases.word(key) });
    match cost {
        CostPerMonth::Unclear => none("costs.unclear"),
        CostPerMonth::Adds => none("costs.adds"),
        CostPerMonth::Removal => none("costs.removal"),
        CostPerMonth::Money { mean, range } => {
            let number = |value: f64| Scale { factor: 1.0, decimals: 0 }.value(words, value);
            let range = range.map(|(low, high)| words.range(&number(low), &number(high)));
            json!({ "range": range, "mean": phrases.say("costs.mean", &[("mean", &number(mean))]), "say": null, "clear": true })
        }
    }
}
