//! From any picture to a small one, square or whole. Pure and slow: to be called on a blocking thread.

use std::io::Cursor;

use fast_image_resize::{PixelType, ResizeOptions, Resizer, images::Image};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    metadata::Orientation,
};

/// The most pixels of a picture, as its header says: 25 million.
const MAX_PIXELS: u64 = 25_000_000;
/// The most memory that a decoder may ask for, in bytes: 25 million pixels of four 16-bit channels.
const MAX_MEMORY: u64 = 256 * 1024 * 1024;
/// Quality of JPEG, from 1 to 100.
const QUALITY: u8 = 85;

/// Why a picture was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    /// Neither PNG, JPEG, WebP nor GIF.
    #[error("the picture is neither PNG, JPEG, WebP nor GIF")]
    Type,
    /// More than [`MAX_PIXELS`].
    #[error("the picture has more than 25 million pixels")]
    Pixels,
    /// A small picture that moves too long, or is too large for that.
    #[error(
        "a moving picture has at most 512 pixels a side, 300 frames and 30 million pixels in all"
    )]
    Moves,
    /// Broken off, or not what its start says.
    #[error("the picture cannot be read")]
    Broken,
}

/// A picture, encoded.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) content_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// The middle of a picture as a square of at most `side` pixels, turned the way its camera was held. JPEG, or
/// lossless WebP where something shows through.
pub(super) fn square(bytes: &[u8], side: u32) -> Result<Picture, Unfit> {
    let Decoded { image, orientation } = decode(bytes, known_format(bytes)?)?;
    let side = side.min(image.width()).min(image.height());
    let options = ResizeOptions::new().fit_into_destination(None);
    let mut small = shrink(image, side, side, &options).ok_or(Unfit::Broken)?;
    // The middle square stays the middle square however it is turned, so the small one is turned.
    small.apply_orientation(orientation);
    encode(small).ok_or(Unfit::Broken)
}

/// A picture as it is shown in a conversation.
#[derive(Debug)]
pub(super) struct Preview {
    /// The width of the picture itself as shown, in pixels.
    pub(super) width: u32,
    /// The height of the picture itself as shown, in pixels.
    pub(super) height: u32,
    /// How its camera was held, as EXIF counts it: 1 to 8.
    pub(super) turned: u8,
    /// The whole of it, made small; still, when the picture moves.
    pub(super) small: Picture,
}

/// The whole picture with its longest side at most `side` pixels; nothing is made larger.
pub(super) fn preview(bytes: &[u8], format: ImageFormat, side: u32) -> Result<Preview, Unfit> {
    let Decoded { image, orientation } = decode(bytes, format)?;
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height).max(1);
    // Below 25 million pixels and u32: the product fits, and the quotient is at most `side`.
    let scaled = |length: u32| {
        let length = u64::from(length) * u64::from(side.min(longest)) / u64::from(longest);
        u32::try_from(length).unwrap_or(side).max(1)
    };
    let (small_width, small_height) = (scaled(width), scaled(height));
    let mut small = shrink(image, small_width, small_height, &ResizeOptions::new());
    if let Some(small) = &mut small {
        small.apply_orientation(orientation);
    }
    let small = small.and_then(encode).ok_or(Unfit::Broken)?;
    let turned = orientation.to_exif();
    let (width, height) = if turned > 4 { (height, width) } else { (width, height) };
    Ok(Preview { width, height, turned, small })
}

/// The whole picture with its longest side at most `side` pixels.
pub(super) fn whole(bytes: &[u8], side: u32) -> Result<Picture, Unfit> {
    Ok(preview(bytes, known_format(bytes)?, side)?.small)
}

struct Decoded {
    image: DynamicImage,
    orientation: Orientation,
}

/// One of those that are taken, by what the bytes say.
pub(super) fn known_format(bytes: &[u8]) -> Result<ImageFormat, Unfit> {
    let format = image::guess_format(bytes).map_err(|_| Unfit::Type)?;
    let known = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif];
    if known.contains(&format) { Ok(format) } else { Err(Unfit::Type) }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<Decoded, Unfit> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Unfit::Broken)?;
    // From the header: nothing has been decoded yet.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Unfit::Pixels);
    }
    if width == 0 || height == 0 {
        return Err(Unfit::Broken);
    }
    let orientation = decoder.orientation().map_err(|_| Unfit::Broken)?;
    let image = DynamicImage::from_decoder(decoder).map_err(|_| Unfit::Broken)?;
    Ok(Decoded { image, orientation })
}

/// The picture in `width` by `height` pixels.
fn shrink(
    image: DynamicImage,
    width: u32,
    height: u32,
    options: &ResizeOptions,
) -> Option<DynamicImage> {
    let (from_width, from_height) = (image.width(), image.height());
    let pixels = image.into_rgba8().into_raw();
    let source = Image::from_vec_u8(from_width, from_height, pixels, PixelType::U8x4).ok()?;
    let mut target = Image::new(width, height, PixelType::U8x4);
    Resizer::new().resize(&source, &mut target, options).ok()?;
    RgbaImage::from_raw(width, height, target.into_vec()).map(DynamicImage::ImageRgba8)
}

fn encode(image: DynamicImage) -> Option<Picture> {
    let rgba = image.into_rgba8();
    let mut bytes = Vec::new();
    if rgba.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        let rgb = DynamicImage::ImageRgba8(rgba).into_rgb8();
        rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).ok()?;
        Some(Picture { content_type: "image/jpeg", bytes })
    } else {
        rgba.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).ok()?;
        Some(Picture { content_type: "image/webp", bytes })
    }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView as _, Rgb, RgbImage, Rgba};

    use super::*;

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// Left half red, right half blue.
    fn halves(width: u32, height: u32) -> DynamicImage {
        let red = |x| if x < width / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) };
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| red(x)))
    }

    #[test]
    fn the_middle_is_kept_and_small_ones_stay_small() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let picture = square(&encoded(&halves(600, 300), format), 256).unwrap();
            assert_eq!(picture.content_type, "image/jpeg", "{format:?}");
            let small = image::load_from_memory(&picture.bytes).unwrap();
            assert_eq!(small.dimensions(), (256, 256));
            assert!(small.get_pixel(20, 128).0[0] > 200 && small.get_pixel(235, 128).0[2] > 200);
        }
        let tiny = square(&encoded(&halves(30, 20), ImageFormat::Png), 256).unwrap();
        assert_eq!(image::load_from_memory(&tiny.bytes).unwrap().dimensions(), (20, 20));
    }

    #[test]
    fn what_shows_through_still_does() {
        let image = DynamicImage::ImageRgba8(RgbaImage::from_pixel(40, 40, Rgba([9, 9, 9, 100])));
        let picture = square(&encoded(&image, ImageFormat::Png), 256).unwrap();
        assert_eq!(picture.content_type, "image/webp");
        assert_eq!(image::load_from_memory(&picture.bytes).unwrap().get_pixel(5, 5).0[3], 100);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let png = encoded(&halves(300, 300), ImageFormat::Png);
        assert_eq!(square(b"", 256).unwrap_err(), Unfit::Type);
        assert_eq!(
            square(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 256).unwrap_err(),
            Unfit::Type
        );
        assert_eq!(square(b"BM\0\0\0\0\0\0\0\0", 256).unwrap_err(), Unfit::Type);
        assert_eq!(square(&png[..png.len() / 2], 256).unwrap_err(), Unfit::Broken);
        assert_eq!(square(&png[..20], 256).unwrap_err(), Unfit::Broken);
    }

    #[test]
    fn a_header_that_promises_too_much_is_not_believed() {
        // Width and height stand at 16 and 20 of a PNG, the checksum of its header chunk at 29.
        let mut png = encoded(&halves(300, 300), ImageFormat::Png);
        png[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
        png[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
        let checksum = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert_eq!(square(&png, 256).unwrap_err(), Unfit::Pixels);
    }

    /// CRC-32 as in the PNG specification, annex D.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |mut crc, byte| {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            }
            crc
        })
    }
}
