/** What is done to articles, from whatever page. */
import * as api from "../api/forum";
import type { Article } from "../api/types";
import { go, goTo } from "../app/router.svelte";
import { href } from "../app/routes";
import { session } from "../app/session.svelte";
import { t } from "../i18n/i18n.svelte";
import { ask, attempt } from "../ui/feedback.svelte";
import { forgetFeeds } from "./feeds.svelte";

export function linkOf(article: number, comment?: number): string {
  const at = comment === undefined ? "" : `#comment-${comment}`;
  return location.origin + href("article", article) + at;
}

/** True when somebody is logged in; a visitor is led to the door, and comes back to where they were. */
export function loggedIn(): boolean {
  if (session.live) return true;
  const next = location.pathname + location.search + location.hash;
  goTo(`${href("login")}?${new URLSearchParams({ next })}`);
  return false;
}

export async function removeArticle(article: Pick<Article, "id" | "title" | "status">): Promise<boolean> {
  const question = {
    title: t("delete_article"),
    text: t(article.status === "draft" ? "delete_draft_text" : "delete_article_text", {
      title: article.title,
    }),
    action: t("delete"),
    danger: true,
  };
  if (!(await ask(question))) return false;
  if (!(await attempt(() => api.deleteArticle(article.id), t("article_deleted")))) return false;
  forgetFeeds();
  return true;
}

/** Goes to the conversation about an article; whoever is not in it joins. */
export async function discuss(article: Article): Promise<void> {
  const { live } = session;
  if (!live) return;
  await attempt(async () => {
    const id = article.discussion?.joined
      ? article.discussion.conversation_id
      : await api.joinDiscussion(article.id);
    if (!(id in live.state.conversations)) await live.refreshConversation(id);
    go("chat", id);
  });
}
