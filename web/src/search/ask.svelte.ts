/** What is being searched for: typed in the box over the chats, asked from a conversation's header, or by a key. */
import { go, router } from "../app/router.svelte";

export type Kind = "messages" | "articles" | "comments" | "people" | "groups" | "files";
/** Ages that can be chosen, and a time of one's own. */
export type When = "any" | "day" | "week" | "month" | "year" | "own";

export interface Filters {
  /** A conversation, 0 for all. */
  where: number;
  /** A person, 0 for everybody. */
  who: number;
  when: When;
  /** Dates of this device's calendar, for `own`; empty for open ends. */
  from: string;
  until: string;
  hasFile: boolean;
}

const NONE: Filters = { where: 0, who: 0, when: "any", from: "", until: "", hasFile: false };

/** One for the whole client: it outlives the list, which a phone takes away when a chat is opened. */
class Ask {
  words = $state("");
  kind = $state<Kind | null>(null);
  filters = $state<Filters>({ ...NONE });
  /** The box is to take the focus, as soon as it is there. */
  wanted = $state(false);

  /** Whether results are shown instead of the list. */
  get active(): boolean {
    return this.words.trim() !== "" || this.filtered;
  }

  get filtered(): boolean {
    const { where, who, when, hasFile } = this.filters;
    return where !== 0 || who !== 0 || when !== "any" || hasFile;
  }

  /** Opens the box, for one conversation only if `where` is given. */
  open(where = 0): void {
    if (where !== 0) {
      this.kind = null;
      this.filters = { ...NONE, where };
    }
    const narrow = matchMedia("(max-width: 768px)").matches;
    const listed = router.route.name.startsWith("chat");
    if (!listed || (narrow && router.route.name !== "chats")) go("chats");
    this.wanted = true;
  }

  clearFilters(): void {
    this.filters = { ...NONE };
  }

  clear(): void {
    this.words = "";
    this.kind = null;
    this.clearFilters();
  }
}

export const ask = new Ask();

/** Where, by whom and when only narrows what was said in conversations. */
export function hasFilters(kind: Kind | null): boolean {
  return kind === null || kind === "messages" || kind === "files";
}

/** Ctrl+K, or Cmd+K on a Mac. */
export function onSearchKey(event: KeyboardEvent): void {
  if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey) return;
  if (event.ctrlKey === event.metaKey) return;
  event.preventDefault();
  ask.open();
}
