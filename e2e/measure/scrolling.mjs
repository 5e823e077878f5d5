/**
 * How smooth the client is with much in it: a list of 1,000 conversations and a conversation of 50,000 messages, in a
 * real browser, at full speed and with the processor slowed down to a quarter. Prints a table.
 *
 *     ROOKERY_BIN=target/release/rookery node e2e/measure/scrolling.mjs [--conversations N] [--messages N]
 */
import { parseArgs } from "node:util";
import { Api, befriend } from "../lib/api.mjs";
import { Browser, DESKTOP, PHONE } from "../lib/browser.mjs";
import { Server } from "../lib/server.mjs";
import { Tab } from "../lib/tab.mjs";

/** Requests under way at once while the world is made. */
const AT_ONCE = 32;
/** How long each scrolling goes on, in milliseconds. */
const SCROLL_MS = 8_000;
/** Pixels scrolled a frame. */
const STEP_PX = 120;

const { values } = parseArgs({
  options: {
    conversations: { type: "string", default: "1000" },
    messages: { type: "string", default: "50000" },
  },
});
const CONVERSATIONS = Number(values.conversations);
const MESSAGES = Number(values.messages);

const text = (/** @type {number} */ n) =>
  n % 6 === 0 ? `第 ${n} 条：${"这是一段比较长的话，需要换行才能放得下。".repeat(1 + (n % 4))}` : `message ${n}`;

/** Does `count` things, some at once. @param {number} count @param {(n: number) => Promise<unknown>} act */
async function many(count, act) {
  let next = 1;
  const work = async () => {
    while (next <= count) await act(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** @param {string} origin */
async function world(origin) {
  const me = await Api.register(origin, "reader", { name: "Reader" });
  const peer = await Api.register(origin, "talker", { name: "Talker" });
  const long = await befriend(me, peer);
  await many(CONVERSATIONS - 1, async (n) => {
    const group = await me.post("/groups", { name: `Group ${n}`, join_policy: "open" });
    await me.say(group.id, `the last word in group ${n}`);
  });
  await many(MESSAGES, (n) => (n % 3 ? peer : me).say(long, text(n)));
  await me.put(`/conversations/${long}/read`, { seq: MESSAGES });
  return { me, peer, long };
}

/** Long tasks and frames from now on. @param {import("playwright-core").Page} page */
const watch = (page) =>
  page.evaluate(() => {
    const seen = { long: /** @type {number[]} */ ([]), frames: /** @type {number[]} */ ([]), on: true };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.long.push(entry.duration);
    }).observe({ type: "longtask" });
    let last = performance.now();
    const frame = (/** @type {number} */ now) => {
      seen.frames.push(now - last);
      last = now;
      if (seen.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(globalThis, { seen });
  });

/** What came of it. @param {import("playwright-core").Page} page */
const seen = (page) =>
  page.evaluate(() => {
    const { seen } = /** @type {any} */ (globalThis);
    seen.on = false;
    const frames = seen.frames.slice(1).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
    const at = (/** @type {number} */ share) => Math.round(frames[Math.floor((frames.length - 1) * share)] ?? 0);
    return {
      frames: `${at(0.5)} · ${at(0.95)} · ${at(0.99)} · ${at(1)}`,
      tasks: `${seen.long.length} (longest ${Math.round(Math.max(0, ...seen.long))})`,
    };
  });

/** Scrolls an element, a step each frame. @param {import("playwright-core").Locator} element @param {number} step */
const scroll = (element, step) =>
  element.evaluate(
    (element, { step, duration }) =>
      new Promise((resolve) => {
        const end = performance.now() + duration;
        const go = () => {
          element.scrollTop += step;
          if (performance.now() < end) requestAnimationFrame(go);
          else resolve(undefined);
        };
        go();
      }),
    { step, duration: SCROLL_MS },
  );

/** @param {() => Promise<unknown>} act @returns {Promise<string>} how long it took */
async function timed(act) {
  const start = performance.now();
  await act();
  return `${Math.round(performance.now() - start)} ms`;
}

/**
 * @param {Browser} browser
 * @param {string} origin
 * @param {Awaited<ReturnType<typeof world>>} there
 * @param {{slow: number, viewport: {width: number, height: number}}} how
 */
async function measure(browser, origin, { me, peer, long }, { slow, viewport }) {
  const { last_seq: newest } = await me.get(`/conversations/${long}`);
  const person = await browser.person(origin, { viewport });
  await me.lend(person);
  const tab = await Tab.open(person, "/settings");
  const { page, chats } = tab;
  const devtools = await person.context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slow });
  /** @type {Record<string, string>} */
  const found = {};
  const items = page.getByTestId("conversation-item");
  const whole = page.locator(`[aria-setsize="${CONVERSATIONS}"]`);

  found["start, to the first lines"] = await timed(async () => {
    await page.goto("/chats", { waitUntil: "commit" });
    await items.first().waitFor();
  });
  found["start, to all conversations"] = `+ ${await timed(() => whole.first().waitFor())}`;
  found["lines drawn"] = String(await items.count());
  await watch(page);
  await scroll(page.locator(".scroll[role=list]"), STEP_PX);
  const list = await seen(page);
  found["list, frames: p50 · p95 · p99 · worst"] = `${list.frames} ms`;
  found["list, tasks over 50 ms"] = list.tasks;

  await page.locator(".scroll[role=list]").evaluate((list) => list.scrollTo(0, 0));
  found["opening the long conversation"] = await timed(async () => {
    await page.locator(`[data-conversation-id="${long}"]`).click();
    await page.locator(`[data-seq="${newest}"]`).waitFor();
  });
  await watch(page);
  await chats.log.hover();
  await page.mouse.wheel(0, -STEP_PX);
  await scroll(chats.log, -STEP_PX);
  const up = await seen(page);
  const oldest = await chats.messages.first().getAttribute("data-seq");
  found["reading back, messages passed"] = String(newest - Number(oldest));
  found["reading back, frames: p50 · p95 · p99 · worst"] = `${up.frames} ms`;
  found["reading back, tasks over 50 ms"] = up.tasks;

  const middle = Math.round(MESSAGES / 2);
  found["going to a message in the middle"] = await timed(async () => {
    await page.evaluate((path) => {
      const link = Object.assign(document.createElement("a"), { href: path });
      document.body.append(link);
      link.click();
      link.remove();
    }, `/chats/${long}?at=${middle}`);
    await page.locator(`.lit [data-seq="${middle}"]`).waitFor();
  });
  await watch(page);
  await scroll(chats.log, STEP_PX);
  const down = await seen(page);
  found["reading on, frames: p50 · p95 · p99 · worst"] = `${down.frames} ms`;
  found["reading on, tasks over 50 ms"] = down.tasks;

  await chats.pill.click();
  await page.locator(`[data-seq="${newest}"]`).waitFor();
  await watch(page);
  for (let n = 1; n <= 100; n++) await peer.say(long, `live ${n} at ${slow} ${viewport.width}`);
  await chats.message(`live 100 at ${slow} ${viewport.width}`).waitFor({ timeout: 60_000 });
  const heard = await seen(page);
  found["100 messages come in, tasks over 50 ms"] = heard.tasks;

  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.enable").then(() => devtools.send("Performance.getMetrics"));
  const metric = (/** @type {string} */ name) => metrics.find((each) => each.name === name)?.value ?? 0;
  found["at the end: heap · DOM nodes"] = `${(metric("JSHeapUsedSize") / 2 ** 20).toFixed(1)} MiB · ${metric("Nodes")}`;
  await person.leave();
  return found;
}

const server = await Server.start();
const browser = await Browser.start();
try {
  console.error(`making ${CONVERSATIONS} conversations and ${MESSAGES} messages …`);
  const there = await world(server.url);
  const ways = [
    { name: "desktop", slow: 1, viewport: DESKTOP },
    { name: "desktop, CPU ÷ 4", slow: 4, viewport: DESKTOP },
    { name: "phone, CPU ÷ 4", slow: 4, viewport: PHONE },
  ];
  /** @type {Record<string, string>[]} */
  const columns = [];
  for (const way of ways) {
    console.error(`measuring: ${way.name} …`);
    columns.push(await measure(browser, server.url, there, way));
  }
  console.log(`| | ${ways.map((way) => way.name).join(" | ")} |`);
  console.log(`|---|${ways.map(() => "---|").join("")}`);
  for (const row of Object.keys(columns[0] ?? {})) {
    console.log(`| ${row} | ${columns.map((column) => column[row]).join(" | ")} |`);
  }
} finally {
  await browser.stop().finally(() => server.stop());
}
