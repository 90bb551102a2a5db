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
        if year.len() != 4 || month.len() != 2 {
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

/// What a timeline says from some month on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The value itself.
    Value(f64),
    /// A change relative to the value in force just before, as a share: +23.88 % is 0.2388.
    Relative(f64),
}

/// A value that changes at dates: what holds at the start, then dated steps in order.
///
/// A dated relative step is taken of the value in force just before its date and then holds; a relative
/// value at the start scales the default's whole course.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Timeline {
    /// What holds from the first month; nothing means the default.
    pub start: Option<Step>,
    /// Dated steps, in order of their months.
    pub steps: Vec<(Month, Step)>,
}

impl Timeline {
    /// A value that holds from the start and never changes.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Self { start: Some(Step::Value(value)), steps: Vec::new() }
    }

    /// One value a month from `first`, given the default's course over the same months.
    #[must_use]
    pub fn resolve(&self, first: Month, default: &[f64]) -> Vec<f64> {
        let (mut fixed, factor) = match self.start {
            Some(Step::Value(value)) => (Some(value), 1.0),
            Some(Step::Relative(share)) => (None, 1.0 + share),
            None => (None, 1.0),
        };
        let mut steps = self.steps.iter().peekable();
        let mut before = default.first().map_or(0.0, |value| fixed.unwrap_or(value * factor));
        default
            .iter()
            .zip(0..)
            .map(|(value, i)| {
                while let Some((_, step)) = steps.next_if(|(from, _)| *from <= first.plus(i)) {
                    before = match step {
                        Step::Value(value) => *value,
                        Step::Relative(share) => before * (1.0 + share),
                    };
                    fixed = Some(before);
                }
                before = fixed.unwrap_or(value * factor);
                before
            })
            .collect()
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
        for bad in ["2016-13", "2016-00", "16-10", "2016", "2016-1", "x", ""] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_timeline_takes_its_steps_at_their_dates() {
        let first = Month::new(2016, 9);
        let steps = vec![(Month::new(2016, 10), Step::Relative(0.5)), (Month::new(2016, 12), Step::Value(7.0))];
        let timeline = Timeline { start: Some(Step::Value(2.0)), steps };
        assert_eq!(timeline.resolve(first, &[1.0; 5]), [2.0, 3.0, 3.0, 7.0, 7.0]);
    }

    #[test]
    fn a_relative_step_is_of_the_value_just_before() {
        let timeline = Timeline { start: None, steps: vec![(Month::new(2016, 2), Step::Relative(0.25))] };
        assert_eq!(timeline.resolve(Month::new(2016, 1), &[4.0, 4.0, 8.0]), [4.0, 5.0, 5.0]);
    }

    #[test]
    fn a_relative_start_scales_the_default() {
        let timeline = Timeline { start: Some(Step::Relative(0.5)), steps: vec![] };
        assert_eq!(timeline.resolve(Month::new(2016, 1), &[4.0, 4.0, 8.0]), [6.0, 6.0, 12.0]);
    }

    #[test]
    fn a_step_before_the_first_month_counts() {
        let timeline = Timeline { start: Some(Step::Value(1.0)), steps: vec![(Month::new(2010, 1), Step::Value(3.0))] };
        assert_eq!(timeline.resolve(Month::new(2016, 1), &[0.0]), [3.0]);
    }
}
