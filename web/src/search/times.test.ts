import { expect, test } from "vitest";
import { timesOf } from "./times";

const filters = { where: 0, who: 0, when: "any" as const, from: "", until: "", hasFile: false };

test("ages count back from now, own dates are whole days of this device", () => {
  const now = Date.parse("2026-03-31T12:00:00Z");
  expect(timesOf(filters, now)).toEqual({});
  expect(timesOf({ ...filters, when: "week" }, now)).toEqual({ from: "2026-03-24T12:00:00.000Z" });
  const own = timesOf({ ...filters, when: "own", from: "2026-03-31", until: "2026-03-31" }, now);
  expect(own.from).toBe(new Date(2026, 2, 31).toISOString());
  expect(own.until).toBe(new Date(2026, 3, 1).toISOString());
  expect(timesOf({ ...filters, when: "own" }, now)).toEqual({});
});
