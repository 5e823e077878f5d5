/** Two tabs of one person stay in step over one connection, and one can go without loss. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let peer;
/** @type {Tab} */
let first;
/** @type {Tab} */
let second;
let conversation = 0;

/** The peer says something. @param {string} text */
const hear = (text) => peer.say(conversation, text);

const stage = new Stage(async () => {
  const me = await stage.account("two_tabs", "Mei");
  peer = await stage.account("peer", "Ming");
  conversation = await befriend(me, peer);
  first = await stage.tab(me, { path: `/chats/${conversation}` });
  await first.chats.opened("Ming");
  second = await Tab.open(first.person, `/chats/${conversation}`);
  await second.chats.opened("Ming");
});

test("what is said in one tab stands in both, once", async () => {
  await first.chats.send("from the first");
  await second.chats.sees("from the first");
  await second.chats.send("from the second");
  await first.chats.sees("from the second");
  await hear("from the peer");
  for (const tab of [first, second]) {
    await tab.chats.shows(["from the first", "from the second", "from the peer"]);
  }
});

test("reading in one tab clears the count in both", async () => {
  await first.page.goto("/chats");
  await second.place("me").click();
  await hear("unread");
  await first.chats.unread("Ming").getByText("1", { exact: true }).waitFor();
  await second.badge("chats").getByText("1", { exact: true }).waitFor();
  await first.chats.open("Ming");
  await first.chats.unread("Ming").waitFor({ state: "detached" });
  await second.badge("chats").waitFor({ state: "detached" });
  await second.place("chats").click();
  await second.chats.item("Ming").waitFor();
  assert.equal(await second.chats.unread("Ming").count(), 0);
});

test("a draft is kept while another tab is used", async () => {
  await first.chats.composer.fill("half a thought");
  await second.chats.open("Ming");
  assert.equal(await second.chats.composer.inputValue(), "half a thought");
  await second.page.goto("/chats");
  await first.page.reload();
  await first.chats.opened("Ming");
  assert.equal(await first.chats.composer.inputValue(), "half a thought");
  await first.chats.composer.fill("");
});

test("only one tab holds the connection", async () => {
  for (const tab of [first, second]) {
    await tab.settings.open("connection");
    await tab.settings.connectedBy("websocket");
  }
  const leads = [await first.settings.leads(), await second.settings.leads()];
  assert.deepEqual([...leads].sort(), [false, true]);
  await first.picture("tabs-connection");
});

test("when the tab that holds it closes, the other takes over and nothing is lost", async () => {
  const [leader, follower] = (await first.settings.leads()) ? [first, second] : [second, first];
  await follower.page.goto(`/chats/${conversation}`);
  await follower.chats.opened("Ming");
  await hear("before");
  await follower.chats.sees("before");
  await leader.page.close();
  for (const text of ["meanwhile 1", "meanwhile 2", "meanwhile 3"]) await hear(text);
  await follower.chats.sees("meanwhile 3");
  await follower.chats.send("still here");
  await follower.chats.sent("still here");
  const texts = await follower.chats.texts();
  assert.deepEqual(texts.slice(-5), ["before", "meanwhile 1", "meanwhile 2", "meanwhile 3", "still here"]);
  await follower.settings.open("connection");
  await until(async () => assert.equal(await follower.settings.leads(), true));
  await follower.settings.connectedBy("websocket");
});
