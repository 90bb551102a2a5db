//! `fivep`: an open, fast, honest simulator of how a country answers human trafficking.
//!
//! The `pub mod` lines below are the floor plan: they stand in the order in which data passes, and a module
//! uses only those above it. A test holds everyone to it. What reads files from anywhere unwraps nothing: the marked rooms, and those
//! that `calibration`, `charts` and `briefing` mark.

pub mod draws;
pub mod quantities;
pub mod model;
pub mod sums;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod scenario;
pub mod ensemble;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod results;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod analysis;
pub mod calibration;
pub mod charts;
pub mod briefing;
#[deny(clippy::unwrap_used, clippy::expect_used)]
pub mod cli;
