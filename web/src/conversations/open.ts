/** Opening the conversation with a person, which is made if need be. */
import * as api from "../api/conversations";
import type { Live } from "../app/live.svelte";
import { go } from "../app/router.svelte";
import { withConversation } from "../state/snapshot";

/** `viaGroup` is for two members of one group who are not friends. */
export async function openChat(live: Live, user: number, viaGroup?: number): Promise<void> {
  const known = Object.values(live.state.conversations).find((c) => c.peer?.id === user);
  if (known && (viaGroup === undefined || known.via_group_id === viaGroup || user in live.state.friends)) {
    return go("chat", known.id);
  }
  const conversation = await api.openDirect(user, viaGroup);
  live.change((state) => withConversation(state, conversation));
  go("chat", conversation.id);
}

/** One's own saved messages. */
export async function openSaved(live: Live): Promise<void> {
  const known = Object.values(live.state.conversations).find((c) => c.kind === "saved");
  if (known) return go("chat", known.id);
  const conversation = await api.openSaved();
  live.change((state) => withConversation(state, conversation));
  go("chat", conversation.id);
}
