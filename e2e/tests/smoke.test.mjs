/** A newcomer arrives: sent to the login, changes over to registering, and is in. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Api } from "../lib/api.mjs";
import { assertAccessible, Browser, DESKTOP, PHONE, screenshot } from "../lib/browser.mjs";
import { Server } from "../lib/server.mjs";

/** @type {Server} */
let server;
/** @type {Browser} */
let browser;

before(async () => {
  server = await Server.start();
  browser = await Browser.start();
});

after(async () => {
  await server?.stop();
  await browser?.stop();
});

for (const { device, options } of [
  { device: "desktop", options: { viewport: DESKTOP, locale: "en-US" } },
  { device: "phone", options: { viewport: PHONE, locale: "zh-CN", theme: /** @type {const} */ ("dark") } },
]) {
  test(`a newcomer registers on a ${device}`, async () => {
    const person = await browser.person(server.url, options);
    const page = await person.open("/");

    await page.waitForURL(/\/login(\?|$)/);
    await page.getByTestId("login-form").waitFor();
    assert.equal(await page.locator("form").count(), 1, "the form for browsers without script is gone");
    assert.equal(await page.locator("html").getAttribute("lang"), options.locale === "zh-CN" ? "zh-CN" : "en");
    await assertAccessible(page);
    await screenshot(page, `login-${device}`);

    await page.locator("a[href^='/register']").click();
    await page.getByTestId("register-form").waitFor();
    await assertAccessible(page);
    await page.getByTestId("register-username").fill(`newcomer_${device}`);
    await page.getByTestId("register-name").fill("李雷 Newcomer");
    await page.getByTestId("register-password").fill("correct horse battery staple");
    await page.getByTestId("register-submit").click();

    await page.getByRole("navigation").waitFor();
    await assertAccessible(page);
    await screenshot(page, `first-sight-${device}`);

    await page.reload();
    await page.getByRole("navigation").waitFor();
    await person.leave();
  });
}

test("without JavaScript a person registers and logs in by plain forms", async () => {
  const person = await browser.person(server.url, { script: false });
  const page = await person.open("/register");
  await page.locator("[name=username]").fill("plain_person");
  await page.locator("[name=password]").fill("correct horse battery staple");
  await page.locator("form [type=submit]").click();
  const names = async () => (await person.context.cookies()).map((cookie) => cookie.name);
  await page.waitForURL((url) => url.pathname !== "/register");
  assert.ok((await names()).includes("rookery_session"));

  await person.context.clearCookies();
  await page.goto("/login?next=/settings");
  await page.locator("[name=username]").fill("plain_person");
  await page.locator("[name=password]").fill("correct horse battery staple");
  await page.locator("form [type=submit]").click();
  await page.waitForURL(/\/settings$/);
  assert.ok((await names()).includes("rookery_session"));
  await person.leave();
});

test("a wrong password is said so, in words", async () => {
  const person = await browser.person(server.url);
  // The browser itself reports every answer of 4xx on its console.
  person.expect(/status of 401/);
  const page = await person.open("/login");
  await page.getByTestId("login-username").fill("nobody_at_all");
  await page.getByTestId("login-password").fill("not the password");
  await page.getByTestId("login-submit").click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.notEqual((await alert.innerText()).trim(), "");
  assert.match(page.url(), /\/login/);
  await person.leave();
});

test("the server ends in time and well while a browser is connected, which says so", async () => {
  const ann = await Api.register(server.url, "ann");
  const person = await browser.person(server.url);
  await ann.lend(person);
  const page = await person.context.newPage();
  const socket = page.waitForEvent("websocket");
  await page.goto("/");
  await (await socket).waitForEvent("framereceived");
  // Parts of the client come when they are first wanted, some of them later than the first event.
  await page.waitForLoadState("networkidle");

  // It comes back at once, to a server that is going or gone.
  person.expect(/ERR_CONNECTION_(REFUSED|RESET)/, /WebSocket connection to .* failed/);
  await server.shutDown();
  await page.getByTestId("connection-bar").waitFor();
  assert.doesNotMatch(server.output, /panicked/);
  await person.leave();
});
