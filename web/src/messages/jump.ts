/** Going to a message, from anywhere in the client: a quote, a search result, a pin, a mention, a link. */
import { go } from "../app/router.svelte";
import { href } from "../app/routes";

/** Opens the conversation at a message, which lights up for a moment. Back leads to where the reader was. */
export function jumpTo(conversation: number, seq: number): void {
  go("chat", conversation, { query: { at: String(seq) } });
}

/** The address of a message, for links. */
export function messageHref(conversation: number, seq: number): string {
  return `${href("chat", conversation)}?at=${seq}`;
}
