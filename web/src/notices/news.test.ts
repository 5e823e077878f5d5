import { expect, test } from "vitest";
import type { Notification, NotificationKind } from "../api/types";
import { newsLink, newsText } from "./news";

const about = (kind: NotificationKind, more: Partial<Notification> = {}) =>
  ({
    ...{ id: 1, kind, at: "2026-01-31T08:00:00.000Z", count: 1, read: false },
    actor: { id: 10_002, name: "Ann" },
    article_id: 7,
    ...more,
  }) as Notification;

test("a like says how many others there are", () => {
  expect(newsText(about("article_liked"))).toBe("Ann likes your article");
  expect(newsText(about("article_liked", { count: 2 }))).toBe("Ann and 1 other person like your article");
  expect(newsText(about("comment_liked", { count: 5 }))).toBe("Ann and 4 other people like your comment");
});

test("every kind has words, also where it is not told who did it", () => {
  const kinds: Record<NotificationKind, true> = {
    article_commented: true,
    article_liked: true,
    article_mentioned: true,
    comment_answered: true,
    comment_liked: true,
    comment_mentioned: true,
    quote_consent_asked: true,
    quote_consent_given: true,
    quote_consent_refused: true,
    moderation_decided: true,
    report_answered: true,
    appeal_made: true,
  };
  for (const kind of Object.keys(kinds) as NotificationKind[]) {
    const { actor: _none, ...rest } = about(kind);
    expect(newsText(rest as Notification), kind).not.toMatch(/^news_|\{/);
  }
});

test("it leads to where it happened", () => {
  expect(newsLink(about("article_liked"))).toBe("/forum/articles/7");
  expect(newsLink(about("comment_answered", { comment_id: 9 }))).toBe("/forum/articles/7#comment-9");
  expect(newsLink(about("quote_consent_asked"))).toBe("/forum/articles/7/consent");
  expect(newsLink(about("quote_consent_given"))).toBe("/forum/articles/7/edit");
  const { article_id: _none, ...rest } = about("moderation_decided");
  expect(newsLink(rest as Notification)).toBe("/notifications");
  expect(newsLink({ ...(rest as Notification), case_id: 5 })).toBe("/cases/5");
  expect(newsLink(about("appeal_made", { case_id: 5 }))).toBe("/admin/cases/5");
});
