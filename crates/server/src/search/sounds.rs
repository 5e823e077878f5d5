//! How names are found: by what is written, by what it sounds like (pinyin), by initials, and by any mixture of
//! them, as one types it: 张三丰 by 三丰, `zhangsan`, `zsf`, `zhsf`, `张sf`.
//!
//! Every character of a name stands for itself or for any beginning of any of its readings, so 重庆 is found by
//! `chongqing`, `zhongqing` and `cq`. What is typed may begin at any character of the name.

use std::borrow::Cow;

use pinyin::ToPinyinMulti as _;

use super::{
    fold::Folded,
    grams::{self, Kind},
};

/// A name, character by character.
#[derive(Clone, Debug)]
pub(super) struct Sounds {
    units: Vec<Unit>,
}

/// Almost always as it is in the table: whole groups are looked through at every key, and copies would be most of
/// that work.
type Reading = Cow<'static, str>;

#[derive(Clone, Debug)]
struct Unit {
    /// Folded.
    written: char,
    /// In small letters, each once.
    readings: Vec<Reading>,
    /// In characters of the name.
    span: (u32, u32),
}

impl Sounds {
    pub(super) fn new(name: &str) -> Self {
        let original: Vec<char> = name.chars().collect();
        let folded = Folded::new(name);
        let units = folded.chars.iter().zip(folded.spans).filter(|(c, _)| **c != ' ');
        let unit = |(&written, span): (&char, (u32, u32))| {
            let mut readings = readings(written);
            // What a traditional character sounds like may not be what its simplified form does (乾隆).
            let before = original.get(span.0 as usize).copied().filter(|c| *c != written);
            readings.extend(before.into_iter().flat_map(self::readings));
            readings.sort_unstable();
            readings.dedup();
            Unit { written, readings, span }
        };
        Self { units: units.map(unit).collect() }
    }

    /// Numbers for the index: single characters, and every two that may follow each other in what is typed.
    pub(super) fn grams(&self, out: &mut Vec<i64>) {
        for (n, unit) in self.units.iter().enumerate() {
            let letters = || unit.readings.iter().flat_map(|reading| reading.chars());
            out.extend(letters().chain([unit.written]).map(|c| grams::one(Kind::Name, c)));
            for reading in &unit.readings {
                let pairs = reading.chars().zip(reading.chars().skip(1));
                out.extend(pairs.map(|(one, next)| grams::two(Kind::Name, one, next)));
            }
            let Some(next) = self.units.get(n + 1) else { continue };
            let begins: Vec<char> = next.begins().collect();
            for end in letters().chain([unit.written]) {
                out.extend(begins.iter().map(|begin| grams::two(Kind::Name, end, *begin)));
            }
        }
    }

    /// Where what was typed (see [`typed`]) stands in the name, and whether that is its beginning. The first place
    /// is taken.
    pub(super) fn find(&self, typed: &[char]) -> Option<[u32; 2]> {
        let first = *typed.first()?;
        let starts = self.units.iter().enumerate();
        let mut starts = starts.filter(|(_, unit)| unit.begins().any(|begin| begin == first));
        starts.find_map(|(start, _)| {
            let end = self.reach(start, typed)?;
            Some([self.units[start].span.0, self.units[end].span.1])
        })
    }

    /// The unit with which `typed` ends when it begins at `start`.
    fn reach(&self, start: usize, typed: &[char]) -> Option<usize> {
        // Which lengths of `typed` the units so far can have stood for.
        let mut reached = vec![false; typed.len() + 1];
        reached[0] = true;
        for (n, unit) in self.units.iter().enumerate().skip(start) {
            let mut next = vec![false; typed.len() + 1];
            for from in (0..typed.len()).filter(|from| reached[*from]) {
                let rest = &typed[from..];
                if rest[0] == unit.written {
                    next[from + 1] = true;
                }
                for reading in &unit.readings {
                    let same = reading.chars().zip(rest).take_while(|(a, b)| a == *b).count();
                    next[from + 1..=from + same].fill(true);
                }
            }
            if next[typed.len()] {
                return Some(n);
            }
            if !next.contains(&true) {
                return None;
            }
            reached = next;
        }
        None
    }
}

impl Unit {
    fn begins(&self) -> impl Iterator<Item = char> {
        self.readings.iter().filter_map(|reading| reading.chars().next()).chain([self.written])
    }
}

/// What was typed to find a name, without blanks and the apostrophes that part syllables.
pub(super) fn typed(words: &str) -> Vec<char> {
    let folded = Folded::new(words).chars;
    folded.into_iter().filter(|c| !matches!(c, ' ' | '\'' | '’')).collect()
}

/// The numbers that every name has which is found by this.
pub(super) fn needed(typed: &[char]) -> Vec<i64> {
    let mut out = Vec::new();
    grams::of_word(Kind::Name, typed, &mut out);
    grams::sorted(out)
}

/// The readings of a character, without tones; ü also as it is typed, v.
fn readings(c: char) -> Vec<Reading> {
    let mut readings = Vec::new();
    for sound in c.to_pinyin_multi().into_iter().flatten() {
        let plain = sound.plain();
        if plain.is_ascii() {
            readings.push(Cow::Borrowed(plain));
            continue;
        }
        if plain.contains('ü') {
            readings.push(Cow::Owned(plain.replace('ü', "v")));
        }
        readings.push(Cow::Owned(Folded::new(plain).chars.into_iter().collect()));
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where it is found, having made sure that the index would offer the name.
    fn find(name: &str, words: &str) -> Option<[u32; 2]> {
        let (sounds, typed) = (Sounds::new(name), typed(words));
        let found = sounds.find(&typed);
        let mut grams = Vec::new();
        sounds.grams(&mut grams);
        if found.is_some() {
            assert!(needed(&typed).iter().all(|gram| grams.contains(gram)), "{name} {words}");
        }
        found
    }

    #[test]
    fn names_are_found_by_what_they_sound_like() {
        for words in
            ["重庆", "重慶", "chongqing", "zhongqing", "cq", "zq", "chq", "重q", "chong qing", "庆"]
        {
            assert!(find("重庆", words).is_some(), "{words}");
        }
        for words in ["张三丰", "zhangsanfeng", "zsf", "zhsf", "张sf", "sanf", "ZhangSan", "三丰"]
        {
            assert!(find("張三丰", words).is_some(), "{words}");
        }
        for (name, words) in [
            ("吕布", "lvbu"),
            ("吕布", "lübu"),
            ("女生", "nv"),
            ("乾隆", "qianlong"),
            ("乾隆", "ganlong"),
            ("西安", "xi'an"),
            ("用iPhone拍照", "yongiphone"),
            ("用iPhone拍照", "iphonepz"),
            ("Ann Lee", "ann lee"),
            ("Ann Lee", "nlee"),
            ("😀小明", "😀xm"),
            ("单田芳", "shantianfang"),
        ] {
            assert!(find(name, words).is_some(), "{name} {words}");
        }
        for (name, words) in [("重庆", "chongqin g2"), ("张三", "hang"), ("李四", "sl"), ("李", "")]
        {
            assert_eq!(find(name, words), None, "{name} {words}");
        }
    }

    #[test]
    fn places_are_those_of_the_name() {
        assert_eq!(find("我爱重庆", "cq"), Some([2, 4]));
        assert_eq!(find("Ann Lee", "lee"), Some([4, 7]));
        assert_eq!(find("重庆火锅", "chongqingh"), Some([0, 3]));
    }

    #[test]
    fn the_longest_names_are_no_trouble() {
        let name = "长行重乐".repeat(16);
        let mut grams = Vec::new();
        Sounds::new(&name).grams(&mut grams);
        assert!(grams::sorted(grams).len() < 1_000);
        let words = "zhangxingchongle".repeat(6);
        assert_eq!(find(&name, &words), Some([0, 24]));
        assert_eq!(find(&name, &format!("{words}q")), None);
    }
}
