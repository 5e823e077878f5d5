/** Naming people: found as one types Chinese, and kept when they have left. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, assertAccessible } from "../lib/browser.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let ann;
/** @type {import("../lib/api.mjs").Api} */
let li;
/** @type {import("../lib/api.mjs").Api} */
let wang;
let group = 0;

const stage = new Stage(async () => {
  ann = await stage.account("ann", "Ann");
  li = await stage.account("user_four", "李明华");
  wang = await stage.account("user_five", "王小明");
  group = (await ann.post("/groups", { name: "读书会" })).id;
  for (const one of [li, wang]) await one.post(`/groups/${group}/join`);
});

/** @param {import("../lib/tab.mjs").Tab} tab @param {string} name */
const option = (tab, name) => tab.page.getByTestId("suggestions").getByRole("option", { name });

for (const [look, options] of /** @type {const} */ ([
  ["desktop", {}],
  ["phone", { viewport: PHONE, locale: "zh-CN", theme: "dark" }],
])) {
  test(`a member is found by initials and by pinyin: ${look}`, async () => {
    const writer = look === "phone" ? wang : ann;
    const tab = await stage.tab(writer, { path: `/chats/${group}`, ...options });
    const { composer } = tab.chats;
    await composer.click();
    await tab.page.keyboard.type("@ming");
    await option(tab, "李明华").waitFor();
    if (writer === ann) await option(tab, "王小明").waitFor();
    await tab.picture(`mentions-${look}`);
    await assertAccessible(tab.page);
    await composer.fill("");
    await tab.page.keyboard.type("@lmh");
    await option(tab, "李明华").waitFor();
    assert.equal(await tab.page.getByTestId("suggestions").getByRole("option").count(), 1);
    await tab.page.keyboard.press("Enter");
    assert.equal(await composer.inputValue(), "@李明华 ");
    await tab.page.keyboard.type(`tea? ${look}`);
    await tab.page.keyboard.press("Enter");
    await tab.chats.messages.last().locator("a.mention", { hasText: "@李明华" }).waitFor();
    const { messages } = await li.get(`/conversations/${group}/messages?limit=1`);
    assert.deepEqual(messages[0].mentions, [{ user_id: li.user?.id, name: "李明华" }]);
    // What was typed on the way is no draft any more, on no device.
    await until(async () => assert.equal((await writer.get(`/conversations/${group}`)).draft ?? null, null));
    await tab.page.close();
  });
}

test("a late answer does not take the place of one for what is typed now", async () => {
  const tab = await stage.tab(ann, { path: `/chats/${group}` });
  const { page } = tab;
  /** @type {Array<import("playwright-core").Route>} */
  const held = [];
  await page.route(/[?&]q=l(&|$)/, (route) => void held.push(route));
  await tab.chats.composer.click();
  await page.keyboard.type("@l");
  await until(async () => assert.equal(held.length, 1));
  await page.keyboard.type("mh");
  await option(tab, "李明华").waitFor();
  const late = page.waitForResponse(/[?&]q=l(&|$)/);
  await held[0]?.continue();
  await (await late).finished();
  // What the answer brings about has happened when the page has come to rest.
  await page.evaluate(() => new Promise((rest) => requestAnimationFrame(() => setTimeout(rest))));
  assert.ok(await option(tab, "李明华").isVisible());
  await page.close();
});

test("an edit keeps the mention of somebody who has left", async () => {
  const tab = await stage.tab(ann, { path: `/chats/${group}` });
  await tab.chats.messages.last().locator("a.mention").waitFor();
  await li.post(`/groups/${group}/leave`);
  await tab.chats.noticed("notice_left", { user: "李明华" });
  await tab.chats.composer.press("ArrowUp");
  assert.equal(await tab.chats.composer.inputValue(), "@李明华 tea? desktop");
  await tab.chats.composer.fill("@李明华 coffee?");
  await tab.chats.composer.press("Enter");
  await until(async () => {
    const { messages } = await ann.get(`/conversations/${group}/messages`);
    const edited = messages.find((/** @type {any} */ one) => one.text === "@李明华 coffee?");
    assert.deepEqual(edited?.mentions, [{ user_id: li.user?.id, name: "李明华" }]);
  });
  await tab.chats.messages.filter({ hasText: "coffee?" }).locator("a.mention", { hasText: "@李明华" }).waitFor();
  await tab.page.close();
});
