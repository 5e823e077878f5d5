/** One tab of one person, and what they can do in it, area by area. */
import { screenshot } from "./browser.mjs";
import { Admin } from "./pages/admin.mjs";
import { Chats } from "./pages/chats.mjs";
import { Contacts } from "./pages/contacts.mjs";
import { Door } from "./pages/door.mjs";
import { Files } from "./pages/files.mjs";
import { Forum } from "./pages/forum.mjs";
import { Groups } from "./pages/groups.mjs";
import { Settings } from "./pages/settings.mjs";
import { say } from "./words.mjs";

export class Tab {
  /**
   * @param {import("playwright-core").Page} page
   * @param {import("./browser.mjs").Person} person
   */
  constructor(page, person) {
    this.page = page;
    this.person = person;
    /** @type {"en" | "zh"} */
    this.locale = person.locale.startsWith("zh") ? "zh" : "en";
    this.door = new Door(this);
    this.admin = new Admin(this);
    this.chats = new Chats(this);
    this.contacts = new Contacts(this);
    this.files = new Files(this);
    this.forum = new Forum(this);
    this.groups = new Groups(this);
    this.settings = new Settings(this);
  }

  /**
   * @param {import("./browser.mjs").Person} person
   * @param {string} [path]
   */
  static async open(person, path = "/") {
    return new Tab(await person.open(path), person);
  }

  /**
   * A person who is logged in already and looks at the chats.
   * @param {import("./browser.mjs").Person} person
   * @param {import("./api.mjs").Api} api whose login the person uses
   * @param {string} [path]
   */
  static async loggedIn(person, api, path = "/chats") {
    await api.lend(person);
    const tab = await Tab.open(person, path);
    await tab.settled();
    return tab;
  }

  /** The words on the screen for a key of the client's dictionaries. */
  say(/** @type {string} */ key, /** @type {Record<string, string | number>} */ params = {}) {
    return say(this.locale, key, params);
  }

  /** The client is there and knows who is logged in. */
  async settled() {
    // On a phone the rail is there and not seen while a conversation is open.
    await this.page.locator(".rail nav").waitFor({ state: "attached" });
    await this.page.locator(".ghosts").waitFor({ state: "detached" });
  }

  /** @param {string} key @param {Record<string, string | number>} [params] */
  button(key, params) {
    return this.page.getByRole("button", { name: this.say(key, params), exact: true });
  }

  /** The dialog that is open. */
  get dialog() {
    return this.page.locator("dialog[open]");
  }

  /** Answers the question on the screen. @param {string} key of the button's words */
  async answer(key) {
    const button = this.dialog.getByRole("button", { name: this.say(key), exact: true });
    await button.click();
    await this.dialog.waitFor({ state: "detached" });
  }

  /**
   * Chooses from a menu.
   * @param {import("playwright-core").Locator} opener
   * @param {string} key of the line's words
   */
  async choose(opener, key) {
    await opener.click();
    await this.page
      .getByRole("menuitem", { name: this.say(key), exact: true })
      .filter({ visible: true })
      .click();
  }

  /** @param {"chats" | "contacts" | "me"} key */
  place(key) {
    return this.page
      .getByRole("navigation", { name: this.say("main_navigation") })
      .getByRole("link", { name: this.say(key) });
  }

  /** The number on a place of the rail. @param {"chats" | "contacts"} key */
  badge(key) {
    return this.place(key).getByTestId("unread-badge");
  }

  /** @param {string} name of the picture among the artifacts */
  async picture(name) {
    await screenshot(this.page, name);
  }
}
