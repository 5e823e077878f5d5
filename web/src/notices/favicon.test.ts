import { expect, test } from "vitest";
import { faviconOf } from "./favicon";

test("the icon bears the number, up to two digits", () => {
  const svg = (unread: number) => decodeURIComponent(faviconOf(unread));
  expect(faviconOf(0)).toBe("/assets/rookery-1.svg");
  expect(svg(7)).toContain(">7</text>");
  expect(svg(99)).toContain(">99</text>");
  expect(svg(1_000)).toContain(">99+</text>");
});
