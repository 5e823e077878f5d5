//! The list of words, as moderators keep it.

use std::{collections::HashSet, sync::Arc};

use protocol::{MAX_WORD_CHARS, MAX_WORDS, Permission, Word, WordAction};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::oneshot;
use utoipa::ToSchema;

use crate::{
    accounts,
    app::App,
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
    text,
    word_list::{self, Matcher, Verdict},
};

/// The longest text that is tried out, in characters.
const MAX_TRIED_CHARS: usize = 4_000;

/// The list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// At most 2,000, each pattern once.
    words: Vec<Word>,
}

/// The list as it is.
///
/// # Errors
/// `forbidden`.
pub(super) async fn list(app: &App, caller: &Caller) -> Answer<Words> {
    caller.require(Permission::ModerateChat)?;
    let words = app.delivery.read(|db| Answer::Ok(word_list::words(db)?)).await?;
    Ok(Words { words })
}

/// Puts another list in its place, for everything that is said from now on.
///
/// # Errors
/// `forbidden`, `invalid`.
pub(super) async fn replace(app: &Arc<App>, caller: &Caller, list: Words) -> Answer<Words> {
    caller.require(Permission::ModerateChat)?;
    let words = check(list)?;
    let too_large = || Refusal::invalid("words", "is too long a list");
    let matcher = Matcher::new(&words).ok_or_else(too_large)?;
    let (caller, state, stored) = (*caller, Arc::clone(app), words.clone());
    let (reply, answer) = oneshot::channel();
    app.delivery.submit(
        move |unit| {
            unit.lock()?;
            accounts::require_now(unit.db(), &caller, Permission::ModerateChat)?;
            let before = word_list::words(unit.db())?;
            word_list::replace(unit.db(), &stored)?;
            let added = stored.iter().filter(|word| !before.contains(word)).count();
            let removed = before.iter().filter(|word| !stored.contains(word)).count();
            let details = json!({"words": stored.len(), "added": added, "removed": removed});
            let (actor, action, subject) = (caller.user_id, "words.changed", "site");
            Ok(audit::record(unit, &Act { actor, action, subject, details })?)
        },
        move |outcome: Answer<()>| {
            if outcome.is_ok() {
                state.words.set(matcher);
            }
            // A caller who has gone away does not want the answer; the list stands all the same.
            drop(reply.send(outcome));
        },
    );
    answer.await.map_err(|_| Refusal::new(protocol::Code::Unavailable))??;
    Ok(Words { words })
}

/// A text to be tried out, and the list to try it on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trial {
    /// Up to 4,000 characters.
    #[schema(max_length = 4000)]
    text: String,
    /// At most 2,000, each pattern once; they need not be stored.
    words: Vec<Word>,
}

/// What would become of a text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tried {
    /// What happens to it; null when it has none of the words.
    action: Option<WordAction>,
    /// How it would stand there.
    text: String,
}

/// What would become of a text with this list. Nothing is stored.
///
/// # Errors
/// `forbidden`, `invalid`.
pub(super) fn try_out(caller: &Caller, trial: Trial) -> Answer<Tried> {
    caller.require(Permission::ModerateChat)?;
    let text = text::block("text", &trial.text, 0, MAX_TRIED_CHARS)?;
    let words = check(Words { words: trial.words })?;
    let too_large = || Refusal::invalid("words", "is too long a list");
    let verdict = Matcher::new(&words).ok_or_else(too_large)?.judge(&text, MAX_TRIED_CHARS);
    let (action, text) = match verdict {
        Verdict::Clear => (None, text),
        Verdict::Replaced(replaced) => (Some(WordAction::Replace), replaced),
        Verdict::Hold => (Some(WordAction::Hold), text),
        Verdict::Refuse => (Some(WordAction::Refuse), text),
    };
    Ok(Tried { action, text })
}

fn check(list: Words) -> Answer<Vec<Word>> {
    if list.words.len() > MAX_WORDS {
        return Err(Refusal::invalid("words", format!("has more than {MAX_WORDS}")));
    }
    let mut seen = HashSet::new();
    let mut words = Vec::with_capacity(list.words.len());
    for (n, word) in list.words.into_iter().enumerate() {
        let field = |name: &str| format!("words[{n}].{name}");
        let pattern = text::line(&field("pattern"), &word.pattern, 1, MAX_WORD_CHARS)?;
        let folded = word_list::folded(&pattern);
        if folded.is_empty() {
            return Err(Refusal::invalid(field("pattern"), "has nothing to look for"));
        }
        if !seen.insert(folded) {
            return Err(Refusal::invalid(field("pattern"), "is in the list already"));
        }
        let replacement = match (word.action, word.replacement) {
            (WordAction::Replace, Some(text)) => {
                Some(text::line(&field("replacement"), &text, 0, MAX_WORD_CHARS)?)
            }
            (_, None) => None,
            (_, Some(_)) => {
                return Err(Refusal::invalid(field("replacement"), "goes with `replace` only"));
            }
        };
        words.push(Word { pattern, action: word.action, replacement });
    }
    Ok(words)
}
