//! How well shares over tiers forecast the published ones: the ranked probability score (Epstein 1969), beside three forecasts that anybody can make.
//!
//! The score is the mean squared difference of cumulated shares, 0 for a sure and right forecast and 1 for the worst. *Uniform*
//! gives every tier the same share. *Climatology* gives each the share that it has in the other published years. *Persistence* says
//! the tier of the year before.

use super::scorecard::{Card, TIERS};
use super::statistics::mean;

/// Mean scores over the years that were published; the smaller the better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Of the cards.
    pub cards: f64,
    /// Of equal shares.
    pub uniform: f64,
    /// Of the shares in the other years.
    pub climatology: f64,
    /// Of the year before, over the years that have one.
    pub persistence: f64,
}

/// The scores of `cards` on the `published` tiers; nothing where fewer than two of their years were published.
#[must_use]
pub fn scores(cards: &[Card], published: &[(i32, usize)]) -> Option<Scores> {
    let known = |year: i32| published.iter().find(|(known, _)| *known == year).map(|(_, tier)| *tier);
    let pairs: Vec<(&Card, usize)> = cards.iter().filter_map(|card| Some((card, known(card.year)?))).collect();
    if pairs.len() < 2 {
        return None;
    }
    let sure = |tier: usize| std::array::from_fn(|own| f64::from(u8::from(own == tier)));
    let others = |place: usize| {
        let mut shares = [0.0; TIERS.len()];
        for (_, (_, tier)) in pairs.iter().enumerate().filter(|(other, _)| *other != place) {
            shares[*tier] += 1.0 / (pairs.len() - 1) as f64;
        }
        shares
    };
    let before = |(card, tier): &(&Card, usize)| known(card.year - 1).map(|before| score(&sure(before), *tier));
    Some(Scores {
        cards: mean(&pairs.iter().map(|(card, tier)| score(&card.tiers, *tier)).collect::<Vec<_>>()),
        uniform: mean(&pairs.iter().map(|(_, tier)| score(&[1.0 / TIERS.len() as f64; TIERS.len()], *tier)).collect::<Vec<_>>()),
        climatology: mean(&pairs.iter().enumerate().map(|(place, (_, tier))| score(&others(place), *tier)).collect::<Vec<_>>()),
        persistence: mean(&pairs.iter().filter_map(before).collect::<Vec<_>>()),
    })
}

/// The ranked probability score of one forecast.
fn score(shares: &[f64; TIERS.len()], tier: usize) -> f64 {
    let (mut below, mut sum) = (0.0, 0.0);
    for (place, share) in shares.iter().enumerate().take(TIERS.len() - 1) {
        below += share;
        let happened = if tier <= place { 1.0 } else { 0.0 };
        sum += (below - happened) * (below - happened);
    }
    sum / (TIERS.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Equal shares score 0.125 on a tier in the middle and 0.2917 on one at the end.
    #[test]
    fn scores_have_known_answers() {
        let card = |year, tiers| Card { year, scores: vec![], efforts: 0.0, drawn: 0.0, tiers };
        let cards =
            [card(2014, [0.0, 0.0, 0.0, 1.0]), card(2015, [0.0, 0.0, 0.0, 1.0]), card(2016, [0.0, 1.0, 0.0, 0.0]), card(2017, [1.0, 0.0, 0.0, 0.0])];
        let found = scores(&cards, &[(2014, 3), (2015, 3), (2016, 2)]).expect("three years");
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{found:?}");
        close(found.cards, (0.0 + 0.0 + 1.0 / 3.0) / 3.0);
        close(found.uniform, (2.0 * 0.875 / 3.0 + 0.375 / 3.0) / 3.0);
        // Half of the others: 0.25 / 3 for each of the first two; both of the others wrong by one tier for the third.
        close(found.climatology, (2.0 * 0.25 / 3.0 + 1.0 / 3.0) / 3.0);
        close(found.persistence, 1.0 / 6.0);
        assert_eq!(scores(&cards, &[(2014, 3)]), None);
    }
}
