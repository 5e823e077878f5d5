/** What was typed and not sent, per account and conversation; survives reload. */

/** Drafts longer than this are kept on the screen only. */
const MAX_STORED = 20_000;

let known = $state<Record<string, string>>({});

function keyOf(account: number, conversation: number): string {
  return `rookery.draft.${account}.${conversation}`;
}

// Another tab of this browser has typed, or sent what was typed here.
globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  if (key !== null && key in known) known[key] = newValue ?? "";
});

export function draft(account: number, conversation: number): string {
  const key = keyOf(account, conversation);
  return known[key] ?? localStorage.getItem(key) ?? "";
}

export function keepDraft(account: number, conversation: number, text: string): void {
  const key = keyOf(account, conversation);
  known[key] = text;
  if (text.trim() === "" || text.length > MAX_STORED) localStorage.removeItem(key);
  else localStorage.setItem(key, text);
}
