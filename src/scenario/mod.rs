//! Scenarios: a file becomes a baseline and its variants, or all of its faults with place and remedy.
//!
//! [`load`] is the whole route: text, then tables with places, then layers (`variants`) of schedules
//! (`levers`) over a country (`country`), then one [`Setting`] per variant and the resolved text.
//!
//! Absent on purpose: running anything, and any default that a misspelt key could fall back to in silence:
//! unknown keys are faults.

mod asked;
mod chain;
mod countries;
mod country;
mod difference;
mod embedded;
mod faults;
mod files;
mod imprint;
mod languages;
mod levers;
mod loading;
mod observed;
mod paths;
mod resolved;
mod schema;
pub mod sets;
mod stays;
pub mod targets;
mod template;
mod upgrade;
mod values;
mod variants;
mod warnings;

use crate::model::Setting;
use crate::model::parameters::{Parameter, Parameters};
use crate::model::policy::Grade;
use crate::quantities::Month;
use countries::{country_of, own_file, parsed, read_country, read_posterior};
use faults::{Faults, Place};
use files::Unread;
use loading::Loading;
use sets::{Choice, Drawn, Posterior};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use asked::{parameters_schema, profile_schema, targets_schema};
pub use difference::{Difference, country_differences, differences};
pub use imprint::{Date, Imprint};
pub use languages::Others;
pub use observed::Published;
pub use paths::{Shown, by_bytes, quoted_path};
pub use schema::schema;
pub use template::{Start, template};
pub use upgrade::Upgrade;

/// A scenario, checked: whatever it holds can be simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The file's stem, or the embedded name.
    pub name: String,
    /// What it is called in texts.
    pub title: String,
    /// The same in other languages.
    pub titles: Others,
    /// The question that it answers, in a paragraph; may be empty.
    pub question: String,
    /// The same in other languages.
    pub questions: Others,
    /// Who answers for its briefings.
    pub imprint: Imprint,
    /// The seed of all luck.
    pub seed: u64,
    /// How many replicates of each variant are simulated.
    pub replicates: u32,
    /// Persons per agent.
    pub scale: f64,
    /// The month with which the world begins after its spin-up; the first reported one, unless the file or the command line
    /// reports from a later (or, within the spin-up, an earlier) month on.
    pub begin: Month,
    /// The first reported month.
    pub from: Month,
    /// The last reported month.
    pub to: Month,
    /// The baseline, named `baseline`, then the variants in the order of the file.
    pub variants: Vec<Variant>,
    /// The first and the last month to compare, if the file says so.
    pub compare: Option<(Month, Month)>,
    /// The variant with which the others, the baseline among them, are compared, if the file names one that is simulated.
    pub against: Option<String>,
    /// The country, as the file names it, and the folder beside which it may lie (none for an embedded scenario).
    pub country: (String, Option<PathBuf>),
    /// The files of a country that lies on disk, by name, as they were when the scenario was loaded; none for a shipped country.
    pub country_files: Vec<(&'static str, String)>,
    /// The parameter sets that its replicates assume.
    pub drawn: Drawn,
    /// The scenario as TOML text with everything spelt out: the same for the same input, and complete enough
    /// to run again, beside its [country's folder](Self::country_folder) if it has one.
    pub resolved: String,
    /// What may not be meant, each as text to show: what the files say is without fault all the same.
    pub warnings: Vec<String>,
}

/// One variant of a scenario, ready to be simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What it is called in texts; its name, if the file gives no title.
    pub title: String,
    /// The same in other languages.
    pub titles: Others,
    /// The variant it builds on; nothing where it builds on the baseline.
    pub base: Option<String>,
    /// What its simulation is told, with the best value of every parameter.
    pub setting: Setting,
    /// Parameters that the file itself says, by their places: no drawn set changes them.
    pub fixed: BTreeMap<usize, f64>,
}

impl Scenario {
    /// The folder, beside the resolved text, in which that text looks for the [files of its country](Self::country_files); nothing
    /// for a shipped country, which every copy of the program carries.
    #[must_use]
    pub fn country_folder(&self) -> Option<String> {
        (!self.country_files.is_empty()).then(|| countries::kept(&self.country.0))
    }

    /// The same scenario whose titles and question, and those of its country, are those of `language`, where it has them.
    #[must_use]
    pub fn in_language(mut self, language: &str) -> Self {
        let title = |text: &mut String, others: &Others| {
            if let Some(other) = others.get(language) {
                text.clone_from(other);
            }
        };
        title(&mut self.title, &self.titles);
        title(&mut self.question, &self.questions);
        title(&mut self.imprint.office, &self.imprint.offices);
        title(&mut self.imprint.author, &self.imprint.authors);
        for variant in &mut self.variants {
            title(&mut variant.title, &variant.titles);
            variant.setting.profile.speak(language);
            variant.setting.country.speak(language);
        }
        self
    }

    /// What the simulation of `variant` is told under the luck of `replicate`: its setting, with the replicate's
    /// parameter set where one is drawn.
    #[must_use]
    pub fn setting(&self, variant: usize, replicate: u32) -> Cow<'_, Setting> {
        let variant = &self.variants[variant];
        match self.drawn.row(replicate) {
            None => Cow::Borrowed(&variant.setting),
            Some(row) => Cow::Owned(variant.assuming(row)),
        }
    }
}

impl Variant {
    /// Its setting with the parameters of `row`, but for those that the file itself says.
    #[must_use]
    pub fn assuming(&self, row: &[f64]) -> Setting {
        let mut row = row.to_vec();
        for (place, value) in &self.fixed {
            row[*place] = *value;
        }
        self.setting.assuming(Parameters::from_row(&row))
    }

    /// The first month in which it and `other` are told different things, if they ever are.
    #[must_use]
    pub fn parting(&self, other: &Self) -> Option<Month> {
        let months = if self.fixed == other.fixed { self.setting.differs_from(&other.setting) } else { Some(0) };
        months.map(|months| self.setting.start().plus(i32::try_from(months).unwrap_or(i32::MAX)))
    }
}

/// What the command line says instead of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// How many replicates (`--replicates`).
    pub replicates: Option<u32>,
    /// The seed (`--seed`).
    pub seed: Option<u64>,
    /// Persons per agent (`--scale`).
    pub scale: Option<f64>,
    /// The first reported month (`--from`).
    pub from: Option<Month>,
    /// The last reported month (`--to`).
    pub to: Option<Month>,
    /// The names of the variants to keep (`--only`); the baseline is always kept.
    pub only: Option<Vec<String>>,
    /// Which parameter sets are simulated (`--parameters`); without it, the posterior where the country has one.
    pub parameters: Option<Choice>,
}

/// Why there is no scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The user's: all faults at once, as text to show (exit code 2).
    Fault(String),
    /// The world's, such as a disk that cannot be read, as text to show (exit code 1).
    World(String),
}

/// What a country's file says about one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterNote {
    /// What the code knows of it: its name, unit, bounds, rule and meaning.
    pub parameter: &'static Parameter,
    /// Its value, in its unit.
    pub value: f64,
    /// The low end of its plausible range.
    pub low: f64,
    /// The high end of its plausible range.
    pub high: f64,
    /// How well it is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
}

/// The shipped scenarios as (name, text), the default first.
#[must_use]
pub fn embedded() -> &'static [(&'static str, &'static str)] {
    embedded::SCENARIOS
}

/// Loads a scenario by its embedded name or from the path of a file, whose ending may be left out.
///
/// # Errors
/// All faults of the file, of its country and of `overrides` at once, or the first failure to read.
pub fn load(reference: &str, overrides: &Overrides) -> Result<Scenario, Problem> {
    let faults = Faults::default();
    let own = chain::find(&faults, reference, None).map_err(|unread| refused(reference, unread))?;
    Loading { faults: &faults, overrides }.scenario(own)
}

/// Loads the scenario that stands in the file at `path`, whose name need not be text.
///
/// # Errors
/// As [`load`].
pub fn load_file(path: &Path, overrides: &Overrides) -> Result<Scenario, Problem> {
    let faults = Faults::default();
    let own = chain::from_file(&faults, path).map_err(|unread| refused(&path.shown(), unread))?;
    Loading { faults: &faults, overrides }.scenario(own)
}

/// A scenario file of format 1 in the present format; nothing is written.
///
/// # Errors
/// All faults of the file, or the failure to read it.
pub fn upgrade(reference: &str) -> Result<Upgrade, Problem> {
    let faults = Faults::default();
    let own = chain::find(&faults, reference, None).map_err(|unread| refused(reference, unread))?;
    Loading { faults: &faults, overrides: &Overrides::default() }.upgraded(own)
}

/// The file that a reference means: the path itself, or with the ending that may be left out.
#[must_use]
pub fn file_of(reference: &str) -> PathBuf {
    chain::place_of(reference, None)
}

/// The coarsest scale at which a scenario's country can be simulated.
#[must_use]
pub fn coarsest(scenario: &Scenario) -> f64 {
    (country::persons(&scenario.variants[0].setting.country) / country::FEWEST).floor().max(1.0)
}

/// With how many agents a scenario begins.
#[must_use]
pub fn agents(scenario: &Scenario) -> f64 {
    scenario.variants.first().map_or(0.0, |variant| country::persons(&variant.setting.country)) / scenario.scale
}

/// The files of a shipped country by name, in the order in which a reader would open them; nothing where there is none.
#[must_use]
pub fn embedded_country(name: &str) -> Option<Vec<(&'static str, &'static str)>> {
    let carried = embedded::COUNTRIES.iter().find(|country| country.name == name)?;
    let mut files = vec![
        ("profile.toml", carried.profile),
        ("parameters.toml", carried.parameters),
        ("targets.toml", carried.targets),
        ("observed.csv", carried.observed),
    ];
    files.extend(carried.posterior.map(|text| ("posterior.csv", text)));
    Some(files)
}

/// The same as it is written out: with the schemas of its files beside it, which the files name in their first line.
#[must_use]
pub fn written_country(name: &str) -> Option<Vec<(&'static str, String)>> {
    // Beside the shipped countries the schemas lie once for all of them.
    let beside = |text: &str| text.replacen("#:schema ../", "#:schema ./", 1);
    let mut files: Vec<(&str, String)> = embedded_country(name)?.into_iter().map(|(file, text)| (file, beside(text))).collect();
    files.extend(asked::COUNTRY_SCHEMAS.map(|(file, schema)| (file, format!("{:#}\n", schema()))));
    Some(files)
}

/// The names of the shipped countries.
#[must_use]
pub fn embedded_countries() -> Vec<&'static str> {
    embedded::COUNTRIES.iter().map(|country| country.name).collect()
}

/// What each country parameter is said to be, in the order of
/// [`PARAMETERS`](crate::model::parameters::PARAMETERS), for an embedded country or a country's folder.
///
/// # Errors
/// All faults of the country's files, or the first failure to read them.
pub fn parameter_notes(country: &str) -> Result<Vec<ParameterNote>, Problem> {
    let faults = Faults::default();
    let found = read_country(&faults, country, Some(Path::new("")), &mut |title, help| {
        faults.add(&Place::whole(usize::MAX), format!("{title}\nhelp: {help}"), "", "");
    })?;
    match found {
        Some((_, notes)) if faults.is_empty() => Ok(notes),
        _ => Err(Problem::Fault(faults.render())),
    }
}

/// What each parameter of a scenario's country is said to be; see [`parameter_notes`].
///
/// # Errors
/// As [`parameter_notes`].
pub fn notes(scenario: &Scenario) -> Result<Vec<ParameterNote>, Problem> {
    country_of(scenario).map(|(_, notes)| notes)
}

/// The targets of a scenario's country, in the order of its `targets.toml`.
///
/// # Errors
/// All faults of the file, or the first failure to read; a fault where the country has none.
pub fn targets_of(scenario: &Scenario) -> Result<Vec<targets::Target>, Problem> {
    let (country, _) = country_of(scenario)?;
    let faults = Faults::default();
    let (name, folder) = (&scenario.country.0, scenario.country.1.as_deref());
    let own = own_file(&faults, name, folder, "targets.toml")?;
    let found = own.as_ref().and_then(|own| parsed(&faults, own, |table| targets::targets(table, &country)));
    match found {
        None if faults.is_empty() => Err(Problem::Fault(format!(
            "error: the country `{}` has no targets.toml\nhelp: add one beside its profile.toml; `fivep eject borderland --country` writes an example\n",
            values::shorten(name)
        ))),
        Some(found) if faults.is_empty() => Ok(found),
        _ => Err(Problem::Fault(faults.render())),
    }
}

/// Reads what a scenario's country holds beside what a run needs, so that its faults are known before it is needed: targets and
/// published tiers. A country need not have either.
///
/// # Errors
/// All their faults, or the failure to read.
pub fn check_country(scenario: &Scenario) -> Result<(), Problem> {
    let (country, _) = country_of(scenario)?;
    let faults = Faults::default();
    let (name, folder) = (&scenario.country.0, scenario.country.1.as_deref());
    if let Some(own) = own_file(&faults, name, folder, "targets.toml")? {
        parsed(&faults, &own, |table| targets::targets(table, &country));
    }
    if let Some((file, text)) = own_file(&faults, name, folder, "observed.csv")?
        && text.lines().next().is_some_and(|head| head.contains("series"))
    {
        observed::tiers(&faults, file, &text);
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::Fault(faults.render())) }
}

/// The posterior of a scenario's country, if it has one.
///
/// # Errors
/// All faults of the file, or the failure to read it.
pub fn posterior_of(scenario: &Scenario) -> Result<Option<Posterior>, Problem> {
    let faults = Faults::default();
    let found = read_posterior(&faults, &scenario.country.0, scenario.country.1.as_deref())?;
    if faults.is_empty() { Ok(found) } else { Err(Problem::Fault(faults.render())) }
}

/// The published figures of a scenario's country, from its `observed.csv`, that speak of one of our indicators; none where there
/// is no such file or it cannot be read.
#[must_use]
pub fn published(scenario: &Scenario) -> Vec<Published> {
    let (name, folder) = (&scenario.country.0, scenario.country.1.as_deref());
    let own = own_file(&Faults::default(), name, folder, "observed.csv");
    own.ok().flatten().map(|(_, text)| observed::figures(&text, &mut |_, _, _| ())).unwrap_or_default()
}

/// The published figures in the file at `path`, which is laid out as a country's `observed.csv`.
///
/// # Errors
/// All that was not understood, line by line; a file without a figure, or the failure to read it.
pub fn published_in(path: &Path) -> Result<Vec<Published>, Problem> {
    let text = text_of(path, files::MOST)?;
    let faults = Faults::default();
    let file = faults.file(&path.shown(), &text);
    let found = observed::figures(&text, &mut |at, title, help| faults.add(&Place::new(file, at), title, "", help));
    if faults.is_empty() && found.is_empty() {
        let help = "name one of `fivep indicators` in the column `indicator` of each figure that a run can be held against";
        faults.add(&Place::whole(file), "no figure in this file speaks of an indicator", "", help);
    }
    if faults.is_empty() { Ok(found) } else { Err(Problem::Fault(faults.render())) }
}

/// The published tier of each year that a report judged, from the country's `observed.csv`: the year, and its place from the
/// best (0) to the worst (3); none where the country has no such file or series.
///
/// # Errors
/// All faults of the file, or the failure to read it.
pub fn published_tiers(scenario: &Scenario) -> Result<Vec<(i32, usize)>, Problem> {
    let faults = Faults::default();
    let own = own_file(&faults, &scenario.country.0, scenario.country.1.as_deref(), "observed.csv")?;
    let tiers = own.map(|(file, text)| observed::tiers(&faults, file, &text)).unwrap_or_default();
    if faults.is_empty() { Ok(tiers) } else { Err(Problem::Fault(faults.render())) }
}

/// The text of a file from anywhere: at most `most` bytes of UTF-8, so that neither a device without an end nor a huge file fills the memory.
///
/// # Errors
/// A fault where it is no such text, a problem of the world where it cannot be read.
pub fn text_of(path: &Path, most: u64) -> Result<String, Problem> {
    let shown = path.shown();
    let bytes = files::bytes(path, most).map_err(|unread| match unread {
        Unread::Missing => Problem::World(format!("error: there is no file `{shown}`")),
        unread => refused(&path.shown(), unread),
    })?;
    if bytes.len() as u64 > most {
        return Err(Problem::Fault(format!("error: `{shown}` is larger than {} MB\nhelp: name a smaller file", most >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| Problem::Fault(format!("error: `{shown}` is not UTF-8 text\nhelp: save it as UTF-8")))
}

/// The first file in `folder` that may be a scenario, by name.
fn first_file(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "toml") && path.is_file()).min()
}

/// The problem of a reference that leads to no text.
fn refused(reference: &str, unread: Unread) -> Problem {
    let shown = values::shorten(reference);
    match unread {
        Unread::World(why) => Problem::World(format!("error: {shown}: {why}\n")),
        Unread::Fault(what, help) => Problem::Fault(format!("error: {shown}: {what}\nhelp: {help}\n")),
        Unread::Folder => {
            let path = Path::new(reference);
            let help = if path.join("manifest.toml").is_file() {
                let verbs = "is a run folder: compare, table, chart, brief and scorecard read it";
                format!("{shown} {verbs}; to simulate it again, name {}", path.join("scenario.toml").shown())
            } else if let Some(file) = first_file(path) {
                format!("name a file in it, such as {}", file.shown())
            } else {
                "it holds neither a .toml file nor the manifest.toml of a run: name a scenario, or a run that `fivep runs` lists".to_owned()
            };
            Problem::Fault(format!("error: {shown} is a folder, not a scenario file\nhelp: {help}\n"))
        }
        Unread::Missing => {
            let names = embedded().iter().map(|(name, _)| *name);
            let near = values::near(&Faults::default(), reference.strip_suffix(".toml").unwrap_or(reference), names.clone());
            let all: Vec<&str> = names.collect();
            let help = format!("{near}shipped scenarios: {}; or give the path of a .toml file", all.join(", "));
            Problem::Fault(format!("error: there is no scenario `{shown}`: it is neither a file nor a shipped scenario\nhelp: {help}\n"))
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values pass through unchanged")]
mod tests;
