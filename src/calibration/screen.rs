//! Which parameters move any figure: a screen before anything is fitted.
//!
//! One space-filling design over all parameters at once; for each parameter and figure the rank correlation (Spearman
//! 1904), which sees any monotone influence. With n runs chance alone gives a correlation of 1/sqrt(n - 1), so that one
//! that passes four of these is no accident even among thousands of pairs.
//!
//! Its runs are not lost: emulators learn from them as from all others.
//!
//! Absent on purpose: influences that rise and fall over a range and cancel; the report says so.

use super::design::points;
use super::store::Store;
use super::{Effort, Goal, Space, Stopped};
use crate::analysis::statistics::{correlation, ranks};

/// Standard deviations of chance that a correlation must pass.
const BEYOND_CHANCE: f64 = 4.0;

/// What the screen saw of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Influence {
    /// Its place in the space.
    pub parameter: usize,
    /// The rank correlation with each goal's figure.
    pub correlations: Vec<f64>,
    /// Whether any passes what chance could do.
    pub matters: bool,
}

impl Influence {
    /// The greatest correlation, without its sign.
    #[must_use]
    pub fn greatest(&self) -> f64 {
        self.correlations.iter().map(|r| r.abs()).fold(0.0, f64::max)
    }
}

/// What a screen saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// Each parameter's influence, in the order of the space.
    pub influences: Vec<Influence>,
    /// The places of its runs, in the unit cube of all parameters.
    pub design: Vec<Vec<f64>>,
    /// Their figures.
    pub outputs: Vec<Vec<f64>>,
}

/// Screens all parameters of `space`; where no more are there than are emulated anyway, all matter and nothing is run.
///
/// # Errors
/// What `store` could not do.
pub fn screen(space: &Space, goals: &[Goal], effort: Effort, seed: u64, store: &mut Store<'_>) -> Result<Screened, Stopped> {
    let all = 0..space.names.len();
    if all.len() <= effort.most {
        let influences = all.map(|parameter| Influence { parameter, correlations: vec![], matters: true }).collect();
        return Ok(Screened { influences, design: vec![], outputs: vec![] });
    }
    let design = points(effort.screen, all.len(), seed as u32);
    let outputs = store.batch("screen", &design.iter().map(|point| space.values(point)).collect::<Vec<_>>())?;
    let columns: Vec<Vec<f64>> = (0..goals.len()).map(|goal| ranks(&outputs.iter().map(|outputs| outputs[goal]).collect::<Vec<_>>())).collect();
    let chance = 1.0 / (effort.screen as f64 - 1.0).sqrt();
    let influence = |parameter: usize| {
        let own = ranks(&design.iter().map(|point| point[parameter]).collect::<Vec<_>>());
        let correlations: Vec<f64> = columns.iter().map(|column| correlation(&own, column)).collect();
        let matters = correlations.iter().any(|r| r.abs() > BEYOND_CHANCE * chance);
        Influence { parameter, correlations, matters }
    };
    let influences = all.map(influence).collect();
    Ok(Screened { influences, design, outputs })
}

/// The parameters that emulators know, in the order of the space: those that matter, and where they are more than `most`, those of
/// the greatest influence. Of a space in which none seems to matter they know the `most` strongest all the same.
#[must_use]
pub fn known(screened: &[Influence], most: usize) -> Vec<usize> {
    let mut order: Vec<&Influence> = screened.iter().filter(|influence| influence.matters).collect();
    if order.is_empty() {
        order = screened.iter().collect();
    }
    // Several goals may hang on one parameter: the sum of squares beyond the greatest breaks ties in its favour.
    let weight = |influence: &Influence| influence.correlations.iter().map(|r| r * r).sum::<f64>() + influence.greatest();
    order.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.parameter.cmp(&b.parameter)));
    let mut chosen: Vec<usize> = order.iter().take(most).map(|influence| influence.parameter).collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_are_known_in_the_order_of_the_space() {
        let influence = |parameter, r: f64| Influence { parameter, correlations: vec![r], matters: r.abs() > 0.2 };
        let screened = [influence(0, 0.1), influence(1, -0.5), influence(2, 0.3), influence(3, 0.9)];
        assert_eq!(known(&screened, 2), [1, 3]);
        assert_eq!(known(&screened, 9), [1, 2, 3]);
        assert_eq!(known(&screened[..1], 9), [0]);
    }
}
