//! Which answers are compressed on their way out.

use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use tower_http::compression::predicate::{DefaultPredicate, Predicate};

/// On an answer: its bytes go out as they are, so that their number can be said before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsIs;

/// All that compressing helps, but for what is marked [`AsIs`].
pub(crate) fn predicate() -> impl Predicate {
    let is_free = |_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions| {
        extensions.get::<AsIs>().is_none()
    };
    DefaultPredicate::new().and(is_free)
}
