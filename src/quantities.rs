//! Values that are checked where they get their type, so that no process has to ask.
//!
//! Absent on purpose: anything that knows about policies or persons.

use std::fmt;
use std::str::FromStr;

/// A calendar month, counted from January of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// The month `month` (1 to 12) of `year`.
    #[must_use]
    pub const fn new(year: i32, month: i32) -> Self {
        Self(year * 12 + month - 1)
    }

    /// The year it lies in.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the year, 1 to 12.
    #[must_use]
    pub const fn month(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The month `months` later.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// How many months lie between `earlier` and this one.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` is not a month; write year and month as in 2016-10");
        let (year, month) = text.split_once('-').ok_or_else(fault)?;
        // Digits alone: the parser of numbers would take a sign too, and `2016-+1` beside `2016-01` would be one month twice.
        let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(fault());
        }
        let year: i32 = year.parse().map_err(|_| fault())?;
        let month: i32 = month.parse().map_err(|_| fault())?;
        if !(1..=12).contains(&month) || year < 1 {
            return Err(fault());
        }
        Ok(Self::new(year, month))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_written() {
        let month: Month = "2016-10".parse().expect("a month");
        assert_eq!(month, Month::new(2016, 10));
        assert_eq!(month.plus(3).to_string(), "2017-01");
        assert_eq!(Month::new(2017, 1).since(month), 3);
        for bad in ["2016-13", "2016-00", "16-10", "2016", "2016-1", "x", "", "2016-+1", "+216-01", "2016--1", "２016-01"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
