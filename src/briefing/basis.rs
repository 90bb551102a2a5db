//! What the finding rests on: what would change it, assumptions by grade, levers and dates, provenance.

use serde_json::{Value, json};

use super::Material;
use super::named::{scale, shown, title_within};
use crate::analysis::compare::{Enough, effect};
use crate::analysis::measure::HEADLINES;
use crate::analysis::verdict::Split;
use crate::charts::findings::{PEOPLE, window};
use crate::charts::style::harmless;
use crate::charts::words::Words;
use crate::model::Setting;
use crate::model::policy::{Grade, Lever, Line, P, Shape, all};
use crate::model::switches::SWITCHES;
use crate::quantities::Month;
use crate::scenario::sets::Choice;

/// How many levers are named in a sentence.
const MOST_NAMES: usize = 8;

/// What would change the answer, one sentence each.
#[must_use]
pub fn change(material: &Material<'_>) -> Value {
    if !shown(material) {
        return json!([]);
    }
    let mut said = vec![replicates(material), inputs(material), evidence(material)];
    let phrases = material.phrases;
    said.push(phrases.say("change.window", &[("window", &window(&material.source, &material.options.words))]));
    if material.source.record.manifest.scale > 1.0 {
        said.push(phrases.say("change.scale", &[("scale", &scale(material))]));
    }
    let words = &material.options.words;
    let called = |name: &'static str| words.find(&format!("switch.{name}")).unwrap_or(name).to_owned();
    let switches: Vec<String> = SWITCHES.iter().map(|switch| called(switch.name)).collect();
    said.push(phrases.say("change.structure", &[("switches", &switches.join(", "))]));
    // Each begins with what would be other, up to the first colon, which the page sets apart.
    let parts = said.iter().map(|text| text.split_once(": ").map_or(json!(["", text]), |(head, rest)| json!([head, rest])));
    json!(parts.collect::<Vec<_>>())
}

/// Whether there were enough replicates.
fn replicates(material: &Material<'_>) -> String {
    let (record, phrases) = (material.source.record, material.phrases);
    let window = record.manifest.window;
    let effects = HEADLINES.iter().map(|measure| effect(record, *measure, material.options.variant, window));
    let shown: Vec<Enough> = effects.filter(|effect| effect.sets > 0).map(|effect| effect.enough).collect();
    if record.manifest.replicates == 1 || shown.is_empty() {
        return phrases.word("change.replicates_one").to_owned();
    }
    let settled = shown.iter().filter(|enough| **enough == Enough::Yes).count();
    let mut needs: Vec<u32> = shown.iter().filter_map(|enough| if let Enough::Need(need) = enough { Some(*need) } else { None }).collect();
    needs.sort_unstable();
    let need = needs.get(needs.len() / 2).map(|need| material.options.words.number(f64::from(*need), 0));
    let (variant, settled, all) = (title_within(material, material.options.variant), settled.to_string(), shown.len().to_string());
    let replicates = record.manifest.replicates.to_string();
    let key = if need.is_some() { "change.replicates_need" } else { "change.replicates_yes" };
    let need = need.unwrap_or_default();
    phrases.say(key, &[("variant", &variant), ("settled", &settled), ("all", &all), ("replicates", &replicates), ("need", &need)])
}

/// How much the assumptions about parameters weigh.
fn inputs(material: &Material<'_>) -> String {
    let (record, phrases) = (material.source.record, material.phrases);
    if record.manifest.parameters == Choice::Best {
        return phrases.word("change.inputs_none").to_owned();
    }
    let effect = effect(record, PEOPLE, material.options.variant, record.manifest.window);
    let said = match effect.split.and_then(Split::inputs_share) {
        Some(share) => phrases.say("change.inputs_share", &[("share", &material.options.words.number(share * 100.0, 0))]),
        None => phrases.word("change.inputs_open").to_owned(),
    };
    if record.manifest.unsettled { format!("{said} {}", phrases.word("change.inputs_unsettled")) } else { said }
}

/// On how many assumed effects the variant rests: by the scenario itself where it is at hand, else by the manifest.
#[must_use]
pub fn evidence(material: &Material<'_>) -> String {
    let recorded = || material.source.record.manifest.variants[material.options.variant].assumed.clone();
    let mut assumed = settings(material).map_or_else(recorded, |(baseline, variant)| {
        let changes = changes(&material.options.words, baseline, variant).into_iter().filter(|change| change.lever.grade == Grade::Assumed);
        changes.map(|change| change.lever.key.to_owned()).collect()
    });
    assumed.dedup();
    let variant = title_within(material, material.options.variant);
    if assumed.is_empty() {
        return material.phrases.say("change.assumed_none", &[("variant", &variant)]);
    }
    let named: Vec<String> = assumed.iter().take(MOST_NAMES).map(|key| lever_name(material, key)).collect();
    let (count, rest) = (assumed.len().to_string(), assumed.len().saturating_sub(MOST_NAMES).to_string());
    // All of them stand in the table of levers.
    let key = if assumed.len() > MOST_NAMES { "change.assumed_many" } else { "change.assumed" };
    material.phrases.say(key, &[("variant", &variant), ("count", &count), ("levers", &named.join(", ")), ("rest", &rest)])
}

/// The routes by which levers that the shown variant moves may do harm: the lever, the route and the P.
#[must_use]
pub fn routes(material: &Material<'_>) -> Vec<[String; 3]> {
    let Some((baseline, variant)) = settings(material) else { return vec![] };
    let mut routes: Vec<[String; 3]> = Vec::new();
    for change in changes(&material.options.words, baseline, variant) {
        let Some(route) = material.options.words.backfire(change.lever) else { continue };
        let row = [lever_name(material, change.lever.key), without_numbers(route), change.lever.p.section().to_owned()];
        if !routes.contains(&row) {
            routes.push(row);
        }
    }
    routes
}

/// A text without the numbers of rules and patterns that stand in brackets in it, which only who reads the model's papers knows.
fn without_numbers(text: &str) -> String {
    let mut said = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" (") {
        let (inner, behind) = after.split_once(')').unwrap_or((after, ""));
        said.push_str(before);
        if !["rule", "pattern"].iter().any(|word| inner.starts_with(word)) {
            said.push_str(&rest[before.len()..rest.len() - behind.len()]);
        }
        rest = behind;
    }
    said + rest
}

/// The same for the annex: the lever and the route.
#[must_use]
pub fn backfire(material: &Material<'_>) -> Value {
    json!(routes(material).iter().map(|[lever, route, _]| [lever, route]).collect::<Vec<_>>())
}

/// How many parameters are known how well.
#[must_use]
pub fn grades(material: &Material<'_>) -> Value {
    let row = |grade: Grade| {
        let count = material.notes.iter().filter(|note| note.grade == grade).count();
        let word = |key: &str| material.phrases.word(&format!("evidence.{key}")).to_owned();
        json!([word(grade.word()), count, word(&format!("{}_means", grade.word()))])
    };
    json!([Grade::Measured, Grade::Derived, Grade::Assumed].map(row))
}

/// All parameters: path, meaning, value, range, unit, grade, source.
#[must_use]
pub fn parameters(material: &Material<'_>) -> Value {
    let row = |note: &crate::scenario::ParameterNote| {
        json!({
            "path": note.parameter.path(),
            "text": note.parameter.text,
            "unit": note.parameter.unit,
            "value": plain(note.value),
            "low": plain(note.low),
            "high": plain(note.high),
            "grade": material.phrases.word(&format!("evidence.{}", note.grade.word())),
            "source": harmless(&note.source),
        })
    };
    json!(material.notes.iter().map(row).collect::<Vec<_>>())
}

/// What a variant sets otherwise than the baseline.
struct Change {
    lever: &'static Lever,
    part: Option<String>,
    from: Month,
    before: (f64, f64),
    after: (f64, f64),
}

/// For each variant the levers in which it differs from the baseline; nothing where the scenario is not at hand.
#[must_use]
pub fn levers(material: &Material<'_>) -> Value {
    let Some(scenario) = material.source.scenario else { return Value::Null };
    let Some((baseline, variants)) = scenario.variants.split_first() else { return Value::Null };
    let group = |(place, variant): (usize, &crate::scenario::Variant)| {
        let rows: Vec<Value> =
            changes(&material.options.words, &baseline.setting, &variant.setting).iter().map(|change| row(material, change)).collect();
        let key = match rows.len() {
            0 => "levers.no_difference",
            1 => "levers.one_difference",
            _ => "levers.differences",
        };
        let caption = material.phrases.say(key, &[("variant", &title_within(material, place)), ("count", &rows.len().to_string())]);
        json!({ "caption": caption, "rows": rows, "open": place == material.options.variant })
    };
    json!((1..).zip(variants).map(group).collect::<Vec<_>>())
}

fn row(material: &Material<'_>, change: &Change) -> Value {
    let name = lever_name(material, change.lever.key);
    let share = change.lever.unit.starts_with("share");
    let money = change.lever.unit.starts_with("money");
    let factor = if share {
        100.0
    } else if money {
        1e-6
    } else {
        1.0
    };
    let course = |(first, last): (f64, f64)| {
        let [first, last] = [first, last].map(|value| plain(value * factor));
        if first == last { first } else { format!("{first} → {last}") }
    };
    let currency = harmless(&material.source.record.manifest.currency);
    let millions = material.phrases.say("units.money", &[("currency", &currency)]);
    json!({
        "p": material.phrases.word(&format!("p.{}", change.lever.p.section())),
        "name": change.part.as_ref().map_or_else(|| name.clone(), |part| format!("{name}: {part}")),
        "unit": if share { "%" } else if money { &millions } else { material.options.words.unit(change.lever) },
        "from": material.options.words.month(change.from),
        "before": course(change.before),
        "after": course(change.after),
        "grade": material.phrases.word(&format!("evidence.{}", change.lever.grade.word())),
    })
}

/// The settings of the baseline and of the variant shown, where the scenario is at hand.
fn settings<'a>(material: &Material<'a>) -> Option<(&'a Setting, &'a Setting)> {
    let scenario = material.source.scenario?;
    let variant = scenario.variants.get(material.options.variant).filter(|_| shown(material))?;
    Some((&scenario.variants.first()?.setting, &variant.setting))
}

/// Every place of every lever in which the two differ within the reported months.
fn changes(words: &Words, baseline: &Setting, variant: &Setting) -> Vec<Change> {
    let start = usize::try_from(baseline.from.since(baseline.start())).unwrap_or(0);
    let [ours, theirs] = [baseline, variant].map(|setting| setting.plan.rows.get(start..).unwrap_or_default());
    let mut found = Vec::new();
    for (first, lever) in all() {
        let wide = match lever.shape {
            Shape::One => 1,
            Shape::PerLine => Line::ALL.len(),
            Shape::PerOrigin => baseline.country.origins.len(),
        };
        let mut places = Vec::new();
        for place in first..first + wide {
            let differs = |(before, after): (&Vec<f64>, &Vec<f64>)| before[place].to_bits() != after[place].to_bits();
            let Some(month) = ours.iter().zip(theirs).position(differs) else { continue };
            let ends = |rows: &[Vec<f64>]| (rows[0][place], rows[rows.len() - 1][place]);
            let part = match lever.shape {
                Shape::One => None,
                Shape::PerLine => Some(words.line(Line::ALL[place - first]).to_owned()),
                Shape::PerOrigin => Some(harmless(&baseline.country.origins[place - first].title)),
            };
            let from = baseline.from.plus(i32::try_from(month).unwrap_or(i32::MAX));
            places.push(Change { lever, part, from, before: ends(ours), after: ends(theirs) });
        }
        // Where all origins go the same way, one row says it.
        let alike = |pair: &[Change]| pair[0].from == pair[1].from && pair[0].before == pair[1].before && pair[0].after == pair[1].after;
        if lever.shape == Shape::PerOrigin && places.len() == wide && places.windows(2).all(alike) {
            places.truncate(1);
            for change in &mut places {
                change.part = None;
            }
        }
        found.append(&mut places);
    }
    found
}

/// What a lever is called: as the figures call it, else its key with spaces. The manifest gives the section before the key.
fn lever_name(material: &Material<'_>, key: &str) -> String {
    let key = key.strip_prefix("policy.").unwrap_or(key);
    let section = |key: &&str| P::ALL.iter().any(|p| p.section() == *key);
    let key = key.split_once('.').filter(|(first, _)| section(first)).map_or(key, |(_, rest)| rest);
    material.options.words.find(&format!("lever.{key}")).map_or_else(|| key.replace(['_', '.'], " "), str::to_owned)
}

/// A number to at most four significant digits, without zeros at its end.
fn plain(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { "–".to_owned() };
    }
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// Which program made the run from what, in pairs of a name and a value.
#[must_use]
pub fn provenance(material: &Material<'_>) -> Value {
    let (manifest, phrases) = (&material.source.record.manifest, material.phrases);
    let wall = material.options.words.number(manifest.wall_seconds, 1);
    let (os, arch, cores) = &manifest.machine;
    let (jobs, cores) = (manifest.jobs.to_string(), cores.to_string());
    json!([
        [phrases.word("provenance.program"), format!("fivep {}", manifest.version)],
        [phrases.word("provenance.revision"), manifest.revision],
        [phrases.word("provenance.scenario"), harmless(&manifest.name)],
        [phrases.word("provenance.hash"), manifest.hash],
        [phrases.word("provenance.seed"), manifest.seed.to_string()],
        [phrases.word("provenance.parameters"), manifest.parameters.word()],
        [phrases.word("provenance.started"), manifest.started],
        [phrases.word("provenance.wall"), phrases.say("provenance.seconds", &[("seconds", &wall), ("jobs", &jobs)])],
        [phrases.word("provenance.machine"), phrases.say("provenance.cores", &[("os", os), ("arch", arch), ("cores", &cores)])],
        [phrases.word("provenance.again"), "fivep compare scenario.toml"],
    ])
}

#[cfg(test)]
mod tests {
    use super::without_numbers;

    #[test]
    fn numbers_of_rules_are_left_out_and_nothing_else() {
        assert_eq!(without_numbers("effort drifts (rule 30) to (easy) cases (pattern P2)"), "effort drifts to (easy) cases");
        assert_eq!(without_numbers("plain (open"), "plain (open");
    }
}
