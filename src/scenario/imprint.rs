//! `[briefing]`: the office and the person who answer for a briefing, and its date.
//!
//! Absent on purpose: today's date. A briefing has the date that somebody gave it, so that the same run gives the same bytes.

use super::languages::{self, Others};
use super::values::{Entry, Table, shorten};
use crate::quantities::Month;
use std::fmt::Write;
use std::str::FromStr;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Its month.
    pub month: Month,
    /// Its place in the month, from 1 on.
    pub day: u32,
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write year, month and day, as in 2026-11-30".to_owned();
        let (month, day) = text.rsplit_once('-').ok_or_else(wrong)?;
        let month: Month = month.parse().map_err(|_| wrong())?;
        let year = month.year();
        let days = match month.month() {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let plain = day.len() == 2 && day.bytes().all(|digit| digit.is_ascii_digit());
        let day = Some(day).filter(|_| plain).and_then(|day| day.parse().ok()).filter(|day| (1..=days).contains(day));
        Ok(Self { month, day: day.ok_or_else(wrong)? })
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}-{:02}", self.month, self.day)
    }
}

/// Who answers for a briefing; whatever is not said is empty, and not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imprint {
    /// The office.
    pub office: String,
    /// The same in other languages.
    pub offices: Others,
    /// Who wrote it.
    pub author: String,
    /// The same in other languages.
    pub authors: Others,
    /// Its date.
    pub date: Option<Date>,
}

/// Most letters of the name of an office or a person.
const MOST: usize = 200;

/// Reads `[briefing]`, all of whose keys may be left out.
pub(super) fn read(table: &Table<'_>) -> Imprint {
    let name = |key| table.get(key).map(|entry| languages::lines(&entry, MOST)).unwrap_or_default();
    let ((office, offices), (author, authors)) = (name("office"), name("author"));
    let date = table.get("date").and_then(|entry| date(&entry));
    table.close();
    Imprint { office: office.unwrap_or_default(), offices, author: author.unwrap_or_default(), authors, date }
}

/// A date, with quotes or without.
fn date(entry: &Entry<'_>) -> Option<Date> {
    let bare = entry.value.get_ref().as_datetime().map(ToString::to_string);
    let text = if let Some(text) = bare { text } else { entry.text()?.to_owned() };
    text.parse().map_err(|help: String| entry.fault(format!("`{}` is not a date: `{}`", entry.path, shorten(&text)), "", help)).ok()
}

/// The section as lines of TOML that stand before any section.
pub(super) fn written(imprint: &Imprint) -> String {
    let mut text = String::new();
    for (key, own, others) in [("office", &imprint.office, &imprint.offices), ("author", &imprint.author, &imprint.authors)] {
        if !own.is_empty() {
            let _ = writeln!(text, "briefing.{key} = {}", languages::written(own, others));
        }
    }
    if let Some(date) = imprint.date {
        let _ = writeln!(text, "briefing.date = \"{date}\"");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_of_the_calendar() {
        for good in ["2026-11-30", "2024-02-29", "2000-02-29"] {
            assert_eq!(good.parse::<Date>().map(|date| date.to_string()), Ok(good.to_owned()));
        }
        for bad in ["2026-11", "2026-11-31", "2023-02-29", "1900-02-29", "2026-11-0", "2026-11-00", "30.11.2026", "2026-11-+1", ""] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }
}
