/**
 * One tab holds the connection, the others follow: Web Locks choose the leader, a BroadcastChannel carries what it hears.
 * Where the browser has no locks (a page that is not secure), every tab leads for itself.
 */
import type { Status } from "./connection";
import type { Batch } from "./wire";

export type TabMessage =
  | { kind: "batch"; batch: Batch }
  | { kind: "status"; status: Status }
  /** A follower has just come and wants to know how things stand. */
  | { kind: "hello" }
  /** This device has read up to here, or logged out: said at once, without the server's detour. */
  | { kind: "logged_out" };

export interface Tab {
  broadcast(message: TabMessage): void;
  close(): void;
}

export function joinTabs(
  name: string,
  on: { leading(): void; message(message: TabMessage): void },
  platform: { locks?: LockManager | undefined; Channel?: typeof BroadcastChannel | undefined } = {
    locks: globalThis.navigator?.locks,
    Channel: globalThis.BroadcastChannel,
  },
): Tab {
  const { locks, Channel } = platform;
  if (!locks || !Channel) {
    on.leading();
    return { broadcast() {}, close() {} };
  }
  const channel = new Channel(name);
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => on.message(data);
  const abort = new AbortController();
  let release = () => {};
  locks
    .request(name, { signal: abort.signal }, () => {
      if (abort.signal.aborted) return undefined;
      on.leading();
      return new Promise<void>((resolve) => (release = resolve));
    })
    // The only way to fail is being aborted by close().
    .catch(() => {});
  return {
    broadcast: (message) => channel.postMessage(message),
    close() {
      abort.abort();
      release();
      channel.close();
    },
  };
}
