//! Beginning an article, as a draft or published at once.

use database::Connection;
use delivery::Unit;
use protocol::{
    Article, ArticleId, ArticleStatus, CategoryId, Code, MAX_ARTICLE_CHARS, MAX_SUMMARY_CHARS,
    MAX_TITLE_CHARS, NotificationKind, Timestamp, UserId,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    content, images, publish, read, render,
    rights::Viewer,
    store::{self, ArticleRow, Texts},
    welcome,
};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    markup,
    notifications::{self, Told},
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// An article to be made; what a retry must have in common with the first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NewArticle {
    pub(super) category_id: CategoryId,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) text: String,
    pub(super) is_published: bool,
    pub(super) tags: Vec<String>,
    pub(super) head_image_id: Option<String>,
    #[serde(skip)]
    pub(super) client_id: Option<String>,
}

impl NewArticle {
    /// # Errors
    /// 422.
    pub(super) fn parse(self) -> Answer<Self> {
        content::client_id(self.client_id.as_deref())?;
        Ok(Self {
            title: content::title(&self.title, 1)?,
            summary: content::summary(&self.summary)?,
            text: content::article_text(&self.text, usize::from(self.is_published))?,
            tags: content::tags(&self.tags)?,
            ..self
        })
    }

    /// Whether a moderator has to look at it before it is public; words are replaced.
    fn judge(&mut self, app: &App) -> Answer<bool> {
        let title = welcome::judge(app, &mut self.title, MAX_TITLE_CHARS)?;
        let summary = welcome::judge(app, &mut self.summary, MAX_SUMMARY_CHARS)?;
        let text = welcome::judge(app, &mut self.text, MAX_ARTICLE_CHARS)?;
        Ok(title || summary || text)
    }

    fn digest(&self) -> Answer<Vec<u8>> {
        let json = serde_json::to_vec(self).map_err(Refusal::internal)?;
        Ok(Sha256::digest(json).to_vec())
    }
}

/// Makes an article. The second answer says whether this request did; `false` for a retry.
///
/// # Errors
/// 422; 403 `muted`, `words_refused`; 409 `client_id_reused`; 429.
pub(super) async fn create(
    app: &AppState,
    caller: Caller,
    new: NewArticle,
) -> Answer<(Article, bool)> {
    let mut new = new.parse()?;
    app.limits.account(Limit::Posting, caller.user_id)?;
    let digest = new.digest()?;
    let held = new.is_published && new.judge(app)?;
    let author = caller.user_id;
    // The address of a picture has the article's number in it.
    let needs_number = !markup::picture_ids(&new.text).is_empty();
    let number = match needs_number {
        true => Some(app.delivery.write(number).await?),
        false => None,
    };
    let shown_at = number.unwrap_or(ArticleId(0));
    let rendered = render::article(app, author, shown_at, &new.text).await?;
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            if let Some(id) = made_before(unit.db(), author, new.client_id.as_deref(), &digest)? {
                return Ok((read::read(&state, unit.db(), Viewer::from(caller), id)?, false));
            }
            let id = match number {
                Some(id) => id,
                None => self::number(unit)?,
            };
            if new.is_published {
                welcome::count(&state, unit, author)?;
            }
            let made = Made { new: &new, html: rendered.html, digest: &digest, quotes: 0 };
            let draft = insert(unit, author, id, made)?;
            if held {
                let after = welcome::held_back(&draft);
                publish::store_change(unit, &draft, &after)?;
                welcome::hold_article(unit, &after)?;
            } else if new.is_published {
                let after = published(&draft, unit.now());
                publish::store_change(unit, &draft, &after)?;
                tell_mentioned(&state, unit, &after, &rendered.mentioned)?;
            }
            Ok((read::read(&state, unit.db(), Viewer::from(caller), id)?, true))
        })
        .await
}

/// The number of an article to come.
///
/// # Errors
/// Those of the database.
pub(super) fn number(unit: &mut Unit<'_>) -> Answer<ArticleId> {
    Ok(ArticleId(accounts::next_number(unit.db(), "article")?))
}

/// The article that was made under the same key.
///
/// # Errors
/// 409 `client_id_reused`.
pub(super) fn made_before(
    db: &mut Connection,
    author: UserId,
    client_id: Option<&str>,
    digest: &[u8],
) -> Answer<Option<ArticleId>> {
    let Some(client_id) = client_id else { return Ok(None) };
    match store::known(db, author, client_id)? {
        Some((_, before)) if before != digest => Err(Code::ClientIdReused.into()),
        known => Ok(known.map(|(id, _)| id)),
    }
}

/// What an article is made of.
pub(super) struct Made<'a> {
    pub(super) new: &'a NewArticle,
    pub(super) html: String,
    pub(super) digest: &'a [u8],
    /// 1 where it is made from messages, 2 where those are private.
    pub(super) quotes: i64,
}

/// Stores a draft.
///
/// # Errors
/// 422 `category_id`, `head_image_id`.
pub(super) fn insert(
    unit: &mut Unit<'_>,
    author: UserId,
    id: ArticleId,
    made: Made<'_>,
) -> Answer<ArticleRow> {
    let Made { new, html, digest, quotes } = made;
    check_category(unit, new.category_id)?;
    let now = unit.now();
    let row = ArticleRow {
        id,
        category_id: new.category_id,
        author_id: author,
        status: ArticleStatus::Draft,
        hidden_by: None,
        title: new.title.clone(),
        summary: new.summary.clone(),
        head_image_id: new.head_image_id.clone(),
        tags: new.tags.clone(),
        pinned: false,
        priority: 0,
        revision: 1,
        edits: 0,
        comments: 0,
        likes: 0,
        views: 0,
        quotes,
        created_at: now,
        published_at: None,
        modified_at: None,
        active_at: now,
    };
    let texts = Texts { text: new.text.clone(), html };
    let client_id = new.client_id.as_deref();
    store::insert(unit.db(), &store::NewArticle { row: &row, texts: &texts, client_id, digest })?;
    images::settle(unit, &row, &texts.text, None)?;
    Ok(row)
}

/// # Errors
/// 422 `category_id` for a category that does not exist.
pub(super) fn check_category(unit: &mut Unit<'_>, id: CategoryId) -> Answer<()> {
    match store::category(unit.db(), id)? {
        Some(_) => Ok(()),
        None => Err(Refusal::invalid("category_id", "is no category")),
    }
}

/// An article as it is once everybody may read it. The first time counts, so that nobody comes to the top of lists
/// by taking an article back and publishing it again.
pub(super) fn published(row: &ArticleRow, now: Timestamp) -> ArticleRow {
    let is_first = row.published_at.is_none();
    ArticleRow {
        status: ArticleStatus::Published,
        hidden_by: None,
        published_at: row.published_at.or(Some(now)),
        active_at: if is_first { now } else { row.active_at },
        ..row.clone()
    }
}

/// Tells those whom a public article mentions.
///
/// # Errors
/// Those of the database.
pub(super) fn tell_mentioned(
    app: &App,
    unit: &mut Unit<'_>,
    row: &ArticleRow,
    mentioned: &[UserId],
) -> Answer<()> {
    for reader in mentioned {
        let told = Told::of(NotificationKind::ArticleMentioned, Some(row.author_id));
        let told = Told { article_id: Some(row.id), ..told };
        notifications::notify(unit, &app.delivery, *reader, &told)?;
    }
    Ok(())
}
