//! The story as it is written, and how it is read. Pure.

use anyhow::Context as _;
use serde::Deserialize;

/// A whole story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    /// The first is an admin.
    pub(super) people: Vec<Person>,
    pub(super) friends: Vec<Friends>,
    pub(super) groups: Vec<Group>,
    pub(super) categories: Vec<Category>,
    pub(super) scenes: Vec<Scene>,
    pub(super) articles: Vec<Article>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) name: String,
    pub(super) signature: String,
    pub(super) locale: String,
    #[serde(default)]
    pub(super) admin: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Friends {
    pub(super) who: String,
    pub(super) others: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    /// What scenes call it.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) owner: String,
    pub(super) admins: Vec<String>,
    pub(super) members: Vec<String>,
    pub(super) announcement: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) moderators: Vec<String>,
}

/// A talk, in a group or between two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    /// `group:KEY` or `direct:WHO,WHOM`.
    pub(super) place: String,
    /// How long before now it begins.
    pub(super) ago: String,
    pub(super) lines: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    pub(super) author: String,
    pub(super) category: String,
    pub(super) ago: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) tags: Vec<String>,
    pub(super) picture: Option<String>,
    #[serde(default)]
    pub(super) pinned: bool,
    pub(super) text: String,
    pub(super) likes: Vec<String>,
    pub(super) comments: Vec<String>,
}

/// One line of a scene, or one comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Somebody says something. `depth` is the number of `>` before it: what it answers.
    Say { who: &'a str, text: &'a str, picture: Option<&'a str>, depth: usize },
    /// Somebody reacts to what was said last.
    React { who: &'a str, emoji: &'a str },
    /// Somebody pins what was said last.
    Pin { who: &'a str },
}

impl Story {
    /// The story of this program.
    ///
    /// # Errors
    /// When it is not well formed; a test holds that it is.
    pub(super) fn read() -> anyhow::Result<Self> {
        toml::from_str(include_str!("story.toml")).context("the story cannot be read")
    }
}

/// Reads one line.
pub(super) fn line(text: &str) -> Option<Line<'_>> {
    if let Some(rest) = text.strip_prefix("+ ") {
        let (who, emoji) = rest.split_once(' ')?;
        return Some(Line::React { who, emoji });
    }
    if let Some(who) = text.strip_prefix("! ") {
        return Some(Line::Pin { who });
    }
    let (mut rest, mut depth) = (text, 0);
    while let Some(answer) = rest.strip_prefix("> ") {
        (rest, depth) = (answer, depth + 1);
    }
    match (rest.split_once(" ["), rest.split_once(": ")) {
        (Some((who, after)), _) if !who.contains(' ') && !who.contains(':') => {
            let (picture, text) = after.split_once("] ")?;
            Some(Line::Say { who, text, picture: Some(picture), depth })
        }
        (_, Some((who, text))) => Some(Line::Say { who, text, picture: None, depth }),
        _ => None,
    }
}

/// `3d 4h`, `50m`: in minutes.
pub(super) fn ago(text: &str) -> Option<i64> {
    text.split(' ').try_fold(0, |sum, part| {
        let (number, unit) = part.split_at_checked(part.len().checked_sub(1)?)?;
        let minutes = match unit {
            "d" => 24 * 60,
            "h" => 60,
            "m" => 1,
            _ => return None,
        };
        Some(sum + number.parse::<i64>().ok()? * minutes)
    })
}

/// In milliseconds.
pub(super) fn minutes(minutes: i64) -> i64 {
    minutes * 60_000
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn lines_are_read() {
        let say = |who, text, picture, depth| Some(Line::Say { who, text, picture, depth });
        assert_eq!(line("ann: hi: there"), say("ann", "hi: there", None, 0));
        assert_eq!(line("> > ben: yes [really]"), say("ben", "yes [really]", None, 2));
        assert_eq!(line("ann [harbour] look"), say("ann", "look", Some("harbour"), 0));
        assert_eq!(line("+ ann 👍"), Some(Line::React { who: "ann", emoji: "👍" }));
        assert_eq!(line("! ann"), Some(Line::Pin { who: "ann" }));
        assert_eq!(line("nobody says this"), None);
        assert_eq!((ago("1d 2h"), ago("50m"), ago("soon")), (Some(1_560), Some(50), None));
    }

    #[test]
    fn everybody_in_the_story_is_known() {
        let story = Story::read().unwrap();
        let people: HashSet<&str> = story.people.iter().map(|one| one.username.as_str()).collect();
        assert!(story.people[0].admin);
        let known = |who: &str| assert!(people.contains(who), "{who}");
        let scenes = story.scenes.iter().flat_map(|scene| &scene.lines);
        for text in scenes.chain(story.articles.iter().flat_map(|article| &article.comments)) {
            match line(text).unwrap_or_else(|| panic!("cannot be read: {text}")) {
                Line::Say { who, .. } | Line::React { who, .. } | Line::Pin { who } => known(who),
            }
        }
        for article in &story.articles {
            known(&article.author);
            article.likes.iter().for_each(|who| known(who));
            assert!(story.categories.iter().any(|one| one.slug == article.category));
        }
        let times = story.scenes.iter().map(|scene| &scene.ago);
        assert!(times.chain(story.articles.iter().map(|one| &one.ago)).all(|t| ago(t).is_some()));
    }
}
