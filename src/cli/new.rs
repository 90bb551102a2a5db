//! `fivep new`: a commented scenario to start from.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::{Answer, Failure, fault};
use crate::results::whole;
use crate::scenario::{self, Overrides, Problem, Start, embedded, embedded_countries, file_of, quoted_path};

/// Options of `fivep new`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep new my-question      writes my-question.toml\n  fivep new my-question --from borderland\n  fivep check my-question.toml\n  fivep compare my-question.toml"
)]
pub struct Args {
    /// The scenario's name, or the path of the file to write
    pub name: String,
    /// The scenario whose baseline it begins with: a shipped name, or a file
    #[arg(long, value_name = "SCENARIO", default_value = "thailand-gaps")]
    pub from: String,
}

/// Writes the file; one that exists is left alone.
///
/// # Errors
/// A fault where the file exists, the name is none or there is nothing to begin with; a problem of the world where it cannot be
/// written.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let mut path = PathBuf::from(&args.name);
    let Some(stem) = path.file_name().map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.trim().is_empty()) else {
        return Err(fault(format!("error: `{}` is no name for a scenario\nhelp: give a name such as my-question", args.name)));
    };
    let stem = stem.strip_suffix(".toml").unwrap_or(&stem).to_owned();
    path.set_file_name(format!("{stem}.toml"));
    let shown = path.display();
    let below = scenario::load(&args.from, &Overrides::default())?;
    let reference = seen_from(&path, &args.from)?;
    let text = scenario::template(&stem, &Start { reference: &reference, scenario: &below });
    if !whole::write_new(&path, text)? {
        return Err(fault(format!("error: `{shown}` exists already and is left as it is\nhelp: choose another name")));
    }
    let path = quoted_path(&shown.to_string());
    let mut answer = Answer::text(format!(
        "Wrote {shown}. Next:\n\n  fivep check {path}\n  fivep compare {path}\n\nFor help while typing: fivep schema > scenario.schema.json\n"
    ));
    if embedded().iter().any(|(name, _)| *name == stem) {
        answer.remarks.push(format!("`{stem}` alone means the shipped scenario of that name: always give the file as {path}."));
    } else if embedded_countries().contains(&stem.as_str()) {
        answer.remarks.push(format!("`{stem}` is also the name of a shipped country; this file is a scenario, and what it simulates stands in it."));
    }
    Ok(answer)
}

/// How a file at `path` names the scenario `reference`: shipped ones by name, others by a path from its folder.
fn seen_from(path: &Path, reference: &str) -> Result<String, Failure> {
    if embedded().iter().any(|(name, _)| *name == reference) {
        return Ok(reference.to_owned());
    }
    let file = file_of(reference);
    let here = path.parent().is_none_or(|folder| folder.as_os_str().is_empty() || folder == Path::new("."));
    let seen = if here || file.is_absolute() {
        file
    } else {
        file.canonicalize().map_err(|error| Problem::World(format!("error: cannot find `{}`: {error}", file.display())))?
    };
    Ok(seen.to_string_lossy().into_owned())
}
