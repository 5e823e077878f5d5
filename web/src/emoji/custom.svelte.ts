/**
 * Custom emoji and stickers that the reader may use, as of when they were last asked for. There is no event: pickers ask
 * when they are opened, and messages carry what they show.
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

export async function refreshCustom(now: number, always = false): Promise<void> {
  if (!always && now - asked < FRESH_MS) return;
  asked = now;
  try {
    list = await listEmoji();
  } catch (error) {
    asked = -Infinity;
    // Without an answer the list stays as it was; the next opening asks again.
    if (!isProblem(error)) throw error;
  }
}
