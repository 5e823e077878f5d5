//! MP4 and QuickTime. The boxes that phones and cameras write the place of recording into are emptied.

use std::fs::File;
use std::io;

use super::{
    Facts,
    boxes::{Part, Walk},
    duration,
    places::Changes,
};

/// What a movie, its tracks and its fragments are described in, and where else the recorder may say something. In
/// `mpvd` is the whole movie of a picture that moves.
const CONTAINERS: [&[u8; 4]; 6] = [b"moov", b"trak", b"mdia", b"moof", b"traf", b"mpvd"];
/// The deepest of those.
const MAX_DEPTH: usize = 3;
/// What the recorder says about itself. The last four are of pictures in such boxes: JPEG XL, JPEG 2000; with
/// `jbrd`, a JPEG can be made again of a JPEG XL, with all that it said.
const METADATA: [&[u8; 4]; 7] = [b"udta", b"meta", b"uuid", b"Exif", b"xml ", b"brob", b"jbrd"];
/// The longest box that is read as a whole, in bytes: those that say how long, how large and what kind are shorter.
const MAX_READ: u64 = 256;

/// What the file says of itself, and what is to be changed in it. `keep` is asked first about each box on the
/// highest level that would be emptied.
pub(super) fn find(
    file: &mut File,
    mut keep: impl FnMut(&mut Walk<'_>, Part) -> io::Result<bool>,
) -> io::Result<(Facts, Changes)> {
    let end = file.metadata()?.len();
    let mut found = Found::default();
    let mut walk = Walk::new(file);
    let mut at = 0;
    while let Some(part) = walk.part(at, end)? {
        if CONTAINERS.contains(&&part.name) {
            found.look_into(&mut walk, part, 0)?;
        } else if METADATA.contains(&&part.name) && !keep(&mut walk, part)? {
            found.metadata.push(part);
        }
        at = part.end();
    }
    let mut changes = Changes::default();
    for part in &found.metadata {
        changes.empty(part.at, part.length);
        // A box of nothing: readers skip it.
        changes.write(part.name_at, *b"free");
    }
    Ok((found.facts, changes))
}

/// What was found so far.
#[derive(Default)]
struct Found {
    facts: Facts,
    metadata: Vec<Part>,
    /// Of the track that is being looked at.
    size: Option<(u32, u32)>,
}

impl Found {
    fn look_into(&mut self, walk: &mut Walk<'_>, outer: Part, depth: usize) -> io::Result<()> {
        // Fragments have boxes of their own by that name, which say when and how.
        let is_fragment = matches!(&outer.name, b"moof" | b"traf");
        if outer.name == *b"trak" {
            self.size = None;
        }
        let mut at = outer.at;
        while let Some(part) = walk.part(at, outer.end())? {
            at = part.end();
            match &part.name {
                name if CONTAINERS.contains(&name) && depth < MAX_DEPTH => {
                    self.look_into(walk, part, depth + 1)?;
                }
                b"uuid" if is_fragment => {}
                name if METADATA.contains(&name) => self.metadata.push(part),
                b"mvhd" => self.facts.duration_ms = movie_length(&walk.content(part, MAX_READ)?),
                b"tkhd" => self.size = shown_size(&walk.content(part, MAX_READ)?),
                b"hdlr" if outer.name == *b"mdia" => self.track(&walk.content(part, MAX_READ)?),
                _ => {}
            }
        }
        Ok(())
    }

    /// What a track adds: it is a picture, of a size, perhaps turned; or sound.
    fn track(&mut self, hdlr: &[u8]) {
        match hdlr.get(8..12) {
            Some(b"vide") => {
                self.facts.is_video = true;
                self.facts.dimensions = self.facts.dimensions.or(self.size);
            }
            Some(b"soun") => self.facts.has_sound = true,
            _ => {}
        }
    }
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

fn movie_length(mvhd: &[u8]) -> Option<u32> {
    let (scale, count) = match mvhd.first()? {
        0 => (number(mvhd, 12, 4)?, number(mvhd, 16, 4)?),
        _ => (number(mvhd, 20, 4)?, number(mvhd, 24, 8)?),
    };
    duration(count, scale)
}

/// At the end of a track's head stand a matrix of nine numbers, width and height.
fn shown_size(tkhd: &[u8]) -> Option<(u32, u32)> {
    let matrix = tkhd.len().checked_sub(44)?;
    let pixels = |at| number(tkhd, at, 4).and_then(|fixed| u32::try_from(fixed >> 16).ok());
    let (width, height) = (pixels(matrix + 36)?, pixels(matrix + 40)?);
    let is_turned = number(tkhd, matrix, 4)? == 0 && number(tkhd, matrix + 16, 4)? == 0;
    let shown = if is_turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uploads::media::{
        boxes,
        places::tests::stopped_anywhere,
        tests::{after, boxed, holds, temporary},
    };

    /// A head of a track that is turned by a quarter, 1920 by 1080 before.
    fn tkhd() -> Vec<u8> {
        let mut body = vec![0; 84];
        for (at, value) in
            [(44, 0x1_0000_u32), (52, 0xffff_0000), (76, 1_920 << 16), (80, 1_080 << 16)]
        {
            body[at..at + 4].copy_from_slice(&value.to_be_bytes());
        }
        boxed(b"tkhd", &body)
    }

    fn movie() -> Vec<u8> {
        let mut mvhd = vec![0; 100];
        mvhd[12..16].copy_from_slice(&1_000_u32.to_be_bytes());
        mvhd[16..20].copy_from_slice(&2_500_u32.to_be_bytes());
        let hdlr = boxed(b"hdlr", b"\0\0\0\0\0\0\0\0vide\0\0\0\0");
        let trak = boxed(b"trak", &[tkhd(), boxed(b"mdia", &hdlr)].concat());
        let udta = boxed(b"udta", &boxed(b"\xa9xyz", b"\0\x12\x15\xc7+39.9042+116.4074/"));
        let moov = [boxed(b"mvhd", &mvhd), trak, udta].concat();
        [boxed(b"ftyp", b"isom\0\0\0\0"), boxed(b"mdat", b"pixels"), boxed(b"moov", &moov)].concat()
    }

    fn looked_at(bytes: &[u8]) -> (Facts, Vec<u8>) {
        let mut file = temporary(bytes);
        let facts = boxes(&mut file).unwrap();
        (facts, after(&mut file))
    }

    #[test]
    fn a_movie_says_how_it_is_shown_and_no_longer_where_it_was_made() {
        let before = movie();
        let (facts, after) = looked_at(&before);
        assert_eq!(facts.dimensions, Some((1_080, 1_920)));
        assert_eq!((facts.is_video, facts.duration_ms), (true, Some(2_500)));
        assert!(!holds(&after, b"+39.9042") && !holds(&after, b"udta") && holds(&after, b"free"));
        assert_eq!(after.len(), before.len(), "nothing moves");
    }

    #[test]
    fn what_was_stopped_half_way_is_done_the_second_time() {
        let whole = movie();
        let find = |file: &mut File| find(file, |_, _| Ok(false)).unwrap().1;
        stopped_anywhere(&whole, find, |file| {
            boxes(file).unwrap();
            assert!(!holds(&after(file), b"39.9") && !holds(&after(file), b"116.4074"));
        });
    }

    #[test]
    fn it_is_found_wherever_it_may_stand() {
        let secret = |name| boxed(name, b"+39.9042+116.4074/");
        let inside = |names: &[&[u8; 4]], inner: Vec<u8>| {
            names.iter().rev().fold(inner, |inner, name| boxed(name, &inner))
        };
        for unusual in [
            secret(b"udta"),
            inside(&[b"moov"], secret(b"meta")),
            inside(&[b"moov", b"trak"], secret(b"uuid")),
            inside(&[b"moov", b"trak", b"mdia"], secret(b"udta")),
            inside(&[b"moof", b"traf"], secret(b"meta")),
            inside(&[b"mpvd", b"moov", b"trak", b"mdia"], secret(b"udta")),
            secret(b"jbrd"),
            // Behind a table of samples that is longer than what anybody would read at once.
            boxed(b"moov", &[boxed(b"stbl", &vec![7; 9_000_000]), secret(b"udta")].concat()),
            // Behind more fragments than a short recording has.
            [boxed(b"moof", b"").repeat(5_000), boxed(b"moov", &secret(b"udta"))].concat(),
            // Longer than the file is, by what it says.
            [&[0, 0, 1, 0], &b"moov"[..], &[0, 0, 2, 0], b"udta", b"+39.9042+116.4074/"].concat(),
            // Of a length of 64 bits, and of none.
            [&[0, 0, 0, 1], &b"udta"[..], &34_u64.to_be_bytes(), b"+39.9042+116.4074/"].concat(),
            [&[0, 0, 0, 0], &b"udta"[..], b"+39.9042+116.4074/"].concat(),
        ] {
            let whole = [boxed(b"ftyp", b"3gp5\0\0\0\0"), unusual].concat();
            let (_, after) = looked_at(&whole);
            assert!(!holds(&after, b"+39.9042"));
            assert_eq!(after.len(), whole.len());
        }
    }

    #[test]
    fn more_boxes_than_anybody_needs_are_refused() {
        let mut file = temporary(&boxed(b"free", b"").repeat(1_000_001));
        let refused = boxes(&mut file).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn whatever_is_cut_off_or_turned_over_ends() {
        let whole = movie();
        for length in 0..whole.len() {
            looked_at(&whole[..length]);
        }
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 0xff;
            looked_at(&other);
        }
        looked_at(&boxed(b"moov", &boxed(b"trak", &[0; 64])));
        looked_at(&[0, 0, 0, 1, b'u', b'd', b't', b'a', 0, 0, 0, 0, 0, 0, 0, 20, 1, 2, 3, 4]);
    }
}
