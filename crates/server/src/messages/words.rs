//! What a text becomes, worked out before its unit: the writer has no time to waste.

use super::send::Send;
use crate::markup::{self, Names};

/// What was made of a send before its unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Worked {
    /// The text with its Markdown, mentions and custom emoji; `None` where it would say no more than the text.
    pub(super) html: Option<String>,
}

/// Works out what the message will carry besides its text. An edit does the same as a send.
pub(super) fn work_out(send: &mut Send) {
    let message = &send.message;
    let names = Names {
        mentions: &message.mentions,
        mentions_all: message.mentions_all,
        ..Names::default()
    };
    send.worked.html = markup::render(&message.text, &names);
}
