/**
 * Debian's Chromium, one context a person, and a watch over everything that a page should not
 * do: errors on the console, exceptions, and loads that the content security policy refused.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.ROOKERY_CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A microphone that beeps, and nobody who has to be asked for it.
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
];
/** Nothing that a page shows may take longer than this. */
const PATIENCE_MS = 15_000;

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/**
 * @typedef {object} Options
 * @property {string} [locale] a language tag; English unless told
 * @property {"light" | "dark"} [theme]
 * @property {{width: number, height: number}} [viewport]
 * @property {boolean} [script] whether JavaScript is on; it is unless told
 */

export class Browser {
  /** @param {import("playwright-core").Browser} browser */
  constructor(browser) {
    this.browser = browser;
    /** @type {Person[]} */
    this.people = [];
  }

  /** Starts the browser with a new, empty profile, which goes when it ends. */
  static async start() {
    return new Browser(await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS }));
  }

  /**
   * A person with a device of their own: cookies, storage and cache are shared with nobody.
   * @param {string} origin of the server
   * @param {Options} [options]
   */
  async person(origin, options = {}) {
    const { locale = "en-US", theme = "light", viewport = DESKTOP, script = true } = options;
    const context = await this.browser.newContext({
      baseURL: origin,
      locale,
      viewport,
      colorScheme: theme,
      javaScriptEnabled: script,
      hasTouch: viewport.width < 600,
      isMobile: viewport.width < 600,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const person = new Person(context, origin, locale);
    this.people.push(person);
    return person;
  }

  /** Ends everything, and fails when any page has complained. */
  async stop() {
    await this.browser.close();
    for (const person of this.people) person.assertNoComplaints();
  }
}

export class Person {
  /**
   * @param {import("playwright-core").BrowserContext} context
   * @param {string} origin
   * @param {string} locale
   */
  constructor(context, origin, locale) {
    this.context = context;
    this.origin = origin;
    this.locale = locale;
    /** @type {string[]} */
    this.complaints = [];
    /** @type {RegExp[]} */
    this.expected = [];
    context.on("page", (page) => this.#watch(page));
    context.on("weberror", (error) => this.complaints.push(`exception: ${error.error().stack}`));
  }

  /** Opens a tab at a path of the site. @param {string} [path] */
  async open(path = "/") {
    const page = await this.context.newPage();
    await page.goto(path);
    return page;
  }

  /**
   * Complaints that match are part of the story, such as a connection that is refused while the
   * server is down.
   * @param {RegExp[]} patterns
   */
  expect(...patterns) {
    this.expected.push(...patterns);
  }

  /** Closes all tabs of the device; fails when a page has complained. */
  async leave() {
    await this.context.close();
    try {
      this.assertNoComplaints();
    } finally {
      // Said once, here, and not again when the browser ends.
      this.complaints = [];
    }
  }

  assertNoComplaints() {
    const left = this.complaints.filter((text) => !this.expected.some((p) => p.test(text)));
    assert.deepEqual(left, [], "a page complained");
  }

  /** @param {import("playwright-core").Page} page */
  #watch(page) {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        const { url } = message.location();
        this.complaints.push(`console.${message.type()}: ${message.text()} (${url})`);
      }
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(this.origin).host) {
        this.complaints.push(`request to another site: ${url.href}`);
      }
    });
    // Refusals by the content security policy are reported on the console, as errors.
  }
}

/** @returns {string} the folder that screenshots go to; not under version control */
export function artifact(/** @type {string} */ name) {
  return fileURLToPath(new URL(`../artifacts/${name}.png`, import.meta.url));
}

/**
 * Keeps a picture of what the person sees, as an artifact of the run.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  await page.screenshot({ path: artifact(name), animations: "disabled" });
}

const require = createRequire(import.meta.url);
/** @type {string | undefined} */
let axeSource;

/**
 * Fails when axe finds anything against WCAG 2.2 A and AA on the page as it is now.
 * @param {import("playwright-core").Page} page
 */
export async function assertAccessible(page) {
  axeSource ??= await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
  // What still fades in has not the colours that it will have.
  await page.evaluate(async () => {
    const ends = (/** @type {Animation} */ one) => one.effect?.getComputedTiming().endTime !== Infinity;
    const running = document.getAnimations().filter(ends);
    await Promise.allSettled(running.map((one) => one.finished));
  });
  // Evaluated by the debugger, which the content security policy does not stop.
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    // @ts-expect-error axe was evaluated a moment ago
    const result = await globalThis.axe.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations"],
    });
    return result.violations.map(
      (/** @type {any} */ v) =>
        `${v.id} (${v.impact}): ${v.nodes.map((/** @type {any} */ n) => n.html).join(" | ")}`,
    );
  });
  assert.deepEqual(violations, [], `axe on ${page.url()}`);
}
