/** Links to articles of this site, in texts. Pure. */

/** The article that a text links to first; 0 where it links to none. */
export function articleIn(text: string, origin: string): number {
  const start = `${origin}/forum/articles/`;
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    const found = /^([1-9]\d{0,15})(?![\w/-])/.exec(text.slice(at + start.length, at + start.length + 20));
    if (found) return Number(found[1]);
  }
  return 0;
}
