//! `fivep chart`: pictures of a run folder, without running anything again.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::asked::referred;
use super::pictures::{Kind, called, remark_illegible, scenario, variant, words, write};
use super::reference::{self, OUTPUT};
use super::simulate::interrupted;
use super::{Answer, CAVEAT, Failure, fault, nearest};
use crate::charts::{FIGURES, Options, Source, Uncertainty, draw};
use crate::results::load;
use crate::scenario::{Shown as _, published};

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
    /// The variant that is shown against the baseline where there is room for one; that which the answer is about, if not given
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
    let mut record = load(&run)?;
    let mut answer = Answer::default();
    let mut scenario = called(scenario(&run, &mut answer), &mut record, &words);
    let (record, reference) = referred(record, scenario.as_mut(), args.against.as_deref())?;
    let words = reference.iter().fold(words, |words, name| words.against(name));
    let variant = variant(&record, args.variant.as_deref())?;
    let published = scenario.as_ref().map(published).unwrap_or_default();
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
        for path in write(&folder, args.output.is_none().then_some(&*run), &figure, &args.format)? {
            let _ = writeln!(answer.text, "{}", path.shown());
        }
    }
    remark_illegible(&record.manifest, &mut answer);
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
