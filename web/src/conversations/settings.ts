/** The reader's own settings of a conversation. */
import * as api from "../api/conversations";
import type { Conversation } from "../api/types";
import type { Live } from "../app/live.svelte";

export async function setOwn(
  live: Live,
  conversation: Conversation,
  change: { pinned?: boolean; muted?: boolean },
): Promise<void> {
  await api.updateConversation(conversation.id, change);
  const { id, pinned, muted, via_group_id } = conversation;
  live.applyNow({
    type: "conversation.updated",
    at: new Date().toISOString(),
    conversation_id: id,
    conversation: { id, pinned, muted, ...(via_group_id !== undefined && { via_group_id }), ...change },
  });
}
