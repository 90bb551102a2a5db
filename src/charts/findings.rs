//! What was found, in words: headers, clauses, names.
//!
//! One clause per ledger, each a whole string of the language's table: the interval of the mean difference, and what it is in per cent of
//! what. How sure it is, is decided by [`verdict`](crate::analysis::verdict).

use super::sheet::Sheet;
use super::style::{LABEL, Weight, cut_apart, legible, titled, width};
use super::words::{Scale, Words};
use super::{Options, Source, Uncertainty};
pub use crate::analysis::answer::{COUNT, MONEY, PEOPLE, REMOVED};
use crate::analysis::compare::{Effect, effect};
use crate::analysis::measure::Measure;
use crate::analysis::verdict::Verdict;
use crate::results::Manifest;

/// Fewer replicates than this cannot show what happens in 95 of 100 futures; their ranges are said to be rough.
pub const FEW: u32 = 20;

/// A mean difference in per cent of what it is compared with, and that level: "−3.3 % of 183,000"; for shares the level alone.
#[must_use]
pub fn relative(words: &Words, effect: &Effect) -> String {
    let level = Scale::of(effect.measure, effect.baseline).value(words, effect.baseline);
    match effect.percent() {
        Some(percent) => words.say("relative.percent", &[("percent", &self::percent(words, percent)), ("level", &level)]),
        None if effect.measure.unit() == "share" => words.say("relative.points", &[("level", &level)]),
        None => words.word("relative.nothing").to_owned(),
    }
}

/// A change in per cent with its sign: one digit after the point below ten.
#[must_use]
pub fn percent(words: &Words, percent: f64) -> String {
    words.signed(percent, usize::from(percent.abs() < 9.95))
}

/// The interval of a mean whose sign is known, without its sign and the smaller end first; with signs where it is not.
#[must_use]
pub fn range(words: &Words, effect: &Effect) -> String {
    let scale = Scale::of_effect(effect);
    match effect.verdict {
        Verdict::Less => words.range(&scale.size(words, effect.high), &scale.size(words, effect.low)),
        Verdict::More => words.range(&scale.size(words, effect.low), &scale.size(words, effect.high)),
        _ => words.range(&scale.difference(words, effect.low), &scale.difference(words, effect.high)),
    }
}

/// What `variant` would change in each of `measures`, over the run's window of comparison; nothing where it is no variant.
#[must_use]
pub fn effects(source: &Source<'_>, measures: &[Measure], variant: usize) -> Vec<Effect> {
    let record = source.record;
    if variant == 0 || variant >= record.manifest.variants.len() {
        return vec![];
    }
    measures.iter().map(|measure| effect(record, *measure, variant, record.manifest.window)).collect()
}

/// The clause about one effect; `what` is the section of the table that speaks of its measure.
#[must_use]
pub fn clause(words: &Words, what: &str, effect: &Effect, currency: &str) -> String {
    let key = match effect.verdict {
        Verdict::Less => "less",
        Verdict::More => "more",
        Verdict::Unclear | Verdict::Undefined => "unclear",
        Verdict::Same => "same",
        Verdict::One => "one",
    };
    let places = [("range", &*range(words, effect)), ("relative", &relative(words, effect)), ("currency", currency)];
    words.say(&format!("finding.{what}.{key}"), &places)
}

/// The clause about people exploited, with those removed without help where their number clearly changes: driving people out is no way of
/// freeing them, and must not read as one.
#[must_use]
pub fn truth(words: &Words, people: &Effect, removed: &Effect, currency: &str) -> String {
    let truth = clause(words, "people", people, currency);
    let key = match (removed.verdict, people.verdict) {
        (Verdict::More, Verdict::Less) => "finding.removed.but_more",
        (Verdict::More, _) => "finding.removed.and_more",
        (Verdict::Less, _) => "finding.removed.less",
        _ => return truth,
    };
    words.say(key, &[("truth", &truth), ("range", &range(words, removed))])
}

/// The same where only the effect on people exploited is at hand.
#[must_use]
pub fn of_people(source: &Source<'_>, words: &Words, variant: usize, people: &Effect) -> String {
    let currency = &source.record.manifest.currency;
    let removed = effects(source, &[REMOVED], variant);
    removed.first().map_or_else(|| clause(words, "people", people, currency), |removed| truth(words, people, removed, currency))
}

/// The finding about one variant in both ledgers: the title of most figures.
#[must_use]
pub fn both(source: &Source<'_>, options: &Options, variant: usize) -> String {
    let words = &options.words;
    let effects = effects(source, &[PEOPLE, REMOVED, COUNT], variant);
    let [people, removed, count] = &effects[..] else { return titled(&source.record.manifest.title, &source.record.manifest.name) };
    let currency = &source.record.manifest.currency;
    let (truth, official) = (truth(words, people, removed, currency), clause(words, "count", count, currency));
    words.say("finding.both", &[("variant", &name(source, options, variant, 300.0)), ("truth", &truth), ("official", &official)])
}

/// Over how many months a flow is summed, in words.
#[must_use]
pub fn over(words: &Words, moving: i32) -> String {
    if moving == 1 { words.word("moving.one").to_owned() } else { words.say("moving.many", &[("months", &moving.to_string())]) }
}

/// What `variant` is called, cut to `room` at the size of a label; by its name in the scenario where its title is in letters that the
/// embedded fonts do not know, for a picture is the same everywhere.
#[must_use]
pub fn name(source: &Source<'_>, options: &Options, variant: usize, room: f64) -> String {
    let Some(record) = source.record.manifest.variants.get(variant).filter(|_| variant > 0) else {
        return options.words.word("baseline").to_owned();
    };
    let own = titled(&record.title, &record.name);
    // Most names are short, and there may be hundreds.
    if width(&own, LABEL, Weight::Regular) <= room { own } else { names(source, options, room).swap_remove(variant) }
}

/// The same of every variant, by its place in the record: for who names many.
#[must_use]
pub fn names(source: &Source<'_>, options: &Options, room: f64) -> Vec<String> {
    let titles: Vec<String> = source.record.manifest.variants.iter().map(|variant| titled(&variant.title, &variant.name)).collect();
    let mut names = cut_apart(&titles, room, LABEL, Weight::Regular);
    options.words.word("baseline").clone_into(&mut names[0]);
    names
}

/// What the embedded fonts have no letters for: the titles of the scenario and of its variants, each with the name that figures and the PDF
/// use instead, and the question, for which nothing stands.
#[must_use]
pub fn illegible(manifest: &Manifest) -> Vec<(&str, &str)> {
    let variants = manifest.variants.iter().map(|variant| (variant.title.as_str(), variant.name.as_str()));
    let all = [(manifest.title.as_str(), manifest.name.as_str()), (manifest.question.as_str(), "")].into_iter().chain(variants);
    all.filter(|(text, _)| !legible(text)).collect()
}

/// The grey line under the title: `what` is shown, over how many replicates, what the intervals are, and which run it is.
#[must_use]
pub fn subtitle(source: &Source<'_>, options: &Options, what: &str) -> String {
    let (words, manifest) = (&options.words, &source.record.manifest);
    let replicates = manifest.replicates.to_string();
    let about = match options.uncertainty {
        Uncertainty::Chance => words.word("intervals.chance"),
        Uncertainty::ChanceAndInputs => words.word("intervals.inputs"),
    };
    let key = match manifest.replicates {
        1 => "subtitle.one",
        2..FEW => "subtitle.few",
        _ => "subtitle.many",
    };
    let scale = words.number(manifest.scale, usize::from(manifest.scale.fract() != 0.0));
    let hash = manifest.hash.get(..8).unwrap_or(&manifest.hash);
    words.say(key, &[("what", what), ("replicates", &replicates), ("scale", &scale), ("intervals", about), ("hash", hash)])
}

/// A sheet with its header and the closing line that every figure ends with.
#[must_use]
pub fn sheet(source: &Source<'_>, options: &Options, title: &str, what: &str, body: f64) -> Sheet {
    Sheet::new(title, &subtitle(source, options, what), options.words.word("closing"), body)
}

/// The months that are compared, as words.
#[must_use]
pub fn window(source: &Source<'_>, words: &Words) -> String {
    let (from, to) = source.record.manifest.window;
    words.say("window", &[("from", &words.month(from)), ("to", &words.month(to))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record;
    use crate::model::ledgers::indicators::Indicator;

    /// Fewer exploited because more are driven out reads as that, in the first clause.
    #[test]
    fn removal_without_help_stands_in_the_first_clause() {
        let say = |removed: f64| {
            let record = record(&["baseline", "crackdown"], 6, |variant, replicate, row| {
                let policy = if variant == 1 { 1.0 + f64::from(replicate) } else { 0.0 };
                row.set(Indicator::Exploited, 1_000.0 - 10.0 * policy);
                row.set(Indicator::RemovedUnassisted, 50.0 + removed * policy);
                row.set(Indicator::Identified, 100.0);
            });
            let source = Source { record: &record, scenario: None, published: &[] };
            both(&source, &Options::english(), 1)
        };
        let crackdown = say(2.0);
        let (fewer, removed) = (crackdown.find("fewer people would be exploited on average"), crackdown.find(", but "));
        assert!(fewer.is_some() && fewer < removed && crackdown.contains("removed from the country without help"), "{crackdown}");
        assert!(say(-2.0).contains("fewer exploited people a year would be removed") && !say(0.0).contains("removed"));
    }
}
