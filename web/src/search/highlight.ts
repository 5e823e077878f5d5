/** A found text in pieces, some of them marked. Pure. */

export interface Piece {
  text: string;
  marked: boolean;
}

/** Characters before the first marked one, of a text that is cut. */
const LEAD = 12;
/** Characters of an excerpt at most. */
const LONGEST = 120;

/**
 * `ranges` count Unicode scalar values, as the server does; ascending, not overlapping. A long text is cut to the part
 * around the first of them. Line breaks are shown as blanks.
 */
export function excerpt(text: string, ranges: readonly (readonly number[])[]): Piece[] {
  const chars = Array.from(text);
  const first = ranges[0]?.[0] ?? 0;
  const start = chars.length > LEAD * 3 && first > LEAD * 2 ? first - LEAD : 0;
  const end = Math.min(chars.length, start + LONGEST);
  const pieces: Piece[] = [];
  const add = (from: number, to: number, marked: boolean) => {
    const part = chars.slice(Math.max(from, start), Math.min(to, end)).join("");
    if (part) pieces.push({ text: part.replace(/\s+/g, " "), marked });
  };
  if (start > 0) pieces.push({ text: "…", marked: false });
  let at = start;
  for (const [from = 0, to = 0] of ranges) {
    add(at, from, false);
    add(from, to, true);
    at = Math.max(at, to);
  }
  add(at, chars.length, false);
  if (end < chars.length) pieces.push({ text: "…", marked: false });
  return pieces;
}
