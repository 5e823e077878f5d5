import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listCases } from "../api/moderation";
import { Problem } from "../api/problem";
import type { Live } from "../app/live.svelte";
import type { Event } from "../events/wire";
import { openCases } from "./open_cases.svelte";

vi.mock("../api/moderation", () => ({ listCases: vi.fn() }));
const asked = vi.mocked(listCases);
const open = (count: number) => Promise.resolve({ cases: [], cursor: null, open: count });

let tell: (event: Event) => void = () => {};
const live = {
  listen: (listener: (event: Event) => void) => {
    tell = listener;
    return () => (tell = () => {});
  },
} as unknown as Live;
const opened = (case_id: number): Event => ({ type: "case.opened", at: "", case_id });
let stop: () => void;

beforeEach(() => {
  asked.mockReset();
  stop = openCases.watch(live);
});
afterEach(() => stop());

test("a case that is opened or closed is counted at once, and nothing else is asked for", async () => {
  asked.mockReturnValueOnce(open(1)).mockReturnValueOnce(open(0));
  tell(opened(7));
  await vi.waitFor(() => expect(openCases.count).toBe(1));
  tell({ type: "notification.read", at: "", unread: 0 });
  tell({ type: "case.closed", at: "", case_id: 7 });
  await vi.waitFor(() => expect(openCases.count).toBe(0));
  expect(asked).toHaveBeenCalledTimes(2);
});

test("many at once are asked for twice at the most", async () => {
  let answer: (page: Awaited<ReturnType<typeof listCases>>) => void = () => {};
  asked.mockReturnValueOnce(new Promise((resolve) => (answer = resolve))).mockReturnValueOnce(open(50));
  const before = openCases.changes;
  for (let id = 1; id <= 50; id++) tell(opened(id));
  expect(asked).toHaveBeenCalledTimes(1);
  answer({ cases: [], cursor: null, open: 1 });
  await vi.waitFor(() => expect(openCases.count).toBe(50));
  expect(asked).toHaveBeenCalledTimes(2);
  expect(openCases.changes - before).toBe(50);
});

test("a look that fails is made up for by the next", async () => {
  asked.mockRejectedValueOnce(new Problem("offline", 0, {}, null)).mockReturnValueOnce(open(3));
  await openCases.look();
  await openCases.look();
  expect(openCases.count).toBe(3);
});
