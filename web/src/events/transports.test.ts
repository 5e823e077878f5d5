/** The transports against fakes of the browser's own machinery. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SHORT_POLL_MS, longPoll, shortPoll } from "./poll";
import { sse } from "./sse";
import { type End, type Handlers, OPEN_TIMEOUT_MS, SILENCE_MS } from "./transport";
import { websocket } from "./websocket";

class FakeSocket {
  static last: FakeSocket;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  closed = false;
  constructor(
    readonly url: URL,
    readonly protocol: string,
  ) {
    FakeSocket.last = this;
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  close() {
    this.closed = true;
  }
}

class FakeSource {
  static last: FakeSource;
  onerror: (() => void) | null = null;
  closed = false;
  listeners = new Map<string, (event: { data: string }) => void>();
  constructor(readonly url: string) {
    FakeSource.last = this;
  }
  addEventListener(type: string, listener: (event: { data: string }) => void) {
    this.listeners.set(type, listener);
  }
  say(type: string, data: object) {
    this.listeners.get(type)?.({ data: JSON.stringify(data) });
  }
  close() {
    this.closed = true;
  }
}

function ears() {
  const heard: unknown[] = [];
  const ends: End[] = [];
  const handlers: Handlers = {
    onOpen: (retryIn) => heard.push(["open", retryIn]),
    onBatch: (batch) => heard.push(["batch", batch.cursor]),
    onCursor: (cursor) => heard.push(["cursor", cursor]),
    onEnd: (end) => ends.push(end),
  };
  return { heard, ends, handlers };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("location", { href: "https://chat.example/chats" });
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("websocket", () => {
  test("speaks the protocol from the cursor on", () => {
    const { heard, handlers } = ears();
    websocket("c1", handlers);
    const socket = FakeSocket.last;
    expect(String(socket.url)).toBe("wss://chat.example/api/v1/events/socket?cursor=c1");
    expect(socket.protocol).toBe("rookery.v1");
    socket.say({ type: "hello", cursor: "c1", retry_in: 700 });
    socket.say({ type: "events", events: [], cursor: "c2" });
    socket.say({ type: "beat", cursor: "c3" });
    expect(heard).toEqual([
      ["open", 700],
      ["batch", "c2"],
      ["cursor", "c3"],
    ]);
  });

  test("without a hello in time it is blocked; in silence it is dead", () => {
    const blocked = ears();
    websocket("c", blocked.handlers);
    vi.advanceTimersByTime(OPEN_TIMEOUT_MS);
    expect(blocked.ends).toHaveLength(1);
    expect(FakeSocket.last.closed).toBe(true);

    const dead = ears();
    websocket("c", dead.handlers);
    FakeSocket.last.say({ type: "hello", cursor: "c", retry_in: 0 });
    vi.advanceTimersByTime(SILENCE_MS - 1);
    FakeSocket.last.say({ type: "beat", cursor: "c" });
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(dead.ends).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(dead.ends).toEqual([{ reason: "broken", retryIn: undefined }]);
  });

  test("a close says whether and when to come back", () => {
    const restart = ears();
    websocket("c", restart.handlers);
    FakeSocket.last.onclose?.({ code: 1012, reason: "1500" });
    expect(restart.ends).toEqual([{ reason: "broken", retryIn: 1500 }]);

    const over = ears();
    websocket("c", over.handlers);
    FakeSocket.last.onclose?.({ code: 4401, reason: "" });
    expect(over.ends[0]?.reason).toBe("ended");
  });
});

test("sse: hello, batches, and an error that ends it once", () => {
  const { heard, ends, handlers } = ears();
  sse("c 1", handlers);
  const source = FakeSource.last;
  expect(source.url).toBe("/api/v1/events/stream?cursor=c+1");
  source.say("hello", { cursor: "c1", retry_in: 300 });
  source.say("message", { events: [], cursor: "c2" });
  source.onerror?.();
  source.onerror?.();
  expect(heard).toEqual([
    ["open", 300],
    ["batch", "c2"],
  ]);
  expect(ends).toEqual([{ reason: "broken" }]);
  expect(source.closed).toBe(true);
});

describe("polls", () => {
  function server(...answers: (object | number)[]) {
    const asked: string[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      asked.push(url);
      const answer = answers.shift();
      if (answer === undefined) return new Promise(() => {});
      if (typeof answer === "number") return Promise.resolve(new Response("{}", { status: answer }));
      return Promise.resolve(Response.json(answer));
    });
    return asked;
  }

  test("a long poll is asked again only after its answer, with the cursor of that answer", async () => {
    const asked = server({ events: [], cursor: "c2" }, { events: [], cursor: "c3" });
    const { heard, handlers } = ears();
    longPoll("c1", handlers);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([
      "/api/v1/events?cursor=c1",
      "/api/v1/events?cursor=c2&wait=15",
      "/api/v1/events?cursor=c3&wait=15",
    ]);
    expect(heard).toEqual([
      ["open", null],
      ["batch", "c2"],
      ["batch", "c3"],
    ]);
  });

  test("short polls keep their distance, the server's where it asks for one", async () => {
    const asked = server(
      { events: [], cursor: "c2" },
      { events: [], cursor: "c3", retry_in: 9_000 },
      { events: [], cursor: "c4" },
    );
    shortPoll("c1", ears().handlers);
    await vi.advanceTimersByTimeAsync(SHORT_POLL_MS - 1);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(8_999);
    expect(asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(3);
  });

  test("a long poll that the server ends for a restart comes back when told", async () => {
    server({ events: [], cursor: "c2" }, { events: [], cursor: "c2", retry_in: 1_200 });
    const { ends, handlers } = ears();
    longPoll("c1", handlers);
    await vi.advanceTimersByTimeAsync(0);
    expect(ends).toEqual([{ reason: "broken", retryIn: 1_200 }]);
  });

  test("401 is the end, other failures are a break, and a stopped poll says nothing", async () => {
    server(401);
    const over = ears();
    longPoll("c", over.handlers);
    await vi.advanceTimersByTimeAsync(0);
    expect(over.ends).toEqual([{ reason: "ended" }]);

    server(503);
    const broken = ears();
    shortPoll("c", broken.handlers);
    await vi.advanceTimersByTimeAsync(0);
    expect(broken.ends[0]?.reason).toBe("broken");

    server({ events: [], cursor: "c2" });
    const stopped = ears();
    longPoll("c", stopped.handlers)();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stopped.heard).toEqual([]);
    expect(stopped.ends).toEqual([]);
  });
});
