/** Finding messages, articles, comments, people, groups and files. */
import { http, unwrap } from "./client";
import type { FoundMember, SearchKind, SearchResults } from "./types";

export interface SearchQuery {
  q: string;
  kind?: SearchKind;
  conversation_id?: number;
  sender_id?: number;
  /** RFC 3339. */
  from?: string;
  until?: string;
  has_file?: boolean;
  before?: string;
  limit?: number;
}

export const search = (query: SearchQuery): Promise<SearchResults> =>
  unwrap(http.GET("/api/v1/search", { params: { query } }));

/** Members of a conversation, by any of their names. */
export const findMembers = async (
  conversation_id: number,
  q: string,
  limit: number,
): Promise<FoundMember[]> => (await search({ q, kind: "members", conversation_id, limit })).members ?? [];
