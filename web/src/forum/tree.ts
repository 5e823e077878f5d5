/**
 * Comments in reading order: every answer behind its parent, depth first. The server sends them so, and what happens to
 * one keeps them so. Pure.
 */
import type { Comment } from "../api/types";

/** Deeper answers are shown at this depth. */
export const MAX_DEPTH = 6;

type Comments = readonly Comment[];

/** Where the answers to the comment at `at` end. */
function endOf(list: Comments, at: number): number {
  const depth = list[at]?.depth ?? 0;
  let end = at + 1;
  while (end < list.length && (list[end]?.depth ?? 0) > depth) end++;
  return end;
}

/** How many answers a comment has, over all depths. */
export function answersTo(list: Comments, id: number): number {
  const at = list.findIndex((one) => one.id === id);
  return at < 0 ? 0 : endOf(list, at) - at - 1;
}

/** What is shown while the answers to some are folded away. */
export function unfolded(list: Comments, folded: ReadonlySet<number>): Comment[] {
  const shown: Comment[] = [];
  for (let at = 0; at < list.length;) {
    const one = list[at];
    if (!one) break;
    shown.push(one);
    at = folded.has(one.id) ? endOf(list, at) : at + 1;
  }
  return shown;
}

/** A further page. A comment that is there already stays where it is. */
export function withComments(list: Comments, page: Comments): Comment[] {
  const known = new Set(list.map((one) => one.id));
  return [...list, ...page.filter((one) => !known.has(one.id))];
}

/**
 * A comment that was not there, or another version of one that is. A new answer comes behind all answers to the same
 * comment; a new comment of its own comes first or last, as is wanted. An answer whose parent is not there is left out:
 * its page has not come yet.
 */
export function withComment(list: Comments, comment: Comment, where: "first" | "last" = "last"): Comments {
  if (list.some((one) => one.id === comment.id)) {
    return list.map((one) => (one.id === comment.id ? comment : one));
  }
  if (!comment.parent_id) return where === "first" ? [comment, ...list] : [...list, comment];
  const parent = list.findIndex((one) => one.id === comment.parent_id);
  if (parent < 0) return list;
  const end = endOf(list, parent);
  return [...list.slice(0, end), comment, ...list.slice(end)];
}

/** A deleted comment that has answers keeps its place, empty; another one goes. */
export function withoutComment(list: Comments, id: number): Comments {
  const at = list.findIndex((one) => one.id === id);
  const gone = list[at];
  if (!gone) return list;
  if (endOf(list, at) === at + 1) return list.toSpliced(at, 1);
  const tombstone: Comment = {
    ...gone,
    author: null,
    text: "",
    html: "",
    status: "deleted",
    likes: 0,
    liked: false,
    may: { edit: false, delete: false, moderate: false },
  };
  return list.with(at, tombstone);
}

/** Those under which a comment lies, the outermost first. */
export function ancestorsOf(list: Comments, id: number): number[] {
  const found: number[] = [];
  let at = list.find((one) => one.id === id)?.parent_id ?? null;
  while (at !== null && found.length < 100) {
    found.unshift(at);
    const parent = list.find((one) => one.id === at);
    at = parent?.parent_id ?? null;
  }
  return found;
}
