//! PostgreSQL: how a connection is set up and found again after a loss, how a statement runs, and
//! what its errors mean. Transactions and their rules are in `connection.rs`.
//!
//! The client is synchronous and must not be used inside an asynchronous runtime; see `lib.rs`.

use std::collections::HashMap;
use std::time::Duration;

use postgres::error::SqlState;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use crate::connection::Role;
use crate::{Error, Row, Value};

/// PostgreSQL 15, as `server_version_num`.
const OLDEST: i64 = 150_000;
/// The advisory lock of the one that writes: "rookery" in ASCII. Such locks are per database.
const WRITER_LOCK: i64 = 0x72_6f_6f_6b_65_72_79;
/// How long to wait for that lock: a server that was just killed may not have been noticed yet.
const WRITER_LOCK_WAIT: &str = "2s";
/// Prepared statements a connection keeps; at the bound it forgets all and starts again.
const STATEMENTS: usize = 256;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long unacknowledged bytes may hang before the connection counts as lost.
const TCP_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) struct Session {
    config: postgres::Config,
    role: Role,
    /// `None` after a loss, until the next transaction or lone statement connects again.
    link: Option<Link>,
}

struct Link {
    client: Client,
    /// By SQL text and the types of its parameters.
    statements: HashMap<(String, Vec<Type>), Statement>,
}

impl Session {
    pub(crate) fn open(url: &str, role: Role) -> Result<Session, Error> {
        let mut config: postgres::Config =
            url.parse().map_err(|_| Error::Config("the PostgreSQL URL cannot be read".into()))?;
        config.application_name("rookery");
        config.connect_timeout(CONNECT_TIMEOUT);
        config.tcp_user_timeout(TCP_TIMEOUT);
        let mut session = Session { config, role, link: None };
        session.ensure()?;
        Ok(session)
    }

    /// Connects again if the connection was lost; the writer takes its lock again.
    pub(crate) fn ensure(&mut self) -> Result<(), Error> {
        if self.link.as_ref().is_some_and(|link| !link.client.is_closed()) {
            return Ok(());
        }
        self.link = None;
        let mut link = Link {
            client: self.config.connect(NoTls).map_err(connect_error)?,
            statements: HashMap::new(),
        };
        link.check_server()?;
        if self.role == Role::Writer {
            link.lock_writer()?;
        }
        self.link = Some(link);
        Ok(())
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.link.is_some()
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.with(|link| link.client.batch_execute(sql).map_err(error))
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        self.with(|link| {
            let statement = link.prepare(sql, params)?;
            let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
            let rows = link.client.query(&statement, &params).map_err(error)?;
            rows.iter().map(decode).collect()
        })
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        self.with(|link| {
            let statement = link.prepare(sql, params)?;
            let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
            link.client.execute(&statement, &params).map_err(error)
        })
    }

    /// Runs on the connection; whatever failed because it was lost is `Unavailable`.
    fn with<T>(&mut self, run: impl FnOnce(&mut Link) -> Result<T, Error>) -> Result<T, Error> {
        let lost = || Error::Unavailable("the connection to PostgreSQL was lost".into());
        let link = self.link.as_mut().ok_or_else(lost)?;
        let result = run(link);
        if link.client.is_closed() {
            self.link = None;
            return result.map_err(|_| lost());
        }
        result
    }
}

impl Link {
    fn check_server(&mut self) -> Result<(), Error> {
        let sql = "SELECT CAST(current_setting('server_version_num') AS BIGINT),
                          current_setting('server_encoding'), current_setting('server_version')";
        let row = self.client.query_one(sql, &[]).map_err(error)?;
        let (number, encoding, version): (i64, &str, &str) = (row.get(0), row.get(1), row.get(2));
        if number < OLDEST {
            return Err(Error::Config(format!("PostgreSQL {version} is older than 15")));
        }
        if encoding != "UTF8" {
            return Err(Error::Config(format!("the database's encoding is {encoding}, not UTF8")));
        }
        // What was acknowledged is on the disk, whatever the server's default; stricter stays.
        let durable = "SET client_min_messages = warning;
            SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') = 'off'";
        self.client.batch_execute(durable).map_err(error)
    }

    fn lock_writer(&mut self) -> Result<(), Error> {
        let sql = format!(
            "SET lock_timeout = '{WRITER_LOCK_WAIT}';
             SELECT pg_advisory_lock({WRITER_LOCK});
             RESET lock_timeout"
        );
        self.client.batch_execute(&sql).map_err(|failure| {
            if failure.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) {
                return Error::Unavailable("another server writes to this database".into());
            }
            error(failure)
        })
    }

    /// Prepares with the types that the values have, so that PostgreSQL infers none that is
    /// narrower (`$1 + 1` would be 32 bits); only a `NULL` is left to inference.
    fn prepare(&mut self, sql: &str, params: &[Value]) -> Result<Statement, Error> {
        let types = params.iter().map(parameter_type).collect();
        let key = (sql.to_owned(), types);
        if let Some(statement) = self.statements.get(&key) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare_typed(sql, &key.1).map_err(error)?;
        let wanted = statement.params().len();
        if wanted != params.len() {
            return Err(Error::Sql(format!("{} parameters given, {wanted} used", params.len())));
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(key, statement.clone());
        Ok(statement)
    }
}

fn parameter_type(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Integer(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Blob(_) => Type::BYTEA,
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => number.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }

    /// Any type: `prepare` declared the one that fits, and a `NULL` fits all.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(
        ty: &Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::BOOL => Value::Integer(i64::from(bool::from_sql(ty, raw)?)),
            Type::INT2 => Value::Integer(i64::from(i16::from_sql(ty, raw)?)),
            Type::INT4 => Value::Integer(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT8 => Value::Integer(i64::from_sql(ty, raw)?),
            Type::BYTEA => Value::Blob(raw.to_vec()),
            _ => Value::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::BOOL
                | Type::INT2
                | Type::INT4
                | Type::INT8
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::NAME
                | Type::UNKNOWN
        )
    }
}

fn decode(row: &postgres::Row) -> Result<Row, Error> {
    let mut values = Vec::with_capacity(row.len());
    for (index, column) in row.columns().iter().enumerate() {
        let value = row.try_get(index).map_err(|_| {
            let (name, ty) = (column.name(), column.type_());
            Error::Decode(format!("{name} has the type {ty}: cast it to BIGINT, TEXT or BYTEA"))
        })?;
        values.push(value);
    }
    Ok(Row::new(values))
}

fn connect_error(error: postgres::Error) -> Error {
    // The chain says "connection refused" or "password authentication failed", never the password.
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    Error::Unavailable(text)
}

fn error(error: postgres::Error) -> Error {
    let Some(failure) = error.as_db_error() else {
        return match error.is_closed() {
            true => Error::Unavailable("the connection to PostgreSQL was lost".into()),
            false => Error::Sql(error.to_string()),
        };
    };
    let code = failure.code();
    let text = format!("{} ({})", failure.message(), code.code());
    if *code == SqlState::DISK_FULL || failure.message().contains("No space left on device") {
        return Error::Full;
    }
    if *code == SqlState::NOT_NULL_VIOLATION {
        return Error::Sql(text);
    }
    match &code.code()[..2] {
        "23" => Error::Conflict,
        // Connection, rollback by deadlock, no resources, operator's intervention, I/O, internal.
        "08" | "40" | "53" | "57" | "58" | "XX" => Error::Unavailable(text),
        _ if *code == SqlState::LOCK_NOT_AVAILABLE => Error::Unavailable(text),
        _ => Error::Sql(text),
    }
}
