/** The forum: lists, articles, comments, the editor, and the bell. */
import assert from "node:assert/strict";
import { until } from "../until.mjs";

export class Forum {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.rows = this.page.getByTestId("article");
    this.pill = this.page.getByTestId("new-articles-pill");
    this.comments = this.page.getByTestId("comment");
    this.editor = this.page.getByTestId("editor");
    this.title = this.page.getByTestId("article-title");
    this.text = this.page.getByTestId("article-text");
    this.preview = this.page.getByTestId("preview");
    this.news = this.page.getByTestId("notification");
  }

  /** The article with this title in a list. @param {string} title */
  row(title) {
    return this.rows.filter({ has: this.page.getByRole("heading", { name: title, exact: true }) });
  }

  /** Opens an article from the list. @param {string} title */
  async read(title) {
    await this.row(title).getByRole("heading").getByRole("link").click();
    await this.reads(title);
  }

  /** The article with this title is open. @param {string} title */
  async reads(title) {
    const page = this.page.getByTestId("article-page");
    await page.getByRole("heading", { name: title, exact: true }).waitFor();
  }

  /** The titles of the list that is open, from above. @returns {Promise<string[]>} */
  titles() {
    return this.rows.getByRole("heading").allInnerTexts();
  }

  /** Exactly these are listed, in this order. @param {string[]} expected */
  async lists(expected) {
    await until(async () => assert.deepEqual(await this.titles(), expected));
  }

  /** The comment that says this. @param {string} text */
  comment(text) {
    return this.comments.filter({ has: this.page.getByTestId("prose").getByText(text, { exact: true }) });
  }

  /** @param {string} text */
  async say(text) {
    await this.page.getByTestId("comment-box").first().fill(text);
    await this.page.getByTestId("comment-send").first().click();
    await this.comment(text).waitFor();
  }

  /** Answers a comment. @param {string} to @param {string} text */
  async answer(to, text) {
    const comment = this.comment(to);
    await comment.getByRole("button", { name: /^(Answer |回复 )/ }).click();
    await comment.getByTestId("comment-box").fill(text);
    await comment.getByTestId("comment-box").press("Control+Enter");
    await this.comment(text).waitFor();
  }

  /** The editor says that this became of what was written. @param {string} phase */
  async saves(phase) {
    await this.page.locator(`[data-testid=editor][data-save=${phase}]`).waitFor();
  }

  /** The number at the bell; empty where there is none. */
  get bell() {
    return this.page
      .getByRole("navigation", { name: this.tab.say("main_navigation") })
      .getByRole("link", { name: this.tab.say("notifications") });
  }
}
