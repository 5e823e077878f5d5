//! The state of the site, the audit log, jobs, storage, and backups.

use serde_json::{Value, json};

use super::store::tamper;
use crate::moderation::holder;
use crate::support::{
    TestApp, both_engines,
    talk::{group, say},
};

both_engines! {
    async fn the_overview_counts_and_is_for_those_who_need_it(app: TestApp) {
        let admin = app.admin("root").await;
        let operates = holder(app, &admin, "operates", &["operate_server"]).await;
        let manages = holder(app, &admin, "manages", &["manage_users"]).await;
        let ann = app.person("ann").await;
        let club = group(&ann, "club", &[]).await;
        for _ in 0..5 {
            say(&ann, club, "x").await;
        }
        let seen = operates.get("/admin/overview").await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        let minutes = seen.body["messages_a_minute"].as_array().unwrap();
        assert_eq!((minutes.len(), minutes.iter().filter_map(Value::as_i64).sum::<i64>()), (60, 5));
        assert_eq!(seen.body["online_an_hour"].as_array().unwrap().len(), 60);
        assert_eq!((&seen.body["users"], &seen.body["groups"]), (&json!(4), &json!(1)));
        assert!(seen.body["storage"]["database_bytes"].as_i64().unwrap() > 0);
        let health = seen.body["health"].as_array().unwrap();
        assert!(health.len() >= 4 && health.iter().all(|one| one["ok"] == true), "{health:?}");
        assert!(seen.body.to_string().contains("others must not read it"));
        let less = manages.get("/admin/overview").await.body.to_string();
        assert!(!less.contains("others must not read it"), "paths are for operators: {less}");
        let storage = operates.get("/admin/storage").await.body;
        assert!(["sqlite", "postgres"].contains(&storage["engine"].as_str().unwrap()));
        rookery::search::catch_up(&app.state).await.unwrap();
        rookery::jobs::start(&app.state);
        let job = loop {
            let jobs = operates.get("/admin/jobs").await.body;
            let found = jobs["jobs"].as_array().unwrap().iter().find(|one| one["name"] == "trim_log");
            if let Some(found) = found {
                break found.clone();
            }
        };
        assert_eq!((&job["every_seconds"], &job["last_error"]), (&json!(3600.0), &Value::Null));
    }

    async fn the_audit_log_is_read_and_verified(app: TestApp) {
        let admin = app.admin("root").await;
        let reader = holder(app, &admin, "reader", &["read_audit_log"]).await;
        let page = reader.get("/admin/audit?limit=2").await.body;
        assert_eq!(page["entries"][0]["action"], "role.given", "{page}");
        assert_eq!(page["cursor"], page["entries"][1]["n"].to_string());
        let rest = reader.get(&format!("/admin/audit?before={}", page["cursor"].as_str().unwrap())).await.body;
        assert_eq!(rest["entries"][0]["action"], "user.admin_given");
        assert_eq!(rest["cursor"], Value::Null);
        let by = reader.get(&format!("/admin/audit?actor={}", reader.id())).await.body;
        assert_eq!(by["entries"], json!([]));
        let whole = reader.get("/admin/audit/verify").await.body;
        assert_eq!((&whole["whole"], &whole["entries"]), (&json!(true), &json!(3)), "{whole}");
        assert_eq!(whole["last_hash"].as_str().unwrap().len(), 64);
        tamper(app, 2).await;
        let broken = reader.get("/admin/audit/verify").await.body;
        assert_eq!((&broken["whole"], &broken["broken_at"]), (&json!(false), &json!(2)), "{broken}");
        for bad in ["before=x", "limit=0", "subject=", "actor=ann"] {
            assert_eq!(reader.get(&format!("/admin/audit?{bad}")).await.status, 422, "{bad}");
        }
    }

    async fn a_backup_is_for_an_admin_who_says_so_again(app: TestApp) {
        let admin = app.admin("root").await;
        let operates = holder(app, &admin, "operates", &["operate_server"]).await;
        let ask = async |who: &crate::support::Client, password: &str| {
            who.post("/admin/backup", json!({"password": password})).await
        };
        assert_eq!(ask(&operates, "operates's long password").await.status, 403, "no admin");
        assert_eq!(ask(&admin, "wrong").await.code(), "wrong_credentials");
        assert_eq!(admin.get("/admin/backup").await.status, 403, "no ticket");
        let ticket = ask(&admin, "root's long password").await;
        assert_eq!(ticket.status, 201, "{}", ticket.body);
        let path = format!("/admin/backup?ticket={}", ticket.body["ticket"].as_str().unwrap());
        assert_eq!(operates.get(&path).await.status, 403);
        let late = ask(&admin, "root's long password").await.body["ticket"].clone();
        app.advance(61);
        let late = format!("/admin/backup?ticket={}", late.as_str().unwrap());
        assert_eq!(admin.get(&late).await.status, 403);
        let ticket = ask(&admin, "root's long password").await.body["ticket"].clone();
        let path = format!("/admin/backup?ticket={}", ticket.as_str().unwrap());
        let response = admin.request(reqwest::Method::GET, &path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let bytes = response.bytes().await.unwrap();
        assert!(bytes.starts_with(b"rookery backup 1\n"), "{} bytes", bytes.len());
        assert_eq!(admin.get(&path).await.status, 403, "a ticket is good once");
        let log = admin.get("/admin/audit?limit=1").await.body;
        assert_eq!(log["entries"][0]["action"], "backup.downloaded");
        let left = std::fs::read_dir(&app.state.config.storage.data_dir).unwrap();
        let names = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert!(names.into_iter().all(|name| !name.starts_with(".backup-")));
    }
}
