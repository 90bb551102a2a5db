//! What was found: the question, the finding, both ledgers, costs and figures, as plain values for a template.
//!
//! A mean difference is told with its 95 % interval and in per cent of what it is compared with; where the interval holds zero that is said.
//! Absent on purpose: any mark-up, and how sure a difference is ([`verdict`](crate::analysis::verdict)), and how one is written (`cells`).

use serde_json::{Value, json};

use super::cells::{cell, intervals, variants, what_money_bought};
use super::named::{about, scale, shown, title, title_within, unit};
use super::{Material, basis, first};
use crate::analysis::answer::answer;
use crate::analysis::compare::Effect;
use crate::analysis::measure::HEADLINES;
use crate::charts::answer::sentences as answered;
use crate::charts::findings::{COUNT, MONEY, PEOPLE, REMOVED, clause, effects, truth, window};
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
        "imprint": imprint(material),
        "about": about(material),
        "intervals": intervals(material),
        "window": window(&material.source, words),
        "words": material.phrases.nested(),
        "say": sentences(material),
        "facts": facts(material),
        "variant": shown(material).then(|| title(material, material.options.variant)),
        "answer": answered(&material.source, material.options, &answer(material.source.record)),
        "first": first::first(material),
        "finding": finding(material),
        "variants": variants(material),
        "headlines": headlines(material),
        "bought": what_money_bought(material, None),
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

/// Who answers for the briefing, in pairs of a name and a value; whatever nobody said is left out.
fn imprint(material: &Material<'_>) -> Value {
    let (own, words) = (material.imprint, &material.options.words);
    let date = own.date.map_or_else(String::new, |date| format!("{} {}", date.day, words.month(date.month)));
    let all = [("imprint.office", harmless(&own.office)), ("imprint.author", harmless(&own.author)), ("imprint.date", date)];
    let said = all.iter().filter(|(_, text)| !text.trim().is_empty()).map(|(key, text)| json!([material.phrases.word(key), text.trim()]));
    json!(said.collect::<Vec<_>>())
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

/// `text` with its first letter as a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
