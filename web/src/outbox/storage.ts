/** Where pending messages wait: one `localStorage` key each, so that two tabs never overwrite each other's. */
import type { Pending, PendingStore } from "./outbox";

export function pendingStore(account: number, storage: Storage = localStorage): PendingStore {
  const prefix = outboxPrefix(account);
  return {
    all() {
      const entries: Pending[] = [];
      for (let i = 0; i < storage.length; i++) {
        const key = storage.key(i);
        if (!key?.startsWith(prefix)) continue;
        const entry = parse(storage.getItem(key));
        if (entry) entries.push(entry);
      }
      return entries.sort((a, b) => a.written_at - b.written_at || a.client_id.localeCompare(b.client_id));
    },
    put: (entry) => storage.setItem(prefix + entry.client_id, JSON.stringify(entry)),
    remove: (clientId) => storage.removeItem(prefix + clientId),
  };
}

export function outboxPrefix(account: number): string {
  return `rookery.outbox.${account}.`;
}

function parse(text: string | null): Pending | null {
  try {
    return text === null ? null : (JSON.parse(text) as Pending);
  } catch {
    return null;
  }
}
