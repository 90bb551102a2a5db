//! `fivep compare`: what each variant would change against the baseline, in both ledgers and in cost.

use std::fmt::Write;
use std::path::Path;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::asked::{finished, known, measures, referred};
use super::listing::{Listing, number, pretty};
use super::options::Options;
use super::screen::screen;
use super::simulate::simulate;
use super::told::{about, ledger_word, unit_word, unsettled, verdict_word, with_mark};
use super::{Answer, CAVEAT, Failure, ReportFormat, details, fault, nearest, pictures, sheets, structures, workbook};
use crate::analysis::compare::{Against, Comparison, CostPerMonth, Effect, Enough, compare};
use crate::analysis::measure::HEADLINES;
use crate::analysis::verdict::Single;
use crate::model::ledgers::indicators::Ledger;
use crate::results::{Record, load};
use crate::scenario::{Shown as _, load as load_scenario, quoted_path};

/// The name of the derived cost in CSV and JSON.
const COST_NAME: &str = "cost_per_person_month_averted";

/// Options of `fivep compare`.
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own that is given or not")]
#[command(
    after_help = "Examples:\n  fivep compare\n  fivep compare thailand-budget --replicates 50 --jobs 8\n  fivep compare my-question.toml --only no-package,protection-only\n  fivep compare output/thailand-2016/0001-1a2b3c4d --format csv > differences.csv\n  fivep compare latest --details\n  fivep compare latest --from 2018-01 --to 2019-12\n  fivep compare --indicators exploited,identified,spent_shelters\n  fivep compare borderland --brief\n  fivep compare thailand-2016 --against baseline"
)]
pub struct Args {
    /// A scenario file, the name of a shipped scenario, or a run: its folder, the beginning of its name, its scenario's name, or `latest`
    #[arg(default_value = "thailand-2016", value_name = "SCENARIO|RUN")]
    pub scenario: String,
    /// What is simulated.
    #[command(flatten)]
    pub options: Options,
    /// How the comparison is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Begin CSV with a byte order mark, for spreadsheets
    #[arg(long)]
    pub bom: bool,
    /// All ledgers of every variant, what money bought, and notes, behind the first screen
    #[arg(long)]
    pub details: bool,
    /// Every indicator instead of the headlines, in full
    #[arg(long, conflicts_with = "indicators")]
    pub all: bool,
    /// Run structural alternatives too and report whether the ranking holds: `all`, or pairs as `replacement=false`
    #[arg(long, value_name = "all|SWITCH=VALUE,...", value_delimiter = ',')]
    pub switches: Option<Vec<String>>,
    /// Draw all figures and write the briefing as well, as `chart` and `brief` do, into the run folder
    #[arg(long)]
    pub brief: bool,
    /// The variant that the others are compared with [default: the one that the scenario names, else the baseline]
    #[arg(long, value_name = "VARIANT")]
    pub against: Option<String>,
    /// These indicators instead of the headlines, as `fivep indicators` lists them, in full
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub indicators: Option<Vec<String>>,
}

/// Simulates or reads, then compares.
///
/// # Errors
/// The scenario's faults, what the disk refuses, or an interrupt; for a run folder, options that come too late.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    if args.format == ReportFormat::Xlsx && args.options.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        let help = "leave it out: the workbook is written into the run folder, and its path is printed";
        return Err(fault(format!("error: --output names the folder of run folders, not the workbook\nhelp: {help}")));
    }
    let measures = measures(args.indicators.as_deref(), args.all)?.unwrap_or_else(|| HEADLINES.to_vec());
    let structures = args.switches.as_deref().map(structures::chosen).transpose()?;
    let run = finished(&args.scenario, &args.options)?;
    let mut options = args.options.clone();
    if let (Some(only), Some(name)) = (&mut options.only, &args.against) {
        only.push(name.clone());
    }
    if structures.is_some() && run.is_some() {
        let help = "give the scenario instead of the run folder to simulate again";
        return Err(fault(format!("error: --switches cannot change a run that is finished\nhelp: {help}")));
    }
    if args.brief && run.is_some() && (args.options.from.is_some() || args.options.to.is_some()) {
        let help = "leave --from and --to out, or --brief: figures and briefing of a run keep to the window that it was made with";
        return Err(fault(format!("error: --brief cannot draw a finished run over another window\nhelp: {help}")));
    }
    let mut answer = Answer::default();
    let (record, folder) = if let Some(run) = run {
        (read(&run, &options)?, run)
    } else {
        // Before anything is simulated.
        if let Some(name) = &args.against {
            let scenario = load_scenario(&args.scenario, &options.overrides())?;
            known(name, scenario.variants.iter().map(|variant| variant.name.as_str()))?;
        }
        simulate(&args.scenario, &options, &mut answer.remarks)?
    };
    let wanted = args.format == ReportFormat::Text || args.against.is_some() || record.manifest.against.is_some();
    let mut scenario = if wanted { pictures::scenario(&folder, &mut answer) } else { None };
    let (record, _) = referred(record, scenario.as_mut(), args.against.as_deref())?;
    let comparison = compare(&record, &measures, record.manifest.window);
    answer.folder = Some(folder.clone());
    let survival = match &structures {
        // What is known already is told all the same.
        Some(structures) => structures::survival(&args.scenario, &options, &record, structures).unwrap_or_else(|failure| {
            answer.failure = Some(after(&answer, failure));
            String::new()
        }),
        None => String::new(),
    };
    match args.format {
        ReportFormat::Text => {
            // Who asks for indicators asks for the ledgers that hold them.
            let shown = if args.details || args.all || args.indicators.is_some() {
                details::text(&record, &comparison, scenario.as_ref())
            } else {
                screen(&record, scenario.as_ref(), answer.folder.as_deref())
            };
            answer.text = shown + &survival;
        }
        ReportFormat::Json => answer.text = pretty(&document(&record, &comparison)),
        ReportFormat::Csv => {
            answer.text = with_mark(args.bom, &listing(&record, &comparison));
            answer.remarks.push(CAVEAT.to_owned());
        }
        ReportFormat::Xlsx => {
            let bytes = workbook::comparison(&record, &comparison)?;
            record.check()?;
            let path = folder.join("comparison.xlsx");
            sheets::save(&mut answer, Some(&folder), &path, bytes)?;
        }
    }
    record.check()?;
    if args.format != ReportFormat::Text {
        // The texts say both themselves.
        answer.remarks.extend(unsettled(&record));
        answer.remarks.extend((!survival.is_empty()).then_some(survival));
    }
    Ok(answer)
}

/// What is said where an interrupt comes after the run folder is whole.
pub(super) fn after(answer: &Answer, failure: Failure) -> Failure {
    match (failure, &answer.folder) {
        (Failure::Interrupted, Some(folder)) => {
            let folder = quoted_path(&folder.shown());
            Failure::Paused(format!(
                "Interrupted; the run itself is whole: `fivep compare {folder}` tells it, and `fivep brief {folder}` writes its briefing."
            ))
        }
        (failure, _) => failure,
    }
}

/// Reads a run folder, keeps only the variants asked for, and compares over the months asked for.
fn read(path: &Path, options: &Options) -> Result<Record, Failure> {
    let late: Vec<&str> = options.given().into_iter().filter(|option| !matches!(*option, "--from" | "--to")).collect();
    if !late.is_empty() {
        let say = format!("error: {} cannot change a run that is finished", late.join(", "));
        let more = match options.replicates {
            Some(replicates) => format!("; `fivep run {} --replicates {replicates}` gives it more replicates", quoted_path(&path.shown())),
            None => String::new(),
        };
        return Err(fault(format!("{say}\nhelp: give the scenario instead of the run folder to simulate again{more}")));
    }
    let mut record = load(path)?;
    let (from, to) = (record.manifest.from, record.manifest.to);
    let window = (options.from.unwrap_or(record.manifest.window.0), options.to.unwrap_or(record.manifest.window.1));
    if window.0 < from || window.1 > to || window.0 > window.1 {
        let say = format!("error: {} to {} is no window of this run, which reports {from} to {to}", window.0, window.1);
        return Err(fault(format!("{say}\nhelp: give --from and --to within these months, in order")));
    }
    record.manifest.window = window;
    let Some(only) = &options.only else { return Ok(record) };
    let names: Vec<&str> = record.manifest.variants.iter().map(|variant| variant.name.as_str()).collect();
    let mut faults = String::new();
    for name in only.iter().map(|name| name.trim()).filter(|name| !names.contains(name)) {
        let near = nearest(name, names.iter().copied());
        let _ = writeln!(faults, "error: the run has no variant `{name}`{near}");
    }
    if !faults.is_empty() {
        let _ = write!(faults, "help: it has {}", names.join(", "));
        return Err(fault(faults));
    }
    // What the others are compared with stays beside those that are named, as where they are simulated.
    let others = only.iter().any(|name| name.trim() != "baseline");
    let wanted = |name: &str| only.iter().any(|only| only.trim() == name) || others && record.manifest.against.as_deref() == Some(name);
    let kept: Vec<usize> = (0..names.len()).filter(|v| *v == 0 || wanted(names[*v])).collect();
    Ok(record.showing(&kept))
}

/// The columns of CSV, and the fields of JSON.
const COLUMNS: [&str; 32] = [
    "variant",
    "ledger",
    "indicator",
    "unit",
    "difference_unit",
    "per",
    "baseline",
    "variant_value",
    "difference",
    "percent",
    "low_95",
    "high_95",
    "verdict",
    "stands_among_all",
    "p_value",
    "single_future_lower",
    "single_future_higher",
    "parameter_sets",
    "interval",
    "standard_error",
    "enough_replicates",
    "replicates_needed",
    "replicate_pairs",
    "lower",
    "higher",
    "equal",
    "pair_5",
    "pair_95",
    "variance_chance",
    "variance_inputs",
    "note",
    "against",
];

fn listing(record: &Record, comparison: &Comparison) -> Listing {
    let mut rows = Vec::new();
    for against in &comparison.variants {
        rows.extend(against.effects.iter().map(|effect| effect_row(record, against, effect)));
        rows.push(cost_row(record, against));
    }
    Listing { columns: COLUMNS.to_vec(), rows }
}

fn effect_row(record: &Record, against: &Against, effect: &Effect) -> Vec<Value> {
    let measure = effect.measure;
    let unit = unit_word(record, measure);
    let difference_unit = if measure.unit() == "share" { "share (0.01 is 1 percentage point)".to_owned() } else { unit.clone() };
    // Without an error there is no interval.
    let known = |value: f64| if effect.standard_error.is_some() { number(value) } else { Value::Null };
    let (enough, need) = match effect.enough {
        Enough::Yes => (json!(true), Value::Null),
        Enough::Need(u32::MAX) => (json!(false), Value::Null),
        Enough::Need(need) => (json!(false), json!(need)),
        Enough::Unknown => (Value::Null, Value::Null),
    };
    vec![
        json!(record.manifest.variants[against.variant].name),
        json!(ledger_word(measure.ledger())),
        json!(measure.name()),
        json!(unit),
        json!(difference_unit),
        json!(if measure.averaged() { "mean" } else { "year" }),
        number(effect.baseline),
        number(effect.variant),
        number(effect.difference),
        effect.percent().map_or(Value::Null, number),
        known(effect.low),
        known(effect.high),
        json!(verdict_word(effect.verdict)),
        json!(effect.stands),
        known(effect.p),
        number(effect.single.lower),
        number(effect.single.higher),
        json!(effect.sets),
        json!(record.manifest.parameters.interval()),
        effect.standard_error.map_or(Value::Null, number),
        enough,
        need,
        json!(effect.futures.all()),
        json!(effect.futures.lower),
        json!(effect.futures.higher),
        json!(effect.futures.equal),
        number(effect.spread.0),
        number(effect.spread.1),
        effect.split.map_or(Value::Null, |split| number(split.chance)),
        effect.split.map_or(Value::Null, |split| number(split.inputs)),
        Value::Null,
        json!(record.manifest.variants[0].name),
    ]
}

fn cost_row(record: &Record, against: &Against) -> Vec<Value> {
    let mut row = vec![Value::Null; COLUMNS.len()];
    let mut set = |column: &str, value: Value| {
        if let Some(place) = COLUMNS.iter().position(|name| *name == column) {
            row[place] = value;
        }
    };
    let unit = format!("{} per person-month averted", record.manifest.currency);
    set("variant", json!(record.manifest.variants[against.variant].name));
    set("ledger", json!(ledger_word(Ledger::Cost)));
    set("indicator", json!(COST_NAME));
    set("difference_unit", json!(unit));
    set("unit", json!(unit));
    set("per", json!("ratio"));
    set("interval", json!(record.manifest.parameters.interval()));
    set("against", json!(record.manifest.variants[0].name));
    match against.cost {
        CostPerMonth::Money { mean, range } => {
            set("variant_value", number(mean));
            set("low_95", range.map_or(Value::Null, |(low, _)| number(low)));
            set("high_95", range.map_or(Value::Null, |(_, high)| number(high)));
        }
        other => set("note", json!(details::cost_text(record, other))),
    }
    row
}

fn document(record: &Record, comparison: &Comparison) -> Value {
    let mut document = about(record);
    document["compared_from"] = json!(comparison.window.0.to_string());
    document["compared_to"] = json!(comparison.window.1.to_string());
    document["effects"] = json!(listing(record, comparison).objects());
    let worth = |against: &Against| {
        let name = &record.manifest.variants[against.variant].name;
        let one = |(worth, share): (&f64, &Single)| {
            let (low, high) = share.interval(share.higher);
            json!({ "variant": name, "worth": worth, "share_of_sets": share.higher, "low_95": low, "high_95": high })
        };
        comparison.worths.iter().zip(&against.acceptable).map(one).collect::<Vec<_>>()
    };
    document["acceptability"] = json!(comparison.variants.iter().flat_map(worth).collect::<Vec<_>>());
    document
}

#[cfg(test)]
mod tests {
    use super::super::details::tests::invented;
    use super::*;

    #[test]
    fn csv_has_a_row_per_variant_and_measure_with_units_and_verdicts() {
        let record = invented();
        let csv = listing(&record, &compare(&record, &HEADLINES, record.manifest.window)).csv();
        assert_eq!(csv.lines().count(), 1 + 2 * (HEADLINES.len() + 1));
        let row = |name: &str| csv.lines().find(|line| line.starts_with(&format!("package,{name},"))).expect("a row for each").to_owned();
        let people = row("truth,exploited");
        assert!(people.starts_with("package,truth,exploited,persons,persons,mean,") && people.contains(",uncertain,false,"), "{people}");
        assert!(row("truth,irregular_share").contains(",share,share (0.01 is 1 percentage point),mean,"), "{csv}");
        assert!(row("official,officials_convicted").contains(",same,"), "{csv}");
    }

    #[test]
    fn json_holds_the_answer_and_what_it_is_worth() {
        let record = invented();
        let document = document(&record, &compare(&record, &HEADLINES, record.manifest.window));
        assert_eq!(document["acceptability"].as_array().map(Vec::len), Some(12), "six sums for each of two variants");
        assert!(document["effects"][0]["single_future_lower"].is_number(), "{document}");
    }
}
