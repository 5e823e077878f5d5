import { expect, test } from "vitest";
import { MAX_PLAYED, Played } from "./played";

function fakeStorage(): Storage {
  const map = new Map<string, string>();
  const fake = {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
  return fake as unknown as Storage;
}

test("what was played stays played, over reload and tabs, each account on its own", () => {
  const storage = fakeStorage();
  const one = new Played(1, storage);
  const tab = new Played(1, storage);
  one.add("/a");
  tab.add("/b");
  const later = new Played(1, storage);
  expect([later.has("/a"), later.has("/b"), later.has("/c")]).toEqual([true, true, false]);
  expect(new Played(2, storage).has("/a")).toBe(false);
});

test("only the newest are remembered, and rubbish is none", () => {
  const storage = fakeStorage();
  const played = new Played(1, storage);
  for (let i = 0; i <= MAX_PLAYED; i++) played.add(`/${i}`);
  expect([played.has("/0"), played.has("/1"), played.has(`/${MAX_PLAYED}`)]).toEqual([false, true, true]);
  storage.setItem("rookery.played.3", "{");
  expect(new Played(3, storage).has("/a")).toBe(false);
});
