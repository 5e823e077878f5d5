/**
 * Pages that the server has drawn already stay on the screen until the client has their data: then it takes their place
 * in one step, so that nothing blinks. Until then the client stands outside of the document, and what is typed into the
 * server's form is handed over to the client's.
 */
import { tick } from "svelte";
import { marksOf, scrollTo } from "./same_place";
import { type Typed, typedIn } from "./typed";

/** Without the first data for this long, the client shows itself as it is. */
const PATIENCE_MS = 8_000;

let arrived = () => {};
const first = new Promise<void>((resolve) => (arrived = resolve));
let took = () => {};
let taken = Promise.resolve();
let waits = $state(false);
/** What was typed, and on which page; null where nothing was, or when it is handed over. */
let typed: { path: string; typed: Typed } | null = null;

export const takeover = {
  /** What is seen is still the server's. */
  get waits(): boolean {
    return waits;
  },
};

/** The page that is open has what it shows, or knows why not. Called again, it does nothing. */
export function firstDataIsHere(): void {
  arrived();
}

/** The client is what is seen: what measures, scrolls or looks for elements waits for it. */
export function takenOver(): Promise<void> {
  return taken;
}

/** What was typed into the server's form of this page, to the first who asks; null where nothing was. */
export async function typedBefore(): Promise<Typed | null> {
  await taken;
  const kept = typed;
  typed = null;
  return kept?.path === location.pathname ? kept.typed : null;
}

/** The page stays as it is for now, with its title. Before the client is mounted. */
export function keepDrawn(): void {
  waits = true;
  taken = new Promise((resolve) => (took = resolve));
}

/** Puts the client, which is mounted in `place`, where the server's page is, when it is ready. */
export async function takeOver(
  target: HTMLElement,
  place: HTMLElement,
  ready: Promise<unknown>,
): Promise<void> {
  const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([Promise.all([first, ready]), patience]);
  await tick();
  // Noted by `theme_boot.js`, from before the client was there.
  const { classList } = document.documentElement;
  if (classList.contains("composing")) {
    await new Promise((resolve) => addEventListener("compositionend", resolve, { once: true }));
    // The field gets what was composed after it is told that it is.
    await new Promise((resolve) => setTimeout(resolve));
  }
  // The answer to the form is the next page.
  if (classList.contains("sent")) return;
  const found = typedIn(target);
  typed = found && { path: location.pathname, typed: found };
  const marks = marksOf(target);
  target.replaceChildren(place);
  scrollTo(place, marks);
  waits = false;
  took();
}
