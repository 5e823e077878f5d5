import { beforeEach, expect, test, vi } from "vitest";
import { draft, keepDraft, kept, keptIn, store } from "./drafts.svelte";

const [ME, CHAT] = [7, 501];
const LONG = "x".repeat(20_001);

beforeEach(() => {
  const stored: Record<string, string> = {};
  const hidden = { enumerable: false };
  Object.defineProperties(stored, {
    getItem: { ...hidden, value: (key: string) => stored[key] ?? null },
    setItem: { ...hidden, value: (key: string, value: string) => void (stored[key] = value) },
    removeItem: { ...hidden, value: (key: string) => delete stored[key] },
  });
  vi.stubGlobal("localStorage", stored);
  store(ME, CHAT, null);
});

test("what is too long to be stored is kept all the same, instead of what was stored before", () => {
  keepDraft(ME, CHAT, "short");
  keepDraft(ME, CHAT, LONG);
  expect(draft(ME, CHAT)).toBe(LONG);
  expect(kept(ME, CHAT)).toMatchObject({ text: LONG, dirty: true });
  expect(keptIn(ME)).toEqual([CHAT]);
  expect(Object.keys(localStorage)).toEqual([]);
});

test("shortened it is stored again, and sent it is gone", () => {
  keepDraft(ME, CHAT, LONG);
  keepDraft(ME, CHAT, "short");
  expect(kept(ME, CHAT)?.text).toBe("short");
  keepDraft(ME, CHAT, LONG);
  store(ME, CHAT, null);
  expect([kept(ME, CHAT), keptIn(ME), draft(ME, CHAT)]).toEqual([null, [], ""]);
});
