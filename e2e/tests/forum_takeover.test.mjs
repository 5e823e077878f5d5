/** The client takes the place of what the server has drawn: in one step, where the reader is, under the same title. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { community, publish } from "../lib/community.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";

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

/**
 * The server's answers to these wait until the returned function is called.
 * @param {import("../lib/browser.mjs").Person} person
 * @param {string} glob
 */
async function heldBack(person, glob) {
  /** @type {() => void} */
  let answer = () => {};
  const asked = new Promise((resolve) => (answer = () => resolve(undefined)));
  await person.context.route(glob, async (route) => {
    await asked;
    await route.continue();
  });
  return answer;
}

/** Notes, in the page, who has drawn what is seen, and which titles the window has. */
function watchDrawing() {
  const seen = { drawn: /** @type {string[]} */ ([]), titles: /** @type {string[]} */ ([]) };
  Object.assign(globalThis, { seen });
  const look = () => {
    const app = document.getElementById("app");
    const now = !app?.innerText.trim() ? "nothing" : app.querySelector(".doc") ? "server" : "client";
    if (seen.drawn.at(-1) !== now) seen.drawn.push(now);
    if (document.title && seen.titles.at(-1) !== document.title) seen.titles.push(document.title);
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
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
