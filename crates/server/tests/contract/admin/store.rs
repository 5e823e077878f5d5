//! What somebody does to the tables behind the server's back.

use database::params;

use crate::support::TestApp;

/// Changes what an entry of the audit log says.
pub(super) async fn tamper(app: &TestApp, n: i64) {
    let change = move |unit: &mut delivery::Unit<'_>| {
        let sql = "UPDATE audit_log SET details = '{\"note\":\"nothing\"}' WHERE n = $1";
        unit.db().execute(sql, params![n])
    };
    assert_eq!(app.state.delivery.write(change).await.unwrap(), 1);
}

/// The same in the file of a server that does not run.
pub(super) fn tamper_with_file(path: &std::path::Path) {
    let target = database::Target::Sqlite { path: path.to_owned() };
    let database = database::Database::open(&database::Config::new(target, 0)).unwrap();
    let mut writer = database.writer().unwrap();
    writer.begin().unwrap();
    let sql = "UPDATE audit_log SET actor_id = $1 WHERE n = 2";
    assert_eq!(writer.execute(sql, params![10_001]).unwrap(), 1);
    writer.commit().unwrap();
    drop(writer);
    database.close();
}
