//! `fivep brief`: a briefing of a run folder as one HTML page, without running anything again.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::chart::{published_for, scenario, variant, words};
use super::{Answer, CAVEAT, Failure, fault};
use crate::briefing::phrases::Phrases;
use crate::briefing::template::{Templates, ejected};
use crate::briefing::{Material, html};
use crate::charts::{Options, Source, Uncertainty};
use crate::results::load;
use crate::scenario::{Problem, notes};

/// Options of `fivep brief`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep brief output/thailand-2016/0001-1a2b3c4d\n  fivep brief output/thailand-2016/0001-1a2b3c4d --language th --output th.html\n  fivep brief --eject my-template\n  fivep brief output/thailand-2016/0001-1a2b3c4d --template my-template\n\nThe page is one file that works without a network, prints on A4, and lets its reader explore both ledgers."
)]
pub struct Args {
    /// A run folder
    #[arg(required_unless_present = "eject")]
    pub run: Option<PathBuf>,
    /// The variant that is told at length; the first, if not given
    #[arg(long, value_name = "NAME")]
    pub variant: Option<String>,
    /// The language: en, th, or the path of a table of words for the figures (the briefing's own then lies in --template)
    #[arg(long, default_value = "en", value_name = "LANGUAGE|FILE")]
    pub language: String,
    /// A folder whose files replace the program's own: briefing.html, briefing.css, briefing.js, en.toml, th.toml
    #[arg(long, value_name = "DIR")]
    pub template: Option<PathBuf>,
    /// Where the page is written; briefing.html in the run folder, if not given
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the program's own template files to a new folder, to start from
    #[arg(long, value_name = "DIR", conflicts_with_all = ["run", "template", "output", "variant"])]
    pub eject: Option<PathBuf>,
}

/// Reads, lays out, writes.
///
/// # Errors
/// A fault where the folder is no run folder, a name is not known or a template is wrong; a problem of the world where
/// something cannot be read or written.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    if let Some(folder) = &args.eject {
        return eject(folder);
    }
    let Some(run) = &args.run else { return Err(fault("error: name a run folder\nhelp: `fivep runs` lists them")) };
    let words = words(&args.language)?;
    let record = load(run)?;
    let variant = variant(&record, args.variant.as_deref())?;
    let own = args.template.as_deref().map_or(Ok(vec![]), own)?;
    let phrases = phrases(words.word("language"), &own)?;
    let templates = Templates::replaced(own.into_iter().filter(|(name, _)| !ends(name, "toml")));
    let mut answer = Answer::default();
    let scenario = scenario(run, &mut answer);
    let published = scenario.as_ref().map(published_for).unwrap_or_default();
    let notes = scenario.as_ref().and_then(|scenario| notes(scenario).ok()).unwrap_or_default();
    let options = Options { words, variant, uncertainty: Uncertainty::of(&record.manifest) };
    let source = Source { record: &record, scenario: scenario.as_ref(), published: &published };
    let material = Material { source, options: &options, phrases: &phrases, notes: &notes };
    let page = html(&material, &templates).map_err(|say| {
        let help = "help: `fivep brief --eject DIR` writes the program's own templates to compare with";
        fault(format!("error: the template cannot be used: {say}\n{help}"))
    })?;
    let path = args.output.clone().unwrap_or_else(|| run.join("briefing.html"));
    fs::write(&path, page).map_err(|error| refused(&path, &error))?;
    answer.text = format!("{}\n", path.display());
    answer.remarks.push(CAVEAT.to_owned());
    Ok(answer)
}

/// The files of a folder of templates, by name.
fn own(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let unread = |path: &Path, error: &std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            fault(format!("error: there is no folder `{}`\nhelp: `fivep brief --eject DIR` writes one to start from", path.display()))
        }
        ErrorKind::InvalidData => fault(format!("error: `{}` is not UTF-8 text\nhelp: save it as UTF-8", path.display())),
        _ => Failure::Problem(Problem::World(format!("error: cannot read `{}`: {error}", path.display()))),
    };
    let entries = fs::read_dir(folder).map_err(|error| unread(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_file() && ["html", "css", "js", "toml"].iter().any(|ending| ends(&name, ending)) {
            let text = fs::read_to_string(&path).map_err(|error| unread(&path, &error))?;
            files.push((name, text));
        }
    }
    files.sort();
    if files.is_empty() {
        let help = "help: `fivep brief --eject DIR` writes the files that may be replaced";
        return Err(fault(format!("error: `{}` holds no .html, .css, .js or .toml file\n{help}", folder.display())));
    }
    Ok(files)
}

fn ends(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == ending)
}

/// The briefing's own words in `language`: from the user's folder, else the embedded ones.
fn phrases(language: &str, own: &[(String, String)]) -> Result<Phrases, Failure> {
    let file = format!("{language}.toml");
    if let Some((_, text)) = own.iter().find(|(name, _)| *name == file) {
        return Phrases::parse(text).map_err(|faults| fault(format!("error: `{file}` is no table of words:\n  {}", faults.join("\n  "))));
    }
    Phrases::embedded(language).ok_or_else(|| {
        let help = "help: `fivep brief --eject DIR` writes en.toml; translate it, and give its folder with --template";
        fault(format!("error: the briefing has no words in `{language}`: there is no {file}\n{help}"))
    })
}

/// Writes the embedded files to a folder in which none of them lies yet.
fn eject(folder: &Path) -> Result<Answer, Failure> {
    let taken: Vec<&str> = ejected().map(|(name, _)| name).filter(|name| folder.join(name).exists()).collect();
    if !taken.is_empty() {
        let say = format!("error: `{}` already holds {}", folder.display(), taken.join(", "));
        return Err(fault(format!("{say}\nhelp: name a new folder; nothing is overwritten")));
    }
    fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
    let mut answer = Answer::default();
    for (name, text) in ejected() {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| refused(&path, &error))?;
        let _ = writeln!(answer.text, "{}", path.display());
    }
    answer.remarks.push("Change what you like; a file that you delete is replaced by the program's own.".to_owned());
    Ok(answer)
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    let help = "help: choose a place you may write to, or make room on the disk";
    Failure::Problem(Problem::World(format!("error: cannot write `{}`: {error}\n{help}", path.display())))
}
