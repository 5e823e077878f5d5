//! `/admin` and what everybody may do with what is theirs: extract, call, reply.

pub(crate) mod own;
pub(crate) mod people;
pub(crate) mod posts;
pub(crate) mod server;
pub(crate) mod site;

use crate::problem::{Answer, Refusal};

/// Rows of a page, at most.
const MAX_PAGE: usize = 100;
/// Rows of a page when nothing is said.
const PAGE: usize = 50;

/// How many rows a page has.
fn page_size(limit: Option<usize>) -> Answer<usize> {
    let limit = limit.unwrap_or(PAGE);
    if (1..=MAX_PAGE).contains(&limit) {
        return Ok(limit);
    }
    Err(Refusal::invalid("limit", "must be 1 to 100"))
}

/// A cursor that a page has given out.
fn cursor<T: std::str::FromStr>(before: Option<String>) -> Answer<Option<T>> {
    let read = |text: String| text.parse().map_err(|_| Refusal::invalid("before", "is no cursor"));
    before.map(read).transpose()
}
