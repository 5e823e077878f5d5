/** What fetched lists do to the state; pages of messages are in `stretches.ts`. */
import type { Block, Conversation, Friend, FriendRequest, JoinRequest, Me, Member, User } from "../api/types";
import { type State, byId, emptyState } from "./state";

export interface Lists {
  me: Me;
  conversations: Conversation[];
  friends: Friend[];
  incoming: FriendRequest[];
  outgoing: FriendRequest[];
  blocks: Block[];
  notifications_unread: number;
}

/** A complete picture, to which the events after the lists' cursor are then applied. */
export function fromLists(lists: Lists): State {
  const state: State = {
    ...emptyState(lists.me),
    conversations: byId(lists.conversations, (c) => c.id),
    friends: byId(lists.friends, (f) => f.user.id),
    incoming: byId(lists.incoming, (r) => r.id),
    outgoing: byId(lists.outgoing, (r) => r.id),
    blocks: byId(lists.blocks, (b) => b.user.id),
    notifications_unread: lists.notifications_unread,
  };
  const people = [
    ...lists.friends.map((f) => f.user),
    ...lists.incoming.map((r) => r.from),
    ...lists.outgoing.map((r) => r.to),
    ...lists.blocks.map((b) => b.user),
    ...lists.conversations.flatMap((c) => (c.peer ? [c.peer] : [])),
  ];
  return withUsers(state, people);
}

export function withUsers(state: State, users: readonly User[]): State {
  if (users.length === 0) return state;
  return { ...state, users: { ...state.users, ...byId(users, (u) => u.id) } };
}

/** People named in events: their presence there is of then, so what is known of it stays. */
export function withMentioned(state: State, users: readonly User[]): State {
  const kept = users.map((user) => ({ ...user, presence: state.users[user.id]?.presence ?? user.presence }));
  return withUsers(state, kept);
}

/** A profile fetched anew, wherever that person is shown. */
export function withProfile(state: State, user: User): State {
  const friend = state.friends[user.id];
  const friends = friend ? { ...state.friends, [user.id]: { ...friend, user } } : state.friends;
  const me = state.me.id === user.id ? { ...state.me, ...user } : state.me;
  const conversations = { ...state.conversations };
  for (const conversation of Object.values(state.conversations)) {
    if (conversation.peer?.id !== user.id) continue;
    conversations[conversation.id] = { ...conversation, peer: user, title: friend?.remark || user.name };
  }
  return { ...state, me, friends, conversations, users: { ...state.users, [user.id]: user } };
}

export function withConversation(state: State, conversation: Conversation): State {
  const next = { ...state, conversations: { ...state.conversations, [conversation.id]: conversation } };
  return conversation.peer ? withUsers(next, [conversation.peer]) : next;
}

/** A further page of the list. What is known already has heard events since, and stays. */
export function withConversations(state: State, list: readonly Conversation[]): State {
  const fresh = list.filter((conversation) => !(conversation.id in state.conversations));
  const next = { ...state, conversations: { ...state.conversations, ...byId(fresh, (c) => c.id) } };
  const peers = fresh.flatMap((c) => (c.peer ? [c.peer] : []));
  return withUsers(next, peers);
}

export function withMembers(state: State, group: number, members: readonly Member[]): State {
  const next = { ...state, members: { ...state.members, [group]: byId(members, (m) => m.user.id) } };
  return withUsers(
    next,
    members.map((m) => m.user),
  );
}

export function withJoinRequests(state: State, group: number, requests: readonly JoinRequest[]): State {
  return { ...state, joinRequests: { ...state.joinRequests, [group]: byId(requests, (r) => r.id) } };
}
