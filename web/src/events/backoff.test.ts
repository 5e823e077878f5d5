import { expect, test } from "vitest";
import { backoff } from "./backoff";

test("pauses grow, are spread, and have a bound", () => {
  expect(backoff(0, null, () => 0.5)).toBe(0);
  expect(backoff(1, null, () => 0)).toBe(500);
  expect(backoff(1, null, () => 1)).toBe(1000);
  expect(backoff(2, null, () => 1)).toBe(2000);
  expect(backoff(50, null, () => 1)).toBe(20_000);
});

test("what the server asks for is the least, spread by a quarter, and bounded too", () => {
  expect(backoff(0, 800, () => 0)).toBe(800);
  expect(backoff(0, 800, () => 1)).toBe(1000);
  expect(backoff(3, 800, () => 1)).toBe(4000);
  expect(backoff(0, 10 ** 9, () => 1)).toBe(25_000);
});
