//! The answer in sentences: which variant is best in truth, by how much, how sure, at what cost, and what each part of a package carries.
//!
//! The first screen of `fivep compare`, the first page of the briefing and the title of its first figure all say these. Whoever is removed
//! without help is no longer exploited here and has not been helped, so that a growth of their number stands in the same sentence.

use super::findings::{name, range, relative};
use super::style::titled;
use super::words::{Scale, Words};
use super::{Options, Source};
use crate::analysis::answer::{Answer, Loss, Row};
use crate::analysis::compare::CostPerMonth;
use crate::analysis::verdict::Verdict;
use crate::scenario::sets::Choice;

/// How many variants are named in a sentence.
const MOST_NAMES: usize = 3;

/// The answer over all variants, in a few sentences; none where there is only a baseline.
#[must_use]
pub fn sentences(source: &Source<'_>, options: &Options, answer: &Answer) -> Vec<String> {
    let Some(best) = answer.lead() else { return vec![] };
    let mut said = vec![first(source, options, answer, best)];
    if best.people.verdict.clear() {
        said.push(sure(source, options, best));
        said.extend((!best.people.stands).then(|| options.words.word("answer.only_alone").to_owned()));
    }
    said.push(cost(source, options, best));
    said.extend(others(source, options, answer));
    said.extend(without_removal(source, options, answer));
    said.extend(losses(source, options, &answer.losses));
    said.extend(removals(source, options, answer));
    said
}

/// The answer in one line: the title of the figure that shows all variants.
#[must_use]
pub fn title(source: &Source<'_>, options: &Options, answer: &Answer) -> String {
    answer.lead().map_or_else(String::new, |best| first(source, options, answer, best).trim_end_matches('.').to_owned())
}

fn first(source: &Source<'_>, options: &Options, answer: &Answer, best: &Row) -> String {
    let words = &options.words;
    let leads = answer.rows.first().is_some_and(|row| row.variant == best.variant);
    let key = match (best.people.verdict, answer.rows.len()) {
        (Verdict::Less, _) if !leads => "answer.less_later",
        (Verdict::Less, 1) => "answer.less_one",
        (Verdict::Less, _) => "answer.less",
        (Verdict::More, 1) => "answer.more_one",
        (Verdict::More, _) => "answer.more",
        (Verdict::Unclear, 1) => "answer.unclear_one",
        (Verdict::Unclear, _) => "answer.unclear",
        (Verdict::Same, 1) => "answer.same_one",
        (Verdict::Same, _) => "answer.same",
        (Verdict::One | Verdict::Undefined, _) => "answer.one",
    };
    let (variant, all) = (name(source, options, best.variant, 300.0), answer.rows.len().to_string());
    let mean = Scale::of_effect(&best.people).size(words, best.people.difference);
    let places = [
        ("variant", &*variant),
        ("all", &all),
        ("mean", &mean),
        ("range", &range(words, &best.people)),
        ("relative", &relative(words, &best.people)),
        ("removed", &removed(words, best)),
    ];
    words.say(key, &places)
}

/// What is said in the same breath where more would be removed without help.
fn removed(words: &Words, row: &Row) -> String {
    if row.removed.verdict != Verdict::More {
        return String::new();
    }
    words.say("answer.removed", &[("range", &range(words, &row.removed)), ("relative", &relative(words, &row.removed))])
}

fn sure(source: &Source<'_>, options: &Options, best: &Row) -> String {
    let words = &options.words;
    let (share, (low, high)) = best.people.agrees();
    let percent = |share: f64| words.number(share * 100.0, 0);
    let key = if best.people.verdict == Verdict::More { "answer.sure_more" } else { "answer.sure_less" };
    let places =
        [("share", &*percent(share)), ("sets", &sets(source, words, best.people.sets)), ("range", &words.range(&percent(low), &percent(high)))];
    words.say(key, &places)
}

/// How many parameter sets were counted; where all replicates assume the same, how many replicates.
#[must_use]
pub fn sets(source: &Source<'_>, words: &Words, sets: usize) -> String {
    let key = if source.record.manifest.parameters == Choice::Best { "sets.best" } else { "sets.drawn" };
    words.say(key, &[("sets", &sets.to_string())])
}

fn cost(source: &Source<'_>, options: &Options, best: &Row) -> String {
    let (words, currency) = (&options.words, &source.record.manifest.currency);
    let money = Scale::of_effect(&best.money).size(words, best.money.difference);
    let key = match (best.money.verdict, best.money.difference < 0.0) {
        (Verdict::Same | Verdict::Undefined, _) => "answer.money_same",
        (_, true) => "answer.money_less",
        (_, false) => "answer.money_more",
    };
    let spent = words.say(key, &[("money", &money), ("currency", currency)]);
    let each = each(words, best.cost, currency);
    words.say("answer.cost", &[("spent", &spent), ("each", &each)])
}

/// What a person-month averted costs, or why that is not said; begins with what sets it apart from what stands before it.
fn each(words: &Words, cost: CostPerMonth, currency: &str) -> String {
    match cost {
        CostPerMonth::Money { mean, range } => {
            let number = |value: f64| Scale { factor: 1.0, decimals: 0 }.value(words, value);
            let interval =
                range.map_or_else(String::new, |(low, high)| words.say("answer.interval", &[("range", &words.range(&number(low), &number(high)))]));
            words.say("answer.each", &[("cost", &number(mean)), ("interval", &interval), ("currency", currency)])
        }
        CostPerMonth::Removal => words.word("answer.each_removal").to_owned(),
        CostPerMonth::Unclear | CostPerMonth::Adds => String::new(),
    }
}

/// Which others may be the best too, and how many would clearly leave fewer or more.
fn others(source: &Source<'_>, options: &Options, answer: &Answer) -> Option<String> {
    let words = &options.words;
    let best = answer.lead()?;
    let rest: Vec<&Row> = answer.rows.iter().filter(|row| row.variant != best.variant).collect();
    if rest.is_empty() || !best.people.verdict.clear() {
        return None;
    }
    let names: Vec<String> =
        rest.iter().filter(|row| answer.may_be_best.contains(&row.variant)).map(|row| name(source, options, row.variant, 300.0)).collect();
    if names.is_empty() {
        return Some(words.word("answer.alone").to_owned());
    }
    Some(words.say("answer.ties", &[("names", &listed(words, &names))]))
}

/// Where more would be removed without help under the first: the first that stands of those under which no more would be.
fn without_removal(source: &Source<'_>, options: &Options, answer: &Answer) -> Option<String> {
    let words = &options.words;
    let removes = |row: &Row| row.removed.verdict == Verdict::More;
    let helps = |row: &&Row| !removes(row) && row.people.verdict == Verdict::Less && row.people.stands;
    let row = answer.rows.iter().find(helps).filter(|_| answer.lead().is_some_and(removes))?;
    let mean = Scale::of_effect(&row.people).size(words, row.people.difference);
    let name = name(source, options, row.variant, 300.0);
    let places = [("variant", &*name), ("mean", &mean), ("range", &range(words, &row.people)), ("relative", &relative(words, &row.people))];
    Some(words.say("answer.without_removal", &places))
}

/// What would be lost without each part, the greatest first; parts of which none is clearly lost are named at the end.
fn losses(source: &Source<'_>, options: &Options, losses: &[Loss]) -> Option<String> {
    let words = &options.words;
    // Names are English: in another language the part is what its title says.
    let part = |loss: &Loss| {
        let variant = &source.record.manifest.variants[loss.variant];
        let name = variant.name.replace('-', " ");
        if words.word("language") == "en" { name } else { titled(&variant.title, &name) }
    };
    let share = |value: f64| words.number(value * 100.0, 0);
    let one = |loss: &Loss| {
        let range = words.range(&share(loss.range.0), &share(loss.range.1));
        words.say("answer.loss", &[("share", &share(loss.share)), ("range", &range), ("part", &part(loss))])
    };
    let (clear, unclear): (Vec<&Loss>, Vec<&Loss>) = losses.iter().partition(|loss| loss.range.0 > 0.0);
    if clear.is_empty() {
        return None;
    }
    let mut said = words.say("answer.losses", &[("losses", &clear.into_iter().map(one).collect::<Vec<_>>().join(", "))]);
    if !unclear.is_empty() {
        said += &words.say("answer.no_loss", &[("parts", &unclear.into_iter().map(part).collect::<Vec<_>>().join(", "))]);
    }
    Some(said + ".")
}

/// The variants besides the best under which more would be removed without help: a harm is told where it is clear by itself, whatever else is
/// compared.
fn removals(source: &Source<'_>, options: &Options, answer: &Answer) -> Option<String> {
    let words = &options.words;
    let lead = answer.lead().map(|row| row.variant);
    let more = answer.rows.iter().filter(|row| Some(row.variant) != lead && row.removed.verdict == Verdict::More);
    let names: Vec<String> = more.map(|row| name(source, options, row.variant, 300.0)).collect();
    (!names.is_empty()).then(|| words.say("answer.removals", &[("names", &listed(words, &names))]))
}

/// The first few names, and how many more there are.
fn listed(words: &Words, names: &[String]) -> String {
    let shown = names[..names.len().min(MOST_NAMES)].join(", ");
    let rest = names.len().saturating_sub(MOST_NAMES);
    if rest == 0 { shown } else { words.say("answer.and_more", &[("names", &shown), ("rest", &rest.to_string())]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::answer::answer;
    use crate::analysis::compare::tests::record;
    use crate::model::ledgers::indicators::Indicator;
    use crate::results::Record;

    fn said(record: &Record, language: &str) -> Vec<String> {
        let options = Options { words: Words::embedded(language).expect("it is embedded"), ..Options::english() };
        let answer = answer(record);
        sentences(&Source { record, scenario: None, published: &[] }, &options, &answer)
    }

    /// Variants by their effects on people exploited and on those removed without help a month.
    fn of(effects: &[(&str, f64, f64)]) -> Record {
        let names: Vec<&str> = std::iter::once("baseline").chain(effects.iter().map(|(name, ..)| *name)).collect();
        record(&names, 10, |variant, replicate, row| {
            let (people, removed) = variant.checked_sub(1).map_or((0.0, 0.0), |place| (effects[place].1, effects[place].2));
            let stray = f64::from((replicate * 7 + variant as u32 * 3) % 5) - 2.0;
            row.set(Indicator::Exploited, 50_000.0 + people + stray);
            row.set(Indicator::PersonMonths, 50_000.0 + people + stray);
            row.set(Indicator::RemovedUnassisted, 100.0 + removed);
            row.set(Indicator::ExitMonths, 1_000.0);
            row.set(Indicator::ExitsEscape, 100.0);
            row.set(Indicator::Spent, 1e8 + variant as f64 * 1e6);
        })
    }

    #[test]
    fn the_best_is_said_with_its_size_its_certainty_and_its_cost() {
        let said = said(&of(&[("courts", -10.0, 0.0), ("shelters", -500.0, 0.0), ("more-fees", 900.0, 0.0)]), "en");
        assert!(
            said[0].starts_with("“shelters” would leave the fewest people exploited: on average 500 fewer at a time than the baseline"),
            "{said:?}"
        );
        assert!(said[0].contains("−1.0 % of 50,000"), "{said:?}");
        assert!(said[1].contains("one for each of 10 replicates, 100 % would show fewer") && said[1].contains("72 to 100 %"), "{said:?}");
        assert!(said[2].contains("24 million BLC more a year") && said[2].contains("4,000"), "{said:?}");
        assert!(said[3].contains("every other variant would leave clearly more"), "{said:?}");
    }

    /// Fewer exploited because more are driven out reads as that in the first sentence, and has no price.
    #[test]
    fn removal_without_help_stands_in_the_first_sentence() {
        let said = said(&of(&[("crackdown", -900.0, 200.0), ("courts", 0.0, 0.0)]), "en");
        assert!(said[0].contains(", but 2,400 more exploited people a year would be removed from the country without help"), "{said:?}");
        assert!(!said[2].contains("for each") && said[2].contains("no cost per person-month averted is given"), "{said:?}");
        let helped = self::said(&of(&[("crackdown", -900.0, 200.0), ("courts", -300.0, 0.0)]), "en");
        assert!(
            helped
                .iter()
                .any(|said| said.starts_with("Without more removals the first that is clear among all variants is “courts”: on average 300 fewer")),
            "{helped:?}"
        );
        let second = self::said(&of(&[("crackdown", -10.0, 200.0), ("courts", -900.0, 0.0)]), "en");
        assert!(
            !second[0].contains("removed") && second.last().is_some_and(|last| last.contains("removed") && last.contains("crackdown")),
            "{second:?}"
        );
    }

    #[test]
    fn where_nothing_is_clear_that_is_the_answer() {
        let said = said(&of(&[("courts", -0.1, 0.0), ("beds", 0.2, 0.0)]), "en");
        assert!(said[0].starts_with("None of 2 variants would clearly leave fewer people exploited than the baseline"), "{said:?}");
        assert!(!said.iter().any(|sentence| sentence.contains("for each")), "{said:?}");
    }

    #[test]
    fn it_is_said_in_every_language_at_every_edge() {
        for language in ["en", "th"] {
            assert!(said(&record(&["baseline"], 3, |_, _, _| {}), language).is_empty());
            for replicates in [1, 2, 12] {
                let said = said(&record(&["baseline", "other", "third"], replicates, |_, _, _| {}), language);
                assert!(said.iter().all(|sentence| !sentence.contains('{') && !sentence.contains("NaN") && !sentence.trim().is_empty()), "{said:?}");
            }
        }
    }
}
