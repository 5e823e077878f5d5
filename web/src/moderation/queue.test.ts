import { expect, test } from "vitest";
import { queue } from "./queue.svelte";

test("one goes forward and back, and stops at the ends", () => {
  queue.set([5, 3, 9]);
  expect(queue.beside(5, 1)).toBe(3);
  expect(queue.beside(9, 1)).toBeUndefined();
  expect(queue.beside(3, -1)).toBe(5);
  expect(queue.beside(5, -1)).toBeUndefined();
});

test("whoever comes from elsewhere begins at the first", () => {
  queue.set([5, 3]);
  expect(queue.beside(100, 1)).toBe(5);
  queue.set([]);
  expect(queue.beside(100, 1)).toBeUndefined();
});
