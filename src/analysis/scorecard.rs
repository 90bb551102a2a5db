//! A scorecard in the style of the United States' tiers: what an official ledger alone would make of a year.
//!
//! The four minimum standards and twelve indicia of serious and sustained efforts (after 22 U.S.C. 7106), each scored from 0
//! to 1 from the official ledger and the levers. Weights and thresholds are ours and nobody's else; they are drawn, so that
//! the answer is shares of draws that come to each tier. Indicia without a source in the model are drawn evenly, and their share of the
//! score is told. It reads activity, not people: a scorecard stands beside the truth ledger and never instead of it.
//!
//! Absent on purpose: any claim to forecast a real ranking. Its misses on the published tiers are told as n of n.

use polars::prelude::{DataType, Expr, col, len, lit};

use super::measure::{Asked, answers};
use super::summary::Year;
use crate::draws::{Luck, Purpose};
use crate::model::ledgers::indicators::Indicator;
use crate::model::policy::Policy;
use crate::quantities::Month;
use crate::results::Record;
use crate::results::tables::Table;

/// The tiers, the best first.
pub const TIERS: [&str; 4] = ["Tier 1", "Tier 2", "Tier 2 Watch List", "Tier 3"];
/// Draws of weights and thresholds for each run.
pub const DRAWS: u32 = 200;

/// What a criterion is scored from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// One indicator's total over another's, against a threshold between two values.
    Ratio(Indicator, Indicator, f64, f64),
    /// The yearly mean of an indicator that is a share, against a threshold.
    Share(Indicator, f64, f64),
    /// Convictions under five years count against long ones: the share of five years and more, against a threshold.
    Sentences(f64, f64),
    /// The yearly mean of what the policy says, against a threshold.
    Lever(fn(&Policy) -> f64, f64, f64),
    /// Cases, prosecutions, convictions and identifications against those of the year before.
    Progress,
    /// Nothing in the model: drawn evenly.
    Drawn,
}

/// One criterion.
#[derive(Clone, Copy, Debug)]
pub struct Criterion {
    /// Its key.
    pub key: &'static str,
    /// What it asks, and what it is scored from.
    pub text: &'static str,
    source: Source,
}

impl Criterion {
    /// Whether the model holds anything that it could be scored from.
    #[must_use]
    pub fn drawn(&self) -> bool {
        matches!(self.source, Source::Drawn)
    }
}

/// The first three minimum standards; the fourth is the twelve indicia together.
pub const STANDARDS: [Criterion; 3] = [
    Criterion {
        key: "prohibits",
        text: "Prohibits trafficking and punishes it: the lever law.forced_labour_offence, against 0.2 to 0.8.",
        source: Source::Lever(|policy| policy.national.law_forced_labour_offence, 0.2, 0.8),
    },
    Criterion {
        key: "penalties",
        text: "Prescribes penalties as for grave crimes: the lever law.penalty_years, against 1 to 5 years more than before.",
        source: Source::Lever(|policy| policy.national.law_penalty_years, 1.0, 5.0),
    },
    Criterion {
        key: "deters",
        text: "Punishes sternly enough to deter: share of sentences of five years and more, against 0.5 to 0.9.",
        source: Source::Sentences(0.5, 0.9),
    },
];

/// The twelve indicia of serious and sustained efforts, which make up the fourth standard.
pub const INDICIA: [Criterion; 12] = [
    Criterion {
        key: "prosecutes",
        text: "Investigates, prosecutes and convicts: convictions for each victim identified, against 0.2 to 0.6.",
        source: Source::Ratio(Indicator::Convicted, Indicator::Identified, 0.2, 0.6),
    },
    Criterion {
        key: "protects",
        text: "Protects victims: admitted to shelters of those identified, against 0.4 to 0.9.",
        source: Source::Ratio(Indicator::Sheltered, Indicator::Identified, 0.4, 0.9),
    },
    Criterion {
        key: "prevents",
        text: "Prevents: mean of the levers agency_inspection and information, against 0.2 to 0.6.",
        source: Source::Lever(|policy| f64::midpoint(policy.prevention.agency_inspection, policy.prevention.information), 0.2, 0.6),
    },
    Criterion {
        key: "cooperates",
        text: "Cooperates with other governments: cases with evidence from abroad of all, against 0.05 to 0.3.",
        source: Source::Ratio(Indicator::CrossBorderCases, Indicator::Cases, 0.05, 0.3),
    },
    Criterion { key: "extradites", text: "Extradites: not in the model, drawn.", source: Source::Drawn },
    Criterion {
        key: "monitors-migration",
        text: "Monitors migration: registered share of migrant workers, against 0.5 to 0.8.",
        source: Source::Share(Indicator::RegisteredShare, 0.5, 0.8),
    },
    Criterion {
        key: "officials",
        text: "Pursues complicit officials: officials investigated for each case, against 0.02 to 0.1.",
        source: Source::Ratio(Indicator::OfficialsInvestigated, Indicator::Cases, 0.02, 0.1),
    },
    Criterion {
        key: "nationality-of-victims",
        text: "Share of identified victims who are citizens, against 0.2 to 0.8; the statute asks whether foreign victims are few.",
        source: Source::Ratio(Indicator::IdentifiedCitizens, Indicator::Identified, 0.2, 0.8),
    },
    Criterion { key: "monitors-itself", text: "Monitors and publishes its own efforts: not in the model, drawn.", source: Source::Drawn },
    Criterion {
        key: "progress",
        text: "Makes progress over the year before: how many of cases, prosecutions, convictions and identifications did not fall by more than a drawn tolerance of 0 to 20 %.",
        source: Source::Progress,
    },
    Criterion { key: "demand", text: "Reduces demand: not in the model, drawn.", source: Source::Drawn },
    Criterion {
        key: "partners",
        text: "Works with civil society: mean of the levers ngo_coverage and ngo_formal_role, against 0.2 to 0.6.",
        source: Source::Lever(|policy| f64::midpoint(policy.partnership.ngo_coverage, policy.partnership.ngo_formal_role), 0.2, 0.6),
    },
];

/// One year of one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The year.
    pub year: i32,
    /// Mean score of each standard, then of each indicium, over runs and draws.
    pub scores: Vec<f64>,
    /// The mean score of the fourth standard, the indicia together under the weights drawn.
    pub efforts: f64,
    /// The share of the fourth standard's score that was drawn and not computed.
    pub drawn: f64,
    /// The share of draws that come to each tier, in the order of [`TIERS`].
    pub tiers: [f64; 4],
}

impl Card {
    /// The most probable tier, by its place in [`TIERS`]; of equals the better one.
    #[must_use]
    pub fn likeliest(&self) -> usize {
        (0..4).rev().max_by(|a, b| self.tiers[*a].total_cmp(&self.tiers[*b])).unwrap_or(0)
    }
}

/// The cards of `years` of `variant`. `policies` holds the policy of each reported month; the record's seed decides the draws, which
/// are the same for every variant and year so that cards can be compared.
#[must_use]
pub fn cards(record: &Record, variant: usize, policies: &[Policy], years: &[Year]) -> Vec<Card> {
    let replicates = record.manifest.replicates as usize;
    let criteria = || STANDARDS.iter().chain(&INDICIA);
    let read = |year: i32| -> Vec<Vec<f64>> {
        let asked: Vec<Asked> = criteria().flat_map(|criterion| criterion.source.asked()).collect();
        let rows = col("year").eq(lit(year));
        let found = record.sound(answers(record, &rows, &asked)).unwrap_or_default();
        found.into_iter().map(|values| values[variant * replicates..(variant + 1) * replicates].to_vec()).collect()
    };
    let mut before: Option<(i32, Vec<Vec<f64>>)> = None;
    let mut cards = vec![];
    for year in years {
        let own = read(year.year);
        let earlier = match before.take() {
            Some((known, values)) if known == year.year - 1 => values,
            _ => read(year.year - 1),
        };
        // The first year has no whole year before it, and says nothing of progress.
        let told = whole_before(record, year.year);
        let months = policies_of(record, policies, year.year);
        let at = |values: &[Vec<f64>], replicate: usize| values.iter().map(|values| values[replicate]).collect::<Vec<f64>>();
        let pairs: Vec<(Vec<f64>, Option<Vec<f64>>)> =
            (0..if own.is_empty() { 0 } else { replicates }).map(|replicate| (at(&own, replicate), told.then(|| at(&earlier, replicate)))).collect();
        cards.push(card(&pairs, &months, year.year, record.manifest.seed));
        before = Some((year.year, own));
    }
    cards
}

/// Whether the record reports all months of the year before `year`.
fn whole_before(record: &Record, year: i32) -> bool {
    record.manifest.from <= Month::new(year - 1, 1)
}

/// The policies of the reported months of `year`; nothing stands for a month of which none is known.
fn policies_of<'a>(record: &Record, policies: &'a [Policy], year: i32) -> Vec<Option<&'a Policy>> {
    let manifest = &record.manifest;
    let months = (manifest.from.0..=manifest.to.0).map(Month).zip(0..).filter(|(month, _)| month.year() == year);
    months.map(|(_, place): (Month, usize)| policies.get(place)).collect()
}

impl Source {
    /// How many values are asked for.
    fn reads(self) -> usize {
        match self {
            Self::Ratio(..) | Self::Share(..) | Self::Sentences(..) => 1,
            Self::Progress => PROGRESS.len(),
            Self::Lever(..) | Self::Drawn => 0,
        }
    }

    /// What is asked of the rows of a year, in an order that [`score`] knows.
    fn asked(self) -> Vec<Asked> {
        let total = |indicator: Indicator| col(indicator.info().name).sum();
        let names = |indicators: &[Indicator]| indicators.iter().map(|indicator| indicator.info().name).collect::<Vec<_>>();
        let of = |indicators: &[Indicator], expr: Expr| vec![Asked { table: Table::Months, columns: names(indicators), expr }];
        match self {
            Self::Ratio(what, per, ..) => of(&[what, per], total(what) / total(per)),
            Self::Share(what, ..) => of(&[what], total(what) / len().cast(DataType::Float64)),
            Self::Sentences(..) => {
                let long = total(Indicator::Sentences5To10) + total(Indicator::SentencesOver10);
                let all = [Indicator::Sentences5To10, Indicator::SentencesOver10, Indicator::SentencesUnder5];
                of(&all, long.clone() / (long + total(Indicator::SentencesUnder5)))
            }
            Self::Progress => PROGRESS.iter().flat_map(|indicator| of(&[*indicator], total(*indicator))).collect(),
            Self::Lever(..) | Self::Drawn => vec![],
        }
    }
}

/// What is held against the year before.
const PROGRESS: [Indicator; 4] = [Indicator::Cases, Indicator::Prosecuted, Indicator::Convicted, Indicator::Identified];

/// The card of a year from what was read of each replicate: of the year itself and, where it was reported whole, of the year before.
fn card(read: &[(Vec<f64>, Option<Vec<f64>>)], policies: &[Option<&Policy>], year: i32, seed: u64) -> Card {
    let mut scores = vec![0.0; STANDARDS.len() + INDICIA.len()];
    let (mut tiers, mut drawn, mut all) = ([0.0; 4], 0.0, 0.0);
    for (values, before) in read {
        for draw in 0..DRAWS {
            let luck = Luck::new(seed, draw);
            let die = |place: usize, decision: u16| luck.uniform(Purpose::Parameters, 2, place as u32, decision);
            let mut at = 0;
            let mut own = vec![];
            for (place, criterion) in STANDARDS.iter().chain(&INDICIA).enumerate() {
                let count = criterion.source.reads();
                let slice = |values: &'_ Vec<f64>| values[at..at + count].to_vec();
                own.push(score(criterion, &slice(values), before.as_ref().map(slice).as_deref(), policies, &|d| die(place, d)));
                at += count;
            }
            let (standards, indicia) = own.split_at(STANDARDS.len());
            let weights: Vec<f64> = (0..INDICIA.len()).map(|place| 0.5 + die(100 + place, 0)).collect();
            let sum: f64 = weights.iter().sum();
            let efforts = indicia.iter().zip(&weights).map(|(score, weight)| score * weight).sum::<f64>() / sum;
            let without = INDICIA.iter().zip(indicia.iter().zip(&weights)).filter(|(criterion, _)| criterion.drawn());
            drawn += without.map(|(_, (score, weight))| score * weight).sum::<f64>() / sum;
            all += efforts;
            tiers[tier(standards, efforts, &|d| die(200, d))] += 1.0;
            for (mean, own) in scores.iter_mut().zip(&own) {
                *mean += own;
            }
        }
    }
    let count = (read.len() * DRAWS as usize).max(1) as f64;
    Card {
        year,
        scores: scores.iter().map(|sum| sum / count).collect(),
        efforts: all / count,
        drawn: if all > 0.0 { drawn / all } else { 0.0 },
        tiers: tiers.map(|sum| sum / count),
    }
}

/// The tier of one draw: the first where every standard is nearly met, then by how far efforts go.
fn tier(standards: &[f64], efforts: f64, die: &dyn Fn(u16) -> f64) -> usize {
    let full = 0.85 + 0.1 * die(0);
    let serious = 0.5 + 0.15 * die(1);
    let some = serious - 0.05 - 0.15 * die(2);
    if efforts >= full && standards.iter().all(|score| *score >= full) {
        0
    } else if efforts >= serious {
        1
    } else if efforts >= some {
        2
    } else {
        3
    }
}

fn score(criterion: &Criterion, read: &[f64], before: Option<&[f64]>, policies: &[Option<&Policy>], die: &dyn Fn(u16) -> f64) -> f64 {
    let against = |value: f64, low: f64, high: f64| {
        let score = value / (low + (high - low) * die(0));
        if score.is_finite() { score.clamp(0.0, 1.0) } else { 0.0 }
    };
    match criterion.source {
        Source::Ratio(_, _, low, high) | Source::Share(_, low, high) | Source::Sentences(low, high) => against(read[0], low, high),
        Source::Lever(lever, low, high) => {
            let sum: f64 = policies.iter().map(|policy| policy.map_or(0.0, lever)).sum();
            against(sum / policies.len().max(1) as f64, low, high)
        }
        Source::Progress => match before {
            None => die(1),
            Some(before) => {
                let kept = read.iter().zip(before).filter(|(own, before)| **own >= **before * (1.0 - 0.2 * die(0)));
                kept.count() as f64 / read.len() as f64
            }
        },
        Source::Drawn => die(0),
    }
}

/// How the most probable tiers compare with published ones: misses, and how many years were compared.
#[must_use]
pub fn misses(cards: &[Card], published: &[(i32, usize)]) -> (usize, usize) {
    let pairs = cards.iter().filter_map(|card| published.iter().find(|(year, _)| *year == card.year).map(|(_, tier)| (card.likeliest(), *tier)));
    pairs.fold((0, 0), |(missed, all), (own, tier)| (missed + usize::from(own != tier), all + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::compare::tests::of_months;
    use crate::analysis::summary::years;

    /// The card of the second of two years in which a government convicts `convicted` a month.
    fn second_year(convicted: f64) -> Card {
        let record = of_months(&["baseline"], 1, 24, |_, _, _, row| {
            for indicator in [Indicator::Identified, Indicator::Sheltered, Indicator::Cases, Indicator::Prosecuted, Indicator::IdentifiedCitizens] {
                row.set(indicator, 10.0);
            }
            for indicator in [Indicator::Convicted, Indicator::SentencesOver10, Indicator::CrossBorderCases, Indicator::OfficialsInvestigated] {
                row.set(indicator, convicted);
            }
            row.set(Indicator::RegisteredShare, 0.9);
        });
        let scenario = crate::scenario::load("borderland", &crate::scenario::Overrides::default()).expect("it is sound");
        let policy = Policy::from_row(&scenario.variants[0].setting.plan.rows[0]);
        let years = years(record.manifest.from, record.manifest.to);
        cards(&record, 0, &vec![policy; 24], &years).pop().expect("two years")
    }

    #[test]
    fn probabilities_sum_to_one_and_more_convictions_never_worsen_a_card() {
        let cards = [0.0, 2.0, 10.0].map(second_year);
        for card in &cards {
            assert!((card.tiers.iter().sum::<f64>() - 1.0).abs() < 1e-9 && card.scores.iter().all(|score| (0.0..=1.0).contains(score)), "{card:?}");
            assert!(card.drawn > 0.0 && card.drawn < 0.6, "{card:?}");
        }
        for pair in cards.windows(2) {
            assert!(pair[0].tiers[3] >= pair[1].tiers[3] && pair[0].tiers[3] + pair[0].tiers[2] >= pair[1].tiers[3] + pair[1].tiers[2], "{pair:?}");
        }
        assert!(cards[0].tiers[3] > cards[2].tiers[3], "{cards:?}");
    }

    #[test]
    fn known_scores() {
        let card = second_year(10.0);
        let score = |key: &str| card.scores[STANDARDS.iter().chain(&INDICIA).position(|criterion| criterion.key == key).expect("it is there")];
        for key in ["deters", "prosecutes", "protects", "progress", "monitors-migration"] {
            assert!((score(key) - 1.0).abs() < 1e-12, "{key}: {}", score(key));
        }
        assert!((score("demand") - 0.5).abs() < 0.1, "drawn evenly: {}", score("demand"));
    }

    #[test]
    fn misses_are_counted_over_the_years_that_were_published() {
        let card = |year, tiers| Card { year, scores: vec![], efforts: 0.0, drawn: 0.0, tiers };
        let cards = [card(2015, [0.0, 0.6, 0.4, 0.0]), card(2016, [0.0, 0.1, 0.2, 0.7]), card(2017, [1.0, 0.0, 0.0, 0.0])];
        assert_eq!(misses(&cards, &[(2015, 1), (2016, 2), (2030, 0)]), (1, 2));
        assert_eq!(cards[0].likeliest(), 1);
    }
}
