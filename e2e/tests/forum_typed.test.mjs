/** What somebody types into the server's form while the client is still on its way is there in the client's own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { community, publish } from "../lib/community.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { heldBack, watchDrawing } from "../lib/takeover.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let writer;
let [article, code] = [0, 0];

const stage = new Stage(async () => {
  const { admin, ids } = await community(stage.server, [
    { slug: "tea", name: "Tea" },
    { slug: "code", name: "Code" },
  ]);
  writer = await stage.account("writer", "Writer");
  [article] = [(await publish(admin, ids[0] ?? 0, "Oolong")).id];
  code = ids[1] ?? 0;
});

/**
 * A tab of the writer in which the page is there, and no script yet.
 * @param {string} path
 * @param {{person?: import("../lib/browser.mjs").Person}} [options]
 */
async function early(path, { person } = {}) {
  person ??= await stage.browser.person(stage.server.url);
  await writer.lend(person);
  await person.context.addInitScript(watchDrawing);
  const arrives = await heldBack(person, "**/assets/index-*.js");
  const page = await person.context.newPage();
  // It has loaded only when the script has come.
  await page.goto(path, { waitUntil: "commit" });
  return { tab: new Tab(page, person), page, arrives };
}

/** The field has this, and the focus, with the caret there. @param {import("playwright-core").Locator} field */
async function holds(field, /** @type {string} */ text, /** @type {number} */ caret) {
  await until(async () => {
    const now = await field.evaluate((/** @type {HTMLTextAreaElement} */ box) => ({
      text: box.value,
      caret: [box.selectionStart, box.selectionEnd],
      focused: box === document.activeElement,
    }));
    assert.deepEqual(now, { text, caret: [caret, caret], focused: true });
  });
}

/** Types, and goes back some letters. @param {import("playwright-core").Locator} field */
async function types(field, /** @type {string} */ text, back = 0) {
  await field.click();
  await field.press("Control+End");
  await field.pressSequentially(text);
  for (let n = 0; n < back; n++) await field.press("ArrowLeft");
}

test("a comment, with the caret where it was, and it is kept from then on", async () => {
  const { tab, page, arrives } = await early(`/forum/articles/${article}`);
  await types(page.locator("#text"), "Half a sentence", 8);
  arrives();
  const box = page.getByTestId("comment-box");
  await holds(box, "Half a sentence", 7);
  assert.equal(await page.locator(".doc").count(), 0);
  await box.press("End");
  await box.pressSequentially(", and its end");
  await page.reload();
  await until(async () => assert.equal(await box.inputValue(), "Half a sentence, and its end"));
  await page.getByTestId("comment-send").click();
  await tab.forum.comment("Half a sentence, and its end").waitFor();
});

test("beside what this device had kept, both stay", async () => {
  const first = await stage.tab(writer, { path: `/forum/articles/${article}` });
  await first.page.getByTestId("comment-box").fill("From before.");
  await first.page.close();
  const { page, arrives } = await early(`/forum/articles/${article}`, { person: first.person });
  await types(page.locator("#text"), "And now");
  arrives();
  await holds(page.getByTestId("comment-box"), "From before.\n\nAnd now", 21);
});

test("an answer, and another version of a comment", async () => {
  const { id } = await writer.post(`/forum/articles/${article}/comments`, { text: "To be answered" });
  for (const [act, typed, text] of [
    ["answer", "Indeed", "Indeed"],
    ["edit", " and changed", "To be answered and changed"],
  ]) {
    const { tab, page, arrives } = await early(`/forum/articles/${article}?${act}=${id}#writing`);
    await types(page.locator("#text"), typed ?? "");
    arrives();
    const row = tab.forum.comments.and(page.locator(`[data-id="${id}"]`));
    await holds(row.getByTestId("comment-box"), text ?? "", text?.length ?? 0);
  }
});

test("a new article, field by field", async () => {
  const { tab, page, arrives } = await early("/forum/new");
  await page.locator("[name=category_id]").selectOption("Code");
  await page.locator("[name=title]").fill("Typed early");
  await page.locator("[name=tags]").fill("one, two");
  await types(page.locator("[name=text]"), "First line", 4);
  arrives();
  await holds(tab.forum.text, "First line", 6);
  assert.equal(await tab.forum.title.inputValue(), "Typed early");
  assert.equal(await page.getByTestId("article-category").inputValue(), `${code}`);
  await tab.button("remove_tag", { name: "two" }).waitFor();
  const seen = await page.evaluate(() => /** @type {any} */ (globalThis).seen);
  assert.deepEqual(seen.drawn.slice(seen.drawn.indexOf("server")), ["server", "client"]);
  await tab.forum.saves("saved");
});

test("a word that is being composed is ended first", async () => {
  const { page, arrives } = await early(`/forum/articles/${article}`);
  const field = page.locator("#text");
  await field.click();
  const keyboard = await page.context().newCDPSession(page);
  await keyboard.send("Input.imeSetComposition", { text: "nihao", selectionStart: 5, selectionEnd: 5 });
  const loaded = page.waitForResponse(`**/api/v1/forum/articles/${article}/comments**`);
  arrives();
  await loaded;
  assert.equal(await field.inputValue(), "nihao");
  await keyboard.send("Input.insertText", { text: "你好" });
  await holds(page.getByTestId("comment-box"), "你好", 2);
});

test("a form that is on its way to the server is not taken over", async () => {
  const person = await stage.browser.person(stage.server.url);
  await writer.lend(person);
  const data = await heldBack(person, `**/api/v1/forum/articles/${article}`);
  const tab = await Tab.open(person, `/forum/articles/${article}`);
  const page = tab.page;
  const answers = await heldBack(person, (url) => url.pathname === `/forum/articles/${article}`);
  await page.locator("#text").fill("Sent early");
  await page.locator("#writing [type=submit]").click({ noWaitAfter: true });
  const came = page.waitForResponse(`**/api/v1/forum/articles/${article}`);
  data();
  await came;
  answers();
  await tab.forum.comment("Sent early").waitFor();
  assert.equal(await page.getByTestId("comment-box").inputValue(), "", "it is not there once more");
});

test("a form that the server has refused stays, with what was typed", async () => {
  const { tab, page, arrives } = await early(`/forum/articles/${article}`);
  tab.person.expect(/status of 422/);
  await page.locator("#text").fill("   ");
  await page.locator("#writing [type=submit]").click({ noWaitAfter: true });
  await page.locator("#writing [role=alert]").waitFor();
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  arrives();
  await page.waitForLoadState();
  assert.deepEqual(asked.filter((path) => path.startsWith("/api/")), [], "the client asks for nothing");
  await page.locator("#writing [role=alert]").waitFor();
});
