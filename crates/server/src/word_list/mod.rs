//! The list of words that are not welcome: which texts have one, and what becomes of those. Moderators keep the list
//! (`moderation/words.rs`); slices ask it of what people want to say, before their units.
//!
//! It lives in memory, made ready for looking texts up, and is replaced as a whole on the writer thread after the
//! commit that stored another one.

mod matcher;
mod store;

use std::sync::{Arc, PoisonError, RwLock};

use database::{Connection, Error};
use protocol::Word;

pub(crate) use matcher::{Matcher, Verdict, folded};
pub(crate) use store::replace;

use crate::problem::{Answer, Refusal};

/// The list that holds now.
pub(crate) struct WordList(RwLock<Arc<Matcher>>);

impl WordList {
    pub(crate) fn new(matcher: Matcher) -> Self {
        Self(RwLock::new(Arc::new(matcher)))
    }

    /// The list for one request.
    pub(crate) fn get(&self) -> Arc<Matcher> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// To be called on the writer thread, after the commit that stored it.
    pub(crate) fn set(&self, matcher: Matcher) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(matcher);
    }

    /// Refuses what may not be said at all: for names, which nobody could look at first.
    ///
    /// # Errors
    /// `words_refused`.
    pub(crate) fn check_name(&self, text: &str) -> Answer<()> {
        match self.get().judge(text, usize::MAX) {
            Verdict::Refuse => Err(Refusal::new(protocol::Code::WordsRefused)),
            _ => Ok(()),
        }
    }
}

/// The list as it is stored, in the moderators' order.
///
/// # Errors
/// Those of the database.
pub(crate) fn words(db: &mut Connection) -> Result<Vec<Word>, Error> {
    store::words(db)
}
