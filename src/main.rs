//! The program: calls [`fivep::cli::main`] and sets the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    human_panic::setup_panic!(human_panic::metadata!());
    ExitCode::from(fivep::cli::main(std::env::args_os()))
}
