/** Questions to the state. Pure. */
import type { Conversation, Friend, User } from "../api/types";
import type { State } from "./state";

/** Pinned ones first, then the latest first. */
export function sortedConversations({ conversations }: Pick<State, "conversations">): Conversation[] {
  return Object.values(conversations).sort(
    (a, b) => Number(b.pinned) - Number(a.pinned) || descending(lastMoved(a), lastMoved(b)) || b.id - a.id,
  );
}

/** Of times as the server writes them; a comparison by language takes ten times as long. */
function descending(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}

function lastMoved(conversation: Conversation): string {
  return conversation.last_message?.sent_at ?? conversation.group?.created_at ?? "";
}

/** What counts in a conversation: its unread messages, or 1 where there are none and it was marked unread. */
export function unreadIn(conversation: Conversation): number {
  return conversation.unread || Number(conversation.marked_unread);
}

/** What is unread everywhere, without what is muted or put away. */
export function totalUnread({ conversations }: Pick<State, "conversations">): number {
  return Object.values(conversations).reduce((sum, c) => sum + (c.muted || c.archived ? 0 : unreadIn(c)), 0);
}

/** What the page's title and icon count. */
export function totalNews(state: Pick<State, "conversations" | "notifications_unread">): number {
  return totalUnread(state) + state.notifications_unread;
}

/** What the reader calls this person: their own remark, the nickname in this group, the name; else undefined. */
export function nameOf(state: State, user: number, conversation?: number): string | undefined {
  const member = conversation === undefined ? undefined : state.members[conversation]?.[user];
  return (
    state.friends[user]?.remark ||
    member?.nickname ||
    state.users[user]?.name ||
    member?.user.name ||
    undefined
  );
}

/** Why nothing can be sent here, or null. */
export type Obstacle =
  | { why: "not_friends" | "blocked" | "all_muted" }
  /** Silenced until then, in milliseconds since 1970. */
  | { why: "muted" | "muted_on_site"; until: number };

export function obstacle(state: State, conversation: Conversation, now: number): Obstacle | null {
  const silent = state.me.muted_until ? Date.parse(state.me.muted_until) : 0;
  if (silent > now) return { why: "muted_on_site", until: silent };
  if (conversation.kind === "direct") {
    const peer = conversation.peer?.id ?? 0;
    if (peer in state.blocks) return { why: "blocked" };
    // A temporary session ends when one of the two leaves the group. Of what was missed the answer to a send tells.
    const via = conversation.via_group_id ?? 0;
    const members = state.members[via];
    const gone = state.parted[via]?.[peer] || (members && !(peer in members));
    const shared = via in state.conversations && !gone;
    return peer in state.friends || shared ? null : { why: "not_friends" };
  }
  const { member, group } = conversation;
  const until = member?.muted_until ? Date.parse(member.muted_until) : 0;
  if (until > now) return { why: "muted", until };
  if (group?.all_muted && member?.role === "member") return { why: "all_muted" };
  return null;
}

/** Who is typing in a conversation right now. */
export function typingUsers(state: State, conversation: number, now: number): number[] {
  return Object.entries(state.typing[conversation] ?? {})
    .filter(([, until]) => until > now)
    .map(([user]) => Number(user));
}

export interface Folder {
  name: string;
  friends: Friend[];
}

/** Friends by folder: the default folder (no name) first, then by name; inside, those online first, then by name. */
export function friendsByFolder(state: State): Folder[] {
  const folders = new Map<string, Friend[]>();
  for (const friend of Object.values(state.friends)) {
    const folder = folders.get(friend.folder) ?? [];
    folder.push(friend);
    folders.set(friend.folder, folder);
  }
  const online = (f: Friend) => Number(profile(state, f.user).presence === "online");
  const called = (f: Friend) => f.remark || profile(state, f.user).name;
  return [...folders]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, friends]) => ({
      name,
      friends: friends.sort((a, b) => online(b) - online(a) || called(a).localeCompare(called(b))),
    }));
}

/** The newest that is known of a person. */
export function profile(state: State, user: User): User {
  return state.users[user.id] ?? user;
}
