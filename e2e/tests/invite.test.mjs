/** Letting people in: links to a group with a QR code, what was announced, invitations to the site. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible } from "../lib/browser.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";

const GROUP = "读书会 Book club";
/** @type {import("../lib/tab.mjs").Tab} */
let owner;
/** @type {import("../lib/tab.mjs").Tab} */
let mei;
let link = "";

const stage = new Stage(async () => {
  const ownerApi = await stage.account("zhangwei", "张伟");
  const meiApi = await stage.account("hanmei", "韩梅梅");
  await befriend(ownerApi, meiApi);
  const group = await ownerApi.post("/groups", { name: GROUP, join_policy: "invite" });
  await ownerApi.post(`/groups/${group.id}/members`, { user_id: meiApi.user?.id });
  owner = await stage.tab(ownerApi, { locale: "zh-CN", path: `/chats/${group.id}/info` });
  mei = await stage.tab(meiApi, { path: `/chats/${group.id}/info` });
});

test("the owner makes a link, and shows it as a QR code", async () => {
  assert.equal(await mei.button("invite_links").count(), 0, "plain members of a closed group make none");
  await owner.button("invite_links").click();
  await owner.dialog.getByLabel(owner.say("lets_in")).selectOption({ label: owner.say("n_people", { n: 10 }) });
  await owner.button("make_link").click();
  const line = owner.dialog.locator("li");
  await line.getByText(owner.say("link_used_of", { n: 0, max: 10 })).waitFor();
  await owner.picture("invite-links");
  await assertAccessible(owner.page);
  await owner.choose(line.locator("button[aria-haspopup=menu]"), "qr_code");
  await owner.dialog.getByRole("img").waitFor();
  await owner.picture("invite-qr");
  await assertAccessible(owner.page);
  link = await owner.dialog.locator(".link").innerText();
  const download = owner.page.waitForEvent("download");
  await owner.button("save_picture").click();
  const saved = await (await download).path();
  assert.equal(readFileSync(saved).subarray(1, 4).toString(), "PNG");
  // The code, and then the links behind it.
  await owner.button("close").click();
  await owner.dialog.locator("li").waitFor();
  await owner.button("close").click();
});

test("somebody without an account follows it, registers, and is in", async () => {
  const person = await stage.browser.person(stage.server.url);
  const late = await Tab.open(person, new URL(link).pathname);
  await late.door.form.waitFor();
  await late.page.getByRole("link", { name: late.say("register"), exact: true }).click();
  await late.page.getByTestId("register-username").fill("latecomer");
  await late.page.getByTestId("register-name").fill("Late Comer");
  await late.page.getByTestId("register-password").fill("a long password of mine");
  await late.page.getByTestId("register-submit").click();
  await late.page.getByRole("heading", { name: GROUP }).waitFor();
  await late.picture("invite-join");
  await assertAccessible(late.page);
  await late.page.getByTestId("join").click();
  await late.chats.opened(GROUP);
  await late.chats.send("Hello, I came by the link");
  await owner.chats.sees("Hello, I came by the link");
  await late.page.goto(new URL(link).pathname);
  await late.button("open_chat").waitFor();
});

test("a link that was withdrawn says so", async () => {
  await owner.button("invite_links").click();
  const line = owner.dialog.locator("li");
  await line.getByText(owner.say("link_used_of", { n: 1, max: 10 })).waitFor();
  await owner.choose(line.locator("button[aria-haspopup=menu]"), "withdraw_link");
  await line.waitFor({ state: "detached" });
  await owner.page.keyboard.press("Escape");
  const other = await stage.tab(await stage.account("other", "Other"));
  other.person.expect(/status of 404 .*\/invite_links\//);
  await other.page.goto(new URL(link).pathname);
  await other.page.getByText(other.say("problem_invite_expired")).waitFor();
  await other.picture("invite-expired");
});

test("members look up what was announced", async () => {
  await owner.groups.announce("周五晚上七点");
  await owner.groups.announce("改到周六晚上七点");
  await mei.button("earlier_announcements").click();
  await mei.dialog.getByText("改到周六晚上七点").waitFor();
  assert.deepEqual(await mei.dialog.locator("li .text").allInnerTexts(), ["改到周六晚上七点", "周五晚上七点"]);
  await mei.picture("invite-announcements");
  await assertAccessible(mei.page);
  await mei.page.keyboard.press("Escape");
});

test("everybody has a QR code of their own", async () => {
  await mei.page.goto("/settings/profile");
  await mei.button("my_qr_code").click();
  await mei.dialog.getByRole("img").waitFor();
  await mei.picture("invite-own-qr");
  await mei.page.keyboard.press("Escape");
  assert.equal(await mei.page.getByRole("link", { name: mei.say("invitations") }).count(), 0, "for admins");
});

test("an admin invites people to the site", async () => {
  const api = await stage.account("boss", "Boss");
  await api.post("/setup", { setup_token: stage.server.setupToken() });
  const boss = await stage.tab(api, { path: "/settings" });
  await boss.page.getByRole("link", { name: boss.say("invitations") }).click();
  await boss.page.getByText(boss.say("no_invitations")).waitFor();
  await boss.page.getByLabel(boss.say("lets_in")).selectOption({ label: boss.say("n_people", { n: 5 }) });
  await boss.button("make_invitation").click();
  const address = new URL(await boss.page.locator("code").innerText());
  assert.equal(address.pathname, "/register");
  assert.ok((address.searchParams.get("invitation") ?? "").length > 20);
  await boss.page.getByText(boss.say("link_used_of", { n: 0, max: 5 })).waitFor();
  await boss.picture("invite-site");
  await assertAccessible(boss.page);
  await boss.button("qr_code").click();
  await boss.dialog.getByRole("img").waitFor();
  await boss.button("close").click();
  await boss.button("revoke").click();
  await boss.answer("revoke");
  await boss.page.getByText(boss.say("no_invitations")).waitFor();
});
