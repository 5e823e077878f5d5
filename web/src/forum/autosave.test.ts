import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OFFLINE, Problem } from "../api/problem";
import { Autosave, type Fields, PAUSE_MS, type SaveState } from "./autosave";

const fields = (change: Partial<Fields> = {}): Fields => ({
  title: "Penguins",
  summary: "",
  text: "They swim.",
  tags: [],
  category_id: 1,
  head_image_id: null,
  ...change,
});

function writer(save: (fields: Fields) => Promise<void> = async () => {}, keeps = true) {
  const states: SaveState[] = [];
  const kept: (Fields | null)[] = [];
  const saved: Fields[] = [];
  const autosave = new Autosave({
    keep: (one) => {
      kept.push(one);
      return keeps;
    },
    unfinished: (one) => one.title.trim() === "",
    save: async (one) => {
      await save(one);
      saved.push(one);
    },
    onChange: (state) => states.push(state),
    now: () => 42,
    random: () => 0,
  });
  return { autosave, states, kept, saved, last: () => states.at(-1) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("saving by itself", () => {
  test("every change stands on this device at once, and on the server after a pause", async () => {
    const { autosave, kept, saved, last } = writer();
    autosave.changed(fields({ text: "a" }));
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    autosave.changed(fields({ text: "ab" }));
    expect(kept.map((one) => one?.text)).toEqual(["a", "ab"]);
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(saved.map((one) => one.text)).toEqual(["ab"]);
    expect(last()).toEqual({ phase: "saved", at: 42 });
    expect(kept.at(-1)).toBeNull();
  });

  test("what is written while it saves is saved after it", async () => {
    let go = () => {};
    const { autosave, saved, last, kept } = writer(() => new Promise((resolve) => (go = resolve)));
    autosave.changed(fields({ text: "a" }));
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    autosave.changed(fields({ text: "ab" }));
    expect(last()).toEqual({ phase: "saving" });
    go();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(kept.at(-1)?.text).toBe("ab");
    go();
    await vi.advanceTimersByTimeAsync(0);
    expect(saved.map((one) => one.text)).toEqual(["a", "ab"]);
    expect(last()).toEqual({ phase: "saved", at: 42 });
  });

  test("without what the server needs it waits on this device", async () => {
    const { autosave, saved, last } = writer();
    autosave.changed(fields({ title: " " }));
    expect(await autosave.flush()).toBe(false);
    expect(last()).toEqual({ phase: "waiting", why: "unfinished" });
    autosave.changed(fields());
    expect(await autosave.flush()).toBe(true);
    expect(saved).toHaveLength(1);
  });

  test("without an answer, and without a session, it is tried again", async () => {
    const answers = [new Problem(OFFLINE, 0), new Problem("unauthenticated", 401), null];
    const { autosave, states, saved } = writer(async () => {
      const problem = answers.shift();
      if (problem) throw problem;
    });
    autosave.changed(fields());
    await vi.advanceTimersByTimeAsync(PAUSE_MS + 60_000);
    expect(states.filter((state) => state.phase === "waiting")).toEqual([
      { phase: "waiting", why: "offline" },
      { phase: "waiting", why: "logged_out" },
    ]);
    expect(saved).toHaveLength(1);
  });

  test("saved elsewhere meanwhile: nothing is overwritten before the writer says so", async () => {
    let other = true;
    const { autosave, saved, last } = writer(async () => {
      if (other) throw new Problem("conflict", 409);
    });
    autosave.changed(fields());
    await autosave.flush();
    expect(last()).toEqual({ phase: "conflict" });
    autosave.changed(fields({ text: "more" }));
    await vi.advanceTimersByTimeAsync(10 * PAUSE_MS);
    expect(last()).toEqual({ phase: "conflict" });
    other = false;
    await autosave.settle(true);
    expect(saved.map((one) => one.text)).toEqual(["more"]);
  });

  test("giving up what was written here forgets it", async () => {
    const { autosave, kept, last } = writer(() => Promise.reject(new Problem("conflict", 409)));
    autosave.changed(fields());
    await autosave.flush();
    await autosave.settle(false);
    expect(kept.at(-1)).toBeNull();
    expect(last()).toEqual({ phase: "clean" });
  });

  test("what is refused is said, and tried again with the next change", async () => {
    const problem = new Problem("invalid", 422, { summary: "too long" });
    const answers = [problem, null];
    const { autosave, last, saved } = writer(async () => {
      const found = answers.shift();
      if (found) throw found;
    });
    autosave.changed(fields());
    expect(await autosave.flush()).toBe(false);
    expect(last()).toEqual({ phase: "refused", problem });
    autosave.changed(fields({ summary: "short" }));
    expect(await autosave.flush()).toBe(true);
    expect(saved).toHaveLength(1);
  });

  test("only what is nowhere is at risk", async () => {
    const safe = writer();
    safe.autosave.changed(fields());
    expect(safe.autosave.atRisk).toBe(false);
    const full = writer(undefined, false);
    expect(full.autosave.atRisk).toBe(false);
    full.autosave.changed(fields());
    expect(full.autosave.atRisk).toBe(true);
    await full.autosave.flush();
    expect(full.autosave.atRisk).toBe(false);
  });
});
