/** What stands out in a conversation: pinned messages and files. */
import { http, unwrap } from "./client";
import type { Message } from "./types";

export const listPins = async (id: number): Promise<Message[]> =>
  (await unwrap(http.GET("/api/v1/conversations/{id}/pins", { params: { path: { id } } }))).pins;
