/** What only one tab of this browser may do. Without Web Locks (a page that is not secure) each tab is on its own. */

const here = new Set<string>();

/** Takes a name if nobody has it: resolves to how it is let go, or to null. */
export function takeNow(name: string): Promise<(() => void) | null> {
  return hold(name, { ifAvailable: true });
}

/** Takes a name as soon as nobody else has it; null when no longer wanted. */
export function takeLater(name: string, signal: AbortSignal): Promise<(() => void) | null> {
  return hold(name, { signal }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
}

function hold(name: string, options: LockOptions): Promise<(() => void) | null> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (!locks) return Promise.resolve(holdHere(name));
  return new Promise((resolve, reject) => {
    locks
      .request(name, options, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}

function holdHere(name: string): (() => void) | null {
  if (here.has(name)) return null;
  here.add(name);
  return () => void here.delete(name);
}
