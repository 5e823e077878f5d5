/** The cases that the moderator goes through, so that the next one is a key away. */
import { listCases } from "../api/moderation";

/** So many are known ahead. */
const AHEAD = 50;

class Queue {
  ids: readonly number[] = $state.raw([]);

  /** What the list shows now. */
  set(ids: readonly number[]): void {
    this.ids = ids;
  }

  /** For whoever came by a link and has seen no list. */
  async fill(): Promise<void> {
    if (this.ids.length > 0) return;
    this.ids = (await listCases({ state: "open", limit: AHEAD })).cases.map((one) => one.id);
  }

  /** The one after this, or before it; the first where this is none of them. */
  beside(id: number, step: 1 | -1): number | undefined {
    const at = this.ids.indexOf(id);
    if (at < 0) return this.ids.find((one) => one !== id);
    return this.ids[at + step];
  }
}

export const queue = new Queue();
