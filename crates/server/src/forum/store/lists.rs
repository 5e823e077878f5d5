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

/// Which way a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::forum) enum Way {
    /// As it is shown.
    Down,
    /// Back to where it begins.
    Up,
}

/// What comes after a place: first what stands beside it, with the same likes or of the same moment, then everything else.
/// SQLite reads each from where it begins, however much stands beside each other; both at once it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Beside,
    Beyond,
}

impl Part {
    pub(super) const BOTH: [Self; 2] = [Self::Beside, Self::Beyond];
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

/// Published articles from a place on, which is left out, in the order in which they are met; at most `limit`.
pub(in crate::forum) fn page(
    db: &mut Connection,
    filter: &Filter,
    sort: ArticleSort,
    (from, way): (Place, Way),
    limit: i64,
) -> Result<Vec<ArticleRow>, Error> {
    let mut rows = Vec::new();
    for part in Part::BOTH {
        let left = limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(limit));
        if left == 0 || (part == Part::Beside && from == Place::START) {
            continue;
        }
        let mut values = params![from.rank, from.value, left].to_vec();
        let sql = statement(filter, sort, way, (part, from.id), &mut values);
        for row in db.query(&sql, &values)? {
            rows.push(article_at(&row)?);
        }
    }
    Ok(rows)
}

/// The statement of a part of a page; its filters are added to `values`, of which three are there: rank and value of
/// where it begins, and the limit.
fn statement(
    filter: &Filter,
    sort: ArticleSort,
    way: Way,
    (part, id_there): (Part, i64),
    values: &mut Vec<Value>,
) -> String {
    let key = match sort {
        ArticleSort::Newest => "published_at",
        ArticleSort::Active => "active_at",
        ArticleSort::Liked => "likes",
    };
    let (from, of, id) = match &filter.tag {
        Some(_) => ("article_tags t JOIN articles a ON a.id = t.article_id", "t", "article_id"),
        None => ("articles a", "a", "id"),
    };
    let mut conditions = match &filter.tag {
        Some(tag) => {
            values.push(tag.into());
            format!("t.tag = ${}", values.len())
        }
        None => String::from("a.status = 'published'"),
    };
    if let Some(author) = filter.author {
        values.push(author.get().into());
        conditions.push_str(&format!(" AND {of}.author_id = ${}", values.len()));
    }
    if let Some(category) = filter.category {
        values.push(category.get().into());
        // The sign keeps planners with the index that the order asks for.
        let sign = if filter.author.is_some() && filter.tag.is_some() { "+" } else { "" };
        conditions.push_str(&format!(" AND {sign}{of}.category_id = ${}", values.len()));
    }
    let (sign, order) = match way {
        Way::Down => ("<", "DESC"),
        Way::Up => (">", "ASC"),
    };
    let rest = match part {
        Part::Beside => {
            values.push(id_there.into());
            let n = values.len();
            format!("{of}.rank = $1 AND {of}.{key} = $2 AND {of}.{id} {sign} ${n}")
        }
        Part::Beyond => format!("({of}.rank, {of}.{key}) {sign} ($1, $2)"),
    };
    format!(
        "SELECT {COLUMNS} FROM {from} WHERE {conditions} AND {rest}
         ORDER BY {of}.rank {order}, {of}.{key} {order}, {of}.{id} {order} LIMIT $3"
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
    let mut values = params![before, limit].to_vec();
    let sql = unpublished_statement(wanted, &mut values);
    db.query(&sql, &values)?.iter().map(article_at).collect()
}

/// The statement; its filters are added to `values`, of which two are there.
fn unpublished_statement(wanted: &Unpublished, values: &mut Vec<Value>) -> String {
    let mut given = |value: i64| {
        values.push(value.into());
        values.len()
    };
    let is_hidden = wanted.status == ArticleStatus::Hidden;
    let mut conditions =
        String::from(if is_hidden { "a.status = 'hidden'" } else { "a.status = 'draft'" });
    let author = wanted.author.or((!is_hidden).then_some(wanted.user));
    if let Some(author) = author {
        conditions.push_str(&format!(" AND a.author_id = ${}", given(author.get())));
    }
    if let Some(category) = wanted.category {
        let sign = if author.is_some() { "+" } else { "" };
        conditions.push_str(&format!(" AND {sign}a.category_id = ${}", given(category.get())));
    }
    let is_own = author == Some(wanted.user);
    if !(is_own || is_hidden && wanted.moderates_all) {
        let n = given(wanted.user.get());
        let moderates = "SELECT 1 FROM category_moderators m WHERE m.category_id = a.category_id";
        let or_moderates = match is_hidden {
            true => format!(" OR EXISTS ({moderates} AND m.user_id = ${n})"),
            false => String::new(),
        };
        conditions.push_str(&format!(" AND (+a.author_id = ${n}{or_moderates})"));
    }
    format!(
        "SELECT {COLUMNS} FROM articles a WHERE {conditions} AND a.id < $1
         ORDER BY a.id DESC LIMIT $2"
    )
}

#[cfg(test)]
mod tests {
    use database::{Database, Engine, testing::Scratch};

    use super::*;

    /// How SQLite reads it.
    fn plan(database: &Database, sql: &str, values: Vec<Value>) -> String {
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let plan = database.read_blocking(move |db| db.query(&sql, &values)).unwrap();
        plan.iter().map(|row| row.text(3).unwrap()).collect::<Vec<_>>().join("; ")
    }

    fn some<T>(n: u8, bit: u8, value: T) -> Option<T> {
        (n & bit > 0).then_some(value)
    }

    /// However many articles there are, a page reads its own and no others: an index has them in order.
    #[test]
    fn every_list_is_read_from_an_index_in_its_order() {
        let scratch = Scratch::new(Engine::Sqlite);
        let database = scratch.open().unwrap();
        for n in 0..8 {
            let filter = Filter {
                category: some(n, 1, CategoryId(1)),
                author: some(n, 2, UserId(10_001)),
                tag: some(n, 4, "tag".to_owned()),
            };
            let index = [
                "articles_",
                "articles_of_category_",
                "articles_of_author_",
                "articles_of_author_there_",
                "article_tags_",
                "article_tags_of_category_",
                "article_tags_of_author_",
                "article_tags_of_author_",
            ][usize::from(n)];
            for (sort, key) in [
                (ArticleSort::Newest, "newest"),
                (ArticleSort::Active, "active"),
                (ArticleSort::Liked, "liked"),
            ] {
                for (way, sign) in [(Way::Down, "<"), (Way::Up, ">")] {
                    for part in Part::BOTH {
                        let mut values = params![1, 1, 30].to_vec();
                        let sql = statement(&filter, sort, way, (part, 1), &mut values);
                        let plan = plan(&database, &sql, values);
                        let said = format!("{n} {sort:?} {way:?} {part:?}: {plan}");
                        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{said}");
                        // Of what stands beside each other it may also look at an author's other categories.
                        let other = format!(" articles_of_author_{key} ");
                        let is_other = n == 3 && part == Part::Beside && plan.contains(&other);
                        let is_right = plan.contains(&format!(" {index}{key} ")) || is_other;
                        assert!(is_right, "{said}");
                        // By all filters at once, and from where the page before ended.
                        let filters = usize::from(n).count_ones() as usize;
                        let left_out = usize::from(n == 7 || is_other);
                        let (equal, from) = match part {
                            Part::Beside => (2, format!("id{sign}?)")),
                            Part::Beyond => (0, format!("){sign}(?,?))")),
                        };
                        assert!(plan.contains(&from), "{said}");
                        let first = plan.split("; ").next().unwrap();
                        assert_eq!(
                            first.matches("=?").count(),
                            filters - left_out + equal,
                            "{said}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn so_is_what_not_everybody_can_read() {
        let scratch = Scratch::new(Engine::Sqlite);
        let database = scratch.open().unwrap();
        let (user, other) = (UserId(10_001), UserId(10_002));
        for (status, moderates_all, category, author, index) in [
            (ArticleStatus::Draft, false, None, None, "articles_of_author_by_status"),
            (
                ArticleStatus::Draft,
                false,
                Some(CategoryId(1)),
                None,
                "articles_of_author_by_status",
            ),
            (ArticleStatus::Draft, true, None, Some(other), "articles_of_author_by_status"),
            (ArticleStatus::Hidden, false, None, Some(user), "articles_of_author_by_status"),
            (ArticleStatus::Hidden, true, None, Some(other), "articles_of_author_by_status"),
            (ArticleStatus::Hidden, true, None, None, "articles_hidden"),
            (ArticleStatus::Hidden, true, Some(CategoryId(1)), None, "articles_by_category"),
            (ArticleStatus::Hidden, false, Some(CategoryId(1)), None, "articles_by_category"),
        ] {
            let wanted = Unpublished { status, user, moderates_all, category, author };
            let mut values = params![1, 30].to_vec();
            let sql = unpublished_statement(&wanted, &mut values);
            let plan = plan(&database, &sql, values);
            assert!(plan.contains(&format!(" {index} ")), "{wanted:?}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{wanted:?}: {plan}");
        }
    }
}
