/** The current place, and going to another one. */
import { type Route, type RouteName, href, match } from "./routes";

let path = $state(location.pathname);
let search = $state(location.search);

const route = $derived<Route>(match(path));
const query = $derived(new URLSearchParams(search));

/** Counts every going anywhere, also to the same place again. */
let visit = $state(0);
/** What was noted when the reader left the place that they came back to; null when they come anew. */
let noted: unknown = history.state;
let note: (() => unknown) | null = null;

/** Takes away what lies over the page. */
let uncover: (() => void) | null = null;
/** It was taken away by itself; going back over its entry is still to come. */
let uncovered = false;

function follow(): void {
  if (uncovered) {
    uncovered = false;
    return;
  }
  if (uncover) {
    uncover();
    uncover = null;
    return;
  }
  path = location.pathname;
  search = location.search;
  noted = history.state;
  visit++;
}

window.addEventListener("popstate", follow);

export const router = {
  get route(): Route {
    return route;
  },
  get query(): URLSearchParams {
    return query;
  },
  get visit(): number {
    return visit;
  },
  get noted(): unknown {
    return noted;
  },
};

/**
 * Something lies over the page, and going back takes it away and goes nowhere: `taken` is told. Returns how it is
 * taken away otherwise.
 */
export function coverPage(taken: () => void): () => void {
  history.pushState(history.state, "");
  uncover = taken;
  return () => {
    if (uncover !== taken) return;
    uncover = null;
    uncovered = true;
    history.back();
  };
}

/** What is to be noted of this place when the reader goes on from it. Returns the end of it. */
export function noteOnLeaving(what: () => unknown): () => void {
  note = what;
  return () => {
    if (note === what) note = null;
  };
}

export function go(
  name: RouteName,
  id?: number,
  options?: { replace?: boolean; query?: Record<string, string> },
): void {
  const suffix = options?.query ? `?${new URLSearchParams(options.query)}` : "";
  goTo(href(name, id) + suffix, options?.replace);
}

/** `to` is a local path. */
export function goTo(to: string, replace = false): void {
  const same = to === location.pathname + location.search;
  if (note && !replace && !same) history.replaceState(note(), "");
  history[replace || same ? "replaceState" : "pushState"](null, "", to);
  follow();
}

/** Follows links inside the client without loading a page. */
export function onLinkClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  const link = (event.target as Element).closest("a");
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
  if (!/^\/(admin|cases|chats|contacts|groups|join|settings|login|register|setup)(\/|$)/.test(link.pathname))
    return;
  event.preventDefault();
  goTo(link.pathname + link.search);
}
