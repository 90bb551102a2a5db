//! `fivep new`: a commented scenario to start from, or a folder for a country of one's own.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::{Answer, Failure, fault};
use crate::results::whole;
use crate::scenario::{self, Overrides, Problem, Shown as _, Start, embedded, embedded_countries, file_of, quoted_path, written_country};

/// Options of `fivep new`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep new my-question      writes my-question.toml\n  fivep new my-question --from borderland\n  fivep check my-question.toml\n  fivep compare my-question.toml\n  fivep new country my-country      writes the folder my-country and a first question about it"
)]
pub struct Args {
    /// The scenario's name, or the path of the file to write; `country` and a name for a country of your own
    pub name: String,
    /// After `country`: the name of the country, or the path of the folder to write
    #[arg(value_name = "COUNTRY", conflicts_with = "from")]
    pub country: Option<String>,
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
    match &args.country {
        Some(name) if args.name == "country" => return country(name),
        Some(other) => {
            let help = "give one name, or write `fivep new country NAME`";
            return Err(fault(format!("error: a scenario has one name, and `{other}` is a second\nhelp: {help}")));
        }
        None if args.name == "country" => {
            let help = "write `fivep new country my-country`, or `fivep new country.toml` for a scenario of that name";
            return Err(fault(format!("error: what the new country is called is missing\nhelp: {help}")));
        }
        None => {}
    }
    let mut path = PathBuf::from(&args.name);
    let Some(stem) = path.file_name().map(|name| name.to_string_lossy().into_owned()).filter(|name| !name.trim().is_empty()) else {
        return Err(fault(format!("error: `{}` is no name for a scenario\nhelp: give a name such as my-question", args.name)));
    };
    let stem = stem.strip_suffix(".toml").unwrap_or(&stem).to_owned();
    path.set_file_name(format!("{stem}.toml"));
    let shown = path.shown();
    let below = scenario::load(&args.from, &Overrides::default())?;
    let reference = seen_from(&path, &args.from)?;
    let text = scenario::template(&stem, &Start { reference: &reference, scenario: &below });
    if !whole::write_new(&path, text)? {
        return Err(fault(format!("error: `{shown}` exists already and is left as it is\nhelp: choose another name")));
    }
    let path = quoted_path(&shown);
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

/// The country that a new one begins with: small, and every figure in it says that it is invented.
const BEGINNING: &str = "borderland";

/// Writes the folder of a country that runs, and a first question about it beside the folder.
fn country(name: &str) -> Result<Answer, Failure> {
    let folder = PathBuf::from(name);
    let named = folder.file_name().map(|name| name.to_string_lossy().trim().to_owned());
    // What would need an escape in a scenario file is no name that anybody would want.
    let named = named.filter(|name| !name.is_empty() && !name.contains(|c: char| c.is_control() || c == '"' || c == '\\'));
    let (Some(stem), Some(files)) = (named, written_country(BEGINNING)) else {
        return Err(fault(format!("error: `{name}` is no name for a country\nhelp: give a name such as my-country")));
    };
    let folder = folder.with_file_name(&stem);
    let question = folder.with_file_name(format!("{stem}-question.toml"));
    if let Some(taken) = [&folder, &question].into_iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(fault(format!("error: `{}` exists already and is left as it is\nhelp: choose another name", taken.shown())));
    }
    let quoted = format!("\"{stem}\"");
    let begun = |text: &str| {
        let (head, rest) = text.split_once('\n').unwrap_or_default();
        let own = |line: &str| match line {
            _ if line.starts_with("title.en = ") => Some(format!("title = {quoted}")),
            _ if line.starts_with("title.th = ") => None,
            line => Some(line.to_owned()),
        };
        // The country's own title comes before the first table, and those below it keep theirs.
        let (top, tables) = rest.split_at(rest.find("\n[").unwrap_or(rest.len()));
        let top: Vec<String> = top.split('\n').filter_map(own).collect();
        let warning = "# Begun from an invented country: every figure here is invented until you put one of your own in its place, with its source.";
        format!("{head}\n{warning}\n#\n{}{tables}", top.join("\n"))
    };
    let files = files.into_iter().map(|(file, text)| (file, if file == "profile.toml" { begun(&text) } else { text }));
    let texts: Vec<(PathBuf, String)> = files.map(|(file, text)| (folder.join(file), text)).collect();
    let bytes: Vec<(PathBuf, &[u8])> = texts.iter().map(|(path, text)| (path.clone(), text.as_bytes())).collect();
    whole::write_into(&folder, &bytes)?;
    whole::write_new(&question, format!("{FIRST_QUESTION}country = {quoted}\n{FIRST_VARIANT}"))?;
    let mut text = String::new();
    for path in texts.iter().map(|(path, _)| path).chain([&question]) {
        let _ = writeln!(text, "Wrote {}", path.shown());
    }
    let shown = quoted_path(&question.shown());
    let _ = write!(
        text,
        "\nNext:\n\n  fivep check {shown}      says which figures are still invented\n  fivep compare {shown}\n\nWhat to put where, in which order: docs/NEW-COUNTRY.md in the sources.\n"
    );
    let mut answer = Answer::text(text);
    if embedded_countries().contains(&stem.as_str()) {
        answer.remarks.push(format!("There is a shipped country `{stem}` too; {shown} uses the folder beside it."));
    }
    Ok(answer)
}

/// A first question about a country, up to its name.
const FIRST_QUESTION: &str = r#"# A first question. `fivep new NAME --from THIS-FILE` begins others with it; `fivep levers` lists what can be set.
format = 2
title = "A first question"
question = "Would twice the labour inspections leave fewer people exploited?"
"#;

/// And after it.
const FIRST_VARIANT: &str = r#"seed = 1
replicates = 8
scale = 10                 # persons whom one agent stands for: 1 is the country one by one
from = "2015-01"
to = "2018-12"

[variants.more-inspections]
title = "Twice the inspections"
policy.prevention.labour_inspections = { 2016-01 = "x2" }
"#;

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
        file.canonicalize().map_err(|error| Problem::World(format!("error: cannot find `{}`: {error}", file.shown())))?
    };
    Ok(seen.to_string_lossy().into_owned())
}
