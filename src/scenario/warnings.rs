//! Warnings: what a sound scenario would do that may not be meant.
//!
//! A warning refuses nothing. Each is a function of [`Material`]; a new one is written below and named in [`WARNINGS`].
//!
//! Absent on purpose: faults, which stand where values are read.

use super::countries::own_file;
use super::faults::{Faults, Place};
use super::levers::{Said as Step, Schedule, Schedules};
use super::loading::Said;
use super::observed;
use super::variants::{Written, makes_up};
use super::{ParameterNote, Scenario, Variant};
use crate::draws::fnv;
use crate::model::policy;
use crate::quantities::Month;
use std::path::Path;
use std::rc::Rc;

/// How long after its last known figure a budget may be held still without a word, in months: what held for five years is a
/// plausible guess, and all shipped scenarios keep to it.
const STILL: i32 = 60;

/// What warnings are about: a scenario without fault, and what its files say.
pub(super) struct Material<'a> {
    /// Where warnings go.
    pub faults: &'a Faults,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What the country says of each parameter.
    pub notes: &'a [ParameterNote],
    /// What the scenario's own file says.
    pub said: &'a Said,
    /// How each of the scenario's variants is written; nothing for the baseline.
    pub written: &'a [Option<&'a Written>],
    /// The folder of the scenario's own file; nothing for an embedded one.
    pub folder: Option<&'a Path>,
    /// Where the last month stands.
    pub to: Place,
}

/// Every warning there is, in the order in which a reader would ask.
const WARNINGS: [fn(&Material<'_>); 11] = [
    never_starts,
    changes_nothing,
    outside_the_window,
    earlier_than_dated,
    change_after_level,
    covered,
    equal_titles,
    beyond_the_data,
    inherited_sources,
    country_passed_over,
    published,
];

/// Records all warnings.
pub(super) fn collect(material: &Material<'_>) {
    for warning in WARNINGS {
        warning(material);
    }
}

impl Material<'_> {
    /// The variants but for the baseline, each with how it is written.
    fn others(&self) -> impl Iterator<Item = (&Variant, &Written)> {
        self.scenario.variants.iter().zip(self.written).filter_map(|(variant, written)| Some((variant, (*written)?)))
    }

    /// What a variant builds on, if it is simulated too.
    fn below(&self, variant: &Variant) -> Option<&Variant> {
        let name = variant.base.as_deref().unwrap_or("baseline");
        self.scenario.variants.iter().find(|other| other.name == name)
    }

    fn baseline(&self) -> &Variant {
        &self.scenario.variants[0]
    }
}

/// The schedules of a layer, each once however many places it fills.
fn distinct(schedules: &Schedules) -> Vec<&Rc<Schedule>> {
    let mut distinct: Vec<&Rc<Schedule>> = vec![];
    for schedule in schedules.iter().flatten() {
        if !distinct.iter().any(|other| Rc::ptr_eq(other, schedule)) {
            distinct.push(schedule);
        }
    }
    distinct
}

/// The key of the lever to which a place of a policy's row belongs.
fn key_of(place: usize) -> &'static str {
    policy::all().take_while(|(first, _)| *first <= place).last().map_or("", |(_, lever)| lever.key)
}

/// Whether a variant's first dated step lies after the end of the run, so that it cannot start.
fn late(material: &Material<'_>, written: &Written) -> Option<(Month, Place)> {
    let dated = distinct(&written.layer.policy.schedules).into_iter().filter_map(|schedule| schedule.dated.first());
    let first = dated.min_by_key(|(month, ..)| *month)?;
    (first.0 > material.scenario.to).then(|| (first.0, first.2.clone()))
}

fn never_starts(material: &Material<'_>) {
    for (variant, written) in material.others() {
        if material.baseline().parting(variant).is_none()
            && let Some((month, place)) = late(material, written)
        {
            let title = format!("`{}` never starts: its first step is {month}, and the run ends in {}", variant.name, material.scenario.to);
            material.faults.warn(&place, title, "it will look like a policy without effect: give a later `to`, or an earlier month");
        }
    }
}

fn changes_nothing(material: &Material<'_>) {
    let variants = &material.scenario.variants;
    // Plans are large and variants may be hundreds: only those with the same print are set beside each other.
    let bytes = |variant: &Variant| fnv(variant.setting.plan.rows.iter().flatten().flat_map(|value| value.to_bits().to_le_bytes()));
    let prints: Vec<u64> = variants.iter().map(bytes).collect();
    for (i, written) in material.written.iter().enumerate() {
        let Some(written) = written.filter(|written| late(material, written).is_none()) else { continue };
        let mut before = variants[..i].iter().zip(&prints).filter(|(_, print)| **print == prints[i]);
        let Some((same, _)) = before.find(|(other, _)| other.parting(&variants[i]).is_none()) else { continue };
        let (title, help) = if same.setting.shocks != variants[i].setting.shocks {
            let run = format!("{} to {}", same.setting.start(), same.setting.to);
            (
                format!(
                    "`{}` changes nothing: the shocks in which it differs from `{}` are not of the months that are simulated ({run})",
                    variants[i].name, same.name
                ),
                "give a run in whose months they lie, or remove the variant",
            )
        } else if same.name == "baseline" {
            (
                format!("`{}` changes nothing: all that it says holds in the baseline already", variants[i].name),
                "say what it changes, or remove it; of a level of 0 any share, as in \"+20%\" or \"x2\", is 0",
            )
        } else {
            (format!("`{}` and `{}` are the same", same.name, variants[i].name), "change or remove one of them")
        };
        material.faults.warn(&written.place, title, help);
    }
}

fn outside_the_window(material: &Material<'_>) {
    let Some((from, to)) = material.scenario.compare else { return };
    for (variant, written) in material.others() {
        if let Some(month) = material.baseline().parting(variant)
            && month > to
        {
            let title = format!("`{}` differs from the baseline from {month} on, and {from} to {to} are compared", variant.name);
            material.faults.warn(&written.place, title, "give a later `to` in [compare], or an earlier month in the variant");
        }
    }
}

fn earlier_than_dated(material: &Material<'_>) {
    for (variant, written) in material.others() {
        let schedules = &written.layer.policy.schedules;
        let Some(first_dated) = written.layer.policy.earliest() else { continue };
        let Some(below) = material.below(variant) else { continue };
        let start = variant.setting.start();
        let rows = || below.setting.plan.rows.iter().zip(&variant.setting.plan.rows);
        let early = |place: usize| {
            let months = rows().position(|(below, own)| below[place].to_bits() != own[place].to_bits())?;
            let month = start.plus(i32::try_from(months).unwrap_or(i32::MAX));
            (month < first_dated).then_some((month, place))
        };
        // A line without `start` changes nothing before its date: what is early there comes from a variant that goes with this one.
        let whole = |place: &usize| schedules[*place].as_ref().is_some_and(|schedule| schedule.start.is_some());
        let Some((month, place)) = (0..schedules.len()).filter(whole).filter_map(early).min() else { continue };
        let lever = key_of(place);
        let title = format!(
            "`{}` differs from {} from {month} on, in `{lever}`, which is before its first dated step ({first_dated})",
            variant.name,
            variant.base.as_deref().map_or("the baseline".to_owned(), |base| format!("`{base}`"))
        );
        let help = "what has no date, and `start`, hold for the whole course, a change as one of each month: give it a date, or leave `start` out; if it is meant, nothing need be done";
        if let Some(schedule) = &schedules[place] {
            material.faults.warn(&schedule.key, title, help);
        }
    }
}

/// A change that follows a level in the same line: it is of the layer below, which may not be what its writer thinks of.
fn change_after_level(material: &Material<'_>) {
    let layers = material.others().map(|(_, written)| &written.layer).chain([&material.said.baseline]);
    for schedule in layers.flat_map(|layer| distinct(&layer.policy.schedules)) {
        let later = schedule.dated.iter().skip(1);
        if let Some((month, _, place)) = later.clone().find(|(_, said, _)| !said.is_level()) {
            let of = if schedule.start.is_some() { "`start`" } else { "the layer below" };
            let title = format!("the change of {month} is of {of}, not of the step before it in this line");
            let help = "a change is of what the baseline (or `base`, or the default, or `start` in the same line) says in its month; to build on the step before, write the level itself";
            material.faults.warn(place, title, help);
        }
    }
}

/// What is lost of `first` where `second` is laid over it: the month of the first such step (nothing where it is the whole course), and the month from which the
/// levels of `second` hold (nothing where they do at all times).
fn lost(first: &Schedule, second: &Schedule) -> Option<(Option<Month>, Option<Month>)> {
    let level = second.dated.iter().find(|(_, said, _)| said.is_level()).map(|(month, ..)| *month);
    let whole = second.start.is_some_and(Step::is_level);
    let from = if whole { None } else { Some(level?) };
    if whole && first.start.is_some() && first.start != second.start {
        return Some((None, from));
    }
    let again = |month, said| second.dated.iter().any(|own| (own.0, own.1) == (month, said));
    let step = first.dated.iter().find(|(month, said, _)| from.is_none_or(|from| *month >= from) && !again(*month, *said))?;
    Some((Some(step.0), from))
}

/// Variants that go together may say something of the same lever: a level of the one named later then covers the later steps of the one before it.
fn covered(material: &Material<'_>) {
    let all = &material.said.written;
    for (_, written) in material.others().filter(|(_, written)| !written.with.is_empty()) {
        let Some(place) = all.iter().position(|other| std::ptr::eq(other, written)) else { continue };
        let own = &written.layer.policy.schedules;
        let parts: Vec<usize> = makes_up(all, place).into_iter().filter(|part| *part != place).collect();
        // Whoever builds on another one means to change it, and whoever brings both together is told himself.
        let meant = |pair: [usize; 2]| parts.iter().any(|part| pair.iter().all(|one| makes_up(all, *part).contains(one)));
        let pairs = parts.iter().enumerate().flat_map(|(order, later)| parts[..order].iter().map(|before| [*before, *later]));
        for pair in pairs.filter(|pair| !meant(*pair)) {
            let covers = |lever: usize| {
                let [first, second] = pair.map(|part| all[part].layer.policy.schedules[lever].as_ref());
                lost(first?, second?).filter(|_| own[lever].is_none()).map(|(month, from)| (lever, month, from))
            };
            let Some((lever, month, from)) = (0..own.len()).find_map(covers) else { continue };
            let key = key_of(lever);
            let month = month.map_or(String::new(), |month| format!(" in {month}"));
            let from = from.map_or("at all times".to_owned(), |from| format!("from {from} on"));
            let (name, [one, other]) = (&written.name, pair.map(|part| &all[part].name));
            let title = format!("in `{name}` what `{one}` says of `{key}`{month} is lost: `{other}` is named after it, and says what holds {from}");
            let at = written.with.iter().find(|(name, _)| name == other).map_or(&written.place, |(_, place)| place);
            material.faults.warn(at, title, format!("name `{other}` before `{one}`, or say in `{name}` itself what is meant"));
        }
    }
}

fn equal_titles(material: &Material<'_>) {
    let variants = &material.scenario.variants;
    for (i, written) in material.written.iter().enumerate() {
        let Some(written) = written else { continue };
        if let Some(same) = variants[..i].iter().find(|other| other.title == variants[i].title) {
            let title =
                format!("`{}` and `{}` have the same title, so that figures and briefings cannot tell them apart", same.name, variants[i].name);
            material.faults.warn(&written.title_place, title, "give each variant a title of its own");
        }
    }
}

fn beyond_the_data(material: &Material<'_>) {
    let setting = &material.baseline().setting;
    let country = &setting.country;
    let profile = country
        .budget
        .last()
        .map(|(year, _)| Month::new(*year, 12).plus(if country.fiscal_year_starts > 1 { country.fiscal_year_starts - 13 } else { 0 }));
    let place = policy::all().find(|(_, lever)| lever.key == "budget.total").map_or(0, |(place, _)| place);
    let changed = setting.plan.rows.windows(2).rposition(|pair| pair[0][place].to_bits() != pair[1][place].to_bits());
    // A figure of the budget holds for a year.
    let planned = changed.map(|months| setting.start().plus(i32::try_from(months).unwrap_or(0) + 12));
    let Some(last) = profile.max(planned).filter(|last| material.scenario.to.since(*last) > STILL) else { return };
    let shocks = country.shocks.iter().map(|shock| shock.to).max();
    let shocks = shocks.map(|last| format!(" and the last dated event ends in {last}")).unwrap_or_default();
    let title = format!("the run ends in {}, but the last figure of the budget is for {last}{shocks}", material.scenario.to);
    let help = "the last figures hold to the end, as an assumption: give an earlier `to`, or write `budget.total` as dated steps";
    material.faults.warn(&material.to, title, help);
}

/// A country that was copied from the invented one keeps its sources until somebody finds better ones.
fn inherited_sources(material: &Material<'_>) {
    let country = &material.baseline().setting.country;
    let count = material.notes.iter().filter(|note| note.source == INVENTED).count();
    if country.name != "borderland" && count > 0 && material.scenario.country_files.iter().any(|(name, _)| *name == "parameters.toml") {
        let title =
            format!("{count} parameters of {} have the source \"{INVENTED}\": they were made for a country that does not exist", country.title);
        let help = "find out what you can, write it into its parameters.toml, and say `assumption` where nobody knows";
        material.faults.warn(&Place::whole(usize::MAX), title, help);
    }
}

/// A country's folder beside a scenario that takes its country over from another one, which looks elsewhere.
fn country_passed_over(material: &Material<'_>) {
    let (name, used) = (&material.scenario.country.0, material.scenario.country.1.as_deref());
    let Some(own) = material.folder.filter(|own| used != Some(*own)) else { return };
    if own.join(name).join("profile.toml").is_file() {
        let title = format!("the folder `{name}` beside this scenario is not used: its country comes from the scenario that it extends");
        material.faults.warn(&Place::whole(0), title, format!("to use the folder, write country = \"{name}\" in this file"));
    }
}

/// What the parameters of the invented country give as their source.
const INVENTED: &str = "invented country";

/// Published figures that were not understood, so that they are left out.
fn published(material: &Material<'_>) {
    let (name, folder) = (&material.scenario.country.0, material.scenario.country.1.as_deref());
    if let Ok(Some((file, text))) = own_file(material.faults, name, folder, "observed.csv") {
        observed::figures(&text, &mut |at, title, help| material.faults.warn(&Place::new(file, at), title, help));
    }
}
