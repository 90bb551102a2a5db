//! The figures that a country's targets speak of: an indicator, a difference or ratio of two, or a share in a sector.
//!
//! A target's flow is the sum of its months and not told a year, as what was published is.

use polars::prelude::{DataType, Expr, col, len, lit};

use super::measure::{Asked, Window, answers, within};
use crate::model::ledgers::SECTOR_COLUMNS;
use crate::model::ledgers::indicators::Indicator;
use crate::results::Record;
use crate::results::tables::Table;
use crate::scenario::Problem;
use crate::scenario::targets::Figure;

/// The conditions and the legal statuses of migrants, as the columns of the table by sector are named.
const CONDITIONS: [&str; 3] = ["unharmed", "violation", "forced"];
const MIGRANTS: [&str; 3] = ["mou", "regularised", "irregular"];

/// What is asked of the rows of some months for `figure`.
fn asked(figure: Figure) -> Asked {
    match figure {
        Figure::Ledger { indicator, minus, per } => {
            let value = minus.map_or(over(indicator), |minus| over(indicator) - over(minus));
            let expr = per.map_or(value.clone(), |per| value / over(per));
            let columns = [Some(indicator), minus, per].into_iter().flatten().map(|indicator| indicator.info().name).collect();
            Asked { table: Table::Months, columns, expr }
        }
        Figure::Forced { sector } => {
            let migrants = |conditions: &[&str]| {
                columns_of(|name| conditions.iter().any(|condition| MIGRANTS.iter().any(|status| named(name, condition, status))))
            };
            let (forced, all) = (migrants(&["forced"]), migrants(&CONDITIONS));
            let expr = sum(&forced, Some(sector)) / sum(&all, Some(sector));
            Asked { table: Table::Sectors, columns: all, expr }
        }
        Figure::Found { sector } => {
            let expr = sum(&["identified"], Some(sector)) / sum(&["met"], Some(sector));
            Asked { table: Table::Sectors, columns: vec!["identified", "met"], expr }
        }
        Figure::MouOfRegistered => {
            let of = |statuses: &[&str]| {
                columns_of(|name| CONDITIONS.iter().any(|condition| statuses.iter().any(|status| named(name, condition, status))))
            };
            let (mou, registered) = (of(&["mou"]), of(&["mou", "regularised"]));
            let expr = sum(&mou, None) / sum(&registered, None);
            Asked { table: Table::Sectors, columns: registered, expr }
        }
    }
}

/// The columns of the table by sector that `wanted` picks.
fn columns_of(wanted: impl Fn(&str) -> bool) -> Vec<&'static str> {
    SECTOR_COLUMNS.into_iter().filter(|name| wanted(name)).collect()
}

fn named(column: &str, condition: &str, status: &str) -> bool {
    column.split_once('_') == Some((condition, status))
}

/// The sum of columns of the table by sector, in one sector or in all.
fn sum(columns: &[&'static str], sector: Option<usize>) -> Expr {
    let rows = |column: &&'static str| match sector {
        Some(sector) => col(*column).filter(col("part").eq(lit(sector as u32))),
        None => col(*column),
    };
    columns.iter().map(|column| rows(column).sum()).reduce(|sum, column| sum + column).unwrap_or(lit(f64::NAN))
}

/// A flow's sum, or the mean of what is averaged.
fn over(indicator: Indicator) -> Expr {
    let (info, sum) = (indicator.info(), col(indicator.info().name).sum());
    if info.averaged() { sum / len().cast(DataType::Float64) } else { sum }
}

/// The figures over their months as far as the record holds them, for each: variants in order, and of each its replicates. Not a
/// number where it holds none of the months, or where a figure is undefined.
///
/// # Errors
/// A problem of the world where the rows cannot be read.
pub fn figures(record: &Record, wanted: &[(Figure, Window)]) -> Result<Vec<Vec<f64>>, Problem> {
    let mut found: Vec<Vec<f64>> = vec![vec![]; wanted.len()];
    let mut windows: Vec<Window> = wanted.iter().map(|(_, window)| *window).collect();
    windows.sort_unstable();
    windows.dedup();
    for window in windows {
        let own: Vec<usize> = (0..wanted.len()).filter(|place| wanted[*place].1 == window).collect();
        let asked: Vec<Asked> = own.iter().map(|place| asked(wanted[*place].0)).collect();
        for (place, values) in own.into_iter().zip(answers(record, &within(record, window), &asked)?) {
            found[place] = values;
        }
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;
    use crate::ensemble::Unit;
    use crate::model::ledgers::{History, Row};
    use crate::quantities::Month;
    use crate::results::Manifest;
    use crate::results::rows::Rows;
    use std::time::Duration;

    #[test]
    fn the_columns_are_the_named_ones() {
        for condition in CONDITIONS {
            for status in MIGRANTS.iter().chain(&["citizen"]) {
                assert_eq!(columns_of(|name| named(name, condition, status)).len(), 1, "{condition}_{status}");
            }
        }
        assert!(["identified", "met"].iter().all(|name| SECTOR_COLUMNS.contains(name)));
    }

    fn record() -> Record {
        let mut rows = vec![Row::zero(); 24];
        for (row, i) in rows.iter_mut().zip(0..) {
            row.set(Indicator::Identified, 10.0 + f64::from(i));
            row.set(Indicator::IdentifiedSmuggled, 1.0);
            row.set(Indicator::Cases, 5.0);
            row.set(Indicator::Workers, f64::from(i));
        }
        let mut sector = [0.0; SECTOR_COLUMNS.len()];
        for (i, value) in sector.iter_mut().enumerate() {
            *value = i as f64;
        }
        let history =
            History { first: Month::new(2015, 1), rows, sectors: vec![vec![sector; 2]; 24], origins: vec![], stages: vec![[[0.0; 5]; 3]; 24] };
        let mut manifest = crate::analysis::compare::tests::record(&["baseline"], 1, |_, _, _| {}).manifest;
        (manifest.from, manifest.to) = (Month::new(2015, 1), Month::new(2016, 12));
        manifest.sectors = vec!["one".to_owned(), "other".to_owned()];
        let unit = Unit { replicate: 0, histories: vec![history], took: Duration::ZERO };
        let rows = Rows::of_units(&manifest, &[unit]).expect("the manifest tells of them");
        Record::of_rows(Manifest { replicates: 1, ..manifest }, rows)
    }

    #[test]
    fn figures_have_known_answers() {
        let year = (Month::new(2015, 1), Month::new(2015, 12));
        let figure = |figure, window| figures(&record(), &[(figure, window)]).expect("in memory")[0][0];
        let ledger = |indicator, minus, per| figure(Figure::Ledger { indicator, minus, per }, year);
        assert_eq!(ledger(Indicator::Identified, None, None), 186.0);
        assert_eq!(ledger(Indicator::Identified, Some(Indicator::IdentifiedSmuggled), Some(Indicator::Cases)), 174.0 / 60.0);
        assert_eq!(ledger(Indicator::Workers, None, None), 5.5);
        // Migrants: 0+1+2 unharmed, 4+5+6 violated, 8+9+10 forced; citizens are left out.
        let place = |name: &str| SECTOR_COLUMNS.iter().position(|known| *known == name).expect("it is there") as f64;
        assert_eq!(figure(Figure::Forced { sector: 1 }, year), 27.0 / 45.0);
        assert_eq!(figure(Figure::Found { sector: 0 }, year), place("identified") / place("met"));
        assert_eq!(figure(Figure::MouOfRegistered, year), 12.0 / 27.0);
        assert!(figure(Figure::MouOfRegistered, (Month::new(2000, 1), Month::new(2000, 12))).is_nan());
    }
}
