/** Going to a message: by link, by back and forward, to the first unread; and reading on from there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { PHONE } from "../lib/browser.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let me;
/** @type {import("../lib/api.mjs").Api} */
let peer;
/** @type {import("../lib/tab.mjs").Tab} */
let tab;
let conversation = 0;
let other = 0;
const TOTAL = 1_500;
const UNREAD = 400;

const text = (/** @type {number} */ n) => (n % 7 === 0 ? `第 ${n} 条 ${"很长的一段话。".repeat(20)}` : `message ${n}`);

const stage = new Stage(async () => {
  me = await stage.account("jumper", "Jumper");
  peer = await stage.account("talker", "Talker");
  conversation = await befriend(me, peer);
  const friend = await stage.account("friend", "Friend");
  other = await befriend(me, friend);
  await friend.say(other, "elsewhere");
  for (let n = 1; n <= TOTAL; n++) await peer.say(conversation, text(n));
  await me.put(`/conversations/${conversation}/read`, { seq: TOTAL });
  tab = await stage.tab(me, { path: `/chats/${conversation}` });
  await tab.chats.sees(text(TOTAL));
});

/** Where a message stands in the window of the list: 0 at its top, 1 at its end; null when it is not drawn. */
const place = (/** @type {number} */ seq) =>
  tab.chats.log.evaluate((log, seq) => {
    const box = log.querySelector(`[data-seq="${seq}"]`)?.getBoundingClientRect();
    const { top, height } = log.getBoundingClientRect();
    return box ? (box.top + box.height / 2 - top) / height : null;
  }, seq);

/** @param {number} seq */
const inMiddle = (seq) =>
  until(async () => {
    const found = await place(seq);
    assert.ok(found !== null && found > 0.3 && found < 0.7, `${seq} is at ${found}`);
  });

/** Goes to a place as a link in the client does. @param {string} path */
const follow = (path) =>
  tab.page.evaluate((path) => {
    const link = document.createElement("a");
    link.href = path;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);

const at = (/** @type {number} */ seq) => `/chats/${conversation}?at=${seq}`;

const lit = () => tab.page.locator(".lit [data-seq]").getAttribute("data-seq");

/** The seqs that are drawn, which must be without a hole. */
async function drawn() {
  const seqs = await tab.chats.log.evaluate((log) =>
    [...log.querySelectorAll("[data-testid=message]")].map((node) => Number(node.getAttribute("data-seq"))),
  );
  assert.deepEqual(seqs, seqs.map((_, i) => (seqs[0] ?? 0) + i), "in order, without a hole");
  return seqs;
}

const fromBottom = () =>
  tab.chats.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);

test("a link leads to a message far away, and lights it up", async () => {
  await follow(at(300));
  await inMiddle(300);
  assert.equal(await lit(), "300");
  await tab.picture("jump-far");
  await tab.chats.pill.getByText(tab.say("to_newest")).waitFor();
  await until(async () => assert.equal(await tab.page.locator(".lit").count(), 0));
});

test("back and forward lead to where the reader was", async () => {
  await follow(at(900));
  await inMiddle(900);
  await tab.page.goBack();
  await until(async () => {
    const found = await place(300);
    assert.ok(found !== null && found > 0 && found < 1, `300 is at ${found}`);
  });
  assert.equal(await tab.page.locator(".lit").count(), 0, "coming back lights nothing up");
  await tab.page.goBack();
  await tab.chats.sees(text(TOTAL));
  await until(async () => assert.ok((await fromBottom()) <= 2));
  await tab.page.goForward();
  await until(async () => {
    const found = await place(300);
    assert.ok(found !== null && found > 0 && found < 1, `300 is at ${found}`);
  });
});

test("a message that is here already is only scrolled to", async () => {
  await tab.chats.pill.click();
  await tab.chats.sees(text(TOTAL));
  const asked = /** @type {string[]} */ ([]);
  tab.page.on("request", (request) => void (/around_seq/.test(request.url()) && asked.push(request.url())));
  await follow(at(TOTAL - 30));
  await inMiddle(TOTAL - 30);
  assert.equal(await lit(), String(TOTAL - 30));
  // The same link once more, after having gone on from there.
  await tab.chats.pill.click();
  await tab.chats.sees(text(TOTAL));
  await follow(at(TOTAL - 30));
  await inMiddle(TOTAL - 30);
  assert.deepEqual(asked, []);
  tab.page.removeAllListeners("request");
});

test("new messages do not move a reader who is far away, and a change of theirs is seen", async () => {
  await follow(at(600));
  await inMiddle(600);
  const before = await place(600);
  await peer.say(conversation, "meanwhile");
  await tab.chats.pill.getByText(tab.say("new_messages_pill", { n: 1 })).waitFor();
  assert.equal(await place(600), before);
  assert.equal(await tab.chats.message("meanwhile").count(), 0);
  await tab.chats.pill.click();
  await tab.chats.sees("meanwhile");
  await until(async () => assert.ok((await fromBottom()) <= 2));
  await drawn();
});

test("scrolling down from there comes to the newest, without a hole and without a jump", async () => {
  await follow(at(1_200));
  await inMiddle(1_200);
  await tab.chats.log.hover();
  await until(async () => {
    await tab.page.mouse.wheel(0, 600);
    await drawn();
    assert.ok((await fromBottom()) <= 2);
    await tab.chats.message("meanwhile").waitFor({ timeout: 100 });
  });
  await tab.chats.pill.waitFor({ state: "detached" });
  await peer.say(conversation, "followed again");
  await tab.chats.sees("followed again");
  await until(async () => assert.ok((await fromBottom()) <= 2));
});

test("far scrolling keeps few messages, and they stay in order", async () => {
  await tab.chats.log.hover();
  let oldest = TOTAL;
  await until(async () => {
    await tab.page.mouse.wheel(0, -3_000);
    oldest = Math.min(oldest, ...(await drawn()));
    assert.ok(oldest <= 500, `at ${oldest}`);
  }, 60_000);
  await tab.chats.pill.click();
  await tab.chats.sees("followed again");
});

test("what one says oneself is gone to from far away", async () => {
  await follow(at(200));
  await inMiddle(200);
  await tab.chats.send("from far away");
  await tab.chats.sent("from far away");
  await until(async () => assert.ok((await fromBottom()) <= 2));
});

test("a link from outside opens the conversation at the message", async () => {
  for (const seq of [1, 700, TOTAL]) {
    await tab.page.goto(at(seq));
    await until(async () => {
      const found = await place(seq);
      assert.ok(found !== null && found > 0 && found < 1, `${seq} is at ${found}`);
    });
    assert.equal(await lit(), String(seq));
  }
  await tab.page.goto(at(99_999_999));
  await tab.chats.sees("from far away");
  await tab.page.goto(`/chats/${conversation}?at=nonsense`);
  await tab.chats.sees("from far away");
});

test("many unread: a pill leads to the first of them", async () => {
  await tab.page.goto(`/chats/${other}`);
  await tab.chats.sees("elsewhere");
  for (let n = 1; n <= UNREAD; n++) await peer.say(conversation, `unread ${n}`);
  await tab.chats.open("Talker");
  await tab.chats.sees(`unread ${UNREAD}`);
  const pill = tab.page.getByTestId("unread-pill");
  await pill.getByText(tab.say("unread_pill", { n: UNREAD })).waitFor();
  assert.equal(await tab.page.locator(".divider.new").count(), 0, "the line is not where it does not belong");
  await tab.picture("jump-unread-pill");
  await pill.click();
  await tab.chats.sees("unread 1");
  await tab.page.locator(".divider.new").waitFor();
  await pill.waitFor({ state: "detached" });
  await tab.picture("jump-first-unread");
  const line = await tab.page.locator(".divider.new").boundingBox();
  const log = await tab.chats.log.boundingBox();
  assert.ok(line && log && line.y >= log.y && line.y < log.y + 200, "the line stands on top");
});

test("few unread need no pill, and on a phone there is room for it", async () => {
  await tab.page.goto(`/chats/${other}`);
  await tab.chats.sees("elsewhere");
  for (let n = 1; n <= 3; n++) await peer.say(conversation, `few ${n}`);
  await tab.chats.open("Talker");
  await tab.chats.sees("few 3");
  await tab.page.locator(".divider.new").waitFor();
  assert.equal(await tab.page.getByTestId("unread-pill").count(), 0);
  await tab.page.setViewportSize(PHONE);
  await tab.page.goto(at(50));
  await inMiddle(50);
  await tab.picture("jump-phone");
});
