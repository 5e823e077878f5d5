//! What a page is about, for programs that read pages: schema.org as JSON-LD.

use protocol::{ArticleSummary, User};
use serde_json::{Value, json};

use super::address;

/// JSON that may stand inside of a `<script>`: no character in it can end the element or begin a comment.
pub(super) fn text(data: &Value) -> String {
    let mut safe = String::new();
    for c in data.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            other => safe.push(other),
        }
    }
    safe
}

/// Where a page stands: names and paths, from the forum down.
pub(super) fn breadcrumbs(origin: &str, crumbs: &[(String, String)]) -> Value {
    let items: Vec<Value> = crumbs
        .iter()
        .enumerate()
        .map(|(n, (name, path))| {
            json!({"@type": "ListItem", "position": n + 1, "name": name, "item": format!("{origin}{path}")})
        })
        .collect();
    json!({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
}

/// An article.
pub(super) fn article(origin: &str, article: &ArticleSummary) -> Value {
    let url = format!("{origin}{}", address::article(article.id));
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": ["Article", "DiscussionForumPosting"],
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": article.title,
        "articleSection": article.category.name,
        "author": person(origin, &article.author),
        "datePublished": article.published_at.unwrap_or(article.created_at),
        "dateModified": article.modified_at.or(article.published_at).unwrap_or(article.created_at),
        "commentCount": article.comments,
        "interactionStatistic": [
            counter("LikeAction", article.likes),
            counter("CommentAction", article.comments),
            counter("ViewAction", article.views),
        ],
    });
    if !article.summary.is_empty() {
        data["description"] = json!(article.summary);
    }
    if !article.tags.is_empty() {
        data["keywords"] = json!(article.tags);
    }
    if let Some(image) = &article.head_image {
        data["image"] = json!(format!("{origin}{}", image.url));
    }
    data
}

fn counter(act: &str, count: i64) -> Value {
    let act = format!("https://schema.org/{act}");
    json!({"@type": "InteractionCounter", "interactionType": act, "userInteractionCount": count})
}

/// Somebody.
pub(super) fn person(origin: &str, user: &User) -> Value {
    let url = format!("{origin}{}", address::person(user.id));
    json!({"@type": "Person", "name": user.name, "alternateName": user.username, "url": url})
}

/// The page of somebody.
pub(super) fn profile(origin: &str, user: &User) -> Value {
    let person = person(origin, user);
    json!({"@context": "https://schema.org", "@type": "ProfilePage", "mainEntity": person})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_around_it() {
        let data = json!({"a": "</script><!-- & \u{2028} 中"});
        let text = text(&data);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']) && text.contains('中'), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), data);
    }
}
