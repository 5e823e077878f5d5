//! Accounts, for those who manage them.

use database::{Connection, Error, Row, Value, params};
use protocol::{Timestamp, UserId};

/// Milliseconds for which an account counts as new in the list: a week.
const NEW_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// An account.
#[derive(Clone, Debug)]
pub(in crate::admin) struct UserRow {
    pub(in crate::admin) id: UserId,
    pub(in crate::admin) name_key: String,
    pub(in crate::admin) created_at: Timestamp,
    pub(in crate::admin) last_seen_at: Option<Timestamp>,
    pub(in crate::admin) is_admin: bool,
    pub(in crate::admin) suspended_until: Option<Timestamp>,
    pub(in crate::admin) muted_until: Option<Timestamp>,
    pub(in crate::admin) banned: bool,
    pub(in crate::admin) deleted: bool,
    pub(in crate::admin) sessions: i64,
    pub(in crate::admin) tokens: i64,
    pub(in crate::admin) storage_bytes: i64,
}

/// Which accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum Filter {
    All,
    Admins,
    Suspended,
    Muted,
    Banned,
    New,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::admin) enum Sort {
    Newest,
    Seen,
    Name,
}

const SEEN: &str =
    "COALESCE((SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id), 0)";
const OUTER: &str = "u.id, u.name_key, u.created_at, u.seen, u.is_admin, u.suspended_until,
    u.site_muted_until, u.banned_at, u.deleted_at,
    (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id),
    (SELECT COUNT(*) FROM tokens t WHERE t.user_id = u.id),
    (SELECT CAST(COALESCE(SUM(f.size), 0) AS BIGINT) FROM uploads f WHERE f.user_id = u.id)";

/// One account, deleted ones too.
pub(in crate::admin) fn user(db: &mut Connection, id: UserId) -> Result<Option<UserRow>, Error> {
    let sql = format!(
        "SELECT {OUTER} FROM (SELECT u.*, {SEEN} AS seen FROM users u WHERE u.id = $1) AS u"
    );
    db.query_optional(&sql, params![id.get()])?.as_ref().map(row).transpose()
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(in crate::admin) struct Asked {
    /// Folded: a number, the start of a username, or a part of a name.
    pub(in crate::admin) key: Option<String>,
    pub(in crate::admin) filter: Filter,
    pub(in crate::admin) sort: Sort,
    /// The last one of the page before: what it was sorted by, and its number.
    pub(in crate::admin) before: Option<(String, i64)>,
}

/// A page of accounts.
pub(in crate::admin) fn users(
    db: &mut Connection,
    asked: &Asked,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<UserRow>, Error> {
    let mut values: Vec<Value> = vec![limit.into()];
    let mut given = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut conditions = vec![match asked.filter {
        Filter::All => "1 = 1".to_owned(),
        Filter::Admins => "u.is_admin = 1".to_owned(),
        Filter::Suspended => format!("u.suspended_until > {}", given(now.millis().into())),
        Filter::Muted => format!("u.site_muted_until > {}", given(now.millis().into())),
        Filter::Banned => "u.banned_at IS NOT NULL".to_owned(),
        Filter::New => {
            let since = given(now.plus_millis(-NEW_MS).millis().into());
            format!("u.deleted_at IS NULL AND u.created_at > {since}")
        }
    }];
    if let Some(key) = &asked.key {
        let escaped = key.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        let (start, part) =
            (given(format!("{escaped}%").into()), given(format!("%{escaped}%").into()));
        let id = given(key.parse::<i64>().unwrap_or(0).into());
        conditions.push(format!(
            r"(u.username_key LIKE {start} ESCAPE '\' OR u.name_key LIKE {part} ESCAPE '\' OR u.id = {id})"
        ));
    }
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    let order = match (asked.sort, &asked.before) {
        (Sort::Newest, None) => "u.id DESC",
        (Sort::Newest, Some((_, id))) => {
            conditions.push(format!("u.id < {}", given((*id).into())));
            "u.id DESC"
        }
        (Sort::Seen, None) => "u.seen DESC, u.id DESC",
        (Sort::Seen, Some((seen, id))) => {
            let (seen, id) = (given(number(seen).into()), given((*id).into()));
            conditions.push(format!("(u.seen < {seen} OR (u.seen = {seen} AND u.id < {id}))"));
            "u.seen DESC, u.id DESC"
        }
        (Sort::Name, None) => "u.name_key, u.id",
        (Sort::Name, Some((name, id))) => {
            let (name, id) = (given(name.as_str().into()), given((*id).into()));
            conditions
                .push(format!("(u.name_key > {name} OR (u.name_key = {name} AND u.id > {id}))"));
            "u.name_key, u.id"
        }
    };
    let conditions = conditions.join(" AND ");
    // When somebody was seen is looked up for all only where it sorts.
    let sql = match asked.sort {
        Sort::Seen => format!(
            "SELECT {OUTER} FROM (SELECT u.*, {SEEN} AS seen FROM users u) AS u
             WHERE {conditions} ORDER BY {order} LIMIT $1"
        ),
        Sort::Newest | Sort::Name => format!(
            "SELECT {OUTER} FROM (
                 SELECT u.*, {SEEN} AS seen FROM users u
                 WHERE u.id IN (SELECT u.id FROM users u WHERE {conditions} ORDER BY {order} LIMIT $1)
             ) AS u ORDER BY {order}"
        ),
    };
    db.query(&sql, &values)?.iter().map(row).collect()
}

fn row(row: &Row) -> Result<UserRow, Error> {
    let time = |column| Ok::<_, Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
    Ok(UserRow {
        id: UserId(row.get(0)?),
        name_key: row.get(1)?,
        created_at: Timestamp(row.get(2)?),
        last_seen_at: time(3)?.filter(|at| at.millis() > 0),
        is_admin: row.get(4)?,
        suspended_until: time(5)?,
        muted_until: time(6)?,
        banned: time(7)?.is_some(),
        deleted: time(8)?.is_some(),
        sessions: row.get(9)?,
        tokens: row.get(10)?,
        storage_bytes: row.get(11)?,
    })
}
