//! From the parser's events to HTML. Every event knows where in the source it stands; what people do not mean
//! as Markdown is written as it was typed.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

use super::{
    MAX_HTML, address, highlight,
    post::{MAX_POST_HTML, Post, PostPicture},
    prepare::{GUARD, MARK, Piece, Prepared},
    spoilers::{self, Bars},
};

/// Quotes, lists and emphasis inside of each other; what is deeper loses its marks.
const MAX_DEPTH: usize = 12;

/// The HTML of a text; `None` where it would be plain text, or longer than [`MAX_HTML`].
pub(super) fn write(prepared: &Prepared<'_>) -> Option<String> {
    write_with(prepared, None, MAX_HTML)
}

/// The HTML of an article or comment; `None` where it would be longer than [`MAX_POST_HTML`].
pub(super) fn write_post(prepared: &Prepared<'_>, post: &Post<'_>) -> Option<String> {
    write_with(prepared, Some(post), MAX_POST_HTML)
}

fn write_with(prepared: &Prepared<'_>, post: Option<&Post<'_>>, most: usize) -> Option<String> {
    let mut writer = Writer {
        post,
        in_table_head: false,
        source: &prepared.source,
        pieces: &prepared.pieces,
        html: String::with_capacity(prepared.source.len() * 2),
        stack: Vec::new(),
        frames: 0,
        bars: Vec::new(),
        code: None,
        skip: 0,
        end: 0,
        says_more: post.is_some(),
    };
    let mut options = Options::ENABLE_STRIKETHROUGH;
    if writer.is_article() {
        options |= Options::ENABLE_TABLES;
    }
    for (event, range) in Parser::new_ext(&prepared.source, options).into_offset_iter() {
        writer.event(event, range);
        if writer.html.len() > most {
            return None;
        }
    }
    let (html, has_spoilers) = spoilers::paired(&writer.html, &writer.bars);
    Some(html).filter(|html| (writer.says_more || has_spoilers) && html.len() <= most)
}

/// Something that is open.
struct Open {
    /// What closes it.
    close: String,
    /// Tells it from everything else that was ever open.
    frame: usize,
    is_link: bool,
}

struct Writer<'a> {
    /// Where it is an article or comment.
    post: Option<&'a Post<'a>>,
    /// Inside of the head of a table.
    in_table_head: bool,
    source: &'a str,
    pieces: &'a [Piece<'a>],
    html: String,
    stack: Vec<Open>,
    frames: usize,
    bars: Vec<Bars>,
    /// Inside of a code block: its language, and what it holds.
    code: Option<(String, String)>,
    /// Inside of something that was written as it was typed: how deep.
    skip: usize,
    /// Where in the source the last text ended.
    end: usize,
    says_more: bool,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.skip > 0 {
            match event {
                Event::Start(_) => self.skip += 1,
                Event::End(_) => self.skip -= 1,
                _ => {}
            }
            self.end = self.end.max(range.end);
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) => self.finish(),
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => {
                self.says_more = true;
                self.html.push_str("<code>");
                self.raw(&code);
                self.html.push_str("</code>");
                self.end = range.end;
            }
            Event::SoftBreak | Event::HardBreak => {
                if self.source[range.clone()].starts_with('\\') {
                    self.html.push('\\');
                }
                self.html.push_str("<br>");
                self.end = range.end;
            }
            Event::Html(text) | Event::InlineHtml(text) => {
                self.raw(&text);
                self.end = range.end;
            }
            _ => {
                self.raw(&self.source[range.clone()]);
                self.end = range.end;
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let source = &self.source[range.clone()];
        let is_deep = self.stack.len() >= MAX_DEPTH;
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let language = info.split([' ', ',']).next().unwrap_or_default().to_owned();
                self.code = Some((language, String::new()));
                self.push("", "");
            }
            Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.push("<p>", "</p>");
            }
            _ if is_deep => self.push("", ""),
            Tag::Heading { level, .. } if self.is_article() => match level {
                HeadingLevel::H1 => self.mark("<h2>", "</h2>"),
                HeadingLevel::H2 => self.mark("<h3>", "</h3>"),
                _ => self.mark("<h4>", "</h4>"),
            },
            Tag::Table(_) => self.mark("<table>", "</tbody></table>"),
            Tag::TableHead => {
                self.in_table_head = true;
                self.mark("<thead><tr>", "</tr></thead><tbody>");
            }
            Tag::TableRow => {
                self.in_table_head = false;
                self.mark("<tr>", "</tr>");
            }
            Tag::TableCell if self.in_table_head => self.mark("<th>", "</th>"),
            Tag::TableCell => self.mark("<td>", "</td>"),
            Tag::Heading { level, .. } => {
                let class = match level {
                    HeadingLevel::H1 => "<p class=\"heading-1\">",
                    HeadingLevel::H2 => "<p class=\"heading-2\">",
                    _ => "<p class=\"heading-3\">",
                };
                self.mark(class, "</p>");
            }
            Tag::BlockQuote(_) => self.mark("<blockquote>", "</blockquote>"),
            Tag::List(None) => self.mark("<ul>", "</ul>"),
            Tag::List(Some(first)) => self.mark(&format!("<ol start=\"{first}\">"), "</ol>"),
            Tag::Item => self.mark("<li>", "</li>"),
            Tag::Emphasis if !self.is_meant(&range) => self.push(&source[..1], &source[..1]),
            Tag::Emphasis => self.mark("<em>", "</em>"),
            Tag::Strong => self.mark("<strong>", "</strong>"),
            Tag::Strikethrough if !source.starts_with("~~") => self.push("~", "~"),
            Tag::Strikethrough => self.mark("<s>", "</s>"),
            Tag::Link { dest_url, .. } => self.link(&dest_url, range, false),
            Tag::Image { dest_url, .. } => match self.post.and_then(|post| post.picture(&dest_url))
            {
                Some(picture) if self.is_article() => self.picture(picture, range),
                _ => self.link(&dest_url, range, true),
            },
            _ => self.push("", ""),
        }
    }

    /// `2*3*4` is a calculation and `:_( ^_^` a face: emphasis stands between blanks, beside marks that belong to
    /// a sentence, or between Chinese characters.
    fn is_meant(&self, range: &Range<usize>) -> bool {
        let before = self.source[..range.start].chars().next_back();
        let after = self.source[range.end..].chars().next();
        let is_beside = |c: Option<char>, marks: &str| {
            c.is_none_or(|c| !c.is_ascii() || c.is_ascii_whitespace() || marks.contains(c))
        };
        is_beside(before, "([\"'*_~|") && is_beside(after, ")]\"'*_~|.,;:!?")
    }

    /// A link, or an image, which is shown as a link to it: nothing is fetched from elsewhere.
    fn link(&mut self, target: &str, range: Range<usize>, is_image: bool) {
        let target = self.expanded(target);
        if !address::is_allowed(&target) {
            self.raw(&self.source[range.clone()]);
            self.skip = 1;
            self.end = range.end;
        } else if self.is_in_link() {
            self.push("", "");
        } else {
            let is_empty = is_image && self.source[range].starts_with("![]");
            let href = format!("<a href=\"{}\">", escaped(&target));
            self.mark(&href, "</a>");
            if is_empty {
                self.html.push_str(&escaped(&target));
            }
            if let Some(open) = self.stack.last_mut() {
                open.is_link = true;
            }
        }
    }

    /// A picture of the article's own; its words are what stands for it, without any marks.
    fn picture(&mut self, picture: &PostPicture, range: Range<usize>) {
        let source = self.source;
        let typed = source[range.clone()].strip_prefix("![").unwrap_or_default();
        let alt = typed.rsplit_once("](").map_or("", |(alt, _)| alt);
        let alt = escaped(&self.expanded(alt));
        let size =
            picture.size.map(|(width, height)| format!(" width=\"{width}\" height=\"{height}\""));
        self.html.push_str(&format!(
            "<img src=\"{}\" alt=\"{alt}\"{} loading=\"lazy\">",
            escaped(&picture.url),
            size.unwrap_or_default()
        ));
        self.skip = 1;
        self.end = range.end;
    }

    fn is_article(&self) -> bool {
        self.post.is_some_and(|post| post.is_article)
    }

    fn is_in_link(&self) -> bool {
        self.stack.iter().any(|open| open.is_link)
    }

    /// Opens something that says more than plain text.
    fn mark(&mut self, open: &str, close: &str) {
        self.says_more = true;
        self.push(open, close);
    }

    fn push(&mut self, open: &str, close: &str) {
        self.html.push_str(open);
        self.frames += 1;
        self.stack.push(Open { close: close.to_owned(), frame: self.frames, is_link: false });
    }

    fn finish(&mut self) {
        if let Some((language, code)) = self.code.take() {
            self.says_more = true;
            highlight::write(&mut self.html, &language, code.trim_end_matches('\n'));
        }
        if let Some(open) = self.stack.pop() {
            self.html.push_str(&open.close);
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        let source = self.source;
        if self.code.is_some() {
            let text = self.expanded(text);
            if let Some((_, code)) = &mut self.code {
                code.push_str(&text);
            }
            return;
        }
        let is_escaped = self.end < range.start && source[..range.start].ends_with('\\');
        // `\*` is a star; `\_` is an arm, and `\d` or `\\` part of what somebody shows.
        if is_escaped && text.starts_with(['*', '`', '|', '~', '[', ']', '#', '>']) {
            self.says_more = true;
        } else if is_escaped {
            self.html.push('\\');
        }
        self.end = range.end;
        let typed = &source[range];
        // An entity is shown as it was typed.
        let text = if typed.starts_with('&') { typed } else { text };
        self.inline(text, is_escaped);
    }

    /// Text with pieces and spoilers in it.
    fn inline(&mut self, text: &str, is_escaped: bool) {
        let mut parts = text.split(MARK);
        let mut before = None;
        while let Some(plain) = parts.next() {
            let escaped_bars = is_escaped && before.is_none();
            self.plain(plain, escaped_bars);
            before = Some(());
            if let Some(number) = parts.next() {
                self.piece(number);
            }
        }
    }

    fn piece(&mut self, number: &str) {
        let pieces = self.pieces;
        let Some(piece) = number.parse().ok().and_then(|n: usize| pieces.get(n)) else { return };
        let text = escaped(piece.text());
        let html = match piece {
            Piece::Address(_) | Piece::Mention(..) if self.is_in_link() => text,
            Piece::Address(_) => format!("<a href=\"{text}\">{text}</a>"),
            Piece::Mention(Some(user), _) if self.post.is_some() => {
                format!("<a class=\"mention\" href=\"/people/{}\">{text}</a>", user.get())
            }
            Piece::Mention(Some(user), _) => {
                format!("<span class=\"mention\" data-user-id=\"{}\">{text}</span>", user.get())
            }
            Piece::Mention(None, _) => format!("<span class=\"mention\">{text}</span>"),
            Piece::Emoji(_, id) => {
                format!("<img class=\"emoji\" src=\"/emoji/{}\" alt=\"{text}\">", escaped(id))
            }
        };
        self.says_more = true;
        self.html.push_str(&html);
    }

    fn plain(&mut self, text: &str, is_escaped: bool) {
        let mut at = 0;
        while let Some(found) = text[at..].find("||") {
            let start = at + found;
            self.html.push_str(&escaped(&text[at..start]));
            let run = text[start..].len() - text[start..].trim_start_matches('|').len();
            let end = start + run;
            let frame = self.stack.last().map_or(0, |open| open.frame);
            let is_gap = |c: Option<char>| c.is_none_or(char::is_whitespace);
            if run == 2 && !(is_escaped && start == 0) {
                let is_start = self.html.ends_with('>') && start == 0;
                self.bars.push(Bars {
                    at: self.html.len(),
                    frame,
                    can_open: !is_gap(text[end..].chars().next()) || end == text.len(),
                    can_close: is_start || !is_gap(text[..start].chars().next_back()),
                });
            }
            self.html.push_str(&text[start..end]);
            at = end;
        }
        self.html.push_str(&escaped(&text[at..]));
    }

    /// As it was typed, without any marks.
    fn raw(&mut self, text: &str) {
        let text = self.expanded(text);
        self.html.push_str(&escaped(&text).replace('\n', "<br>"));
    }

    /// With its pieces as they were typed, and without guards.
    fn expanded(&self, text: &str) -> String {
        let mut whole = String::with_capacity(text.len());
        for (n, part) in text.split(MARK).enumerate() {
            if n % 2 == 0 {
                whole.extend(part.chars().filter(|c| *c != GUARD));
            } else if let Some(piece) = part.parse().ok().and_then(|n: usize| self.pieces.get(n)) {
                whole.push_str(piece.text());
            }
        }
        whole
    }
}

/// As text of HTML, also in attributes; guards are left out.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            GUARD => {}
            c => html.push(c),
        }
    }
    html
}
