/** Every page of the admin area in each size, language and theme: pictures to look at, and axe. */
import { test } from "node:test";
import { adminSights, adminWorld } from "../lib/admin_world.mjs";
import { assertAccessible, screenshot } from "../lib/browser.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { visit } from "../lib/sights.mjs";
import { Stage } from "../lib/stage.mjs";

/** @type {Awaited<ReturnType<typeof adminWorld>>} */
let there;

const stage = new Stage(async () => {
  there = await adminWorld(stage.server.url, stage.server.setupToken());
});

for (const { name, ...options } of LOOKS) {
  test(`how the admin area looks: ${name}`, async () => {
    const tab = await stage.tab(there.root, options);
    for (const sight of adminSights(there)) await look(tab, sight, name);
    const concerned = await stage.tab(there.concerned, options);
    const own = { name: "own-case", path: `/cases/${there.own}`, shows: "[data-testid=decision]" };
    await look(concerned, own, name);
    for (const each of [tab, concerned]) await each.page.close();
  });
}

/** @param {import("../lib/tab.mjs").Tab} tab @param {import("../lib/sights.mjs").Sight} sight @param {string} name */
async function look(tab, sight, name) {
  await visit(tab.page, sight);
  await screenshot(tab.page, `look/${sight.name}-${name}`);
  await assertAccessible(tab.page);
}
