/**
 * `apply(state, event) → state`: the one way in which events change what is shown. Every event is an idempotent upsert:
 * applying it twice, or to lists fetched after it happened, changes nothing in the end.
 */
import type { Event } from "../events/wire";
import { applyAct } from "./apply_acts";
import { applyGroupEvent } from "./apply_groups";
import { applyMessageEvent } from "./apply_messages";
import { applyPeopleEvent } from "./apply_people";
import type { State } from "./state";

export function apply(state: State, event: Event): State {
  switch (event.type) {
    case "message.edited":
    case "message.recalled":
    case "message.pinned":
    case "message.unpinned":
    case "reaction.added":
    case "reaction.removed":
    case "receipt":
      return applyAct(state, event);
    case "message.created":
    case "conversation.created":
    case "conversation.read":
    case "conversation.updated":
    case "draft.updated":
    case "typing":
      return applyMessageEvent(state, event);
    case "member.joined":
    case "member.left":
    case "member.updated":
    case "group.updated":
    case "group.dissolved":
    case "join_request.created":
    case "join_request.accepted":
    case "join_request.declined":
      return applyGroupEvent(state, event);
    case "friend_request.created":
    case "friend_request.declined":
    case "friend_request.withdrawn":
    case "friend.added":
    case "friend.removed":
    case "friend.updated":
    case "block.added":
    case "block.removed":
    case "presence":
      return applyPeopleEvent(state, event);
    case "notification.created":
    case "notification.read":
      return { ...state, notifications_unread: event.unread };
    default:
      // "user.updated" and what is said of the forum, of cases and of what was held only say that something is to be fetched; later servers may say more than this client knows.
      return state;
  }
}

export function applyAll(state: State, events: readonly Event[]): State {
  return events.reduce(apply, state);
}

export type EventOf<T extends Event["type"]> = Extract<Event, { type: T }>;
