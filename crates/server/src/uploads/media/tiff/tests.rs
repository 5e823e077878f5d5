//! TIFF files of a few bytes, written by hand.

use proptest::prelude::*;

use super::*;
use crate::uploads::media::{
    places::tests::stopped_anywhere,
    tests::{after, holds, is_known, temporary},
};

const SECRET: &[u8] = b"39.9N 116.4E is where she lives";

/// Writes directories one after the other, in either order of bytes and either width.
struct Writer {
    form: Form,
    bytes: Vec<u8>,
}

impl Writer {
    fn new(is_little: bool, is_big: bool) -> Self {
        let form = Form { is_little, is_big };
        let mut writer =
            Self { form, bytes: if is_little { b"II".to_vec() } else { b"MM".to_vec() } };
        writer.number(if is_big { 43 } else { 42 }, 2);
        if is_big {
            writer.number(8, 2);
            writer.number(0, 2);
        }
        // The first directory, once it is known.
        writer.number(0, form.width());
        writer
    }

    fn number(&mut self, number: u64, width: usize) {
        let little = number.to_le_bytes().into_iter().take(width);
        let bytes: Vec<u8> =
            if self.form.is_little { little.collect() } else { little.rev().collect() };
        self.bytes.extend(bytes);
    }

    /// Bytes that an entry leads to: where they are.
    fn value(&mut self, bytes: &[u8]) -> u64 {
        let at = self.bytes.len() as u64;
        self.bytes.extend(bytes);
        at
    }

    fn directory(&mut self, entries: &[(u16, u64, u64, u64)], next: u64) -> u64 {
        let at = self.bytes.len() as u64;
        let width = self.form.width();
        self.number(entries.len() as u64, self.form.count());
        for (tag, kind, count, value) in entries {
            self.number(u64::from(*tag), 2);
            self.number(*kind, 2);
            self.number(*count, width);
            self.number(*value, width);
        }
        self.number(next, width);
        at
    }

    fn done(mut self, first: u64) -> Vec<u8> {
        let rest = self.bytes.split_off(if self.form.is_big { 16 } else { 8 });
        self.bytes.truncate(if self.form.is_big { 8 } else { 4 });
        self.number(first, self.form.width());
        [self.bytes, rest].concat()
    }
}

/// Two pages; the first with a place, XMP and IPTC, the second with a place in its Exif.
fn pages(is_little: bool, is_big: bool) -> Vec<u8> {
    let mut file = Writer::new(is_little, is_big);
    let whole = if is_big { 16 } else { 4 };
    let length = SECRET.len() as u64;
    let mut values: Vec<u64> = (1..4).map(|_| file.value(SECRET)).collect();
    values.insert(0, file.value(b"39.9N; three fractions.."));
    let pixels = file.value(b"PIXELS");
    let gps = [(1, 2, 2, 0x4e), (2, 5, 3, values[0]), (29, 2, length, values[1])];
    let first_gps = file.directory(&gps, 0);
    let second_gps = file.directory(&gps, 0);
    let exif = file.directory(&[(0x8825, whole, 1, second_gps), (0x9000, 7, 4, 0x3032_3330)], 0);
    let second = file.directory(&[(0x0111, whole, 1, pixels), (0x8769, whole, 1, exif)], 0);
    let first = file.directory(
        &[
            (0x0111, whole, 1, pixels),
            (0x02bc, 1, length, values[2]),
            (0x83bb, 7, length, values[3]),
            (0x8825, whole, 1, first_gps),
            (0xc4a5, 4, 1, 7),
        ],
        second,
    );
    file.done(first)
}

fn cleaned(bytes: &[u8]) -> Vec<u8> {
    let mut file = temporary(bytes);
    clean(&mut file).unwrap();
    after(&mut file)
}

/// The numbers of the entries of every page.
fn tags(bytes: &[u8]) -> Vec<Vec<u16>> {
    let (form, mut at) = Form::of(bytes).unwrap();
    let mut file = temporary(bytes);
    let end = bytes.len() as u64;
    let mut search =
        Search { file: &mut file, form, end, left: MAX_ENTRIES, changes: Changes::default() };
    let mut pages = Vec::new();
    while at != 0 {
        let directory = search.directory(at).unwrap();
        pages.push(search.entries(&directory).iter().map(|entry| entry.tag).collect());
        at = form.number(&directory.next);
    }
    pages
}

#[test]
fn a_picture_no_longer_says_where_it_was_taken() {
    for (is_little, is_big) in [(true, false), (false, false), (true, true), (false, true)] {
        let whole = pages(is_little, is_big);
        assert!(tags(&whole)[0].contains(&0x8825));
        let clean = cleaned(&whole);
        assert!(!holds(&clean, b"39.9N") && !holds(&clean, b"lives"));
        assert!(holds(&clean, b"PIXELS"));
        assert_eq!(tags(&clean), [vec![0x0111, 0xc4a5], vec![0x0111, 0x8769]]);
        assert_eq!(clean.len(), whole.len(), "nothing moves");
        assert_eq!(cleaned(&clean), clean, "again changes nothing");
    }
}

#[test]
fn what_was_stopped_half_way_is_done_the_second_time() {
    for (is_little, is_big) in [(true, false), (false, true)] {
        let whole = pages(is_little, is_big);
        stopped_anywhere(
            &whole,
            |file| find(file).unwrap(),
            |file| {
                clean(file).unwrap();
                let clean = after(file);
                assert!(!holds(&clean, b"39.9N") && !holds(&clean, b"lives"));
                assert!(holds(&clean, b"PIXELS"));
            },
        );
    }
}

#[test]
fn directories_that_lead_to_each_other_end() {
    let mut file = Writer::new(true, false);
    let at = file.bytes.len() as u64;
    file.directory(
        &[(0x014a, 4, 1, at), (0x8825, 4, 1, at), (0x02bc, 1, u64::from(u32::MAX), 4)],
        at,
    );
    let bytes = file.done(at);
    assert_eq!(cleaned(&bytes).len(), bytes.len());
}

#[test]
fn more_than_can_be_looked_through_is_refused() {
    let mut file = Writer::new(false, false);
    let mut next = 0;
    for _ in 0..=MAX_DIRECTORIES {
        next = file.directory(&[], next);
    }
    let refused = clean(&mut temporary(&file.done(next))).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::InvalidData);

    // Directories of very many entries, each beginning a little later in the same bytes.
    let mut file = Writer::new(true, false);
    let places: Vec<u8> = (1_000_u32..1_100).flat_map(|at| (2 * at).to_le_bytes()).collect();
    let places = file.value(&places);
    let first = file.directory(&[(0x014a, 4, 100, places)], 0);
    file.bytes.extend(vec![0xff; 1_000_000]);
    let refused = clean(&mut temporary(&file.done(first))).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
}

proptest! {
    #[test]
    fn whatever_is_turned_over_or_cut_off_ends(
        (is_little, is_big) in any::<(bool, bool)>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = pages(is_little, is_big);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(end.index(bytes.len() * 2).max(1));
        let mut file = temporary(&bytes);
        prop_assert!(is_known(&clean(&mut file)));
        prop_assert_eq!(after(&mut file).len(), bytes.len());
    }
}
