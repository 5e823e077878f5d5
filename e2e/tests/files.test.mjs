/** Pictures and files: chosen, pasted, dropped; seen, opened, downloaded; over a connection that breaks. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { assertAccessible } from "../lib/browser.mjs";
import { Obstacles } from "../lib/obstacles.mjs";
import { landscape, png } from "../lib/picture.mjs";
import { Stage } from "../lib/stage.mjs";
import { Tab } from "../lib/tab.mjs";
import { until } from "../lib/until.mjs";

/** @type {import("../lib/api.mjs").Api} */
let lin;
/** @type {import("../lib/api.mjs").Api} */
let kai;
/** Whose connection has obstacles. @type {Tab} */
let giver;
/** @type {Tab} */
let taker;
/** @type {Obstacles} */
let proxy;
let conversation = 0;

const stage = new Stage(async () => {
  lin = await stage.account("lin", "Lin");
  kai = await stage.account("kai", "Kai");
  conversation = await befriend(lin, kai);
  proxy = await Obstacles.start(stage.server.url);
  const path = `/chats/${conversation}`;
  giver = await stage.tab(lin, { path, origin: proxy.url });
  taker = await stage.tab(kai, { path, locale: "zh-CN", theme: "dark" });
  await giver.chats.opened("Kai");
  await taker.chats.opened("Lin");
});
after(() => proxy?.stop());

const picture = (/** @type {string} */ name, width = 640, height = 400) => ({
  name,
  mimeType: "image/png",
  buffer: landscape(width, height, [90, 120, 190], [60, 90, 80]),
});
const binary = (/** @type {string} */ name, /** @type {number} */ size) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: randomBytes(size),
});
const digest = (/** @type {Buffer} */ bytes) => createHash("sha256").update(bytes).digest("hex");

/** The newest message, and the digest of an attachment of it as the reader's browser gets it. */
async function received(n = 0) {
  const { messages } = await kai.get(`/conversations/${conversation}/messages?limit=1`);
  const url = `/api/v1/conversations/${conversation}/messages/${messages[0].seq}/attachments/${n}`;
  // Made in the page: megabytes on their way here would hold up the proxy, which lives in this process.
  const sha256 = await taker.page.evaluate(async (path) => {
    const answer = await fetch(path);
    const sum = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
    return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }, url);
  return { message: messages[0], sha256 };
}

test("several are picked, shown in the tray, and sent with words", async () => {
  const { files, chats } = giver;
  await files.pick(picture("sea.png"), picture("hill.png", 300, 500), binary("data.bin", 5_000));
  await files.ready(3);
  await giver.picture("files-tray");
  await assertAccessible(giver.page);
  await chats.composer.fill("From the trip");
  await chats.composer.press("Enter");
  await chats.sent("From the trip");
  assert.equal(await files.tray.count(), 0);
  for (const tab of [giver, taker]) {
    await tab.chats.sees("From the trip");
    await tab.files.drawn(2);
    const card = tab.files.last().getByTestId("file-card");
    assert.match(await card.innerText(), /data\.bin\s+4\.9 KB · BIN/);
  }
  const { message } = await received();
  assert.deepEqual(
    message.attachments.map((/** @type {any} */ each) => [each.kind, each.name, each.width, each.height]),
    [["image", "sea.png", 640, 400], ["image", "hill.png", 300, 500], ["file", "data.bin", undefined, undefined]],
  );
  await taker.picture("files-message");
});

test("the place of a picture is kept before it comes", async () => {
  const path = /attachments\/\d+(\/preview)?$/;
  /** @type {() => void} */
  let letGo = () => {};
  const held = new Promise((resolve) => (letGo = () => resolve(undefined)));
  await taker.page.route(path, async (route) => {
    await held;
    await route.continue();
  });
  const one = picture("wide.png", 1200, 500);
  await lin.give(conversation, "wide", [{ name: one.name, bytes: one.buffer }]);
  await taker.chats.sees("wide");
  const place = taker.files.pictures();
  const before = await place.boundingBox();
  letGo();
  await taker.files.drawn(1);
  assert.deepEqual(await place.boundingBox(), before);
  assert.ok(before && Math.abs(before.width / before.height - 2.4) < 0.05);
  await taker.page.unroute(path);
});

test("a pasted picture is a file, a pasted text stays a text", async () => {
  const { files, chats } = giver;
  await files.paste({ files: [picture("image.png")] });
  await files.ready(1);
  assert.match((await files.tray.innerText()) ?? "", /^pasted-\d{8}-\d{6}\.png/);
  await files.paste({ text: "only words", files: [picture("image.png")] });
  assert.equal(await files.tray.count(), 1, "a text with a picture of it is a text");
  await chats.composer.press("Enter");
  await files.drawn(1);
  await until(async () => assert.equal((await received()).message.attachments?.[0].kind, "image"));
});

test("what is dropped comes to the tray, and can be taken out again", async () => {
  const { files, page } = giver;
  await files.dragOver(binary("a.bin", 100));
  await page.locator("[data-testid=drop-zone][data-over=true]").waitFor();
  await giver.picture("files-drop");
  await files.drop(binary("a.bin", 100), binary("b.bin", 100));
  await files.ready(2);
  assert.equal(await files.zone.getAttribute("data-over"), "false");
  await giver.button("file_remove", { name: "a.bin" }).click();
  await giver.button("file_remove", { name: "b.bin" }).click();
  await until(async () => assert.equal(await files.tray.count(), 0));
  await until(async () => assert.equal((await lin.get("/uploads/usage")).used, (await sentBytes())));
});

/** Bytes that Lin's messages hold; what was taken out is not there any more. */
async function sentBytes() {
  const { messages } = await lin.get(`/conversations/${conversation}/messages?limit=100`);
  return messages
    .filter((/** @type {any} */ m) => m.sender_id === lin.user?.id)
    .flatMap((/** @type {any} */ m) => m.attachments ?? [])
    .reduce((/** @type {number} */ sum, /** @type {any} */ each) => sum + each.size, 0);
}

test("what cannot be sent is said at once", async () => {
  const { files, page } = giver;
  await files.pick(...Array.from({ length: 22 }, (_, i) => binary(`${i}.bin`, 10)));
  await page.getByText(giver.say("file_too_many")).waitFor();
  await files.ready(20);
  for (let i = 0; i < 20; i++) await giver.button("file_remove", { name: `${i}.bin` }).click();
  await files.pick({ name: "nothing.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) });
  await page.getByText(giver.say("file_empty", { name: "nothing.txt" })).waitFor();
  const usage = JSON.stringify({ used: 900, quota: 1_000, max_file_size: 2_048 });
  await page.route("**/uploads/usage", (route) => route.fulfill({ contentType: "application/json", body: usage }));
  await page.reload();
  await giver.chats.opened("Kai");
  await files.pick(binary("big.bin", 3_000), binary("much.bin", 500));
  await page.getByText(giver.say("file_too_large", { name: "big.bin", limit: "2 KB" })).waitFor();
  await page.getByText(giver.say("file_no_room", { name: "much.bin", left: "100 B" })).waitFor();
  assert.equal(await files.tray.count(), 0);
  await page.unroute("**/uploads/usage");
  await page.reload();
  await giver.chats.opened("Kai");
});

test("a message waits for its files, says how far they are, and can be cancelled", async () => {
  const { files, chats } = giver;
  proxy.holdUploads = true;
  await files.pick(picture("late.png"), binary("large.bin", 12_000_000));
  await files.tray.nth(1).waitFor();
  await chats.composer.fill("not after all");
  await chats.composer.press("Enter");
  await files.uploading.waitFor();
  assert.equal(await files.last().getAttribute("data-state"), "sending");
  await giver.picture("files-sending");
  await chats.send("meanwhile");
  await chats.sent("meanwhile");
  await giver.button("file_cancel").click();
  await files.uploading.waitFor({ state: "detached" });
  assert.equal(await chats.composer.inputValue(), "not after all", "the words are not lost");
  proxy.letUploadsGo();
  await taker.chats.sees("meanwhile");
  assert.equal(await taker.chats.message("not after all").count(), 0);
  await chats.composer.fill("");
});

test("a broken connection is gone on with where it stood", async () => {
  const { files, chats } = giver;
  giver.person.expect(/Failed to load resource/);
  proxy.breakUploads = 3;
  const file = binary("whole.bin", 9_500_000);
  await files.pick(file);
  await chats.composer.fill("all of it");
  await chats.composer.press("Enter");
  await taker.chats.sees("all of it");
  assert.equal(proxy.breakUploads, 0);
  const { message, sha256 } = await received();
  assert.equal(message.attachments[0].size, file.buffer.length);
  assert.equal(sha256, digest(file.buffer));
});

test("a reload loses neither the message nor its file, and other tabs do not send it again", async () => {
  const { files, chats } = giver;
  const other = await Tab.open(giver.person, `/chats/${conversation}`);
  await other.chats.opened("Kai");
  proxy.holdUploads = true;
  const file = binary("kept.bin", 3_000_000);
  await files.pick(file);
  await chats.composer.fill("after the reload");
  await chats.composer.press("Enter");
  await files.uploading.waitFor();
  await other.chats.sees("after the reload");
  await files.kept(1);
  // Who reloads a tab looks at it; one that nobody looks at is not drawn.
  await giver.page.bringToFront();
  await giver.page.reload();
  await giver.chats.opened("Kai");
  await chats.sees("after the reload");
  await giver.page.close();
  proxy.letUploadsGo();
  giver = other;
  await taker.chats.sees("after the reload");
  await giver.chats.sent("after the reload");
  const { message, sha256 } = await received();
  assert.equal(sha256, digest(file.buffer));
  assert.equal(message.attachments.length, 1);
  assert.equal((await lin.get("/uploads/usage")).used, await sentBytes(), "nothing was uploaded twice");
});

test("the viewer goes through the pictures by keys, and gives the focus back", async () => {
  const { files, page } = taker;
  for (const name of ["first", "second", "third"]) {
    const { buffer } = picture(name, 900, 600);
    await lin.give(conversation, name, [{ name: `${name}.png`, bytes: buffer }]);
    await taker.chats.sees(name);
  }
  const opener = files.pictures(taker.chats.message("second"));
  await files.drawn(1, taker.chats.message("second"));
  await opener.focus();
  await page.keyboard.press("Enter");
  await files.viewer.waitFor();
  const image = (/** @type {string} */ name) =>
    files.viewer.getByRole("img", { name: taker.say("viewer_image_by", { name: `${name}.png`, sender: "Lin" }) });
  await image("second").waitFor();
  await until(async () => {
    assert.ok(await image("second").evaluate((each) => each instanceof HTMLImageElement && each.naturalWidth === 900));
  });
  await taker.picture("files-viewer");
  await assertAccessible(page);
  await page.keyboard.press("ArrowRight");
  await image("third").waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await image("first").waitFor();
  await page.keyboard.press("+");
  await page.locator("[data-testid=stage][data-scale='1.50']").waitFor();
  await page.keyboard.press("0");
  await files.stage.dblclick();
  await page.locator("[data-testid=stage][data-scale='2.50']").waitFor();
  await page.mouse.wheel(0, 2_000);
  await page.locator("[data-testid=stage][data-scale='1.00']").waitFor();
  await page.keyboard.press("Escape");
  await files.viewer.waitFor({ state: "detached" });
  assert.ok(await opener.evaluate((each) => each === document.activeElement), "the focus is where it was");
  await opener.click();
  await files.viewer.waitFor();
  await page.goBack();
  await files.viewer.waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname, `/chats/${conversation}`, "going back only closes it");
});

test("a file with a hostile name is only ever a download", async () => {
  const name = '<img src=x onerror=alert(1)>"\u202egnp.html';
  const page = Buffer.from("<script>document.title = 'stolen'</script>");
  await lin.give(conversation, "look at this", [{ name, bytes: page }]);
  await taker.chats.sees("look at this");
  const card = taker.files.last().getByTestId("file-card");
  assert.match(await card.innerText(), /^<img src=x onerror=alert\(1\)>"�?gnp\.html/);
  const [download] = await Promise.all([taker.page.waitForEvent("download"), card.click()]);
  const saved = download.suggestedFilename();
  assert.ok(saved.endsWith(".html") && !/[\\/\u202e<>"]/.test(saved), saved);
  assert.deepEqual(await readFile(await download.path()), page);
  assert.notEqual(await taker.page.title(), "stolen");
  await taker.picture("files-hostile");
});

test("pictures that are passed on are seen, alone and in a record", async () => {
  const { files, page, chats } = taker;
  const all = (await lin.get(`/conversations/${conversation}/messages?limit=100`)).messages;
  const seqs = ["second", "third"].map(
    (text) => all.find((/** @type {any} */ each) => each.text === text)?.seq,
  );
  const pass = (/** @type {string} */ client_id, /** @type {number[]} */ some) =>
    lin.post(`/conversations/${conversation}/messages`, {
      client_id,
      forward: { conversation_id: conversation, seqs: some },
    });
  const one = await pass("one", seqs.slice(1));
  const message = page.locator(`[data-testid=message][data-seq="${one.seq}"]`);
  await files.drawn(1, message);
  await files.pictures(message).click();
  await files.viewer.getByText(taker.say("viewer_count", { at: 8, count: 8 })).waitFor();
  await page.keyboard.press("Escape");
  await files.viewer.waitFor({ state: "detached" });
  await pass("record", seqs);
  await chats.messages.last().getByTestId("chat-record").click();
  await files.drawn(2, taker.dialog);
  await taker.picture("files-record");
  await page.keyboard.press("Escape");
  await taker.dialog.waitFor({ state: "detached" });
});

test("the picture of a recalled message is gone, also where it is being looked at", async () => {
  taker.person.expect(/status of 404/);
  const buffer = png(300, [200, 60, 60], [255, 255, 255]);
  const sent = await lin.give(conversation, "oops", [{ name: "oops.png", bytes: buffer }]);
  await taker.chats.sees("oops");
  const message = taker.page.locator(`[data-testid=message][data-seq="${sent.seq}"]`);
  await taker.files.drawn(1, message);
  await taker.files.pictures(message).click();
  await taker.files.viewer.waitFor();
  await lin.post(`/conversations/${conversation}/messages/${sent.seq}/recall`);
  await taker.files.viewer.getByText(taker.say("viewer_gone")).waitFor();
  await taker.page.keyboard.press("Escape");
  await taker.files.viewer.waitFor({ state: "detached" });
  assert.equal(await taker.files.pictures(message).count(), 0);
  const status = await taker.page.evaluate(
    async (url) => (await fetch(url)).status,
    `/api/v1/conversations/${conversation}/messages/${sent.seq}/attachments/0`,
  );
  assert.equal(status, 404);
});
