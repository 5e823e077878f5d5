/** Ways to the server are blocked one after the other: the client steps down, and comes back. */
import { after, test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { Obstacles } from "../lib/obstacles.mjs";
import { Stage } from "../lib/stage.mjs";

/** @type {import("../lib/tab.mjs").Tab} */
let tab;
/** @type {import("../lib/api.mjs").Api} */
let peer;
/** @type {Obstacles} */
let proxy;
let conversation = 0;
const expected = /** @type {string[]} */ ([]);

const stage = new Stage(async () => {
  const me = await stage.account("behind_proxy", "Office");
  peer = await stage.account("outside", "Outside");
  conversation = await befriend(me, peer);
  proxy = await Obstacles.start(stage.server.url);
  tab = await stage.tab(me, { path: `/chats/${conversation}`, origin: proxy.url });
  // The browser reports every refusal by itself.
  tab.person.expect(/WebSocket connection to/, /ERR_/, /status of (403|504)/);
});

after(() => proxy?.stop());

/** A message reaches the browser, and one from it reaches the server. @param {string} way */
async function bothWays(way) {
  await tab.place("chats").click();
  await tab.chats.open("Outside");
  await peer.say(conversation, `in by ${way}`);
  await tab.chats.sees(`in by ${way}`);
  await tab.chats.send(`out by ${way}`);
  await tab.chats.sent(`out by ${way}`);
  expected.push(`in by ${way}`, `out by ${way}`);
  await tab.chats.shows(expected);
}

const steps = /** @type {const} */ ([
  ["websocket", undefined],
  ["sse", "websocket"],
  ["long_poll", "sse"],
  ["short_poll", "longPoll"],
]);

for (const [way, obstacle] of steps) {
  test(obstacle ? `without ${obstacle}, by ${way}` : `at first by ${way}`, async () => {
    if (obstacle) {
      proxy[obstacle] = true;
      proxy.cut();
    }
    await tab.settings.open("connection");
    await tab.settings.connectedBy(way);
    await tab.picture(`fallback-${way}`);
    await bothWays(way);
  });
}

test("when the network changes and the way is free, back to the best", async () => {
  for (const obstacle of /** @type {const} */ (["websocket", "sse", "longPoll"])) {
    proxy[obstacle] = false;
  }
  await tab.person.context.setOffline(true);
  await tab.person.context.setOffline(false);
  await tab.settings.open("connection");
  await tab.settings.connectedBy("websocket");
  await bothWays("websocket again");
});
