/** Conversations, messages, read marks and typing. */
import { http, unwrap } from "./client";
import type {
  Conversation,
  ConversationPage,
  ConversationSettings,
  Message,
  MessagePage,
  NewMessage,
} from "./types";

const at = (id: number) => ({ path: { id } });

/** Conversations a page asked for. */
const PAGE = 100;

/** A page of the list, latest first; `before` is what the page before it says, absent for the first. */
export const listConversations = (before?: string): Promise<ConversationPage> =>
  unwrap(
    http.GET("/api/v1/conversations", {
      params: { query: before === undefined ? { limit: PAGE } : { limit: PAGE, before } },
    }),
  );
export const getConversation = (id: number): Promise<Conversation> =>
  unwrap(http.GET("/api/v1/conversations/{id}", { params: at(id) }));
export const openDirect = (user_id: number, via_group_id?: number): Promise<Conversation> =>
  unwrap(
    http.POST("/api/v1/conversations", {
      body: via_group_id === undefined ? { user_id } : { user_id, via_group_id },
    }),
  );
export const openSaved = (): Promise<Conversation> =>
  unwrap(http.POST("/api/v1/conversations", { body: { saved: true } }));
/** The reader's own settings; what is absent stays. */
export type OwnChange = Partial<
  Pick<ConversationSettings, "pinned" | "muted" | "archived" | "marked_unread">
>;
export const keepDraft = async (id: number, text: string): Promise<void> =>
  void (await unwrap(http.PUT("/api/v1/conversations/{id}/draft", { params: at(id), body: { text } })));
export const updateConversation = async (id: number, body: OwnChange): Promise<void> =>
  void (await unwrap(http.PATCH("/api/v1/conversations/{id}", { params: at(id), body })));

export const listMessages = (
  id: number,
  query: { before_seq?: number; after_seq?: number; around_seq?: number; limit?: number },
): Promise<MessagePage> =>
  unwrap(http.GET("/api/v1/conversations/{id}/messages", { params: { ...at(id), query } }));
export const postMessage = (id: number, body: NewMessage): Promise<Message> =>
  unwrap(http.POST("/api/v1/conversations/{id}/messages", { params: at(id), body }));
export const markRead = async (id: number, seq: number): Promise<void> =>
  void (await unwrap(http.PUT("/api/v1/conversations/{id}/read", { params: at(id), body: { seq } })));
export const signalTyping = async (id: number): Promise<void> =>
  void (await unwrap(http.POST("/api/v1/conversations/{id}/typing", { params: at(id) })));
