//! Lists of articles: each filter and order is read from an index, from where the page before ended.

use database::{Connection, Error, Value, params};
use protocol::{ArticleSort, ArticleStatus, CategoryId, UserId};

use super::articles::{ArticleRow, COLUMNS, article_at};

/// Which published articles.
#[derive(Clone, Debug, Default)]
pub(in crate::forum) struct Filter {
    pub(in crate::forum) category: Option<CategoryId>,
    pub(in crate::forum) author: Option<UserId>,
    pub(in crate::forum) tag: Option<String>,
}

/// Where in a list an article stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::forum) struct Place {
    pub(in crate::forum) rank: i64,
    /// What the list sorts by.
    pub(in crate::forum) value: i64,
    pub(in crate::forum) id: i64,
}

impl Place {
    /// Before everything.
    pub(in crate::forum) const START: Self = Self { rank: i64::MAX, value: i64::MAX, id: i64::MAX };

    /// Where an article stands.
    pub(in crate::forum) fn of(row: &ArticleRow, sort: ArticleSort) -> Self {
        let value = match sort {
            ArticleSort::Newest => row.published_at.map_or(0, |at| at.millis()),
            ArticleSort::Active => row.active_at.millis(),
            ArticleSort::Liked => row.likes,
        };
        Self { rank: row.rank(), value, id: row.id.get() }
    }
}

/// Published articles after a place, at most `limit`.
pub(in crate::forum) fn page(
    db: &mut Connection,
    filter: &Filter,
    sort: ArticleSort,
    after: Place,
    limit: i64,
) -> Result<Vec<ArticleRow>, Error> {
    let mut values = params![after.rank, after.value, after.id, limit].to_vec();
    let sql = statement(filter, sort, &mut values);
    db.query(&sql, &values)?.iter().map(article_at).collect()
}

/// The statement of a page; its filters are added to `values`, of which four are there.
fn statement(filter: &Filter, sort: ArticleSort, values: &mut Vec<Value>) -> String {
    let mut given = |value: Value| {
        values.push(value);
        values.len()
    };
    let key = match sort {
        ArticleSort::Newest => "published_at",
        ArticleSort::Active => "active_at",
        ArticleSort::Liked => "likes",
    };
    let mut conditions = String::new();
    // The signs keep planners with the index that the order asks for.
    let (from, of, id) = match (&filter.tag, filter.author) {
        (Some(tag), None) => {
            conditions.push_str(&format!("t.tag = ${}", given(tag.into())));
            if let Some(category) = filter.category {
                let n = given(category.get().into());
                conditions.push_str(&format!(" AND +t.category_id = ${n}"));
            }
            ("article_tags t JOIN articles a ON a.id = t.article_id", "t", "article_id")
        }
        (tag, author) => {
            conditions.push_str("a.status = 'published'");
            if let Some(author) = author {
                conditions.push_str(&format!(" AND a.author_id = ${}", given(author.get().into())));
            }
            if let Some(category) = filter.category {
                let sign = if author.is_some() { "+" } else { "" };
                let n = given(category.get().into());
                conditions.push_str(&format!(" AND {sign}a.category_id = ${n}"));
            }
            if let Some(tag) = tag {
                conditions.push_str(&format!(
                    " AND EXISTS (SELECT 1 FROM article_tags t
                                  WHERE t.article_id = a.id AND t.tag = ${})",
                    given(tag.into())
                ));
            }
            ("articles a", "a", "id")
        }
    };
    format!(
        "SELECT {COLUMNS} FROM {from} WHERE {conditions} AND ({of}.rank, {of}.{key}, {of}.{id}) < ($1, $2, $3)
         ORDER BY {of}.rank DESC, {of}.{key} DESC, {of}.{id} DESC LIMIT $4"
    )
}

/// Which articles that not everybody can read.
#[derive(Clone, Copy, Debug)]
pub(in crate::forum) struct Unpublished {
    pub(in crate::forum) status: ArticleStatus,
    /// The author; with a hidden one, also those of categories that they moderate.
    pub(in crate::forum) user: UserId,
    /// Whether they moderate all categories.
    pub(in crate::forum) moderates_all: bool,
    pub(in crate::forum) category: Option<CategoryId>,
    pub(in crate::forum) author: Option<UserId>,
}

/// Drafts of one's own, or hidden articles that one may see; the newest first, below the id `before`.
pub(in crate::forum) fn unpublished(
    db: &mut Connection,
    wanted: &Unpublished,
    before: i64,
    limit: i64,
) -> Result<Vec<ArticleRow>, Error> {
    let mut values = params![before, limit, wanted.user.get()].to_vec();
    let mut condition = String::from(match (wanted.status, wanted.moderates_all) {
        (ArticleStatus::Hidden, true) => "a.status = 'hidden' AND CAST($3 AS BIGINT) > 0",
        (ArticleStatus::Hidden, false) => {
            "a.status = 'hidden' AND (a.author_id = $3 OR EXISTS (
                 SELECT 1 FROM category_moderators m
                 WHERE m.category_id = a.category_id AND m.user_id = $3))"
        }
        (ArticleStatus::Draft | ArticleStatus::Published, _) => {
            "a.status = 'draft' AND a.author_id = $3"
        }
    });
    if let Some(category) = wanted.category {
        values.push(category.get().into());
        condition.push_str(" AND +a.category_id = $4");
    }
    if let Some(author) = wanted.author {
        values.push(author.get().into());
        condition.push_str(&format!(" AND +a.author_id = ${}", values.len()));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM articles a WHERE {condition} AND a.id < $1
         ORDER BY a.id DESC LIMIT $2"
    );
    db.query(&sql, &values)?.iter().map(article_at).collect()
}

#[cfg(test)]
mod tests {
    use database::{Engine, testing::Scratch};

    use super::*;

    /// However many articles there are, a page reads its own and no others: an index has them in order.
    #[test]
    fn every_list_is_read_from_an_index_in_its_order() {
        let scratch = Scratch::new(Engine::Sqlite);
        let database = scratch.open().unwrap();
        let some = |n: u8, bit: u8| (n & bit > 0).then_some(());
        for n in 0..8 {
            let filter = Filter {
                category: some(n, 1).map(|()| CategoryId(1)),
                author: some(n, 2).map(|()| UserId(10_001)),
                tag: some(n, 4).map(|()| "tag".to_owned()),
            };
            for sort in [ArticleSort::Newest, ArticleSort::Active, ArticleSort::Liked] {
                let mut values = params![1, 1, 1, 30].to_vec();
                let sql = format!("EXPLAIN QUERY PLAN {}", statement(&filter, sort, &mut values));
                let plan = database.read_blocking(move |db| db.query(&sql, &values)).unwrap();
                let plan: Vec<&str> = plan.iter().map(|row| row.text(3).unwrap()).collect();
                let plan = plan.join("; ");
                assert!(
                    !plan.contains("SCAN") && !plan.contains("TEMP B-TREE"),
                    "{n} {sort:?}: {plan}"
                );
                assert!(plan.contains("<?") || plan.contains("<(?"), "{n} {sort:?}: {plan}");
            }
        }
    }
}
