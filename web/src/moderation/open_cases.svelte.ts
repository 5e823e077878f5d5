/** How many cases wait for the reader: asked when one is opened or closed. */
import { listCases } from "../api/moderation";
import { isProblem } from "../api/problem";
import type { Live } from "../app/live.svelte";

class OpenCases {
  count: number = $state(0);
  /** Grows with each case that is opened or closed: what lists them is to be read anew. */
  changes: number = $state(0);
  #looking = false;
  /** Something happened after the look that is under way had begun. */
  #again = false;

  /** Keeps the count until the returned function is called. */
  watch(live: Live): () => void {
    const end = live.listen((event) => {
      if (event.type !== "case.opened" && event.type !== "case.closed") return;
      this.changes++;
      void this.look();
    });
    return () => {
      end();
      this.count = 0;
    };
  }

  /** One at a time: many cases at once are asked for twice at the most. */
  async look(): Promise<void> {
    this.#again = this.#looking;
    if (this.#looking) return;
    this.#looking = true;
    try {
      do {
        this.#again = false;
        this.count = (await listCases({ state: "open", limit: 1 })).open;
      } while (this.#again);
    } catch (error) {
      // The next look tells; there is one when the connection is back.
      if (!isProblem(error)) throw error;
    } finally {
      this.#looking = false;
    }
  }
}

export const openCases = new OpenCases();
