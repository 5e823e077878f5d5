/** Events about messages and about a conversation as its reader sees it. */
import type { Conversation, Message } from "../api/types";
import type { Event } from "../events/wire";
import { withConversation } from "./snapshot";
import { type State, TYPING_MS, without } from "./state";
import { withMention, withReceipt } from "./apply_acts";
import { withMessage } from "./stretches";

type MessageEvent = Extract<
  Event,
  {
    type:
      | "message.created"
      | "conversation.created"
      | "conversation.read"
      | "conversation.updated"
      | "draft.updated"
      | "typing";
  }
>;

export function applyMessageEvent(state: State, event: MessageEvent): State {
  const id = event.conversation_id;
  const conversation = state.conversations[id];
  switch (event.type) {
    case "message.created":
      return created(state, event.message);
    case "conversation.created":
      return conversationCreated(state, event.conversation);
    case "conversation.updated": {
      if (!conversation) return state;
      const { via_group_id: _old, ...rest } = conversation;
      return put(state, { ...rest, ...event.conversation });
    }
    case "draft.updated": {
      if (!conversation) return state;
      const { draft: _old, ...rest } = conversation;
      return put(state, event.draft ? { ...rest, draft: event.draft } : rest);
    }
    case "conversation.read":
      return conversation ? read(state, conversation, event) : state;
    case "typing": {
      if (event.user_id === state.me.id) return state;
      const inForce = { ...state.typing[id], [event.user_id]: Date.parse(event.at) + TYPING_MS };
      return { ...state, typing: { ...state.typing, [id]: inForce } };
    }
  }
}

function put(state: State, conversation: Conversation): State {
  return { ...state, conversations: { ...state.conversations, [conversation.id]: conversation } };
}

/** An older event than the list that was fetched must not turn the conversation back. */
function conversationCreated(state: State, fresh: Conversation): State {
  const known = state.conversations[fresh.id];
  return known && known.last_seq > fresh.last_seq ? state : withConversation(state, fresh);
}

function created(state: State, message: Message): State {
  const next = withMessage(state, message);
  const typing = next.typing[message.conversation_id];
  const settled = typing?.[message.sender_id]
    ? { ...next, typing: { ...next.typing, [message.conversation_id]: without(typing, message.sender_id) } }
    : next;
  const told = counted(broughtBack(settled, message), message);
  const known = withMention(told, message);
  return message.kind === "text"
    ? withReceipt(known, message.conversation_id, message.sender_id, message.seq)
    : known;
}

/** Whatever is said brings back what was put away, unless it is muted; also where it was met in the list before. */
function broughtBack(state: State, message: Message): State {
  const conversation = state.conversations[message.conversation_id];
  if (!conversation?.archived || conversation.muted || message.kind !== "text") return state;
  return put(state, { ...conversation, archived: false });
}

function counted(state: State, message: Message): State {
  const conversation = state.conversations[message.conversation_id];
  if (!conversation || message.seq <= conversation.last_seq) return state;
  const moved = { ...conversation, last_seq: message.seq, last_message: message };
  // Whoever speaks has read what is there, and is not told of apart.
  if (message.kind === "text" && message.sender_id === conversation.peer?.id)
    moved.peer_read_seq = message.seq;
  if (message.kind === "text" && message.sender_id === state.me.id) {
    return put(state, { ...moved, read_seq: message.seq, unread: 0, mentions: [] });
  }
  if (message.kind === "text" && message.seq > conversation.read_seq) moved.unread += 1;
  return put(state, moved);
}

function read(
  state: State,
  conversation: Conversation,
  event: Extract<Event, { type: "conversation.read" }>,
): State {
  if (event.user_id !== state.me.id) {
    const peer_read_seq = Math.max(conversation.peer_read_seq ?? 0, event.seq);
    return put(state, { ...conversation, peer_read_seq });
  }
  // At or before the mark it is an old event met again: its count is of then, and the list's count is newer.
  if (event.seq <= conversation.read_seq) return state;
  const unread = event.seq >= conversation.last_seq ? 0 : (event.unread ?? conversation.unread);
  const mentions = (conversation.mentions ?? []).filter((seq) => seq > event.seq);
  return put(state, { ...conversation, read_seq: event.seq, unread, mentions });
}
