/** The admin area: each page by its permission, what it does, and what holds at once in other browsers. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Api } from "../lib/api.mjs";
import { assertAccessible } from "../lib/browser.mjs";
import { png } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

const HOSTILE = `<img src=x onerror=alert(1)>"'`;
/** @type {Api} */
let root;
/** @type {Api} */
let annApi;
/** @type {Api} */
let mallory;
/** Of mallory, once it is reset. */
let password = "";
/** @type {Tab} */
let admin;
/** @type {Tab} */
let ann;

const stage = new Stage(async () => {
  root = await stage.account("root", "Rita");
  await root.post("/setup", { setup_token: stage.server.setupToken() });
  annApi = await stage.account("ann", "Ann");
  mallory = await stage.account("mallory", HOSTILE);
  await mallory.patch("/me", { signature: "</td><script>alert(1)</script>" });
  await mallory.post("/groups", { name: HOSTILE, description: "<b>bold</b>" });
  admin = await stage.tab(root);
  ann = await stage.tab(annApi);
});

/** Nothing of what people wrote has become an element. @param {Tab} tab */
async function inert(tab) {
  assert.equal(await tab.page.locator("#app img[src='x'], #app script, #app b:text-is('bold')").count(), 0);
}

test("whoever has no permission has no admin area", async () => {
  assert.equal(await ann.admin.entry.count(), 0);
  await ann.page.goto("/admin/users");
  await ann.page.getByText(ann.say("admin_not_yours")).waitFor();
  await ann.page.goto("/chats");
});

test("the overview tells numbers, draws them, and says them in words", async () => {
  await admin.admin.open("overview");
  await admin.page.getByRole("img", { name: new RegExp(admin.say("overview_rate")) }).waitFor();
  await until(async () => assert.ok((await admin.page.getByTestId("health").count()) >= 4));
  await admin.picture("admin-overview");
  await assertAccessible(admin.page);
});

test("a role is made with its explanations, given, and holds without a reload", async () => {
  await admin.admin.open("roles");
  await admin.button("new_role").click();
  await admin.dialog.getByLabel(admin.say("role_name"), { exact: true }).fill("Gardeners 园丁");
  await admin.dialog.getByText(admin.say("permission_manage_users"), { exact: true }).click();
  await admin.picture("admin-role");
  await assertAccessible(admin.page);
  await admin.dialog.getByRole("button", { name: admin.say("save") }).click();
  await admin.button("give_role").click();
  await admin.dialog.getByRole("searchbox").fill("ann");
  await admin.dialog.getByRole("button", { name: /Ann/ }).click();
  await ann.admin.entry.waitFor();
  await ann.admin.open("users");
  await ann.admin.row("users", "Rita").waitFor();
  assert.equal(await ann.page.locator(".list nav a[href='/admin/settings']").count(), 0);
  await admin.button("take_role").click();
  await ann.admin.entry.waitFor({ state: "detached" });
  await ann.page.getByText(ann.say("admin_not_yours")).waitFor();
  await ann.page.goto("/chats");
});

test("people are found, sorted by the keyboard, and names are nothing but names", async () => {
  await admin.admin.open("users");
  await admin.admin.row("users", HOSTILE).waitFor();
  await inert(admin);
  const head = admin.page.getByRole("button", { name: admin.say("users_name"), exact: true });
  await head.focus();
  await admin.page.keyboard.press("Enter");
  await until(async () => {
    const column = admin.page.getByRole("columnheader", { name: admin.say("users_name") });
    assert.equal(await column.getAttribute("aria-sort"), "ascending");
  });
  await admin.picture("admin-users");
  await assertAccessible(admin.page);
  await admin.page.getByRole("searchbox").fill("mallo");
  await until(async () => assert.equal(await admin.admin.row("users", "@").count(), 1));
  await admin.admin.row("users", HOSTILE).getByRole("link").click();
  await admin.page.getByRole("heading", { name: HOSTILE }).waitFor();
  await inert(admin);
  await assertAccessible(admin.page);
});

test("a password is reset, shown once, and opens the door", async () => {
  await admin.button("reset_password").click();
  await admin.answer("reset_password");
  password = (await admin.page.getByTestId("new-password").innerText()).trim();
  await admin.picture("admin-user");
  const answer = await new Api(stage.server.url).post("/session", { username: "mallory", password });
  assert.equal(answer.user.username, "mallory");
  await admin.page.reload();
  await admin.page.getByRole("heading", { name: HOSTILE }).waitFor();
  assert.equal(await admin.page.getByTestId("new-password").count(), 0);
});

test("devices are told one by one, and logged out, one or all", async () => {
  const device = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  await fetch(`${stage.server.url}/api/v1/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "User-Agent": device },
    body: JSON.stringify({ username: "mallory", password }),
  });
  await admin.page.reload();
  const rows = admin.page.getByTestId("user-sessions").locator(".row");
  await until(async () => assert.equal(await rows.count(), 2));
  const firefox = rows.filter({ hasText: "Firefox · Linux" });
  await firefox.filter({ hasText: "127.0.0.1" }).waitFor();
  await admin.picture("admin-sessions");
  await assertAccessible(admin.page);
  await firefox.getByRole("button", { name: admin.say("end_session"), exact: true }).click();
  await admin.answer("end_session");
  await firefox.waitFor({ state: "detached" });
  assert.equal(await rows.count(), 1, "the other one stays");
  await admin.button("end_sessions").click();
  await admin.answer("end_sessions");
  await admin.page.getByText(admin.say("sessions_none"), { exact: true }).waitFor();
});

test("several people are chosen and warned at once", async () => {
  await admin.admin.open("users");
  for (const name of ["Ann", HOSTILE]) {
    await admin.page.getByRole("checkbox", { name: admin.say("choose_named", { name }), exact: true }).check();
  }
  await admin.page.getByText(admin.say("chosen_count", { n: 2 })).waitFor();
  await admin.button("act_warn").click();
  await admin.dialog.locator("textarea").fill("House rules apply");
  await admin.picture("admin-bulk");
  await admin.page.getByTestId("decide").click();
  await admin.dialog.waitFor({ state: "detached" });
  const { notifications } = await annApi.get("/notifications");
  assert.equal(notifications[0].kind, "moderation_decided");
});

test("groups are listed, and dissolved with a reason", async () => {
  await admin.admin.open("groups");
  await admin.admin.row("groups", HOSTILE).waitFor();
  await inert(admin);
  await assertAccessible(admin.page);
  await admin.admin.row("groups", HOSTILE).getByRole("button").click();
  await admin.dialog.locator("textarea").fill("Empty");
  await admin.dialog.getByRole("button", { name: admin.say("dissolve"), exact: true }).click();
  await admin.page.getByText(admin.say("groups_none")).waitFor();
});

test("categories are made and put in order, by keys and by dragging", async () => {
  await admin.admin.open("categories");
  for (const [name, slug] of [["Tea 茶", "tea"], ["Books 书", "books"], ["Rain", "rain"]]) {
    await admin.button("new_category").click();
    await admin.dialog.getByLabel(admin.say("category_name"), { exact: true }).fill(name);
    await admin.dialog.getByLabel(admin.say("category_slug"), { exact: true }).fill(slug);
    await admin.dialog.getByRole("button", { name: admin.say("save") }).click();
    await admin.dialog.waitFor({ state: "detached" });
  }
  const ordered = async (/** @type {string[]} */ ...slugs) =>
    until(async () => {
      const { categories } = await root.get("/forum/categories");
      assert.deepEqual(
        categories.map((/** @type {any} */ one) => one.slug),
        slugs,
      );
    });
  const rows = admin.page.getByTestId("category");
  await until(async () => assert.equal(await rows.count(), 3));
  const before = (await root.get("/forum/categories")).categories.map((/** @type {any} */ one) => one.slug);
  await rows.nth(2).getByRole("button", { name: /^Move/ }).focus();
  await admin.page.keyboard.press("ArrowUp");
  await ordered(before[0], before[2], before[1]);
  await rows.nth(0).dragTo(rows.nth(2));
  await ordered(before[2], before[1], before[0]);
  await admin.picture("admin-categories");
  await assertAccessible(admin.page);
});

test("articles and comments are found, hidden and shown again", async () => {
  const { categories } = await root.get("/forum/categories");
  const article = await annApi.post("/forum/articles", {
    category_id: categories[0].id,
    title: `Rain ${HOSTILE}`,
    text: "It rains.",
    status: "published",
  });
  await annApi.post(`/forum/articles/${article.id}/comments`, { text: `Indeed ${HOSTILE}` });
  await admin.admin.open("comments");
  await admin.admin.row("comments", HOSTILE).waitFor();
  await inert(admin);
  await assertAccessible(admin.page);
  await admin.admin.open("articles");
  await admin.admin.row("articles", HOSTILE).waitFor();
  await inert(admin);
  await assertAccessible(admin.page);
  await admin.choose(admin.admin.row("articles", HOSTILE).getByRole("button"), "act_hide");
  await admin.admin.row("articles", admin.say("post_is_hidden")).waitFor();
  await admin.choose(admin.admin.row("articles", HOSTILE).getByRole("button"), "show_again");
  await admin.admin.row("articles", admin.say("post_is_there")).waitFor();
});

test("a new name and logo are there at once in another browser, and go back", async () => {
  await ann.chats.titled(/(^|\) )Rookery$/);
  await admin.admin.open("settings");
  const field = admin.page.getByTestId("setting-name");
  await field.locator("input").fill("企鹅巢 Nest");
  await field.getByRole("button", { name: admin.say("save") }).click();
  await field.getByText(admin.say("setting_changed")).waitFor();
  await ann.chats.titled(/(^|\) )企鹅巢 Nest$/);
  const file = { name: "logo.png", mimeType: "image/png", buffer: png(96, [190, 60, 60], [255, 255, 255]) };
  await admin.page.locator("main > .main input[type=file]").setInputFiles(file);
  await admin.page.getByText(admin.say("avatar_preview")).waitFor();
  await admin.button("use_avatar").click();
  await admin.button("use_avatar").waitFor({ state: "detached" });
  await admin.picture("admin-settings");
  await assertAccessible(admin.page);
  const door = await Tab.open(await stage.browser.person(stage.server.url), "/login");
  await door.page.locator("main img[src^='/logo/']").waitFor();
  await door.page.getByText("企鹅巢 Nest").waitFor();
  await door.picture("admin-door");
  await door.page.close();
  await field.getByRole("button", { name: admin.say("setting_reset") }).click();
  await ann.chats.titled(/(^|\) )Rookery$/);
  const hours = admin.page.getByTestId("setting-new_account_hours");
  await hours.locator("input").fill("many");
  await hours.getByRole("button", { name: admin.say("save") }).click();
  await hours.getByText(admin.say("setting_invalid")).waitFor();
});

test("the audit log reads like sentences, is filtered, and is whole", async () => {
  await admin.admin.open("audit");
  await admin.admin.row("audit", "changed the settings").first().waitFor();
  await admin.admin.row("audit", "Name of the site: 企鹅巢 Nest").waitFor();
  await inert(admin);
  await admin.button("audit_verify").click();
  await admin.page.getByTestId("audit-verified").filter({ hasText: /whole/ }).waitFor();
  await admin.picture("admin-audit");
  await assertAccessible(admin.page);
  await admin.page.getByLabel(admin.say("audit_about"), { exact: true }).fill(String(mallory.user?.id));
  await until(async () => assert.equal(await admin.admin.row("audit", "the settings").count(), 0));
  await admin.admin.row("audit", `reset the password of account ${mallory.user?.id}`).waitFor();
});

test("jobs and storage are told, and a backup is downloaded with one's password", async () => {
  admin.person.expect(/status of 401/);
  await admin.admin.open("server");
  const engine = stage.server.database ? "PostgreSQL" : "SQLite";
  await admin.page.getByTestId("storage").getByText(engine).waitFor();
  await assertAccessible(admin.page);
  await admin.picture("admin-server");
  const password = admin.page.getByLabel(admin.say("your_password"));
  await password.fill("not my password");
  await admin.button("backup_download").click();
  await admin.page.getByText(admin.say("password_wrong")).waitFor();
  await password.fill(root.password);
  const begun = admin.page.waitForEvent("download");
  await admin.button("backup_download").click();
  const bytes = await readFile(await (await begun).path());
  assert.ok(bytes.length > 10_000, "a backup has everything in it");
});

test("an account is deleted after a clear question", async () => {
  await admin.page.goto(`/admin/users/${mallory.user?.id}`);
  await admin.button("delete_user").click();
  await admin.answer("delete_user");
  await admin.page.waitForURL("**/admin/users");
  assert.equal((await root.get(`/admin/users/${mallory.user?.id}`)).deleted, true);
});

test("one takes one's data along, and deletes one's own account", async () => {
  ann.person.expect(/status of 40[13]/, /WebSocket/);
  await ann.page.goto("/settings/account");
  await ann.page.getByLabel(ann.say("your_password")).waitFor();
  await assertAccessible(ann.page);
  await ann.picture("admin-own-account");
  const begun = ann.page.waitForEvent("download");
  await ann.page.getByRole("link", { name: ann.say("export_data_button"), exact: true }).click();
  const data = JSON.parse(await readFile(await (await begun).path(), "utf8"));
  assert.equal(data.profile.username, "ann");
  await ann.page.getByLabel(ann.say("your_password")).fill("wrong");
  await ann.button("delete_account").click();
  await ann.answer("delete_account");
  await ann.page.getByText(ann.say("password_wrong")).waitFor();
  await ann.page.getByLabel(ann.say("your_password")).fill(annApi.password);
  await ann.button("delete_account").click();
  await ann.answer("delete_account");
  await ann.page.waitForURL((url) => url.pathname === "/login");
  await ann.door.logIn("ann", annApi.password);
  await ann.page.getByRole("alert").waitFor();
});
