//! Names of groups.

use crate::{problem::Answer, text};

/// Characters of a name.
const NAME: usize = 64;

/// A valid name, and the key under which it is unique among groups that exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupName {
    pub(super) text: String,
    /// NFKC, case folded.
    pub(super) key: String,
}

impl GroupName {
    /// # Errors
    /// 422 `invalid`.
    pub(super) fn parse(name: &str) -> Answer<Self> {
        let text = text::line("name", name, 1, NAME)?;
        let key = text::key(&text);
        Ok(Self { text, key })
    }
}
