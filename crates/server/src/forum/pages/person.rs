//! The page of somebody: who they are, and what they have written.

use axum::extract::State;
use axum::response::Response;
use maud::html;
use protocol::{Code, User, UserId};

use super::lists::Turn;
use super::reader::{Asked, Named, Reader};
use super::shell::{self, Page};
use super::{address, json_ld, parts};
use crate::app::AppState;
use crate::forum::{self, ListQuery, Viewer, store, view};
use crate::problem::Answer;

/// `/people/{id}`
pub(super) async fn show(
    State(app): State<AppState>,
    reader: Reader,
    name: Named,
    Asked(turn): Asked<Turn>,
) -> Response {
    let page = page(&app, &reader, &name, &turn).await;
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

async fn page(app: &AppState, reader: &Reader, name: &Named, turn: &Turn) -> Answer<Response> {
    let user = find(app, reader.viewer(), name.number()?).await?;
    let query = ListQuery { author: Some(user.id), ..turn.query() };
    let leaf = forum::leaf(app, reader.viewer(), query).await?;
    let path = address::person(user.id);
    let around = turn.around(&path, &leaf);
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
            (parts::articles(reader, &leaf.page))
            (parts::pager(reader, &around, ""))
        }
    };
    let canonical = turn.here(&path, &leaf);
    let feed = format!("{path}/feed.atom");
    let page = Page {
        description: user.signature.clone(),
        feeds: vec![(format!("{} · {}", user.name, reader.site), feed)],
        around,
        kind: "profile",
        image: user.avatar_url.clone(),
        json_ld: vec![json_ld::profile(&reader.origin, &user)],
        ..Page::new(&user.name, &canonical, body)
    };
    Ok(shell::answer(reader, page))
}
