import { expect, test } from "vitest";
import { partsOf } from "./links";

test.each([
  ["plain text", ["plain text"]],
  ["see https://a.example/b?c=d#e now", ["see ", "<https://a.example/b?c=d#e>", " now"]],
  ["(https://a.example).", ["(", "<https://a.example>", ")."]],
  ["看 https://a.example/路，好", ["看 ", "<https://a.example/路>", "，好"]],
  ["javascript:alert(1) http://", ["javascript:alert(1) http://"]],
  ["https://a.example https://b.example", ["<https://a.example>", " ", "<https://b.example>"]],
])("%s", (text, expected) => {
  const parts = partsOf(text);
  expect(parts.map((part) => (part.url ? `<${part.url}>` : part.text))).toEqual(expected);
  expect(parts.map((part) => part.text).join("")).toBe(text);
});
