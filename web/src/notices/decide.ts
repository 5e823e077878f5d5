/** Which events give a notice, and which take one back. Pure: no browser, no clock. */
import type { Message, Notification } from "../api/types";
import type { Event } from "../events/wire";
import type { State } from "../state/state";

/** What a notice is about. One about the same `about` replaces the one before. */
export type Notice =
  | { about: string; kind: "message"; conversation: number; seq: number; message: Message }
  | { about: string; kind: "friend_request"; from: number; name: string }
  | { about: string; kind: "join_request"; conversation: number; name: string }
  | { about: string; kind: "notification"; notification: Notification };

/** The notice that an event gives, if it gives one; `state` is that after the event. */
export function noticeOf(state: State, event: Event): Notice | null {
  switch (event.type) {
    case "message.created":
      return ofMessage(state, event.message);
    case "friend_request.created": {
      const { id, from, to } = event.friend_request;
      if (to.id !== state.me.id || !(id in state.incoming)) return null;
      return { about: `request ${from.id}`, kind: "friend_request", from: from.id, name: from.name };
    }
    case "join_request.created": {
      const { conversation_id, join_request } = event;
      if (state.conversations[conversation_id]?.muted) return null;
      if (join_request.user.id === state.me.id) return null;
      const { name } = join_request.user;
      return { about: `join ${conversation_id}`, kind: "join_request", conversation: conversation_id, name };
    }
    case "notification.created": {
      const { notification, unread } = event;
      // Seen on another device before this one heard of it.
      if (notification.read || unread === 0) return null;
      return { about: NOTIFICATIONS, kind: "notification", notification };
    }
    default:
      return null;
  }
}

function ofMessage(state: State, message: Message): Notice | null {
  const { conversation_id: id, seq, sender_id } = message;
  const conversation = state.conversations[id];
  if (!conversation || message.kind !== "text" || message.recalled) return null;
  if (sender_id === state.me.id || seq <= conversation.read_seq) return null;
  if (conversation.muted && !mentionsMe(state, message)) return null;
  return { about: aboutMessages(id), kind: "message", conversation: id, seq, message };
}

function mentionsMe(state: State, message: Message): boolean {
  return Boolean(message.mentions_all || message.mentions?.some((who) => who.user_id === state.me.id));
}

/** What the bell tells: the latest takes the place of the one before. */
const NOTIFICATIONS = "notifications";

export function aboutMessages(conversation: number): string {
  return `messages ${conversation}`;
}

/** Whose notice an event ends, if it still shows that message or an earlier one: seen elsewhere, or taken back. */
export function endOf(state: State, event: Event): { about: string; upTo: number; from: number } | null {
  if (event.type === "conversation.read" && event.user_id === state.me.id) {
    return { about: aboutMessages(event.conversation_id), from: 0, upTo: event.seq };
  }
  if (event.type === "notification.read" && event.unread === 0) {
    return { about: NOTIFICATIONS, from: 0, upTo: Number.MAX_SAFE_INTEGER };
  }
  if (event.type === "message.recalled") {
    return { about: aboutMessages(event.conversation_id), from: event.seq, upTo: event.seq };
  }
  return null;
}

/** Whether a moment lies in the quiet hours, by the clock of this device. */
export function isQuiet(hours: { from: string; until: string } | null | undefined, now: Date): boolean {
  if (!hours) return false;
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const [from, until] = [minutes(hours.from), minutes(hours.until)];
  const at = now.getHours() * 60 + now.getMinutes();
  return from < until ? from <= at && at < until : from <= at || at < until;
}
