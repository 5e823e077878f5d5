/** Writing articles: nothing that was typed is lost, pictures come along, and talk becomes an article with consent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible, PHONE } from "../lib/browser.mjs";
import { community, publish } from "../lib/community.mjs";
import { landscape } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let author;
/** @type {import("../lib/api.mjs").Api} */
let other;
/** @type {import("../lib/tab.mjs").Tab} */
let tab;
let [tea, direct] = [0, 0];

const stage = new Stage(async () => {
  const { ids } = await community(stage.server, [{ slug: "tea", name: "Tea" }]);
  [tea = 0] = ids;
  author = await stage.account("author", "Author");
  other = await stage.account("other", "Other");
  direct = await befriend(author, other);
  tab = await stage.tab(author, { path: "/forum/new" });
});

const editor = () => tab.forum;
const PICTURE = landscape(400, 225, [90, 120, 190], [40, 70, 90]);

/** What the fields say. */
async function says(/** @type {string} */ title, /** @type {string} */ text) {
  await until(async () => {
    assert.equal(await editor().title.inputValue(), title);
    assert.equal(await editor().text.inputValue(), text);
  });
}

test("a draft saves itself, first on this device, then on the server", async () => {
  await editor().text.fill("Without a title");
  await editor().saves("waiting");
  await tab.page.getByText(tab.say("kept_unfinished")).first().waitFor();
  await tab.page.reload();
  await says("", "Without a title");
  await editor().title.fill("Kept");
  await editor().saves("saved");
  await tab.page.waitForURL(/\/forum\/articles\/\d+\/edit$/);
  const { articles } = await author.get(`/forum/articles?author=${author.user?.id}&status=draft`);
  assert.deepEqual(articles.map((/** @type {any} */ one) => one.title), ["Kept"]);
  await tab.page.reload();
  await says("Kept", "Without a title");
  await assertAccessible(tab.page);
});

test("what was typed survives a tab that closes before anything was sent", async () => {
  await editor().text.fill("Typed right before the end");
  const address = tab.page.url();
  await tab.page.goto("about:blank");
  await tab.page.goto(address);
  await says("Kept", "Typed right before the end");
  await editor().saves("saved");
});

test("a server that is gone: kept here, and saved when it is back", async () => {
  tab.person.expect(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket|EventSource/);
  await stage.server.kill();
  await editor().text.fill("Written into the dark");
  await editor().saves("waiting");
  await tab.page.getByText(tab.say("kept_offline")).first().waitFor();
  await tab.picture("forum-editor-offline");
  await stage.server.run();
  await editor().saves("saved");
  await tab.page.reload();
  await says("Kept", "Written into the dark");
});

test("a session that ran out: after logging in the text is there", async () => {
  tab.person.expect(/status of 401/);
  // It runs out between the typing and the saving. Any earlier, and the client, which asks for its lists after the
  // article, finds out while there is nothing typed yet, and leads to the door.
  const saving = /\/api\/v1\/forum\/articles\/\d+$/;
  await tab.page.route(saving, async (route) => {
    if (route.request().method() === "PATCH") await tab.person.context.clearCookies();
    await route.continue();
  });
  await editor().text.fill("Typed without a session");
  await tab.page.waitForURL(/\/login\?next=/);
  await tab.page.unroute(saving);
  await tab.page.getByTestId("login-username").fill("author");
  await tab.page.getByTestId("login-password").fill(author.password);
  await tab.page.getByTestId("login-submit").click();
  await tab.page.waitForURL(/\/edit$/);
  await says("Kept", "Typed without a session");
  await editor().saves("saved");
});

test("changed elsewhere meanwhile: the writer chooses", async () => {
  const id = Number(/articles\/(\d+)/.exec(tab.page.url())?.[1]);
  tab.person.expect(/status of 409/);
  await author.patch(`/forum/articles/${id}`, { text: "From another device" });
  await editor().text.fill("From here");
  await editor().saves("conflict");
  await tab.dialog.waitFor();
  await tab.picture("forum-editor-conflict");
  await assertAccessible(tab.page);
  await tab.dialog.getByRole("button", { name: tab.say("keep_mine"), exact: true }).click();
  await editor().saves("saved");
  assert.equal((await author.get(`/forum/articles/${id}`)).text, "From here");
  await author.patch(`/forum/articles/${id}`, { text: "Once more from another device" });
  await editor().text.fill("Not this one");
  await tab.dialog.getByRole("button", { name: tab.say("take_theirs"), exact: true }).click();
  await says("Kept", "Once more from another device");
});

test("pictures are pasted and chosen, shown in the preview, and published with the article", async () => {
  await editor().text.fill("Look:");
  await editor().text.press("End");
  await editor().text.evaluate((box, bytes) => {
    const file = new File([new Uint8Array(bytes)], "hills.png", { type: "image/png" });
    const data = new DataTransfer();
    data.items.add(file);
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, [...PICTURE]);
  await until(async () => assert.match(await editor().text.inputValue(), /^Look:\n\n!\[hills\]\(upload:[^)]+\)/));
  await editor().preview.locator("img").waitFor();
  await until(async () =>
    assert.ok(await editor().preview.locator("img").evaluate((image) => /** @type {any} */ (image).naturalWidth > 0)),
  );
  await tab.page.getByTestId("head-input").setInputFiles({ name: "head.png", mimeType: "image/png", buffer: PICTURE });
  await tab.button("remove_head_image").waitFor();
  await tab.picture("forum-editor-picture");
  await tab.page.getByTestId("publish").click();
  await editor().reads("Kept");
  const image = tab.page.getByTestId("prose").locator("img");
  await until(async () => assert.ok(await image.evaluate((one) => /** @type {any} */ (one).naturalWidth > 0)));
  await image.click();
  await tab.page.getByTestId("viewer").waitFor();
  await tab.page.keyboard.press("Escape");
  await tab.page.getByTestId("viewer").waitFor({ state: "detached" });
});

test("a published article is changed in a working copy; its history shows what was", async () => {
  const id = Number(/articles\/(\d+)/.exec(tab.page.url())?.[1]);
  await tab.choose(tab.button("article_actions"), "edit_article");
  await editor().text.fill("Another text altogether");
  await editor().saves("saved");
  assert.match((await other.get(`/forum/articles/${id}`)).text, /^Look:/, "others read what is published");
  await tab.page.reload();
  await says("Kept", "Another text altogether");
  await tab.page.getByTestId("publish").click();
  await editor().reads("Kept");
  await tab.page.getByTestId("prose").getByText("Another text altogether").waitFor();
  await tab.choose(tab.button("article_actions"), "edit_history");
  await tab.dialog.locator(".added", { hasText: "Another text altogether" }).waitFor();
  await tab.dialog.locator(".removed", { hasText: "Look:" }).waitFor();
  await assertAccessible(tab.page);
  await tab.picture("forum-history");
  await tab.page.keyboard.press("Escape");
});

test("what is missing is said at its field", async () => {
  await tab.page.goto("/forum/new");
  await tab.page.getByTestId("publish").click();
  await tab.page.getByText(tab.say("title_missing")).waitFor();
  await tab.page.getByText(tab.say("text_missing")).waitFor();
  await assertAccessible(tab.page);
  await editor().title.fill("Now it has one");
  await tab.page.getByText(tab.say("title_missing")).waitFor({ state: "detached" });
  await editor().saves("saved");
});

test("drafts stand among one's own articles, and are seen by nobody else", async () => {
  await tab.page.goto("/forum/drafts");
  await editor().row("Now it has one").waitFor();
  await tab.picture("forum-drafts");
  await assertAccessible(tab.page);
  await tab.page.getByRole("tab", { name: tab.say("mine_published") }).click();
  await editor().row("Kept").waitFor();
  const { articles } = await other.get("/forum/articles");
  assert.deepEqual(articles.map((/** @type {any} */ one) => one.title), ["Kept"]);
});

test("private talk becomes an article when everybody who is quoted agrees", async () => {
  await other.say(direct, "I would pour it at seventy degrees.");
  await author.say(direct, "And I at eighty.");
  await tab.page.goto(`/chats/${direct}`);
  await tab.chats.sees("And I at eighty.");
  const message = tab.chats.message("And I at eighty.");
  await message.click({ button: "right" });
  await tab.page.getByTestId("message-menu").getByText(tab.say("select_messages"), { exact: true }).click();
  for (const text of ["I would pour it at seventy degrees.", "And I at eighty."]) {
    const box = tab.chats.message(text).getByRole("checkbox");
    if (!(await box.isChecked())) await box.check();
  }
  await tab.page.getByTestId("make-article").click();
  await tab.page.getByTestId("private-warning").waitFor();
  await tab.page.getByTestId("make-title").fill("At how many degrees?");
  await assertAccessible(tab.page);
  await tab.picture("forum-make-article");
  await tab.dialog.getByRole("button", { name: tab.say("make_draft"), exact: true }).click();
  await tab.page.waitForURL(/\/edit$/);
  const consents = tab.page.getByTestId("consents");
  await consents.getByText(tab.say("consent_missing"), { exact: true }).waitFor();
  await until(async () => assert.match(await editor().text.inputValue(), /seventy degrees/));
  await tab.page.getByTestId("publish").click();
  await tab.page.getByText(tab.say("consent_first")).waitFor();
  await tab.button("ask_consents").click();
  await consents.getByText(tab.say("consent_asked"), { exact: true }).waitFor();
  await tab.picture("forum-consents");

  const asked = await stage.tab(other, { path: "/notifications" });
  await asked.forum.news
    .filter({ hasText: asked.say("news_quote_consent_asked", { name: "Author" }) })
    .click();
  await asked.page.getByText("I would pour it at seventy degrees.").waitFor();
  assert.equal(await asked.page.getByText("And I at eighty.").count(), 0, "only what they said themselves");
  await assertAccessible(asked.page);
  await asked.picture("forum-consent");
  await asked.page.getByTestId("consent-give").click();
  await asked.page.getByText(asked.say("you_given")).waitFor();

  await tab.forum.bell.getByTestId("unread-badge").waitFor();
  await consents.getByText(tab.say("consent_given"), { exact: true }).waitFor();
  await tab.page.getByTestId("publish").click();
  await editor().reads("At how many degrees?");
});

test("on a phone the preview is beside the text by a switch", async () => {
  await publish(author, tea, "For the phone");
  const phone = await stage.tab(author, { path: "/forum/new", viewport: PHONE, locale: "zh-CN" });
  await phone.forum.title.fill("手机上写的");
  await phone.forum.text.fill("一段**文字**");
  await phone.button("preview").click();
  await phone.forum.preview.getByText("一段文字").waitFor();
  await phone.picture("forum-phone-preview");
  await phone.button("write_tab").click();
  await phone.forum.text.waitFor();
  await phone.picture("forum-phone-editor");
  await assertAccessible(phone.page);
  await phone.forum.saves("saved");
});
