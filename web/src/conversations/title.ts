/** What a conversation is called in the reader's language. */
import type { Conversation } from "../api/types";
import { t } from "../i18n/i18n.svelte";

export function titleOf(conversation: Conversation): string {
  return conversation.kind === "saved" ? t("saved_messages") : conversation.title;
}
