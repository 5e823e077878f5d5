/** What is being written, on this device: until the server has it, also when the tab is closed or the session is over. */
import type { Fields } from "./autosave";

export interface Kept {
  fields: Fields;
  /** In milliseconds since 1970. */
  at: number;
  /** Of the article, when the writing began; 0 of a new one. */
  revision: number;
  /** Under which a new one is made, so that it is made once. */
  client_id: string;
}

/** Of an account. Beyond them the oldest goes. */
const MOST = 10;

const prefix = (me: number) => `rookery.article.${me}.`;
const keyOf = (me: number, article: number) => `${prefix(me)}${article || "new"}`;

/** `article` is 0 for a new one. */
export function keptOf(me: number, article: number): Kept | null {
  return read(keyOf(me, article));
}

/** False when this device does not keep it. */
export function keepArticle(me: number, article: number, kept: Kept | null): boolean {
  try {
    const key = keyOf(me, article);
    if (!kept) localStorage.removeItem(key);
    else {
      localStorage.setItem(key, JSON.stringify(kept));
      prune(me, key);
    }
    return true;
  } catch {
    // Full, or not allowed.
    return false;
  }
}

function prune(me: number, current: string): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix(me)) && key !== current);
  if (keys.length < MOST) return;
  const oldest = keys.sort((a, b) => (read(a)?.at ?? 0) - (read(b)?.at ?? 0));
  for (const key of oldest.slice(0, keys.length - MOST + 1)) localStorage.removeItem(key);
}

function read(key: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
    return kept && typeof kept.fields?.text === "string" ? kept : null;
  } catch {
    return null;
  }
}

const commentKey = (me: number, article: number) => `rookery.comment.${me}.${article}`;
/** Drafts of comments are kept for so many articles. */
const MOST_COMMENTED = 30;

/** The comment that is being written to an article: `parent` is the one that it answers, or 0. */
export function keptComment(me: number, article: number, parent: number): string {
  return comments(me, article)[parent] ?? "";
}

export function keepComment(me: number, article: number, parent: number, text: string): void {
  const { [parent]: _former, ...rest } = comments(me, article);
  const next = text.trim() === "" ? rest : { ...rest, [parent]: text };
  try {
    const key = commentKey(me, article);
    if (Object.keys(next).length === 0) return localStorage.removeItem(key);
    localStorage.setItem(key, JSON.stringify(next));
    const all = Object.keys(localStorage).filter((one) => one.startsWith(`rookery.comment.${me}.`));
    for (const one of all.slice(0, Math.max(0, all.length - MOST_COMMENTED))) {
      if (one !== key) localStorage.removeItem(one);
    }
  } catch {
    // Then it lasts as long as the page.
  }
}

function comments(me: number, article: number): Record<number, string> {
  try {
    return JSON.parse(localStorage.getItem(commentKey(me, article)) ?? "{}") as Record<number, string>;
  } catch {
    return {};
  }
}
