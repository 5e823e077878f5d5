//! WebM: elements, each an id, a length and a body.

use super::Facts;

const SEGMENT: u64 = 0x1853_8067;
const INFO: u64 = 0x1549_a966;
const TRACKS: u64 = 0x1654_ae6b;
const TRACK: u64 = 0xae;
const VIDEO: u64 = 0xe0;
/// How many nanoseconds a unit of time has; a million when it is not said.
const SCALE: u64 = 0x002a_d7b1;
const DURATION: u64 = 0x4489;
const TRACK_TYPE: u64 = 0x83;
const WIDTH: u64 = 0xb0;
const HEIGHT: u64 = 0xba;

pub(super) fn look(head: &[u8]) -> Facts {
    let mut facts = Facts::default();
    for (_, segment) in elements(head).filter(|(id, _)| *id == SEGMENT) {
        for (id, body) in elements(segment) {
            match id {
                INFO => facts.duration_ms = duration(body),
                TRACKS => {
                    for (_, track) in elements(body).filter(|(id, _)| *id == TRACK) {
                        add_track(track, &mut facts);
                    }
                }
                _ => {}
            }
        }
    }
    facts
}

fn add_track(track: &[u8], facts: &mut Facts) {
    match find(track, TRACK_TYPE).and_then(number) {
        Some(1) => {
            facts.is_video = true;
            let side = |id| {
                let video = find(track, VIDEO)?;
                u32::try_from(number(find(video, id)?)?).ok().filter(|side| *side > 0)
            };
            facts.dimensions = facts.dimensions.or_else(|| Some((side(WIDTH)?, side(HEIGHT)?)));
        }
        Some(2) => facts.has_sound = true,
        _ => {}
    }
}

/// In milliseconds; many recorders do not know it when they write it.
fn duration(info: &[u8]) -> Option<u32> {
    let scale = find(info, SCALE).and_then(number).unwrap_or(1_000_000);
    let units = match find(info, DURATION)? {
        bytes @ [_, _, _, _] => f64::from(f32::from_be_bytes(bytes.try_into().ok()?)),
        bytes => f64::from_be_bytes(bytes.try_into().ok()?),
    };
    // A float beyond the range of u64, or none, becomes its nearest end.
    let millis = units * (scale as f64) / 1_000_000.0;
    super::duration(millis as u64, 1_000)
}

fn find(bytes: &[u8], wanted: u64) -> Option<&[u8]> {
    elements(bytes).find(|(id, _)| *id == wanted).map(|(_, body)| body)
}

fn number(bytes: &[u8]) -> Option<u64> {
    let fits = bytes.len() <= 8;
    fits.then(|| bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The elements of a body. One that is longer than what is there, or of unknown length, ends with it.
fn elements(mut bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        let (id, after) = variable(bytes, true)?;
        let (length, after) = variable(after, false)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(after.len());
        let (body, rest) = after.split_at(length);
        bytes = rest;
        Some((id, body))
    })
}

/// A number of which the first byte says how long it is; ids keep that mark.
fn variable(bytes: &[u8], keeps_mark: bool) -> Option<(u64, &[u8])> {
    let first = *bytes.first()?;
    let length = first.leading_zeros() as usize + 1;
    let (own, rest) = bytes.split_at_checked(length).filter(|_| length <= 8)?;
    let all = number(own)?;
    let mark = 1_u64 << (7 * length);
    Some((if keeps_mark { all } else { all & (mark - 1) }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
        [id, &[0x80 | u8::try_from(body.len()).unwrap()], body].concat()
    }

    fn recording(kind: u8) -> Vec<u8> {
        let video = [element(&[0xb0], &[2, 0x80]), element(&[0xba], &[1, 0xe0])].concat();
        let track = [element(&[0x83], &[kind]), element(&[0xe0], &video)].concat();
        let tracks = element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track));
        let duration = element(&[0x44, 0x89], &1_500.0_f64.to_be_bytes());
        let info = element(&[0x15, 0x49, 0xa9, 0x66], &duration);
        let header = element(&[0x1a, 0x45, 0xdf, 0xa3], b"webm");
        // Of unknown length, as recorders write it.
        [
            &header[..],
            &[0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &info,
            &tracks,
        ]
        .concat()
    }

    #[test]
    fn a_recording_says_what_it_holds() {
        let video = look(&recording(1));
        assert_eq!((video.is_video, video.dimensions), (true, Some((640, 480))));
        assert_eq!(video.duration_ms, Some(1_500));
        let sound = look(&recording(2));
        assert_eq!((sound.is_video, sound.has_sound, sound.dimensions), (false, true, None));
    }

    #[test]
    fn whatever_is_cut_off_or_turned_over_ends() {
        let whole = recording(1);
        for at in 0..whole.len() {
            look(&whole[..at]);
            let mut other = whole.clone();
            other[at] ^= 0xff;
            look(&other);
        }
        look(&[0; 4_096]);
    }
}
