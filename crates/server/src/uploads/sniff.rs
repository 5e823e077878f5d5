//! What a file is, by what its first bytes say. What its sender calls it counts for nothing.
//!
//! Only what browsers show or play is told apart; of the rest, a few types are named for people's sake. Text is
//! text, also when it would be a page or a drawing with script in it.

use image::ImageFormat;

/// So many bytes of a file are looked at.
pub(super) const HEAD_BYTES: usize = 4_096;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sniffed {
    /// A picture that can be shown.
    Picture(ImageFormat),
    /// Boxes as of MP4; what is in them is for `media` to say.
    Mp4 {
        /// Apple's own kind.
        quicktime: bool,
        /// Says that it is sound.
        sound: bool,
    },
    /// Elements as of WebM.
    Webm,
    /// A picture of this type in boxes with lists of items, which not every browser shows.
    Heif(&'static str),
    /// TIFF, or the raw picture of a camera that is built like it.
    Tiff,
    /// Something else of this type in boxes.
    Boxes(&'static str),
    /// Sound or video of this type.
    Media(&'static str),
    /// Anything else.
    Other(&'static str),
}

/// What a picture's format is called.
pub(super) fn picture_type(format: ImageFormat) -> &'static str {
    format.to_mime_type()
}

/// What a file with this beginning is.
pub(super) fn sniff(head: &[u8]) -> Sniffed {
    let has = |at: usize, what: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(what));
    match () {
        () if has(0, b"\x89PNG\r\n\x1a\n") => Sniffed::Picture(ImageFormat::Png),
        () if has(0, b"\xff\xd8\xff") => Sniffed::Picture(ImageFormat::Jpeg),
        () if has(0, b"GIF87a") || has(0, b"GIF89a") => Sniffed::Picture(ImageFormat::Gif),
        () if has(0, b"RIFF") && has(8, b"WEBP") => Sniffed::Picture(ImageFormat::WebP),
        () if has(0, b"RIFF") && has(8, b"WAVE") => Sniffed::Media("audio/wav"),
        () if has(0, b"fLaC") => Sniffed::Media("audio/flac"),
        () if has(0, b"OggS") => Sniffed::Media(ogg(head)),
        () if has(0, b"\x1a\x45\xdf\xa3") => matroska(head),
        () if has(4, b"ftyp") => mp4(head),
        () if has(0, b"\0\0\0\x0cJXL \r\n\x87\n") => Sniffed::Boxes("image/jxl"),
        () if has(0, b"\0\0\0\x0cjP  \r\n\x87\n") => Sniffed::Boxes("image/jp2"),
        () if is_old_quicktime(head) => Sniffed::Boxes("video/quicktime"),
        () if has(0, b"II*\0") || has(0, b"MM\0*") => Sniffed::Tiff,
        () if has(0, b"II+\0") || has(0, b"MM\0+") => Sniffed::Tiff,
        () if has(0, b"ID3") || is_mp3(head) => Sniffed::Media("audio/mpeg"),
        () if has(0, b"%PDF-") => Sniffed::Other("application/pdf"),
        () if has(0, b"PK\x03\x04") => Sniffed::Other("application/zip"),
        () if has(0, b"\x1f\x8b") => Sniffed::Other("application/gzip"),
        () if is_text(head) => Sniffed::Other("text/plain"),
        () => Sniffed::Other("application/octet-stream"),
    }
}

fn contains(head: &[u8], what: &[u8]) -> bool {
    head.windows(what.len()).any(|window| window == what)
}

/// The first page names the codec.
fn ogg(head: &[u8]) -> &'static str {
    let first = &head[..head.len().min(256)];
    if contains(first, b"theora") { "video/ogg" } else { "audio/ogg" }
}

fn matroska(head: &[u8]) -> Sniffed {
    if contains(&head[..head.len().min(64)], b"webm") {
        Sniffed::Webm
    } else {
        Sniffed::Other("video/x-matroska")
    }
}

/// By the main brand. Pictures in such boxes are not among those that can be shown everywhere.
fn mp4(head: &[u8]) -> Sniffed {
    match head.get(8..12).unwrap_or_default() {
        b"qt  " => Sniffed::Mp4 { quicktime: true, sound: false },
        b"M4A " | b"M4B " => Sniffed::Mp4 { quicktime: false, sound: true },
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1"
        | b"M4V " | b"MSNV" | b"dash" | b"iso8" | b"iso9" => {
            Sniffed::Mp4 { quicktime: false, sound: false }
        }
        b"avif" | b"avis" => Sniffed::Heif("image/avif"),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" => Sniffed::Heif("image/heic"),
        b"mif1" | b"msf1" | b"mif2" | b"miaf" => {
            let length = head.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes) as usize);
            let brands = head.get(8..length.min(head.len())).unwrap_or_default();
            let is_avif = brands.chunks(4).any(|brand| brand == b"avif" || brand == b"avis");
            Sniffed::Heif(if is_avif { "image/avif" } else { "image/heic" })
        }
        [b'3', b'g', b'p' | b'2' | b'g' | b'r' | b's', _] => Sniffed::Boxes("video/3gpp"),
        // Raw pictures of Canon's, which need what they say about themselves.
        b"crx " => Sniffed::Other("image/x-canon-cr3"),
        _ => Sniffed::Boxes("application/octet-stream"),
    }
}

/// Boxes as they were written before there were brands.
fn is_old_quicktime(head: &[u8]) -> bool {
    let names: [&[u8]; 4] = [b"moov", b"mdat", b"wide", b"pnot"];
    head.get(4..8).is_some_and(|name| names.contains(&name)) && !is_text(head)
}

/// A frame of MPEG layer III without a tag before it, whose second frame is where the first one says.
fn is_mp3(head: &[u8]) -> bool {
    mp3_frame(head).is_some_and(|length| {
        head.get(length..).is_some_and(|rest| rest.len() < 4 || mp3_frame(rest).is_some())
    })
}

/// The length of the frame that begins here.
fn mp3_frame(bytes: &[u8]) -> Option<usize> {
    /// In kbit/s, of MPEG-1 and of its halved kinds.
    const RATES: [[usize; 14]; 2] = [
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let [0xff, kind, rates, ..] = *bytes else { return None };
    let (first, is_layer_3) = (kind & 0x18 == 0x18, kind & 0xe6 == 0xe2);
    if !is_layer_3 || kind & 0x18 == 0x08 {
        return None;
    }
    let rate = *RATES[usize::from(!first)].get(usize::from(rates >> 4).checked_sub(1)?)?;
    let sampling = *[44_100, 48_000, 32_000].get(usize::from(rates >> 2 & 3))?;
    let sampling = match kind & 0x18 {
        0x18 => sampling,
        0x10 => sampling / 2,
        _ => sampling / 4,
    };
    let samples = if first { 144_000 } else { 72_000 };
    Some(samples * rate / sampling + usize::from(rates >> 1 & 1))
}

/// UTF-8, perhaps cut off in its last character, without control characters but those of lines.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && head.len() == HEAD_BYTES => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\x0c'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_play_is_told_apart() {
        for (head, expected) in [
            (b"RIFF\x24\0\0\0WAVEfmt ".as_slice(), Sniffed::Media("audio/wav")),
            (b"fLaC\0\0\0\x22", Sniffed::Media("audio/flac")),
            (b"OggS\0\x02\0\0\0\0\0\0\0\0\0OpusHead", Sniffed::Media("audio/ogg")),
            (b"OggS\0\x02\0\0\0\0\0\0\0\0\0\x80theora", Sniffed::Media("video/ogg")),
            (b"ID3\x04\0\0", Sniffed::Media("audio/mpeg")),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", Sniffed::Webm),
            (b"\0\0\0\x20ftypM4A \0\0\0\0", Sniffed::Mp4 { quicktime: false, sound: true }),
            (b"\0\0\0\x20ftypisom\0\0\0\0", Sniffed::Mp4 { quicktime: false, sound: false }),
            (b"\0\0\0\x20ftypheic\0\0\0\0", Sniffed::Heif("image/heic")),
            (b"\0\0\0\x14ftypmif1\0\0\0\0avif", Sniffed::Heif("image/avif")),
            (b"\0\0\0\x14ftypmif1\0\0\0\0heicavif", Sniffed::Heif("image/heic")),
            (b"\0\0\0\x14ftyp3gp5\0\0\0\0", Sniffed::Boxes("video/3gpp")),
            (b"\0\0\x14\0moov\0\0\0\0", Sniffed::Boxes("video/quicktime")),
            (b"II*\0\x08\0\0\0", Sniffed::Tiff),
            (b"MM\0+\0\x08\0\0", Sniffed::Tiff),
        ] {
            assert_eq!(sniff(head), expected, "{head:?}");
        }
        let mut mp3 = vec![0; 1_000];
        mp3[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
        mp3[417..421].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
        assert_eq!(sniff(&mp3), Sniffed::Media("audio/mpeg"));
        mp3[417] = 0;
        assert_eq!(sniff(&mp3), Sniffed::Other("application/octet-stream"), "one frame alone");
    }

    #[test]
    fn pages_and_drawings_are_text() {
        for text in [
            "how wide it is",
            "II* III",
            "<html><script>alert(1)</script>",
            "<svg xmlns='x'/>",
            "名前,年齢\r\n",
        ] {
            assert_eq!(sniff(text.as_bytes()), Sniffed::Other("text/plain"), "{text}");
        }
        let cut = "字".repeat(2_000).into_bytes();
        assert_eq!(sniff(&cut[..HEAD_BYTES]), Sniffed::Other("text/plain"));
        for binary in [b"".as_slice(), b"a\0b", b"\xff\xfea\0b\0", b"MZ\x90\0\x03"] {
            assert_eq!(sniff(binary), Sniffed::Other("application/octet-stream"), "{binary:?}");
        }
    }
}
