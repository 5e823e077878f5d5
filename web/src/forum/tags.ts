/** Tags as they are typed. Pure. */

export const MAX_TAGS = 10;
export const MAX_CHARS = 32;

/** What ends a tag while it is typed, on Chinese keyboards too. */
const ENDS = /[,，、;；\n]/;

/** `words` put to those that are there: in small letters, none twice, no more than there may be. */
export function withTags(tags: readonly string[], words: string): string[] {
  const typed = words
    .split(ENDS)
    .map((one) => one.trim().replace(/^#+/, "").replace(/\s+/g, " ").toLocaleLowerCase())
    .map((one) => Array.from(one).slice(0, MAX_CHARS).join("").trim())
    .filter((one) => one !== "");
  return [...new Set([...tags, ...typed])].slice(0, MAX_TAGS);
}

export function endsTag(words: string): boolean {
  return ENDS.test(words);
}
