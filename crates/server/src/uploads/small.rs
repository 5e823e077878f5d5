//! A small picture for another slice: received, made small and encoded anew, as avatars are.

use std::{io::Cursor, sync::Arc};

use axum::extract::Request;
use image::ImageReader;

use super::{
    avatar::receive,
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
}

/// The picture in the body of `request`, of at most `max_bytes`, with its longer side at most `side` pixels.
///
/// # Errors
/// As of an avatar.
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
    let reader = ImageReader::new(Cursor::new(&picture.bytes)).with_guessed_format();
    let size = reader.map_err(|_| Unfit::Broken)?.into_dimensions();
    let (width, height) = size.map_err(|_| Unfit::Broken)?;
    Ok(SmallPicture { content_type: picture.content_type, bytes: picture.bytes, width, height })
}
