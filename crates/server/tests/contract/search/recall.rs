//! Sentences that people wrote are found by their parts. That every part of two or more characters leads to its
//! sentence is shown in `search/recall.rs` of the server for all sentences; here a sample of the parts goes through
//! the index of each engine, and both have to answer what looking through all sentences does.

use std::{collections::HashMap, sync::LazyLock};

use futures_util::{StreamExt as _, stream};
use rookery::search::catch_up;
use serde_json::json;

use super::{search, texts};
use crate::support::{
    Client, TestApp, both_engines,
    talk::{fresh_key, group, say},
};

/// Requests at once.
const AT_ONCE: usize = 16;

/// The sentences, each once.
fn sentences() -> Vec<&'static str> {
    include_str!("sentences.txt").lines().filter(|line| !line.starts_with('#')).collect()
}

/// A part of a sentence, of two characters or more: another one for each `n`.
fn part(sentence: &str, n: usize) -> Option<String> {
    let chars: Vec<char> = sentence.chars().collect();
    let length = 2 + n % 7 % (chars.len() - 1);
    let start = n * 31 % (chars.len() - length + 1);
    let part: String = chars[start..start + length].iter().collect();
    // A query begins and ends with what can be seen, and is more than one such character.
    (part.trim().chars().count() >= 2).then_some(part)
}

async fn say_all(who: &Client, conversation: i64, all: &[&str]) {
    let path = format!("/conversations/{conversation}/messages");
    stream::iter(all)
        .for_each_concurrent(AT_ONCE, |text| {
            let (path, body) = (&path, json!({"client_id": fresh_key(), "text": text}));
            async move { assert_eq!(who.post(path, body).await.status, 201) }
        })
        .await;
}

both_engines! {
    async fn three_thousand_sentences_are_found_by_their_parts(app: TestApp) {
        let ann = app.person("ann").await;
        let club = group(&ann, "club", &[]).await;
        let all = sentences();
        let folded: Vec<(&str, String)> = all.iter().map(|text| (*text, plain(text))).collect();
        assert_eq!(all.len(), 3_000);
        say_all(&ann, club, &all).await;
        catch_up(&app.state).await.unwrap();
        // Every tenth sentence by one part of it.
        let asked = all.iter().enumerate().step_by(10).filter_map(|(n, text)| Some((text, part(text, n)?)));
        let asked: Vec<(&&str, String)> = asked.collect();
        assert!(asked.len() > 280);
        stream::iter(asked)
            .for_each_concurrent(AT_ONCE, |(text, part)| {
                let (ann, folded) = (&ann, &folded);
                async move {
                    let mut found = texts(ann, &part, "limit=50").await;
                    assert!(found.iter().any(|one| one == text), "{part:?} of {text:?}");
                    found.sort_unstable();
                    let words = plain(&part);
                    let has = |text: &str| words.split_whitespace().all(|word| text.contains(word));
                    let mut expected: Vec<&str> =
                        folded.iter().filter(|(_, text)| has(text)).map(|(text, _)| *text).collect();
                    expected.sort_unstable();
                    assert_eq!(found, expected, "{part:?}");
                }
            })
            .await;
    }

    async fn a_common_word_is_found_in_the_order_of_time(app: TestApp) {
        // More than are gathered from all conversations together: see `search/store/offers.rs`.
        const SAID: usize = 2_100;
        let ann = app.person("ann").await;
        let (one, two) = (group(&ann, "one", &[]).await, group(&ann, "two", &[]).await);
        let silent = group(&ann, "silent", &[]).await;
        // In turns, then for a while in one of them only.
        let said = (0..SAID).map(|n| (if n % 2 == 0 || n > 1_900 { one } else { two }, format!("好的 {n}")));
        let said: Vec<(i64, i64)> = stream::iter(said)
            .map(|(conversation, text)| {
                let ann = &ann;
                async move { (conversation, say(ann, conversation, &text).await["id"].as_i64().unwrap()) }
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        catch_up(&app.state).await.unwrap();
        for within in [None, Some(one), Some(two), Some(silent)] {
            let parameters = within.map_or(String::new(), |id| format!("&conversation_id={id}"));
            let mut expected: Vec<i64> = said
                .iter()
                .filter(|(conversation, _)| within.is_none_or(|id| id == *conversation))
                .map(|(_, message)| *message)
                .collect();
            expected.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
            let (mut found, mut before) = (Vec::new(), String::new());
            loop {
                let page = search(&ann, "好的", &format!("kind=messages&limit=50{parameters}{before}")).await;
                let hits = page["messages"]["hits"].as_array().unwrap().iter();
                found.extend(hits.map(|hit| hit["message"]["id"].as_i64().unwrap()));
                match page["messages"]["next"].as_str() {
                    Some(next) => before = format!("&before={next}"),
                    None => break,
                }
            }
            assert_eq!(found, expected, "{within:?}");
        }
    }
}

/// A text as it is compared, by another way than the server's: enough for what these sentences hold.
fn plain(text: &str) -> String {
    static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
        let lines = include_str!("../../../src/simplified.txt").lines();
        lines.filter_map(|pair| Some((pair.chars().next()?, pair.chars().nth(1)?))).collect()
    });
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{4E00}'.. => SIMPLIFIED.get(&c).copied().unwrap_or(c),
        _ => c,
    };
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}
