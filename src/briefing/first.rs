//! The first part, which fits on two pages: how sure the answer is, what it costs, what could go wrong.
//!
//! It is for a minister, and names no rule, option or key; what it leaves out stands in the annex.
//!
//! Absent on purpose: the answer itself (`charts::answer`), and everything else that the finding rests on (`basis`).

use serde_json::{Value, json};

use super::basis::{evidence, routes};
use super::cells::{intervals, variants, what_money_bought};
use super::named::{shown, title_within};
use super::{MOST_VARIANTS, Material};
use crate::analysis::answer::answer;
use crate::analysis::compare::effect;
use crate::analysis::verdict::Split;
use crate::charts::findings::PEOPLE;
use crate::scenario::sets::Choice;

/// How many routes by which levers may do harm.
const MOST_ROUTES: usize = 4;

/// All of it, as values for templates.
#[must_use]
pub fn first(material: &Material<'_>) -> Value {
    if !shown(material) {
        return json!({ "sure": [], "options": [], "bought": [], "wrong": [] });
    }
    json!({
        "sure": sure(material),
        "options": options(material),
        "bought": what_money_bought(material, Some(material.options.variant)),
        "wrong": wrong(material),
    })
}

/// How sure the answer is, one sentence each.
fn sure(material: &Material<'_>) -> Vec<String> {
    let phrases = material.phrases;
    let without_head = |said: String| said.split_once(": ").map_or(said.clone(), |(_, rest)| rest.to_owned());
    let mut said = vec![intervals(material)];
    said.push(match material.source.record.manifest.parameters {
        Choice::Best => phrases.word("first.best").to_owned(),
        parameters => {
            let effect = effect(material.source.record, PEOPLE, material.options.variant, material.source.record.manifest.window);
            let inputs = match effect.split.and_then(Split::inputs_share) {
                Some(share) => phrases.say("first.inputs", &[("share", &material.options.words.number(share * 100.0, 0))]),
                None => phrases.word("first.open").to_owned(),
            };
            let mut said = vec![inputs.as_str()];
            said.extend((parameters == Choice::Posterior).then(|| phrases.word("first.fitted")));
            said.extend(material.source.record.manifest.unsettled.then(|| phrases.word("change.inputs_unsettled")));
            said.join(" ")
        }
    });
    said.extend([without_head(evidence(material)), phrases.word("first.exploratory").to_owned()]);
    said
}

/// The variants, the fewest people exploited first, as many as there is room for.
fn options(material: &Material<'_>) -> Vec<Value> {
    let all = variants(material);
    let ranked = answer(material.source.record).rows;
    // The baseline is no row of its own.
    let row = |variant: usize| variant.checked_sub(1).and_then(|place| all.get(place)).cloned();
    ranked.iter().filter_map(|one| row(one.variant)).take(MOST_VARIANTS).collect()
}

/// What could go wrong: routes by which the levers of the variant shown may do harm, of each P the first, and how counts are misread.
fn wrong(material: &Material<'_>) -> Vec<[String; 2]> {
    let phrases = material.phrases;
    let all = routes(material);
    let mut chosen: Vec<&[String; 3]> = Vec::new();
    // Of each P one before a second of any.
    for least in 0..all.len() {
        let of = |p: &str, chosen: &[&[String; 3]]| chosen.iter().filter(|one| one[2] == p).count();
        for route in &all {
            if chosen.len() < MOST_ROUTES && !chosen.contains(&route) && of(&route[2], &chosen) <= least {
                chosen.push(route);
            }
        }
    }
    let mut said: Vec<[String; 2]> = chosen.iter().map(|[lever, route, _]| [lever.clone(), route.clone()]).collect();
    let variant = title_within(material, material.options.variant);
    match all.len() - chosen.len() {
        _ if all.is_empty() => said.push([String::new(), phrases.say("first.no_route", &[("variant", &variant)])]),
        0 => {}
        more => said.push([String::new(), phrases.say("first.more_routes", &[("count", &more.to_string())])]),
    }
    said.push([String::new(), phrases.word("first.counts").to_owned()]);
    said
}
