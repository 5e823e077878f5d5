/**
 * Which conversations are open and seen in any tab of this browser. A tab says so by a shared lock, which goes by itself
 * when the tab does, so that nobody is told of for ever who is not there any more.
 */

function lockOf(account: number, conversation: number): string {
  return `rookery.watching.${account}.${conversation}`;
}

/** This tab shows the conversation, until the returned function is called. */
export function watching(account: number, conversation: number): () => void {
  const { locks } = navigator;
  if (!locks) return () => {};
  const abort = new AbortController();
  let release = () => {};
  locks
    .request(lockOf(account, conversation), { mode: "shared", signal: abort.signal }, () => {
      if (abort.signal.aborted) return undefined;
      return new Promise<void>((resolve) => (release = resolve));
    })
    // The only way to fail is being aborted below.
    .catch(() => {});
  return () => {
    abort.abort();
    release();
  };
}

/** Whether any tab shows the conversation. */
export async function isWatched(account: number, conversation: number): Promise<boolean> {
  const held = (await navigator.locks?.query())?.held ?? [];
  return held.some((lock) => lock.name === lockOf(account, conversation));
}
