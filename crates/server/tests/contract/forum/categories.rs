//! Categories: everybody reads them, and who may manage them makes, changes and removes them.

use serde_json::json;

use super::{category, id, operator, published};
use crate::support::{TestApp, both_engines};

both_engines! {
    async fn they_stand_in_order_with_their_moderators(app: TestApp) {
        let admin = operator(app).await;
        let (ann, visitor) = (app.person("ann").await, app.visitor());
        let body = json!({"slug": "rust", "name": "Rust 语言", "description": "借用检查", "position": 2,
                          "in_top_menu": true, "moderator_ids": [ann.id()]});
        let rust = admin.post("/forum/categories", body).await;
        assert_eq!(rust.status, 201, "{}", rust.body);
        let news = category(&admin, "news", &[]).await;
        let list = visitor.get("/forum/categories").await;
        assert_eq!(list.status, 200);
        let all = list.body["categories"].as_array().unwrap();
        assert_eq!((id(&all[0]), &all[1]["name"]), (news, &json!("Rust 语言")));
        assert_eq!(all[1]["moderators"][0]["id"], ann.id());
        assert_eq!((&all[1]["in_top_menu"], &all[1]["articles"]), (&json!(true), &json!(0)));
        let changed = admin.patch(&format!("/forum/categories/{news}"), json!({"name": "新闻"})).await;
        assert_eq!((changed.status, &changed.body["name"], &changed.body["slug"]),
                   (200, &json!("新闻"), &json!("news")));
    }

    async fn only_with_the_permission_and_never_under_a_taken_slug(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let body = json!({"slug": "news", "name": "News"});
        assert_eq!(ann.post("/forum/categories", body.clone()).await.status, 403);
        let news = category(&admin, "news", &[]).await;
        assert_eq!(ann.patch(&format!("/forum/categories/{news}"), json!({})).await.status, 403);
        assert_eq!(ann.delete(&format!("/forum/categories/{news}")).await.status, 403);
        let taken = admin.post("/forum/categories", body).await;
        assert_eq!((taken.status, taken.code()), (409, "conflict"));
        for (field, bad) in [
            ("slug", json!({"slug": "Not A Slug", "name": "x"})),
            ("slug", json!({"slug": "12", "name": "x"})),
            ("slug", json!({"slug": "feed.atom", "name": "x"})),
            ("slug", json!({"name": "x"})),
            ("name", json!({"slug": "x", "name": ""})),
            ("position", json!({"slug": "x", "name": "x", "position": -1})),
            ("moderator_ids.0", json!({"slug": "x", "name": "x", "moderator_ids": [9]})),
        ] {
            let answer = admin.post("/forum/categories", bad).await;
            assert_eq!(answer.status, 422, "{field}: {}", answer.body);
            assert!(answer.body["errors"].get(field).is_some(), "{field}: {}", answer.body);
        }
    }

    async fn one_with_articles_stays(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "first").await);
        let path = format!("/forum/categories/{news}");
        let refused = admin.delete(&path).await;
        assert_eq!((refused.status, refused.code()), (409, "conflict"));
        assert_eq!(ann.delete(&format!("/forum/articles/{article}")).await.status, 204);
        assert_eq!(admin.delete(&path).await.status, 204);
        assert_eq!(admin.delete(&path).await.status, 404);
        assert_eq!(ann.get("/forum/articles?category=news").await.status, 404);
    }
}
