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
  /** A further page begins behind this cursor; empty for the first one. */
  before: string;
}

export function placeOf(route: Route, query: URLSearchParams): Place {
  const sort = SORTS.find((one) => one === query.get("sort")) ?? "newest";
  const author = Number(query.get("author"));
  return {
    category: route.name === "forum_category" ? (route.code ?? "") : "",
    tag: route.name === "forum_tag" ? (route.code ?? "") : (query.get("tag") ?? ""),
    author: Number.isSafeInteger(author) && author > 0 ? author : 0,
    sort,
    before: query.get("before") ?? "",
  };
}

/** Of the list's first page. */
export function linkTo({ category, tag, author, sort }: Omit<Place, "before">): string {
  const query = new URLSearchParams();
  // A tag alone has an address of its own.
  const own = tag !== "" && category === "" && author === 0;
  if (tag && !own) query.set("tag", tag);
  if (author) query.set("author", `${author}`);
  if (sort !== "newest") query.set("sort", sort);
  const path = category ? href("forum_category", category) : own ? href("forum_tag", tag) : href("forum");
  return query.size > 0 ? `${path}?${query}` : path;
}

/** Of the page of the list that it is. */
export function addressOf(place: Place): string {
  const first = linkTo(place);
  if (!place.before) return first;
  return `${first}${first.includes("?") ? "&" : "?"}${new URLSearchParams({ before: place.before })}`;
}

export function queryOf({ category, tag, author, sort, before }: Place): ArticleQuery {
  return {
    ...(category && { category }),
    ...(tag && { tag }),
    ...(author && { author }),
    sort,
    ...(before && { before }),
  };
}
