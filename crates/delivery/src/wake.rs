//! How wakes reach sessions: as they should, or, in simulations, as badly as they may.

use crate::Random;

/// A wake is a hint; this decides what becomes of each.
#[derive(Clone, Debug)]
pub enum Wakes {
    /// Every wake arrives.
    Reliable,
    /// For simulations: of a hundred wakes this many are lost, and as many are repeated.
    Faulty {
        /// Where the dice come from.
        random: Random,
        /// 0 to 100.
        lost: u64,
    },
}

impl Wakes {
    /// How often the next wake arrives.
    pub(crate) fn times(&self) -> u32 {
        match self {
            Self::Reliable => 1,
            Self::Faulty { random, lost } if random.below(100) < *lost => 0,
            Self::Faulty { random, lost } if random.below(100) < *lost => 2,
            Self::Faulty { .. } => 1,
        }
    }
}
