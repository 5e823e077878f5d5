/** What a notice says, in the reader's language. */
import type { Message } from "../api/types";
import { t } from "../i18n/i18n.svelte";
import { nameOf } from "../state/select";
import type { State } from "../state/state";

export function noticeText(state: State, message: Message): string {
  const { notice, recalled } = message;
  if (!notice && !recalled) return message.text;
  const called = (id: number | null | undefined, then: string | null | undefined, you: string) => {
    if (id === null || id === undefined) return then ?? "";
    if (id === state.me.id) return you;
    return nameOf(state, id, message.conversation_id) ?? then ?? `${id}`;
  };
  if (!notice && message.moderated) return t("notice_moderated");
  if (!notice) return t("notice_recalled", { actor: called(recalled?.user_id, "", t("you")) });
  const actor = called(notice.actor_id, notice.actor_name, t("you"));
  // Whoever comes or goes begins the sentence; whom something is done to stands within it.
  const begins = notice.code === "joined" || notice.code === "left";
  const user = called(notice.user_id, notice.user_name, t(begins ? "you" : "you_within"));
  switch (notice.code) {
    case "joined":
      return t("notice_joined", { user });
    case "added":
      return t("notice_added", { user, actor });
    case "left":
      return t("notice_left", { user });
    case "removed":
      return t("notice_removed", { user, actor });
    case "renamed":
      return t("notice_renamed", { actor, name: notice.name ?? "" });
    case "transferred":
      return t("notice_transferred", { user, actor });
    case "announced":
      return t("notice_announced", { actor });
    case "pinned":
      return t("notice_pinned", { actor });
    case "all_muted":
      return t("notice_all_muted", { actor });
    case "all_unmuted":
      return t("notice_all_unmuted", { actor });
    default:
      // A later server says more than this client knows: its own words then.
      return message.text;
  }
}
