import { expect, test } from "vitest";
import { en } from "./en";
import { admin as enAdmin } from "./en_admin";
import { forum as enForum } from "./en_forum";
import { zh } from "./zh";
import { admin as zhAdmin } from "./zh_admin";
import { forum as zhForum } from "./zh_forum";

const parameters = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test.each([
  ["main", en, zh],
  ["forum", enForum, zhForum],
  ["admin", enAdmin, zhAdmin],
])("both languages say the same things with the same parameters: %s", (_part, english, chinese) => {
  const words = { en: english as Record<string, string>, zh: chinese as Record<string, string> };
  expect(Object.keys(words.zh)).toEqual(Object.keys(words.en));
  for (const [key, text] of Object.entries(words.en)) {
    expect(text.trim(), key).not.toBe("");
    expect(words.zh[key]?.trim(), key).not.toBe("");
    expect(parameters(words.zh[key] ?? ""), key).toEqual(parameters(text));
  }
});

test("no part takes a word from another", () => {
  expect(Object.keys(enForum).filter((key) => key in en)).toEqual([]);
  expect(Object.keys(enAdmin).filter((key) => key in en || key in enForum)).toEqual([]);
});
