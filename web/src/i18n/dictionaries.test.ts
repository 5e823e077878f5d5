import { expect, test } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

const parameters = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test("both languages say the same things with the same parameters", () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    expect(en[key].trim(), key).not.toBe("");
    expect(zh[key].trim(), key).not.toBe("");
    expect(parameters(zh[key]), key).toEqual(parameters(en[key]));
  }
});
