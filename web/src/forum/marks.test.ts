import { expect, test } from "vitest";
import { pictureName, prefixed } from "./marks";

test("every line that is chosen gets its prefix, and loses it again", () => {
  const numbers = (n: number) => `${n}. `;
  const text = "zero\none\ntwo\nthree";
  const first = prefixed(text, 6, 10, numbers);
  expect(first).toEqual({ start: 5, end: 12, lines: "1. one\n2. two" });
  expect(prefixed(first.lines, 0, first.lines.length, numbers).lines).toBe("one\ntwo");
  expect(prefixed("", 0, 0, () => "> ")).toEqual({ start: 0, end: 0, lines: "> " });
});

test("a file's name breaks no picture", () => {
  expect(pictureName("小企鹅 ](javascript:1).png")).toBe("小企鹅 (javascript:1)");
  expect(pictureName("![a](b).jpg")).toBe("a (b)");
});
