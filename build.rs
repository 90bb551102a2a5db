//! Records the git revision for `fivep --version` ("unknown" outside a git checkout), and a number that changes with the rules: what a
//! run comes out as is decided by the sources below and by the libraries of `Cargo.lock`, and by nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sources of everything that decides a run's bytes once its setting is known.
const RULES: [&str; 4] = ["src/draws.rs", "src/draws", "src/quantities.rs", "src/model"];
/// The libraries that do, by the names under which `Cargo.lock` holds their versions.
const LIBRARIES: [&str; 3] = ["libm", "rand", "rand_distr"];

fn main() {
    let revision = Command::new("git")
        .args(["rev-parse", "--short=12", "HEAD"])
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned());
    println!("cargo::rustc-env=FIVEP_REVISION={revision}");
    // What is not there would count as changed at every build.
    for path in [".git/HEAD", ".git/refs/heads", "Cargo.lock"].into_iter().filter(|path| Path::new(path).exists()) {
        println!("cargo::rerun-if-changed={path}");
    }
    let mut files = vec![];
    for path in RULES {
        println!("cargo::rerun-if-changed={path}");
        walk(Path::new(path), &mut files);
    }
    files.sort();
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    let known = |package: &&str| LIBRARIES.iter().any(|name| package.trim_start().starts_with(&format!("name = \"{name}\"")));
    let mut texts: Vec<u8> = lock.split("[[package]]").filter(known).flat_map(str::bytes).collect();
    for path in &files {
        texts.extend(path.to_string_lossy().replace('\\', "/").bytes());
        texts.extend(fs::read(path).unwrap_or_default());
    }
    // FNV-1a over 64 bits; line ends differ between checkouts and decide nothing.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in texts.into_iter().filter(|byte| *byte != b'\r') {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    println!("cargo::rustc-env=FIVEP_RULES={hash:016x}");
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            walk(&entry.path(), files);
        }
    } else if path.is_file() {
        files.push(path.to_path_buf());
    }
}
