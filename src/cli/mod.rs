//! The command line: one verb per file.
//!
//! A verb returns what belongs on standard output; [`main`] prints it, then the run folder's path as the last
//! line on standard error, and turns faults into exit codes: 0, 2 for what the user can mend, 1 for what the
//! world refused, 130 for an interrupt (128 and the number of whatever signal it was), 75 for a shard that should be tried again. A reader that closes the pipe early ends the program quietly.
//!
//! Absent on purpose: any arithmetic on results (`analysis`).

pub mod asked;
pub mod brief;
pub mod calibrate;
pub mod chart;
pub mod check;
pub mod compare;
pub mod completions;
pub mod details;
pub mod diff;
pub mod document;
pub mod early;
pub mod effects;
pub mod eject;
pub mod explain;
pub mod funding;
pub mod illustrated;
pub mod indicators;
pub mod lever_sheets;
pub mod levers;
pub mod listing;
pub mod looks;
pub mod man;
pub mod memory;
pub mod new;
pub mod numbers;
pub mod options;
pub mod parameters;
pub mod pictures;
pub mod plan;
pub mod price;
pub mod reference;
pub mod routes;
pub mod run;
pub mod runs;
pub mod scale;
pub mod schema;
pub mod scorecard;
pub mod screen;
pub mod settle;
pub mod shard;
pub mod sheets;
pub mod simulate;
pub mod since;
pub mod structures;
pub mod submit;
pub mod switches;
pub mod table;
pub mod told;
pub mod validate;
pub mod warnings;
pub mod workbook;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::{Parser, Subcommand, ValueEnum};

use crate::scenario::{Problem, by_bytes};

/// The last line of every answer.
pub const CAVEAT: &str =
    "This model explores what would follow from stated assumptions; it is not a forecast. Official counts measure activity, not victims.";

/// The program's version with the git hash it was built from.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("FIVEP_REVISION"), ")");

/// The command line as a whole.
#[derive(Debug, Parser)]
#[command(
    name = "fivep",
    version = VERSION,
    about = "Compare what packages of policies against human trafficking would change, for one country, under stated assumptions",
    after_help = "Examples:\n  fivep compare                                  compare all variants of Thailand 2016\n  fivep compare thailand-gaps --replicates 10    another shipped scenario, quicker\n  fivep new my-question                          write a scenario to start from\n\nEvery verb has its own --help with examples.",
    max_term_width = 100
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// Write cells of CSV as they are, though a spreadsheet would run those that begin with = + - @; without it they get an apostrophe
    #[arg(long, global = true)]
    pub raw_csv: bool,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Simulate a scenario, write a run folder, print a summary by year
    Run(run::Args),
    /// Simulate a scenario (or take a run folder) and print what each variant would change
    Compare(compare::Args),
    /// Write the plan of a study that many processes or machines share
    Plan(plan::PlanArgs),
    /// Write the job file that computes a planned study on a cluster or on all cores
    Submit(submit::Args),
    /// Show which parts of a planned study are done and which are missing
    Status(plan::StatusArgs),
    /// Make a run folder of a planned study once all its parts are there
    Merge(plan::MergeArgs),
    /// Find parameter sets that match published figures
    Calibrate(calibrate::Args),
    /// Check the model against all published figures
    Validate(validate::Args),
    /// Score each year of a run as if only official figures were known
    Scorecard(scorecard::Args),
    /// Show how people enter and leave exploitation, and which of these ways carries each variant's effect
    Routes(routes::Args),
    /// Check whether answers depend on the scale: means, chance and effects at several scales
    Scale(scale::Args),
    /// Print one ledger of a run by month, year, sector or stage
    Table(table::Args),
    /// Draw the figures of a run as SVG and PNG
    Chart(chart::Args),
    /// Write a briefing on a run: an HTML page, a PDF, a document or slides
    Brief(brief::Args),
    /// List the run folders
    Runs(runs::Args),
    /// Check scenario files: report all errors at once, and warn of lines that may not mean what was intended
    Check(check::Args),
    /// Write a commented scenario to start from
    New(new::Args),
    /// Write the files of a shipped scenario or country here, comments included
    Eject(eject::Args),
    /// Show where two scenarios, variants or runs differ, lever by lever and by date
    Diff(diff::Args),
    /// List every lever: unit, range, default, cost, and how it may backfire
    Levers(levers::Args),
    /// Explain one lever, indicator or parameter in plain words: unit, cost, rule, evidence, how it may backfire
    Explain(explain::Args),
    /// List every parameter: value, range, unit, evidence grade and source
    Parameters(parameters::Args),
    /// List the structural switches
    Switches(switches::Args),
    /// List every indicator of both ledgers and of cost
    Indicators(indicators::Args),
    /// Print the JSON Schema of scenario files, for editors
    Schema(schema::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Print the manual page
    Man(man::Args),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For spreadsheets, at full precision
    Csv,
    /// For programs, at full precision
    Json,
}

/// How a comparison or a table is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// For spreadsheets, at full precision
    Csv,
    /// For programs, at full precision
    Json,
    /// For spreadsheets: an Excel workbook in the run folder, with a cover, one table per sheet and notes
    Xlsx,
}

/// How lists are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, ValueEnum)]
pub enum ListFormat {
    /// For people
    #[default]
    Text,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
    /// For documents
    Markdown,
}

/// How a list is printed that can be a workbook too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum SheetFormat {
    /// For people
    #[default]
    Text,
    /// For programs that read tables
    Csv,
    /// For programs
    Json,
    /// For documents
    Markdown,
    /// For spreadsheets: an Excel workbook with a cover, a table and notes, written to a file
    Xlsx,
}

impl SheetFormat {
    /// The format of a list; nothing for a workbook.
    fn list(self) -> Option<ListFormat> {
        match self {
            Self::Text => Some(ListFormat::Text),
            Self::Csv => Some(ListFormat::Csv),
            Self::Json => Some(ListFormat::Json),
            Self::Markdown => Some(ListFormat::Markdown),
            Self::Xlsx => None,
        }
    }
}

/// What a verb hands back.
#[derive(Debug, Default)]
pub struct Answer {
    /// What belongs on standard output.
    pub text: String,
    /// Remarks for standard error.
    pub remarks: Vec<String>,
    /// The run folder, if one was written or read: the last line on standard error.
    pub folder: Option<PathBuf>,
    /// What went wrong after the answer was known, such as a picture that found no room: the answer is printed all the same.
    pub failure: Option<Failure>,
}

impl Answer {
    /// An answer that is only text.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// The same, after `rest`: where that failed the answer is not lost.
    #[must_use]
    pub fn after(self, rest: Result<(), Failure>) -> Self {
        Self { failure: rest.err(), ..self }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// A fault of the user's or of the world.
    Problem(Problem),
    /// The user interrupted.
    Interrupted,
    /// The user interrupted what can go on later: what to say of it.
    Paused(String),
    /// A shard did not end, and may if it is tried again: what to say of it.
    Again(String),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A fault of the user's.
#[must_use]
pub fn fault(text: impl Into<String>) -> Failure {
    Failure::Problem(Problem::Fault(text.into()))
}

/// "; did you mean `x`?" where a name is near enough.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = known.map(|known| (strsim::jaro_winkler(name, known), known)).filter(|(likeness, _)| *likeness > 0.8);
    let best = near.max_by(|a, b| a.0.total_cmp(&b.0));
    best.map_or(String::new(), |(_, known)| format!("; did you mean `{known}`?"))
}

/// Does what the command line says, whose first word is the program's name, and returns the exit code.
#[must_use]
pub fn main(words: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> u8 {
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) if error.kind() == clap::error::ErrorKind::InvalidUtf8 => {
            say(&no_text(&words));
            return 2;
        }
        Err(error) => {
            // Help and version are asked for and belong on standard output; the rest are faults.
            let text = error.render().to_string();
            if error.use_stderr() {
                say(&text);
                return 2;
            }
            return print(&text);
        }
    };
    listing::RAW_CSV.store(cli.raw_csv, Ordering::Relaxed);
    match answer(cli.verb) {
        Ok(answer) => {
            let code = print(&answer.text);
            for remark in &answer.remarks {
                say(&format!("{remark}\n"));
            }
            let code = answer.failure.as_ref().map_or(code, told);
            if let Some(folder) = &answer.folder {
                say_path(folder);
            }
            code
        }
        Err(failure) => told(&failure),
    }
}

/// Says why there is no answer, or only a part of it, and hands back the exit code.
fn told(failure: &Failure) -> u8 {
    let (text, code) = match failure {
        Failure::Problem(Problem::Fault(text)) => (text.as_str(), 2),
        Failure::Problem(Problem::World(text)) => (text.as_str(), 1),
        Failure::Paused(text) => (text.as_str(), simulate::signalled()),
        Failure::Again(text) => (text.as_str(), 75),
        Failure::Interrupted => ("Interrupted; nothing was kept.", simulate::signalled()),
    };
    say(&format!("{}\n", text.trim_end()));
    code
}

fn answer(verb: Option<Verb>) -> Result<Answer, Failure> {
    match verb {
        None => Ok(Answer::text(greeting())),
        Some(Verb::Run(args)) => run::answer(&args),
        Some(Verb::Compare(args)) => {
            let mut answer = compare::answer(&args)?;
            if args.brief && answer.failure.is_none() {
                let drawn = illustrated::illustrate(&mut answer, args.against.as_deref());
                answer.failure = drawn.err().map(|failure| compare::after(&answer, failure));
            }
            Ok(answer)
        }
        Some(Verb::Plan(args)) => plan::plan(&args),
        Some(Verb::Submit(args)) => submit::answer(&args),
        Some(Verb::Status(args)) => plan::status(&args),
        Some(Verb::Merge(args)) => plan::merge(&args),
        Some(Verb::Calibrate(args)) => calibrate::answer(&args),
        Some(Verb::Validate(args)) => validate::answer(&args),
        Some(Verb::Scorecard(args)) => scorecard::answer(&args),
        Some(Verb::Routes(args)) => routes::answer(&args),
        Some(Verb::Scale(args)) => scale::answer(&args),
        Some(Verb::Table(args)) => table::answer(&args),
        Some(Verb::Chart(args)) => chart::answer(&args),
        Some(Verb::Brief(args)) => brief::answer(&args),
        Some(Verb::Runs(args)) => runs::answer(&args),
        Some(Verb::Check(args)) => check::answer(&args),
        Some(Verb::New(args)) => new::answer(&args),
        Some(Verb::Eject(args)) => eject::answer(&args),
        Some(Verb::Diff(args)) => diff::answer(&args),
        Some(Verb::Levers(args)) => levers::answer(&args),
        Some(Verb::Explain(args)) => explain::answer(&args),
        Some(Verb::Parameters(args)) => parameters::answer(&args),
        Some(Verb::Switches(args)) => Ok(switches::answer(&args)),
        Some(Verb::Indicators(args)) => Ok(indicators::answer(&args)),
        Some(Verb::Schema(args)) => Ok(schema::answer(&args)),
        Some(Verb::Completions(args)) => Ok(completions::answer(&args)),
        Some(Verb::Man(args)) => man::answer(&args),
    }
}

/// What is printed where no verb is given.
fn greeting() -> String {
    let mut text = String::from(
        "fivep compares what packages of policies against human trafficking would change,\nfor one country, in two ledgers: what is so, and what a government would count.\n\nTo start with:\n\n  \
         fivep compare            the Thailand case, all its packages (a few minutes)\n  \
         fivep compare --help     choose variants, replicates, another scenario\n  \
         fivep new my-question    write a commented scenario of your own\n\nShipped scenarios:\n\n",
    );
    for (name, content) in crate::scenario::embedded() {
        let title = content.lines().find_map(|line| line.strip_prefix("title")).and_then(|rest| rest.split('"').nth(1)).unwrap_or("");
        text.push_str(format!("  {name:<24} {title}").trim_end());
        text.push('\n');
    }
    text.push_str("\n`fivep --help` lists everything else.\n\n");
    text.push_str(&listing::wrapped(CAVEAT, 0, 80));
    text
}

/// Prints to standard output; a closed pipe is the reader's choice and no fault.
fn print(text: &str) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(shown(text).as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => 0,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => 0,
        Err(error) => {
            say(&format!("error: cannot write to standard output: {error}\n"));
            1
        }
    }
}

/// Prints to standard error, whatever may have become of it.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(shown(text).as_bytes());
}

/// Prints a path to standard error as a line of its own, byte by byte, so that it can be used as it stands even where it is no text.
fn say_path(path: &Path) {
    let lossy = path.to_string_lossy();
    let plain = shown(&lossy);
    let bytes = if plain == lossy { path.as_os_str().as_encoded_bytes() } else { plain.as_bytes() };
    let _ = std::io::stderr().lock().write_all(&[bytes, b"\n"].concat());
}

/// What is said of words on the command line that are no text where text is needed.
fn no_text(words: &[OsString]) -> String {
    let wrong = words.iter().filter(|word| word.to_str().is_none());
    let named: Vec<String> = wrong.map(|word| format!("`{}`", by_bytes(word))).collect();
    let (what, are) = if named.len() == 1 { ("a name", "is") } else { ("names", "are") };
    format!(
        "error: {} {are} no UTF-8 text, and what is named here must be {what} in UTF-8\n\
         help: rename it; or go into its folder, whatever that is called, and name what lies there\n",
        named.join(", ")
    )
}

/// The text with marks in the place of characters that command a terminal, or turn the order of letters round: titles and questions
/// may come from anywhere, and what they show must be what they say.
fn shown(text: &str) -> Cow<'_, str> {
    let commands =
        |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t') || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            letter if !commands(letter) => out.push(letter),
            // The end of a line as other systems write it; alone it would let the next words hide those before them.
            '\0'..='\u{1f}' => out.extend(char::from_u32(0x2400 + u32::from(letter))),
            '\u{7f}' => out.push('\u{2421}'),
            letter => out.extend(["<U+", &format!("{:04X}", u32::from(letter)), ">"]),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    /// Lines and spans between backticks that begin with the program's name, without their comments and redirections.
    fn commands(text: &str) -> Vec<String> {
        let clean = |span: &str| {
            let span = span.trim().trim_start_matches("$ ").replace("cargo run --release -- ", "fivep ");
            let span = span.split("   ").next().unwrap_or_default().split(['>', '|', '#']).next().unwrap_or_default().trim().to_owned();
            span.starts_with("fivep ").then_some(span)
        };
        text.lines().flat_map(|line| line.split('`')).filter_map(clean).collect()
    }

    #[test]
    fn no_text_commands_a_terminal() {
        assert_eq!(shown("a\x1b]0;b\x07\u{9b}31m\x7f\u{202e}c\rd"), "a␛]0;b␇<U+009B>31m␡<U+202E>c␍d");
        for plain in ["a\n\tb", "ប្រទេស · ประเทศ · العربية", "a\u{200d}b"] {
            assert!(matches!(shown(plain), Cow::Borrowed(same) if same == plain));
        }
    }

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_example_in_the_help_and_in_the_readme_is_understood() {
        let mut command = Cli::command();
        command.build();
        let mut text = command.render_long_help().to_string();
        for verb in command.get_subcommands_mut() {
            text.push_str(&verb.render_long_help().to_string());
        }
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("README.md is there");
        assert!(commands(&readme).len() > 5, "{readme}");
        text.push_str(&readme);
        text.push_str(&std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CLUSTER.md")).expect("docs/CLUSTER.md is there"));
        let commands = commands(&text);
        assert!(commands.len() > 25, "{commands:?}");
        for command in commands {
            let parsed = Cli::try_parse_from(command.split_whitespace());
            let fine = parsed.as_ref().err().is_none_or(|error| !error.use_stderr());
            assert!(fine, "`{command}`: {parsed:?}");
        }
    }
}
