import { expect, test } from "vitest";
import { misplaced, moved } from "./order";

test("one is moved and the others keep their order", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b"], 1, 9)).toEqual(["a", "b"]);
  expect(moved(["a"], 5, 0)).toEqual(["a"]);
});

test("only those are told whose place is another one", () => {
  const list = [{ position: 0 }, { position: 2 }, { position: 1 }];
  expect(misplaced(list)).toEqual([
    { one: list[1], position: 1 },
    { one: list[2], position: 2 },
  ]);
});
