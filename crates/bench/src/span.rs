//! Exactly once and in order: the run of `seq` that somebody saw of one conversation.

use anyhow::ensure;

/// A run of consecutive numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    first: i64,
    last: i64,
    pub(crate) count: u64,
}

impl Span {
    /// The next one.
    ///
    /// # Errors
    /// When it is not the one after the last: a message was lost, repeated or out of order.
    pub(crate) fn push(&mut self, seq: i64) -> anyhow::Result<()> {
        if self.count == 0 {
            self.first = seq;
        } else {
            ensure!(seq == self.last + 1, "seq {seq} came after {}", self.last);
        }
        self.last = seq;
        self.count += 1;
        Ok(())
    }

    /// Acknowledgements come in any order; what they name in the end is a run too.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn of_acknowledged(mut seqs: Vec<i64>) -> anyhow::Result<Self> {
        seqs.sort_unstable();
        let mut span = Self::default();
        for seq in seqs {
            span.push(seq)?;
        }
        Ok(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_and_repeats_are_found() {
        let of = |seqs: &[i64]| Span::of_acknowledged(seqs.to_vec());
        assert_eq!(of(&[7, 5, 6]).unwrap(), Span { first: 5, last: 7, count: 3 });
        assert!(of(&[5, 7]).is_err());
        assert!(of(&[5, 5]).is_err());
        let mut span = Span::default();
        span.push(3).unwrap();
        assert!(span.push(2).is_err(), "received out of order");
    }
}
