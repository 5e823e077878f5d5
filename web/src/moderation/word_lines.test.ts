import { expect, test } from "vitest";
import { joined, wordsOf } from "./word_lines";

test("a line is a word, with what becomes of it", () => {
  const text = "casino\n\n  笨蛋 => 聪明人 \nhold: my offer\r\nrefuse：赌博\nreplace: darn";
  expect(wordsOf(text, "refuse")).toEqual({
    words: [
      { pattern: "casino", action: "refuse" },
      { pattern: "笨蛋", action: "replace", replacement: "聪明人" },
      { pattern: "my offer", action: "hold" },
      { pattern: "赌博", action: "refuse" },
      { pattern: "darn", action: "replace" },
    ],
    dropped: 0,
  });
});

test("of the same word the last counts, and what is too long is dropped", () => {
  expect(wordsOf(`Casino\nＣＡＳＩＮＯ => c\n${"x".repeat(65)}\n => y`, "hold")).toEqual({
    words: [{ pattern: "ＣＡＳＩＮＯ", action: "replace", replacement: "c" }],
    dropped: 2,
  });
});

test("new words come to the others and change those that are there", () => {
  const list = joined(
    [
      { pattern: "one", action: "hold" },
      { pattern: "two", action: "hold" },
    ],
    [
      { pattern: "TWO", action: "refuse" },
      { pattern: "three", action: "hold" },
    ],
  );
  expect(list.map((word) => `${word.pattern} ${word.action}`)).toEqual([
    "one hold",
    "TWO refuse",
    "three hold",
  ]);
});
