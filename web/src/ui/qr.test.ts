import { expect, test } from "vitest";
import { QUIET, qrOf } from "./qr";

test("every dark module is drawn once, and none outside", () => {
  const { size, path } = qrOf("https://chat.example/join/aB3_-xaB3_-xaB3_-xaB3_");
  expect(size).toBeGreaterThanOrEqual(21 + 2 * QUIET);
  const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/g)].map((run) => run.slice(1).map(Number));
  expect(runs.map(([x, y, w, back]) => `M${x} ${y}h${w}v1h-${back}z`).join("")).toBe(path);
  const dark = new Set<string>();
  for (const [x = 0, y = 0, width = 0] of runs) {
    for (let at = x; at < x + width; at++) {
      expect(dark.has(`${at} ${y}`)).toBe(false);
      dark.add(`${at} ${y}`);
      expect(Math.min(at, y)).toBeGreaterThanOrEqual(QUIET);
      expect(Math.max(at, y)).toBeLessThan(size - QUIET);
    }
  }
  // The three corners by which a camera finds it.
  for (const [x, y] of [
    [QUIET, QUIET],
    [size - QUIET - 1, QUIET],
    [QUIET, size - QUIET - 1],
  ]) {
    expect(dark.has(`${x} ${y}`)).toBe(true);
  }
});
