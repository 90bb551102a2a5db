//! Levers, and what each would change alone, as sheets of a workbook.
//!
//! Absent on purpose: how a sheet is laid out (`sheets`), and simulating (`effects`).

use super::sheets::{Cell, Cover, Names, Sheet, Shown, column, heading, workbook};
use super::told::{direction, ends, ledger_word, p_word, unit_in};
use super::{Failure, VERSION};
use crate::analysis::effects::{Effects, Shift};
use crate::analysis::measure::Measure;
use crate::charts::words::Words;
use crate::model::policy::{Lever, Shape};
use crate::scenario::Scenario;

/// The workbook of the levers `chosen`, with unit costs of the scenario's country.
///
/// # Errors
/// Why it cannot be laid out.
pub fn levers(scenario: &Scenario, chosen: &[&Lever]) -> Result<Vec<u8>, Failure> {
    let setting = &scenario.variants[0].setting;
    let country = &setting.country;
    let (text, currency) = (Shown::Text, &country.currency);
    let cost = "Public money a year beyond the default, bottom-up from unit costs; empty where the lever costs nothing by itself, or where its default is the country's own.";
    let columns = vec![
        column("Lever", text, "What the lever is called in figures and briefings."),
        column("Name", text, "Its address in a scenario file."),
        column("P", text, "The P that it belongs to."),
        column("Measure", text, "The measure of the case that it stands for."),
        column("Meaning", text, "What it means."),
        column("Values", text, "Whether it holds one value, one for each budget line, or one for each origin."),
        column("Unit", text, "The unit of its values."),
        column("Least value", Shown::General, "The least value that it may take."),
        column("Greatest value", Shown::General, "The greatest value that it may take."),
        column("Default", Shown::General, "Its value where a scenario says nothing; empty where the country's profile says it."),
        column(format!("Cost at the least value ({currency} a year)"), Shown::Whole, cost),
        column(format!("Cost at the greatest value ({currency} a year)"), Shown::Whole, cost),
        column("Budget line", text, "The line of the budget that pays it."),
        column("Evidence", text, "How well its effect is known: measured, derived or assumed. An assumption is never a finding."),
        column("Answers first", text, "The indicator that answers first where the lever is raised."),
        column("Direction", text, "The direction of that answer."),
        column("May backfire", text, "The route by which it can do harm or lose its purpose, if one is known."),
    ];
    let (names, words) = (Names::read(), Words::embedded("en"));
    let row = |lever: &&Lever| {
        let costs = ends(lever, setting).map_or([Cell::Nothing, Cell::Nothing], |ends| ends.map(|cost| Cell::Number(cost.round())));
        let [least, greatest] = costs;
        let of = |text: &str| Cell::Text(text.trim().to_owned());
        vec![
            Cell::Text(title(lever, words.as_ref())),
            Cell::Text(lever.path()),
            of(p_word(lever.p)),
            of(lever.measure),
            of(lever.text),
            of(match lever.shape {
                Shape::One => "one",
                Shape::PerLine => "one for each budget line",
                Shape::PerOrigin => "one, or one for each origin",
            }),
            of(lever.unit),
            Cell::Number(lever.min),
            Cell::Number(lever.max),
            lever.default_value().map_or(Cell::Nothing, Cell::Number),
            least,
            greatest,
            lever.cost.map_or(Cell::Nothing, |bill| Cell::Text(heading(bill.line.name()))),
            of(lever.grade.word()),
            Cell::Text(names.of(Measure::Indicator(lever.indicator))),
            of(direction(lever.sign)),
            lever.backfire.map_or(Cell::Nothing, of),
        ]
    };
    let sheet = Sheet {
        name: "Levers".to_owned(),
        about: "What a scenario can set, constant or by date".to_owned(),
        columns,
        rows: chosen.iter().map(row).collect(),
    };
    let cover = Cover {
        title: "Levers of the model".to_owned(),
        moment: String::new(),
        lines: vec![("Costs", format!("Unit costs of {}, in {currency} at prices of {}", country.title, country.price_year))],
        cite: format!("fivep {VERSION}, levers, costs of the scenario {}", scenario.name),
    };
    workbook(cover, &[sheet])
}

/// The workbook of what every lever alone would change; `about` says how they were tried, and `idle` which moved nothing.
///
/// # Errors
/// Why it cannot be laid out.
pub fn effects(scenario: &Scenario, about: String, idle: String, found: &[Effects]) -> Result<Vec<u8>, Failure> {
    let currency = &scenario.variants[0].setting.country.currency;
    let interval = "Of the mean difference, by parameter set (Student's t).";
    let columns = vec![
        column("Lever", Shown::Text, "What the lever is called in figures and briefings."),
        column("Name", Shown::Text, "Its address in a scenario file."),
        column("Value", Shown::Text, "The value that it takes, an end of its range; x: so many times what it was, %: by so much more or less."),
        column("Paid, share", Shown::Share, "Which part of what the lever costs its budget line can pay; empty where it costs nothing."),
        column("Ledger", Shown::Text, "Truth: what is so in the model. Official: what a government would count. Cost: what it costs."),
        column("Measure", Shown::Text, "What is measured."),
        column(
            "Unit",
            Shown::Text,
            "A year, but for people exploited at a time; differences of shares are in points (0.01 is one percentage point).",
        ),
        column("Answers first", Shown::Text, "yes for the indicator that answers first where this lever is raised."),
        column("Mean without", Shown::General, "Mean over replicates of the baseline."),
        column("Difference", Shown::General, "Mean of the differences within replicates."),
        column("Lower end of the 95 % interval", Shown::General, interval),
        column("Upper end of the 95 % interval", Shown::General, interval),
        column("Difference, share of the mean without", Shown::Share, "Empty where that mean is zero."),
        column("Beyond chance", Shown::Text, "yes where the mean difference lies two standard errors or more from nothing."),
    ];
    let (names, words) = (Names::read(), Words::embedded("en"));
    let yes = |so: bool| Cell::Text(if so { "yes" } else { "no" }.to_owned());
    let row = |effects: &Effects, shift: &Shift, first: bool| {
        let measure = shift.measure;
        let end = |sign: f64| shift.half.map_or(Cell::Nothing, |half| Cell::Number(shift.mean + sign * half));
        let unit = unit_in(currency, measure);
        vec![
            Cell::Text(title(effects.trial.lever, words.as_ref())),
            Cell::Text(effects.trial.name()),
            Cell::Text(effects.trial.value()),
            effects.funded.map_or(Cell::Nothing, Cell::Number),
            Cell::Text(heading(ledger_word(measure.ledger()))),
            Cell::Text(names.of(measure)),
            Cell::Text(if measure.averaged() { unit.to_owned() } else { format!("{unit} a year") }),
            yes(first),
            Cell::Number(shift.baseline),
            Cell::Number(shift.mean),
            end(-1.0),
            end(1.0),
            shift.share().map_or(Cell::Nothing, Cell::Number),
            yes(shift.clear()),
        ]
    };
    let of = |effects: &Effects| {
        let asked: Vec<_> = effects.shifts.iter().map(|shift| row(effects, shift, false)).collect();
        asked.into_iter().chain([row(effects, &effects.own, true)]).collect::<Vec<_>>()
    };
    let sheet = Sheet {
        name: "Effects".to_owned(),
        about: "What every lever alone would change at either end of its range".to_owned(),
        columns,
        rows: found.iter().flat_map(of).collect(),
    };
    let cover = Cover {
        title: format!("What every lever alone would change: {}", scenario.title),
        moment: String::new(),
        lines: vec![("How they were tried", about), ("What moved nothing", idle)],
        cite: format!(
            "fivep {VERSION}, levers alone in the baseline of {}, {} pairs of replicates, scale {}, seed {}",
            scenario.name, scenario.replicates, scenario.scale, scenario.seed
        ),
    };
    workbook(cover, &[sheet])
}

/// What a lever is called: as figures call it, else its key as words.
fn title(lever: &Lever, words: Option<&Words>) -> String {
    let known = words.and_then(|words| words.find(&format!("lever.{}", lever.key)));
    heading(&known.map_or_else(|| lever.key.replace('.', " "), str::to_owned))
}
