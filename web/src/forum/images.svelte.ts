/**
 * Pictures for an article, on their way through the same desk as the files of messages: its trays are of conversations,
 * and these have numbers that no conversation has.
 */
import type { Live } from "../app/live.svelte";
import { t } from "../i18n/i18n.svelte";
import { toast } from "../ui/feedback.svelte";
import { kindOf } from "../uploads/checks";
import { pick } from "../uploads/pick";
import type { TrayItem } from "../uploads/tray.svelte";

export const IN_TEXT = -1;
export const AT_HEAD = -2;
export type Where = typeof IN_TEXT | typeof AT_HEAD;

export interface Arrived {
  where: Where;
  upload: string;
  name: string;
  /** In pixels, as far as this browser can tell. */
  width: number;
  height: number;
}

export class Images {
  /** Those that came from this device: upload → local address, for as long as the tray keeps it. */
  local: ReadonlyMap<string, string> = $state.raw(new Map());
  #live: Live;

  constructor(live: Live) {
    this.#live = live;
    // Of an article that was left.
    this.#drop();
  }

  of(where: Where): readonly TrayItem[] {
    return this.#live.tray.of(where);
  }

  /** Leaving now would cut something off. */
  get underWay(): boolean {
    return this.of(IN_TEXT).length + this.of(AT_HEAD).length > 0;
  }

  async add(where: Where, files: readonly File[]): Promise<void> {
    const pictures = files.filter((file) => kindOf(file.type) === "image");
    if (pictures.length < files.length) toast(t("only_pictures"), true);
    await pick(this.#live, where, where === AT_HEAD ? pictures.slice(0, 1) : pictures);
  }

  /** Takes out what has arrived. */
  async arrived(where: Where): Promise<Arrived[]> {
    const { tray } = this.#live;
    const done = this.of(where).filter((item) => tray.transit(item.key)?.state === "complete");
    if (done.length === 0) return [];
    const desk = await this.#live.desk();
    const arrived: Arrived[] = [];
    for (const { key, attachment } of done) {
      const url = tray.local(key);
      const upload = desk.claim(where, key);
      if (!upload) continue;
      if (url) this.local = new Map([...this.local, [upload, url]]);
      const { name, width, height } = attachment;
      arrived.push({ where, upload, name, width: width ?? 0, height: height ?? 0 });
    }
    return arrived;
  }

  stop(): void {
    this.#drop();
  }

  #drop(): void {
    for (const where of [IN_TEXT, AT_HEAD] as const) {
      for (const { key } of this.of(where)) {
        void this.#live.desk().then((desk) => desk.remove(where, key));
      }
    }
  }
}
