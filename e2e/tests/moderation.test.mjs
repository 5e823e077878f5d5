/**
 * Moderation between people: what is reported is decided, told, appealed and opened again; words hold back and refuse;
 * who is suspended is out at once.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible } from "../lib/browser.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

/** @typedef {import("../lib/api.mjs").Api} Api */

/** @type {Api} */
let root;
/** @type {Api} */
let annApi;
/** @type {Api} */
let benApi;
/** @type {Tab} */
let moderator;
/** @type {Tab} */
let ann;
/** @type {Tab} */
let ben;
/** @type {number} */
let club;

const stage = new Stage(async () => {
  root = await stage.account("root", "Rita 管理");
  await root.post("/setup", { setup_token: stage.server.setupToken() });
  annApi = await stage.account("ann", "Ann 安");
  benApi = await stage.account("ben", "Ben <b>bold</b>");
  await befriend(annApi, benApi);
  club = (await annApi.post("/groups", { name: "Book club" })).id;
  await annApi.post(`/groups/${club}/members`, { user_id: benApi.user?.id });
  ann = await stage.tab(annApi, { path: `/chats/${club}` });
  ben = await stage.tab(benApi, { path: `/chats/${club}` });
  moderator = await stage.tab(root);
});

/** Tells the moderators about something, in the dialog that is open. @param {Tab} tab @param {string} reason */
async function report(tab, reason, note = "") {
  await tab.dialog.getByText(tab.say(`reason_${reason}`), { exact: true }).click();
  if (note) await tab.dialog.locator("textarea").fill(note);
  await tab.dialog.getByRole("button", { name: tab.say("report_send"), exact: true }).click();
  await tab.page.getByTestId("reported").waitFor();
}

test("a message is reported from its menu, and the reporter is told that it arrived", async () => {
  await ben.chats.send("Hello all");
  await ben.chats.send("You are all <script>alert(1)</script> fools");
  await ann.chats.message("You are all <script>alert(1)</script> fools").click({ button: "right" });
  await ann.page.getByTestId("message-menu").getByRole("menuitem", { name: ann.say("report") }).click();
  await report(ann, "abuse", "Third time this week\"><img src=x onerror=alert(1)>");
  await ann.picture("moderation-reported");
  await assertAccessible(ann.page);
  await ann.dialog.getByRole("button", { name: ann.say("close"), exact: true }).last().click();
});

test("the case is in the queue, with what was said around it, and only text of it", async () => {
  await moderator.admin.entry.getByTestId("unread-badge").waitFor();
  await moderator.admin.open("cases");
  await moderator.admin.row("cases", "fools").getByTestId("case").click();
  await moderator.page.getByTestId("case-message").filter({ hasText: "<script>alert(1)</script>" }).waitFor();
  await moderator.page.getByText("Hello all", { exact: true }).waitFor();
  await moderator.page.getByTestId("report").filter({ hasText: "Third time this week" }).waitFor();
  assert.equal(await moderator.admin.main.locator("img[src='x'], script").count(), 0);
  await moderator.picture("moderation-case");
  await assertAccessible(moderator.page);
});

test("a mute is decided; the person reads why in place of the composer and on the case's page", async () => {
  await moderator.admin.decide("mute", "Please be kind. 请友善发言。");
  await moderator.page.getByTestId("decision").filter({ hasText: "Please be kind" }).waitFor();
  await ben.chats.obstacle.waitFor();
  assert.match(await ben.chats.obstacle.innerText(), /muted you on this site until/);
  await ben.picture("moderation-muted");
  const { notifications } = await benApi.get("/notifications");
  assert.equal(notifications[0].kind, "moderation_decided");
  await ben.page.goto(`/cases/${notifications[0].case_id}`);
  await ben.page.getByTestId("decision").filter({ hasText: "请友善发言" }).waitFor();
  assert.equal(await ben.page.getByText("Rita").count(), 0, "who decided is not told");
  await ben.picture("moderation-own-case");
  await assertAccessible(ben.page);
});

test("an appeal opens the case again, and granting it gives the voice back at once", async () => {
  await ben.page.locator("main > .main textarea").fill("It was a quotation from the book.");
  await ben.button("appeal_send").click();
  await ben.page.getByText(ben.say("own_case_open")).waitFor();
  await moderator.admin.open("cases");
  await moderator.admin.row("cases", "fools").getByText(moderator.say("case_appealed")).waitFor();
  await moderator.admin.row("cases", "fools").getByTestId("case").click();
  await moderator.page.getByTestId("appeal").filter({ hasText: "quotation from the book" }).waitFor();
  await moderator.admin.decide("unmute", "You are right, sorry.");
  await ben.page.getByTestId("decision").filter({ hasText: "You are right, sorry." }).waitFor();
  await ben.page.goto(`/chats/${club}`);
  await ben.chats.send("Thank you");
  await ben.chats.sent("Thank you");
});

test("profiles and groups are reported, too, and the next case is a key away", async () => {
  await ann.page.goto(`/contacts/people/${benApi.user?.id}`);
  await ann.choose(ann.button("more"), "report");
  await report(ann, "spam");
  await ann.page.keyboard.press("Escape");
  await ben.page.goto(`/chats/${club}/info`);
  await ben.button("report_group").click();
  await report(ben, "other", "Strange group");
  await ben.page.keyboard.press("Escape");
  await moderator.admin.open("cases");
  const cases = moderator.page.getByTestId("case");
  await until(async () => assert.equal(await cases.count(), 2));
  await cases.first().click();
  await moderator.page.getByTestId("case-excerpt").waitFor();
  const first = moderator.page.url();
  await moderator.page.keyboard.press("j");
  await moderator.page.waitForURL((url) => url.href !== first);
  await moderator.page.keyboard.press("k");
  await moderator.page.waitForURL(first);
  await moderator.admin.main.getByRole("button", { name: moderator.say("act_dismiss"), exact: true }).click();
  await moderator.page.getByTestId("decide").click();
  await moderator.page.getByTestId("decision").waitFor();
});

test("words are pasted in, tried out, and saved", async () => {
  await moderator.admin.open("words");
  await moderator.page.getByLabel(moderator.say("words_lines")).fill("casino\n笨蛋 => 聪明人\nrefuse: darn");
  await moderator.button("words_add_button").click();
  await moderator.admin.row("words", "笨蛋").waitFor();
  const tried = moderator.page.getByTestId("tried");
  await moderator.page.getByLabel(moderator.say("words_try_text")).fill("你這個笨蛋");
  await tried.filter({ hasText: "你這個聪明人" }).waitFor();
  await moderator.page.getByLabel(moderator.say("words_try_text")).fill("Ｃasino night");
  await until(async () => assert.equal(await tried.getAttribute("data-action"), "hold"));
  await moderator.picture("moderation-words");
  await assertAccessible(moderator.page);
  await moderator.page.getByTestId("save-words").click();
  await moderator.page.locator(".toasts").getByText(moderator.say("saved")).waitFor();
  assert.equal((await root.get("/moderation/words")).words.length, 3);
});

test("a held message waits and says so, survives a reload, and is posted when it is approved", async () => {
  ben.person.expect(/status of 403/);
  await ben.page.goto(`/chats/${club}`);
  await ben.chats.send("Casino trip on Friday?");
  await ben.page.getByTestId("send-problem").filter({ hasText: ben.say("message_held") }).waitFor();
  await ben.picture("moderation-held");
  await assertAccessible(ben.page);
  await ben.page.reload();
  await ben.page.getByTestId("send-problem").filter({ hasText: ben.say("message_held") }).waitFor();
  await ann.page.goto(`/chats/${club}`);
  await ann.chats.sees("Thank you");
  assert.equal(await ann.chats.message("Casino trip on Friday?").count(), 0);
  await moderator.admin.open("cases");
  await moderator.admin.row("cases", "Casino trip").getByTestId("case").click();
  await moderator.admin.main.getByRole("button", { name: moderator.say("act_approve"), exact: true }).click();
  await moderator.page.getByTestId("decide").click();
  await ann.chats.sees("Casino trip on Friday?");
  await ben.chats.sent("Casino trip on Friday?");
  await until(async () => assert.equal(await ben.page.getByTestId("send-problem").count(), 0));
  assert.equal(await ben.chats.message("Casino trip on Friday?").count(), 1);
});

test("a held message that a moderator rejects says so, also after a reload, and goes back into the composer", async () => {
  const rejected = ben.page.getByTestId("send-problem").filter({ hasText: ben.say("message_rejected") });
  await ben.chats.send("Casino again?");
  await ben.page.getByTestId("send-problem").filter({ hasText: ben.say("message_held") }).waitFor();
  await moderator.admin.open("cases");
  await moderator.admin.row("cases", "Casino again").getByTestId("case").click();
  await moderator.admin.decide("remove", "Once is enough");
  await rejected.waitFor();
  await ben.picture("moderation-rejected");
  await ben.page.reload();
  await rejected.getByRole("button", { name: ben.say("write_again") }).click();
  await until(async () => assert.equal(await ben.chats.composer.inputValue(), "Casino again?"));
  await rejected.waitFor({ state: "detached" });
  await ben.chats.composer.fill("");
});

test("what was decided while the sender was away is there when they are back", async () => {
  await ben.chats.send("Casino, a last time");
  await ben.page.getByTestId("send-problem").filter({ hasText: ben.say("message_held") }).waitFor();
  await ben.page.goto("about:blank");
  await moderator.admin.open("cases");
  await moderator.admin.row("cases", "a last time").getByTestId("case").click();
  await moderator.admin.decide("remove", "No");
  await ben.page.goto(`/chats/${club}`);
  const refused = ben.page.getByTestId("send-problem").filter({ hasText: ben.say("message_words_refused") });
  await refused.getByRole("button", { name: ben.say("delete"), exact: true }).click();
  await refused.waitFor({ state: "detached" });
});

test("what is refused is not lost: it goes back into the composer", async () => {
  await ben.chats.send("darn it");
  const problem = ben.page.getByTestId("send-problem").filter({ hasText: ben.say("message_words_refused") });
  await problem.getByRole("button", { name: ben.say("write_again") }).click();
  await until(async () => assert.equal(await ben.chats.composer.inputValue(), "darn it"));
  await ben.chats.send("oh well, 笨蛋");
  await ann.chats.sees("oh well, 聪明人");
});

test("a message that a moderator removes says that it was removed", async () => {
  await ann.chats.message("Hello all").click({ button: "right" });
  await ann.page.getByTestId("message-menu").getByRole("menuitem", { name: ann.say("report") }).click();
  await report(ann, "spam");
  await ann.page.keyboard.press("Escape");
  await moderator.admin.open("cases");
  await moderator.admin.row("cases", "Hello all").getByTestId("case").click();
  await moderator.admin.decide("remove", "Off topic");
  await ann.chats.noticed("notice_moderated", {});
});

test("who becomes a moderator of a category has its cases at once, and loses them with it", async () => {
  const { id } = await root.post("/forum/categories", { slug: "books", name: "Books" });
  assert.equal(await ann.admin.entry.count(), 0);
  await root.patch(`/forum/categories/${id}`, { moderator_ids: [annApi.user?.id] });
  await ann.admin.entry.waitFor();
  const loud = { category_id: id, title: "Loud words", text: "AAA", status: "published" };
  const article = await root.post("/forum/articles", loud);
  await benApi.post("/reports", { subject: { kind: "article", id: article.id }, reason: "spam" });
  await ann.admin.entry.getByTestId("unread-badge").waitFor();
  await ann.admin.open("cases");
  assert.equal(await ann.page.locator(".list nav a").count(), 1, "and nothing else of the admin area");
  await ann.picture("moderation-category");
  await ann.admin.row("cases", "Loud words").getByTestId("case").click();
  await ann.admin.decide("hide", "Too loud");
  await ann.admin.entry.getByTestId("unread-badge").waitFor({ state: "detached" });
  await root.patch(`/forum/categories/${id}`, { moderator_ids: [] });
  await ann.admin.entry.waitFor({ state: "detached" });
  await ann.page.getByText(ann.say("admin_not_yours"), { exact: true }).waitFor();
  await ann.page.goto(`/chats/${club}`);
});

test("who is suspended is thrown out at once and reads at the door until when", async () => {
  ben.person.expect(/status of 40[13]/, /WebSocket/);
  await moderator.page.goto(`/admin/users/${benApi.user?.id}`);
  await moderator.admin.decide("suspend", "A week off");
  await ben.page.waitForURL((url) => url.pathname === "/login");
  await ben.door.logIn("ben", benApi.password);
  await ben.page.getByRole("alert").filter({ hasText: /suspended until/ }).waitFor();
  await ben.picture("moderation-suspended");
  await assertAccessible(ben.page);
  await moderator.admin.decide("unsuspend", "Welcome back");
  await ben.door.logIn("ben", benApi.password);
  await ben.page.waitForURL((url) => url.pathname !== "/login");
});
