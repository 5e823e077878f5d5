/** The list of conversations, and the one that is open. */
import assert from "node:assert/strict";
import { until } from "../until.mjs";

export class Chats {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.composer = this.page.getByTestId("composer");
    this.obstacle = this.page.getByTestId("composer-obstacle");
    this.messages = this.page.locator("article[data-testid=message]");
    this.notices = this.page.locator("[data-testid=message][data-kind=notice]");
    this.bar = this.page.getByTestId("connection-bar");
    this.pill = this.page.getByTestId("new-messages-pill");
    this.log = this.page.getByRole("log");
    this.heading = this.page.locator("main > .main").getByRole("heading", { level: 1 });
    /** Who is there, who is typing, how many there are. */
    this.status = this.page.locator(".main header h1 + p");
  }

  /** A line of the list. @param {string} title */
  item(title) {
    return this.page.getByTestId("conversation-item").filter({
      has: this.page.getByText(title, { exact: true }),
    });
  }

  /** The unread number of a line. @param {string} title */
  unread(title) {
    return this.item(title).getByTestId("unread-badge");
  }

  /** Chooses from the menu of a line. @param {string} title @param {string} key */
  async command(title, key) {
    await this.item(title).click({ button: "right" });
    await this.page.getByRole("menuitem", { name: this.tab.say(key), exact: true }).click();
  }

  /** @param {string} title */
  async open(title) {
    await this.item(title).click();
    await this.opened(title);
  }

  /** @param {string} title */
  async opened(title) {
    await this.heading.filter({ hasText: title }).waitFor();
  }

  /** @param {string} text */
  async send(text) {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** A message with exactly this text. @param {string} text */
  message(text) {
    return this.messages.filter({ has: this.page.locator(".text").getByText(text, { exact: true }) });
  }

  /** Has come to the screen. @param {string} text */
  async sees(text) {
    await this.message(text).waitFor();
  }

  /** The server has it. @param {string} text */
  async sent(text) {
    await this.message(text).and(this.page.locator("[data-state=sent]")).waitFor();
  }

  /** A notice with these words is there. @param {string} key @param {Record<string, string>} params */
  async noticed(key, params) {
    await this.notices.filter({ hasText: this.tab.say(key, params) }).first().waitFor();
  }

  /** The texts on the screen, in order. @returns {Promise<string[]>} */
  texts() {
    return this.messages.locator(".text").allInnerTexts();
  }

  /** Exactly these are there, once each, in this order. @param {string[]} expected */
  async shows(expected) {
    await until(async () => assert.deepEqual(await this.texts(), expected));
  }

  /** Opens or closes the drawer with the details. */
  async details() {
    await this.tab.button("details").click();
  }

  /** The page's title becomes this. @param {string | RegExp} title */
  async titled(title) {
    await until(async () => {
      const found = await this.page.title();
      if (typeof title === "string") assert.equal(found, title);
      else assert.match(found, title);
    });
  }
}
