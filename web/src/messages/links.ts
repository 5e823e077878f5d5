/** Finds web addresses in a text, so that they can be followed. Pure; what is no address stays text. */

export type Part = { text: string; url?: string };

// Addresses end before white space, quotes, brackets and Chinese punctuation.
const ADDRESS = /https?:\/\/[^\s<>"'`，。；！？、）】》」』”’]+/g;

export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    // A full stop or a closing bracket after an address belongs to the sentence.
    const url = found[0].replace(/[.,;:!?)\]}]+$/, "");
    if (!URL.canParse(url)) continue;
    if (found.index > end) parts.push({ text: text.slice(end, found.index) });
    parts.push({ text: url, url });
    end = found.index + url.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}
