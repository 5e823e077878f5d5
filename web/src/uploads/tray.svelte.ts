/** Files chosen and not sent yet, per conversation, and how far each is. What happens to them is the desk's affair. */
import type { Attachment, Voice } from "../api/types";
import type { Transit } from "./queue";

export interface TrayItem {
  key: string;
  file: File;
  attachment: Attachment;
  voice?: Voice;
}

/** Own pictures are shown from this device so long as so many newer ones have not come. */
const MAX_LOCAL = 60;

export class Tray {
  #items = $state.raw<Readonly<Record<number, readonly TrayItem[]>>>({});
  #transits = $state.raw<Readonly<Record<string, Transit>>>({});
  /** Local addresses of files, by key; the oldest first. */
  #local = new Map<string, string>();
  #keys = new Map<string, readonly string[]>();
  /** The text of a message that was cancelled, for the composer to take back. */
  returned = $state.raw<{ conversation: number; text: string } | null>(null);

  of(conversation: number): readonly TrayItem[] {
    return this.#items[conversation] ?? [];
  }

  has(key: string): boolean {
    return Object.values(this.#items).some((items) => items.some((item) => item.key === key));
  }

  set(conversation: number, items: readonly TrayItem[]): void {
    this.#items = { ...this.#items, [conversation]: items };
  }

  transit(key: string): Transit | undefined {
    return this.#transits[key];
  }

  moved(transit: Transit): void {
    this.#transits = { ...this.#transits, [transit.key]: transit };
  }

  /** Where the file is on this device, if it is. */
  local(key: string): string | undefined {
    return this.#local.get(key);
  }

  keepLocal(key: string, file: Blob): string {
    const known = this.#local.get(key);
    if (known) return known;
    const url = URL.createObjectURL(file);
    this.#local.set(key, url);
    for (const oldest of this.#local.keys()) {
      if (this.#local.size <= MAX_LOCAL) break;
      this.forget(oldest);
    }
    return url;
  }

  /** Which files a message was sent with, so that its pictures need not be fetched back. */
  remember(clientId: string, keys: readonly string[]): void {
    this.#keys.set(clientId, keys);
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size <= MAX_LOCAL) break;
      this.#keys.delete(oldest);
    }
  }

  keysOf(clientId: string): readonly string[] {
    return this.#keys.get(clientId) ?? [];
  }

  forget(key: string): void {
    const url = this.#local.get(key);
    if (url) URL.revokeObjectURL(url);
    this.#local.delete(key);
    this.settled(key);
  }

  /** Nothing moves any more. */
  settled(key: string): void {
    if (!(key in this.#transits)) return;
    const { [key]: _gone, ...rest } = this.#transits;
    this.#transits = rest;
  }

  clear(): void {
    for (const key of [...this.#local.keys()]) this.forget(key);
    this.#keys.clear();
    this.#items = {};
    this.#transits = {};
  }
}
