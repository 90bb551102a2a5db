//! `fivep explain WORD`: what a lever, an indicator or a parameter means in plain words, what it costs, and what is known of it.

use std::fmt::Write;

use clap::Args as ClapArgs;

use super::listing::{width, wrapped};
use super::numbers::full;
use super::told::{direction, ends, ledger_title, p_word};
use super::{Answer, Failure, fault, nearest};
use crate::analysis::measure::{HEADLINES, Measure};
use crate::charts::words::Words;
use crate::model::Setting;
use crate::model::ledgers::indicators::Better;
use crate::model::parameters::{PARAMETERS, Parameter};
use crate::model::policy::{Default as LeverDefault, Lever, Line, Shape, all};
use crate::scenario::{Overrides, load, parameter_notes};

/// What every lever does alone, as it was last simulated.
const ALONE: &str = include_str!("../../docs/LEVERS.md");

/// Options of `fivep explain`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep explain shelter_freedom\n  fivep explain removed_unassisted\n  fivep explain recruitment.inspection_bite\n  fivep explain beds --costs borderland"
)]
pub struct Args {
    /// A lever, an indicator or a parameter, by its key or its address
    #[arg(value_name = "LEVER|INDICATOR|PARAMETER")]
    pub name: String,
    /// The scenario whose country's unit costs and parameter values are used
    #[arg(long, value_name = "SCENARIO", default_value = "thailand-2016")]
    pub costs: String,
}

/// The explanation: of every lever, indicator and parameter that is called so.
///
/// # Errors
/// A fault where nothing is, with the nearest names; the scenario's faults.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    // A key with a point in it stands in quotes in a scenario.
    let name = args.name.trim().replace('"', "");
    let name = name.as_str();
    let scenario = load(&args.costs, &Overrides::default())?;
    let setting = &scenario.variants[0].setting;
    let levers: Vec<&Lever> = all().map(|(_, lever)| lever).filter(|lever| is_called(lever, name, setting)).collect();
    let measure = Measure::named(name);
    let parameters: Vec<usize> = (0..PARAMETERS.len()).filter(|place| PARAMETERS[*place].name == name || PARAMETERS[*place].path() == name).collect();
    if levers.is_empty() && measure.is_none() && parameters.is_empty() {
        return Err(unknown(name));
    }
    let mut parts: Vec<String> = levers.into_iter().map(|lever| of_lever(lever, setting)).collect();
    parts.extend(measure.map(of_measure));
    if !parameters.is_empty() {
        let notes = parameter_notes(&scenario.country.0)?;
        for place in parameters {
            let note = &notes[place];
            let known = format!(
                "{} in {} ({} to {}), {}. Source: {}",
                full(note.value),
                scenario.country.0,
                full(note.low),
                full(note.high),
                note.grade.word(),
                note.source
            );
            parts.push(of_parameter(&PARAMETERS[place], &known));
        }
    }
    Ok(Answer::text(format!("\n{}", parts.join("\n"))))
}

/// Whether `name` is a lever's key or address, or that of its part for one budget line or one origin.
fn is_called(lever: &Lever, name: &str, setting: &Setting) -> bool {
    let (key, path) = (lever.key, lever.path());
    let rest = name.strip_prefix(&path).or_else(|| name.strip_prefix(key));
    match rest.map(|rest| rest.strip_prefix('.').ok_or(rest)) {
        None => false,
        Some(Err(rest)) => rest.is_empty(),
        Some(Ok(part)) => match lever.shape {
            Shape::One => false,
            Shape::PerLine => Line::ALL.iter().any(|line| line.name() == part),
            Shape::PerOrigin => setting.country.origins.iter().any(|origin| origin.name == part),
        },
    }
}

/// A fault that names what is near, or what an old key of a parameter is called now: the same letter had its own meaning in every process.
fn unknown(name: &str) -> Failure {
    let had =
        |parameter: &&Parameter| !name.is_empty() && (parameter.former == name || format!("{}.{}", parameter.process, parameter.former) == name);
    let now: Vec<String> = PARAMETERS.iter().filter(had).map(|parameter| format!("`{}`", parameter.path())).collect();
    if !now.is_empty() {
        return fault(format!(
            "error: `{name}` is called {} now\nhelp: keys of parameters have become words; `fivep explain` takes the new ones",
            now.join(" or ")
        ));
    }
    let levers: Vec<&str> = all().map(|(_, lever)| lever.key).collect();
    let measures: Vec<&str> = Measure::all().into_iter().map(Measure::name).collect();
    let paths: Vec<String> = PARAMETERS.iter().map(Parameter::path).chain(all().map(|(_, lever)| lever.path())).collect();
    let known = levers.into_iter().chain(measures).chain(PARAMETERS.iter().map(|parameter| parameter.name)).chain(paths.iter().map(String::as_str));
    let near = nearest(name, known);
    let lists = "`fivep levers`, `fivep indicators` and `fivep parameters` list them; `fivep levers WORD` looks for a word";
    fault(format!("error: there is no lever, indicator or parameter `{name}`{near}\nhelp: {lists}"))
}

fn of_lever(lever: &Lever, setting: &Setting) -> String {
    let title = Words::embedded("en").and_then(|words| words.find(&format!("lever.{}", lever.key)).map(str::to_owned));
    let mut lines = Lines::headed(&title.unwrap_or_else(|| lever.key.to_owned()), &format!("a lever of {}: {}", p_word(lever.p), lever.path()));
    lines.plain(lever.text.trim());
    let default = match lever.default {
        LeverDefault::Value(value) => full(value),
        LeverDefault::Profile => "from the country's profile".to_owned(),
    };
    lines.add("Values", &format!("{} to {}, {}; without a word in the scenario {default}", full(lever.min), full(lever.max), lever.unit));
    let money = lever.cost.zip(ends(lever, setting)).map(|(bill, [least, most])| {
        let million = |money: f64| format!("{:.1} million {}", money / 1e6, setting.country.currency);
        format!(
            "{} a year at {} and {} at {}, beyond the default; the budget line `{}` pays, and what it cannot pay is not done",
            million(least),
            full(lever.min),
            million(most),
            full(lever.max),
            bill.line.name()
        )
    });
    lines.add("Cost", &money.unwrap_or_else(|| "nothing by itself; what it asks for is paid through other levers".to_owned()));
    let first = Measure::Indicator(lever.indicator);
    lines
        .add("Answers first", &format!("{} goes {} when it is raised ({})", first.name(), direction(lever.sign), first.text().trim_end_matches('.')));
    lines.add(
        "Evidence",
        &format!(
            "how strong its effect is, is {}; {} {} of docs/ODD.md; case study: {}",
            lever.grade.word(),
            if lever.rules.contains([',', ' ', '-']) { "rules" } else { "rule" },
            lever.rules,
            lever.measure
        ),
    );
    lines.add("May backfire", lever.backfire.unwrap_or("no route is known"));
    for row in alone(&lever.path()) {
        lines.add("Alone", &row);
    }
    lines.text
}

/// What the lever did alone when docs/LEVERS.md was last made, a sentence for each value that was tried; with the document's own remark.
fn alone(path: &str) -> Vec<String> {
    let address = format!("`{path}`");
    let cells = |line: &'static str| -> Vec<&'static str> { line.trim_matches('|').split(" | ").map(str::trim).collect() };
    let Some(head) = ALONE.lines().find(|line| line.starts_with("| lever |")).map(cells) else { return vec![] };
    let at = |name: &str| head.iter().position(|own| *own == name);
    let (Some(value), Some(people), Some(removed), Some(count)) = (at("value"), at("exploited"), at("removed unassisted"), at("identified")) else {
        return vec![];
    };
    let said = |row: Vec<&str>| {
        let cell = |place: usize| row.get(place).copied().unwrap_or("-").replace('·', "");
        format!("at {}: people exploited {}, removed without help {}, identified {} a year", cell(value), cell(people), cell(removed), cell(count))
    };
    let rows = ALONE.lines().filter(|line| line.starts_with('|')).map(cells).filter(|row| row.first().is_some_and(|first| *first == address));
    let mut rows: Vec<String> = rows.map(said).collect();
    let remark = ALONE.lines().find(|line| line.starts_with("Each lever alone in the baseline of"));
    if !rows.is_empty() {
        rows.extend(remark.map(|remark| remark.split_once(" A dot marks").map_or(remark, |(before, _)| before).to_owned()));
    }
    rows
}

fn of_measure(measure: Measure) -> String {
    let ledger = ledger_title(measure.ledger()).to_lowercase();
    let mut lines = Lines::headed(measure.name(), &format!("an indicator of the {ledger}"));
    lines.plain(measure.text());
    let over = if measure.averaged() { "a mean over the months compared" } else { "a sum, told a year" };
    lines.add("Unit", &format!("{}; {over}", measure.unit()));
    lines.add(
        "Better",
        match measure.better() {
            Better::Less => "less is better for the people concerned",
            Better::More => "more is better for the people concerned",
            Better::None => "neither way: it measures activity or composition",
        },
    );
    let size = if measure.sampled() {
        "counted among people, of whom one agent stands for as many as the scale says"
    } else {
        "simulated at the country's own size at every scale"
    };
    lines.add("Counted", size);
    lines.add(
        "Shown",
        if HEADLINES.contains(&measure) { "among the headlines of `fivep compare --details`" } else { "by `fivep compare --indicators`" },
    );
    let moved: Vec<&str> =
        all().map(|(_, lever)| lever).filter(|lever| Measure::Indicator(lever.indicator) == measure).map(|lever| lever.key).collect();
    if !moved.is_empty() {
        lines.add("Answers to", &moved.join(", "));
    }
    lines.text
}

fn of_parameter(parameter: &Parameter, known: &str) -> String {
    let mut lines = Lines::headed(&parameter.path(), &format!("a parameter of rule {} of docs/ODD.md", parameter.rule));
    lines.plain(parameter.text.trim());
    if !parameter.symbol.is_empty() {
        lines.add("Symbol", &format!("{} in the formulas of rule {}", parameter.symbol, parameter.rule));
    }
    lines.add("Unit", &format!("{}; it may be {} to {}", parameter.unit, full(parameter.min), full(parameter.max)));
    lines.add("Value", known);
    lines.text
}

/// Lines with a word before each.
struct Lines {
    text: String,
}

impl Lines {
    fn headed(title: &str, kind: &str) -> Self {
        Self { text: format!("{title}\n  {kind}\n") }
    }

    fn plain(&mut self, text: &str) {
        self.text.push_str(&wrapped(text, 2, width().min(100)));
    }

    /// The word stands before the first line, the others below it.
    fn add(&mut self, what: &str, text: &str) {
        const HANG: usize = 17;
        let text = wrapped(text, HANG, width().min(100));
        let _ = write!(self.text, "  {what:<14} {}", text.trim_start());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(name: &str) -> Result<String, String> {
        let args = Args { name: name.to_owned(), costs: "thailand-2016".to_owned() };
        match answer(&args) {
            Ok(answer) => Ok(answer.text.split_whitespace().collect::<Vec<_>>().join(" ")),
            Err(Failure::Problem(crate::scenario::Problem::Fault(text))) => Err(text),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn whatever_is_listed_is_explained() {
        let setting = load("borderland", &Overrides::default()).expect("it is embedded");
        for (_, lever) in all() {
            let text = of_lever(lever, &setting.variants[0].setting);
            assert!(text.contains(&lever.path()) && text.lines().all(|line| line.chars().count() <= 100), "{text}");
        }
        for measure in Measure::all() {
            assert!(of_measure(measure).contains(measure.text().split_whitespace().next().expect("a word")), "{}", measure.name());
        }
    }

    #[test]
    fn a_lever_says_money_evidence_harm_and_what_it_does_alone() {
        let text = explained("immigration_crackdown").expect("it is a lever");
        for part in ["a lever of Prevention", "million THB a year", "is assumed", "May backfire", "Alone at ", "removed without help +"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(explained("policy.prevention.immigration_crackdown").expect("by its address"), text);
        let extra = explained("budget.extra").expect("it is a lever");
        for address in ["budget.extra.courts", "policy.national.budget.extra.courts", "policy.national.\"budget.extra\".courts"] {
            assert_eq!(explained(address).expect("by the address of a line"), extra);
        }
        assert!(explained("policy.national.budget.extra.court").is_err_and(|say| say.contains("did you mean `policy.national.budget.extra`?")));
    }

    #[test]
    fn indicators_and_parameters_are_explained_too() {
        let text = explained("removed_unassisted").expect("an indicator");
        assert!(text.contains("less is better") && text.contains("one agent stands for"), "{text}");
        let text = explained("recruitment.inspection_bite").expect("a parameter");
        assert!(text.contains("Source:") && text.contains("in thailand (") && !text.contains("Symbol"), "{text}");
        assert!(explained("work.debt_in_exit").is_ok_and(|text| text.contains("Symbol kappa8 in the formulas of rule 8")));
    }

    #[test]
    fn an_unknown_word_is_a_fault_with_the_nearest_name() {
        let say = explained("shelter_fredom").expect_err("there is none");
        assert!(say.contains("did you mean `shelter_freedom`?") && say.contains("help: "), "{say}");
        let say = explained("recruitment.kappa").expect_err("it has another name");
        assert!(say.contains("`recruitment.kappa` is called `recruitment.debt_vulnerability` now"), "{say}");
        assert!(explained("kappa").is_err_and(|say| say.contains("`work.debt_in_onset` or `care.debt_in_retrafficking` now")));
        assert!(explained("xyzzy").is_err_and(|say| !say.contains("did you mean")));
    }
}
