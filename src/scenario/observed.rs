//! `observed.csv`: what was published, for what is told beside a run and never fitted.
//!
//! Absent on purpose: targets, which stand in a file of their own with their errors, and their use in calibration.

use super::faults::{Faults, Place};
use crate::model::ledgers::indicators::Indicator;

/// One published figure of one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    /// What it counts.
    pub indicator: Indicator,
    /// What the indicator counts beside it and the figure leaves out.
    pub minus: Option<Indicator>,
    /// The calendar year.
    pub year: i32,
    /// The figure, in the indicator's unit.
    pub value: f64,
}

/// The published figures that speak of one of our indicators.
pub(super) fn figures(text: &str) -> Vec<Published> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let [Some(indicator), Some(year), Some(value)] = ["indicator", "year", "value"].map(|name| column(&mut reader, name)) else { return vec![] };
    let minus = column(&mut reader, "minus");
    let row = |row: &csv::StringRecord| {
        let indicator = Indicator::named(row.get(indicator)?)?;
        let minus = minus.and_then(|minus| Indicator::named(row.get(minus)?));
        Some(Published { indicator, minus, year: row.get(year)?.parse().ok()?, value: row.get(value)?.parse().ok()? })
    };
    reader.records().flatten().filter_map(|record| row(&record)).collect()
}

/// The place of the column called `name`.
fn column(reader: &mut csv::Reader<&[u8]>, name: &str) -> Option<usize> {
    reader.headers().ok().and_then(|head| head.iter().position(|own| own == name))
}

/// The published tier of each year that a report judged: the year, and its place from the best (0) to the worst (3).
pub(super) fn tiers(faults: &Faults, file: usize, text: &str) -> Vec<(i32, usize)> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut tiers = vec![];
    let [Some(series), Some(year), Some(value)] = ["series", "year", "value"].map(|name| column(&mut reader, name)) else {
        faults.add(&Place::whole(file), "this file lacks one of the columns series, year and value", "", "the shipped countries are examples");
        return tiers;
    };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.add(&Place::whole(file), format!("this is not valid CSV: {error}"), "", "quote cells that hold commas");
                return tiers;
            }
        };
        if record.get(series) != Some("tier") {
            continue;
        }
        let place = match record.get(value) {
            Some("1") => 0,
            Some("2") => 1,
            Some("2.5") => 2,
            Some("3") => 3,
            other => {
                let title = format!("`{}` is no tier", super::values::shorten(other.unwrap_or("")));
                faults.add(&Place::whole(file), title, "", "write 1, 2, 2.5 (the watch list) or 3");
                continue;
            }
        };
        if let Some(year) = record.get(year).and_then(|year| year.parse().ok()) {
            tiers.push((year, place));
        }
    }
    tiers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::embedded;

    #[test]
    fn thailands_published_counts_are_found() {
        let of =
            |name| embedded::COUNTRIES.iter().find(|country| country.name == name).map(|country| figures(country.observed)).expect("it is shipped");
        let found = of("thailand");
        let plain = Published { indicator: Indicator::Identified, minus: None, year: 2016, value: 824.0 };
        assert!(found.contains(&plain), "{found:?}");
        assert!(found.contains(&Published { minus: Some(Indicator::IdentifiedSmuggled), year: 2019, value: 868.0, ..plain }), "{found:?}");
        assert!(of("borderland").is_empty() && figures("year,value\n2016,1\n").is_empty() && figures("").is_empty());
        let swapped = "value,year,indicator\n7,2016,identified\n8,2016,tier\nx,2016,identified\n";
        assert_eq!(figures(swapped), [Published { value: 7.0, ..plain }]);
    }

    #[test]
    fn tiers_are_read_and_other_words_are_faults() {
        let read = |text: &str| {
            let faults = Faults::default();
            let file = faults.file("observed.csv", text);
            (tiers(&faults, file, text), faults.is_empty())
        };
        assert_eq!(read("series,year,value\ntier,2012,2.5\n\"cases, all\",2012,3\ntier,2013,3\n"), (vec![(2012, 2), (2013, 3)], true));
        assert!(!read("series,year,value\ntier,2012,two\n").1);
        assert!(!read("series,value\n").1);
    }
}
