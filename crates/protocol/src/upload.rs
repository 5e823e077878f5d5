//! Files on their way to becoming attachments.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AttachmentKind, Timestamp};

/// A file that somebody is uploading, or has uploaded and not sent yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Upload {
    /// Names it; `POST …/messages` takes it as `upload_id`.
    pub id: String,
    /// The file's name; 1 to 255 characters, without any path.
    pub name: String,
    /// In bytes: as announced, and once it is complete as stored.
    pub size: i64,
    /// How many bytes have arrived.
    pub offset: i64,
    /// All of it has arrived and was looked at: it can be sent.
    pub complete: bool,
    /// What it is, once it is complete: never `voice`, which is said when it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AttachmentKind>,
    /// What its bytes say, once it is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Of images and videos, in pixels, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of images and videos, in pixels, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Of sounds and videos, in milliseconds, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u32>,
    /// When it is thrown away unless it was sent; absent once it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// How much of one's room for uploads is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UploadUsage {
    /// Bytes of all uploads, sent and unsent.
    pub used: i64,
    /// The most bytes of all uploads.
    pub quota: i64,
    /// The most bytes of one.
    pub max_file_size: i64,
}
