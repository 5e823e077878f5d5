/** The admin area. */
export class Admin {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.main = this.page.locator("main > .main");
    this.entry = this.page.getByTestId("rail-admin");
  }

  /** Goes to one of the pages by the list. @param {string} path below `/admin/` */
  async open(path) {
    await this.entry.click();
    await this.page.locator(`.list nav a[href='/admin/${path}']`).click();
    await this.page.waitForURL(`**/admin/${path}`);
  }

  /** @param {string} testid of the table @param {string} text that stands in the row */
  row(testid, text) {
    return this.page.getByTestId(testid).locator("tbody tr").filter({ hasText: text });
  }

  /** Chooses an act and gives the reason for it. @param {string} act @param {string} note */
  async decide(act, note) {
    await this.main.getByRole("button", { name: this.tab.say(`act_${act}`), exact: true }).click();
    const form = this.page.getByTestId("decision-form");
    await form.locator("textarea").fill(note);
    await form.getByTestId("decide").click();
    await form.waitFor({ state: "detached" });
  }
}
