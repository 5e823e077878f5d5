//! HEIF: HEIC and AVIF. A `meta` box says which items there are (`iinf`) and where their bytes stand (`iloc`). How
//! the picture is turned is said elsewhere, so Exif is needed for nothing.

use std::collections::HashSet;
use std::io;

use super::{
    boxes::{Part, Walk, inside},
    places::Changes,
    unclear,
};
use crate::uploads::strip::Reader;

/// The longest list of items, or of where they are, in bytes: some ten thousand tiles.
const MAX_LIST: u64 = 1024 * 1024;
/// Pieces of items that are emptied in one file; cameras write two or three.
const MAX_PIECES: usize = 10_000;
/// Where a `meta` box begins with a version and flags, four bytes.
const FULL: u64 = 4;
/// Exif that says nothing: no distance to the start of its TIFF, in which the way the camera was held is upright.
const NO_EXIF: [u8; 30] =
    *b"\0\0\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";

/// Items, by the numbers they have in their file.
type Ids = HashSet<u32>;

/// What is to be changed of the items of one file.
#[derive(Default)]
pub(super) struct Items {
    pub(super) changes: Changes,
    /// Of all lists in the file, at most [`MAX_PIECES`].
    pieces: usize,
}

impl Items {
    /// Looks through a `meta` box. Whether it is one that lists items: without it there is no picture, so it stays.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] where it cannot be told which bytes are to go.
    pub(super) fn look_into(&mut self, walk: &mut Walk<'_>, meta: Part) -> io::Result<bool> {
        let (mut items, mut places, mut data) = (None, None, None);
        let mut at = meta.at + FULL;
        while let Some(part) = walk.part(at, meta.end())? {
            at = part.end();
            match &part.name {
                b"iinf" => items = Some(list(walk, part)?),
                b"iloc" => places = Some(list(walk, part)?),
                b"idat" => data = Some(part),
                b"uuid" | b"xml " | b"bxml" | b"udta" => self.changes.empty(part.at, part.length),
                _ => {}
            }
        }
        let Some(items) = items else { return Ok(false) };
        let (exif, others) = said(&items).ok_or_else(|| unclear("the list of items is broken"))?;
        if exif.is_empty() && others.is_empty() {
            return Ok(true);
        }
        let places = places
            .and_then(|places| extents(&places, |id| exif.contains(&id) || others.contains(&id)));
        for item in places.ok_or_else(|| unclear("where the items are is not said"))? {
            let base = match (item.way, data) {
                (0, _) => 0,
                (1, Some(data)) => data.at,
                _ => return Err(unclear("an item is nowhere")),
            };
            for (n, (offset, length)) in item.extents.iter().enumerate() {
                let more = self.pieces.checked_add(1).filter(|pieces| *pieces <= MAX_PIECES);
                self.pieces = more.ok_or_else(|| unclear("items in too many pieces"))?;
                let at = base.saturating_add(*offset);
                self.changes.empty(at, *length);
                if n == 0 && exif.contains(&item.id) && *length >= NO_EXIF.len() as u64 {
                    self.changes.write(at, NO_EXIF);
                }
            }
        }
        Ok(true)
    }
}

fn list(walk: &mut Walk<'_>, part: Part) -> io::Result<Vec<u8>> {
    if part.length > MAX_LIST {
        return Err(unclear("a list of items is too long"));
    }
    walk.content(part, MAX_LIST)
}

/// Of a list of items, those that are Exif, and others that say something about the picture.
fn said(iinf: &[u8]) -> Option<(Ids, Ids)> {
    let mut reader = Reader(iinf);
    let [version, ..] = reader.array::<4>()?;
    reader.take(if version == 0 { 2 } else { 4 })?;
    let (mut exif, mut others) = (Ids::new(), Ids::new());
    for (_, entry) in inside(reader.0).filter(|(name, _)| name == b"infe") {
        let mut entry = Reader(entry);
        let [version, ..] = entry.array::<4>()?;
        let id = id(&mut entry, version >= 3)?;
        entry.take(2)?;
        match version {
            // Of files, each with a type as of mail.
            0 | 1 => others.insert(id),
            _ => match &entry.array::<4>()? {
                b"Exif" => exif.insert(id),
                b"mime" | b"uri " => others.insert(id),
                _ => false,
            },
        };
    }
    Some((exif, others))
}

fn id(reader: &mut Reader<'_>, is_long: bool) -> Option<u32> {
    if is_long {
        reader.array().map(u32::from_be_bytes)
    } else {
        reader.array().map(|bytes| u32::from(u16::from_be_bytes(bytes)))
    }
}

/// Where an item is.
#[derive(Debug, PartialEq, Eq)]
struct Item {
    id: u32,
    /// 0 when places are counted from the start of the file, 1 from the start of `idat`.
    way: u8,
    /// Offset and length of its pieces.
    extents: Vec<(u64, u64)>,
}

/// Where those items are that are asked for; `None` when that cannot be told.
fn extents(iloc: &[u8], is_asked: impl Fn(u32) -> bool) -> Option<Vec<Item>> {
    let mut reader = Reader(iloc);
    let [version @ 0..=2, ..] = reader.array::<4>()? else { return None };
    let [sizes, more] = reader.array()?;
    let (offset, length, base, index) = (sizes >> 4, sizes & 15, more >> 4, more & 15);
    let index = if version == 0 { 0 } else { index };
    let count = id(&mut reader, version == 2)?;
    let (mut items, mut left) = (Vec::new(), MAX_PIECES);
    // Each takes bytes of the list, so that its length is the bound.
    for _ in 0..count {
        let id = id(&mut reader, version == 2)?;
        let way = if version == 0 { 0 } else { reader.array::<2>()?[1] & 15 };
        let is_elsewhere = reader.array::<2>()? != [0, 0];
        let base = number(&mut reader, base)?;
        let pieces = u16::from_be_bytes(reader.array()?);
        if !is_asked(id) {
            let each = usize::from(index) + usize::from(offset) + usize::from(length);
            reader.take(usize::from(pieces) * each)?;
            continue;
        }
        left = left.checked_sub(usize::from(pieces)).filter(|_| !is_elsewhere)?;
        let mut extents = Vec::new();
        for _ in 0..pieces {
            number(&mut reader, index)?;
            let at = base.checked_add(number(&mut reader, offset)?)?;
            // A length of nothing means all of the file.
            let length = number(&mut reader, length)?;
            extents.push((at, Some(length).filter(|length| *length > 0)?));
        }
        items.push(Item { id, way, extents });
    }
    Some(items)
}

fn number(reader: &mut Reader<'_>, bytes: u8) -> Option<u64> {
    let bytes = reader.take(usize::from(bytes)).filter(|bytes| bytes.len() <= 8)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use proptest::prelude::*;

    use super::*;
    use crate::uploads::media::{
        boxes, mp4,
        places::tests::stopped_anywhere,
        tests::{after, boxed, holds, is_known, temporary},
    };

    const SECRET: &[u8] = b"Exif with GPS 39.9N 116.4E, quite long";

    fn full(version: u8, body: &[u8]) -> Vec<u8> {
        [&[version, 0, 0, 0], body].concat()
    }

    fn item(id: u8, kind: &[u8; 4]) -> Vec<u8> {
        boxed(b"infe", &full(2, &[&[0, id, 0, 0], &kind[..], b"\0"].concat()))
    }

    /// A picture of four bytes, Exif and XMP: at places of the file, and in `idat`.
    fn picture() -> Vec<u8> {
        let length = u8::try_from(SECRET.len()).unwrap();
        let data = boxed(b"mdat", &[b"PIXELS", SECRET, b"PIXELS"].concat());
        let start = 20 + 8;
        let items = [item(1, b"hvc1"), item(2, b"Exif"), item(3, b"mime")].concat();
        let iinf = boxed(b"iinf", &full(0, &[&[0, 3], &items[..]].concat()));
        let entry = |id, way, at, length| vec![0, id, 0, way, 0, 0, 0, 1, 0, at, 0, length];
        let places =
            [entry(1, 0, start, 6), entry(2, 0, start + 6, length), entry(3, 1, 2, length)];
        let iloc = [&[0x22, 0, 0, 3][..], &places.concat()].concat();
        let iloc = boxed(b"iloc", &full(1, &iloc));
        let idat = boxed(b"idat", &[b"__", SECRET, b"__"].concat());
        let meta = boxed(b"meta", &full(0, &[iinf, iloc, idat].concat()));
        let uuid = boxed(b"uuid", SECRET);
        [boxed(b"ftyp", b"heic\0\0\0\0mif1"), data, meta, uuid].concat()
    }

    #[test]
    fn what_is_said_of_a_picture_goes_and_the_picture_stays() {
        let whole = picture();
        let mut file = temporary(&whole);
        boxes(&mut file).unwrap();
        let clean = after(&mut file);
        assert!(!holds(&clean, b"GPS") && holds(&clean, &NO_EXIF) && !holds(&clean, b"uuid"));
        assert!(holds(&clean, b"PIXELS\0\0\0\0II*") && holds(&clean, b"\0PIXELS"));
        assert!(holds(&clean, b"__\0") && holds(&clean, b"\0__"), "and what is beside it in idat");
        assert_eq!(clean.len(), whole.len(), "nothing moves");
    }

    #[test]
    fn what_was_stopped_half_way_is_done_the_second_time() {
        let whole = picture();
        let find = |file: &mut File| {
            let mut items = Items::default();
            let find = mp4::find(file, |walk, part| {
                Ok(part.name == *b"meta" && items.look_into(walk, part)?)
            });
            let mut changes = find.unwrap().1;
            changes.append(items.changes);
            changes
        };
        stopped_anywhere(&whole, find, |file| {
            boxes(file).unwrap();
            let clean = after(file);
            assert!(!holds(&clean, b"GPS") && !holds(&clean, b"116.4E") && !holds(&clean, b"long"));
            assert!(holds(&clean, b"PIXELS\0\0\0\0II*") && holds(&clean, b"\0PIXELS"));
        });
    }

    #[test]
    fn a_picture_of_any_brand_is_one_by_its_list_of_items() {
        for brand in [b"avci", b"jpeg", b"vvic", b"isom", b"qt  "] {
            let mut whole = picture();
            whole[8..12].copy_from_slice(brand);
            let mut file = temporary(&whole);
            boxes(&mut file).unwrap();
            let clean = after(&mut file);
            assert!(holds(&clean, b"iinf") && holds(&clean, b"iloc") && holds(&clean, b"meta"));
            assert!(!holds(&clean, b"GPS") && holds(&clean, b"PIXELS"));
        }
    }

    #[test]
    fn what_cannot_be_found_is_not_taken() {
        let whole = picture();
        let change = |needle: &[u8], to: &[u8]| {
            let at = whole.windows(needle.len()).position(|window| window == needle).unwrap();
            let mut other = whole.clone();
            other[at..at + to.len()].copy_from_slice(to);
            boxes(&mut temporary(&other)).map_err(|error| error.kind())
        };
        for (needle, to) in [
            // Nowhere said; counted from another item; in another file; all of the file.
            (&b"iloc"[..], &b"none"[..]),
            (&[0, 2, 0, 0, 0, 0, 0, 1], &[0, 2, 0, 2, 0, 0, 0, 1]),
            (&[0, 2, 0, 0, 0, 0, 0, 1], &[0, 2, 0, 0, 0, 1, 0, 1]),
            (&[0, 34, 0, 38], &[0, 34, 0, 0]),
        ] {
            assert_eq!(change(needle, to), Err(io::ErrorKind::InvalidData), "{to:?}");
        }
    }

    #[test]
    fn lists_that_promise_much_in_few_bytes_are_no_work() {
        // Items of 65,535 pieces without a byte each: many of another kind, and then one that is asked for.
        let item = |id: u8| [0, id, 0, 0, 0xff, 0xff];
        let many: Vec<u8> = (0..60_000).flat_map(|_| item(1)).collect();
        let iloc = |last: u8| [&[0, 0, 0, 0, 0, 0, 0xea, 0x61][..], &many, &item(last)].concat();
        assert_eq!(extents(&iloc(1), |id| id == 2), Some(Vec::new()));
        assert_eq!(extents(&iloc(2), |id| id == 2), None);
    }

    proptest! {
        #[test]
        fn whatever_is_turned_over_or_cut_off_ends(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
            end in any::<prop::sample::Index>(),
        ) {
            let mut bytes = picture();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes.truncate(end.index(bytes.len() * 2).max(1));
            let mut file = temporary(&bytes);
            prop_assert!(is_known(&boxes(&mut file)));
            prop_assert_eq!(after(&mut file).len(), bytes.len());
        }
    }
}
