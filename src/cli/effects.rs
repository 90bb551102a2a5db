//! `fivep levers --effects`: what every lever alone would change in a scenario, at both ends of its range.

use std::fmt::Write;
use std::path::Path;

use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::document::Document;
use super::listing::{Listing, number, width, wrapped};
use super::numbers::grouped;
use super::options::Parameters;
use super::simulate::{STOP, progress_bar, threads, watch_for_interrupts};
use super::{Answer, CAVEAT, Failure, ListFormat, VERSION, fault, lever_sheets, memory, nearest, sheets};
use crate::analysis::effects::{ASKED, Effects, Shift, Terms, Trial, after, effects, trials};
use crate::quantities::Month;
use crate::scenario::{Overrides, Scenario, coarsest, load};

/// How levers are tried.
#[derive(Debug, clap::Args)]
pub struct Trying {
    /// The month from which on each lever moves [default: the first fiscal year that begins two years into the scenario]
    #[arg(long, value_name = "YYYY-MM", requires = "effects")]
    pub at: Option<Month>,
    /// Only these levers, by key or address
    #[arg(long, value_name = "LEVER,...", value_delimiter = ',', requires = "effects")]
    pub only: Option<Vec<String>>,
    /// Add what each lever costs to its budget line
    #[arg(long, requires = "effects")]
    pub paid: bool,
    /// The number of replicate pairs
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub replicates: u32,
    /// The number of persons that one agent stands for [default: ten times the scenario's, as far as the country has people for it]
    #[arg(long, value_name = "N", requires = "effects")]
    pub scale: Option<f64>,
    /// The seed instead of the scenario's
    #[arg(long, value_name = "N", allow_negative_numbers = true, requires = "effects")]
    pub seed: Option<u64>,
    /// Which parameter values, as in `fivep run`
    #[arg(long, value_name = "WHICH", value_enum, requires = "effects")]
    pub parameters: Option<Parameters>,
    /// The number of threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
}

/// How what was found is told.
#[derive(Clone, Copy, Debug)]
pub enum Form<'a> {
    /// As a list on standard output.
    List(ListFormat),
    /// As a workbook in this file.
    Workbook(&'a Path),
}

/// Tries every lever.
///
/// # Errors
/// The scenario's faults, a month outside of it, a name that is no lever, what the disk refuses, or an interrupt.
pub fn answer(options: &Trying, reference: &str, form: Form<'_>, update: Option<&Path>) -> Result<Answer, Failure> {
    // Officials and cases count alike at every scale, so that a coarse one tells what a lever does.
    let coarse = if let Some(scale) = options.scale {
        scale
    } else {
        let own = load(reference, &Overrides::default())?;
        (10.0 * own.scale).min(coarsest(&own))
    };
    let overrides = Overrides {
        replicates: Some(options.replicates),
        scale: Some(coarse),
        seed: options.seed,
        parameters: options.parameters.map(Parameters::choice),
        only: Some(vec!["baseline".to_owned()]),
        ..Overrides::default()
    };
    let scenario = load(reference, &overrides)?;
    let terms = Terms { at: moment(&scenario, options.at)?, paid: options.paid, jobs: threads(options.jobs) };
    let document = update.map(|path| Document::open(path, "levers")).transpose()?;
    let setting = &scenario.variants[0].setting;
    let tried = chosen(trials(setting, after(setting, terms.at)), options.only.as_deref())?;
    memory::fits(&scenario, terms.jobs)?;
    watch_for_interrupts();
    let bar = progress_bar();
    let found = effects(&scenario, &tried, terms, &|done, all| show(&bar, done, all), &STOP);
    bar.finish_and_clear();
    let found = found.ok_or(Failure::Interrupted)?;
    let told = Told { scenario: &scenario, terms, found: &found };
    let mut answer = Answer::default();
    match form {
        Form::List(format) => answer.text = told.listing().render(format, || told.text()),
        Form::Workbook(path) => sheets::save(&mut answer, None, path, lever_sheets::effects(&scenario, told.about(), told.idle(), told.found)?)?,
    }
    let written = document.map_or(Ok(()), |document| document.write(&told.markdown()).map(|remark| answer.remarks.push(remark)));
    Ok(answer.after(written))
}

/// Moves a bar.
pub fn show(bar: &ProgressBar, done: usize, all: usize) {
    bar.set_length(all as u64);
    bar.set_position(done as u64);
}

/// The month from which on levers move: the one asked for, else two fiscal years after the beginning, so that a past stands before it.
///
/// # Errors
/// A month outside of the scenario's.
pub fn moment(scenario: &Scenario, asked: Option<Month>) -> Result<Month, Failure> {
    let starts = scenario.variants[0].setting.country.fiscal_year_starts;
    let third = (0..12).map(|months| scenario.from.plus(24 + months)).find(|month| month.month() == starts).unwrap_or(scenario.from);
    let at = asked.unwrap_or(if third < scenario.to { third } else { scenario.from });
    if (scenario.from..=scenario.to).contains(&at) {
        return Ok(at);
    }
    Err(fault(format!("error: --at {at} lies outside of the scenario\nhelp: give a month from {} to {}", scenario.from, scenario.to)))
}

/// The trials of the levers asked for, by their key or their address.
fn chosen(all: Vec<Trial>, only: Option<&[String]>) -> Result<Vec<Trial>, Failure> {
    let Some(only) = only else { return Ok(all) };
    let means = |trial: &Trial, word: &str| trial.lever.key == word || trial.lever.path() == word || trial.name() == word;
    let mut faults = String::new();
    for word in only.iter().map(|word| word.trim()).filter(|word| !all.iter().any(|trial| means(trial, word))) {
        let near = nearest(word, crate::model::policy::all().map(|(_, lever)| lever.key));
        let _ = writeln!(faults, "error: there is no lever `{word}`, or none that could be moved here{near}");
    }
    if !faults.is_empty() {
        return Err(fault(format!("{faults}help: `fivep levers` lists them all")));
    }
    Ok(all.into_iter().filter(|trial| only.iter().any(|word| means(trial, word.trim()))).collect())
}

/// Everything that is told.
struct Told<'a> {
    scenario: &'a Scenario,
    terms: Terms,
    found: &'a [Effects],
}

impl Told<'_> {
    fn about(&self) -> String {
        let Scenario { name, to, scale, replicates, seed, drawn, .. } = self.scenario;
        let at = self.terms.at;
        let money = if self.terms.paid {
            "Each lever brings the money that it costs: its line gets as much on top."
        } else {
            "Nothing is added to the budget: what a lever costs beyond what its line can pay is cut, and `paid` says which part is paid."
        };
        format!(
            "Each lever alone in the baseline of {name}, from {at} on: mean differences a year (of people exploited: at a time) from {at} to {to}, with the half-width of their 95 % interval; {replicates} pairs of replicates at scale {scale}, seed {seed}, parameters {}. {money} A dot marks what lies less than two standard errors from nothing.",
            drawn.choice.word()
        )
    }

    fn idle(&self) -> String {
        let names: Vec<String> = self
            .found
            .iter()
            .filter(|effects| effects.idle())
            .map(|effects| format!("{} = {}", effects.trial.name(), effects.trial.value()))
            .collect();
        let whole = |key: &str| self.found.iter().filter(|effects| effects.trial.name() == key).all(Effects::idle);
        let mut never: Vec<String> = self.found.iter().map(|effects| effects.trial.name()).filter(|name| whole(name)).collect();
        never.dedup();
        if names.is_empty() {
            return format!("Every one of {} trials moves something beyond chance.", self.found.len());
        }
        let at_all = if never.is_empty() { "no lever does nothing at both ends".to_owned() } else { format!("at neither end: {}", never.join(", ")) };
        format!("Nothing moves beyond chance in {} of {} trials ({at_all}): {}.", names.len(), self.found.len(), names.join(", "))
    }

    fn text(&self) -> String {
        let paragraph = width().min(110);
        let names = self.found.iter().map(|effects| short_name(&effects.trial).chars().count()).max().unwrap_or(0).max(10);
        let mut out = format!("\n{}\n{:<names$} {:>9} {:>5}", wrapped(&self.about(), 0, paragraph), "lever", "value", "paid");
        for head in ["exploited", "removed unass.", "identified", "convicted", "spent, m"] {
            let _ = write!(out, " {head:>18}");
        }
        out.push_str("  answers first\n");
        for effects in self.found {
            let paid = effects.funded.map_or(String::new(), |funded| format!("{:.0}%", 100.0 * funded));
            let _ = write!(out, "{:<names$} {:>9} {paid:>5}", short_name(&effects.trial), effects.trial.value());
            for shift in &effects.shifts {
                let _ = write!(out, " {:>18}", cell(shift));
            }
            let (own, mark) = (&effects.own, if effects.idle() { "  NOTHING MOVES" } else { "" });
            let _ = writeln!(out, "  {} {}{mark}", own.measure.name(), per_cent(own));
        }
        let _ = write!(out, "\n{}{}", wrapped(&self.idle(), 0, paragraph), wrapped(CAVEAT, 0, paragraph));
        out
    }

    fn markdown(&self) -> String {
        let mut out = format!("{}\n\n{}\n\nMade by fivep {VERSION}.\n\n", self.about(), self.idle());
        out.push_str("| lever | value | paid | exploited | removed unassisted | identified | convicted | spent, million | answers first | |\n");
        out.push_str("|---|---|---|---|---|---|---|---|---|---|\n");
        for effects in self.found {
            let paid = effects.funded.map_or(String::new(), |funded| format!("{:.0} %", 100.0 * funded));
            let cells: Vec<String> = effects.shifts.iter().map(|shift| format!("{} ({})", cell(shift), per_cent(shift))).collect();
            let mark = if effects.idle() { "nothing moves" } else { "" };
            let (own, trial) = (&effects.own, &effects.trial);
            let _ = writeln!(
                out,
                "| `{}` | {} | {paid} | {} | {} {} ({}) | {mark} |",
                trial.name(),
                trial.value(),
                cells.join(" | "),
                own.measure.name(),
                cell(own),
                per_cent(own)
            );
        }
        out
    }

    /// One row a lever, value and measure.
    fn listing(&self) -> Listing {
        let columns = vec![
            "lever",
            "value",
            "indicator",
            "answers_first",
            "baseline",
            "mean",
            "low_95",
            "high_95",
            "standard_error",
            "t",
            "share_of_baseline",
            "beyond_chance",
            "nothing_moves",
            "paid",
            "from",
            "to",
            "replicates",
            "scale",
        ];
        let row = |effects: &Effects, shift: &Shift, first: bool| {
            let bound = |sign: f64| shift.half.map_or(Value::Null, |half| number(shift.mean + sign * half));
            vec![
                json!(effects.trial.name()),
                json!(effects.trial.value()),
                json!(shift.measure.name()),
                json!(first),
                number(shift.baseline),
                number(shift.mean),
                bound(-1.0),
                bound(1.0),
                shift.error.map_or(Value::Null, number),
                shift.t().map_or(Value::Null, number),
                shift.share().map_or(Value::Null, number),
                json!(shift.clear()),
                json!(effects.idle()),
                effects.funded.map_or(Value::Null, number),
                json!(self.terms.at.to_string()),
                json!(self.scenario.to.to_string()),
                json!(self.scenario.replicates),
                number(self.scenario.scale),
            ]
        };
        let of = |effects: &Effects| {
            let asked = effects.shifts.iter().map(|shift| row(effects, shift, false));
            let own = std::iter::once(row(effects, &effects.own, true));
            asked.chain(own).collect::<Vec<_>>()
        };
        debug_assert!(self.found.iter().all(|effects| effects.shifts.len() == ASKED.len()), "one shift a measure");
        Listing { columns, rows: self.found.iter().flat_map(of).collect() }
    }
}

/// The lever's address without the word that all of them share.
fn short_name(trial: &Trial) -> String {
    let name = trial.name();
    name.strip_prefix("policy.").map_or(name.clone(), str::to_owned)
}

/// A mean with the half-width of its interval; a dot where it is within chance.
fn cell(shift: &Shift) -> String {
    if shift.same {
        return "0".to_owned();
    }
    let factor = if shift.measure.unit() == "money" { 1e-6 } else { 1.0 };
    let size = (shift.mean * factor).abs();
    let decimals = match size {
        size if size >= 100.0 => 0,
        size if size >= 1.0 => 1,
        size if size >= 0.1 => 2,
        _ => 4,
    };
    let sign = if shift.mean > 0.0 { "+" } else { "" };
    let half = shift.half.map_or(String::new(), |half| format!(" ±{}", grouped(half * factor, decimals)));
    let mark = if shift.clear() { "" } else { "·" };
    format!("{mark}{sign}{}{half}", grouped(shift.mean * factor, decimals))
}

/// The mean in per cent of the baseline.
fn per_cent(shift: &Shift) -> String {
    shift.share().map_or("-".to_owned(), |share| {
        let sign = if share > 0.0 { "+" } else { "" };
        format!("{sign}{} %", grouped(share * 100.0, usize::from(share.abs() < 0.1)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::measure::Measure;
    use crate::model::ledgers::indicators::Indicator;

    fn borderland() -> Scenario {
        let Ok(scenario) = load("borderland", &Overrides { scale: Some(50.0), ..Overrides::default() }) else { panic!("it is shipped") };
        scenario
    }

    #[test]
    fn levers_move_two_years_after_the_beginning_or_when_asked() {
        let scenario = borderland();
        assert!(moment(&scenario, None).is_ok_and(|at| at >= scenario.from.plus(24) && at < scenario.to));
        assert!(moment(&scenario, Some(scenario.to.plus(1))).is_err());
    }

    #[test]
    fn levers_are_chosen_by_key_or_address_and_a_slip_is_told() {
        let scenario = borderland();
        let all = || trials(&scenario.variants[0].setting, 12);
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let names = |only: &[&str]| chosen(all(), Some(&words(only))).map(|trials| trials.iter().map(Trial::name).collect::<Vec<_>>());
        assert!(names(&["beds", "policy.national.budget.extra.courts"]).is_ok_and(|names| names.len() == 3));
        assert!(names(&["bedz"]).is_err());
    }

    #[test]
    fn cells_tell_mean_interval_and_what_is_within_chance() {
        let of = |pairs: &[(f64, f64)]| Shift::of(Measure::Indicator(Indicator::Exploited), pairs, 1);
        assert_eq!(cell(&of(&[(100.0, 100.0), (90.0, 90.0)])), "0");
        let clear = of(&[(1000.0, 800.0), (1000.0, 800.0), (1000.0, 803.0)]);
        assert_eq!((cell(&clear), per_cent(&clear)), ("-199 ±4".to_owned(), "-20 %".to_owned()));
        assert!(cell(&of(&[(10.0, 12.0), (10.0, 8.0), (10.0, 10.4)])).starts_with('·'));
    }
}
