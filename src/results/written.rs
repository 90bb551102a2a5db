//! What verbs wrote into a finished run: pictures, briefings and workbooks, each with its sum.
//!
//! The manifest tells of what was simulated. What was made of it later stands in a list of its own, `written.toml`, so that whoever asks
//! (`fivep status`) learns which of these files is no longer what was written. No answer is refused for it: whoever edits a picture
//! means it, and none is read to answer anything.
//!
//! A file is listed with its new sum before it takes its place, and with the older one until it has: whenever a process dies, what is
//! seen is listed. One process at a time writes and lists.
//!
//! Absent on purpose: the files of the run itself ([`super::manifest`]), and what somebody asked for at a place of his own.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

use super::lock::Lock;
use super::whole::{self, is_the_one, refused};
use crate::scenario::Problem;
use crate::sums::{Sum, sum, summed, with_sum};

/// The list in the folder of a run.
const LIST: &str = "written.toml";
/// Most bytes of it.
const MOST: u64 = 1 << 20;

/// By the names of files in the run, the sums that each may have: of what stands there, and of what is about to.
type Sums = BTreeMap<String, Vec<Sum>>;

/// Writes files, each whole or not at all and in the place of an older one: into `run`, out of which no link may lead and which lists them, or wherever somebody
/// asked for them.
///
/// # Errors
/// A fault where a link leads out of the run; a problem of the world where the disk is full or refuses.
pub fn put(run: Option<&Path>, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Problem> {
    match run {
        Some(run) => write(run, files),
        None => files.iter().try_for_each(|(path, bytes)| whole::write(path, bytes).map(|_| ())),
    }
}

/// Writes files into `run` and lists them.
fn write(run: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Problem> {
    files.iter().try_for_each(|(path, _)| whole::within(run, path))?;
    let lock = run.join(".written.lock");
    let _held = Lock::wait(&lock).map_err(|error| refused(&lock, &error))?;
    // A list that is damaged says nothing of any file.
    let before = read(run).unwrap_or_default();
    let (mut during, mut after) = (before.clone(), before.clone());
    for (path, bytes) in files {
        let (name, new) = (name(run, path), sum(bytes));
        let stands = before.get(&name).into_iter().flatten().copied().filter(|sum| *sum != new && is_the_one(path, *sum).unwrap_or(false));
        during.insert(name.clone(), stands.chain([new]).collect());
        after.insert(name, vec![new]);
    }
    keep(run, &before, &during)?;
    for (path, bytes) in files {
        path.parent().map_or(Ok(()), whole::make)?;
        whole::write(path, bytes)?;
    }
    keep(run, &during, &after)
}

/// The files of `run` that are no longer what was written there, by their names; the list itself where it is damaged. A file that was
/// removed is none.
#[must_use]
pub fn changed(run: &Path) -> Vec<String> {
    let Some(sums) = read(run) else { return vec![LIST.to_owned()] };
    let changed = |(name, sums): &(String, Vec<Sum>)| {
        let path = run.join(name);
        path.symlink_metadata().is_ok() && !sums.iter().any(|sum| is_the_one(&path, *sum).unwrap_or(false))
    };
    sums.into_iter().filter(changed).map(|(name, _)| name).collect()
}

/// What the list of `run` says; nothing where it is damaged, and no file where there is no list.
fn read(run: &Path) -> Option<Sums> {
    let bytes = match whole::read(&run.join(LIST), MOST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Some(Sums::new()),
        Err(_) => return None,
    };
    let text = String::from_utf8(bytes).ok()?;
    let table: Table = summed(&text)?.parse().ok()?;
    let of = |(name, sums): (String, Value)| {
        // The run may come from somebody else: nothing outside of it is looked at.
        let inside = Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
        let sums = sums.as_array()?.iter().map(|sum| sum.as_str()?.parse().ok()).collect::<Option<Vec<Sum>>>()?;
        inside.then_some((name, sums))
    };
    table.into_iter().map(of).collect()
}

/// Writes the list `new` in the place of `old`.
fn keep(run: &Path, old: &Sums, new: &Sums) -> Result<(), Problem> {
    if old == new {
        return Ok(());
    }
    let texts = |sums: &Vec<Sum>| Value::Array(sums.iter().map(|sum| Value::String(sum.to_string())).collect());
    let table: Table = new.iter().map(|(name, sums)| (name.clone(), texts(sums))).collect();
    whole::keep(&run.join(LIST), with_sum(&table.to_string())).map(|_| ())
}

/// How the file at `path` is called in `run`.
fn name(run: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(run).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn whatever_is_no_longer_what_was_written_is_told_and_nothing_else() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let (run, path) = (home.path(), home.path().join("charts/a.svg"));
        let put = |bytes: &[u8]| write(run, &[(path.clone(), bytes.to_vec())]).expect("writable");
        assert!(changed(run).is_empty(), "nothing was written");
        put(b"one");
        put(b"two");
        write(run, &[(run.join("b.html"), b"three".to_vec())]).expect("writable");
        assert!(changed(run).is_empty() && !run.join(".written.lock").exists());
        let list = fs::read(run.join(LIST)).expect("a list");
        for bit in 0..list.len() * 8 {
            let mut other = list.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            fs::write(run.join(LIST), other).expect("writable");
            assert_eq!(changed(run), [LIST], "bit {bit} of the list");
        }
        fs::write(run.join(LIST), &list).expect("writable");
        for bit in 0..24 {
            let mut other = *b"two";
            other[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, other).expect("writable");
            assert_eq!(changed(run), ["charts/a.svg"], "bit {bit} of a picture");
        }
        fs::remove_file(&path).expect("it is there");
        assert!(changed(run).is_empty(), "whoever removes a picture means it");
        put(b"two");
        assert_eq!(fs::read(run.join(LIST)).expect("a list"), list, "the same list however it came about");
        fs::write(run.join(LIST), "nonsense").expect("writable");
        put(b"two");
        assert!(changed(run).is_empty(), "a damaged list is begun anew");
        fs::write(run.join(LIST), with_sum("\"../x\" = [\"1-0\"]\n")).expect("writable");
        assert_eq!(changed(run), [LIST], "nothing outside of the run is looked at");
    }
}
