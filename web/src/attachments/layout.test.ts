import { expect, test } from "vitest";
import type { Attachment } from "../api/types";
import { boxOf, columnsFor, heightOf } from "./layout";

test("a picture keeps its shape and stays within its bounds", () => {
  expect(boxOf({ width: 4000, height: 3000 })).toEqual({ width: 320, height: 240 });
  expect(boxOf({ width: 1080, height: 2400 })).toEqual({ width: 162, height: 360 });
  expect(boxOf({ width: 200, height: 100 }), "it is not blown up").toEqual({ width: 200, height: 100 });
});

test("what is very long or very small can still be pointed at", () => {
  expect(boxOf({ width: 10_000, height: 10 })).toEqual({ width: 320, height: 64 });
  expect(boxOf({ width: 1, height: 1 })).toEqual({ width: 96, height: 64 });
  expect(boxOf({ width: 20, height: 9_000 })).toEqual({ width: 96, height: 360 });
  expect(boxOf({ width: null }).width).toBeGreaterThan(0);
});

test("several stand in twos or threes", () => {
  expect([1, 2, 3, 4, 5, 9, 20].map(columnsFor)).toEqual([1, 2, 3, 2, 3, 3, 3]);
});

test("room is kept for all that came with a message", () => {
  const of = (kind: Attachment["kind"], more = {}) => ({ kind, ...more }) as Attachment;
  const picture = of("image", { width: 640, height: 480 });
  expect(heightOf([picture])).toBe(240);
  expect(heightOf([picture, picture, picture, picture])).toBe(240);
  expect(heightOf([picture, of("file")])).toBeGreaterThan(heightOf([of("file")]));
  expect(heightOf([])).toBe(0);
});
