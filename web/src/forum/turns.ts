/** Which comments of an article an address names: their order, and from which page on. Pure. */
import type { CommentSort } from "../api/types";

export const SORTS: readonly CommentSort[] = ["oldest", "newest", "liked"];

export interface Turn {
  sort: CommentSort;
  /** A further page begins behind this cursor; null for the first one. */
  before: string | null;
}

export function turnOf(query: URLSearchParams): Turn {
  return {
    sort: SORTS.find((one) => one === query.get("sort")) ?? "oldest",
    before: query.get("before") || null,
  };
}

/** What stands behind the path, as the server writes it. */
export function addressOf({ sort, before }: Turn): string {
  const query = new URLSearchParams({ ...(sort !== "oldest" && { sort }), ...(before && { before }) });
  return query.size > 0 ? `?${query}` : "";
}
