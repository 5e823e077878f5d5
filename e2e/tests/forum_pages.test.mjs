/**
 * The forum without JavaScript: a visitor reads, logs in, writes, comments, answers and likes by plain forms; every page
 * is sound HTML and accessible; what was typed runs nowhere; and how it looks.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { Api } from "../lib/api.mjs";
import { assertAccessible, screenshot } from "../lib/browser.mjs";
import { LOOKS } from "../lib/looks.mjs";
import { landscape } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";

const PAYLOAD = `</script><script>document.title="owned"</script><img src=x onerror='document.title="owned"'>`;

/** @type {Api} */
let ann;
/** @type {Api} */
let ben;
/** Numbers of articles. @type {{tea: number, evil: number, draft: number}} */
let articles;

const stage = new Stage(async () => {
  const { server } = stage;
  const root = await Api.register(server.url, "root", { setup_token: server.setupToken() });
  [ann, ben] = [await stage.account("lin_yue", "林月"), await stage.account("kate", "Kate Green")];
  await ann.patch("/me", { signature: "慢慢来，比较快。" });
  const tea = await root.post("/forum/categories", {
    slug: "tea",
    name: "茶与咖啡",
    description: "泡茶、手冲，以及一切热饮。",
  });
  await root.post("/forum/categories", { slug: "code", name: "Code", description: "What we build, and how." });
  const head_image_id = await ann.upload("tea.png", landscape(960, 480, [226, 109, 92], [255, 225, 198]));
  const first = await ann.post("/forum/articles", {
    category_id: tea.id,
    title: "清晨的第一杯龙井",
    summary: "水温 80 °C，先倒水再放茶叶。A short note on brewing Longjing.",
    text: [
      "# 准备",
      "选**明前茶**，水温不要超过 80 °C。@kate 说得对：",
      "> Tea first, then code.",
      "1. 温杯\n2. 投茶\n3. 注水",
      "| 茶 | 温度 |\n|---|---|\n| 龙井 | 80 °C |\n| 普洱 | 100 °C |",
      '```rust\nfn main() {\n    println!("tea"); // 茶\n}\n```',
    ].join("\n\n"),
    status: "published",
    tags: ["茶", "morning"],
    head_image_id,
  });
  const comments = `/forum/articles/${first.id}/comments`;
  const top = await ben.post(comments, { text: "I use *85 °C*. 你试过吗？" });
  const answer = await ann.post(comments, { text: "试过，会有一点苦。", parent_id: top.id });
  await ben.post(comments, { text: "Good to know.", parent_id: answer.id });
  await ben.post(comments, { text: "And which cup?" });
  await ben.put(`/forum/articles/${first.id}/like`);
  const evil = await ann.post("/forum/articles", {
    category_id: tea.id,
    title: PAYLOAD,
    summary: PAYLOAD,
    text: PAYLOAD,
    status: "published",
    tags: ["<script>x<"],
  });
  await ben.post(`/forum/articles/${evil.id}/comments`, { text: PAYLOAD });
  const draft = await ann.post("/forum/articles", { category_id: tea.id, title: "未完成的笔记", text: "……" });
  articles = { tea: first.id, evil: evil.id, draft: draft.id };
});

/** Every kind of page, and who may see it. @returns {{name: string, path: string, private?: boolean}[]} */
function pages() {
  return [
    { name: "forum", path: "/forum" },
    { name: "category", path: "/forum/tea" },
    { name: "tag", path: "/forum/tags/%E8%8C%B6" },
    { name: "article", path: `/forum/articles/${articles.tea}` },
    { name: "evil", path: `/forum/articles/${articles.evil}` },
    { name: "person", path: `/people/${ann.user?.id}` },
    { name: "lost", path: "/forum/articles/999" },
    { name: "drafts", path: "/forum/drafts", private: true },
    { name: "new", path: "/forum/new", private: true },
    { name: "edit", path: `/forum/articles/${articles.tea}/edit`, private: true },
    { name: "answer", path: `/forum/articles/${articles.tea}?answer=1#writing`, private: true },
  ];
}

test("without JavaScript a person reads, logs in, writes, comments, answers and likes", async () => {
  const person = await stage.browser.person(stage.server.url, { script: false });
  const page = await person.open("/forum");
  await page.getByRole("link", { name: "清晨的第一杯龙井" }).click();
  await page.getByText("先倒水再放茶叶").waitFor();
  assert.equal(await page.locator("form").count(), 0, "a visitor has nothing to send");
  await page.getByRole("link", { name: "Log in to comment" }).click();
  await page.locator("[name=username]").fill("kate");
  await page.locator("[name=password]").fill(ben.password);
  await page.locator("form [type=submit]").click();
  await page.waitForURL(`**/forum/articles/${articles.tea}`);

  await page.getByLabel("Your comment").fill("First line\nsecond line");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("second line").waitFor();
  await page.locator("#comment-2").getByRole("link", { name: "Answer" }).click();
  await page.getByLabel("Your answer").fill("**indeed**");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("strong", { hasText: "indeed" }).waitFor();
  const mine = page.locator("li.doc-depth-2", { hasText: "indeed" });
  await mine.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Edit the comment").fill("so it is");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("so it is").waitFor();
  await page.locator("#comment-2").getByRole("button", { name: "Like" }).click();
  await page.locator("#comment-2").getByRole("button", { name: "Liked" }).waitFor();

  await page.getByRole("link", { name: "Forum" }).first().click();
  await page.getByRole("link", { name: "New article" }).click();
  await page.getByLabel("Category").selectOption("Code");
  await page.getByLabel("Title").fill("By a form");
  await page.getByRole("textbox", { name: "Text" }).fill("It *works*.");
  await page.getByLabel("Tags").fill("forms, html");
  await page.getByRole("button", { name: "Publish" }).click();
  await page.locator("em", { hasText: "works" }).waitFor();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Title").fill("By a plain form");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "By a plain form" }).waitFor();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Yes, delete it for good").check();
  await page.getByRole("button", { name: "Delete the article" }).click();
  await page.waitForURL("**/forum");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(/\/login/);
  await person.leave();
});

test("every page is sound HTML, for visitors and for those who are logged in", async () => {
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    rules: {
      // Taste, not soundness: how the client's build and maud write tags.
      "void-style": "off",
      "no-trailing-whitespace": "off",
      "attribute-boolean-style": "off",
      "attribute-empty-style": "off",
      "doctype-style": "off",
      "long-title": "off",
      // One by one, for the client's own modules.
      "require-sri": "off",
    },
  });
  for (const locale of ["en", "zh-CN"]) {
    for (const api of [undefined, ann]) {
      for (const { name, path, private: isPrivate } of pages()) {
        if (isPrivate && !api) continue;
        const headers = {
          "accept-language": locale,
          cookie: api ? [...api.cookies].map(([key, value]) => `${key}=${value}`).join("; ") : "",
        };
        const answer = await fetch(new URL(path, stage.server.url), { headers });
        assert.equal(answer.status, name === "lost" ? 404 : 200, path);
        const report = await validator.validateString(await answer.text());
        const told = report.results.flatMap((result) => result.messages);
        assert.deepEqual(
          told.map(({ ruleId, message, line, column }) => `${ruleId}: ${message} at ${line}:${column}`),
          [],
          `${name} in ${locale}`,
        );
      }
    }
  }
});

test("with JavaScript nothing that was typed runs, and data blocks break no policy", async () => {
  // Files of the client are held back, so that what the server has drawn stays.
  const person = await stage.browser.person(stage.server.url);
  await person.context.route("**/assets/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  for (const { path } of pages().filter((one) => !one.private && one.name !== "lost")) {
    const page = await person.open(path);
    await page.locator("main h1").waitFor();
    assert.ok(!(await page.title()).startsWith("owned"), path);
    assert.equal(await page.locator("main img[src=x]").count(), 0);
    for (const text of await page.locator('script[type="application/ld+json"]').allTextContents()) JSON.parse(text);
    await assertAccessible(page);
    await page.close();
  }
  await person.leave();
});

for (const { name: look, ...options } of LOOKS) {
  test(`how the pages look: ${look}`, async () => {
    const person = await stage.browser.person(stage.server.url, options);
    person.expect(/status of 404/);
    await person.context.route("**/assets/*.js", (route) =>
      route.fulfill({ contentType: "text/javascript", body: "" }),
    );
    await ann.patch("/me", { locale: options.locale.slice(0, 2) });
    await ann.lend(person);
    for (const { name, path } of pages()) {
      const page = await person.open(path);
      await page.locator("main h1").waitFor();
      await assertAccessible(page);
      const overflow = await page.evaluate(() => {
        const doc = document.querySelector(".doc");
        return doc ? doc.scrollWidth - doc.clientWidth : 1;
      });
      assert.equal(overflow, 0, `${name} is wider than the screen`);
      await screenshot(page, `forum_pages/${name}-${look}`);
      await page.close();
    }
    await person.leave();
  });
}
