import { expect, test } from "vitest";
import { areaOf, lineOf, told } from "./chart";

test("the largest touches the top, nothing lies on the ground", () => {
  expect(lineOf([0, 5, 10])).toBe("M0 64L120 32L240 0");
  expect(areaOf([0, 10])).toBe("M0 64L240 0L240 64L0 64Z");
  expect(lineOf([0, 0])).toBe("M0 64L240 64");
});

test("one number is a line, none is nothing", () => {
  expect(lineOf([3])).toBe("M0 0L240 0");
  expect(lineOf([])).toBe("");
  expect(areaOf([])).toBe("");
});

test("the numbers are told, too", () => {
  expect(told([1, 4, 2])).toEqual({ now: 2, most: 4, sum: 7 });
  expect(told([])).toEqual({ now: 0, most: 0, sum: 0 });
});
