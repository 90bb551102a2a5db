//! Where a country's files lie: in a folder beside the scenario, which wins, or in what the program carries with it.
//!
//! Absent on purpose: what the files say (`country`, `sets`, `targets`).

use super::faults::{Faults, Place};
use super::files::Unread;
use super::paths::Shown as _;
use super::sets::{self, Posterior};
use super::values::{self, Table};
use super::{ParameterNote, Problem, Scenario, country, embedded, files};
use crate::model::country::Country;
use std::path::{Path, PathBuf};

pub(super) fn country_of(scenario: &Scenario) -> Result<(Country, Vec<ParameterNote>), Problem> {
    let faults = Faults::default();
    let found = read_country(&faults, &scenario.country.0, scenario.country.1.as_deref(), &mut |title, help| {
        faults.add(&Place::whole(usize::MAX), format!("{title}\nhelp: {help}"), "", "");
    })?;
    found.filter(|_| faults.is_empty()).ok_or_else(|| Problem::Fault(faults.render()))
}

pub(super) fn read_posterior(faults: &Faults, country: &str, folder: Option<&Path>) -> Result<Option<Posterior>, Problem> {
    let own = own_file(faults, country, folder, "posterior.csv")?;
    Ok(own.and_then(|(file, text)| sets::posterior(faults, file, &text)))
}

/// Warns where sets lie outside the ranges that the country gives today: who has found a better figure since would go on with the old one.
pub(super) fn outlived(faults: &Faults, posterior: &Posterior, notes: &[ParameterNote]) {
    for (column, place) in posterior.places.iter().enumerate() {
        let note = &notes[*place];
        let room = 1e-9 * (note.high - note.low).abs().max(note.high.abs());
        let outside = |set: &&Vec<f64>| !(note.low - room..=note.high + room).contains(&set[column]);
        let many = posterior.sets.iter().filter(outside).count();
        if many > 0 {
            let name = note.parameter.path();
            let title = format!(
                "`{name}` lies outside its range of {} to {} in {many} of {} sets of posterior.csv, and runs draw from these",
                note.low,
                note.high,
                posterior.sets.len()
            );
            let help = "`fivep calibrate` makes the sets anew; `--parameters best` takes what parameters.toml says";
            faults.warn(&Place::whole(usize::MAX), title, help);
        }
    }
}

/// A further file of a country, which it need not have: from its folder, or of those carried along.
pub(super) fn own_file(faults: &Faults, country: &str, folder: Option<&Path>, file: &str) -> Result<Option<(usize, String)>, Problem> {
    let carried = embedded::COUNTRIES.iter().find(|carried| carried.name == country);
    if let Some(path) = home(country, folder, carried) {
        let mut missing = |title: String, help: String| {
            faults.add(&Place::whole(usize::MAX), format!("{title}\nhelp: {help}"), "", "");
        };
        if !path.join(file).exists() {
            return Ok(None);
        }
        return country_file(faults, &path, file, &mut missing);
    }
    let text = carried.and_then(|carried| carried.text(file));
    Ok(text.map(|text| (faults.file(&format!("{country}/{file}"), text), text.to_owned())))
}

/// What a file of a country's folder is.
fn kind(file: &str) -> files::Kind {
    if file == "posterior.csv" { files::POSTERIOR } else { files::OF_COUNTRY }
}

/// The files that a country's folder may hold.
pub(super) const FILES: [&str; 5] = ["profile.toml", "parameters.toml", "targets.toml", "observed.csv", "posterior.csv"];

/// The files of a country on disk, and a warning of each that is there and cannot be read; none where it is one of those carried along.
pub(super) fn country_files(faults: &Faults, name: &str, folder: Option<&Path>) -> Vec<(&'static str, String)> {
    let carried = embedded::COUNTRIES.iter().find(|country| country.name == name);
    let Some(home) = home(name, folder, carried) else { return vec![] };
    let read = |file| {
        let path = home.join(file);
        let (what, help) = match files::text(&path, kind(file)) {
            Ok(text) => return Some((file, text)),
            Err(Unread::Missing) => return None,
            Err(Unread::Folder) => ("this is a folder, not a file".to_owned(), format!("put a file {file} in its place")),
            Err(Unread::World(what)) => (what, "until then the country goes without it".to_owned()),
            Err(Unread::Fault(what, help)) => (what, help),
        };
        faults.warn(&Place::whole(usize::MAX), format!("{} is passed over: {what}", path.shown()), help);
        None
    };
    FILES.into_iter().filter_map(read).collect()
}

/// What the country `name` with these files of its own says in `file`; where it has none, what is carried along.
pub(super) fn text_of(name: &str, files: &[(&'static str, String)], file: &str) -> Option<String> {
    if !files.is_empty() {
        return files.iter().find(|(own, _)| *own == file).map(|(_, text)| text.clone());
    }
    embedded::COUNTRIES.iter().find(|carried| carried.name == name)?.text(file).map(str::to_owned)
}

/// Whether a country with these files has been calibrated, so that its posterior is what is drawn from.
pub(super) fn calibrated(name: &str, files: &[(&'static str, String)]) -> bool {
    let carried = || embedded::COUNTRIES.iter().any(|carried| carried.name == name && carried.posterior.is_some());
    if files.is_empty() { carried() } else { files.iter().any(|(file, _)| *file == "posterior.csv") }
}

/// Where a resolved text looks for a country on disk that its scenario calls `name`: under its own name, in a folder that no
/// other file of a run can be called like.
pub(super) fn kept(name: &str) -> String {
    format!("country/{}", Path::new(name).file_name().unwrap_or("own".as_ref()).to_string_lossy())
}

/// The folder of a country on disk; nothing where it is one of those carried along.
fn home(name: &str, folder: Option<&Path>, carried: Option<&embedded::Folder>) -> Option<PathBuf> {
    let path = folder.map(|folder| folder.join(name));
    path.filter(|path| path.join("profile.toml").exists() || carried.is_none() && path.is_dir())
}

/// Reads a country by its embedded name or from a folder beside the scenario; `missing` records that there is
/// none, saying what is wrong and what to do.
pub(super) fn read_country(
    faults: &Faults,
    name: &str,
    folder: Option<&Path>,
    missing: &mut dyn FnMut(String, String),
) -> Result<Option<(Country, Vec<ParameterNote>)>, Problem> {
    let carried = embedded::COUNTRIES.iter().find(|country| country.name == name);
    let (profile, parameters) = match (home(name, folder, carried), carried) {
        (Some(path), _) => (country_file(faults, &path, "profile.toml", missing)?, country_file(faults, &path, "parameters.toml", missing)?),
        (None, Some(carried)) => {
            let own = |file: &str, text: &str| Some((faults.file(&format!("{name}/{file}"), text), text.to_owned()));
            (own("profile.toml", carried.profile), own("parameters.toml", carried.parameters))
        }
        (None, None) => {
            let names = embedded::COUNTRIES.iter().map(|country| country.name);
            let near = values::near(faults, name, names.clone());
            let names: Vec<&str> = names.collect();
            let help = format!("{near}shipped countries: {}; or name a folder beside the scenario that holds profile.toml", names.join(", "));
            missing(format!("there is no country `{}`", values::shorten(name)), help);
            (None, None)
        }
    };
    let (Some(profile), Some(parameters)) = (profile, parameters) else { return Ok(None) };
    let before = faults.count();
    let name = Path::new(name).file_name().map_or_else(|| name.into(), |last| last.to_string_lossy());
    let country = parsed(faults, &profile, |table| country::profile(table, &name));
    let notes = parsed(faults, &parameters, country::parameters);
    Ok(country.zip(notes).filter(|_| faults.count() == before))
}

/// Parses a file's text and reads its table.
pub(super) fn parsed<T>(faults: &Faults, (file, text): &(usize, String), read: impl FnOnce(&Table<'_>) -> T) -> Option<T> {
    let table = values::parse(faults, *file, text)?;
    Some(read(&Table::new(faults, *file, String::new(), Place::whole(*file), table.get_ref())))
}

/// One file of a country's folder.
fn country_file(faults: &Faults, folder: &Path, file: &str, missing: &mut dyn FnMut(String, String)) -> Result<Option<(usize, String)>, Problem> {
    let path: PathBuf = folder.join(file);
    let shown = path.shown();
    match files::text(&path, kind(file)) {
        Ok(text) => return Ok(Some((faults.file(&shown, &text), text))),
        Err(Unread::World(why)) => return Err(Problem::World(format!("error: {shown}: {why}\n"))),
        Err(Unread::Missing) => {
            missing(format!("the country's folder lacks {shown}"), format!("add {file}; `fivep eject borderland --country` writes an example"));
        }
        Err(Unread::Folder) => missing(format!("{shown} is a folder, not a file"), format!("put a file {file} in its place")),
        Err(Unread::Fault(what, help)) => missing(format!("{shown}: {what}"), help),
    }
    Ok(None)
}
