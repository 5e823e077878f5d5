import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { AT_ONCE, MAX_QUEUED, type Transit, type Try, Uploads } from "./queue";

const file = (size = 100) => ({ name: "a.bin", size }) as File;
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** A carrier whose tries end when the test says so. */
function world() {
  const tries: (Try & { finish(id: string): void; fail(error: unknown): void })[] = [];
  const shown = new Map<string, Transit>();
  const dropped: string[] = [];
  const doubts: string[] = [];
  const uploads = new Uploads({
    transfer: (attempt) =>
      new Promise((resolve, reject) => tries.push({ ...attempt, finish: resolve, fail: reject })),
    drop: async (id) => void dropped.push(id),
    onChange: (transit) => shown.set(transit.key, transit),
    unauthenticated: () => void doubts.push("doubt"),
    random: () => 0,
  });
  const last = () => tries.at(-1) as (typeof tries)[number];
  return { uploads, tries, shown, dropped, doubts, last };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the queue of uploads", () => {
  test("a file goes up, shows its progress and is complete", async () => {
    const w = world();
    w.uploads.add("a", file(100));
    expect(w.shown.get("a")).toMatchObject({ state: "uploading", sent: 0, size: 100 });
    w.last().created("up1");
    w.last().progress(40);
    expect(w.shown.get("a")).toMatchObject({ sent: 40, upload_id: "up1" });
    w.last().finish("up1");
    await settle();
    expect(w.shown.get("a")).toMatchObject({ state: "complete", sent: 100, upload_id: "up1" });
  });

  test("a few go at once, the others have their turn", async () => {
    const w = world();
    for (let i = 0; i < AT_ONCE + 2; i++) w.uploads.add(`f${i}`, file());
    expect(w.tries).toHaveLength(AT_ONCE);
    w.tries[0]?.finish("x");
    await settle();
    expect(w.tries).toHaveLength(AT_ONCE + 1);
    expect(w.shown.get(`f${AT_ONCE + 1}`)?.state).toBe("waiting");
  });

  test("a broken connection is tried again where it stood, and others go meanwhile", async () => {
    const w = world();
    w.uploads.add("a", file());
    w.last().created("up1");
    w.last().progress(50);
    w.last().fail(new Problem("offline", 0));
    await settle();
    expect(w.shown.get("a")).toMatchObject({ state: "waiting", sent: 50 });
    expect(w.tries).toHaveLength(1);
    await settle(1_000);
    expect(w.tries).toHaveLength(2);
    expect(w.last().upload_id).toBe("up1");
  });

  test("with the network back nobody waits any longer", async () => {
    const w = world();
    w.uploads.add("a", file());
    for (let i = 0; i < 6; i++) {
      w.last().fail(new Problem("offline", 0));
      await settle(20_000);
    }
    const before = w.tries.length;
    w.last().fail(new Problem("offline", 0));
    await settle();
    expect(w.tries).toHaveLength(before);
    w.uploads.wake();
    expect(w.tries).toHaveLength(before + 1);
  });

  test("what the server refuses fails with its reason, until it is tried again", async () => {
    const w = world();
    w.uploads.add("a", file());
    w.last().fail(new Problem("quota_exceeded", 422));
    await settle(60_000);
    expect(w.shown.get("a")).toMatchObject({ state: "failed", code: "quota_exceeded" });
    expect(w.tries).toHaveLength(1);
    w.uploads.retry("a");
    expect(w.tries).toHaveLength(2);
    expect(w.shown.get("a")).toMatchObject({ state: "uploading", code: undefined });
  });

  test("an upload that stands elsewhere than thought is asked again", async () => {
    const w = world();
    w.uploads.add("a", file());
    w.last().fail(new Problem("offset_conflict", 409));
    await settle(1_000);
    expect(w.tries).toHaveLength(2);
  });

  test("without a session the file waits, and the session is asked about", async () => {
    const w = world();
    w.uploads.add("a", file());
    w.last().fail(new Problem("unauthenticated", 401));
    await settle();
    expect(w.shown.get("a")).toMatchObject({ state: "waiting", code: undefined });
    expect(w.doubts).toHaveLength(1);
    expect(w.tries).toHaveLength(1);
    await settle(1_000);
    expect(w.tries).toHaveLength(2);
  });

  test("cancelling stops the bytes, tells the server and makes room", async () => {
    const w = world();
    for (let i = 0; i < AT_ONCE + 1; i++) w.uploads.add(`f${i}`, file());
    const [first] = w.tries;
    first?.created("up0");
    w.uploads.cancel("f0");
    expect(first?.signal.aborted).toBe(true);
    expect(w.dropped).toEqual(["up0"]);
    expect(w.uploads.has("f0")).toBe(false);
    expect(w.tries).toHaveLength(AT_ONCE + 1);
    first?.progress(90);
    expect(w.shown.get("f0")?.sent).toBe(0);
  });

  test("what belongs to a message is forgotten, and stays on the server", () => {
    const w = world();
    w.uploads.add("a", file());
    w.last().created("up1");
    w.uploads.forget("a");
    expect(w.dropped).toEqual([]);
  });

  test("there is an end to what can wait", () => {
    const w = world();
    for (let i = 0; i < MAX_QUEUED; i++) expect(w.uploads.add(`f${i}`, file())).toBe(true);
    expect(w.uploads.add("one more", file())).toBe(false);
    expect(w.uploads.add("f0", file()), "what is there already is there").toBe(true);
  });
});
