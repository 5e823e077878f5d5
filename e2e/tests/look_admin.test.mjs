/** Every page of the admin area in both languages, both themes and two sizes: pictures to look at, and axe. */
import { test } from "node:test";
import { adminSights, adminWorld } from "../lib/admin_world.mjs";
import { assertAccessible, DESKTOP, PHONE, screenshot } from "../lib/browser.mjs";
import { visit } from "../lib/sights.mjs";
import { Stage } from "../lib/stage.mjs";

/** @type {Awaited<ReturnType<typeof adminWorld>>} */
let there;

const stage = new Stage(async () => {
  there = await adminWorld(stage.server.url, stage.server.setupToken());
});

for (const [size, viewport] of /** @type {const} */ ([["phone", PHONE], ["desktop", DESKTOP]])) {
  for (const locale of ["zh-CN", "en-US"]) {
    for (const theme of /** @type {const} */ (["light", "dark"])) {
      const name = `${size}-${locale.slice(0, 2)}-${theme}`;
      test(`how the admin area looks: ${name}`, async () => {
        const options = { locale, theme, viewport };
        const tab = await stage.tab(there.root, options);
        for (const sight of adminSights(there)) await look(tab, sight, name);
        const concerned = await stage.tab(there.concerned, options);
        const own = { name: "own-case", path: `/cases/${there.own}`, shows: "[data-testid=decision]" };
        await look(concerned, own, name);
        for (const each of [tab, concerned]) await each.page.close();
      });
    }
  }
}

/** @param {import("../lib/tab.mjs").Tab} tab @param {import("../lib/sights.mjs").Sight} sight @param {string} name */
async function look(tab, sight, name) {
  await visit(tab.page, sight);
  await screenshot(tab.page, `look/${sight.name}-${name}`);
  await assertAccessible(tab.page);
}
