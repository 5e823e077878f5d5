import { expect, test } from "vitest";
import { emoji, labelOf, search } from "./unicode";

test("there is every emoji once, with names in both languages", () => {
  expect(emoji.length).toBeGreaterThan(1_500);
  expect(new Set(emoji.map((one) => one.emoji)).size).toBe(emoji.length);
  const party = emoji.find((one) => one.emoji === "🎉");
  expect(party && [labelOf(party, "en"), labelOf(party, "zh")]).toEqual(["party popper", "拉炮彩带"]);
  expect(emoji.every((one) => one.group >= 0 && one.group !== 2)).toBe(true);
});

test("they are found in both languages", () => {
  const found = (query: string) => search(query, 50).map((one) => one.emoji);
  expect(found("thumbs up")).toContain("👍");
  expect(found("笑")).toContain("😂");
  expect(found("猫")).toContain("🐱");
  expect(found("🎉")).toEqual(["🎉"]);
  expect(found("  ")).toEqual([]);
  expect(search("a", 7)).toHaveLength(7);
});
