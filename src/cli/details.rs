//! `fivep compare --details`: both ledgers and cost of every variant, what money bought, what it does not reach, and notes.

use std::fmt::Write;

use super::CAVEAT;
use super::funding::worst;
use super::listing::{width, wrapped};
use super::numbers::{Style, grouped};
use super::screen::titled;
use super::told::{heading, ledger_title, reference, variant_heading};
use crate::analysis::bought::bought;
use crate::analysis::compare::{Against, Comparison, CostPerMonth, Effect, Enough};
use crate::analysis::verdict::{Split, Verdict};
use crate::briefing::bought::sentence as sentence_of;
use crate::briefing::phrases::Phrases;
use crate::charts::words::Words;
use crate::model::ledgers::indicators::Ledger;
use crate::results::Record;
use crate::scenario::Scenario;
use crate::scenario::sets::Choice;

/// All of it.
#[must_use]
pub fn text(record: &Record, comparison: &Comparison, scenario: Option<&Scenario>) -> String {
    let paragraph = width().min(100);
    let mut out = heading(record);
    let (from, to) = comparison.window;
    let _ = writeln!(out, "\nCompared from {from} to {to}. Flows are per year; stocks and shares are averages over these months.");
    if comparison.variants.is_empty() {
        out.push_str("\nThere is only the baseline, so there is nothing to compare.\n\n");
    }
    for against in &comparison.variants {
        out.push_str(&variant_heading(record, against.variant));
        out.push_str(&wrapped(&evidence(record, against), 0, paragraph));
        out.push_str(&effects_text(record, against));
    }
    out.push_str(&worth(record, comparison, paragraph));
    out.push_str(&what_money_bought(record, scenario, paragraph));
    let unpaid = scenario.map(worst).unwrap_or_default();
    if !unpaid.is_empty() {
        out.push_str("\n\nWHAT THE MONEY DOES NOT REACH\n");
        for say in unpaid {
            out.push_str(&wrapped(&say, 0, paragraph));
        }
    }
    out.push('\n');
    if !comparison.variants.is_empty() {
        for note in [columns_note(record), replicates_note(record, comparison)] {
            out.push_str(&wrapped(&note, 0, paragraph));
        }
    }
    out.push_str(&wrapped(CAVEAT, 0, paragraph));
    out
}

/// What intervals and shares are counted over.
fn counted(record: &Record) -> &'static str {
    if record.manifest.parameters == Choice::Best { "replicates" } else { "parameter sets" }
}

/// What the columns are.
fn columns_note(record: &Record) -> String {
    let sets = counted(record);
    let chance = match record.manifest.parameters {
        Choice::Best => "random variation only; assumptions are held fixed".to_owned(),
        Choice::Posterior => format!(
            "{}: every two replicates assume another parameter set of a calibration, which {} settled",
            Choice::Posterior.interval(),
            if record.manifest.unsettled { "is not shown to have" } else { "has" }
        ),
        choice @ Choice::Prior => format!("{}: every two replicates assume another parameter set ({})", choice.interval(), choice.word()),
    };
    format!(
        "Mean, per cent and 95 % interval are of the mean difference, by Student's t over {sets} ({chance}); `uncertain`: that interval holds 0; ~: clear alone, but not \
         among all differences compared here (Benjamini-Hochberg, 5 %). One future: in what share of {sets} a single future of the country's own size goes the way of the mean."
    )
}

/// What the asterisks say.
fn replicates_note(record: &Record, comparison: &Comparison) -> String {
    if record.manifest.replicates == 1 {
        return "One replicate shows nothing of chance; use --replicates 20 or more.".to_owned();
    }
    let (settled, all) = comparison.settled();
    if all == 0 {
        let one = if record.manifest.parameters == Choice::Best { "Too few replicates show" } else { "One parameter set shows" };
        return format!("{one} nothing of what is not known; use --replicates 20 or more.");
    }
    let rule = "A mean difference is settled once half of its interval is at most half of it, or half a percent of what it is compared with";
    if settled == all {
        return format!("{rule}: here all are, so there are enough replicates.");
    }
    let all_effects = comparison.variants.iter().flat_map(|against| &against.effects);
    let mut needs: Vec<u32> = all_effects.filter_map(|effect| if let Enough::Need(need) = effect.enough { Some(need) } else { None }).collect();
    needs.sort_unstable();
    let (half, open) = (needs[needs.len() / 2], needs.len());
    let need = if half == u32::MAX { "no number of".to_owned() } else { format!("about {}", grouped(f64::from(half), 0)) };
    format!("{rule}: here {settled} of {all} are. * marks the other {open}; {need} replicates would settle half of them.")
}

/// In what share of parameter sets each variant is worth its money.
fn worth(record: &Record, comparison: &Comparison, paragraph: usize) -> String {
    // Of one set or one replicate it would be all or nothing.
    let sets = comparison.variants.iter().flat_map(|against| &against.effects).map(|effect| effect.sets).max().unwrap_or(0);
    if comparison.worths.is_empty() || sets < 2 {
        return String::new();
    }
    let sets = counted(record);
    let currency = &record.manifest.currency;
    let mut out = "\n\nWHAT IT IS WORTH\n".to_owned();
    let say = format!(
        "In how many per cent of {sets} a variant is worth its money, by what a person-month averted is worth in {currency}. No test stands before it: \
         who must choose chooses what is more probable."
    );
    out.push_str(&wrapped(&say, 0, paragraph));
    let names = comparison.variants.iter().map(|against| titled(record, against.variant).chars().count()).max().unwrap_or(0).min(40);
    let _ = write!(out, "\n{:names$}", "");
    for worth in &comparison.worths {
        let _ = write!(out, "{:>11}", grouped(*worth, usize::from(*worth < 1.0)));
    }
    out.push('\n');
    for against in &comparison.variants {
        let name: String = titled(record, against.variant).chars().take(names).collect();
        let _ = write!(out, "{name:<names$}");
        if against.acceptable.is_empty() {
            out.push_str("  not given: removing people may be what averts");
        }
        for share in &against.acceptable {
            let _ = write!(out, "{:>11}", grouped(share.higher * 100.0, 0));
        }
        out.push('\n');
    }
    out
}

/// What money bought, a sentence for each variant whose budget differs.
fn what_money_bought(record: &Record, scenario: Option<&Scenario>, width: usize) -> String {
    let (Some(words), Some(phrases)) = (Words::embedded("en"), Phrases::embedded("en")) else { return String::new() };
    let all = bought(record, scenario, record.manifest.window);
    if all.is_empty() {
        return String::new();
    }
    let phrases = if reference(record) == "the baseline" { phrases } else { phrases.against(&titled(record, 0)) };
    let mut out = format!("\n\nWHAT THE MONEY BOUGHT\n{}\n", wrapped(phrases.word("bought.lead"), 0, width));
    for one in &all {
        let name = &record.manifest.variants[one.variant].name;
        // The terminal writes a plain hyphen for minus, as everywhere else in this answer.
        out.push_str(&wrapped(&sentence_of(&words, &phrases, one, name, &record.manifest.currency).replace('−', "-"), 0, width));
    }
    out
}

/// What the variant rests on: levers whose effect nobody has measured, and where the uncertainty of its effect comes from.
fn evidence(record: &Record, against: &Against) -> String {
    let assumed = &record.manifest.variants[against.variant].assumed;
    let levers = match assumed.len() {
        0 => String::new(),
        1..=4 => format!("This rests on assumptions, not measurements, for {}. ", assumed.join(", ")),
        more => format!("This rests on assumptions, not measurements, for {} and {} more levers. ", assumed[..3].join(", "), more - 3),
    };
    let share = against.effects.first().and_then(|effect| effect.split).and_then(Split::inputs_share);
    let inputs = share.map(|share| {
        let name = against.effects.first().map_or("", |effect| effect.measure.name());
        format!("Of the variance of the difference in {name}, {:.0} % comes from uncertain inputs and the rest from chance.", share * 100.0)
    });
    levers + &inputs.unwrap_or_default()
}

fn style(record: &Record, effect: &Effect) -> Style {
    Style::of(effect.measure, &record.manifest.currency, effect.baseline.abs().max(effect.variant.abs()))
}

/// The style of an effect's differences.
fn finer_style(record: &Record, effect: &Effect) -> Style {
    let size = [effect.low, effect.high, effect.difference].into_iter().filter(|value| value.is_finite()).fold(0.0, |a: f64, b| a.max(b.abs()));
    style(record, effect).finer(size)
}

fn effects_text(record: &Record, against: &Against) -> String {
    let mut out = String::new();
    let names = against.effects.iter().map(|effect| effect.measure.name().len()).max().unwrap_or(0).max(18);
    let units = against.effects.iter().map(|effect| style(record, effect).unit.len()).max().unwrap_or(0).max(14);
    let widths = (names, units);
    let mut ledger = None;
    for effect in &against.effects {
        if ledger != Some(effect.measure.ledger()) {
            ledger = Some(effect.measure.ledger());
            out.push_str(&ledger_heading(record, effect.measure.ledger(), widths));
        }
        out.push_str(&effect_line(record, effect, widths));
    }
    if ledger != Some(Ledger::Cost) {
        out.push_str(&ledger_heading(record, Ledger::Cost, widths));
    }
    let _ = writeln!(out, "{:<names$} {}", "per month averted", cost_text(record, against.cost));
    out
}

fn ledger_heading(record: &Record, ledger: Ledger, (names, units): (usize, usize)) -> String {
    format!(
        "\n{:<names$} {:<units$}{:>10}{:>10}{:>10}{:>9}{:>23}  {:<11}{:>8}\n",
        ledger_title(ledger),
        "",
        if reference(record) == "the baseline" { "baseline" } else { "reference" },
        "variant",
        "mean",
        "per cent",
        "95 % interval",
        "direction",
        "one future"
    )
}

fn effect_line(record: &Record, effect: &Effect, (names, units): (usize, usize)) -> String {
    let (style, finer) = (style(record, effect), finer_style(record, effect));
    let mut out = format!("{:<names$} {:<units$}", effect.measure.name(), style.unit);
    let settled = if matches!(effect.enough, Enough::Need(_)) { "*" } else { "" };
    let percent = match effect.percent() {
        Some(percent) => {
            let text = grouped(percent, 1);
            format!("{}{text} %", if percent > 0.0 && text != "0.0" { "+" } else { "" })
        }
        None if effect.measure.unit() == "share" => "points".to_owned(),
        None => "-".to_owned(),
    };
    let interval = if effect.standard_error.is_some() && effect.verdict != Verdict::Same {
        format!("{} to {}", finer.difference(effect.low), finer.difference(effect.high))
    } else {
        "-".to_owned()
    };
    let word = match effect.verdict {
        Verdict::Less => "lower",
        Verdict::More => "higher",
        Verdict::Unclear => "uncertain",
        Verdict::Same => "the same",
        Verdict::One => "one set",
        Verdict::Undefined => "undefined",
    };
    let word = format!("{word}{}{settled}", if effect.verdict.clear() && !effect.stands { "~" } else { "" });
    let single = match effect.verdict {
        Verdict::Same | Verdict::Undefined | Verdict::One => "-".to_owned(),
        _ => format!("{:.0} %", effect.agrees().0 * 100.0),
    };
    let _ = writeln!(
        out,
        "{:>10}{:>10}{:>10}{percent:>9}{interval:>23}  {word:<11}{single:>10}",
        style.value(effect.baseline),
        style.value(effect.variant),
        finer.difference(effect.difference),
    );
    out
}

/// What a person-month averted costs, or why that is not given.
#[must_use]
pub fn cost_text(record: &Record, cost: CostPerMonth) -> String {
    let currency = &record.manifest.currency;
    match cost {
        CostPerMonth::Money { mean, range } => {
            let range = range.map_or(String::new(), |(low, high)| format!(" (95 % interval {} to {})", grouped(low, 0), grouped(high, 0)));
            let saves = if mean < 0.0 { format!("; it would spend less than {}", reference(record)) } else { String::new() };
            format!("{} {currency} for each person-month averted{range}{saves}", grouped(mean, 0))
        }
        CostPerMonth::Unclear => "not given: no person-month is clearly averted".to_owned(),
        CostPerMonth::Adds => "none averted: person-months would rise".to_owned(),
        CostPerMonth::Removal => "not given: removing people without help may be what averts".to_owned(),
    }
}

/// Known answers, and the invented record that other tests share.
#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::analysis::compare::compare;
    use crate::analysis::compare::tests::record;
    use crate::analysis::measure::HEADLINES;
    use crate::model::ledgers::indicators::Indicator;

    /// A package and what is left of it without courts.
    #[must_use]
    pub fn invented() -> Record {
        record(&["baseline", "package", "package-without-courts"], 20, |variant, replicate, row| {
            let (variant, stray) = (f64::from(u8::try_from(variant).unwrap_or_default()), f64::from(replicate % 5));
            row.set(Indicator::Exploited, 113_215.0 + 900.0 * stray + variant * (760.0 - 420.0 * stray));
            row.set(Indicator::PersonMonths, 113_000.0 - variant * (300.0 + 20.0 * stray));
            row.set(Indicator::IrregularShare, 0.3712 - 0.01 * variant * stray);
            row.set(Indicator::Identified, 55.0 + variant * (5.0 + stray));
            row.set(Indicator::OfficialsConvicted, 0.1);
            row.set(Indicator::CaseMonths, 300.0 + stray);
            row.set(Indicator::CasesDecided, 30.0);
            row.set(Indicator::Spent, 2.16e8 + 5.1e7 * variant);
        })
    }

    #[test]
    fn the_ledgers_stand_in_three_groups_with_levels_per_cent_and_intervals() {
        let record = invented();
        let text = text(&record, &compare(&record, &HEADLINES, record.manifest.window), None);
        println!("{text}");
        let places: Vec<usize> =
            ["TRUTH LEDGER", "OFFICIAL LEDGER", "COST"].iter().map(|title| text.find(title).expect("all three groups")).collect();
        assert!(places.is_sorted());
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("identified persons a year 660 744 +84 +12.7 % +76 to +92 higher 100 %"), "{words}");
        assert!(words.contains("irregular_share % 37.12 35.12 -2.00 points -2.68 to -1.32 lower"), "{words}");
        assert!(words.contains("officials_convicted persons a year 1.2 1.2 0 0.0 % - the same -"), "{words}");
        assert!(words.contains("random variation only") && words.ends_with(CAVEAT));
        assert!(text.lines().all(|line| line.chars().count() <= 120), "no line is wider than 120 columns");
    }
}
