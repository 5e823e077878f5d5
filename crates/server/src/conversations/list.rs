//! Listing one's conversations, page by page, and reading one.

use protocol::{Code, Conversation, ConversationId, ConversationPage};

use super::{
    store::{self, Place},
    view::{dress, view},
};
use crate::{
    app::AppState,
    caller::Caller,
    problem::{Answer, Refusal},
};

/// Conversations on one page, at most.
pub(super) const MAX_PAGE: i64 = 100;
/// Conversations on one page, when nothing else is asked for.
pub(super) const PAGE: i64 = 50;

/// The caller's conversations after `before`, with a cursor that was taken first.
pub(super) async fn list(
    app: &AppState,
    caller: Caller,
    before: Option<Place>,
    limit: i64,
) -> Answer<ConversationPage> {
    // Before the snapshot: what happens in between is in the list and in the events, never in neither.
    let cursor = app.delivery.head().to_string();
    let state = AppState::clone(app);
    app.delivery
        .read(move |db| {
            let mut rows = store::views_page(db, caller.user_id, before, limit + 1)?;
            let is_last = rows.len() <= usize::try_from(limit).unwrap_or(usize::MAX);
            if !is_last {
                rows.pop();
            }
            let before = rows.last().filter(|_| !is_last).map(|row| token(row.place));
            let conversations = dress(&state, db, caller.user_id, rows)?;
            Ok(ConversationPage { conversations, cursor, before })
        })
        .await
}

/// One conversation of the caller.
pub(super) async fn get(
    app: &AppState,
    caller: Caller,
    id: ConversationId,
) -> Answer<Conversation> {
    let state = AppState::clone(app);
    app.delivery
        .read(move |db| {
            view(&state, db, caller.user_id, id)?.ok_or_else(|| Refusal::new(Code::NotFound))
        })
        .await
}

/// The opaque form of a place.
fn token(place: Place) -> String {
    format!("{}-{}-{}", i64::from(place.pinned), place.position, place.id)
}

/// Reads what [`token`] wrote.
pub(super) fn parse_token(text: &str) -> Answer<Place> {
    read_token(text).ok_or_else(|| {
        Refusal::new(Code::Malformed).field("before", "is not from a page of this list")
    })
}

fn read_token(text: &str) -> Option<Place> {
    let (pinned, rest) = text.split_once('-')?;
    let (position, id) = rest.split_once('-')?;
    let pinned = match pinned {
        "0" => false,
        "1" => true,
        _ => return None,
    };
    let position = position.parse().ok().filter(|position| *position >= 0)?;
    Some(Place { pinned, position, id: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_and_nonsense_is_refused() {
        for (pinned, position) in [(true, 0), (false, 77)] {
            let place = Place { pinned, position, id: ConversationId(9) };
            assert_eq!(parse_token(&token(place)).unwrap(), place);
        }
        for bad in ["", "1", "1-1", "2-1-1", "1--1-1", "1-x-1", "1-1-0", "0-99999999999999999999-1"]
        {
            assert_eq!(parse_token(bad).unwrap_err().code(), Code::Malformed, "{bad}");
        }
    }
}
