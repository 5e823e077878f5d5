//! Writing, changing and deleting an article by plain forms.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use protocol::{Article, ArticleId, ArticleStatus, CategoryId, Code};
use serde::Deserialize;

use super::address;
use super::editor::{self, Form};
use super::reader::{Asked, Named, Reader};
use super::shell::{self, Page};
use crate::app::AppState;
use crate::caller::Caller;
use crate::client_address::ClientAddress;
use crate::forum::{
    self,
    change::{self, Changes},
    create::{self, NewArticle},
    read, remove,
};
use crate::problem::{Answer, Refusal};
use crate::settings::hex;
use crate::{form, json};

/// In which category somebody wants to write.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wish {
    category: Option<String>,
}

/// What the forms send; the button that was pressed says what for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Fields {
    csrfmiddlewaretoken: Option<String>,
    /// `publish`, `save`, `delete`.
    act: String,
    category_id: Option<i64>,
    title: String,
    summary: String,
    text: String,
    /// With commas between them.
    tags: String,
    client_id: Option<String>,
    revision: Option<i64>,
    sure: Option<String>,
}

impl Fields {
    async fn read(request: Request) -> Answer<Self> {
        let fields = form::read::<Self>(request, json::MAX_DOCUMENT_BYTES).await?;
        let (summary, text) = (form::lines(&fields.summary), form::lines(&fields.text));
        Ok(Self { summary, text, ..fields })
    }

    fn tags(&self) -> Vec<String> {
        let tags = self.tags.split([',', '，', '、']).map(str::trim);
        tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
    }

    fn category(&self) -> Answer<CategoryId> {
        let missing = || Refusal::invalid("category_id", "must be given");
        self.category_id.map(CategoryId).ok_or_else(missing)
    }
}

/// `/forum/new`
pub(super) async fn show_new(
    State(app): State<AppState>,
    reader: Reader,
    Asked(wish): Asked<Wish>,
) -> Response {
    if reader.caller.is_none() {
        return Redirect::to(&reader.login()).into_response();
    }
    let form = async {
        let form = blank(&app, &reader).await?;
        let wished =
            form.categories.iter().find(|category| Some(&category.slug) == wish.category.as_ref());
        Answer::Ok(Form { category_id: wished.map(|category| category.id.get()), ..form })
    };
    match form.await {
        Ok(form) => page(&reader, "/forum/new", &form, StatusCode::OK),
        Err(refusal) => reader.refuse(&refusal),
    }
}

/// The form for a new article, with nothing in it. Each that is shown makes one article, however often it is sent.
async fn blank(app: &AppState, reader: &Reader) -> Answer<Form> {
    Ok(Form {
        action: "/forum/new".to_owned(),
        categories: forum::categories(app, reader.viewer()).await?.categories,
        client_id: Some(hex(&app.random.bytes::<16>())),
        ..Form::default()
    })
}

/// `/forum/new` was sent.
pub(super) async fn create(
    State(app): State<AppState>,
    reader: Reader,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let fields = match Fields::read(request).await {
        Ok(fields) => fields,
        Err(refusal) => return reader.refuse(&refusal),
    };
    let made = async {
        let caller = writer(&app, &reader, &headers, &fields)?;
        let new = NewArticle {
            category_id: fields.category()?,
            title: fields.title.clone(),
            summary: fields.summary.clone(),
            text: fields.text.clone(),
            is_published: fields.act == "publish",
            tags: fields.tags(),
            head_image_id: None,
            client_id: fields.client_id.clone(),
        };
        create::create(&app, caller, new).await
    };
    match made.await {
        Ok((article, _)) => Redirect::to(&address::article(article.summary.id)).into_response(),
        Err(refusal) => match blank(&app, &reader).await {
            Ok(form) => again(&reader, form, fields, &refusal),
            Err(refusal) => reader.refuse(&refusal),
        },
    }
}

/// `/forum/articles/{id}/edit`
pub(super) async fn show_edit(
    State(app): State<AppState>,
    reader: Reader,
    address: ClientAddress,
    name: Named,
) -> Response {
    if reader.caller.is_none() {
        return Redirect::to(&reader.login()).into_response();
    }
    match filled(&app, &reader, address, &name).await {
        Ok(form) => page(&reader, &form.action, &form, StatusCode::OK),
        Err(refusal) => reader.refuse(&refusal),
    }
}

/// The form with what the article says, or with the author's working copy of it.
async fn filled(
    app: &AppState,
    reader: &Reader,
    address: ClientAddress,
    name: &Named,
) -> Answer<Form> {
    let id: ArticleId = name.number()?;
    let Article { summary, text, revision, may, draft, .. } =
        read::article(app, reader.viewer(), address.0, id).await?;
    if !may.edit {
        return Err(Code::Forbidden.into());
    }
    let form = Form {
        action: format!("{}/edit", address::article(id)),
        status: Some(summary.status),
        categories: forum::categories(app, reader.viewer()).await?.categories,
        revision: Some(revision),
        ..Form::default()
    };
    Ok(match draft {
        Some(copy) => Form {
            category_id: copy.category_id.or(Some(summary.category.id)).map(CategoryId::get),
            title: copy.title,
            summary: copy.summary,
            tags: copy.tags.join(", "),
            text: copy.text,
            saved_at: Some(copy.saved_at),
            ..form
        },
        None => Form {
            category_id: Some(summary.category.id.get()),
            title: summary.title,
            summary: summary.summary,
            tags: summary.tags.join(", "),
            text,
            ..form
        },
    })
}

/// `/forum/articles/{id}/edit` was sent.
pub(super) async fn change(
    State(app): State<AppState>,
    reader: Reader,
    address: ClientAddress,
    name: Named,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let fields = match Fields::read(request).await {
        Ok(fields) => fields,
        Err(refusal) => return reader.refuse(&refusal),
    };
    let refusal = match apply(&app, &reader, &headers, &name, &fields).await {
        Ok(next) => return Redirect::to(&next).into_response(),
        Err(refusal) => refusal,
    };
    match filled(&app, &reader, address, &name).await {
        Ok(form) => again(&reader, form, fields, &refusal),
        // Logged out, nobody can see the article's form: what was typed is shown by itself.
        Err(_) if refusal.code() == Code::Unauthenticated => match blank(&app, &reader).await {
            Ok(form) => {
                let action = format!("/forum/articles/{}/edit", number_in(&name));
                let status = Some(ArticleStatus::Published);
                again(&reader, Form { action, status, client_id: None, ..form }, fields, &refusal)
            }
            Err(refusal) => reader.refuse(&refusal),
        },
        Err(refusal) => reader.refuse(&refusal),
    }
}

/// The number in the address; 0, which is nobody's, for what is none.
fn number_in(name: &Named) -> i64 {
    name.number::<ArticleId>().map_or(0, ArticleId::get)
}

/// Changes or deletes it; where to go then.
async fn apply(
    app: &AppState,
    reader: &Reader,
    headers: &HeaderMap,
    name: &Named,
    fields: &Fields,
) -> Answer<String> {
    let id: ArticleId = name.number()?;
    let caller = writer(app, reader, headers, fields)?;
    if fields.act == "delete" {
        if fields.sure.is_none() {
            return Err(Refusal::invalid("sure", "must be given"));
        }
        remove::remove(app, caller, id).await?;
        return Ok("/forum".to_owned());
    }
    let changes = Changes {
        category_id: Some(fields.category()?),
        title: Some(fields.title.clone()),
        summary: Some(fields.summary.clone()),
        text: Some(fields.text.clone()),
        status: (fields.act == "publish").then_some(ArticleStatus::Published),
        tags: Some(fields.tags()),
        revision: fields.revision,
        ..Changes::default()
    };
    change::change(app, caller, id, changes).await?;
    Ok(address::article(id))
}

/// Who has sent the form.
fn writer(app: &AppState, reader: &Reader, headers: &HeaderMap, fields: &Fields) -> Answer<Caller> {
    let caller = reader.caller.ok_or(Code::Unauthenticated)?;
    Caller::check_form(app, headers, fields.csrfmiddlewaretoken.as_deref())?;
    Ok(caller)
}

/// The form with what was typed, and what is wrong with it.
fn again(reader: &Reader, form: Form, fields: Fields, refusal: &Refusal) -> Response {
    let complaint = Some(reader.words.complaint(refusal, false));
    let form = match fields.act.as_str() {
        // Its form has nothing in it that was typed.
        "delete" => Form { complaint, ..form },
        _ => Form {
            category_id: fields.category_id.or(form.category_id),
            title: fields.title,
            summary: fields.summary,
            tags: fields.tags,
            text: fields.text,
            complaint,
            ..form
        },
    };
    let status = StatusCode::from_u16(refusal.code().status()).unwrap_or(StatusCode::BAD_REQUEST);
    page(reader, &form.action, &form, status)
}

fn page(reader: &Reader, path: &str, form: &Form, status: StatusCode) -> Response {
    let words = reader.words;
    let title = if form.status.is_some() { words.edit_article } else { words.new_article };
    let body = editor::page(reader, form);
    let page = Page { is_indexed: false, status, ..Page::new(title, path, body) };
    shell::answer(reader, page)
}
