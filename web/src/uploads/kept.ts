/**
 * Files that belong to messages on their way, kept in IndexedDB until they are uploaded, so that a reload or another
 * tab can go on. A file that could not be kept is only in the tab that has it.
 */

/** Larger files are not kept: copying them would take longer than choosing them again. */
export const MAX_KEPT_BYTES = 256 * 1024 * 1024;
const NAME = "rookery.uploads";
const STORE = "files";

interface Kept {
  key: string;
  account: number;
  file: File;
}

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(STORE, mode);
  const request = act(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

/** Keeps it if it can: private windows and full disks cannot. */
export async function keep(account: number, key: string, file: File): Promise<void> {
  if (file.size > MAX_KEPT_BYTES) return;
  await run("readwrite", (store) => store.put({ key, account, file } satisfies Kept)).catch(() => {});
}

export async function find(key: string): Promise<File | null> {
  const kept = await run<Kept | undefined>("readonly", (store) => store.get(key)).catch(() => undefined);
  return kept?.file ?? null;
}

export async function drop(key: string): Promise<void> {
  await run("readwrite", (store) => store.delete(key)).catch(() => {});
}

/** Throws away what no message of this account waits for any more. */
export async function sweep(account: number, wanted: ReadonlySet<string>): Promise<void> {
  const all = await run<Kept[]>("readonly", (store) => store.getAll()).catch(() => []);
  for (const { key, account: whose } of all) if (whose === account && !wanted.has(key)) await drop(key);
}
