//! Finding articles and comments: what everybody can read of them, now. The index offers candidates, the newest first,
//! together with what has changed since it looked, and each is looked at word by word.

use database::{Connection, Error};
use protocol::Ranges;

use super::{
    fold::Folded,
    grams::{self, Kind},
    store::{self, PostKind, PostText, Wanted},
};

/// Candidates that are read at once.
const STEP: i64 = 50;
/// Candidates that one request reads before it answers with what it has.
const MAX_LOOKED_AT: usize = 2_000;
/// The same, in bytes of what was looked at.
const MAX_BYTES: usize = 4 << 20;
/// Characters of an excerpt, and of what stands before the first word in it.
const EXCERPT: usize = 200;
const BEFORE: usize = 40;

/// Something that was found.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// Of the article or comment.
    pub(super) id: i64,
    /// Where the words stand in the title.
    pub(super) title: Ranges,
    /// A part of the text, or else of the summary, with words in it where there are any.
    pub(super) excerpt: String,
    /// Where the words stand in the excerpt.
    pub(super) ranges: Ranges,
    /// Where they stand in the whole text.
    pub(super) text: Ranges,
}

/// A page of hits below the number `before`, and where the next one begins.
pub(super) fn find(
    db: &mut Connection,
    kind: PostKind,
    words: &[Vec<char>],
    before: i64,
    limit: usize,
) -> Result<(Vec<Hit>, Option<i64>), Error> {
    let mut wanted = Wanted::default();
    for word in words {
        grams::of_word(Kind::Text, word, &mut wanted.all);
    }
    if wanted.all.is_empty() {
        return Ok((Vec::new(), None));
    }
    wanted.all.push(match kind {
        PostKind::Article => grams::ARTICLE,
        PostKind::Comment => grams::COMMENT,
    });
    wanted.all = grams::sorted(wanted.all);
    let (mut hits, mut looked_at, mut bytes) = (Vec::new(), 0, 0);
    let mut before = before.min(store::newest_post(db, kind)? + 1);
    while before > 1 {
        let (ids, down_to) = candidates(db, kind, &wanted, before)?;
        looked_at += ids.len().max(1);
        for post in store::public_posts(db, kind, &ids)? {
            let id = post.id;
            bytes += post.text.len() + post.summary.len() + post.title.len();
            hits.extend(look(&post, words));
            if hits.len() == limit || bytes >= MAX_BYTES {
                return Ok((hits, Some(id).filter(|id| *id > 1)));
            }
        }
        before = down_to;
        if looked_at >= MAX_LOOKED_AT {
            return Ok((hits, Some(before).filter(|before| *before > 1)));
        }
    }
    Ok((hits, None))
}

/// Candidates below `before`, and down to which number that is all of them.
fn candidates(
    db: &mut Connection,
    kind: PostKind,
    wanted: &Wanted,
    before: i64,
) -> Result<(Vec<i64>, i64), Error> {
    let (floor, end) = kind.documents();
    let below = floor.saturating_add(before).min(end);
    let (found, down_to) = store::matching_in(db, wanted, (floor, below), STEP)?;
    let mut ids: Vec<i64> = found.into_iter().map(|document| document - floor).collect();
    let mut down_to = down_to - floor;
    let changed = store::changed_posts(db, kind, before, STEP)?;
    if let Some(&last) = changed.get(STEP as usize - 1) {
        down_to = down_to.max(last);
    }
    ids.extend(changed);
    ids.retain(|id| *id >= down_to);
    ids.sort_unstable();
    ids.dedup();
    Ok((ids, down_to))
}

/// What the index holds of an article or comment.
pub(super) fn numbers(kind: PostKind, post: &PostText) -> Vec<i64> {
    let mut numbers = vec![match kind {
        PostKind::Article => grams::ARTICLE,
        PostKind::Comment => grams::COMMENT,
    }];
    for text in [&post.title, &post.summary, &post.text] {
        grams::of_text(Kind::Text, text, &mut numbers);
    }
    grams::sorted(numbers)
}

/// Where the words stand, if each of them stands somewhere.
fn look(post: &PostText, words: &[Vec<char>]) -> Option<Hit> {
    let folded = [&post.title, &post.summary, &post.text].map(|text| Folded::new(text));
    let is_there = |word: &Vec<char>| folded.iter().any(|text| !text.find(word).is_empty());
    if !words.iter().all(is_there) {
        return None;
    }
    let [title, summary, text] = folded.map(|text| places(&text, words));
    let (whole, there) = match (text.is_empty(), summary.is_empty()) {
        (true, false) => (&post.summary, &summary),
        _ => (&post.text, &text),
    };
    let (excerpt, ranges) = excerpt(whole, there);
    Some(Hit { id: post.id, title, excerpt, ranges, text })
}

/// Where any of the words stands in a text: at most 100 places, ascending, never overlapping.
fn places(text: &Folded, words: &[Vec<char>]) -> Ranges {
    let mut places: Ranges = words.iter().flat_map(|word| text.find(word)).collect();
    places.sort_unstable();
    let mut merged: Ranges = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if place[0] < last[1] => last[1] = last[1].max(place[1]),
            _ => merged.push(place),
        }
    }
    merged.truncate(100);
    merged
}

/// A part of a text around the first place, and the places that are in it.
fn excerpt(text: &str, places: &Ranges) -> (String, Ranges) {
    let first = places.first().map_or(0, |place| place[0] as usize);
    let start = first.saturating_sub(BEFORE);
    let part: String = text.chars().skip(start).take(EXCERPT).collect();
    let length = u32::try_from(part.chars().count()).unwrap_or(u32::MAX);
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let inside = places.iter().map(|place| place.map(|at| at.saturating_sub(start)));
    let inside = inside.filter(|[from, until]| from < until && *until <= length).collect();
    (part, inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_begins_a_little_before_the_first_word() {
        let text = format!("{}借用检查器{}", "前".repeat(100), "后".repeat(300));
        let post = PostText { id: 1, title: "标题".into(), summary: String::new(), text };
        let words = vec!["检查".chars().collect(), "标题".chars().collect()];
        let hit = look(&post, &words).unwrap();
        assert_eq!(hit.title, [[0, 2]]);
        assert_eq!(
            (hit.text.as_slice(), hit.ranges.as_slice()),
            (&[[102, 104]][..], &[[40, 42]][..])
        );
        assert_eq!(hit.excerpt.chars().count(), EXCERPT);
        assert!(look(&post, &["没有".chars().collect()]).is_none());
    }

    #[test]
    fn all_parts_of_title_summary_and_text_are_among_the_numbers() {
        let post =
            PostText {
                id: 1, title: "甲乙".into(), summary: "丙丁".into(), text: "戊己庚".into()
            };
        let numbers = numbers(PostKind::Article, &post);
        for word in ["甲乙", "丙丁", "戊己", "己庚", "庚"] {
            let mut needed = Vec::new();
            grams::of_word(Kind::Text, &word.chars().collect::<Vec<_>>(), &mut needed);
            assert!(needed.iter().all(|number| numbers.contains(number)), "{word}");
        }
    }
}
