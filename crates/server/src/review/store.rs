//! SQL over `cases`.

use database::{Connection, Error, Row, Value, params};
use protocol::{
    ArticleId, CaseId, CategoryId, ConversationId, Seq, Subject, SubjectKind, Timestamp, UserId,
};

use super::NewCase;
use crate::accounts::next_number;

/// The most that is counted.
const MAX_COUNTED: i64 = 1_000;
const CASE: &str = "id, kind, conversation_id, seq, subject_id, category_id, author_id, is_open, held, \
     created_at, updated_at";

/// A case as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct CaseRow {
    pub(crate) id: CaseId,
    pub(crate) subject: Subject,
    pub(crate) category: i64,
    pub(crate) author: Option<UserId>,
    pub(crate) is_open: bool,
    pub(crate) held: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// What a subject does not have is 0.
fn key(subject: &Subject) -> [Value; 4] {
    let conversation = match subject.kind {
        SubjectKind::Message => subject.conversation_id.map_or(0, ConversationId::get),
        _ => 0,
    };
    [
        subject.kind.as_str().into(),
        conversation.into(),
        subject.seq.map_or(0, Seq::get).into(),
        subject.id.unwrap_or(0).into(),
    ]
}

/// The case about a subject, if there is one.
pub(super) fn find(db: &mut Connection, subject: &Subject) -> Result<Option<CaseRow>, Error> {
    let sql = format!(
        "SELECT {CASE} FROM cases
         WHERE kind = $1 AND conversation_id = $2 AND seq = $3 AND subject_id = $4"
    );
    db.query_optional(&sql, &key(subject))?.as_ref().map(row).transpose()
}

/// A case by its number.
///
/// # Errors
/// Those of the database.
pub(crate) fn case(db: &mut Connection, id: CaseId) -> Result<Option<CaseRow>, Error> {
    let sql = format!("SELECT {CASE} FROM cases WHERE id = $1");
    db.query_optional(&sql, params![id.get()])?.as_ref().map(row).transpose()
}

pub(super) fn insert(
    db: &mut Connection,
    new: &NewCase,
    held: bool,
    now: Timestamp,
) -> Result<CaseId, Error> {
    let id = next_number(db, "case")?;
    let [kind, conversation, seq, subject] = key(&new.subject);
    let rest: [Value; 6] = [
        id.into(),
        new.category.into(),
        new.author.map(UserId::get).into(),
        new.is_open.into(),
        held.into(),
        now.millis().into(),
    ];
    let values: Vec<Value> = [kind, conversation, seq, subject].into_iter().chain(rest).collect();
    db.execute(
        "INSERT INTO cases (kind, conversation_id, seq, subject_id, id, category_id, author_id, is_open,
                            held, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        &values,
    )?;
    Ok(CaseId(id))
}

/// Whose the subject is by now, and where: articles are moved, groups handed over.
pub(super) fn renew(db: &mut Connection, id: CaseId, new: &NewCase) -> Result<(), Error> {
    let sql = "UPDATE cases SET category_id = $2, author_id = $3 WHERE id = $1";
    db.execute(sql, params![id.get(), new.category, new.author.map(UserId::get)]).map(drop)
}

pub(super) fn reopen(db: &mut Connection, id: CaseId, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE cases SET is_open = 1, updated_at = $2 WHERE id = $1";
    db.execute(sql, params![id.get(), now.millis()]).map(drop)
}

pub(super) fn hold(db: &mut Connection, id: CaseId, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE cases SET is_open = 1, held = 1, updated_at = $2 WHERE id = $1";
    db.execute(sql, params![id.get(), now.millis()]).map(drop)
}

/// Whether it was open.
pub(super) fn close(db: &mut Connection, id: CaseId, now: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE cases SET is_open = 0, updated_at = $2 WHERE id = $1 AND is_open = 1";
    Ok(db.execute(sql, params![id.get(), now.millis()])? == 1)
}

/// What was held is to be seen, or gone.
///
/// # Errors
/// Those of the database.
pub(crate) fn release(db: &mut Connection, id: CaseId) -> Result<(), Error> {
    db.execute("UPDATE cases SET held = 0 WHERE id = $1", params![id.get()]).map(drop)
}

/// Whether people reported it, too.
pub(super) fn is_reported(db: &mut Connection, id: CaseId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM reports WHERE case_id = $1 LIMIT 1";
    Ok(db.query_optional(sql, params![id.get()])?.is_some())
}

/// About an article, which is `$1`, or one of its comments; in the category `$2`, whose cases are gone through
/// rather than the comments, of which there may be very many.
const OF_ARTICLE: &str = "category_id = $2 AND (kind = 'article' AND subject_id = $1
     OR kind = 'comment' AND EXISTS (
         SELECT 1 FROM comments c WHERE c.id = cases.subject_id AND c.article_id = $1))";

/// Open cases about an article and its comments, the latest changed first.
pub(super) fn open_of_article(
    db: &mut Connection,
    article: ArticleId,
    category: CategoryId,
    limit: i64,
) -> Result<Vec<CaseRow>, Error> {
    let sql = format!(
        "SELECT {CASE} FROM cases WHERE is_open = 1 AND {OF_ARTICLE}
         ORDER BY updated_at DESC, id DESC LIMIT $3"
    );
    db.query(&sql, params![article.get(), category.get(), limit])?.iter().map(row).collect()
}

/// All of these cases are in another category now, the closed ones too: an appeal opens them again.
pub(super) fn move_article(
    db: &mut Connection,
    article: ArticleId,
    from: CategoryId,
    to: CategoryId,
) -> Result<(), Error> {
    let sql = format!("UPDATE cases SET category_id = $3 WHERE {OF_ARTICLE}");
    db.execute(&sql, params![article.get(), from.get(), to.get()]).map(drop)
}

/// Which cases.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// None about this person, but for what was held of the kinds below: nobody decides what is reported about
    /// themselves.
    pub(crate) reader: UserId,
    /// Open ones, or closed ones.
    pub(crate) is_open: bool,
    /// Of these kinds; never empty.
    pub(crate) kinds: Vec<SubjectKind>,
    /// Also articles and comments of these categories, of the kinds in `posts`.
    pub(crate) categories: Vec<i64>,
    pub(crate) posts: Vec<SubjectKind>,
}

impl Filter {
    /// Whether no case at all fits.
    pub(crate) fn is_nothing(&self) -> bool {
        self.kinds.is_empty() && (self.categories.is_empty() || self.posts.is_empty())
    }

    /// The condition, and its values from `$from` on.
    fn condition(&self, from: usize) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = self.kinds.iter().map(|kind| kind.as_str().into()).collect();
        let list = |count: usize, from: usize| {
            (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
        };
        let mut parts = Vec::new();
        if !self.kinds.is_empty() {
            parts.push(format!("kind IN ({})", list(self.kinds.len(), from)));
        }
        if !self.categories.is_empty() && !self.posts.is_empty() {
            let kinds = list(self.posts.len(), from + values.len());
            values.extend(self.posts.iter().map(|kind| Value::from(kind.as_str())));
            let places = list(self.categories.len(), from + values.len());
            values.extend(self.categories.iter().map(|id| Value::from(*id)));
            parts.push(format!("(kind IN ({kinds}) AND category_id IN ({places}))"));
        }
        // By a permission also what is the reader's own and held.
        let reader = from + values.len();
        let own = match self.kinds.len() {
            0 => String::new(),
            count => format!(" OR (held = 1 AND kind IN ({}))", list(count, from)),
        };
        values.push(self.reader.get().into());
        let condition = format!(
            "({}) AND (author_id IS NULL OR author_id <> ${reader}{own})",
            parts.join(" OR ")
        );
        (condition, values)
    }
}

/// Cases before a place (time of the last change, number), the latest changed first.
///
/// # Errors
/// Those of the database.
pub(crate) fn page(
    db: &mut Connection,
    filter: &Filter,
    (updated_at, id): (i64, i64),
    limit: i64,
) -> Result<Vec<CaseRow>, Error> {
    let (condition, more) = filter.condition(5);
    let sql = format!(
        "SELECT {CASE} FROM cases
         WHERE is_open = $1 AND (updated_at < $2 OR (updated_at = $2 AND id < $3)) AND {condition}
         ORDER BY updated_at DESC, id DESC LIMIT $4"
    );
    let first: [Value; 4] = [filter.is_open.into(), updated_at.into(), id.into(), limit.into()];
    let values: Vec<Value> = first.into_iter().chain(more).collect();
    db.query(&sql, &values)?.iter().map(row).collect()
}

/// How many cases are open, up to a thousand.
///
/// # Errors
/// Those of the database.
pub(crate) fn count_open(db: &mut Connection, filter: &Filter) -> Result<i64, Error> {
    let (condition, more) = filter.condition(2);
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM cases WHERE is_open = 1 AND {condition} LIMIT $1) AS counted"
    );
    let values: Vec<Value> = [Value::from(MAX_COUNTED)].into_iter().chain(more).collect();
    db.query_one(&sql, &values)?.get(0)
}

fn row(row: &Row) -> Result<CaseRow, Error> {
    let kind = SubjectKind::parse(row.text(1)?)
        .ok_or_else(|| Error::Decode("unknown kind of a case".into()))?;
    let given = |column| Ok::<_, Error>(Some(row.get::<i64>(column)?).filter(|id| *id != 0));
    let (mut conversation, id) = (given(2)?, given(4)?);
    if kind == SubjectKind::Group {
        conversation = id;
    }
    Ok(CaseRow {
        id: CaseId(row.get(0)?),
        subject: Subject {
            kind,
            conversation_id: conversation.map(ConversationId),
            seq: given(3)?.map(Seq),
            id,
        },
        category: row.get(5)?,
        author: row.get::<Option<i64>>(6)?.map(UserId),
        is_open: row.get(7)?,
        held: row.get(8)?,
        created_at: Timestamp(row.get(9)?),
        updated_at: Timestamp(row.get(10)?),
    })
}
