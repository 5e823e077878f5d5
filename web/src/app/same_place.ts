/**
 * Where somebody has read to, carried from one drawing of a page to another: both say the same in different boxes, so
 * what counts is which paragraph stands where.
 */

const BLOCKS = ["h1", "h2", "h3", "p", "pre", "li"];

export interface Mark {
  text: string;
  /** From the top of the window, in pixels. */
  top: number;
}

const textOf = (element: Element) => element.textContent?.trim() ?? "";

/** What stands on the server's page, the nearest to the window's top first; empty where nothing was scrolled. */
export function marksOf(target: HTMLElement): Mark[] {
  const page = target.querySelector(".doc");
  if (!page?.scrollTop) return [];
  const blocks = [...page.querySelectorAll(BLOCKS.map((one) => `main ${one}`).join())];
  const marks = blocks.map((one) => ({ text: textOf(one), top: one.getBoundingClientRect().top }));
  return marks.filter(({ text }) => text).sort((a, b) => Math.abs(a.top) - Math.abs(b.top));
}

/** Scrolls the client's pane so that the first mark that it has as well stands where it stood. */
export function scrollTo(place: HTMLElement, marks: readonly Mark[]): void {
  if (marks.length === 0) return;
  const found = new Map<string, Element>();
  for (const one of place.querySelectorAll(BLOCKS.map((name) => `.scroll ${name}`).join())) {
    if (!found.has(textOf(one))) found.set(textOf(one), one);
  }
  const mark = marks.find(({ text }) => found.has(text));
  const block = mark && found.get(mark.text);
  if (block) block.closest(".scroll")!.scrollTop += block.getBoundingClientRect().top - mark.top;
}
