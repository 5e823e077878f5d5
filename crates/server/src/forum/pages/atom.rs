//! Atom (RFC 4287), written by quick-xml, which escapes.

use std::borrow::Cow;
use std::io;

use protocol::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// A feed. Addresses are whole, and the same for as long as the site has its address: they are also the ids.
pub(super) struct Feed {
    pub(super) title: String,
    /// The feed's own address.
    pub(super) address: String,
    /// The page with the same in it.
    pub(super) page: String,
    /// What addresses in the texts are relative to.
    pub(super) base: String,
    pub(super) updated: Timestamp,
    pub(super) entries: Vec<Entry>,
}

/// An article or a comment.
pub(super) struct Entry {
    pub(super) address: String,
    pub(super) title: String,
    /// A name, and the address of the person's page.
    pub(super) author: (String, String),
    pub(super) published: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) tags: Vec<String>,
    /// Plain text; may be empty.
    pub(super) summary: String,
    /// Sanitised HTML; absent where the feed would grow too long.
    pub(super) html: Option<String>,
}

/// The feed as XML.
///
/// # Errors
/// None that memory does not have.
pub(super) fn write(feed: &Feed) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let root = writer
        .create_element("feed")
        .with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:base", &*feed.base)]);
    root.write_inner_content(|writer| {
        text(writer, "id", &feed.address)?;
        text(writer, "title", &feed.title)?;
        text(writer, "updated", &feed.updated.to_string())?;
        link(writer, "self", "application/atom+xml", &feed.address)?;
        link(writer, "alternate", "text/html", &feed.page)?;
        feed.entries.iter().try_for_each(|entry| write_entry(writer, entry))
    })?;
    Ok(writer.into_inner())
}

fn write_entry(writer: &mut Writer<Vec<u8>>, entry: &Entry) -> io::Result<()> {
    let element = writer.create_element("entry");
    element.write_inner_content(|writer| {
        text(writer, "id", &entry.address)?;
        text(writer, "title", &entry.title)?;
        text(writer, "published", &entry.published.to_string())?;
        text(writer, "updated", &entry.updated.to_string())?;
        link(writer, "alternate", "text/html", &entry.address)?;
        let (name, page) = &entry.author;
        writer.create_element("author").write_inner_content(|writer| {
            text(writer, "name", name)?;
            text(writer, "uri", page)
        })?;
        for tag in &entry.tags {
            let term = writer.create_element("category");
            term.with_attribute(("term", &*clean(tag))).write_empty()?;
        }
        if !entry.summary.is_empty() {
            text(writer, "summary", &entry.summary)?;
        }
        if let Some(html) = &entry.html {
            let content = writer.create_element("content").with_attribute(("type", "html"));
            content.write_text_content(BytesText::new(&clean(html)))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(&clean(text)))?;
    Ok(())
}

fn link(writer: &mut Writer<Vec<u8>>, rel: &str, kind: &str, href: &str) -> io::Result<()> {
    let attributes = [("rel", rel), ("type", kind), ("href", href)];
    writer.create_element("link").with_attributes(attributes).write_empty()?;
    Ok(())
}

/// Without the characters that cannot stand in XML at all, not even escaped.
fn clean(text: &str) -> Cow<'_, str> {
    let is_good = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    match text.chars().all(is_good) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.chars().filter(|c| is_good(*c)).collect()),
    }
}
