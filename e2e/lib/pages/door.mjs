/** Logging in and registering. */
export class Door {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.form = this.page.getByTestId("login-form");
  }

  /** @param {string} username @param {string} name @param {string} password */
  async register(username, name, password) {
    await this.page.goto("/register");
    await this.page.getByTestId("register-username").fill(username);
    await this.page.getByTestId("register-name").fill(name);
    await this.page.getByTestId("register-password").fill(password);
    await this.page.getByTestId("register-submit").click();
    await this.page.waitForURL("**/chats");
    await this.tab.settled();
  }

  /** @param {string} username @param {string} password */
  async logIn(username, password) {
    await this.form.waitFor();
    await this.page.getByTestId("login-username").fill(username);
    await this.page.getByTestId("login-password").fill(password);
    await this.page.getByTestId("login-submit").click();
  }
}
