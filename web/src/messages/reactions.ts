/** Reactions: putting one's own on a message, and telling whose they are. */
import { setReaction } from "../api/acts";
import type { Message } from "../api/types";

/** The name of a custom emoji, from `:name:`; undefined for every other. */
export function customName(emoji: string): string | undefined {
  return /^:(.+):$/u.exec(emoji)?.[1];
}

/** Puts it there, or takes it back. */
export function toggleReaction(message: Message, emoji: string, me: number): Promise<void> {
  const isThere = message.reactions?.some((one) => one.emoji === emoji && one.user_ids.includes(me));
  return setReaction(message, emoji, !isThere);
}

/**
 * Those whose names can be said, oneself first, at most so many; and how many others there are. `called` is undefined
 * for whoever is not known here.
 */
export function whoReacted(
  users: readonly number[],
  me: number,
  called: (user: number) => string | undefined,
  most: number,
): { names: string[]; others: number } {
  const ordered = [...users].sort((a, b) => Number(b === me) - Number(a === me));
  const names = ordered.flatMap((user) => called(user) ?? []).slice(0, most);
  return { names, others: users.length - names.length };
}
