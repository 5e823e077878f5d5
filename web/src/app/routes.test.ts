import { describe, expect, test } from "vitest";
import { href, isForum, isOpen, isPlace, match, safeNext } from "./routes";

describe("routes", () => {
  test("every link is matched by its own route", () => {
    for (const name of [
      "chats",
      "requests",
      "search",
      "new_group",
      "settings",
      "devices",
      "login",
      "setup",
    ] as const) {
      expect(match(href(name))).toEqual({ name, id: 0 });
    }
    for (const name of ["chat", "chat_info", "person", "group"] as const) {
      expect(match(href(name, 42))).toEqual({ name, id: 42 });
    }
  });

  test("an invitation is known by its code", () => {
    expect(match(href("join", "aB3_-x"))).toEqual({ name: "join", id: 0, code: "aB3_-x" });
    expect(match("/join/a.b").name).toBe("chats");
    expect(safeNext("/join/aB3_-x")).toBe("/join/aB3_-x");
  });

  test("the forum: categories by short name, tags by any text, articles by number", () => {
    expect(match("/forum/new").name).toBe("forum_new");
    expect(match("/forum/tea-2")).toEqual({ name: "forum_category", id: 0, code: "tea-2" });
    expect(match(href("forum_tag", "a/b 茶"))).toEqual({ name: "forum_tag", id: 0, code: "a/b 茶" });
    expect(match("/forum/articles/7")).toEqual({ name: "article", id: 7 });
    expect(match("/forum/articles/7/edit")).toEqual({ name: "article_edit", id: 7 });
    expect(match(href("author", 10_001))).toEqual({ name: "author", id: 10_001 });
    for (const path of ["/forum/12", "/forum/Tea", "/forum/tags/%E0%A4%A", "/forum/feed.atom"]) {
      expect(match(path).name, path).toBe("chats");
    }
    expect([isPlace("/forum/tea"), isPlace("/forum/feed.atom"), isPlace("/api/v1/site")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("what everybody may see needs no login, and what one writes does", () => {
    const all = ["forum", "forum_category", "forum_tag", "article", "author"] as const;
    expect(all.every((name) => isOpen(name) && isForum(name))).toBe(true);
    for (const name of ["forum_new", "forum_drafts", "article_edit", "news"] as const) {
      expect([isOpen(name), isForum(name)], name).toEqual([false, true]);
    }
    expect([isOpen("chats"), isForum("chats"), isForum("notifications")]).toEqual([false, false, false]);
    expect(safeNext("/forum/articles/7#comment-9")).toBe("/forum/articles/7#comment-9");
  });

  test("what is no place leads to the chats", () => {
    for (const path of ["/", "/nowhere", "/chats/abc", "/chats/-1", "/chats/0", "/groups/1e3"]) {
      expect(match(path)).toEqual({ name: "chats", id: 0 });
    }
  });
});

describe("next", () => {
  test.each(["/chats/5", "/contacts/search?q=a", "/settings#x"])("%s is followed", (next) => {
    expect(safeNext(next)).toBe(next);
  });

  test.each([
    null,
    "",
    "chats",
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/./\\evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "/login",
    "/register?next=/x",
    "/setup",
  ])("%j is not", (next) => {
    expect(safeNext(next)).toBe("/chats");
  });
});
