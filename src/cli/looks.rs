//! `--until settled`: at how many replicates it is looked whether effects stand.
//!
//! It is looked at fixed numbers of replicates, each twice the one before. Whoever looks after every replicate stops where chance has just made
//! the spread small, and believes too much; with few and fixed looks, known before anything is simulated, little of that is left.

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Until {
    /// The standard error of each headline effect is small enough, by the rule that `compare` prints
    Settled,
}

/// The number of replicates at the first look.
const FIRST: u32 = 20;

/// How many replicates are simulated before the first look.
#[must_use]
pub fn first(most: u32) -> u32 {
    FIRST.min(most)
}

/// The number of replicates at the next look; nothing where no more are allowed.
#[must_use]
pub fn next(replicates: u32, most: u32) -> Option<u32> {
    let mut size = FIRST;
    while size <= replicates {
        size = size.saturating_mul(2);
    }
    (replicates < most).then_some(size.min(most))
}

/// Whether it is looked at this number of replicates.
#[must_use]
pub fn looked_at(replicates: u32, most: u32) -> bool {
    replicates >= most || replicates == first(most) || next(replicates - 1, most) == Some(replicates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_at_few_and_fixed_numbers() {
        let looks = |from: u32, most: u32| std::iter::successors(Some(from), |size| next(*size, most)).collect::<Vec<_>>();
        assert_eq!(looks(first(500), 500), [20, 40, 80, 160, 320, 500]);
        assert_eq!(looks(first(7), 7), [7]);
        assert_eq!(looks(30, 100), [30, 40, 80, 100]);
        let looked: Vec<u32> = (1..=100).filter(|size| looked_at(*size, 100)).collect();
        assert_eq!(looked, [20, 40, 80, 100]);
    }
}
