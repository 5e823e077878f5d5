import { describe, expect, test } from "vitest";
import { href, match, safeNext } from "./routes";

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
