//! How much of what is stored goes onto one page. What goes there is measured before it is read, so that the bound is
//! one of memory as well as of the answer.

/// Bytes of stored texts and details on one page.
const PAGE_BYTES: i64 = 1024 * 1024;

/// What still goes onto a page, by count and by bytes. The first always does, however large it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    count: usize,
    bytes: i64,
    is_empty: bool,
}

impl Room {
    /// An empty page for at most `count`.
    pub(crate) fn page(count: usize) -> Self {
        Self::of(count, PAGE_BYTES)
    }

    /// Room for at most `count`, and so many bytes.
    pub(crate) fn of(count: usize, bytes: i64) -> Self {
        Self { count, bytes, is_empty: true }
    }

    /// Takes one more, if there is room for it.
    pub(crate) fn take(&mut self, bytes: i64) -> bool {
        let fits = self.count > 0 && (self.is_empty || bytes <= self.bytes);
        if fits {
            self.count -= 1;
            self.bytes -= bytes;
            self.is_empty = false;
        }
        fits
    }

    /// How many of these, from the first on, go there.
    pub(crate) fn fitting(mut self, sizes: impl IntoIterator<Item = i64>) -> usize {
        sizes.into_iter().take_while(|bytes| self.take(*bytes)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_full_by_count_or_by_bytes_and_never_empty() {
        assert_eq!(Room::of(3, 100).fitting([1; 9]), 3);
        assert_eq!(Room::of(9, 100).fitting([50, 50, 1]), 2);
        assert_eq!(Room::of(9, 100).fitting([51, 50, 1]), 1, "nothing is left out in between");
        assert_eq!(Room::of(9, 100).fitting([101, 0]), 1);
        assert_eq!(Room::of(9, 100).fitting([]), 0);
    }
}
