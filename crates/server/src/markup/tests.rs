//! What people type, and what comes of it; what attackers type, and that nothing comes of it.

use std::time::{Duration, Instant};

use protocol::UserId;

use super::*;

fn html(text: &str) -> Option<String> {
    render(text, &Names::default())
}

fn assert_html(text: &str, expected: &str) {
    assert_eq!(html(text).as_deref(), Some(expected), "{text}");
}

#[test]
fn markdown_as_people_type_it() {
    for (text, expected) in [
        ("**bold** and *slanted*", "<p><strong>bold</strong> and <em>slanted</em></p>"),
        ("_a_ ~~b~~ `c < d`", "<p><em>a</em> <s>b</s> <code>c &lt; d</code></p>"),
        ("这是**重要**的", "<p>这是<strong>重要</strong>的</p>"),
        ("**注意：**请看", "<p><strong>注意：</strong>请看</p>"),
        ("请**“看”**这", "<p>请<strong>“看”</strong>这</p>"),
        ("one\n**two**\n\nthree", "<p>one<br><strong>two</strong></p><p>three</p>"),
        ("> said\n> so\n\nno", "<blockquote><p>said<br>so</p></blockquote><p>no</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("list:\n1. a\n2. b", "<p>list:</p><ol start=\"1\"><li>a</li><li>b</li></ol>"),
        ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("# Title\ntext", "<p class=\"heading-1\">Title</p><p>text</p>"),
        (
            "it is ||the *butler*||!",
            "<p>it is <span class=\"spoiler\">the <em>butler</em></span>!</p>",
        ),
        ("||**a**||", "<p><span class=\"spoiler\"><strong>a</strong></span></p>"),
        ("```\na\n\n  b\n```", "<pre><code>a\n\n  b</code></pre>"),
        (
            "```js\nif\n```",
            "<pre><code class=\"language-javascript\"><span class=\"hl-keyword\">if</span></code></pre>",
        ),
        ("a\\*b\\*", "<p>a*b*</p>"),
    ] {
        assert_html(text, expected);
    }
}

#[test]
fn addresses_and_links() {
    let link = |href: &str, text: &str| {
        format!(
            "<a href=\"{href}\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">{text}</a>"
        )
    };
    let address = "https://a.example/x_y_z?a=1&amp;b=*2*";
    assert_html(
        "see https://a.example/x_y_z?a=1&b=*2*.",
        &format!(
            "<p>see {}*.</p>",
            link(&address[..address.len() - 1], &address[..address.len() - 1])
        ),
    );
    let shown = link("http://a.example", "http://a.example");
    assert_html("**http://a.example**", &format!("<p><strong>{shown}</strong></p>"));
    assert_html("<http://a.example>", &format!("<p>&lt;{shown}&gt;</p>"));
    assert_html("`http://a.example`", "<p><code>http://a.example</code></p>");
    assert_html(
        "[a](http://a.example/b_c_)",
        &format!("<p>{}</p>", link("http://a.example/b_c_", "a")),
    );
    assert_html(
        "[a *b*](mailto:a@b.example)",
        &format!("<p>{}</p>", link("mailto:a@b.example", "a <em>b</em>")),
    );
    assert_html(
        "![a cat](http://a.example/cat.png)",
        &format!("<p>{}</p>", link("http://a.example/cat.png", "a cat")),
    );
    assert_html(
        "![](http://a.example)",
        &format!("<p>{}</p>", link("http://a.example", "http://a.example")),
    );
    for text in
        ["[a](javascript:alert(1))", "[a](//a.example)", "[a](/b)", "![a](data:image/png,x)"]
    {
        assert_eq!(html(text), None, "{text}");
    }
}

#[test]
fn what_only_looks_like_markdown_is_left_alone() {
    for text in [
        "snake_case_name and __init__.py's other_name",
        "2*3*4 = 24",
        "5 * 4 * 3",
        ":-) :_( ^_^ >_<",
        ">:(",
        "#topic #other",
        "# ",
        "1.",
        "1) first",
        "2024. A year",
        "+1",
        "---",
        "a\n---\nb\n===",
        "~ha~ ~~~",
        "~~~ hi",
        "¯\\_(ツ)_/¯",
        "C:\\temp\\_x \\\\server\\share",
        "a || b || c",
        "||||",
        "||",
        "a | b",
        "&copy; &lt;b&gt; &#65;",
        "[a]: http",
        "[x] done [ ] not",
        "  /\\_/\\\n ( o.o )\n  > ^ <",
        "*",
        "* * *",
        "<3 </3 <- -> <b>x</b>",
        "f(a)[0](b)",
        "`",
        "``",
        "it's 10:30:45 now",
        "a*b",
        "- ",
        "    four blanks",
        "T_T",
        "o_O _",
        "@all @ann",
    ] {
        let shown = html(text);
        assert!(shown.is_none() || text.contains("__init__"), "{text:?} became {shown:?}");
    }
    // Beside something that is meant, the rest stays as it was typed, too.
    for (text, expected) in [
        ("¯\\_(ツ)_/¯ **x**", "<p>¯\\_(ツ)_/¯ <strong>x</strong></p>"),
        (">_< `x`", "<p>&gt;_&lt; <code>x</code></p>"),
        ("`a`\n  /\\_/\\\n#b", "<p><code>a</code><br>  /\\_/\\<br>#b</p>"),
        ("**a** &amp; <i>b</i>", "<p><strong>a</strong> &amp;amp; &lt;i&gt;b&lt;/i&gt;</p>"),
        ("**a**\n<div>\n*b*", "<p><strong>a</strong><br>&lt;div&gt;<br><em>b</em></p>"),
        ("**a** 2*3*4", "<p><strong>a</strong> 2*3*4</p>"),
        ("**a** ~b~ a\\b", "<p><strong>a</strong> ~b~ a\\b</p>"),
        ("`a`\u{fdd0}\u{fdd1}0\u{fdd1}", "<p><code>a</code>0</p>"),
    ] {
        assert_html(text, expected);
    }
}

#[test]
fn names_stand_for_people_and_pictures() {
    let mentions = [
        Mention { user_id: UserId(7), name: "Ann".into() },
        Mention { user_id: UserId(8), name: "Ann _Lee_".into() },
        Mention { user_id: UserId(9), name: "小明".into() },
    ];
    let emoji = HashMap::from([("party".to_owned(), "aB-_9".to_owned())]);
    let names = Names { mentions: &mentions, mentions_all: true, emoji };
    let shown = |text: &str| render(text, &names).unwrap_or_default();
    let span = |id: i64, name: &str| {
        format!("<span class=\"mention\" data-user-id=\"{id}\">@{name}</span>")
    };
    assert_eq!(shown("@Ann, hi"), format!("<p>{}, hi</p>", span(7, "Ann")));
    assert_eq!(
        shown("**@Ann _Lee_**"),
        format!("<p><strong>{}</strong></p>", span(8, "Ann _Lee_"))
    );
    assert_eq!(
        shown("@小明你好 @all"),
        format!("<p>{}你好 <span class=\"mention\">@all</span></p>", span(9, "小明"))
    );
    assert_eq!(shown("`@Ann`, x@Ann"), "<p><code>@Ann</code>, x@Ann</p>");
    assert_eq!(shown("@Anna @allow"), "");
    let picture = "<img class=\"emoji\" src=\"/emoji/aB-_9\" alt=\":party:\">";
    assert_eq!(shown(":party::party: 10:party"), format!("<p>{picture}{picture} 10:party</p>"));
    assert_eq!(shown("`:party:` :nobody:"), "<p><code>:party:</code> :nobody:</p>");
}

#[test]
fn names_of_emoji_are_found() {
    assert_eq!(emoji_names(":ab: :ab::cd:x:好: :a: 10:30:45 :no pe: :UP:", 9), ["ab", "cd", "好"]);
    assert_eq!(emoji_names(":ab: :cd:", 1), ["ab"]);
    assert!(is_emoji_name("好") && is_emoji_name("a_1") && !is_emoji_name("12"));
    assert!(!is_emoji_name(&"x".repeat(33)) && !is_emoji_name("ｘ１"));
}

/// Whatever is in the HTML: only tags that the server makes, only their attributes, only their targets.
fn assert_inert(text: &str) {
    if let Some(html) = html(text) {
        assert!(!html.contains("<img"), "{html} from {text:?}");
        assert_tags(&html, text);
    }
}

fn assert_tags(html: &str, text: &str) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        assert!(
            [
                "p",
                "br",
                "strong",
                "em",
                "s",
                "code",
                "pre",
                "ul",
                "ol",
                "li",
                "blockquote",
                "a",
                "span",
                "img"
            ]
            .contains(&name),
            "<{tag}> from {text:?}"
        );
        for attribute in
            tag.split('"').step_by(2).filter_map(|part| part.trim().split(' ').next_back())
        {
            let known =
                ["href=", "target=", "rel=", "class=", "start=", "data-user-id=", "alt=", "src="];
            assert!(
                !attribute.contains('=') || known.contains(&attribute),
                "{attribute} from {text:?}"
            );
        }
        if let Some(target) = tag.split("href=\"").nth(1) {
            assert!(address::is_allowed(target), "{target} from {text:?}");
        }
        rest = &rest[end..];
    }
}

#[test]
fn nothing_runs() {
    let payloads = include_str!("payloads.txt");
    let mut count = 0;
    for payload in payloads.lines().filter(|line| !line.is_empty()) {
        let payload = payload.replace("\\n", "\n");
        for text in [
            payload.clone(),
            format!("**x** {payload}"),
            format!("`x`\n{payload}"),
            format!("[x]({payload})"),
            format!("![{payload}]({payload})"),
            format!("> {payload}"),
            format!("```{payload}\n{payload}\n```"),
            format!("||{payload}||"),
            format!("https://a.example/{payload}"),
        ] {
            assert_inert(&text);
        }
        count += 1;
    }
    assert!(count >= 60, "{count}");
}

#[test]
fn the_sanitiser_alone_takes_out_what_is_not_on_its_list() {
    for payload in include_str!("payloads.txt").lines() {
        assert_tags(&sanitise::sanitise(payload), payload);
    }
    for gone in [
        "<img src=\"http://a.example/x.png\">",
        "<img src=\"/avatars/x\">",
        "<img src=\"/emoji/../x\">",
        "<img src=\"//a.example\">",
    ] {
        assert_eq!(sanitise::sanitise(gone), "<img>", "{gone}");
    }
    assert_eq!(
        sanitise::sanitise("<span class=\"mention own\">x</span>"),
        "<span class=\"mention\">x</span>"
    );
    assert!(!sanitise::sanitise("<a href=\"/logout\">x</a>").contains("href"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "measures how long it takes")]
fn hostile_texts_take_time_and_room_in_proportion() {
    let fill = |part: &str| part.repeat(10_000 / part.chars().count());
    for part in [
        "[",
        "*",
        ">",
        "> ",
        "`",
        "_",
        "~~",
        "||",
        "||a",
        "- ",
        "1. ",
        "![",
        "[a](",
        "<",
        "</",
        "&",
        "\\",
        "*a_ ",
        "**a",
        "@",
        ":",
        ":a",
        "http://a",
        "http://a.b ",
        "](",
        "[]()",
        "`a``",
        "a**b*",
        "\t",
        "- \n",
        "> > - ",
        "#",
        "\u{fdd1}",
        "<!--",
        "<?",
        "<![CDATA[",
        "*a **b ",
        "||*",
        "[^a]",
        "\n\n",
        "<a b=\"",
        "~~~\n",
        "```\n",
        "(http://",
        "- a\n  ",
    ] {
        let text = fill(part);
        let start = Instant::now();
        let html = html(&text);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(2), "{part:?} took {took:?}");
        assert!(html.is_none_or(|html| html.len() <= MAX_HTML), "{part:?}");
        let code = format!("```js\n{text}\n```");
        assert!(super::render(&code, &Names::default()).is_none_or(|html| html.len() <= MAX_HTML));
    }
}
