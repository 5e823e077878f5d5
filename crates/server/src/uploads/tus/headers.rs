//! The headers of tus: what requests say, and what answers carry.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::tz::TimeZone;
use protocol::{Code, Timestamp};

use crate::{
    problem::{Answer, Refusal},
    text,
};

pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(super) const EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
pub(super) const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(super) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");

/// The only version there is.
pub(super) const ONLY_VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
/// The type of a part of a file.
const PART: &str = "application/offset+octet-stream";
/// What a file without a name is called.
const NAMELESS: &str = "file";
/// The longest name of a file, in characters.
const MAX_NAME_CHARS: usize = 255;

/// Refuses what is not spoken here.
///
/// # Errors
/// 412 for another version, or none.
pub(super) fn check_version(headers: &HeaderMap) -> Answer<()> {
    let is_known = headers.get(RESUMABLE).is_some_and(|version| version == ONLY_VERSION);
    if is_known { Ok(()) } else { Err(Code::UnsupportedVersion.into()) }
}

/// # Errors
/// 415 for anything but part of a file.
pub(super) fn check_type(headers: &HeaderMap) -> Answer<()> {
    let found = headers.get(header::CONTENT_TYPE).and_then(|found| found.to_str().ok());
    if found.is_some_and(|found| found.trim().eq_ignore_ascii_case(PART)) {
        return Ok(());
    }
    Err(Refusal::new(Code::UnsupportedMediaType).detail(format!("The body must be {PART}")))
}

/// A header's number; `None` without the header.
///
/// # Errors
/// 422 for what is no number from 0 up.
pub(super) fn number(headers: &HeaderMap, name: &HeaderName) -> Answer<Option<i64>> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let number = value.to_str().ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let number = number.and_then(|text| text.parse().ok());
    number.map(Some).ok_or_else(|| Refusal::invalid(name.as_str(), "must be a number of bytes"))
}

/// The same of a header that has to be there.
///
/// # Errors
/// 422 without it.
pub(super) fn required(headers: &HeaderMap, name: &HeaderName) -> Answer<i64> {
    number(headers, name)?.ok_or_else(|| Refusal::invalid(name.as_str(), "is missing"))
}

/// The file's name out of `Upload-Metadata`, made safe to show; pairs of a key and a value in base64.
///
/// # Errors
/// 422 when it is no such list.
pub(super) fn file_name(headers: &HeaderMap) -> Answer<String> {
    let odd = || Refusal::invalid(METADATA.as_str(), "must be pairs of a key and base64");
    let Some(value) = headers.get(METADATA) else { return Ok(NAMELESS.to_owned()) };
    let mut name = None;
    for pair in value.to_str().map_err(|_| odd())?.split(',').map(str::trim) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = STANDARD.decode(value.trim()).map_err(|_| odd())?;
        if key == "filename" || (key == "name" && name.is_none()) {
            name = Some(String::from_utf8_lossy(&value).into_owned());
        }
    }
    let name = text::file_name(&name.unwrap_or_default(), MAX_NAME_CHARS);
    Ok(if name.is_empty() { NAMELESS.to_owned() } else { name })
}

/// `Upload-Metadata` as answers carry it.
pub(super) fn metadata(name: &str) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::try_from(format!("filename {}", STANDARD.encode(name)));
    // Base64 always is a header's value.
    (METADATA, value.unwrap_or(HeaderValue::from_static("")))
}

/// `Upload-Expires`, where it does.
pub(super) fn expires(at: Option<Timestamp>) -> Option<(HeaderName, HeaderValue)> {
    let at = jiff::Timestamp::from_millisecond(at?.millis()).ok()?.to_zoned(TimeZone::UTC);
    let text = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    Some((EXPIRES, HeaderValue::try_from(text).ok()?))
}

/// The answer, with what every answer by tus carries.
pub(super) fn answer(answer: Answer<Response>) -> Response {
    let mut response = answer.unwrap_or_else(|refusal| {
        let is_version = refusal.code() == Code::UnsupportedVersion;
        let mut response = refusal.into_response();
        if is_version {
            response.headers_mut().insert(VERSION, ONLY_VERSION);
        }
        response
    });
    response.headers_mut().insert(RESUMABLE, ONLY_VERSION);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(metadata: &str) -> Answer<String> {
        let mut headers = HeaderMap::new();
        headers.insert(METADATA, HeaderValue::from_str(metadata).unwrap());
        file_name(&headers)
    }

    #[test]
    fn names_are_decoded_and_made_safe() {
        let encoded =
            |name: &[u8]| name_of(&format!("filename {}", STANDARD.encode(name))).unwrap();
        assert_eq!(encoded("照片 1.jpg".as_bytes()), "照片 1.jpg");
        assert_eq!(encoded(b"../../etc/passwd"), "passwd");
        assert_eq!(encoded(b"\xff\xfe"), "file");
        assert_eq!(encoded(b".."), "file");
        assert_eq!(name_of("filetype aW1hZ2U=, name YQ==").unwrap(), "a");
        assert_eq!(name_of("is_confidential, filename Yi50eHQ=").unwrap(), "b.txt");
        assert_eq!(file_name(&HeaderMap::new()).unwrap(), "file");
        assert!(name_of("filename ***").is_err());
    }

    #[test]
    fn dates_are_those_of_http() {
        let (_, value) = expires(Some(Timestamp(784_111_777_000))).unwrap();
        assert_eq!(value, "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
