//! `fivep chart`: pictures of a run folder, without running anything again.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

use super::asked::referred;
use super::reference::{self, OUTPUT};
use super::simulate::interrupted;
use super::{Answer, CAVEAT, Failure, fault, nearest};
use crate::charts::words::Words;
use crate::charts::{FIGURES, Figure, Options, Source, Uncertainty, draw, picture};
use crate::results::{Record, load, whole};
use crate::scenario::{Overrides, Problem, Published, Scenario, load_file, published, text_of};

/// The kinds of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Sharp at every size; all text as outlines, so that it needs no fonts
    Svg,
    /// 1920 pixels wide
    Png,
}

/// Options of `fivep chart`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep chart output/thailand-2016/0001-1a2b3c4d\n  fivep chart output/thailand-2016/0001-1a2b3c4d --only ranking,fans --format png\n  fivep chart output/thailand-2016/0001-1a2b3c4d --variant protection-only --language th\n\nFigures: tiles, fans, difference, ranking, quadrant, cascade, pipeline, heatmap, complicity, timeline, cost, superiority, replicates."
)]
pub struct Args {
    /// A run: its folder, the beginning of its name, its scenario's name, or `latest`
    pub run: PathBuf,
    /// Only these figures
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub only: Option<Vec<String>>,
    /// The variant that is shown against the baseline where there is room for one; the first, if not given
    #[arg(long, value_name = "NAME")]
    pub variant: Option<String>,
    /// The kinds of picture
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Kind::Svg, Kind::Png])]
    pub format: Vec<Kind>,
    /// The variant that the others are compared with [default: the one that the scenario names, else the baseline]
    #[arg(long, value_name = "VARIANT")]
    pub against: Option<String>,
    /// The language: en, th, or the path of a table of words
    #[arg(long, default_value = "en", value_name = "LANGUAGE|FILE")]
    pub language: String,
    /// Where the pictures are written; the folder `charts` in the run folder, if not given
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Draws and writes.
///
/// # Errors
/// A fault where the folder is no run folder or a name is not known, a problem of the world where something cannot be
/// read or written.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let names = figures(args.only.as_deref())?;
    let words = words(&args.language)?;
    let run = reference::run(&args.run, Path::new(OUTPUT))?;
    let record = load(&run)?;
    let mut answer = Answer::default();
    let mut scenario = scenario(&run, &mut answer);
    let (record, reference) = referred(record, scenario.as_mut(), args.against.as_deref())?;
    let words = reference.iter().fold(words, |words, name| words.against(name));
    let variant = variant(&record, args.variant.as_deref())?;
    let published = scenario.as_ref().map(published_for).unwrap_or_default();
    let source = Source { record: &record, scenario: scenario.as_ref(), published: &published };
    let options = Options { words, variant, uncertainty: Uncertainty::of(&record.manifest) };
    let folder = args.output.clone().unwrap_or_else(|| run.join("charts"));
    for name in names {
        let Some(figure) = draw(name, &source, &options) else {
            record.check()?;
            answer.remarks.push(format!("{name}: this run holds nothing to draw it from"));
            continue;
        };
        record.check()?;
        // Where the verb follows a simulation an interrupt is only told, and would be swallowed here.
        if interrupted() {
            return Err(Failure::Interrupted);
        }
        for path in write(&folder, &figure, &args.format)? {
            let _ = writeln!(answer.text, "{}", path.display());
        }
    }
    answer.remarks.push(CAVEAT.to_owned());
    Ok(answer)
}

/// The figures asked for, or all.
fn figures(only: Option<&[String]>) -> Result<Vec<&'static str>, Failure> {
    let known = || FIGURES.iter().map(|(name, _)| *name);
    let Some(only) = only else { return Ok(known().collect()) };
    let mut faults = String::new();
    for name in only.iter().filter(|name| !known().any(|known| known == name.trim())) {
        let _ = writeln!(faults, "error: there is no figure `{name}`{}", nearest(name, known()));
    }
    if !faults.is_empty() {
        let all: Vec<&str> = known().collect();
        let _ = write!(faults, "help: the figures are {}", all.join(", "));
        return Err(fault(faults));
    }
    Ok(known().filter(|known| only.iter().any(|name| name.trim() == *known)).collect())
}

/// The table of words of an embedded language or from a file.
///
/// # Errors
/// A fault where there is no such language or the file is no table of words; a problem of the world where it cannot be read.
pub fn words(language: &str) -> Result<Words, Failure> {
    if let Some(words) = Words::embedded(language) {
        return Ok(words);
    }
    let path = Path::new(language);
    if !path.exists() {
        let help = "help: use en or th, or give the path of a table of words (assets/words/en.toml in the sources is one to translate)";
        return Err(fault(format!("error: there is no language `{language}`\n{help}")));
    }
    let text = text_of(path, 1 << 20)?;
    Words::parse(&text).map_err(|faults| fault(format!("error: `{language}` is no table of words:\n  {}", faults.join("\n  "))))
}

/// The place of the variant called `name`, or the first.
///
/// # Errors
/// A fault where the run has no such variant.
pub fn variant(record: &Record, name: Option<&str>) -> Result<usize, Failure> {
    let Some(name) = name else { return Ok(1) };
    let names: Vec<&str> = record.manifest.variants.iter().skip(1).map(|variant| variant.name.as_str()).collect();
    match names.iter().position(|known| *known == name) {
        Some(place) => Ok(place + 1),
        None if names.is_empty() => Err(fault(format!("error: the run has no variant `{name}`: it holds only the baseline"))),
        None => {
            let near = nearest(name, names.iter().copied());
            Err(fault(format!("error: the run has no variant `{name}`{near}\nhelp: it has {}", names.join(", "))))
        }
    }
}

/// What was simulated, as the run folder spells it out; where it cannot be read, `answer` remarks on it.
pub fn scenario(run: &Path, answer: &mut Answer) -> Option<Scenario> {
    let found = load_file(&run.join("scenario.toml"), &Overrides::default()).ok();
    if found.is_none() {
        answer.remarks.push("The run's scenario.toml cannot be read here (is its country at hand?), so what needs it is left out.".to_owned());
    }
    found
}

/// The published figures of the country that `scenario` simulates.
#[must_use]
pub fn published_for(scenario: &Scenario) -> Vec<Published> {
    published(scenario)
}

/// Writes one figure into `folder`, which is made where it is missing, in every kind asked for; an older picture of the
/// same name gives way.
///
/// # Errors
/// What the disk refuses.
pub fn write(folder: &Path, figure: &Figure, kinds: &[Kind]) -> Result<Vec<PathBuf>, Failure> {
    whole::make(folder)?;
    let mut written = Vec::new();
    for kind in kinds {
        let (ending, bytes) = match kind {
            Kind::Svg => ("svg", picture::outlined(&figure.svg).map(String::into_bytes)),
            Kind::Png => ("png", picture::png(&figure.svg)),
        };
        let path = folder.join(format!("{}.{ending}", figure.name));
        let bytes = bytes.map_err(|say| refused(&path, &say))?;
        whole::write(&path, bytes)?;
        written.push(path);
    }
    Ok(written)
}

fn refused(path: &Path, say: &str) -> Failure {
    Failure::Problem(Problem::World(format!("error: cannot draw `{}`: {say}", path.display())))
}
