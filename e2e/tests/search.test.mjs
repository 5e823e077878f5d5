/** Searching: everything in one box, by keys alone, in one chat, on a phone, and over a slow network. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible, PHONE } from "../lib/browser.mjs";
import { community, publish } from "../lib/community.mjs";
import { Stage } from "../lib/stage.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let me;
/** @type {import("../lib/tab.mjs").Tab} */
let tab;
let direct = 0;
let group = 0;

const stage = new Stage(async () => {
  me = await stage.account("seeker", "寻找者");
  const friend = await stage.account("zhangsan", "张三丰");
  direct = await befriend(me, friend);
  const made = await me.post("/groups", { name: "重庆火锅群" });
  group = made.id;
  await friend.post(`/groups/${group}/join`, {});
  await friend.say(direct, "明天下午開會，別忘了帶電腦");
  for (let n = 1; n <= 45; n++) await me.say(group, `第 ${n} 次火锅聚会`);
  await friend.say(group, "用iPhone拍的😀照片在这里");
  const { ids } = await community(stage.server, [{ slug: "tea", name: "茶" }]);
  const { id } = await publish(friend, ids[0] ?? 0, "泡一壶烏龍茶", { text: "乌龙茶香气足。" });
  await friend.post(`/forum/articles/${id}/comments`, { text: "乌龙茶要用沸水" });
  tab = await stage.tab(me, { locale: "zh-CN" });
  await tab.chats.item("张三丰").waitFor();
});

/** The box over the list. */
const box = () => tab.page.locator(".list").getByRole("searchbox");
/** @param {string} kind */
const hits = (kind) => tab.page.getByTestId(`${kind}-hit`);

test("one box finds messages, people and groups, and marks what was meant", async () => {
  await box().fill("开会");
  await hits("message").first().waitFor();
  assert.equal(await hits("message").count(), 1);
  assert.deepEqual(await hits("message").locator("mark").allInnerTexts(), [
    "開會",
  ]);
  await box().fill("iphone");
  await until(async () =>
    assert.deepEqual(await hits("message").locator("mark").allInnerTexts(), [
      "iPhone",
    ]),
  );
  await box().fill("zsf");
  await until(async () =>
    assert.deepEqual(await hits("person").locator("mark").allInnerTexts(), [
      "张三丰",
    ]),
  );
  await box().fill("cqhg");
  await until(async () =>
    assert.deepEqual(await hits("group").locator("mark").allInnerTexts(), [
      "重庆火锅",
    ]),
  );
  await box().fill("火锅");
  await tab.page
    .getByTestId("conversation-item")
    .filter({ hasText: "重庆火锅群" })
    .waitFor();
  await tab.picture("search-all");
  await assertAccessible(tab.page);
});

test("a message opens in its place", async () => {
  await box().fill("明天");
  await until(async () =>
    assert.deepEqual(await hits("message").locator("mark").allInnerTexts(), [
      "明天",
    ]),
  );
  await hits("message").click();
  await tab.chats.opened("张三丰");
  await tab.chats.sees("明天下午開會，別忘了帶電腦");
  assert.match(tab.page.url(), new RegExp(`/chats/${direct}\\?at=\\d+$`));
});

test("keys alone: to the box, through the results, and out again", async () => {
  const { page } = tab;
  await tab.place("contacts").click();
  await page.keyboard.press("Control+k");
  await page.waitForFunction(() =>
    document.activeElement?.matches(".list input[type=search]"),
  );
  await page.keyboard.type("照片");
  await hits("message").waitFor();
  await page.keyboard.press("ArrowDown");
  assert.equal(
    await page.evaluate(() =>
      document.activeElement?.getAttribute("data-testid"),
    ),
    "message-hit",
  );
  await page.keyboard.press("ArrowUp");
  await page.waitForFunction(() =>
    document.activeElement?.matches(".list input[type=search]"),
  );
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await tab.chats.opened("重庆火锅群");
  await box().focus();
  await page.keyboard.press("Escape");
  assert.equal(await box().inputValue(), "");
  await tab.chats.item("张三丰").waitFor();
});

test("all pages come as one scrolls", async () => {
  await box().fill("聚会");
  await tab.button("search_messages").click();
  const results = tab.page.getByTestId("search-results");
  await until(async () => {
    await results.evaluate((pane) => pane.scrollTo(0, pane.scrollHeight));
    assert.equal(await hits("message").count(), 45);
  });
  await tab.button("search_all").click();
});

test("in one chat, by whom, and nothing", async () => {
  await tab.chats.opened("重庆火锅群");
  await tab.button("search_here").click();
  await box().fill("别忘了");
  await tab.page
    .getByText(tab.say("nothing_found"), { exact: true })
    .last()
    .waitFor();
  await tab.picture("search-nothing");
  await tab.page
    .getByTestId("filter-where")
    .selectOption({ label: tab.say("all_chats") });
  await hits("message").waitFor();
  await box().fill("照片");
  await tab.button("search_filters").click();
  await tab.page.getByTestId("filter-who").selectOption({ label: "张三丰" });
  await hits("message").waitFor();
  await tab.page
    .getByTestId("filter-who")
    .selectOption({ label: tab.say("you") });
  await until(async () => assert.equal(await hits("message").count(), 0));
  await tab.button("clear_filters").click();
  await hits("message").waitFor();
  await box().press("Escape");
});

test("what is recalled is found no more", async () => {
  const said = await me.say(group, "说错了的话");
  await box().fill("说错了");
  await hits("message").waitFor();
  await me.post(`/conversations/${group}/messages/${said.seq}/recall`, {});
  await box().fill("说错了的");
  await until(async () => assert.equal(await hits("message").count(), 0));
  await box().press("Escape");
});

test("articles and comments are found, and lead to where they stand", async () => {
  await box().fill("乌龙茶");
  await hits("article").waitFor();
  assert.deepEqual(await hits("article").locator("mark").allInnerTexts(), ["烏龍茶", "乌龙茶"]);
  await hits("comment").waitFor();
  assert.deepEqual(await hits("comment").locator("mark").allInnerTexts(), ["乌龙茶"]);
  await tab.picture("search-forum");
  await assertAccessible(tab.page);
  await hits("article").click();
  await tab.forum.reads("泡一壶烏龍茶");
  await tab.page.keyboard.press("Control+k");
  await box().fill("乌龙茶");
  await tab.button("search_comments").click();
  await until(async () => assert.equal(await hits("article").count(), 0));
  await hits("comment").click();
  await tab.page.locator("li.lit").getByText("乌龙茶要用沸水").waitFor();
  assert.match(tab.page.url(), /#comment-\d+$/);
  await tab.page.keyboard.press("Control+k");
  await tab.button("search_all").click();
  await box().press("Escape");
});

test("a slow network is told of, and a broken one can be tried again", async () => {
  const { page } = tab;
  tab.person.expect(/ERR_FAILED|Failed to load resource/);
  let answer = /** @type {() => void} */ (() => {});
  const asked = new Promise((resolve) => {
    void page.route("**/api/v1/search?**", async (route) => {
      resolve(undefined);
      await new Promise((go) => (answer = () => go(undefined)));
      await route.continue();
    });
  });
  await box().fill("火锅");
  await asked;
  await page.locator("[data-testid=search-results][aria-busy=true]").waitFor();
  answer();
  await hits("message").first().waitFor();
  await page.unroute("**/api/v1/search?**");
  await page.route("**/api/v1/search?**", (route) => route.abort());
  await box().fill("火锅聚会");
  await tab.page.getByRole("alert").waitFor();
  await page.unroute("**/api/v1/search?**");
  await tab.button("search_again").click();
  await hits("message").first().waitFor();
  await box().press("Escape");
});

for (const [locale, theme] of /** @type {const} */ ([
  ["zh-CN", "dark"],
  ["en-US", "light"],
])) {
  test(`on a phone: ${locale}, ${theme}`, async () => {
    const phone = await stage.tab(me, { viewport: PHONE, locale, theme });
    const input = phone.page.locator(".list").getByRole("searchbox");
    await input.fill("火锅");
    await phone.page.getByTestId("message-hit").first().waitFor();
    await phone.picture(`search-phone-${theme}`);
    await phone.button("search_filters").tap();
    await phone.picture(`search-phone-filters-${theme}`);
    await assertAccessible(phone.page);
    const wide = await phone.page.evaluate(
      () => document.documentElement.scrollWidth > innerWidth,
    );
    assert.equal(wide, false, "nothing pushes sideways");
    await phone.page.getByTestId("message-hit").first().tap();
    await phone.chats.opened("重庆火锅群");
    await phone.page.getByRole("link", { name: phone.say("back") }).tap();
    await phone.page.getByTestId("message-hit").first().waitFor();
    assert.equal(await input.inputValue(), "火锅", "the search is still there");
    await phone.page.close();
  });
}

test("on a desktop, in English and in the dark", async () => {
  const wide = await stage.tab(me, { locale: "en-US", theme: "dark" });
  await wide.page.locator(".list").getByRole("searchbox").fill("火锅");
  await wide.page.getByTestId("message-hit").nth(3).waitFor();
  await wide.picture("search-desktop-dark");
  await assertAccessible(wide.page);
  await wide.page.close();
});
