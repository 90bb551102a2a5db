//! What a validation has read of its replicates so far, on disk, so that an interrupt or a crash loses none of them.
//!
//! One file a replicate, under a name that says everything that decides it; once the validation is told they are removed, for the next one may
//! read the same runs in another way.

use std::path::{Path, PathBuf};

use super::Stopped;
use super::store::{read, write};
use crate::ensemble::Shard;
use crate::results::lock::Lock;
use crate::results::whole::{self, refused};
use crate::scenario::Problem;

/// Readings by replicate.
#[derive(Debug, Default)]
pub struct Kept {
    folder: Option<PathBuf>,
    files: Vec<PathBuf>,
    /// Why nothing more is kept, once the disk has refused: the answer needs no disk.
    pub refused: Option<Problem>,
    lock: Option<Lock>,
    /// Whose replicates they are.
    pub shard: Shard,
}

impl Kept {
    /// Keeps readings in `folder`, for this process alone; where another one does so already nothing is kept, for that one removes
    /// what lies there when it has told its answer.
    #[must_use]
    pub fn at(folder: PathBuf) -> Self {
        match Lock::of_folder(&folder) {
            Ok(None) => Self::default(),
            Ok(lock) => {
                // Nobody else writes here, so that what is half written was left by a dead process.
                whole::sweep(&folder);
                Self { folder: Some(folder), lock, ..Self::default() }
            }
            Err(error) => Self { refused: Some(refused(&folder, &error)), folder: Some(folder), ..Self::default() },
        }
    }

    /// Keeps readings of the replicates of `shard` in `folder`, beside those of the others; whoever holds the folder later tells of all.
    #[must_use]
    pub fn of_shard(folder: PathBuf, shard: Shard) -> Self {
        let refused = whole::folders(&folder).err().map(|error| refused(&folder, &error));
        Self { folder: Some(folder), refused, shard, ..Self::default() }
    }

    /// How many replicates have been read from it or written to it.
    #[must_use]
    pub fn count(&self) -> usize {
        self.files.len()
    }

    fn path(&self, replicate: u32, key: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{replicate:06}-{key}.csv")))
    }

    /// The readings of `replicate`, where they are there and whole.
    pub(super) fn get(&mut self, replicate: u32, key: &str) -> Option<Vec<f64>> {
        let path = self.path(replicate, key)?;
        // What is damaged is read off a run once more.
        let row = read(&path, key, 1).ok().flatten().and_then(|mut rows| rows.pop())?;
        self.files.push(path);
        Some(row)
    }

    /// Keeps the readings of `replicate`.
    pub(super) fn put(&mut self, replicate: u32, key: &str, row: &[f64]) {
        let Some(path) = self.path(replicate, key).filter(|_| self.refused.is_none()) else { return };
        match write(&path, key, &[row.to_vec()]) {
            Ok(()) => self.files.push(path),
            Err(Stopped::Problem(problem)) => self.refused = Some(problem),
            Err(Stopped::Interrupted) => {}
        }
    }

    /// Removes everything, and the folders that then hold nothing.
    pub fn clear(self) {
        for path in &self.files {
            let _ = whole::remove(path);
        }
        // The lock takes the folder along, where nothing else lies in it.
        drop(self.lock);
        if let Some(folder) = self.folder.as_deref().and_then(Path::parent) {
            let _ = whole::remove_empty(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_read_comes_back_bit_by_bit_and_damage_counts_as_missing() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let folder = home.path().join("validation/a");
        let row = [1.0 / 3.0, f64::NAN, -0.0];
        Kept::at(folder.clone()).put(4, "key", &row);
        let mut kept = Kept::at(folder.clone());
        let bits = |row: &[f64]| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(kept.get(4, "key").map(|found| bits(&found)), Some(bits(&row)));
        assert_eq!((kept.get(4, "other"), kept.get(5, "key"), kept.count()), (None, None, 1));
        let path = kept.files[0].clone();
        fs::write(&path, fs::read_to_string(&path).expect("it is there").replace("0.3", "0.4")).expect("writable");
        assert_eq!(kept.get(4, "key"), None);
        let mut beside = Kept::at(folder);
        beside.put(6, "key", &row);
        assert_eq!(beside.count(), 0, "two keep in one folder");
        kept.clear();
        assert!(!home.path().join("validation").exists());
        // Where nothing can be written the validation goes on all the same.
        fs::write(home.path().join("file"), "").expect("writable");
        let mut kept = Kept::at(home.path().join("file/a"));
        kept.put(1, "key", &row);
        assert!(kept.refused.is_some() && kept.count() == 0);
    }
}
