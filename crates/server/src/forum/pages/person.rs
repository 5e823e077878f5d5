//! The page of somebody: who they are, and what they have written.

use axum::extract::State;
use axum::response::Response;
use maud::html;
use protocol::{Code, User, UserId};

use super::reader::{Asked, Named, Reader};
use super::shell::{self, Page};
use super::{address, json_ld, parts};
use crate::app::AppState;
use crate::forum::{self, ListQuery, Viewer, store, view};
use crate::problem::Answer;

/// Which page of what they have written.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Turn {
    before: Option<String>,
}

/// `/people/{id}`
pub(super) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    name: Named,
    Asked(turn): Asked<Turn>,
) -> Response {
    let page = page(&app, &reader, &name, turn).await;
    page.unwrap_or_else(|refusal| reader.refuse(&refusal))
}

/// Somebody, as far as `viewer` may know that there is such a person: to visitors only those who have said something
/// where everybody can read it.
///
/// # Errors
/// 404.
pub(super) async fn find(app: &AppState, viewer: Viewer, id: UserId) -> Answer<User> {
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            if viewer.user().is_none() && !store::has_written(db, id)? {
                return Err(Code::NotFound.into());
            }
            let mut people = view::people(db, &delivery, viewer, &[id])?;
            people.remove(&id).ok_or_else(|| Code::NotFound.into())
        })
        .await
}

async fn page(app: &AppState, reader: &Reader, name: &Named, turn: Turn) -> Answer<Response> {
    let user = find(app, reader.viewer(), name.number()?).await?;
    let Turn { before } = turn;
    let query = ListQuery { author: Some(user.id), before: before.clone(), ..ListQuery::default() };
    let articles = forum::articles(app, reader.viewer(), query).await?;
    let path = address::person(user.id);
    let first = before.as_ref().map(|_| path.clone());
    let at = |cursor: &str| address::with(&path, &[("before", Some(cursor))]);
    let next = articles.cursor.as_deref().map(at);
    let words = reader.words;
    let body = html! {
        div.doc-profile {
            @if let Some(avatar) = &user.avatar_url {
                img src=(avatar) alt="" width="72" height="72";
            }
            div {
                h1 { (user.name) }
                p.doc-quiet { "@" (user.username) }
            }
        }
        @if !user.signature.is_empty() { p.doc-lead { (user.signature) } }
        section aria-labelledby="articles" {
            h2 id="articles" { (words.articles) }
            (parts::articles(reader, &articles))
            (parts::pager(reader, first.as_deref(), next.as_deref()))
        }
    };
    let canonical = before.as_deref().map_or_else(|| path.clone(), at);
    let feed = format!("{path}/feed.atom");
    let page = Page {
        description: user.signature.clone(),
        feeds: vec![(format!("{} · {}", user.name, reader.site), feed)],
        first,
        next,
        kind: "profile",
        image: user.avatar_url.clone(),
        json_ld: vec![json_ld::profile(&reader.origin, &user)],
        ..Page::new(&user.name, &canonical, body)
    };
    Ok(shell::answer(reader, page))
}
