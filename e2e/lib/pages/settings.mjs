/** One's own profile, devices, tokens, looks and connection. */
import assert from "node:assert/strict";
import { until } from "../until.mjs";

export class Settings {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.main = this.page.locator("main > .main");
    this.transport = this.page.getByTestId("transport-name");
  }

  /** @param {"profile" | "password" | "devices" | "tokens" | "appearance" | "connection"} name */
  async open(name) {
    await this.tab.place("me").click();
    await this.page.locator(`nav a[href='/settings/${name}']`).click();
    await this.page.waitForURL(`**/settings/${name}`);
  }

  /** The value that stands beside a label of the connection page. @param {string} key */
  fact(key) {
    return this.main
      .locator("dl > div")
      .filter({ has: this.page.getByText(this.tab.say(key), { exact: true }) })
      .locator("dd");
  }

  /** Whether this tab holds the connection, as the connection page says. */
  async leads() {
    const words = (await this.fact("this_tab").innerText()).trim();
    if (words === this.tab.say("tab_leads")) return true;
    assert.equal(words, this.tab.say("tab_follows"));
    return false;
  }

  /** The way of connecting becomes this one, and it works. @param {string} transport */
  async connectedBy(transport) {
    await until(async () => {
      assert.equal(await this.transport.getAttribute("data-transport"), transport);
      assert.equal(
        (await this.fact("connection_state").innerText()).trim(),
        this.tab.say("phase_live"),
      );
    });
  }

  async logOut() {
    await this.tab.place("me").click();
    await this.page.getByTestId("log-out").click();
    await this.tab.answer("log_out");
  }
}
