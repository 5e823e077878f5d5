/** Events, batches and frames as they travel: the same nouns as `crates/protocol`. */
import type {
  Block,
  Conversation,
  ConversationSettings,
  Draft,
  Friend,
  FriendRequest,
  Group,
  JoinRequest,
  Mark,
  Member,
  Message,
  Notification,
  OneReaction,
  Presence,
} from "../api/types";

interface Base {
  /** The position in the log; absent on ephemeral signals. */
  id?: number;
  at: string;
}

interface InConversation extends Base {
  conversation_id: number;
}

export type Event =
  | (InConversation & { type: "message.created"; seq: number; message: Message })
  | (InConversation & { type: "message.edited"; seq: number; message?: Message })
  | (InConversation & { type: "message.recalled"; seq: number; message: Message })
  | (InConversation & { type: "message.rejected"; client_id: string })
  | (InConversation & { type: "message.pinned"; seq: number; pinned: Mark })
  | (InConversation & { type: "message.unpinned"; seq: number })
  | (InConversation & { type: "reaction.added" | "reaction.removed"; seq: number; reaction: OneReaction })
  | (InConversation & { type: "receipt"; user_id: number; seq: number })
  | (InConversation & { type: "conversation.created"; conversation: Conversation })
  | (InConversation & { type: "conversation.read"; seq: number; user_id: number; unread?: number })
  | (InConversation & { type: "conversation.updated"; conversation: ConversationSettings })
  | (InConversation & { type: "draft.updated"; draft?: Draft })
  | (InConversation & { type: "member.joined" | "member.left"; member: Member; member_count: number })
  | (InConversation & { type: "member.updated"; member: Member })
  | (InConversation & { type: "group.updated" | "group.dissolved"; group: Group })
  | (InConversation & {
      type: "join_request.created" | "join_request.accepted" | "join_request.declined";
      join_request: JoinRequest;
    })
  | (Base & {
      type: "friend_request.created" | "friend_request.declined" | "friend_request.withdrawn";
      friend_request: FriendRequest;
    })
  | (Base & { type: "friend.added" | "friend.removed" | "friend.updated"; friend: Friend })
  | (Base & { type: "block.added" | "block.removed"; block: Block })
  | (InConversation & { type: "typing"; user_id: number })
  | (Base & { type: "presence"; user_id: number; presence: Presence })
  | (Base & { type: "user.updated"; user_id: number })
  | (Base & { type: "notification.created"; notification: Notification; unread: number })
  | (Base & { type: "notification.read"; unread: number })
  | (Base & { type: "case.opened" | "case.closed"; case_id: number })
  | (Base & { type: "article.published"; article_id: number; category_id: number; author_id: number })
  | (Base & { type: "article.updated" | "article.removed"; article_id: number; category_id: number })
  | (Base & { type: "categories.updated" | "site.updated" });

export interface Batch {
  events: Event[];
  cursor: string;
  reset?: boolean;
  retry_in?: number;
}

export type ServerFrame =
  | { type: "hello"; cursor: string; retry_in: number }
  | ({ type: "events" } & Batch)
  | { type: "beat"; cursor: string }
  | { type: "sent"; client_id: string; message: Message }
  | { type: "error"; client_id?: string; problem: { code: string; status: number } };

/** Close codes that mean something to the client. */
export const CLOSE_LOGGED_OUT = 4401;
