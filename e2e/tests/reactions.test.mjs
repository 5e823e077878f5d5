/** Reactions beyond the quick ones: from the picker, as pictures, and whose they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, assertAccessible } from "../lib/browser.mjs";
import { png } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let penny;
/** @type {import("../lib/tab.mjs").Tab} */
let tab;
/** @type {import("../lib/tab.mjs").Tab} */
let phone;
let boots = "";

const stage = new Stage(async () => {
  penny = await stage.account("penny", "Penny");
  const lin = await stage.account("lin_yue", "林月");
  const group = (await penny.post("/groups", { name: "Hikers" })).id;
  await lin.post(`/groups/${group}/join`);
  const query = `name=boots&kind=emoji&group_id=${group}`;
  boots = (await penny.call("POST", `/emoji?${query}`, png(64, [38, 70, 110], [250, 220, 120]), "image/png")).id;
  await lin.say(group, "Who comes along on Sunday?");
  const path = `/chats/${group}`;
  tab = await stage.tab(penny, { path });
  phone = await stage.tab(lin, { path, locale: "zh-CN", viewport: PHONE, theme: "dark" });
  for (const each of [tab, phone]) await each.chats.sees("Who comes along on Sunday?");
});

/** @param {import("../lib/tab.mjs").Tab} of */
const message = (of) => of.chats.message("Who comes along on Sunday?");
/** @param {import("../lib/tab.mjs").Tab} of */
const chips = (of) => message(of).getByTestId("reactions").getByRole("button");

/** @param {import("../lib/tab.mjs").Tab} of */
async function pickMore(of) {
  await message(of).click({ button: "right", position: { x: 60, y: 14 } });
  await of.page.getByRole("menuitem", { name: of.say("react_with_more") }).click();
  const picker = of.page.getByTestId("emoji-picker");
  await picker.waitFor();
  return picker;
}

test("any emoji is found and put there, by the keyboard alone", async () => {
  const picker = await pickMore(tab);
  await picker.getByRole("searchbox").fill("penguin");
  await picker.getByRole("button", { name: "penguin", exact: true }).waitFor();
  await tab.picture("reactions-picker");
  await assertAccessible(tab.page);
  await picker.getByRole("searchbox").press("ArrowDown");
  await tab.page.keyboard.press("Enter");
  await picker.waitFor({ state: "detached" });
  await chips(phone).getByText("🐧").waitFor();
});

test("a custom emoji of the group is a picture with a name, also for who did not know it", async () => {
  const picker = await pickMore(phone);
  await picker.getByRole("button", { name: phone.say("emoji_custom") }).click();
  await phone.picture("reactions-picker-phone");
  await picker.getByRole("button", { name: "boots", exact: true }).click();
  await picker.waitFor({ state: "detached" });
  for (const each of [tab, phone]) {
    const picture = chips(each).getByRole("img", { name: "boots" });
    await picture.waitFor();
    await until(async () => {
      const isDrawn = (/** @type {any} */ image) => image.complete && image.naturalWidth > 0;
      assert.ok(await picture.evaluate(isDrawn));
    });
  }
});

test("who reacted is said by name: on hovering, by a long press, and from the menu", async () => {
  const chip = chips(tab).filter({ has: tab.page.getByRole("img", { name: "boots" }) });
  await chip.hover();
  await until(async () => assert.equal(await chip.getAttribute("title"), "林月"));
  await chip.click();
  await until(async () => assert.equal(await chip.getAttribute("title"), `${tab.say("you")}, 林月`));
  await tab.picture("reactions-chips");
  // A long press is a request for the context menu.
  await chips(phone).first().click({ button: "right" });
  await phone.dialog.getByText("Penny").first().waitFor();
  await phone.picture("reactions-who-phone");
  await assertAccessible(phone.page);
  await phone.dialog.getByRole("button", { name: phone.say("close") }).click();
  await message(tab).click({ button: "right", position: { x: 60, y: 14 } });
  await tab.page.getByRole("menuitem", { name: tab.say("reacted_by") }).click();
  const boot = tab.dialog.getByRole("region", { name: tab.say("reacted_with", { emoji: ":boots:", n: 2 }) });
  await boot.getByText("林月").waitFor();
  await boot.getByText("Penny").waitFor();
  await tab.picture("reactions-who");
  await tab.page.keyboard.press("Escape");
});

test("of an emoji that was removed the name stays", async () => {
  await penny.delete(`/emoji/${boots}`);
  await tab.page.reload();
  await chips(tab).getByText(":boots:").waitFor();
});
