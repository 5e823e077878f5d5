//! All SQL over the tables of the forum.

mod articles;
mod categories;
mod changes;
mod comments;
mod edits;
mod likes;
mod lists;
mod pages;
mod quotes;
mod tags;

use database::{Connection, Engine, Error};
use serde::Serialize;

pub(super) use articles::{
    ArticleRow, NewArticle, Texts, article, delete, insert, known, liked_among, public_articles,
    set_texts, texts, update, was_public,
};
pub(super) use categories::{
    CategoryRow, categories, category, category_by_slug, category_names, count_articles,
    delete_category, has_articles, insert_category, update_category,
};
pub(super) use changes::{
    add_change, add_comment_changes, clear, clear_likes, has_stray_likes, index_after, to_clear,
    to_index,
};
pub(super) use comments::{
    CommentPlace, CommentRow, NewComment, comment, comments, delete_comment, insert_comment,
    known_comment, update_comment,
};
pub(super) use edits::{EditRow, add_edit, copy, drop_copy, drop_edits, edits, put_copy};
pub(super) use likes::{
    count_comments, count_views, like_article, like_comment, liked_comments, touch,
};
pub(super) use lists::{Filter, Place, Unpublished, Way, page, unpublished};
pub(super) use pages::{
    Latest, LatestComment, has_written, html_of, last_published, latest, latest_comments,
    published_between,
};
pub(super) use quotes::{
    QuoteRow, add_consent, add_quotes, all_agree, consents, forget_consents, quoted, quotes_of,
    set_consent,
};
pub(super) use tags::{count_tags, drop_tags, put_tags, tags};

/// `IN (…)` over a set given as parameter `$n`, which is [`json`].
fn set(db: &Connection, n: usize) -> String {
    match db.engine() {
        Engine::Sqlite => format!("SELECT value FROM json_each(${n})"),
        Engine::Postgres => format!(
            "SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST(${n} AS json))"
        ),
    }
}

/// A set as the one parameter that both engines can unnest.
fn json<T: Serialize + ?Sized>(set: &T) -> Result<String, Error> {
    serde_json::to_string(set).map_err(|error| Error::Sql(error.to_string()))
}
