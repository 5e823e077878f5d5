//! What a text becomes, worked out before its unit: the writer has no time to waste.

use protocol::{MAX_TEXT_CHARS, Sticker};

use super::send::Send;
use crate::{
    app::App,
    emoji,
    markup::{self, Names},
    problem::Answer,
    word_list::Verdict,
};

/// The most names of custom emoji that are looked up for one text.
const MAX_NAMES: usize = 50;

/// What was made of a send before its unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Worked {
    /// The text with its Markdown, mentions and custom emoji; `None` where it would say no more than the text.
    pub(super) html: Option<String>,
    /// The sticker, if it is one that the sender may use.
    pub(super) sticker: Option<Sticker>,
    /// The list of words has one of its words, and a moderator has to look at it, or it is not said.
    pub(super) unwelcome: Option<Unwelcome>,
}

/// What becomes of a text that is not said as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unwelcome {
    /// It is kept for a moderator.
    Hold,
    /// It is refused.
    Refuse,
}

/// Works out what the message will carry besides its text. An edit does the same as a send.
///
/// # Errors
/// 503.
pub(super) async fn work_out(app: &App, send: &mut Send) -> Answer<()> {
    let unwelcome = match app.words.get().judge(&send.message.text, MAX_TEXT_CHARS) {
        Verdict::Clear => None,
        Verdict::Replaced(text) => {
            send.message.text = text;
            None
        }
        Verdict::Hold => Some(Unwelcome::Hold),
        Verdict::Refuse => Some(Unwelcome::Refuse),
    };
    let message = &send.message;
    let mut names = Names {
        mentions: &message.mentions,
        mentions_all: message.mentions_all,
        ..Names::default()
    };
    let wanted = markup::emoji_names(&message.text, MAX_NAMES);
    if !wanted.is_empty() {
        let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
        let id = send.conversation_id;
        names.emoji =
            app.delivery.read(move |db| Answer::Ok(emoji::named(db, id, &wanted)?)).await?;
    }
    let html = markup::render(&message.text, &names);
    let mut sticker = None;
    if let Some(id) = message.sticker_id.clone() {
        let user = send.sender_id;
        sticker = app.delivery.read(move |db| Answer::Ok(emoji::sticker(db, user, &id)?)).await?;
    }
    send.worked = Worked { html, sticker, unwelcome };
    Ok(())
}
