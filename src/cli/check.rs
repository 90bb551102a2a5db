//! `fivep check`: every fault of every scenario named, at once.

use std::fmt::Write;

use clap::Args as ClapArgs;

use super::listing::{width, wrapped};
use super::{Answer, Failure, funding};
use crate::scenario::{self, Overrides, Problem};

/// Options of `fivep check`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  fivep check my-question.toml\n  fivep check scenarios/*.toml")]
pub struct Args {
    /// Scenario files, or names of shipped scenarios
    #[arg(required = true)]
    pub scenarios: Vec<String>,
}

/// Checks them all.
///
/// # Errors
/// All their faults; what the disk refuses only where nothing else is wrong.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let (mut good, mut faults, mut refused) = (String::new(), String::new(), String::new());
    for reference in &args.scenarios {
        match scenario::load(reference, &Overrides::default()) {
            Ok(scenario) => {
                let variants = scenario.variants.len() - 1;
                let _ = writeln!(
                    good,
                    "{reference}: good: the baseline and {variants} variant{}, {} replicates, {} to {}",
                    if variants == 1 { "" } else { "s" },
                    scenario.replicates,
                    scenario.from,
                    scenario.to
                );
                for warning in funding::warnings(&scenario) {
                    good.push_str(&wrapped(&warning, 2, width().min(110)));
                }
            }
            Err(Problem::Fault(text)) => {
                let _ = writeln!(faults, "{}\n", text.trim_end());
            }
            Err(Problem::World(text)) => {
                let _ = writeln!(refused, "{}\n", text.trim_end());
            }
        }
    }
    if !faults.is_empty() {
        return Err(Problem::Fault(format!("{faults}{refused}{good}")).into());
    }
    if !refused.is_empty() {
        return Err(Problem::World(format!("{refused}{good}")).into());
    }
    Ok(Answer::text(good))
}
