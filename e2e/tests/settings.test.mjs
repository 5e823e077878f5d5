/** One's own profile, looks, devices, tokens and password; and the doors, also without JavaScript. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { screenshot } from "../lib/browser.mjs";
import { png } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let api;
/** @type {Tab} */
let me;
/** @type {Tab} */
let friend;
const NEW_PASSWORD = "another horse, another battery";

const stage = new Stage(async () => {
  api = await stage.account("changeling", "Old Name");
  const friendApi = await stage.account("friend", "Friend");
  await befriend(api, friendApi);
  me = await stage.tab(api);
  friend = await stage.tab(friendApi, { locale: "zh-CN" });
});

test("a friend sees a new name and signature without loading anything", async () => {
  await friend.place("contacts").click();
  await friend.contacts.line("Old Name").waitFor();
  await me.settings.open("profile");
  await me.page.getByLabel(me.say("display_name")).fill("新名字 New Name");
  await me.page.getByLabel(me.say("signature")).fill("今天天气真好");
  await me.button("save").click();
  await me.page.getByRole("status").getByText(me.say("saved")).waitFor();
  await friend.contacts.line("新名字 New Name").getByText("今天天气真好").waitFor();
});

test("a new picture is previewed, taken, and seen by the friend", async () => {
  const file = { name: "me.png", mimeType: "image/png", buffer: png(96, [20, 90, 160], [250, 240, 220]) };
  await me.page.getByLabel(me.say("choose_avatar")).and(me.page.locator("input")).setInputFiles(file);
  await me.page.getByText(me.say("avatar_preview")).waitFor();
  await me.button("use_avatar").click();
  await me.button("use_avatar").waitFor({ state: "detached" });
  const picture = friend.contacts.line("新名字 New Name").locator("img");
  await until(async () => {
    const [width, colour] = await picture.evaluate(colourOf);
    assert.ok(width > 0);
    const close = [20, 90, 160].every((part, index) => Math.abs(part - colour[index]) < 24);
    assert.ok(close, `the corner is ${colour}`);
  });
  await friend.picture("settings-friend-sees");
  await me.picture("settings-profile");
});

/** The width of a picture that is loaded, and the colour of its corner. */
function colourOf(/** @type {any} */ image) {
  const canvas = new OffscreenCanvas(8, 8).getContext("2d");
  if (!canvas || !image.complete) return [0, []];
  canvas.drawImage(image, 0, 0, 8, 8);
  return [image.naturalWidth, [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)]];
}

test("something that is no picture is refused in words", async () => {
  me.person.expect(/status of 4(15|22)/);
  const file = { name: "me.png", mimeType: "image/png", buffer: Buffer.from("<svg onload=alert(1)>") };
  await me.page.getByLabel(me.say("choose_avatar")).and(me.page.locator("input")).setInputFiles(file);
  await me.button("use_avatar").click();
  const words = new RegExp(`${me.say("problem_unsupported_media_type")}|${me.say("problem_invalid")}`);
  await me.page.locator(".toasts").getByText(words).waitFor();
  await me.button("cancel").click();
});

test("the language changes at once and stays", async () => {
  await me.settings.open("appearance");
  await me.page.getByRole("radio", { name: "中文" }).check({ force: true });
  me.locale = "zh";
  await me.page.getByRole("heading", { name: me.say("appearance") }).waitFor();
  assert.equal(await me.page.locator("html").getAttribute("lang"), "zh-CN");
  await me.page.reload();
  await me.page.getByRole("heading", { name: me.say("appearance") }).waitFor();
  await until(async () => assert.equal((await api.get("/me")).locale, "zh"));
});

test("the theme changes at once and stays", async () => {
  const ground = () => me.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await me.page.getByRole("radio", { name: me.say("theme_dark") }).check({ force: true });
  await until(async () => assert.notEqual(await ground(), light));
  const dark = await ground();
  await me.page.reload();
  await me.page.getByRole("heading", { name: me.say("appearance") }).waitFor();
  assert.equal(await ground(), dark);
  await me.picture("settings-dark-zh");
  await me.page.getByRole("radio", { name: me.say("theme_light") }).check({ force: true });
  await until(async () => assert.equal(await ground(), light));
});

test("a device that is logged out from another is at the door at once, and comes back to its place", async () => {
  const other = await Tab.open(await stage.browser.person(stage.server.url), "/chats");
  other.person.expect(/status of 401/, /WebSocket/);
  await other.door.logIn("changeling", api.password);
  await other.page.waitForURL("**/chats");
  // The account's language is followed where nothing was chosen.
  other.locale = "zh";
  await other.settled();
  await other.settings.open("tokens");

  await me.settings.open("devices");
  const rows = me.settings.main.locator(".row");
  await rows.filter({ hasText: me.say("this_device") }).waitFor();
  assert.equal(await rows.count(), 2);
  await me.picture("settings-devices");
  await rows.getByRole("button", { name: me.say("revoke") }).click();
  await other.page.waitForURL((url) => url.pathname === "/login");
  assert.equal(new URL(other.page.url()).searchParams.get("next"), "/settings/tokens");
  await until(async () => assert.equal(await rows.count(), 1));

  await other.door.logIn("changeling", api.password);
  await other.page.waitForURL("**/settings/tokens");
  await other.page.close();
});

test("a token is shown once, works, and stops working when it is revoked", async () => {
  await me.settings.open("tokens");
  await me.page.getByLabel(me.say("token_name")).fill("备份机器人");
  await me.button("create_token").click();
  const token = (await me.page.locator("code").innerText()).trim();
  const ask = () =>
    fetch(`${stage.server.url}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
  const answer = await ask();
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).username, "changeling");
  await me.picture("settings-token");
  await me.page.reload();
  const row = me.settings.main.locator(".row").filter({ hasText: "备份机器人" });
  await row.waitFor();
  assert.equal(await me.page.locator("code").count(), 0);
  assert.equal(await me.page.getByText(token).count(), 0);
  await row.getByRole("button", { name: me.say("revoke") }).click();
  await me.answer("revoke");
  await row.waitFor({ state: "detached" });
  assert.equal((await ask()).status, 401);
});

test("the password changes, wrong ones are explained", async () => {
  me.person.expect(/status of 4(01|03|22)/);
  await me.settings.open("password");
  const fill = async (/** @type {string[]} */ ...values) => {
    for (const [index, key] of ["old_password", "new_password", "again_password"].entries()) {
      await me.page.getByLabel(me.say(key), { exact: true }).fill(values[index]);
    }
    await me.button("change_password").click();
  };
  await fill("not my password", NEW_PASSWORD, NEW_PASSWORD);
  await me.page.getByText(me.say("password_wrong")).waitFor();
  await fill(api.password, NEW_PASSWORD, "something else");
  await me.page.getByText(me.say("passwords_differ")).waitFor();
  await fill(api.password, NEW_PASSWORD, NEW_PASSWORD);
  await me.page.getByText(me.say("password_changed")).waitFor();
  // The page goes on working with the renewed session.
  await me.page.reload();
  await me.settled();
});

test("logging out leads to the door, and the new password opens it", async () => {
  me.person.expect(/WebSocket/);
  await me.settings.logOut();
  await me.page.waitForURL("**/login");
  await me.page.goto("/settings/devices");
  await me.door.form.waitFor();
  assert.equal(new URL(me.page.url()).searchParams.get("next"), "/settings/devices");
  await me.door.logIn("changeling", api.password);
  await me.page.getByRole("alert").waitFor();
  await me.door.logIn("changeling", NEW_PASSWORD);
  await me.page.waitForURL("**/settings/devices");
});

test("after the login one only ever stays on this site", async () => {
  for (const next of ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "/\t/evil.example"]) {
    const person = await stage.browser.person(stage.server.url);
    const tab = await Tab.open(person, `/login?${new URLSearchParams({ next })}`);
    await tab.door.logIn("friend", api.password);
    await tab.page.waitForURL("**/chats");
    await tab.page.close();
  }
});

test("without JavaScript, forms register and log in", async () => {
  const person = await stage.browser.person(stage.server.url, { script: false });
  const page = await person.open("/register");
  await page.locator("input[name=username]").fill("plain_html");
  await page.locator("input[name=password]").fill(NEW_PASSWORD);
  await screenshot(page, "settings-register-without-scripts");
  await submit(page);
  const registered = await session(person);
  assert.equal(registered?.username, "plain_html");

  const again = await stage.browser.person(stage.server.url, { script: false });
  again.expect(/status of 401/);
  const door = await again.open("/login?next=%2Fsettings%2Fprofile");
  await door.locator("input[name=username]").fill("plain_html");
  await door.locator("input[name=password]").fill("wrong one");
  await door.locator("button[type=submit]").click();
  await door.getByRole("alert").waitFor();
  assert.equal(await session(again), null);
  await screenshot(door, "settings-login-without-scripts");
  await door.locator("input[name=username]").fill("plain_html");
  await door.locator("input[name=password]").fill(NEW_PASSWORD);
  await submit(door);
  assert.equal(new URL(door.url()).pathname, "/settings/profile");
  assert.equal((await session(again))?.username, "plain_html");
});

/** Sends the form and requires to be redirected by a 303. @param {import("playwright-core").Page} page */
async function submit(page) {
  const redirected = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.locator("button[type=submit]").click();
  assert.equal((await redirected).status(), 303);
  await page.waitForLoadState();
}

/** Who is logged in, as the server sees this browser. @param {import("../lib/browser.mjs").Person} person */
async function session(person) {
  const answer = await person.context.request.get("/api/v1/session");
  return (await answer.json()).user;
}
