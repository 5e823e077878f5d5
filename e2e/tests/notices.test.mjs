/** Notices: one for all tabs of a browser, none for what is seen, and the ways to have fewer of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible } from "../lib/browser.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

/** @typedef {{title: string, body: string, tag: string, open: boolean}} Given */

/** @type {import("../lib/api.mjs").Api} */
let me;
/** @type {import("../lib/api.mjs").Api} */
let peer;
/** @type {import("../lib/api.mjs").Api} */
let friend;
/** @type {Tab[]} */
let tabs;
let [direct, other, group] = [0, 0, 0];

const stage = new Stage(async () => {
  me = await stage.account("reader", "Reader");
  peer = await stage.account("talker", "Talker");
  friend = await stage.account("friend", "Friend");
  direct = await befriend(me, peer);
  other = await befriend(me, friend);
  group = (await me.post("/groups", { name: "Club", join_policy: "approval" })).id;
  await me.post(`/groups/${group}/members`, { user_id: peer.user?.id });
  const person = await stage.browser.person(stage.server.url);
  await person.context.grantPermissions(["notifications"]);
  await person.context.addInitScript(record);
  tabs = [await Tab.loggedIn(person, me, "/chats")];
  for (const path of ["/contacts", "/settings/notifications"]) tabs.push(await Tab.open(person, path));
  for (const tab of tabs) await tab.settled();
});

/** In the page: what is given is written down instead of shown, since nobody looks at the desktop of a test. */
function record() {
  const given = /** @type {any[]} */ ([]);
  class Recorded {
    static permission = "granted";
    static requestPermission = async () => "granted";
    /** @param {string} title @param {object} options */
    constructor(title, options) {
      this.entry = { title, ...options, open: true };
      for (const each of given) if (each.entry.tag === this.entry.tag) each.entry.open = false;
      given.push(this);
    }
    close() {
      this.entry.open = false;
      /** @type {any} */ (this).onclose?.();
    }
  }
  Object.assign(globalThis, { Notification: Recorded, given, sounds: 0 });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) {
    /** @type {any} */ (globalThis).sounds += 1;
    start.call(this, when);
  };
}

/** What all tabs together have given. @returns {Promise<Given[]>} */
async function given() {
  const all = await Promise.all(
    tabs.map((tab) => tab.page.evaluate(() => /** @type {any} */ (globalThis).given.map((/** @type {any} */ each) => each.entry))),
  );
  return all.flat();
}

/** Forgets what was given. */
const forget = () =>
  Promise.all(tabs.map((tab) => tab.page.evaluate(() => void (/** @type {any} */ (globalThis).given.length = 0))));

/** Friend says something that always gives a notice; what came before it is complete then. @param {string} word */
async function marked(word) {
  await friend.say(other, word);
  return until(async () => {
    const all = await given();
    assert.ok(all.some((each) => each.body.includes(word)));
    return all.filter((each) => each.title !== "Friend");
  });
}

/** Clicks the notice with this tag. @param {string} tag */
const click = (tag) =>
  Promise.all(
    tabs.map((tab) =>
      tab.page.evaluate((tag) => {
        const all = /** @type {any} */ (globalThis).given;
        all.findLast((/** @type {any} */ each) => each.entry.tag === tag)?.onclick();
      }, tag),
    ),
  );

const favicon = (/** @type {Tab} */ tab) =>
  tab.page.locator("link[rel=icon]").evaluate((link) => decodeURIComponent(/** @type {any} */ (link).href));

/** A switch of the settings page. @param {string} key */
const toggle = (key) => tabs[2].page.getByRole("switch", { name: new RegExp(`^${tabs[2].say(key)}`) });

test("desktop notices are asked for by a switch, and kept on this device", async () => {
  const [, , settings] = tabs;
  assert.equal(await toggle("desktop_notices").isChecked(), false, "nobody is asked by itself");
  await peer.say(direct, "before");
  await settings.badge("chats").getByText("1", { exact: true }).waitFor();
  assert.deepEqual(await given(), []);
  await toggle("desktop_notices").click();
  await until(async () => assert.equal(await toggle("desktop_notices").isChecked(), true));
  await assertAccessible(settings.page);
  await settings.picture("notices-settings");
});

test("one notice for three tabs; the icon of each bears the number", async () => {
  await peer.say(direct, "one for all");
  assert.deepEqual(await marked("mark 1"), [
    { title: "Talker", body: "one for all", tag: `rookery messages ${direct}`, renotify: true, silent: true, open: true },
  ]);
  for (const tab of tabs) await until(async () => assert.match(await favicon(tab), />3<\/text>/));
  await peer.say(direct, "and a second");
  const both = await marked("mark 2");
  assert.deepEqual(both.map((each) => [each.body, each.open]), [["one for all", false], ["and a second", true]]);
});

test("recalled before it was seen, a notice goes away", async () => {
  await forget();
  const { seq } = await peer.say(direct, "did not mean to");
  await until(async () => assert.equal((await given())[0]?.open, true));
  await peer.post(`/conversations/${direct}/messages/${seq}/recall`);
  await until(async () => assert.equal((await given())[0]?.open, false));
});

test("a click opens the conversation; what is open and seen gives no notice, in whatever tab", async () => {
  await forget();
  await peer.say(direct, "come in");
  await until(async () => assert.equal((await given()).length, 1));
  await click(`rookery messages ${direct}`);
  const opened = await until(async () => {
    const found = tabs.find((tab) => tab.page.url().endsWith(`/chats/${direct}`));
    assert.ok(found);
    return found;
  });
  await opened.chats.sees("come in");
  await until(async () => assert.equal((await given())[0]?.open, false, "read is read"));
  for (const tab of tabs) await until(async () => assert.doesNotMatch(await favicon(tab), />5<\/text>/));
  await forget();
  await peer.say(direct, "you see this");
  assert.deepEqual(await marked("mark 3"), []);
  // The same tab, behind another window.
  await hide(opened, true);
  await forget();
  await peer.say(direct, "you do not see this");
  assert.deepEqual((await marked("mark 4")).map((each) => each.body), ["you do not see this"]);
  await hide(opened, false);
  await opened.page.goto("/chats");
  await opened.settled();
});

/** @param {Tab} tab @param {boolean} hidden */
const hide = (tab, hidden) =>
  tab.page.evaluate((hidden) => {
    Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);

test("a muted conversation is silent, but for who is mentioned", async () => {
  await me.patch(`/conversations/${group}`, { muted: true });
  await forget();
  await peer.say(group, "silence");
  assert.deepEqual(await marked("mark 5"), []);
  const { name, id } = /** @type {{name: string, id: number}} */ (me.user);
  const text = `@${name} come here`;
  await peer.post(`/conversations/${group}/messages`, { client_id: "mention-1", text, mentions: [{ user_id: id, name }] });
  const found = await marked("mark 6");
  assert.deepEqual(found.map((each) => [each.title, each.body]), [["Club", `Talker: ${text}`]]);
});

test("in quiet hours there is nothing, on any device", async () => {
  const clock = await tabs[0].page.evaluate(() => new Date().getHours());
  const hour = (/** @type {number} */ n) => `${String((n + 24) % 24).padStart(2, "0")}:00`;
  const quiet_hours = { from: hour(clock - 1), until: hour(clock + 2) };
  await me.patch("/me", { quiet_hours });
  await until(async () => assert.equal(await toggle("quiet_hours").isChecked(), true));
  await forget();
  await peer.say(direct, "psst");
  await tabs[0].chats.item("Talker").getByText("psst").waitFor();
  await toggle("quiet_hours").click();
  await until(async () => assert.equal((await me.get("/me")).quiet_hours, null));
  // The tab that gives the notices asks what has changed, and may still be asking.
  let asked = 0;
  await until(async () => {
    await friend.say(other, `awake? ${(asked += 1)}`);
    assert.ok((await given()).length > 0);
  });
  assert.deepEqual(await marked("mark 7"), []);
  await toggle("quiet_hours").click();
  await tabs[2].page.getByLabel(tabs[2].say("quiet_until")).fill("06:30");
  await until(async () => assert.deepEqual((await me.get("/me")).quiet_hours, { from: "22:00", until: "06:30" }));
  await tabs[2].picture("notices-quiet-hours");
  await toggle("quiet_hours").click();
  await until(async () => assert.equal((await me.get("/me")).quiet_hours, null));
});

/** Every tab has heard of the choice made in one of them. @param {boolean} text */
const showsText = (text) =>
  until(async () => {
    for (const { page } of tabs) {
      const stored = await page.evaluate(() => localStorage.getItem("rookery.notices"));
      assert.equal(JSON.parse(stored ?? "{}").text, text);
    }
  });

test("what was written can be left out, and a request gives a notice too", async () => {
  await toggle("notice_text").click();
  await showsText(false);
  await forget();
  await peer.say(direct, "for your eyes only");
  await until(async () => assert.equal((await given())[0]?.body, tabs[0].say("new_message")));
  await toggle("notice_text").click();
  await showsText(true);
  const stranger = await stage.account("stranger", "Stranger");
  await forget();
  await stranger.post("/friend_requests", { user_id: me.user?.id, note: "hello" });
  await until(async () =>
    assert.deepEqual(
      (await given()).map((each) => each.body),
      [tabs[0].say("notice_friend_request", { name: "Stranger" })],
    ),
  );
  await click(`rookery request ${stranger.user?.id}`);
  await until(() => assert.ok(tabs.some((tab) => tab.page.url().endsWith("/contacts/requests"))));
  await forget();
  await stranger.post(`/groups/${group}/join`, { note: "may I" });
  await me.patch(`/conversations/${group}`, { muted: false });
  assert.deepEqual(await marked("mark 8"), [], "the group is muted");
});

test("the sound is tried in the settings; when the tab that leads goes, another gives the notices", async () => {
  const [, , settings] = tabs;
  await settings.page.goto("/settings/notifications");
  await settings.button("try_sound").click();
  await until(async () =>
    assert.ok((await settings.page.evaluate(() => /** @type {any} */ (globalThis).sounds)) > 0),
  );
  const first = tabs.shift();
  await first?.page.close();
  await forget();
  await peer.say(direct, "after the first tab");
  await until(async () => assert.deepEqual((await given()).map((each) => each.body), ["after the first tab"]));
});
