//! What verbs that draw share: words, the variant told at length, the scenario of a run folder, and a figure as a file.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{Answer, Failure, fault, nearest};
use crate::analysis::answer::answer;
use crate::charts::findings::illegible;
use crate::charts::words::Words;
use crate::charts::{Figure, picture};
use crate::results::{Manifest, Record, whole, written};
use crate::scenario::{Overrides, Problem, Scenario, Shown as _, load_file, text_of};

/// The kinds of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Sharp at every size; all text as outlines, so that it needs no fonts
    Svg,
    /// 1920 pixels wide
    Png,
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

/// The place of the variant called `name`; without one, of that which the answer is about.
///
/// # Errors
/// A fault where the run has no such variant.
pub fn variant(record: &Record, name: Option<&str>) -> Result<usize, Failure> {
    let Some(name) = name else { return Ok(answer(record).lead().map_or(1, |row| row.variant)) };
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

/// The scenario with its titles and question in the language of `words`, as which `record` has them from now on.
pub fn called(scenario: Option<Scenario>, record: &mut Record, words: &Words) -> Option<Scenario> {
    let scenario = scenario?.in_language(words.word("language"));
    record.manifest.call_as(&scenario);
    Some(scenario)
}

/// Remarks on titles in letters that no embedded font has.
pub fn remark_illegible(manifest: &Manifest, answer: &mut Answer) {
    let all = illegible(manifest);
    let named: Vec<String> = all.iter().filter(|(_, name)| !name.is_empty()).map(|(_, name)| format!("`{name}`")).collect();
    let fonts = "The fonts of figures and of the PDF have Latin, Greek, Cyrillic, Thai, Lao, Khmer, Burmese and Arabic letters only";
    if !named.is_empty() {
        let said = format!("{fonts}: there {} called by name, not by title.", named.join(", ") + if named.len() == 1 { " is" } else { " are" });
        answer.remarks.push(said);
    }
    if named.len() < all.len() {
        answer.remarks.push(format!("{fonts}: the PDF leaves the question out."));
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

/// Writes one figure into `folder`, which is made where it is missing, in every kind asked for; an older picture of the
/// same name gives way. Where nobody named the folder it is one in the run `home`, which lists them.
///
/// # Errors
/// What the disk refuses.
pub fn write(folder: &Path, home: Option<&Path>, figure: &Figure, kinds: &[Kind]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for kind in kinds {
        let (ending, bytes) = match kind {
            Kind::Svg => ("svg", picture::outlined(&figure.svg).map(String::into_bytes)),
            Kind::Png => ("png", picture::png(&figure.svg)),
        };
        let path = folder.join(format!("{}.{ending}", figure.name));
        files.push((path.clone(), bytes.map_err(|say| refused(&path, &say))?));
    }
    if home.is_none() {
        whole::make(folder)?;
    }
    written::put(home, &files)?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn refused(path: &Path, say: &str) -> Failure {
    Failure::Problem(Problem::World(format!("error: cannot draw `{}`: {say}", path.shown())))
}
