import { expect, test } from "vitest";
import { hueOf, initial } from "./avatar";

test("the initial is the first character that a person sees", () => {
  expect(initial("anna")).toBe("A");
  expect(initial(" 陈雨桐")).toBe("陈");
  expect(initial("👩‍👩‍👧 family")).toBe("👩‍👩‍👧");
  expect(initial("  ")).toBe("?");
});

test("neighbouring ids get hues far apart", () => {
  expect(hueOf(10_001)).toBe(hueOf(10_001));
  const apart = Math.abs(hueOf(10_001) - hueOf(10_002));
  expect(Math.min(apart, 360 - apart)).toBeGreaterThan(90);
});
