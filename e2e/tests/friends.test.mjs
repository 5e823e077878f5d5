/** Two strangers, one Chinese and one English, find each other, become friends and talk. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

const PASSWORD = "correct horse battery staple";
const stage = new Stage();
/** @type {Tab} */
let lei;
/** @type {Tab} */
let kate;
let kateNumber = 0;

test("two people register", async () => {
  lei = await Tab.open(await stage.browser.person(stage.server.url, { locale: "zh-CN" }));
  kate = await Tab.open(await stage.browser.person(stage.server.url));
  await lei.door.register("lilei", "李雷", PASSWORD);
  await kate.door.register("kate", "Kate Green", PASSWORD);
  assert.equal(await lei.page.locator("html").getAttribute("lang"), "zh-CN");
  assert.equal(await kate.page.locator("html").getAttribute("lang"), "en");
});

test("one finds the other by number and asks with a note", async () => {
  await kate.settings.open("profile");
  kateNumber = Number(await kate.settings.fact("account_number").innerText());
  assert.ok(kateNumber > 10_000);
  await kate.place("chats").click();

  await lei.contacts.ask(kateNumber, "Kate Green", "我是李雷，班上的");
  await lei.picture("friends-asked");

  // Without a reload, the number on the rail says that somebody asks.
  await kate.badge("contacts").getByText("1", { exact: true }).waitFor();
  await kate.contacts.openRequests();
  await kate.contacts.row("李雷").getByText("我是李雷，班上的").waitFor();
  await kate.picture("friends-request");
});

test("accepting makes them friends on both sides at once", async () => {
  await kate.contacts.accept("李雷");
  await kate.badge("contacts").waitFor({ state: "detached" });
  await kate.contacts.line("李雷").waitFor();
  await lei.contacts.line("Kate Green").waitFor();
});

test("they talk, in both directions", async () => {
  await kate.contacts.write("李雷");
  await lei.contacts.write("Kate Green");
  await kate.chats.send("Hello 李雷!");
  await lei.chats.sees("Hello 李雷!");
  await lei.chats.send("你好，Kate 👋");
  await kate.chats.sees("你好，Kate 👋");
  for (const tab of [kate, lei]) await tab.chats.shows(["Hello 李雷!", "你好，Kate 👋"]);
  assert.equal(await kate.chats.message("Hello 李雷!").getAttribute("data-own"), "true");
  assert.equal(await lei.chats.message("Hello 李雷!").getAttribute("data-own"), "false");
  const own = await kate.chats.message("Hello 李雷!").locator(".bubble").boundingBox();
  const other = await kate.chats.message("你好，Kate 👋").locator(".bubble").boundingBox();
  assert.ok(own && other && own.x > other.x, "own bubbles stand on the right");
  await kate.picture("friends-talk-en");
  await lei.picture("friends-talk-zh");
});

test("a message that was read says so", async () => {
  const own = kate.chats.message("Hello 李雷!");
  await own.getByText(kate.say("state_read")).waitFor();
});

test("each sees that the other is typing, and the signal goes by itself", async () => {
  await lei.chats.composer.pressSequentially("正在");
  await kate.chats.status.filter({ hasText: kate.say("typing") }).waitFor();
  await kate.picture("friends-typing");
  await lei.chats.composer.fill("");
  await kate.chats.status.filter({ hasText: kate.say("online") }).waitFor();
});

test("the title says with whom one talks", async () => {
  await kate.chats.titled("Chatting with 李雷");
  await lei.chats.titled(lei.say("chatting_with", { name: "Kate Green" }));
});

test("what was not read is counted, and opening clears the count", async () => {
  await kate.page.goto("/chats");
  await kate.chats.item("李雷").waitFor();
  await lei.chats.send("第一条");
  await lei.chats.send("第二条");
  await kate.chats.unread("李雷").getByText("2", { exact: true }).waitFor();
  await kate.badge("chats").getByText("2", { exact: true }).waitFor();
  await kate.chats.titled(/^\(2\) /);
  await kate.picture("friends-unread");
  // Nobody has looked yet.
  assert.equal(await lei.chats.message("第二条").getByText(lei.say("state_read")).count(), 0);

  await kate.chats.open("李雷");
  await kate.chats.unread("李雷").waitFor({ state: "detached" });
  await kate.badge("chats").waitFor({ state: "detached" });
  await kate.chats.titled("Chatting with 李雷");
  await lei.chats.message("第二条").getByText(lei.say("state_read")).waitFor();
  await kate.chats.shows(["Hello 李雷!", "你好，Kate 👋", "第一条", "第二条"]);
});

test("the dot says who is there", async () => {
  const dot = kate.chats.item("李雷").locator(".dot");
  await until(async () => assert.match((await dot.getAttribute("class")) ?? "", /\bonline\b/));
  await lei.page.close();
  await until(async () => assert.doesNotMatch((await dot.getAttribute("class")) ?? "", /\bonline\b/), 60_000);
  await kate.chats.status.filter({ hasText: kate.say("offline") }).waitFor();
});
