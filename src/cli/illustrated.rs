//! Figures and briefing of a run folder that another verb has just told, as if `chart` and `brief` had been called after it.

use std::ffi::OsStr;
use std::path::Path;

use super::simulate::interrupted;
use super::{Answer, CAVEAT, Failure, brief, chart};

/// Draws all figures of the answer's run folder and writes its briefing, as `chart` and `brief` do when given nothing else, and remarks on each file.
///
/// # Errors
/// As those of the two verbs.
pub fn illustrate(answer: &mut Answer, against: Option<&str>) -> Result<(), Failure> {
    let Some(folder) = answer.folder.clone() else { return Ok(()) };
    let against = against.map(str::to_owned);
    let pictures = chart::answer(&chart::Args { against: against.clone(), ..defaults(&folder) })?;
    if interrupted() {
        return Err(Failure::Interrupted);
    }
    for part in [pictures, brief::answer(&brief::Args { against, ..defaults(&folder) })?] {
        for said in part.text.lines().map(str::to_owned).chain(part.remarks).filter(|said| said != CAVEAT) {
            if !answer.remarks.contains(&said) {
                answer.remarks.push(said);
            }
        }
    }
    Ok(())
}

/// A verb's options where only a run folder is given.
#[expect(clippy::expect_used, reason = "both are the program's own definitions")]
fn defaults<A: clap::Args>(folder: &Path) -> A {
    let command = A::augment_args(clap::Command::new("fivep")).no_binary_name(true);
    let matches = command.try_get_matches_from([OsStr::new("--"), folder.as_os_str()]).expect("a run folder is all that is asked for");
    A::from_arg_matches(&matches).expect("the definition that parsed them")
}
