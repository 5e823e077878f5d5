/** Events by asking: long polls are parked by the server until something happens, short ones are answered at once. */
import { EVENTS_PATH } from "../api/events";
import type { End, Handlers, Transport } from "./transport";
import type { Batch } from "./wire";

/** Seconds a long poll may be parked, and how much longer its answer may take on the way. */
const WAIT_S = 15;
const SLACK_MS = 10_000;
/** Between two short polls. */
export const SHORT_POLL_MS = 3_000;

/** The next poll is asked only after the last was answered and applied: polls never stack. */
function polling(wait: number | null): Transport {
  return (start, handlers) => {
    const abort = new AbortController();
    void loop(start, wait, handlers, abort.signal);
    return () => abort.abort();
  };
}

export const longPoll = polling(WAIT_S);
export const shortPoll = polling(null);

async function loop(
  start: string,
  wait: number | null,
  handlers: Handlers,
  signal: AbortSignal,
): Promise<void> {
  let cursor = start;
  let opened = false;
  for (;;) {
    // The first answer comes at once, to learn whether the way is open.
    const answer = await poll(cursor, opened ? wait : null, signal);
    if (signal.aborted) return;
    if ("reason" in answer) return handlers.onEnd(answer);
    if (!opened) handlers.onOpen(null);
    opened = true;
    cursor = answer.cursor;
    handlers.onBatch(answer);
    if (wait === null) await sleep(answer.retry_in ?? SHORT_POLL_MS, signal);
    else if (answer.retry_in !== undefined)
      return handlers.onEnd({ reason: "broken", retryIn: answer.retry_in });
    if (signal.aborted) return;
  }
}

async function poll(cursor: string, wait: number | null, signal: AbortSignal): Promise<Batch | End> {
  const query = new URLSearchParams({ cursor });
  if (wait !== null) query.set("wait", String(wait));
  const limit = AbortSignal.timeout((wait ?? 0) * 1000 + SLACK_MS);
  try {
    const response = await fetch(`${EVENTS_PATH}?${query}`, {
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.any([signal, limit]),
    });
    if (response.status === 401) return { reason: "ended" };
    if (!response.ok) {
      const seconds = Number(response.headers.get("Retry-After") ?? NaN);
      return { reason: "broken", retryIn: Number.isFinite(seconds) ? seconds * 1000 : undefined };
    }
    return (await response.json()) as Batch;
  } catch {
    return { reason: "broken" };
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
