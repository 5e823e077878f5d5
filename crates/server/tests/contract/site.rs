//! What everybody meets first: the site itself, and the shapes of refusals.

use crate::support::{TestApp, both_engines};

both_engines! {
    async fn anyone_may_ask_what_this_site_is(app: TestApp) {
        let site = app.visitor().get("/site").await;
        assert_eq!(site.status, 200);
        assert_eq!(site.body["name"], "Rookery");
        assert_eq!(site.body["registration"], "open");
        assert_eq!(app.visitor().get("//healthz").await.status, 200);
        assert_eq!(app.visitor().get("//readyz").await.status, 200);
    }
}
