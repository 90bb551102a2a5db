//! `fivep brief`: a briefing of a run folder as one HTML page, a PDF, a document and slides, without running anything again.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

use super::asked::referred;
use super::pictures::{called, remark_illegible, scenario, variant, words};
use super::reference::{self, OUTPUT};
use super::{Answer, CAVEAT, Failure, fault};
use crate::briefing::phrases::Phrases;
use crate::briefing::template::{ENDINGS, Templates, ejected};
use crate::briefing::{Material, PDF, docx, html, pdf, pptx};
use crate::charts::{Options, Source, Uncertainty, draw_all};
use crate::results::{load, whole, written};
use crate::scenario::{Date, Imprint, Problem, Scenario, Shown as _, notes, published, text_of};

/// How to get what a program built without the feature `pdf` cannot write.
const WITHOUT: &str = "help: build the program with `cargo build --release --features pdf`, or print the page from a browser";

/// The kinds of briefing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// One page that works without a network and lets its reader explore both ledgers
    Html,
    /// A4 pages to print: two to decide by, and an annex
    Pdf,
    /// A document for word processors, to edit and to put on a letterhead
    Docx,
    /// Slides: the first part and the main figures
    Pptx,
}

/// Endings of other programs' files, and the kind that was meant.
const OTHERS: [(&[&str], Kind); 4] = [
    (&["htm", "xhtml", "mhtml"], Kind::Html),
    (&["ps", "eps", "typ", "tex"], Kind::Pdf),
    (&["doc", "docm", "odt", "rtf", "txt", "md"], Kind::Docx),
    (&["ppt", "pptm", "odp", "key"], Kind::Pptx),
];

impl Kind {
    /// All, in the order in which they are written.
    const ALL: [Self; 4] = [Self::Html, Self::Pdf, Self::Docx, Self::Pptx];
    /// Those that are written where none is asked for.
    const USUAL: [Self; 2] = [Self::Html, Self::Pdf];

    /// How its files end.
    fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Pptx => "pptx",
        }
    }

    /// The kind that the ending of `path` names.
    fn of(path: &Path) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(kind.ending())))
    }
}

/// Options of `fivep brief`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep brief output/thailand-2016/0001-1a2b3c4d\n  fivep brief output/thailand-2016/0001-1a2b3c4d --language th --output th.html\n  fivep brief --eject my-template\n  fivep brief output/thailand-2016/0001-1a2b3c4d --template my-template\n  fivep brief output/thailand-2016/0001-1a2b3c4d --format pdf --author Somchai --date 2026-11-30\n  fivep brief output/thailand-2016/0001-1a2b3c4d --format docx,pptx\n\nThe page is one file that works without a network, prints on A4, and lets its reader explore both ledgers. The PDF is two A4 pages to decide by and an annex; docx is the same as a document to edit, pptx its first part as slides."
)]
pub struct Args {
    /// A run: its folder, the beginning of its name, its scenario's name, or `latest`
    #[arg(required_unless_present = "eject")]
    pub run: Option<PathBuf>,
    /// The variant that is described at length; that which the answer is about, if not given
    #[arg(long, value_name = "NAME")]
    pub variant: Option<String>,
    /// The variant that the others are compared with [default: the one that the scenario names, else the baseline]
    #[arg(long, value_name = "VARIANT")]
    pub against: Option<String>,
    /// The language: en, th, or the path of a table of words for the figures (the briefing's own then lies in --template)
    #[arg(long, default_value = "en", value_name = "LANGUAGE|FILE")]
    pub language: String,
    /// The kinds of briefing [default: html and pdf, or the one that the ending of --output names]
    #[arg(long, value_enum, value_name = "KIND,...", value_delimiter = ',')]
    pub format: Option<Vec<Kind>>,
    /// The office that answers for the briefing, on its first page [default: `briefing.office` in the scenario]
    #[arg(long, value_name = "NAME")]
    pub office: Option<String>,
    /// Who wrote it [default: `briefing.author`]
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// Its date [default: `briefing.date`, else none]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<Date>,
    /// A folder whose files replace the program's own: briefing.html, briefing.css, briefing.js, briefing.typ, en.toml, th.toml
    #[arg(long, value_name = "DIR")]
    pub template: Option<PathBuf>,
    /// Where the briefing is written, with the ending of its kind; briefing.html and briefing.pdf in the run folder, if not given
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the program's own template files to a new folder, to start from
    #[arg(long, value_name = "DIR", conflicts_with_all = ["run", "template", "output", "variant", "format", "against"])]
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
    let run = &reference::run(run, Path::new(OUTPUT))?;
    let kinds = kinds(args)?;
    let words = words(&args.language)?;
    let mut record = load(run)?;
    let own = args.template.as_deref().map_or(Ok(vec![]), own)?;
    let language = words.word("language").to_owned();
    let phrases = phrases(&language, &own)?;
    let templates = Templates::replaced(own.into_iter().filter(|(name, _)| !ends(name, "toml")));
    let mut answer = Answer::default();
    let mut scenario = called(scenario(run, &mut answer), &mut record, &words);
    let (record, reference) = referred(record, scenario.as_mut(), args.against.as_deref())?;
    let words = reference.iter().fold(words, |words, name| words.against(name));
    let phrases = reference.iter().fold(phrases, |phrases, name| phrases.against(name));
    let variant = variant(&record, args.variant.as_deref())?;
    let published = scenario.as_ref().map(published).unwrap_or_default();
    let notes = scenario.as_ref().and_then(|scenario| notes(scenario).ok()).unwrap_or_default();
    let options = Options { words, variant, uncertainty: Uncertainty::of(&record.manifest) };
    let source = Source { record: &record, scenario: scenario.as_ref(), published: &published };
    let figures = draw_all(&source, &options);
    let imprint = imprint(args, scenario.as_ref());
    let material = Material { source, options: &options, figures: &figures, phrases: &phrases, notes: &notes, imprint: &imprint };
    // All are laid out before any is written, so that a fault in one template leaves nothing half done.
    let lay = |kind: Kind| match kind {
        Kind::Html => html(&material, &templates).map(String::into_bytes),
        Kind::Pdf => pdf(&material, &templates),
        Kind::Docx => docx(&material),
        Kind::Pptx => pptx(&material),
    };
    let laid: Result<Vec<Vec<u8>>, _> = kinds.iter().map(|kind| lay(*kind)).collect();
    let laid = laid.map_err(|say| {
        let help = "help: `fivep brief --eject DIR` writes the program's own templates to compare with";
        fault(format!("error: the template cannot be used: {say}\n{help}"))
    })?;
    record.check()?;
    let files: Vec<(PathBuf, Vec<u8>)> = kinds.iter().map(|kind| place(args.output.as_deref(), run, *kind)).zip(laid).collect();
    written::put(args.output.is_none().then_some(run), &files)?;
    for (path, _) in &files {
        let _ = writeln!(answer.text, "{}", path.shown());
    }
    if !PDF && args.format.is_none() {
        answer.remarks.push(format!("The PDF is left out: this program was built without it.\n{WITHOUT}"));
    }
    remark_illegible(&record.manifest, &mut answer);
    answer.remarks.push(CAVEAT.to_owned());
    Ok(answer)
}

/// Who answers for the briefing: whom the options name, else whom the scenario names.
fn imprint(args: &Args, scenario: Option<&Scenario>) -> Imprint {
    let said = scenario.map(|scenario| scenario.imprint.clone()).unwrap_or_default();
    Imprint {
        office: args.office.clone().unwrap_or(said.office.clone()),
        author: args.author.clone().unwrap_or(said.author.clone()),
        date: args.date.or(said.date),
        ..said
    }
}

/// The kinds asked for: by name, by the ending of the output, or all that the program can write.
fn kinds(args: &Args) -> Result<Vec<Kind>, Failure> {
    let named = args.output.as_deref().and_then(Kind::of).map(|kind| vec![kind]);
    let able = || Kind::USUAL.into_iter().filter(|kind| PDF || *kind != Kind::Pdf).collect();
    let asked = args.format.clone().or(named.clone()).unwrap_or_else(able);
    if let Some(output) = &args.output {
        let shown = output.shown();
        let ending = output.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        if let Some((_, kind)) = OTHERS.iter().find(|(others, _)| others.contains(&ending.as_str())) {
            let help = format!("help: name it {}", output.with_extension(kind.ending()).shown());
            return Err(fault(format!("error: no briefing ends in .{ending}, as `{shown}` does\n{help}")));
        }
        if let Some(kind) = named.into_iter().flatten().find(|kind| !asked.contains(kind)) {
            let help = format!("help: add {} to --format, or give the file another ending", kind.ending());
            return Err(fault(format!("error: `{shown}` is none of the kinds that --format names\n{help}")));
        }
    }
    if asked.contains(&Kind::Pdf) && !PDF {
        return Err(fault(format!("error: this program was built without PDF\n{WITHOUT}")));
    }
    Ok(Kind::ALL.into_iter().filter(|kind| asked.contains(kind)).collect())
}

/// Where a briefing of `kind` is written.
fn place(output: Option<&Path>, run: &Path, kind: Kind) -> PathBuf {
    match output {
        None => run.join("briefing").with_extension(kind.ending()),
        // The very file that was asked for, however its ending is written.
        Some(path) if Kind::of(path) == Some(kind) => path.to_path_buf(),
        Some(path) if Kind::of(path).is_some() => path.with_extension(kind.ending()),
        Some(path) if path.is_dir() => path.join("briefing").with_extension(kind.ending()),
        Some(path) => {
            let mut name = path.as_os_str().to_owned();
            name.push(".");
            name.push(kind.ending());
            PathBuf::from(name)
        }
    }
}

/// Most bytes of one file of a template.
const MOST: u64 = 16 << 20;

/// The files of a folder of templates, by name.
fn own(folder: &Path) -> Result<Vec<(String, String)>, Failure> {
    let unread = |path: &Path, error: &std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            fault(format!("error: there is no folder `{}`\nhelp: `fivep brief --eject DIR` writes one to start from", path.shown()))
        }
        _ => Failure::Problem(Problem::World(format!("error: cannot read `{}`: {error}", path.shown()))),
    };
    let entries = fs::read_dir(folder).map_err(|error| unread(folder, &error))?;
    let real = folder.canonicalize().map_err(|error| unread(folder, &error))?;
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_file() && ENDINGS.iter().any(|ending| ends(&name, ending)) {
            // A link that leads out of the folder would put any file of this machine into the page.
            if !path.canonicalize().is_ok_and(|found| found.starts_with(&real)) {
                let help = "help: copy the file into the folder of templates";
                return Err(fault(format!("error: `{}` is a link that leads out of its folder\n{help}", path.shown())));
            }
            files.push((name, text_of(&path, MOST)?));
        }
    }
    files.sort();
    if files.is_empty() {
        let help = "help: `fivep brief --eject DIR` writes the files that may be replaced";
        return Err(fault(format!("error: `{}` holds no .html, .css, .js, .typ or .toml file\n{help}", folder.shown())));
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
        let say = format!("error: `{}` already holds {}", folder.shown(), taken.join(", "));
        return Err(fault(format!("{say}\nhelp: name a new folder; nothing is overwritten")));
    }
    let files: Vec<(PathBuf, &[u8])> = ejected().map(|(name, text)| (folder.join(name), text.as_bytes())).collect();
    // Half of a folder would keep the next try from writing the whole of it.
    whole::write_into(folder, &files)?;
    let mut answer = Answer::default();
    for (path, _) in &files {
        let _ = writeln!(answer.text, "{}", path.shown());
    }
    answer.remarks.push("Change what you like; a file that you delete is replaced by the program's own.".to_owned());
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_briefing_is_written_where_it_was_asked_for() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let at = |output: &Path, kind| place(Some(output), Path::new("run"), kind);
        assert_eq!(at(Path::new("OUT.PDF"), Kind::Pdf), Path::new("OUT.PDF"));
        assert_eq!(at(Path::new("OUT.PDF"), Kind::Html), Path::new("OUT.html"));
        assert_eq!(at(Path::new("out.v2"), Kind::Html), Path::new("out.v2.html"));
        assert_eq!(at(folder.path(), Kind::Html), folder.path().join("briefing.html"));
        assert_eq!(Kind::of(Path::new("OUT.PDF")), Some(Kind::Pdf));
    }
}
