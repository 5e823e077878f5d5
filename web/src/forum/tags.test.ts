import { expect, test } from "vitest";
import { endsTag, withTags } from "./tags";

test("tags are short, small and none twice", () => {
  expect(withTags(["a"], "A, b，茶、 #New  York ;")).toEqual(["a", "b", "茶", "new york"]);
  expect(withTags([], "x".repeat(40))[0]).toHaveLength(32);
  expect(withTags([], Array.from({ length: 20 }, (_, n) => `${n}`).join(","))).toHaveLength(10);
  expect([endsTag("tea"), endsTag("茶，")]).toEqual([false, true]);
});
