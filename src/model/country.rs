//! A country: what its profile says before any policy or assumption.
//!
//! Counts are at full scale (persons, not agents); money is in units of the reference wage `W` except for
//! the budget, which is in the country's currency. Nothing here is Thai: names of origins, zones and
//! sectors are data.
//!
//! Rule 34: what a profile says of most things is assumed, within a range. A parameter for each kind of figure moves them together, all sectors or origins by
//! one factor on the odds (a share stays one) or on the number ([`Country::supposing`]). Assumed: that they are off together, for one definition and one way of
//! counting stand behind them all. Counts that money is tied to (officials, capacities, beds) stay as the profile says, and so do the windows of registration, which are a lever's default.
//!
//! Absent on purpose: assumed parameters (`parameters`) and levers (`policy`).

use super::parameters::Profile;
use super::policy::{LINES, Several};
use crate::quantities::Month;
use std::collections::BTreeMap;

/// Most origins a country may list, so that a person's cell fits 16 bits.
pub const MAX_ORIGINS: usize = 8;
/// Most zones a country may list.
pub const MAX_ZONES: usize = 8;
/// Most sectors a country may list.
pub const MAX_SECTORS: usize = 12;
/// How many agencies there are.
pub const AGENCIES: usize = 5;

/// What something is called in other languages than English, by their codes, such as `th`.
pub type Titles = BTreeMap<String, String>;

/// Everything a country's profile holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Country {
    /// Its name on the command line and in scenario files.
    pub name: String,
    /// Its name in titles.
    pub title: String,
    /// The same in other languages.
    pub titles: Titles,
    /// Its currency code, for the budget.
    pub currency: String,
    /// The year whose prices are used.
    pub price_year: i32,
    /// The reference monthly wage `W`, in the currency.
    pub wage: f64,
    /// The first month of the fiscal year, 1 to 12.
    pub fiscal_year_starts: i32,
    /// Unreported months before a scenario's start, in which queues and beliefs settle.
    pub spin_up: i32,
    /// Members of a community.
    pub community_size: u32,
    /// Where migrants come from.
    pub origins: Vec<Origin>,
    /// Stylised zones.
    pub zones: Vec<String>,
    /// Which of them lie at a border: there workplaces are checked for irregular workers, and people cross.
    pub at_border: Vec<bool>,
    /// Where people work.
    pub sectors: Vec<Sector>,
    /// Citizens at risk at home who may enter work, persons.
    pub citizens_at_risk: f64,
    /// Share of minors among citizens at risk.
    pub citizens_minor: f64,
    /// Share of women among citizens at risk.
    pub citizens_women: f64,
    /// Recruiters, licensed and informal.
    pub licensed: Recruiters,
    /// Informal recruiters.
    pub informal: Recruiters,
    /// Officials by agency, in the order of [`Agency`].
    pub officials: [Officials; AGENCIES],
    /// Capacities at the start.
    pub capacity: Capacity,
    /// The budget by fiscal year: (fiscal year, money), in order; later years hold the last.
    pub budget: Vec<(i32, f64)>,
    /// Share of each line in the order of [`Line`](super::policy::Line), summing to 1.
    pub shares: [f64; LINES],
    /// Registration windows, in order.
    pub windows: Vec<Window>,
    /// Exogenous shocks, in order.
    pub shocks: Vec<Shock>,
    /// Compounds across the border in which people are forced to commit fraud, if there are any.
    pub compounds: Option<Compounds>,
}

impl Country {
    /// Calls itself, its origins, sectors and shocks what they are called in `language`, where a title in it was given.
    pub fn speak(&mut self, language: &str) {
        let say = |title: &mut String, titles: &Titles| {
            if let Some(own) = titles.get(language) {
                title.clone_from(own);
            }
        };
        say(&mut self.title, &self.titles);
        self.origins.iter_mut().for_each(|origin| say(&mut origin.title, &origin.titles));
        self.shocks.iter_mut().for_each(|shock| say(&mut shock.title, &shock.titles));
        for sector in &mut self.sectors {
            if let Some(own) = sector.titles.get(language) {
                sector.title = Some(own.clone());
            }
        }
    }
}

/// Compounds across the border: who is brought there, and who screens those who come out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compounds {
    /// The month in which they begin.
    pub from: Month,
    /// People held there then.
    pub held: f64,
    /// People brought there a month.
    pub entries: f64,
    /// Share of citizens of the country among them.
    pub citizens: f64,
    /// Share of them who are held and forced; the others work there by choice.
    pub forced: f64,
    /// Rate a month at which somebody comes out by ransom or escape.
    pub leave: f64,
    /// Share of these who come before officials of the country; the others find their own way home.
    pub noticed: f64,
    /// Staff who screen people out of compounds.
    pub screeners: f64,
}

/// A country of origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Its name.
    pub name: String,
    /// What it is called in texts.
    pub title: String,
    /// The same in other languages.
    pub titles: Titles,
    /// Persons at home who may migrate.
    pub home: f64,
    /// Migrant workers abroad at the start, by legal status: MOU, regularised, irregular.
    pub abroad: [f64; 3],
    /// Share of women.
    pub women: f64,
    /// Share of minors.
    pub minors: f64,
    /// Departure hazard a month of a person whose community has nobody abroad.
    pub departure: f64,
    /// Capped fee of the legal channel, in W.
    pub fee_cap: f64,
    /// Fee of an irregular broker, in W.
    pub broker_fee: f64,
    /// Applications the legal channel processes a month.
    pub throughput: f64,
    /// Belief in the arrest risk at the start, 0 to 1.
    pub fear: f64,
    /// Trust in the authorities at the start, -1 to 1.
    pub trust: f64,
}

/// What a sector is, for the streams of contact and the kinds of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectorKind {
    /// Ordinary work.
    Labour,
    /// Sex work, which is not trafficking in itself.
    Sex,
    /// Begging.
    Begging,
}

impl SectorKind {
    /// The word used in files and tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Labour => "labour",
            Self::Sex => "sex",
            Self::Begging => "begging",
        }
    }
}

/// How officials meet the workers of a sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamKind {
    /// Control of vessels in port.
    Port,
    /// Labour inspection.
    Inspection,
    /// Raids on venues.
    Venue,
}

impl StreamKind {
    /// The word used in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Port => "port",
            Self::Inspection => "inspection",
            Self::Venue => "venue",
        }
    }
}

/// A sector of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Sector {
    /// Its name.
    pub name: String,
    /// What it is called in texts, where the profile says it.
    pub title: Option<String>,
    /// The same in other languages.
    pub titles: Titles,
    /// What it is.
    pub kind: SectorKind,
    /// How officials meet its workers.
    pub stream: StreamKind,
    /// Migrant workers in it at the start.
    pub migrants: f64,
    /// Citizens at risk who work in it at the start.
    pub citizens: f64,
    /// Employers.
    pub employers: f64,
    /// Spread of employers' sizes, as the standard deviation of the logarithm (heavy tail).
    pub size_spread: f64,
    /// Mean exploitation propensity of employers at the start, 0 to 1.
    pub propensity: f64,
    /// Share of its migrant workers in forced labour or sexual exploitation at the start.
    pub forced: f64,
    /// Share of its migrant workers whose rights are violated at the start.
    pub violation: f64,
    /// Share of its citizens in exploitation at the start.
    pub citizens_forced: f64,
    /// Share of its migrant workers who owe something at the start.
    pub indebted: f64,
    /// Share of women among its workers.
    pub women: f64,
    /// Share of its employers that export.
    pub exporters: f64,
    /// How visible its workplaces are to inspection, 0 to 1 (households: near 0).
    pub formality: f64,
    /// Share of its employers in each zone, in the order of the country's zones.
    pub zones: Vec<f64>,
}

impl Sector {
    /// The share of women among its workers, or of men.
    #[must_use]
    pub fn share_of(&self, women: bool) -> f64 {
        if women { self.women } else { 1.0 - self.women }
    }
}

/// One kind of recruiter at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recruiters {
    /// How many.
    pub count: f64,
    /// Mean share of recruits placed exploitatively.
    pub exploitative: f64,
    /// Share of them that places exploitatively at all.
    pub active: f64,
}

/// An agency of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Agency {
    /// Police.
    Police,
    /// Immigration and border.
    Immigration,
    /// Labour inspection.
    Inspection,
    /// Prosecution.
    Prosecution,
    /// Social work.
    Social,
}

impl Agency {
    /// All agencies, in order.
    pub const ALL: [Self; AGENCIES] = [Self::Police, Self::Immigration, Self::Inspection, Self::Prosecution, Self::Social];

    /// Its key in a profile.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Police => "police",
            Self::Immigration => "immigration",
            Self::Inspection => "labour_inspection",
            Self::Prosecution => "prosecution",
            Self::Social => "social_work",
        }
    }
}

/// One agency at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Officials {
    /// How many officials deal with trafficking or migrants.
    pub count: f64,
    /// Share of them who are complicit.
    pub complicit: f64,
}

/// Capacities at the start of a run, at full scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capacity {
    /// Visits of port control a month.
    pub port: f64,
    /// Labour inspections a month.
    pub inspections: f64,
    /// Raids on sex venues a month.
    pub raids: f64,
    /// Border checks a month (workplaces in a zone at a border checked for irregular workers).
    pub border: f64,
    /// Cases that can be in investigation at once.
    pub investigation: f64,
    /// Cases that can be with the prosecution at once.
    pub prosecution: f64,
    /// Cases that can be in court at once.
    pub court: f64,
    /// Shelter beds.
    pub beds: f64,
    /// Interpreters.
    pub interpreters: f64,
    /// Screenings that one interpreter can serve a month.
    pub interpreter_load: f64,
    /// Financial inquiries a month.
    pub financial: f64,
    /// Licensed recruiters that can be inspected a month where the lever stands at 1.
    pub agency_inspections: f64,
}

/// A registration window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its first month.
    pub from: Month,
    /// Its last month.
    pub to: Month,
    /// How far it is open, 0 to 1.
    pub open: f64,
}

/// A dated event from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    /// Its name, by which a scenario switches it.
    pub name: String,
    /// What it is called in texts.
    pub title: String,
    /// The same in other languages.
    pub titles: Titles,
    /// Its first month.
    pub from: Month,
    /// Its last month.
    pub to: Month,
    /// What it does.
    pub kind: ShockKind,
}

/// What a shock does while it lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ShockKind {
    /// A rumour of this strength (0 to 1) reaches the communities of each origin, scaled by origin.
    Rumour {
        /// Strength by origin, 0 to 1.
        strength: Several,
    },
    /// Foreign buyers press exporters: added to the lever `buyer_pressure`.
    BuyerPressure {
        /// How much is added.
        added: f64,
    },
    /// Departures and returns are multiplied, for all origins (a border closure has a factor near 0).
    Border {
        /// The factor on departures.
        departures: f64,
        /// The factor on voluntary returns.
        returns: f64,
    },
    /// Departures of each origin are multiplied (a coup, a flood).
    Push {
        /// Factor by origin.
        factor: Several,
    },
    /// Irregular migrants are arrested more: added to the lever `immigration_crackdown`.
    Crackdown {
        /// How much is added.
        added: f64,
    },
    /// A dated mega-case: opened in the first month, decided in the last.
    MegaCase {
        /// Defendants, at full scale.
        defendants: f64,
        /// How many of them are officials.
        officials: f64,
        /// Victims found, at full scale.
        victims: f64,
    },
    /// The response itself works at these parts of what it does (a pandemic closes courts and workplaces, not only borders).
    Response {
        /// Factor on reports, arrests and operations.
        contacts: f64,
        /// Factor on visits of all streams.
        inspections: f64,
        /// Factor on the work of prosecution and courts.
        courts: f64,
        /// Factor on the workers that employers want.
        demand: f64,
    },
    /// Employers earn less: a wage to pay, a market lost, a standstill (rule 7).
    Margins {
        /// What is lost by sector, as a part of the distance between the employer who earns least and the one who earns most, 0 to 1.
        lost: Several,
    },
    /// People come out of the compounds across the border in numbers.
    Release {
        /// People a month.
        people: f64,
    },
    /// Smuggled people are met in numbers and may be counted as victims (rule 13).
    Surge {
        /// Smuggled people met a month, at full scale.
        people: f64,
    },
}

impl ShockKind {
    /// The word that names the kind in a profile.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Rumour { .. } => "rumour",
            Self::BuyerPressure { .. } => "buyer_pressure",
            Self::Border { .. } => "border",
            Self::Push { .. } => "push",
            Self::Crackdown { .. } => "crackdown",
            Self::MegaCase { .. } => "mega_case",
            Self::Surge { .. } => "surge",
            Self::Response { .. } => "response",
            Self::Margins { .. } => "margins",
            Self::Release { .. } => "release",
        }
    }

    /// True if everything goes on while it lasts as without it.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let all = |values: &[f64], value: f64| values.iter().all(|other| (other - value).abs() <= 0.0);
        match self {
            Self::Rumour { strength: several } | Self::Margins { lost: several } => all(several, 0.0),
            Self::Push { factor } => all(factor, 1.0),
            Self::BuyerPressure { added } | Self::Crackdown { added } => all(&[*added], 0.0),
            Self::Surge { people } | Self::Release { people } => all(&[*people], 0.0),
            Self::Border { departures, returns } => all(&[*departures, *returns], 1.0),
            Self::Response { contacts, inspections, courts, demand } => all(&[*contacts, *inspections, *courts, *demand], 1.0),
            // A trial has one defendant at least.
            Self::MegaCase { .. } => false,
        }
    }
}

impl Country {
    /// The country that somebody supposes who thinks the profile to be off by so much.
    #[must_use]
    pub fn supposing(&self, off: &Profile) -> Self {
        let mut supposed = self.clone();
        for sector in &mut supposed.sectors {
            sector.employers *= off.employers;
            for (share, factor) in [
                (&mut sector.propensity, off.propensity),
                (&mut sector.forced, off.forced),
                (&mut sector.citizens_forced, off.forced),
                (&mut sector.indebted, off.indebted),
                (&mut sector.formality, off.formality),
                (&mut sector.exporters, off.exporters),
            ] {
                *share = odds_times(*share, factor);
            }
            // Who is exploited is not counted among those whose rights are violated as well.
            sector.violation = sector.violation.min(1.0 - sector.forced);
        }
        for recruiters in [&mut supposed.licensed, &mut supposed.informal] {
            recruiters.exploitative = odds_times(recruiters.exploitative, off.exploitative).min(recruiters.active);
        }
        supposed.informal.count *= off.recruiters;
        supposed.officials.iter_mut().for_each(|agency| agency.complicit = odds_times(agency.complicit, off.complicit));
        for origin in &mut supposed.origins {
            origin.fear = odds_times(origin.fear, off.fear);
            origin.trust = (origin.trust + off.trust).clamp(-1.0, 1.0);
        }
        for shock in &mut supposed.shocks {
            if let ShockKind::Rumour { strength } = &mut shock.kind {
                for strength in strength {
                    *strength = odds_times(*strength, off.rumours);
                }
            }
        }
        supposed
    }

    /// The budget of the fiscal year in which `month` lies, money a year.
    #[must_use]
    pub fn budget_at(&self, month: Month) -> f64 {
        let year = self.fiscal_year(month);
        let known = self.budget.iter().take_while(|(fiscal, _)| *fiscal <= year).last();
        known.or(self.budget.first()).map_or(0.0, |(_, money)| *money)
    }

    /// The fiscal year in which `month` lies, named by the year in which it ends.
    #[must_use]
    pub fn fiscal_year(&self, month: Month) -> i32 {
        if self.fiscal_year_starts > 1 && month.month() >= self.fiscal_year_starts { month.year() + 1 } else { month.year() }
    }

    /// How far a registration window is open in `month` by the profile alone.
    #[must_use]
    pub fn window_at(&self, month: Month) -> f64 {
        self.windows.iter().filter(|window| window.from <= month && month <= window.to).map(|window| window.open).fold(0.0, f64::max)
    }

    /// What the profile says of the lever place `place` of `key` in `month`; see
    /// [`policy::Default::Profile`](super::policy::Default::Profile).
    #[must_use]
    pub fn lever_default(&self, key: &str, place: usize, month: Month) -> f64 {
        match key {
            "budget.total" => self.budget_at(month),
            "budget.shares" => self.shares.get(place).copied().unwrap_or(0.0),
            "registration_windows" => self.window_at(month),
            _ => unreachable!("only these levers take their default from the profile"),
        }
    }
}

/// The share whose odds are `factor` times those of `share`.
fn odds_times(share: f64, factor: f64) -> f64 {
    // What is as the profile says stays so to the last digit.
    if factor.to_bits() == 1.0_f64.to_bits() { share } else { share * factor / (1.0 - share + share * factor) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::setting;
    use super::*;

    /// As the profile says: a factor of one, and nothing added.
    fn as_said() -> Profile {
        let one = 1.0;
        Profile {
            propensity: one,
            forced: one,
            indebted: one,
            formality: one,
            exporters: one,
            employers: one,
            exploitative: one,
            recruiters: one,
            complicit: one,
            fear: one,
            trust: 0.0,
            rumours: one,
        }
    }

    #[test]
    fn a_share_stays_one_whatever_is_supposed_of_it() {
        assert!((odds_times(0.2, 2.0) - 1.0 / 3.0).abs() < 1e-15, "one to four, doubled, is one to two");
        for share in [0.0, 0.3, 1.0] {
            assert!((0.0..=1.0).contains(&odds_times(share, 10.0)) && odds_times(share, 1.0).to_bits() == share.to_bits());
        }
    }

    #[test]
    fn what_is_supposed_moves_all_sectors_and_nothing_else() {
        let said = setting(1).country;
        assert_eq!(said.supposing(&as_said()), said);
        let supposed = said.supposing(&Profile { propensity: 3.0, ..as_said() });
        for (before, after) in said.sectors.iter().zip(&supposed.sectors) {
            assert!((after.propensity / (1.0 - after.propensity) - 3.0 * before.propensity / (1.0 - before.propensity)).abs() < 1e-12);
            assert_eq!(after.forced.to_bits(), before.forced.to_bits());
        }
        assert_eq!(supposed.officials, said.officials);
    }
}
