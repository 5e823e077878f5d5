/** Friends, requests, and finding people and groups. */
export class Contacts {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.main = this.page.locator("main > .main");
  }

  /** Searches for a person or a group. @param {string | number} words */
  async search(words) {
    await this.tab.place("contacts").click();
    await this.page.locator("a[href='/contacts/search']").click();
    await this.main.getByRole("searchbox").fill(String(words));
  }

  /** A line among what was found, or a request. @param {string} name */
  row(name) {
    return this.main.locator(".row, a.group").filter({
      has: this.page.getByText(name, { exact: true }),
    });
  }

  /**
   * Finds somebody by number and asks them to be friends.
   * @param {number} number
   * @param {string} name
   * @param {string} note
   */
  async ask(number, name, note) {
    await this.search(number);
    await this.row(name).getByRole("button", { name: this.tab.say("see") }).click();
    await this.tab.button("add_friend").click();
    await this.tab.dialog.getByRole("textbox").fill(note);
    await this.tab.answer("send_request");
    await this.tab.button("request_pending").waitFor();
  }

  async openRequests() {
    await this.tab.place("contacts").click();
    await this.page.locator("a[href='/contacts/requests']").click();
  }

  /** @param {string} name of the one who asked */
  async accept(name) {
    const row = this.row(name);
    await row.getByRole("button", { name: this.tab.say("accept") }).click();
    await row.waitFor({ state: "detached" });
  }

  /** A friend's or group's line in the list. @param {string} name */
  line(name) {
    return this.page.locator(".list details a").filter({
      has: this.page.getByText(name, { exact: true }),
    });
  }

  /** From a friend's card to the conversation. @param {string} name */
  async write(name) {
    await this.tab.place("contacts").click();
    await this.line(name).click();
    await this.tab.button("message").click();
    await this.tab.chats.opened(name);
  }
}
