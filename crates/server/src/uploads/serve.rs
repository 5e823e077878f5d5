//! Serving what is attached to messages. Who may have it was decided above, by the message.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use database::Connection;
use protocol::{AttachmentKind, Code, ConversationId, Seq};
use sha2::{Digest as _, Sha256};

use super::{finish::refused, range, store, store::Stored};
use crate::{
    app::App,
    compression::AsIs,
    problem::{Answer, Refusal},
    settings::hex,
};

/// Whatever a browser takes it for, nothing in it runs.
const POLICY: HeaderValue = HeaderValue::from_static("sandbox; default-src 'none'");

/// A file to be served.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    key: String,
    size: u64,
    content_type: String,
    name: String,
    /// Of a type that is shown or played in place.
    inline: bool,
}

/// The file behind the `n`th attachment of a message, or its preview.
///
/// # Errors
/// 404 when there is none.
pub(crate) fn served(
    db: &mut Connection,
    conversation: ConversationId,
    seq: Seq,
    n: i64,
    is_preview: bool,
) -> Answer<Served> {
    let upload = store::placed(db, conversation, seq, n)?;
    of_upload(upload.ok_or_else(|| Refusal::new(Code::NotFound))?, is_preview)
}

/// The file of an upload, or its preview.
///
/// # Errors
/// 404 when there is none.
pub(super) fn of_upload(upload: Stored, is_preview: bool) -> Answer<Served> {
    let missing = || Refusal::new(Code::NotFound);
    let found = upload.completed.ok_or_else(missing)?;
    let (key, size, content_type) = if is_preview {
        let preview = found.preview.ok_or_else(missing)?;
        (preview.key, preview.size, preview.content_type)
    } else {
        (found.object, found.size, found.content_type)
    };
    let size = u64::try_from(size).map_err(Refusal::internal)?;
    let inline = found.kind != AttachmentKind::File;
    Ok(Served { key, size, content_type, name: upload.name, inline })
}

/// Streams it, or the part that is asked for.
///
/// # Errors
/// 404 when its bytes are gone, 416 for a range that is not in it, 503 when the storage does not answer.
pub(crate) async fn serve(
    app: &App,
    asked: &HeaderMap,
    file: &Served,
    download: bool,
) -> Answer<Response> {
    let etag = format!("\"{}\"", &hex(&Sha256::digest(file.key.as_bytes()))[..32]);
    let etag = HeaderValue::try_from(etag).map_err(Refusal::internal)?;
    let same = |name: &HeaderName| asked.get(name).map(|found| is_among(found, &etag));
    let headers = headers(file, download, &etag)?;
    if same(&header::IF_NONE_MATCH) == Some(true) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let range = asked.get(header::RANGE).filter(|_| same(&header::IF_RANGE) != Some(false));
    let range =
        range.and_then(|value| value.to_str().ok()).map(|text| range::parse(text, file.size));
    let (status, part) = match range {
        None | Some(range::Asked::All) => (StatusCode::OK, 0..file.size),
        Some(range::Asked::Part(part)) => (StatusCode::PARTIAL_CONTENT, part),
        Some(range::Asked::Nothing) => return Ok(not_satisfiable(file.size)),
    };
    let length = part.end - part.start;
    let mut response = (status, headers).into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        let said = format!("bytes {}-{}/{}", part.start, part.end - 1, file.size);
        let said = HeaderValue::try_from(said).map_err(Refusal::internal)?;
        response.headers_mut().insert(header::CONTENT_RANGE, said);
    }
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    // Compressing would lose the length, and what is large is compressed already.
    response.extensions_mut().insert(AsIs);
    let bytes = app.uploads.storage.get(&file.key, part).await.map_err(refused)?;
    *response.body_mut() = Body::from_stream(bytes);
    Ok(response)
}

fn is_among(list: &HeaderValue, etag: &HeaderValue) -> bool {
    let (list, etag) = (list.to_str().unwrap_or_default(), etag.to_str().unwrap_or_default());
    list.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == etag)
}

fn headers(
    file: &Served,
    download: bool,
    etag: &HeaderValue,
) -> Answer<[(HeaderName, HeaderValue); 6]> {
    let way = if file.inline && !download { "inline" } else { "attachment" };
    let content_type = HeaderValue::try_from(&file.content_type).map_err(Refusal::internal)?;
    let disposition = HeaderValue::try_from(disposition(way, &file.name));
    Ok([
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, disposition.map_err(Refusal::internal)?),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::ETAG, etag.clone()),
    ])
}

/// RFC 6266: a name of ASCII for those who know no better, and the name itself.
fn disposition(way: &str, name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ';
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn not_satisfiable(size: u64) -> Response {
    let mut response = Refusal::new(Code::RangeNotSatisfiable).into_response();
    if let Ok(said) = HeaderValue::try_from(format!("bytes */{size}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, said);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_downloads_cannot_leave_their_quotes() {
        assert_eq!(
            disposition("attachment", "报告 \"1\";x.pdf"),
            "attachment; filename=\"__ _1_;x.pdf\"; \
             filename*=UTF-8''%E6%8A%A5%E5%91%8A%20%221%22%3Bx.pdf"
        );
        assert_eq!(
            disposition("inline", "a.png"),
            "inline; filename=\"a.png\"; filename*=UTF-8''a.png"
        );
    }
}
