//! Removing what very much hangs on: nothing of it is to be seen from the first unit on, and what is left goes in steps.

mod store;

use serde_json::json;

use store::{left, seed};

use super::{category, id, operator, published};
use crate::support::{Client, TestApp, both_engines};

/// Comments on the article, likes of it and of its first comment, and notifications about it: more than a few steps.
const MANY: i64 = 1_100;
/// So many at most go in one unit.
const STEP: i64 = 500;

/// What the bell shows: how many notifications, and how many are unread.
async fn bell(who: &Client) -> (usize, i64) {
    let page = who.get("/notifications?limit=100").await.body;
    (page["notifications"].as_array().unwrap().len(), page["unread"].as_i64().unwrap())
}

both_engines! {
    async fn what_very_much_hangs_on_is_gone_at_once_and_taken_away_in_steps(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "talked about").await);
        let path = format!("/forum/articles/{article}");
        seed(app, article, ann.id(), ben.id()).await;
        assert_eq!((bell(&ann).await, bell(&ben).await), ((100, MANY / 2), (100, MANY / 2)));

        assert_eq!(ann.delete(&path).await.status, 204);
        let [comments, likes, comment_likes, notifications] = left(app).await;
        assert_eq!((comments, likes, comment_likes), (MANY, MANY, MANY), "no unit takes all of them");
        assert!((MANY - STEP..MANY).contains(&notifications), "{notifications}");
        for who in [&ann, &ben, &app.visitor()] {
            for gone in [path.clone(), format!("{path}/comments"), format!("{path}/summary"), "/forum/comments/1".into()] {
                assert_eq!(who.get(&gone).await.status, 410, "{gone}");
            }
        }
        assert_eq!((bell(&ann).await, bell(&ben).await), ((0, 0), (0, 0)));
        assert_eq!(ben.put("/forum/comments/1/like", json!({})).await.status, 410);
        // What comes meanwhile is shown, and stays.
        let other = id(&published(&ann, news, "another").await);
        let comments = format!("/forum/articles/{other}/comments");
        assert_eq!(ben.post(&comments, json!({"text": "hello @ben"})).await.status, 201);
        assert_eq!((bell(&ann).await, bell(&ben).await), ((1, 1), (0, 0)));

        rookery::forum::tidy_up(&app.state).await.unwrap();
        assert_eq!(left(app).await, [1, 0, 0, 1]);
        assert_eq!((bell(&ann).await, bell(&ben).await), ((1, 1), (0, 0)));
    }

    async fn a_deleted_comment_leaves_no_likes_behind(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "talked about").await);
        seed(app, article, ann.id(), ben.id()).await;
        assert_eq!(ben.delete("/forum/comments/1").await.status, 204);
        assert_eq!(left(app).await, [MANY - 1, MANY, MANY, MANY - 1], "its likes are too many for one unit");
        assert_eq!(ann.get("/forum/comments/1").await.status, 404);
        rookery::forum::tidy_up(&app.state).await.unwrap();
        assert_eq!(left(app).await, [MANY - 1, MANY, 0, MANY - 1]);
    }

    async fn what_is_taken_back_and_published_again_is_told_of_anew(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "talked about").await);
        let path = format!("/forum/articles/{article}");
        seed(app, article, ann.id(), ben.id()).await;
        for status in ["draft", "published"] {
            assert_eq!(ann.patch(&path, json!({"status": status})).await.status, 200);
        }
        assert_eq!(bell(&ann).await, (0, 0));
        assert_eq!(ben.put(&format!("{path}/like"), json!({})).await.status, 204);
        assert_eq!(bell(&ann).await, (1, 1));
        rookery::forum::tidy_up(&app.state).await.unwrap();
        assert_eq!(bell(&ann).await, (1, 1));
        let [comments, likes, _, notifications] = left(app).await;
        assert_eq!((comments, likes, notifications), (MANY, MANY + 1, 1));
    }
}
