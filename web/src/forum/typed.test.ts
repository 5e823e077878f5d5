import { expect, test } from "vitest";
import type { Fields } from "./autosave";
import { withTyped } from "./typed";

const FIELDS: Fields = {
  title: "Kept",
  summary: "",
  text: "From before.\n",
  tags: ["tea"],
  category_id: 1,
  head_image_id: null,
};
const typed = (fields: Record<string, string>) => ({ fields, changed: Object.keys(fields) });

test("what was typed takes the place of what the form had in it", () => {
  const said = typed({ title: "Typed", text: "Now.", tags: "a, b，c", category_id: "2" });
  expect(withTyped(FIELDS, said, false)).toEqual({
    title: "Typed",
    text: "Now.",
    tags: ["a", "b", "c"],
    category_id: 2,
  });
});

test("what was not touched is left alone, though the form sends it", () => {
  expect(withTyped(FIELDS, { fields: { title: "", text: "Now." }, changed: ["text"] }, false)).toEqual({
    text: "Now.",
  });
});

test("beside something that this device had kept, both stay", () => {
  const said = typed({ title: "Typed", summary: "Short", text: "Now.", tags: "green" });
  expect(withTyped(FIELDS, said, true)).toEqual({
    title: "Kept Typed",
    summary: "Short",
    text: "From before.\n\nNow.",
    tags: ["tea", "green"],
  });
  expect(withTyped(FIELDS, typed({ title: "Kept" }), true)).toEqual({ title: "Kept" });
});
