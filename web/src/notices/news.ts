/** What a notification says in one line, and where it leads. */
import type { Notification } from "../api/types";
import { href } from "../app/routes";
import { t } from "../i18n/i18n.svelte";

/** The words of the part `forum` have to be there. */
export function newsText({ kind, actor, count }: Notification): string {
  const name = actor?.name ?? t("somebody");
  if (count > 1 && kind === "article_liked") return t("news_article_liked_by", { name, n: count - 1 });
  if (count > 1 && kind === "comment_liked") return t("news_comment_liked_by", { name, n: count - 1 });
  return t(`news_${kind}`, { name });
}

/** The place of the client that it is about; the list of notifications where there is none. */
export function newsLink({ kind, article_id, comment_id, case_id }: Notification): string {
  if (case_id) return href(kind === "appeal_made" ? "admin_case" : "case", case_id);
  if (!article_id) return href("news");
  if (kind === "quote_consent_asked") return href("article_consent", article_id);
  if (kind === "quote_consent_given" || kind === "quote_consent_refused") {
    return href("article_edit", article_id);
  }
  return href("article", article_id) + (comment_id ? `#comment-${comment_id}` : "");
}
