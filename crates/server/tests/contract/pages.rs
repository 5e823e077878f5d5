//! What a browser opens: the client's page, and the forms that work without script.

use reqwest::Method;

use crate::support::{Client, Response, TestApp, both_engines};

/// The value of the form's hidden field.
fn token_in(page: &Response) -> String {
    let html = page.body.as_str().unwrap();
    let (_, rest) = html.split_once(r#"name="csrfmiddlewaretoken" value=""#).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn send_form(client: &Client, path: &str, fields: &[(&str, &str)]) -> Response {
    client.send(client.raw(Method::POST, path).form(fields)).await
}

both_engines! {
    async fn a_person_without_script_registers_logs_out_and_in(app: TestApp) {
        let browser = app.visitor();
        let token = token_in(&browser.get("//register").await);
        let fields = [
            ("csrfmiddlewaretoken", &*token),
            ("username", "ann"),
            ("password", "a long password"),
            ("next", "/chats/7?from=form"),
        ];
        let answer = send_form(&browser, "//register", &fields).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/chats/7?from=form"));
        let session = browser.get("/session").await;
        assert_eq!(session.body["user"]["username"], "ann");

        let own = session.body["csrf_token"].as_str().unwrap();
        assert_eq!(send_form(&browser, "//logout", &[]).await.code(), "csrf_failed");
        let answer = send_form(&browser, "//logout", &[("csrfmiddlewaretoken", own)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login"));
        assert_eq!(browser.get("/me").await.status, 401);

        let token = token_in(&browser.get("//login").await);
        let wrong = [("csrfmiddlewaretoken", &*token), ("username", "ann"), ("password", "wrong")];
        let answer = send_form(&browser, "//login", &wrong).await;
        assert_eq!(answer.status, 401);
        assert!(answer.body.as_str().unwrap().contains(r#"role="alert""#));
        let token = token_in(&answer);
        let right =
            [("csrfmiddlewaretoken", &*token), ("username", "ann"), ("password", "a long password")];
        let answer = send_form(&browser, "//login", &right).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        assert_eq!(browser.get("/me").await.body["username"], "ann");
        assert_eq!(browser.get("//login").await.status, 303, "already in");
    }

    async fn another_site_cannot_log_a_browser_in(app: TestApp) {
        app.person("eve").await;
        let (victim, eve) = (app.visitor(), app.visitor());
        let token = token_in(&eve.get("//login").await);
        let fields = [
            ("csrfmiddlewaretoken", &*token),
            ("username", "eve"),
            ("password", "eve's long password"),
        ];
        let answer = send_form(&victim, "//login", &fields).await;
        assert_eq!(answer.status, 403, "the token is Eve's browser's");
        assert_eq!(victim.get("/me").await.status, 401);
        assert_eq!(send_form(&victim, "//login", &fields[1..]).await.status, 403);
    }

    async fn next_leads_to_this_site_only(app: TestApp) {
        app.person("ann").await;
        for next in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"] {
            let browser = app.visitor();
            let token = token_in(&browser.get("//login").await);
            let fields = [
                ("csrfmiddlewaretoken", &*token),
                ("username", "ann"),
                ("password", "ann's long password"),
                ("next", next),
            ];
            let answer = send_form(&browser, "//login", &fields).await;
            assert_eq!((answer.status, answer.header("location")), (303, "/"), "{next}");
        }
    }

    async fn a_form_may_carry_its_token_and_next_as_other_writes_do(app: TestApp) {
        let ann = app.person("ann").await;
        let fields = [("username", "ann"), ("password", "ann's long password")];
        let browser = app.visitor();
        let token = token_in(&browser.get("//login").await);
        let request = browser.raw(Method::POST, "//login?next=/chats/7").form(&fields);
        let answer = browser.send(request.header("X-CSRFToken", token)).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/chats/7"));
        let request = browser.raw(Method::POST, "//login?next=//evil.example").form(&fields);
        let own = browser.get("/session").await.body["csrf_token"].as_str().unwrap().to_owned();
        let answer = browser.send(request.header("X-CSRFToken", own)).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "logged in again");
        let request = browser.raw(Method::POST, "//login").form(&fields);
        let answer = browser.send(request.header("X-CSRFToken", ann.csrf_token())).await;
        assert_eq!(answer.status, 403, "another session's token");
    }

    async fn places_of_the_client_ask_for_a_login_and_come_back(app: TestApp) {
        let visitor = app.visitor();
        let answer = visitor.get("//chats/7?x=1").await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location"), "/login?next=/chats/7%3Fx%3D1");
        assert_eq!(visitor.get("//").await.status, 303);
        assert_eq!(visitor.get("//setup").await.status, 200);

        let ann = app.person("ann").await;
        let page = ann.get("//chats/7").await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("cache-control"), "no-store");
        let html = page.body.as_str().unwrap();
        assert!(html.contains(r#"<div id="app"></div>"#));
        let (_, rest) = html.split_once(r#"src="/assets/"#).unwrap();
        let script = format!("//assets/{}", rest.split('"').next().unwrap());
        let file = visitor.get(&script).await;
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
        assert!(file.header("cache-control").contains("immutable"));
        let again = visitor.raw(Method::GET, &script).header("if-none-match", file.header("etag"));
        assert_eq!(visitor.send(again).await.status, 304);
    }

    async fn forms_speak_the_readers_language_and_escape_what_was_typed(app: TestApp) {
        let visitor = app.visitor();
        let chinese = visitor.raw(Method::GET, "//login").header("accept-language", "zh-CN,en;q=0.5");
        let page = visitor.send(chinese).await;
        assert!(page.body.as_str().unwrap().contains("用户名"));
        let token = token_in(&page);
        let evil = r#""><script>alert(1)</script>"#;
        let fields = [("csrfmiddlewaretoken", &*token), ("username", evil), ("password", "x")];
        let page = send_form(&visitor, "//login", &fields).await;
        assert!(!page.body.as_str().unwrap().contains("<script>alert"));
    }
}
