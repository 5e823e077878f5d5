//! SQL over `categories`. Who moderates them is known to `accounts`.

use std::collections::HashMap;

use database::{Connection, Error, Row, Value, params};
use protocol::{CategoryId, CategoryName, Timestamp};

use crate::accounts::next_number;

/// A category as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::forum) struct CategoryRow {
    pub(in crate::forum) id: CategoryId,
    pub(in crate::forum) slug: String,
    pub(in crate::forum) name: String,
    pub(in crate::forum) description: String,
    pub(in crate::forum) position: i64,
    pub(in crate::forum) in_top_menu: bool,
    pub(in crate::forum) articles: i64,
}

fn rows(db: &mut Connection, rest: &str, values: &[Value]) -> Result<Vec<CategoryRow>, Error> {
    let sql = format!(
        "SELECT id, slug, name, description, position, in_top_menu, articles FROM categories {rest}"
    );
    db.query(&sql, values)?.iter().map(row).collect()
}

fn row(row: &Row) -> Result<CategoryRow, Error> {
    Ok(CategoryRow {
        id: CategoryId(row.get(0)?),
        slug: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        position: row.get(4)?,
        in_top_menu: row.get(5)?,
        articles: row.get(6)?,
    })
}

/// All of them, in their order; at most `protocol::MAX_CATEGORIES`.
pub(in crate::forum) fn categories(db: &mut Connection) -> Result<Vec<CategoryRow>, Error> {
    rows(db, "ORDER BY position, id", params![])
}

pub(in crate::forum) fn category(
    db: &mut Connection,
    id: CategoryId,
) -> Result<Option<CategoryRow>, Error> {
    Ok(rows(db, "WHERE id = $1", params![id.get()])?.pop())
}

pub(in crate::forum) fn category_by_slug(
    db: &mut Connection,
    slug: &str,
) -> Result<Option<CategoryRow>, Error> {
    Ok(rows(db, "WHERE slug = $1", params![slug])?.pop())
}

/// What all of them are called.
pub(in crate::forum) fn category_names(
    db: &mut Connection,
) -> Result<HashMap<CategoryId, CategoryName>, Error> {
    let all = categories(db)?.into_iter();
    Ok(all
        .map(|CategoryRow { id, slug, name, .. }| (id, CategoryName { id, slug, name }))
        .collect())
}

/// Stores a new one, whose slug nobody else has, and gives it its number.
pub(in crate::forum) fn insert_category(
    db: &mut Connection,
    category: &CategoryRow,
    now: Timestamp,
) -> Result<CategoryId, Error> {
    let id = CategoryId(next_number(db, "category")?);
    db.execute(
        "INSERT INTO categories (id, slug, name, description, position, in_top_menu, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            id.get(),
            &category.slug,
            &category.name,
            &category.description,
            category.position,
            category.in_top_menu,
            now.millis()
        ],
    )?;
    Ok(id)
}

/// Stores everything of it but the number of articles.
pub(in crate::forum) fn update_category(
    db: &mut Connection,
    category: &CategoryRow,
) -> Result<(), Error> {
    db.execute(
        "UPDATE categories SET slug = $2, name = $3, description = $4, position = $5,
             in_top_menu = $6 WHERE id = $1",
        params![
            category.id.get(),
            &category.slug,
            &category.name,
            &category.description,
            category.position,
            category.in_top_menu
        ],
    )?;
    Ok(())
}

/// Whether there is any article, whoever may read it.
pub(in crate::forum) fn has_articles(db: &mut Connection, id: CategoryId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM articles WHERE category_id = $1 LIMIT 1";
    Ok(db.query_optional(sql, params![id.get()])?.is_some())
}

/// Forgets one without articles.
pub(in crate::forum) fn delete_category(db: &mut Connection, id: CategoryId) -> Result<(), Error> {
    db.execute("DELETE FROM categories WHERE id = $1", params![id.get()])?;
    Ok(())
}

/// So many more articles can be read there.
pub(in crate::forum) fn count_articles(
    db: &mut Connection,
    id: CategoryId,
    more: i64,
) -> Result<(), Error> {
    let sql = "UPDATE categories SET articles = articles + $2 WHERE id = $1";
    db.execute(sql, params![id.get(), more])?;
    Ok(())
}
