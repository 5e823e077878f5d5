import { expect, test } from "vitest";
import { articleIn } from "./link";

const here = "https://chat.example";

test("the first article that a text links to", () => {
  expect(articleIn(`看看这个 ${here}/forum/articles/42#comment-7 吧`, here)).toBe(42);
  expect(articleIn(`${here}/forum/articles/42/edit ${here}/forum/articles/43。`, here)).toBe(43);
});

test.each([
  `${here}/forum/articles/0`,
  `${here}/forum/articles/12x`,
  `${here}/forum`,
  "https://other.example/forum/articles/42",
  "/forum/articles/42",
  "",
])("%j links to none", (text) => {
  expect(articleIn(text, here)).toBe(0);
});
