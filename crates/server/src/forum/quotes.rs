//! An article made from messages: a draft that quotes them, with who said what and when. Whoever is quoted with what
//! was said elsewhere than in an article's group, or there before it was open to everybody, has to agree before it is
//! published (`consents.rs`).

use std::collections::{BTreeSet, HashMap};

use database::Connection;
use delivery::Unit;
use protocol::{
    Article, ArticleId, CategoryId, Code, Consent, ConversationId, MAX_ARTICLE_CHARS, Message,
    QuotedAuthor, Quotes, Seq, UserId,
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    content,
    create::{self, Made, NewArticle},
    read, render,
    rights::Viewer,
    store::{self, ArticleRow, QuoteRow},
    view,
};
use crate::{
    accounts,
    app::{App, AppState},
    caller::Caller,
    groups, messages,
    problem::{Answer, Refusal},
    rate_limit::Limit,
};

/// Messages quoted at once.
const MAX_QUOTED: usize = 100;
/// Characters of a title that is taken from the first message.
const TITLE: usize = 60;
/// `quotes` of an article from what was said in public, and of one with anything that was not.
const OPEN: i64 = 1;
const PRIVATE: i64 = 2;

/// What is to be quoted; what a retry must have in common with the first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Wanted {
    pub(super) conversation_id: ConversationId,
    pub(super) seqs: Vec<Seq>,
    pub(super) category_id: Option<CategoryId>,
    pub(super) title: Option<String>,
    #[serde(skip)]
    pub(super) client_id: Option<String>,
}

impl Wanted {
    fn digest(&self) -> Answer<Vec<u8>> {
        let json = serde_json::to_vec(self).map_err(Refusal::internal)?;
        Ok(Sha256::digest(json).to_vec())
    }
}

/// Makes a draft from messages that the caller may read. What a message passes on is not quoted: whoever said it first
/// is not there to be asked. The second answer says whether this request did; `false` for a retry.
///
/// # Errors
/// 404 for whoever is not in the conversation; 422 `seqs`, `title`, `category_id`, `client_id`; 409
/// `client_id_reused`; 429.
pub(super) async fn from_messages(
    app: &AppState,
    caller: Caller,
    mut wanted: Wanted,
) -> Answer<(Article, bool)> {
    content::client_id(wanted.client_id.as_deref())?;
    wanted.seqs.sort_unstable();
    wanted.seqs.dedup();
    if !(1..=MAX_QUOTED).contains(&wanted.seqs.len()) {
        return Err(Refusal::invalid("seqs", "must be 1 to 100"));
    }
    let title = wanted.title.as_deref().map(|title| content::title(title, 1)).transpose()?;
    app.limits.account(Limit::Posting, caller.user_id)?;
    let (author, digest) = (caller.user_id, wanted.digest()?);
    let client_id = wanted.client_id.clone();
    if let Some(article) = made_before(app, caller, client_id.clone(), digest.clone()).await? {
        return Ok((article, false));
    }
    let read = move |db: &mut Connection| gather(db, author, &wanted);
    let (found, category_id) = app.delivery.read(read).await?;
    let text = found.iter().map(|quote| quote.markdown.as_str()).collect::<Vec<_>>().join("\n\n");
    if text.chars().count() > MAX_ARTICLE_CHARS {
        return Err(Refusal::invalid("seqs", "are too long to be quoted at once"));
    }
    let rendered = render::comment(app, &text).await?;
    let new = NewArticle {
        category_id,
        title: title.unwrap_or_else(|| title_of(&found)),
        summary: String::new(),
        text,
        is_published: false,
        tags: Vec::new(),
        head_image_id: None,
        client_id,
    };
    let state = AppState::clone(app);
    app.delivery
        .write(move |unit| {
            unit.lock()?;
            let before = create::made_before(unit.db(), author, new.client_id.as_deref(), &digest)?;
            let id = match before {
                Some(id) => id,
                None => insert(unit, author, &new, rendered.html, &digest, found)?,
            };
            Ok((read::read(&state, unit.db(), Viewer::from(caller), id)?, before.is_none()))
        })
        .await
}

/// The draft of a request that is sent again, also where a message of it was recalled meanwhile.
async fn made_before(
    app: &AppState,
    caller: Caller,
    client_id: Option<String>,
    digest: Vec<u8>,
) -> Answer<Option<Article>> {
    let state = AppState::clone(app);
    let read = move |db: &mut Connection| match create::made_before(
        db,
        caller.user_id,
        client_id.as_deref(),
        &digest,
    )? {
        Some(id) => read::read(&state, db, Viewer::from(caller), id).map(Some),
        None => Ok(None),
    };
    app.delivery.read(read).await
}

/// Stores the draft, what it quotes, and who has to agree: whoever said any of it in private, but for the author.
fn insert(
    unit: &mut Unit<'_>,
    author: UserId,
    new: &NewArticle,
    html: String,
    digest: &[u8],
    found: Vec<Quoted>,
) -> Answer<ArticleId> {
    let id = create::number(unit)?;
    let private = found.iter().filter(|quote| quote.is_private);
    let private: BTreeSet<UserId> = private.map(|quote| quote.row.user_id).collect();
    let quotes = if private.is_empty() { OPEN } else { PRIVATE };
    create::insert(unit, author, id, Made { new, html, digest, quotes })?;
    let rows: Vec<QuoteRow> = found.into_iter().map(|quote| quote.row).collect();
    store::add_quotes(unit.db(), id, &rows)?;
    for user in private.into_iter().filter(|user| *user != author) {
        store::add_consent(unit.db(), id, user)?;
    }
    Ok(id)
}

/// A message that is quoted.
struct Quoted {
    row: QuoteRow,
    markdown: String,
    /// Not everybody could come in and read it.
    is_private: bool,
}

fn gather(
    db: &mut Connection,
    author: UserId,
    wanted: &Wanted,
) -> Answer<(Vec<Quoted>, CategoryId)> {
    let messages = messages::quotable(db, author, wanted.conversation_id, &wanted.seqs)?;
    let public_since = groups::public_since(db, wanted.conversation_id)?;
    let category = match wanted.category_id {
        Some(id) => store::category(db, id)?,
        None => store::categories(db)?.into_iter().next(),
    };
    let category = category.ok_or_else(|| Refusal::invalid("category_id", "is no category"))?;
    let senders: BTreeSet<UserId> = messages.iter().map(|message| message.sender_id).collect();
    let senders: Vec<UserId> = senders.into_iter().collect();
    let people = accounts::users_by_ids(db, &senders)?.into_iter();
    let names: HashMap<UserId, String> = people.map(|row| (row.id, row.name)).collect();
    if messages.iter().any(|message| said(message).is_empty()) {
        return Err(Refusal::invalid("seqs", "has a message that only passes others on"));
    }
    let quoted = |message: Message| {
        let name = names.get(&message.sender_id).map_or("", String::as_str);
        let text = said(&message);
        let markdown = markdown(name, &message.sent_at.to_string(), &text);
        let (user_id, seq) = (message.sender_id, message.seq);
        let row = QuoteRow { user_id, conversation_id: message.conversation_id, seq, text };
        let is_private = public_since.is_none_or(|since| seq <= since);
        Quoted { row, markdown, is_private }
    };
    Ok((messages.into_iter().map(quoted).collect(), category.id))
}

/// What a message says in one text: its own, and the names of what is attached.
fn said(message: &Message) -> String {
    let details = &message.details;
    let mut lines: Vec<String> = vec![message.text.clone()];
    lines.extend(details.attachments.iter().map(|file| format!("[{}]", file.name)));
    lines.extend(details.sticker.iter().map(|sticker| format!("[{}]", sticker.name)));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// A quote: who, when (to the minute, UTC), and what.
fn markdown(name: &str, sent_at: &str, text: &str) -> String {
    let mut name_there = String::new();
    for c in name.chars() {
        if "*`|~[]#>".contains(c) {
            name_there.push('\\');
        }
        name_there.push(c);
    }
    let time = sent_at.get(..16).unwrap_or(sent_at).replace('T', " ");
    let mut quote = format!("> **{name_there}** · {time} UTC\n>");
    for line in text.lines() {
        quote.push_str(if line.trim().is_empty() { "\n>" } else { "\n> " });
        quote.push_str(line.trim_end());
    }
    quote
}

fn title_of(found: &[Quoted]) -> String {
    let lines = found.iter().flat_map(|quote| quote.row.text.lines());
    let title = |line: &str| {
        let short: String = line.trim().chars().take(TITLE).collect();
        content::title(&short, 1).ok()
    };
    lines.filter_map(title).next().unwrap_or_else(|| String::from("…"))
}

/// Whom an article quotes, for its author; `None` where it was not made from messages.
///
/// # Errors
/// Those of the database.
pub(super) fn quotes(
    app: &App,
    db: &mut Connection,
    viewer: Viewer,
    row: &ArticleRow,
) -> Answer<Option<Quotes>> {
    if row.quotes == 0 {
        return Ok(None);
    }
    let consents: HashMap<UserId, Consent> = store::consents(db, row.id)?.into_iter().collect();
    let authors = store::quoted(db, row.id)?;
    let ids: Vec<UserId> = authors.iter().map(|(user, _)| *user).collect();
    let people = view::people(db, &app.delivery, viewer, &ids)?;
    let author = |(user, quotes): (UserId, i64)| {
        let consent = consents.get(&user).copied().unwrap_or(Consent::NotNeeded);
        Some(QuotedAuthor { user: people.get(&user)?.clone(), consent, quotes })
    };
    let authors = authors.into_iter().filter_map(author).collect();
    Ok(Some(Quotes { private: row.quotes == PRIVATE, authors }))
}

/// Whether an article may be published, by those whom it quotes.
///
/// # Errors
/// 409 `consent_missing`.
pub(super) fn check_consents(db: &mut Connection, row: &ArticleRow) -> Answer<()> {
    if row.quotes == PRIVATE && !store::all_agree(db, row.id)? {
        return Err(Code::ConsentMissing.into());
    }
    Ok(())
}

/// An article is to say something else: what others agreed to is not that.
///
/// # Errors
/// 409 `consent_missing` where everybody would read it at once.
pub(super) fn reworded(unit: &mut Unit<'_>, row: &ArticleRow, is_public: bool) -> Answer<()> {
    if row.quotes != PRIVATE || store::consents(unit.db(), row.id)?.is_empty() {
        return Ok(());
    }
    if is_public {
        let detail = "Take it back as a draft first, and ask those whom it quotes anew";
        return Err(Refusal::new(Code::ConsentMissing).detail(detail));
    }
    Ok(store::forget_consents(unit.db(), row.id)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_says_who_said_what_when() {
        assert_eq!(
            markdown("A*nn", "2026-11-27T16:21:58.000Z", "one\n\n  two"),
            "> **A\\*nn** · 2026-11-27 16:21 UTC\n>\n> one\n>\n>   two"
        );
    }
}
