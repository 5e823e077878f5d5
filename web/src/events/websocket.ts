/** Events over a WebSocket. Sends, typing and read marks go by HTTP on every transport, so this side only listens. */
import { SOCKET_PATH } from "../api/events";
import { type Handlers, OPEN_TIMEOUT_MS, SILENCE_MS, type Transport, watchdog } from "./transport";
import { CLOSE_LOGGED_OUT, type ServerFrame } from "./wire";

export const websocket: Transport = (cursor, handlers) => {
  const url = new URL(SOCKET_PATH, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("cursor", cursor);
  const socket = new WebSocket(url, "rookery.v1");
  let done = false;

  const end = (reason: "broken" | "ended", retryIn?: number) => {
    if (done) return;
    done = true;
    dog.stop();
    socket.close();
    handlers.onEnd({ reason, retryIn });
  };
  const dog = watchdog(() => end("broken"));
  dog.feed(OPEN_TIMEOUT_MS);

  socket.onmessage = ({ data }) => {
    if (done) return;
    dog.feed(SILENCE_MS);
    take(JSON.parse(String(data)) as ServerFrame, handlers);
  };
  socket.onclose = ({ code, reason }) => {
    if (code === CLOSE_LOGGED_OUT) end("ended");
    else end("broken", /^\d+$/.test(reason) ? Number(reason) : undefined);
  };

  return () => {
    done = true;
    dog.stop();
    socket.close();
  };
};

function take(frame: ServerFrame, handlers: Handlers): void {
  switch (frame.type) {
    case "hello":
      return handlers.onOpen(frame.retry_in);
    case "events":
      return handlers.onBatch(frame);
    case "beat":
      return handlers.onCursor(frame.cursor);
  }
}
