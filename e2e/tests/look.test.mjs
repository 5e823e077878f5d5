/** Every main page in each size, language and theme: pictures to look at, and axe. */
import { test } from "node:test";
import { assertAccessible, screenshot } from "../lib/browser.mjs";
import { DOORS, openSights, sights, visit } from "../lib/sights.mjs";
import { forumWorld } from "../lib/forum_world.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { world } from "../lib/world.mjs";

/** @type {import("../lib/sights.mjs").There} */
let there;
/** @type {import("../lib/api.mjs").Api} */
let newcomer;

const stage = new Stage(async () => {
  const people = await world(stage.server.url);
  there = { ...people, ...(await forumWorld(stage.server, people)) };
  newcomer = await stage.account("newcomer", "Newcomer 新人");
});

for (const { name, ...options } of LOOKS) {
  test(`how it looks: ${name}`, async () => {
    const stranger = await Tab.open(await stage.browser.person(stage.server.url, options), "/login");
    for (const door of DOORS) await look(stranger, door, name);
    for (const sight of openSights(there)) await look(stranger, sight, name);
    const empty = await stage.tab(newcomer, options);
    await look(empty, { name: "chats-empty", path: "/chats", shows: ".empty" }, name);
    const tab = await stage.tab(there.me, options);
    for (const sight of sights(there)) await look(tab, sight, name);
    for (const each of [stranger, empty, tab]) await each.page.close();
  });
}

/** @param {Tab} tab @param {import("../lib/sights.mjs").Sight} sight @param {string} name */
async function look(tab, sight, name) {
  await visit(tab.page, sight);
  await screenshot(tab.page, `look/${sight.name}-${name}`);
  await assertAccessible(tab.page);
}
