//! `fivep compare`: what each variant would change against the baseline, in both ledgers and in cost.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::funding::worst;
use super::listing::{Listing, number, pretty, width, wrapped};
use super::numbers::{Style, grouped};
use super::reference::run_if_any;
use super::run::{about, heading, ledger_title, ledger_word, unit_word, variant_heading, with_mark};
use super::simulate::{Options, simulate};
use super::structures;
use super::{Answer, CAVEAT, Failure, Format, brief, chart, fault, nearest};
use crate::analysis::bought::bought;
use crate::analysis::compare::{Against, Comparison, CostPerMonth, Effect, Enough, LEAST_PAIRS, Split, TooFew, compare};
use crate::analysis::measure::{HEADLINES, Measure};
use crate::briefing::bought::sentence as sentence_of;
use crate::briefing::phrases::Phrases;
use crate::charts::style::{legible, written};
use crate::charts::words::Words;
use crate::model::ledgers::indicators::{Better, Indicator, Ledger};
use crate::results::{Manifest, Record, VariantRecord, load};
use crate::scenario::Scenario;
use crate::scenario::sets::Choice;
use crate::scenario::{embedded, file_of};

/// The name of the derived cost in CSV and JSON.
const COST_NAME: &str = "cost_per_person_month_averted";

/// Options of `fivep compare`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep compare\n  fivep compare thailand-budget --replicates 50 --jobs 8\n  fivep compare my-question.toml --only no-package,protection-only\n  fivep compare output/thailand-2016/0001-1a2b3c4d --format csv > differences.csv\n  fivep compare latest --from 2018-01 --to 2019-12\n  fivep compare --indicators exploited,identified,spent_shelters\n  fivep compare borderland --brief\n  fivep compare thailand-2016 --against baseline"
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
    pub format: Format,
    /// Begin CSV with a byte order mark, for spreadsheets
    #[arg(long)]
    pub bom: bool,
    /// Every indicator instead of the headlines
    #[arg(long, conflicts_with = "indicators")]
    pub all: bool,
    /// Run structural alternatives too and tell whether the ranking survives: `all`, or pairs as `replacement=false`
    #[arg(long, value_name = "all|SWITCH=VALUE,...", value_delimiter = ',')]
    pub switches: Option<Vec<String>>,
    /// Draw all figures and write the briefing as well, as `chart` and `brief` do, into the run folder
    #[arg(long)]
    pub brief: bool,
    /// The variant that the others are compared with [default: the one that the scenario names, else the baseline]
    #[arg(long, value_name = "VARIANT")]
    pub against: Option<String>,
    /// These indicators instead of the headlines, as `fivep indicators` lists them
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub indicators: Option<Vec<String>>,
}

/// Simulates or reads, then compares.
///
/// # Errors
/// The scenario's faults, what the disk refuses, or an interrupt; for a run folder, options that come too late.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
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
    let (record, folder) = match run {
        Some(run) => (read(&run, &options)?, run),
        None => simulate(&args.scenario, &options, &mut answer.remarks)?,
    };
    let wanted = args.format == Format::Text || args.against.is_some() || record.manifest.against.is_some();
    let mut scenario = if wanted { chart::scenario(&folder, &mut answer) } else { None };
    let (record, _) = referred(record, scenario.as_mut(), args.against.as_deref())?;
    let comparison = compare(&record, &measures, record.manifest.window);
    answer.folder = Some(folder);
    let survival = match &structures {
        // What is known already is told all the same.
        Some(structures) => structures::survival(&args.scenario, &options, &record, structures).unwrap_or_else(|failure| {
            answer.failure = Some(after(&answer, failure));
            String::new()
        }),
        None => String::new(),
    };
    match args.format {
        Format::Text => {
            answer.text = text(&record, &comparison, scenario.as_ref()) + &survival;
        }
        Format::Json => answer.text = pretty(&document(&record, &comparison)),
        Format::Csv => {
            answer.text = with_mark(args.bom, &listing(&record, &comparison));
            answer.remarks.push(CAVEAT.to_owned());
        }
    }
    record.check()?;
    if args.format != Format::Text && !survival.is_empty() {
        answer.remarks.push(survival);
    }
    if args.brief && answer.failure.is_none() {
        let drawn = brief::with_charts(&mut answer, args.against.as_deref());
        answer.failure = drawn.err().map(|failure| after(&answer, failure));
    }
    Ok(answer)
}

/// What is said where an interrupt comes after the run folder is whole.
fn after(answer: &Answer, failure: Failure) -> Failure {
    match (failure, &answer.folder) {
        (Failure::Interrupted, Some(folder)) => {
            let folder = folder.display();
            Failure::Paused(format!(
                "Interrupted; the run itself is whole: `fivep compare {folder}` tells it, and `fivep brief {folder}` writes its briefing."
            ))
        }
        (failure, _) => failure,
    }
}

/// The measures asked for by name, all of them, or nothing where the headlines will do.
///
/// # Errors
/// Every name that is no indicator, with the nearest one that is.
pub fn measures(names: Option<&[String]>, all: bool) -> Result<Option<Vec<Measure>>, Failure> {
    let Some(names) = names else { return Ok(all.then(Measure::all)) };
    let mut faults = String::new();
    let mut found: Vec<Measure> = Vec::new();
    for name in names {
        match Measure::named(name.trim()) {
            Some(measure) if !found.contains(&measure) => found.push(measure),
            Some(_) => {}
            None => {
                let near = nearest(name, Measure::all().into_iter().map(Measure::name));
                let _ = writeln!(faults, "error: there is no indicator `{name}`{near}");
            }
        }
    }
    if !faults.is_empty() {
        faults.push_str("help: `fivep indicators` lists them all");
        return Err(fault(faults));
    }
    let everything = Measure::all();
    found.sort_by_key(|measure| everything.iter().position(|other| other == measure));
    Ok(Some(found))
}

/// The run folder that `reference` means; nothing where it is a scenario, which goes before a run of the same name.
///
/// # Errors
/// A fault where it means more than one; what the disk refuses.
pub fn finished(reference: &str, options: &Options) -> Result<Option<PathBuf>, Failure> {
    let path = Path::new(reference);
    let manifest = path.file_name().is_some_and(|name| name == "manifest.toml");
    let scenario = embedded().iter().any(|(name, _)| *name == reference) || file_of(reference).is_file() && !manifest;
    if scenario { Ok(None) } else { run_if_any(path, &options.output) }
}

/// The record as it is compared: with the variant in the baseline's place that was asked for or, without that, that its scenario names;
/// and what that variant is called in pictures, where it is not the baseline.
///
/// # Errors
/// A fault where there is no such variant.
pub fn referred(record: Record, scenario: Option<&mut Scenario>, asked: Option<&str>) -> Result<(Record, Option<String>), Failure> {
    // What `--only` left out of a run cannot be compared with.
    let shown = |name: &&str| record.manifest.variants.iter().any(|variant| variant.name == *name);
    let name = asked.or_else(|| record.manifest.against.as_deref().filter(shown)).unwrap_or("baseline").to_owned();
    if record.manifest.variants.first().is_some_and(|first| first.name == name) {
        return Ok((record, None));
    }
    let record = against(record, scenario, &name)?;
    let title = &record.manifest.variants[0].title;
    let title = if title.trim().is_empty() || !legible(title) { name } else { written(title) };
    Ok((record, Some(title)))
}

/// The same record with the variant called `name` in the baseline's place, and the scenario's variants in the order of the record's; what
/// hangs on assumed levers is told anew, as far as the scenario is at hand.
///
/// # Errors
/// A fault where there is no such variant.
fn against(record: Record, scenario: Option<&mut Scenario>, name: &str) -> Result<Record, Failure> {
    let names: Vec<&str> = record.manifest.variants.iter().map(|variant| variant.name.as_str()).collect();
    let Some(first) = names.iter().position(|known| *known == name) else {
        let near = nearest(name, names.iter().copied());
        return Err(fault(format!("error: the run has no variant `{name}` to compare with{near}\nhelp: it has {}", names.join(", "))));
    };
    let order: Vec<usize> = [first].into_iter().chain((0..names.len()).filter(|variant| *variant != first)).collect();
    let mut record = record.showing(&order);
    if let Some(scenario) = scenario {
        let known = |shown: &VariantRecord| scenario.variants.iter().find(|variant| variant.name == shown.name).cloned();
        let found: Option<Vec<_>> = record.manifest.variants.iter().map(known).collect();
        if let Some(variants) = found {
            scenario.variants = variants;
            record.manifest.variants = Manifest::of(scenario).variants;
        }
    }
    Ok(record)
}

/// What the others are compared with, in a sentence.
#[must_use]
pub fn reference(record: &Record) -> String {
    let name = &record.manifest.variants[0].name;
    if name == "baseline" { "the baseline".to_owned() } else { format!("`{name}`") }
}

/// Reads a run folder, keeps only the variants asked for, and compares over the months asked for.
fn read(path: &Path, options: &Options) -> Result<Record, Failure> {
    let late: Vec<&str> = options.given().into_iter().filter(|option| !matches!(*option, "--from" | "--to")).collect();
    if !late.is_empty() {
        let say = format!("error: {} cannot change a run that is finished", late.join(", "));
        return Err(fault(format!("{say}\nhelp: give the scenario instead of the run folder to simulate again")));
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

fn text(record: &Record, comparison: &Comparison, scenario: Option<&Scenario>) -> String {
    let paragraph = width().min(100);
    let mut out = heading(record);
    let (from, to) = comparison.window;
    let _ = writeln!(out, "\nCompared from {from} to {to}. Flows are told a year, stocks and shares are means over these months.");
    if comparison.variants.is_empty() {
        out.push_str("\nThere is only the baseline, so there is nothing to compare.\n\n");
    }
    if comparison.variants.len() > 1 {
        out.push_str(&at_a_glance(record).replacen("the baseline", &reference(record), 1));
    }
    for against in &comparison.variants {
        out.push_str(&variant_heading(record, against.variant));
        out.push_str(&in_short(record, against, paragraph));
        out.push_str(&effects_text(record, against));
    }
    out.push_str(&what_money_bought(record, scenario, paragraph));
    let unpaid = scenario.map(worst).unwrap_or_default();
    if !unpaid.is_empty() {
        out.push_str("\n\nWHAT THE MONEY DOES NOT REACH\n");
        for say in unpaid {
            out.push_str(&wrapped(&say, 0, paragraph));
        }
    }
    out.push('\n');
    if !comparison.variants.is_empty() {
        let n = record.manifest.replicates;
        let pairs = if n == 1 { "the only paired future".to_owned() } else { format!("{n} paired futures") };
        let say = format!(
            "Ranges run from the 5th to the 95th percentile of the paired differences in {pairs}: {}. \
             s.e. is the Monte Carlo standard error of the mean difference.",
            interval_note(record)
        );
        out.push_str(&wrapped(&say, 0, paragraph));
        out.push_str(&wrapped(&replicates_note(record, comparison), 0, paragraph));
        if comparison.variants.iter().flat_map(|against| &against.effects).any(|effect| effect.too_few.is_some()) {
            let say = "Too few: the scale alone would move such a yearly count by the share given (groups found together would move it more).";
            out.push_str(&wrapped(say, 0, paragraph));
        }
    }
    out.push_str(&wrapped(CAVEAT, 0, paragraph));
    out
}

/// One line per variant: people exploited, victims counted, money spent; ranges before points.
fn at_a_glance(record: &Record) -> String {
    let asked = [Indicator::Exploited, Indicator::Identified, Indicator::Spent, Indicator::RemovedUnassisted].map(Measure::Indicator);
    let all = compare(record, &asked, record.manifest.window);
    let name = |against: &Against| record.manifest.variants[against.variant].name.as_str();
    let names = all.variants.iter().map(|against| name(against).chars().count()).max().unwrap_or(0).max(14);
    let currency = &record.manifest.currency;
    let heads = ["people exploited", "victims identified a year", &format!("spent, {currency} m a year")].map(|head| format!("  {head:>28}"));
    let mut out = format!(
        "\n\nAT A GLANCE: differences to the baseline, 5th to 95th percentile and mean, {};\n? where the range includes 0 or there are fewer than five pairs, so that the model cannot tell more from fewer;\nbelow each, exploited people a year who are removed from the country without help\n\n{:<names$}{}\n",
        record.manifest.parameters.interval(),
        "",
        heads.concat()
    );
    for against in &all.variants {
        let _ = write!(out, "{:<names$}", name(against));
        let [shown @ .., removed] = &against.effects[..] else { continue };
        for effect in shown {
            let _ = write!(out, "  {:>28}", glance(record, effect));
        }
        let _ = writeln!(out, "\n{:<names$}  {:>28}", "  removed", glance(record, removed));
    }
    out
}

/// A difference in one cell.
fn glance(record: &Record, effect: &Effect) -> String {
    let style = finer_style(record, effect);
    if effect.too_few.is_some() {
        "too few".to_owned()
    } else if effect.futures.equal == effect.futures.all() {
        "no difference".to_owned()
    } else if effect.futures.all() == 1 {
        format!("{} (one pair)", style.difference(effect.difference))
    } else {
        let tell = if effect.ambiguous() { "?" } else { "" };
        format!("{} to {}, {}{tell}", style.difference(effect.low), style.difference(effect.high), style.difference(effect.difference))
    }
}

/// What the asterisks say.
fn replicates_note(record: &Record, comparison: &Comparison) -> String {
    if record.manifest.replicates == 1 {
        return "One replicate tells nothing about chance; use --replicates 20 or more.".to_owned();
    }
    let rule = "A mean difference is settled once its standard error is at most a quarter of it or half a percent of what it is compared with";
    let shown = comparison.variants.iter().flat_map(|against| &against.effects).filter(|effect| effect.too_few.is_none());
    let shown: Vec<Enough> = shown.map(|effect| effect.enough).collect();
    let (settled, all) = comparison.settled();
    if all == 0 {
        return "Nothing here tells whether there are enough replicates; use --replicates 20 or more, or a smaller --scale.".to_owned();
    }
    if settled == all {
        return format!("{rule}: here all are, so there are enough replicates.");
    }
    let mut needs: Vec<u32> = shown.iter().filter_map(|enough| if let Enough::Need(need) = enough { Some(*need) } else { None }).collect();
    needs.sort_unstable();
    let half = needs[needs.len() / 2];
    let open = needs.len();
    format!(
        "{rule}: here {settled} of {all} are. * marks the other {open}; about {} replicates would settle half of them.",
        grouped(f64::from(half), 0)
    )
}

/// Two sentences: what would become of the people, and what the government would count.
fn in_short(record: &Record, against: &Against, width: usize) -> String {
    let headline = [Indicator::Exploited, Indicator::RemovedUnassisted, Indicator::Identified].map(Measure::Indicator);
    let all = compare(record, &headline, record.manifest.window);
    let Some(effects) = all.variants.iter().find(|other| other.variant == against.variant).map(|other| &other.effects) else { return String::new() };
    let [people, removed, count] = &effects[..] else { return String::new() };
    let nothing = |effect: &Effect| effect.futures.equal == effect.futures.all();
    if nothing(people) && nothing(count) && nothing(removed) {
        return format!("Neither the people exploited nor the victims counted would differ from {} in any future.\n", reference(record));
    }
    let first = beside(record, people, removed);
    let second = sentence(record, count, "victims a year officially identified");
    let mut out = wrapped(&format!("{first} {second}"), 0, width);
    if let Some(share) = people.split.and_then(Split::inputs_share) {
        let say = format!(
            "Of the variance of the difference in people exploited, {:.0} % comes from uncertain inputs, the rest from chance.",
            share * 100.0
        );
        out.push_str(&wrapped(&say, 0, width));
    }
    out.push_str(&wrapped(&evidence(record, against), 0, width));
    out
}

/// The sentence on people exploited, with those removed without help where their number changes beyond chance: driving people out must not read as
/// freeing them.
fn beside(record: &Record, people: &Effect, removed: &Effect) -> String {
    let said = sentence(record, people, "people exploited");
    let clear = removed.futures.equal < removed.futures.all() && !removed.ambiguous();
    if !clear {
        return said;
    }
    let style = finer_style(record, removed);
    let rises = removed.difference > 0.0;
    let fewer = people.difference < 0.0 && !people.ambiguous();
    let (times, all) = (if rises { removed.futures.higher } else { removed.futures.lower }, removed.futures.all());
    format!(
        "{}, {} {} to {}, mean {} exploited people a year removed from the country without help ({} in {times} of {all}).",
        said.strip_suffix('.').unwrap_or(&said),
        if rises && fewer { "but" } else { "and" },
        style.difference(removed.low),
        style.difference(removed.high),
        style.difference(removed.difference),
        if rises { "more" } else { "fewer" },
    )
}

/// What money bought, a sentence for each variant whose budget differs.
fn what_money_bought(record: &Record, scenario: Option<&Scenario>, width: usize) -> String {
    let (Some(words), Some(phrases)) = (Words::embedded("en"), Phrases::embedded("en")) else { return String::new() };
    let all = bought(record, scenario, record.manifest.window);
    if all.is_empty() {
        return String::new();
    }
    let phrases = if reference(record) == "the baseline" { phrases } else { phrases.against(&record.manifest.variants[0].name) };
    let mut out = format!("\n\nWHAT THE MONEY BOUGHT\n{}\n", wrapped(phrases.word("bought.lead"), 0, width));
    for one in &all {
        let name = &record.manifest.variants[one.variant].name;
        // The terminal writes a plain hyphen for minus, as everywhere else in this answer.
        out.push_str(&wrapped(&sentence_of(&words, &phrases, one, name, &record.manifest.currency).replace('−', "-"), 0, width));
    }
    out
}

/// Whether the answer hangs on levers whose effect nobody has measured.
fn evidence(record: &Record, against: &Against) -> String {
    let assumed = &record.manifest.variants[against.variant].assumed;
    match assumed.len() {
        0 => String::new(),
        1..=4 => format!("It hangs on assumed lever effects: {}.", assumed.join(", ")),
        more => format!("It hangs on assumed lever effects: {} and {} more.", assumed[..3].join(", "), more - 3),
    }
}

/// What an interval is about, in words.
fn interval_note(record: &Record) -> String {
    match record.manifest.parameters {
        Choice::Best => "chance only, the same assumptions with other luck".to_owned(),
        Choice::Posterior => format!(
            "{}, every two replicates under calibrated parameters drawn anew (posterior; the others keep their values, and --parameters wide draws those too)",
            Choice::Posterior.interval()
        ),
        choice => format!("{}, every two replicates under parameters drawn anew ({})", choice.interval(), choice.word()),
    }
}

fn sentence(record: &Record, effect: &Effect, what: &str) -> String {
    let style = finer_style(record, effect);
    let all = effect.futures.all();
    if effect.too_few.is_some() {
        return format!("Too few {what} at this scale to tell a mean.");
    }
    if effect.futures.equal == all {
        return format!("As many {what} as {} in all {all} paired futures.", under(record));
    }
    let figures = format!("{} to {}, mean {}", style.difference(effect.low), style.difference(effect.high), style.difference(effect.difference));
    if all == 1 {
        return format!("The only paired future has {} {what}: one pair cannot tell chance from effect.", style.difference(effect.difference));
    }
    let fewer = effect.difference < 0.0;
    let (word, times) = if fewer { ("Fewer", effect.futures.lower) } else { ("More", effect.futures.higher) };
    if effect.ambiguous() {
        let word = word.to_lowercase();
        let why = if all < LEAST_PAIRS { " Fewer than five pairs tell no sign." } else { "" };
        return format!(
            "The model cannot tell whether there would be more or fewer {what} than {}: {figures}; {word} in {times} of {all} paired futures.{why}",
            under(record)
        );
    }
    format!("{word} {what} than {} in {times} of {all} paired futures: {figures}.", under(record))
}

/// Where the others are compared with it, in a sentence.
fn under(record: &Record) -> String {
    let reference = reference(record);
    if reference == "the baseline" { format!("in {reference}") } else { format!("under {reference}") }
}

fn style(record: &Record, effect: &Effect) -> Style {
    Style::of(effect.measure, &record.manifest.currency, effect.baseline.abs().max(effect.variant.abs()))
}

/// The style of an effect's differences.
fn finer_style(record: &Record, effect: &Effect) -> Style {
    let size = [effect.low, effect.high, effect.difference].into_iter().filter(|value| value.is_finite()).fold(0.0, |a: f64, b| a.max(b.abs()));
    style(record, effect).finer(size)
}

fn effects_text(record: &Record, against: &Against) -> String {
    let mut out = String::new();
    let names = against.effects.iter().map(|effect| effect.measure.name().len()).max().unwrap_or(0).max(18);
    let units = against.effects.iter().map(|effect| style(record, effect).unit.len()).max().unwrap_or(0).max(14);
    let widths = (names, units);
    let mut ledger = None;
    for effect in &against.effects {
        if ledger != Some(effect.measure.ledger()) {
            ledger = Some(effect.measure.ledger());
            out.push_str(&ledger_heading(record, effect.measure.ledger(), widths));
        }
        out.push_str(&effect_line(record, effect, widths));
    }
    if ledger != Some(Ledger::Cost) {
        out.push_str(&ledger_heading(record, Ledger::Cost, widths));
    }
    let _ = writeln!(out, "{:<names$} {}", "per month averted", cost_text(record, against.cost));
    out
}

fn ledger_heading(record: &Record, ledger: Ledger, (names, units): (usize, usize)) -> String {
    let words = if ledger == Ledger::Official { ["higher", "lower", "equal"] } else { ["better", "worse", "equal"] };
    format!(
        "\n{:<names$} {:<units$}{:>11}{:>11}  {:>23}{:>10}{:>9} {:>7}{:>6}{:>6}\n",
        ledger_title(ledger),
        "",
        if reference(record) == "the baseline" { "baseline" } else { "reference" },
        "variant",
        "difference, 5 to 95 %",
        "mean",
        "s.e.",
        words[0],
        words[1],
        words[2]
    )
}

fn effect_line(record: &Record, effect: &Effect, (names, units): (usize, usize)) -> String {
    let (style, finer) = (style(record, effect), finer_style(record, effect));
    let mut out = format!("{:<names$} {:<units$}", effect.measure.name(), style.unit);
    if let Some(few) = effect.too_few {
        let _ = writeln!(out, "  {}", too_few_text(few));
        return out;
    }
    let mark = if matches!(effect.enough, Enough::Need(_)) { "*" } else { "" };
    let error = effect.standard_error.map_or("-".to_owned(), |error| format!("{}{mark}", finer.value(error)));
    let (first, second) = if effect.measure.ledger() == Ledger::Official {
        (effect.futures.higher, effect.futures.lower)
    } else {
        effect.futures.judged(effect.measure.better()).unwrap_or((effect.futures.higher, effect.futures.lower))
    };
    // A truth indicator without a better way is told with the same columns, marked by the words.
    let neutral = effect.measure.ledger() != Ledger::Official && effect.measure.better() == Better::None;
    let (first, second) = if neutral { (format!("{first} up"), format!("{second} dn")) } else { (first.to_string(), second.to_string()) };
    let _ = writeln!(
        out,
        "{:>11}{:>11}  {:>10} to {:>9}{:>10}{:>9} {:>7}{:>6}{:>6}",
        style.value(effect.baseline),
        style.value(effect.variant),
        finer.difference(effect.low),
        finer.difference(effect.high),
        finer.difference(effect.difference),
        error,
        first,
        second,
        effect.futures.equal
    );
    out
}

fn too_few_text(few: TooFew) -> String {
    let remedy = few.scale.map_or("use more replicates".to_owned(), |scale| format!("use --scale {scale}"));
    if few.one_replicate.is_finite() {
        format!("too few at this scale; {remedy} (one replicate's year: +-{} %)", grouped(few.one_replicate * 100.0, 0))
    } else {
        "too few at this scale: none were counted in either of the two".to_owned()
    }
}

fn cost_text(record: &Record, cost: CostPerMonth) -> String {
    let currency = &record.manifest.currency;
    match cost {
        CostPerMonth::Money { mean, range } => {
            let range = range.map_or(String::new(), |(low, high)| format!("{} to {}, mean ", grouped(low, 0), grouped(high, 0)));
            let saves = if mean < 0.0 { format!(" (it would spend less than {})", reference(record)) } else { String::new() };
            format!("{range}{} {currency} for each person-month averted{saves}", grouped(mean, 0))
        }
        CostPerMonth::CannotTell => {
            "cannot tell: the range of the difference in person_months includes 0, or there are fewer than five pairs".to_owned()
        }
        CostPerMonth::AddsExploitation => "none averted: person_months would rise".to_owned(),
    }
}

/// The columns of CSV, and the fields of JSON.
const COLUMNS: [&str; 27] = [
    "variant",
    "ledger",
    "indicator",
    "unit",
    "per",
    "baseline",
    "variant_value",
    "difference",
    "low_5",
    "high_95",
    "interval",
    "standard_error",
    "enough_replicates",
    "replicates_needed",
    "paired_futures",
    "better",
    "worse",
    "higher",
    "lower",
    "equal",
    "one_replicate_variation",
    "note",
    "ambiguous_sign",
    "variance_chance",
    "variance_inputs",
    "assumed_levers",
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
    let shown = |value: f64| if effect.too_few.is_some() { Value::Null } else { number(value) };
    let judged = if measure.ledger() == Ledger::Official { None } else { effect.futures.judged(measure.better()) };
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
        json!(unit_word(record, measure)),
        json!(if measure.averaged() { "mean" } else { "year" }),
        shown(effect.baseline),
        shown(effect.variant),
        shown(effect.difference),
        shown(effect.low),
        shown(effect.high),
        json!(record.manifest.parameters.interval()),
        effect.standard_error.map_or(Value::Null, shown),
        enough,
        need,
        json!(effect.futures.all()),
        judged.map_or(Value::Null, |(better, _)| json!(better)),
        judged.map_or(Value::Null, |(_, worse)| json!(worse)),
        json!(effect.futures.higher),
        json!(effect.futures.lower),
        json!(effect.futures.equal),
        effect.too_few.map_or(Value::Null, |few| number(few.one_replicate)),
        effect.too_few.map_or(Value::Null, |few| json!(too_few_text(few))),
        json!(effect.ambiguous()),
        effect.split.map_or(Value::Null, |split| shown(split.chance)),
        effect.split.map_or(Value::Null, |split| shown(split.inputs)),
        json!(record.manifest.variants[against.variant].assumed.join(" ")),
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
    set("variant", json!(record.manifest.variants[against.variant].name));
    set("ledger", json!("cost"));
    set("indicator", json!(COST_NAME));
    set("unit", json!(format!("{} per person-month averted", record.manifest.currency)));
    set("per", json!("ratio"));
    set("interval", json!(record.manifest.parameters.interval()));
    set("paired_futures", json!(record.manifest.replicates));
    set("against", json!(record.manifest.variants[0].name));
    match against.cost {
        CostPerMonth::Money { mean, range } => {
            set("variant_value", number(mean));
            set("low_5", range.map_or(Value::Null, |(low, _)| number(low)));
            set("high_95", range.map_or(Value::Null, |(_, high)| number(high)));
        }
        other => set("note", json!(cost_text(record, other))),
    }
    row
}

fn document(record: &Record, comparison: &Comparison) -> Value {
    let mut document = about(record);
    document["compared_from"] = json!(comparison.window.0.to_string());
    document["compared_to"] = json!(comparison.window.1.to_string());
    document["effects"] = json!(listing(record, comparison).objects());
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::record;

    fn invented() -> Record {
        record(&["baseline", "package", "package-without-courts"], 20, |variant, replicate, row| {
            let (variant, luck) = (f64::from(u8::try_from(variant).expect("three variants")), f64::from(replicate % 5));
            row.set(Indicator::Exploited, 113_215.0 + 900.0 * luck - variant * (760.0 - 420.0 * luck));
            row.set(Indicator::PersonMonths, 113_000.0 - variant * (300.0 + 20.0 * luck));
            row.set(Indicator::IrregularShare, 0.3712 - 0.01 * variant * luck);
            row.set(Indicator::Identified, 55.0 + variant * (5.0 + luck));
            row.set(Indicator::OfficialsConvicted, 0.1);
            row.set(Indicator::CaseMonths, 300.0 + luck);
            row.set(Indicator::CasesDecided, 30.0);
            row.set(Indicator::Spent, 2.16e8 + 5.1e7 * variant);
        })
    }

    fn shown() -> String {
        let record = invented();
        text(&record, &compare(&record, &HEADLINES, record.manifest.window), None)
    }

    #[test]
    fn the_table_tells_ranges_before_points_in_three_groups() {
        let text = shown();
        println!("{text}");
        let places: Vec<usize> =
            ["TRUTH LEDGER", "OFFICIAL LEDGER", "COST"].iter().map(|title| text.find(title).expect("all three groups")).collect();
        assert!(places.is_sorted());
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("More victims a year officially identified than in the baseline in 20 of 20 paired futures: +60 to +108, mean +84."));
        assert!(words.contains("chance only") && words.ends_with(CAVEAT));
        assert!(text.lines().all(|line| line.chars().count() <= 120), "no line is wider than 120 columns");
    }

    /// Fewer exploited because more are driven out reads as that, in the first sentence.
    #[test]
    fn removal_without_help_stands_in_the_first_sentence() {
        let record = record(&["baseline", "crackdown"], 8, |variant, replicate, row| {
            let policy = if variant == 1 { 1.0 + f64::from(replicate) / 10.0 } else { 0.0 };
            row.set(Indicator::Exploited, 50_000.0 - 900.0 * policy);
            row.set(Indicator::RemovedUnassisted, 100.0 + 200.0 * policy);
        });
        let comparison = compare(&record, &HEADLINES, record.manifest.window);
        let said = in_short(&record, &comparison.variants[0], 10_000);
        let first = said.split(". ").next().expect("a sentence");
        assert!(first.starts_with("Fewer people exploited than in the baseline in 8 of 8"), "{said}");
        assert!(
            first.ends_with("exploited people a year removed from the country without help (more in 8 of 8)") && first.contains(", but +2,"),
            "{said}"
        );
    }

    #[test]
    fn csv_has_a_row_per_variant_and_measure_and_hides_what_is_too_few() {
        let record = invented();
        let csv = listing(&record, &compare(&record, &HEADLINES, record.manifest.window)).csv();
        assert_eq!(csv.lines().count(), 1 + 2 * (HEADLINES.len() + 1));
        let few = csv.lines().find(|line| line.contains("officials_convicted")).expect("a row for each");
        assert!(few.starts_with("package,official,officials_convicted,persons,year,,,,,,chance only,"), "{few}");
    }
}
