//! What variants, intervals, units and scales are called in a briefing.

use super::Material;
use crate::analysis::measure::Measure;
use crate::charts::Uncertainty;
use crate::charts::style::harmless;

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
    if title.chars().any(turns) { format!("\u{2068}{title}\u{2069}") } else { title }
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
