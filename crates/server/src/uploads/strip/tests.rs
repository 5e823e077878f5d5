//! Pictures with something in them that is nobody's business.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::{exif, strip};

const SECRET: &[u8] = b"GPS 39.9N 116.4E";

fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8 * 6, y as u8 * 8, 90]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn pixels(bytes: &[u8]) -> Vec<u8> {
    image::load_from_memory(bytes).unwrap().into_rgba8().into_raw()
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], body].concat()
}

#[test]
fn a_jpeg_keeps_its_pixels_and_how_it_was_held() {
    let plain = picture(ImageFormat::Jpeg);
    let exif_segment = [b"Exif\0\0", &exif(6).unwrap()[..], SECRET].concat();
    let full = [
        &plain[..2],
        &segment(0xe1, &exif_segment),
        &segment(0xed, SECRET),
        &segment(0xfe, SECRET),
        &segment(0xe2, &[b"MPF\0", SECRET].concat()),
        &segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", &b"colours"[..]].concat()),
        &plain[2..],
        // A second picture behind the end, with the same in it.
        &plain,
        SECRET,
    ]
    .concat();
    let clean = strip(&full, ImageFormat::Jpeg, 6).unwrap();
    assert!(!holds_secret(&clean));
    assert_eq!(pixels(&clean), pixels(&plain));
    assert!(clean.windows(7).any(|window| window == b"colours"), "the colour profile stays");
    let needle = [&[0xff, 0xe1, 0, 34], &b"Exif\0\0"[..], &exif(6).unwrap()].concat();
    assert!(clean.windows(needle.len()).any(|window| window == needle), "so does the orientation");
    assert_eq!(strip(&clean, ImageFormat::Jpeg, 6).unwrap(), clean, "again changes nothing");
    let upright = strip(&full, ImageFormat::Jpeg, 1).unwrap();
    assert!(!upright.windows(4).any(|window| window == b"Exif"));
}

#[test]
fn a_png_keeps_its_pixels_only() {
    let plain = picture(ImageFormat::Png);
    let text =
        [&u32::try_from(SECRET.len()).unwrap().to_be_bytes()[..], b"tEXt", SECRET, b"\0\0\0\0"];
    let full = [&plain[..33], &text.concat(), &plain[33..], SECRET].concat();
    let clean = strip(&full, ImageFormat::Png, 1).unwrap();
    assert_eq!(clean, plain);
    let turned = strip(&full, ImageFormat::Png, 8).unwrap();
    assert!(!holds_secret(&turned) && turned.windows(4).any(|window| window == b"eXIf"));
    assert_eq!(pixels(&turned), pixels(&plain), "its checksum is right");
}

#[test]
fn a_webp_keeps_its_pixels_only() {
    let plain = picture(ImageFormat::WebP);
    let chunk = |name: &[u8; 4], body: &[u8]| {
        [name, &u32::try_from(body.len()).unwrap().to_le_bytes()[..], body].concat()
    };
    let vp8x = chunk(b"VP8X", &[0x0c, 0, 0, 0, 39, 0, 0, 29, 0, 0]);
    let body = [b"WEBP", &vp8x[..], &plain[12..], &chunk(b"EXIF", SECRET), &chunk(b"XMP ", SECRET)];
    let body = body.concat();
    let full = [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat();
    let full = [&full[..], SECRET].concat();
    let clean = strip(&full, ImageFormat::WebP, 1).unwrap();
    assert!(!holds_secret(&clean));
    assert_eq!(clean[20], 0, "it no longer says that there is EXIF");
    assert_eq!(pixels(&clean), pixels(&plain));
    let turned = strip(&full, ImageFormat::WebP, 3).unwrap();
    assert_eq!(turned[20], 8);
    assert_eq!(pixels(&turned), pixels(&plain));
}

#[test]
fn a_webp_keeps_moving() {
    let chunk = |name: &[u8; 4], body: &[u8]| {
        [name, &u32::try_from(body.len()).unwrap().to_le_bytes()[..], body].concat()
    };
    let plain = picture(ImageFormat::WebP);
    let moving = |beside: &[u8]| {
        let place = [0, 0, 0, 0, 0, 0, 39, 0, 0, 29, 0, 0, 100, 0, 0, 0];
        let frame = chunk(b"ANMF", &[&place[..], beside, &plain[12..], beside].concat());
        let body = [
            b"WEBP".to_vec(),
            chunk(b"VP8X", &[0x02, 0, 0, 0, 39, 0, 0, 29, 0, 0]),
            chunk(b"ANIM", &[0; 6]),
            frame.repeat(2),
        ];
        chunk(b"RIFF", &body.concat())
    };
    let full = moving(&[chunk(b"EXIF", SECRET), chunk(b"none", SECRET)].concat());
    let clean = strip(&full, ImageFormat::WebP, 1).unwrap();
    assert!(!holds_secret(&clean));
    assert_eq!(clean, moving(b""));
    assert_eq!(pixels(&clean).len(), pixels(&plain).len());
    assert_eq!(super::webp::frames(&clean), 2);
}

#[test]
fn a_gif_keeps_moving() {
    let plain = picture(ImageFormat::Gif);
    let start = 13 + if plain[10] & 0x80 == 0 { 0 } else { 3 << ((plain[10] & 7) + 1) };
    let comment = [&[0x21, 0xfe, SECRET.len() as u8], SECRET, &[0]].concat();
    let repeats = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
    let xmp = [&b"\x21\xff\x0bXMP DataXMP"[..], &[SECRET.len() as u8], SECRET, &[0]].concat();
    let full = [&plain[..start], repeats, &comment, &xmp, &plain[start..], SECRET].concat();
    let clean = strip(&full, ImageFormat::Gif, 1).unwrap();
    assert!(!holds_secret(&clean));
    assert!(clean.windows(repeats.len()).any(|window| window == repeats));
    assert_eq!(pixels(&clean), pixels(&plain));
}

#[test]
fn whatever_is_cut_off_or_turned_over_ends() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = picture(format);
        for at in 0..whole.len() {
            drop(strip(&whole[..at], format, 6));
            let mut other = whole.clone();
            other[at] ^= 0xff;
            drop(strip(&other, format, 6));
        }
    }
    assert_eq!(strip(b"BM", ImageFormat::Bmp, 1), None);
}
