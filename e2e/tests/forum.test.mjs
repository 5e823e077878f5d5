/** The forum: one writes, others see it at once, read, comment, like and share; the author hears of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible, PHONE } from "../lib/browser.mjs";
import { community, publish } from "../lib/community.mjs";
import { landscape } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let author;
/** @type {import("../lib/api.mjs").Api} */
let reader;
/** @type {import("../lib/api.mjs").Api} */
let admin;
/** @type {Tab} */
let writing;
/** @type {Tab} */
let reading;
let [tea, tools, direct] = [0, 0, 0];
const TITLE = "Green tea, slowly 慢慢喝绿茶";

const stage = new Stage(async () => {
  const made = await community(stage.server, [
    { slug: "tea", name: "Tea 茶", description: "Leaves and water." },
    { slug: "tools", name: "Tools", in_top_menu: false },
  ]);
  ({ admin } = made);
  [tea = 0, tools = 0] = made.ids;
  author = await stage.account("author", "Author");
  reader = await stage.account("reader", "Reader");
  direct = await befriend(author, reader);
  for (const title of ["Oolong", "Black tea"]) await publish(author, tea, title, { tags: ["leaves"] });
  await publish(reader, tools, "A good kettle");
  writing = await stage.tab(author);
  reading = await stage.tab(reader, { path: "/forum" });
});

const forum = () => reading.forum;
/** The address of the article of these stories. */
let link = "";

test("articles are listed by category, tag and order", async () => {
  await forum().lists(["A good kettle", "Black tea", "Oolong"]);
  await assertAccessible(reading.page);
  await reading.page.getByRole("link", { name: /^Tea 茶/ }).first().click();
  await forum().lists(["Black tea", "Oolong"]);
  await reading.page.getByText("Leaves and water.").waitFor();
  assert.match(reading.page.url(), /\/forum\/tea$/);
  await reading.page.getByRole("link", { name: /^leaves/ }).first().click();
  await until(() => assert.match(reading.page.url(), /tag=leaves/));
  await reading.page.getByRole("link", { name: reading.say("sort_liked") }).click();
  await until(() => assert.match(reading.page.url(), /sort=liked/));
  await reading.button("without_filter", { name: "leaves" }).click();
  await reading.page.goto("/forum");
  await forum().lists(["A good kettle", "Black tea", "Oolong"]);
});

test("an article that is published is announced at once, and comes on top when asked for", async () => {
  await writing.page.goto("/forum");
  await writing.page.getByTestId("write-article").click();
  await writing.forum.title.fill(TITLE);
  await writing.page.getByTestId("article-category").selectOption(`${tea}`);
  await writing.page.getByTestId("article-summary").fill("Seventy degrees, two minutes.");
  await writing.page.getByTestId("article-tags").fill("leaves,水，");
  await writing.forum.text.fill("Boil **no** water.\n\n## Then\n\nWait.");
  await writing.forum.preview.getByRole("heading", { name: "Then" }).waitFor();
  await writing.picture("forum-editor");
  await writing.page.getByTestId("publish").click();
  await writing.forum.reads(TITLE);
  link = writing.page.url();
  assert.match(link, /\/forum\/articles\/\d+$/);

  await forum().pill.getByText(reading.say("new_articles", { n: 1 })).waitFor();
  assert.deepEqual(await forum().titles(), ["A good kettle", "Black tea", "Oolong"], "nothing moves by itself");
  await reading.picture("forum-pill");
  await forum().pill.click();
  await forum().lists([TITLE, "A good kettle", "Black tea", "Oolong"]);
  await forum().pill.waitFor({ state: "detached" });
});

test("it is read, liked and commented on; answers stand below what they answer", async () => {
  await forum().read(TITLE);
  await reading.page.getByTestId("prose").getByText("Boil no water.").waitFor();
  await reading.page.getByTestId("like-article").click();
  await until(async () =>
    assert.equal(await reading.page.getByTestId("like-article").getAttribute("aria-pressed"), "true"),
  );
  await forum().say("How long exactly?");
  await forum().say("And which water?");
  await forum().answer("How long exactly?", "Two minutes, it says.");
  const said = await forum().comments.getByTestId("prose").allInnerTexts();
  assert.deepEqual(said.map((text) => text.trim()), [
    "How long exactly?",
    "Two minutes, it says.",
    "And which water?",
  ]);
  await assertAccessible(reading.page);
  await reading.picture("forum-article");
});

test("the author hears of it by the bell, in the title, and on the page that is open", async () => {
  await writing.forum.comment("And which water?").waitFor();
  await writing.forum.bell.getByTestId("unread-badge").waitFor();
  await until(async () => assert.match(await writing.page.title(), /^\([1-9]/));
  await writing.forum.bell.click();
  const like = writing.forum.news.filter({ hasText: writing.say("news_article_liked", { name: "Reader" }) });
  await like.waitFor();
  await writing.forum.news.filter({ hasText: TITLE }).first().waitFor();
  await writing.picture("forum-news");
  await assertAccessible(writing.page);
  const comment = writing.forum.news.filter({
    hasText: writing.say("news_article_commented", { name: "Reader" }),
  });
  await comment.first().click();
  await writing.forum.reads(TITLE);
  assert.match(writing.page.url(), /#comment-\d+$/);
  await writing.page.locator("li.lit").waitFor();
  // Whoever has followed the newest one has seen them all.
  await writing.forum.bell.getByTestId("unread-badge").waitFor({ state: "detached" });
  // The list is answered late: what is heard on the way is newer than the answer.
  const listed = /\/notifications\?limit=30/;
  /** @type {(() => Promise<void>)[]} */
  const held = [];
  await writing.page.route(listed, async (route) => {
    if (held.length > 0) return route.continue();
    const response = await route.fetch();
    held.push(() => route.fulfill({ response }));
  });
  await writing.forum.bell.click();
  await until(() => assert.equal(held.length, 1));
  await reader.post(`/forum/articles/${link.split("/").at(-1)}/comments`, { text: "One more thing." });
  await writing.forum.bell.getByTestId("unread-badge").waitFor();
  await Promise.all([writing.page.waitForRequest(listed), held[0]?.()]);
  await writing.forum.news.filter({ hasText: TITLE }).first().waitFor();
  await writing.page.getByTestId("read-all").click();
  await writing.forum.bell.getByTestId("unread-badge").waitFor({ state: "detached" });
  await until(async () => assert.doesNotMatch(await writing.page.title(), /^\(/));
});

test("comments are edited, folded and deleted; what has answers leaves its place", async () => {
  const first = forum().comment("How long exactly?");
  await first.getByTestId("fold").click();
  await forum().comment("Two minutes, it says.").waitFor({ state: "detached" });
  await first.getByTestId("fold").click();
  await reading.choose(
    first.getByRole("button", { name: reading.say("comment_actions", { name: "Reader" }) }),
    "edit_comment",
  );
  const box = forum().comments.first().getByTestId("comment-box");
  await box.fill("How many minutes?");
  await box.press("Control+Enter");
  const changed = forum().comment("How many minutes?");
  await changed.getByText(reading.say("edited"), { exact: true }).waitFor();
  await reading.choose(
    changed.getByRole("button", { name: reading.say("comment_actions", { name: "Reader" }) }),
    "delete",
  );
  await reading.answer("delete");
  await forum().comments.first().getByText(reading.say("comment_deleted")).waitFor();
  await forum().comment("Two minutes, it says.").waitFor();
  await reading.page.reload();
  await forum().comments.first().getByText(reading.say("comment_deleted")).waitFor();
});

test("a comment that was not sent is there again after a reload", async () => {
  const box = reading.page.getByTestId("comment-box").first();
  await box.fill("half a th");
  await reading.page.reload();
  await until(async () => assert.equal(await box.inputValue(), "half a th"));
  await box.fill("");
});

test("a link to a comment leads to it, also in a long discussion", async () => {
  const { id } = await publish(author, tools, "Long discussion");
  let last = 0;
  for (let n = 1; n <= 40; n++) {
    last = (await reader.post(`/forum/articles/${id}/comments`, { text: `Number ${n}` })).id;
  }
  await reading.page.goto(`/forum/articles/${id}#comment-${last}`);
  const row = forum().comment("Number 40");
  await row.waitFor();
  await until(async () => {
    const box = await row.boundingBox();
    assert.ok(box && box.y > 0 && box.y < 900, `at ${box?.y}`);
  });
});

test("shared into a conversation it shows a card, until it is hidden", async () => {
  await reading.page.goto(link);
  await reading.button("share_article").click();
  await reading.dialog.getByText("Author", { exact: true }).click();
  await reading.dialog.getByLabel(reading.say("share_words")).fill("Read this");
  await reading.dialog.getByRole("button", { name: reading.say("send"), exact: true }).click();
  await writing.page.goto(`/chats/${direct}`);
  const card = writing.page.getByTestId("article-card");
  await card.getByText(TITLE).waitFor();
  await card.getByText("Seventy degrees, two minutes.").waitFor();
  await writing.picture("forum-card");
  await assertAccessible(writing.page);
  await reading.page.goto(`/chats/${direct}`);
  await reading.page.getByTestId("article-card").getByText(TITLE).waitFor();
  const id = Number(link.split("/").at(-1));
  await admin.patch(`/forum/articles/${id}`, { status: "hidden" });
  await reading.page.getByTestId("article-card").waitFor({ state: "detached" });
  await admin.patch(`/forum/articles/${id}`, { status: "published" });
  await reading.page.getByTestId("article-card").getByText(TITLE).waitFor();
  await card.click();
  await writing.forum.reads(TITLE);
});

test("what is talked about has a group; the group leads back to the article", async () => {
  await reading.page.goto(link);
  await reading.page.getByTestId("discuss").click();
  await reading.page.waitForURL(/\/chats\/\d+$/);
  await reading.chats.send("Shall we try it on Sunday?");
  await reading.chats.sees("Shall we try it on Sunday?");
  await reading.chats.details();
  await reading.page.getByRole("link", { name: reading.say("to_the_article") }).click();
  await forum().reads(TITLE);
  await writing.page.goto(link);
  await writing.page.getByTestId("discuss").click();
  await writing.chats.sees("Shall we try it on Sunday?");
});

test("a moderator pins and hides; what is removed says so", async () => {
  const keeping = await stage.tab(admin, { path: "/forum" });
  await keeping.forum.read("Oolong");
  const more = keeping.button("article_actions");
  await keeping.choose(more, "pin_article");
  await keeping.page.goto("/forum");
  await until(async () => assert.equal((await keeping.forum.titles())[0], "Oolong"));
  await keeping.forum.read("Black tea");
  await keeping.choose(more, "hide_article");
  await keeping.page.getByText(keeping.say("status_hidden_hint")).waitFor();
  await reading.page.goto("/forum");
  await forum().row("Oolong").waitFor();
  assert.equal(await forum().row("Black tea").count(), 0);
  await forum().read("A good kettle");
  reading.person.expect(/status of (404|410)/);
  await keeping.page.goto(reading.page.url());
  await keeping.choose(more, "delete");
  await keeping.answer("delete");
  await reading.page.getByText(reading.say("article_gone")).waitFor();
});

test("visitors read, and are asked to log in for everything else", async () => {
  const visitor = await Tab.open(await stage.browser.person(stage.server.url), "/forum");
  await visitor.forum.read(TITLE);
  await visitor.forum.comment("And which water?").waitFor();
  await assertAccessible(visitor.page);
  await visitor.picture("forum-visitor");
  await visitor.page.getByRole("link", { name: "Author", exact: true }).first().click();
  await visitor.page.getByTestId("author-page").waitFor();
  await visitor.forum.row("Oolong").waitFor();
  await visitor.page.goto(link);
  await visitor.page.getByTestId("like-article").click();
  await visitor.page.waitForURL(/\/login\?next=/);
  await visitor.page.getByTestId("login-username").fill("reader");
  await visitor.page.getByTestId("login-password").fill(reader.password);
  await visitor.page.getByTestId("login-submit").click();
  await visitor.forum.reads(TITLE);
  assert.equal(visitor.page.url(), link);
});

test("articles and comments are reported by whoever did not write them", async () => {
  /** @param {string} reason */
  const report = async (reason) => {
    await reading.dialog.getByText(reading.say(`reason_${reason}`), { exact: true }).click();
    await reading.dialog.getByRole("button", { name: reading.say("report_send"), exact: true }).click();
    await reading.page.getByTestId("reported").waitFor();
    await reading.page.keyboard.press("Escape");
    await reading.dialog.waitFor({ state: "detached" });
  };
  const { id } = await publish(author, tea, "Buy my tea");
  await author.post(`/forum/articles/${id}/comments`, { text: "Really, buy it." });
  await reading.page.goto(`/forum/articles/${id}`);
  await reading.choose(reading.button("article_actions"), "report");
  await report("spam");
  const comment = forum().comment("Really, buy it.");
  const actions = reading.say("comment_actions", { name: "Author" });
  await reading.choose(comment.getByRole("button", { name: actions }), "report");
  await report("abuse");
  const { cases } = await admin.get("/moderation/cases");
  const about = cases.map((/** @type {any} */ one) => one.subject.kind);
  assert.deepEqual(about.sort(), ["article", "comment"]);
  await writing.page.goto(`/forum/articles/${id}`);
  await writing.button("article_actions").click();
  await writing.page.getByRole("menuitem", { name: writing.say("copy_link") }).filter({ visible: true }).waitFor();
  assert.equal(await writing.page.getByRole("menuitem", { name: writing.say("report") }).count(), 0);
});

test("on a phone: one pane, categories to swipe, the bell below", async () => {
  const id = await author.upload("hills.png", landscape(600, 338, [90, 120, 190], [40, 70, 90]));
  await publish(author, tea, "With a picture", { head_image_id: id, summary: "Hills." });
  const phone = await stage.tab(reader, { path: "/forum", locale: "zh-CN", viewport: PHONE });
  await phone.forum.row("With a picture").locator("img[width=\"160\"]").waitFor();
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= PHONE.width, `the page is ${wide} px wide`);
  await phone.picture("forum-phone");
  await phone.forum.read(TITLE);
  await phone.forum.comment("And which water?").waitFor();
  await phone.picture("forum-phone-article");
  await assertAccessible(phone.page);
});
