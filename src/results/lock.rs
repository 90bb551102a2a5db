//! A folder that one process has for itself, until it ends.
//!
//! The operating system lets a lock go when the process that holds it dies, so that what a dead one left can always be gone on with; its
//! file is then taken over, and goes with whoever holds it last.
//!
//! Absent on purpose: waiting for work that takes long. Whoever finds a folder taken says so, or works elsewhere.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{strike, whole};

/// A lock that is held; dropping it lets it go.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
    /// The folders that were made for it, which go with it where nothing came to lie in them.
    made: Vec<PathBuf>,
}

impl Lock {
    /// The lock at `path`; nothing where another process holds it.
    ///
    /// # Errors
    /// Why the system refuses.
    pub fn take(path: &Path) -> io::Result<Option<Self>> {
        loop {
            strike::before(true)?;
            // A pipe would be waited for, and a link would make a file somewhere else.
            if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
                return Err(io::Error::new(ErrorKind::InvalidInput, "this is no file"));
            }
            let file = File::options().create(true).append(true).open(path)?;
            match file.try_lock() {
                // Some network disks know no locks; there two processes at once would share their work, each piece of which is whole.
                Ok(()) | Err(fs::TryLockError::Error(_)) => {}
                Err(fs::TryLockError::WouldBlock) => return Ok(None),
            }
            // Between opening the file and locking it another process may have finished and removed it.
            if same_file(&file, path) {
                return Ok(Some(Self { path: path.to_path_buf(), file, made: vec![] }));
            }
        }
    }

    /// The lock at `path`, once no other process holds it: for what takes no longer than writing a few files.
    ///
    /// # Errors
    /// Why the system refuses.
    pub fn wait(path: &Path) -> io::Result<Self> {
        loop {
            if let Some(lock) = Self::take(path)? {
                return Ok(lock);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The lock of `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// Why the system refuses.
    pub fn of_folder(folder: &Path) -> io::Result<Option<Self>> {
        let made = missing_folders(folder);
        let taken = (0..100).find_map(|attempt| {
            match whole::folders(folder).and_then(|()| Self::take(&folder.join(".lock"))) {
                // Whoever held it has just removed the folder, in which nothing lay.
                Err(error) if error.kind() == ErrorKind::NotFound && attempt < 99 => None,
                taken => Some(taken),
            }
        });
        let taken = taken.unwrap_or(Ok(None));
        let taken = taken.inspect_err(|_| remove_empty(&made))?;
        Ok(taken.map(|mut lock| {
            lock.made = if made.is_empty() { vec![folder.to_path_buf()] } else { made };
            lock
        }))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is held: nobody can take a lock that is about to vanish.
        let _ = whole::remove(&self.path);
        let _ = self.file.unlock();
        remove_empty(&self.made);
    }
}

fn remove_empty(folders: &[PathBuf]) {
    for folder in folders.iter().rev() {
        let _ = whole::remove_empty(folder);
    }
}

/// The folders on the way to `folder`, outermost first, that do not exist yet.
#[must_use]
pub fn missing_folders(folder: &Path) -> Vec<PathBuf> {
    let way = folder.ancestors().filter(|path| !path.as_os_str().is_empty());
    let mut missing: Vec<PathBuf> = way.take_while(|path| !path.exists()).map(Path::to_path_buf).collect();
    missing.reverse();
    missing
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |found: fs::Metadata| (found.dev(), found.ino());
    file.metadata().ok().map(identity) == fs::metadata(path).ok().map(identity)
}

#[cfg(not(unix))]
fn same_file(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_a_folder_and_leaves_nothing_but_what_lies_in_it() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let folder = home.path().join("a/b");
        let held = Lock::of_folder(&folder).expect("writable").expect("nobody holds it");
        assert!(Lock::of_folder(&folder).expect("writable").is_none(), "two hold it");
        fs::write(folder.join("x"), "").expect("writable");
        drop(held);
        assert!(folder.exists(), "somebody else's file is kept");
        let held = Lock::of_folder(&folder).expect("writable").expect("nobody holds it any more");
        fs::remove_file(folder.join("x")).expect("it is there");
        drop(held);
        assert!(!folder.exists() && home.path().join("a").exists(), "only what was made for the lock goes with it");
        // A file that a dead process left is no lock.
        fs::create_dir_all(&folder).expect("writable");
        fs::write(folder.join(".lock"), "").expect("writable");
        assert!(Lock::of_folder(&folder).expect("writable").is_some());
        fs::write(home.path().join("file"), "").expect("writable");
        assert!(Lock::of_folder(&home.path().join("file/a")).is_err(), "a file in the way");
    }
}
