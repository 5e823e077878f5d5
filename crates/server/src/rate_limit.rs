//! How often things may be done, per account and per address. All of it is off with `ROOKERY_RATE_LIMIT=off`.
//!
//! Logging in is limited by address, and by username *and* address together: who guesses at an account from
//! one place is slowed down there, while its owner logs in from elsewhere.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use protocol::{Code, UserId};

use crate::problem::{Answer, Refusal};

/// The most keys that one table counts exactly; beyond it new ones share [`SHARED_KEYS`] counters.
const MAX_KEYS: usize = 100_000;
/// See [`MAX_KEYS`].
const SHARED_KEYS: u64 = 1_024;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Attempts to log in.
    Login,
    /// New accounts.
    Registration,
    /// Messages.
    Sending,
    /// What is written, saved and liked in the forum.
    Posting,
    /// Searches of people and groups.
    Searching,
    /// Friend requests, requests to join, joining and making groups.
    FriendRequests,
    /// Uploaded files.
    Uploads,
    /// Reports to the moderators, and appeals.
    Reports,
    /// Any request.
    General,
}

/// How many at once, and after how many milliseconds one more.
type Rate = (u32, u64);

impl Limit {
    const ALL: [Self; 9] = [
        Self::Login,
        Self::Registration,
        Self::Sending,
        Self::Posting,
        Self::Searching,
        Self::FriendRequests,
        Self::Uploads,
        Self::Reports,
        Self::General,
    ];

    /// For one account; for logins, one account at one address.
    fn per_account(self) -> Rate {
        match self {
            Self::Login => (20, 15_000),
            Self::Registration => (5, 600_000),
            Self::Sending => (50, 100),
            Self::Posting => (60, 2_000),
            Self::Searching => (30, 500),
            Self::FriendRequests => (60, 20_000),
            Self::Uploads => (60, 2_000),
            Self::Reports => (20, 30_000),
            Self::General => (500, 20),
        }
    }

    /// For one address, behind which may be many people: a school class that comes at once, and the next one.
    fn per_address(self) -> Rate {
        match self {
            Self::Login => (200, 1_000),
            Self::Registration => (100, 20_000),
            Self::Sending => (500, 10),
            Self::Posting => (300, 200),
            Self::Searching => (300, 50),
            Self::FriendRequests => (300, 2_000),
            Self::Uploads => (200, 500),
            Self::Reports => (200, 3_000),
            Self::General => (5_000, 2),
        }
    }
}

/// Governor's clock, on ours.
#[derive(Clone, Debug)]
struct LimitClock(delivery::Clock);

impl GovernorClock for LimitClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let millis = u64::try_from(self.0.now().millis()).unwrap_or(0);
        Nanos::from(Duration::from_millis(millis))
    }
}

type Table = RateLimiter<u64, DashMapStateStore<u64>, LimitClock, NoOpMiddleware<Nanos>>;

/// The counters of this node.
#[derive(Debug)]
pub struct RateLimits(Option<Counting>);

#[derive(Debug)]
struct Counting {
    clock: LimitClock,
    hasher: RandomState,
    accounts: [Table; 9],
    addresses: [Table; 9],
}

impl RateLimits {
    /// Empty counters; with `on` false nothing is ever refused.
    #[must_use]
    pub fn new(on: bool, clock: delivery::Clock) -> Self {
        let clock = LimitClock(clock);
        Self(on.then(|| Counting {
            hasher: RandomState::new(),
            accounts: Limit::ALL.map(|limit| table(limit.per_account(), &clock)),
            addresses: Limit::ALL.map(|limit| table(limit.per_address(), &clock)),
            clock,
        }))
    }

    /// Counts one more for an account.
    ///
    /// # Errors
    /// 429 `rate_limited` with `Retry-After`.
    pub fn account(&self, limit: Limit, user: UserId) -> Answer<()> {
        let Some(counting) = &self.0 else { return Ok(()) };
        let key = counting.hasher.hash_one(user.get());
        counting.check(&counting.accounts[limit as usize], key)
    }

    /// Counts one more for an address.
    ///
    /// # Errors
    /// 429 `rate_limited` with `Retry-After`.
    pub fn address(&self, limit: Limit, address: IpAddr) -> Answer<()> {
        let Some(counting) = &self.0 else { return Ok(()) };
        let key = counting.hasher.hash_one(network_of(address));
        counting.check(&counting.addresses[limit as usize], key)
    }

    /// Counts one more login as `username` (its key) from `address`, for both together.
    ///
    /// # Errors
    /// 429 `rate_limited` with `Retry-After`.
    pub fn login(&self, username: &str, address: IpAddr) -> Answer<()> {
        let Some(counting) = &self.0 else { return Ok(()) };
        let key = counting.hasher.hash_one((username, network_of(address)));
        counting.check(&counting.accounts[Limit::Login as usize], key)
    }

    /// Forgets keys that have not been used lately. Called once a minute.
    pub fn forget_idle(&self) {
        let Some(counting) = &self.0 else { return };
        for table in counting.accounts.iter().chain(&counting.addresses) {
            table.retain_recent();
        }
    }
}

impl Counting {
    fn check(&self, table: &Table, key: u64) -> Answer<()> {
        let key = if table.len() < MAX_KEYS { key } else { key % SHARED_KEYS };
        table.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Refusal::new(Code::RateLimited).retry_after(whole)
        })
    }
}

fn table((burst, millis): Rate, clock: &LimitClock) -> Table {
    let burst = NonZeroU32::new(burst).expect("every burst above is at least 1");
    let quota = Quota::with_period(Duration::from_millis(millis))
        .expect("every period above is at least 1 ms")
        .allow_burst(burst);
    RateLimiter::dashmap_with_clock(quota, clock.clone())
}

/// One customer of IPv6 has at least a /64 to himself.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Timestamp;

    fn clock() -> delivery::Clock {
        delivery::Clock::manual(Timestamp(1_700_000_000_000))
    }

    fn here() -> IpAddr {
        "192.0.2.1".parse().unwrap()
    }

    #[test]
    fn a_limit_says_when_to_come_back_and_then_lets_in() {
        let clock = clock();
        let limits = RateLimits::new(true, clock.clone());
        for _ in 0..20 {
            limits.login("ann", here()).unwrap();
        }
        let refusal = limits.login("ann", here()).unwrap_err();
        assert_eq!(refusal, Refusal::new(Code::RateLimited).retry_after(15));
        // The owner, at home.
        limits.login("ann", "198.51.100.7".parse().unwrap()).unwrap();
        // Somebody else, at the same place.
        limits.login("ben", here()).unwrap();
        clock.advance(15_000);
        limits.login("ann", here()).unwrap();
        limits.login("ann", here()).unwrap_err();
    }

    #[test]
    fn a_customer_of_ipv6_is_one_address() {
        let limits = RateLimits::new(true, clock());
        for n in 0..100 {
            let address = format!("2001:db8::{n:x}").parse().unwrap();
            limits.address(Limit::Registration, address).unwrap();
        }
        limits.address(Limit::Registration, "2001:db8::ffff".parse().unwrap()).unwrap_err();
        limits.address(Limit::Registration, "2001:db8:0:1::1".parse().unwrap()).unwrap();
    }

    #[test]
    fn idle_keys_are_forgotten_and_off_is_off() {
        let clock = clock();
        let limits = RateLimits::new(true, clock.clone());
        limits.account(Limit::Sending, UserId(10_001)).unwrap();
        clock.advance(60_000);
        limits.forget_idle();
        assert!(limits.0.unwrap().accounts[Limit::Sending as usize].is_empty());
        let off = RateLimits::new(false, clock);
        for _ in 0..1_000 {
            off.login("ann", here()).unwrap();
        }
    }
}
