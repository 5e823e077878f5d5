/** The rules of the composer. Pure. */

/** Unicode scalar values, as the server counts. */
export const MAX_CHARS = 10_000;
/** The counter shows from here on. */
export const COUNTER_FROM = 9_500;

/** Unpaired surrogates count as one, as everything else does. */
export function countChars(text: string): number {
  // A text has at most as many characters as code units: the exact count is only needed near the limit.
  return text.length < COUNTER_FROM ? text.length : [...text].length;
}

/** What would be sent: trimmed; null when blank or too long. */
export function sendable(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" || countChars(trimmed) > MAX_CHARS ? null : trimmed;
}

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/**
 * Enter sends, Shift+Enter breaks the line. While an input method is composing, Enter belongs to it; 229 is what a key
 * reports when an input method has taken it, also in browsers that end the composition before the key comes.
 */
export function isSend(press: KeyPress): boolean {
  if (press.key !== "Enter" || press.isComposing || press.keyCode === 229) return false;
  return !press.shiftKey && !press.altKey && !press.ctrlKey && !press.metaKey;
}

/** What is in the box, and on a new line what comes to it. */
export function behind(text: string, more: string): string {
  return text.trim() === "" ? more : `${text.trimEnd()}\n${more}`;
}
