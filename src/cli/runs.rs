//! `fivep runs`: what is in the output folder.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::listing::{Listing, number, short};
use super::{Answer, Failure, ListFormat};
use crate::results::list;
use crate::scenario::Shown as _;

/// Options of `fivep runs`.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  fivep runs\n  fivep runs --output elsewhere --format json")]
pub struct Args {
    /// Where run folders are
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ListFormat,
}

/// The list.
///
/// # Errors
/// What the disk refuses.
pub fn answer(args: &Args) -> Result<Answer, Failure> {
    let listed = list(&args.output)?;
    let rows = listed.iter().map(|run| {
        let mut row = vec![json!(run.path.shown())];
        match &run.manifest {
            Some(m) => row.extend([
                json!(m.title),
                json!(m.started),
                json!(m.variants.len()),
                json!(m.replicates),
                short(m.scale),
                json!(m.seed),
                json!(m.from.to_string()),
                json!(m.to.to_string()),
                number(m.wall_seconds),
                json!(m.version),
            ]),
            None => row.extend(vec![Value::Null; 10]),
        }
        row.push(run.unfinished.map_or(Value::Null, |done| json!(done)));
        row
    });
    let columns = vec!["run", "title", "started", "variants", "replicates", "scale", "seed", "from", "to", "seconds", "version", "unfinished"];
    let listing = Listing { columns, rows: rows.collect() };
    Ok(Answer::text(listing.render(args.format, || {
        if listed.is_empty() {
            return format!("There are no run folders in `{}`. `fivep run` makes one.\n", args.output.shown());
        }
        // One long path must not push the figures of all others off the screen: it pushes its own.
        let longest = listed.iter().map(|run| run.path.shown().chars().count()).max().unwrap_or(0).min(56);
        let mut out = format!("{:<longest$}  {:<20} {:>8} {:>10} {:>6} {:>8}\n", "run", "started", "variants", "replicates", "scale", "seconds");
        for run in &listed {
            let path = run.path.shown();
            let _ = match &run.manifest {
                Some(m) if run.unfinished.is_some() => {
                    let (done, all) = (run.unfinished.unwrap_or(0), m.replicates);
                    writeln!(out, "{path:<longest$}  unfinished: {done} of {all} replicates; run the same again to go on, or delete it")
                }
                Some(m) => {
                    let (variants, replicates, scale, seconds) = (m.variants.len(), m.replicates, m.scale, m.wall_seconds);
                    writeln!(out, "{path:<longest$}  {:<20} {variants:>8} {replicates:>10} {scale:>6} {seconds:>8.1}", m.started)
                }
                None => writeln!(out, "{path:<longest$}  its manifest is damaged or of another format"),
            };
        }
        out
    })))
}
