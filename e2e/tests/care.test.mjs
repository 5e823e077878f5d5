/** The care of conversations: put away, marked unread, drafts on two devices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible } from "../lib/browser.mjs";
import { png } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/tab.mjs").Tab} */
let tab;
/** @type {import("../lib/tab.mjs").Tab} */
let phone;
/** @type {import("../lib/api.mjs").Api} */
let me;
/** @type {import("../lib/api.mjs").Api} */
let kate;
let chat = 0;

/**
 * Uploads a file whole: its id.
 * @param {import("../lib/api.mjs").Api} api @param {string} name @param {Buffer} bytes
 * @returns {Promise<string>}
 */
async function upload(api, name, bytes) {
  const headers = {
    Origin: api.origin,
    "X-CSRFToken": api.csrf ?? "",
    Cookie: [...api.cookies].map(([key, value]) => `${key}=${value}`).join("; "),
    "Tus-Resumable": "1.0.0",
  };
  const made = await fetch(`${api.origin}/api/v1/uploads`, {
    method: "POST",
    headers: {
      ...headers,
      "Upload-Length": `${bytes.length}`,
      "Upload-Metadata": `filename ${Buffer.from(name).toString("base64")}`,
    },
  });
  assert.equal(made.status, 201);
  const address = made.headers.get("Location") ?? "";
  const sent = await fetch(new URL(address, api.origin), {
    method: "PATCH",
    headers: { ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" },
    body: /** @type {any} */ (bytes),
  });
  assert.equal(sent.status, 204);
  return address.split("/").at(-1) ?? "";
}

const stage = new Stage(async () => {
  me = await stage.account("penny", "Penny");
  kate = await stage.account("kate", "Kate Green");
  const lin = await stage.account("lin_yue", "林月");
  chat = await befriend(me, kate);
  const other = await befriend(me, lin);
  await kate.say(chat, "Tea?");
  await lin.say(other, "早上好");
  tab = await stage.tab(me);
  phone = await stage.tab(me, { locale: "zh-CN" });
});

test("put away from the list, and back with the next message", async () => {
  await tab.chats.open("林月");
  await tab.chats.command("Kate Green", "archive");
  await tab.chats.item("Kate Green").waitFor({ state: "detached" });
  await phone.chats.item("Kate Green").waitFor({ state: "detached" });
  const entry = phone.page.getByTestId("archived-entry");
  await entry.getByText("Kate Green").waitFor();
  await entry.click();
  await phone.chats.item("Kate Green").waitFor();
  await phone.picture("care-archived");
  await kate.say(chat, "Hello?");
  await tab.chats.item("Kate Green").waitFor();
  await tab.page.getByTestId("archived-entry").waitFor({ state: "detached" });
  await phone.page.getByText(phone.say("nothing_archived"), { exact: true }).waitFor();
  await phone.place("chats").click();
});

test("marked unread until it is opened, on every device", async () => {
  await tab.chats.open("Kate Green");
  await tab.chats.unread("Kate Green").waitFor({ state: "detached" });
  await tab.chats.open("林月");
  await tab.chats.command("Kate Green", "mark_unread");
  for (const each of [tab, phone]) await each.chats.unread("Kate Green").waitFor();
  await until(async () => assert.equal(await phone.badge("chats").innerText().then((text) => text.slice(0, 1)), "1"));
  await tab.picture("care-unread");
  await phone.chats.open("Kate Green");
  for (const each of [tab, phone]) await each.chats.unread("Kate Green").waitFor({ state: "detached" });
  await phone.chats.open("林月");
});

test("what is typed on one device stands on the other, and survives reload", async () => {
  await tab.chats.open("Kate Green");
  await tab.chats.composer.fill("Dear Kate,");
  await phone.chats.item("Kate Green").getByText(phone.say("draft_mark")).waitFor();
  await phone.chats.open("Kate Green");
  assert.equal(await phone.chats.composer.inputValue(), "Dear Kate,");
  await phone.page.reload();
  await until(async () => assert.equal(await phone.chats.composer.inputValue(), "Dear Kate,"));

  await phone.chats.send("Dear Kate, tea at five");
  await phone.chats.sent("Dear Kate, tea at five");
  await until(async () => assert.equal(await tab.chats.composer.inputValue(), ""));
});

test("typed without a connection, it goes out when there is one again", async () => {
  await phone.chats.open("林月");
  await tab.chats.open("林月");
  await phone.person.context.setOffline(true);
  phone.person.expect(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  await phone.chats.composer.fill("在路上");
  await phone.person.context.setOffline(false);
  await until(async () => assert.equal(await tab.chats.composer.inputValue(), "在路上"));
});

test("saved messages: a chat with oneself", async () => {
  await tab.place("chats").click();
  await tab.choose(tab.button("new").first(), "saved_messages");
  await tab.chats.opened(tab.say("saved_messages"));
  await tab.chats.send("Buy tea");
  await tab.chats.sent("Buy tea");
  await phone.chats.open("我的收藏");
  await phone.chats.sees("Buy tea");
  await phone.picture("care-saved");
  await tab.picture("care-saved-desktop");
  await assertAccessible(tab.page);
});

test("what is pinned stands in the drawer, and leads to its place", async () => {
  const { messages } = await kate.get(`/conversations/${chat}/messages`);
  await kate.put(`/conversations/${chat}/messages/${messages[0].seq}/pin`, {});
  await tab.chats.open("Kate Green");
  await tab.chats.details();
  const drawer = tab.page.getByRole("complementary", { name: tab.say("details") });
  await drawer.getByRole("tab", { name: tab.say("pinned_messages") }).click();
  await drawer.getByRole("link").filter({ hasText: "Tea?" }).waitFor();
  await kate.put(`/conversations/${chat}/messages/${messages[1].seq}/pin`, {});
  await drawer.getByRole("link").filter({ hasText: "Hello?" }).waitFor();
  await tab.picture("care-pinned");
  await assertAccessible(tab.page);
  await kate.delete(`/conversations/${chat}/messages/${messages[1].seq}/pin`);
  await drawer.getByRole("link").filter({ hasText: "Hello?" }).waitFor({ state: "detached" });
  await drawer.getByRole("link").filter({ hasText: "Tea?" }).click();
  await tab.page.waitForURL(/[?]at=1$/);
});

test("files stand in the drawer: pictures as a grid, others as a list", async () => {
  const picture = await upload(kate, "tea.png", png(64, [38, 110, 70], [250, 250, 240]));
  const list = await upload(kate, "shopping.txt", Buffer.from("tea, milk, biscuits"));
  for (const id of [picture, list]) {
    await kate.post(`/conversations/${chat}/messages`, {
      client_id: `file-${id}`,
      attachments: [{ upload_id: id }],
    });
  }
  await tab.page.goto(`/chats/${chat}/info`);
  const drawer = tab.page.getByRole("complementary", { name: tab.say("details") });
  await drawer.getByRole("tab", { name: tab.say("media") }).click();
  const shown = drawer.getByRole("link", { name: /Kate Green/ });
  await shown.locator("img").waitFor();
  await until(async () =>
    assert.ok(await shown.locator("img").evaluate((image) => /** @type {any} */ (image).naturalWidth > 0)),
  );
  await tab.picture("care-media");
  await drawer.getByRole("tab", { name: tab.say("files") }).click();
  await drawer.getByText("shopping.txt").waitFor();
  await tab.picture("care-files");
  await assertAccessible(tab.page);
  const download = tab.page.waitForEvent("download");
  await drawer.getByTitle(tab.say("download_named", { name: "shopping.txt" })).click();
  assert.equal((await download).suggestedFilename(), "shopping.txt");
});
