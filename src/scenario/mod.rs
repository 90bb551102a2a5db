//! Scenarios: a file becomes a baseline and its variants, or all of its faults with place and remedy.
//!
//! [`load`] is the whole route: text, then tables with places, then layers (`variants`) of schedules
//! (`levers`) over a country (`country`), then one [`Setting`] per variant and the resolved text.
//!
//! Absent on purpose: running anything, and any default that a misspelt key could fall back to in silence:
//! unknown keys are faults.

mod country;
mod embedded;
mod faults;
mod files;
mod levers;
mod observed;
mod resolved;
mod schema;
pub mod sets;
pub mod targets;
mod template;
mod values;
mod variants;

use crate::model::Setting;
use crate::model::country::Country;
use crate::model::parameters::{Parameter, Parameters};
use crate::model::policy::{Grade, Plan};
use crate::quantities::Month;
use country::FEWEST;
use faults::{Faults, Place, nearest};
use files::Unread;
use levers::{Dates, YEARS_BEFORE};
use sets::{Choice, Drawn, Posterior};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use values::{Entry, Table};
use variants::{InForce, Written};

pub use observed::{Published, published};
pub use schema::schema;
pub use template::template;

/// The years that a run may lie in.
const YEARS: RangeInclusive<i32> = 1800..=2400;
/// Longest span of a run, in years.
const MOST_YEARS: i32 = 100;
/// How many replicates a run may have.
const REPLICATES: RangeInclusive<i64> = 1..=10_000;

/// A scenario, checked: whatever it holds can be simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The file's stem, or the embedded name.
    pub name: String,
    /// What it is called in texts.
    pub title: String,
    /// The question that it answers, in a paragraph; may be empty.
    pub question: String,
    /// The seed of all luck.
    pub seed: u64,
    /// How many replicates of each variant are simulated.
    pub replicates: u32,
    /// Persons per agent.
    pub scale: f64,
    /// The first reported month.
    pub from: Month,
    /// The last reported month.
    pub to: Month,
    /// The baseline, named `baseline`, then the variants in the order of the file.
    pub variants: Vec<Variant>,
    /// The first and the last month to compare, if the file says so.
    pub compare: Option<(Month, Month)>,
    /// The country, as the file names it, and the folder beside which it may lie (none for an embedded scenario).
    pub country: (String, Option<PathBuf>),
    /// The parameter sets that its replicates assume.
    pub drawn: Drawn,
    /// The scenario as TOML text with everything spelt out: the same for the same input, and complete enough
    /// to run again.
    pub resolved: String,
}

/// One variant of a scenario, ready to be simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What it is called in texts; its name, if the file gives no title.
    pub title: String,
    /// The variant it builds on; nothing where it builds on the baseline.
    pub base: Option<String>,
    /// What its simulation is told, with the best value of every parameter.
    pub setting: Setting,
    /// Parameters that the file itself says, by their places: no drawn set changes them.
    pub fixed: BTreeMap<usize, f64>,
}

impl Scenario {
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
        Setting { parameters: Parameters::from_row(&row), ..self.setting.clone() }
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

/// Loads a scenario by its embedded name or from the path of a file.
///
/// # Errors
/// All faults of the file, of its country and of `overrides` at once, or the first failure to read.
pub fn load(reference: &str, overrides: &Overrides) -> Result<Scenario, Problem> {
    let faults = Faults::default();
    if let Some((name, text)) = embedded().iter().find(|(name, _)| *name == reference) {
        let file = faults.file(&format!("{name}.toml"), text);
        return Loading { faults: &faults, file, folder: None, overrides }.scenario(name, text);
    }
    let path = Path::new(reference);
    let text = files::text(path).map_err(|unread| refused(reference, unread))?;
    let file = faults.file(reference, &text);
    let name = path.file_stem().map_or_else(|| "scenario".into(), |stem| stem.to_string_lossy());
    let folder = Some(path.parent().unwrap_or(Path::new("")));
    Loading { faults: &faults, file, folder, overrides }.scenario(&name, &text)
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
    let own = own_file(&faults, name, folder, "targets.toml", |carried| Some(carried.targets))?;
    let found = own.as_ref().and_then(|own| parsed(&faults, own, |table| targets::targets(table, &country)));
    match found {
        None if faults.is_empty() => Err(Problem::Fault(format!(
            "error: the country `{}` has no targets.toml\nhelp: add one beside its profile.toml; the shipped countries are examples\n",
            values::shorten(name)
        ))),
        Some(found) if faults.is_empty() => Ok(found),
        _ => Err(Problem::Fault(faults.render())),
    }
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

fn country_of(scenario: &Scenario) -> Result<(Country, Vec<ParameterNote>), Problem> {
    let faults = Faults::default();
    let found = read_country(&faults, &scenario.country.0, scenario.country.1.as_deref(), &mut |title, help| {
        faults.add(&Place::whole(usize::MAX), format!("{title}\nhelp: {help}"), "", "");
    })?;
    found.filter(|_| faults.is_empty()).ok_or_else(|| Problem::Fault(faults.render()))
}

fn read_posterior(faults: &Faults, country: &str, folder: Option<&Path>) -> Result<Option<Posterior>, Problem> {
    let own = own_file(faults, country, folder, "posterior.csv", |carried| carried.posterior)?;
    Ok(own.and_then(|(file, text)| sets::posterior(faults, file, &text)))
}

/// A further file of a country, which it need not have: from its folder, or of those carried along.
fn own_file(
    faults: &Faults,
    country: &str,
    folder: Option<&Path>,
    file: &str,
    embedded: impl Fn(&embedded::Folder) -> Option<&'static str>,
) -> Result<Option<(usize, String)>, Problem> {
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
    let text = carried.and_then(embedded);
    Ok(text.map(|text| (faults.file(&format!("{country}/{file}"), text), text.to_owned())))
}

/// The folder of a country on disk; nothing where it is one of those carried along.
fn home(name: &str, folder: Option<&Path>, carried: Option<&embedded::Folder>) -> Option<PathBuf> {
    let path = folder.map(|folder| folder.join(name));
    path.filter(|path| path.join("profile.toml").exists() || carried.is_none() && path.is_dir())
}

/// The problem of a reference that leads to no text.
fn refused(reference: &str, unread: Unread) -> Problem {
    let shown = values::shorten(reference);
    match unread {
        Unread::World(why) => Problem::World(format!("error: {shown}: {why}\n")),
        Unread::Fault(what, help) => Problem::Fault(format!("error: {shown}: {what}\nhelp: {help}\n")),
        Unread::Folder => {
            let help = format!("name a file in it, such as {}", Path::new(reference).join("my-scenario.toml").display());
            Problem::Fault(format!("error: {shown} is a folder, not a scenario file\nhelp: {help}\n"))
        }
        Unread::Missing => {
            let names = embedded().iter().map(|(name, _)| *name);
            let stem = reference.strip_suffix(".toml").unwrap_or(reference);
            let with_ending = format!("{reference}.toml");
            let near = if Path::new(&with_ending).is_file() { format!("did you mean {with_ending}? ") } else { values::near(stem, names.clone()) };
            let all: Vec<&str> = names.collect();
            let help = format!("{near}shipped scenarios: {}; or give the path of a .toml file", all.join(", "));
            Problem::Fault(format!("error: there is no scenario `{shown}`: it is neither a file nor a shipped scenario\nhelp: {help}\n"))
        }
    }
}

/// Reads a country by its embedded name or from a folder beside the scenario; `missing` records that there is
/// none, saying what is wrong and what to do.
fn read_country(
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
            let near = values::near(name, names.clone());
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
fn parsed<T>(faults: &Faults, (file, text): &(usize, String), read: impl FnOnce(&Table<'_>) -> T) -> Option<T> {
    let table = values::parse(faults, *file, text)?;
    Some(read(&Table::new(faults, *file, String::new(), Place::whole(*file), table.get_ref())))
}

/// One file of a country's folder.
fn country_file(faults: &Faults, folder: &Path, file: &str, missing: &mut dyn FnMut(String, String)) -> Result<Option<(usize, String)>, Problem> {
    let path: PathBuf = folder.join(file);
    let shown = path.display().to_string();
    match files::text(&path) {
        Ok(text) => return Ok(Some((faults.file(&shown, &text), text))),
        Err(Unread::World(why)) => return Err(Problem::World(format!("error: {shown}: {why}\n"))),
        Err(Unread::Missing) => missing(format!("the country's folder lacks {shown}"), format!("add {file}; the shipped countries are examples")),
        Err(Unread::Folder) => missing(format!("{shown} is a folder, not a file"), format!("put a file {file} in its place")),
        Err(Unread::Fault(what, help)) => missing(format!("{shown}: {what}"), help),
    }
    Ok(None)
}

/// A scenario on its way from text to settings.
struct Loading<'a> {
    faults: &'a Faults,
    file: usize,
    /// The scenario's folder, in which countries may lie; nothing for an embedded scenario.
    folder: Option<&'a Path>,
    overrides: &'a Overrides,
}

/// The head of a scenario file: everything but what the variants differ in.
struct Head {
    title: String,
    question: String,
    country: String,
    seed: u64,
    replicates: u32,
    scale: f64,
    from: Month,
    to: Month,
    /// The months that the file itself names, for its steps.
    dates: Dates,
}

impl Loading<'_> {
    fn scenario(&self, name: &str, text: &str) -> Result<Scenario, Problem> {
        let faulty = || Problem::Fault(self.faults.render());
        let Some(parsed) = values::parse(self.faults, self.file, text) else { return Err(faulty()) };
        let table = Table::new(self.faults, self.file, String::new(), Place::whole(self.file), parsed.get_ref());
        let (head, found) = self.head(&table)?;
        let country = found.as_ref().map(|(country, _)| country);
        let baseline = variants::layer(&table, country, head.dates);
        let written = table.get("variants").and_then(|entry| entry.table());
        let written = written.map(|inner| variants::read(&inner, country, head.dates)).unwrap_or_default();
        let order = variants::order(self.faults, &written);
        let compare = self.compare(&table, &head);
        table.close();
        let Some((country, notes)) = found else { return Err(faulty()) };
        let (settings, assumed) = self.settings(&head, &country, &notes, &baseline, &written, &order);
        let kept = self.kept(&written);
        let drawn = self.drawn(&head, &notes)?;
        if !self.faults.is_empty() {
            return Err(faulty());
        }
        let (mut variants, mut parameters) = (vec![], vec![]);
        for (i, (setting, (row, fixed))) in settings.into_iter().zip(assumed).enumerate() {
            let Some(setting) = setting else { continue };
            let (name, title, base) = match i.checked_sub(1).map(|i| &written[i]) {
                None => ("baseline".to_owned(), "Baseline".to_owned(), None),
                Some(variant) => (variant.name.clone(), variant.title.clone(), variant.base.clone()),
            };
            if i == 0 || kept[i - 1] {
                parameters.push(row);
                variants.push(Variant { name, title, base, setting, fixed });
            }
        }
        let compare = compare.map(|(from, to)| (from.unwrap_or_else(|| first_difference(&variants, head.from)), to.unwrap_or(head.to)));
        if let Some((from, to)) = compare
            && from > to
        {
            let help = "give `from` and `to` of [compare] both, in order, or leave the section out";
            self.faults.add(&Place::whole(self.file), format!("[compare] begins ({from}) after it ends ({to})"), "", help);
            return Err(faulty());
        }
        let mut scenario = Scenario {
            name: name.to_owned(),
            title: head.title,
            question: head.question,
            seed: head.seed,
            replicates: head.replicates,
            scale: head.scale,
            from: head.from,
            to: head.to,
            variants,
            compare,
            country: (head.country, self.folder.map(Path::to_path_buf)),
            drawn,
            resolved: String::new(),
        };
        scenario.resolved = resolved::text(&scenario, &parameters);
        Ok(scenario)
    }

    /// Reads and checks the head and the country; where there is a fault, the head holds a stand-in.
    #[expect(clippy::type_complexity, reason = "the pair is taken apart at its only call")]
    fn head(&self, table: &Table<'_>) -> Result<(Head, Option<(Country, Vec<ParameterNote>)>), Problem> {
        let overrides = self.overrides;
        country::format(table);
        let title = table.line("title", 300).to_owned();
        let question = table.get("question").and_then(|entry| entry.text()).unwrap_or("").trim().to_owned();
        let named = table.require("country", "\"thailand\"").and_then(|entry| Some((entry.line(1_000)?, entry)));
        let mut found = None;
        if let Some((name, entry)) = &named {
            found = read_country(self.faults, name, self.folder, &mut |title, help| entry.fault(title, "", help))?;
        }
        let (own_from, own_to) = (table.month("from"), table.month("to"));
        let dates = self.dates(table, own_from, own_to);
        let (from, to) = (overrides.from.or(own_from), overrides.to.or(own_to));
        let scale = table.require("scale", "10");
        let own_scale = scale.as_ref().and_then(|entry| entry.within(&(1.0..=1e9)));
        if let Some((country, _)) = &found {
            self.scale(country, scale.as_ref(), overrides.scale.or(own_scale));
        }
        let replicates = table.whole("replicates", REPLICATES);
        let replicates = overrides.replicates.map_or(replicates, i64::from);
        if !REPLICATES.contains(&replicates) {
            self.option("--replicates", &format!("{replicates} is out of range"), &format!("give 1 to {}", REPLICATES.end()));
        }
        let seed = table.whole("seed", 0..=i64::MAX).unsigned_abs();
        let seed = overrides.seed.unwrap_or(seed);
        if i64::try_from(seed).is_err() {
            self.option("--seed", &format!("{seed} is too large"), &format!("give 0 to {}", i64::MAX));
        }
        let stand_in = Month::new(2000, 1);
        let head = Head {
            title,
            question,
            country: named.map_or_else(String::new, |(name, _)| name.to_owned()),
            seed,
            replicates: u32::try_from(replicates).unwrap_or(1),
            scale: overrides.scale.or(own_scale).unwrap_or(1.0),
            from: from.unwrap_or(stand_in),
            to: to.unwrap_or(stand_in),
            dates,
        };
        Ok((head, found))
    }

    /// Records a fault of an option of the command line.
    fn option(&self, option: &str, what: &str, help: &str) {
        self.faults.add(&Place::whole(usize::MAX), format!("{option}: {what}\nhelp: {help}"), "", "");
    }

    /// Checks the months of the run; hands back those that steps are checked against: the file's own, widened
    /// by what the command line says, so that a shorter run does not turn a sound file into a faulty one.
    fn dates(&self, table: &Table<'_>, own_from: Option<Month>, own_to: Option<Month>) -> Dates {
        let (over_from, over_to) = (self.overrides.from, self.overrides.to);
        let check = |from: Month, to: Month, tell: &dyn Fn(String, &str)| {
            if [from, to].iter().any(|month| !YEARS.contains(&month.year())) {
                tell(format!("{from} to {to} is not a time for this model"), &format!("give years from {} to {}", YEARS.start(), YEARS.end()));
            } else if from > to {
                tell(format!("the run would end ({to}) before it begins ({from})"), "give a `to` that is not before `from`");
            } else if to.since(from) >= MOST_YEARS * 12 {
                tell(format!("{from} to {to} is longer than {MOST_YEARS} years"), "check the years of `from` and `to`");
            }
        };
        if let (Some(from), Some(to)) = (own_from, own_to) {
            let place = table.entries().find(|entry| entry.key == "to").map_or(Place::whole(self.file), |entry| entry.place());
            check(from, to, &|title, help| self.faults.add(&place, title, "", help));
        }
        if over_from.is_some() || over_to.is_some() {
            let option = if over_from.is_some() { "--from" } else { "--to" };
            if let (Some(from), Some(to)) = (over_from.or(own_from), over_to.or(own_to)) {
                check(from, to, &|title, help| self.option(option, &title, help));
            }
        }
        let first = own_from.into_iter().chain(over_from).min().unwrap_or(Month::new(1, 1));
        let last = own_to.into_iter().chain(over_to).max().unwrap_or(Month::new(9999, 12));
        Dates { earliest: first.plus(-12 * YEARS_BEFORE), latest: last }
    }

    /// Checks that enough agents remain.
    fn scale(&self, country: &Country, entry: Option<&Entry<'_>>, scale: Option<f64>) {
        let Some(scale) = scale else { return };
        let persons = country::persons(country);
        let most = (persons / FEWEST).floor();
        let what = if !(scale >= 1.0 && scale.is_finite()) {
            format!("{scale} is below 1: an agent stands for one person or more")
        } else if persons / scale < FEWEST {
            format!("{scale} persons an agent leave fewer than {FEWEST} agents for {}", country.title)
        } else {
            return;
        };
        let help = format!("give 1 to {most}; more persons an agent are faster and coarser");
        match entry {
            Some(entry) if self.overrides.scale.is_none() => entry.fault(format!("`scale`: {what}"), "", help),
            _ => self.option("--scale", &what, &help),
        }
    }

    /// Reads `[compare]`: either side may be left out. What the command line shortens is cut to the run.
    fn compare(&self, table: &Table<'_>, head: &Head) -> Option<(Option<Month>, Option<Month>)> {
        let inner = table.get("compare").and_then(|entry| entry.table())?;
        let side = |key| {
            let entry = inner.get(key)?;
            let month = entry.month()?;
            if self.overrides.from.is_some() || self.overrides.to.is_some() {
                return Some(month.clamp(head.from, head.to.max(head.from)));
            }
            if month < head.from || month > head.to {
                let help = format!("give a month from {} to {}", head.from, head.to);
                entry.fault(format!("`{}` lies outside of the run", entry.path), "", help);
            }
            Some(month)
        };
        let (from, to) = (side("from"), side("to"));
        inner.close();
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            self.faults.add(&inner.place, format!("[compare] ends ({to}) before it begins ({from})"), "", "exchange `from` and `to`");
        }
        (from.is_some() || to.is_some()).then_some((from, to))
    }

    /// The setting of the baseline and of each written variant (nothing for one whose base is faulty), and of each
    /// its row of parameters and those of them that the file itself says.
    #[expect(clippy::type_complexity, reason = "the pairs are taken apart at their only call")]
    fn settings(
        &self,
        head: &Head,
        country: &Country,
        notes: &[ParameterNote],
        baseline: &variants::Layer,
        written: &[Written],
        order: &[(usize, Option<usize>)],
    ) -> (Vec<Option<Setting>>, Vec<(Vec<f64>, BTreeMap<usize, f64>)>) {
        let first = head.from.plus(-country.spin_up);
        let months = usize::try_from(head.to.since(first) + 1).unwrap_or(0).min(((MOST_YEARS + 25) * 12) as usize);
        let defaults = levers::default_rows(country, first, months);
        let setting = |name: &str, all: &InForce, layer: &variants::Layer| Setting {
            country: country.clone(),
            parameters: Parameters::from_row(&all.parameters),
            plan: Plan { first, rows: levers::lay(self.faults, name, &all.schedules, &layer.schedules, first, &defaults) },
            switches: all.switches,
            shocks: all.shocks.clone(),
            scale: head.scale,
            from: head.from,
            to: head.to,
        };
        let values = notes.iter().map(|note| note.value).collect();
        let top = InForce::new(country.shocks.len(), values).under(baseline);
        let mut all: Vec<Option<InForce>> = vec![None; written.len()];
        let mut settings: Vec<Option<Setting>> = vec![None; written.len() + 1];
        settings[0] = Some(setting("baseline", &top, baseline));
        for (i, base) in order {
            let below = base.map_or(Some(&top), |base| all[base].as_ref()).expect("bases stand before what builds on them");
            let own = below.clone().under(&written[*i].layer);
            settings[i + 1] = Some(setting(&written[*i].name, &own, &written[*i].layer));
            all[*i] = Some(own);
        }
        let assumed = |all: InForce| (all.parameters, all.fixed);
        let rows = std::iter::once(assumed(top)).chain(all.into_iter().map(|all| all.map_or_else(Default::default, assumed)));
        (settings, rows.collect())
    }

    /// The parameter sets that the command line asks for.
    fn drawn(&self, head: &Head, notes: &[ParameterNote]) -> Result<Drawn, Problem> {
        let posterior = match self.overrides.parameters {
            Some(Choice::Best | Choice::Prior) => None,
            _ => read_posterior(self.faults, &head.country, self.folder)?,
        };
        let choice = self.overrides.parameters.unwrap_or(if posterior.is_some() { Choice::Posterior } else { Choice::Best });
        if choice == Choice::Posterior && posterior.is_none() && self.faults.is_empty() {
            let help = "`fivep calibrate` makes one; or use --parameters best or --parameters prior";
            self.option("--parameters", &format!("the country `{}` has no posterior", values::shorten(&head.country)), help);
        }
        Ok(sets::drawn(choice, head.seed, head.replicates, notes, posterior.as_ref()))
    }

    /// For each variant, whether `--only` keeps it.
    fn kept(&self, written: &[Written]) -> Vec<bool> {
        let Some(only) = &self.overrides.only else { return vec![true; written.len()] };
        let names = || written.iter().map(|variant| variant.name.as_str()).chain(["baseline"]);
        for name in only.iter().filter(|name| !names().any(|other| other == name.as_str())) {
            let near = nearest(name, names()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            let all: Vec<&str> = names().take(40).collect();
            self.option("--only", &format!("there is no variant `{}`", values::shorten(name)), &format!("{near}the variants are {}", all.join(", ")));
        }
        written.iter().map(|variant| only.contains(&variant.name)).collect()
    }
}

/// The first reported month in which any variant's setting differs from the baseline's.
fn first_difference(variants: &[Variant], from: Month) -> Month {
    let Some((baseline, others)) = variants.split_first() else { return from };
    let first = others.iter().filter_map(|variant| variant.setting.differs_from(&baseline.setting)).min();
    first.and_then(|after| i32::try_from(after).ok()).map_or(from, |after| baseline.setting.start().plus(after).max(from))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values pass through unchanged")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn loaded(reference: &str, overrides: &Overrides) -> Scenario {
        match load(reference, overrides) {
            Ok(scenario) => scenario,
            Err(Problem::Fault(text) | Problem::World(text)) => panic!("{reference}:\n{text}"),
        }
    }

    /// Loads a text as if it were an embedded scenario.
    fn read(text: &str, overrides: &Overrides) -> Result<Scenario, Problem> {
        let faults = Faults::default();
        let file = faults.file("test.toml", text);
        Loading { faults: &faults, file, folder: None, overrides }.scenario("test", text)
    }

    fn faults_of(text: &str, overrides: &Overrides) -> String {
        match read(text, overrides) {
            Err(Problem::Fault(text)) => text,
            other => panic!("no fault: {other:?}"),
        }
    }

    const HEAD: &str =
        "format = 1\ntitle = \"T\"\ncountry = \"borderland\"\nfrom = \"2015-01\"\nto = \"2016-12\"\nscale = 10\nreplicates = 2\nseed = 1\n";

    /// Values of a lever, month by month, in a variant of a scenario.
    fn course(scenario: &Scenario, variant: &str, key: &str, place: usize) -> Vec<f64> {
        let variant = scenario.variants.iter().find(|other| other.name == variant).expect("the variant exists");
        let (first, _) = crate::model::policy::all().find(|(_, lever)| lever.key == key).expect("the lever exists");
        variant.setting.plan.rows.iter().map(|row| row[first + place]).collect()
    }

    #[test]
    fn every_shipped_scenario_loads_and_says_what_it_asks() {
        for (name, _) in embedded() {
            let scenario = loaded(name, &Overrides::default());
            assert_eq!(scenario.name, *name);
            assert!(!scenario.question.is_empty(), "{name} asks nothing");
            assert_eq!(scenario.variants[0].name, "baseline");
            assert!(scenario.variants.len() > 1, "{name} compares nothing");
            for variant in &scenario.variants {
                assert_eq!(variant.setting.plan.rows.len(), variant.setting.months());
            }
        }
    }

    #[test]
    fn the_resolved_text_loads_to_the_same_settings_and_to_itself() {
        for (name, _) in embedded() {
            let scenario = loaded(name, &Overrides::default());
            let again = read(&scenario.resolved, &Overrides::default());
            let again = again.unwrap_or_else(|problem| panic!("{name}: {problem:?}\n{}", scenario.resolved));
            assert_eq!(again.resolved, scenario.resolved);
            // A text that spells out every parameter fixes every one; the settings are the same.
            let unfixed = |mut scenario: Scenario| {
                scenario.variants.iter_mut().for_each(|variant| variant.fixed.clear());
                scenario
            };
            assert_eq!(unfixed(Scenario { name: scenario.name.clone(), ..again }), unfixed(scenario));
        }
    }

    #[test]
    fn the_resolved_text_of_a_chosen_few_loads_too() {
        for (name, _) in embedded() {
            let last = loaded(name, &Overrides::default()).variants.last().map(|variant| variant.name.clone());
            let scenario = loaded(name, &Overrides { only: Some(last.into_iter().collect()), ..Overrides::default() });
            let again = read(&scenario.resolved, &Overrides::default()).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
            assert_eq!(again.variants[1].setting, scenario.variants[1].setting);
        }
    }

    #[test]
    fn the_template_loads_whatever_its_name() {
        for name in ["mine", "", "a \"quoted\" \\ name", "{title}", "ภาษาไทย"] {
            assert!(read(&template(name), &Overrides::default()).is_ok(), "{name}");
        }
    }

    #[test]
    fn parameter_notes_stand_in_the_order_of_the_table() {
        for country in embedded::COUNTRIES {
            let notes = parameter_notes(country.name).expect("the shipped countries are sound");
            let order: Vec<String> = notes.iter().map(|note| note.parameter.path()).collect();
            let table: Vec<String> = crate::model::parameters::PARAMETERS.iter().map(Parameter::path).collect();
            assert_eq!(order, table);
        }
        let Err(Problem::Fault(text)) = parameter_notes("thialand") else { panic!("there is no such country") };
        assert!(text.contains("did you mean `thailand`?"), "{text}");
    }

    #[test]
    fn a_variant_replaces_the_whole_course_of_its_base() {
        let text = format!(
            "{HEAD}policy.protection.training = {{ start = 0.2, 2016-01 = 0.4 }}\n\
             [variants.b]\nbase = \"a\"\npolicy.protection.beds = 2\n\
             [variants.a]\npolicy.protection.training = {{ 2016-07 = 0.6 }}\n\
             [variants.d]\npolicy.protection.training = \"default\"\n"
        );
        let scenario = read(&text, &Overrides::default()).expect("it is sound");
        let training = |variant| course(&scenario, variant, "training", 0);
        let last = training("a").len() - 1;
        assert_eq!((training("baseline")[0], training("baseline")[last]), (0.2, 0.4));
        assert_eq!((training("a")[last - 11], training("a")[last]), (0.1, 0.6));
        assert_eq!(training("b"), training("a"));
        assert_eq!(course(&scenario, "b", "beds", 0)[0], 2.0);
        assert!(training("d").iter().all(|value| *value == 0.1));
        assert_eq!(scenario.variants.iter().map(|variant| variant.name.as_str()).collect::<Vec<_>>(), ["baseline", "b", "a", "d"]);
    }

    #[test]
    fn nested_and_quoted_keys_mean_the_same() {
        let nested = read(&format!("{HEAD}[policy.national]\nbudget.total = \"+10%\"\nbudget.extra.courts = 0.1\n"), &Overrides::default());
        let quoted = read(&format!("{HEAD}[policy.national]\n\"budget.total\" = \"+10%\"\n\"budget.extra.courts\" = 0.1\n"), &Overrides::default());
        let (nested, quoted) = (nested.expect("it is sound"), quoted.expect("it is sound"));
        assert_eq!(nested, quoted);
        let plain = read(HEAD, &Overrides::default()).expect("it is sound");
        let (raised, before) = (course(&nested, "baseline", "budget.total", 0), course(&plain, "baseline", "budget.total", 0));
        assert!(raised.iter().zip(before).all(|(after, before)| (after / before - 1.1).abs() < 1e-12));
        assert_eq!(course(&nested, "baseline", "budget.extra", 5)[0], 0.1);
    }

    #[test]
    fn a_lever_by_origin_takes_one_value_for_all_or_one_for_each() {
        let all = read(&format!("{HEAD}policy.partnership.origin_enforcement = 0.9\n"), &Overrides::default()).expect("it is sound");
        let origins = &all.variants[0].setting.country.origins;
        assert_eq!(course(&all, "baseline", "origin_enforcement", origins.len() - 1)[0], 0.9);
        let one = format!("{HEAD}policy.partnership.origin_enforcement.{} = 0.8\n", origins[0].name);
        let one = read(&one, &Overrides::default()).expect("it is sound");
        assert_eq!(course(&one, "baseline", "origin_enforcement", 0)[0], 0.8);
        assert_eq!(course(&one, "baseline", "origin_enforcement", origins.len())[0], 0.3);
    }

    #[test]
    fn a_lever_at_its_own_default_changes_nothing() {
        let plain = read(HEAD, &Overrides::default()).expect("it is sound");
        let same = read(&format!("{HEAD}policy.protection.training = 0.1\npolicy.national.budget.total = \"default\"\n"), &Overrides::default());
        assert_eq!(same.expect("it is sound").variants, plain.variants);
    }

    #[test]
    fn the_command_line_shortens_a_run_without_making_it_faulty() {
        let text = format!(
            "{HEAD}policy.protection.training = {{ 2016-10 = 0.6 }}\n[compare]\nto = \"2016-12\"\n[variants.a]\npolicy.protection.beds = 2\n"
        );
        let overrides = Overrides { to: Some(Month::new(2015, 12)), scale: Some(20.0), replicates: Some(5), seed: Some(9), ..Overrides::default() };
        let scenario = read(&text, &overrides).expect("it is sound");
        assert_eq!((scenario.to, scenario.scale, scenario.replicates, scenario.seed), (Month::new(2015, 12), 20.0, 5, 9));
        assert_eq!(scenario.compare, Some((Month::new(2015, 1), Month::new(2015, 12))));
        assert!(read(&scenario.resolved, &Overrides::default()).is_ok());
    }

    #[test]
    fn a_bad_option_is_named() {
        let month = |year| Some(Month::new(year, 1));
        for (overrides, phrases) in [
            (Overrides { scale: Some(1e6), ..Overrides::default() }, ["--scale", "fewer than 1000 agents"]),
            (Overrides { scale: Some(f64::NAN), ..Overrides::default() }, ["--scale", "below 1"]),
            (Overrides { replicates: Some(0), ..Overrides::default() }, ["--replicates", "1 to 10000"]),
            (Overrides { seed: Some(u64::MAX), ..Overrides::default() }, ["--seed", "too large"]),
            (Overrides { to: month(2000), ..Overrides::default() }, ["--to", "before it begins"]),
            (Overrides { from: month(1800), ..Overrides::default() }, ["--from", "longer than 100 years"]),
            (Overrides { only: Some(vec!["beds-onyl".to_owned()]), ..Overrides::default() }, ["--only", "did you mean `beds-only`?"]),
        ] {
            let text = faults_of(&format!("{HEAD}[variants.beds-only]\n"), &overrides);
            assert!(phrases.iter().all(|phrase| text.contains(phrase)), "{phrases:?} in\n{text}");
        }
    }

    #[test]
    fn only_keeps_the_baseline_and_what_it_names() {
        let text = format!("{HEAD}[variants.a]\n[variants.b]\n[variants.c]\nbase = \"b\"\n");
        let names = |only: &[&str]| {
            let only = Some(only.iter().map(|name| (*name).to_owned()).collect());
            let scenario = read(&text, &Overrides { only, ..Overrides::default() }).expect("it is sound");
            scenario.variants.into_iter().map(|variant| variant.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&["c", "a"]), ["baseline", "a", "c"]);
        assert_eq!(names(&["baseline"]), ["baseline"]);
    }

    #[test]
    fn the_window_of_comparison_has_a_default_on_either_side() {
        let text = format!("{HEAD}[compare]\nto = \"2016-11\"\n[variants.a]\npolicy.protection.beds = {{ 2016-03 = 2 }}\n");
        let scenario = read(&text, &Overrides::default()).expect("it is sound");
        assert_eq!(scenario.compare, Some((Month::new(2016, 3), Month::new(2016, 11))));
    }

    /// `text` with the characters from `at` on, `gone` of them, replaced by `new`.
    fn spoilt(text: &str, at: usize, gone: usize, new: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let at = at % (letters.len() + 1);
        let rest = (at + gone).min(letters.len());
        letters[..at].iter().chain(&new.chars().collect::<Vec<_>>()).chain(&letters[rest..]).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is done to a file, its user gets a scenario or a fault, and never a panic.
        #[test]
        fn no_file_makes_it_panic(at in 0usize..1_000_000, gone in 0usize..40, new in "(?s).{0,3}|[-0-9.eE+]{1,25}|[=\\[\\]{}\"',#]{1,4}|(start|default|2016-10|baseline) = ", which in 0usize..5) {
            let text = spoilt(embedded()[which].1, at, gone, &new);
            match read(&text, &Overrides::default()) {
                Ok(scenario) => prop_assert!(read(&scenario.resolved, &Overrides::default()).is_ok(), "{}", scenario.resolved),
                Err(Problem::Fault(told)) => prop_assert!(told.starts_with("error: "), "{told}"),
                Err(Problem::World(told)) => prop_assert!(false, "{told}"),
            }
        }

        /// The same for a country's files.
        #[test]
        fn no_country_makes_it_panic(at in 0usize..1_000_000, gone in 0usize..40, new in "(?s).{0,3}|[-0-9.eE+]{1,25}|[=\\[\\]{}\"',#]{1,4}", which in 0usize..2) {
            let folder = &embedded::COUNTRIES[which];
            let faults = Faults::default();
            let text = spoilt(folder.profile, at, gone, &new);
            let profile = (faults.file("profile.toml", &text), text);
            let country = parsed(&faults, &profile, |table| country::profile(table, folder.name));
            let text = spoilt(folder.parameters, at, gone, &new);
            let file = (faults.file("parameters.toml", &text), text);
            let notes = parsed(&faults, &file, country::parameters);
            if faults.is_empty() {
                prop_assert!(country.is_some_and(|country| country::persons(&country) >= FEWEST));
                prop_assert_eq!(notes.map(|notes| notes.len()), Some(crate::model::parameters::PARAMETERS.len()));
            } else {
                prop_assert!(faults.render().starts_with("error: "));
            }
        }
    }
}
