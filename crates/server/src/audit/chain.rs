//! The hash of an entry: SHA-256 over the hash of the entry before it and its own fields, each after its length,
//! so that no two entries have the same bytes. Pure.

use sha2::{Digest, Sha256};

use super::Entry;

/// SHA-256.
pub(crate) type Hash = [u8; 32];

/// What stands before the first entry.
pub(super) const START: Hash = [0; 32];

/// What `entry.hash` has to be after an entry with the hash `before`.
pub(super) fn hash(before: &Hash, entry: &Entry) -> Hash {
    let mut hash = Sha256::new();
    hash.update(before);
    for number in [entry.n, entry.at.millis(), entry.actor.get()] {
        hash.update(number.to_be_bytes());
    }
    for text in [&entry.action, &entry.subject, &entry.details] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use protocol::{Timestamp, UserId};

    use super::*;

    #[test]
    fn every_field_counts_and_texts_do_not_run_together() {
        let entry = Entry {
            n: 1,
            at: Timestamp(5),
            actor: UserId(10_001),
            action: "user.banned".into(),
            subject: "user:10002".into(),
            details: "{}".into(),
            hash: START,
        };
        let others = [
            Entry { n: 2, ..entry.clone() },
            Entry { at: Timestamp(6), ..entry.clone() },
            Entry { actor: UserId(10_003), ..entry.clone() },
            Entry { action: "user.bannedu".into(), subject: "ser:10002".into(), ..entry.clone() },
            Entry { details: "[]".into(), ..entry.clone() },
        ];
        let whole = hash(&START, &entry);
        assert!(others.iter().all(|other| hash(&START, other) != whole));
        assert_ne!(hash(&whole, &entry), whole);
    }
}
