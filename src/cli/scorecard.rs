//! `fivep scorecard`: what an official ledger alone would make of each year, beside the truth ledger.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::{Listing, number, width, wrapped};
use super::numbers::grouped;
use super::reference::{self, OUTPUT};
use super::{Answer, CAVEAT, Failure, ListFormat};
use crate::analysis::measure::{Measure, values};
use crate::analysis::ranked::scores;
use crate::analysis::scorecard::{Card, DRAWS, INDICIA, STANDARDS, TIERS, cards as scored, misses};
use crate::analysis::statistics::mean;
use crate::analysis::summary::years;
use crate::model::ledgers::indicators::Indicator;
use crate::model::policy::Policy;
use crate::results::{Record, load};
use crate::scenario::{self, Overrides};

/// What the fourth standard is called in tables.
const EFFORTS: &str = "efforts";

/// Options of `fivep scorecard`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep scorecard output/thailand-2016/0001-1a2b3c4d\n  fivep scorecard output/thailand-2016/0001-1a2b3c4d --explain\n  fivep scorecard output/thailand-2016/0001-1a2b3c4d --format csv > cards.csv"
)]
pub struct Args {
    /// A run: its folder, the beginning of its name, its scenario's name, or `latest`
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// Every criterion's score, and what it is scored from
    #[arg(long)]
    pub explain: bool,
    /// How the cards are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// The cards of one variant, and its people exploited by year.
struct Years {
    variant: usize,
    cards: Vec<Card>,
    exploited: Vec<f64>,
}

/// The scorecards.
///
/// # Errors
/// A fault where the folder is no run folder or its scenario cannot be read again; what the disk refuses.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let run = reference::run(&args.run, Path::new(OUTPUT))?;
    let record = load(&run)?;
    // The levers of a run stand in its resolved scenario.
    let scenario = scenario::load_file(&run.join("scenario.toml"), &Overrides::default())?;
    let published = scenario::published_tiers(&scenario)?;
    let all: Vec<Years> = (0..record.manifest.variants.len().min(scenario.variants.len()))
        .map(|variant| {
            let setting = &scenario.variants[variant].setting;
            let before = usize::try_from(setting.from.since(setting.plan.first)).unwrap_or(0);
            let policies: Vec<Policy> = setting.plan.rows[before..].iter().map(|row| Policy::from_row(row)).collect();
            cards(&record, variant, &policies)
        })
        .collect();
    record.check()?;
    let text = || text(&record, &all, &published, args.explain);
    Ok(Answer { text: listing(&record, &all, &published).render(args.format, text), folder: Some(run), ..Answer::default() })
}

fn cards(record: &Record, variant: usize, policies: &[Policy]) -> Years {
    let whole: Vec<_> = years(record.manifest.from, record.manifest.to).into_iter().filter(|year| year.months() == 12).collect();
    let exploited = Measure::Indicator(Indicator::Exploited);
    let people = |year: &crate::analysis::summary::Year| mean(&values(record, exploited, variant, (year.from, year.to)));
    Years { variant, exploited: whole.iter().map(people).collect(), cards: scored(record, variant, policies, &whole) }
}

fn text(record: &Record, all: &[Years], published: &[(i32, usize)], explain: bool) -> String {
    let paragraph = width().min(100);
    let say = format!(
        "Scorecards of {}: tiers in the style of the United States' ranking, from the official ledger and the levers, as shares of {DRAWS} draws of weights and thresholds a run. Weights and thresholds are ours: this is no forecast of a ranking, and it reads activity, not people. The truth ledger stands beside it.",
        record.manifest.title
    );
    let mut out = format!("\n{}", wrapped(&say, 0, paragraph));
    for Years { variant, cards, exploited } in all {
        let _ = writeln!(
            out,
            "\n{}\n{:<6}{:>8}{:>8}{:>12}{:>8}  {:<18}{:<18}{:>10}{:>18}",
            record.manifest.variants[*variant].name,
            "year",
            "Tier 1",
            "Tier 2",
            "Watch List",
            "Tier 3",
            "likeliest",
            "published",
            "drawn",
            "people exploited"
        );
        for (card, people) in cards.iter().zip(exploited) {
            let [one, two, watch, three] = card.tiers.map(|share| format!("{:.0} %", share * 100.0));
            let told = if *variant == 0 { published.iter().find(|(year, _)| *year == card.year).map_or("-", |(_, tier)| TIERS[*tier]) } else { "" };
            let (likeliest, drawn) = (TIERS[card.likeliest()], format!("{:.0} %", card.drawn * 100.0));
            let _ = writeln!(
                out,
                "{:<6}{one:>8}{two:>8}{watch:>12}{three:>8}  {likeliest:<18}{told:<18}{drawn:>10}{:>18}",
                card.year,
                grouped(*people, 0)
            );
        }
    }
    if let Some(baseline) = all.first() {
        let (missed, compared) = misses(&baseline.cards, published);
        if compared > 0 {
            let say = format!(
                "Back-test on the published tiers of {compared} years: the baseline's likeliest tier misses {missed} of {compared}. A published tier follows the report of the year after."
            );
            let _ = write!(out, "\n{}", wrapped(&say, 0, paragraph));
        }
        if let Some(scores) = scores(&baseline.cards, published) {
            let say = format!(
                "Ranked probability scores, the smaller the better: {:.3}; equal shares for all tiers {:.3}, the shares of the other years {:.3}, the tier of the year before {:.3}.",
                scores.cards, scores.uniform, scores.climatology, scores.persistence
            );
            let _ = write!(out, "\n{}", wrapped(&say, 0, paragraph));
        }
    }
    if explain {
        out.push_str("\nMean scores, 0 to 1; the fourth standard, efforts, is the twelve indicia below it together\n");
        for Years { variant, cards, .. } in all {
            let _ = write!(out, "\n{:<26}", record.manifest.variants[*variant].name);
            for card in cards {
                let _ = write!(out, "{:>6}", card.year);
            }
            out.push('\n');
            let mut scores = |key: &str, score: &dyn Fn(&Card) -> f64| {
                let _ = write!(out, "  {key:<24}");
                for card in cards {
                    let _ = write!(out, "{:>6.2}", score(card));
                }
                out.push('\n');
            };
            for (place, criterion) in STANDARDS.iter().chain(&INDICIA).enumerate() {
                if place == STANDARDS.len() {
                    scores(EFFORTS, &|card| card.efforts);
                }
                scores(criterion.key, &|card| card.scores[place]);
            }
        }
        out.push('\n');
        for criterion in STANDARDS.iter().chain(&INDICIA) {
            out.push_str(&wrapped(&format!("{}: {}", criterion.key, criterion.text), 2, paragraph));
        }
    }
    let _ = write!(out, "\n{}", wrapped(CAVEAT, 0, paragraph));
    out
}

fn listing(record: &Record, all: &[Years], published: &[(i32, usize)]) -> Listing {
    let mut columns =
        vec!["variant", "year", "tier_1", "tier_2", "tier_2_watch_list", "tier_3", "likeliest", "published", "share_drawn", "exploited"];
    columns.extend(STANDARDS.iter().map(|criterion| criterion.key).chain([EFFORTS]).chain(INDICIA.iter().map(|criterion| criterion.key)));
    let row = |variant: usize, card: &Card, people: f64| {
        let told = published.iter().find(|(year, _)| *year == card.year && variant == 0).map_or(Value::Null, |(_, tier)| json!(TIERS[*tier]));
        let mut row = vec![json!(record.manifest.variants[variant].name), json!(card.year)];
        row.extend(card.tiers.map(number));
        row.extend([json!(TIERS[card.likeliest()]), told, number(card.drawn), number(people)]);
        let (standards, indicia) = card.scores.split_at(STANDARDS.len());
        row.extend(standards.iter().chain([&card.efforts]).chain(indicia).map(|score| number(*score)));
        row
    };
    let rows = all.iter().flat_map(|cards| cards.cards.iter().zip(&cards.exploited).map(move |(card, people)| (cards.variant, card, *people)));
    Listing { columns, rows: rows.map(|(variant, card, people)| row(variant, card, people)).collect() }
}
