import { expect, test } from "vitest";
import { isEmojiOnly } from "./emoji_only";

test("one to three emoji, and nothing else", () => {
  for (const text of ["👍", "❤️", "👨‍👩‍👧‍👦 👍🏽", "🇨🇳🎉🎉", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
    expect(isEmojiOnly(text, null), text).toBe(true);
  for (const text of ["", "a", "1", "👍👍👍👍", "👍 ok", "好", "#"])
    expect(isEmojiOnly(text, null), text).toBe(false);
  const image = '<img class="emoji" src="/emoji/x" alt=":x:">';
  expect(isEmojiOnly(":x::x:", `<p>${image}${image}</p>`)).toBe(true);
  expect(isEmojiOnly(":x: ok", `<p>${image} ok</p>`)).toBe(false);
  expect(isEmojiOnly("👍", "<p><strong>👍</strong></p>")).toBe(false);
});
