//! The route from a scenario's text to its settings.
//!
//! Everything that can be read is read before anything is refused, so that all faults are told at once.

use super::countries::{country_files, read_country, read_posterior};
use super::country::{self, FEWEST};
use super::faults::{Faults, Place, nearest};
use super::levers::{self, Dates, YEARS_BEFORE};
use super::sets::{self, Choice, Drawn};
use super::values::{self, Entry, Table};
use super::variants::{self, InForce, Written};
use super::{Overrides, ParameterNote, Problem, Scenario, Variant, resolved};
use crate::model::Setting;
use crate::model::country::Country;
use crate::model::parameters::Parameters;
use crate::model::policy::Plan;
use crate::quantities::Month;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

/// The years that a run may lie in.
const YEARS: RangeInclusive<i32> = 1800..=2400;
/// Longest span of a run, in years.
const MOST_YEARS: i32 = 100;
/// Most agents of a run, which keeps their numbers within 32 bits.
const MOST_AGENTS: f64 = 1e9;
/// How many replicates a run may have.
const REPLICATES: RangeInclusive<i64> = 1..=10_000;

/// A scenario on its way from text to settings.
pub(super) struct Loading<'a> {
    pub(super) faults: &'a Faults,
    pub(super) file: usize,
    /// The scenario's folder, in which countries may lie; nothing for an embedded scenario.
    pub(super) folder: Option<&'a Path>,
    pub(super) overrides: &'a Overrides,
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
    pub(super) fn scenario(&self, name: &str, text: &str) -> Result<Scenario, Problem> {
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
        let country_files = country_files(&head.country, self.folder);
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
            country_files,
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
        } else if persons / scale > MOST_AGENTS {
            format!("{scale} persons an agent make {:.0} million agents for {}", persons / scale / 1e6, country.title)
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
        if matches!(choice, Choice::Posterior | Choice::Wide) && posterior.is_none() && self.faults.is_empty() {
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
