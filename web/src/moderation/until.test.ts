import { expect, test } from "vitest";
import { holds, lasts, needsNote, untilOf } from "./until";

const NOW = Date.parse("2026-03-01T12:00:00Z");

test("a span counts from now", () => {
  expect(untilOf(3_600_000, "", NOW)).toBe("2026-03-01T13:00:00.000Z");
});

test("a picked time has to be to come, and not too far", () => {
  expect(untilOf(null, "2026-03-02T12:00:00Z", NOW)).toBe("2026-03-02T12:00:00.000Z");
  for (const picked of ["", "tomorrow", "2026-03-01T12:00:00Z", "2020-01-01T00:00", "2046-01-01T00:00"]) {
    expect(untilOf(null, picked, NOW), picked).toBeNull();
  }
});

test("what holds is over at its time", () => {
  expect(holds("2026-03-01T12:00:01Z", NOW)).toBe(true);
  expect(holds("2026-03-01T12:00:00Z", NOW)).toBe(false);
  expect(holds(null, NOW)).toBe(false);
});

test("only mutes and suspensions last; only nothing and letting through need no reason", () => {
  expect((["warn", "mute", "suspend", "ban"] as const).filter(lasts)).toEqual(["mute", "suspend"]);
  expect((["dismiss", "approve", "hide", "unban"] as const).filter(needsNote)).toEqual(["hide", "unban"]);
});
