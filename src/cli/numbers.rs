//! Figures as people read them: thousands separators, few digits, units spelled out.
//!
//! Absent on purpose: full precision, which CSV and JSON print as it is.

use crate::analysis::measure::Measure;

/// How the figures of one measure are written in text.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    factor: f64,
    decimals: usize,
    /// The unit of a value.
    pub unit: String,
}

impl Style {
    /// The style of `measure` where its figures are about as large as `size`; money is in millions of `currency`.
    #[must_use]
    pub fn of(measure: Measure, currency: &str, size: f64) -> Self {
        let a_year = if measure.averaged() { "" } else { " a year" };
        Self::by_unit(measure.unit(), currency, size, a_year)
    }

    /// As [`Style::of`], for totals: no "a year".
    #[must_use]
    pub fn of_total(measure: Measure, currency: &str, size: f64) -> Self {
        Self::by_unit(measure.unit(), currency, size, "")
    }

    fn by_unit(unit: &str, currency: &str, size: f64, a_year: &str) -> Self {
        let (factor, unit) = match unit {
            "share" => (100.0, "%".to_owned()),
            "money" => (1e-6, format!("{currency} m{a_year}")),
            "multiples of W" => (1.0, format!("wages{a_year}")),
            "person-months" => (1.0, format!("months{a_year}")),
            unit => (1.0, format!("{unit}{a_year}")),
        };
        let size = (size * factor).abs();
        let decimals = match size {
            _ if unit == "%" => 2,
            s if s >= 100.0 || !s.is_finite() => 0,
            s if s >= 1.0 => 1,
            _ => 3,
        };
        Self { factor, decimals, unit }
    }

    /// The style for differences no larger than `size`: one digit more where it would show fewer than two.
    #[must_use]
    pub fn finer(mut self, size: f64) -> Self {
        let size = (size * self.factor).abs();
        let shown = (0..self.decimals).fold(size, |shown, _| shown * 10.0);
        if size > 0.0 && shown < 10.0 && self.decimals < 3 {
            self.decimals += 1;
        }
        self
    }

    /// A value.
    #[must_use]
    pub fn value(&self, value: f64) -> String {
        if !value.is_finite() {
            "-".to_owned()
        } else if value == 0.0 {
            "0".to_owned()
        } else {
            grouped(value * self.factor, self.decimals)
        }
    }

    /// A difference, with its sign.
    #[must_use]
    pub fn difference(&self, value: f64) -> String {
        let text = self.value(value);
        let zero = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        if value > 0.0 && !zero { format!("+{text}") } else { text }
    }
}

/// `value` with `decimals` digits after the point and a comma between thousands; never "-0".
#[must_use]
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    let zero = !out.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if value < 0.0 && !zero { format!("-{out}") } else { out }
}

/// A number at full precision, as CSV holds it; nothing where it is undefined.
#[must_use]
pub fn full(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}

/// As [`grouped`], with a plus where more than nothing is shown.
#[must_use]
pub fn signed(value: f64, decimals: usize) -> String {
    let text = grouped(value, decimals);
    if value > 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { format!("+{text}") } else { text }
}

/// So many of something.
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// `text` in at most `room` columns.
#[must_use]
pub fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room { text.to_owned() } else { text.chars().take(room.saturating_sub(1)).collect::<String>() + "…" }
}

/// A figure with three significant digits or as a whole number.
#[must_use]
pub fn figure(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        _ if size >= 100.0 || size == 0.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 0.1 => 2,
        _ if size >= 0.001 => 4,
        _ => return format!("{value:.1e}"),
    };
    if value.is_finite() { grouped(value, decimals) } else { "-".to_owned() }
}

/// Texts in at most `room` columns each, of which none looks like another that is not the same: where [`cut`] would leave them alike, they are
/// told by their beginnings and their ends, and where these are alike too, by what follows what they have in common.
#[must_use]
pub fn cut_apart(texts: &[String], room: usize) -> Vec<String> {
    let letters: Vec<Vec<char>> = texts.iter().map(|text| text.chars().collect()).collect();
    let mut shown: Vec<String> = texts.iter().map(|text| cut(text, room)).collect();
    let ends = |place: usize, _: &[usize]| {
        let (all, tail) = (&letters[place], room / 2);
        let [head, end] = [&all[..room.saturating_sub(tail + 1)], &all[all.len() - tail..]].map(|part| part.iter().collect::<String>());
        let whole = head.rsplit_once(' ').map(|(words, _)| words).filter(|words| words.len() * 2 > head.len());
        format!("{}…{}", whole.unwrap_or(&head), end.trim_start())
    };
    let rest = |place: usize, alike: &[usize]| {
        let all = &letters[place];
        let common = (0..all.len()).take_while(|at| alike.iter().all(|other| letters[*other].get(*at) == all.get(*at))).count();
        cut(&format!("…{}", all[common..].iter().collect::<String>()), room)
    };
    for other in [&ends as &dyn Fn(usize, &[usize]) -> String, &rest] {
        let before = shown.clone();
        for place in (0..texts.len()).filter(|place| letters[*place].len() > room) {
            let alike: Vec<usize> = (0..texts.len()).filter(|at| before[*at] == before[place] && texts[*at] != texts[place]).collect();
            if !alike.is_empty() {
                shown[place] = other(place, &alike);
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_begin_alike_stay_apart() {
        let apart = |texts: [&str; 3]| cut_apart(&texts.map(str::to_owned), 12);
        assert_eq!(apart(["short", "another name alone", "third"]), ["short", "another nam…", "third"]);
        assert_eq!(apart(["all of the package, first", "all of the package, other", "x"]), ["all…first", "all…other", "x"]);
        assert_eq!(apart(["all of the first package", "all of the other package", "x"]), ["…first pack…", "…other pack…", "x"]);
        assert_eq!(apart(["all of the same package", "all of the same package", "x"]), ["all of the …", "all of the …", "x"]);
        assert!(cut_apart(&["ก".repeat(40), "ก".repeat(41)], 12).iter().all(|text| text.chars().count() <= 12));
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(1_234_567.0, 0), "1,234,567");
        assert_eq!(grouped(-999.96, 1), "-1,000.0");
        assert_eq!(grouped(-0.2, 0), "0");
        assert_eq!(grouped(12.0, 0), "12");
    }

    #[test]
    fn figures_are_short() {
        assert_eq!(
            [0.7333, 1.802, 16.9, 2_788_415.0, 0.0, 0.000_02, 0.045].map(figure),
            ["0.73", "1.80", "16.9", "2,788,415", "0", "2.0e-5", "0.0450"]
        );
    }
}
