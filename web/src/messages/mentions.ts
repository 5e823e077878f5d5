/** Naming people in a text. Pure. */
import type { Conversation, FoundMember, Mention, Message } from "../api/types";
import { nameOf } from "../state/select";
import type { State } from "../state/state";

/** As the server has them. */
export const EVERYBODY = ["@全体成员", "@所有人", "@all"] as const;
/** As many as one message may mention. */
const MOST = 50;
/** What is looked for is not longer. */
const MAX_QUERY = 32;

export interface Query {
  /** Where the `@` or `:` stands. */
  start: number;
  sign: "@" | ":";
  words: string;
}

/** What is being typed right before the caret: `@an` or `:par`. */
export function queryAt(text: string, caret: number): Query | null {
  const before = text.slice(Math.max(0, caret - MAX_QUERY - 2), caret);
  const found = /(^|[^A-Za-z0-9:/@])([@:])([^\s@:]*)$/u.exec(before);
  if (!found) return null;
  const [, , sign = "", words = ""] = found;
  // `:)` and `:` alone are no names of emoji; "8:30" is none either, by the character before.
  if (sign === ":" && !/^[\p{L}\p{N}_]{2,}$|^\p{Script=Han}$/u.test(words)) return null;
  return { start: caret - words.length - 1, sign: sign as "@" | ":", words };
}

/**
 * Whom a text names: of those chosen, and of those known, who are named in it. Where two have one name, the chosen one is
 * meant.
 */
export function mentionsIn(text: string, chosen: readonly Mention[], known: readonly Mention[]): Mention[] {
  const byName = new Map<string, Mention>();
  for (const one of [...known, ...chosen]) if (one.name !== "") byName.set(one.name, one);
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  const found = new Map<number, Mention>();
  for (const at of text.matchAll(/(?<![A-Za-z0-9])@/g)) {
    const rest = text.slice(at.index + 1);
    const name = names.find((name) => rest.startsWith(name) && !goesOn(name, rest.slice(name.length)));
    const mention = name === undefined ? undefined : byName.get(name);
    if (mention && found.size < MOST) found.set(mention.user_id, mention);
  }
  return [...found.values()];
}

/** "@anna" is not "@ann". */
function goesOn(name: string, rest: string): boolean {
  return /[A-Za-z0-9]$/.test(name) && /^[A-Za-z0-9]/.test(rest);
}

export function namesEverybody(text: string): boolean {
  return EVERYBODY.some((name) => text.includes(name));
}

/** Somebody who can be named; everybody at once has no number. */
export interface Candidate extends Mention {
  hint: string;
}

/** What members are called in front of everybody: not by the reader's own remarks. */
export function known(state: State, conversation: Conversation): Mention[] {
  if (conversation.kind === "group") {
    return Object.values(state.members[conversation.id] ?? {}).map(({ user, nickname }) => ({
      user_id: user.id,
      name: nickname || user.name,
    }));
  }
  const { peer } = conversation;
  return peer ? [{ user_id: peer.id, name: peer.name }] : [];
}

export function mayNameEverybody(conversation: Conversation): boolean {
  const role = conversation.kind === "group" ? conversation.member?.role : undefined;
  return role === "owner" || role === "admin";
}

/**
 * Those whose name, remark or username has the words; whose name begins so comes first. `all` is what everybody is called.
 * After them stand those whom the server has `found`: by what a name sounds like, or who are not held here.
 */
export function candidates(
  state: State,
  conversation: Conversation,
  words: string,
  all: string,
  found: readonly FoundMember[] = [],
): Candidate[] {
  const wanted = words.toLocaleLowerCase();
  const rank = (texts: string[]) =>
    texts.some((text) => text.startsWith(wanted)) ? 0 : texts.some((text) => text.includes(wanted)) ? 1 : 2;
  const everybody = mayNameEverybody(conversation) ? [{ user_id: 0, name: all, hint: `@${all}` }] : [];
  const here = [
    ...everybody,
    ...known(state, conversation)
      .filter((one) => one.user_id !== state.me.id)
      .map((one) => ({ ...one, hint: hintOf(state, conversation, one) })),
  ]
    .map((one) => ({ one, at: rank([one.name, one.hint].map((text) => text.toLocaleLowerCase())) }))
    .filter(({ at }) => at < 2)
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
  const shown = new Set([state.me.id, ...here.map((one) => one.user_id)]);
  const more = found.map(({ member: { user, nickname }, remark }) => ({
    user_id: user.id,
    name: nickname || user.name,
    hint: remark || user.username,
  }));
  return [...here, ...more.filter((one) => !shown.has(one.user_id))];
}

/** The reader's own name for somebody, else the username. */
function hintOf(state: State, conversation: Conversation, one: Mention): string {
  const own = nameOf(state, one.user_id, conversation.id);
  if (own && own !== one.name) return own;
  return (state.members[conversation.id]?.[one.user_id]?.user ?? state.users[one.user_id])?.username ?? "";
}

/** What goes with a text that names people. Whom the message named `before` it was edited it may go on naming. */
export function mentionExtra(
  state: State,
  conversation: Conversation,
  text: string,
  chosen: readonly Mention[],
  before?: Pick<Message, "mentions" | "mentions_all">,
): { mentions?: Mention[]; mentions_all?: boolean } {
  if (!text.includes("@")) return {};
  const named = [...(before?.mentions ?? []), ...chosen];
  const mentions = mentionsIn(text, named, known(state, conversation));
  const mayNameAll = before?.mentions_all || mayNameEverybody(conversation);
  const everybody = mayNameAll && namesEverybody(text);
  return {
    ...(mentions.length > 0 ? { mentions } : {}),
    ...(everybody ? { mentions_all: true } : {}),
  };
}
