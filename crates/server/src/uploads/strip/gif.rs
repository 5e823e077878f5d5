//! GIF: blocks, up to the trailer. Comments, texts and what programs add go; how often it repeats stays.

use super::Reader;

const IMAGE: u8 = 0x2c;
const EXTENSION: u8 = 0x21;
const TRAILER: u8 = 0x3b;
/// Of extensions: how the next image is shown, and what programs add.
const CONTROL: u8 = 0xf9;
/// See [`CONTROL`].
const APPLICATION: u8 = 0xff;

/// How many images there are, in what [`strip`] has made.
pub(super) fn frames(clean: &[u8]) -> usize {
    count(clean).unwrap_or_default()
}

fn count(clean: &[u8]) -> Option<usize> {
    let mut reader = Reader(clean);
    let header: [u8; 13] = reader.array()?;
    reader.take(table(header[10]))?;
    let mut count = 0;
    while let Some(kind) = reader.byte().filter(|kind| *kind != TRAILER) {
        if kind == IMAGE {
            count += 1;
            let head: [u8; 9] = reader.array()?;
            reader.take(table(head[8]) + 1)?;
        } else {
            reader.byte()?;
        }
        blocks(&mut reader);
    }
    Some(count)
}

pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(bytes);
    let mut out = Vec::with_capacity(bytes.len());
    let header: [u8; 13] = reader.array()?;
    if !header.starts_with(b"GIF8") {
        return None;
    }
    out.extend(header);
    out.extend(reader.take(table(header[10]))?);
    loop {
        match reader.byte() {
            Some(IMAGE) => {
                let head: [u8; 9] = reader.array()?;
                out.push(IMAGE);
                out.extend(head);
                out.extend(reader.take(table(head[8]) + 1)?);
                out.extend(blocks(&mut reader));
            }
            Some(EXTENSION) => {
                let kind = reader.byte()?;
                let body = blocks(&mut reader);
                if is_kept(kind, body) {
                    out.extend([EXTENSION, kind]);
                    out.extend(body);
                }
            }
            // A picture that breaks off is ended.
            Some(TRAILER) | None => {
                out.push(TRAILER);
                return Some(out);
            }
            Some(_) => return None,
        }
    }
}

/// The length of the table of colours that a byte of flags says there is.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn is_kept(kind: u8, body: &[u8]) -> bool {
    let repeats = || body.starts_with(b"\x0bNETSCAPE2.0") || body.starts_with(b"\x0bANIMEXTS1.0");
    kind == CONTROL || (kind == APPLICATION && repeats())
}

/// Blocks with a byte of length each, and the empty one that ends them.
fn blocks<'a>(reader: &mut Reader<'a>) -> &'a [u8] {
    let all = reader.0;
    while let Some(length @ 1..) = reader.byte() {
        if reader.take(usize::from(length)).is_none() {
            reader.0 = &[];
        }
    }
    &all[..all.len() - reader.0.len()]
}
