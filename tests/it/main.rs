//! The one test binary: one module per kind of test.

mod commands;
mod faults;
mod house;
mod observed;
