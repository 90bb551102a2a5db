//! The one writer of everything that reaches a disk, and the sums by which damage is seen.
//!
//! A file is written under a hidden name beside its place, waited for until the disk has it, and renamed: it is there whole or not
//! at all, and what stood there before stays until the new one is whole. Its length and its sum are told, so that whoever keeps
//! them can ask later whether the file is still what was written.
//!
//! Absent on purpose: any knowledge of what is written.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::strike;
use crate::scenario::{Problem, Shown as _};
use crate::sums::{Adding, Sum, sum};

/// Opens a file. A pipe would be waited for and a device may have no end: neither is one.
///
/// # Errors
/// Whatever keeps it from being opened.
pub fn open(path: &Path) -> io::Result<File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "this is no file"));
    }
    File::open(path)
}

/// Whether the file at `path` is the one that `told` tells of. Its length is asked first, so that none is read that is far larger.
///
/// # Errors
/// Whatever keeps it from being read.
pub fn is_the_one(path: &Path, told: Sum) -> io::Result<bool> {
    Ok(open(path)?.metadata()?.len() == told.length && sum_of_file(path)? == told)
}

/// The sum of the file at `path`, read in pieces.
///
/// # Errors
/// Whatever keeps it from being read.
pub fn sum_of_file(path: &Path) -> io::Result<Sum> {
    let (mut file, mut adding) = (open(path)?, Adding::default());
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(adding.sum()),
            Ok(count) => adding.add(&piece[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The bytes of a file of at most `most`: what somebody else put in a folder may have no end.
///
/// # Errors
/// Whatever keeps it from being read, or that it is larger.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(io::Error::from(ErrorKind::FileTooLarge)) } else { Ok(bytes) }
}

/// A file that is being written under a hidden name; dropping it unfinished leaves what stood at its place before.
#[derive(Debug)]
pub struct Growing {
    path: PathBuf,
    hidden: PathBuf,
    file: Option<BufWriter<Disk>>,
    adding: Adding,
}

/// A file that is written to call by call.
#[derive(Debug)]
struct Disk(File);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        strike::written(&mut self.0, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Growing {
    /// Begins to write what will stand at `path`, in the place of a link that stands there now.
    ///
    /// # Errors
    /// A problem of the world where the folder refuses.
    pub fn begin(path: &Path) -> Result<Self, Problem> {
        let begin = || {
            let (hidden, file) = hidden(path)?;
            Ok(Self { path: path.to_path_buf(), hidden, file: Some(BufWriter::with_capacity(1 << 16, Disk(file))), adding: Adding::default() })
        };
        begin().map_err(|error| refused(path, &error))
    }

    /// Makes it visible, replacing what stood there.
    ///
    /// # Errors
    /// A problem of the world where the disk is full or refuses.
    pub fn finish(mut self) -> Result<Sum, Problem> {
        let finish = |growing: &mut Self| {
            growing.sync()?;
            if let Ok(before) = fs::symlink_metadata(&growing.path)
                && before.is_file()
            {
                // Who may read the file is its owner's choice and outlives a new content; not every disk knows of it.
                let _ = strike::before(false).and_then(|()| fs::set_permissions(&growing.hidden, before.permissions()));
            }
            rename(&growing.hidden, &growing.path)?;
            sync_folder(&growing.path);
            Ok(())
        };
        finish(&mut self).map_err(|error| refused(&self.path, &error))?;
        Ok(std::mem::take(&mut self.adding).sum())
    }

    /// Makes it visible only where nothing stands yet: false, and nothing changed, where something does.
    ///
    /// # Errors
    /// A problem of the world where the disk is full or refuses.
    pub fn finish_new(mut self) -> Result<bool, Problem> {
        let finish = |growing: &mut Self| {
            growing.sync()?;
            match strike::before(true).and_then(|()| fs::hard_link(&growing.hidden, &growing.path)) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
                // Not every disk knows links.
                Err(_) if growing.path.exists() => return Ok(false),
                Err(_) => rename(&growing.hidden, &growing.path)?,
            }
            sync_folder(&growing.path);
            Ok(true)
        };
        finish(&mut self).map_err(|error| refused(&self.path, &error))
    }

    fn sync(&mut self) -> io::Result<()> {
        // What was synced before is ready.
        let Some(mut file) = self.file.take() else { return Ok(()) };
        file.flush()?;
        strike::before(true)?;
        file.get_ref().0.sync_all()
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(file) = &mut self.file else { return Err(io::Error::from(ErrorKind::BrokenPipe)) };
        let count = file.write(bytes)?;
        self.adding.add(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Growing {
    fn drop(&mut self) {
        self.file = None;
        let _ = remove(&self.hidden);
    }
}

/// How the hidden names of unfinished files end.
const UNFINISHED: &str = ".unfinished";

/// A new file beside `path`, under a name that no other process or thread takes.
fn hidden(path: &Path) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "this is no name for a file"))?;
    let fresh = || {
        let mut hidden = std::ffi::OsString::from(".");
        // A name may be as long as the disk allows, so that nothing can be added to it.
        let short = name.len() < 200;
        hidden.push(if short { name.to_owned() } else { format!("{:08x}", sum(name.as_encoded_bytes()).hash).into() });
        hidden.push(format!(".{}-{}{UNFINISHED}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        path.with_file_name(hidden)
    };
    loop {
        let hidden = fresh();
        match strike::before(true).and_then(|()| File::create_new(&hidden)) {
            Ok(file) => return Ok((hidden, file)),
            // Left by a dead process that had the number of this one.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Removes what dead processes left unfinished in `folder`; only for folders that nobody else writes to.
pub fn sweep(folder: &Path) {
    remove_unfinished(folder, ".");
}

/// Removes what dead processes left unfinished of the file at `path`; only where nobody else writes it.
pub fn sweep_of(path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    remove_unfinished(path.parent().unwrap_or(Path::new("")), &format!(".{name}."));
}

fn remove_unfinished(folder: &Path, begins: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(begins) && name.ends_with(UNFINISHED) {
            let _ = remove(&entry.path());
        }
    }
}

/// Asks the disk to keep a rename as well; some systems know no such thing for folders.
pub fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = strike::before(false).and_then(|()| File::open(folder)).and_then(|folder| folder.sync_all());
}

/// Where a file that somebody named is written: what a link leads to is replaced, and the link stays.
fn led(path: &Path) -> Result<PathBuf, Problem> {
    if path.is_symlink() { fs::canonicalize(path).map_err(|error| refused(path, &error)) } else { Ok(path.to_path_buf()) }
}

/// Refuses a place in the folder `home` that links lead out of, unless somebody named it: in a folder from somebody else a link would
/// choose which file of this machine is replaced.
///
/// # Errors
/// A fault where it does.
pub fn within(home: &Path, path: &Path) -> Result<(), Problem> {
    let there = path.ancestors().take_while(|part| *part != home).find(|part| part.symlink_metadata().is_ok());
    let stays = |part: &Path| Ok::<_, io::Error>(fs::canonicalize(part)?.starts_with(fs::canonicalize(home)?));
    match there.filter(|part| !stays(part).unwrap_or(false)) {
        Some(part) => {
            let say = format!("error: `{}` is a link that leads out of its folder\nhelp: ", part.shown());
            Err(Problem::Fault(say + "remove it, or name the place with --output, where the verb has it"))
        }
        None => Ok(()),
    }
}

/// Writes a file of a study's own folder whole or not at all, in the place of what stood there: a link is replaced and not followed.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn keep(path: &Path, bytes: impl AsRef<[u8]>) -> Result<Sum, Problem> {
    let mut growing = Growing::begin(path)?;
    growing.write_all(bytes.as_ref()).map_err(|error| refused(path, &error))?;
    growing.finish()
}

/// Writes a file that somebody named whole or not at all, replacing what stood there, or what a link there leads to. What is no file,
/// such as a terminal, is written to as it is.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<Sum, Problem> {
    let bytes = bytes.as_ref();
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let mut file = fs::OpenOptions::new().write(true).open(path).map_err(|error| refused(path, &error))?;
        return file.write_all(bytes).map(|()| sum(bytes)).map_err(|error| refused(path, &error));
    }
    keep(&led(path)?, bytes)
}

/// Writes several files of which all or none appear, but for a death between two renames: each is on the disk, under its hidden
/// name, before the first is renamed.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
fn write_all(files: &[(PathBuf, &[u8])]) -> Result<(), Problem> {
    let mut ready = vec![];
    for (path, bytes) in files {
        let mut growing = Growing::begin(&led(path)?)?;
        growing.write_all(bytes).and_then(|()| growing.sync()).map_err(|error| refused(path, &error))?;
        ready.push(growing);
    }
    ready.into_iter().try_for_each(|growing| growing.finish().map(|_| ()))
}

/// Writes several files into `folder`, all of them or none; it is made where it is missing, and not left behind empty where that fails.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn write_into(folder: &Path, files: &[(PathBuf, &[u8])]) -> Result<(), Problem> {
    let new = !folder.is_dir();
    make(folder)?;
    write_all(files).inspect_err(|_| {
        if new {
            let _ = remove_empty(folder);
        }
    })
}

/// Writes a new file whole or not at all; false, and nothing changed, where something stands there already.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn write_new(path: &Path, bytes: impl AsRef<[u8]>) -> Result<bool, Problem> {
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let mut growing = Growing::begin(path)?;
    growing.write_all(bytes.as_ref()).map_err(|error| refused(path, &error))?;
    growing.finish_new()
}

/// Makes a folder and those on the way to it.
///
/// # Errors
/// A problem of the world where the disk is full or refuses.
pub fn make(path: &Path) -> Result<(), Problem> {
    folders(path).map_err(|error| refused(path, &error))
}

/// The same, for whoever says more of it.
///
/// # Errors
/// Why the system refuses.
pub fn folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    strike::before(true)?;
    fs::create_dir_all(path)
}

/// Gives a file or a folder another name.
///
/// # Errors
/// Why the system refuses.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    strike::before(false)?;
    fs::rename(from, to)
}

/// Removes a file.
///
/// # Errors
/// Why the system refuses.
pub fn remove(path: &Path) -> io::Result<()> {
    strike::before(false)?;
    fs::remove_file(path)
}

/// Removes a folder in which nothing lies.
///
/// # Errors
/// Why the system refuses.
pub fn remove_empty(path: &Path) -> io::Result<()> {
    strike::before(false)?;
    fs::remove_dir(path)
}

/// Removes a folder and all that lies in it; a link goes, and what it leads to stays.
///
/// # Errors
/// Why the system refuses.
pub fn remove_all(path: &Path) -> io::Result<()> {
    if path.is_symlink() {
        return remove(path);
    }
    for entry in fs::read_dir(path)?.flatten() {
        if entry.file_type()?.is_dir() { remove_all(&entry.path())? } else { remove(&entry.path())? }
    }
    remove_empty(path)
}

/// What is said where the disk refuses to write `path`.
#[must_use]
pub fn refused(path: &Path, error: &io::Error) -> Problem {
    let help = match (error.kind(), path.parent()) {
        (ErrorKind::NotFound, Some(folder)) if !folder.as_os_str().is_empty() && !folder.exists() => {
            format!("help: make the folder `{}` first, or choose another place", folder.shown())
        }
        _ => "help: make room on the disk, or choose a place you may write to (--output, where the verb has it)".to_owned(),
    };
    Problem::World(format!("error: cannot write `{}`: {error}\n{help}", path.shown()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).expect("readable").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_written_has_the_sum_that_is_told_of_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, bytes) = (folder.path().join("a"), vec![7; 300_000]);
        let own = write(&path, &bytes).expect("writable");
        assert_eq!((own, sum_of_file(&path).expect("readable")), (sum(&bytes), own));
        assert!(is_the_one(&path, own).expect("readable") && !is_the_one(&path, sum(b"")).expect("readable"));
    }

    #[test]
    fn a_file_that_is_not_finished_leaves_the_one_before() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.txt");
        write(&path, "first").expect("writable");
        let mut growing = Growing::begin(&path).expect("writable");
        growing.write_all(b"half").expect("room");
        assert_eq!(fs::read_to_string(&path).expect("readable"), "first");
        drop(growing);
        assert_eq!((names(folder.path()), fs::read_to_string(&path).expect("readable").as_str()), (vec!["a.txt".to_owned()], "first"));
        write(&path, "second").expect("writable");
        let both = [(folder.path().join("c"), &b"x"[..]), (folder.path().join("none/d"), &b"x"[..])];
        assert!(write_all(&both).is_err() && names(folder.path()) == ["a.txt"], "all or none");
        // A folder that was made for what then found no room goes again; one that was there stays.
        let (new, old) = (folder.path().join("new"), folder.path().join("old"));
        make(&old).expect("room");
        for (place, stays) in [(&new, false), (&old, true)] {
            assert!(write_into(place, &[(place.join("none/d"), &b"x"[..])]).is_err());
            assert_eq!(place.exists(), stays);
        }
        remove_empty(&old).expect("nothing lies in it");
        assert!(!write_new(&path, "third").expect("readable"));
        assert!(write_new(&folder.path().join("b.txt"), "new").expect("writable"));
        assert_eq!((names(folder.path()).len(), fs::read_to_string(&path).expect("readable").as_str()), (2, "second"));
        let missing = write(&folder.path().join("none/c.txt"), "x");
        assert!(matches!(missing, Err(Problem::World(text)) if text.contains("make the folder")), "a folder that is not there");
        assert!(read(&path, 6).is_ok() && read(&path, 5).is_err() && read(folder.path(), 5).is_err());
        assert!(write(folder.path(), "x").is_err(), "a folder in the way");
        assert!(write(&folder.path().join("n".repeat(255)), "x").is_ok(), "as long as a name may be");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_so_do_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, link) = (folder.path().join("a"), folder.path().join("link"));
        write(&path, "old").expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its owner may");
        symlink(&path, &link).expect("a link");
        write(&link, "new").expect("writable");
        assert!(link.is_symlink() && fs::read_to_string(&path).expect("readable") == "new");
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, 0o600);
        write(Path::new("/dev/null"), "x").expect("what is no file is written to");
    }
}
