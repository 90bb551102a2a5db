//! `fivep`: an open, fast, honest simulator of how a country answers human trafficking.
//!
//! The `pub mod` lines below are the floor plan: they stand in the order in which data passes, and a module
//! uses only those above it. A test holds everyone to it.

pub mod draws;
pub mod quantities;
pub mod model;
pub mod scenario;
pub mod ensemble;
pub mod results;
pub mod analysis;
pub mod calibration;
pub mod charts;
pub mod briefing;
pub mod cli;
