//! Which files a scenario is made of: its own, what that one extends, and so on.
//!
//! Absent on purpose: what the files say (`loading`).

use super::Problem;
use super::embedded::SCENARIOS;
use super::faults::{Faults, Place, nearest};
use super::files::{self, Unread};
use super::paths::Shown as _;
use super::values::{Entry, Table, shorten};
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// A file of the chain.
pub(super) struct Source {
    /// The file's stem, or the embedded name.
    pub name: String,
    /// Its number among the files that faults can show.
    pub file: usize,
    /// What it holds.
    pub text: String,
    /// Its folder, in which countries and other scenarios may lie; nothing for an embedded scenario.
    pub folder: Option<PathBuf>,
    /// What it is called in texts: its path, or the embedded name.
    pub shown: String,
    /// What tells it from every other file.
    identity: PathBuf,
}

impl Source {
    /// A text that lies nowhere, as an embedded one.
    pub fn embedded(faults: &Faults, name: &str, text: &str) -> Self {
        let file = faults.file(&format!("{name}.toml"), text);
        Self { name: name.to_owned(), file, text: text.to_owned(), folder: None, shown: name.to_owned(), identity: PathBuf::from(name) }
    }
}

/// Finds a scenario by its shipped name, or by a path that is relative to `folder`; the ending `.toml` may be left out.
pub(super) fn find(faults: &Faults, reference: &str, folder: Option<&Path>) -> Result<Source, Unread> {
    if let Some((name, text)) = SCENARIOS.iter().find(|(name, _)| *name == reference) {
        return Ok(Source::embedded(faults, name, text));
    }
    from_file(faults, &place_of(reference, folder))
}

/// The scenario that a file holds, whatever its name.
pub(super) fn from_file(faults: &Faults, path: &Path) -> Result<Source, Unread> {
    let text = files::text(path, files::SCENARIO)?;
    let shown = path.shown();
    let file = faults.file(&shown, &text);
    let name = path.file_stem().map_or_else(|| "scenario".into(), |stem| stem.to_string_lossy()).into_owned();
    let identity = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    Ok(Source { name, file, text, folder: Some(path.parent().unwrap_or(Path::new("")).to_path_buf()), shown, identity })
}

/// The path that a reference means.
pub(super) fn place_of(reference: &str, folder: Option<&Path>) -> PathBuf {
    let path = folder.map_or_else(|| PathBuf::from(reference), |folder| folder.join(reference));
    if !path.is_file() && !reference.is_empty() {
        let mut ended = path.clone().into_os_string();
        ended.push(".toml");
        let ended = PathBuf::from(ended);
        if ended.is_file() {
            return ended;
        }
    }
    path
}

/// `own` and the files below it, as far as they can be found; what cannot is a fault where it is named.
pub(super) fn chain(faults: &Faults, own: Source) -> Result<Vec<Source>, Problem> {
    let mut chain = vec![own];
    loop {
        let last = &chain[chain.len() - 1];
        let Some((reference, place)) = extended(last) else { return Ok(chain) };
        let found = find(faults, &reference, last.folder.as_deref());
        let shown = shorten(&reference);
        match found {
            Ok(found) if chain.iter().any(|other| other.identity == found.identity) => {
                let title = format!("scenarios extend each other in a circle: `{shown}` comes back to itself");
                faults.add(&place, title, "", "remove `extends` from one of them");
                return Ok(chain);
            }
            Ok(found) => chain.push(found),
            Err(Unread::World(why)) => return Err(Problem::World(format!("error: {shown}: {why}\n"))),
            Err(Unread::Fault(what, help)) => {
                faults.add(&place, format!("`{shown}` cannot be extended: {what}"), "", help);
                return Ok(chain);
            }
            Err(Unread::Folder) => {
                let help = format!("name a file in it, such as {}", Path::new(&reference).join("scenario.toml").shown());
                faults.add(&place, format!("`{shown}` is a folder, not a scenario"), "", help);
                return Ok(chain);
            }
            Err(Unread::Missing) => {
                let names = || SCENARIOS.iter().map(|(name, _)| *name);
                let near = nearest(&reference, names()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
                let all: Vec<&str> = names().collect();
                let help = format!("{near}shipped scenarios: {}; or give the path of a file, seen from this one", all.join(", "));
                faults.add(&place, format!("there is no scenario `{shown}` to extend"), "", help);
                return Ok(chain);
            }
        }
    }
}

/// What a file extends, and where it says so.
fn extended(source: &Source) -> Option<(String, Place)> {
    let table = DeTable::parse(&source.text).ok()?;
    let (_, value) = table.get_ref().iter().find(|(key, _)| key.get_ref() == "extends")?;
    let reference = value.get_ref().as_str()?.to_owned();
    Some((reference, Place::new(source.file, value.span())))
}

/// The entry under `key` in the nearest file of a chain that has it; all of them may.
pub(super) fn said<'t>(tables: &[Table<'t>], key: &'static str) -> Option<Entry<'t>> {
    let all: Vec<Option<Entry<'t>>> = tables.iter().map(|table| table.get(key)).collect();
    all.into_iter().flatten().next()
}

/// The same; it is a fault if no file has it. `example` shows how to write it.
///
/// Where what the last file extends could not be found or is not said, which is a fault of its own, it may well stand there.
pub(super) fn required<'t>(tables: &[Table<'t>], key: &'static str, example: &str) -> Option<Entry<'t>> {
    let broken = tables.last().is_some_and(|last| ["extends", "baseline"].iter().any(|key| last.get(key).is_some()));
    said(tables, key).or_else(|| if broken { None } else { tables[0].require(key, example) })
}
