//! From what somebody typed to HTML, before the unit that stores it: the writer has no time to waste.

use std::collections::HashMap;

use database::Connection;
use protocol::{ArticleId, Mention, UserId};

use crate::{
    accounts,
    app::AppState,
    markup::{self, MAX_PICTURES, Post, PostPicture},
    problem::{Answer, Refusal},
    uploads,
};

/// The most people that one text mentions.
const MAX_MENTIONED: usize = 50;
/// The most names that are looked up for that: of a word without blanks, every beginning may be one.
const MAX_NAMES: usize = 500;
/// A text of so many bytes is worked on beside the threads that serve requests.
const LONG: usize = 8 * 1024;

/// What became of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Rendered {
    pub(super) html: String,
    /// Whom it mentions.
    pub(super) mentioned: Vec<UserId>,
}

/// An article's text: with pictures that its author may show there.
///
/// # Errors
/// 503; 422 for too many pictures.
pub(super) async fn article(
    app: &AppState,
    author: UserId,
    id: ArticleId,
    text: &str,
) -> Answer<Rendered> {
    let ids: Vec<String> = markup::picture_ids(text).into_iter().map(str::to_owned).collect();
    if ids.len() >= MAX_PICTURES {
        return Err(Refusal::invalid("text", "has more than 99 pictures"));
    }
    render(app, text, Some((author, id, ids))).await
}

/// A comment's text.
///
/// # Errors
/// 503.
pub(super) async fn comment(app: &AppState, text: &str) -> Answer<Rendered> {
    render(app, text, None).await
}

async fn render(
    app: &AppState,
    text: &str,
    article: Option<(UserId, ArticleId, Vec<String>)>,
) -> Answer<Rendered> {
    let names: Vec<String> =
        markup::usernames(text, MAX_NAMES).into_iter().map(str::to_owned).collect();
    let is_article = article.is_some();
    let has_pictures = article.as_ref().is_some_and(|(_, _, ids)| !ids.is_empty());
    let (mentions, pictures) = if names.is_empty() && !has_pictures {
        (Vec::new(), HashMap::new())
    } else {
        app.delivery
            .read(move |db| {
                let pictures = match &article {
                    Some((author, id, ids)) => pictures(db, *author, *id, ids)?,
                    None => HashMap::new(),
                };
                Answer::Ok((named(db, &names)?, pictures))
            })
            .await?
    };
    let mut mentioned: Vec<UserId> = mentions.iter().map(|mention| mention.user_id).collect();
    mentioned.sort_unstable();
    mentioned.dedup();
    let text = text.to_owned();
    let is_long = text.len() >= LONG;
    let work = move || {
        let post = Post { mentions: &mentions, pictures, is_article };
        markup::render_post(&text, &post)
    };
    let html = match is_long {
        true => tokio::task::spawn_blocking(work).await.map_err(Refusal::internal)?,
        false => work(),
    };
    Ok(Rendered { html, mentioned })
}

/// Those whom a text mentions.
///
/// # Errors
/// Those of the database.
pub(super) fn mentioned(db: &mut Connection, text: &str) -> Answer<Vec<UserId>> {
    let names: Vec<String> =
        markup::usernames(text, MAX_NAMES).into_iter().map(str::to_owned).collect();
    Ok(named(db, &names)?.into_iter().map(|mention| mention.user_id).collect())
}

/// People by what may be their usernames, each under the name by which the text calls them.
fn named(db: &mut Connection, names: &[String]) -> Answer<Vec<Mention>> {
    let found = accounts::ids_by_usernames(db, names)?;
    let mentions = names.iter().filter_map(|name| {
        let user_id = *found.get(name)?;
        Some(Mention { user_id, name: name.clone() })
    });
    Ok(mentions.take(MAX_MENTIONED).collect())
}

fn pictures(
    db: &mut Connection,
    author: UserId,
    article: ArticleId,
    ids: &[String],
) -> Answer<HashMap<String, PostPicture>> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let found = uploads::pictures_for(db, author, Some(article), &ids)?;
    let picture = |(id, picture): (String, uploads::Picture)| {
        let url = uploads::picture_url(article, &id);
        (id, PostPicture { url, size: picture.width.zip(picture.height) })
    };
    Ok(found.into_iter().map(picture).collect())
}
