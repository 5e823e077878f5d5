import { describe, expect, test } from "vitest";
import type { Conversation, Me, Message, MessagePage } from "../api/types";
import { apply } from "./apply";
import { type State, emptyState } from "./state";
import {
  MOST_SHOWN,
  changedMessage,
  cutNewer,
  cutOlder,
  holds,
  indexOf,
  shownStretch,
  withAround,
  withMessage,
  withNewer,
  withNewest,
  withNewestOnly,
  withOlder,
  withoutDetached,
} from "./stretches";

const me = { id: 10001, name: "Me" } as Me;
const said = (seq: number, text = "") => ({ seq, conversation_id: 5, text }) as Message;
const page = (from: number, to: number, has_more: boolean): MessagePage => ({
  messages: Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => said(from + i)),
  has_more,
});
/** first-last of the timeline, then of the detached stretch. */
const spans = (state: State) =>
  [state.timelines[5], state.detached[5]].map((stretch) => {
    const seqs = stretch?.messages.map((m) => m.seq) ?? [];
    expect(seqs, "without a hole").toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i));
    return seqs.length > 0 ? `${seqs[0]}-${seqs.at(-1)}` : "";
  });
const empty = emptyState(me);

describe("the timeline", () => {
  test("older pages are put in front of where they were asked for", () => {
    const state = withNewest(empty, 5, page(8, 10, true));
    expect(spans(withOlder(state, 5, 8, page(5, 7, false)))).toEqual(["5-10", ""]);
    expect(withOlder(state, 5, 8, page(5, 7, false)).timelines[5]?.hasOlder).toBe(false);
    expect(withOlder(state, 5, 9, page(5, 8, false)), "the list has changed meanwhile").toBe(state);
  });

  test("the newest page joins what is known when there is no hole", () => {
    const known = withNewest(empty, 5, page(3, 6, true));
    expect(spans(withNewest(known, 5, page(6, 9, true)))).toEqual(["3-9", ""]);
    expect(spans(withNewest(known, 5, page(7, 9, true)))).toEqual(["3-9", ""]);
  });

  test("the newest page replaces what is known when there is a hole", () => {
    const state = withNewest(withNewest(empty, 5, page(1, 3, false)), 5, page(7, 9, true));
    expect(spans(state)).toEqual(["7-9", ""]);
    expect(state.timelines[5]?.hasOlder).toBe(true);
  });

  test("a page that was overtaken by events does not take them back", () => {
    const known = withNewest(empty, 5, page(3, 9, true));
    expect(spans(withNewest(known, 5, page(4, 8, true)))).toEqual(["3-9", ""]);
  });

  test("a message that would leave a hole drops it", () => {
    const known = withNewest(empty, 5, page(3, 9, true));
    expect(spans(withMessage(known, said(10)))).toEqual(["3-10", ""]);
    expect(spans(withMessage(known, said(11)))).toEqual(["", ""]);
  });

  test("that nobody looks at does not grow for ever", () => {
    let state = withNewest(empty, 5, page(1, 60, true));
    for (let seq = 61; seq <= 5_000; seq++) state = withMessage(state, said(seq));
    expect(state.timelines[5]?.messages.length).toBeLessThanOrEqual(2_000);
    expect(state.timelines[5]?.messages.at(-1)?.seq).toBe(5_000);
    expect(state.timelines[5]?.hasOlder).toBe(true);
  });
});

describe("a detached stretch", () => {
  const newest = withNewest(empty, 5, page(941, 1_000, true));
  const apart = withAround(newest, 5, { ...page(471, 530, true), has_newer: true });

  test("stands apart from the timeline and is what is shown", () => {
    expect(spans(apart)).toEqual(["941-1000", "471-530"]);
    expect(shownStretch(apart, 5)).toBe(apart.detached[5]);
    expect(shownStretch(withoutDetached(apart, 5), 5)).toBe(newest.timelines[5]);
    expect(holds(shownStretch(apart, 5), 500)).toBe(true);
    expect(holds(shownStretch(apart, 5), 941)).toBe(false);
  });

  test("new messages go to the timeline only", () => {
    expect(spans(withMessage(apart, said(1_001)))).toEqual(["941-1001", "471-530"]);
  });

  test("grows at both ends, where it was asked for", () => {
    const older = withOlder(apart, 5, 471, page(391, 470, true));
    expect(spans(older)).toEqual(["941-1000", "391-530"]);
    expect(spans(withNewer(older, 5, 530, page(531, 610, true)))).toEqual(["941-1000", "391-610"]);
    expect(withNewer(older, 5, 529, page(530, 610, true)), "the list has changed meanwhile").toBe(older);
    expect(withNewer(newest, 5, 1_000, page(1_001, 1_010, false)), "the reader has left").toBe(newest);
  });

  test("joins the timeline where they meet, and where they touch", () => {
    for (const end of [940, 941, 980, 1_000]) {
      const met = withNewer(apart, 5, 530, page(531, end, true));
      expect(spans(met)).toEqual(["471-1000", ""]);
      expect(met.timelines[5]?.hasOlder).toBe(true);
    }
    expect(spans(withNewer(apart, 5, 530, page(531, 939, true)))).toEqual(["941-1000", "471-939"]);
    expect(spans(withAround(newest, 5, { ...page(921, 980, true), has_newer: true }))).toEqual([
      "921-1000",
      "",
    ]);
  });

  test("waits for the timeline when it came first", () => {
    const first = withAround(empty, 5, { ...page(71, 130, true), has_newer: false });
    expect(spans(first)).toEqual(["", "71-130"]);
    expect(spans(withNewest(first, 5, page(71, 130, true)))).toEqual(["71-130", ""]);
    expect(spans(withNewest(first, 5, page(72, 131, true)))).toEqual(["71-131", ""]);
  });

  test("is gone with the group, and when the conversation is closed", () => {
    const event = { type: "group.dissolved", at: "", conversation_id: 5, group: {} } as never;
    expect(spans(apply(apart, event))).toEqual(["", ""]);
    expect(spans(withNewestOnly(apart, 5))).toEqual(["941-1000", ""]);
  });

  test("an empty page is no stretch", () => {
    expect(withAround(newest, 5, { ...page(1, 0, false), has_newer: false })).toBe(newest);
  });
});

test("a message changes wherever it is shown", () => {
  const list = { id: 5, last_seq: 1_000, last_message: said(1_000) } as Conversation;
  let state: State = { ...withNewest(empty, 5, page(941, 1_000, true)), conversations: { 5: list } };
  state = withAround(state, 5, page(471, 530, true));
  const text = (seq: number) =>
    [state.timelines[5], state.detached[5]].flatMap(
      (stretch) => stretch?.messages.filter((m) => m.seq === seq).map((m) => m.text) ?? [],
    );
  state = changedMessage(state, said(500, "edited"));
  expect(text(500)).toEqual(["edited"]);
  state = changedMessage(state, said(1_000, "recalled"));
  expect(text(1_000)).toEqual(["recalled"]);
  expect(state.conversations[5]?.last_message?.text).toBe("recalled");
  const same = changedMessage(state, said(700, "not on this device"));
  expect(same).toBe(state);
});

describe("a stretch that has become long", () => {
  const long = withNewest(empty, 5, page(1, MOST_SHOWN + 200, false));

  test("goes on as a detached one for a reader far up", () => {
    const state = cutNewer(long, 5, 20);
    expect(spans(state)).toEqual(["701-800", "1-400"]);
    expect(spans(cutOlder(state, 5, 20))).toEqual(["701-800", "1-400"]);
  });

  test("loses its beginning behind a reader far down", () => {
    expect(cutNewer(long, 5, 790)).toBe(long);
    expect(spans(cutOlder(long, 5, 790))).toEqual(["401-800", ""]);
    expect(spans(cutOlder(long, 5, Infinity))).toEqual(["401-800", ""]);
    expect(cutOlder(long, 5, 790).timelines[5]?.hasOlder).toBe(true);
  });

  test("keeps what is around a reader in the middle", () => {
    const apart = withAround(withNewest(empty, 5, page(4_000, 4_060, true)), 5, page(1, 800, true));
    const state = cutOlder(cutNewer(apart, 5, 400), 5, 400);
    expect(spans(state)).toEqual(["4000-4060", "1-599"]);
    const longer = withAround(apart, 5, page(1, 1_400, true));
    expect(spans(cutOlder(cutNewer(longer, 5, 700), 5, 700))).toEqual(["4000-4060", "500-899"]);
  });

  test("stays as it is up to the bound", () => {
    const state = withNewest(empty, 5, page(1, MOST_SHOWN, false));
    expect(cutOlder(cutNewer(state, 5, 1), 5, 1)).toBe(state);
  });
});

test("a place is found among messages that are not dense", () => {
  const messages = [2, 3, 10, 11].map((seq) => said(seq));
  expect([1, 2, 4, 10, 11, 12].map((seq) => indexOf(messages, seq))).toEqual([0, 0, 2, 2, 3, 4]);
});
