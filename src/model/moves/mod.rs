//! What is done to one person, post or case: verbs of about ten lines each, below the processes that decide.
//!
//! A move keeps the state in step with itself and counts what happened; whether it happens is decided by a process, which calls down
//! to here and never across to another process.

pub mod exploitation;
pub mod status;
pub mod employment;
pub mod custody;
pub mod posts;
pub mod files;
