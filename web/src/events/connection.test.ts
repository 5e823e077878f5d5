import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Connection, type Status, type Surroundings } from "./connection";
import { type Handlers, TRANSPORTS, type TransportName } from "./transport";
import type { Batch } from "./wire";

/** One attempt to read the stream, driven by the test. */
interface Attempt {
  name: TransportName;
  cursor: string;
  handlers: Handlers;
  stopped: boolean;
}

function world(probe: () => "up" | "down" | "ended" = () => "up") {
  const attempts: Attempt[] = [];
  const statuses: Status[] = [];
  const batches: Batch[] = [];
  let ended = 0;
  const open = (name: TransportName) => (cursor: string, handlers: Handlers) => {
    const attempt: Attempt = { name, cursor, handlers, stopped: false };
    attempts.push(attempt);
    return () => void (attempt.stopped = true);
  };
  const transports = Object.fromEntries(
    TRANSPORTS.map((name) => [name, open(name)]),
  ) as Surroundings["transports"];
  const connection = new Connection("c0", {
    transports,
    probe: () => Promise.resolve(probe()),
    random: () => 0,
    onBatch: (batch) => batches.push(batch),
    onStatus: (status) => statuses.push(status),
    onEnded: () => void ended++,
  });
  const last = () => {
    const attempt = attempts.at(-1);
    if (!attempt) throw new Error("no attempt yet");
    return attempt;
  };
  return { connection, attempts, statuses, batches, last, ended: () => ended };
}

const status = (w: ReturnType<typeof world>) => w.statuses.at(-1);
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("choosing a transport", () => {
  test("a WebSocket that opens is kept", () => {
    const w = world();
    w.connection.start();
    w.last().handlers.onOpen(500);
    expect(w.attempts.map((a) => a.name)).toEqual(["websocket"]);
    expect(status(w)).toEqual({ phase: "live", transport: "websocket" });
  });

  test("what does not open while the server answers is stepped down from, to the last", async () => {
    const w = world();
    w.connection.start();
    for (let i = 0; i < 3; i++) {
      w.last().handlers.onEnd({ reason: "broken" });
      await settle(1);
    }
    expect(w.attempts.map((a) => a.name)).toEqual([...TRANSPORTS]);
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(0);
    expect(w.attempts).toHaveLength(4);
    await settle(20_000);
    expect(w.last().name).toBe("short_poll");
  });

  test("the cursor is carried from one transport to the next", async () => {
    const w = world();
    w.connection.start();
    w.last().handlers.onOpen(null);
    w.last().handlers.onBatch({ events: [], cursor: "c5" });
    w.last().handlers.onCursor("c6");
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(20_000);
    expect(w.last().cursor).toBe("c6");
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(20_000);
    expect(w.last()).toMatchObject({ name: "sse", cursor: "c6" });
  });

  test("one that was open is tried again before anything lesser", async () => {
    const w = world();
    w.connection.start();
    w.last().handlers.onOpen(null);
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(20_000);
    expect(w.attempts.map((a) => a.name)).toEqual(["websocket", "websocket"]);
  });

  test("one that opens and breaks at once, again and again, is stepped down from", async () => {
    const w = world();
    w.connection.start();
    for (const attempts of [2, 3, 4]) {
      w.last().handlers.onOpen(null);
      w.last().handlers.onEnd({ reason: "broken" });
      await settle(100);
      expect(w.attempts).toHaveLength(attempts - 1);
      await settle(20_000);
      expect(w.attempts).toHaveLength(attempts);
    }
    expect(w.attempts.map((a) => a.name)).toEqual(["websocket", "websocket", "websocket", "sse"]);
  });

  test("one that breaks now and then is kept", async () => {
    const w = world();
    w.connection.start();
    for (let i = 0; i < 5; i++) {
      w.last().handlers.onOpen(null);
      await settle(10_000);
      w.last().handlers.onEnd({ reason: "broken" });
      await settle(20_000);
    }
    expect(w.attempts.every((a) => a.name === "websocket")).toBe(true);
  });

  test("a network that is back starts from the best again", async () => {
    const w = world();
    w.connection.start();
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(1);
    expect(w.last().name).toBe("sse");
    const old = w.last();
    w.connection.wake(true);
    expect(w.last().name).toBe("websocket");
    expect(old.stopped).toBe(true);
  });
});

describe("coming back", () => {
  test("a server that is down is waited for with growing pauses, on the same transport", async () => {
    let up = false;
    const w = world(() => (up ? "up" : "down"));
    w.connection.start();
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(0);
    expect(status(w)).toEqual({ phase: "offline", transport: "websocket" });
    expect(w.attempts).toHaveLength(1);
    await settle(500);
    expect(w.attempts).toHaveLength(2);
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(999);
    expect(w.attempts).toHaveLength(2);
    await settle(1);
    expect(w.attempts).toHaveLength(3);
    up = true;
    w.last().handlers.onOpen(null);
    expect(status(w)).toEqual({ phase: "live", transport: "websocket" });
    expect(w.attempts.every((a) => a.name === "websocket")).toBe(true);
  });

  test("what the server asks to wait is waited", async () => {
    const w = world();
    w.connection.start();
    w.last().handlers.onOpen(null);
    w.last().handlers.onEnd({ reason: "broken", retryIn: 3_000 });
    await settle(2_999);
    expect(w.attempts).toHaveLength(1);
    await settle(1);
    expect(w.attempts).toHaveLength(2);
  });

  test("a tab that is seen again does not wait for its timer", async () => {
    const w = world(() => "down");
    w.connection.start();
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(0);
    w.connection.wake(false);
    expect(w.attempts).toHaveLength(2);
    w.last().handlers.onOpen(null);
    w.connection.wake(false);
    expect(w.attempts).toHaveLength(2);
  });
});

describe("the end", () => {
  test("a session that is over ends the connection, said by the transport or found by asking", async () => {
    const told = world(() => "ended");
    told.connection.start();
    told.last().handlers.onEnd({ reason: "ended" });
    await settle(60_000);
    expect(told.ended()).toBe(1);
    expect(told.attempts).toHaveLength(1);

    const found = world(() => "ended");
    found.connection.start();
    found.last().handlers.onEnd({ reason: "broken" });
    await settle(60_000);
    expect(found.ended()).toBe(1);
    expect(found.attempts).toHaveLength(1);
  });

  test("a session that was renewed goes on with the same transport", async () => {
    const w = world(() => "up");
    w.connection.start();
    w.last().handlers.onOpen(null);
    w.last().handlers.onEnd({ reason: "ended" });
    await settle(20_000);
    expect(w.ended()).toBe(0);
    expect(w.attempts.map((a) => a.name)).toEqual(["websocket", "websocket"]);
  });

  test("a stopped connection hears nothing any more", async () => {
    const w = world();
    w.connection.start();
    w.last().handlers.onOpen(null);
    w.connection.stop();
    w.last().handlers.onBatch({ events: [], cursor: "c9" });
    w.last().handlers.onEnd({ reason: "broken" });
    await settle(60_000);
    expect(w.batches).toEqual([]);
    expect(w.attempts).toHaveLength(1);
    expect(w.connection.cursor).toBe("c0");
  });
});
