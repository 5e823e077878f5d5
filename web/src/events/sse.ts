/** Events over Server-Sent Events. The browser's own reconnecting is not used: `connection.ts` decides. */
import { STREAM_PATH } from "../api/events";
import { OPEN_TIMEOUT_MS, SILENCE_MS, type Transport, watchdog } from "./transport";
import type { Batch } from "./wire";

export const sse: Transport = (cursor, handlers) => {
  const source = new EventSource(`${STREAM_PATH}?${new URLSearchParams({ cursor })}`);
  let done = false;

  const stop = () => {
    done = true;
    dog.stop();
    source.close();
  };
  const broken = () => {
    if (done) return;
    stop();
    handlers.onEnd({ reason: "broken" });
  };
  const dog = watchdog(broken);
  dog.feed(OPEN_TIMEOUT_MS);

  source.addEventListener("hello", ({ data }) => {
    if (done) return;
    dog.feed(SILENCE_MS);
    const hello = JSON.parse(String(data)) as { cursor: string; retry_in: number };
    handlers.onOpen(hello.retry_in);
  });
  source.addEventListener("message", ({ data }) => {
    if (done) return;
    dog.feed(SILENCE_MS);
    handlers.onBatch(JSON.parse(String(data)) as Batch);
  });
  source.onerror = broken;

  return stop;
};
