/** Lists of articles and what is done to them. Pure. */
import type { ArticleSummary } from "../api/types";

/** A list in the browser is not longer; the oldest page is not fetched beyond it. */
export const MOST_LISTED = 1_000;

type Articles = readonly ArticleSummary[];

/** A further page behind what is there. What moved meanwhile is not shown twice. */
export function withPage(list: Articles, page: Articles): ArticleSummary[] {
  const known = new Set(list.map((one) => one.id));
  return [...list, ...page.filter((one) => !known.has(one.id))].slice(0, MOST_LISTED);
}

/**
 * The first page as it is now, before what is there: nothing that was loaded goes, and what the page says of an article
 * counts. Those pinned stay on top.
 */
export function withFirst(list: Articles, page: Articles): ArticleSummary[] {
  const fresh = new Set(page.map((one) => one.id));
  return [...page, ...list.filter((one) => !fresh.has(one.id))].slice(0, MOST_LISTED);
}

/** An article as it is now, in its place; nothing where it is not listed. */
export function withArticle(list: Articles, article: ArticleSummary): Articles {
  return list.some((one) => one.id === article.id)
    ? list.map((one) => (one.id === article.id ? article : one))
    : list;
}

export function withoutArticle(list: Articles, id: number): Articles {
  return list.some((one) => one.id === id) ? list.filter((one) => one.id !== id) : list;
}
