/** What is done to messages, and asked about them. */
import { http, unwrap } from "./client";
import type { Edit, EditList, Message, ReaderList, Receipt } from "./types";

type Place = Pick<Message, "conversation_id" | "seq">;
const at = ({ conversation_id, seq }: Place) => ({ path: { id: conversation_id, seq } });
const MESSAGE = "/api/v1/conversations/{id}/messages/{seq}";

export const getMessage = (place: Place): Promise<Message> =>
  unwrap(http.GET(MESSAGE, { params: at(place) }));
export const editMessage = (
  place: Place,
  body: Pick<Message, "text"> & Partial<Pick<Message, "mentions" | "mentions_all">>,
): Promise<Message> => unwrap(http.PATCH(MESSAGE, { params: at(place), body }));
export const recallMessage = (place: Place): Promise<Message> =>
  unwrap(http.POST(`${MESSAGE}/recall`, { params: at(place) }));
/** All that a message said before: a hundred texts at most, on several pages where they are long. */
export async function listEdits(place: Place): Promise<Edit[]> {
  const edits: Edit[] = [];
  let from: number | undefined = 0;
  while (from !== undefined) {
    const params: ReturnType<typeof at> & { query: { from: number } } = { ...at(place), query: { from } };
    const page: EditList = await unwrap(http.GET(`${MESSAGE}/edits`, { params }));
    edits.push(...page.edits);
    from = page.next ?? undefined;
  }
  return edits;
}
export const listReaders = (place: Place): Promise<ReaderList> =>
  unwrap(http.GET(`${MESSAGE}/readers`, { params: at(place) }));
export const setPin = async (place: Place, pinned: boolean): Promise<void> =>
  void (await unwrap(
    pinned
      ? http.PUT(`${MESSAGE}/pin`, { params: at(place) })
      : http.DELETE(`${MESSAGE}/pin`, { params: at(place) }),
  ));
export const setReaction = async (place: Place, emoji: string, isThere: boolean): Promise<void> => {
  const params = { path: { ...at(place).path, emoji } };
  await unwrap(
    isThere
      ? http.PUT(`${MESSAGE}/reactions/{emoji}`, { params })
      : http.DELETE(`${MESSAGE}/reactions/{emoji}`, { params }),
  );
};
export const listReceipts = async (id: number): Promise<Receipt[]> =>
  (await unwrap(http.GET("/api/v1/conversations/{id}/receipts", { params: { path: { id } } }))).receipts;
