//! `fivep check`: every fault of every scenario named, at once, and what may not be meant; with `--upgrade`, the present format.

use std::fmt::Write;

use clap::Args as ClapArgs;

use super::warnings::warnings;
use super::{Answer, Failure};
use crate::results::whole;
use crate::scenario::{self, Overrides, Problem, Upgrade, embedded};

/// Options of `fivep check`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep check my-question.toml\n  fivep check scenarios/*.toml\n  fivep check --upgrade my-old-question.toml\n\nWarnings point to lines that are valid but may not mean what was intended; they do not change the exit code."
)]
pub struct Args {
    /// Scenario files, or names of shipped scenarios
    #[arg(required = true)]
    pub scenarios: Vec<String>,
    /// Rewrite files of an older format in the current one without changing their meaning; comments are kept
    #[arg(long)]
    pub upgrade: bool,
}

/// Checks them all.
///
/// # Errors
/// All their faults; what the disk refuses only where nothing else is wrong.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let (mut good, mut faults, mut refused) = (String::new(), String::new(), String::new());
    let mut remarks = vec![];
    for reference in &args.scenarios {
        let checked = if args.upgrade { upgrade(reference) } else { check(reference) };
        match checked {
            Ok((line, warnings)) => {
                let _ = writeln!(good, "{line}");
                remarks.extend(warnings.into_iter().map(|warning| format!("{warning}\n")));
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
    Ok(Answer { text: good, remarks, ..Answer::default() })
}

/// What is said of a scenario without fault, and its warnings.
fn check(reference: &str) -> Result<(String, Vec<String>), Problem> {
    let scenario = scenario::load(reference, &Overrides::default())?;
    scenario::check_country(&scenario)?;
    let variants = scenario.variants.len() - 1;
    let warnings = warnings(&scenario);
    let but = match warnings.len() {
        0 => String::new(),
        1 => ", but see the warning".to_owned(),
        many => format!(", but see the {many} warnings"),
    };
    let line = format!(
        "{reference}: good: the baseline and {variants} variant{}, {} replicates, {} to {}{but}",
        if variants == 1 { "" } else { "s" },
        scenario.replicates,
        scenario.from,
        scenario.to
    );
    Ok((line, warnings))
}

/// Rewrites a file of an older format; what is said of it, and which lines were rewritten.
fn upgrade(reference: &str) -> Result<(String, Vec<String>), Problem> {
    if embedded().iter().any(|(name, _)| *name == reference) {
        let help = "shipped scenarios are of the present format; give the path of a file";
        return Err(Problem::Fault(format!("error: `{reference}` is a shipped scenario, not a file\nhelp: {help}\n")));
    }
    match scenario::upgrade(reference)? {
        Upgrade::Present => Ok((format!("{reference}: is of the present format already"), vec![])),
        Upgrade::Done(text, told) => {
            whole::write(&scenario::file_of(reference), &text)?;
            let remark = format!("{reference}: these lines were rewritten so that they mean what they did:\n{told}");
            Ok((format!("{reference}: upgraded"), if told.is_empty() { vec![] } else { vec![remark] }))
        }
        Upgrade::ByHand(told) => Err(Problem::Fault(format!(
            "error: {reference} cannot be upgraded as it stands, and is left as it was:\n{told}help: write these lines anew (a dated step now leaves what stood before it, and a change is of the layer below), and `format = 2`\n"
        ))),
    }
}
