//! `/forum/categories` and `/forum/tags`.

use axum::{extract::State, http::StatusCode};
use protocol::{Category, CategoryId, CategoryList, Problem, TagList, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::AppState,
    caller::Caller,
    forum::{
        Viewer,
        categories::{self, Changes},
        tags,
    },
    json::{Json, Path, Query},
    problem::Answer,
};

/// The categories of the forum. For everybody.
#[utoipa::path(get, path = "/forum/categories", tag = "forum",
    responses((status = OK, body = CategoryList), (status = "4XX", body = Problem)))]
pub(crate) async fn list_categories(
    State(app): State<AppState>,
    caller: Option<Caller>,
) -> Answer<Json<CategoryList>> {
    categories::list(&app, Viewer::from(caller)).await.map(Json)
}

/// A category to be made, or what is to change of one: then what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeCategory {
    /// 1 to 64 of `a`–`z`, `0`–`9` and `-`, not digits alone; unique. Needed when it is made.
    #[schema(min_length = 1, max_length = 64)]
    slug: Option<String>,
    /// 1 to 64 characters. Needed when it is made.
    #[schema(min_length = 1, max_length = 64)]
    name: Option<String>,
    /// Up to 255 characters.
    #[schema(max_length = 255)]
    description: Option<String>,
    /// 0 to 1,000,000: the lowest stands first.
    #[schema(minimum = 0, maximum = 1_000_000)]
    position: Option<i64>,
    /// Whether it stands in the menu at the top.
    in_top_menu: Option<bool>,
    /// Those who look after it, at most 50.
    #[schema(max_items = 50)]
    moderator_ids: Option<Vec<UserId>>,
}

impl From<ChangeCategory> for Changes {
    fn from(body: ChangeCategory) -> Self {
        let ChangeCategory { slug, name, description, position, in_top_menu, moderator_ids } = body;
        Self { slug, name, description, position, in_top_menu, moderator_ids }
    }
}

/// Makes a category, for those with the permission `manage_categories`.
#[utoipa::path(post, path = "/forum/categories", tag = "forum", request_body = ChangeCategory,
    responses((status = CREATED, body = Category), (status = "4XX", body = Problem)))]
pub(crate) async fn create_category(
    State(app): State<AppState>,
    caller: Caller,
    Json(body): Json<ChangeCategory>,
) -> Answer<(StatusCode, Json<Category>)> {
    let category = categories::create(&app, caller, body.into()).await?;
    Ok((StatusCode::CREATED, Json(category)))
}

/// Changes a category, for those with the permission `manage_categories`.
#[utoipa::path(patch, path = "/forum/categories/{id}", tag = "forum",
    params(("id" = CategoryId, Path)), request_body = ChangeCategory,
    responses((status = OK, body = Category), (status = "4XX", body = Problem)))]
pub(crate) async fn change_category(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CategoryId>,
    Json(body): Json<ChangeCategory>,
) -> Answer<Json<Category>> {
    categories::change(&app, caller, id, body.into()).await.map(Json)
}

/// Removes a category without articles, for those with the permission `manage_categories`.
#[utoipa::path(delete, path = "/forum/categories/{id}", tag = "forum",
    params(("id" = CategoryId, Path)),
    responses((status = NO_CONTENT), (status = "4XX", body = Problem)))]
pub(crate) async fn remove_category(
    State(app): State<AppState>,
    caller: Caller,
    Path(id): Path<CategoryId>,
) -> Answer<StatusCode> {
    categories::remove(&app, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Of which part of the forum.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TagQuery {
    /// The number or slug of a category; of the whole forum when absent.
    category: Option<String>,
}

/// The tags that are used most. For everybody.
#[utoipa::path(get, path = "/forum/tags", tag = "forum", params(TagQuery),
    responses((status = OK, body = TagList), (status = "4XX", body = Problem)))]
pub(crate) async fn list_tags(
    State(app): State<AppState>,
    Query(query): Query<TagQuery>,
) -> Answer<Json<TagList>> {
    tags::list(&app, query.category).await.map(Json)
}
