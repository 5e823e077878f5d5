/**
 * Looks after files from being chosen to belonging to a message: the tray, the queue, and messages that wait for their
 * files. Loaded when the first file is chosen, or when one waits from before.
 */
import { currentCsrfToken, doubtSession } from "../api/client";
import { isProblem } from "../api/problem";
import type { UploadUsage, Voice } from "../api/types";
import { UPLOADS_PATH, dropUpload, getUsage } from "../api/uploads";
import { newId } from "../app/random";
import type { Extra, Outbox, Pending, PendingFile } from "../outbox/outbox";
import { type Refusal, check } from "./checks";
import * as kept from "./kept";
import { takeLater, takeNow } from "./locks";
import { lookAt } from "./look";
import { type Transit, Uploads } from "./queue";
import { transfer } from "./tus";
import type { Tray, TrayItem } from "./tray.svelte";

/** How much room there is is asked again after this long. */
const USAGE_MS = 30_000;

export interface DeskSurroundings {
  account: number;
  tray: Tray;
  outbox: Outbox;
  /** What waits to be sent, in this browser's storage. */
  pending(): readonly Pending[];
}

export class Desk {
  #around: DeskSurroundings;
  #queue: Uploads;
  /** Files that this tab looks after: how each is let go for another tab. */
  #held = new Map<string, AbortController>();
  #files = new Map<string, File>();
  /** Files that messages in the outbox wait for. */
  #sent = new Set<string>();
  #usage: { at: number; value: UploadUsage } | null = null;

  constructor(around: DeskSurroundings) {
    this.#around = around;
    this.#queue = new Uploads({
      transfer: (attempt) =>
        transfer(attempt, {
          endpoint: location.origin + UPLOADS_PATH,
          csrfToken: currentCsrfToken,
          claim: (url) => takeNow(`rookery.upload ${url}`),
          account: around.account,
        }),
      drop: dropUpload,
      onChange: (transit) => this.#moved(transit),
      unauthenticated: doubtSession,
      random: () => Math.random(),
    });
    const wanted = new Set(around.pending().flatMap((entry) => (entry.files ?? []).map((file) => file.key)));
    void kept.sweep(around.account, wanted);
    this.follow();
  }

  /** Puts files into a conversation's tray and begins with them; says which did not come, and why. */
  async pick(conversation: number, files: readonly File[]): Promise<Refusal[]> {
    const { tray } = this.#around;
    const { taken, refusals } = check(files, tray.of(conversation).length, await this.#room());
    const items = await Promise.all(taken.map((file) => this.#look(newId(), file)));
    tray.set(conversation, [...tray.of(conversation), ...items]);
    for (const item of items) void this.#begin(item.key, item.file);
    return refusals;
  }

  /** Takes a file out of the tray. */
  remove(conversation: number, key: string): void {
    const { tray } = this.#around;
    tray.set(
      conversation,
      tray.of(conversation).filter((item) => item.key !== key),
    );
    this.#queue.cancel(key);
    this.#letGo(key);
    tray.forget(key);
  }

  /** A file that is there goes with something that is no message: out of the tray, and the upload stays. */
  claim(conversation: number, key: string): string | undefined {
    const { tray } = this.#around;
    const id = this.#queue.get(key)?.upload_id;
    tray.set(
      conversation,
      tray.of(conversation).filter((item) => item.key !== key),
    );
    this.#done(key);
    return id;
  }

  retry(key: string): void {
    const file = this.#files.get(key);
    if (file && !this.#queue.has(key)) void this.#begin(key, file);
    else this.#queue.retry(key);
  }

  /** Sends what is in the tray, with a text that may be empty. False when too much is waiting already. */
  send(conversation: number, text: string, extra?: Extra): boolean {
    const items = this.#around.tray.of(conversation);
    if (!this.#enqueue(conversation, text, items, extra)) return false;
    this.#around.tray.set(conversation, []);
    return true;
  }

  /** Sends a recording. False when too much is waiting already. */
  async sendVoice(conversation: number, file: File, voice: Voice, extra?: Extra): Promise<boolean> {
    const item = await this.#look(newId(), file);
    const attachment = { ...item.attachment, kind: "voice" as const, ...voice };
    void this.#begin(item.key, file);
    if (this.#enqueue(conversation, "", [{ ...item, attachment, voice }], extra)) return true;
    this.#queue.cancel(item.key);
    this.#letGo(item.key);
    return false;
  }

  /** A message on its way is not wanted any more. Its text comes back. */
  abandon(clientId: string): void {
    const { outbox, tray, pending } = this.#around;
    const entry = pending().find((each) => each.client_id === clientId);
    for (const { key } of entry?.files ?? []) {
      this.#queue.cancel(key);
      tray.forget(key);
    }
    outbox.discard(clientId);
    if (entry?.text) tray.returned = { conversation: entry.conversation_id, text: entry.text };
  }

  /** The outbox has changed, here or in another tab: begins what it waits for, ends what it does not. */
  follow(): void {
    const waiting = new Set<string>();
    for (const entry of this.#around.pending()) {
      const files = entry.files ?? [];
      if (files.length === 0) continue;
      const keys = files.map((file) => file.key);
      for (const key of keys) waiting.add(key);
      this.#around.tray.remember(entry.client_id, keys);
      if (entry.state !== "sending") continue;
      for (const file of files) if (!file.done) this.#lookAfter(entry, file);
    }
    for (const key of this.#sent) if (!waiting.has(key)) this.#done(key);
    this.#sent = waiting;
  }

  wake(): void {
    this.#queue.wake();
  }

  stop(): void {
    this.#queue.stop();
    for (const abort of this.#held.values()) abort.abort();
    this.#held.clear();
    this.#around.tray.clear();
  }

  #enqueue(conversation: number, text: string, items: readonly TrayItem[], extra?: Extra): boolean {
    const files = items.map((item): PendingFile => {
      const transit = this.#queue.get(item.key);
      const { key, attachment, voice } = item;
      const named = transit?.upload_id === undefined ? {} : { upload_id: transit.upload_id };
      return { key, attachment, ...(voice && { voice }), ...named, done: transit?.state === "complete" };
    });
    for (const { key, done } of files) {
      const file = this.#files.get(key);
      if (file && !done) void kept.keep(this.#around.account, key, file);
      // What failed in the tray is tried once more with its message.
      if (!done) this.#queue.retry(key);
    }
    return this.#around.outbox.enqueue(conversation, text, extra, files);
  }

  async #look(key: string, file: File): Promise<TrayItem> {
    return { key, file, attachment: await lookAt(file, this.#around.tray.keepLocal(key, file)) };
  }

  /** From here on this tab has the file; it goes up as soon as no other tab looks after it. */
  async #begin(key: string, file: File, uploadId?: string): Promise<void> {
    this.#files.set(key, file);
    if (!this.#held.has(key) && !(await this.#hold(key))) return;
    // It may have been taken out meanwhile.
    if (this.#files.has(key) && !this.#queue.add(key, file, uploadId)) this.#refused(key);
  }

  /** More is waiting than can wait: said where the file is shown. */
  #refused(key: string): void {
    const size = this.#files.get(key)?.size ?? 0;
    this.#moved({ key, size, sent: 0, state: "failed", upload_id: undefined, code: "rate_limited" });
  }

  /** Makes this tab the one that looks after a file, as soon as no other does. False when no longer wanted. */
  async #hold(key: string): Promise<boolean> {
    const abort = new AbortController();
    this.#held.set(key, abort);
    const release = await takeLater(`rookery.file ${key}`, abort.signal);
    if (!release) return false;
    abort.signal.addEventListener("abort", release);
    if (abort.signal.aborted) release();
    return !abort.signal.aborted;
  }

  /** A message waits for this file: if it is not under way here, it will be once no other tab has it. */
  #lookAfter(entry: Pending, file: PendingFile): void {
    const { key, upload_id } = file;
    const transit = this.#queue.get(key);
    if (transit?.state === "complete" && upload_id === transit.upload_id) {
      // It was thought to be there, and the server says otherwise.
      this.#queue.forget(key);
    } else if (transit) {
      this.#queue.retry(key);
      return;
    }
    const own = this.#files.get(key);
    if (own) return void this.#begin(key, own, upload_id);
    if (!this.#held.has(key)) void this.#adopt(entry.client_id, key);
  }

  async #adopt(clientId: string, key: string): Promise<void> {
    if (!(await this.#hold(key))) return;
    const find = () =>
      this.#around
        .pending()
        .find((entry) => entry.client_id === clientId && entry.state === "sending")
        ?.files?.find((each) => each.key === key && !each.done);
    if (!find()) return this.#letGo(key);
    const file = await kept.find(key);
    const wanted = find();
    if (!file || !wanted) {
      this.#letGo(key);
      if (wanted) this.#around.outbox.refuse(clientId, "file_gone");
      return;
    }
    this.#around.tray.keepLocal(key, file);
    await this.#begin(key, file, wanted.upload_id);
  }

  #moved(transit: Transit): void {
    const { tray, outbox, pending } = this.#around;
    tray.moved(transit);
    const { key, upload_id, state, code } = transit;
    const entry = pending().find((each) => each.files?.some((file) => file.key === key));
    if (!entry) return;
    if (upload_id) outbox.uploaded(entry.client_id, key, upload_id, state === "complete");
    if (state === "failed") outbox.refuse(entry.client_id, code ?? "other");
  }

  /** The message has it, or nobody wants it. */
  #done(key: string): void {
    this.#queue.forget(key);
    this.#letGo(key);
    this.#around.tray.settled(key);
    void kept.drop(key);
  }

  #letGo(key: string): void {
    this.#held.get(key)?.abort();
    this.#held.delete(key);
    this.#files.delete(key);
  }

  async #room(): Promise<UploadUsage | null> {
    const now = Date.now();
    if (this.#usage && now - this.#usage.at < USAGE_MS) return this.#usage.value;
    try {
      this.#usage = { at: now, value: await getUsage() };
      return this.#usage.value;
    } catch (error) {
      // Without an answer the server itself refuses what is too much.
      if (!isProblem(error)) throw error;
      return null;
    }
  }
}
