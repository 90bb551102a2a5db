//! `fivep eject`: a shipped scenario or country as files, with all its comments, to read and to change.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use super::{Answer, Failure, fault, nearest};
use crate::results::whole;
use crate::scenario::{Shown as _, embedded, embedded_countries, embedded_country, quoted_path};

/// Options of `fivep eject`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep eject thailand-gaps            writes thailand-gaps.toml\n  fivep eject thailand                 writes the folder thailand\n  fivep eject borderland --country     the country, where a scenario has the same name"
)]
pub struct Args {
    /// A shipped scenario or country
    pub name: String,
    /// The country of that name, not the scenario
    #[arg(long)]
    pub country: bool,
    /// Where it is written
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub output: PathBuf,
}

/// Writes the files; none that exists is touched.
///
/// # Errors
/// A fault where nothing is called so or a file exists, a problem of the world where the disk refuses.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let scenario = embedded().iter().find(|(name, _)| *name == args.name).filter(|_| !args.country);
    if let Some((name, text)) = scenario {
        let path = place(&args.output, &format!("{name}.toml"));
        write(&[(path.clone(), *text)], &args.output)?;
        let shown = quoted_path(&path.shown());
        let mut answer = Answer::text(format!("{}\n", path.shown()));
        answer.remarks.push(format!("`{name}` alone goes on meaning the shipped scenario: give the file as {shown}, or rename it."));
        if embedded_countries().contains(name) {
            answer.remarks.push(format!("There is a country of that name too: fivep eject {name} --country"));
        }
        return Ok(answer);
    }
    let Some(files) = embedded_country(&args.name) else {
        let names = || embedded().iter().map(|(name, _)| *name).filter(|_| !args.country).chain(embedded_countries());
        let all = names().collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
        let near = nearest(&args.name, names());
        let what = if args.country { "country" } else { "scenario or country" };
        return Err(fault(format!("error: no shipped {what} is called `{}`{near}\nhelp: there are {all}", args.name)));
    };
    let folder = place(&args.output, &args.name);
    let files: Vec<(PathBuf, &str)> = files.into_iter().map(|(file, text)| (folder.join(file), text)).collect();
    write(&files, &folder)?;
    let mut answer = Answer::default();
    for (path, _) in &files {
        let _ = writeln!(answer.text, "{}", path.shown());
    }
    answer.remarks.push(format!(
        "A scenario beside the folder `{}` that says country = \"{}\" uses these files instead of the shipped ones.",
        folder.shown(),
        args.name
    ));
    Ok(answer)
}

fn place(output: &Path, name: &str) -> PathBuf {
    if output == Path::new(".") { PathBuf::from(name) } else { output.join(name) }
}

/// Writes files of which none may exist, into a folder that is made where it is missing.
fn write(files: &[(PathBuf, &str)], folder: &Path) -> Result<(), Failure> {
    let taken: Vec<String> = files.iter().filter(|(path, _)| fs::symlink_metadata(path).is_ok()).map(|(path, _)| path.shown()).collect();
    if !taken.is_empty() {
        let help = "nothing was written: choose another folder with --output";
        return Err(fault(format!("error: {} exist{} already\nhelp: {help}", taken.join(", "), if taken.len() == 1 { "s" } else { "" })));
    }
    let files: Vec<(PathBuf, &[u8])> = files.iter().map(|(path, text)| (path.clone(), text.as_bytes())).collect();
    Ok(whole::write_into(folder, &files)?)
}
