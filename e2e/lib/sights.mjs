/** Every main page of the client, for looking at all of them, and when there is something to see. */

/** @typedef {{name: string, path: string, shows: string}} Sight */

/**
 * Where to go: the people and their talk, and their forum.
 * @typedef {Awaited<ReturnType<typeof import("./world.mjs").world>> &
 *   Awaited<ReturnType<typeof import("./forum_world.mjs").forumWorld>>} There
 */

/** Before logging in. @type {Sight[]} */
export const DOORS = [
  { name: "login", path: "/login", shows: "[data-testid=login-form]" },
  { name: "register", path: "/register", shows: "[data-testid=register-form]" },
];

/** Without logging in. @param {There} there @returns {Sight[]} */
export function openSights(there) {
  return [
    { name: "visitor-forum", path: "/forum", shows: "[data-testid=article]" },
    { name: "visitor-article", path: `/forum/articles/${there.article}`, shows: "[data-testid=comment]" },
  ];
}

/**
 * After it.
 * @param {There} there
 * @returns {Sight[]}
 */
export function sights(there) {
  const friend = there.people[2].user?.id;
  return [
    { name: "chats", path: "/chats", shows: "[data-testid=conversation-item]" },
    { name: "conversation", path: `/chats/${there.direct}`, shows: "article[data-testid=message]" },
    { name: "conversation-details", path: `/chats/${there.direct}/info`, shows: "aside dl" },
    { name: "conversation-at", path: `/chats/${there.direct}?at=3`, shows: "[data-seq='3']" },
    { name: "conversation-files", path: `/chats/${there.files}`, shows: "[data-testid=voice]" },
    { name: "group", path: `/chats/${there.group}`, shows: "article[data-testid=message]" },
    { name: "group-details", path: `/chats/${there.group}/info`, shows: "aside li" },
    { name: "archived", path: "/chats/archived", shows: "[data-testid=conversation-item]" },
    { name: "saved", path: `/chats/${there.saved}`, shows: "article[data-testid=message]" },
    { name: "join", path: `/join/${there.link}`, shows: "[data-testid=join]" },
    { name: "contacts", path: "/contacts", shows: ".list details" },
    { name: "requests", path: "/contacts/requests", shows: ".main .row" },
    { name: "search", path: "/contacts/search?q=ma", shows: ".main .row" },
    { name: "blocked", path: "/contacts/blocked", shows: ".main .empty" },
    { name: "profile-card", path: `/contacts/people/${friend}`, shows: ".main dl" },
    { name: "group-page", path: `/groups/${there.group}`, shows: ".main h2" },
    { name: "new-group", path: "/groups/new", shows: ".main form" },
    { name: "forum", path: "/forum", shows: "[data-testid=article]" },
    { name: "forum-category", path: "/forum/nature", shows: "[data-testid=article]" },
    { name: "forum-article", path: `/forum/articles/${there.article}`, shows: "[data-testid=comment]" },
    {
      name: "forum-comments",
      path: `/forum/articles/${there.article}#comment-${there.comment}`,
      shows: ".lit",
    },
    { name: "forum-author", path: `/people/${friend}`, shows: "[data-testid=author-page] h2" },
    { name: "forum-new", path: "/forum/new", shows: "[data-testid=editor]" },
    { name: "forum-edit", path: `/forum/articles/${there.draft}/edit`, shows: "[data-testid=editor]" },
    { name: "forum-drafts", path: "/forum/drafts", shows: "[data-testid=article]" },
    { name: "forum-shared", path: `/chats/${there.sharing}`, shows: "[data-testid=article-card]" },
    { name: "notifications", path: "/notifications", shows: "[data-testid=notification]" },
    { name: "settings", path: "/settings", shows: ".list nav" },
    { name: "settings-profile", path: "/settings/profile", shows: ".main form" },
    { name: "settings-password", path: "/settings/password", shows: ".main form" },
    { name: "settings-devices", path: "/settings/devices", shows: ".main .row" },
    { name: "settings-tokens", path: "/settings/tokens", shows: ".main form" },
    { name: "settings-appearance", path: "/settings/appearance", shows: ".main fieldset" },
    { name: "settings-notifications", path: "/settings/notifications", shows: ".main [role=switch]" },
    { name: "settings-connection", path: "/settings/connection", shows: ".main dl" },
  ];
}

/**
 * Goes there and waits until it is drawn, pictures and all.
 * @param {import("playwright-core").Page} page
 * @param {Sight} sight
 */
export async function visit(page, sight) {
  await page.goto(sight.path);
  await page.locator(sight.shows).first().waitFor();
  await page.locator(".ghosts").waitFor({ state: "detached" });
  await page.waitForFunction(() =>
    [...document.images].every((image) => {
      const { top, width } = image.getBoundingClientRect();
      // Pictures that are out of sight are loaded when they come into it.
      return image.complete || width === 0 || top > innerHeight;
    }),
  );
}
