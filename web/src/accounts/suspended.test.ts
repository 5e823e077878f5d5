import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { suspendedUntil } from "./suspended";

const problem = (code: string, detail: string) => new Problem(code, 403, {}, null, detail);

test("the time is read out of the detail", () => {
  const detail = "This account is suspended until 2026-04-01T12:00:00.000Z";
  expect(suspendedUntil(problem("suspended", detail))).toBe("2026-04-01T12:00:00.000Z");
});

test("without a time, and of other problems, there is none", () => {
  expect(suspendedUntil(problem("suspended", "This account is suspended"))).toBeNull();
  expect(suspendedUntil(problem("suspended", "until 2026-99-99T99:99:99Z"))).toBeNull();
  expect(suspendedUntil(problem("muted", "until 2026-04-01T12:00:00Z"))).toBeNull();
});
