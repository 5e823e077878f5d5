import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the dark colours are the same by choice and by the system", () => {
  const css = readFileSync(new URL("./base.css", import.meta.url), "utf8");
  const block = (opening: string) => {
    const from = css.indexOf(opening);
    expect(from, opening).toBeGreaterThan(0);
    return css.slice(from + opening.length, css.indexOf("}", from)).match(/--[\w-]+:[^;]+/g);
  };
  const chosen = block(':root[data-theme="dark"] {');
  expect(chosen?.length).toBeGreaterThan(20);
  expect(block(':root:not([data-theme="light"]) {')).toEqual(chosen);
});
