/** Events about friends, friend requests, blocks and who is there. */
import type { Friend, FriendRequest, User } from "../api/types";
import type { Event } from "../events/wire";
import { withMentioned } from "./snapshot";
import { type ById, type State, without } from "./state";

type PeopleEvent = Extract<
  Event,
  { type: `friend.${string}` | `friend_request.${string}` | `block.${string}` | "presence" }
>;

export function applyPeopleEvent(state: State, event: PeopleEvent): State {
  switch (event.type) {
    case "friend_request.created":
      return requested(state, event.friend_request);
    case "friend_request.declined":
    case "friend_request.withdrawn":
      return {
        ...state,
        incoming: without(state.incoming, event.friend_request.id),
        outgoing: without(state.outgoing, event.friend_request.id),
      };
    case "friend.added":
      return befriended(state, event.friend);
    case "friend.updated":
      return titled(
        { ...state, friends: { ...state.friends, [event.friend.user.id]: event.friend } },
        event.friend,
      );
    case "friend.removed": {
      const { user } = event.friend;
      return titled({ ...state, friends: without(state.friends, user.id) }, { ...event.friend, remark: "" });
    }
    case "block.added":
      return { ...state, blocks: { ...state.blocks, [event.block.user.id]: event.block } };
    case "block.removed":
      return { ...state, blocks: without(state.blocks, event.block.user.id) };
    case "presence":
      return present(state, event);
  }
}

function requested(state: State, request: FriendRequest): State {
  if (request.to.id === state.me.id) {
    const incoming = { ...state.incoming, [request.id]: request };
    return withMentioned({ ...state, incoming }, [request.from]);
  }
  return withMentioned({ ...state, outgoing: { ...state.outgoing, [request.id]: request } }, [request.to]);
}

function befriended(state: State, friend: Friend): State {
  const other = friend.user.id;
  const unless = (requests: ById<FriendRequest>) =>
    Object.fromEntries(Object.entries(requests).filter(([, r]) => r.from.id !== other && r.to.id !== other));
  const next = {
    ...state,
    friends: { ...state.friends, [other]: friend },
    incoming: unless(state.incoming),
    outgoing: unless(state.outgoing),
  };
  return withoutGroup(titled(withMentioned(next, [friend.user]), friend), other);
}

/** Between friends a temporary session is an ordinary conversation. */
function withoutGroup(state: State, peer: number): State {
  const conversation = Object.values(state.conversations).find((c) => c.peer?.id === peer);
  if (!conversation?.via_group_id) return state;
  const { via_group_id: _old, ...rest } = conversation;
  return { ...state, conversations: { ...state.conversations, [rest.id]: rest } };
}

/** The direct conversation bears the remark, or the name. */
function titled(state: State, friend: Friend): State {
  const conversation = Object.values(state.conversations).find((c) => c.peer?.id === friend.user.id);
  if (!conversation) return state;
  const next = { ...conversation, title: friend.remark || friend.user.name };
  return { ...state, conversations: { ...state.conversations, [conversation.id]: next } };
}

function present(
  state: State,
  { user_id, presence }: { user_id: number; presence: User["presence"] },
): State {
  const user = state.users[user_id];
  return user ? { ...state, users: { ...state.users, [user_id]: { ...user, presence } } } : state;
}
