//! `fivep compare --switches`: whether the ranking of variants survives another structure of the model.

use std::fmt::Write;

use super::listing::{width, wrapped};
use super::numbers::grouped;
use super::options::Options;
use super::simulate::{STOP, progress_bar, threads};
use super::told::reference;
use super::{Failure, fault};
use crate::analysis::measure::Measure;
use crate::analysis::ranking::{Place, agreement, ranking, turned};
use crate::calibration::validation::{alternatives, switched};
use crate::ensemble::{Progress, simulate_all};
use crate::model::ledgers::indicators::Indicator;
use crate::model::switches::SWITCHES;
use crate::results::Record;
use crate::scenario::{self, Overrides};

/// A switch and its value.
pub type Structure = (&'static str, &'static str);

/// The alternatives that were asked for.
///
/// # Errors
/// Every word that is neither `all` nor a switch and one of its values.
pub fn chosen(words: &[String]) -> Result<Vec<Structure>, Failure> {
    let mut chosen = vec![];
    for word in words {
        if word == "all" {
            chosen.extend(alternatives());
            continue;
        }
        let pair = word.split_once('=').and_then(|(name, value)| {
            let switch = SWITCHES.iter().find(|switch| switch.name == name.trim())?;
            Some((switch.name, *switch.values.iter().find(|own| **own == value.trim())?))
        });
        let Some(pair) = pair else {
            let all: Vec<String> = alternatives().iter().map(|(name, value)| format!("{name}={value}")).collect();
            return Err(fault(format!("error: `{word}` is no structural alternative\nhelp: give `all`, or some of {}", all.join(", "))));
        };
        chosen.push(pair);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// Simulates the scenario once more under each structure, and tells how its ranking by people exploited compares.
///
/// # Errors
/// The scenario's faults, or an interrupt.
pub fn survival(scenario: &str, options: &Options, record: &Record, structures: &[Structure]) -> Result<String, Failure> {
    let scenario = scenario::load(scenario, &Overrides { replicates: Some(record.manifest.replicates), ..options.overrides() })?;
    let measure = Measure::Indicator(Indicator::Exploited);
    let own = ranking(record, measure);
    let name = |variant: usize| record.manifest.variants[variant].name.as_str();
    let mut out = String::from("\nDOES THE RANKING SURVIVE? Variants by people exploited, the fewest first, under other structures of the model\n\n");
    let _ = writeln!(
        out,
        "{:<26} {:<24} variants: mean difference to {} under that structure with its 95 % interval, {}",
        "structure",
        "confirmed/open/reversed",
        reference(record),
        record.manifest.parameters.interval()
    );
    let order = |places: &[Place]| {
        let one = |place: &Place| {
            let [low, high, mean] = [place.low, place.high, place.difference].map(|value| grouped(value, 0));
            format!("{} {mean} ({low} to {high})", name(place.variant))
        };
        places.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let line = |structure: &str, same: &str, places: &[Place]| {
        let text = wrapped(&order(places), 52, width().max(100));
        format!("{structure:<26} {same:<24} {}\n", text.trim())
    };
    out.push_str(&line("as the scenario says", "", &own));
    let mut broken: Vec<String> = vec![];
    let mut undecided = 0;
    for structure in structures {
        let bar = progress_bar();
        let progress = |progress: Progress| {
            bar.set_length(progress.total_months);
            bar.set_position(progress.done_months);
        };
        let scenario = switched(&scenario, *structure);
        let runs = simulate_all(&scenario, threads(options.jobs), &progress, &STOP);
        bar.finish_and_clear();
        let other = Record::new(&scenario, runs.ok_or(Failure::Interrupted)?);
        // In the order of the record, whose first variant is the one that the others are compared with.
        let names = || record.manifest.variants.iter().map(|variant| &variant.name);
        let order: Vec<usize> = names().filter_map(|name| scenario.variants.iter().position(|variant| variant.name == *name)).collect();
        let mut other = other.showing(&order);
        other.manifest.window = record.manifest.window;
        let places = ranking(&other, measure);
        let found = agreement(&own, &places);
        let title = format!("{} = {}", structure.0, structure.1);
        out.push_str(&line(&title, &format!("{} / {} / {} of {}", found.confirmed, found.undecided, found.reversed, found.all()), &places));
        undecided += found.undecided;
        let signs: Vec<&str> = turned(&own, &places).into_iter().map(name).collect();
        let best = own.first().map(|place| place.variant) == places.first().map(|place| place.variant);
        if found.reversed > 0 || !best || !signs.is_empty() {
            let mut say = format!("under {title}");
            if found.reversed > 0 {
                let _ = write!(say, " {} pairs are reversed", found.reversed);
            }
            if !best {
                let _ = write!(say, " {} comes first", places.first().map_or("none", |place| name(place.variant)));
            }
            if !signs.is_empty() {
                let _ = write!(say, " the sign turns for {}", signs.join(", "));
            }
            broken.push(say);
        }
    }
    let mut say = if broken.is_empty() {
        "Nothing is reversed: no pair of variants that is clearly apart as the scenario says is clearly the other way round elsewhere, and no sign turns."
            .to_owned()
    } else {
        format!("The ranking does not survive everywhere: {}.", broken.join("; "))
    };
    if undecided > 0 {
        let _ = write!(say, " {undecided} comparisons are undecided under another structure, which is no agreement: more replicates would tell.");
    }
    out.push('\n');
    out.push_str(&wrapped(&say, 0, width().min(100)));
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_chosen_by_name_or_all_at_once() {
        let words = |words: &[&str]| chosen(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["all"]).expect("all are known").len(), alternatives().len());
        assert_eq!(words(&["replacement=false", "deterrence=none"]).expect("both are known"), [("deterrence", "none"), ("replacement", "false")]);
        assert!(words(&["replacement=maybe"]).is_err() && words(&["weather=false"]).is_err());
    }
}
