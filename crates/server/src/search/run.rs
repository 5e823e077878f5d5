//! One search: what was asked for, from one snapshot, with the people and conversations that it names.

use std::collections::HashSet;

use database::{Connection, Error};
use delivery::Delivery;
use protocol::{
    ArticleId, Code, CommentId, ConversationId, FoundArticle, FoundComment, FoundIn, FoundMessages,
    SearchResults, UserId,
};

use super::{
    grams::Kind,
    messages::{self, Search},
    names,
    posts::{self, Hit},
    store::{self, Filter, PostKind},
};
use crate::{
    accounts,
    app::AppState,
    caller::Caller,
    conversations,
    forum::{self, Viewer},
    problem::{Answer, Refusal},
};

/// What may be searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) messages: bool,
    pub(super) people: bool,
    pub(super) groups: bool,
    pub(super) files: bool,
    pub(super) articles: bool,
    pub(super) comments: bool,
}

/// A search that was looked at.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) asked: Asked,
    /// As it was typed, trimmed.
    pub(super) query: String,
    pub(super) filter: Filter,
    pub(super) has_file: bool,
    pub(super) before: i64,
    pub(super) limit: usize,
}

/// Searches.
///
/// # Errors
/// 404 for a conversation that the caller is not in.
pub(super) async fn run(app: &AppState, caller: Caller, order: Order) -> Answer<SearchResults> {
    let (delivery, now) = (app.delivery.clone(), app.clock.now().millis());
    app.delivery
        .read(move |db| {
            if let Some(id) = order.filter.conversation_id
                && conversations::member(db, id, caller.user_id)?.is_none()
            {
                return Err(Refusal::new(Code::NotFound));
            }
            Ok(search(db, &delivery, caller, &order, now)?)
        })
        .await
}

fn search(
    db: &mut Connection,
    delivery: &Delivery,
    caller: Caller,
    order: &Order,
    now: i64,
) -> Result<SearchResults, Error> {
    let Order { asked, query, filter, has_file, before, limit } = order;
    let (before, limit, user) = (*before, *limit, caller.user_id);
    let mut results = SearchResults::default();
    let words = messages::words(query);
    let of = |kind| {
        let (words, filter) = (words.clone(), filter.clone());
        Search { kind, words, filter, has_file: *has_file, before, limit }
    };
    if asked.messages {
        results.messages = Some(messages::find(db, user, &of(Kind::Text), now)?);
    }
    if asked.files {
        results.files = Some(messages::find(db, user, &of(Kind::FileName), now)?);
    }
    if asked.people {
        results.people = Some(names::people(db, delivery, user, query, limit)?);
    }
    if asked.groups {
        results.groups = Some(names::groups(db, user, query, limit)?);
    }
    if asked.articles {
        let (hits, next) = posts::find(db, PostKind::Article, &words, before, limit)?;
        results.articles = Some(articles(db, delivery, caller, hits)?);
        results.articles_next = next.map(|next| next.to_string());
    }
    if asked.comments {
        let (hits, next) = posts::find(db, PostKind::Comment, &words, before, limit)?;
        results.comments = Some(comments(db, delivery, caller, hits)?);
        results.comments_next = next.map(|next| next.to_string());
    }
    name(db, delivery, user, &mut results)?;
    Ok(results)
}

fn articles(
    db: &mut Connection,
    delivery: &Delivery,
    caller: Caller,
    hits: Vec<Hit>,
) -> Result<Vec<FoundArticle>, Error> {
    let ids: Vec<ArticleId> = hits.iter().map(|hit| ArticleId(hit.id)).collect();
    let mut found = forum::found_articles(db, delivery, Viewer::from(caller), &ids)?;
    let article = |hit: Hit| {
        let article = found.remove(&ArticleId(hit.id))?;
        let Hit { title, excerpt, ranges, .. } = hit;
        Some(FoundArticle { article, title_ranges: title, excerpt, ranges })
    };
    Ok(hits.into_iter().filter_map(article).collect())
}

fn comments(
    db: &mut Connection,
    delivery: &Delivery,
    caller: Caller,
    hits: Vec<Hit>,
) -> Result<Vec<FoundComment>, Error> {
    let ids: Vec<CommentId> = hits.iter().map(|hit| CommentId(hit.id)).collect();
    let mut found = forum::found_comments(db, delivery, Viewer::from(caller), &ids)?;
    let comment = |hit: Hit| {
        let (comment, article_title) = found.remove(&CommentId(hit.id))?;
        Some(FoundComment { comment, article_title, ranges: hit.text })
    };
    Ok(hits.into_iter().filter_map(comment).collect())
}

/// Adds who and what the messages name.
fn name(
    db: &mut Connection,
    delivery: &Delivery,
    user: UserId,
    results: &mut SearchResults,
) -> Result<(), Error> {
    let pages = [&results.messages, &results.files];
    let hits = || pages.into_iter().flatten().flat_map(|page: &FoundMessages| &page.hits);
    let ids: HashSet<ConversationId> = hits().map(|hit| hit.message.conversation_id).collect();
    let mut people: HashSet<UserId> = hits().map(|hit| hit.message.sender_id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<ConversationId> = ids.into_iter().collect();
    let found = store::conversations(db, user, &ids)?;
    people.extend(found.iter().filter_map(|(.., peer)| *peer));
    let people: Vec<UserId> = people.into_iter().collect();
    let users = accounts::public_users(db, delivery, &people)?;
    results.conversations = found
        .into_iter()
        .map(|(id, kind, title, peer)| {
            let peer = peer.and_then(|peer| users.get(&peer).cloned());
            FoundIn { id, kind, title, peer }
        })
        .collect();
    results.users = users.into_values().collect();
    Ok(())
}
