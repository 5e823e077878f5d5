/** What stands out in a conversation: pinned messages and files. */
import { http, unwrap } from "./client";
import type { FilePage, Message, SharedFile } from "./types";

export const listPins = async (id: number): Promise<Message[]> =>
  (await unwrap(http.GET("/api/v1/conversations/{id}/pins", { params: { path: { id } } }))).pins;

/** What is attached to the messages of a conversation, newest first; `kind` as in `image,video`. */
export const listFiles = (id: number, kind: string, before?: string): Promise<FilePage> => {
  const query = before === undefined ? { kind } : { kind, before };
  return unwrap(http.GET("/api/v1/conversations/{id}/files", { params: { path: { id }, query } }));
};

/** The address of an attachment. */
export function attachmentOf(conversation: number, file: SharedFile): string {
  return `/api/v1/conversations/${conversation}/messages/${file.seq}/attachments/${file.n}`;
}
