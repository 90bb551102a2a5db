//! What differs between two variants, lever by lever and month by month, whichever scenarios they come from; and between two countries of one name.
//!
//! Absent on purpose: results.

use super::resolved::{key, width};
use super::{Scenario, Variant, countries};
use crate::model::Setting;
use crate::model::parameters::PARAMETERS;
use crate::model::policy;
use crate::model::switches::SWITCHES;
use crate::quantities::Month;
use std::collections::BTreeMap;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its full name, as in `policy.protection.training`.
    pub name: String,
    /// The month from which on it differs so, where it has dates.
    pub from: Option<Month>,
    /// What the first says.
    pub a: String,
    /// What the second says.
    pub b: String,
}

/// What differs between two variants: levers over the months that both have, from each month in which either changes; then
/// switches, dated events and parameters.
#[must_use]
pub fn differences(first: &Variant, second: &Variant) -> Vec<Difference> {
    let (a, b) = (&first.setting, &second.setting);
    let mut found = levers(a, b);
    let plain = |name: String, a: String, b: String| Difference { name, from: None, a, b };
    for switch in SWITCHES {
        let [of_a, of_b] = [a, b].map(|setting| setting.switches.get(switch.name).unwrap_or(switch.values[0]));
        if of_a != of_b {
            found.push(plain(format!("switches.{}", switch.name), of_a.to_owned(), of_b.to_owned()));
        }
    }
    let happens = |setting: &Setting, name: &str| {
        let place = setting.country.shocks.iter().position(|shock| shock.name == name);
        place.map_or("unknown".to_owned(), |place| setting.shocks[place].to_string())
    };
    let own = b.country.shocks.iter().filter(|shock| !a.country.shocks.iter().any(|other| other.name == shock.name));
    for shock in a.country.shocks.iter().chain(own) {
        let [of_a, of_b] = [a, b].map(|setting| happens(setting, &shock.name));
        if of_a != of_b {
            found.push(plain(format!("shocks.{}", shock.name), of_a, of_b));
        }
    }
    let said = |variant: &Variant, place: usize| variant.fixed.get(&place).map_or("the country's own".to_owned(), f64::to_string);
    for (place, parameter) in PARAMETERS.iter().enumerate() {
        let [of_a, of_b] = [first, second].map(|variant| said(variant, place));
        if of_a != of_b {
            found.push(plain(format!("parameters.{}", parameter.path()), of_a, of_b));
        }
    }
    found
}

/// What differs between the files of two countries: figure by figure where a file is of figures, else that it does.
#[must_use]
pub fn country_differences(a: &Scenario, b: &Scenario) -> Vec<Difference> {
    let mut found = vec![];
    for file in countries::FILES {
        let [of_a, of_b] = [a, b].map(|scenario| countries::text_of(&scenario.country.0, &scenario.country_files, file));
        if of_a == of_b {
            continue;
        }
        let figures = [&of_a, &of_b].map(|text| text.as_deref().and_then(|text| text.parse::<toml::Table>().ok()));
        if let [Some(of_a), Some(of_b)] = figures {
            let [of_a, of_b] = [of_a, of_b].map(|table| {
                let mut flat = BTreeMap::new();
                table.iter().for_each(|(key, value)| flatten(&format!("{file}: {key}"), value, &mut flat));
                flat
            });
            let names = of_a.keys().chain(of_b.keys().filter(|name| !of_a.contains_key(*name)));
            let said = |flat: &BTreeMap<String, String>, name: &String| flat.get(name).cloned().unwrap_or_else(|| "-".to_owned());
            let rows = names.map(|name| Difference { name: name.clone(), from: None, a: said(&of_a, name), b: said(&of_b, name) });
            found.extend(rows.filter(|row| row.a != row.b));
        } else {
            let word = |text: &Option<String>, word: &str| text.as_ref().map_or("-", |_| word).to_owned();
            found.push(Difference { name: file.to_owned(), from: None, a: word(&of_a, "one"), b: word(&of_b, "another") });
        }
    }
    found
}

/// The figures of `value` by their full names, each as it would be written.
fn flatten(name: &str, value: &toml::Value, flat: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => table.iter().for_each(|(key, value)| flatten(&format!("{name}.{key}"), value, flat)),
        _ => {
            flat.insert(name.to_owned(), value.to_string());
        }
    }
}

fn levers(a: &Setting, b: &Setting) -> Vec<Difference> {
    let from = a.start().max(b.start());
    let to = a.to.min(b.to);
    let months = || (0..=to.since(from).max(-1)).map(|after| from.plus(after));
    let value = |setting: &Setting, place: usize, month: Month| {
        let row = usize::try_from(month.since(setting.start())).ok().and_then(|row| setting.plan.rows.get(row));
        row.map_or(f64::NAN, |row| row[place])
    };
    let mut found = vec![];
    for (first, lever) in policy::all() {
        for place in first..first + width(lever, a) {
            let name = key(lever, place - first, a);
            // Origins are told apart by their names: another country may have them in another order.
            let Some(there) = (0..width(lever, b)).find(|there| key(lever, *there, b) == name).map(|there| first + there) else { continue };
            let mut before: Option<(u64, u64)> = None;
            for month in months() {
                let (of_a, of_b) = (value(a, place, month), value(b, there, month));
                let pair = (of_a.to_bits(), of_b.to_bits());
                // Where they become alike again, that is told too; alike from the start is nothing to tell.
                let tell = before != Some(pair) && (pair.0 != pair.1 || before.is_some_and(|before| before.0 != before.1));
                before = Some(pair);
                if tell {
                    let name = format!("policy.{}.{name}", lever.p.section());
                    found.push(Difference { name, from: Some(month), a: tidy(of_a), b: tidy(of_b) });
                }
            }
        }
    }
    found
}

/// A number to twelve digits, so that what only rounding left is not shown.
fn tidy(value: f64) -> String {
    format!("{value:.11e}").parse::<f64>().unwrap_or(value).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Overrides, load};

    #[test]
    fn a_variant_differs_where_it_says_so() {
        let Ok(scenario) = load("borderland", &Overrides::default()) else { panic!("it is shipped") };
        let [baseline, crackdown] = ["baseline", "crackdown"].map(|name| {
            let found = scenario.variants.iter().find(|variant| variant.name == name);
            found.expect("it is there")
        });
        let told = Difference {
            name: "policy.prevention.immigration_crackdown".to_owned(),
            from: Some(Month::new(2016, 1)),
            a: "0".to_owned(),
            b: "2".to_owned(),
        };
        assert_eq!(differences(baseline, crackdown), [told]);
        assert_eq!(differences(baseline, baseline), []);
    }
}
