/** What every story needs: a server and a browser of its own, and pictures when it goes wrong. */
import { after, afterEach, before } from "node:test";
import { Api } from "./api.mjs";
import { Browser, screenshot } from "./browser.mjs";
import { Server } from "./server.mjs";
import { Tab } from "./tab.mjs";

export class Stage {
  /**
   * Registers the hooks of a test file.
   * @param {() => Promise<void>} [set] brings on who is there when the first story begins; in the
   *   same hook, since hooks at the top do not wait for one another
   * @param {Record<string, string>} [environment] settings of the server, as environment variables
   */
  constructor(set, environment) {
    before(async () => {
      this.server = await Server.start(environment);
      this.browser = await Browser.start();
      await set?.();
    });
    after(async () => {
      // The browser first: that the server goes away is no complaint then.
      try {
        await this.browser?.stop();
      } finally {
        await this.server?.stop();
      }
    });
    afterEach(async (test) => {
      // A hook is told of its test; the types say less.
      const { name, passed } = /** @type {any} */ (test);
      if (!passed) await this.#keepPictures(name);
    });
  }

  /** @type {Server} */
  server = /** @type {any} */ (undefined);
  /** @type {Browser} */
  browser = /** @type {any} */ (undefined);

  /** An account, made by the API. @param {string} username @param {string} [name] */
  account(username, name = username) {
    return Api.register(this.server.url, username, { name });
  }

  /**
   * A browser of somebody who has an account, logged in and looking at the chats.
   * @param {Api} api
   * @param {import("./browser.mjs").Options & {path?: string, origin?: string}} [options]
   */
  async tab(api, { path = "/chats", origin = this.server.url, ...options } = {}) {
    return Tab.loggedIn(await this.browser.person(origin, options), api, path);
  }

  async #keepPictures(/** @type {string} */ name) {
    const file = name.replace(/[^\w]+/g, "-").slice(0, 60);
    for (const [index, person] of this.browser.people.entries()) {
      for (const page of person.context.pages()) {
        await screenshot(page, `failed/${file}-${index}`);
      }
    }
  }
}
