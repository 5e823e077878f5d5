import "../i18n/for_tests";
import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { Pages } from "./pages.svelte";

/** Ten numbers, three a page. */
const fetch = async (before: string | undefined) => {
  const from = Number(before ?? 0);
  const rows = [0, 1, 2].map((n) => from + n).filter((n) => n < 10);
  return { rows, cursor: from + 3 < 10 ? String(from + 3) : null };
};

test("pages go forward to the end and back to the beginning", async () => {
  const pages = new Pages(fetch);
  await pages.begin();
  expect([pages.rows, pages.hasBack, pages.hasNext]).toEqual([[0, 1, 2], false, true]);
  for (let n = 0; n < 5; n++) await pages.forward();
  expect([pages.rows, pages.number, pages.hasNext]).toEqual([[9], 4, false]);
  await pages.back();
  expect([pages.rows, pages.number]).toEqual([[6, 7, 8], 3]);
  await pages.begin();
  expect([pages.rows, pages.number]).toEqual([[0, 1, 2], 1]);
});

test("what was asked for last is shown, whatever comes last", async () => {
  const answers: ((rows: { rows: string[] }) => void)[] = [];
  const pages = new Pages<string>(() => new Promise((resolve) => answers.push(resolve)));
  const [first, second] = [pages.begin(), pages.begin()];
  answers[1]?.({ rows: ["new"] });
  await second;
  answers[0]?.({ rows: ["old"] });
  await first;
  expect([pages.rows, pages.loading]).toEqual([["new"], false]);
});

test("a failure is said and what was shown stays", async () => {
  let fails = false;
  const pages = new Pages(async () => {
    if (fails) throw new Problem("forbidden", 403);
    return { rows: [1] };
  });
  await pages.begin();
  fails = true;
  await pages.reload();
  expect(pages.failure).toBe("You may not do that.");
  expect(pages.rows).toEqual([1]);
});

test("a row that changed is replaced, one that is gone goes", async () => {
  const pages = new Pages(fetch);
  await pages.begin();
  pages.replace((n) => n === 1, 100);
  pages.replace((n) => n === 2, null);
  expect(pages.rows).toEqual([0, 100]);
});
