/** Making, joining and running groups. */
export class Groups {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.drawer = this.page.getByRole("complementary", { name: tab.say("details") });
    this.announcement = this.page.getByRole("complementary", { name: tab.say("announcement") });
  }

  /**
   * Makes a group with some friends in it.
   * @param {string} name
   * @param {string[]} friends
   */
  async create(name, friends) {
    await this.tab.place("chats").click();
    await this.tab.choose(this.tab.button("new").first(), "new_group");
    await this.page.getByTestId("group-name").fill(name);
    for (const friend of friends) await this.page.getByRole("checkbox", { name: friend }).check();
    await this.tab.button("create_group").click();
    await this.tab.chats.opened(name);
  }

  /** Opens the drawer if it is not open yet. */
  async details() {
    if (!(await this.drawer.isVisible())) await this.tab.chats.details();
    await this.drawer.waitFor();
  }

  /** @param {string} name of a friend */
  async invite(name) {
    await this.details();
    await this.drawer.getByRole("button", { name: this.tab.say("invite"), exact: true }).click();
    await this.tab.dialog.getByRole("checkbox", { name }).check();
    await this.tab.answer("invite");
  }

  /** A member's line in the drawer. @param {string} name */
  member(name) {
    return this.drawer.locator("li").filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Chooses from a member's menu. @param {string} name @param {string} key */
  async command(name, key) {
    await this.details();
    const opener = this.member(name).getByRole("button", {
      name: this.tab.say("actions_for", { name }),
    });
    await this.tab.choose(opener, key);
  }

  /** @param {string} name */
  async mute(name) {
    await this.command(name, "mute_member");
    await this.tab.answer("mute_member");
  }

  /** @param {boolean} on */
  async muteAll(on) {
    await this.details();
    await this.drawer.getByRole("switch", { name: this.tab.say("mute_all") }).setChecked(on);
  }

  /** @param {string} nickname */
  async callMyself(nickname) {
    await this.details();
    await this.drawer.getByRole("button", { name: this.tab.say("my_nickname") }).click();
    await this.tab.dialog.getByRole("textbox").fill(nickname);
    await this.tab.answer("save");
  }

  /** @param {string} text */
  async announce(text) {
    await this.details();
    await this.drawer.getByRole("button", { name: this.tab.say("edit_group") }).click();
    await this.tab.dialog.getByLabel(this.tab.say("announcement")).fill(text);
    await this.tab.answer("save");
  }

  /** Asks to be let in, from the search. @param {string} name @param {string} note */
  async askToJoin(name, note) {
    await this.tab.contacts.search(name);
    await this.tab.contacts.row(name).click();
    await this.page.getByLabel(this.tab.say("join_note")).fill(note);
    await this.tab.button("ask_to_join").click();
    await this.page.getByText(this.tab.say("join_pending")).waitFor();
  }

  /**
   * The membership in the group that is open is about to end. A read mark, a draft or a sign of typing may be under way
   * at that moment, which no client can avoid: the server answers that there is no such group, and the browser says so
   * on the console.
   */
  losing() {
    const id = /\/chats\/(\d+)/.exec(this.page.url())?.[1] ?? "";
    this.tab.person.expect(new RegExp(`status of 404 .*/conversations/${id}/(read|typing|draft)\\)`));
  }

  /** Lets somebody in who asked. @param {string} name */
  async letIn(name) {
    await this.details();
    const request = this.drawer
      .getByRole("region", { name: this.tab.say("join_requests") })
      .or(this.drawer.locator("section", { hasText: this.tab.say("join_requests") }))
      .locator(".row")
      .filter({ has: this.page.getByText(name, { exact: true }) });
    await request.getByRole("button", { name: this.tab.say("accept") }).click();
    await this.member(name).waitFor();
  }
}
