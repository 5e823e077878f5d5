//! What new accounts may do for now: a bounded number of messages an hour, and of articles and comments a day, as the
//! settings of the site say. Counted in memory, as rate limits are, and off with them: a restart counts anew.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use protocol::{Code, Timestamp, UserId};

use crate::problem::{Answer, Refusal};
use crate::settings::site::SiteSettings;

/// The most accounts that are counted. When there are more, all are counted anew.
const MAX_ACCOUNTS: usize = 100_000;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Doing {
    /// Messages.
    Sending,
    /// Articles and comments.
    Posting,
}

/// The counters of this node.
#[derive(Debug)]
pub(crate) struct NewAccounts {
    is_on: bool,
    /// Since when, and how many.
    counts: Mutex<HashMap<(UserId, Doing), (Timestamp, i64)>>,
}

impl NewAccounts {
    pub(crate) fn new(is_on: bool) -> Self {
        Self { is_on, counts: Mutex::default() }
    }

    /// Counts one more of an account that was made at `created_at`.
    ///
    /// # Errors
    /// 429 `rate_limited` with `Retry-After` when it is new and has done as much as it may.
    pub(crate) fn count(
        &self,
        site: &SiteSettings,
        doing: Doing,
        (user, created_at): (UserId, Timestamp),
        now: Timestamp,
    ) -> Answer<()> {
        let age = now.millis().saturating_sub(created_at.millis());
        if !self.is_on || age >= site.new_account_hours.saturating_mul(HOUR) {
            return Ok(());
        }
        let (most, time, what) = match doing {
            Doing::Sending => (site.new_account_messages_an_hour, HOUR, "messages an hour"),
            Doing::Posting => (site.new_account_posts_a_day, DAY, "articles and comments a day"),
        };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MAX_ACCOUNTS {
            counts.clear();
        }
        let (since, count) = counts.entry((user, doing)).or_insert((now, 0));
        if now >= since.plus_millis(time) {
            (*since, *count) = (now, 0);
        }
        if *count >= most {
            let wait = since.plus_millis(time).millis() - now.millis();
            let seconds = u64::try_from((wait + 999) / 1_000).unwrap_or(1);
            return Err(Refusal::new(Code::RateLimited)
                .retry_after(seconds)
                .detail(format!("New accounts may send {most} {what}")));
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, FileValues, Values};

    #[test]
    fn a_new_account_has_its_share_and_an_old_one_no_bounds() {
        let values = Values::resolve(|_| None, |_| None, &FileValues::default());
        let configured = SiteSettings::configured(&Config::from_values(&values).unwrap());
        let site = SiteSettings { new_account_messages_an_hour: 2, ..configured };
        let limits = NewAccounts::new(true);
        let born = Timestamp(1_000);
        let send =
            |user, at| limits.count(&site, Doing::Sending, (UserId(user), born), Timestamp(at));
        assert!(send(1, 1_000).is_ok() && send(1, 2_000).is_ok());
        assert_eq!(send(1, 3_000).unwrap_err().code(), Code::RateLimited);
        assert!(send(2, 3_000).is_ok(), "others have their own");
        let post = limits.count(&site, Doing::Posting, (UserId(1), born), Timestamp(3_000));
        assert!(post.is_ok(), "and so has everything else");
        assert!(send(1, 1_000 + HOUR).is_ok());
        for n in 0..10 {
            assert!(send(1, 1_000 + DAY + n).is_ok());
        }
    }
}
