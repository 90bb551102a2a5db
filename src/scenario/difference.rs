//! What differs between two variants, lever by lever and month by month, whichever scenarios they come from.
//!
//! Absent on purpose: results.

use super::Variant;
use super::resolved::{key, width};
use crate::model::Setting;
use crate::model::parameters::PARAMETERS;
use crate::model::policy;
use crate::model::switches::SWITCHES;
use crate::quantities::Month;

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
