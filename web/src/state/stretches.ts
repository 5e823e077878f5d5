/**
 * Stretches of messages. Each conversation that was opened has its timeline, which ends at the newest message; a reader
 * who is far away from it reads in a second stretch, apart from it. Both are ascending, without a hole, and bounded.
 */
import type { Message, MessagePage } from "../api/types";
import { type State, type Timeline, without } from "./state";

/** A stretch longer than this on the screen is cut down to the messages around its reader. */
export const MOST_SHOWN = 600;
/** What is left of it. */
const KEPT_SHOWN = 400;
/** What a timeline keeps when its reader has gone far up. */
const KEPT_NEWEST = 100;
/** A timeline that nobody looks at grows to this, and is then cut to `KEPT_NEWEST`. */
const MOST_UNSEEN = 2_000;

/** What is on the screen of a conversation. */
export function shownStretch(state: State, id: number): Timeline | undefined {
  return state.detached[id] ?? state.timelines[id];
}

/** Whether a place lies within a stretch. */
export function holds(stretch: Timeline | undefined, seq: number): boolean {
  const first = stretch?.messages[0]?.seq ?? Infinity;
  const last = stretch?.messages.at(-1)?.seq ?? -Infinity;
  return first <= seq && seq <= last;
}

/** What a page's messages answer; or one message that was fetched for its quote. */
export function withQuoted(state: State, id: number, page: Pick<MessagePage, "quoted">): State {
  if (!page.quoted?.length) return state;
  const fresh = Object.fromEntries(page.quoted.map((message) => [message.seq, message]));
  return { ...state, quoted: { ...state.quoted, [id]: { ...state.quoted[id], ...fresh } } };
}

/** A message that is on this device, in whatever stretch. */
export function knownMessage(state: State, id: number, seq: number): Message | undefined {
  for (const stretch of [state.detached[id], state.timelines[id]]) {
    const found = stretch?.messages[indexOf(stretch.messages, seq)];
    if (found?.seq === seq) return found;
  }
  return state.quoted[id]?.[seq];
}

/** The newest page of a conversation: starts its timeline, or starts it over when there is a hole. */
export function withNewest(before: State, id: number, page: MessagePage): State {
  const state = withQuoted(before, id, page);
  const old = state.timelines[id];
  const fresh: Timeline = { messages: page.messages, hasOlder: page.has_more };
  const first = page.messages[0]?.seq;
  const last = old?.messages.at(-1)?.seq;
  if (!old || first === undefined || last === undefined || last < first - 1) {
    return joined(withTimeline(state, id, fresh), id);
  }
  const newest = page.messages.at(-1)?.seq ?? 0;
  const messages = [
    ...old.messages.filter((m) => m.seq < first),
    ...page.messages,
    ...old.messages.filter((m) => m.seq > newest),
  ];
  const hasOlder = messages[0] === page.messages[0] ? page.has_more : old.hasOlder;
  return joined(withTimeline(state, id, { messages, hasOlder }), id);
}

/** A page older than `before`, put in front of the stretch that begins there; of no use when none does any more. */
export function withOlder(old: State, id: number, before: number, page: MessagePage): State {
  const state = withQuoted(old, id, page);
  const longer = (stretch: Timeline | undefined): Timeline | undefined =>
    stretch?.messages[0]?.seq === before
      ? { messages: [...page.messages, ...stretch.messages], hasOlder: page.has_more }
      : undefined;
  const part = longer(state.detached[id]);
  if (part) return withDetached(state, id, part);
  const timeline = longer(state.timelines[id]);
  return timeline ? withTimeline(state, id, timeline) : state;
}

/** A page newer than `after`, put behind the detached stretch that ends there. Where it meets the timeline they join. */
export function withNewer(state: State, id: number, after: number, page: MessagePage): State {
  const part = state.detached[id];
  if (part?.messages.at(-1)?.seq !== after) return state;
  return joined(
    withDetached(withQuoted(state, id, page), id, {
      ...part,
      messages: [...part.messages, ...page.messages],
    }),
    id,
  );
}

/** A page around a message: a stretch of its own, or part of the timeline where they meet. */
export function withAround(state: State, id: number, page: MessagePage): State {
  if (page.messages.length === 0) return state;
  const quoted = withQuoted(state, id, page);
  return joined(withDetached(quoted, id, { messages: page.messages, hasOlder: page.has_more }), id);
}

/** Back to the timeline. */
export function withoutDetached(state: State, id: number): State {
  return state.detached[id] ? { ...state, detached: without(state.detached, id) } : state;
}

/**
 * The end of a stretch that has become too long, cut off behind its reader at `seq`. A timeline keeps its newest
 * messages, and what the reader sees goes on as a detached stretch.
 */
export function cutNewer(state: State, id: number, seq: number): State {
  const stretch = shownStretch(state, id);
  if (!stretch || stretch.messages.length <= MOST_SHOWN) return state;
  const { messages } = stretch;
  const end = Math.max(indexOf(messages, seq) + KEPT_SHOWN / 2, KEPT_SHOWN);
  // Too close to the newest for a hole between the two.
  if (end >= messages.length - KEPT_NEWEST - 1) return state;
  const part = { ...stretch, messages: messages.slice(0, end) };
  if (state.detached[id]) return withDetached(state, id, part);
  const newest = { messages: messages.slice(-KEPT_NEWEST), hasOlder: true };
  return withDetached(withTimeline(state, id, newest), id, part);
}

/** The beginning of a stretch that has become too long, cut off before its reader at `seq`. */
export function cutOlder(state: State, id: number, seq: number): State {
  const stretch = shownStretch(state, id);
  if (!stretch || stretch.messages.length <= MOST_SHOWN) return state;
  const { messages } = stretch;
  const from = Math.min(indexOf(messages, seq) - KEPT_SHOWN / 2, messages.length - KEPT_SHOWN);
  if (from <= 0) return state;
  const rest = { messages: messages.slice(from), hasOlder: true };
  return state.detached[id] ? withDetached(state, id, rest) : withTimeline(state, id, rest);
}

/** The conversation is left: only the newest of it stay on the device. */
export function withNewestOnly(state: State, id: number): State {
  const apart = withoutDetached(state, id);
  const left = apart.quoted[id] ? { ...apart, quoted: without(apart.quoted, id) } : apart;
  const timeline = left.timelines[id];
  return timeline ? withTimeline(left, id, newestOf(timeline, KEPT_NEWEST)) : left;
}

/** A new message at the end of the timeline. One that would leave a hole drops the timeline: it is then read anew. */
export function withMessage(state: State, message: Message): State {
  const id = message.conversation_id;
  const timeline = state.timelines[id];
  if (!timeline) return changedMessage(state, message);
  const newest = timeline.messages.at(-1)?.seq ?? 0;
  if (message.seq <= newest) return changedMessage(state, message);
  if (message.seq > newest + 1 && timeline.messages.length > 0) {
    return { ...state, timelines: without(state.timelines, id) };
  }
  const longer = { ...timeline, messages: [...timeline.messages, message] };
  return withTimeline(state, id, newestOf(longer, MOST_UNSEEN, KEPT_NEWEST));
}

/** What a message is now, wherever it is shown. */
export function changedMessage(state: State, message: Message): State {
  return updatedMessage(state, message.conversation_id, message.seq, () => message);
}

/** Changes a message wherever it is shown: in the timeline, in a detached stretch, in the list of conversations. */
export function updatedMessage(
  state: State,
  id: number,
  seq: number,
  change: (message: Message) => Message,
): State {
  let next = state;
  const conversation = state.conversations[id];
  if (conversation?.last_message?.seq === seq) {
    const last_message = change(conversation.last_message);
    next = { ...next, conversations: { ...next.conversations, [id]: { ...conversation, last_message } } };
  }
  const changed = (stretch: Timeline | undefined): Timeline | undefined => {
    const index = stretch ? indexOf(stretch.messages, seq) : 0;
    const old = stretch?.messages[index];
    if (!stretch || old?.seq !== seq) return undefined;
    return { ...stretch, messages: stretch.messages.with(index, change(old)) };
  };
  const quote = state.quoted[id]?.[seq];
  if (quote)
    next = { ...next, quoted: { ...next.quoted, [id]: { ...next.quoted[id], [seq]: change(quote) } } };
  const pins = state.pins[id];
  if (pins?.some((pin) => pin.seq === seq)) {
    const now = pins.map((pin) => (pin.seq === seq ? change(pin) : pin));
    next = { ...next, pins: { ...next.pins, [id]: now.filter((pin) => pin.pinned) } };
  }
  const timeline = changed(state.timelines[id]);
  if (timeline) next = withTimeline(next, id, timeline);
  const part = changed(state.detached[id]);
  return part ? withDetached(next, id, part) : next;
}

/** The index of the first message at or after `seq`. */
export function indexOf(messages: readonly Message[], seq: number): number {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The detached stretch becomes part of the timeline where nothing is missing between them. */
function joined(state: State, id: number): State {
  const part = state.detached[id];
  const timeline = state.timelines[id];
  const first = timeline?.messages[0]?.seq;
  if (!part || !timeline || first === undefined) return state;
  if ((part.messages.at(-1)?.seq ?? 0) < first - 1) return state;
  const front = part.messages.slice(0, indexOf(part.messages, first));
  const whole = front.length === 0 ? timeline : { ...part, messages: [...front, ...timeline.messages] };
  return withTimeline(withoutDetached(state, id), id, whole);
}

function newestOf(stretch: Timeline, most: number, kept = most): Timeline {
  if (stretch.messages.length <= most) return stretch;
  return { messages: stretch.messages.slice(-kept), hasOlder: true };
}

function withTimeline(state: State, id: number, timeline: Timeline): State {
  return { ...state, timelines: { ...state.timelines, [id]: timeline } };
}

function withDetached(state: State, id: number, part: Timeline): State {
  return { ...state, detached: { ...state.detached, [id]: part } };
}
