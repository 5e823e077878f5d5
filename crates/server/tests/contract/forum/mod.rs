//! The forum: categories, articles, comments, and who may see and do what with them.

mod articles;
mod categories;
mod chat;
mod comments;
mod feeds;
mod hostile;
mod measured;
mod page_forms;
mod pages;
mod removed;
mod told;

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// Somebody who may do everything on the site.
pub(crate) async fn operator(app: &TestApp) -> Client {
    let token = rookery::accounts::issue_setup_token(&app.state).await.unwrap().unwrap();
    let mut client = app.visitor();
    let body = json!({"username": "root", "password": "a long password", "setup_token": token});
    let answer = client.post("/accounts", body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    client.logged_in(&answer.body);
    client
}

/// A category with its moderators; its number.
pub(crate) async fn category(admin: &Client, slug: &str, moderators: &[i64]) -> i64 {
    let body = json!({"slug": slug, "name": slug, "moderator_ids": moderators});
    let made = admin.post("/forum/categories", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body["id"].as_i64().unwrap()
}

/// An article that everybody can read.
pub(crate) async fn published(who: &Client, category: i64, title: &str) -> Value {
    let body = json!({
        "category_id": category, "title": title, "summary": format!("about {title}"),
        "text": format!("What **{title}** is."), "status": "published", "tags": ["Rookery"],
    });
    let made = who.post("/forum/articles", body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

/// The titles of a list, in order.
pub(crate) async fn titles(who: &Client, query: &str) -> Vec<String> {
    let list = who.get(&format!("/forum/articles{query}")).await;
    assert_eq!(list.status, 200, "{query}: {}", list.body);
    let all = list.body["articles"].as_array().unwrap().iter();
    all.map(|article| article["title"].as_str().unwrap().to_owned()).collect()
}

/// The number of an article.
pub(crate) fn id(article: &Value) -> i64 {
    article["id"].as_i64().unwrap()
}
