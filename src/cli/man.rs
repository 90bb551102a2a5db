//! `fivep man`: the manual page of the program, or of one verb.

use clap::{Args as ClapArgs, CommandFactory};
use clap_mangen::Man;

use super::{Answer, Cli, Failure, fault, nearest};
use crate::scenario::Problem;

/// Options of `fivep man`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  fivep man | man -l -\n  fivep man compare > fivep-compare.1")]
pub struct Args {
    /// A verb, for its own page
    pub verb: Option<String>,
}

/// The page, in roff.
///
/// # Errors
/// A fault where there is no such verb.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let mut command = Cli::command();
    command.build();
    if let Some(verb) = &args.verb {
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        let Some(found) = command.find_subcommand(verb) else {
            return Err(fault(format!(
                "error: there is no verb `{verb}`{}\nhelp: the verbs are {}",
                nearest(verb, names.iter().copied()),
                names.join(", ")
            )));
        };
        command = found.clone().display_name(format!("fivep-{verb}"));
    }
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(|error| Problem::World(format!("error: cannot write the manual page: {error}")))?;
    Ok(Answer::text(String::from_utf8_lossy(&page).into_owned()))
}
