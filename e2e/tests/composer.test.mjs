/** Writing a message: keys, input methods, limits and drafts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { Stage } from "../lib/stage.mjs";

/** @type {import("../lib/tab.mjs").Tab} */
let tab;
/** @type {import("playwright-core").CDPSession} */
let devtools;
const expected = /** @type {string[]} */ ([]);

/**
 * Enter as a keyboard gives it to the page; an input method that has taken the key reports 229.
 * @param {number} keyCode
 */
async function pressEnter(keyCode) {
  const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: keyCode };
  await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
}

const stage = new Stage(async () => {
  const me = await stage.account("writer", "笔者");
  const first = await stage.account("reader_one", "Reader One");
  const second = await stage.account("reader_two", "Reader Two");
  const conversation = await befriend(me, first);
  await befriend(me, second);
  tab = await stage.tab(me, { path: `/chats/${conversation}`, locale: "zh-CN" });
  await tab.chats.opened("Reader One");
  devtools = await tab.person.context.newCDPSession(tab.page);
});

test("Enter sends, and empties the box", async () => {
  await tab.chats.composer.click();
  await tab.page.keyboard.type("hello");
  await tab.page.keyboard.press("Enter");
  await tab.chats.sent("hello");
  expected.push("hello");
  assert.equal(await tab.chats.composer.inputValue(), "");
});

test("Shift+Enter breaks the line, and the box grows", async () => {
  const before = await tab.chats.composer.boundingBox();
  await tab.page.keyboard.type("two");
  await tab.page.keyboard.press("Shift+Enter");
  await tab.page.keyboard.type("lines");
  assert.equal(await tab.chats.composer.inputValue(), "two\nlines");
  const after = await tab.chats.composer.boundingBox();
  assert.ok(before && after && after.height > before.height, "it grows with the text");
  await tab.page.keyboard.press("Enter");
  expected.push("two\nlines");
  await tab.chats.shows(expected);
});

test("blank text is not sent", async () => {
  await tab.page.keyboard.type("   ");
  await tab.page.keyboard.press("Shift+Enter");
  await tab.page.keyboard.type("\u3000");
  assert.equal(await tab.page.getByTestId("send").isDisabled(), true);
  await tab.page.keyboard.press("Enter");
  assert.equal(await tab.chats.composer.inputValue(), "   \n\u3000");
  await tab.chats.send("after blank");
  expected.push("after blank");
  await tab.chats.shows(expected);
});

test("Enter in the middle of a composition belongs to the input method", async () => {
  const { composer } = tab.chats;
  await composer.focus();
  const keys = await composer.evaluateHandle((box) => {
    const seen = /** @type {[number, boolean][]} */ ([]);
    box.addEventListener("keydown", ({ keyCode, isComposing }) => seen.push([keyCode, isComposing]));
    return seen;
  });
  await devtools.send("Input.imeSetComposition", { text: "ni'hao", selectionStart: 6, selectionEnd: 6 });
  assert.equal(await composer.inputValue(), "ni'hao");
  await pressEnter(229);
  assert.equal(await composer.inputValue(), "ni'hao", "nothing was sent");
  await pressEnter(13);
  assert.equal(await composer.inputValue(), "ni'hao", "nothing was sent while composing");
  await devtools.send("Input.insertText", { text: "你好" });
  assert.equal(await composer.inputValue(), "你好");
  // Some browsers end the composition before the key comes: 229 after it.
  await pressEnter(229);
  assert.equal(await composer.inputValue(), "你好", "nothing was sent after it either");
  assert.deepEqual(await keys.jsonValue(), [[229, true], [13, true], [229, false]], "the page has seen the keys");
  await tab.chats.shows(expected);
  await pressEnter(13);
  expected.push("你好");
  await tab.chats.shows(expected);
});

test("10,000 characters are sent, one more is not", async () => {
  const { composer } = tab.chats;
  const full = "字".repeat(10_000);
  await composer.fill(`${full}了`);
  await tab.page.getByText(tab.say("chars_left", { n: -1 })).waitFor();
  await composer.press("Enter");
  assert.equal(await tab.page.getByTestId("send").isDisabled(), true);
  assert.equal((await composer.inputValue()).length, 10_001, "it stays to be shortened");
  await tab.picture("composer-too-long");
  await composer.fill(full);
  await composer.press("Enter");
  await tab.chats.sent(full);
  assert.equal(await composer.inputValue(), "");
});

test("each conversation keeps its draft, over switching and reload", async () => {
  const { chats } = tab;
  await chats.composer.fill("给第一个人的草稿");
  await chats.open("Reader Two");
  assert.equal(await chats.composer.inputValue(), "");
  await chats.item("Reader One").getByText(tab.say("draft_mark")).waitFor();
  await chats.composer.fill("for the second");
  await tab.picture("composer-drafts");
  await chats.open("Reader One");
  assert.equal(await chats.composer.inputValue(), "给第一个人的草稿");
  await tab.page.reload();
  await chats.opened("Reader One");
  assert.equal(await chats.composer.inputValue(), "给第一个人的草稿");
  await chats.open("Reader Two");
  assert.equal(await chats.composer.inputValue(), "for the second");
  await chats.composer.fill("");
  await chats.open("Reader One");
  assert.equal(await chats.item("Reader Two").getByText(tab.say("draft_mark")).count(), 0);
});
