//! Published figures of the embedded countries: what stands beside the model's, as dots in a picture.
//!
//! Absent on purpose: targets and their use in calibration.

use super::embedded;
use crate::model::ledgers::indicators::Indicator;

/// One published figure of one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    /// What it counts.
    pub indicator: Indicator,
    /// The calendar year.
    pub year: i32,
    /// The figure, in the indicator's unit.
    pub value: f64,
}

/// The published figures of the embedded country called `name` that speak of one of our indicators; none for any other country.
#[must_use]
pub fn published(name: &str) -> Vec<Published> {
    let Some(country) = embedded::COUNTRIES.iter().find(|country| country.name == name) else { return vec![] };
    let mut reader = csv::Reader::from_reader(country.observed.as_bytes());
    let row = |row: &csv::StringRecord| {
        let indicator = Indicator::named(row.get(0)?)?;
        Some(Published { indicator, year: row.get(2)?.parse().ok()?, value: row.get(3)?.parse().ok()? })
    };
    reader.records().flatten().filter_map(|record| row(&record)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thailands_published_counts_are_found() {
        let found = published("thailand");
        assert!(found.contains(&Published { indicator: Indicator::Identified, year: 2016, value: 824.0 }), "{found:?}");
        assert!(published("borderland").is_empty() && published("nowhere").is_empty());
    }
}
