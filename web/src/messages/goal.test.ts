import { expect, test } from "vitest";
import { goalOf, goalRow, noteOf } from "./goal";
import type { Row } from "./rows";

const at = (value: string) => goalOf(new URLSearchParams({ at: value }), null);

test("a link names a message; anything else names none", () => {
  expect(at("17")).toEqual({ seq: 17, align: "center", lights: true });
  for (const bad of ["", "0", "-1", "1.5", "x", "1e99", "9007199254740993"]) expect(at(bad), bad).toBeNull();
  expect(goalOf(new URLSearchParams(), null)).toBeNull();
});

test("whoever comes back is where they were, not where the link leads", () => {
  const query = new URLSearchParams({ at: "17" });
  expect(goalOf(query, noteOf(5))).toEqual({ seq: 5, align: "start", lights: false });
  expect(goalOf(query, noteOf(0)), "they were at the end").toBeNull();
  expect(goalOf(query, { something: "else" })?.seq).toBe(17);
});

test("the row of a message, or of what is nearest to it", () => {
  const bubble = (seq: number) => ({ kind: "bubble", seq }) as Row;
  const rows: Row[] = [
    { kind: "day", key: "d", at: 0 },
    bubble(4),
    { kind: "new", key: "new" },
    bubble(6),
    bubble(0),
  ];
  const row = (seq: number, align: "center" | "start" = "center") =>
    goalRow(rows, { seq, align, lights: true });
  expect([1, 4, 5, 6, 9].map((seq) => row(seq))).toEqual([1, 1, 3, 3, 3]);
  expect(row(5, "start"), "with the line before it").toBe(2);
  expect(goalRow([], { seq: 1, align: "start", lights: false })).toBe(-1);
});
