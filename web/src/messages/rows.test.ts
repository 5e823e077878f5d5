import { describe, expect, test } from "vitest";
import type { Message } from "../api/types";
import type { Pending } from "../outbox/outbox";
import { isShift, rowsOf } from "./rows";

const ME = 1;
const said = (seq: number, sender_id: number, minute: number, fields: Partial<Message> = {}) =>
  ({
    seq,
    sender_id,
    kind: "text",
    text: `m${seq}`,
    client_id: `c${seq}`,
    sent_at: new Date(2026, 0, 31, 8, minute).toISOString(),
    ...fields,
  }) as Message;
const waiting = (client_id: string, minute: number): Pending => ({
  client_id,
  conversation_id: 5,
  text: "w",
  written_at: new Date(2026, 0, 31, 8, minute).getTime(),
  state: "sending",
});
const shape = (rows: ReturnType<typeof rowsOf>) =>
  rows.map((row) =>
    row.kind === "bubble" ? `${row.text}${row.first ? "^" : ""}${row.last ? "$" : ""}` : row.kind,
  );

describe("rows", () => {
  test("messages of one sender close together are a run", () => {
    const rows = rowsOf(
      [said(1, 2, 0), said(2, 2, 1), said(3, ME, 2), said(4, 2, 3), said(5, 2, 30)],
      [],
      ME,
      null,
    );
    expect(shape(rows)).toEqual(["day", "m1^", "m2$", "m3^$", "m4^$", "m5^$"]);
  });

  test("a new day has a divider", () => {
    const next = said(2, 2, 0, { sent_at: new Date(2026, 1, 1, 8).toISOString() });
    expect(shape(rowsOf([said(1, 2, 0), next], [], ME, null))).toEqual(["day", "m1^$", "day", "m2^$"]);
  });

  test("the line stands before the first unread message of somebody else, once", () => {
    const messages = [said(1, 2, 0), said(2, ME, 1), said(3, 2, 2), said(4, 2, 3)];
    expect(shape(rowsOf(messages, [], ME, 1))).toEqual(["day", "m1^$", "m2^$", "new", "m3^", "m4$"]);
    expect(shape(rowsOf(messages, [], ME, null))).not.toContain("new");
  });

  test("notices stand alone", () => {
    const rows = rowsOf([said(1, 2, 0), said(2, 2, 0, { kind: "notice" }), said(3, 2, 0)], [], ME, null);
    expect(shape(rows)).toEqual(["day", "m1^$", "notice", "m3^$"]);
  });

  test("what is on its way stands at the end, and keeps its key when it is said", () => {
    const before = rowsOf([said(1, 2, 0)], [waiting("c9", 1)], ME, null);
    expect(before.at(-1)).toMatchObject({ key: "own c9", state: "sending", seq: 0 });
    const after = rowsOf([said(1, 2, 0), said(2, ME, 1, { client_id: "c9" })], [waiting("c9", 1)], ME, null);
    expect(after.filter((row) => row.key === "own c9")).toHaveLength(1);
    expect(after.at(-1)).toMatchObject({ key: "own c9", state: "sent", seq: 2 });
  });

  test("somebody else's client_id never stands for an own one", () => {
    const rows = rowsOf([said(1, 2, 0, { client_id: "c9" })], [waiting("c9", 1)], ME, null);
    expect(rows.map((row) => row.key)).toEqual([expect.any(String), "seq 1", "own c9"]);
  });
});

test("the list keeps its place from the end when only its beginning changes", () => {
  const rows = (from: number, to: number) =>
    rowsOf(
      Array.from({ length: to - from + 1 }, (_, i) => said(from + i, 2, 0)),
      [],
      ME,
      null,
    );
  expect(isShift(rows(5, 9), rows(1, 9)), "older ones came").toBe(true);
  expect(isShift(rows(1, 9), rows(5, 9)), "older ones were cut off").toBe(true);
  expect(isShift(rows(5, 9), rows(5, 12)), "newer ones came").toBe(false);
  expect(isShift(rows(5, 9), rows(5, 9))).toBe(false);
  expect(isShift([], rows(5, 9))).toBe(false);
});
