//! `targets.toml`: published patterns that the model is held against, and which of them may be fitted.
//!
//! A target names a figure of the ledgers, a period, and what was published: one value or several where sources
//! disagree (all are kept, and their disagreement widens the error), a range, or a direction. `use = "C"` may
//! calibrate, `use = "V"` validates only and is never fitted, `use = "E"` was published of elsewhere and is told apart.
//!
//! Absent on purpose: what a run makes of them (`calibration`).

use super::asked::Kind;
use super::country::format;
use super::observed::impossible;
use super::values::{Entry, Table};
use crate::model::country::Country;
use crate::model::ledgers::indicators::{INDICATORS, Indicator};
use crate::model::policy::{self, Shape};
use crate::quantities::Month;

/// Most targets in a file.
const MOST: usize = 300;

/// What a target may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// C: it may be fitted.
    Calibrate,
    /// V: it validates only, and is never fitted.
    Validate,
    /// E: published of other countries or of the world; it says what would be usual, and is never fitted.
    External,
}

impl Use {
    /// The letter of files and tables.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Calibrate => "C",
            Self::Validate => "V",
            Self::External => "E",
        }
    }
}

/// A figure of the ledgers over a period: flows are summed, stocks, shares and means are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// An indicator, less another where one is given, per a third where one is given.
    Ledger {
        /// What is counted.
        indicator: Indicator,
        /// What is taken off it.
        minus: Option<Indicator>,
        /// What it is divided by.
        per: Option<Indicator>,
    },
    /// Share of a sector's migrant workers who are in forced labour.
    Forced {
        /// The sector, by its place in the country.
        sector: usize,
    },
    /// Victims identified in a sector for each worker met there.
    Found {
        /// The sector, by its place in the country.
        sector: usize,
    },
    /// Share of the registered migrant workers who came through the legal (MOU) channel.
    MouOfRegistered,
}

/// What a direction is told against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Against {
    /// The same figure over an earlier period: its first and its last month.
    Earlier(Month, Month),
    /// The same figure in a run under the same luck in which a lever holds another value throughout, with the money that it costs.
    Lever {
        /// The lever's first place in a policy's row.
        place: usize,
        /// Its key.
        key: &'static str,
        /// The value that it holds in the other run.
        value: f64,
    },
}

/// What was published.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// A value, or several where sources disagree, in the order of their sources.
    Values(Vec<f64>),
    /// From a low to a high figure; an open side is infinite.
    Range(f64, f64),
    /// It rises (or else falls).
    Direction {
        /// Up, not down.
        rises: bool,
        /// Against what.
        against: Against,
    },
}

/// One target.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its key.
    pub name: String,
    /// What it is called in texts.
    pub title: String,
    /// The pattern that it belongs to, as in "P5".
    pub pattern: String,
    /// Whether it may be fitted.
    pub purpose: Use,
    /// What is read off a run.
    pub figure: Figure,
    /// The first and the last month of its period.
    pub period: (Month, Month),
    /// What was published.
    pub expected: Expected,
    /// Standard deviation of the observation, as a share of what was published.
    pub error: f64,
    /// The same in the figure's own unit, beside it: what an error of nothing has to be said in.
    pub absolute_error: f64,
    /// Standard deviation of what the model's form cannot meet, as a share of what was published.
    pub discrepancy: f64,
    /// Where it was published: one source for each value, or one for all.
    pub sources: Vec<String>,
    /// What a reader should know; may be empty.
    pub note: String,
}

impl Target {
    /// The interval that was published: from the least to the greatest of the values, a range, or, for a
    /// direction, the half-line of differences that have its sign.
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        match &self.expected {
            Expected::Values(values) => {
                (values.iter().copied().fold(f64::INFINITY, f64::min), values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
            }
            Expected::Range(low, high) => (*low, *high),
            Expected::Direction { rises: true, .. } => (0.0, f64::INFINITY),
            Expected::Direction { rises: false, .. } => (f64::NEG_INFINITY, 0.0),
        }
    }

    /// The size to which `error` and `discrepancy` are shares: the middle of the interval, or its finite end.
    #[must_use]
    pub fn size(&self) -> f64 {
        let (low, high) = self.interval();
        match (low.is_finite(), high.is_finite()) {
            (true, true) => f64::midpoint(low, high).abs(),
            (true, false) => low.abs(),
            (false, true) => high.abs(),
            (false, false) => 0.0,
        }
    }

    /// Whether the run must be simulated a second time, under another lever.
    #[must_use]
    pub fn needs_second_run(&self) -> bool {
        matches!(self.expected, Expected::Direction { against: Against::Lever { .. }, .. })
    }

    /// All months that it reads, first and last.
    #[must_use]
    pub fn months(&self) -> (Month, Month) {
        let (from, to) = self.period;
        match self.expected {
            Expected::Direction { against: Against::Earlier(first, last), .. } => (from.min(first), to.max(last)),
            _ => (from, to),
        }
    }
}

/// Reads a target file; what it hands back is only to be used if no fault was recorded.
pub(super) fn targets(table: &Table<'_>, country: &Country) -> Vec<Target> {
    format(table);
    let entries: Vec<Entry<'_>> = table.entries().filter(|entry| entry.key != "format").collect();
    if entries.len() > MOST {
        table.faults.add(&table.place, format!("{} targets are more than {MOST}", entries.len()), "", "keep those that matter");
    }
    entries.iter().take(MOST).filter_map(|entry| target(entry, country)).collect()
}

fn target(entry: &Entry<'_>, country: &Country) -> Option<Target> {
    let table = entry.table()?;
    let title = table.line("title", 200).to_owned();
    let pattern = table.require("pattern", "\"P5\"").and_then(|entry| Some((entry.line(8)?, entry)));
    if let Some((pattern, entry)) = &pattern
        && pattern.strip_prefix(['P', 'E']).and_then(|number| number.parse::<u8>().ok()).is_none_or(|number| number == 0)
    {
        entry.fault(format!("`{}` is no pattern", entry.path), "", "patterns are written P1, P2 and so on; figures of elsewhere E1, E2");
    }
    let purpose = table.require("use", "\"C\"").and_then(|entry| entry.word(&["C", "V", "E"]));
    let figure = figure(&table, country);
    let period = table.span("from", "to");
    let expected = expected(&table, period);
    let directed = matches!(expected, Some(Expected::Direction { .. }));
    let share = |key: &'static str| table.get(key).and_then(|entry| entry.within(&(0.0..=10.0)));
    let absolute = table.get("absolute_error").and_then(|entry| entry.within(&(0.0..=1e13)));
    let error = if directed || absolute.is_some() { share("error") } else { Some(table.number("error", 0.0..=10.0)) };
    let discrepancy = share("discrepancy");
    if purpose == Some("C") && !directed && absolute.unwrap_or(0.0) == 0.0 {
        let relative = error.unwrap_or(0.0) + discrepancy.unwrap_or(0.0);
        let size = match &expected {
            Some(Expected::Values(values)) => values.iter().fold(0.0, |most: f64, value| most.max(value.abs())),
            Some(Expected::Range(low, high)) => {
                [low, high].into_iter().filter(|side| side.is_finite()).fold(0.0, |most: f64, side| most.max(side.abs()))
            }
            _ => 1.0,
        };
        if relative == 0.0 && error.is_some() {
            let help = "give `error`, the standard deviation of the observation as a share of it, or use = \"V\"";
            entry.faults.add(&entry.key_place, format!("`{}` may be fitted but leaves no room for error", entry.path), "", help);
        } else if size == 0.0 {
            let title = format!("`{}` may be fitted but leaves no room for error: any share of 0 is 0", entry.path);
            let help = "give `absolute_error`, the standard deviation of the observation in its own unit, or use = \"V\"";
            entry.faults.add(&entry.key_place, title, "", help);
        }
    }
    if let (Some(Figure::Ledger { indicator, minus: None, per: None }), Some(expected)) = (figure, &expected) {
        possible(entry, &table, indicator, expected);
    }
    let sources = sources(&table, expected.as_ref());
    let note = table.get("note").and_then(|entry| entry.line(500)).unwrap_or("").to_owned();
    table.close();
    Some(Target {
        name: entry.key.to_owned(),
        title,
        pattern: pattern?.0.to_owned(),
        purpose: match purpose? {
            "C" => Use::Calibrate,
            "V" => Use::Validate,
            _ => Use::External,
        },
        figure: figure?,
        period: period?,
        expected: expected?,
        error: error.unwrap_or(0.0),
        absolute_error: absolute.unwrap_or(0.0),
        discrepancy: discrepancy.unwrap_or(0.0),
        sources,
        note,
    })
}

/// Checks that the figures can be published ones of `indicator`.
fn possible(entry: &Entry<'_>, table: &Table<'_>, indicator: Indicator, expected: &Expected) {
    let figures: Vec<f64> = match expected {
        Expected::Values(values) => values.clone(),
        Expected::Range(low, high) => [*low, *high].into_iter().filter(|side| side.is_finite()).collect(),
        Expected::Direction { .. } => return,
    };
    let place = ["values", "low", "high"].iter().find_map(|key| table.get(key)).map_or(entry.key_place.clone(), |entry| entry.place());
    for figure in figures {
        if let Some((what, help)) = impossible(indicator, figure) {
            entry.faults.add(&place, format!("`{}`: {figure} {what}", entry.path), "", help);
        }
    }
}

/// Figures that are no indicator of the ledgers.
const SPECIAL: [&str; 3] = ["forced_share", "found_per_met", "mou_of_registered"];

fn figure(table: &Table<'_>, country: &Country) -> Option<Figure> {
    let entry = table.require("indicator", "\"identified\"")?;
    entry.faults.ask(|| (entry.path.clone(), Kind::Word(INDICATORS.iter().map(|info| info.name).chain(SPECIAL).collect())));
    let name = entry.line(100)?;
    let minus = table.get("minus").and_then(|entry| indicator(&entry));
    let per = table.get("per").and_then(|entry| indicator(&entry));
    let sector = table.get("sector").and_then(|entry| {
        let name = entry.line(100)?;
        let place = country.sectors.iter().position(|sector| sector.name == name);
        if place.is_none() {
            let help = table.faults.remedy(name, country.sectors.iter().map(|sector| sector.name.as_str()), "");
            entry.fault(format!("{} has no sector `{}`", country.title, super::values::shorten(name)), "", help);
        }
        place
    });
    if !SPECIAL.contains(&name) {
        if let Some(entry) = table.get("sector") {
            let help = format!("leave it out; by sector there are {}", SPECIAL[..2].join(" and "));
            entry.fault(format!("`{name}` is not kept by sector here"), "", help);
        }
        return Some(Figure::Ledger { indicator: indicator(&entry)?, minus, per });
    }
    if minus.is_some() || per.is_some() {
        entry.fault(format!("`{name}` takes neither `minus` nor `per`"), "", "leave them out");
    }
    if name == "mou_of_registered" {
        return Some(Figure::MouOfRegistered);
    }
    if table.get("sector").is_none() {
        table.require("sector", "\"fishing\"");
    }
    let sector = sector?;
    Some(if name == "forced_share" { Figure::Forced { sector } } else { Figure::Found { sector } })
}

fn indicator(entry: &Entry<'_>) -> Option<Indicator> {
    entry.faults.ask(|| (entry.path.clone(), Kind::Word(INDICATORS.iter().map(|info| info.name).collect())));
    let name = entry.line(100)?;
    let found = Indicator::named(name);
    if found.is_none() {
        let names = INDICATORS.iter().map(|info| info.name).chain(SPECIAL);
        let help = entry.faults.remedy(name, names, "`fivep indicators` lists them all");
        entry.fault(format!("there is no indicator `{}`", super::values::shorten(name)), "", help);
    }
    found
}

fn expected(table: &Table<'_>, period: Option<(Month, Month)>) -> Option<Expected> {
    let (values, low, high, direction) = (table.get("values"), table.get("low"), table.get("high"), table.get("direction"));
    let ways = usize::from(values.is_some()) + usize::from(low.is_some() || high.is_some()) + usize::from(direction.is_some());
    if ways != 1 {
        let title = format!("`{}` must say what was published in one way, not in {ways}", table.path);
        table.faults.add(&table.place, title, "", "give `values`, or `low` and `high` (one may be left out), or `direction`");
        return None;
    }
    let number = |entry: &Entry<'_>| entry.within(&(-1e13..=1e13));
    if let Some(entry) = values {
        let list = entry.list()?;
        let values: Vec<f64> = list.iter().filter_map(number).collect();
        if list.is_empty() {
            entry.fault(format!("`{}` is empty", entry.path), "", "give at least one value");
            return None;
        }
        return (values.len() == list.len()).then_some(Expected::Values(values));
    }
    if let Some(entry) = direction {
        let word = entry.word(&["rises", "falls"]);
        let against = against(table, period);
        return Some(Expected::Direction { rises: word? == "rises", against: against? });
    }
    let side = |entry: &Option<Entry<'_>>, open: f64| entry.as_ref().map_or(Some(open), number);
    let (lowest, highest) = (side(&low, f64::NEG_INFINITY)?, side(&high, f64::INFINITY)?);
    if lowest > highest {
        table.faults.add(&table.place, format!("`{}` has a `low` above its `high`", table.path), "", "exchange them");
        return None;
    }
    Some(Expected::Range(lowest, highest))
}

fn against(table: &Table<'_>, period: Option<(Month, Month)>) -> Option<Against> {
    let Some(entry) = table.get("lever") else {
        let (first, last) = table.span("before_from", "before_to")?;
        if let Some((from, _)) = period
            && last >= from
        {
            let title = format!("`{}` is told against a period that does not end before it begins", table.path);
            table.faults.add(&table.place, title, "", "`before_to` must lie before `from`; or give `lever` and `lever_value`");
            return None;
        }
        return Some(Against::Earlier(first, last));
    };
    let keys = || policy::all().filter(|(_, lever)| lever.shape != Shape::PerLine).map(|(_, lever)| lever.key).collect::<Vec<_>>();
    entry.faults.ask(|| (entry.path.clone(), Kind::Word(keys())));
    let name = entry.line(100)?;
    let Some((place, lever)) = policy::all().find(|(_, lever)| lever.key == name && lever.shape != Shape::PerLine) else {
        let help = entry.faults.remedy(name, keys(), "`fivep levers` lists them all");
        entry.fault(format!("there is no lever `{}`", super::values::shorten(name)), "", help);
        return None;
    };
    let value = table.require("lever_value", "0.9")?.within(&(lever.min..=lever.max))?;
    Some(Against::Lever { place, key: lever.key, value })
}

/// The sources: at least one, and one for each value unless one serves all.
fn sources(table: &Table<'_>, expected: Option<&Expected>) -> Vec<String> {
    let Some(entry) = table.require("sources", "[\"...\"]") else { return vec![] };
    let Some(list) = entry.list() else { return vec![] };
    let sources: Vec<String> = list.iter().filter_map(|entry| entry.line(500)).map(str::to_owned).collect();
    let values = if let Some(Expected::Values(values)) = expected { values.len() } else { 1 };
    if list.is_empty() || list.len() > 1 && values > 1 && list.len() != values {
        let title = format!("`{}` has {} sources for {values} values", table.path, list.len());
        entry.fault(title, "", "give one source for all, or one for each value");
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::super::faults::{Faults, Place};
    use super::super::{Overrides, load, targets_of, values};
    use super::*;

    fn shipped(scenario: &str) -> Vec<Target> {
        let scenario = load(scenario, &Overrides::default()).expect("the shipped scenario is sound");
        targets_of(&scenario).unwrap_or_else(|problem| panic!("{problem:?}"))
    }

    fn faults_of(text: &str) -> String {
        let country = load("borderland", &Overrides::default()).expect("it is sound").variants.swap_remove(0).setting.country;
        let faults = Faults::default();
        let file = faults.file("targets.toml", text);
        if let Some(parsed) = values::parse(&faults, file, text) {
            targets(&Table::new(&faults, file, String::new(), Place::whole(file), parsed.get_ref()), &country);
        }
        if faults.is_empty() { String::new() } else { faults.render() }
    }

    #[test]
    fn the_shipped_targets_can_be_read() {
        let thailand = shipped("thailand-2016");
        assert!(thailand.iter().filter(|target| target.purpose == Use::Calibrate).count() >= 25);
        assert!(thailand.iter().filter(|target| target.purpose == Use::Validate).count() >= 15);
        let both = thailand.iter().find(|target| target.name == "identified-2015").expect("it is there");
        assert_eq!((both.interval(), both.sources.len()), ((720.0, 982.0), 2), "both sources are kept");
        assert!(!shipped("borderland").is_empty());
    }

    #[test]
    fn a_direction_is_a_half_line_and_an_open_range_keeps_its_end() {
        let thailand = shipped("thailand-2016");
        let target = |name: &str| thailand.iter().find(|target| target.name == name).expect("it is there");
        assert_eq!(target("convicted-falls-2018").interval(), (f64::NEG_INFINITY, 0.0));
        let latent = target("labour-to-sex-latent");
        assert_eq!((latent.interval(), latent.size().to_bits()), ((5.0, f64::INFINITY), 5.0_f64.to_bits()));
        assert!(target("open-shelters-identified").needs_second_run() && !latent.needs_second_run());
        assert_eq!(target("convicted-falls-2018").months().0, Month::new(2017, 1));
    }

    const GOOD: &str = "format = 1\n[a]\ntitle = \"A\"\npattern = \"P5\"\nuse = \"C\"\nindicator = \"identified\"\nfrom = \"2015-01\"\nto = \"2015-12\"\nvalues = [3, 4]\nerror = 0.1\nsources = [\"x\", \"y\"]\n";

    #[test]
    fn each_fault_names_its_line_and_its_remedy() {
        assert_eq!(faults_of(GOOD), "");
        assert_eq!(faults_of(&GOOD.replace("values = [3, 4]", "values = [0]").replace("error = 0.1", "absolute_error = 2")), "", "sources differ");
        for (old, new, phrases) in [
            ("\"identified\"", "\"identifed\"", ["no indicator `identifed`", "did you mean `identified`?"]),
            ("\"C\"", "\"c\"", ["`a.use` cannot be `c`", "`C`"]),
            ("\"P5\"", "\"five\"", ["`a.pattern` is no pattern", "P1, P2"]),
            ("values = [3, 4]", "values = []", ["`a.values` is empty", "at least one"]),
            ("values = [3, 4]\n", "", ["in one way, not in 0", "`direction`"]),
            ("values = [3, 4]", "values = [3, 4]\nlow = 2", ["in one way, not in 2", "`low`"]),
            ("values = [3, 4]", "low = 5\nhigh = 4", ["`low` above its `high`", "exchange"]),
            (
                "values = [3, 4]",
                "direction = \"rises\"\nlever = \"shelter_fredom\"",
                ["no lever `shelter_fredom`", "did you mean `shelter_freedom`?"],
            ),
            (
                "values = [3, 4]",
                "direction = \"rises\"\nbefore_from = \"2014-01\"\nbefore_to = \"2015-03\"",
                ["does not end before it begins", "`before_to`"],
            ),
            ("values = [3, 4]", "values = [3, 4, 5]", ["2 sources for 3 values", "one for each"]),
            ("error = 0.1", "error = 0", ["leaves no room for error", "use = \"V\""]),
            ("values = [3, 4]", "values = [0, 0]", ["leaves no room for error: any share of 0", "`absolute_error`"]),
            ("values = [3, 4]", "high = 0", ["leaves no room for error: any share of 0", "`absolute_error`"]),
            ("error = 0.1", "eror = 0.1", ["unknown key `a.eror`", "`error` is missing"]),
            ("\"identified\"", "\"forced_share\"\nsector = \"boat\"", ["no sector `boat`", "did you mean `boats`?"]),
            ("\"identified\"", "\"identified\"\nsector = \"boats\"", ["not kept by sector", "forced_share"]),
            ("2015-12", "2014-12", ["ends (2014-12) before it begins", "exchange"]),
        ] {
            let text = faults_of(&GOOD.replace(old, new));
            assert!(phrases.iter().all(|phrase| text.contains(phrase)) && text.contains("targets.toml:"), "{new}: {phrases:?} in\n{text}");
        }
    }

    #[test]
    fn all_faults_come_at_once() {
        let text = faults_of(&GOOD.replace("\"C\"", "\"Z\"").replace("error = 0.1", "error = -1").replace("to = \"2015-12\"\n", ""));
        assert!(text.contains("3 faults"), "{text}");
    }
}
