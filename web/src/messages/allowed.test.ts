import { describe, expect, test } from "vitest";
import type { Conversation, Me, Message } from "../api/types";
import { emptyState } from "../state/state";
import { allowed } from "./allowed";

const NOW = Date.parse("2026-01-31T08:00:00.000Z");
const limits = { recall_window_seconds: 120, max_file_size: 1 };
const state = { ...emptyState({ id: 1 } as Me), friends: { 2: {} } } as never;
const direct = { id: 9, kind: "direct", peer: { id: 2 } } as Conversation;
const saved = { id: 9, kind: "saved" } as Conversation;
const group = (role: string) => ({ id: 9, kind: "group", group: {}, member: { role } }) as never;
const said = (sender_id: number, ago = 0, more: object = {}) =>
  ({
    conversation_id: 9,
    seq: 3,
    sender_id,
    sent_at: new Date(NOW - ago).toISOString(),
    ...more,
  }) as Message;

describe("what one may do", () => {
  test("own messages are edited, and recalled for a while", () => {
    expect(allowed(state, direct, said(1), NOW, limits)).toMatchObject({
      edit: true,
      recall: true,
      pin: true,
    });
    expect(allowed(state, direct, said(1, 121_000), NOW, limits)).toMatchObject({
      edit: true,
      recall: false,
    });
    const long = { ...limits, recall_window_seconds: 3_600 };
    expect(allowed(state, direct, said(1, 3_600_000), NOW, long).recall).toBe(true);
    expect(allowed(state, direct, said(1, 3_600_001), NOW, long).recall).toBe(false);
    expect(allowed(state, direct, said(1, 1e9), NOW, null).recall, "the server knows").toBe(true);
    expect(allowed(state, saved, said(1, 1e9), NOW, limits).recall).toBe(true);
    expect(allowed(state, direct, said(1, 0, { forwarded: [{}] }), NOW, limits).edit).toBe(false);
  });
  test("others' messages are left to those who lead the group", () => {
    expect(allowed(state, direct, said(2), NOW, limits)).toMatchObject({ edit: false, recall: false });
    expect(allowed(state, group("member"), said(2), NOW, limits)).toMatchObject({
      recall: false,
      pin: false,
    });
    expect(allowed(state, group("admin"), said(2, 1e9), NOW, limits)).toMatchObject({
      recall: true,
      pin: true,
    });
    expect(allowed(state, group("admin"), said(2, 0, { edited_at: "x" }), NOW, limits).edits).toBe(true);
    expect(allowed(state, group("member"), said(2, 0, { edited_at: "x" }), NOW, limits).edits).toBe(false);
  });
  test("nothing is said where one may not speak", () => {
    const stranger = { ...direct, peer: { id: 3 } } as Conversation;
    expect(allowed(state, stranger, said(1), NOW, limits)).toMatchObject({
      speak: false,
      edit: false,
      pin: false,
    });
  });
});
