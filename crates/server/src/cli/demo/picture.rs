//! Paints a landscape: a sky, a sun, and hills in the distance. No photograph had to be found for it. Pure.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

const WIDTH: u32 = 1_200;
const HEIGHT: u32 = 675;
/// Rows of hills, the farthest first.
const HILLS: u32 = 5;

/// The colours of a picture: sky above, sky below, sun, far hills, near hills.
type Palette = [[u8; 3]; 5];

/// The picture called `name`, as JPEG: the same one every time.
///
/// # Errors
/// When it cannot be encoded.
pub(super) fn paint(name: &str) -> anyhow::Result<Vec<u8>> {
    let seed = name.bytes().fold(17_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    let palette = palette(name);
    let mut picture = RgbImage::new(WIDTH, HEIGHT);
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        *pixel = Rgb(colour(x, y, seed, &palette));
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
}

fn palette(name: &str) -> Palette {
    match name {
        "harbour" => {
            [[58, 78, 120], [233, 150, 122], [255, 224, 178], [110, 112, 150], [28, 36, 66]]
        }
        "meadow" => {
            [[120, 180, 232], [226, 240, 250], [255, 247, 205], [140, 190, 150], [38, 94, 62]]
        }
        "gym" => [[236, 200, 140], [250, 236, 210], [255, 255, 255], [214, 160, 96], [128, 74, 40]],
        _ => [[44, 36, 84], [214, 110, 120], [255, 206, 150], [120, 78, 128], [30, 20, 52]],
    }
}

fn colour(x: u32, y: u32, seed: u32, palette: &Palette) -> [u8; 3] {
    let [above, below, sun, far, near] = palette;
    let (across, down) = (unit(x, WIDTH), unit(y, HEIGHT));
    for hill in (0..HILLS).rev() {
        let depth = unit(hill, HILLS - 1);
        if down > ridge(across, hill, seed) {
            return mix(*far, *near, depth);
        }
    }
    let sky = mix(*above, *below, (down * 1.6).min(1.0));
    let (dx, dy) = (across - 0.68, (down - 0.34) * 0.56);
    let distance = dx.hypot(dy);
    if distance < 0.045 { *sun } else { mix(*sun, sky, (distance * 4.0).min(1.0)) }
}

/// How far down the ridge of a row of hills lies.
fn ridge(across: f32, hill: u32, seed: u32) -> f32 {
    let phase = unit(seed.wrapping_mul(hill + 3) % 628, 100);
    let base = 0.48 + unit(hill, HILLS) * 0.5;
    let wave = |frequency: f32, height: f32| (across * frequency + phase).sin() * height;
    base + wave(5.0 + phase, 0.045) + wave(13.0, 0.018) + wave(31.0 + phase, 0.006)
}

/// `part` of `whole`, both far below 2^24, where 32 bits still count exactly.
#[expect(clippy::cast_precision_loss, reason = "pixels are few")]
fn unit(part: u32, whole: u32) -> f32 {
    part as f32 / whole as f32
}

/// From `a` (0) to `b` (1).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
fn mix(a: [u8; 3], b: [u8; 3], share: f32) -> [u8; 3] {
    std::array::from_fn(|n| (f32::from(a[n]) * (1.0 - share) + f32::from(b[n]) * share) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_the_same_every_time_and_differs_by_name() {
        let harbour = paint("harbour").unwrap();
        assert_eq!(harbour, paint("harbour").unwrap());
        assert_ne!(harbour, paint("meadow").unwrap());
        let read = image::load_from_memory(&harbour).unwrap();
        assert_eq!((read.width(), read.height()), (WIDTH, HEIGHT));
    }
}
