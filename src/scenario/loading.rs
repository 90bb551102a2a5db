//! The route from a scenario's text to its settings.
//!
//! Everything that can be read is read before anything is refused, so that all faults are told at once.

use super::chain::{self, Source};
use super::countries::{country_files, outlived, read_country, read_posterior};
use super::country::{self, FEWEST};
use super::faults::{Faults, Place};
use super::imprint::{self, Imprint};
use super::languages::{self, Others};
use super::levers::{self, Dates, Ground, YEARS_BEFORE};
use super::sets::{self, Choice, Drawn};
use super::upgrade::{self, Span, Upgrade};
use super::values::{self, Entry, Table, YEARS};
use super::variants::{self, InForce, Layer, Written};
use super::warnings::{self, Material};
use super::{Overrides, ParameterNote, Problem, Scenario, Variant, resolved, stays};
use crate::model::Setting;
use crate::model::country::Country;
use crate::model::parameters::Parameters;
use crate::model::policy::Plan;
use crate::quantities::Month;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::DeTable;

/// Longest span of a run, in years.
const MOST_YEARS: i32 = 100;
/// Most agents of a run, which keeps their numbers within 32 bits.
const MOST_AGENTS: f64 = 1e9;
/// How many replicates a run may have.
const REPLICATES: RangeInclusive<i64> = 1..=10_000;

/// A scenario on its way from text to settings.
pub(super) struct Loading<'a> {
    pub(super) faults: &'a Faults,
    pub(super) overrides: &'a Overrides,
}

/// The head of a scenario: everything but what the variants differ in.
pub(super) struct Head {
    title: String,
    titles: Others,
    question: String,
    questions: Others,
    imprint: Imprint,
    country: String,
    /// The folder in which the country may lie: that of the file that names it.
    folder: Option<PathBuf>,
    seed: u64,
    replicates: u32,
    /// Where parameter values come from, if the file says so, and where it does.
    draw: Option<(Choice, Place)>,
    pub(super) scale: f64,
    /// The first month after the spin-up.
    begin: Month,
    /// The first reported month.
    pub(super) from: Month,
    pub(super) to: Month,
}

/// What one file says of levers, switches, shocks and parameters.
pub(super) struct Said {
    pub(super) baseline: Layer,
    pub(super) written: Vec<Written>,
    pub(super) order: Vec<(usize, Option<usize>)>,
}

/// What is in force in the baseline of one file and in each of its variants (nothing for one that cannot be laid).
struct Laid {
    baseline: InForce,
    variants: Vec<Option<InForce>>,
}

/// What `[compare]` says.
struct Compared {
    window: Option<(Option<Month>, Option<Month>)>,
    /// The variant that takes the baseline's place in comparisons.
    against: Option<String>,
    /// What the baseline is called where another variant has its place.
    baseline_title: String,
    /// The same in other languages.
    baseline_titles: Others,
}

impl Loading<'_> {
    pub(super) fn scenario(&self, own: Source) -> Result<Scenario, Problem> {
        let faulty = || Problem::Fault(self.faults.render());
        let chain = chain::chain(self.faults, own)?;
        let parsed: Vec<_> = chain.iter().filter_map(|source| values::parse(self.faults, source.file, &source.text)).collect();
        if parsed.len() < chain.len() {
            return Err(faulty());
        }
        let tables: Vec<Table<'_>> = chain.iter().zip(&parsed).map(|(source, parsed)| file_table(self.faults, source, parsed)).collect();
        let old: Vec<bool> = chain.iter().zip(&tables).map(|(source, table)| upgrade::is_old(source, table)).collect();
        let (head, found) = self.head(&tables, &chain)?;
        let country = found.as_ref().map(|(country, _)| country);
        let said: Vec<Said> = (0..tables.len()).map(|place| self.said(&tables[place..], country, place == 0)).collect();
        let Compared { window: compare, against, baseline_title, baseline_titles } = self.compare(&tables[0], &head, &said[0].written);
        for table in &tables {
            table.close_or(&misplaced);
        }
        let Some((country, notes)) = found else { return Err(faulty()) };
        for (place, _) in old.iter().enumerate().filter(|(_, old)| **old) {
            let span = Span { country: &country, begin: head.begin, to: head.to };
            upgrade::refuse(&chain[place], &tables[place], &said[place], &span);
        }
        if old.contains(&true) {
            return Err(faulty());
        }
        let Some(laid) = self.laid(&tables, &said, &head, &country, &notes) else { return Err(faulty()) };
        let own = &said[0];
        let kept = self.kept(&own.written, against.as_deref());
        let against = against.filter(|name| own.written.iter().zip(&kept).any(|(variant, kept)| *kept && variant.name == *name));
        let drawn = self.drawn(&head, &notes)?;
        let country_files = country_files(self.faults, &head.country, head.folder.as_deref());
        if !self.faults.is_empty() {
            return Err(faulty());
        }
        let (mut variants, mut parameters, mut from) = (vec![], vec![], vec![]);
        for (i, all) in std::iter::once(Some(laid.baseline)).chain(laid.variants).enumerate() {
            let Some(mut all) = all.filter(|_| i == 0 || kept[i - 1]) else { continue };
            let setting = setting(&head, &country, &mut all);
            let fixed = all.fixed;
            variants.push(match i.checked_sub(1).map(|i| &own.written[i]) {
                None => {
                    let (title, titles) = (baseline_title.clone(), baseline_titles.clone());
                    Variant { name: "baseline".to_owned(), title, titles, base: None, setting, fixed }
                }
                Some(Written { name, title, titles, base, .. }) => {
                    Variant { name: name.clone(), title: title.clone(), titles: titles.clone(), base: base.clone(), setting, fixed }
                }
            });
            parameters.push(all.parameters);
            from.push(i.checked_sub(1));
        }
        let compare = compare.map(|(from, to)| (from.unwrap_or_else(|| first_difference(&variants, head.from)), to.unwrap_or(head.to)));
        if let Some((from, to)) = compare
            && from > to
        {
            let help = "give `from` and `to` of [compare] both, in order, or leave the section out";
            self.faults.add(&Place::whole(chain[0].file), format!("[compare] begins ({from}) after it ends ({to})"), "", help);
            return Err(faulty());
        }
        let mut scenario = Scenario {
            name: chain[0].name.clone(),
            title: head.title.clone(),
            titles: head.titles.clone(),
            question: head.question.clone(),
            questions: head.questions.clone(),
            imprint: head.imprint.clone(),
            seed: head.seed,
            replicates: head.replicates,
            scale: head.scale,
            begin: head.begin,
            from: head.from,
            to: head.to,
            variants,
            compare,
            against,
            country: (head.country.clone(), head.folder.clone()),
            country_files,
            drawn,
            resolved: String::new(),
            warnings: vec![],
        };
        scenario.resolved = resolved::text(&scenario, &parameters);
        let written: Vec<Option<&Written>> = from.into_iter().map(|place| place.map(|place| &own.written[place])).collect();
        let to = chain::said(&tables, "to").map_or_else(|| Place::whole(chain[0].file), |entry| entry.place());
        warnings::collect(&Material {
            faults: self.faults,
            scenario: &scenario,
            notes: &notes,
            said: own,
            written: &written,
            folder: chain[0].folder.as_deref(),
            to,
        });
        scenario.warnings = self.faults.warnings();
        Ok(scenario)
    }

    /// A file of format 1 in the present one.
    pub(super) fn upgraded(&self, own: Source) -> Result<Upgrade, Problem> {
        let faulty = || Problem::Fault(self.faults.render());
        let sources = [own];
        let Some(parsed) = values::parse(self.faults, sources[0].file, &sources[0].text) else { return Err(faulty()) };
        let tables = [file_table(self.faults, &sources[0], &parsed)];
        let old = upgrade::is_old(&sources[0], &tables[0]);
        if !old {
            return if self.faults.is_empty() { Ok(Upgrade::Present) } else { Err(faulty()) };
        }
        let (head, found) = self.head(&tables, &sources)?;
        let said = self.said(&tables, found.as_ref().map(|(country, _)| country), true);
        self.compare(&tables[0], &head, &said.written);
        tables[0].close_or(&misplaced);
        let Some((country, _)) = found.filter(|_| self.faults.is_empty()) else { return Err(faulty()) };
        Ok(upgrade::upgraded(&sources[0], &tables[0], &said, &Span { country: &country, begin: head.begin, to: head.to }))
    }

    /// Reads and checks the head and the country; where there is a fault, the head holds a stand-in.
    #[expect(clippy::type_complexity, reason = "the pair is taken apart at its only call")]
    fn head(&self, tables: &[Table<'_>], chain: &[Source]) -> Result<(Head, Option<(Country, Vec<ParameterNote>)>), Problem> {
        let overrides = self.overrides;
        let own = &tables[0];
        for table in &tables[1..] {
            for key in ["title", "question", "compare"] {
                table.get(key);
            }
        }
        for table in tables {
            let extends = table.get("extends");
            if let Some(extends) = &extends {
                extends.line(1_000);
            }
            if let Some(entry) = table.get("baseline").filter(|_| extends.is_none()) {
                let help = "`baseline` names a variant of the scenario under `extends`; without that, the top of the file is the baseline";
                entry.fault("`baseline` needs `extends`", "", help);
            }
        }
        let (title, titles) = own.require("title", "\"...\"").map(|entry| languages::lines(&entry, 300)).unwrap_or_default();
        // A question may have several lines; other control signs would reach the reader's terminal.
        let plain = |text: &str| text.trim().chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
        let asked = own.get("question").map(|entry| languages::texts(&entry, &|entry| entry.text().map(plain)));
        let (question, questions) = asked.unwrap_or_default();
        let imprint = chain::said(tables, "briefing").and_then(|entry| entry.table()).map(|table| imprint::read(&table)).unwrap_or_default();
        let named = chain::required(tables, "country", "\"thailand\"").and_then(|entry| Some((entry.line(1_000)?, entry)));
        let folder = named.as_ref().and_then(|(_, entry)| chain.iter().find(|source| source.file == entry.file)?.folder.clone());
        let mut found = None;
        if let Some((name, entry)) = &named {
            found = read_country(self.faults, name, folder.as_deref(), &mut |title, help| entry.fault(title, "", help))?;
        }
        let own_to = chain::required(tables, "to", "\"2016-10\"").and_then(|entry| entry.month());
        let own_from = chain::required(tables, "from", "\"2016-10\"").and_then(|entry| entry.month());
        let begin = beginning(tables);
        let begins = || chain::said(tables, "begin").or_else(|| chain::said(tables, "from"));
        let spin_up = found.as_ref().map_or(0, |(country, _)| country.spin_up);
        let (from, to) = (overrides.from.or(own_from), overrides.to.or(own_to));
        if let (Some(begin), Some(from)) = (begin, own_from)
            && begin.plus(-spin_up) > from
            && let Some(entry) = begins()
        {
            let help = format!("give {from} or an earlier month, or leave `begin` out");
            let first = begin.plus(-spin_up);
            entry.fault(format!("the run would begin its spin-up ({first}) after its first reported month ({from})"), "", help);
        }
        // Months of the spin-up may be looked at, but not by mistake.
        if let (Some(begin), Some(from)) = (begin.or(own_from), from)
            && begin > from
            && begin.plus(-spin_up) <= from
        {
            let place = begins().map_or_else(|| Place::whole(usize::MAX), |entry| entry.place());
            let title =
                format!("the months from {from} to before {begin} are of the spin-up, in which the country settles: they are reported all the same");
            self.faults.warn(&place, title, format!("report from {begin} on, or write an earlier `begin`; if it is meant, nothing need be done"));
        }
        self.dates(tables, begin, own_from, own_to, found.as_ref().map(|(country, _)| country));
        let scale = chain::required(tables, "scale", "10");
        let own_scale = scale.as_ref().and_then(|entry| entry.within(&(1.0..=1e9)));
        if let Some((country, _)) = &found {
            self.scale(country, scale.as_ref(), overrides.scale.or(own_scale));
        }
        let whole = |key, bounds: RangeInclusive<i64>, example| {
            chain::required(tables, key, example).and_then(|entry| entry.whole(&bounds)).unwrap_or(*bounds.start())
        };
        let replicates = whole("replicates", REPLICATES, "20");
        let replicates = overrides.replicates.map_or(replicates, i64::from);
        if !REPLICATES.contains(&replicates) {
            self.option("--replicates", &format!("{replicates} is out of range"), &format!("give 1 to {}", REPLICATES.end()));
        }
        let seed = overrides.seed.unwrap_or_else(|| whole("seed", 0..=i64::MAX, "1").unsigned_abs());
        chain::said(tables, "seed");
        if i64::try_from(seed).is_err() {
            self.option("--seed", &format!("{seed} is too large"), &format!("give 0 to {}", i64::MAX));
        }
        let draw = chain::said(tables, "draw").and_then(|entry| {
            let word = entry.word(&Choice::ALL.map(Choice::word))?;
            Some((Choice::of_word(word)?, entry.place()))
        });
        let stand_in = Month::new(2000, 1);
        let head = Head {
            title: title.unwrap_or_default(),
            titles,
            question: question.unwrap_or_default(),
            questions,
            imprint,
            country: named.map_or_else(String::new, |(name, _)| name.to_owned()),
            folder,
            seed,
            replicates: u32::try_from(replicates).unwrap_or(1),
            draw,
            scale: overrides.scale.or(own_scale).unwrap_or(1.0),
            begin: begin.or(from).unwrap_or(stand_in),
            from: from.unwrap_or(stand_in),
            to: to.unwrap_or(stand_in),
        };
        Ok((head, found))
    }

    /// What the first of `tables` says of layers; the others are what it extends. `own` says whether it is the scenario itself.
    fn said(&self, tables: &[Table<'_>], country: Option<&Country>, own: bool) -> Said {
        let table = &tables[0];
        let dates = self.step_dates(tables, own);
        let baseline = variants::layer(table, country, dates);
        for taken in baseline.policy.taken.iter().filter(|taken| taken.from != "default") {
            let title = format!("the baseline cannot take `policy.{}` over from `{}`", taken.p.section(), values::shorten(&taken.from));
            let help = "only a variant can; to begin with a variant of the scenario that is extended, write `baseline = \"ITS NAME\"` at the top";
            self.faults.add(&taken.place, title, "", help);
        }
        let written = table.get("variants").and_then(|entry| entry.table());
        let written = written.map(|inner| variants::read(&inner, country, dates)).unwrap_or_default();
        let order = variants::order(self.faults, &written);
        Said { baseline, written, order }
    }

    /// What is in force in the scenario's own file, laid over what it extends; nothing where a file below lacks what is asked for.
    fn laid(&self, tables: &[Table<'_>], said: &[Said], head: &Head, country: &Country, notes: &[ParameterNote]) -> Option<Laid> {
        let start = head.begin.plus(-country.spin_up);
        // A change dated before the start is of what was in force then, so that the rows begin with the earliest date.
        let layers = said.iter().flat_map(|file| file.written.iter().map(|variant| &variant.layer).chain([&file.baseline]));
        let first = layers.filter_map(|layer| layer.policy.earliest()).fold(start, Month::min).max(start.plus(-600));
        let months = usize::try_from(head.to.since(first) + 1).unwrap_or(0).min(((MOST_YEARS + 75) * 12) as usize);
        let defaults = levers::default_rows(country, first, months);
        let ground = Ground { first, defaults: &defaults, earnings: country::earnings(country) };
        let values = notes.iter().map(|note| note.value).collect();
        let mut below = InForce::new(defaults.clone(), country.shocks.len(), values);
        for (place, file) in said.iter().enumerate().rev() {
            let laid = self.lay(file, &below, ground);
            if place == 0 {
                let cut = usize::try_from(start.since(first)).unwrap_or(0);
                return Some(laid.cut(cut));
            }
            below = Self::chosen(&tables[place - 1], file, laid)?;
        }
        None
    }

    /// What a file begins with: the baseline of the file that it extends, or the variant of it that `baseline` names.
    fn chosen(table: &Table<'_>, file: &Said, mut laid: Laid) -> Option<InForce> {
        let Some(entry) = table.get("baseline") else { return Some(laid.baseline) };
        let name = entry.text()?;
        if name == "baseline" {
            return Some(laid.baseline);
        }
        let names = || file.written.iter().map(|variant| variant.name.as_str());
        let Some(place) = names().position(|other| other == name) else {
            let near = table.faults.nearest(name, names()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            let help = format!("{near}its variants are {}", names().take(40).collect::<Vec<_>>().join(", "));
            entry.fault(format!("the scenario that is extended has no variant `{}`", values::shorten(name)), "", help);
            return None;
        };
        laid.variants.swap_remove(place)
    }

    /// Lays the baseline of a file over what is below, and its variants over the baseline or their bases.
    fn lay(&self, file: &Said, below: &InForce, ground: Ground<'_>) -> Laid {
        let rows = levers::lay(self.faults, "baseline", &file.baseline.policy, ground, &below.rows, &|_| None);
        stays::collect(self.faults, "baseline", &file.baseline.policy, ground.first, (&below.rows, &rows));
        let baseline = below.under(&file.baseline, rows);
        let mut variants: Vec<Option<InForce>> = vec![None; file.written.len()];
        for (place, base) in &file.order {
            let name = &file.written[*place].name;
            // Bases stand before what builds on them.
            let Some(below) = base.map_or(Some(&baseline), |base| variants[base].as_ref()) else { continue };
            let others = |name: &str| {
                if name == "baseline" {
                    return Some(baseline.rows.as_slice());
                }
                let place = file.written.iter().position(|other| other.name == name)?;
                Some(variants[place].as_ref()?.rows.as_slice())
            };
            let laid = base.map_or_else(Vec::new, |base| variants::makes_up(&file.written, base));
            let mut own = below.clone();
            for part in variants::makes_up(&file.written, *place).into_iter().filter(|part| !laid.contains(part)) {
                let layer = &file.written[part].layer;
                let rows = levers::lay(self.faults, name, &layer.policy, ground, &own.rows, &others);
                if part == *place {
                    stays::collect(self.faults, name, &layer.policy, ground.first, (&own.rows, &rows));
                }
                own = own.under(layer, rows);
            }
            variants[*place] = Some(own);
        }
        Laid { baseline, variants }
    }

    /// Records a fault of an option of the command line.
    fn option(&self, option: &str, what: &str, help: &str) {
        self.faults.add(&Place::whole(usize::MAX), format!("{option}: {what}\nhelp: {help}"), "", "");
    }

    /// Checks the months of the run.
    fn dates(&self, tables: &[Table<'_>], begin: Option<Month>, own_from: Option<Month>, own_to: Option<Month>, country: Option<&Country>) {
        let (over_from, over_to) = (self.overrides.from, self.overrides.to);
        let check = |from: Month, to: Month, tell: &dyn Fn(String, &str)| {
            if [from, to].iter().any(|month| !YEARS.contains(&month.year())) {
                tell(format!("{from} to {to} is not a time for this model"), &values::other_years(from));
            } else if from > to {
                tell(format!("the run would end ({to}) before it begins ({from})"), "give a `to` that is not before `from`");
            } else if to.since(from) >= MOST_YEARS * 12 {
                tell(format!("{from} to {to} is longer than {MOST_YEARS} years"), "check the years of `from` and `to`");
            }
        };
        if let (Some(begin), Some(to)) = (begin.or(own_from), own_to) {
            let place = chain::said(tables, "to").map_or(Place::whole(tables[0].file), |entry| entry.place());
            check(begin, to, &|title, help| self.faults.add(&place, title, "", help));
        }
        if over_from.is_some() || over_to.is_some() {
            let option = if over_from.is_some() { "--from" } else { "--to" };
            if let (Some(from), Some(to)) = (over_from.or(own_from), over_to.or(own_to)) {
                check(from, to, &|title, help| self.option(option, &title, help));
            }
            // Only what is reported moves: a world that began with another month would be another world.
            if let (Some(from), Some(begin), Some(country)) = (over_from, begin, country)
                && from < begin.plus(-country.spin_up)
            {
                let first = begin.plus(-country.spin_up);
                let what = format!("{from} lies before the first month that is simulated ({first}, {} months before `from`)", country.spin_up);
                self.option("--from", &what, &format!("give {first} or later, or an earlier `from` in the file, with which the run begins earlier"));
            }
        }
    }

    /// The months that the steps of the first of `tables` are checked against: the file's own, widened by what the command line
    /// says of the scenario itself, so that a shorter run does not turn a sound file into a faulty one.
    fn step_dates(&self, tables: &[Table<'_>], own: bool) -> Dates {
        let month = |key| chain::said(tables, key).and_then(|entry| entry.value.get_ref().as_str()?.parse::<Month>().ok());
        let (over_from, over_to) = if own { (self.overrides.from, self.overrides.to) } else { (None, None) };
        let first = beginning(tables).into_iter().chain(month("from")).chain(over_from).min().unwrap_or(Month::new(1, 1));
        let last = month("to").into_iter().chain(over_to).max().unwrap_or(Month::new(9999, 12));
        Dates { earliest: first.plus(-12 * YEARS_BEFORE), latest: last }
    }

    /// Checks that enough agents remain.
    fn scale(&self, country: &Country, entry: Option<&Entry<'_>>, scale: Option<f64>) {
        let Some(scale) = scale else { return };
        let persons = country::persons(country);
        let most = (persons / FEWEST).floor();
        let what = if !scale.is_finite() || scale >= 1e15 {
            "this is no number of persons".to_owned()
        } else if scale < 1.0 {
            format!("{scale} is below 1: an agent stands for one person or more")
        } else if persons / scale < FEWEST {
            format!("{scale} persons an agent leave fewer than {FEWEST} agents for {}", country.title)
        } else if persons / scale > MOST_AGENTS {
            format!("{scale} persons an agent make {:.0} million agents for {}", persons / scale / 1e6, country.title)
        } else if scale.fract() != 0.0 || scale > f64::from(u16::MAX) {
            format!("{scale} is no whole number of persons up to {}: people leave an agent one by one", u16::MAX)
        } else {
            return;
        };
        let least = (persons / MOST_AGENTS).ceil().max(1.0);
        let help = format!("give {least} to {most}; more persons an agent are faster and coarser");
        match entry {
            Some(entry) if self.overrides.scale.is_none() => entry.fault(format!("`scale`: {what}"), "", help),
            _ => self.option("--scale", &what, &help),
        }
    }

    /// Reads `[compare]`, all of whose keys may be left out. What the command line shortens is cut to the run.
    fn compare(&self, table: &Table<'_>, head: &Head, written: &[Written]) -> Compared {
        let mut compared = Compared { window: None, against: None, baseline_title: resolved::BASELINE.to_owned(), baseline_titles: Others::new() };
        let Some(inner) = table.get("compare").and_then(|entry| entry.table()) else { return compared };
        let asked = self.overrides.from.is_some() || self.overrides.to.is_some();
        let sides = ["from", "to"].map(|key| inner.get(key).and_then(|entry| Some((entry.month()?, entry))));
        let after = |side: &Option<(Month, _)>| side.as_ref().is_some_and(|(month, _)| *month > head.to);
        let before = |side: &Option<(Month, _)>| side.as_ref().is_some_and(|(month, _)| *month < head.from);
        // What the command line leaves nothing of is not cut down to a month at the edge.
        let beyond = asked && (after(&sides[0]) || before(&sides[1]));
        let side = |(month, entry): (Month, Entry<'_>)| {
            if asked {
                return month.clamp(head.from, head.to.max(head.from));
            }
            if month < head.from || month > head.to {
                let help = format!("give a month from {} to {}", head.from, head.to);
                entry.fault(format!("`{}` lies outside of the run", entry.path), "", help);
            }
            month
        };
        let [from, to] = if beyond { [Some(head.from), Some(head.to.max(head.from))] } else { sides.map(|found| found.map(side)) };
        if let Some(entry) = inner.get("against")
            && let Some(name) = entry.text()
        {
            let names = || written.iter().map(|variant| variant.name.as_str()).chain(["baseline"]);
            if names().any(|known| known == name) {
                compared.against = (name != "baseline").then(|| name.to_owned());
            } else {
                let near = self.faults.nearest(name, names()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
                let all: Vec<&str> = names().take(40).collect();
                entry.fault(
                    format!("`compare.against`: there is no variant `{}`", values::shorten(name)),
                    "",
                    format!("{near}the variants are {}", all.join(", ")),
                );
            }
        }
        if let Some((Some(title), titles)) = inner.get("baseline_title").map(|entry| languages::lines(&entry, 300)) {
            (compared.baseline_title, compared.baseline_titles) = (title, titles);
        }
        if let (Some(entry), None) = (inner.get("baseline_title"), &compared.against) {
            let title = "`baseline_title` is not shown: the baseline keeps its place, and is called so, where nothing else is compared with";
            self.faults.warn(&entry.key_place, title, "name the variant with which all others are compared (`against`), or leave it out");
        }
        inner.close();
        if beyond {
            let title = format!(
                "nothing of [compare] lies within {} to {}, which the command line asks for: all of these months are compared",
                head.from, head.to
            );
            self.faults.warn(
                &inner.place,
                title,
                "give --from and --to that meet [compare], or change [compare]; if it is meant, nothing need be done",
            );
        }
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            self.faults.add(&inner.place, format!("[compare] ends ({to}) before it begins ({from})"), "", "exchange `from` and `to`");
        }
        compared.window = (from.is_some() || to.is_some()).then_some((from, to));
        compared
    }

    /// The parameter sets that the command line asks for, else the file.
    fn drawn(&self, head: &Head, notes: &[ParameterNote]) -> Result<Drawn, Problem> {
        let own = head.draw.as_ref().filter(|_| self.overrides.parameters.is_none());
        let asked = self.overrides.parameters.or(own.map(|(choice, _)| *choice));
        let posterior = match asked {
            Some(Choice::Best | Choice::Prior) => None,
            _ => read_posterior(self.faults, &head.country, head.folder.as_deref())?,
        };
        let choice = asked.unwrap_or(if posterior.is_some() { Choice::Posterior } else { Choice::Best });
        if choice == Choice::Posterior && posterior.is_none() && self.faults.is_empty() {
            let what = format!("the country `{}` has no posterior", values::shorten(&head.country));
            match own {
                Some((_, place)) => {
                    let help = "`fivep calibrate` makes one; or write \"best\" or \"prior\"";
                    self.faults.add(place, format!("`draw`: {what}"), "", help);
                }
                None => self.option("--parameters", &what, "`fivep calibrate` makes one; or use --parameters best or --parameters prior"),
            }
        }
        if let Some(posterior) = posterior.as_ref().filter(|_| choice == Choice::Posterior) {
            outlived(self.faults, posterior, notes);
        }
        Ok(sets::drawn(choice, head.seed, head.replicates, notes, posterior.as_ref()))
    }

    /// For each variant, whether `--only` keeps it. What the others are compared with stays beside those that it names, but not where
    /// it names the baseline alone.
    fn kept(&self, written: &[Written], against: Option<&str>) -> Vec<bool> {
        let Some(only) = &self.overrides.only else { return vec![true; written.len()] };
        let names = || written.iter().map(|variant| variant.name.as_str()).chain(["baseline"]);
        for name in only.iter().filter(|name| !names().any(|other| other == name.as_str())) {
            let near = self.faults.nearest(name, names()).map(|name| format!("did you mean `{name}`? ")).unwrap_or_default();
            let all: Vec<&str> = names().take(40).collect();
            self.option("--only", &format!("there is no variant `{}`", values::shorten(name)), &format!("{near}the variants are {}", all.join(", ")));
        }
        let others = only.iter().any(|name| name != "baseline");
        written.iter().map(|variant| only.contains(&variant.name) || others && against == Some(variant.name.as_str())).collect()
    }
}

impl Laid {
    /// Without the first `cut` months, which only changes dated before the start needed.
    fn cut(mut self, cut: usize) -> Self {
        for all in self.variants.iter_mut().flatten().chain([&mut self.baseline]) {
            all.rows.drain(..cut.min(all.rows.len()));
        }
        self
    }
}

/// A file's table.
pub(super) fn file_table<'t>(faults: &'t Faults, source: &Source, parsed: &'t Spanned<DeTable<'t>>) -> Table<'t> {
    Table::new(faults, source.file, String::new(), Place::whole(source.file), parsed.get_ref())
}

/// The month with which a run begins after its spin-up: `begin`, else `from`, of the nearest file of the chain that says either.
fn beginning(tables: &[Table<'_>]) -> Option<Month> {
    let own: Vec<_> = tables.iter().map(|table| (table.get("begin"), table.get("from"))).collect();
    own.into_iter().find_map(|(begin, from)| begin.or(from)).and_then(|entry| entry.month())
}

/// Where a key at the top belongs that stands there by mistake.
fn misplaced(key: &str) -> Option<String> {
    let base = || (key == "base").then(|| "`base` belongs in a variant; a scenario builds on another one by `extends`".to_owned());
    levers::home(key).or_else(base)
}

/// What the simulation of a variant is told; it takes the rows, which are large.
fn setting(head: &Head, country: &Country, all: &mut InForce) -> Setting {
    let parameters = Parameters::from_row(&all.parameters);
    Setting {
        profile: country.clone(),
        country: country.supposing(&parameters.profile),
        parameters,
        plan: Plan { first: head.begin.plus(-country.spin_up), rows: std::mem::take(&mut all.rows) },
        switches: all.switches,
        shocks: all.shocks.clone(),
        scale: head.scale,
        from: head.from,
        to: head.to,
    }
}

/// The first reported month in which any variant's setting differs from the baseline's.
fn first_difference(variants: &[Variant], from: Month) -> Month {
    let Some((baseline, others)) = variants.split_first() else { return from };
    let first = others.iter().filter_map(|variant| variant.setting.differs_from(&baseline.setting)).min();
    first.and_then(|after| i32::try_from(after).ok()).map_or(from, |after| baseline.setting.start().plus(after).max(from))
}
