//! Writing in the forum without script: plain forms, which say what is wrong and keep what was typed.

use reqwest::Method;
use serde_json::json;

use super::{category, id, operator, published, titles};
use crate::support::{Client, Response, TestApp, both_engines};

fn html(page: &Response) -> &str {
    page.body.as_str().unwrap_or_else(|| panic!("no page: {}", page.body))
}

/// The value of a hidden field.
fn field(page: &Response, name: &str) -> String {
    let (_, rest) = html(page).split_once(&format!(r#"name="{name}" value=""#)).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn send(who: &Client, path: &str, fields: &[(&str, &str)]) -> Response {
    who.send(who.raw(Method::POST, path).form(fields)).await
}

both_engines! {
    async fn an_article_is_written_changed_and_deleted_by_forms(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await.to_string();
        assert_eq!(app.visitor().get("//forum/new?category=news").await.header("location"),
                   "/login?next=/forum/new%3Fcategory%3Dnews");
        let page = ann.get("//forum/new?category=news").await;
        assert!(html(&page).contains(&format!(r#"<option value="{news}" selected>"#)), "{}", html(&page));
        let (token, key) = (field(&page, "csrfmiddlewaretoken"), field(&page, "client_id"));
        let mut fields = vec![
            ("csrfmiddlewaretoken", &*token), ("client_id", &*key), ("category_id", &*news), ("act", "publish"),
            ("title", ""), ("summary", "kurz"), ("tags", "Eins，zwei, "), ("text", "one\r\n\r\n<b>two</b>"),
        ];
        let refused = send(&ann, "//forum/new", &fields).await;
        assert_eq!(refused.status, 422);
        for kept in [r#"role="alert">A title has"#, "one\n\n&lt;b&gt;two&lt;/b&gt;</textarea>", "\nkurz</textarea>", "Eins，zwei, "] {
            assert!(html(&refused).contains(kept), "{kept}: {}", html(&refused));
        }
        fields[4] = ("title", "It begins");
        let made = send(&ann, "//forum/new", &fields).await;
        assert_eq!(made.status, 303, "{}", made.body);
        let path = made.header("location").to_owned();
        let again = send(&ann, "//forum/new", &fields).await;
        assert_eq!((again.status, again.header("location")), (303, &*path), "sent twice it is one article");
        assert_eq!(titles(&ann, "?tag=zwei").await, ["It begins"]);
        assert!(html(&app.visitor().get(&format!("/{path}")).await).contains("&lt;b&gt;two"));

        let edit = format!("/{path}/edit");
        let page = ann.get(&edit).await;
        let revision = field(&page, "revision");
        let changes = [
            ("csrfmiddlewaretoken", &*token), ("revision", &*revision), ("category_id", &*news), ("act", "save"),
            ("title", "It goes on"), ("text", "three"),
        ];
        assert_eq!(send(&ann, &edit, &changes).await.status, 303);
        assert_eq!(titles(&ann, "").await, ["It goes on"]);
        let late = send(&ann, &edit, &changes).await;
        assert_eq!(late.status, 409);
        assert!(html(&late).contains("changed meanwhile") && html(&late).contains("three</textarea>"));
        assert_ne!(field(&late, "revision"), revision, "sent again it holds");
        let api = format!("{path}/draft");
        let copy = json!({"title": "unfinished", "text": "copy"});
        assert_eq!(ann.put(&api, copy).await.status, 204);
        assert!(html(&ann.get(&edit).await).contains("copy</textarea>"), "the working copy is what goes on");

        let unsure = [("csrfmiddlewaretoken", &*token), ("act", "delete")];
        let asked = send(&ann, &edit, &unsure).await;
        assert!(asked.status == 422 && html(&asked).contains("confirm"));
        let sure = [("csrfmiddlewaretoken", &*token), ("act", "delete"), ("sure", "yes")];
        assert_eq!(send(&ann, &edit, &sure).await.header("location"), "/forum");
        assert_eq!(app.visitor().get(&format!("/{path}")).await.status, 410);
    }

    async fn comments_answers_and_likes_by_forms(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "first").await);
        let path = format!("//forum/articles/{article}");
        let page = ben.get(&path).await;
        let (token, key) = (field(&page, "csrfmiddlewaretoken"), field(&page, "client_id"));
        let token = ("csrfmiddlewaretoken", &*token);
        let empty = send(&ben, &path, &[token, ("act", "comment"), ("text", " ")]).await;
        assert!(empty.status == 422 && html(&empty).contains("A comment has 1 to"));
        let fields = [token, ("client_id", &*key), ("act", "comment"), ("text", "well\r\nsaid")];
        let made = send(&ben, &path, &fields).await;
        let place = made.header("location").to_owned();
        assert!(made.status == 303 && place.contains("sort=newest#comment-"), "{place}");
        assert_eq!(send(&ben, &path, &fields).await.header("location"), place, "sent twice it is one comment");
        let comment = place.rsplit('-').next().unwrap().to_owned();

        let answering = ann.get(&format!("{path}?answer={comment}")).await;
        let own = field(&answering, "csrfmiddlewaretoken");
        let own = ("csrfmiddlewaretoken", &*own);
        assert!(html(&answering).contains(&format!(r#"name="comment" value="{comment}""#)));
        let answer = send(&ann, &path, &[own, ("act", "comment"), ("comment", &comment), ("text", "thanks")]).await;
        assert_eq!(answer.status, 303);
        let liked = send(&ann, &path, &[own, ("like_comment", &comment)]).await;
        assert!(liked.header("location").ends_with(&format!("#comment-{comment}")));
        assert_eq!(send(&ben, &path, &[token, ("like_article", &article.to_string())]).await.status, 303);
        let page = app.visitor().get(&path).await;
        assert!(html(&page).contains("in answer to") && html(&page).matches("1 like<").count() == 2, "{}", html(&page));
        assert_eq!(send(&ben, &path, &[token, ("unlike_article", &article.to_string())]).await.status, 303);
        assert_eq!(ann.get(&format!("/forum/articles/{article}")).await.body["likes"], 0);

        let editing = ben.get(&format!("{path}?edit={comment}")).await;
        assert!(html(&editing).contains("well\nsaid</textarea>"), "{}", html(&editing));
        let edit = [token, ("act", "edit"), ("comment", &*comment), ("text", "better said")];
        assert_eq!(send(&ben, &path, &edit).await.status, 303);
        let stolen = send(&ann, &path, &[own, ("act", "edit"), ("comment", &comment), ("text", "mine")]).await;
        assert_eq!(stolen.status, 403);
        let gone = [token, ("act", "delete"), ("comment", &*comment), ("sure", "yes")];
        assert_eq!(send(&ben, &path, &gone).await.status, 303);
        let page = app.visitor().get(&path).await;
        assert!(html(&page).contains("This comment was deleted.") && !html(&page).contains("better said"));
    }

    async fn nothing_is_done_for_other_sites_and_nothing_typed_is_lost(app: TestApp) {
        let (admin, ann, ben) = (operator(app).await, app.person("ann").await, app.person("ben").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "first").await);
        let path = format!("//forum/articles/{article}");
        let foreign = ben.csrf_token().to_owned();
        for token in ["", "made-up", &foreign] {
            let token = ("csrfmiddlewaretoken", token);
            let refused = send(&ann, &path, &[token, ("act", "comment"), ("text", "kept words")]).await;
            assert_eq!(refused.status, 403);
            assert!(html(&refused).contains("kept words</textarea>"), "{}", html(&refused));
            assert_eq!(field(&refused, "csrfmiddlewaretoken"), ann.csrf_token(), "sent again it works");
            let fields = [token, ("act", "publish"), ("title", "kept title"), ("text", "kept words")];
            let refused = send(&ann, "//forum/new", &fields).await;
            assert!(refused.status == 403 && html(&refused).contains(r#"value="kept title""#));
            assert_eq!(send(&ann, &path, &[token, ("like_article", &article.to_string())]).await.status, 403);
            assert_eq!(send(&ann, &format!("{path}/edit"), &[token, ("act", "delete"), ("sure", "yes")]).await.status, 403);
        }
        let other = ann.raw(Method::POST, &path).header("origin", "https://evil.example");
        let fields = [("csrfmiddlewaretoken", ann.csrf_token()), ("act", "comment"), ("text", "x")];
        assert_eq!(ann.send(other.form(&fields)).await.status, 403);

        let visitor = app.visitor();
        for place in [&*path, "//forum/new", &format!("{path}/edit")] {
            let fields = [("act", if place == path { "comment" } else { "save" }), ("text", "kept words")];
            let refused = send(&visitor, place, &fields).await;
            assert_eq!(refused.status, 401, "{place}");
            assert!(html(&refused).contains("kept words</textarea>") && html(&refused).contains("logged out"), "{place}");
            assert_eq!(refused.header("cache-control"), "no-store");
        }
        let like = send(&visitor, &path, &[("like_article", &article.to_string())]).await;
        assert_eq!(like.header("location"), format!("/login?next=/forum/articles/{article}"));
        assert_eq!(send(&ann, &path, &[("what", "else")]).await.status, 400);
        let json = ann.raw(Method::POST, &path).json(&json!({"act": "comment"}));
        assert_eq!(ann.send(json).await.status, 415);
        let page = ann.get(&format!("/forum/articles/{article}")).await;
        assert_eq!((&page.body["comments"], &page.body["likes"]), (&json!(0), &json!(0)));
    }

    async fn what_is_not_welcome_is_said_in_both_languages(app: TestApp) {
        let (admin, ann) = (operator(app).await, app.person("ann").await);
        let news = category(&admin, "news", &[]).await;
        let article = id(&published(&ann, news, "first").await);
        let words = json!({"words": [{"pattern": "casino", "action": "refuse"}]});
        assert_eq!(admin.put("/moderation/words", words).await.status, 200);
        let path = format!("//forum/articles/{article}");
        let fields = [("csrfmiddlewaretoken", ann.csrf_token()), ("act", "comment"), ("text", "best casino")];
        for (language, said) in [("en", "a word in it that is not allowed"), ("zh-CN", "本站不允许的词语")] {
            let form = ann.raw(Method::POST, &path).header("accept-language", language).form(&fields);
            let refused = ann.send(form).await;
            assert!(refused.status == 403 && html(&refused).contains(said), "{}", html(&refused));
            assert!(html(&refused).contains("best casino</textarea>"));
        }
    }
}
