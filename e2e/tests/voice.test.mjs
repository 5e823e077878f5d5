/** Voice messages: recorded with a microphone, looked over, sent, heard. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible, PHONE } from "../lib/browser.mjs";
import { wav } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let lin;
/** @type {import("../lib/api.mjs").Api} */
let kai;
/** @type {import("../lib/tab.mjs").Tab} */
let speaker;
/** @type {import("../lib/tab.mjs").Tab} */
let listener;
let conversation = 0;

const stage = new Stage(async () => {
  lin = await stage.account("lin", "Lin");
  kai = await stage.account("kai", "Kai");
  conversation = await befriend(lin, kai);
  const path = `/chats/${conversation}`;
  speaker = await stage.tab(lin, { path, viewport: PHONE, locale: "zh-CN" });
  listener = await stage.tab(kai, { path, theme: "dark" });
  await speaker.chats.opened("Kai");
  await listener.chats.opened("Lin");
});

const voice = (/** @type {import("../lib/tab.mjs").Tab} */ tab) => tab.page.getByTestId("voice");

/** In the page: what the one player of voice messages is doing. */
const position = (/** @type {import("../lib/tab.mjs").Tab} */ tab) =>
  voice(tab).last().getByRole("slider").inputValue().then(Number);

test("a voice message is recorded, listened to, and sent", async () => {
  const { page, files } = speaker;
  await page.getByTestId("record").click();
  await page.locator("[data-testid=record-bar][data-phase=recording]").waitFor();
  const time = files.recorder.getByRole("timer");
  await time.getByText("0:01").waitFor();
  await speaker.picture("voice-recording");
  await assertAccessible(page);
  await speaker.button("voice_pause").click();
  await page.locator("[data-testid=record-bar][data-phase=paused]").waitFor();
  await speaker.button("voice_resume").click();
  await time.getByText("0:03").waitFor();
  await speaker.button("voice_stop").click();
  await files.recorder.getByTestId("voice").waitFor();
  await speaker.picture("voice-review");
  await assertAccessible(page);
  await files.recorder.getByRole("button", { name: /语音消息，/ }).click();
  await files.recorder.locator("[data-testid=voice][data-running=true]").waitFor();
  await page.getByTestId("voice-send").click();
  await voice(listener).waitFor();
  await files.recorder.waitFor({ state: "detached" });
  const { messages } = await kai.get(`/conversations/${conversation}/messages?limit=1`);
  const [attachment] = messages[0].attachments;
  assert.equal(attachment.kind, "voice");
  assert.ok(attachment.duration_ms > 2_000 && attachment.duration_ms < 20_000, `${attachment.duration_ms}`);
  assert.ok(attachment.waveform.length > 0 && attachment.waveform.length <= 64);
  assert.equal(Math.max(...attachment.waveform), 255);
});

test("it is marked until it was heard, and plays in its place", async () => {
  const { page } = listener;
  const message = voice(listener).last();
  assert.equal(await message.getAttribute("data-fresh"), "true");
  await listener.picture("voice-fresh");
  await message.getByRole("button").first().click();
  await page.locator("[data-testid=voice][data-running=true]").waitFor();
  assert.equal(await message.getAttribute("data-fresh"), "false");
  await until(async () => assert.ok((await position(listener)) > 0));
  await listener.picture("voice-playing");
  await assertAccessible(page);
  await page.locator("[data-testid=voice][data-running=false]").waitFor();
  await page.reload();
  await listener.chats.opened("Lin");
  assert.equal(await voice(listener).last().getAttribute("data-fresh"), "false", "this device remembers");
});

test("the keyboard goes to any place of it, at any speed", async () => {
  const { page } = listener;
  const message = voice(listener).last();
  const slider = message.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.equal(await position(listener), 2_000);
  const speed = (/** @type {number} */ value) => message.getByRole("button", { name: listener.say("voice_speed", { speed: value }) });
  await speed(1).click();
  await speed(1.5).click();
  await speed(2).waitFor();
  await message.getByRole("button").first().click();
  await page.locator("[data-testid=voice][data-running=true]").waitFor();
  await until(async () => assert.ok((await position(listener)) > 2_000 || (await message.getAttribute("data-running")) === "false"));
  await speed(2).click();
});

test("only one is heard at a time", async () => {
  const { page } = listener;
  const waveform = Array.from({ length: 64 }, (_, i) => Math.round(120 + 120 * Math.sin(i / 3)));
  await lin.give(conversation, "", [
    { name: "long.wav", bytes: wav(20), voice: { duration_ms: 20_000, waveform } },
  ]);
  await until(async () => assert.equal(await voice(listener).count(), 2));
  await voice(listener).first().getByRole("button").first().click();
  await voice(listener).last().getByRole("button").first().click();
  await until(async () => {
    assert.equal(await voice(listener).first().getAttribute("data-running"), "false");
    assert.equal(await voice(listener).last().getAttribute("data-running"), "true");
  });
  await voice(listener).last().getByRole("button").first().click();
  await page.locator("[data-testid=voice][data-running=true]").waitFor({ state: "detached" });
});

test("without a microphone the reader is told what to do", async () => {
  const { page, files } = listener;
  for (const [error, key] of [["NotAllowedError", "voice_not_allowed"], ["NotFoundError", "voice_no_microphone"], ["NotReadableError", "voice_microphone_busy"]]) {
    await page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", name));
    }, error);
    await page.getByTestId("record").click();
    await files.recorder.getByText(listener.say(key ?? "")).waitFor();
    await files.recorder.getByRole("button", { name: listener.say("close") }).click();
    await listener.chats.composer.waitFor();
  }
});

test("a recording that is discarded is not sent", async () => {
  const { page, files } = speaker;
  await page.getByTestId("record").click();
  await page.locator("[data-testid=record-bar][data-phase=recording]").waitFor();
  await speaker.button("voice_discard").click();
  await speaker.chats.composer.waitFor();
  assert.equal(await files.recorder.count(), 0);
  assert.equal(await voice(speaker).count(), 2);
});

test("a voice message answers, too", async () => {
  const { page, files } = listener;
  // With the microphone again.
  await page.reload();
  await listener.chats.opened("Lin");
  await kai.say(conversation, "Can you call me?");
  await speaker.chats.sees("Can you call me?");
  await lin.say(conversation, "I can. When?");
  await listener.chats.message("I can. When?").click({ button: "right", position: { x: 100, y: 14 } });
  await page.getByRole("menuitem", { name: listener.say("reply"), exact: true }).click();
  await page.getByTestId("act-bar").waitFor();
  await page.getByTestId("record").click();
  await files.recorder.getByRole("timer").getByText("0:01").waitFor();
  await page.getByTestId("act-bar").getByText("I can. When?").waitFor();
  await listener.picture("voice-reply-recording");
  await assertAccessible(page);
  await page.getByTestId("voice-send").click();
  await page.getByTestId("act-bar").waitFor({ state: "detached" });
  const answer = speaker.chats.messages.filter({ has: speaker.page.getByTestId("quote") });
  await answer.getByTestId("voice").waitFor();
  await answer.getByTestId("quote").getByText("I can. When?").waitFor();
  await speaker.picture("voice-reply");
});
