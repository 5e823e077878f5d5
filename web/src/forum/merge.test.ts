import { expect, test } from "vitest";
import type { ArticleSummary } from "../api/types";
import { withArticle, withFirst, withPage, withoutArticle } from "./merge";

const article = (id: number, title = `${id}`) => ({ id, title }) as ArticleSummary;
const ids = (list: readonly ArticleSummary[]) => list.map((one) => one.id);
const list = [article(3), article(2), article(1)];

test("a page is put behind, and nothing stands twice", () => {
  expect(ids(withPage(list, [article(1), article(0)]))).toEqual([3, 2, 1, 0]);
});

test("the first page comes before, and what was loaded stays", () => {
  const next = withFirst(list, [article(5), article(4), article(3, "new")]);
  expect(ids(next)).toEqual([5, 4, 3, 2, 1]);
  expect(next[2]?.title).toBe("new");
});

test("a change takes its place, and what is gone goes", () => {
  expect(withArticle(list, article(2, "new"))[1]?.title).toBe("new");
  expect(withArticle(list, article(9))).toBe(list);
  expect(ids(withoutArticle(list, 2))).toEqual([3, 1]);
  expect(withoutArticle(list, 9)).toBe(list);
});
