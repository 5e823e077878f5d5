/** What the operator has set decides what is offered, also when it is changed under an open page. */
import { test } from "node:test";
import { befriend } from "../lib/api.mjs";
import { Stage } from "../lib/stage.mjs";

/** What the browser says of its own accord about a server that is away. */
const AWAY = /ERR_CONNECTION_|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|ERR_SOCKET|WebSocket connection to|status of 503/;
const WINDOW = "ROOKERY_RECALL_WINDOW_SECONDS";

/** @type {import("../lib/tab.mjs").Tab} */
let tab;

const stage = new Stage(
  async () => {
    const ann = await stage.account("ann", "Ann");
    const chat = await befriend(ann, await stage.account("ben", "Ben"));
    await ann.say(chat, "said a moment ago");
    tab = await stage.tab(ann, { path: `/chats/${chat}` });
    tab.person.expect(AWAY);
    await tab.chats.sees("said a moment ago");
  },
  { [WINDOW]: "0" },
);

/** Whether recalling is offered becomes this. @param {number} count of such lines in the menu */
async function offers(count) {
  for (;;) {
    await tab.chats.message("said a moment ago").click({ button: "right", position: { x: 60, y: 14 } });
    const menu = tab.page.getByTestId("message-menu");
    await menu.waitFor();
    const found = await menu.getByRole("menuitem", { name: tab.say("recall"), exact: true }).count();
    await tab.page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
    if (found === count) return;
  }
}

test("no recalling where the operator wants none", { timeout: 30_000 }, async () => {
  await offers(0);
});

test("a longer window holds as soon as the server is back", { timeout: 60_000 }, async () => {
  await stage.server.shutDown();
  stage.server.environment[WINDOW] = "3600";
  await stage.server.run();
  await offers(1);
  await tab.picture("limits-recall");
});
