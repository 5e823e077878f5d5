import { expect, test } from "vitest";
import { type TabMessage, joinTabs } from "./leader";

/** One lock and one channel of a browser, for any number of tabs. */
function browser() {
  const waiting: (() => Promise<void> | undefined)[] = [];
  let held = false;
  const grant = () => {
    const next = held ? undefined : waiting.shift();
    if (!next) return;
    held = true;
    void Promise.resolve(next()).then(() => {
      held = false;
      grant();
    });
  };
  const locks = {
    request: (_name: string, _options: object, callback: () => Promise<void> | undefined) => {
      waiting.push(callback);
      grant();
      return new Promise(() => {});
    },
  } as unknown as LockManager;
  const open = new Set<Channel>();
  class Channel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor() {
      open.add(this);
    }
    postMessage(data: unknown) {
      for (const other of open) if (other !== this) other.onmessage?.({ data });
    }
    close() {
      open.delete(this);
    }
  }
  return { locks, Channel: Channel as unknown as typeof BroadcastChannel };
}

function tab(platform: Parameters<typeof joinTabs>[2]) {
  const heard: TabMessage[] = [];
  let leading = 0;
  const joined = joinTabs(
    "account",
    { leading: () => void leading++, message: (m) => heard.push(m) },
    platform,
  );
  return { joined, heard, leading: () => leading };
}

test("one tab leads, the others hear it, and the next one follows when it closes", async () => {
  const platform = browser();
  const first = tab(platform);
  const second = tab(platform);
  expect([first.leading(), second.leading()]).toEqual([1, 0]);
  const message: TabMessage = { kind: "batch", batch: { events: [], cursor: "c1" } };
  first.joined.broadcast(message);
  expect(second.heard).toEqual([message]);
  expect(first.heard).toEqual([]);
  first.joined.close();
  await Promise.resolve();
  await Promise.resolve();
  expect(second.leading()).toBe(1);
});

test("where there are no locks, every tab leads for itself", () => {
  const alone = tab({ locks: undefined, Channel: undefined });
  expect(alone.leading()).toBe(1);
  alone.joined.broadcast({ kind: "logged_out" });
  expect(alone.heard).toEqual([]);
});
