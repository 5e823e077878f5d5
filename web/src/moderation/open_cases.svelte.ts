/** How many cases wait for the reader: asked now and then, and when something is heard that may change it. */
import { listCases } from "../api/moderation";
import { isProblem } from "../api/problem";
import type { Live } from "../app/live.svelte";
import type { Event } from "../events/wire";

/** Between two looks while the page is seen, in milliseconds. */
const EVERY_MS = 60_000;

class OpenCases {
  count: number = $state(0);

  /** Keeps the count until the returned function is called. */
  watch(live: Live): () => void {
    const seen = () => document.visibilityState === "visible" && void this.look();
    const timer = setInterval(seen, EVERY_MS);
    const end = live.listen((event) => concerns(event) && void this.look());
    document.addEventListener("visibilitychange", seen);
    void this.look();
    return () => {
      clearInterval(timer);
      end();
      document.removeEventListener("visibilitychange", seen);
      this.count = 0;
    };
  }

  async look(): Promise<void> {
    try {
      this.count = (await listCases({ state: "open", limit: 1 })).open;
    } catch (error) {
      // The next look tells.
      if (!isProblem(error)) throw error;
    }
  }
}

/** A new report tells nobody; an appeal tells whoever decided. */
function concerns(event: Event): boolean {
  return event.type === "notification.created" && event.notification.case_id !== undefined;
}

export const openCases = new OpenCases();
