//! Articles and comments in the search: every part of them is found, by whoever is logged in, and only while everybody
//! can read them.

use serde_json::{Value, json};

use crate::forum::{category, id, operator};
use crate::support::{Client, TestApp, both_engines};

const TITLE: &str = "借用检查器 Borrow Checker";
const SUMMARY: &str = "為什麼編譯器不讓我這樣寫";
const TEXT: &str = "一个值只有一个所有者，这是 Rust 的规则。";
const COMMENT: &str = "看了三遍终于懂了 👍 thanks";

async fn find(who: &Client, kind: &str, words: &str) -> Value {
    super::search(who, words, &format!("kind={kind}")).await
}

async fn count(who: &Client, kind: &str, words: &str) -> usize {
    find(who, kind, words).await[kind].as_array().unwrap().len()
}

/// All parts of two or more characters of a text, without the white space around them.
fn parts(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    for start in 0..chars.len() {
        for end in start + 2..=chars.len() {
            let part: String = chars[start..end].iter().collect();
            if part.trim().chars().count() >= 2 {
                parts.push(part);
            }
        }
    }
    parts
}

async fn posted(app: &TestApp) -> (Client, Client, String, String) {
    let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
    let news = category(&admin, "news", &[]).await;
    let body = json!({"category_id": news, "title": TITLE, "summary": SUMMARY, "text": TEXT, "status": "published"});
    let article = format!("/forum/articles/{}", id(&ann.post("/forum/articles", body).await.body));
    let comment = ben.post(&format!("{article}/comments"), json!({"text": COMMENT})).await.body;
    let comment = format!("/forum/comments/{}", id(&comment));
    (ann, ben, article, comment)
}

both_engines! {
    async fn every_part_leads_to_them_before_and_after_the_index_knows(app: TestApp) {
        let (ann, ben, ..) = posted(app).await;
        for is_indexed in [false, true] {
            if is_indexed {
                rookery::search::catch_up(&app.state).await.unwrap();
            }
            for text in [TITLE, SUMMARY, TEXT] {
                for part in parts(text).iter().step_by(if is_indexed { 1 } else { 7 }) {
                    assert_eq!(count(&ben, "articles", part).await, 1, "{part:?} {is_indexed}");
                }
            }
            for part in parts(COMMENT).iter().step_by(if is_indexed { 1 } else { 7 }) {
                assert_eq!(count(&ann, "comments", part).await, 1, "{part:?} {is_indexed}");
            }
        }
        assert_eq!(count(&ann, "articles", "為什麼 rust 检查").await, 1, "words of title, summary and text");
        assert_eq!(count(&ann, "articles", "没有").await, 0);
        let found = &find(&ann, "articles", "所有者").await["articles"][0];
        assert_eq!((&found["excerpt"], &found["ranges"]), (&json!(TEXT), &json!([[7, 10]])));
        assert_eq!(found["article"]["title"], TITLE);
        let found = &find(&ann, "comments", "三遍").await["comments"][0];
        assert_eq!((&found["article_title"], &found["ranges"]), (&json!(TITLE), &json!([[2, 4]])));
        let all = ann.get("/search?q=rust").await.body;
        assert_eq!(all["articles"].as_array().unwrap().len(), 1);
        assert_eq!(all["messages"]["hits"], json!([]), "{all}");
        assert_eq!(app.visitor().get("/search?q=rust").await.status, 401);
    }

    async fn what_cannot_be_read_is_not_found_however_old_the_index(app: TestApp) {
        let (ann, ben, article, comment) = posted(app).await;
        rookery::search::catch_up(&app.state).await.unwrap();
        for status in ["draft", "hidden"] {
            assert_eq!(ann.patch(&article, json!({"status": status})).await.status, 200);
            for is_indexed in [false, true] {
                if is_indexed {
                    rookery::search::catch_up(&app.state).await.unwrap();
                }
                assert_eq!(count(&ben, "articles", "检查").await, 0);
                assert_eq!(count(&ben, "comments", "三遍").await, 0);
            }
            assert_eq!(ann.patch(&article, json!({"status": "published"})).await.status, 200);
            rookery::search::catch_up(&app.state).await.unwrap();
            assert_eq!(count(&ben, "articles", "检查").await, 1);
            assert_eq!(count(&ben, "comments", "三遍").await, 1);
        }
        // What the index dropped while nobody could read it comes back with its article.
        assert_eq!(ben.patch(&comment, json!({"text": "四遍"})).await.status, 200);
        assert_eq!(ann.patch(&article, json!({"status": "draft"})).await.status, 200);
        rookery::search::catch_up(&app.state).await.unwrap();
        assert_eq!(ann.patch(&article, json!({"status": "published"})).await.status, 200);
        rookery::search::catch_up(&app.state).await.unwrap();
        assert_eq!(count(&ben, "comments", "四遍").await, 1);
        assert_eq!(ann.patch(&article, json!({"text": "另一篇"})).await.status, 200);
        assert_eq!((count(&ben, "articles", "规则").await, count(&ben, "articles", "另一").await), (0, 1));
        assert_eq!(ben.delete(&comment).await.status, 204);
        assert_eq!(count(&ann, "comments", "三遍").await, 0);
        assert_eq!(ann.delete(&article).await.status, 204);
        assert_eq!(count(&ben, "articles", "检查").await, 0);
    }

    async fn pages_go_on_to_the_oldest(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        for n in 0..5 {
            crate::forum::published(&ann, news, &format!("第{n}篇")).await;
        }
        for is_indexed in [false, true] {
            if is_indexed {
                rookery::search::catch_up(&app.state).await.unwrap();
            }
            let (mut titles, mut before) = (Vec::new(), String::new());
            loop {
                let page = ann.get(&format!("/search?kind=articles&q=what&limit=2{before}")).await.body;
                for hit in page["articles"].as_array().unwrap() {
                    titles.push(hit["article"]["title"].as_str().unwrap().to_owned());
                }
                let Some(next) = page["articles_next"].as_str() else { break };
                before = format!("&before={next}");
            }
            assert_eq!(titles, ["第4篇", "第3篇", "第2篇", "第1篇", "第0篇"]);
        }
    }
}
