//! `fivep submit`: the job file that computes a planned study on Slurm, `HyperQueue` or GNU parallel.
//!
//! A queue knows a program and a number, so that this is all that a job file holds: the same loop for each engine, which runs one share
//! of the study and tries again where the program asks for it. Time and memory are what one unit costs here, with room to spare.
//!
//! Absent on purpose: talking to a queue. Sites differ in accounts and partitions; whoever knows them adds a line and submits.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Args as ClapArgs, ValueEnum};

use super::price::{Price, price};
use super::simulate::planned;
use super::{Answer, Failure, fault};
use crate::ensemble::Shard;
use crate::results::{Study, whole};
use crate::scenario::{Problem, Shown as _, quoted_path};

/// Where shards run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// An array of Slurm jobs
    Slurm,
    /// An array of tasks of `hq`
    Hyperqueue,
    /// GNU parallel, on this machine or over ssh
    Parallel,
}

/// Options of `fivep submit`.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  fivep submit big --engine slurm\n  fivep submit big --engine parallel --shards 16\n  fivep submit big --engine hyperqueue --print\n\nThe file is written into the study; the command that hands it to the queue is printed, for you to run."
)]
pub struct Args {
    /// The folder of a planned study
    pub study: PathBuf,
    /// What runs the shards
    #[arg(long, value_enum)]
    pub engine: Engine,
    /// The number of shards that the work is divided into [default: as many as take about two minutes each, at most 1000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub shards: Option<u32>,
    /// Print the job file instead of writing it
    #[arg(long)]
    pub print: bool,
}

/// How long a shard should take, in seconds: starting one costs seconds, and whoever kills one loses no more than a unit.
const SHARD: f64 = 120.0;

/// More shards than this burden a queue without need.
const MOST: f64 = 1000.0;

/// Writes or prints the job file.
///
/// # Errors
/// The faults of the study, or what the disk refuses.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let (found, scenario) = planned(&args.study, None)?;
    let shown = args.study.shown();
    if found.whole() {
        return Err(fault(format!("error: `{shown}` is merged already\nhelp: `fivep compare {}` compares it", quoted_path(&shown))));
    }
    let unreadable = |what: &str, error: &std::io::Error| Problem::World(format!("error: cannot find {what}: {error}"));
    let study = args.study.canonicalize().map_err(|error| unreadable(&format!("`{shown}`"), &error))?;
    let program = std::env::current_exe().map_err(|error| unreadable("this program", &error))?;
    let known = Study::share(&study, &found, &scenario, Shard::WHOLE)?;
    let (missing, measured) = (known.missing().len() as f64, known.seconds());
    let mut cost = price(&scenario);
    if !measured.is_empty() {
        cost.seconds = measured.iter().sum::<f64>() / measured.len() as f64;
    }
    let units = f64::from(scenario.replicates);
    let shards = args.shards.unwrap_or_else(|| (missing * cost.seconds / SHARD).ceil().clamp(1.0, units.min(MOST)) as u32);
    let longest = (units / f64::from(shards)).ceil() * cost.seconds;
    let job = Job { program: &program, study: &study, name: &scenario.name, shards, longest, cost };
    let text = job.text(args.engine)?;
    if args.print {
        return Ok(Answer::text(text));
    }
    let (name, verb) = match args.engine {
        Engine::Slurm => ("submit-slurm.sh", "sbatch"),
        Engine::Hyperqueue => ("submit-hyperqueue.sh", "hq submit"),
        Engine::Parallel => ("submit-parallel.sh", "sh"),
    };
    let path = study.join(name);
    whole::within(&study, &path)?;
    whole::write(&path, text)?;
    let mut said =
        format!("{shards} shards of at most {} replicates, about {} min each\n", (units / f64::from(shards)).ceil(), (longest / 60.0).ceil());
    let typed = quoted_path(&shown);
    let _ = writeln!(said, "\nNext: {verb} {}\nThen: fivep status {typed}; fivep merge {typed}", quoted(&path)?);
    Ok(Answer { text: said, folder: Some(args.study.clone()), ..Answer::default() })
}

/// What a job file says.
struct Job<'a> {
    program: &'a Path,
    study: &'a Path,
    name: &'a str,
    shards: u32,
    /// Seconds that the longest shard takes.
    longest: f64,
    cost: Price,
}

impl Job<'_> {
    fn text(&self, engine: Engine) -> Result<String, Failure> {
        let shards = self.shards;
        // A queue's name for a job: nothing that it or a shell could take for something else.
        let name: String = self.name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter)).collect();
        // Machines differ and neighbours disturb; who comes too late is killed and loses one unit at most.
        let minutes = (3.0 * self.longest / 60.0).ceil() + 10.0;
        let megabytes = self.cost.memory.map_or(2000.0, |memory| (1.5 * memory / 100.0).ceil() * 100.0);
        let mut text = "#!/bin/sh\n".to_owned();
        let index = match engine {
            Engine::Slurm => {
                let _ = writeln!(
                    text,
                    "#SBATCH --job-name=fivep-{name}\n#SBATCH --array=1-{shards}\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=1\n\
                     #SBATCH --time={minutes}\n#SBATCH --mem={megabytes}M\n#SBATCH --requeue"
                );
                "$SLURM_ARRAY_TASK_ID"
            }
            Engine::Hyperqueue => {
                let _ = writeln!(text, "#HQ --name fivep-{name} --array 1-{shards} --cpus 1 --crash-limit 5 --time-limit {minutes}m");
                "$HQ_TASK_ID"
            }
            Engine::Parallel => {
                let _ = writeln!(
                    text,
                    "# Without a number it starts all shards, JOBS at once (one per core, if that is not set); with one it computes that shard.\n\
                     if [ $# -eq 0 ]; then\n    exec parallel --retries 3 -j \"${{JOBS:-100%}}\" sh \"$0\" {{}} ::: $(seq {shards})\nfi"
                );
                "$1"
            }
        };
        let _ = write!(
            text,
            "# A shard that asks for another try (75) or is killed (128 and more) computes what is missing of its share, and nothing twice.\n\
             trap 'exit 75' INT TERM\ntries=3\nwhile :; do\n    {} run {} --shard \"{index}/{shards}\" --jobs 1\n    code=$?\n    \
             tries=$((tries - 1))\n    if [ \"$code\" -lt 75 ] || [ \"$tries\" -le 0 ]; then exit \"$code\"; fi\n    sleep 5\ndone\n",
            quoted(self.program)?,
            quoted(self.study)?
        );
        Ok(text)
    }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> Result<String, Failure> {
    let Some(text) = path.to_str().filter(|text| !text.contains(['\n', '\r'])) else {
        return Err(fault(format!("error: `{}` cannot be written into a job file\nhelp: give it a name in plain text", path.shown())));
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    Ok(if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_file_holds_a_program_a_number_and_room_to_spare() {
        let cost = Price { seconds: 10.0, memory: Some(310.0) };
        let (program, study) = (Path::new("/opt/five p/fivep"), Path::new("/data/it's"));
        let job = Job { program, study, name: "what's $new", shards: 64, longest: 130.0, cost };
        let text = |engine| job.text(engine).expect("plain text");
        let slurm = text(Engine::Slurm);
        for line in ["#SBATCH --job-name=fivep-whatsnew", "#SBATCH --array=1-64", "#SBATCH --time=17", "#SBATCH --mem=500M"] {
            assert!(slurm.lines().any(|own| own == line), "{line}: {slurm}");
        }
        assert!(slurm.contains("'/opt/five p/fivep' run '/data/it'\\''s' --shard \"$SLURM_ARRAY_TASK_ID/64\" --jobs 1"), "{slurm}");
        assert!(text(Engine::Hyperqueue).contains("--array 1-64 "));
        assert!(text(Engine::Parallel).contains("::: $(seq 64)"));
        assert!(quoted(Path::new("a\nb")).is_err());
    }
}
