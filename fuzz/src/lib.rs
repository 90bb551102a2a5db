//! What the fuzz targets share with the trial in `tests/it/torture.rs`.

use std::path::Path;

use readers::Readers;

pub mod readers;

/// Readers over a folder of this process, in memory where the system has one.
#[must_use]
pub fn readers() -> Readers {
    let memory = Path::new("/dev/shm");
    let home = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    let at = home.join(format!("fivep-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&at).expect("writable");
    Readers::at(&at)
}
