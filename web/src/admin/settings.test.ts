import { expect, test } from "vitest";
import type { Setting } from "../api/types";
import { kindOf, meant, shown } from "./settings";

test("what is shown means the same again", () => {
  for (const [kind, value] of [
    ["text", "Rookery"],
    ["registration", "open"],
    ["number", 120],
    ["megabytes", 104_857_600],
  ] as const) {
    expect(meant(kind, shown(kind, value))).toBe(value);
  }
});

test("what is no value is not sent", () => {
  expect(meant("text", "  ")).toBeNull();
  for (const text of ["", "-1", "x", "1.5", "1e999"]) expect(meant("number", text), text).toBeNull();
  expect(meant("megabytes", "1.5")).toBe(1_572_864);
});

test("only what this client knows is shown", () => {
  const setting = (key: string) => ({ key, value: 1, configured: 1, changed: false }) as Setting;
  expect(kindOf(setting("name"))).toBe("text");
  expect(kindOf(setting("constructor"))).toBeUndefined();
});
