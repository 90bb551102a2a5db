//! A country's folder becomes a [`Country`] and its parameters.
//!
//! `profile.toml` holds what is counted, `parameters.toml` what is assumed, with range, grade and source.
//! What is checked here is about the country alone; where two figures must fit each other (zones that sum to
//! one, migrants by sector and by origin), both are named.
//!
//! Absent on purpose: `observed.csv`, which no simulation reads.

use super::ParameterNote;
use super::faults::Place;
use super::languages::lines;
use super::values::{Entry, Table, near, unknown};
use crate::model::country::{
    AGENCIES, Agency, Capacity, Compounds, Country, MAX_ORIGINS, MAX_SECTORS, MAX_ZONES, Officials, Origin, Recruiters, Sector, SectorKind, Shock,
    ShockKind, StreamKind, Titles, Window,
};
use crate::model::parameters::{PARAMETERS, Parameter, renamed};
use crate::model::policy::{Grade, LINES, Line, PLACES, Several};
use crate::quantities::Month;
use std::ops::RangeInclusive;

/// Most people, workplaces or units that a profile may state, so that sums stay exact.
const MOST: f64 = 1e9;
/// Most members of a community, which 16 bits can count.
const MOST_IN_COMMUNITY: i64 = 60_000;
/// How far shares may be from a sum of one.
pub(super) const TOLERANCE: f64 = 1e-6;
/// Fewest persons that a country may have, and agents that a run may have.
pub(super) const FEWEST: f64 = 1_000.0;
/// Longest title, in characters.
const TITLE: usize = 300;

/// Reads a profile; what it hands back is only to be used if no fault was recorded.
pub(super) fn profile(table: &Table<'_>, name: &str) -> Country {
    format(table);
    let zones = zones(table);
    let at_border = at_border(table, &zones);
    let origins = origins(table);
    let sectors = sectors(table, &zones);
    let [citizens_at_risk, citizens_minor, citizens_women] = citizens(table);
    let [licensed, informal] = recruiters(table);
    let (budget, shares) = budget(table);
    let (title, titles) = title(table);
    let compounds = compounds(table);
    let country = Country {
        name: name.to_owned(),
        title,
        titles,
        currency: table.line("currency", 12).to_owned(),
        price_year: small(table, "price_year", 1900..=2200),
        wage: table.number("wage", 1e-3..=1e12),
        fiscal_year_starts: small(table, "fiscal_year_starts", 1..=12),
        spin_up: small(table, "spin_up", 0..=240),
        community_size: u32::try_from(table.whole("community_size", 2..=MOST_IN_COMMUNITY)).unwrap_or(2),
        windows: windows(table),
        shocks: shocks(table, &origins, &sectors, compounds.as_ref()),
        compounds,
        officials: officials(table),
        capacity: capacity(table),
        origins,
        zones,
        at_border,
        sectors,
        citizens_at_risk,
        citizens_minor,
        citizens_women,
        licensed,
        informal,
        budget,
        shares,
    };
    table.close();
    fit(table, &country);
    country
}

/// The required title of what `table` describes, in all its languages.
fn title(table: &Table<'_>) -> (String, Titles) {
    let (title, titles) = table.require("title", "\"...\"").map(|entry| lines(&entry, TITLE)).unwrap_or_default();
    (title.unwrap_or_default(), titles)
}

/// The same where it may be left out.
fn own_title(table: &Table<'_>) -> (Option<String>, Titles) {
    table.get("title").map(|entry| lines(&entry, TITLE)).unwrap_or_default()
}

/// The required whole number under `key`, within bounds that are small.
fn small(table: &Table<'_>, key: &'static str, bounds: RangeInclusive<i32>) -> i32 {
    let (least, most) = bounds.into_inner();
    i32::try_from(table.whole(key, i64::from(least)..=i64::from(most))).unwrap_or(least)
}

/// Checks the number of the format, which every file of ours states first.
pub(super) fn format(table: &Table<'_>) {
    if let Some(entry) = table.require("format", "1")
        && let Some(format) = entry.whole(&(i64::MIN..=i64::MAX))
        && format != 1
    {
        entry.fault(format!("format {format} is not known to this version"), "", "this version reads format = 1");
    }
}

/// Checks the figures that must fit each other.
fn fit(table: &Table<'_>, country: &Country) {
    if !table.faults.is_empty() {
        return;
    }
    let at_work: f64 = country.sectors.iter().map(|sector| sector.migrants).sum();
    let abroad: f64 = country.origins.iter().flat_map(|origin| origin.abroad).sum();
    if (at_work - abroad).abs() > 0.05 * at_work.max(abroad) {
        let title = format!("migrants by sector ({at_work}) and by origin ({abroad}) differ by more than 5 %");
        table.faults.add(&table.place, title, "", "both count the migrant workers in the country at the start: change `migrants` or `abroad`");
    }
    let persons = persons(country);
    if persons < FEWEST {
        let title = format!("the country has {persons} persons, fewer than {FEWEST}");
        table.faults.add(&table.place, title, "", "raise `home` or `abroad` of the origins, or `citizens.at_risk`");
    }
    let earnings = earnings(country);
    if let Some((year, money)) = country.budget.iter().find(|(_, money)| *money > earnings) {
        let title = format!("the budget of {year} is {money:.3e}, more than all persons of the country earn in a year ({earnings:.3e})");
        table.faults.add(
            &table.place,
            title,
            "",
            "`budget.total` is in units of the currency, and `wage` is a month's: correct the one that is wrong",
        );
    }
    let employers: f64 = country.sectors.iter().map(|sector| sector.employers).sum();
    let others = employers + country.licensed.count + country.informal.count + country.officials.iter().map(|agency| agency.count).sum::<f64>();
    if others > persons {
        let title = format!("employers, recruiters and officials ({others}) outnumber the persons ({persons})");
        table.faults.add(&table.place, title, "", "lower `employers` of the sectors, or `count` of recruiters or officials");
    }
    let citizens: f64 = country.sectors.iter().map(|sector| sector.citizens).sum();
    if citizens > country.citizens_at_risk {
        let title = format!("more citizens work in the sectors ({citizens}) than are at risk ({})", country.citizens_at_risk);
        table.faults.add(&table.place, title, "", "raise `citizens.at_risk` or lower `citizens` of the sectors");
    }
}

/// All persons of a country: migrants at home and abroad, and citizens at risk.
pub(super) fn persons(country: &Country) -> f64 {
    let migrants: f64 = country.origins.iter().map(|origin| origin.home + origin.abroad.iter().sum::<f64>()).sum();
    migrants + country.citizens_at_risk
}

/// What all persons of a country would earn in a year at the reference wage: more than any budget.
pub(super) fn earnings(country: &Country) -> f64 {
    12.0 * country.wage * persons(country)
}

/// Whether `name` may name an origin, a zone, a sector, a shock or a variant; if not, a fault is recorded at `place`.
pub(super) fn named(entry: &Entry<'_>, place: &Place, name: &str, what: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-' || letter == '_';
    let plain = name.len() <= 60 && name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.chars().all(letters);
    let reserved = matches!(name, "start" | "default" | "all");
    if !plain || reserved {
        let title = format!("`{}` cannot be the name of {what}", super::values::shorten(name));
        let help = if reserved { "this word has another meaning: choose another".to_owned() } else { plainly(name) };
        entry.faults.add(place, title, "", help);
    }
    plain && !reserved
}

/// How a name is written, and how this one would be.
pub(super) fn plainly(name: &str) -> String {
    let letters = name.to_lowercase().replace(|letter: char| !letter.is_ascii_lowercase() && !letter.is_ascii_digit(), " ");
    let plain = letters.split_whitespace().collect::<Vec<_>>().join("-");
    let instead =
        if plain.is_empty() || name.len() > 60 { String::new() } else { format!(", as in `{plain}`; the words for readers go into `title`") };
    format!("use up to 60 small letters, digits and hyphens{instead}")
}

/// The tables inside the table under `key`, each with its name, at most `most`.
fn many<'a>(table: &Table<'a>, key: &'static str, what: &str, most: usize) -> Vec<(&'a str, Table<'a>)> {
    let Some(entry) = table.require(key, "{ ... }") else { return vec![] };
    let Some(inner) = entry.table() else { return vec![] };
    let entries: Vec<_> = inner.entries().collect();
    if entries.is_empty() || entries.len() > most {
        let title = format!("`{}` lists {} of {most} at most", inner.path, entries.len());
        table.faults.add(&inner.place, title, "", format!("list 1 to {most}"));
    }
    let named = entries.into_iter().take(most).filter(|entry| named(entry, &entry.key_place, entry.key, what));
    named.filter_map(|entry| Some((entry.key, entry.table()?))).collect()
}

fn zones(table: &Table<'_>) -> Vec<String> {
    let Some(entry) = table.require("zones", "[\"centre\", \"border\"]") else { return vec![] };
    let Some(list) = entry.list() else { return vec![] };
    if list.is_empty() || list.len() > MAX_ZONES {
        entry.fault(format!("`zones` lists {} of {MAX_ZONES} at most", list.len()), "", format!("list 1 to {MAX_ZONES} zones"));
        return vec![];
    }
    let mut zones: Vec<String> = vec![];
    for item in list {
        let Some(name) = item.text() else { continue };
        if zones.iter().any(|zone| zone == name) {
            item.fault(format!("the zone `{name}` is listed twice"), "", "remove one of them");
        } else if named(&item, &item.place(), name, "a zone") {
            zones.push(name.to_owned());
        }
    }
    zones
}

/// Which of `zones` the profile lists as lying at a border; none may.
fn at_border(table: &Table<'_>, zones: &[String]) -> Vec<bool> {
    let mut found = vec![false; zones.len()];
    let listed = table.require("border_zones", "[\"border\"]").and_then(|entry| entry.list()).unwrap_or_default();
    for item in listed {
        let Some(name) = item.text() else { continue };
        match zones.iter().position(|zone| zone == name) {
            Some(zone) => found[zone] = true,
            None => item.fault(
                format!("`{}` is not a zone of this country", super::values::shorten(name)),
                "",
                format!("the zones are {}", zones.join(", ")),
            ),
        }
    }
    found
}

fn origins(table: &Table<'_>) -> Vec<Origin> {
    let read = |(name, origin): (&str, Table<'_>)| {
        let abroad = origin.table("abroad").map_or([0.0; 3], |abroad| {
            let stocks = ["mou", "regularised", "irregular"].map(|status| abroad.number(status, 0.0..=MOST));
            abroad.close();
            stocks
        });
        let (title, titles) = own_title(&origin);
        let read = Origin {
            name: name.to_owned(),
            title: title.unwrap_or_else(|| name.to_owned()),
            titles,
            home: origin.number("home", 0.0..=MOST),
            abroad,
            women: origin.share("women"),
            minors: origin.share("minors"),
            departure: origin.number("departure", 0.0..=0.5),
            fee_cap: origin.number("fee_cap", 0.0..=100.0),
            broker_fee: origin.number("broker_fee", 0.0..=100.0),
            throughput: origin.number("throughput", 0.0..=MOST),
            fear: origin.share("fear"),
            trust: origin.number("trust", -1.0..=1.0),
        };
        origin.close();
        read
    };
    many(table, "origins", "an origin", MAX_ORIGINS).into_iter().map(read).collect()
}

fn sectors(table: &Table<'_>, zones: &[String]) -> Vec<Sector> {
    let read = |(name, sector): (&str, Table<'_>)| {
        let (title, titles) = own_title(&sector);
        let read = Sector {
            name: name.to_owned(),
            title,
            titles,
            kind: choose(&sector, "kind", [SectorKind::Labour, SectorKind::Sex, SectorKind::Begging], SectorKind::word),
            stream: choose(&sector, "stream", [StreamKind::Port, StreamKind::Inspection, StreamKind::Venue], StreamKind::word),
            migrants: sector.number("migrants", 0.0..=MOST),
            citizens: sector.number("citizens", 0.0..=MOST),
            employers: sector.number("employers", 1.0..=MOST),
            size_spread: sector.number("size_spread", 0.0..=3.0),
            propensity: sector.share("propensity"),
            forced: sector.share("forced"),
            violation: sector.share("violation"),
            citizens_forced: sector.share("citizens_forced"),
            indebted: sector.share("indebted"),
            women: sector.share("women"),
            exporters: sector.share("exporters"),
            formality: sector.share("formality"),
            zones: shares(&sector, "zones", &zones.iter().map(String::as_str)),
        };
        if read.forced + read.violation > 1.0 {
            let title = format!("`forced` and `violation` of {name} sum to {}, which is more than everybody", read.forced + read.violation);
            sector.faults.add(&sector.place, title, "", "lower one of them");
        }
        sector.close();
        read
    };
    many(table, "sectors", "a sector", MAX_SECTORS).into_iter().map(read).collect()
}

/// The value under `key`, one of `values` by its word.
fn choose<T: Copy, const N: usize>(table: &Table<'_>, key: &'static str, values: [T; N], word: impl Fn(T) -> &'static str) -> T {
    let words = values.map(&word);
    let chosen = table.require(key, &format!("\"{}\"", words[0])).and_then(|entry| entry.word(&words));
    let place = words.iter().position(|word| Some(*word) == chosen).unwrap_or(0);
    values[place]
}

/// The shares under `key` by name, in the order of `names`; those not named are 0, and all sum to 1.
fn shares<'n>(table: &Table<'_>, key: &'static str, names: &(impl Iterator<Item = &'n str> + Clone)) -> Vec<f64> {
    let mut found = vec![0.0; names.clone().count()];
    let Some(inner) = table.table(key) else { return found };
    for entry in inner.entries() {
        match names.clone().position(|name| name == entry.key) {
            Some(place) => found[place] = entry.within(&(0.0..=1.0)).unwrap_or(0.0),
            None => unknown(&entry, "name", names.clone(), ""),
        }
    }
    let sum: f64 = found.iter().sum();
    if (sum - 1.0).abs() > TOLERANCE {
        table.faults.add(&inner.place, format!("the shares of `{}` sum to {}", inner.path, round(sum)), "must sum to 1", mend(sum));
    }
    found
}

/// How to mend shares that sum to `sum`.
pub(super) fn mend(sum: f64) -> String {
    let much = round((sum - 1.0).abs());
    if sum > 1.0 { format!("take {much} away from one or more of them") } else { format!("add {much} to one or more of them") }
}

/// A number as it reads best: without the last digits of binary arithmetic.
pub(super) fn round(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

fn citizens(table: &Table<'_>) -> [f64; 3] {
    let Some(inner) = table.table("citizens") else { return [0.0; 3] };
    let read = [inner.number("at_risk", 0.0..=MOST), inner.share("minor"), inner.share("women")];
    inner.close();
    read
}

fn recruiters(table: &Table<'_>) -> [Recruiters; 2] {
    let none = Recruiters { count: 1.0, exploitative: 0.0, active: 0.0 };
    let Some(inner) = table.table("recruiters") else { return [none; 2] };
    let read = ["licensed", "informal"].map(|kind| {
        let Some(recruiters) = inner.table(kind) else { return none };
        let read = Recruiters {
            count: recruiters.number("count", 1.0..=MOST),
            exploitative: recruiters.share("exploitative"),
            active: recruiters.share("active"),
        };
        if read.exploitative > read.active {
            let title = format!("the mean share `exploitative` of {kind} recruiters exceeds the share that is `active` at all");
            recruiters.faults.add(&recruiters.place, title, "", "raise `active` or lower `exploitative`");
        }
        recruiters.close();
        read
    });
    inner.close();
    read
}

fn officials(table: &Table<'_>) -> [Officials; AGENCIES] {
    let none = Officials { count: 1.0, complicit: 0.0 };
    let Some(inner) = table.table("officials") else { return [none; AGENCIES] };
    let read = Agency::ALL.map(|agency| {
        let Some(officials) = inner.table(agency.name()) else { return none };
        let read = Officials { count: officials.number("count", 1.0..=MOST), complicit: officials.share("complicit") };
        officials.close();
        read
    });
    inner.close();
    read
}

fn capacity(table: &Table<'_>) -> Capacity {
    let inner = table.table("capacity");
    let number = |key| inner.as_ref().map_or(0.0, |inner| inner.number(key, 0.0..=MOST));
    let capacity = Capacity {
        port: number("port"),
        inspections: number("inspections"),
        raids: number("raids"),
        border: number("border"),
        investigation: number("investigation"),
        prosecution: number("prosecution"),
        court: number("court"),
        beds: number("beds"),
        interpreters: number("interpreters"),
        interpreter_load: number("interpreter_load"),
        financial: number("financial"),
        agency_inspections: number("agency_inspections"),
    };
    if let Some(inner) = inner {
        inner.close();
    }
    capacity
}

fn budget(table: &Table<'_>) -> (Vec<(i32, f64)>, [f64; LINES]) {
    let mut years = vec![];
    let mut lines = [0.0; LINES];
    let Some(inner) = table.table("budget") else { return (years, lines) };
    if let Some(total) = inner.table("total") {
        for entry in total.entries() {
            let year = entry.key.parse::<i32>().ok().filter(|year| entry.key.len() == 4 && (1900..=2200).contains(year));
            if year.is_none() {
                entry.faults.add(
                    &entry.key_place,
                    format!("`{}` is not a fiscal year", entry.path),
                    "",
                    "write the year in which it ends, as in 2016",
                );
            }
            if let (Some(year), Some(money)) = (year, entry.within(&(1.0..=1e13))) {
                years.push((year, money));
            }
        }
        if total.is_empty() {
            total.faults.add(&total.place, "`budget.total` names no fiscal year", "", "add a line such as: 2016 = 1_000_000");
        }
    }
    years.sort_by_key(|(year, _)| *year);
    if let Ok(read) = shares(&inner, "shares", &Line::ALL.iter().map(|line| line.name())).try_into() {
        lines = read;
    }
    inner.close();
    (years, lines)
}

fn windows(table: &Table<'_>) -> Vec<Window> {
    let list = table.get("windows").and_then(|entry| entry.list()).unwrap_or_default();
    let read = |entry: Entry<'_>| {
        let inner = entry.table()?;
        let (months, open) = (inner.span("from", "to"), inner.share("open"));
        inner.close();
        let (from, to) = months?;
        Some(Window { from, to, open })
    };
    list.into_iter().filter_map(read).collect()
}

fn shocks(table: &Table<'_>, origins: &[Origin], sectors: &[Sector], compounds: Option<&Compounds>) -> Vec<Shock> {
    let Some(all) = table.get("shocks").and_then(|entry| entry.table()) else { return vec![] };
    let read = |entry: Entry<'_>| {
        let name = named(&entry, &entry.key_place, entry.key, "a shock").then_some(entry.key)?;
        let inner = entry.table()?;
        let (title, titles) = title(&inner);
        let months = inner.span("from", "to");
        let kind = kind(&inner, origins, sectors);
        if kind.is_some() {
            inner.close();
        }
        let (kind, (from, to)) = (kind?, months?);
        if matches!(kind, ShockKind::Release { .. }) && compounds.is_none_or(|compounds| to < compounds.from) {
            entry.warn(
                format!("nobody comes out of compounds in `{}`: the profile has none at that time", entry.path),
                "describe them under [compounds], with the month from which on there are any, or remove the shock",
            );
        }
        if kind.is_idle() {
            entry.warn(format!("`{}` changes nothing while it lasts", entry.path), "say how strong it is, or remove it");
        }
        Some(Shock { name: name.to_owned(), title, titles, from, to, kind })
    };
    all.entries().filter_map(read).collect()
}

/// Compounds across the border, which most countries do not have.
fn compounds(table: &Table<'_>) -> Option<Compounds> {
    let inner = table.get("compounds")?.table()?;
    let from = inner.month("from");
    let compounds = Compounds {
        from: from.unwrap_or(Month::new(2020, 1)),
        held: inner.number("held", 0.0..=1e6),
        entries: inner.number("entries", 0.0..=1e5),
        citizens: inner.share("citizens"),
        forced: inner.share("forced"),
        leave: inner.number("leave", 0.0..=1.0),
        noticed: inner.share("noticed"),
        screeners: inner.number("screeners", 0.0..=1e5),
    };
    inner.close();
    from.map(|_| compounds)
}

fn kind(table: &Table<'_>, origins: &[Origin], sectors: &[Sector]) -> Option<ShockKind> {
    let words = ["rumour", "buyer_pressure", "border", "push", "crackdown", "mega_case", "surge", "response", "margins", "release"];
    let origins: Vec<&str> = origins.iter().map(|origin| origin.name.as_str()).collect();
    let sectors: Vec<&str> = sectors.iter().map(|sector| sector.name.as_str()).collect();
    let word = table.require("kind", "\"rumour\"")?.word(&words)?;
    Some(match word {
        "rumour" => ShockKind::Rumour { strength: by_name(table, "strength", ("origin", &origins), 0.0, &(0.0..=1.0)) },
        "buyer_pressure" => ShockKind::BuyerPressure { added: table.share("added") },
        "border" => ShockKind::Border { departures: table.number("departures", 0.0..=10.0), returns: table.number("returns", 0.0..=10.0) },
        "push" => ShockKind::Push { factor: by_name(table, "factor", ("origin", &origins), 1.0, &(0.0..=10.0)) },
        "crackdown" => ShockKind::Crackdown { added: table.number("added", 0.0..=5.0) },
        "mega_case" => {
            let defendants = table.number("defendants", 1.0..=10_000.0);
            ShockKind::MegaCase { defendants, officials: table.number("officials", 0.0..=defendants), victims: table.number("victims", 0.0..=1e6) }
        }
        "response" => {
            let part = |key| table.number(key, 0.0..=2.0);
            ShockKind::Response { contacts: part("contacts"), inspections: part("inspections"), courts: part("courts"), demand: part("demand") }
        }
        "margins" => ShockKind::Margins { lost: by_name(table, "lost", ("sector", &sectors), 0.0, &(0.0..=1.0)) },
        "release" => ShockKind::Release { people: table.number("people", 0.0..=1e6) },
        _ => ShockKind::Surge { people: table.number("people", 0.0..=1e7) },
    })
}

/// One value for each of some places (origins or sectors, as `kind` says): a number for all, or a table by name whose missing places hold `missing`.
fn by_name(table: &Table<'_>, key: &'static str, (kind, names): (&str, &[&str]), missing: f64, bounds: &RangeInclusive<f64>) -> Several {
    let mut several = [missing; PLACES];
    let Some(entry) = table.require(key, "{ ... }") else { return several };
    let Some(inner) = entry.as_table() else {
        let value = entry.within(bounds).unwrap_or(missing);
        several[..names.len().min(PLACES)].fill(value);
        return several;
    };
    for entry in inner.entries() {
        match names.iter().position(|name| *name == entry.key).and_then(|place| several.get_mut(place)) {
            Some(value) => *value = entry.within(bounds).unwrap_or(missing),
            None => unknown(&entry, kind, names.to_vec(), ""),
        }
    }
    several
}

/// Reads a parameter file: one note for every parameter, in the order of [`PARAMETERS`]; only to be used if
/// no fault was recorded.
pub(super) fn parameters(table: &Table<'_>) -> Vec<ParameterNote> {
    format(table);
    let processes: Vec<Entry<'_>> = table.entries().filter(|entry| entry.key != "format").collect();
    let mut notes: Vec<Option<ParameterNote>> = vec![None; PARAMETERS.len()];
    for process in &processes {
        if !PARAMETERS.iter().any(|parameter| parameter.process == process.key) {
            unknown(process, "process", process_names(), "");
            continue;
        }
        let Some(inner) = process.table() else { continue };
        for entry in inner.entries() {
            let place = PARAMETERS.iter().position(|parameter| parameter.process == process.key && parameter.name == entry.key);
            let Some(place) = place else {
                unknown_parameter(&entry, process.key);
                continue;
            };
            notes[place] = note(&PARAMETERS[place], &entry);
        }
    }
    for parameter in PARAMETERS {
        let process = processes.iter().find(|entry| entry.key == parameter.process);
        // Who wrote the key that it had before has been told the new one already.
        let has = |inner: Table<'_>| inner.has(parameter.name) || !parameter.former.is_empty() && inner.has(parameter.former);
        let written = process.is_some_and(|entry| entry.as_table().is_none_or(has));
        if !written {
            let place = process.map_or(&table.place, |entry| &entry.key_place);
            let unit = parameter.unit;
            let help = format!(
                "add to [{}]: {} = {{ value = ..., low = ..., high = ..., unit = \"{unit}\", grade = \"assumed\", source = \"...\" }}",
                parameter.process, parameter.name
            );
            table.faults.add(place, format!("the parameter `{}` is missing", parameter.path()), "", help);
        }
    }
    notes.into_iter().flatten().collect()
}

/// The names of the processes that have parameters, each once.
pub(super) fn process_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.process).collect();
    names.dedup();
    names
}

/// What to do about a key that was a letter or a stub before it became words.
pub(super) fn now_called(parameter: &Parameter) -> String {
    format!("write `{}`: keys have become words, and values mean what they did", parameter.path())
}

/// Records that `process` has no parameter of this name; the new name of an old key is told, and one of the same name elsewhere is pointed at.
pub(super) fn unknown_parameter(entry: &Entry<'_>, process: &str) {
    let key = entry.key.rsplit('.').next().unwrap_or(entry.key);
    if let Some(parameter) = renamed(process, key) {
        let title = format!("`{}` is called `{}` now", super::values::shorten(&entry.path), parameter.name);
        entry.faults.add(&entry.key_place, title, "the name that it had before", now_called(parameter));
        return;
    }
    let own = PARAMETERS.iter().filter(|parameter| parameter.process == process).map(|parameter| parameter.name);
    let hint = near(entry.faults, entry.key, own);
    let elsewhere = PARAMETERS.iter().find(|parameter| parameter.name == entry.key);
    let help = match elsewhere {
        _ if !hint.is_empty() => hint,
        Some(parameter) => format!("did you mean `{}`? ", parameter.path()),
        None => entry.faults.nearest(entry.key, PARAMETERS.iter().map(|parameter| parameter.name)).map_or_else(String::new, |name| {
            let parameter = PARAMETERS.iter().find(|parameter| parameter.name == name);
            parameter.map_or_else(String::new, |parameter| format!("did you mean `{}`? ", parameter.path()))
        }),
    };
    let title = format!("unknown parameter `{}`", super::values::shorten(&entry.path));
    entry.faults.add(&entry.key_place, title, "not a known parameter", format!("{help}`fivep parameters` lists them all"));
}

fn note(parameter: &'static Parameter, entry: &Entry<'_>) -> Option<ParameterNote> {
    let inner = entry.table()?;
    let bounds = parameter.min..=parameter.max;
    let [value, low, high] = ["value", "low", "high"].map(|key| inner.number(key, bounds.clone()));
    let unit = inner.require("unit", &format!("\"{}\"", parameter.unit));
    if let Some(unit) = unit
        && unit.text().is_some_and(|text| text != parameter.unit)
    {
        unit.fault(format!("the unit of `{}` is `{}`", parameter.path(), parameter.unit), "", "convert the value and write this unit");
    }
    let grade = choose(&inner, "grade", [Grade::Measured, Grade::Derived, Grade::Assumed], Grade::word);
    let source = inner.line("source", 2_000).to_owned();
    if !(low <= value && value <= high) {
        let title = format!("`{}` is {value}, outside of its own range {low} to {high}", parameter.path());
        entry.faults.add(&entry.key_place, title, "", "the value must lie from `low` to `high`");
    }
    inner.close();
    Some(ParameterNote { parameter, value, low, high, grade, source })
}
