//! `fivep completions`: a script that completes verbs and options in a shell.

use clap::{Args as ClapArgs, CommandFactory};
use clap_complete::Shell;

use super::{Answer, Cli};

/// Options of `fivep completions`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  fivep completions bash > ~/.local/share/bash-completion/completions/fivep")]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// The script.
#[must_use]
pub fn answer(args: &Args) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "fivep", &mut script);
    Answer::text(String::from_utf8_lossy(&script).into_owned())
}
