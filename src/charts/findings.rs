//! What was found, in words: headers, clauses, names.
//!
//! One clause per ledger, each a whole string of the language's table. A range stands before a point, a difference is
//! told with the number of paired futures that show it, and what cannot be told is said to be so.

use super::sheet::Sheet;
use super::style::{LABEL, Weight, cut, legible, written};
use super::words::{Scale, Words};
use super::{Options, Source, Uncertainty};
use crate::analysis::compare::{Effect, LEAST_PAIRS, effect};
use crate::analysis::measure::Measure;
use crate::model::ledgers::indicators::Indicator;

/// The measure that stands for the truth ledger.
pub const PEOPLE: Measure = Measure::Indicator(Indicator::Exploited);
/// What stands beside it wherever a finding is told: whoever is removed is no longer exploited here, and has not been helped.
pub const REMOVED: Measure = Measure::Indicator(Indicator::RemovedUnassisted);
/// The measure that stands for the official ledger.
pub const COUNT: Measure = Measure::Indicator(Indicator::Identified);
/// The measure that stands for the cost ledger.
pub const MONEY: Measure = Measure::Indicator(Indicator::Spent);

/// Fewer replicates than this cannot show what happens in 95 of 100 futures; their ranges are said to be rough.
pub const FEW: u32 = 20;

/// How sure a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Less in at least 95 of 100 paired futures.
    Less,
    /// More in at least 95 of 100 paired futures.
    More,
    /// The interval holds zero, or there are too few pairs to tell.
    Unclear,
    /// No future differs.
    Same,
    /// Only one pair of futures.
    OnePair,
    /// Too few are counted at this scale.
    TooFew,
    /// No future defines it.
    Undefined,
}

/// How sure `effect` is.
#[must_use]
pub fn verdict(effect: &Effect) -> Verdict {
    let all = effect.futures.all();
    match effect {
        _ if all == 0 => Verdict::Undefined,
        _ if effect.too_few.is_some() => Verdict::TooFew,
        _ if effect.futures.equal == all => Verdict::Same,
        _ if all == 1 => Verdict::OnePair,
        _ if all < LEAST_PAIRS => Verdict::Unclear,
        Effect { high, .. } if *high < 0.0 => Verdict::Less,
        Effect { low, .. } if *low > 0.0 => Verdict::More,
        _ => Verdict::Unclear,
    }
}

impl Verdict {
    fn key(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::More => "more",
            Self::Unclear | Self::Undefined => "unclear",
            Self::Same => "same",
            Self::OnePair => "one",
            Self::TooFew => "few",
        }
    }

    /// True where the difference has a sign beyond chance.
    #[must_use]
    pub fn clear(self) -> bool {
        matches!(self, Self::Less | Self::More)
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
    let scale = Scale::of_effect(effect);
    let (near, far) = if effect.high < 0.0 { (effect.high, effect.low) } else { (effect.low, effect.high) };
    let futures = effect.futures;
    let range = words.range(&scale.size(words, near), &scale.size(words, far));
    let all = futures.all().to_string();
    let (lower, higher) = (futures.lower.to_string(), futures.higher.to_string());
    let places = [("range", &*range), ("all", &all), ("lower", &lower), ("higher", &higher), ("currency", currency)];
    words.say(&format!("finding.{what}.{}", verdict(effect).key()), &places)
}

/// The clause about people exploited, with those removed without help where their number changes beyond chance: driving people out is no way of
/// freeing them, and must not read as one.
#[must_use]
pub fn truth(words: &Words, people: &Effect, removed: &Effect, currency: &str) -> String {
    let truth = clause(words, "people", people, currency);
    let key = match (verdict(removed), verdict(people)) {
        (Verdict::More, Verdict::Less) => "finding.removed.but_more",
        (Verdict::More, _) => "finding.removed.and_more",
        (Verdict::Less, _) => "finding.removed.less",
        _ => return truth,
    };
    let scale = Scale::of_effect(removed);
    let (near, far) = if removed.high < 0.0 { (removed.high, removed.low) } else { (removed.low, removed.high) };
    let range = words.range(&scale.size(words, near), &scale.size(words, far));
    let [all, lower, higher] = [removed.futures.all(), removed.futures.lower, removed.futures.higher].map(|count| count.to_string());
    words.say(key, &[("truth", &truth), ("range", &range), ("all", &all), ("lower", &lower), ("higher", &higher)])
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
    let [people, removed, count] = &effects[..] else { return source.record.manifest.title.clone() };
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
    let titled = !record.title.trim().is_empty() && legible(&record.title);
    cut(written(if titled { &record.title } else { &record.name }).trim(), room, LABEL, Weight::Regular)
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
        let (fewer, removed) = (crackdown.find("fewer people would be exploited"), crackdown.find(", but "));
        assert!(fewer.is_some() && fewer < removed && crackdown.contains("removed from the country without help (more in 6 of 6)"), "{crackdown}");
        assert!(say(-2.0).contains("fewer exploited people a year would be removed") && !say(0.0).contains("removed"));
    }
}
