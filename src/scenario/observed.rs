//! `observed.csv`: what was published, for what is told beside a run and never fitted.
//!
//! Absent on purpose: targets, which stand in a file of their own with their errors, and their use in calibration.

use super::faults::{Faults, Place, byte_order_mark};
use super::values::shorten;
use crate::model::ledgers::indicators::{INDICATORS, Indicator};
use std::ops::Range;

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

/// What is wrong with a line that its reader cannot take apart, and what to do.
const UNEVEN: [&str; 2] =
    ["another number of cells than the first one", "give each line as many cells as the first one, and quote cells that hold the separator"];

/// The years that a figure may be of.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Where a cell stands in its file, what is wrong with it, and what to do.
pub(super) type Tell<'a> = &'a mut dyn FnMut(Range<usize>, String, String);

/// The published figures that speak of one of our indicators; `tell` hears of every row that is left out because it was not
/// understood. A row without an indicator, or without a value (a range alone), speaks of none and is no fault.
pub(super) fn figures(text: &str, tell: Tell<'_>) -> Vec<Published> {
    let mut reader = reader(text);
    let names = ["indicator", "year", "value"];
    let columns = names.map(|name| column(&mut reader, name));
    let [Some(indicator), Some(year), Some(value)] = columns else {
        let missing: Vec<&str> = names.iter().zip(columns).filter(|(_, column)| column.is_none()).map(|(name, _)| *name).collect();
        let head = text.lines().next().unwrap_or("").len();
        let help = format!("its first line names the columns, and those that are read are {}", names.join(", "));
        tell(0..head, format!("no published figure is read: there is no column {}", missing.join(", ")), help);
        return vec![];
    };
    let minus = column(&mut reader, "minus");
    let european = delimiter(text) != b',';
    let mut found = vec![];
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let at = begins(text, error.position());
                let [what, help] = UNEVEN;
                tell(at..line_end(text, at), format!("this line is left out: it has {what}"), help.to_owned());
                continue;
            }
        };
        let at = begins(text, record.position());
        let cell = |column: usize| record.get(column).unwrap_or("").trim();
        if record.iter().any(|cell| cell.contains('\n')) {
            let title = "a quoted cell runs over several lines, and figures that stand in them are not read".to_owned();
            tell(at..line_end(text, at), title, "close the quote on the line on which it begins".to_owned());
        }
        let mut wrong = |cell: &str, what: String, help: String| tell(place(text, at, cell), format!("this figure is left out: {what}"), help);
        let mut named = |name: &str| {
            let known = Indicator::named(name);
            if known.is_none() {
                let names = INDICATORS.iter().map(|info| info.name);
                let help =
                    Faults::default().remedy(name, names, "`fivep indicators` lists them all; leave the cell empty for a series that is only noted");
                wrong(name, format!("there is no indicator `{}`", shorten(name)), help);
            }
            known
        };
        let (name, less) = (cell(indicator), minus.map_or("", cell));
        if name.is_empty() || cell(value).is_empty() {
            continue;
        }
        let Some(of) = named(name) else { continue };
        let minus = if less.is_empty() { None } else { named(less) };
        if minus.is_none() && !less.is_empty() {
            continue;
        }
        let Ok(in_year) = cell(year).parse::<i32>() else {
            let help = "write one calendar year, as in 2016; a fiscal or a split year belongs in the note";
            wrong(cell(year), format!("`{}` is not a year", shorten(cell(year))), help.to_owned());
            continue;
        };
        if !YEARS.contains(&in_year) {
            let help = "write the year of the common era, as in 2016; years of the Buddhist era are 543 more";
            wrong(cell(year), format!("the year {in_year} lies in no period that is simulated"), help.to_owned());
            continue;
        }
        let Some(figure) = number(cell(value), european) else {
            let help = "write digits alone, with a point for decimals: 1120 or 0.5";
            wrong(cell(value), format!("`{}` is not a number", shorten(cell(value))), help.to_owned());
            continue;
        };
        if let Some((what, help)) = impossible(of, figure) {
            wrong(cell(value), format!("`{}` {what}", shorten(cell(value))), help);
            continue;
        }
        found.push(Published { indicator: of, minus, year: in_year, value: figure });
    }
    found
}

/// What is wrong with a published `figure` of an indicator, and what to do: a count, sum or share is not negative, and a share no more than the whole.
pub(super) fn impossible(indicator: Indicator, figure: f64) -> Option<(String, String)> {
    let info = indicator.info();
    if figure < 0.0 && !info.may_be_negative() {
        let help = "a published figure is a count, a sum or a share, none of which is negative";
        return Some(("is less than none".to_owned(), help.to_owned()));
    }
    (figure > 1.0 && info.unit == "share").then(|| {
        let help = format!("write a part of one, as in {}, where per cent are meant", figure / 100.0);
        (format!("is more than the whole, and `{}` is a share", info.name), help)
    })
}

/// A figure as it stands in a cell. Where cells are set apart by semicolons, a comma is a decimal one, unless three digits follow
/// it: then nobody can tell it from one that groups thousands.
fn number(cell: &str, european: bool) -> Option<f64> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // The same of points, which group thousands where commas are decimal.
    let grouped = |(whole, rest): (&str, &str)| !matches!(whole, "" | "0" | "-0") && rest.split('.').all(|group| group.len() == 3 && digits(group));
    if european && cell.split_once('.').is_some_and(grouped) {
        return None;
    }
    if let Some(plain) = cell.parse::<f64>().ok().filter(|number| number.is_finite()) {
        return Some(plain);
    }
    let (whole, decimals) = cell.split_once(',')?;
    (european && digits(whole) && digits(decimals) && decimals.len() != 3).then(|| format!("{whole}.{decimals}").parse().ok()).flatten()
}

/// A reader of the file, whatever its program set its cells apart with.
fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter(text)).from_reader(&text.as_bytes()[byte_order_mark(text)..])
}

/// What sets the cells of the first line apart: semicolons in much of Europe, tabs where a sheet was copied, else commas.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or("");
    [b';', b'\t'].into_iter().find(|sign| head.bytes().any(|byte| byte == *sign) && !head.contains(',')).unwrap_or(b',')
}

/// Where `cell` stands in the line that begins at byte `at`; the whole line where it cannot be found.
fn place(text: &str, at: usize, cell: &str) -> Range<usize> {
    let end = line_end(text, at);
    let found = text.get(at..end).and_then(|line| line.find(cell)).filter(|_| !cell.is_empty());
    found.map_or(at..end, |start| at + start..at + start + cell.len())
}

/// Where the line of a record begins: its reader counts from the end of the line before, and leaves out a mark of byte order.
fn begins(text: &str, position: Option<&csv::Position>) -> usize {
    let at = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0) + byte_order_mark(text);
    at + text.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len())
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end)
}

/// The place of the column called `name`.
fn column(reader: &mut csv::Reader<&[u8]>, name: &str) -> Option<usize> {
    reader.headers().ok().and_then(|head| head.iter().position(|own| own.trim() == name))
}

/// The published tier of each year that a report judged: the year, and its place from the best (0) to the worst (3).
pub(super) fn tiers(faults: &Faults, file: usize, text: &str) -> Vec<(i32, usize)> {
    let mut reader = reader(text);
    let mut tiers = vec![];
    let [Some(series), Some(year), Some(value)] = ["series", "year", "value"].map(|name| column(&mut reader, name)) else {
        faults.add(
            &Place::whole(file),
            "this file lacks one of the columns series, year and value",
            "",
            "`fivep eject borderland --country` writes an example",
        );
        return tiers;
    };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let at = begins(text, error.position());
                let [what, help] = UNEVEN;
                faults.add(&Place::new(file, at..line_end(text, at)), format!("this line has {what}"), "", help);
                return tiers;
            }
        };
        if record.get(series) != Some("tier") {
            continue;
        }
        let place = match record.get(value) {
            Some("1") => 0,
            Some("2") => 1,
            Some("2.5" | "2,5") => 2,
            Some("3") => 3,
            other => {
                let title = format!("`{}` is no tier", shorten(other.unwrap_or("")));
                faults.add(&Place::whole(file), title, "", "write 1, 2, 2.5 (the watch list) or 3");
                continue;
            }
        };
        if let Some(year) = record.get(year).and_then(|year| year.trim().parse().ok()) {
            tiers.push((year, place));
        } else {
            let title = format!("`{}` is not a year", shorten(record.get(year).unwrap_or("")));
            faults.add(&Place::whole(file), title, "", "write the year of the report, as in 2016");
        }
    }
    tiers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::embedded;

    /// What is read, and what is told of the rest: line by line.
    fn read(text: &str) -> (Vec<Published>, Vec<String>) {
        let mut told = vec![];
        let found = figures(text, &mut |at, title, help| {
            assert!(text.get(at).is_some() && !help.is_empty(), "{title}");
            told.push(title);
        });
        (found, told)
    }

    const PLAIN: Published = Published { indicator: Indicator::Identified, minus: None, year: 2016, value: 824.0 };

    #[test]
    fn shipped_counts_are_found_and_all_are_understood() {
        let of = |name| embedded::COUNTRIES.iter().find(|country| country.name == name).map(|country| read(country.observed)).expect("it is shipped");
        let (found, told) = of("thailand");
        assert!(found.contains(&PLAIN) && told.is_empty(), "{told:?}");
        assert!(found.contains(&Published { minus: Some(Indicator::IdentifiedSmuggled), year: 2019, value: 868.0, ..PLAIN }), "{found:?}");
        assert_eq!(of("borderland"), (vec![], vec![]));
    }

    #[test]
    fn what_sets_cells_apart_does_not_matter() {
        for text in [
            "value,year,indicator\n824,2016,identified\n",
            "value;year;indicator\n824;2016;identified\n",
            "value\tyear\tindicator\n824\t2016\tidentified\n",
            "\u{feff}indicator;year;value\r\nidentified;2016;824,0\r\n",
        ] {
            assert_eq!(read(text), (vec![PLAIN], vec![]), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told_and_the_rest_is_read() {
        for (row, phrase) in [
            ("identifed,,2016,3", "no indicator `identifed`"),
            ("identified,smugled,2016,3", "no indicator `smugled`"),
            ("identified,,2016/17,3", "`2016/17` is not a year"),
            ("identified,,2016,\"1,120\"", "`1,120` is not a number"),
            ("identified,,2016,inf", "`inf` is not a number"),
            ("identified,2016,3", "another number of cells"),
            ("identified,,2559,3", "the year 2559 lies in no period"),
            ("identified,,2016,-3", "`-3` is less than none"),
            ("trained_share,,2016,45", "`45` is more than the whole"),
        ] {
            let (found, told) = read(&format!("indicator,minus,year,value\n{row}\nidentified,,2016,824\n"));
            assert_eq!(found, [PLAIN], "{row}");
            assert!(told.len() == 1 && told[0].contains(phrase), "{row}: {told:?}");
        }
        for (row, read_as) in [("identified,,2016,", None), (",,2016,3", None), ("identified,,2016,824", Some(PLAIN))] {
            assert_eq!(read(&format!("indicator,minus,year,value\n{row}\n")), (read_as.into_iter().collect(), vec![]), "{row}");
        }
        let (found, told) = read("indicator,year,value,note\nidentified,2016,824,\"abc\nidentified,2017,7,x\n");
        assert!(found == [PLAIN] && told.len() == 1 && told[0].contains("runs over several lines"), "{told:?}");
        let (found, told) = read("indicator;year;value\nidentified;2016;1,120\n");
        assert!(found.is_empty() && told[0].contains("`1,120` is not a number"), "decimals or thousands: nobody can tell");
        let (found, told) = read("indicator;year;value\nidentified;2016;1.120\ntrained_share;2016;0.125\n");
        assert!(found.len() == 1 && told.len() == 1 && told[0].contains("`1.120` is not a number"), "{found:?} {told:?}");
        for head in ["", "year,value\n2016,1\n", "indikator;year;value\nidentified;2016;3\n"] {
            assert!(read(head).1[0].contains("no column indi"), "{head}");
        }
    }

    /// Whatever ends a line, and whatever stands before the first: the place is that of the cell.
    #[test]
    fn the_place_is_that_of_the_line() {
        for text in [
            "indicator,year,value\nidentified,2016,824\nidentified,2017,many\n",
            "indicator,year,value\r\nidentified,2016,824\r\nidentified,2017,many\r\n",
            "\u{feff}indicator,year,value\r\n\r\nidentified,2016,824\r\n\r\nidentified,2017,many\r\n",
        ] {
            let mut places = vec![];
            figures(text, &mut |at, _, _| places.push(text[at].to_owned()));
            assert_eq!(places, ["many"], "{text:?}");
        }
        let text = "indicator,year,value\r\nidentified,2016,824\r\nidentified,2017\r\n";
        figures(text, &mut |at, _, _| assert_eq!(text[at].trim(), "identified,2017"));
    }

    #[test]
    fn tiers_are_read_and_other_words_are_faults() {
        let read = |text: &str| {
            let faults = Faults::default();
            let file = faults.file("observed.csv", text);
            (tiers(&faults, file, text), faults.is_empty())
        };
        assert_eq!(read("series,year,value\ntier,2012,2.5\n\"cases, all\",2012,3\ntier,2013,3\n"), (vec![(2012, 2), (2013, 3)], true));
        assert_eq!(read("series;year;value\ntier;2012;2,5\n"), (vec![(2012, 2)], true));
        assert!(!read("series,year,value\ntier,2012,two\n").1);
        assert!(!read("series,year,value\ntier,2012/13,2\n").1);
        assert!(!read("series,value\n").1);
    }
}
