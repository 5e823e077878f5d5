/** The reader's own settings of a conversation. */
import * as api from "../api/conversations";
import type { Conversation } from "../api/types";
import type { Live } from "../app/live.svelte";
import { withConversation } from "../state/snapshot";

export async function setOwn(live: Live, conversation: Conversation, change: api.OwnChange): Promise<void> {
  await api.updateConversation(conversation.id, change);
  const { id, pinned, muted, archived, marked_unread, via_group_id } = conversation;
  live.applyNow({
    type: "conversation.updated",
    at: new Date().toISOString(),
    conversation_id: id,
    conversation: {
      id,
      pinned,
      muted,
      archived,
      marked_unread,
      ...(via_group_id !== undefined && { via_group_id }),
      ...change,
    },
  });
}

/** As if it were opened and read to its end. */
export async function setRead(live: Live, conversation: Conversation): Promise<void> {
  const { id, last_seq: seq } = conversation;
  await api.markRead(id, seq);
  const at = new Date().toISOString();
  const user_id = live.state.me.id;
  live.applyNow({ type: "conversation.read", at, conversation_id: id, user_id, seq, unread: 0 });
  live.change((state) => {
    const now = state.conversations[id];
    return now ? withConversation(state, { ...now, marked_unread: false }) : state;
  });
}
