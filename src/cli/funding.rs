//! What a plan leaves unfunded, in words: remarks of `fivep check`, and of whatever shows a scenario before it is run.

use super::numbers::grouped;
use crate::analysis::funding::{Shortfall, shortfalls};
use crate::scenario::Scenario;

/// Less than this share of what is asked is not worth a warning.
const LEAST: f64 = 0.01;

/// One warning for each variant and line that asks for more than the line has; a variant does not repeat what the baseline asks already.
/// Where there are many, as in a sweep, the smaller gaps are counted.
#[must_use]
pub fn warnings(scenario: &Scenario) -> Vec<String> {
    let (said, more) = greatest(missing(scenario), MOST_WARNINGS);
    let mut said: Vec<String> = said.into_iter().map(|said| format!("warning: {said}")).collect();
    if more > 0 {
        said.push(format!("warning: {more} smaller gaps of this kind are not listed"));
    }
    said
}

/// The same for an answer that has other things to say: the greatest gaps, and how many there are.
#[must_use]
pub fn worst(scenario: &Scenario) -> Vec<String> {
    let mut all = missing(scenario);
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (said, more) = greatest(all, MOST);
    let mut said: Vec<String> = said.into_iter().map(|said| format!("{said}.")).collect();
    if more > 0 {
        said.push(format!("`fivep check` lists {} more.", if more == 1 { "one".to_owned() } else { more.to_string() }));
    }
    said
}

/// The `most` greatest gaps in their own order, and how many others there are.
fn greatest(all: Vec<(f64, String)>, most: usize) -> (Vec<String>, usize) {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| all[*b].0.total_cmp(&all[*a].0));
    order.truncate(most);
    let more = all.len() - order.len();
    let kept = all.into_iter().enumerate().filter(|(place, _)| order.contains(place));
    (kept.map(|(_, (_, said))| said).collect(), more)
}

/// How many gaps are worth a warning each.
const MOST_WARNINGS: usize = 16;
/// How many gaps are told where there is not much room.
const MOST: usize = 4;

/// Money a year that is missing, and what is said of it.
fn missing(scenario: &Scenario) -> Vec<(f64, String)> {
    let currency = scenario.variants.first().map_or("", |variant| variant.setting.country.currency.as_str());
    let baseline = scenario.variants.first().map(|variant| shortfalls(&variant.setting)).unwrap_or_default();
    let mut said = vec![];
    for (place, variant) in scenario.variants.iter().enumerate() {
        let own = if place == 0 { baseline.clone() } else { shortfalls(&variant.setting) };
        let much = |short: &&Shortfall| short.asked - short.paid > LEAST * short.asked || short.payroll > LEAST * short.paid.max(1.0);
        let new = own.iter().filter(much).filter(|short| place == 0 || !baseline.iter().any(|base| base.like(short)));
        let name = if variant.name == "baseline" { "the baseline".to_owned() } else { format!("variant {}", variant.name) };
        said.extend(new.map(|short| (short.asked - short.paid + short.payroll, format!("{name}: {}", sentence(short, currency, scenario.to)))));
    }
    said
}

/// What one line leaves unfunded.
fn sentence(short: &Shortfall, currency: &str, end: crate::quantities::Month) -> String {
    let until = if short.to < end { format!(" to {}", short.to) } else { " on".to_owned() };
    let million = |money: f64| grouped(money / 1e6, 1);
    let line = short.line.name();
    let mut said = vec![];
    if short.asked - short.paid > LEAST * short.asked {
        let levers = match &short.levers[..] {
            [] => String::new(),
            [one, two, three, rest @ ..] if rest.len() > 1 => format!(" (cut first: {one}, {two}, {three} and {} more)", rest.len()),
            few => format!(" (cut first: {})", few.join(", ")),
        };
        said.push(format!(
            "the budget line {line} can pay {} of the {} m {currency} a year asked of it from {}{until}{levers}",
            million(short.paid),
            million(short.asked),
            short.from
        ));
    }
    if short.payroll > LEAST * short.paid.max(1.0) {
        said.push(format!(
            "the budget line {line} cannot pay {} m {currency} a year of its posts from {}{until}, until they are cut",
            million(short.payroll),
            short.from
        ));
    }
    said.join("; and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn what_a_variant_asks_beyond_its_line_is_told_once_with_the_month() {
        let Ok(mut scenario) = load("borderland", &Overrides { scale: Some(50.0), ..Overrides::default() }) else { panic!("it is shipped") };
        scenario.variants.truncate(2);
        let before = warnings(&scenario).len();
        let (place, _) = crate::model::policy::all().find(|(_, lever)| lever.key == "beds").expect("it exists");
        let setting = &mut scenario.variants[1].setting;
        let from = usize::from(setting.spin_up()) + 6;
        setting.plan.rows.iter_mut().skip(from).for_each(|row| row[place] = 15.0);
        let said = warnings(&scenario);
        assert!(said.len() > before, "{said:?}");
        let own = said.iter().find(|said| said.contains("the budget line shelters can pay")).expect("the line is named");
        let month = scenario.from.plus(6).to_string();
        assert!(own.starts_with("warning: variant ") && own.contains(&month) && own.contains("beds"), "{own}");
        assert!(worst(&scenario).len() <= MOST + 1 && worst(&scenario).iter().any(|said| said.contains("line shelters")));
    }
}
