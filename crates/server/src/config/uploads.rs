//! Settings of uploads: where their bytes are kept, and how many.

use std::path::Path;

use storage::{Place, S3Place};

use super::{Values, required};

/// The folder in the data directory, when nothing else is said.
const LOCAL_FOLDER: &str = "uploads";
/// Sizes beyond this are a mistake: a pebibyte.
const MAX_BYTES: i64 = 1 << 50;

/// Where uploads are kept, and how many.
#[derive(Clone, Debug)]
pub struct UploadsConfig {
    /// `ROOKERY_UPLOADS_URL` and what begins with `ROOKERY_S3_`.
    pub place: Place,
    /// `ROOKERY_MAX_FILE_SIZE`, in bytes.
    pub max_file_size: i64,
    /// `ROOKERY_UPLOAD_QUOTA`, in bytes.
    pub quota: i64,
}

impl UploadsConfig {
    pub(super) fn from_values(values: &Values, data_dir: &Path) -> anyhow::Result<Self> {
        let place = match values.parse("uploads_url", bucket)? {
            None => Place::Local(data_dir.join(LOCAL_FOLDER)),
            Some((bucket, prefix)) => {
                let text = |key| values.text(key).unwrap_or_default().to_owned();
                let (access_key, secret_key) = (text("s3_access_key"), text("s3_secret_key"));
                let has_keys = !access_key.is_empty() && !secret_key.is_empty();
                anyhow::ensure!(has_keys, "uploads_url needs s3_access_key and s3_secret_key");
                Place::S3(S3Place {
                    bucket,
                    prefix,
                    endpoint: values.parse("s3_endpoint", endpoint)?.unwrap_or_default(),
                    region: text("s3_region"),
                    access_key,
                    secret_key,
                })
            }
        };
        Ok(Self {
            place,
            max_file_size: required(values, "max_file_size", size)?,
            quota: required(values, "upload_quota", size)?,
        })
    }
}

/// `s3://bucket/prefix`.
fn bucket(text: &str) -> Result<(String, String), String> {
    let expected = || "expected s3://BUCKET or s3://BUCKET/PREFIX".to_owned();
    let (bucket, prefix) = match text.strip_prefix("s3://").ok_or_else(expected)? {
        rest if rest.contains('/') => rest.split_once('/').unwrap_or((rest, "")),
        rest => (rest, ""),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let prefix = prefix.trim_matches('/');
    let fits = (3..=63).contains(&bucket.len()) && bucket.chars().all(plain);
    let parts_fit = prefix.chars().all(|c| plain(c) || c == '/') && !prefix.contains("..");
    if fits && parts_fit { Ok((bucket.to_owned(), prefix.to_owned())) } else { Err(expected()) }
}

fn endpoint(text: &str) -> Result<String, String> {
    let has_scheme = text.starts_with("https://") || text.starts_with("http://");
    let fits = has_scheme && !text.contains(['@', '?', '#', ' ']);
    let expected = || "expected a URL such as https://s3.example.org".to_owned();
    if fits { Ok(text.trim_end_matches('/').to_owned()) } else { Err(expected()) }
}

/// `104857600`, `100 MiB`, `2GiB`.
fn size(text: &str) -> Result<i64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim() {
        "" | "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        "TiB" => Some(1 << 40),
        _ => None,
    };
    let bytes = unit.and_then(|unit: i64| digits.parse::<i64>().ok()?.checked_mul(unit));
    bytes
        .filter(|bytes| (1..=MAX_BYTES).contains(bytes))
        .ok_or_else(|| "expected a size such as `100 MiB` or `2 GiB`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("100 MiB"), Ok(104_857_600));
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("1"), Ok(1));
        for bad in ["", "0", "-1", "MiB", "1 MB", "2 PiB", "9999999999999 TiB", "1.5 GiB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn buckets_are_named_by_a_url() {
        assert_eq!(bucket("s3://files"), Ok(("files".into(), String::new())));
        assert_eq!(bucket("s3://files/chat/a/"), Ok(("files".into(), "chat/a".into())));
        for bad in ["files", "s3://", "s3://a", "file:///x", "s3://files/../x", "s3://k:s@files"] {
            assert!(bucket(bad).is_err(), "{bad}");
        }
        assert_eq!(endpoint("http://127.0.0.1:9000/").unwrap(), "http://127.0.0.1:9000");
        assert!(endpoint("s3.example.org").is_err() && endpoint("https://k:s@x").is_err());
    }
}
