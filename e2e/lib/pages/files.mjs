/** Files in the conversation that is open: the tray, what came with messages, the viewer, voice messages. */
import assert from "node:assert/strict";
import { until } from "../until.mjs";

/** @typedef {{name: string, mimeType: string, buffer: Buffer}} File */

export class Files {
  /** @param {import("../tab.mjs").Tab} tab */
  constructor(tab) {
    this.tab = tab;
    this.page = tab.page;
    this.tray = this.page.getByTestId("tray-item");
    this.zone = this.page.getByTestId("drop-zone");
    this.viewer = this.page.getByTestId("viewer");
    this.stage = this.page.getByTestId("stage");
    this.recorder = this.page.getByTestId("record-bar");
    this.uploading = this.page.getByTestId("uploading");
  }

  /** @param {File[]} files */
  async pick(...files) {
    await this.page.getByTestId("pick-input").setInputFiles(files);
  }

  /** So many are in the tray, all of them uploaded. @param {number} count */
  async ready(count) {
    await until(async () => {
      assert.equal(await this.tray.count(), count);
      assert.equal(await this.tray.and(this.page.locator("[data-state=complete]")).count(), count);
    });
  }

  /** So many files are kept in this browser until they are uploaded. @param {number} count */
  async kept(count) {
    await until(async () => {
      const found = await this.page.evaluate(
        () =>
          new Promise((resolve) => {
            const opening = indexedDB.open("rookery.uploads");
            opening.onsuccess = () => {
              const all = opening.result.transaction("files").objectStore("files").getAllKeys();
              all.onsuccess = () => resolve(all.result.length);
            };
          }),
      );
      assert.equal(found, count);
    });
  }

  /** Pastes into the composer. @param {{files?: File[], text?: string}} what */
  async paste(what) {
    await this.tab.chats.composer.evaluate(this.#dispatch, { kind: "paste", ...this.#plain(what) });
  }

  /** Drags over the conversation, without letting go. @param {File[]} files */
  async dragOver(...files) {
    const place = this.page.getByRole("log");
    await place.evaluate(this.#dispatch, { kind: "dragenter", ...this.#plain({ files }) });
    await place.evaluate(this.#dispatch, { kind: "dragover", ...this.#plain({ files }) });
  }

  /** Lets go over the conversation. @param {File[]} files */
  async drop(...files) {
    await this.page.getByRole("log").evaluate(this.#dispatch, { kind: "drop", ...this.#plain({ files }) });
  }

  /** The newest message. */
  last() {
    return this.tab.chats.messages.last();
  }

  /** The pictures of a message. @param {import("playwright-core").Locator} [message] */
  pictures(message = this.last()) {
    return message.getByTestId("picture");
  }

  /** All pictures of a message are drawn. @param {number} count @param {import("playwright-core").Locator} [message] */
  async drawn(count, message = this.last()) {
    await until(async () => {
      const drawn = await message
        .locator("[data-testid=picture] img")
        .evaluateAll((all) => all.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 1).length);
      assert.equal(drawn, count);
    });
  }

  /** @param {{files?: File[], text?: string}} what */
  #plain({ files = [], text = "" }) {
    const plain = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: buffer.toString("base64") }));
    return { text, files: plain };
  }

  /** In the page: what a browser would say when something is pasted or dropped here. */
  #dispatch = (
    /** @type {Element} */ element,
    /** @type {{kind: string, text: string, files: {name: string, mimeType: string, bytes: string}[]}} */ what,
  ) => {
    const data = new DataTransfer();
    for (const { name, mimeType, bytes } of what.files) {
      const content = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
      data.items.add(new File([content], name, { type: mimeType }));
    }
    if (what.text) data.setData("text/plain", what.text);
    const common = { bubbles: true, cancelable: true };
    element.dispatchEvent(
      what.kind === "paste"
        ? new ClipboardEvent("paste", { ...common, clipboardData: data })
        : new DragEvent(what.kind, { ...common, dataTransfer: data }),
    );
  };
}
