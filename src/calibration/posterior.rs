//! What calibration found, as a posterior file and as a report.
//!
//! Absent on purpose: reading it back (`scenario::sets`), and any word for what the figures mean outside the model.

use std::fmt::Write;

use super::left_out::{Forecast, Left};
use super::ranks::{Ranks, within};
use super::{Goal, Outcome, Space};

/// A parameter counts as moved where the data took at least a tenth of its standard deviation or shifted its mean by a
/// quarter of one.
const NARROWED: f64 = 0.1;
const SHIFTED: f64 = 0.25;

/// How much the data moved one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// The mean of the posterior.
    pub mean: f64,
    /// Its 5th percentile, median and 95th percentile.
    pub quantiles: [f64; 3],
    /// The share of the prior's standard deviation that the data took away; below zero where the posterior is wider.
    pub narrowed: f64,
    /// How far the mean moved from the prior's, in standard deviations of the prior.
    pub shifted: f64,
}

impl Moved {
    /// From an even prior over `low` to `high` to weighted `values`.
    #[must_use]
    pub fn from(low: f64, high: f64, values: &[f64], weights: &[f64]) -> Self {
        let sum: f64 = weights.iter().sum();
        let mean = values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>() / sum;
        let variance = values.iter().zip(weights).map(|(value, weight)| weight * (value - mean) * (value - mean)).sum::<f64>() / sum;
        // The standard deviation of an even distribution.
        let prior = (high - low) / 12.0_f64.sqrt();
        let quantiles = [0.05, 0.5, 0.95].map(|p| quantile(values, weights, p));
        Self { mean, quantiles, narrowed: 1.0 - variance.sqrt() / prior, shifted: (mean - f64::midpoint(low, high)) / prior }
    }

    /// Whether the data say anything of it.
    #[must_use]
    pub fn moved(&self) -> bool {
        self.narrowed >= NARROWED || self.shifted.abs() >= SHIFTED
    }
}

/// Range and figures disagree where at least this share of the sets lies in the outermost tenth of the range.
const CROWDED: f64 = 1.0 / 3.0;

/// What a calibration found of one parameter that emulators know.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// The low end of its range.
    pub low: f64,
    /// The high end.
    pub high: f64,
    /// The value that the country's file says.
    pub start: f64,
    /// How much the data moved it.
    pub moved: Moved,
    /// Whether its sets crowd at an end of its range: true at the high end, false at the low one, nothing at neither.
    pub crowded: Option<bool>,
}

/// What was found of each parameter that emulators know.
#[must_use]
pub fn found(space: &Space, outcome: &Outcome) -> Vec<Found> {
    let sets = outcome.sets(space);
    let of = |k: &usize| {
        let values: Vec<f64> = sets.iter().map(|set| set[*k]).collect();
        let (low, high) = (space.low[*k], space.high[*k]);
        let tenth = (high - low) / 10.0;
        let share = |inside: &dyn Fn(f64) -> bool| {
            let weights = values.iter().zip(&outcome.population.weights);
            weights.filter(|(value, _)| inside(**value)).map(|(_, weight)| weight).sum::<f64>() >= CROWDED
        };
        let crowded = if share(&|value| value > high - tenth) { Some(true) } else { share(&|value| value < low + tenth).then_some(false) };
        let moved = Moved::from(low, high, &values, &outcome.population.weights);
        Found { name: space.names[*k].clone(), low, high, start: space.start[*k], moved, crowded }
    };
    outcome.known.iter().map(of).collect()
}

/// What is said about a calibration beside its numbers.
#[derive(Clone, Debug)]
pub struct About {
    /// The command that made it.
    pub command: String,
    /// The program's version and git hash.
    pub version: String,
    /// What was simulated: scenario, period, scale.
    pub scenario: String,
    /// The targets that were left out, each with its reason.
    pub left_out: Vec<(String, String)>,
    /// What variants are asked to differ in, in the order of their differences.
    pub differences: Vec<String>,
    /// Mean and standard deviation of each parameter of the space in the posterior that the country has; empty where it has none.
    pub in_use: Vec<Option<(f64, f64)>>,
}

/// The posterior file: remarks, then `weight` and one column for each parameter that has a range.
#[must_use]
pub fn file(space: &Space, outcome: &Outcome, about: &About) -> String {
    let mut text = format!("# {}\n# {}\n# {}\n", about.command, about.version, about.scenario);
    text.push_str(
        "# Parameter sets that match published figures; a parameter without a column keeps its value. The command above also writes a\n# report of how they came about.\n",
    );
    if let Some(settled) = outcome.settled() {
        // Whoever draws from the sets reads this line (`scenario::sets`).
        let _ = writeln!(text, "# settled: {}; {}", if settled { "yes" } else { "no" }, outcome.told());
    }
    let _ = writeln!(text, "weight,{}", space.names.join(","));
    for (weight, set) in outcome.population.weights.iter().zip(outcome.sets(space)) {
        let cells: Vec<String> = set.iter().map(|value| format!("{value:?}")).collect();
        let _ = writeln!(text, "{weight:?},{}", cells.join(","));
    }
    text
}

/// The report: what was fitted, how it went, what the data moved and what they left where it was.
#[must_use]
pub fn report(space: &Space, goals: &[Goal], outcome: &Outcome, about: &About) -> String {
    let mut out = format!("# Calibration report\n\n{}. Made by {}, with\n\n```sh\n{}\n```\n", about.scenario, about.version, about.command);
    let population = &outcome.population;
    let _ = writeln!(
        out,
        "\n{} runs. {} parameter sets, which weigh alike. The tolerance ended at {:.2}: one is the error of the published figures\nthemselves, more means that the sets are wider than those errors alone would make them.\n\nThis is a statement about which assumptions are compatible with what was published; it is no forecast and no estimate of an impact.",
        outcome.runs,
        population.points.len(),
        population.tolerance
    );
    match outcome.settled() {
        Some(true) => {
            let _ = writeln!(out, "\n**Settled**: {}.", outcome.told());
        }
        Some(false) => {
            let _ = writeln!(
                out,
                "\n**Not settled**: {}. The sets are those\nto which emulators led that have seen all runs; a region as good that no generation visited is not excluded, and the intervals of parameters below are rough.",
                outcome.told()
            );
        }
        None => {}
    }
    waves(&mut out, outcome);
    fit(&mut out, goals, outcome);
    left_out(&mut out, goals, outcome);
    judged(&mut out, goals, space, outcome, &about.differences);
    if !about.left_out.is_empty() {
        out.push_str("\n## Targets not fitted\n\n");
        for (name, why) in &about.left_out {
            let _ = writeln!(out, "- `{name}`: {why}");
        }
    }
    parameters(&mut out, space, outcome);
    beside(&mut out, space, outcome, &about.in_use);
    out
}

/// How far the means of parameters may lie from those of another calibration of the same country, in its standard deviations: two seeds are asked for it.
const APART: f64 = 0.25;

/// How far the means of the `known` parameters lie from those in use, in the standard deviations of these, the farthest first; with the parameter's place.
fn shifts(known: &[usize], sets: &[Vec<f64>], weights: &[f64], in_use: &[Option<(f64, f64)>]) -> Vec<(f64, usize)> {
    let shift = |k: &usize| {
        let (mean, deviation) = (*in_use.get(*k)?)?;
        let own: f64 = sets.iter().zip(weights).map(|(set, weight)| weight * set[*k]).sum();
        (deviation > 0.0).then_some(((own - mean) / deviation, *k))
    };
    let mut shifts: Vec<(f64, usize)> = known.iter().filter_map(shift).collect();
    shifts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    shifts
}

/// How far the means have moved from those of the posterior in use; nothing where that holds the same sets.
fn beside(out: &mut String, space: &Space, outcome: &Outcome, in_use: &[Option<(f64, f64)>]) {
    let sets = outcome.sets(space);
    let moved = shifts(&outcome.known, &sets, &outcome.population.weights, in_use);
    let Some((most, farthest)) = moved.first().filter(|(most, _)| *most != 0.0) else { return };
    let within = moved.iter().filter(|(shift, _)| shift.abs() <= APART).count();
    let mean = moved.iter().map(|(shift, _)| shift.abs()).sum::<f64>() / moved.len() as f64;
    let _ = writeln!(
        out,
        "\n## Beside the posterior in use\n\nMeans of the parameters that emulators know, against those of the posterior that the country has, in its standard deviations: {within} of {} lie within {APART}, their mean distance is {mean:.2}, the greatest {most:+.2} (`{}`). Two means of {} sets each differ by {:.2} by luck alone.",
        moved.len(),
        space.names[*farthest],
        sets.len(),
        (2.0 / sets.len() as f64).sqrt()
    );
}

fn waves(out: &mut String, outcome: &Outcome) {
    out.push_str("\n## Waves of history matching\n\n| wave | share of the ranges left | greatest implausibility let pass | median Q2 of the emulators |\n|---|---|---|---|\n");
    for (number, wave) in (1..).zip(&outcome.waves) {
        let mut q2: Vec<f64> = wave.q2.iter().copied().filter(|q2| q2.is_finite()).collect();
        q2.sort_by(f64::total_cmp);
        let median = q2.get(q2.len() / 2).copied().unwrap_or(f64::NAN);
        let _ = writeln!(out, "| {number} | {:.2e} | {:.1} | {median:.2} |", wave.share, wave.cutoff);
    }
    if let Some(worst) = outcome.waves.iter().map(|wave| wave.cutoff).max_by(f64::total_cmp).filter(|cutoff| *cutoff > super::matching::CUTOFF) {
        let _ = writeln!(
            out,
            "\nNo parameters within their ranges meet every target at once: the cutoff of {} standard deviations was relaxed to {worst:.1}. That is a finding about\nthe model or the figures; the table of targets shows where.",
            super::matching::CUTOFF
        );
    }
    out.push_str("\n## Generations of ABC-SMC\n\nEach cools anew under emulators that have seen the runs of those before. *Agreed*: its effective number once they have seen its own.\n*Doubt*: the variance that emulators then give to the log likelihood. *Shift*: how far they move the mean of a parameter at most, in standard deviations.\n\n| generation | tolerance | tolerances on the way | accepted steps | agreed | doubt | shift |\n|---|---|---|---|---|---|---|\n");
    for (number, went) in (1..).zip(&outcome.generations) {
        let super::settling::Settling { agreed, doubt, shift, .. } = went.settling;
        let (tolerance, stages, accepted) = (went.tolerance, went.stages, went.accepted * 100.0);
        let _ = writeln!(out, "| {number} | {tolerance:.2} | {stages} | {accepted:.0} % | {agreed:.0} | {doubt:.2} | {shift:.2} |");
    }
}

/// The figures of the last generation's own runs beside what was published.
fn fit(out: &mut String, goals: &[Goal], outcome: &Outcome) {
    out.push_str("\n## Targets fitted (class C)\n\nThe model's figures are those of the last generation's runs, each with luck of its own; the sets are where the walks end once emulators have seen\nthose runs too.\n\n");
    out.push_str("| target | published | model, median | model, 5 to 95 % | within | Q2 |\n|---|---|---|---|---|---|\n");
    for (i, goal) in goals.iter().enumerate() {
        let values: Vec<f64> = outcome.outputs.iter().map(|outputs| outputs[i]).filter(|value| value.is_finite()).collect();
        let [low, median, high] = [0.05, 0.5, 0.95].map(|p| quantile(&values, &vec![1.0; values.len()], p));
        let within = low <= goal.high && high >= goal.low;
        let q2 = outcome.waves.last().map_or(f64::NAN, |wave| wave.q2[i]);
        let published = match (goal.low.is_finite(), goal.high.is_finite()) {
            (true, true) if goal.low.to_bits() == goal.high.to_bits() => short(goal.low),
            (true, true) => format!("{} to {}", short(goal.low), short(goal.high)),
            (true, false) => format!("at least {}", short(goal.low)),
            _ => format!("at most {}", short(goal.high)),
        };
        let (low, median, high, within) = (short(low), short(median), short(high), if within { "yes" } else { "no" });
        let _ = writeln!(out, "| `{}` | {published} | {median} | {low} to {high} | {within} | {q2:.2} |", goal.name);
    }
}

/// Figures that a calibration was made without, and its forecasts of them.
fn left_out(out: &mut String, goals: &[Goal], outcome: &Outcome) {
    for left in [None, outcome.left_out.iter().map(|forecast| forecast.left).find(|left| *left != Left::Series)] {
        let of: Vec<&Forecast> = outcome.left_out.iter().filter(|forecast| forecast.left == left.unwrap_or(Left::Series)).collect();
        if of.is_empty() {
            continue;
        }
        let mean = |score: &dyn Fn(&Forecast) -> f64, of: &[&Forecast]| of.iter().map(|forecast| score(forecast)).sum::<f64>() / of.len() as f64;
        let better = |known: &dyn Fn(&Forecast) -> f64, of: &[&Forecast]| of.iter().filter(|forecast| forecast.score < known(forecast)).count();
        let inside = of.iter().filter(|forecast| (0.05..=0.95).contains(&forecast.pit)).count();
        match left {
            None => out.push_str("\n## Each series left out in turn\n\n"),
            Some(Left::After(year)) => {
                let _ = writeln!(out, "\n## Fitted up to {year}, forecast after\n");
            }
            Some(Left::Series) => {}
        }
        let skill = 1.0 - mean(&|forecast| forecast.score, &of) / mean(&|forecast| forecast.ranges, &of);
        let _ = write!(
            out,
            "What the calibration says of figures that it was not told; the rest of the route is the same. Of {} figures {inside} lie within the central 90 % of their forecasts. Skill over the whole of the ranges, which know no figure: {skill:.2} (better for {} of {}).",
            of.len(),
            better(&|forecast| forecast.ranges, &of),
            of.len()
        );
        let known: Vec<&Forecast> = of.iter().copied().filter(|forecast| forecast.naive.is_some()).collect();
        for (k, name) in ["the mean of earlier figures of the series give or take 30 %", "the last of them give or take 30 %"].iter().enumerate() {
            let naive = |forecast: &Forecast| forecast.naive.map_or(f64::NAN, |scores| scores[k]);
            if !known.is_empty() {
                let skill = 1.0 - mean(&|forecast| forecast.score, &known) / mean(&naive, &known);
                let _ = write!(out, " Over {name}: {skill:.2} (better for {} of {}).", better(&naive, &known), known.len());
            }
        }
        out.push_str(" PIT: the share of the forecast below what was published. Scores are continuous ranked probability scores on the scale of the fit, the smaller the better.\n\n");
        out.push_str("| target | published | forecast, median | 5 to 95 % | PIT | score | of the ranges | of the mean | of the last |\n|---|---|---|---|---|---|---|---|---|\n");
        for forecast in of {
            let goal = &goals[forecast.goal];
            let [low, median, high] = forecast.band.map(|value| short(goal.scale.back(value)));
            let [naive, last] = forecast.naive.map_or(["-".to_owned(), "-".to_owned()], |scores| scores.map(|score| format!("{score:.2}")));
            let _ = writeln!(
                out,
                "| `{}` | {} | {median} | {low} to {high} | {:.2} | {:.2} | {:.2} | {naive} | {last} |",
                goal.name,
                short(goal.low),
                forecast.pit,
                forecast.score,
                forecast.ranges
            );
        }
    }
}

/// Whether emulators and sets say how much they do not know.
fn judged(out: &mut String, goals: &[Goal], space: &Space, outcome: &Outcome, differences: &[String]) {
    let percent = |share: f64| 100.0 * share;
    let mut known: Vec<(f64, &str)> =
        outcome.covered.iter().zip(goals).filter(|(share, _)| share.is_finite()).map(|(share, goal)| (*share, goal.name.as_str())).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(least), Some(most)) = (known.first(), known.last()) else { return };
    let mean = known.iter().map(|(share, _)| share).sum::<f64>() / known.len() as f64;
    let _ = writeln!(
        out,
        "\n## Whether what is not known is said\n\nEmulators that have seen all runs: of the figures of runs left out, {:.0} % lie within the central 90 % of what the others let expect (from {:.0} % of `{}` to {:.0} % of `{}`).",
        percent(mean),
        percent(least.0),
        least.1,
        percent(most.0),
        most.1
    );
    if outcome.ranks.is_empty() {
        return;
    }
    let all = || outcome.ranks.iter().flat_map(|run| run.parameters.iter().copied());
    let _ = writeln!(
        out,
        "\nSets: {} runs from anywhere in the ranges played what was published, with the stated errors laid over their figures. Of their true parameters {:.0} % lie within the central 90 % of the sets that were found for them, {:.0} % within the central 50 %; on the mean {:.2} of the sets lie below the truth (0.50 where neither side is favoured). By parameter:\n",
        outcome.ranks.len(),
        percent(within(all(), 0.9)),
        percent(within(all(), 0.5)),
        all().sum::<f64>() / all().count() as f64
    );
    let cells = |of: &dyn Fn(&Ranks) -> f64| {
        let own = || outcome.ranks.iter().map(of);
        let mean = own().sum::<f64>() / outcome.ranks.len() as f64;
        format!("{:.0} % | {:.0} % | {mean:.2} |", percent(within(own(), 0.9)), percent(within(own(), 0.5)))
    };
    out.push_str("| parameter | within the central 90 % | within the central 50 % | sets below the truth, mean |\n|---|---|---|---|\n");
    for (k, parameter) in outcome.known.iter().enumerate() {
        let _ = writeln!(out, "| `{}` | {}", space.names[*parameter], cells(&|run| run.parameters[k]));
    }
    if outcome.foretold.is_empty() {
        return;
    }
    out.push_str("\nWhat variants differ in, in the same runs: the true difference of one future, among one future of each of the sets. *Foretold*: the share of its variance over the ranges that emulators of the known parameters explain; the rest is luck and all other parameters.\n\n");
    out.push_str("| difference | foretold | within the central 90 % | within the central 50 % | futures of sets below the truth, mean |\n|---|---|---|---|---|\n");
    for (k, (difference, foretold)) in differences.iter().zip(&outcome.foretold).enumerate() {
        let _ = writeln!(out, "| {difference} | {:.0} % | {}", percent(foretold.max(0.0)), cells(&|run| run.differences[k]));
    }
}

fn parameters(out: &mut String, space: &Space, outcome: &Outcome) {
    let rows = found(space, outcome);
    out.push_str("\n## Parameters that emulators know\n\nThe prior is even over the range. *Narrowed*: the share of the prior's standard deviation that the data took; *shifted*: the mean, in standard\ndeviations of the prior.\n\n");
    out.push_str(
        "| parameter | range | value in the file | posterior median | 5 to 95 % | narrowed | shifted | moved |\n|---|---|---|---|---|---|---|---|\n",
    );
    for row in &rows {
        let [low, median, high] = row.moved.quantiles.map(short);
        let _ = writeln!(
            out,
            "| `{}` | {} to {} | {} | {median} | {low} to {high} | {:.0} % | {:+.2} | {} |",
            row.name,
            short(row.low),
            short(row.high),
            short(row.start),
            row.moved.narrowed * 100.0,
            row.moved.shifted,
            if row.moved.moved() { "yes" } else { "no" }
        );
    }
    let unmoved: Vec<&str> = rows.iter().filter(|row| !row.moved.moved()).map(|row| row.name.as_str()).collect();
    if !unmoved.is_empty() {
        let _ = writeln!(out, "\nThe data cannot identify {}: what is assumed of them stays what was assumed.", unmoved.join(", "));
    }
    let crowded: Vec<String> =
        rows.iter().filter_map(|row| row.crowded.map(|high| format!("`{}` at the {} end", row.name, if high { "high" } else { "low" }))).collect();
    if !crowded.is_empty() {
        let _ = writeln!(
            out,
            "\nRange and figures disagree on {}: a third of the sets or more lie in the outermost tenth of the range. Either the range is too narrow, or the model lacks what would meet the figures otherwise.",
            crowded.join(", ")
        );
    }
    let mut left: Vec<(f64, &str)> = outcome
        .screened
        .iter()
        .filter(|seen| !outcome.known.contains(&seen.parameter))
        .map(|seen| (seen.greatest(), space.names[seen.parameter].as_str()))
        .collect();
    if !left.is_empty() {
        left.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let matter = outcome.screened.iter().filter(|seen| seen.matters && !outcome.known.contains(&seen.parameter)).count();
        let _ = writeln!(
            out,
            "\n## Parameters drawn from their ranges\n\nThe screen found {} of {} parameters to move no fitted figure beyond chance, or less than those above ({matter} of them beyond chance). They vary in every run,\nwhat they do counts as noise of the figures, and every set holds values of them from anywhere in their ranges: the data say nothing of them here. An influence that\nrises and falls over the range escapes a rank correlation. The greatest correlation of each with any figure:\n",
            left.len(),
            space.names.len()
        );
        let told: Vec<String> = left.iter().map(|(r, name)| format!("`{name}` {r:.2}")).collect();
        let _ = writeln!(out, "{}.", told.join(", "));
    }
}

/// A number with four significant digits.
#[must_use]
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let size = value.abs();
    if size >= 1000.0 {
        return format!("{value:.0}");
    }
    let digits = if size >= 100.0 {
        1
    } else if size >= 10.0 {
        2
    } else if size >= 1.0 {
        3
    } else {
        4
    };
    let text = if size > 0.0 && size < 0.001 { format!("{value:.2e}") } else { format!("{value:.digits$}") };
    if text.contains('.') && !text.contains('e') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The `p`-quantile (0 to 1) of weighted values: the least value at which the weights, summed in order of the values, reach
/// `p`; not a number of nothing.
#[must_use]
pub fn quantile(values: &[f64], weights: &[f64], p: f64) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let all: f64 = weights.iter().sum();
    let mut sum = 0.0;
    for i in &order {
        sum += weights[*i];
        if sum >= p * all {
            return values[*i];
        }
    }
    order.last().map_or(f64::NAN, |last| values[*last])
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these answers are exact")]
mod tests {
    use super::*;

    #[test]
    fn weighted_quantiles_have_known_answers() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], &[1.0, 1.0, 2.0], 0.5), 2.0);
        assert_eq!(quantile(&[3.0, 1.0], &[0.0, 1.0], 1.0), 1.0);
        assert!(quantile(&[], &[], 0.5).is_nan());
    }

    #[test]
    fn a_posterior_like_its_prior_is_unmoved_and_half_a_prior_is_moved() {
        let values: Vec<f64> = (0..1000).map(|i| (f64::from(i) + 0.5) / 1000.0).collect();
        let even = Moved::from(0.0, 1.0, &values, &[1.0; 1000]);
        assert!(even.narrowed.abs() < 1e-3 && even.shifted.abs() < 1e-9 && !even.moved(), "{even:?}");
        let half = Moved::from(0.0, 1.0, &values[..500], &[1.0; 500]);
        // Half the range: half the standard deviation, the mean a quarter of the range off, which is 0.866 deviations.
        assert!((half.narrowed - 0.5).abs() < 1e-3 && (half.shifted + 0.866).abs() < 1e-3 && half.moved(), "{half:?}");
    }

    #[test]
    fn means_are_told_in_deviations_of_those_in_use() {
        let (sets, weights) = ([vec![1.0, 5.0, 0.0], vec![3.0, 5.0, 0.0]], [0.25, 0.75]);
        let in_use = [Some((2.0, 2.0)), Some((9.0, 4.0)), None];
        assert_eq!(shifts(&[0, 1, 2], &sets, &weights, &in_use), [(-1.0, 1), (0.25, 0)]);
        assert_eq!(shifts(&[0], &sets, &weights, &[]), []);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([0.045, 123_456.7, 1.441, 0.000_045, 0.0].map(short), ["0.045", "123457", "1.441", "4.50e-5", "0"]);
    }
}
