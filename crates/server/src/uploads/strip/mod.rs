//! Takes out of a picture what is not the picture: where and with what it was taken, comments, thumbnails of
//! what was cut off, and whatever hangs behind its end. The pixels are not touched, so nothing is lost; colour
//! profiles, animation and the way the camera was held stay.
//!
//! What is not known to be needed for showing the picture goes. Each walk goes forward only, so it ends.

mod gif;
mod jpeg;
mod png;
mod webp;

use image::ImageFormat;

/// The picture alone; `None` when its parts cannot be told apart. `turned` is its EXIF orientation, 1 to 8.
pub(super) fn strip(bytes: &[u8], format: ImageFormat, turned: u8) -> Option<Vec<u8>> {
    match format {
        ImageFormat::Jpeg => jpeg::strip(bytes, turned),
        ImageFormat::Png => png::strip(bytes, turned),
        ImageFormat::WebP => webp::strip(bytes, turned),
        ImageFormat::Gif => gif::strip(bytes),
        _ => None,
    }
}

/// How many frames a picture has, in what [`strip`] has made of it: 0 when it is not said.
pub(super) fn frames(clean: &[u8], format: ImageFormat) -> usize {
    match format {
        ImageFormat::Gif => gif::frames(clean),
        ImageFormat::WebP => webp::frames(clean),
        _ => 0,
    }
}

/// EXIF that says how the camera was held and nothing else: a TIFF of one entry. `None` for upright.
fn exif(turned: u8) -> Option<[u8; 26]> {
    let mut tiff = *b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";
    tiff[18] = turned;
    (2..=8).contains(&turned).then_some(tiff)
}

/// Reads forward through bytes; everything is `None` at their end.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|one| one[0])
    }
}

#[cfg(test)]
mod tests;
