//! The processes of a month, one file each, named after the submodels of the ODD protocol.
//!
//! Within a process all decisions read the state as it stood at the process's start: a process first collects
//! who does what, each by draws of its own address, and then applies it. A process calls down, to `moves`, `disclosure`, `risk` and `chance`, and to those listed
//! above it, never to one below.

pub mod budget;
pub mod recruitment;
pub mod migration;
pub mod placement;
pub mod work;
pub mod employers;
pub mod recruiters;
pub mod contact;
pub mod identification;
pub mod labour_law;
pub mod compounds;
pub mod care;
pub mod justice;
pub mod complicity;
pub mod beliefs;
pub mod die;
