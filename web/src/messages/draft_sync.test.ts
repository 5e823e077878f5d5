import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import type { Draft } from "../api/types";
import { MAX_CHARS } from "./compose";
import { DraftSync, PUSH_AFTER_MS, STILL_TYPING_MS } from "./draft_sync";
import type { Kept } from "./drafts.svelte";

const CHAT = 501;

/** One device: what it keeps, and a server that it can lose. */
function device() {
  let kept: Kept | null = null;
  let remote: Draft | undefined;
  let known = true;
  const stored: string[] = [];
  let answer = () => Promise.resolve();
  const sync = new DraftSync({
    get: () => kept,
    set: (_id, next) => (kept = next),
    kept: () => (kept ? [CHAT] : []),
    knows: () => known,
    remote: () => remote,
    remotes: () => (remote ? [CHAT] : []),
    put: (_id, text) => {
      stored.push(text);
      return answer();
    },
    now: () => Date.now(),
  });
  return {
    sync,
    stored,
    shown: () => kept?.text ?? "",
    dirty: () => kept?.dirty ?? false,
    type(text: string) {
      kept = { text, at: Date.now(), dirty: true };
      sync.typed(CHAT);
    },
    /** The server's word arrives. */
    hears(text: string, at = Date.now()) {
      remote = text === "" ? undefined : { text, updated_at: new Date(at).toISOString() };
      sync.reconcile(CHAT);
    },
    knows: (next: boolean) => (known = next),
    answers: (next: () => Promise<void>) => (answer = next),
  };
}

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("bringing", () => {
  test("a draft goes out once, a while after the last key", async () => {
    const ann = device();
    ann.type("d");
    await wait(PUSH_AFTER_MS - 1);
    ann.type("dear ");
    await wait(PUSH_AFTER_MS - 1);
    expect(ann.stored).toEqual([]);
    await wait(1);
    expect(ann.stored).toEqual(["dear"]);
    expect(ann.dirty()).toBe(false);
    ann.hears("dear");
    await wait(60_000);
    expect(ann.stored).toEqual(["dear"]);
    expect(ann.shown()).toBe("dear ");
  });

  test("leaving the conversation does not wait", async () => {
    const ann = device();
    ann.type("dear");
    ann.sync.left(CHAT);
    await wait(0);
    expect(ann.stored).toEqual(["dear"]);
  });

  test("what is typed and sent at once never was a draft", async () => {
    const ann = device();
    ann.type("hi");
    ann.type("");
    await wait(60_000);
    expect(ann.stored).toEqual([]);
    expect(ann.dirty()).toBe(false);
  });

  test("a draft that was sent is taken back, though the server's word of it is still on its way", async () => {
    const ann = device();
    ann.type("hi");
    await wait(PUSH_AFTER_MS);
    ann.type("");
    await wait(PUSH_AFTER_MS);
    expect(ann.stored).toEqual(["hi", ""]);
  });

  test("without a connection it waits, and goes out later", async () => {
    const ann = device();
    ann.answers(() => Promise.reject(new Problem("offline", 0)));
    ann.type("dear");
    await wait(PUSH_AFTER_MS);
    expect(ann.dirty()).toBe(true);
    ann.answers(() => Promise.resolve());
    await wait(STILL_TYPING_MS);
    ann.sync.resume();
    await wait(0);
    expect(ann.stored).toEqual(["dear", "dear"]);
    expect(ann.dirty()).toBe(false);
  });
});

describe("taking", () => {
  test("what was typed elsewhere stands here, and what is gone goes", () => {
    const ann = device();
    ann.hears("from the phone");
    expect(ann.shown()).toBe("from the phone");
    ann.hears("");
    expect(ann.shown()).toBe("");
    expect(ann.stored).toEqual([]);
  });

  test("what is being typed here is not overwritten", async () => {
    const ann = device();
    ann.type("here");
    ann.hears("elsewhere");
    expect(ann.shown()).toBe("here");
    await wait(PUSH_AFTER_MS);
    expect(ann.stored).toEqual(["here"]);
    ann.hears("elsewhere, later");
    expect(ann.shown()).toBe("here");
    await wait(STILL_TYPING_MS);
    expect(ann.shown()).toBe("elsewhere, later");
  });

  test("of two that were typed apart the later one stands", async () => {
    const early = device();
    early.answers(() => Promise.reject(new Problem("offline", 0)));
    early.type("without a connection");
    await wait(60_000);
    early.hears("later, elsewhere");
    expect(early.shown()).toBe("later, elsewhere");
  });
});

describe("what the server does not take", () => {
  const refuse = (code: string, status: number) => () => Promise.reject(new Problem(code, status));

  test("a refused draft stays, and is not offered again until it is changed", async () => {
    const ann = device();
    ann.hears("older");
    ann.answers(refuse("invalid", 422));
    ann.type("refused");
    await wait(60_000);
    ann.sync.resume();
    ann.hears("from the phone");
    await wait(60_000);
    expect(ann.shown()).toBe("refused");
    expect(ann.dirty()).toBe(true);
    expect(ann.stored).toEqual(["refused"]);
    ann.answers(() => Promise.resolve());
    ann.type("taken");
    await wait(PUSH_AFTER_MS);
    expect(ann.stored).toEqual(["refused", "taken"]);
    expect(ann.dirty()).toBe(false);
  });

  test.each([
    [401, "unauthenticated"],
    [403, "csrf"],
  ])("after a %i it is offered again", async (status, code) => {
    const ann = device();
    ann.hears("older");
    ann.answers(refuse(code, status));
    ann.type("newer");
    await wait(60_000);
    expect(ann.shown()).toBe("newer");
    ann.answers(() => Promise.resolve());
    ann.sync.resume();
    await wait(0);
    expect(ann.stored).toEqual(["newer", "newer"]);
    expect(ann.dirty()).toBe(false);
  });

  test("letters typed while it is being refused are not lost", async () => {
    const ann = device();
    let answer = () => {};
    ann.answers(() => new Promise((_, no) => (answer = () => no(new Problem("invalid", 422)))));
    ann.type("one");
    await wait(PUSH_AFTER_MS);
    ann.type("one two");
    answer();
    await wait(0);
    expect(ann.shown()).toBe("one two");
    ann.answers(() => Promise.resolve());
    await wait(PUSH_AFTER_MS);
    expect(ann.stored).toEqual(["one", "one two"]);
  });

  test("one that is too long stays, whatever the server has", async () => {
    const ann = device();
    const long = "x".repeat(MAX_CHARS + 1);
    ann.hears("older");
    ann.type(long);
    await wait(60_000);
    ann.hears("from the phone");
    ann.sync.resume();
    await wait(60_000);
    expect(ann.shown()).toBe(long);
    expect(ann.stored).toEqual([]);
  });
});

describe("losing a conversation", () => {
  test("nothing is stored for it, and nothing of it is kept", async () => {
    const ann = device();
    ann.type("half a sen");
    ann.knows(false);
    ann.sync.lost(CHAT);
    ann.sync.left(CHAT);
    await wait(60_000);
    expect(ann.stored).toEqual([]);
    expect(ann.shown()).toBe("");
  });

  test("one that is not in the list yet is waited for", async () => {
    const ann = device();
    ann.knows(false);
    ann.type("dear");
    await wait(60_000);
    expect(ann.stored).toEqual([]);
    expect(ann.dirty()).toBe(true);
    ann.knows(true);
    ann.sync.resume();
    await wait(0);
    expect(ann.stored).toEqual(["dear"]);
  });
});
