//! `fivep new`: a commented scenario to start from.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{Answer, Failure, fault};
use crate::results::whole;
use crate::scenario;

/// Options of `fivep new`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  fivep new my-question      writes my-question.toml\n  fivep check my-question.toml\n  fivep compare my-question.toml"
)]
pub struct Args {
    /// The scenario's name, or the path of the file to write
    pub name: String,
}

/// Writes the file; one that exists is left alone.
///
/// # Errors
/// A fault where the file exists or the name is none, a problem of the world where it cannot be written.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let mut path = PathBuf::from(&args.name);
    let Some(stem) = path.file_name().map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.trim().is_empty()) else {
        return Err(fault(format!("error: `{}` is no name for a scenario\nhelp: give a name such as my-question", args.name)));
    };
    let stem = stem.strip_suffix(".toml").unwrap_or(&stem).to_owned();
    path.set_file_name(format!("{stem}.toml"));
    let shown = path.display();
    if !whole::write_new(&path, scenario::template(&stem))? {
        return Err(fault(format!("error: `{shown}` exists already and is left as it is\nhelp: choose another name")));
    }
    Ok(Answer::text(format!(
        "Wrote {shown}. Next:\n\n  fivep check {shown}\n  fivep compare {shown}\n\nFor help while typing: fivep schema > scenario.schema.json\n"
    )))
}
