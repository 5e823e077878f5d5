import { expect, test } from "vitest";
import { keys } from "./once";

test("what is asked for again has the same key, anything else another", () => {
  const keyOf = keys();
  const first = keyOf({ seqs: [1, 2], title: "a" });
  expect(keyOf({ seqs: [1, 2], title: "a" })).toBe(first);
  const other = keyOf({ seqs: [1, 2], title: "b" });
  expect(other).not.toBe(first);
  expect(keyOf({ seqs: [1, 2], title: "a" })).not.toBe(other);
  expect(keys()({ seqs: [1, 2], title: "a" })).not.toBe(first);
});
