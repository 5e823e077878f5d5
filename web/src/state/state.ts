/**
 * Everything the client knows about the world, as plain immutable data. No framework, no network, no clock:
 * `apply` and the functions of `snapshot` make a new state from an old one, and nothing else does.
 */
import type {
  Block,
  Conversation,
  Friend,
  FriendRequest,
  JoinRequest,
  Me,
  Member,
  Message,
  Receipt,
  User,
} from "../api/types";

export type ById<T> = Readonly<Record<number, T>>;

/** A part of a conversation's messages that is on this device: a stretch without a hole. See `stretches.ts`. */
export interface Timeline {
  /** Ascending by `seq`; nothing that the reader may see is missing in between. */
  readonly messages: readonly Message[];
  /** There are older ones on the server. */
  readonly hasOlder: boolean;
}

export interface State {
  readonly me: Me;
  /** Profiles seen so far. */
  readonly users: ById<User>;
  readonly conversations: ById<Conversation>;
  /** Up to the newest message. Only of conversations that were opened. */
  readonly timelines: ById<Timeline>;
  /** Where somebody reads far from the newest: a stretch with messages missing between it and the timeline. */
  readonly detached: ById<Timeline>;
  /** What replies answer and no stretch holds: conversation → seq → message. */
  readonly quoted: ById<ById<Message>>;
  /** Pinned messages, the one pinned last first; absent where they are to be fetched. */
  readonly pins: ById<readonly Message[]>;
  /** Only of groups that were opened: group → user → how far they let others know that they have read. */
  readonly receipts: ById<ById<Receipt>>;
  /** Only of groups that were opened: group → user → member. */
  readonly members: ById<ById<Member>>;
  /** Who was seen leaving: group → user. Until they come again, or everything is fetched anew. */
  readonly parted: ById<ById<true>>;
  readonly friends: ById<Friend>;
  readonly blocks: ById<Block>;
  readonly incoming: ById<FriendRequest>;
  readonly outgoing: ById<FriendRequest>;
  /** group → request. */
  readonly joinRequests: ById<ById<JoinRequest>>;
  /** conversation → user → until when the signal is in force, in milliseconds since 1970. */
  readonly typing: ById<ById<number>>;
  /** Notifications that the reader has not seen, at most 1,000. */
  readonly notifications_unread: number;
}

/** How long "typing" is in force after the last signal. */
export const TYPING_MS = 6_000;

export function emptyState(me: Me): State {
  return {
    me,
    users: { [me.id]: me },
    conversations: {},
    timelines: {},
    detached: {},
    quoted: {},
    pins: {},
    receipts: {},
    members: {},
    parted: {},
    friends: {},
    blocks: {},
    incoming: {},
    outgoing: {},
    joinRequests: {},
    typing: {},
    notifications_unread: 0,
  };
}

export function without<T>(map: ById<T>, id: number): ById<T> {
  if (!(id in map)) return map;
  const { [id]: _gone, ...rest } = map as Record<number, T>;
  return rest;
}

export function byId<T>(list: readonly T[], key: (item: T) => number): ById<T> {
  return Object.fromEntries(list.map((item) => [key(item), item]));
}
