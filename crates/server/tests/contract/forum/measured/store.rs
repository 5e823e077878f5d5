//! A large forum, written past the rules: those are not what is measured.

use database::params;

use crate::support::TestApp;

/// Comments on the first article.
const COMMENTS: i64 = 1_000;

/// Articles beside the first one, and comments on that.
pub(super) async fn seed(app: &TestApp, articles: i64, author: i64, category: i64, first: i64) {
    for from in (0..articles).step_by(5_000) {
        let to = (from + 5_000).min(articles);
        let write = move |unit: &mut delivery::Unit<'_>| {
            for n in from..to {
                let (id, at) = (first + 1 + n, 1_700_000_000_000 + n * 60_000);
                unit.db().execute(
                    "INSERT INTO articles (id, category_id, author_id, status, title, summary, tags, created_at,
                                           published_at, active_at)
                     VALUES ($1, $2, $3, 'published', $4, 'A summary of some words.', 'rust', $5, $5, $5)",
                    params![id, category, author, format!("Article number {n}"), at],
                )?;
                unit.db().execute(
                    "INSERT INTO article_texts (article_id, text, html) VALUES ($1, 'x', '<p>x</p>')",
                    params![id],
                )?;
            }
            Ok::<_, database::Error>(())
        };
        app.state.delivery.write(write).await.unwrap();
    }
    let write = move |unit: &mut delivery::Unit<'_>| {
        for n in 1..=COMMENTS {
            let (id, root) = (n, n - (n - 1) % 4);
            let parent = (id != root).then_some(id - 1);
            let path: String = (root..=id).map(|id| format!("e{id:04}")).collect();
            unit.db().execute(
                "INSERT INTO comments (id, article_id, parent_id, root_id, newest, depth, path, author_id, status,
                                       created_at, text, html)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'visible', $9, $10, $11)",
                params![
                    id, first, parent, root, -root, id - root, path, author, 1_700_000_000_000_i64 + n,
                    "A comment of some length, as people write them.",
                    "<p>A comment of <em>some</em> length, as people write them.</p>"
                ],
            )?;
        }
        Ok::<_, database::Error>(())
    };
    app.state.delivery.write(write).await.unwrap();
}
