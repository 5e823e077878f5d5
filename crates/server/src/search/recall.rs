//! Every part of a real sentence leads to it: the index has all that the part asks for, and the part is found in the
//! text. What the engines add to that is a test over HTTP: `tests/contract/search/recall.rs`.

use super::{
    fold::Folded,
    grams::{self, Kind},
    messages,
};

fn sentences() -> impl Iterator<Item = &'static str> {
    let text = include_str!("../../tests/contract/search/sentences.txt");
    text.lines().filter(|line| !line.starts_with('#'))
}

/// All parts of two to four characters of every sentence, and all longer ones of every twentieth.
#[test]
fn every_part_of_three_thousand_sentences_leads_to_its_sentence() {
    let mut parts = 0;
    for (n, sentence) in sentences().enumerate() {
        let mut offered = Vec::new();
        grams::of_text(Kind::Text, sentence, &mut offered);
        let offered = grams::sorted(offered);
        let folded = Folded::new(sentence);
        let places: Vec<usize> =
            sentence.char_indices().map(|(at, _)| at).chain([sentence.len()]).collect();
        let longest = if n % 20 == 0 { places.len() } else { 5 };
        for start in 0..places.len() {
            for end in (start + 2)..places.len().min(start + longest) {
                let part = &sentence[places[start]..places[end]];
                let mut asked = Vec::new();
                for word in messages::words(part) {
                    grams::of_word(Kind::Text, &word, &mut asked);
                    assert!(!folded.find(&word).is_empty(), "{part:?} of {sentence:?}");
                }
                let is_offered = asked.iter().all(|gram| offered.binary_search(gram).is_ok());
                assert!(is_offered, "{part:?} of {sentence:?}");
                parts += 1;
            }
        }
    }
    assert!(parts > 150_000, "{parts}");
}
