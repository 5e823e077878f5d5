import { describe, expect, test } from "vitest";
import type { Me, Message } from "../api/types";
import { withNewest, withOlder } from "./snapshot";
import { emptyState } from "./state";

const me = { id: 10001, name: "Me" } as Me;
const page = (from: number, to: number, has_more: boolean) => ({
  messages: Array.from(
    { length: to - from + 1 },
    (_, i) => ({ seq: from + i, conversation_id: 5 }) as Message,
  ),
  has_more,
});
const seqs = (state: ReturnType<typeof withNewest>) => state.timelines[5]?.messages.map((m) => m.seq);

describe("pages of messages", () => {
  test("older pages are put in front, overlap is dropped", () => {
    const state = withOlder(withNewest(emptyState(me), 5, page(8, 10, true)), 5, page(5, 8, false));
    expect(seqs(state)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(state.timelines[5]?.hasOlder).toBe(false);
  });

  test("the newest page joins what is known when there is no hole", () => {
    const known = withNewest(emptyState(me), 5, page(3, 6, true));
    expect(seqs(withNewest(known, 5, page(6, 9, true)))).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(seqs(withNewest(known, 5, page(7, 9, true)))).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  test("the newest page replaces what is known when there is a hole", () => {
    const known = withNewest(emptyState(me), 5, page(1, 3, false));
    const state = withNewest(known, 5, page(7, 9, true));
    expect(seqs(state)).toEqual([7, 8, 9]);
    expect(state.timelines[5]?.hasOlder).toBe(true);
  });

  test("a page that was overtaken by events does not take them back", () => {
    const known = withNewest(emptyState(me), 5, page(3, 9, true));
    expect(seqs(withNewest(known, 5, page(4, 8, true)))).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });
});
