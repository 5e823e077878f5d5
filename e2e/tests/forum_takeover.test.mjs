/** The client takes the place of what the server has drawn: in one step, where the reader is, under the same title. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { community, publish } from "../lib/community.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { heldBack, watchDrawing } from "../lib/takeover.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let author;
/** @type {import("../lib/api.mjs").Api} */
let reader;
let tea = 0;

const stage = new Stage(async () => {
  const { ids } = await community(stage.server, [{ slug: "tea", name: "Tea 茶" }]);
  [tea = 0] = ids;
  author = await stage.account("author", "Author");
  reader = await stage.account("reader", "Reader");
  await publish(author, tea, "Oolong", { tags: ["leaves"] });
});

for (const who of /** @type {const} */ (["a visitor", "somebody"])) {
  test(`what the server has drawn stays until the client has its data, and nothing blinks: ${who}`, async () => {
    const lines = Array.from({ length: 60 }, (_, n) => `Sentence ${n + 1} of a long story.`);
    const { id } = await publish(author, tea, `For ${who}`, { text: lines.join("\n\n") });
    const said = await author.post(`/forum/articles/${id}/comments`, { text: "The last word." });
    const person = await stage.browser.person(stage.server.url);
    if (who === "somebody") await reader.lend(person);
    await person.context.addInitScript(watchDrawing);
    const answer = await heldBack(person, `**/api/v1/forum/articles/${id}`);
    const tab = await Tab.open(person, `/forum/articles/${id}`);
    const title = await tab.page.title();
    const line = tab.page.getByText("Sentence 30 of a long story.", { exact: true });
    await line.evaluate((one) => one.scrollIntoView({ block: "start" }));
    const before = await line.boundingBox();
    answer();
    await tab.forum.reads(`For ${who}`);
    const after = await line.boundingBox();
    assert.ok(before && after && Math.abs(before.y - after.y) < 40, `${before?.y} has become ${after?.y}`);
    assert.equal(await tab.page.locator(".doc").count(), 0);
    await tab.forum.comment("The last word.").waitFor();
    const seen = await tab.page.evaluate(() => /** @type {any} */ (globalThis).seen);
    assert.deepEqual(seen.drawn.slice(seen.drawn.indexOf("server")), ["server", "client"]);
    const bare = seen.titles.map((/** @type {string} */ one) => one.replace(/^\(\d+\) /, ""));
    assert.deepEqual([...new Set(bare)], [title]);

    // The server's page has a place of that name as well; what counts is where the client's is.
    await tab.page.goto("/forum");
    await tab.page.goto(`/forum/articles/${id}#comment-${said.id}`);
    await tab.page.locator(`li.lit[data-id="${said.id}"]`).waitFor();
    const row = await tab.forum.comment("The last word.").boundingBox();
    assert.ok(row && row.y > 0 && row.y + row.height < 900, `at ${row?.y}`);
  });
}

test("lists of articles are taken over as well, under the same titles", async () => {
  const person = await stage.browser.person(stage.server.url);
  await person.context.addInitScript(watchDrawing);
  const visitor = await Tab.open(person);
  const me = author.user?.id;
  for (const path of ["/forum", "/forum/tea", "/forum/tags/leaves", `/people/${me}`]) {
    await visitor.page.goto(path);
    await visitor.forum.row("Oolong").waitFor();
    const seen = await visitor.page.evaluate(() => /** @type {any} */ (globalThis).seen);
    assert.deepEqual(seen.drawn.slice(seen.drawn.indexOf("server")), ["server", "client"], path);
    assert.equal(seen.titles.length, 1, `${path}: ${seen.titles}`);
  }
});

test("a list stays where it was scrolled to", async () => {
  for (let n = 1; n <= 18; n++) await publish(author, tea, `Tea number ${n}`, { summary: "A leaf." });
  const person = await stage.browser.person(stage.server.url);
  const answer = await heldBack(person, "**/api/v1/forum/articles?**");
  const visitor = await Tab.open(person, "/forum");
  const heading = visitor.page.getByRole("heading", { name: "Tea number 8", exact: true });
  await heading.evaluate((one) => one.scrollIntoView({ block: "start" }));
  const before = await heading.boundingBox();
  answer();
  await visitor.forum.row("Tea number 8").waitFor();
  // A frame later everything that scrolls by itself has done so.
  await visitor.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const after = await heading.boundingBox();
  assert.ok(before && after && Math.abs(before.y - after.y) < 40, `${before?.y} has become ${after?.y}`);
});

test("one's own pages and the editor are taken over, too", async () => {
  const draft = await author.post("/forum/articles", { category_id: tea, title: "A draft", text: "Not yet." });
  const person = await stage.browser.person(stage.server.url);
  await author.lend(person);
  await person.context.addInitScript(watchDrawing);
  const tab = await Tab.open(person, "/forum/drafts");
  const pages = /** @type {const} */ ([
    ["/forum/drafts", tab.forum.row("A draft")],
    ["/forum/new", tab.forum.editor],
    [`/forum/articles/${draft.id}/edit`, tab.forum.editor],
  ]);
  for (const [path, sign] of pages) {
    await tab.page.goto(path);
    await sign.waitFor();
    const seen = await tab.page.evaluate(() => /** @type {any} */ (globalThis).seen);
    assert.deepEqual(seen.drawn.slice(seen.drawn.indexOf("server")), ["server", "client"], path);
  }
});

test("a further page of a list stays that page", async () => {
  for (let n = 1; n <= 14; n++) await publish(author, tea, `Cup number ${n}`);
  const person = await stage.browser.person(stage.server.url);
  await person.context.addInitScript(watchDrawing);
  const visitor = await Tab.open(person, "/forum");
  for (const list of ["/forum", "/forum/tea?sort=active", `/people/${author.user?.id}`]) {
    const further = await nextOf(list);
    const [first = ""] = (await linesOf(further)).articles;
    await visitor.page.goto(further);
    await visitor.forum.row(first).waitFor();
    assert.equal((await visitor.forum.titles())[0], first, list);
    assert.equal(await visitor.forum.row("Cup number 14").count(), 0, list);
    // Who publishes now is on the first page.
    await visitor.page.getByRole("link", { name: visitor.say("first_page") }).click();
    await visitor.forum.row("Cup number 14").waitFor();
  }
});

test("a further page of comments stays that page, in its order, and a link finds what stands before it", async () => {
  const { id } = await publish(author, tea, "Much is said");
  const said = [];
  for (let n = 1; n <= 5; n++) said.push(await author.post(`/forum/articles/${id}/comments`, { text: `Word ${n}.` }));
  const person = await stage.browser.person(stage.server.url);
  const further = await nextOf(`/forum/articles/${id}?sort=newest&limit=2`);
  const visitor = await Tab.open(person, further);
  await visitor.forum.comment("Word 3.").waitFor();
  assert.equal(await visitor.page.locator(".doc").count(), 0);
  assert.deepEqual(await visitor.forum.comments.getByTestId("prose").allInnerTexts(), ["Word 3.", "Word 2.", "Word 1."]);
  await visitor.button("first_page").click();
  await visitor.forum.comment("Word 5.").waitFor();
  await visitor.page.goto("/forum");
  await visitor.page.goto(`${further.split("#")[0]}#comment-${said[4].id}`);
  await visitor.page.locator(`li.lit[data-id="${said[4].id}"]`).waitFor();
});

test("the document's head is true of the page that is open, however one came there", async () => {
  const { id } = await publish(author, tea, "Headed", { summary: "What it is about." });
  const person = await stage.browser.person(stage.server.url);
  const visitor = await Tab.open(person, "/forum");
  await visitor.forum.row("Headed").waitFor();
  const at = (/** @type {string} */ path) => stage.server.url + path;
  const drawn = await headOf(visitor.page);
  assert.deepEqual(drawn.canonical, [at("/forum")]);

  await visitor.forum.read("Headed");
  await until(async () => {
    const head = await headOf(visitor.page);
    assert.deepEqual(head, {
      title: "Headed · Rookery",
      canonical: [at(`/forum/articles/${id}`)],
      feeds: [`/forum/articles/${id}/feed.atom`],
      description: ["What it is about."],
      graph: { url: at(`/forum/articles/${id}`), title: "Headed", type: "article", description: "What it is about." },
    });
  });
  const served = await serversHead(`/forum/articles/${id}`);
  assert.deepEqual(await headOf(visitor.page), served, "as the server writes it");

  await visitor.page.goBack();
  await visitor.forum.row("Headed").waitFor();
  await until(async () => assert.deepEqual(await headOf(visitor.page), drawn));
  await visitor.page.getByRole("link", { name: visitor.say("log_in"), exact: true }).click();
  await visitor.page.getByTestId("login-form").waitFor();
  const { canonical, feeds } = await headOf(visitor.page);
  assert.deepEqual({ canonical, feeds }, { canonical: [], feeds: [] });
});

/** What the document's head says of the page. @param {import("playwright-core").Page} page */
function headOf(page) {
  return page.evaluate(() => {
    const all = (/** @type {string} */ what, /** @type {string} */ name) =>
      [...document.head.querySelectorAll(what)].map((one) => one.getAttribute(name));
    const graph = (/** @type {string} */ name) => all(`[property="og:${name}"]`, "content")[0];
    return {
      title: document.title,
      canonical: all("[rel=canonical]", "href"),
      feeds: all("[type='application/atom+xml']", "href"),
      description: all("[name=description]", "content"),
      graph: { url: graph("url"), title: graph("title"), type: graph("type"), description: graph("description") },
    };
  });
}

/** @param {string} path */
async function serversHead(path) {
  const person = await stage.browser.person(stage.server.url, { script: false });
  return headOf(await person.open(path));
}

/** What the server draws at this address. @param {string} path */
async function linesOf(path) {
  const person = await stage.browser.person(stage.server.url, { script: false });
  const page = await person.open(path);
  const articles = await page.locator(".doc-card h3").allInnerTexts();
  const next = await page.locator("a[rel=next]").getAttribute("href", { timeout: 1_000 }).catch(() => null);
  await person.leave();
  return { articles, next };
}

/** The address of the page after this one. @param {string} path */
async function nextOf(path) {
  const { next } = await linesOf(path);
  assert.ok(next, `${path} has one page only`);
  return next;
}
