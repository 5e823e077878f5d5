//! Categories: everybody reads them; who may manage categories makes, changes and removes them.

use std::collections::HashMap;

use database::Connection;
use delivery::{Delivery, Stream, Unit};
use protocol::{
    Category, CategoryId, CategoryList, Code, EventBody, MAX_CATEGORIES, MAX_CATEGORY_MODERATORS,
    Permission, UserId,
};
use serde_json::json;

use super::{
    content,
    rights::Viewer,
    store::{self, CategoryRow},
    view,
};
use crate::{
    accounts,
    app::AppState,
    audit::{self, Act},
    caller::Caller,
    problem::{Answer, Refusal},
    text,
};

/// The highest number by which categories are put in order.
const MAX_POSITION: i64 = 1_000_000;

/// What is to be set; what is absent stays, or is as it usually is.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) slug: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) position: Option<i64>,
    pub(super) in_top_menu: Option<bool>,
    pub(super) moderator_ids: Option<Vec<UserId>>,
}

impl Changes {
    /// # Errors
    /// 422.
    pub(super) fn parse(self) -> Answer<Self> {
        if self.position.is_some_and(|position| !(0..=MAX_POSITION).contains(&position)) {
            return Err(Refusal::invalid("position", "must be 0 to 1,000,000"));
        }
        if self.moderator_ids.as_ref().is_some_and(|ids| ids.len() > MAX_CATEGORY_MODERATORS) {
            return Err(Refusal::invalid("moderator_ids", "must be at most 50"));
        }
        let name = |name: &str| text::line("name", name, 1, 64);
        let description = |text: &str| text::block("description", text, 0, 255);
        Ok(Self {
            slug: self.slug.as_deref().map(content::slug).transpose()?,
            name: self.name.as_deref().map(name).transpose()?,
            description: self.description.as_deref().map(description).transpose()?,
            ..self
        })
    }
}

/// All categories, in their order.
///
/// # Errors
/// Those of the database.
pub(crate) async fn list(app: &AppState, viewer: Viewer) -> Answer<CategoryList> {
    let delivery = app.delivery.clone();
    app.delivery
        .read(move |db| {
            let rows = store::categories(db)?;
            Ok(CategoryList { categories: dress(db, &delivery, viewer, rows)? })
        })
        .await
}

fn dress(
    db: &mut Connection,
    delivery: &Delivery,
    viewer: Viewer,
    rows: Vec<CategoryRow>,
) -> Answer<Vec<Category>> {
    let moderators = accounts::moderators(db)?;
    let ids: Vec<UserId> = moderators.values().flatten().copied().collect();
    let people = view::people(db, delivery, viewer, &ids)?;
    let of = |id: CategoryId| moderators.get(&id).into_iter().flatten();
    Ok(rows
        .into_iter()
        .map(|row| Category {
            moderators: of(row.id).filter_map(|user| people.get(user).cloned()).collect(),
            id: row.id,
            slug: row.slug,
            name: row.name,
            description: row.description,
            position: row.position,
            in_top_menu: row.in_top_menu,
            articles: row.articles,
        })
        .collect())
}

fn one(
    db: &mut Connection,
    delivery: &Delivery,
    caller: Caller,
    id: CategoryId,
) -> Answer<Category> {
    let row = store::category(db, id)?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let mut all = dress(db, delivery, Viewer::from(caller), vec![row])?;
    all.pop().ok_or_else(|| Code::NotFound.into())
}

/// The category of a number or slug.
///
/// # Errors
/// 404.
pub(super) fn find(db: &mut Connection, name: &str) -> Answer<CategoryRow> {
    let found = match name.parse::<CategoryId>() {
        Ok(id) => store::category(db, id)?,
        // What is no slug is not looked for: PostgreSQL fails at a NUL.
        Err(_) => match content::slug(name) {
            Ok(slug) => store::category_by_slug(db, &slug)?,
            Err(_) => None,
        },
    };
    found.ok_or_else(|| Code::NotFound.into())
}

/// Makes a category.
///
/// # Errors
/// 403 without the permission; 422; 409 `conflict` for a slug that is taken, and when there are too many.
pub(super) async fn create(app: &AppState, caller: Caller, changes: Changes) -> Answer<Category> {
    caller.require(Permission::ManageCategories)?;
    let changes = changes.parse()?;
    let missing = |field: &str| Refusal::invalid(field, format!("missing field `{field}`"));
    let new = CategoryRow {
        id: CategoryId(0),
        slug: changes.slug.clone().ok_or_else(|| missing("slug"))?,
        name: changes.name.clone().ok_or_else(|| missing("name"))?,
        description: changes.description.clone().unwrap_or_default(),
        position: changes.position.unwrap_or(0),
        in_top_menu: changes.in_top_menu.unwrap_or(false),
        articles: 0,
    };
    let delivery = app.delivery.clone();
    let (made, concerned) = app
        .delivery
        .write(move |unit| {
            unit.lock()?;
            if store::categories(unit.db())?.len() >= MAX_CATEGORIES {
                return Err(Refusal::new(Code::Conflict).detail("There are too many categories"));
            }
            check(unit, None, &new.slug, &changes)?;
            let now = unit.now();
            let id = store::insert_category(unit.db(), &new, now)?;
            let concerned = set_moderators(unit, id, changes.moderator_ids.as_deref())?;
            tell(unit, &caller, "category.created", id, &new.slug)?;
            Answer::Ok((one(unit.db(), &delivery, caller, id)?, concerned))
        })
        .await?;
    accounts::tell_rights(app, &concerned);
    Ok(made)
}

/// Changes a category.
///
/// # Errors
/// 403 without the permission; 404; 422; 409 `conflict` for a slug that is taken.
pub(super) async fn change(
    app: &AppState,
    caller: Caller,
    id: CategoryId,
    changes: Changes,
) -> Answer<Category> {
    caller.require(Permission::ManageCategories)?;
    let changes = changes.parse()?;
    let delivery = app.delivery.clone();
    let (changed, concerned) = app
        .delivery
        .write(move |unit| {
            unit.lock()?;
            let before = store::category(unit.db(), id)?;
            let before = before.ok_or_else(|| Refusal::new(Code::NotFound))?;
            let Changes { slug, name, description, position, in_top_menu, .. } = changes.clone();
            let after = CategoryRow {
                slug: slug.unwrap_or_else(|| before.slug.clone()),
                name: name.unwrap_or_else(|| before.name.clone()),
                description: description.unwrap_or_else(|| before.description.clone()),
                position: position.unwrap_or(before.position),
                in_top_menu: in_top_menu.unwrap_or(before.in_top_menu),
                ..before
            };
            check(unit, Some(id), &after.slug, &changes)?;
            store::update_category(unit.db(), &after)?;
            let concerned = set_moderators(unit, id, changes.moderator_ids.as_deref())?;
            tell(unit, &caller, "category.changed", id, &after.slug)?;
            Answer::Ok((one(unit.db(), &delivery, caller, id)?, concerned))
        })
        .await?;
    accounts::tell_rights(app, &concerned);
    Ok(changed)
}

/// Removes a category in which there is nothing.
///
/// # Errors
/// 403 without the permission; 404; 409 `conflict` while there are articles, drafts included.
pub(super) async fn remove(app: &AppState, caller: Caller, id: CategoryId) -> Answer<()> {
    caller.require(Permission::ManageCategories)?;
    let concerned = app
        .delivery
        .write(move |unit| {
            unit.lock()?;
            let row = store::category(unit.db(), id)?;
            let row = row.ok_or_else(|| Refusal::new(Code::NotFound))?;
            if store::has_articles(unit.db(), id)? {
                let detail = "There are articles in it; drafts count as well";
                return Err(Refusal::new(Code::Conflict).detail(detail));
            }
            let concerned = set_moderators(unit, id, Some(&[]))?;
            store::delete_category(unit.db(), id)?;
            tell(unit, &caller, "category.removed", id, &row.slug)?;
            Answer::Ok(concerned)
        })
        .await?;
    accounts::tell_rights(app, &concerned);
    Ok(())
}

/// Who is a moderator now and was not, or the other way round.
fn set_moderators(
    unit: &mut Unit<'_>,
    id: CategoryId,
    users: Option<&[UserId]>,
) -> Answer<Vec<UserId>> {
    match users {
        Some(users) => Ok(accounts::set_moderators(unit.db(), id, users)?),
        None => Ok(Vec::new()),
    }
}

fn check(unit: &mut Unit<'_>, id: Option<CategoryId>, slug: &str, changes: &Changes) -> Answer<()> {
    if store::category_by_slug(unit.db(), slug)?.is_some_and(|other| Some(other.id) != id) {
        return Err(Refusal::new(Code::Conflict).field("slug", "is another category's"));
    }
    let Some(users) = &changes.moderator_ids else { return Ok(()) };
    let known: HashMap<UserId, _> =
        accounts::users_by_ids(unit.db(), users)?.into_iter().map(|row| (row.id, ())).collect();
    match users.iter().position(|user| !known.contains_key(user)) {
        None => Ok(()),
        Some(n) => Err(Refusal::invalid(format!("moderator_ids.{n}"), "is nobody's number")),
    }
}

fn tell(
    unit: &mut Unit<'_>,
    caller: &Caller,
    action: &'static str,
    id: CategoryId,
    slug: &str,
) -> Answer<()> {
    let subject = format!("category:{id}");
    let details = json!({"slug": slug});
    audit::record(unit, &Act { actor: caller.user_id, action, subject: &subject, details })?;
    unit.append(Stream::Site, EventBody::CategoriesUpdated {})?;
    Ok(())
}
