//! A workbook for spreadsheets: a cover, a table a sheet, and notes that say what each column is.
//!
//! Whoever reads it aloud, filters it or adds it up finds one table a sheet, which begins in the first cell with one row of headings, no merged cells and no colour
//! that means something. Numbers are whole inside and rounded as they are shown; units stand in the headings. Every text is a text: nothing in a workbook
//! of ours is a formula, whatever a title says.

use std::path::Path;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Table, TableColumn, TableStyle, Workbook, Worksheet, XlsxError,
};

use super::numbers::{counted, cut, grouped};
use super::screen::said;
use super::told::{compared, ledger_word, unit_word, verdict_word};
use super::{Answer as Handed, CAVEAT, Failure};
use crate::analysis::answer::{Answer, answer};
use crate::analysis::compare::{Comparison, CostPerMonth, Effect};
use crate::analysis::measure::Measure;
use crate::analysis::table::{Cell as Figure, Table as Laid};
use crate::briefing::phrases::Phrases;
use crate::charts::style::harmless;
use crate::model::ledgers::indicators::Ledger;
use crate::results::{Record, whole};

/// How high a line is, in points.
const LINE: f64 = 15.0;
/// How wide the cover's lines are, in letters.
const COVER: usize = 100;
/// The most that a cell may hold.
const CELL: usize = 32_767;
/// The most rows under a heading that a sheet may hold.
const ROWS: usize = 1_048_575;

/// Writes a workbook into the run folder `run`, and says where it is.
///
/// # Errors
/// What the disk refuses.
pub fn save(answer: &mut Handed, run: &Path, name: &str, bytes: Vec<u8>) -> Result<(), Failure> {
    let path = run.join(name);
    if path.exists() {
        answer.remarks.push(format!("The {name} that was there is replaced."));
    }
    whole::write(&path, bytes)?;
    answer.text = format!("{}\n", path.display());
    answer.remarks.push(CAVEAT.to_owned());
    Ok(())
}

/// What a column holds, and how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Text,
    Whole,
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
enum Cell {
    Text(String),
    Number(f64),
    /// What is not defined stays empty.
    Nothing,
}

/// A column: its heading, how it is shown, and what the notes say of it.
#[derive(Clone, Debug)]
struct Column {
    heading: String,
    shown: Shown,
    note: String,
}

fn column(heading: impl Into<String>, shown: Shown, note: impl Into<String>) -> Column {
    Column { heading: heading.into(), shown, note: note.into() }
}

/// A sheet with one table.
#[derive(Clone, Debug)]
struct Sheet {
    name: String,
    about: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// The workbook of a comparison: the answer, and every measure that was asked for.
///
/// # Errors
/// Why it cannot be laid out.
pub fn comparison(record: &Record, found: &Comparison) -> Result<Vec<u8>, String> {
    let answer = answer(record);
    let window = record.manifest.window;
    let mut lines = vec![("Question", record.manifest.question.clone()), ("Months compared", format!("{} to {}", window.0, window.1))];
    lines.extend(said(record, &answer).into_iter().enumerate().map(|(place, sentence)| (if place == 0 { "Answer" } else { "" }, sentence)));
    workbook(record, &lines, &[ranked(record, &answer), differences(record, found, &Names::read())])
}

/// The workbook of one ledger.
///
/// # Errors
/// Why it cannot be laid out, as where there are more rows than a sheet has.
pub fn ledger(record: &Record, table: &Laid, ledger: Ledger) -> Result<Vec<u8>, String> {
    let months = ("Months", format!("{} to {}", record.manifest.from, record.manifest.to));
    workbook(record, &[("Question", record.manifest.question.clone()), months], &[laid(record, table, ledger, &Names::read())])
}

/// What a variant is called, as columns.
fn called() -> [Column; 2] {
    [
        column("Variant", Shown::Text, "A package of policies that was simulated."),
        column("Name", Shown::Text, "Its name in the scenario, in CSV and in the run folder."),
    ]
}

/// The same of one variant.
fn calls(record: &Record, variant: usize) -> [Cell; 2] {
    [titled(record, variant), record.manifest.variants[variant].name.clone()].map(Cell::Text)
}

/// Whether an effect has a direction, as columns.
fn directed() -> [Column; 2] {
    [
        column("Direction", Shown::Text, "fewer or more where the interval leaves out 0; else uncertain."),
        column("Clear among all", Shown::Text, "Whether the direction stands among all differences that are compared (Benjamini-Hochberg)."),
    ]
}

/// A difference, in per cent, its interval, and whether it has a direction.
fn effected(effect: &Effect) -> [Cell; 6] {
    let end = |value: f64| if effect.standard_error.is_some() { Cell::Number(value) } else { Cell::Nothing };
    [
        Cell::Number(effect.difference),
        effect.percent().map_or(Cell::Nothing, Cell::Number),
        end(effect.low),
        end(effect.high),
        Cell::Text(verdict_word(effect.verdict).to_owned()),
        Cell::Text(if effect.stands { "yes" } else { "no" }.to_owned()),
    ]
}

/// The variants, the fewest people exploited first.
fn ranked(record: &Record, found: &Answer) -> Sheet {
    let currency = &record.manifest.currency;
    let compared = compared(record, &titled(record, 0));
    let interval = "End of the 95 % interval of that mean, by parameter set.";
    let mut columns = called().to_vec();
    columns.extend([
        column("People exploited, difference", Shown::Whole, format!("Mean difference to {compared} in people exploited at the end of a month.")),
        column("People exploited, per cent", Shown::Tenths, "The same in per cent of those exploited there."),
        column("People exploited, lower end", Shown::Whole, interval),
        column("People exploited, upper end", Shown::Whole, interval),
    ]);
    columns.extend(directed());
    columns.extend([
        column(
            "Fewer in a single future, share",
            Shown::Share,
            "In what share of parameter sets one future of the country's own size would show fewer people exploited.",
        ),
        column(
            "Removed without help, difference a year",
            Shown::Whole,
            "Exploited people who are removed from the country without help: they are no longer exploited here, and have not been helped.",
        ),
        column("Victims identified, difference a year", Shown::Whole, "What a government would count. It measures activity, not victims."),
        column(format!("Public money spent, difference a year ({currency})"), Shown::Whole, "What the levers cost, bottom-up."),
        column(
            format!("Cost of a person-month averted ({currency})"),
            Shown::Whole,
            "Empty where nothing is clearly averted, or where removing people may be what averts.",
        ),
    ]);
    let rows = found.rows.iter().map(|row| {
        let more = [
            Cell::Number(row.people.single.lower),
            Cell::Number(row.removed.difference),
            Cell::Number(row.count.difference),
            Cell::Number(row.money.difference),
            if let CostPerMonth::Money { mean, .. } = row.cost { Cell::Number(mean) } else { Cell::Nothing },
        ];
        calls(record, row.variant).into_iter().chain(effected(&row.people)).chain(more).collect()
    });
    Sheet {
        name: "Answer".to_owned(),
        about: format!("Every variant beside {compared}, the fewest people exploited first"),
        columns,
        rows: rows.collect(),
    }
}

/// Every variant and measure.
fn differences(record: &Record, found: &Comparison, names: &Names) -> Sheet {
    let mut columns = called().to_vec();
    columns.extend([
        column("Ledger", Shown::Text, "Truth: what is so in the model. Official: what a government would count. Cost: what it costs."),
        column("Measure", Shown::Text, "What is measured; `fivep explain` says of each what it means."),
        column("Unit", Shown::Text, "Of the means and of the difference; differences of shares are in points (0.01 is one percentage point)."),
        column("Mean under the variant", Shown::General, "Mean over replicates, of the months compared."),
        column("Mean without", Shown::General, format!("The same under {}.", compared(record, &titled(record, 0)))),
        column("Difference", Shown::General, "Mean of the differences within replicates."),
        column("Difference, per cent", Shown::Tenths, "Of the mean without; empty for shares."),
        column("Lower end of the 95 % interval", Shown::General, "Of the mean difference, by parameter set (Student's t)."),
        column("Upper end of the 95 % interval", Shown::General, "The same."),
    ]);
    columns.extend(directed());
    columns.push(column("Parameter sets", Shown::Whole, "How many were counted."));
    let one = |variant: usize, effect: &Effect| {
        let measure = effect.measure;
        let a_year = if measure.averaged() { "" } else { " a year" };
        let what = [
            Cell::Text(heading(ledger_word(measure.ledger()))),
            Cell::Text(names.of(measure)),
            Cell::Text(unit_word(record, measure) + a_year),
            Cell::Number(effect.variant),
            Cell::Number(effect.baseline),
        ];
        calls(record, variant).into_iter().chain(what).chain(effected(effect)).chain([Cell::Number(effect.sets as f64)]).collect()
    };
    let rows = found.variants.iter().flat_map(|against| against.effects.iter().map(|effect| one(against.variant, effect)));
    Sheet {
        name: "Differences".to_owned(),
        about: "Every measure that was compared, in both ledgers and in cost".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

/// One ledger by month, year, sector, origin or stage.
fn laid(record: &Record, table: &Laid, ledger: Ledger, names: &Names) -> Sheet {
    let of = |(place, name): (usize, &String)| match Measure::named(name).filter(|_| place >= table.keys) {
        Some(measure) => column(format!("{} ({})", names.of(measure), unit_word(record, measure)), shown(measure), measure.text()),
        None if place < table.keys => column(heading(name), Shown::Text, "What the row is about."),
        None => column(heading(name), Shown::General, "Persons or events at full scale."),
    };
    let cell = |figure: &Figure| match figure {
        Figure::Text(text) => Cell::Text(text.clone()),
        Figure::Number(value) => Cell::Number(*value),
    };
    Sheet {
        // The last key says what a row is.
        name: format!("By {}", table.columns[table.keys - 1]),
        about: format!("{} ledger: means over replicates; flows are totals of the months in each row", heading(ledger_word(ledger))),
        columns: table.columns.iter().enumerate().map(of).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    }
}

/// What a variant is called: its title whole, for a cell knows every script; its name where the title shows nothing.
fn titled(record: &Record, variant: usize) -> String {
    let variant = &record.manifest.variants[variant];
    let title = harmless(&variant.title).trim().to_owned();
    if title.chars().any(char::is_alphanumeric) { title } else { variant.name.clone() }
}

fn shown(measure: Measure) -> Shown {
    match measure.unit() {
        "share" => Shown::Share,
        "persons" | "cases" | "money" => Shown::Whole,
        _ => Shown::General,
    }
}

/// What measures are called, read once for a workbook.
struct Names(Option<Phrases>);

impl Names {
    fn read() -> Self {
        Self(Phrases::embedded("en"))
    }

    /// The briefing's word for `measure`; its name where the briefing has none.
    fn of(&self, measure: Measure) -> String {
        let key = format!("measures.{}", measure.name());
        // A table answers with the key where it has no word.
        let known = self.0.as_ref().map(|phrases| phrases.word(&key)).filter(|word| *word != key);
        known.map_or_else(|| heading(measure.name()), str::to_owned)
    }
}

/// A name of columns as a heading.
fn heading(name: &str) -> String {
    let spelt = |word| match word {
        "ngo" => "NGO",
        "mou" => "MoU",
        word => word,
    };
    let words = name.split('_').map(spelt).collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Lays it all out: cover, sheets, notes.
fn workbook(record: &Record, told: &[(&str, String)], sheets: &[Sheet]) -> Result<Vec<u8>, String> {
    if let Some(sheet) = sheets.iter().find(|sheet| sheet.rows.len() > ROWS) {
        return Err(format!("a sheet holds at most {ROWS} rows, and this would be {}: ask for fewer, or for CSV", sheet.rows.len()));
    }
    write(record, told, sheets).map_err(|fault| fault.to_string())
}

fn write(record: &Record, told: &[(&str, String)], sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let manifest = &record.manifest;
    let title = harmless(&manifest.title).trim().to_owned();
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new().set_title(&title).set_author(format!("fivep {}", manifest.version)).set_comment(CAVEAT);
    // The clock of the run, not of now: the same run gives the same bytes.
    if let Ok(moment) = ExcelDateTime::parse_from_str(manifest.started.trim_end_matches('Z')) {
        properties = properties.set_creation_datetime(&moment);
    }
    workbook.set_properties(&properties);
    let mut lines: Vec<(&str, String)> = vec![("Title", title)];
    lines.extend(told.iter().filter(|(_, text)| !text.is_empty()).cloned());
    let replicates = counted(manifest.replicates as usize, "replicate");
    lines.push(("Rests on", format!("{replicates}; intervals are about {}", manifest.parameters.interval())));
    for (place, sheet) in sheets.iter().enumerate() {
        lines.push((if place == 0 { "Sheets" } else { "" }, format!("{}: {}", sheet.name, sheet.about)));
    }
    lines.extend([("", "Notes: what each column is".to_owned()), ("How to cite", cite(record)), ("Please note", CAVEAT.to_owned())]);
    cover(workbook.add_worksheet(), &lines)?;
    for sheet in sheets {
        table(workbook.add_worksheet(), sheet)?;
    }
    let notes = sheets.iter().flat_map(|sheet| {
        sheet.columns.iter().map(|column| [&sheet.name, &column.heading, &column.note].map(|text| Cell::Text(text.clone())).to_vec())
    });
    let notes = Sheet {
        name: "Notes".to_owned(),
        about: String::new(),
        columns: ["Sheet", "Column", "What it is"].map(|heading| column(heading, Shown::Text, "")).to_vec(),
        rows: notes.collect(),
    };
    table(workbook.add_worksheet(), &notes)?;
    workbook.save_to_buffer()
}

/// How the figures are cited: what somebody needs to make them again.
fn cite(record: &Record) -> String {
    let manifest = &record.manifest;
    format!(
        "fivep {} (revision {}), scenario {}, run {}, seed {}, scale {}, {}",
        manifest.version,
        manifest.revision,
        manifest.name,
        manifest.hash,
        manifest.seed,
        manifest.scale,
        manifest.started.get(..10).unwrap_or_default()
    )
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
