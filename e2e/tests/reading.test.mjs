/** Reading: long histories, a reader who has scrolled up, and texts that mean harm. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let me;
/** @type {import("../lib/api.mjs").Api} */
let peer;
/** @type {import("../lib/tab.mjs").Tab} */
let tab;
let conversation = 0;
const TOTAL = 300;
const UNREAD = 7;

const text = (/** @type {number} */ n) =>
  n % 9 === 0 ? `第 ${n} 条 ${"很长的一段话，需要换行。".repeat(12)}` : `message ${n}`;

/** Pixels between the end of the list and what is seen. */
const fromBottom = () =>
  tab.chats.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);

const stage = new Stage(async () => {
  me = await stage.account("reader", "Reader");
  peer = await stage.account("talker", "Talker");
  conversation = await befriend(me, peer);
  for (let n = 1; n <= TOTAL; n++) await peer.say(conversation, text(n));
  await me.put(`/conversations/${conversation}/read`, { seq: TOTAL - UNREAD });
  tab = await stage.tab(me);
});

test("a long conversation opens at the newest, with a line before what is new", async () => {
  await tab.chats.unread("Talker").getByText(String(UNREAD), { exact: true }).waitFor();
  await tab.chats.open("Talker");
  await tab.chats.sees(text(TOTAL));
  await until(async () => assert.ok((await fromBottom()) <= 2));
  await tab.page.getByText(tab.say("new_messages"), { exact: true }).waitFor();
  await tab.chats.unread("Talker").waitFor({ state: "detached" });
  assert.ok((await tab.chats.messages.count()) < 120, "what is far away is not drawn");
  await tab.picture("reading-newest");
});

test("older messages come while scrolling up, without a jump", async () => {
  const { page, chats } = tab;
  /** Requests for older pages wait here, so that the reader rests when the answer comes. */
  const held = /** @type {import("playwright-core").Route[]} */ ([]);
  await page.route(/before_seq=/, (route) => void held.push(route));
  await chats.log.hover();
  for (const older of [240, 160, 80]) {
    await page.mouse.wheel(0, -100_000);
    const route = await until(() => {
      assert.equal(held.length, 1);
      return /** @type {import("playwright-core").Route} */ (held.pop());
    });
    const anchor = await atRest();
    assert.equal(anchor.seq, older + 1, "the oldest that is there is on the screen");
    const watched = await watchAnchor(anchor.seq, older);
    await route.continue();
    const moved = await watched();
    assert.ok(moved <= 2, `the anchor moved by ${moved} pixels`);
  }
  await page.unroute(/before_seq=/);
  await page.mouse.wheel(0, -100_000);
  await chats.sees(text(1));
  await atRest();
  await tab.picture("reading-oldest");
  assert.equal(held.length, 0, "nothing is asked for before the first message");
});

/** The topmost message that is seen, once nothing moves any more. @returns {Promise<{seq: number, y: number}>} */
function atRest() {
  return tab.chats.log.evaluate(
    (log) =>
      new Promise((resolve) => {
        let last = "";
        let still = 0;
        const look = () => {
          const top = log.getBoundingClientRect().top;
          const seen = /** @type {HTMLElement | undefined} */ (
            [...log.querySelectorAll("article[data-seq]")].find(
              (node) => node.getBoundingClientRect().bottom > top,
            )
          );
          const y = seen?.querySelector(".bubble")?.getBoundingClientRect().y ?? 0;
          const now = JSON.stringify([seen?.dataset.seq, y]);
          still = now === last ? still + 1 : 0;
          last = now;
          if (still < 10 || !seen) requestAnimationFrame(look);
          else resolve({ seq: Number(seen.dataset.seq), y });
        };
        look();
      }),
  );
}

/**
 * Follows a message, frame by frame as they are painted, until the one with `older` is drawn above
 * it and has rested for a while.
 * @param {number} seq
 * @param {number} older
 * @returns {Promise<() => Promise<number>>} that it has begun; then, the most pixels that the
 *   message was away from where it stood
 */
async function watchAnchor(seq, older) {
  const watch = await tab.chats.log.evaluateHandle(
    (log, { seq, older }) => {
      const find = (/** @type {number} */ n) =>
        log.querySelector(`article[data-seq="${n}"] .bubble`)?.getBoundingClientRect().y;
      const start = find(seq) ?? NaN;
      let worst = 0;
      let rest = 0;
      const worstOfAll = new Promise((resolve) => {
        const look = () => {
          worst = Math.max(worst, Math.abs((find(seq) ?? Infinity) - start));
          if (find(older) !== undefined) rest += 1;
          if (rest < 30) painted(look);
          else resolve(worst);
        };
        painted(look);
      });
      /** The observer made last hears last: what others do about new sizes is done, and painted next. */
      function painted(/** @type {() => void} */ then) {
        requestAnimationFrame(() => {
          const last = new ResizeObserver(() => {
            last.disconnect();
            then();
          });
          last.observe(document.body);
        });
      }
      return { worstOfAll };
    },
    { seq, older },
  );
  return () => watch.evaluate(({ worstOfAll }) => worstOfAll);
}

test("a reader who has scrolled up is left in peace, and told", async () => {
  const { chats, page } = tab;
  const before = await atRest();
  await peer.say(conversation, "while you were reading");
  await chats.pill.getByText(tab.say("new_messages_pill", { n: 1 })).waitFor();
  assert.deepEqual(await atRest(), before);
  await peer.say(conversation, "and another");
  await chats.pill.getByText(tab.say("new_messages_pill", { n: 2 })).waitFor();
  assert.deepEqual(await atRest(), before);
  await tab.picture("reading-pill");
  await chats.pill.click();
  await chats.sees("and another");
  await until(async () => assert.ok((await fromBottom()) <= 2));
  await chats.pill.waitFor({ state: "detached" });
  // There again, the list follows by itself.
  await peer.say(conversation, "followed");
  await chats.sees("followed");
  await until(async () => assert.ok((await fromBottom()) <= 2));
  assert.equal(await page.getByTestId("new-messages-pill").count(), 0);
});

const LONG = "W".repeat(64);
const UNBROKEN = "W".repeat(1_000);
const EVIL_NAME = "<img src=x onerror=evil()> <b>x</b>";
const EVIL_TEXTS = [
  "<script>evil()</script>",
  "<img src=x onerror=evil()>",
  "[click](javascript:evil()) javascript:evil() <a href='javascript:evil()'>me</a>",
  "{@html evil()} ${evil()} {{evil()}}",
  `https://example.org/"onmouseover="evil()`,
  "\u202Eevil txt.exe \u2066 \u200F",
  "字".repeat(600),
  "مرحبا بالعالم English عربي 中文",
  UNBROKEN,
];

test("texts and names that mean harm are inert and break nothing", async () => {
  const evil = await stage.account("mallory", EVIL_NAME);
  await evil.patch("/me", { signature: `<script>evil()</script> ${LONG}${LONG}` });
  const direct = await befriend(me, evil);
  const long = await stage.account("long_name", LONG);
  const group = await evil.post("/groups", {
    name: `<svg onload=evil()> ${"M".repeat(44)}`,
    description: `<iframe src="javascript:evil()"> ${LONG}${LONG}`,
    join_policy: "open",
  });
  for (const api of [me, long]) await api.post(`/groups/${group.id}/join`, {});
  await evil.patch(`/groups/${group.id}`, { announcement: `<img src=x onerror=evil()> ${LONG.repeat(4)}` });
  for (const conversation of [direct, group.id]) {
    for (const text of EVIL_TEXTS) await evil.say(conversation, text);
    if (conversation === group.id) await long.say(conversation, LONG.repeat(4));
  }

  for (const viewport of [{ width: 1440, height: 900 }, { width: 360, height: 740 }]) {
    await tab.page.setViewportSize(viewport);
    for (const path of [
      "/chats",
      `/chats/${direct}`,
      `/chats/${direct}/info`,
      `/chats/${group.id}`,
      `/chats/${group.id}/info`,
      "/contacts",
      `/contacts/people/${evil.user?.id}`,
      `/groups/${group.id}`,
    ]) {
      await tab.page.goto(path);
      await tab.page.getByText(/img src=x|svg onload/).filter({ visible: true }).first().waitFor();
      if (/^.chats.\d+$/.test(path)) await tab.chats.sees(UNBROKEN);
      await assertHarmless(`${path} at ${viewport.width}`);
      await tab.picture(`reading-evil-${viewport.width}${path.replaceAll("/", "-")}`);
    }
  }
});

/** Nothing ran, no element came from a text, and nothing is wider than the window. @param {string} where */
async function assertHarmless(where) {
  const found = await tab.page.evaluate(() => ({
    elements: document.querySelectorAll(
      "main script, main iframe, img[onerror], svg[onload], [onmouseover], [href^='javascript' i]",
    ).length,
    overflow: Math.max(0, document.scrollingElement.scrollWidth - innerWidth),
    sticking: [...document.querySelectorAll(".bubble, .name, h1, h2, h3, .preview, .title")]
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
      .map((node) => node.className || node.tagName),
  }));
  assert.deepEqual(found, { elements: 0, overflow: 0, sticking: [] }, where);
}
