//! What money bought, in words: for each variant whose budget differs from the baseline's, the people and things that it became, and what of its
//! plan would stay unpaid.

use super::phrases::Phrases;
use crate::analysis::bought::Bought;
use crate::charts::style::harmless;
use crate::charts::words::Words;
use crate::model::policy::Line;

/// Less money than this, in units of the currency a year, is told as none.
const LEAST: f64 = 50_000.0;

/// The sentence about one variant; `variant` is what it is called.
#[must_use]
pub fn sentence(words: &Words, phrases: &Phrases, bought: &Bought, variant: &str, currency: &str) -> String {
    let currency = harmless(currency);
    let million = |money: f64| {
        let millions = money.abs() / 1e6;
        words.number(millions, usize::from(millions < 10.0))
    };
    let things: Vec<String> = bought.things.iter().map(|thing| counted(words, phrases, thing.line, thing.change.difference)).collect();
    let key = match (bought.given, things.is_empty()) {
        (given, false) if given >= LEAST => "bought.more",
        (given, true) if given >= LEAST => "bought.more_nothing",
        (given, false) if given <= -LEAST => "bought.less",
        (given, true) if given <= -LEAST => "bought.less_nothing",
        (_, false) => "bought.same",
        (_, true) if bought.unfunded >= LEAST => {
            return phrases.say("bought.unpaid", &[("variant", variant), ("money", &million(bought.unfunded)), ("currency", &currency)]);
        }
        (_, true) => "bought.same_nothing",
    };
    let (money, by, things) = (million(bought.given), words.month(bought.by), things.join(", "));
    let places = [("variant", variant), ("money", &*money), ("currency", &*currency), ("things", &*things), ("month", &*by)];
    let mut said = phrases.say(key, &places);
    if let Some(unspent) = bought.unspent.filter(|unspent| *unspent >= LEAST.max(0.005 * bought.given.abs())) {
        said.push(' ');
        said.push_str(&phrases.say("bought.unspent", &[("money", &million(unspent)), ("currency", &currency)]));
    }
    if bought.unfunded >= LEAST {
        said.push(' ');
        said.push_str(&phrases.say("bought.unfunded", &[("money", &million(bought.unfunded)), ("currency", &currency)]));
    }
    said
}

/// So many more or fewer of what `line` buys.
fn counted(words: &Words, phrases: &Phrases, line: Line, change: f64) -> String {
    let key = match line {
        Line::Entry => "bought.entry",
        Line::Inspections => "bought.inspections",
        Line::Shelters => "bought.shelters",
        Line::Interpreters => "bought.interpreters",
        Line::Investigation => "bought.investigation",
        Line::Courts => "bought.courts",
        Line::Ngo => "bought.ngo",
        Line::Training => "bought.training",
        Line::Financial => "bought.financial",
        Line::Integrity => "bought.integrity",
        Line::Partners => "bought.partners",
    };
    // A share is told in points.
    let (size, decimals) = if line.buys().info().unit == "share" { (100.0 * change, 1) } else { (change, 0) };
    let sign = if change > 0.0 { "+" } else { "" };
    phrases.say(key, &[("count", &format!("{sign}{}", words.number(size, decimals)))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::bought::bought;
    use crate::analysis::compare::tests::record;
    use crate::model::ledgers::indicators::Indicator;

    #[test]
    fn money_is_told_in_people_and_things_in_both_languages() {
        let record = record(&["baseline", "more", "less", "wish"], 3, |variant, _, row| {
            let policy = [0.0, 1.0, -1.0, 0.0][variant];
            row.set(Indicator::Spent, 1e8 + 5e6 * policy);
            row.set(Indicator::HasInspectors, 500.0 + 210.0 * policy);
            row.set(Indicator::HasBeds, 100.0 + 90.0 * policy);
            row.set(Indicator::Unfunded, if variant % 2 == 1 { 1e6 } else { 0.0 });
        });
        let all = bought(&record, None, record.manifest.window);
        let say = |language: &str, place: usize| {
            let (words, phrases) = (Words::embedded(language).expect("it is embedded"), Phrases::embedded(language).expect("it is embedded"));
            sentence(&words, &phrases, &all[place], "A", "BLC")
        };
        assert_eq!(
            say("en", 0),
            "A: with a budget 60 million BLC a year larger there would be +210 labour inspectors, +90 shelter beds by Dec 2016. 12 million BLC a year of what is planned would stay unpaid."
        );
        assert_eq!(
            say("en", 1),
            "A: with a budget 60 million BLC a year smaller there would be −210 labour inspectors, −90 shelter beds by Dec 2016."
        );
        assert_eq!(say("en", 2), "A: 12 million BLC a year of its plan would stay unpaid: the budget lines have no more money for it.");
        assert!(say("th", 0).contains("+210") && say("th", 1).contains("−90"));
    }
}
