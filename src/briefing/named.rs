//! What variants, intervals, units and scales are called in a briefing.

use serde_json::Value;

use super::Material;
use crate::analysis::measure::Measure;
use crate::charts::Uncertainty;
use crate::charts::findings::illegible;
use crate::charts::style::{harmless, known, legible};
use crate::results::Manifest;

/// What sets a text apart that runs the other way: no letters, and nothing that a font must know.
const ISOLATES: [char; 2] = ['\u{2068}', '\u{2069}'];

/// What a variant is called; the baseline by the word for it.
#[must_use]
pub fn title(material: &Material<'_>, variant: usize) -> String {
    let Some(record) = material.source.record.manifest.variants.get(variant).filter(|_| variant > 0) else {
        return material.phrases.word("baseline").to_owned();
    };
    let title = harmless(if record.title.trim().is_empty() { &record.name } else { &record.title });
    title.trim().to_owned()
}

/// The same inside a sentence: set apart where it runs from right to left, so that it does not turn the sentence around it.
#[must_use]
pub fn title_within(material: &Material<'_>, variant: usize) -> String {
    let title = title(material, variant);
    let turns = |letter: char| matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if title.chars().any(turns) { format!("{}{title}{}", ISOLATES[0], ISOLATES[1]) } else { title }
}

/// `content` as the embedded fonts can write it: a title in other letters gives way to its name wherever it stands, the question in other
/// letters is left out, and so is a sign that no font has.
#[must_use]
pub fn printable(mut content: Value, manifest: &Manifest) -> Value {
    let unwritten = |(text, name): (&str, &str)| (harmless(text).split_whitespace().collect::<Vec<_>>().join(" "), name.to_owned());
    let mut titles: Vec<(String, String)> = illegible(manifest).into_iter().map(unwritten).collect();
    // A title that holds another one gives way first.
    titles.sort_by_key(|(title, _)| std::cmp::Reverse(title.len()));
    print(&mut content, &titles);
    if let Some(imprint) = content["imprint"].as_array_mut() {
        imprint.retain(|pair| pair[1].as_str().is_some_and(|said| !said.trim().is_empty()));
    }
    content
}

fn print(value: &mut Value, titles: &[(String, String)]) {
    match value {
        Value::String(text) => {
            if !legible(text) {
                *text = titles.iter().fold(text.clone(), |text, (title, name)| text.replace(title, name));
            }
            text.retain(|letter| ISOLATES.contains(&letter) || letter.is_whitespace() || known(letter));
        }
        Value::Array(all) => all.iter_mut().for_each(|one| print(one, titles)),
        Value::Object(all) => all.values_mut().for_each(|one| print(one, titles)),
        _ => {}
    }
}

/// What every interval is about.
#[must_use]
pub fn about<'a>(material: &'a Material<'_>) -> &'a str {
    material.phrases.word(if material.options.uncertainty == Uncertainty::Chance { "chance" } else { "inputs" })
}

/// The unit in which a measure is shown.
#[must_use]
pub fn unit(material: &Material<'_>, measure: Measure) -> String {
    let phrases = material.phrases;
    let currency = harmless(&material.source.record.manifest.currency);
    let unit = phrases.say(&format!("units.{}", measure.unit()), &[("currency", &currency)]);
    if measure.averaged() { unit } else { phrases.say("units.a_year", &[("unit", &unit)]) }
}

/// True where there is a variant to tell of.
#[must_use]
pub fn shown(material: &Material<'_>) -> bool {
    (1..material.source.record.manifest.variants.len()).contains(&material.options.variant)
}

/// Persons per agent, as it is written.
#[must_use]
pub fn scale(material: &Material<'_>) -> String {
    let scale = material.source.record.manifest.scale;
    material.options.words.number(scale, usize::from(scale.fract() != 0.0))
}
