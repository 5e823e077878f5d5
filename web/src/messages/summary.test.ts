import { describe, expect, it } from "vitest";
import { lineOf, lineOfHtml, summaryOf, type Summarised } from "./summary";

describe("a message in one line", () => {
  it("shows the words of what was formatted", () => {
    expect(lineOfHtml("<p><strong>a</strong> &lt;b&gt; &amp;lt;<br>c</p><ul><li>d</li></ul>")).toBe(
      "a <b> &lt; c d",
    );
    expect(lineOfHtml('<p><a href="http://a.example/>x" rel="x">there</a>, ok</p>')).toBe("there, ok");
    expect(lineOfHtml('<p>hi <img class="emoji" src="/emoji/x" alt=":party:"></p>')).toBe("hi :party:");
  });

  it("keeps spoilers hidden, whatever is in them", () => {
    const inner = '<span class="mention" data-user-id="7">@Ann</span> did <em>it</em>';
    expect(lineOfHtml(`<p>so <span class="spoiler">${inner}</span>!</p>`)).toBe("so ▒▒▒!");
    expect(lineOf("so ||Ann did it|| and || b || c")).toBe("so ▒▒▒ and || b || c");
  });

  it("names what is no text", () => {
    const file = (kind: string, name: string) => ({
      kind,
      name,
      size: 1,
      content_type: "x/y",
      preview: false,
    });
    const of = (parts: object) => summaryOf({ text: "", ...parts } as Summarised);
    expect(of({ attachments: [file("image", "a.png"), file("file", "b.pdf")], text: "look" })).toBe(
      "[image] [file] b.pdf look",
    );
    expect(of({ sticker: { id: "x", name: "wave", url: "/", width: 1, height: 1 } })).toBe("[sticker] wave");
    expect(of({ forwarded: [{ text: "one" }] })).toBe("one");
    expect(of({ forwarded: [{ text: "one" }, { text: "two" }] })).toBe("[chat record]");
    expect(of({ text: "gone", recalled: { user_id: 1, at: "" } })).toBe("Message recalled");
  });

  it("is one line, and short", () => {
    expect(lineOf("a\n\n  b")).toBe("a b");
    expect([...lineOf("字".repeat(5_000))]).toHaveLength(201);
    expect([...lineOfHtml(`<p>${"字".repeat(5_000)}</p>`)]).toHaveLength(201);
  });
});
