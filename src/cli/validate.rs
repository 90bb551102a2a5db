//! `fivep validate`: the model beside everything that was published, and what the data say of the parameters.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::{Listing, cell_of_markdown, number, width, wrapped};
use super::numbers::figure;
use super::options::Parameters;
use super::pictures::{Kind, words, write};
use super::simulate::{STOP, progress_bar, threads, watch_for_interrupts};
use super::since::{Since, series};
use super::warnings::warnings;
use super::{Answer, CAVEAT, Failure, ListFormat, VERSION, fault, memory, shard};
use crate::calibration::kept::Kept;
use crate::calibration::posterior::Moved;
use crate::calibration::skill::{forecasts, skill};
use crate::calibration::validation::{Check, Line, Told, Verdict, alternatives, fingerprint, patterns as of_patterns, switched, tally, validate};
use crate::charts::patterns;
use crate::draws::fnv;
use crate::ensemble::{Progress, Shard};
use crate::quantities::Month;
use crate::results::whole;
use crate::scenario::sets::Posterior;
use crate::scenario::targets::{Against, Expected, Target, Use};
use crate::scenario::{self, Overrides, ParameterNote, Problem, Published, Scenario, Shown as _};

/// Where the section of a document begins and ends.
const BEGIN: &str = "<!-- fivep validate -->";
const END: &str = "<!-- end -->";

/// Where what was read of replicates is kept until the validation is told.
const KEPT: &str = "output/validation";

/// Options of `fivep validate`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep validate\n  fivep validate --replicates 40 --format csv > validation.csv\n  fivep validate borderland --switches\n  fivep validate --external\n  fivep validate --observed published-since.csv\n  fivep validate --update docs/VALIDATION.md"
)]
pub struct Args {
    /// A scenario file, or the name of a shipped scenario; its baseline is held against its country's targets
    #[arg(default_value = "thailand-2016")]
    pub scenario: String,
    /// How many replicates instead of the scenario's
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub replicates: Option<u32>,
    /// How many persons one agent stands for, instead of the scenario's
    #[arg(long, value_name = "N")]
    pub scale: Option<f64>,
    /// The seed instead of the scenario's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Which parameter values, as in `fivep run`
    #[arg(long, value_name = "WHICH", value_enum)]
    pub parameters: Option<Parameters>,
    /// How many threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// Hold the model against what was published of other countries and of the world (class E) instead: what nobody fitted
    #[arg(long, conflicts_with = "switches")]
    pub external: bool,
    /// Hold the model against the yearly figures of this file, laid out as a country's observed.csv, instead of those that it knows: years that were published
    /// since, say. The run goes on to the last of them; nothing is fitted
    #[arg(long, value_name = "FILE", conflicts_with_all = ["external", "switches", "update", "figures", "fingerprint"])]
    pub observed: Option<PathBuf>,
    /// Hold every structural alternative against the targets too
    #[arg(long)]
    pub switches: bool,
    /// How the table is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Write the tables between the marks `<!-- fivep validate -->` and `<!-- end -->` of this file
    #[arg(long, value_name = "FILE")]
    pub update: Option<PathBuf>,
    /// Draw one figure for each class of targets into this folder, as SVG and PNG
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    /// Simulate and keep this share of the replicates only, as in 3/16 or auto; the same command without it then tells of all
    #[arg(long, value_name = "K/N", conflicts_with_all = ["update", "figures", "fingerprint"])]
    pub shard: Option<String>,
    /// Print only the number that changes whenever what decides the tables does; nothing is simulated at length
    #[arg(long, conflicts_with_all = ["update", "switches", "figures"])]
    pub fingerprint: bool,
}

/// Validates.
///
/// # Errors
/// The faults of the scenario, its country and its targets, what the disk refuses, or an interrupt.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let shard = args.shard.as_deref().map(shard::asked).transpose()?;
    let overrides = Overrides {
        replicates: args.replicates,
        scale: args.scale,
        seed: args.seed,
        parameters: args.parameters.map(Parameters::choice),
        only: Some(vec!["baseline".to_owned()]),
        ..Overrides::default()
    };
    if let Some(file) = &args.observed {
        return observed(args, file, overrides, shard);
    }
    let scenario = scenario::load(&args.scenario, &overrides)?;
    let mut targets = scenario::targets_of(&scenario)?;
    targets.retain(|target| (target.purpose == Use::External) == args.external);
    if targets.is_empty() {
        let help = if args.external {
            "add targets with use = \"E\" to its targets.toml, or leave out `--external`"
        } else {
            "add targets with use = \"C\" (may be fitted) or \"V\" (held out) to its targets.toml: docs/NEW-COUNTRY.md says how"
        };
        return Err(fault(format!("error: the country of `{}` has no targets of this class\nhelp: {help}", scenario.name)));
    }
    let print = fingerprint(&scenario, &targets);
    if args.fingerprint {
        return Ok(Answer::text(format!("{print}\n")));
    }
    // What cannot be written is better known before minutes of work.
    let document = args.update.as_deref().map(section).transpose()?;
    let (notes, posterior) = (scenario::notes(&scenario)?, scenario::posterior_of(&scenario)?);
    let class = if args.external { "-external" } else { "" };
    let mut kept = kept(&scenario, class, shard);
    let known = scenario::published(&scenario);
    let Told { lines, mut checks } = simulated(&scenario, &targets, &known, &mut kept, args.jobs)?;
    if args.external {
        // The country's own series stand in the other document.
        checks.clear();
    }
    let structures = if args.switches { alternatives() } else { vec![] };
    let structures: Vec<((&str, &str), Vec<Line>)> = structures
        .into_iter()
        .map(|switch| Ok((switch, simulated(&switched(&scenario, switch), &targets, &known, &mut kept, args.jobs)?.lines)))
        .collect::<Result<_, Failure>>()?;
    if shard.is_some() {
        return share_kept(kept);
    }
    let parts = Parts {
        scenario: &scenario,
        lines: &lines,
        checks: &checks,
        structures: &structures,
        external: args.external,
        notes: &notes,
        posterior: posterior.as_ref(),
        print: &print,
    };
    let mut answer = Answer::text(listing(&lines).render(args.format, || parts.text()));
    answer.remarks.extend(warnings(&scenario).into_iter().map(|warning| format!("{warning}\n")));
    if let Some(problem) = &kept.refused {
        let (Problem::Fault(text) | Problem::World(text)) = problem;
        answer.remarks.push(format!("Nothing was kept for the case of an interrupt: {}", text.trim_start_matches("error: ")));
    }
    let section = args.update.as_deref().zip(document);
    let written = written(args, section, &parts, &mut answer.remarks);
    if written.is_ok() {
        // Last of all: where something above is refused, nothing has to be simulated again.
        kept.clear();
    }
    Ok(answer.after(written))
}

/// Writes what is asked for beside the answer, and tells `remarks` of it.
fn written(args: &Args, section: Option<(&Path, (String, String))>, parts: &Parts<'_>, remarks: &mut Vec<String>) -> Result<(), Failure> {
    if let Some((path, (before, after))) = section {
        whole::write(path, format!("{before}{BEGIN}\n\n{}\n{END}{after}", parts.markdown()))?;
        remarks.push(format!("The section of {} is fresh.", path.shown()));
    }
    if let Some(folder) = &args.figures {
        let words = words("en")?;
        for figure in [Use::Calibrate, Use::Validate, Use::External]
            .into_iter()
            .filter_map(|purpose| patterns::draw(parts.lines, purpose, &parts.about(), &words))
        {
            for path in write(folder, None, &figure, &[Kind::Svg, Kind::Png])? {
                remarks.push(format!("Drawn: {}", path.shown()));
            }
        }
    }
    Ok(())
}

/// Tells how a run holds against the figures of `file`, to the last of which it goes on.
fn observed(args: &Args, file: &Path, overrides: Overrides, shard: Option<Shard>) -> Result<Answer, Failure> {
    let mut scenario = scenario::load(&args.scenario, &overrides)?;
    let figures = scenario::published_in(file)?;
    if let Some(last) = figures.iter().map(|of| Month::new(of.year, 12)).max().filter(|last| *last > scenario.to) {
        scenario = scenario::load(&args.scenario, &Overrides { to: Some(last), ..overrides })?;
    }
    let mut kept = kept(&scenario, "-observed", shard);
    let checks = simulated(&scenario, &[], &figures, &mut kept, args.jobs)?.checks;
    if shard.is_some() {
        return share_kept(kept);
    }
    if checks.is_empty() {
        let help = format!("the run covers {} to {}, and a figure is held against a whole calendar year of it", scenario.from, scenario.to);
        return Err(fault(format!("error: no figure of the file lies in a year of the run\nhelp: {help}")));
    }
    let since = Since::of(&checks, &scenario::published(&scenario), figures.len());
    let mut answer = Answer::text(since.listing().render(args.format, || since.text(&about(&scenario))));
    answer.remarks.extend(warnings(&scenario).into_iter().map(|warning| format!("{warning}\n")));
    kept.clear();
    Ok(answer)
}

/// Where readings of `scenario` are kept, for this process alone or beside other shards.
fn kept(scenario: &Scenario, class: &str, shard: Option<Shard>) -> Kept {
    let folder = Path::new(KEPT).join(format!("{}{class}", scenario.name));
    match shard {
        Some(shard) => Kept::of_shard(folder, shard),
        None => Kept::at(folder),
    }
}

/// What a shard says whose replicates are kept; one that could not keep them has worked for nothing, and may try again.
fn share_kept(kept: Kept) -> Result<Answer, Failure> {
    let (Shard { own, all }, count) = (kept.shard, kept.count());
    if let Some(problem) = kept.refused {
        return Err(shard::again(problem));
    }
    let remark = format!("Shard {own} of {all}: {count} replicates are kept in `{KEPT}`.");
    Ok(Answer { remarks: vec![remark], ..Answer::default() })
}

/// What was simulated.
fn about(scenario: &Scenario) -> String {
    let Scenario { name, from, to, scale, replicates, seed, drawn, .. } = scenario;
    let (which, interval) = (drawn.choice.word(), drawn.choice.interval());
    format!(
        "Baseline of {name}, {from} to {to}: {replicates} replicates at scale {scale}, seed {seed}, parameters {which}. Bands run from the 5th to the 95th percentile and are about {interval}."
    )
}

fn simulated(scenario: &Scenario, targets: &[Target], published: &[Published], kept: &mut Kept, jobs: Option<u16>) -> Result<Told, Failure> {
    memory::fits(scenario, threads(jobs))?;
    watch_for_interrupts();
    let bar = progress_bar();
    let progress = |progress: Progress| {
        bar.set_length(progress.total_months);
        bar.set_position(progress.done_months);
    };
    let told = validate(scenario, targets, published, kept, threads(jobs), &progress, &STOP);
    bar.finish_and_clear();
    told.ok_or_else(|| match kept.count() {
        0 if kept.shard == Shard::WHOLE => Failure::Interrupted,
        count => {
            let text = format!("Interrupted; {count} replicates are kept in `{KEPT}`, and the same command goes on from there.");
            // A queue hands over again what ends with 75.
            if kept.shard == Shard::WHOLE { Failure::Paused(text) } else { Failure::Again(text) }
        }
    })
}

/// What stands before and after the section of a document.
fn section(path: &Path) -> Result<(String, String), Failure> {
    let text = scenario::text_of(path, super::document::MOST)?;
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| rest.split_once(END).map(|(_, after)| (before.to_owned(), after.to_owned())));
    parts.ok_or_else(|| {
        let help = format!("put the two lines where the tables belong: {BEGIN} and {END}");
        fault(format!("error: `{}` holds no section for the tables\nhelp: {help}", path.shown()))
    })
}

/// Everything that is told.
struct Parts<'a> {
    scenario: &'a Scenario,
    lines: &'a [Line],
    checks: &'a [Check],
    structures: &'a [((&'a str, &'a str), Vec<Line>)],
    external: bool,
    notes: &'a [ParameterNote],
    posterior: Option<&'a Posterior>,
    print: &'a str,
}

impl Parts<'_> {
    fn about(&self) -> String {
        about(self.scenario)
    }

    fn verdicts(&self) -> String {
        let of = |purpose| {
            let (met, all) = tally(self.lines, purpose);
            let patterns = of_patterns(self.lines, purpose);
            let whole = patterns.iter().filter(|(_, met, all)| met == all).count();
            format!("{met} of {all} targets, and all targets of {whole} of {} patterns", patterns.len())
        };
        if self.external {
            let (met, all) = tally(self.lines, Use::External);
            return format!("Of {all} figures published of other countries or of the world, which nobody fitted, the model reproduces {met}.");
        }
        let told = |line: &&Line| line.target.purpose == Use::Validate && line.verdict != Verdict::Untold;
        let value = |line: &&Line| told(line) && !matches!(line.target.expected, Expected::Direction { .. });
        let values: Vec<&Line> = self.lines.iter().filter(value).collect();
        format!(
            "Of class C, which may be fitted, the model reproduces {}. Of class V, which is never fitted, it reproduces {}. Of what was published of class V as a value or a range, the bands of 5 to 95 % meet {} of {}; the rest are directions.",
            of(Use::Calibrate),
            of(Use::Validate),
            values.iter().filter(|line| line.verdict == Verdict::Reproduced).count(),
            values.len()
        )
    }

    fn text(&self) -> String {
        let paragraph = width().min(100);
        let mut out = format!("\n{}\n{}", wrapped(&self.about(), 0, paragraph), wrapped(&self.verdicts(), 0, paragraph));
        let mut pattern = "";
        let title = self.lines.iter().map(|line| line.target.title.chars().count()).max().unwrap_or(0);
        for line in self.lines {
            if line.target.pattern != pattern {
                pattern = &line.target.pattern;
                let _ = writeln!(out, "\n{pattern:<4}{:<title$} use {:>22} {:>10} {:>24}  reproduced", "", "published", "median", "5 to 95 %");
            }
            let (published, median, band) = cells(line);
            let (letter, verdict) = (line.target.purpose.letter(), line.verdict.word());
            let _ = writeln!(out, "    {:<title$} {letter:<3} {published:>22} {median:>10} {band:>24}  {verdict}", line.target.title);
        }
        out.push('\n');
        for say in self.texts().iter().map(String::as_str).chain([CAVEAT]) {
            for line in say.lines() {
                if line.starts_with('|') {
                    let _ = writeln!(out, "{line}");
                } else {
                    out.push_str(&wrapped(line, 0, paragraph));
                }
            }
            out.push('\n');
        }
        out
    }

    fn markdown(&self) -> String {
        let mut out = format!("{}\n\n{}\n\n", self.about(), self.verdicts());
        let _ = writeln!(out, "Fingerprint {} of scenario, targets, parameters and rules; made by fivep {VERSION}.\n", self.print);
        out.push_str("| pattern | target | use | published | model, median | model, 5 to 95 % | reproduced |\n|---|---|---|---|---|---|---|\n");
        for line in self.lines {
            let (published, median, band) = cells(line);
            let Target { pattern, title, purpose, .. } = &line.target;
            let _ = writeln!(
                out,
                "| {} | {} | {} | {published} | {median} | {band} | {} |",
                cell_of_markdown(pattern),
                cell_of_markdown(title),
                purpose.letter(),
                line.verdict.word()
            );
        }
        for part in self.texts() {
            let _ = write!(out, "\n{part}");
        }
        let sum = fnv(out.trim().bytes());
        let _ = writeln!(out, "\nSum of this section: {sum:016x}");
        out
    }

    /// What stands below the table of targets, as far as there is something to say.
    fn texts(&self) -> Vec<String> {
        let all = [self.skill_text(), self.series_text(), self.structures_text(), self.parameters_text()];
        all.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// The model's forecasts of held-out values beside naive ones.
    fn skill_text(&self) -> String {
        let forecasts = forecasts(self.lines);
        let Some(skill) = skill(&forecasts) else { return String::new() };
        let better = forecasts.iter().filter(|forecast| forecast.score < forecast.naive_score).count();
        let mut out = format!(
            "Skill over a naive forecast: {skill:+.2}; the model is the better forecaster of {better} of {}. Naive is the geometric mean of the fitted values of the same series, give or take 30 %; the model's band is widened by the stated errors. Scores are interval scores of 90 % on logarithms, the smaller the better, and skill is one minus the model's over the naive one's.\n\n| held-out value | published | naive | score of naive | model, median | score of the model |\n|---|---|---|---|---|---|\n",
            forecasts.len()
        );
        for forecast in &forecasts {
            let (published, median, _) = cells(forecast.line);
            let (title, naive) = (cell_of_markdown(&forecast.line.target.title), figure(forecast.naive));
            let _ = writeln!(out, "| {title} | {published} | {naive} | {:.2} | {median} | {:.2} |", forecast.naive_score, forecast.score);
        }
        out
    }

    /// The published series year by year.
    fn series_text(&self) -> String {
        if self.checks.is_empty() {
            return String::new();
        }
        let met = self.checks.iter().filter(|check| check.within()).count();
        let mut out = format!(
            "The published series, year by year: {met} of {} meet the band. Where nearly all runs lie below what was published, or nearly none, in one year after the other, the model tells the series wrong.\n\n| series | year | published | model, median | model, 5 to 95 % | runs below | within |\n|---|---|---|---|---|---|---|\n",
            self.checks.len()
        );
        for check in self.checks {
            let published = check.published.iter().map(|value| figure(*value)).collect::<Vec<_>>().join(" or ");
            let [median, low, high] = check.band.map(figure);
            let within = if check.within() { "yes" } else { "no" };
            let _ = writeln!(
                out,
                "| {} | {} | {published} | {median} | {low} to {high} | {:.0} % | {within} |",
                series(check),
                check.year,
                check.below * 100.0
            );
        }
        out
    }

    /// Each structural alternative, and which verdicts change under it.
    fn structures_text(&self) -> String {
        if self.structures.is_empty() {
            return String::new();
        }
        let mut out = String::from(
            "Structural alternatives, with the same parameters:\n\n| switch | C reproduced | V reproduced | verdicts that change |\n|---|---|---|---|\n",
        );
        for ((name, value), lines) in self.structures {
            let of = |purpose| {
                let (met, all) = tally(lines, purpose);
                format!("{met} of {all}")
            };
            let changed = lines.iter().zip(self.lines).filter(|(other, own)| other.verdict != own.verdict);
            let changed: Vec<String> = changed.map(|(other, _)| format!("{} {}", other.target.name, other.verdict.word())).collect();
            let changed = if changed.is_empty() { "none".to_owned() } else { changed.join(", ") };
            let _ = writeln!(out, "| {name} = {value} | {} | {} | {changed} |", of(Use::Calibrate), of(Use::Validate));
        }
        out
    }

    /// Prior against posterior, and what the data cannot identify.
    fn parameters_text(&self) -> String {
        if self.external {
            return String::new();
        }
        let Some(posterior) = self.posterior else {
            return "The country has no posterior: its parameters are set by hand within their ranges, and the data have moved none. `fivep calibrate` makes one.\n".to_owned();
        };
        let mut out = String::from(
            "Prior against posterior. Narrowed: the share of the prior's standard deviation that the data took; shifted: the mean, in standard deviations of the prior.\n\n| parameter | range | median | 5 to 95 % | narrowed | shifted |\n|---|---|---|---|---|---|\n",
        );
        let mut unmoved = 0;
        for (k, place) in posterior.places.iter().enumerate() {
            let note = &self.notes[*place];
            let values: Vec<f64> = posterior.sets.iter().map(|set| set[k]).collect();
            let moved = Moved::from(note.low, note.high, &values, &posterior.weights);
            if !moved.moved() {
                unmoved += 1;
                continue;
            }
            let [low, median, high] = moved.quantiles.map(figure);
            let path = note.parameter.path();
            let (least, most) = (figure(note.low), figure(note.high));
            let _ = writeln!(
                out,
                "| {path} | {least} to {most} | {median} | {low} to {high} | {:.0} % | {:+.2} |",
                moved.narrowed * 100.0,
                moved.shifted
            );
        }
        let left = self.notes.len() - posterior.places.len();
        let _ = writeln!(
            out,
            "\n{unmoved} further parameters of the sets lie as in their ranges: the emulators were not asked of them, or published figures say nothing of them. {left} keep their values in all sets."
        );
        out
    }
}

/// What was published, the median and the band, as people read them.
fn cells(line: &Line) -> (String, String, String) {
    let published = match &line.target.expected {
        Expected::Values(values) => values.iter().map(|value| figure(*value)).collect::<Vec<_>>().join(" or "),
        Expected::Range(low, high) if low.is_infinite() => format!("at most {}", figure(*high)),
        Expected::Range(low, high) if high.is_infinite() => format!("at least {}", figure(*low)),
        Expected::Range(low, high) => format!("{} to {}", figure(*low), figure(*high)),
        Expected::Direction { rises, against } => {
            let word = if *rises { "rises" } else { "falls" };
            match against {
                Against::Earlier(..) => word.to_owned(),
                Against::Lever { value, .. } => format!("{word} (lever {value}, paid)"),
            }
        }
    };
    if line.verdict == Verdict::Untold {
        return (published, "-".to_owned(), "-".to_owned());
    }
    let [median, low, high] = line.band.map(figure);
    match line.share {
        Some(share) => (published, median, format!("in {:.0} % of runs", share * 100.0)),
        None => (published, median, format!("{low} to {high}")),
    }
}

fn listing(lines: &[Line]) -> Listing {
    let row = |line: &Line| {
        let target = &line.target;
        let (low, high) = target.interval();
        let directed = line.share.is_some() || matches!(target.expected, Expected::Direction { .. });
        let published = |value: f64| if directed { Value::Null } else { number(value) };
        vec![
            json!(target.pattern),
            json!(target.name),
            json!(target.title),
            json!(target.purpose.letter()),
            json!(target.period.0.to_string()),
            json!(target.period.1.to_string()),
            published(low),
            published(high),
            json!(if directed { if low == 0.0 { "rises" } else { "falls" } } else { "" }),
            number(line.band[0]),
            number(line.band[1]),
            number(line.band[2]),
            line.share.map_or(Value::Null, number),
            json!(line.verdict.word()),
            json!(target.sources.join("; ")),
        ]
    };
    let columns = vec![
        "pattern",
        "target",
        "title",
        "use",
        "from",
        "to",
        "published_low",
        "published_high",
        "direction",
        "median",
        "low_5",
        "high_95",
        "share_of_runs",
        "reproduced",
        "sources",
    ];
    Listing { columns, rows: lines.iter().map(row).collect() }
}
