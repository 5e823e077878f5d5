//! Places in a list, as clients get them: numbers with dots between them, which mean nothing to anybody else.

use protocol::Code;

use super::store::Way;
use crate::problem::{Answer, Refusal};

/// The longest cursor that is read, in bytes; the path of a comment is the longest part of one.
const MAX_CURSOR: usize = 512;

/// The opaque form of numbers.
pub(super) fn write(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(".")
}

/// Reads what [`write()`] wrote of `N` numbers.
///
/// # Errors
/// 400 `malformed`, naming `before`.
pub(super) fn read<const N: usize>(text: &str) -> Answer<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split('.');
    for number in &mut numbers {
        *number = parts.next().and_then(|part| part.parse().ok()).ok_or_else(bad)?;
    }
    if parts.next().is_some() || text.len() > MAX_CURSOR { Err(bad()) } else { Ok(numbers) }
}

/// Which page of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn<'a> {
    pub(super) limit: usize,
    /// The cursor of the page before.
    pub(super) before: Option<&'a str>,
    /// Instead of that, where the page ends: [`Rows::previous`] of the one after it.
    pub(super) after: Option<&'a str>,
}

/// What is on a page, and the ways from it.
pub(super) struct Rows<T> {
    pub(super) rows: Vec<T>,
    /// `before` of this page; `None` on the first.
    pub(super) before: Option<String>,
    /// `after` of the page before it, if this is not the first.
    pub(super) previous: Option<String>,
    /// `before` of the page after it, if there is one.
    pub(super) next: Option<String>,
}

impl Turn<'_> {
    /// `read` reads one row more than a page has, in the order in which they are met, from a cursor or from the beginning;
    /// `write` makes a cursor.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn rows<T>(
        self,
        mut read: impl FnMut(Option<&str>, Way) -> Answer<Vec<T>>,
        write: impl Fn(&T) -> String,
    ) -> Answer<Rows<T>> {
        if self.after.is_some() {
            let mut rows = read(self.after, Way::Up)?;
            if rows.len() > self.limit {
                rows.reverse();
                let before = write(&rows.remove(0));
                let (previous, next) = (rows.first().map(&write), rows.last().map(&write));
                return Ok(Rows { rows, before: Some(before), previous, next });
            }
            // The list begins before the page is full: it is the first one.
        }
        let before = self.before.filter(|_| self.after.is_none());
        let mut rows = read(before, Way::Down)?;
        let has_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let previous = rows.first().filter(|_| before.is_some()).map(&write);
        let next = rows.last().filter(|_| has_more).map(&write);
        Ok(Rows { rows, before: before.map(str::to_owned), previous, next })
    }
}

/// What is not from a page of the list.
pub(super) fn bad() -> Refusal {
    Refusal::new(Code::Malformed).field("before", "is not from a page of this list")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages of numbers below 7, two a page, the highest first.
    fn page(before: Option<&str>, after: Option<&str>) -> Rows<i64> {
        let read = |text: Option<&str>, way| {
            let all = (0..7).rev();
            let Some(text) = text else { return Ok(all.take(3).collect()) };
            let [from] = super::read(text)?;
            Ok(match way {
                Way::Down => all.filter(|n| *n < from).take(3).collect(),
                Way::Up => all.rev().filter(|n| *n > from).take(3).collect(),
            })
        };
        Turn { limit: 2, before, after }.rows(read, |n| write(&[*n])).unwrap()
    }

    #[test]
    fn pages_lead_on_and_back_the_same_way() {
        let mut pages = vec![page(None, None)];
        while let Some(next) = pages.last().unwrap().next.clone() {
            pages.push(page(Some(&next), None));
        }
        let all: Vec<&[i64]> = pages.iter().map(|page| &*page.rows).collect();
        assert_eq!(all, [&[6, 5][..], &[4, 3], &[2, 1], &[0]]);
        for pair in pages.windows(2) {
            let back = page(None, pair[1].previous.as_deref());
            assert_eq!(
                (&back.rows, &back.before, &back.next),
                (&pair[0].rows, &pair[0].before, &pair[0].next)
            );
            assert_eq!(back.previous, pair[0].previous);
        }
        assert_eq!((&pages[0].previous, &pages[0].before), (&None, &None));
        // From in between, back leads to the first page as it is.
        assert_eq!((page(None, Some("5")).rows, page(None, Some("5")).before), (vec![6, 5], None));
        let beyond = page(Some("0"), None);
        assert!(beyond.rows.is_empty() && beyond.previous.is_none() && beyond.next.is_none());
    }

    #[test]
    fn places_come_back_and_nonsense_is_refused() {
        assert_eq!(read::<3>(&write(&[1_000, -5, 7])).unwrap(), [1_000, -5, 7]);
        for bad in ["", "1", "1.2", "1.2.3.4", "1.2.x", "1.2.99999999999999999999"] {
            assert_eq!(read::<3>(bad).unwrap_err().code(), Code::Malformed, "{bad}");
        }
    }
}
