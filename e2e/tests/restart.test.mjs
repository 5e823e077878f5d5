/** The server dies in mid-conversation and comes back; nobody loads the page again. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { Obstacles } from "../lib/obstacles.mjs";
import { Stage } from "../lib/stage.mjs";

/** What the browser says of its own accord about a server that is away. */
const AWAY = /ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|ERR_SOCKET|WebSocket connection to/;
/** @type {import("../lib/tab.mjs").Tab} */
let ann;
/** @type {import("../lib/tab.mjs").Tab} */
let bo;
/** @type {import("../lib/api.mjs").Api} */
let annApi;
/** @type {Obstacles} */
let proxy;
let conversation = 0;
const expected = /** @type {string[]} */ ([]);

/** Every message of the conversation, as the server has it. */
async function kept() {
  const { messages } = await annApi.get(`/conversations/${conversation}/messages?limit=200`);
  return messages.map((/** @type {{text: string}} */ message) => message.text);
}

/** Marks the page, so that a reload would show. @param {import("../lib/tab.mjs").Tab} tab */
const mark = (tab) => tab.page.evaluate(() => void (document.documentElement.dataset.same = "page"));
/** @param {import("../lib/tab.mjs").Tab} tab */
const assertSamePage = async (tab) =>
  assert.equal(await tab.page.evaluate(() => document.documentElement.dataset.same), "page");

const stage = new Stage(async () => {
  annApi = await stage.account("annika", "Ann");
  const boApi = await stage.account("bohe", "薄荷");
  conversation = await befriend(annApi, boApi);
  proxy = await Obstacles.start(stage.server.url);
  ann = await stage.tab(annApi, { path: `/chats/${conversation}` });
  bo = await stage.tab(boApi, { path: `/chats/${conversation}`, locale: "zh-CN" });
  ann.person.expect(AWAY);
  bo.person.expect(AWAY);
  await ann.chats.opened("薄荷");
  await bo.chats.opened("Ann");
});

after(() => proxy?.stop());

test("before it, both talk", async () => {
  await ann.chats.send("before");
  await bo.chats.sees("before");
  expected.push("before");
  await mark(ann);
  await mark(bo);
});

test("while the server is dead, the bar says so and messages wait", async () => {
  await bo.chats.composer.pressSequentially("半句");
  await stage.server.kill();
  await ann.chats.send("while dead 1");
  await ann.chats.send("while dead 2");
  for (const text of ["while dead 1", "while dead 2"]) {
    const message = ann.chats.message(text);
    await message.waitFor();
    assert.equal(await message.getAttribute("data-state"), "sending");
  }
  await ann.chats.bar.waitFor();
  await bo.chats.bar.waitFor();
  assert.equal(await bo.chats.composer.inputValue(), "半句");
  await ann.picture("restart-down");
});

test("when it is back, everything arrives once and in order", async () => {
  await stage.server.run();
  expected.push("while dead 1", "while dead 2");
  await ann.chats.sent("while dead 2");
  await bo.chats.sees("while dead 2");
  await ann.chats.bar.waitFor({ state: "detached" });
  await bo.chats.bar.waitFor({ state: "detached" });
  await bo.chats.composer.press("Enter");
  expected.push("半句");
  await ann.chats.sees("半句");
  for (const tab of [ann, bo]) {
    await tab.chats.shows(expected);
    await assertSamePage(tab);
  }
  assert.deepEqual(await kept(), expected);
});

test("a kill between many sends loses and repeats nothing", async () => {
  for (let n = 1; n <= 12; n++) {
    if (n === 5) await stage.server.kill();
    if (n === 9) await stage.server.run();
    await ann.chats.send(`one of many ${n}`);
    expected.push(`one of many ${n}`);
  }
  await ann.chats.sent("one of many 12");
  await bo.chats.sees("one of many 12");
  for (const tab of [ann, bo]) {
    await tab.chats.shows(expected);
    await assertSamePage(tab);
  }
  assert.deepEqual(await kept(), expected);
});

test("a reload in the middle keeps what is not sent yet, and the draft", async () => {
  // The page has to come from somewhere while sends fail: the proxy lets everything else through.
  const tab = await stage.tab(annApi, { path: `/chats/${conversation}`, origin: proxy.url });
  const { page } = tab;
  tab.person.expect(AWAY, /status of 503/);
  proxy.refuseSends = true;
  await tab.chats.opened("薄荷");
  await tab.chats.send("not yet sent");
  await tab.chats.message("not yet sent").and(page.locator("[data-state=sending]")).waitFor();
  await tab.chats.composer.fill("and a draft");
  await page.reload();
  await tab.chats.message("not yet sent").and(page.locator("[data-state=sending]")).waitFor();
  assert.equal(await tab.chats.composer.inputValue(), "and a draft");
  await tab.picture("restart-reload");
  proxy.refuseSends = false;
  await tab.chats.sent("not yet sent");
  expected.push("not yet sent");
  await bo.chats.shows(expected);
  assert.deepEqual(await kept(), expected);
});

test("an answer that is lost on the way does not repeat the message", async () => {
  const tab = await stage.tab(annApi, { path: `/chats/${conversation}`, origin: proxy.url });
  tab.person.expect(AWAY);
  await tab.chats.opened("薄荷");
  proxy.loseAnswers = 2;
  await tab.chats.send("heard but not answered");
  expected.push("heard but not answered");
  await tab.chats.sent("heard but not answered");
  await bo.chats.shows(expected);
  assert.deepEqual(await kept(), expected);
});
