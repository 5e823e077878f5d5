/** A group of three, made and run by what stands on the screen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

const GROUP = "周末羽毛球 Badminton";
/** @type {import("../lib/tab.mjs").Tab} */
let owner;
/** @type {import("../lib/tab.mjs").Tab} */
let mei;
/** @type {import("../lib/tab.mjs").Tab} */
let tom;
/** @type {import("../lib/tab.mjs").Tab} */
let late;

const stage = new Stage(async () => {
  const ownerApi = await stage.account("zhangwei", "张伟");
  const meiApi = await stage.account("hanmei", "韩梅梅");
  const tomApi = await stage.account("tom", "Tom Baker");
  const lateApi = await stage.account("latecomer", "Late Comer");
  await befriend(ownerApi, meiApi);
  await befriend(ownerApi, tomApi);
  owner = await stage.tab(ownerApi, { locale: "zh-CN" });
  mei = await stage.tab(meiApi, { locale: "zh-CN" });
  tom = await stage.tab(tomApi);
  late = await stage.tab(lateApi);
});

test("the owner makes it and invites two friends, who see it at once", async () => {
  await owner.groups.create(GROUP, ["韩梅梅"]);
  await mei.chats.item(GROUP).waitFor();
  await owner.groups.invite("Tom Baker");
  await owner.groups.member("Tom Baker").waitFor();
  await tom.chats.item(GROUP).waitFor();
  await owner.picture("group-owner");
});

test("all three talk, and each sees who said what", async () => {
  for (const tab of [mei, tom]) await tab.chats.open(GROUP);
  await owner.chats.send("周六下午三点？");
  await tom.chats.sees("周六下午三点？");
  await tom.chats.send("Works for me");
  await mei.chats.sees("Works for me");
  await mei.chats.send("我带球拍");
  for (const tab of [owner, mei, tom]) {
    await tab.chats.shows(["周六下午三点？", "Works for me", "我带球拍"]);
  }
  await mei.chats.message("Works for me").locator(".name").getByText("Tom Baker").waitFor();
  await tom.chats.message("我带球拍").locator(".name").getByText("韩梅梅").waitFor();
  assert.equal(await tom.chats.message("Works for me").locator(".name").count(), 0);
  await tom.chats.status.filter({ hasText: tom.say("member_count", { n: 3 }) }).waitFor();
  await tom.picture("group-talk");
});

test("a muted member is told so in place of the composer, until it is lifted", async () => {
  await owner.groups.mute("Tom Baker");
  await tom.chats.obstacle.waitFor();
  assert.match(await tom.chats.obstacle.innerText(), /^You are muted until /);
  assert.equal(await tom.chats.composer.count(), 0);
  await tom.picture("group-muted");
  await owner.groups.command("Tom Baker", "unmute");
  await tom.chats.composer.waitFor();
});

test("everyone is muted but those who run the group", async () => {
  await owner.groups.muteAll(true);
  for (const tab of [mei, tom]) {
    await tab.chats.obstacle.filter({ hasText: tab.say("all_are_muted") }).waitFor();
  }
  await owner.chats.send("安静一下");
  await tom.chats.sees("安静一下");

  await owner.groups.command("韩梅梅", "set_admin");
  await mei.chats.composer.waitFor();
  await mei.chats.send("我是管理员了");
  await tom.chats.sees("我是管理员了");
  await mei.groups.muteAll(false);
  await tom.chats.composer.waitFor();
});

test("a nickname stands for the name in this group", async () => {
  await tom.groups.callMyself("汤姆");
  await owner.groups.member("汤姆").waitFor();
  await tom.chats.send("Call me 汤姆");
  await owner.chats.message("Call me 汤姆").locator(".name").getByText("汤姆").waitFor();
});

test("an announcement stands above the messages, and can be put away", async () => {
  await mei.groups.announce("本周六 15:00，体育馆 2 号场。");
  for (const tab of [owner, tom]) {
    await tab.groups.announcement.getByText("本周六 15:00，体育馆 2 号场。").waitFor();
  }
  await tom.picture("group-announcement");
  await tom.button("hide_announcement").click();
  await tom.groups.announcement.waitFor({ state: "detached" });
});

test("somebody finds the group, asks to join, and is let in", async () => {
  await late.groups.askToJoin(GROUP, "I play on weekends");
  await late.picture("group-asked");
  await mei.groups.letIn("Late Comer");
  await late.place("chats").click();
  await late.chats.open(GROUP);
  await owner.chats.noticed("notice_joined", { user: "Late Comer" });
  await late.chats.send("Hello everybody");
  await owner.chats.sees("Hello everybody");
});

test("a temporary chat with a member who is no friend", async () => {
  await late.groups.command("韩梅梅", "message");
  await late.chats.opened("韩梅梅");
  await late.chats.status.filter({ hasText: late.say("via_group", { name: GROUP }) }).waitFor();
  await late.chats.send("Do I need shoes?");
  await mei.chats.item("Late Comer").waitFor();
  await mei.chats.open("Late Comer");
  await mei.chats.sees("Do I need shoes?");
  await mei.chats.send("要的");
  await late.chats.sees("要的");
  await late.picture("group-temporary");
  await mei.chats.open(GROUP);
  await late.chats.open(GROUP);
});

test("a removed member loses the group at once", async () => {
  late.groups.losing();
  await owner.groups.command("Late Comer", "remove_member");
  await owner.answer("remove");
  await late.chats.item(GROUP).waitFor({ state: "detached" });
  await late.page.getByText(late.say("chat_gone"), { exact: true }).waitFor();
  await owner.groups.member("Late Comer").waitFor({ state: "detached" });
  await owner.chats.send("只有我们了");
  await tom.chats.sees("只有我们了");
  await late.picture("group-removed");
  assert.equal(await late.page.getByText("只有我们了").count(), 0);
  // The temporary chat went with the group: what was said stays to be read, no more can be said.
  await late.chats.open("韩梅梅");
  await late.chats.obstacle.waitFor();
});

test("the owner hands the group over, and the new owner dissolves it", async () => {
  await owner.groups.command("韩梅梅", "transfer");
  await owner.answer("transfer_action");
  const role = mei.groups.member("韩梅梅").getByText(mei.say("owner"), { exact: true });
  await mei.groups.details();
  await role.waitFor();
  await owner.groups.drawer.getByRole("button", { name: owner.say("leave_group") }).waitFor();
  for (const tab of [owner, mei, tom]) tab.groups.losing();
  await mei.groups.drawer.getByRole("button", { name: mei.say("dissolve_group") }).click();
  await mei.answer("dissolve");
  for (const tab of [owner, mei, tom]) {
    await tab.chats.item(GROUP).waitFor({ state: "detached" });
  }
  await until(async () => assert.equal(await tom.chats.texts().then((texts) => texts.length), 0));
});
