/** Every main page of the client, for looking at all of them, and when there is something to see. */

/** @typedef {{name: string, path: string, shows: string}} Sight */

/** Before logging in. @type {Sight[]} */
export const DOORS = [
  { name: "login", path: "/login", shows: "[data-testid=login-form]" },
  { name: "register", path: "/register", shows: "[data-testid=register-form]" },
];

/**
 * After it.
 * @param {Awaited<ReturnType<typeof import("./world.mjs").world>>} there
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
