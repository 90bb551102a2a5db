//! Texts from disk, refused politely where they cannot be a scenario.
//!
//! Absent on purpose: what the texts mean.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Most bytes that a file of ours may have, but for a posterior.
pub const MOST: u64 = 1 << 20;
/// The same of a posterior, which has every parameter in every set.
const MOST_OF_POSTERIOR: u64 = 16 << 20;

/// Why there is no text.
#[derive(Debug)]
pub(super) enum Unread {
    /// There is no such file.
    Missing,
    /// There is a folder of this name.
    Folder,
    /// The user's fault: what is wrong, and what to do.
    Fault(String, String),
    /// The disk's fault: what is wrong.
    World(String),
}

/// What a file should be, and what helps whoever named another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    name: &'static str,
    help: &'static str,
    most: u64,
}

/// A scenario.
pub(super) const SCENARIO: Kind = Kind { name: "scenario", help: "name a scenario file; `fivep new NAME` writes one to start from", most: MOST };
/// A file of a country.
pub(super) const OF_COUNTRY: Kind =
    Kind { name: "file of a country", help: "`fivep eject borderland --country` writes a country's files to start from", most: MOST };
/// The posterior of a country.
pub(super) const POSTERIOR: Kind = Kind { most: MOST_OF_POSTERIOR, ..OF_COUNTRY };

/// The text of a file: UTF-8, not empty, not binary, and no larger than its kind may be.
pub(super) fn text(path: &Path, kind: Kind) -> Result<String, Unread> {
    if path.is_dir() {
        return Err(Unread::Folder);
    }
    checked(bytes(path, kind.most)?, kind)
}

/// The bytes of a file of at most `most` of them, and one more where there are more.
pub(super) fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    // A pipe with a name would be waited for without end where nobody writes to it; one that a shell made for us has none.
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) && path.canonicalize().is_ok_and(|path| waits(&path)) {
        return Err(Unread::Fault("this is a pipe and not a file".to_owned(), "name a file".to_owned()));
    }
    let world = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput | ErrorKind::InvalidFilename => Unread::Missing,
        ErrorKind::PermissionDenied => Unread::World("you have no permission to read this file; change its permissions or copy it".to_owned()),
        _ => Unread::World(format!("this file cannot be read: {error}")),
    };
    let mut bytes = vec![];
    File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(world)?;
    Ok(bytes)
}

/// Whether reading from `path` may wait for somebody to write there.
#[cfg(unix)]
fn waits(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    std::fs::metadata(path).is_ok_and(|found| found.file_type().is_fifo() || found.file_type().is_socket())
}

#[cfg(not(unix))]
fn waits(_: &Path) -> bool {
    false
}

fn checked(bytes: Vec<u8>, kind: Kind) -> Result<String, Unread> {
    let fault = |what: &str, help: &str| Err(Unread::Fault(what.to_owned(), help.to_owned()));
    if bytes.len() as u64 > kind.most {
        return fault(&format!("this file is larger than {} MB, and no {} is", kind.most >> 20, kind.name), kind.help);
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return fault("this file is saved as UTF-16", "save it as UTF-8 (in Notepad: Save as, Encoding: UTF-8)");
    }
    if bytes.contains(&0) {
        return fault("this file is binary, not text", kind.help);
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.trim_start_matches('\u{feff}').trim().is_empty() => fault("this file is empty", kind.help),
        Ok(text) => Ok(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = String::from_utf8_lossy(&error.as_bytes()[..at]).matches('\n').count() + 1;
            fault(&format!("this file is not UTF-8 text: line {line} holds a byte that is none"), "save it as UTF-8")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_scenario_is_refused() {
        for (bytes, phrase) in [
            (vec![], "empty"),
            (b" \n\n".to_vec(), "empty"),
            (vec![0x7F, b'E', b'L', b'F', 0], "binary"),
            (vec![b'a', b'\n', 0xE9, b'x'], "line 2"),
            (vec![0xFF, 0xFE, b'a', 0], "UTF-16"),
            (vec![b'x'; (1 << 20) + 1], "larger than 1 MB"),
        ] {
            match checked(bytes, SCENARIO) {
                Err(Unread::Fault(what, help)) => assert!(what.contains(phrase) && !help.is_empty(), "{what}"),
                other => panic!("{phrase}: {other:?}"),
            }
        }
        assert!(checked(vec![b'x'; (1 << 20) + 1], POSTERIOR).is_ok(), "a posterior may be larger");
        for (kind, most) in [(OF_COUNTRY, 1 << 20), (POSTERIOR, 16 << 20)] {
            let large = checked(vec![b'x'; most + 1], kind);
            assert!(matches!(large, Err(Unread::Fault(what, help)) if what.contains("no file of a country is") && help.contains("--country")));
        }
    }
}
