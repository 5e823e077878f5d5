import { expect, test } from "vitest";
import { customName, whoReacted } from "./reactions";

test("custom emoji are told from all others", () => {
  expect([":pengu:", ":好:", "👍", "❤️", "::", ":"].map(customName)).toEqual([
    "pengu",
    "好",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("who reacted is said by name, oneself first, and the others are counted", () => {
  const names: Record<number, string> = { 1: "you", 2: "Ben", 3: "Cat", 5: "Eve" };
  const who = (users: number[], most = 3) => whoReacted(users, 1, (user) => names[user], most);
  expect(who([2])).toEqual({ names: ["Ben"], others: 0 });
  expect(who([2, 1])).toEqual({ names: ["you", "Ben"], others: 0 });
  expect(who([4, 2, 9])).toEqual({ names: ["Ben"], others: 2 });
  expect(who([2, 3, 5, 1])).toEqual({ names: ["you", "Ben", "Cat"], others: 1 });
  expect(who([4])).toEqual({ names: [], others: 1 });
});
