import { expect, test } from "vitest";
import { excerpt } from "./highlight";

const shown = (text: string, ranges: number[][]) =>
  excerpt(text, ranges)
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join("");

test("places count characters, not UTF-16 units", () => {
  expect(shown("😀去😀台湾", [[1, 2]])).toBe("😀[去]😀台湾");
  expect(shown("a\nb", [[2, 3]])).toBe("a [b]");
  expect(shown("明天开会", [])).toBe("明天开会");
  expect(
    shown("明天开会", [
      [0, 2],
      [2, 4],
    ]),
  ).toBe("[明天][开会]");
});

test("a long text is cut around the first place", () => {
  const long = `${"前".repeat(200)}找到${"后".repeat(300)}`;
  const pieces = excerpt(long, [[200, 202]]);
  expect(pieces[0]).toEqual({ text: "…", marked: false });
  expect(pieces.map((piece) => piece.text).join("")).toHaveLength(122);
  expect(pieces.find((piece) => piece.marked)?.text).toBe("找到");
  expect(pieces.at(-1)?.text).toBe("…");
  expect(shown("短".repeat(20) + "找", [[20, 21]])).toBe("短".repeat(20) + "[找]");
});
