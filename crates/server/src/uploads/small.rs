//! A small picture for another slice: received, made small and encoded anew, as avatars are. One that moves is kept as
//! it came, beside a still one for whoever wants no movement.

use std::{io::Cursor, sync::Arc};

use axum::extract::Request;
use image::ImageReader;

use super::{
    avatar::receive,
    moving::moving,
    picture::{self, Unfit},
};
use crate::{app::App, caller::Caller, problem::Answer};

/// A picture, encoded.
#[derive(Debug)]
pub(crate) struct SmallPicture {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// In pixels.
    pub(crate) width: u32,
    /// In pixels.
    pub(crate) height: u32,
    /// The first frame of one that moves: what it is, and its bytes.
    pub(crate) still: Option<(&'static str, Vec<u8>)>,
}

/// The picture in the body of `request`, of at most `max_bytes`, with its longer side at most `side` pixels. One that
/// moves keeps its size, and only its still picture is made smaller.
///
/// # Errors
/// As of an avatar; `too_large` also for one that moves beyond its bounds.
pub(crate) async fn small_picture(
    app: &Arc<App>,
    caller: &Caller,
    request: Request,
    max_bytes: usize,
    side: u32,
) -> Answer<SmallPicture> {
    receive(app, caller, request, max_bytes, move |bytes| small(bytes, side)).await
}

fn small(bytes: &[u8], side: u32) -> Result<SmallPicture, Unfit> {
    let picture = picture::whole(bytes, side)?;
    let still = (picture.content_type, picture.bytes);
    if let Some(moving) = moving(bytes)? {
        return Ok(SmallPicture {
            content_type: moving.content_type,
            bytes: moving.bytes,
            width: moving.width,
            height: moving.height,
            still: Some(still),
        });
    }
    let (content_type, bytes) = still;
    let reader = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
    let size = reader.map_err(|_| Unfit::Broken)?.into_dimensions();
    let (width, height) = size.map_err(|_| Unfit::Broken)?;
    Ok(SmallPicture { content_type, bytes, width, height, still: None })
}
