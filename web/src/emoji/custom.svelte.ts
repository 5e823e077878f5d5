/**
 * Custom emoji and stickers that the reader may use, as of when they were last asked for. There is no event: pickers ask
 * when they are opened. Texts carry what they show; a reaction carries a name, which is looked up here.
 */
import { listEmoji } from "../api/emoji";
import { isProblem } from "../api/problem";
import type { Emoji } from "../api/types";

/** A list younger than this is not asked for again. */
const FRESH_MS = 30_000;

let list = $state.raw<readonly Emoji[]>([]);
let asked = -Infinity;

export const custom = {
  get list(): readonly Emoji[] {
    return list;
  },
};

/** Those of the site, and of the group that is open. */
export function usableIn(conversation: number, kind: Emoji["kind"]): Emoji[] {
  const here = list.filter((one) => one.kind === kind && (!one.group_id || one.group_id === conversation));
  // In a group its own come before the site's of the same name.
  const own = new Set(here.filter((one) => one.group_id).map((one) => one.name));
  return here.filter((one) => one.group_id || !own.has(one.name));
}

/** The picture of a custom emoji in a conversation, by its name. */
export function pictureOf(conversation: number, name: string): Emoji | undefined {
  return usableIn(conversation, "emoji").find((one) => one.name === name);
}

/** Names that a message shows and the list did not have, and when they were asked for. */
const missed = new Map<string, number>();
/** More names than these are forgotten, and so asked for again. */
const MOST_MISSED = 500;

/** A message shows an emoji that is not in the list: it may be a new one, or it was removed. */
export function wantPicture(name: string, now: number): void {
  if (now - (missed.get(name) ?? -Infinity) < FRESH_MS) return;
  if (missed.size >= MOST_MISSED) missed.clear();
  missed.set(name, now);
  if (asking === 0) void refreshCustom(now, true);
}

/** Requests under way. */
let asking = 0;

export async function refreshCustom(now: number, always = false): Promise<void> {
  if (!always && now - asked < FRESH_MS) return;
  asked = now;
  asking++;
  try {
    list = await listEmoji();
  } catch (error) {
    asked = -Infinity;
    // Without an answer the list stays as it was; the next opening asks again.
    if (!isProblem(error)) throw error;
  } finally {
    asking--;
  }
}
