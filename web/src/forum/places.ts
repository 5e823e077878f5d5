/** Addresses of lists: a category, or all of them, with filters and an order. Pure. */
import type { ArticleQuery } from "../api/forum";
import type { ArticleSort } from "../api/types";
import { type Route, href } from "../app/routes";

export const SORTS: readonly ArticleSort[] = ["newest", "active", "liked"];

export interface Place {
  /** A category's short name; empty for all. */
  category: string;
  tag: string;
  /** 0 for anybody. */
  author: number;
  sort: ArticleSort;
}

export function placeOf(route: Route, query: URLSearchParams): Place {
  const sort = SORTS.find((one) => one === query.get("sort")) ?? "newest";
  const author = Number(query.get("author"));
  return {
    category: route.name === "forum_category" ? (route.code ?? "") : "",
    tag: route.name === "forum_tag" ? (route.code ?? "") : (query.get("tag") ?? ""),
    author: Number.isSafeInteger(author) && author > 0 ? author : 0,
    sort,
  };
}

export function linkTo({ category, tag, author, sort }: Place): string {
  const query = new URLSearchParams();
  // A tag alone has an address of its own.
  const own = tag !== "" && category === "" && author === 0;
  if (tag && !own) query.set("tag", tag);
  if (author) query.set("author", `${author}`);
  if (sort !== "newest") query.set("sort", sort);
  const path = category ? href("forum_category", category) : own ? href("forum_tag", tag) : href("forum");
  return query.size > 0 ? `${path}?${query}` : path;
}

export function queryOf({ category, tag, author, sort }: Place): ArticleQuery {
  return {
    ...(category && { category }),
    ...(tag && { tag }),
    ...(author && { author }),
    sort,
  };
}
