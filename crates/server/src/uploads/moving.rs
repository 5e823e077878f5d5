//! Small pictures that move: kept as they came, without what is not the picture, once every frame has been looked at.
//! Slow: to be called on a blocking thread.

use std::io::Cursor;

use image::{
    AnimationDecoder as _, Frames, ImageDecoder, ImageFormat, Limits,
    codecs::{gif::GifDecoder, webp::WebPDecoder},
};

use super::{
    picture::{Unfit, known_format},
    strip,
};

/// The longest side, in pixels.
const MAX_SIDE: u32 = 512;
/// The most frames: ten seconds, smoothly.
const MAX_FRAMES: u64 = 300;
/// The most pixels of all frames together: those of 114 of the largest.
const MAX_PIXELS: u64 = 30_000_000;
/// The most memory that a decoder may ask for, in bytes. It also bounds a frame that is larger than its picture.
const MAX_MEMORY: u64 = 8 * 1024 * 1024;

/// A picture that moves.
#[derive(Debug)]
pub(super) struct Moving {
    pub(super) content_type: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// The picture, if it is one that moves: a GIF or WebP of more than one frame.
///
/// # Errors
/// [`Unfit::Moves`] for one beyond the bounds, [`Unfit::Broken`] when one of its frames cannot be read.
pub(super) fn moving(bytes: &[u8]) -> Result<Option<Moving>, Unfit> {
    let format = known_format(bytes)?;
    if !matches!(format, ImageFormat::Gif | ImageFormat::WebP) {
        return Ok(None);
    }
    let bytes = strip::strip(bytes, format, 1).ok_or(Unfit::Broken)?;
    let count = strip::frames(&bytes, format) as u64;
    if count < 2 {
        return Ok(None);
    }
    let (width, height) = look_at(&bytes, format, count)?;
    Ok(Some(Moving { content_type: format.to_mime_type(), bytes, width, height }))
}

/// Reads every frame, one at a time: the width and height of all of them.
fn look_at(bytes: &[u8], format: ImageFormat, count: u64) -> Result<(u32, u32), Unfit> {
    let bytes = Cursor::new(bytes);
    if format == ImageFormat::Gif {
        let mut decoder = GifDecoder::new(bytes).map_err(|_| Unfit::Broken)?;
        let size = bounded(&mut decoder, count)?;
        read(decoder.into_frames(), count)?;
        Ok(size)
    } else {
        let mut decoder = WebPDecoder::new(bytes).map_err(|_| Unfit::Broken)?;
        let size = bounded(&mut decoder, count)?;
        read(decoder.into_frames(), count)?;
        Ok(size)
    }
}

/// Before anything is decoded.
fn bounded(decoder: &mut impl ImageDecoder, count: u64) -> Result<(u32, u32), Unfit> {
    let (width, height) = decoder.dimensions();
    let pixels = (u64::from(width) * u64::from(height)).saturating_mul(count);
    if width.max(height) > MAX_SIDE || count > MAX_FRAMES || pixels > MAX_PIXELS {
        return Err(Unfit::Moves);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    decoder.set_limits(limits).map_err(|_| Unfit::Broken)?;
    Ok((width, height))
}

/// `count` is how many there are to be: a decoder that finds more or fewer sees something else in these bytes.
fn read(frames: Frames<'_>, count: u64) -> Result<(), Unfit> {
    let mut found = 0;
    for frame in frames {
        frame.map_err(|_| Unfit::Broken)?;
        found += 1;
        if found > count {
            break;
        }
    }
    if found == count { Ok(()) } else { Err(Unfit::Broken) }
}

#[cfg(test)]
mod tests {
    use image::{Frame, Rgba, RgbaImage, codecs::gif::GifEncoder};

    use super::*;

    /// A GIF of so many frames, each of another colour.
    fn gif(frames: u32, side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new_with_speed(&mut bytes, 30);
        for n in 0..frames {
            let colour = Rgba([(n % 256) as u8, 90, 200, 255]);
            encoder.encode_frame(Frame::new(RgbaImage::from_pixel(side, side, colour))).unwrap();
        }
        drop(encoder);
        bytes
    }

    #[test]
    fn what_moves_is_kept_as_it_is() {
        let bytes = gif(3, 40);
        let kept = moving(&[&bytes[..], b"behind the end"].concat()).unwrap().unwrap();
        assert_eq!((kept.content_type, kept.width, kept.height), ("image/gif", 40, 40));
        assert_eq!(kept.bytes, bytes);
        assert!(moving(&gif(1, 40)).unwrap().is_none(), "one frame is a still picture");
    }

    #[test]
    fn too_much_is_refused() {
        assert_eq!(moving(&gif(301, 2)).unwrap_err(), Unfit::Moves, "frames");
        assert_eq!(moving(&gif(2, 513)).unwrap_err(), Unfit::Moves, "a side");
        // Small frames in a picture that says it is the largest.
        let mut many = gif(115, 2);
        many[6..10].copy_from_slice(&[0, 2, 0, 2]);
        assert_eq!(moving(&many).unwrap_err(), Unfit::Moves, "pixels in all");
        assert!(moving(&gif(300, 2)).unwrap().is_some());
    }

    #[test]
    fn a_frame_that_is_larger_than_its_picture_is_refused() {
        let mut bytes = gif(2, 4);
        // The head of the last frame: its left, top, width and height.
        let at = bytes.windows(9).rposition(|head| head == [0x2c, 0, 0, 0, 0, 4, 0, 4, 0]).unwrap();
        bytes[at + 5..at + 9].copy_from_slice(&[0xff; 4]);
        assert_eq!(moving(&bytes).unwrap_err(), Unfit::Broken);
    }

    #[test]
    fn whatever_is_cut_off_or_turned_over_ends() {
        let whole = gif(3, 6);
        for at in 0..whole.len() {
            drop(moving(&whole[..at]));
            let mut other = whole.clone();
            other[at] ^= 0xff;
            drop(moving(&other));
        }
    }
}
