import { expect, test } from "vitest";
import { diffLines, folded } from "./diff";

const said = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`);

test("lines that stay, go and come", () => {
  expect(said("a\nb\nc", "a\nx\nc\nd")).toEqual([" a", "-b", "+x", " c", "+d"]);
  expect(said("", "a")).toEqual(["-", "+a"]);
  expect(said("a\nb", "a\nb")).toEqual([" a", " b"]);
  expect(said("a\nb\na\nc", "b\na\nc\na")).toEqual(["-a", " b", " a", " c", "+a"]);
});

test("far from any change nothing is shown", () => {
  const before = Array.from({ length: 20 }, (_, at) => `${at}`);
  const after = before.with(10, "x");
  const shown = folded(diffLines(before.join("\n"), after.join("\n"))).map((line) => line?.text ?? null);
  expect(shown).toEqual([null, "8", "9", "10", "x", "11", "12", null]);
});
