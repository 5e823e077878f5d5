/** The current place, and going to another one. */
import { type Route, type RouteName, href, match } from "./routes";

let path = $state(location.pathname);
let search = $state(location.search);

const route = $derived<Route>(match(path));
const query = $derived(new URLSearchParams(search));

function follow(): void {
  path = location.pathname;
  search = location.search;
}

window.addEventListener("popstate", follow);

export const router = {
  get route(): Route {
    return route;
  },
  get query(): URLSearchParams {
    return query;
  },
};

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
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  follow();
}

/** Follows links inside the client without loading a page. */
export function onLinkClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  const link = (event.target as Element).closest("a");
  if (!link || link.target || link.origin !== location.origin || link.hasAttribute("download")) return;
  if (!/^\/(chats|contacts|groups|settings|login|register|setup)(\/|$)/.test(link.pathname)) return;
  event.preventDefault();
  goTo(link.pathname + link.search);
}
