/**
 * What every way of reading the event stream has in common. A transport carries batches from a cursor on and ends once,
 * with the reason; what happens next is decided by `connection.ts` alone.
 */
import type { Batch } from "./wire";

/** From best to worst; the client steps down by itself. */
export const TRANSPORTS = ["websocket", "sse", "long_poll", "short_poll"] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface Handlers {
  /** The stream is open; `retryIn` is what the server asks to wait before coming back, in milliseconds. */
  onOpen(retryIn: number | null): void;
  onBatch(batch: Batch): void;
  /** Nothing happened up to here, and the connection is alive. */
  onCursor(cursor: string): void;
  /** Called once; nothing is called after it. */
  onEnd(end: End): void;
}

export interface End {
  /** `ended`: the session that opened it is over. `broken`: anything else. */
  reason: "broken" | "ended";
  /** What the server asks to wait, in milliseconds. */
  retryIn?: number | undefined;
}

/** Starts reading after the cursor; the function returned stops it silently. */
export type Transport = (cursor: string, handlers: Handlers) => () => void;

/** Without a sign of opening for this long, the way is blocked (a proxy that buffers, a filter). */
export const OPEN_TIMEOUT_MS = 4_000;
/** The server beats every 25 s; after this much silence the connection is dead. */
export const SILENCE_MS = 60_000;

/** Calls `onSilence` when `feed` was not called for `ms`. */
export function watchdog(onSilence: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    feed(ms: number) {
      clearTimeout(timer);
      timer = setTimeout(onSilence, ms);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
