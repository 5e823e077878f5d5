/** Events about what is done to messages: edits, recalls, reactions, pins, read receipts; and unread mentions. */
import type { Message, OneReaction, Reaction } from "../api/types";
import type { Event } from "../events/wire";
import { type State, without } from "./state";
import { changedMessage, updatedMessage } from "./stretches";

type ActEvent = Extract<
  Event,
  {
    type:
      | "message.edited"
      | "message.recalled"
      | "message.pinned"
      | "message.unpinned"
      | "reaction.added"
      | "reaction.removed"
      | "receipt";
  }
>;

/** The most unread mentions that are kept, as in the server's list. */
const MOST_MENTIONS = 100;

export function applyAct(state: State, event: ActEvent): State {
  const { conversation_id: id, seq } = event;
  switch (event.type) {
    case "message.edited":
    case "message.recalled":
      // Without the message it is fetched by whoever may see it.
      if (!event.message) return state;
      return withMention(changedMessage(state, event.message), event.message);
    case "message.pinned":
      return withoutPins(
        updatedMessage(state, id, seq, (message) =>
          message.recalled ? message : { ...message, pinned: event.pinned },
        ),
        id,
      );
    case "message.unpinned":
      return withoutPins(
        updatedMessage(state, id, seq, ({ pinned: _pinned, ...message }) => message),
        id,
      );
    case "reaction.added":
    case "reaction.removed":
      return updatedMessage(state, id, seq, (message) =>
        reacted(message, event.reaction, event.type === "reaction.added"),
      );
    case "receipt":
      return withReceipt(state, id, event.user_id, seq);
  }
}

/** They are fetched again. */
function withoutPins(state: State, id: number): State {
  return state.pins[id] ? { ...state, pins: without(state.pins, id) } : state;
}

/** Sorted by emoji and by person, as the server keeps them. */
function reacted(message: Message, { emoji, user_id }: OneReaction, isThere: boolean): Message {
  if (message.recalled) return message;
  const all = message.reactions ?? [];
  const old = all.find((reaction) => reaction.emoji === emoji)?.user_ids ?? [];
  const rest = old.filter((user) => user !== user_id);
  const user_ids = isThere ? [...rest, user_id].sort((a, b) => a - b) : rest;
  const others = all.filter((reaction) => reaction.emoji !== emoji);
  const now: Reaction[] = user_ids.length > 0 ? [...others, { emoji, user_ids }] : others;
  const { reactions: _old, ...plain } = message;
  if (now.length === 0) return plain;
  return { ...plain, reactions: now.sort((a, b) => (a.emoji < b.emoji ? -1 : 1)) };
}

/** Somebody in a group has read up to here, or said something there. */
export function withReceipt(state: State, id: number, user: number, seq: number): State {
  const known = state.receipts[id]?.[user];
  if (!state.receipts[id] || user === state.me.id || (known && known.seq >= seq)) return state;
  const receipt = { user_id: user, seq, joined_at: known?.joined_at ?? new Date(0).toISOString() };
  return { ...state, receipts: { ...state.receipts, [id]: { ...state.receipts[id], [user]: receipt } } };
}

/** Whether a message is among the unread ones that mention the reader: as its newest word says. */
export function withMention(state: State, message: Message): State {
  const id = message.conversation_id;
  const conversation = state.conversations[id];
  if (!conversation) return state;
  const { me } = state;
  const isNamed = message.mentions_all || message.mentions?.some((mention) => mention.user_id === me.id);
  const isUnread = message.sender_id !== me.id && message.seq > conversation.read_seq;
  const old = conversation.mentions ?? [];
  const rest = old.filter((seq) => seq !== message.seq);
  const isMeant = Boolean(isNamed && isUnread);
  if (isMeant === rest.length < old.length) return state;
  const mentions = isMeant ? [...rest, message.seq].sort((a, b) => a - b).slice(0, MOST_MENTIONS) : rest;
  return { ...state, conversations: { ...state.conversations, [id]: { ...conversation, mentions } } };
}
