/** On a phone: one pane at a time, everything in reach of a thumb, nothing to push sideways. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE } from "../lib/browser.mjs";
import { forumWorld } from "../lib/forum_world.mjs";
import { DOORS, sights, visit } from "../lib/sights.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";
import { world } from "../lib/world.mjs";

const NARROW = { width: 360, height: 740 };
/** The least side of what a thumb has to meet, in pixels. */
const THUMB = 40;
/** @type {import("../lib/sights.mjs").There} */
let there;
/** @type {import("../lib/tab.mjs").Tab} */
let tab;

const stage = new Stage(async () => {
  const people = await world(stage.server.url);
  there = { ...people, ...(await forumWorld(stage.server, people)) };
  tab = await stage.tab(there.me, { viewport: PHONE, locale: "zh-CN" });
});

test("one pane at a time, and back", async () => {
  const { chats, page } = tab;
  await chats.item("林月").waitFor();
  assert.equal(await chats.composer.count(), 0);
  await page.getByRole("navigation", { name: tab.say("main_navigation") }).waitFor();

  await chats.item("林月").tap();
  await chats.opened("林月");
  await chats.composer.waitFor();
  assert.equal(await chats.item("林月").isVisible(), false);
  assert.equal(await tab.place("chats").isVisible(), false);

  await chats.details();
  await page.getByRole("complementary", { name: tab.say("details") }).waitFor();
  await page.goBack();
  await chats.composer.waitFor();
  await page.getByRole("link", { name: tab.say("back") }).tap();
  await chats.item("林月").waitFor();
  assert.equal(await chats.composer.count(), 0);
  await page.goBack();
  await chats.opened("林月");
});

test("the composer stands above the keyboard", async () => {
  const { chats, page } = tab;
  await chats.composer.tap();
  // What is left of the screen when a keyboard is up.
  await page.setViewportSize({ width: PHONE.width, height: 480 });
  await chats.composer.pressSequentially("路上了");
  const box = await chats.composer.boundingBox();
  assert.ok(box && box.y + box.height <= 480, "the whole composer is seen");
  await until(async () => {
    const last = await chats.messages.last().boundingBox();
    assert.ok(last && box && last.y + last.height <= box.y, "the newest message stands above it");
  });
  await tab.picture("phone-keyboard");
  await page.getByTestId("send").tap();
  await chats.sent("路上了");
  await page.setViewportSize(PHONE);
});

for (const viewport of [PHONE, NARROW]) {
  test(`no page is wider than ${viewport.width} pixels, and what matters is large enough`, async () => {
    const { page } = tab;
    await page.setViewportSize(viewport);
    for (const sight of sights(there)) {
      await visit(page, sight);
      assert.deepEqual(await measure(), { overflow: 0, small: [] }, `${sight.path} at ${viewport.width}`);
    }
  });
}

test("the doors fit too", async () => {
  const person = await stage.browser.person(stage.server.url, { viewport: NARROW });
  const page = await person.open("/login");
  for (const door of DOORS) {
    await visit(page, door);
    assert.deepEqual(await measure(page), { overflow: 0, small: [] }, door.path);
  }
});

/** How much is beyond the right edge, and which things to press are too small. */
function measure(page = tab.page) {
  return page.evaluate((thumb) => {
    const press = "button, nav a, .main header a, .list a, select, input:not([type=file]), summary, [role=switch]";
    const small = [...document.querySelectorAll(press)]
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      // What is pressed is the label around a small control.
      .map((node) => (node.matches("input, [role=switch]") ? (node.closest("label") ?? node) : node))
      .filter((node) => !node.closest(".visually-hidden, [aria-hidden=true]") && !node.matches(".visually-hidden"))
      .filter((node) => {
        const { width, height } = node.getBoundingClientRect();
        return width > 0 && (height < thumb || width < thumb);
      })
      .map((node) => {
        const { width, height } = node.getBoundingClientRect();
        return `${node.tagName} ${node.getAttribute("aria-label") ?? node.textContent?.trim()} ${width}x${height}`;
      });
    return {
      overflow: Math.max(0, (document.scrollingElement?.scrollWidth ?? 0) - innerWidth),
      small,
    };
  }, THUMB);
}
