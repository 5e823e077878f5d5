//! Seeded randomness: a story that fails says its seed, and `ROOKERY_TEST_SEED` plays it again.

use delivery::Random;

/// Names the seed to play again.
const VARIABLE: &str = "ROOKERY_TEST_SEED";

/// Clones share one sequence.
#[derive(Clone)]
pub(crate) struct Dice(Random);

impl Dice {
    /// A new seed, or the one that is asked for. What is printed is shown when the test fails.
    pub(crate) fn new() -> Self {
        let seed = match std::env::var(VARIABLE) {
            Ok(seed) => seed.parse().expect("the seed is a number"),
            Err(_) => u64::from(u32::from_le_bytes(Random::system().bytes())),
        };
        println!("{VARIABLE}={seed}");
        Self(Random::seeded(seed))
    }

    /// 0 to `end` - 1.
    pub(crate) fn below(&self, end: u64) -> u64 {
        self.0.below(end)
    }

    /// True once in `times`.
    pub(crate) fn one_in(&self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&self, among: &[T]) -> T {
        among[usize::try_from(self.below(among.len() as u64)).unwrap()]
    }
}
