//! `fivep scale`: the model at several scales, held against each other.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::document::Document;
use super::effects::{moment, show};
use super::listing::{Listing, number, width, wrapped};
use super::numbers::{Style, grouped};
use super::options::Parameters;
use super::simulate::{STOP, progress_bar, threads, watch_for_interrupts};
use super::{Answer, CAVEAT, Failure, ListFormat, VERSION, fault, memory};
use crate::analysis::effects::{Shift, Terms, To, Trial};
use crate::analysis::measure::HEADLINES;
use crate::analysis::scales::{AtScale, COUNTS, MOVED, apart, at_scale, pooled, slack};
use crate::model::policy::all;
use crate::quantities::Month;
use crate::scenario::sets::Choice;
use crate::scenario::{Overrides, Scenario, load};

/// The levers whose effects are told, the most telling first: each acts at another place of the chain.
const LEVERS: [&str; 10] = [
    "immigration_crackdown",
    "labour_inspections",
    "training",
    "ngo_coverage",
    "integrity_unit",
    "investigators",
    "detention_screening",
    "mou_throughput",
    "information",
    "beds",
];

/// Options of `fivep scale`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep scale borderland --scales 10,30,100 --replicates 20\n  fivep scale thailand-2016 --scales 30,100 --replicates 12,40 --levers 3\n  fivep scale borderland --update docs/SCALE.md"
)]
pub struct Args {
    /// A scenario file, or the name of a shipped scenario; its baseline is simulated
    #[arg(default_value = "borderland")]
    pub scenario: String,
    /// The scales; all others are compared with the finest [default: those of 1,3,10,30,100 that leave the country enough agents]
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    pub scales: Option<Vec<f64>>,
    /// The number of replicates, one for all scales or one for each
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "20", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub replicates: Vec<u32>,
    /// Report the effects of this many levers too
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=10))]
    pub levers: u8,
    /// The month from which on each lever moves [default: the first fiscal year that begins two years into the scenario]
    #[arg(long, value_name = "YYYY-MM")]
    pub at: Option<Month>,
    /// The first reported month
    #[arg(long, value_name = "YYYY-MM")]
    pub from: Option<Month>,
    /// The last reported month
    #[arg(long, value_name = "YYYY-MM")]
    pub to: Option<Month>,
    /// The seed instead of the scenario's
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Which parameter values, as in `fivep run` [default: best, so that spreads are about chance only]
    #[arg(long, value_name = "WHICH", value_enum)]
    pub parameters: Option<Parameters>,
    /// The number of threads [default: one per core]; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub jobs: Option<u16>,
    /// How the tables are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
    /// Write the tables between the marks `<!-- fivep scale -->` and `<!-- end -->` of this file
    #[arg(long, value_name = "FILE")]
    pub update: Option<PathBuf>,
}

/// Simulates at every scale.
///
/// # Errors
/// The scenario's faults, what the disk refuses, or an interrupt.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let scenarios = scenarios(args)?;
    let document = args.update.as_deref().map(|path| Document::open(path, "scale")).transpose()?;
    let first = &scenarios[0];
    let terms = Terms { at: if args.levers == 0 { first.from } else { moment(first, args.at)? }, paid: true, jobs: threads(args.jobs) };
    let of = |key: &&str| all().find(|(_, lever)| lever.key == *key).map(|(place, lever)| Trial { place, lever, to: To::Value(far(lever)) });
    let tried: Vec<Trial> = LEVERS.iter().take(usize::from(args.levers)).filter_map(of).collect();
    for scenario in &scenarios {
        memory::fits(scenario, terms.jobs)?;
    }
    watch_for_interrupts();
    let mut found = vec![];
    // The coarsest first: what is quick shows itself before what is slow.
    for scenario in scenarios.iter().rev() {
        let (bar, clock) = (progress_bar(), Instant::now());
        let at = at_scale(scenario, &tried, terms, &|done, all| show(&bar, done, all), &STOP);
        bar.finish_and_clear();
        let mut at = at.ok_or(Failure::Interrupted)?;
        at.seconds = clock.elapsed().as_secs_f64();
        found.push(at);
    }
    found.reverse();
    let told = Told { scenario: first, terms, tried: &tried, found: &found };
    let mut answer = Answer::text(told.listing().render(args.format, || told.text()));
    let written = document.map_or(Ok(()), |document| document.write(&told.markdown()).map(|remark| answer.remarks.push(remark)));
    Ok(answer.after(written))
}

/// The far end of a lever: of a multiple four times what there is, for more is beyond any plan.
fn far(lever: &crate::model::policy::Lever) -> f64 {
    if lever.unit.starts_with("multiple") { lever.max.min(4.0) } else { lever.max }
}

/// The scales of a table that asks for none.
const USUAL: [f64; 5] = [1.0, 3.0, 10.0, 30.0, 100.0];

/// The scenario at each scale, the finest first.
fn scenarios(args: &Args) -> Result<Vec<Scenario>, Failure> {
    let many = args.replicates.len();
    let asked = args.scales.clone().unwrap_or_else(|| USUAL.to_vec());
    if many > 1 && many != asked.len() {
        let help = "give one number for all, or one for each scale, in their order";
        return Err(fault(format!("error: {many} numbers of replicates for {} scales\nhelp: {help}", asked.len())));
    }
    let of = |(place, scale): (usize, &f64)| {
        let overrides = Overrides {
            scale: Some(*scale),
            replicates: Some(args.replicates[if many == 1 { 0 } else { place }]),
            from: args.from,
            to: args.to,
            seed: args.seed,
            parameters: Some(args.parameters.map_or(Choice::Best, Parameters::choice)),
            only: Some(vec!["baseline".to_owned()]),
        };
        load(&args.scenario, &overrides)
    };
    let mut found = vec![];
    for (place, loaded) in asked.iter().enumerate().map(of).enumerate() {
        match loaded {
            Ok(scenario) => found.push(scenario),
            // A small country has no room for the coarsest of the usual scales; what is wrong at the finest is wrong with the scenario.
            Err(_) if args.scales.is_none() && place > 0 => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    found.sort_by(|a, b| a.scale.total_cmp(&b.scale));
    found.dedup_by(|a, b| a.scale.to_bits() == b.scale.to_bits());
    Ok(found)
}

/// Everything that is told.
struct Told<'a> {
    scenario: &'a Scenario,
    terms: Terms,
    tried: &'a [Trial],
    found: &'a [AtScale],
}

/// One line of a table: what is told, the figure at each scale, and how far it is from the finest.
struct Line {
    name: String,
    figures: Vec<String>,
    apart: Vec<String>,
}

impl Told<'_> {
    fn about(&self) -> String {
        let Scenario { name, from, to, seed, drawn, .. } = self.scenario;
        let replicates: Vec<String> = self.found.iter().map(|at| format!("{} at {}", at.replicates, at.scale)).collect();
        let seconds: Vec<String> = self.found.iter().map(|at| format!("{} at {}", grouped(at.seconds, 0), at.scale)).collect();
        format!(
            "Baseline of {name}, {from} to {to}, seed {seed}, parameters {}. Replicates: {}. Seconds of wall time on {} threads: {}.",
            drawn.choice.word(),
            replicates.join(", "),
            self.terms.jobs,
            seconds.join(", ")
        )
    }

    fn verdict(&self) -> String {
        let [finest, others @ ..] = self.found else { return String::new() };
        if others.is_empty() {
            return "One scale has nothing to be held against.".to_owned();
        }
        let zs = |at: &AtScale| {
            let means = at.headlines.iter().zip(&finest.headlines).filter_map(|(a, b)| a.z(*b));
            let effects = at.effects.iter().zip(&finest.effects).flat_map(|(a, b)| a.iter().zip(b).filter_map(|(a, b)| apart(a, b)));
            means.chain(effects).map(f64::abs).collect::<Vec<f64>>()
        };
        let all: Vec<f64> = others.iter().flat_map(zs).collect();
        let far = all.iter().filter(|z| **z > 4.0).count();
        let ratios = others.iter().flat_map(|at| at.spreads.iter().zip(&finest.spreads).map(|(a, b)| a / b)).filter(|ratio| ratio.is_finite());
        let widest = ratios.fold(0.0, f64::max);
        format!(
            "Of {} means and effects at coarser scales, {far} lie more than four standard errors from the finest (the farthest {:.1}). The largest ratio of standard deviations is {widest:.2}.",
            all.len(),
            all.iter().copied().fold(0.0, f64::max)
        )
    }

    fn means(&self) -> Vec<Line> {
        let line = |(k, measure): (usize, &crate::analysis::measure::Measure)| {
            let size = self.found.iter().map(|at| at.headlines[k].mean.abs()).filter(|mean| mean.is_finite()).fold(0.0, f64::max);
            let style = Style::of(*measure, &self.scenario.variants[0].setting.country.currency, size);
            let figure = |at: &AtScale| {
                let error = at.headlines[k].error.map_or(String::new(), |error| format!(" ±{}", style.clone().finer(error).value(error)));
                format!("{}{error}", style.value(at.headlines[k].mean))
            };
            let z = |at: &AtScale| at.headlines[k].z(self.found[0].headlines[k]).map_or("-".to_owned(), |z| format!("{z:+.1}"));
            Line {
                name: format!("{} ({})", measure.name(), style.unit),
                figures: self.found.iter().map(figure).collect(),
                apart: self.found[1..].iter().map(z).collect(),
            }
        };
        HEADLINES.iter().enumerate().map(line).collect()
    }

    fn spreads(&self) -> Vec<Line> {
        let line = |(k, measure): (usize, &crate::analysis::measure::Measure)| Line {
            name: measure.name().to_owned(),
            figures: self.found.iter().map(|at| grouped(at.spreads[k], 1)).collect(),
            apart: self.found[1..].iter().map(|at| format!("x {:.2}", at.spreads[k] / self.found[0].spreads[k])).collect(),
        };
        COUNTS.iter().enumerate().map(line).collect()
    }

    fn effects(&self) -> Vec<Line> {
        let line = |trial: usize, moved: usize| {
            let shift = |at: &AtScale| at.effects[trial][moved];
            let figure = |at: &AtScale| {
                let Shift { mean, error, .. } = shift(at);
                format!("{}{} ±{}", if mean > 0.0 { "+" } else { "" }, grouped(mean, 0), error.map_or("-".to_owned(), |error| grouped(error, 0)))
            };
            let z = |at: &AtScale| apart(&shift(at), &self.found[0].effects[trial][moved]).map_or("-".to_owned(), |z| format!("{z:+.1}"));
            let (tried, measure) = (&self.tried[trial], MOVED[moved].name());
            Line {
                name: format!("{} = {}: {measure}", tried.lever.key, tried.value()),
                figures: self.found.iter().map(figure).collect(),
                apart: self.found[1..].iter().map(z).collect(),
            }
        };
        (0..self.tried.len()).flat_map(|trial| [line(trial, 0), line(trial, 1)]).collect()
    }

    /// The tables with their titles, the heads of their figures and of their comparison.
    fn tables(&self) -> Vec<(String, &'static str, Vec<Line>)> {
        let years = pooled(self.scenario);
        let slack = self.found.iter().skip(1).map(|at| slack([at.replicates, self.found[0].replicates], years)).fold(1.0, f64::max);
        let chance = format!(
            "Standard deviation over replicates of a year's count, pooled over {years} years; chance alone lets a ratio go up to about x {slack:.2}"
        );
        let mut tables = vec![
            ("Means with their standard errors; z: difference to the finest scale in standard errors of both".to_owned(), "z", self.means()),
            (chance, "ratio", self.spreads()),
        ];
        if !self.tried.is_empty() {
            let at = self.terms.at;
            tables.push((format!("Effects of levers, each with the money it costs, from {at} on, with standard errors"), "z", self.effects()));
        }
        tables
    }

    fn text(&self) -> String {
        let paragraph = width().min(110);
        let mut out = format!("\n{}\n{}", wrapped(&self.about(), 0, paragraph), wrapped(&self.verdict(), 0, paragraph));
        for (title, compared, lines) in self.tables() {
            let names = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
            let _ = write!(out, "\n{}\n{:<names$}", wrapped(&title, 0, paragraph), "scale");
            self.found.iter().for_each(|at| {
                let _ = write!(out, " {:>22}", at.scale);
            });
            self.found[1..].iter().for_each(|at| {
                let _ = write!(out, " {:>10}", format!("{compared} {}", at.scale));
            });
            out.push('\n');
            for line in lines {
                let _ = write!(out, "{:<names$}", line.name);
                line.figures.iter().for_each(|figure| {
                    let _ = write!(out, " {figure:>22}");
                });
                line.apart.iter().for_each(|figure| {
                    let _ = write!(out, " {figure:>10}");
                });
                out.push('\n');
            }
        }
        let _ = write!(out, "\n{}", wrapped(CAVEAT, 0, paragraph));
        out
    }

    fn markdown(&self) -> String {
        let mut out = format!("{}\n\n{}\n\nMade by fivep {VERSION}.\n", self.about(), self.verdict());
        for (title, compared, lines) in self.tables() {
            let scales: Vec<String> = self.found.iter().map(|at| format!("scale {}", at.scale)).collect();
            let heads: Vec<String> = self.found[1..].iter().map(|at| format!("{compared} at {}", at.scale)).collect();
            let all: Vec<String> = std::iter::once(String::new()).chain(scales).chain(heads).collect();
            let _ = write!(out, "\n{title}:\n\n| {} |\n|{}\n", all.join(" | "), "---|".repeat(all.len()));
            for line in lines {
                let _ = writeln!(out, "| {} | {} | {} |", line.name, line.figures.join(" | "), line.apart.join(" | "));
            }
        }
        out
    }

    /// One row a scale and figure.
    fn listing(&self) -> Listing {
        let columns = vec!["scale", "replicates", "kind", "name", "figure", "standard_error", "against_finest", "seconds"];
        let mut rows = vec![];
        for at in self.found {
            let mut row = |kind: &str, name: String, figure: f64, error: Option<f64>, against: Option<f64>| {
                let optional = |value: Option<f64>| value.map_or(Value::Null, number);
                rows.push(vec![
                    number(at.scale),
                    json!(at.replicates),
                    json!(kind),
                    json!(name),
                    number(figure),
                    optional(error),
                    optional(against),
                    number(at.seconds),
                ]);
            };
            let finest = &self.found[0];
            for (k, measure) in HEADLINES.iter().enumerate() {
                row("mean", measure.name().to_owned(), at.headlines[k].mean, at.headlines[k].error, at.headlines[k].z(finest.headlines[k]));
            }
            for (k, measure) in COUNTS.iter().enumerate() {
                row("standard_deviation_of_a_year", measure.name().to_owned(), at.spreads[k], None, Some(at.spreads[k] / finest.spreads[k]));
            }
            for (trial, (own, fine)) in self.tried.iter().zip(at.effects.iter().zip(&finest.effects)) {
                for (shift, fine) in own.iter().zip(fine) {
                    row(
                        "effect",
                        format!("{} = {}: {}", trial.name(), trial.value(), shift.measure.name()),
                        shift.mean,
                        shift.error,
                        apart(shift, fine),
                    );
                }
            }
        }
        Listing { columns, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_scales_are_those_that_leave_agents_enough() {
        let of = |more: &[&str]| {
            let command = <Args as clap::Args>::augment_args(clap::Command::new("scale")).no_binary_name(true);
            let matches = command.try_get_matches_from(["borderland"].iter().chain(more)).expect("it is understood");
            let args = <Args as clap::FromArgMatches>::from_arg_matches(&matches).expect("the definition that parsed them");
            scenarios(&args).map(|all| all.iter().map(|scenario| (scenario.scale, scenario.replicates)).collect::<Vec<_>>())
        };
        assert!(of(&[]).is_ok_and(|scales| scales == [(1.0, 20), (3.0, 20), (10.0, 20), (30.0, 20)]));
        assert!(of(&["--scales", "60,20", "--replicates", "3,5"]).is_ok_and(|scales| scales == [(20.0, 5), (60.0, 3)]));
        assert!(of(&["--scales", "60,1000"]).is_err() && of(&["--replicates", "3,5"]).is_err());
    }

    #[test]
    fn every_lever_of_the_list_exists() {
        assert!(LEVERS.iter().all(|key| all().any(|(_, lever)| lever.key == *key)));
    }
}
