//! The numbers behind the interactive part: every headline indicator over time, for every variant.
//!
//! For each month the 5th percentile, the median and the 95th, of the levels and of the paired differences, in the unit that is
//! shown and to five significant digits: more would be read by nobody, and the page stays small.

use serde_json::{Number, Value, json};

use super::Material;
use super::named::{about, title, unit};
use crate::analysis::course::{Course, courses};
use crate::analysis::measure::{HEADLINES, Measure};
use crate::charts::style::harmless;
use crate::charts::words::Scale;
use crate::model::ledgers::indicators::Ledger;
use crate::quantities::Month;

/// Which of a course's quantiles are kept: 5 %, the median, 95 %.
const KEPT: [usize; 3] = [0, 2, 4];

/// What the page's script reads: months, variants, measures, and the words that it says.
#[must_use]
pub fn series(material: &Material<'_>) -> Value {
    let (manifest, words, phrases) = (&material.source.record.manifest, &material.options.words, material.phrases);
    let months: Vec<Month> = (manifest.from.0..=manifest.to.0).map(Month).collect();
    let variants: Vec<Value> = (0..manifest.variants.len()).map(|variant| json!(title(material, variant))).collect();
    json!({
        "name": harmless(&manifest.name),
        "hash": manifest.hash,
        "months": months.iter().map(Month::to_string).collect::<Vec<_>>(),
        "labels": months.iter().map(|month| words.month(*month)).collect::<Vec<_>>(),
        "years": months.iter().map(|month| words.year(month.year())).collect::<Vec<_>>(),
        "window": [manifest.window.0.since(manifest.from), manifest.window.1.since(manifest.from)],
        "variants": variants,
        "shown": material.options.variant,
        "measures": HEADLINES.iter().map(|measure| one(material, *measure, &months)).collect::<Vec<_>>(),
        "thousands": words.word("thousands"),
        "decimal": words.word("decimal"),
        "about": about(material),
        "words": phrases.nested()["explore"],
    })
}

/// One measure in every variant.
fn one(material: &Material<'_>, measure: Measure, months: &[Month]) -> Value {
    let record = material.source.record;
    let (levels, differences) = courses(record, measure);
    let [level, change] = [&levels, &differences].map(|courses| Scale::of(measure, greatest(courses)));
    let lay = |courses: &[Course], scale: &Scale| courses.iter().map(|course| laid(course, scale.factor, months)).collect::<Vec<_>>();
    json!({
        "key": measure.name(),
        "name": material.phrases.word(&format!("measures.{}", measure.name())),
        "unit": unit(material, measure),
        "ledger": match measure.ledger() { Ledger::Truth => "truth", Ledger::Official => "official", Ledger::Cost => "cost" },
        "moving": levels.first().map_or(1, |course| course.moving),
        "decimals": [level.decimals, change.decimals],
        "levels": lay(&levels, &level),
        "differences": lay(&differences, &change),
    })
}

fn greatest(courses: &[Course]) -> f64 {
    let ends = courses.iter().flat_map(|course| &course.quantiles).flat_map(|(_, quantiles)| KEPT.map(|place| quantiles[place].abs()));
    ends.filter(|value| value.is_finite()).fold(0.0, f64::max)
}

/// Three rows, one value a month; nothing where the measure is not defined.
fn laid(course: &Course, factor: f64, months: &[Month]) -> Value {
    let mut rows = KEPT.map(|_| vec![Value::Null; months.len()]);
    for (month, quantiles) in &course.quantiles {
        let Some(place) = months.iter().position(|known| known == month) else { continue };
        for (row, quantile) in rows.iter_mut().zip(KEPT) {
            row[place] = short(quantiles[quantile] * factor);
        }
    }
    json!(rows)
}

/// To five significant digits; a whole number without a point.
fn short(value: f64) -> Value {
    if !value.is_finite() {
        return Value::Null;
    }
    let text = format!("{value:.4e}");
    let value: f64 = text.parse().unwrap_or(value);
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return Value::Number(Number::from(value as i64));
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_digits_are_kept() {
        assert_eq!([1_234_567.0, 0.123_456_78, -3.0, 0.0, f64::NAN].map(|value| short(value).to_string()), ["1234600", "0.12346", "-3", "0", "null"]);
    }
}
