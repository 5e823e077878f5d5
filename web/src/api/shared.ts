/** What stands out in a conversation: pinned messages and files. */
import { http, unwrap } from "./client";
import type { FilePage, Message, SharedFile } from "./types";

/** All that is pinned: a hundred at most, on several pages where they are large. */
export async function listPins(id: number): Promise<Message[]> {
  const pins: Message[] = [];
  let before: string | undefined;
  do {
    const query = before === undefined ? {} : { before };
    const page = await unwrap(
      http.GET("/api/v1/conversations/{id}/pins", { params: { path: { id }, query } }),
    );
    pins.push(...page.pins);
    before = page.before ?? undefined;
  } while (before !== undefined);
  return pins;
}

/** What is attached to the messages of a conversation, newest first; `kind` as in `image,video`. */
export const listFiles = (id: number, kind: string, before?: string): Promise<FilePage> => {
  const query = before === undefined ? { kind } : { kind, before };
  return unwrap(http.GET("/api/v1/conversations/{id}/files", { params: { path: { id }, query } }));
};

/** The address of an attachment. */
export function attachmentOf(conversation: number, file: SharedFile): string {
  return `/api/v1/conversations/${conversation}/messages/${file.seq}/attachments/${file.n}`;
}
