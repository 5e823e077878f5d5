//! The tags that are used most.

use protocol::TagList;

use super::{categories, store};
use crate::{app::AppState, problem::Answer};

/// Tags of one answer.
const MAX_TAGS: i64 = 100;

/// The tags of a category, by its number or slug, or of the whole forum; the most used first.
///
/// # Errors
/// 404 for a category that does not exist.
pub(crate) async fn list(app: &AppState, category: Option<String>) -> Answer<TagList> {
    app.delivery
        .read(move |db| {
            let category = category.map(|name| categories::find(db, &name)).transpose()?;
            let tags = store::tags(db, category.map(|category| category.id), MAX_TAGS)?;
            Ok(TagList { tags })
        })
        .await
}
