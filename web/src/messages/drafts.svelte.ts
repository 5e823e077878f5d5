/** What was typed and not sent, per account and conversation, as this browser has it; survives reload. */

/** Drafts longer than this, in UTF-16 units, are kept in this tab only. */
const MAX_STORED = 20_000;

/** What this browser knows of a draft. */
export interface Kept {
  text: string;
  /** When it was typed here, in milliseconds since 1970; 0 for what was typed elsewhere. */
  at: number;
  /** The server does not have it yet. */
  dirty: boolean;
  /** The server will not take this text. */
  refused?: boolean;
}

let known = $state<Record<string, string>>({});
/** What is too long to be stored; at most one for each conversation that was typed in since the page was loaded. */
const long = new Map<string, Kept>();
let listener: ((conversation: number) => void) | null = null;

function prefixOf(account: number): string {
  return `rookery.draft.${account}.`;
}

function parse(stored: string | null): Kept | null {
  if (stored === null) return null;
  try {
    const value: unknown = JSON.parse(stored);
    if (typeof value === "object" && value !== null && "text" in value) return value as Kept;
  } catch {
    // Kept as plain text, by an earlier version.
  }
  return { text: stored, at: 0, dirty: true };
}

// Another tab of this browser has typed, or sent what was typed here.
globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  if (key === null || !(key in known)) return;
  const theirs = parse(newValue);
  // The other tab never saw what is too long here: only what was typed after it stands.
  if ((theirs?.at ?? 0) < (long.get(key)?.at ?? 0)) return;
  long.delete(key);
  known[key] = theirs?.text ?? "";
});

export function draft(account: number, conversation: number): string {
  const key = prefixOf(account) + conversation;
  return known[key] ?? parse(localStorage.getItem(key))?.text ?? "";
}

/** Keeps what was typed here; whoever listens brings it to the other devices. */
export function keepDraft(account: number, conversation: number, text: string): void {
  store(account, conversation, { text, at: Date.now(), dirty: true });
  listener?.(conversation);
}

/** Told of every conversation that something was typed in, in this tab. */
export function onTyped(told: ((conversation: number) => void) | null): void {
  listener = told;
}

export function kept(account: number, conversation: number): Kept | null {
  const key = prefixOf(account) + conversation;
  return long.get(key) ?? parse(localStorage.getItem(key));
}

/** Conversations of which this browser keeps something. */
export function keptIn(account: number): number[] {
  const prefix = prefixOf(account);
  const keys = [...Object.keys(localStorage), ...long.keys()].filter((key) => key.startsWith(prefix));
  return keys.map((key) => Number(key.slice(prefix.length)));
}

export function store(account: number, conversation: number, draft: Kept | null): void {
  const key = prefixOf(account) + conversation;
  const text = draft?.text ?? "";
  // Read again here: the others of this browser are told by the browser itself.
  if (known[key] !== text) known[key] = text;
  const tooLong = draft !== null && text.length > MAX_STORED;
  if (tooLong) long.set(key, draft);
  else long.delete(key);
  if (draft === null || tooLong) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(draft));
}
