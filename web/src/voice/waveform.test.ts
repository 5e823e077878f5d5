import { expect, test } from "vitest";
import { VALUES, bars, waveform } from "./waveform";

const tone = (count: number, loudness: (at: number) => number) =>
  Float32Array.from({ length: count }, (_, i) => loudness(i / count) * Math.sin(i));

test("what grows louder looks so, and the loudest is the most", () => {
  const values = waveform(tone(64_000, (at) => at * 0.5));
  expect(values).toHaveLength(VALUES);
  expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
  expect(values.at(-1)).toBe(255);
  for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1] ?? 0);
});

test("silence stays flat", () => {
  expect(waveform(new Float32Array(1_000)).every((value) => value === 0)).toBe(true);
  expect(Math.max(...waveform(tone(10_000, () => 0.002)))).toBeLessThan(40);
});

test("very short recordings have fewer values, but at least one", () => {
  expect(waveform(new Float32Array(0))).toEqual([0]);
  expect(waveform(Float32Array.of(0.5, -0.25))).toEqual([255, 128]);
});

test("bars are as many as there is room for, and keep what is loud", () => {
  expect(bars([0, 255, 51, 0], 2)).toEqual([1, 0.2]);
  expect(bars([255, 0], 4)).toEqual([1, 1, 0, 0]);
  expect(bars([], 3)).toEqual([0, 0, 0]);
});
