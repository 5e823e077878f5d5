/** Events about groups, their members and those who want to be. */
import type { Group, JoinRequest, Member } from "../api/types";
import type { Event } from "../events/wire";
import { withMentioned } from "./snapshot";
import { type State, without } from "./state";

type GroupEvent = Extract<Event, { type: `member.${string}` | `group.${string}` | `join_request.${string}` }>;

export function applyGroupEvent(state: State, event: GroupEvent): State {
  const id = event.conversation_id;
  switch (event.type) {
    case "member.joined":
    case "member.updated": {
      const count = event.type === "member.joined" ? event.member_count : undefined;
      return counted(putMember(returned(state, id, event.member.user.id), id, event.member), id, count);
    }
    case "member.left":
      if (event.member.user.id === state.me.id) return gone(state, id);
      return counted(parted(dropMember(state, id, event.member.user.id), id, event), id, event.member_count);
    case "group.updated":
      return putGroup(state, id, event.group);
    case "group.dissolved":
      return gone(state, id);
    case "join_request.created":
      return putRequest(state, id, event.join_request);
    case "join_request.accepted":
    case "join_request.declined": {
      const requests = state.joinRequests[id];
      if (!requests) return state;
      return {
        ...state,
        joinRequests: { ...state.joinRequests, [id]: without(requests, event.join_request.id) },
      };
    }
  }
}

/** Out of a group, nothing of it stays on the device. */
function gone(state: State, id: number): State {
  return {
    ...state,
    conversations: without(state.conversations, id),
    timelines: without(state.timelines, id),
    detached: without(state.detached, id),
    members: without(state.members, id),
    parted: without(state.parted, id),
    joinRequests: without(state.joinRequests, id),
    typing: without(state.typing, id),
    receipts: without(state.receipts, id),
    pins: without(state.pins, id),
  };
}

function putMember(state: State, id: number, member: Member): State {
  const known = state.members[id];
  const members = known ? { ...state.members, [id]: { ...known, [member.user.id]: member } } : state.members;
  const conversation = state.conversations[id];
  const own = conversation && member.user.id === state.me.id;
  const conversations = own
    ? { ...state.conversations, [id]: { ...conversation, member } }
    : state.conversations;
  return withMentioned({ ...state, members, conversations }, [member.user]);
}

/** What goes through a group ends for two of whom one has left it. */
function parted(state: State, id: number, event: { member: Member }): State {
  const known = { ...state.parted[id], [event.member.user.id]: true as const };
  return { ...state, parted: { ...state.parted, [id]: known } };
}

function returned(state: State, id: number, user: number): State {
  const known = state.parted[id];
  return known?.[user] ? { ...state, parted: { ...state.parted, [id]: without(known, user) } } : state;
}

function dropMember(state: State, id: number, user: number): State {
  const known = state.members[id];
  return known ? { ...state, members: { ...state.members, [id]: without(known, user) } } : state;
}

function counted(state: State, id: number, member_count: number | undefined): State {
  const group = state.conversations[id]?.group;
  return group && member_count !== undefined ? putGroup(state, id, { ...group, member_count }) : state;
}

function putGroup(state: State, id: number, group: Group): State {
  const conversation = state.conversations[id];
  if (!conversation) return state;
  const next = { ...conversation, group, title: group.name };
  return { ...state, conversations: { ...state.conversations, [id]: next } };
}

function putRequest(state: State, id: number, request: JoinRequest): State {
  const requests = { ...state.joinRequests[id], [request.id]: request };
  return { ...state, joinRequests: { ...state.joinRequests, [id]: requests } };
}
