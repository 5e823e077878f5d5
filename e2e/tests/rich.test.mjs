/** What becomes of a text: Markdown, and that nothing in it ever runs. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertAccessible, DESKTOP, PHONE, screenshot } from "../lib/browser.mjs";
import { befriend } from "../lib/api.mjs";
import { gif, png } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let ann;
/** @type {import("../lib/api.mjs").Api} */
let ben;
/** @type {import("../lib/tab.mjs").Tab} */
let tab;
let conversation = 0;

const stage = new Stage(async () => {
  ann = await stage.account("ann", "安 Ann");
  ben = await stage.account("ben", "Ben");
  conversation = await befriend(ann, ben);
  tab = await stage.tab(ben, { path: `/chats/${conversation}` });
  await tab.chats.opened("安 Ann");
});

test("Markdown is typed and read", async () => {
  const reader = await stage.tab(ann, { path: `/chats/${conversation}`, locale: "zh-CN" });
  await reader.chats.opened("Ben");
  await tab.chats.composer.fill("**bold** and `code`\n- one\n- two");
  await tab.chats.composer.press("Enter");
  const rich = reader.chats.messages.last().getByTestId("rich");
  await rich.locator("strong", { hasText: "bold" }).waitFor();
  assert.equal(await rich.locator("code").innerText(), "code");
  assert.deepEqual(await rich.locator("li").allInnerTexts(), ["one", "two"]);
  await tab.chats.messages.last().locator("strong").waitFor();
  await tab.chats.send("snake_case >_< 2*3*4 ¯\\_(ツ)_/¯ #topic");
  await reader.chats.sees("snake_case >_< 2*3*4 ¯\\_(ツ)_/¯ #topic");
  await reader.page.close();
});

test("a spoiler shows when it is asked to, by mouse and by keyboard", async () => {
  await ann.say(conversation, "it was ||the butler|| and ||the maid||");
  await tab.chats.item("安 Ann").getByText("▒▒▒").waitFor();
  const message = tab.chats.messages.last();
  const hidden = message.getByRole("button", { name: tab.say("spoiler") });
  await hidden.first().waitFor();
  assert.equal(await hidden.count(), 2);
  await hidden.first().click();
  assert.equal(await hidden.count(), 1);
  await hidden.first().focus();
  await tab.page.keyboard.press("Enter");
  assert.equal(await hidden.count(), 0);
  assert.equal(await message.locator(".spoiler.shown").count(), 2);
});

test("nothing that is sent runs in a browser", async () => {
  const path = new URL("../../crates/server/src/markup/payloads.txt", import.meta.url);
  const payloads = readFileSync(path, "utf8").split("\n").filter((line) => line !== "");
  const dialogs = /** @type {string[]} */ ([]);
  tab.page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const elsewhere = /** @type {string[]} */ ([]);
  tab.page.on("request", (request) => {
    const { origin } = new URL(request.url());
    if (origin !== stage.server.url) elsewhere.push(request.url());
  });
  await tab.page.addInitScript(() => {
    Object.defineProperty(window, "alert", { value: () => document.body.setAttribute("data-ran", "yes") });
  });
  for (const [n, payload] of payloads.entries()) {
    const text = payload.replaceAll("\\n", "\n");
    await ann.say(conversation, `**${n}** ${text}\n\n[x](${text}) ||${text}|| ![y](${text})`);
  }
  await ann.say(conversation, "the end");
  await tab.page.reload();
  await tab.chats.sees("the end");
  // Everything is shown once, from the end to the beginning.
  const list = tab.page.getByRole("log");
  await list.hover();
  for (let n = 0; n < 60; n++) await tab.page.mouse.wheel(0, -600);
  const found = await tab.page.evaluate(() => {
    const log = document.querySelector("[role=log]");
    const all = [...(log?.querySelectorAll("[data-testid=rich] *") ?? [])];
    return {
      shown: all.length,
      bad: all.filter((one) => one.matches("script, iframe, object, embed, style, form, svg, math, link, base, meta")).length,
      handlers: all.flatMap((one) => [...one.attributes]).filter((one) => one.name.startsWith("on")).length,
      targets: all.filter((one) => one.matches("a:not(.mention)") && !/^(https?|mailto):/i.test(one.getAttribute("href") ?? "")).map((one) => one.outerHTML),
    };
  });
  assert.ok(found.shown > 20, JSON.stringify(found));
  assert.deepEqual([found.bad, found.handlers, found.targets], [0, 0, []], JSON.stringify(found));
  assert.equal(await tab.page.locator("body[data-ran]").count(), 0);
  assert.deepEqual(dialogs, []);
  assert.deepEqual(elsewhere, [], "and nobody else is asked for anything");
});

test("somebody is named by the suggestions, and by nothing once the name is edited away", async () => {
  const group = await ann.post("/groups", { name: "Rookies" });
  await ann.post(`/groups/${group.id}/members`, { user_id: ben.user?.id });
  const writer = await stage.tab(ann, { path: `/chats/${group.id}` });
  const reader = await stage.tab(ben, { path: `/chats/${group.id}`, locale: "zh-CN" });
  const { composer } = writer.chats;
  const suggestions = writer.page.getByTestId("suggestions");
  await composer.click();
  await writer.page.keyboard.type("hi @be");
  await suggestions.getByRole("option", { name: "Ben" }).waitFor();
  await assertAccessible(writer.page);
  await writer.page.keyboard.press("Enter");
  assert.equal(await composer.inputValue(), "hi @Ben ");
  assert.equal(await suggestions.count(), 0);
  await writer.page.keyboard.type("look");
  await writer.page.keyboard.press("Enter");
  const mention = reader.chats.messages.last().locator("a.mention.me", { hasText: "@Ben" });
  await mention.waitFor();
  await mention.click();
  await reader.page.waitForURL(`**/contacts/people/${ben.user?.id}`);
  // Escape leaves the text alone, and everybody is offered to whoever leads the group.
  await writer.page.keyboard.type("@");
  await suggestions.getByRole("option", { name: writer.say("mention_everybody") }).waitFor();
  await writer.page.keyboard.press("Escape");
  assert.equal(await suggestions.count(), 0);
  await composer.fill("@B is not named");
  await composer.press("Enter");
  await writer.chats.sent("@B is not named");
  const { messages } = await ann.get(`/conversations/${group.id}/messages?limit=2`);
  assert.deepEqual(messages.map((/** @type {any} */ one) => one.mentions?.[0]?.user_id), [ben.user?.id, undefined]);
  for (const each of [writer, reader]) await each.page.close();
});

test("an emoji is found in Chinese, and completed after a colon", async () => {
  const writer = await stage.tab(ann, { path: `/chats/${conversation}`, locale: "zh-CN" });
  await writer.page.getByTestId("emoji-button").click();
  const picker = writer.page.getByTestId("emoji-picker");
  await picker.getByRole("searchbox").fill("企鹅");
  await picker.getByRole("button", { name: "企鹅", exact: true }).waitFor();
  await assertAccessible(writer.page);
  await picker.getByRole("searchbox").press("ArrowDown");
  await writer.page.keyboard.press("Enter");
  await writer.page.keyboard.press("Escape");
  await picker.waitFor({ state: "detached" });
  assert.equal(await writer.chats.composer.inputValue(), "🐧");
  await writer.chats.composer.press("Enter");
  await writer.chats.sent("🐧");
  await writer.chats.composer.pressSequentially(":猫");
  await writer.page.getByTestId("suggestions").getByRole("option").first().waitFor();
  await writer.page.keyboard.press("Tab");
  assert.match(await writer.chats.composer.inputValue(), /^\p{Extended_Pictographic}/u);
  await writer.chats.composer.fill("");
  await writer.page.close();
});

test("the operator adds a sticker for everybody, and an owner one for the group", async () => {
  await ann.post("/setup", { setup_token: stage.server.setupToken() });
  const operator = await stage.tab(ann, { path: "/settings/emoji" });
  const main = operator.page.locator("main > .main");
  const picture = { name: "hello.png", mimeType: "image/png", buffer: png(96, [200, 80, 40], [255, 240, 220]) };
  await main.locator("input[type=file]").setInputFiles(picture);
  await main.getByLabel(operator.say("emoji_kind")).selectOption("sticker");
  assert.equal(await main.getByLabel(operator.say("emoji_name"), { exact: true }).inputValue(), "hello");
  await main.getByRole("button", { name: operator.say("emoji_add"), exact: true }).click();
  await main.getByRole("listitem").getByText("hello", { exact: true }).waitFor();
  await screenshot(operator.page, "look/settings-emoji");
  await assertAccessible(operator.page);
  const group = await ann.post("/groups", { name: "Own pictures" });
  await operator.page.goto(`/chats/${group.id}/info`);
  await operator.page.getByRole("button", { name: operator.say("emoji_page") }).click();
  const dialog = operator.page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles(picture);
  await dialog.getByRole("button", { name: operator.say("emoji_add"), exact: true }).click();
  await dialog.getByRole("listitem").getByText(":hello:", { exact: true }).waitFor();
  await screenshot(operator.page, "look/group-emoji");
  await assertAccessible(operator.page);
  await dialog.getByRole("button", { name: operator.say("emoji_remove", { name: "hello" }) }).click();
  await operator.page.getByRole("button", { name: operator.say("delete"), exact: true }).click();
  await dialog.getByText(operator.say("emoji_no_custom")).waitFor();
  await operator.page.close();
});

test("a group's own emoji and stickers are sent and seen", async () => {
  const group = await ann.post("/groups", { name: "Stickers" });
  await ann.post(`/groups/${group.id}/members`, { user_id: ben.user?.id });
  for (const [name, kind] of [["pengu", "emoji"], ["wave", "sticker"]]) {
    const query = `name=${name}&kind=${kind}&group_id=${group.id}`;
    await ann.call("POST", `/emoji?${query}`, png(128, [38, 70, 110], [250, 250, 250]), "image/png");
  }
  const writer = await stage.tab(ann, { path: `/chats/${group.id}` });
  const reader = await stage.tab(ben, { path: `/chats/${group.id}`, locale: "zh-CN", theme: "dark" });
  await writer.page.getByTestId("emoji-button").click();
  const picker = writer.page.getByTestId("emoji-picker");
  await picker.getByRole("button", { name: writer.say("emoji_custom") }).click();
  await picker.getByRole("button", { name: "pengu", exact: true }).click();
  await screenshot(writer.page, "look/emoji-picker");
  await picker.getByRole("button", { name: writer.say("stickers") }).click();
  await picker.getByRole("button", { name: "wave", exact: true }).click();
  await picker.waitFor({ state: "detached" });
  const sticker = reader.chats.messages.getByTestId("sticker");
  await sticker.waitFor();
  assert.equal(await sticker.getAttribute("alt"), reader.say("sticker_named", { name: "wave" }));
  await reader.chats.item("Stickers").getByText(reader.say("summary_sticker", { name: "wave" })).waitFor();
  // A sticker answers as a text does.
  await reader.chats.messages.last().click({ button: "right", position: { x: 20, y: 20 } });
  await reader.page.getByRole("menuitem", { name: reader.say("reply"), exact: true }).click();
  await reader.page.getByTestId("act-bar").waitFor();
  await reader.page.getByTestId("emoji-button").click();
  const stickers = reader.page.getByTestId("emoji-picker");
  await stickers.getByRole("button", { name: reader.say("stickers") }).click();
  await stickers.getByRole("button", { name: "wave", exact: true }).click();
  await reader.page.getByTestId("act-bar").waitFor({ state: "detached" });
  const answer = writer.chats.messages.filter({ has: writer.page.getByTestId("quote") });
  await answer.getByTestId("sticker").waitFor();
  await screenshot(writer.page, "look/sticker-reply");
  assert.equal(await writer.chats.composer.inputValue(), ":pengu:");
  await writer.chats.composer.press("Enter");
  await reader.chats.messages.last().locator("img.emoji").waitFor();
  await until(async () => {
    const isDrawn = (/** @type {any} */ image) => image.complete && image.naturalWidth > 0;
    assert.ok(await reader.chats.messages.last().locator("img.emoji").evaluate(isDrawn));
  });
  await screenshot(reader.page, "look/stickers-dark");
  await assertAccessible(reader.page);
  for (const each of [writer, reader]) await each.page.close();
});

test("emoji and stickers that move stand still for whoever wants that", async () => {
  const group = await ann.post("/groups", { name: "Moving pictures" });
  await ann.post(`/groups/${group.id}/members`, { user_id: ben.user?.id });
  const moving = gif(96, [[200, 80, 40], [40, 120, 200]]);
  for (const [name, kind] of [["dance", "emoji"], ["twirl", "sticker"]]) {
    await ann.call("POST", `/emoji?name=${name}&kind=${kind}&group_id=${group.id}`, moving, "image/gif");
  }
  const { emoji } = await ann.get("/emoji");
  const sticker = emoji.find((/** @type {any} */ one) => one.name === "twirl");
  await ann.post(`/conversations/${group.id}/messages`, { client_id: "twirl", sticker_id: sticker.id });
  await ann.say(group.id, "look :dance:");
  const lively = await stage.tab(ben, { path: `/chats/${group.id}` });
  const calm = await stage.tab(ann, { path: `/chats/${group.id}`, locale: "zh-CN", theme: "dark" });
  await calm.page.emulateMedia({ reducedMotion: "reduce", colorScheme: "dark" });
  for (const [tab, ending] of /** @type {const} */ ([[lively, ""], [calm, "/still"]])) {
    for (const shown of [tab.page.getByTestId("sticker"), tab.chats.messages.last().locator("img.emoji")]) {
      await until(async () => {
        const source = await shown.evaluate((/** @type {any} */ image) => image.naturalWidth > 0 && image.currentSrc);
        assert.match(source, new RegExp(`/emoji/[^/]+${ending}$`));
      });
    }
    await tab.page.getByTestId("emoji-button").click();
    const picker = tab.page.getByTestId("emoji-picker");
    await picker.getByRole("button", { name: tab.say("stickers") }).click();
    await picker.getByRole("button", { name: "twirl", exact: true }).waitFor();
    await screenshot(tab.page, `look/emoji-moving${ending.replace("/", "-")}`);
    await assertAccessible(tab.page);
    await tab.page.close();
  }
});

for (const [size, viewport] of /** @type {const} */ ([["phone", PHONE], ["desktop", DESKTOP]])) {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    test(`how it looks: ${size}, ${theme}`, async () => {
      const locale = theme === "light" ? "zh-CN" : "en-US";
      const reader = await stage.tab(ann, { path: `/chats/${conversation}`, locale, theme, viewport });
      for (const who of [ben, ann]) {
        await who.say(conversation, "# 周末计划\n我们**周六**去 *爬山*，~~周日~~ `8:00` 出发，见 https://example.org/map?a_b_c\n> 别忘了带水\n> 和帽子\n\n1. 集合\n2. 出发\n   - 别迟到\n\n答案是 ||下雨就取消||。");
        await who.say(conversation, "```rust\n// Greets everybody.\nfn main() {\n    let name = \"world\";\n    println!(\"hello {name}, {}\", 42);\n}\n```");
      }
      await ben.say(conversation, "🎉👍");
      await ben.say(conversation, `好的 👌 ${size} ${theme}`);
      await reader.chats.sees(`好的 👌 ${size} ${theme}`);
      // The newest is where it can be read.
      await until(async () => {
        const box = await reader.chats.messages.last().boundingBox();
        const composer = await reader.chats.composer.boundingBox();
        assert.ok(box && composer && box.y + box.height <= composer.y, JSON.stringify([box, composer]));
      });
      await screenshot(reader.page, `look/rich-${size}-${theme}`);
      await assertAccessible(reader.page);
      await reader.page.close();
    });
  }
}
