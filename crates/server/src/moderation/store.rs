//! SQL over `reports` and `decisions`; cases are kept by `crate::review`.

use database::{Connection, Error, Row, params};
use protocol::{Act, CaseId, Reason, Timestamp, UserId};

use crate::accounts;

/// Reports of a case that are kept, and told of the decision.
pub(super) const MAX_REPORTS: i64 = 1_000;
/// Reports and decisions of a case that are shown.
const MAX_SHOWN: i64 = 100;

/// What somebody reported.
#[derive(Clone, Debug)]
pub(super) struct ReportRow {
    pub(super) reporter: UserId,
    pub(super) reason: Reason,
    pub(super) note: String,
    pub(super) at: Timestamp,
}

/// Stores a report, in place of the same person's earlier one; whether there was none.
pub(super) fn put_report(
    db: &mut Connection,
    case: CaseId,
    report: &ReportRow,
) -> Result<bool, Error> {
    let values = params![
        case.get(),
        report.reporter.get(),
        report.reason.as_str(),
        report.note.as_str(),
        report.at.millis()
    ];
    let changed = db.execute(
        "UPDATE reports SET reason = $3, note = $4, at = $5, answered = 0
         WHERE case_id = $1 AND reporter_id = $2",
        values,
    )?;
    if changed == 1 {
        return Ok(false);
    }
    let sql = "SELECT COUNT(*) FROM reports WHERE case_id = $1";
    if db.query_one(sql, params![case.get()])?.get::<i64>(0)? < MAX_REPORTS {
        db.execute(
            "INSERT INTO reports (case_id, reporter_id, reason, note, at) VALUES ($1, $2, $3, $4, $5)",
            values,
        )?;
    }
    Ok(true)
}

/// The reports of a case, the newest first.
pub(super) fn reports(db: &mut Connection, case: CaseId) -> Result<Vec<ReportRow>, Error> {
    let rows = db.query(
        "SELECT reporter_id, reason, note, at FROM reports WHERE case_id = $1
         ORDER BY at DESC, reporter_id LIMIT $2",
        params![case.get(), MAX_SHOWN],
    )?;
    let report = |row: &Row| {
        Ok(ReportRow {
            reporter: UserId(row.get(0)?),
            reason: Reason::parse(row.text(1)?).unwrap_or(Reason::Other),
            note: row.get(2)?,
            at: Timestamp(row.get(3)?),
        })
    };
    rows.iter().map(report).collect()
}

pub(super) fn has_reported(db: &mut Connection, case: CaseId, user: UserId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM reports WHERE case_id = $1 AND reporter_id = $2";
    Ok(db.query_optional(sql, params![case.get(), user.get()])?.is_some())
}

/// Those who are still to be told what was decided; they are told now.
pub(super) fn take_unanswered(db: &mut Connection, case: CaseId) -> Result<Vec<UserId>, Error> {
    let rows = db.query(
        "UPDATE reports SET answered = 1 WHERE case_id = $1 AND answered = 0 RETURNING reporter_id",
        params![case.get()],
    )?;
    rows.iter().map(|row| Ok(UserId(row.get(0)?))).collect()
}

/// What was decided.
#[derive(Clone, Debug)]
pub(super) struct DecisionRow {
    pub(super) id: i64,
    pub(super) act: Act,
    pub(super) until: Option<Timestamp>,
    pub(super) note: String,
    pub(super) by: UserId,
    pub(super) at: Timestamp,
    pub(super) appeal: Option<(String, Timestamp)>,
}

/// Stores a decision under the next number.
pub(super) fn add_decision(
    db: &mut Connection,
    case: CaseId,
    (act, until, note): (Act, Option<Timestamp>, &str),
    by: UserId,
    now: Timestamp,
) -> Result<(), Error> {
    let id = accounts::next_number(db, "decision")?;
    db.execute(
        "INSERT INTO decisions (id, case_id, act, until, note, by_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            id,
            case.get(),
            act.as_str(),
            until.map(Timestamp::millis),
            note,
            by.get(),
            now.millis()
        ],
    )?;
    Ok(())
}

/// The decisions of a case, the newest first.
pub(super) fn decisions(db: &mut Connection, case: CaseId) -> Result<Vec<DecisionRow>, Error> {
    let rows = db.query(
        "SELECT id, act, until, note, by_id, at, appeal, appealed_at FROM decisions
         WHERE case_id = $1 ORDER BY id DESC LIMIT $2",
        params![case.get(), MAX_SHOWN],
    )?;
    let decision = |row: &Row| {
        let act = Act::parse(row.text(1)?);
        let time = |column| Ok::<_, Error>(row.get::<Option<i64>>(column)?.map(Timestamp));
        Ok(DecisionRow {
            id: row.get(0)?,
            act: act.ok_or_else(|| Error::Decode("unknown act of a decision".into()))?,
            until: time(2)?,
            note: row.get(3)?,
            by: UserId(row.get(4)?),
            at: Timestamp(row.get(5)?),
            appeal: row.get::<Option<String>>(6)?.zip(time(7)?),
        })
    };
    rows.iter().map(decision).collect()
}

pub(super) fn put_appeal(
    db: &mut Connection,
    decision: i64,
    text: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let sql = "UPDATE decisions SET appeal = $2, appealed_at = $3 WHERE id = $1";
    db.execute(sql, params![decision, text, now.millis()]).map(drop)
}
