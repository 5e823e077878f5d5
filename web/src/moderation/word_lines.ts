/** The list of words as lines of text, for writing many at once. Pure. */
import type { Word, WordAction } from "../api/types";

/** The list has no more. */
export const MAX_WORDS = 2_000;
/** As the server counts, in characters. */
export const MAX_PATTERN = 64;

/**
 * One word a line: `word`, or `word => replacement`; with an action in front as in `refuse: word`. What is said of none
 * gets `otherwise`. Empty lines are passed over, and so is what is too long; of the same word twice the last counts.
 */
export function wordsOf(text: string, otherwise: WordAction): { words: Word[]; dropped: number } {
  const found = new Map<string, Word>();
  let dropped = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const [, said, rest = line] = /^\s*(hold|replace|refuse)\s*[:：](.*)$/.exec(line) ?? [];
    const [, left = rest, right] = /^(.*?)=>(.*)$/.exec(rest) ?? [];
    const pattern = left.trim();
    const replacement = right?.trim();
    const action = replacement === undefined ? ((said as WordAction | undefined) ?? otherwise) : "replace";
    if (!pattern || length(pattern) > MAX_PATTERN || length(replacement ?? "") > MAX_PATTERN) {
      dropped++;
      continue;
    }
    found.delete(keyOf(pattern));
    found.set(keyOf(pattern), { pattern, action, ...(replacement && { replacement }) });
  }
  return { words: [...found.values()], dropped };
}

/** `more` comes to `words`; of a word that is there already, what is new holds. */
export function joined(words: readonly Word[], more: readonly Word[]): Word[] {
  const known = new Map(more.map((word) => [keyOf(word.pattern), word]));
  const kept = words.map((word) => {
    const other = known.get(keyOf(word.pattern));
    known.delete(keyOf(word.pattern));
    return other ?? word;
  });
  return [...kept, ...known.values()];
}

/** The server folds more than this; what it then finds twice it says. */
export function keyOf(pattern: string): string {
  return pattern.normalize("NFKC").toLowerCase();
}

function length(text: string): number {
  return [...text].length;
}
