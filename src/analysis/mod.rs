//! Tables into answers: plain structs that say what is known and how sure it is.
//!
//! [`measure`] says what is asked of a run (an indicator or a figure derived from two), [`compare`] pairs
//! replicates of a variant and the baseline, [`verdict`] decides how sure a difference is, [`summary`] tells one record by year, [`table`] lays a ledger
//! out by month, year, sector or stage, [`ranking`] orders variants and asks whether another structure would order them so.
//!
//! [`answer`](mod@answer) puts the variants in order and says what each part of a package carries; [`inputs`], which uncertain inputs an effect turns on.
//!
//! [`scorecard`] tells what an official ledger alone would make of a year ([`ranked`] how well it forecasts), [`figures`] what a target asks of a run.
//! [`funding`] walks a plan and tells what its lines cannot pay, [`bought`] what more money became in people and things.
//! [`effects`] tries every lever alone, [`scales`] holds one scale against another, [`routes`] says by which way people come into exploitation and out.
//!
//! Rows are asked in lazy expressions of polars, piece by piece ([`measure::answers`]); what is gathered is one number for each variant,
//! replicate and measure, and only such plain columns are compared, ranked and drawn.
//!
//! An interval is about chance only (the same assumptions, other luck) unless parameter sets were drawn; then it is about
//! chance and uncertain inputs. Absent on purpose: printing,
//! files, and the word for what a difference means outside the model.

pub mod answer;
pub mod bought;
pub mod compare;
pub mod course;
pub mod effects;
pub mod figures;
pub mod funding;
pub mod inputs;
pub mod measure;
pub mod pairs;
pub mod ranked;
pub mod ranking;
pub mod routes;
pub mod scales;
pub mod scorecard;
pub mod statistics;
pub mod summary;
pub mod table;
pub mod verdict;
