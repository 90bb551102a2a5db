//! What may go wrong at each call that changes the disk: nothing, unless a trial arms it.
//!
//! Death and a full disk come at any moment, and a trial that waits for them by chance finds little. Every call with which
//! [`super::whole`] changes the disk asks here first, so that `tests/it/torture.rs` can let a process die, or its disk be full, at each of
//! them in turn. Unarmed it costs one look at a number in memory; no option and no variable of the environment arms it.
//!
//! Absent on purpose: chance.

use std::io;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// What happens at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// The process dies at the call, at once, as by `kill -9`; of what it was about to write half is written.
    Death = 1,
    /// From the call on there is no room for anything new.
    NoRoom = 2,
}

static ARMED: AtomicU8 = AtomicU8::new(0);
static AT: AtomicU64 = AtomicU64::new(u64::MAX);
static CALLS: AtomicU64 = AtomicU64::new(0);

/// Lets `blow` fall at the call number `at`, counted from 1.
pub fn arm(blow: Blow, at: u64) {
    AT.store(at, Ordering::SeqCst);
    ARMED.store(blow as u8, Ordering::SeqCst);
}

/// How many calls there were since the trial was armed.
#[must_use]
pub fn calls() -> u64 {
    CALLS.load(Ordering::SeqCst)
}

/// Whether the process is to die at this call; `needs_room` says whether a full disk refuses it.
fn dies(needs_room: bool) -> io::Result<bool> {
    let armed = ARMED.load(Ordering::Relaxed);
    if armed == 0 {
        return Ok(false);
    }
    let (own, at) = (CALLS.fetch_add(1, Ordering::SeqCst) + 1, AT.load(Ordering::SeqCst));
    if armed == Blow::NoRoom as u8 && needs_room && own >= at {
        return Err(io::Error::from(io::ErrorKind::StorageFull));
    }
    Ok(armed == Blow::Death as u8 && own == at)
}

/// Asks before a call that changes names: a file, a folder, a link.
pub(super) fn before(needs_room: bool) -> io::Result<()> {
    if dies(needs_room)? { std::process::abort() } else { Ok(()) }
}

/// Asks before `bytes` are written, and writes them.
pub(super) fn written(file: &mut impl io::Write, bytes: &[u8]) -> io::Result<usize> {
    if dies(true)? {
        let _ = file.write_all(&bytes[..bytes.len() / 2]);
        std::process::abort();
    }
    file.write(bytes)
}
