/** What one does to messages: answer, react, edit, take back, pass on, pin, and knowing who has read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { PHONE, assertAccessible } from "../lib/browser.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/tab.mjs").Tab} */
let tab;
/** @type {import("../lib/tab.mjs").Tab} */
let phone;
/** @type {import("../lib/api.mjs").Api} */
let penny;
/** @type {import("../lib/api.mjs").Api} */
let lin;
let chat = 0;
let group = 0;

const stage = new Stage(async () => {
  penny = await stage.account("penny", "Penny");
  lin = await stage.account("lin_yue", "林月");
  chat = await befriend(penny, lin);
  group = (await penny.post("/groups", { name: "Hikers" })).id;
  await lin.post(`/groups/${group}/join`);
  await lin.say(chat, "Shall we walk on Sunday?");
  tab = await stage.tab(penny);
  phone = await stage.tab(lin, { locale: "zh-CN", viewport: PHONE, theme: "dark" });
  await tab.chats.open("林月");
  await phone.chats.open("Penny");
});

/** @param {import("../lib/tab.mjs").Tab} of @param {string} text @param {string} key */
async function act(of, text, key) {
  await of.chats.message(text).click({ button: "right", position: { x: 60, y: 14 } });
  await of.page.getByRole("menuitem", { name: of.say(key), exact: true }).click();
}

test("a reply quotes what it answers, as it is now, and leads there", async () => {
  await act(tab, "Shall we walk on Sunday?", "reply");
  await tab.page.getByTestId("act-bar").waitFor();
  await tab.chats.send("Gladly");
  await tab.page.getByTestId("act-bar").waitFor({ state: "detached" });
  await phone.chats.sees("Gladly");
  const quote = phone.chats.message("Gladly").getByTestId("quote");
  await quote.getByText("Shall we walk on Sunday?").waitFor();
  await act(phone, "Shall we walk on Sunday?", "edit_message");
  assert.equal(await phone.chats.composer.inputValue(), "Shall we walk on Sunday?");
  await phone.chats.send("Shall we walk on Saturday?");
  await tab.chats.sees("Shall we walk on Saturday?");
  await tab.chats.message("Gladly").getByTestId("quote").getByText("Saturday").waitFor();
  await tab.chats.message("Shall we walk on Saturday?").getByText(tab.say("edited")).waitFor();
  await quote.click();
  await until(async () => assert.match(phone.page.url(), /at=\d+/));
});

test("reactions are toggled, and everybody sees them", async () => {
  await act(tab, "Shall we walk on Saturday?", "reply");
  await tab.chats.composer.press("Escape");
  await tab.page.getByTestId("act-bar").waitFor({ state: "detached" });
  await tab.chats.message("Gladly").click({ button: "right", position: { x: 60, y: 50 } });
  await tab.picture("acts-menu");
  await tab.page.getByRole("menuitem", { name: tab.say("react_with", { emoji: "👍" }) }).click();
  const chip = phone.chats.message("Gladly").getByTestId("reactions").getByRole("button");
  await chip.click();
  await tab.chats.message("Gladly").getByTestId("reactions").getByText("2").waitFor();
  await chip.click();
  await tab.chats.message("Gladly").getByTestId("reactions").getByText("1").waitFor();
  await assertAccessible(tab.page);
});

test("taken back: a line for everybody, and the text again for who wrote it", async () => {
  await tab.chats.send("Not this");
  await tab.chats.sent("Not this");
  await phone.chats.sees("Not this");
  await act(tab, "Not this", "recall");
  await phone.chats.noticed("notice_recalled", { actor: "Penny" });
  await tab.chats.noticed("notice_recalled", { actor: tab.say("you") });
  assert.equal(await phone.page.getByText("Not this", { exact: true }).count(), 0);
  await tab.button("edit_again").click();
  assert.equal(await tab.chats.composer.inputValue(), "Not this");
  await tab.chats.composer.fill("");
});

test("the arrow up edits the last own message; its history is its author's", async () => {
  await tab.chats.composer.press("ArrowUp");
  assert.equal(await tab.chats.composer.inputValue(), "Gladly");
  await tab.chats.composer.fill("With pleasure");
  await tab.chats.composer.press("Enter");
  await phone.chats.sees("With pleasure");
  await act(tab, "With pleasure", "edit_history");
  await tab.dialog.getByText("Gladly").waitFor();
  await tab.picture("acts-history");
  await tab.page.keyboard.press("Escape");
});

test("pinned: at the top for everybody, and no longer", async () => {
  await act(tab, "With pleasure", "pin_message");
  await phone.page.getByTestId("pin-bar").getByText("With pleasure").waitFor();
  await phone.chats.noticed("notice_pinned", { actor: "Penny" });
  await phone.picture("acts-phone");
  await tab.page.getByTestId("pin-bar").getByText(tab.say("pins_count", { n: 1 })).click();
  await tab.dialog.getByText("With pleasure").waitFor();
  await tab.dialog.getByRole("button", { name: tab.say("unpin_message") }).click();
  await phone.page.getByTestId("pin-bar").waitFor({ state: "detached" });
  await tab.page.keyboard.press("Escape");
});

test("several are passed on as a record, which opens", async () => {
  await act(tab, "With pleasure", "select_messages");
  await tab.chats.message("Shall we walk on Saturday?").getByRole("checkbox").check();
  await tab.page.getByTestId("select-bar").getByRole("button", { name: tab.say("forward") }).click();
  await tab.dialog.getByText("Hikers").click();
  await tab.picture("acts-forward");
  await tab.dialog.getByRole("button", { name: tab.say("forward"), exact: true }).click();
  await tab.page.getByTestId("select-bar").waitFor({ state: "detached" });
  await phone.page.goto(`/chats/${group}`);
  const card = phone.page.getByTestId("chat-record");
  await card.getByText("Penny").waitFor();
  await phone.picture("acts-record");
  await card.click();
  await phone.dialog.getByText("Shall we walk on Saturday?").waitFor();
  await phone.page.keyboard.press("Escape");
});

test("how many have read it, and who", async () => {
  await tab.chats.open("Hikers");
  await tab.page.getByTestId("read-count").first().click();
  await tab.dialog.getByText("林月").waitFor();
  await tab.picture("acts-readers");
  await tab.page.keyboard.press("Escape");
});

test("a mention is marked in the list until it is read", async () => {
  await tab.chats.open("林月");
  const text = "@Penny are you there?";
  const mentions = [{ user_id: penny.user?.id, name: "Penny" }];
  await lin.post(`/conversations/${group}/messages`, { client_id: "mention", text, mentions });
  const mark = tab.chats.item("Hikers").getByTestId("mention-mark");
  await mark.waitFor();
  await tab.picture("acts-mention");
  await tab.chats.open("Hikers");
  await mark.waitFor({ state: "detached" });
});
