//! What was found: the question, the finding, both ledgers, costs and figures, as plain values for a template.
//!
//! A mean difference is told with its 95 % interval and in per cent of what it is compared with; where the interval holds zero that is said.
//! Absent on purpose: any mark-up, and how sure a difference is ([`verdict`](crate::analysis::verdict)).

use serde_json::{Value, json};

use super::named::{about, scale, shown, title, title_within, unit};
use super::{Material, basis, bought};
use crate::analysis::answer::answer;
use crate::analysis::bought::bought as of_money;
use crate::analysis::compare::{Against, CostPerMonth, Effect, compare, together};
use crate::analysis::measure::HEADLINES;
use crate::analysis::verdict::Verdict;
use crate::charts::answer::{sentences as answered, sets as counted_sets};
use crate::charts::findings::{COUNT, MONEY, PEOPLE, REMOVED, clause, effects, relative, truth, window};
use crate::charts::style::harmless;
use crate::charts::words::Scale;
use crate::model::ledgers::indicators::Ledger;

/// Everything that the page says, but for its figures and the numbers of its interactive part.
#[must_use]
pub fn content(material: &Material<'_>) -> Value {
    let (manifest, words) = (&material.source.record.manifest, &material.options.words);
    json!({
        "language": words.word("language"),
        "title": harmless(&manifest.title),
        "question": harmless(&manifest.question).split_whitespace().collect::<Vec<_>>().join(" "),
        "country": harmless(&manifest.country),
        "about": about(material),
        "intervals": intervals(material),
        "window": window(&material.source, words),
        "words": material.phrases.nested(),
        "say": sentences(material),
        "facts": facts(material),
        "variant": shown(material).then(|| title(material, material.options.variant)),
        "answer": answered(&material.source, material.options, &answer(material.source.record)),
        "finding": finding(material),
        "variants": variants(material),
        "headlines": headlines(material),
        "bought": what_money_bought(material),
        "change": basis::change(material),
        "backfire": basis::backfire(material),
        "grades": basis::grades(material),
        "parameters": basis::parameters(material),
        "levers": basis::levers(material),
        "provenance": basis::provenance(material),
    })
}

/// Sentences with places, filled.
fn sentences(material: &Material<'_>) -> Value {
    let (manifest, words, phrases) = (&material.source.record.manifest, &material.options.words, material.phrases);
    let variant = title_within(material, material.options.variant);
    let window = window(&material.source, words);
    let (currency, country) = (harmless(&manifest.currency), harmless(&manifest.country));
    let (replicates, scale) = (manifest.replicates.to_string(), scale(material));
    let (from, to, year) = (words.month(manifest.from), words.month(manifest.to), words.year(manifest.price_year));
    let places = [
        ("variant", &*variant),
        ("window", &window),
        ("currency", &currency),
        ("about", about(material)),
        ("country", &country),
        ("replicates", &replicates),
        ("scale", &scale),
        ("from", &from),
        ("to", &to),
        ("year", &year),
    ];
    let say = |key: &str| phrases.say(key, &places);
    json!({
        "finding_about": say("finding.about"),
        "finding_both": say("finding.both"),
        "ledgers_lead": say("ledgers.lead"),
        "ledgers_money": say("ledgers.money"),
        "ledgers_all_of": say("ledgers.all_of"),
        "ledgers_caption": say("ledgers.caption"),
        "backfire": say("change.backfire"),
        "costs_lead": say("costs.lead"),
        "costs_caption": say("costs.caption"),
        "costs_money": say("costs.money"),
        "costs_per_month": say("costs.per_month"),
        "method_second": say("method.second"),
    })
}

/// What all ranges of the page are.
fn intervals(material: &Material<'_>) -> String {
    let manifest = &material.source.record.manifest;
    if manifest.replicates == 1 {
        return material.phrases.word("intervals_one").to_owned();
    }
    let sets = (manifest.replicates as usize).div_ceil(together(material.source.record));
    let sets = counted_sets(&material.source, &material.options.words, sets);
    material.phrases.say("intervals", &[("sets", &sets), ("about", about(material))])
}

/// What was run, in pairs of a name and a value.
fn facts(material: &Material<'_>) -> Value {
    let (manifest, words, phrases) = (&material.source.record.manifest, &material.options.words, material.phrases);
    let months = words.range(&words.month(manifest.from), &words.month(manifest.to));
    json!([
        [phrases.word("facts.country"), harmless(&manifest.country)],
        [phrases.word("facts.months"), months],
        [phrases.word("facts.window"), window(&material.source, words)],
        [phrases.word("facts.variants"), (manifest.variants.len() - 1).to_string()],
        [phrases.word("facts.replicates"), manifest.replicates.to_string()],
        [phrases.word("facts.scale"), scale(material)],
        [phrases.word("facts.intervals"), about(material)],
    ])
}

/// What money bought, one sentence for each variant whose budget differs.
fn what_money_bought(material: &Material<'_>) -> Value {
    let source = &material.source;
    let all = of_money(source.record, source.scenario, source.record.manifest.window);
    let words = &material.options.words;
    let say = |one| bought::sentence(words, material.phrases, one, &title_within(material, one.variant), &source.record.manifest.currency);
    json!(all.iter().map(say).collect::<Vec<_>>())
}

/// Three sentences: truth, with those removed without help, official counts, money; none where there is only the baseline.
fn finding(material: &Material<'_>) -> Value {
    let (words, phrases) = (&material.options.words, material.phrases);
    let currency = harmless(&material.source.record.manifest.currency);
    let effects = effects(&material.source, &[PEOPLE, REMOVED, COUNT, MONEY], material.options.variant);
    let [people, removed, count, money] = &effects[..] else { return json!([]) };
    let clauses = [
        ("people", truth(words, people, removed, &currency)),
        ("count", clause(words, "count", count, &currency)),
        ("money", clause(words, "money", money, &currency)),
    ];
    let sentence =
        |(ledger, said): &(&str, String)| json!({ "ledger": ledger, "text": phrases.say("finding.sentence", &[("clause", &capital(said))]) });
    json!(clauses.iter().map(sentence).collect::<Vec<_>>())
}

/// Every variant in both ledgers and in cost.
fn variants(material: &Material<'_>) -> Value {
    let record = material.source.record;
    let comparison = compare(record, &[PEOPLE, COUNT, MONEY, REMOVED], record.manifest.window);
    let row = |against: &Against| {
        let mut cells: Vec<Value> = against.effects.iter().map(|effect| cell(material, effect)).collect();
        let removed = cells.pop();
        json!({ "title": title(material, against.variant), "cells": cells, "removed": removed, "per_month": per_month(material, against.cost) })
    };
    json!(comparison.variants.iter().map(row).collect::<Vec<_>>())
}

/// All headline measures of the variant shown, by ledger.
fn headlines(material: &Material<'_>) -> Value {
    let words = &material.options.words;
    let effects = effects(&material.source, &HEADLINES, material.options.variant);
    let row = |effect: &Effect| {
        let size = effect.baseline.abs().max(effect.variant.abs());
        let baseline = if effect.baseline.is_finite() { Scale::of(effect.measure, size).value(words, effect.baseline) } else { "–".to_owned() };
        json!({ "name": material.phrases.say(&format!("measures.{}", effect.measure.name()), &[]), "unit": unit(material, effect.measure), "baseline": baseline, "cell": cell(material, effect) })
    };
    let of = |ledger| effects.iter().filter(|effect| effect.measure.ledger() == ledger).map(row).collect::<Vec<_>>();
    json!({ "truth": of(Ledger::Truth), "official": of(Ledger::Official), "cost": of(Ledger::Cost) })
}

/// A mean difference: its interval, itself, in per cent of what, and whether its direction is uncertain.
fn cell(material: &Material<'_>, effect: &Effect) -> Value {
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

/// `text` with its first letter as a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
