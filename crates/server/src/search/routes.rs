//! `/search`: extract, call, reply.

use axum::extract::State;
use jiff::{civil::Date, tz::TimeZone};
use protocol::{ConversationId, Problem, SearchResults, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    run::{self, Asked, Order},
    store::Filter,
};
use crate::{
    app::AppState,
    caller::Caller,
    client_address::ClientAddress,
    json::{Json, Query},
    problem::{Answer, Refusal},
    rate_limit::Limit,
    text,
};

/// Characters of a query.
const MAX_QUERY: usize = 100;
/// What one page has, when nothing else is asked for.
const PAGE: usize = 20;
/// What one page has at most.
const MAX_PAGE: usize = 50;
const DAY_MS: i64 = 86_400_000;

/// What is searched for.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SearchKind {
    /// Texts of messages.
    Messages,
    /// People.
    People,
    /// Groups.
    Groups,
    /// Messages by the names of their files.
    Files,
    /// Articles of the forum.
    Articles,
    /// Comments on them.
    Comments,
}

/// A search.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// 1 to 100 characters. Of a text, every word between blanks has to be in it somewhere, as a part of a word too;
    /// case, width, accents and traditional or simplified characters do not matter. Names of people and groups
    /// are found by pinyin and initials as well.
    #[param(min_length = 1, max_length = 100)]
    q: String,
    /// What is searched for; all of it when absent.
    #[param(inline)]
    kind: Option<SearchKind>,
    /// Only what was said there.
    conversation_id: Option<ConversationId>,
    /// Only what they said.
    sender_id: Option<UserId>,
    /// Only what was said then or later: a time (RFC 3339), or a date (UTC).
    from: Option<String>,
    /// Only what was said before that time, or up to the end of that date (UTC).
    until: Option<String>,
    /// Only messages with files.
    has_file: Option<bool>,
    /// `next` of the page before; for one kind, and not for people or groups.
    before: Option<String>,
    /// At most so many of each kind; 1 to 50, 20 when absent.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<usize>,
}

/// Finds messages that the caller may read, people, groups, files by their names, and what everybody can read in the
/// forum: articles and comments, unless it is asked where, when or by whom something was said.
#[utoipa::path(get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = OK, body = SearchResults), (status = "4XX", body = Problem)))]
pub(crate) async fn search(
    State(app): State<AppState>,
    caller: Caller,
    address: ClientAddress,
    Query(query): Query<SearchQuery>,
) -> Answer<Json<SearchResults>> {
    app.limits.account(Limit::Searching, caller.user_id)?;
    app.limits.address(Limit::Searching, address.0)?;
    run::run(&app, caller, order(query)?).await.map(Json)
}

fn order(query: SearchQuery) -> Answer<Order> {
    let asked = |wanted: fn(SearchKind) -> bool| query.kind.is_none_or(wanted);
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(Refusal::invalid("limit", "must be 1 to 50"));
    }
    let before = match &query.before {
        None => i64::MAX,
        Some(_) if matches!(query.kind, None | Some(SearchKind::People | SearchKind::Groups)) => {
            let why = "is for one kind: messages, files, articles or comments";
            return Err(Refusal::invalid("before", why));
        }
        Some(place) => {
            let place = place.parse::<i64>().ok().filter(|place| *place > 0);
            place.ok_or_else(|| Refusal::invalid("before", "is no place in the results"))?
        }
    };
    // What is asked of where, when and by whom something was said is asked of messages.
    let is_of_chat = query.conversation_id.is_some()
        || query.sender_id.is_some()
        || query.from.is_some()
        || query.until.is_some()
        || query.has_file == Some(true);
    Ok(Order {
        asked: Asked {
            messages: asked(|kind| matches!(kind, SearchKind::Messages)),
            people: asked(|kind| matches!(kind, SearchKind::People)),
            groups: asked(|kind| matches!(kind, SearchKind::Groups)),
            files: asked(|kind| matches!(kind, SearchKind::Files)),
            articles: !is_of_chat && asked(|kind| matches!(kind, SearchKind::Articles)),
            comments: !is_of_chat && asked(|kind| matches!(kind, SearchKind::Comments)),
        },
        query: text::speech("q", &query.q, 1, MAX_QUERY)?,
        filter: Filter {
            conversation_id: query.conversation_id,
            sender_id: query.sender_id,
            from: query.from.map(|text| time("from", &text, 0)).transpose()?,
            until: query.until.map(|text| time("until", &text, DAY_MS)).transpose()?,
        },
        has_file: query.has_file.unwrap_or(false),
        before,
        limit,
    })
}

/// Milliseconds of a time, or of a date's beginning and `later` than that.
fn time(field: &str, text: &str, later: i64) -> Answer<i64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(time.as_millisecond());
    }
    let day = text.parse::<Date>().ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    let day = day.ok_or_else(|| Refusal::invalid(field, "is neither a time nor a date"))?;
    Ok(day.timestamp().as_millisecond() + later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_dates_are_read() {
        assert_eq!(time("from", "1970-01-02", 0).unwrap(), DAY_MS);
        assert_eq!(time("until", "1970-01-02", DAY_MS).unwrap(), 2 * DAY_MS);
        assert_eq!(time("from", "1970-01-01T08:00:00+08:00", 5).unwrap(), 0);
        for bad in ["", "yesterday", "1970-13-01", "12:00"] {
            assert!(time("from", bad, 0).is_err(), "{bad}");
        }
    }
}
