import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import type { Message } from "../api/types";
import type { Event } from "../events/wire";
import { MAX_PENDING, Outbox, type Pending } from "./outbox";
import { pendingStore } from "./storage";

/** `localStorage`, as far as it is used. */
class FakeStorage {
  #map = new Map<string, string>();
  get length() {
    return this.#map.size;
  }
  key = (index: number) => [...this.#map.keys()][index] ?? null;
  getItem = (key: string) => this.#map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#map.set(key, value);
  removeItem = (key: string) => void this.#map.delete(key);
}

const said = (entry: Pending, seq: number) =>
  ({ seq, client_id: entry.client_id, conversation_id: entry.conversation_id, text: entry.text }) as Message;

const created = (entry: Pending): Event => {
  const { conversation_id } = entry;
  return { type: "message.created", at: "", conversation_id, seq: 9, message: said(entry, 9) };
};

function world(storage = new FakeStorage()) {
  const posted: Pending[] = [];
  const sent: Message[] = [];
  let shown: readonly Pending[] = [];
  let ids = 0;
  let answer: (entry: Pending) => Promise<Message> = (entry) => Promise.resolve(said(entry, posted.length));
  const outbox = new Outbox({
    store: pendingStore(10001, storage as unknown as Storage),
    post: (entry) => {
      posted.push(entry);
      return answer(entry);
    },
    onChange: (entries) => (shown = entries),
    onSent: (message) => sent.push(message),
    now: () => Date.now(),
    random: () => 0,
    newId: () => `id${++ids}`,
  });
  return {
    outbox,
    posted,
    sent,
    shown: () => shown,
    storage,
    answerWith: (next: typeof answer) => (answer = next),
  };
}

const refuse =
  (code: string, status: number, retryAfter: number | null = null) =>
  () =>
    Promise.reject(new Problem(code, status, {}, retryAfter));
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("sending", () => {
  test("a message shows at once and leaves when it is acknowledged", async () => {
    const w = world();
    expect(w.outbox.enqueue(5, "hello")).toBe(true);
    expect(w.shown()).toMatchObject([{ client_id: "id1", text: "hello", state: "sending" }]);
    await settle();
    expect(w.sent).toMatchObject([{ client_id: "id1", text: "hello" }]);
    expect(w.shown()).toEqual([]);
  });

  test("without an answer it is sent again with the same client_id, until there is one", async () => {
    const w = world();
    w.answerWith(refuse("offline", 0));
    w.outbox.enqueue(5, "hello");
    await settle(10_000);
    expect(w.posted.length).toBeGreaterThan(2);
    expect(new Set(w.posted.map((entry) => entry.client_id))).toEqual(new Set(["id1"]));
    expect(w.shown()).toMatchObject([{ state: "sending" }]);
    w.answerWith((entry) => Promise.resolve(said(entry, 1)));
    await settle(20_000);
    expect(w.sent).toHaveLength(1);
    expect(w.shown()).toEqual([]);
  });

  test("the server's wait is kept", async () => {
    const w = world();
    w.answerWith(refuse("rate_limited", 429, 7_000));
    w.outbox.enqueue(5, "hello");
    await settle(6_999);
    expect(w.posted).toHaveLength(1);
    await settle(1);
    expect(w.posted).toHaveLength(2);
  });

  test("messages of one conversation go one after the other, in the order of writing", async () => {
    const w = world();
    const answers: ((message: Message) => void)[] = [];
    w.answerWith(() => new Promise((resolve) => answers.push(resolve)));
    w.outbox.enqueue(5, "one");
    await settle(1);
    w.outbox.enqueue(5, "two");
    w.outbox.enqueue(6, "elsewhere");
    await settle();
    expect(w.posted.map((entry) => entry.text)).toEqual(["one", "elsewhere"]);
    answers[0]?.({ seq: 1 } as Message);
    await settle();
    expect(w.posted.map((entry) => entry.text)).toEqual(["one", "elsewhere", "two"]);
  });

  test("too many waiting are refused", () => {
    const w = world();
    w.answerWith(() => new Promise(() => {}));
    for (let i = 0; i < MAX_PENDING; i++) {
      expect(w.outbox.room).toBe(MAX_PENDING - i);
      expect(w.outbox.enqueue(5, `${i}`)).toBe(true);
    }
    expect(w.outbox.room).toBe(0);
    expect(w.outbox.enqueue(5, "one more")).toBe(false);
  });
});

describe("failing", () => {
  test("a refusal is final: said so, retried by hand with the same client_id, or deleted", async () => {
    const w = world();
    w.answerWith(refuse("not_friends", 403));
    w.outbox.enqueue(5, "hello");
    await settle(60_000);
    expect(w.posted).toHaveLength(1);
    expect(w.shown()).toMatchObject([{ state: "failed", code: "not_friends" }]);
    w.answerWith((entry) => Promise.resolve(said(entry, 1)));
    w.outbox.retry("id1");
    await settle();
    expect(w.posted[1]?.client_id).toBe("id1");
    expect(w.shown()).toEqual([]);

    w.answerWith(refuse("not_found", 404));
    w.outbox.enqueue(5, "again");
    await settle();
    w.outbox.discard("id2");
    expect(w.shown()).toEqual([]);
  });

  test("a refused message does not hold up the next", async () => {
    const w = world();
    w.answerWith((entry) =>
      entry.text === "bad" ? refuse("invalid", 422)() : Promise.resolve(said(entry, 1)),
    );
    w.outbox.enqueue(5, "bad");
    await settle(1);
    w.outbox.enqueue(5, "good");
    await settle();
    expect(w.sent).toMatchObject([{ text: "good" }]);
    expect(w.shown()).toMatchObject([{ text: "bad", state: "failed" }]);
  });

  test("a server out of space is said at once, not hidden behind tries", async () => {
    const w = world();
    w.answerWith(refuse("out_of_space", 507));
    w.outbox.enqueue(5, "hello");
    await settle();
    expect(w.shown()).toMatchObject([{ state: "failed", code: "out_of_space" }]);
  });
});

describe("waiting for a moderator", () => {
  const rejected = (client_id: string): Event => ({
    type: "message.rejected",
    at: "",
    conversation_id: 5,
    client_id,
  });

  async function held(storage = new FakeStorage()) {
    const w = world(storage);
    w.answerWith(refuse("held_for_review", 403));
    w.outbox.enqueue(5, "an offer");
    await settle();
    expect(w.shown()).toMatchObject([{ client_id: "id1", code: "held_for_review" }]);
    return w;
  }

  test("what was not let through says so and keeps its text", async () => {
    const w = await held();
    w.outbox.heard(rejected("another"));
    expect(w.shown()).toMatchObject([{ code: "held_for_review" }]);
    w.outbox.heard(rejected("id1"));
    expect(w.shown()).toMatchObject([{ text: "an offer", state: "failed", code: "message_rejected" }]);
    w.outbox.resume();
    await settle(60_000);
    expect(w.posted).toHaveLength(1);
  });

  test("what was approved is said", async () => {
    const w = await held();
    const [entry] = w.shown();
    if (entry) w.outbox.heard(created(entry));
    expect(w.shown()).toEqual([]);
  });

  test.each([
    ["is still waited for", refuse("held_for_review", 403), ["held_for_review"], 0],
    ["was rejected meanwhile", refuse("words_refused", 403), ["words_refused"], 0],
    ["cannot be asked about", refuse("offline", 0), ["held_for_review"], 0],
    ["was approved meanwhile", null, [], 1],
  ])("after a reload: what %s", async (_, answer, codes, said_) => {
    const before = await held();
    before.outbox.stop();
    const after = world(before.storage);
    if (answer) after.answerWith(answer);
    after.outbox.begin();
    await settle();
    expect(after.posted).toMatchObject([{ client_id: "id1" }]);
    expect(after.shown().map((entry) => entry.code)).toEqual(codes);
    expect(after.sent).toHaveLength(said_);
  });
});

describe("surviving", () => {
  test("after a reload what was waiting is sent with its client_id", async () => {
    const before = world();
    before.answerWith(refuse("offline", 0));
    before.outbox.enqueue(5, "hello");
    await settle();
    before.outbox.stop();
    const after = world(before.storage);
    after.outbox.resume();
    await settle();
    expect(after.posted).toMatchObject([{ client_id: "id1", text: "hello" }]);
    expect(after.shown()).toEqual([]);
  });

  test("a message seen in the log is said, whatever became of the answer", async () => {
    const w = world();
    w.answerWith(refuse("offline", 0));
    w.outbox.enqueue(5, "hello");
    await settle();
    const entry = w.shown()[0];
    if (!entry) throw new Error("nothing is waiting");
    w.outbox.heard(created(entry));
    expect(w.shown()).toEqual([]);
    await settle(60_000);
    expect(w.posted).toHaveLength(1);
  });

  test("another account on this device has its own", () => {
    const w = world();
    w.answerWith(() => new Promise(() => {}));
    w.outbox.enqueue(5, "hello");
    expect(pendingStore(10002, w.storage as unknown as Storage).all()).toEqual([]);
  });

  test("when the session has ended it waits for the next one", async () => {
    const w = world();
    w.answerWith(refuse("unauthenticated", 401));
    w.outbox.enqueue(5, "hello");
    await settle(60_000);
    expect(w.posted).toHaveLength(1);
    expect(w.shown()).toMatchObject([{ state: "sending" }]);
  });
});
