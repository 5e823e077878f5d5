import { describe, expect, test } from "vitest";
import { MAX_CHARS, behind, countChars, isSend, sendable } from "./compose";

const press = (fields: Partial<Parameters<typeof isSend>[0]>) => ({
  key: "Enter",
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 13,
  ...fields,
});

describe("Enter", () => {
  test("sends", () => expect(isSend(press({}))).toBe(true));
  test("with Shift breaks the line", () => expect(isSend(press({ shiftKey: true }))).toBe(false));
  test("during composition belongs to the input method", () =>
    expect(isSend(press({ isComposing: true }))).toBe(false));
  test("that ends a composition is 229 and does not send", () =>
    expect(isSend(press({ keyCode: 229 }))).toBe(false));
  test("other keys do not send", () => expect(isSend(press({ key: "a", keyCode: 65 }))).toBe(false));
});

describe("what is sent", () => {
  test("is trimmed; blank is nothing", () => {
    expect(sendable("  hi \n")).toBe("hi");
    expect(sendable(" \n\t\u3000")).toBeNull();
  });

  test("has at most 10,000 characters, each counted once", () => {
    expect(sendable("字".repeat(MAX_CHARS))).toHaveLength(MAX_CHARS);
    expect(sendable("🐧".repeat(MAX_CHARS))).not.toBeNull();
    expect(sendable("字".repeat(MAX_CHARS + 1))).toBeNull();
    expect(countChars("🐧".repeat(9_600))).toBe(9_600);
  });
});

test("what comes to a box takes nothing away that is in it", () => {
  expect(behind(" \n", "again")).toBe("again");
  expect(behind("half a thought \n", "again")).toBe("half a thought\nagain");
});
