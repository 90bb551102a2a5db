//! Lists of things in four formats, and paragraphs.
//!
//! CSV and JSON carry every column; what people read is laid out by each verb.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};

use super::ListFormat;

/// A list: named columns, typed cells.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The columns' names.
    pub columns: Vec<&'static str>,
    /// The rows, each as long as the columns.
    pub rows: Vec<Vec<Value>>,
}

impl Listing {
    /// The list in `format`; text is what `text` makes of it.
    #[must_use]
    pub fn render(&self, format: ListFormat, text: impl FnOnce() -> String) -> String {
        match format {
            ListFormat::Text => text(),
            ListFormat::Csv => self.csv(),
            ListFormat::Json => self.json(),
            ListFormat::Markdown => self.markdown(),
        }
    }

    /// One line a row after a line of names.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut out = csv_line(self.columns.iter().map(|name| (*name).to_owned()));
        for row in &self.rows {
            out.push_str(&csv_line(row.iter().map(plain)));
        }
        out
    }

    /// An array of objects.
    #[must_use]
    pub fn json(&self) -> String {
        pretty(&Value::Array(self.objects()))
    }

    /// Every row as an object.
    #[must_use]
    pub fn objects(&self) -> Vec<Value> {
        let object = |row: &Vec<Value>| self.columns.iter().map(|name| (*name).to_owned()).zip(row.iter().cloned()).collect::<Map<_, _>>();
        self.rows.iter().map(|row| Value::Object(object(row))).collect()
    }

    /// A pipe table.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = line(self.columns.iter().map(|name| name.replace('_', " ")).collect());
        out.push_str(&line(self.columns.iter().map(|_| "---".to_owned()).collect()));
        for row in &self.rows {
            out.push_str(&line(row.iter().map(|cell| cell_of_markdown(&plain(cell))).collect()));
        }
        out
    }
}

/// A cell without quotes; nothing for null.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text from elsewhere as the cell of a pipe table: it makes no other cell, no element, no link and no picture.
#[must_use]
pub fn cell_of_markdown(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => cell.push(' '),
            '|' | '[' | '\\' => cell.extend(['\\', letter]),
            '<' => cell.push_str("&lt;"),
            letter => cell.push(letter),
        }
    }
    cell
}

/// Whether cells of CSV are written as they are, though a spreadsheet would run them: `--raw-csv`, set once before anything is written.
pub static RAW_CSV: AtomicBool = AtomicBool::new(false);

/// Whether a spreadsheet would take the cell for a formula: it begins like one and is no number.
fn formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err()
}

/// One line of CSV; a cell is quoted where it must be, and gets an apostrophe before it where a spreadsheet would run it.
#[must_use]
pub fn csv_line(cells: impl Iterator<Item = String>) -> String {
    let raw = RAW_CSV.load(Ordering::Relaxed);
    let inert = |cell: String| if !raw && formula(&cell) { format!("'{cell}") } else { cell };
    let quote = |cell: String| if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell };
    let quoted = |cell| quote(inert(cell));
    let mut line = cells.map(quoted).collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

/// JSON for reading, with a newline at the end.
#[must_use]
pub fn pretty(value: &Value) -> String {
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}

/// A number for JSON; null where it is undefined.
#[must_use]
pub fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A number of a definition as people write it: whole numbers without a point.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "only whole numbers below 2^53 are cast")]
pub fn short(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { number(value) }
}

/// `text` as a paragraph of lines no wider than `width`, each indented by `indent` spaces, with a newline at the end; no line begins with a
/// sign of per cent, which stays with its number.
#[must_use]
pub fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let sign = words.next_if(|next| next.starts_with('%'));
        let word = &sign.map_or_else(|| word.to_owned(), |sign| format!("{word} {sign}"));
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width.max(indent + 20) {
            out.push('\n');
            column = 0;
        }
        if column == 0 {
            let _ = write!(out, "{:indent$}{word}", "");
            column = indent + length;
        } else {
            out.push(' ');
            out.push_str(word);
            column += 1 + length;
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// How wide text may be: the terminal's width between 80 and 120 columns; 110 where there is no terminal.
#[must_use]
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(110, |(width, _)| usize::from(width.0).clamp(80, 120))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_keep_to_their_width() {
        let text = wrapped("one two three four five six seven", 2, 22);
        assert_eq!(text, "  one two three four\n  five six seven\n");
        assert_eq!(wrapped("", 2, 22), "");
        assert_eq!(wrapped("one two three four 100 %, then more", 2, 22), "  one two three four\n  100 %, then more\n");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        let line = |cell: &str| csv_line([cell.to_owned()].into_iter());
        for bad in ["=1+1", "+1+cmd|x", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1"] {
            assert_eq!(line(bad), format!("'{bad}\n"));
        }
        for good in ["-8.0", "+1", "-1e-7", "a=b", "2015-01", "-inf"] {
            assert_eq!(line(good), format!("{good}\n"));
        }
    }

    #[test]
    fn a_cell_of_markdown_is_text() {
        assert_eq!(cell_of_markdown("<script>a|b\n![x](y)\\"), "&lt;script>a\\|b !\\[x](y)\\\\");
        assert_eq!(cell_of_markdown("5th to 95th, `code`, 10 %"), "5th to 95th, `code`, 10 %");
    }

    #[test]
    fn cells_with_commas_and_quotes_are_quoted() {
        assert_eq!(csv_line(["a".to_owned(), "b, \"c\"".to_owned()].into_iter()), "a,\"b, \"\"c\"\"\"\n");
    }
}
