import { expect, test } from "vitest";
import { MOST, WHOLE, fitted, moved, zoomed } from "./zoom";

const screen = { width: 1000, height: 800 };
const picture = { width: 4000, height: 2000 };

test("all of a picture is on the screen, and small ones are not blown up", () => {
  expect(fitted(picture, screen)).toEqual({ width: 1000, height: 500 });
  expect(fitted({ width: 50, height: 40 }, screen)).toEqual({ width: 50, height: 40 });
});

test("what is pointed at stays where it is", () => {
  const point = { x: 300, y: 100 };
  const view = zoomed(WHOLE, 4, point, picture, screen);
  // The part of the picture under the point, before and after.
  expect((point.x - view.x) / view.scale).toBeCloseTo(300);
  expect((point.y - view.y) / view.scale).toBeCloseTo(100);
  expect(zoomed(view, 1 / 4, point, picture, screen)).toEqual(WHOLE);
});

test("there is an end to both sides", () => {
  expect(zoomed(WHOLE, 100, { x: 0, y: 0 }, picture, screen).scale).toBe(MOST);
  expect(zoomed(WHOLE, 0.1, { x: 50, y: 50 }, picture, screen)).toEqual(WHOLE);
});

test("a picture cannot be pushed off the screen", () => {
  expect(moved(WHOLE, 500, 500, picture, screen)).toEqual(WHOLE);
  const large = zoomed(WHOLE, 2, { x: 0, y: 0 }, picture, screen);
  expect(moved(large, 9_999, -9_999, picture, screen)).toEqual({ scale: 2, x: 500, y: -100 });
});
