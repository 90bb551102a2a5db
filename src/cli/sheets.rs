//! Sheets of a workbook: a cover, a table a sheet, and notes that say what each column is.
//!
//! Whoever reads it aloud, filters it or adds it up finds one table a sheet, which begins in the first cell with one row of headings, no merged cells and no colour
//! that means something. Numbers are whole inside and rounded as they are shown; units stand in the headings. Every text is a text: nothing in a workbook
//! of ours is a formula, whatever a title says.
//!
//! Absent on purpose: what the tables say (`workbook`, `levers`, `effects`).

use std::path::Path;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::numbers::{cut, grouped};
use super::{Answer, CAVEAT, Failure, fault};
use crate::analysis::measure::Measure;
use crate::briefing::phrases::Phrases;
use crate::charts::style::harmless;
use crate::results::written;
use crate::scenario::Shown as _;

/// How high a line is, in points.
const LINE: f64 = 15.0;
/// How wide the cover's lines are, in letters.
const COVER: usize = 100;
/// The most that a cell may hold.
const CELL: usize = 32_767;
/// The most rows under a heading that a sheet may hold.
const ROWS: usize = 1_048_575;

/// Writes a workbook to `path`, and says where it is; the run in which that lies, if any, lists it.
///
/// # Errors
/// What the disk refuses.
pub fn save(answer: &mut Answer, run: Option<&Path>, path: &Path, bytes: Vec<u8>) -> Result<(), Failure> {
    if path.exists() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        answer.remarks.push(format!("The {name} that was there is replaced."));
    }
    written::put(run, &[(path.to_path_buf(), bytes)])?;
    answer.text = format!("{}\n", path.shown());
    answer.remarks.push(CAVEAT.to_owned());
    Ok(())
}

/// What a column holds, and how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A number with one decimal.
    Tenths,
    /// A share, shown in per cent.
    Share,
    /// As many digits as its size asks for.
    General,
}

impl Shown {
    /// How it shows `value`; a text has none.
    fn format(self, value: f64) -> Format {
        match self {
            Self::Text => Format::new().set_text_wrap().set_align(FormatAlign::Top).set_indent(1),
            Self::Whole => Format::new().set_num_format("#,##0"),
            Self::Tenths => Format::new().set_num_format("#,##0.0"),
            Self::Share => Format::new().set_num_format("0.0%"),
            Self::General => Format::new().set_num_format(match value.abs() {
                size if size >= 100.0 => "#,##0",
                size if size >= 1.0 => "#,##0.0",
                _ => "0.000",
            }),
        }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// What is not defined stays empty.
    Nothing,
}

/// A column: its heading, how it is shown, and what the notes say of it.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands above it.
    pub heading: String,
    /// How its cells are shown.
    pub shown: Shown,
    /// What the notes say of it.
    pub note: String,
}

/// A column.
pub fn column(heading: impl Into<String>, shown: Shown, note: impl Into<String>) -> Column {
    Column { heading: heading.into(), shown, note: note.into() }
}

/// A sheet with one table.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// What measures are called, read once for a workbook.
pub struct Names(Option<Phrases>);

impl Names {
    /// Reads them.
    #[must_use]
    pub fn read() -> Self {
        Self(Phrases::embedded("en"))
    }

    /// The briefing's word for `measure`; its name where the briefing has none.
    #[must_use]
    pub fn of(&self, measure: Measure) -> String {
        let key = format!("measures.{}", measure.name());
        // A table answers with the key where it has no word.
        let known = self.0.as_ref().map(|phrases| phrases.word(&key)).filter(|word| *word != key);
        known.map_or_else(|| heading(measure.name()), str::to_owned)
    }
}

/// A name of columns as a heading.
#[must_use]
pub fn heading(name: &str) -> String {
    let spelt = |word| match word {
        "ngo" => "NGO",
        "mou" => "MoU",
        word => word,
    };
    let words = name.split('_').map(spelt).collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What stands before the sheets.
pub struct Cover {
    /// The title.
    pub title: String,
    /// When what it tells of was made, as `2026-11-30T12:34:56Z`; empty where that is no moment.
    pub moment: String,
    /// What a line is, and the line.
    pub lines: Vec<(&'static str, String)>,
    /// How the figures are cited.
    pub cite: String,
}

/// Lays it all out: cover, sheets, notes.
///
/// # Errors
/// Why it cannot be laid out, as where there are more rows than a sheet has.
pub fn workbook(cover: Cover, sheets: &[Sheet]) -> Result<Vec<u8>, Failure> {
    if let Some(sheet) = sheets.iter().find(|sheet| sheet.rows.len() > ROWS) {
        let say = format!("error: a sheet holds at most {ROWS} rows, and this would be {}: ask for fewer, or for CSV", sheet.rows.len());
        return Err(fault(say));
    }
    write(cover, sheets).map_err(|why| fault(format!("error: {why}")))
}

fn write(told: Cover, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let title = harmless(&told.title).trim().to_owned();
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(&title).set_author(concat!("fivep ", env!("CARGO_PKG_VERSION"))).set_comment(CAVEAT);
    // The clock of a run, and never that of now: the same question gives the same bytes. A workbook without a moment has the first that
    // its container knows.
    let moment = ExcelDateTime::parse_from_str(told.moment.trim_end_matches('Z')).or_else(|_| ExcelDateTime::from_ymd(1980, 1, 1))?;
    workbook.set_properties(&properties.set_creation_datetime(&moment));
    let mut lines: Vec<(&str, String)> = vec![("Title", title)];
    lines.extend(told.lines.into_iter().filter(|(_, text)| !text.is_empty()));
    for (place, sheet) in sheets.iter().enumerate() {
        lines.push((if place == 0 { "Sheets" } else { "" }, format!("{}: {}", sheet.name, sheet.about)));
    }
    lines.extend([("", "Notes: what each column is".to_owned()), ("How to cite", told.cite), ("Please note", CAVEAT.to_owned())]);
    cover(workbook.add_worksheet(), &lines)?;
    for sheet in sheets {
        table(workbook.add_worksheet(), sheet)?;
    }
    let notes = sheets.iter().flat_map(|sheet| {
        sheet.columns.iter().map(|column| [&sheet.name, &column.heading, &column.note].map(|text| Cell::Text(text.clone())).to_vec())
    });
    let notes = Sheet {
        name: "Notes".to_owned(),
        about: "What each column of each sheet is".to_owned(),
        columns: ["Sheet", "Column", "What it is"].map(|heading| column(heading, Shown::Text, "")).to_vec(),
        rows: notes.collect(),
    };
    table(workbook.add_worksheet(), &notes)?;
    workbook.save_to_buffer()
}

/// Two columns: what a line is, and the line.
fn cover(sheet: &mut Worksheet, told: &[(&str, String)]) -> Result<(), XlsxError> {
    sheet.set_name("Cover")?;
    sheet.set_column_width(0, 18)?;
    sheet.set_column_width(1, COVER as f64)?;
    sheet.set_screen_gridlines(false);
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    let label = Format::new().set_bold().set_align(FormatAlign::Top);
    let large = Format::new().set_bold().set_font_size(16).set_text_wrap().set_align(FormatAlign::Top);
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, (what, text)) in (0..).zip(told) {
        sheet.write_string_with_format(row, 0, *what, &label)?;
        let text = harmless(text).split_whitespace().collect::<Vec<_>>().join(" ");
        sheet.set_row_height(row, if row == 0 { height(24.0, lines(&text, COVER * 5 / 8)) } else { height(LINE, lines(&text, COVER)) })?;
        sheet.write_string_with_format(row, 1, cut(&text, CELL), if row == 0 { &large } else { &plain })?;
    }
    Ok(())
}

/// A heading row and what stands below it, as one table that programs know for one.
fn table(sheet: &mut Worksheet, what: &Sheet) -> Result<(), XlsxError> {
    sheet.set_name(&what.name)?;
    let left = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_indent(1).set_border_bottom(FormatBorder::Thin);
    // A heading stands where its figures do.
    let right = left.clone().set_indent(0).set_align(FormatAlign::Right);
    let heading = |column: &Column| {
        let format = if column.shown == Shown::Text { &left } else { &right };
        TableColumn::new().set_header(&column.heading).set_header_format(format)
    };
    let columns: Vec<TableColumn> = what.columns.iter().map(heading).collect();
    let mut widths = vec![];
    for (place, column) in (0u16..).zip(&what.columns) {
        let texts = what.rows.iter().map(|row| match &row[usize::from(place)] {
            Cell::Text(text) => text.chars().count() + 1,
            // Digits are wider than letters are on average, and a number that has no room is shown as a row of hashes.
            Cell::Number(value) => grouped(*value, usize::from(value.abs() < 100.0) * 3).len() + 3,
            Cell::Nothing => 0,
        });
        let widest = texts.max().unwrap_or(0).max(column.heading.split(' ').map(str::len).max().unwrap_or(0) + 4);
        let width = widest.clamp(12, 70) + 2;
        sheet.set_column_width(place, width as f64)?;
        widths.push(width);
    }
    let most = |texts: &mut dyn Iterator<Item = (&str, usize)>| texts.map(|(text, width)| lines(text, width)).max().unwrap_or(1);
    // The sign that opens a heading's filter takes room.
    let headings = most(&mut what.columns.iter().zip(&widths).map(|(column, width)| (column.heading.as_str(), width.saturating_sub(4))));
    sheet.set_row_height(0, height(LINE, headings))?;
    for (row, cells) in (1u32..).zip(&what.rows) {
        let mut texts =
            cells.iter().zip(&widths).filter_map(|(cell, width)| if let Cell::Text(text) = cell { Some((text.as_str(), *width)) } else { None });
        let high = most(&mut texts);
        if high > 1 {
            sheet.set_row_height(row, height(LINE, high))?;
        }
        for ((place, cell), column) in (0u16..).zip(cells).zip(&what.columns) {
            match cell {
                Cell::Text(text) => {
                    sheet.write_string_with_format(row, place, cut(text, CELL), &column.shown.format(0.0))?;
                }
                Cell::Number(value) if value.is_finite() => {
                    sheet.write_number_with_format(row, place, *value, &column.shown.format(*value))?;
                }
                Cell::Number(_) | Cell::Nothing => {}
            }
        }
    }
    // A table needs a row below its headings.
    let last = (what.rows.len() as u32).max(1);
    let marked = Table::new().set_columns(&columns).set_name(what.name.replace(' ', "_")).set_style(TableStyle::Light1).set_alt_text(&what.about);
    sheet.add_table(0, 0, last, what.columns.len().saturating_sub(1) as u16, &marked)?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// How many lines of a cell of this width `text` takes, about: programs do not reckon it when they open a file.
fn lines(text: &str, width: usize) -> usize {
    let (mut lines, mut column) = (1, 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            (lines, column) = (lines + 1, 0);
        }
        // Scripts that set no spaces are broken within.
        lines += length / width.max(1);
        column += length % width.max(1) + usize::from(column > 0);
    }
    lines
}

/// So many lines, within what a row may have.
fn height(line: f64, lines: usize) -> f64 {
    (line * lines as f64).min(409.0)
}
