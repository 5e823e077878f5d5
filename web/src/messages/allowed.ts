/** What the reader may do to a message, now. Pure; the server decides in the end. */
import type { Conversation, Limits, Message } from "../api/types";
import { obstacle } from "../state/select";
import type { State } from "../state/state";

export interface Allowed {
  /** Reply and react. */
  speak: boolean;
  edit: boolean;
  recall: boolean;
  pin: boolean;
  readers: boolean;
  edits: boolean;
}

/** `limits` are the operator's; before the server has told them, what they forbid is left to its answer. */
export function allowed(
  state: State,
  conversation: Conversation,
  message: Message,
  now: number,
  limits: Limits | null,
): Allowed {
  const age = now - Date.parse(message.sent_at);
  const fresh = !limits || age <= limits.recall_window_seconds * 1_000;
  const speak = obstacle(state, conversation, now) === null;
  const own = message.sender_id === state.me.id;
  const role = conversation.member?.role ?? "member";
  const leads = role !== "member";
  const isText = !message.forwarded?.length && !message.sticker;
  return {
    speak,
    edit: own && speak && isText,
    recall: own
      ? leads || conversation.kind === "saved" || fresh
      : role === "owner" || (leads && isPlain(state, message)),
    pin: speak && (leads || conversation.kind !== "group"),
    readers: own && conversation.kind === "group",
    edits: Boolean(message.edited_at) && (own || leads),
  };
}

/** An admin does not stand above the owner and other admins; who is not known to be one is taken for a member. */
function isPlain(state: State, message: Message): boolean {
  const sender = state.members[message.conversation_id]?.[message.sender_id];
  return (sender?.role ?? "member") === "member";
}
