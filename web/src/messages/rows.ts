/** What the list of messages shows, line by line: messages in runs, notices, recalled messages, day dividers, the "new messages" line. Pure. */
import type { Message } from "../api/types";
import type { Pending } from "../outbox/outbox";

export interface Bubble {
  kind: "bubble";
  key: string;
  own: boolean;
  sender: number;
  /** As the server knows it; null while it is on its way. */
  message: Message | null;
  /** As it waits to be sent; null once it is. */
  pending: Pending | null;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** 0 while it has none. */
  seq: number;
  clientId: string;
  state: "sent" | "sending" | "failed";
  /** Why it failed. */
  code: string;
  /** The first and the last of a run from one sender. */
  first: boolean;
  last: boolean;
}

export type Row =
  | Bubble
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | { kind: "notice"; key: string; message: Message };

/** A pause longer than this starts a new run. */
const RUN_MS = 5 * 60_000;

/**
 * `readSeq` is the read mark at the moment of opening: the first message of somebody else after it gets the line in
 * front. Null draws no line.
 */
export function rowsOf(
  messages: readonly Message[],
  pending: readonly Pending[],
  me: number,
  readSeq: number | null,
): Row[] {
  const rows: Row[] = [];
  let lineDrawn = readSeq === null;
  /** The day of the row above: from, until. */
  let [from, until] = [0, 0];
  const divide = (at: number) => {
    if (from <= at && at < until) return;
    [from, until] = dayOf(at);
    rows.push({ kind: "day", key: `day ${from}`, at });
  };

  const said = new Set<string>();
  for (const message of messages) {
    const at = Date.parse(message.sent_at);
    divide(at);
    if (message.kind === "notice" || message.recalled) {
      rows.push({ kind: "notice", key: `seq ${message.seq}`, message });
      continue;
    }
    const own = message.sender_id === me;
    if (!lineDrawn && !own && message.seq > (readSeq ?? 0)) {
      rows.push({ kind: "new", key: "new" });
      lineDrawn = true;
    }
    if (own && message.client_id) said.add(message.client_id);
    rows.push(bubbleOf(message, own, at));
  }
  for (const entry of pending) {
    if (said.has(entry.client_id)) continue;
    divide(entry.written_at);
    rows.push(shadowOf(entry, me));
  }
  return markRuns(rows);
}

/** The place of a row's message in the conversation; 0 where it has none. */
export function seqOf(row: Row | undefined): number {
  if (row?.kind === "notice") return row.message.seq;
  return row?.kind === "bubble" ? row.seq : 0;
}

/** Rows came or went in front, and nothing happened at the end: the list keeps its place from the end. */
export function isShift(before: readonly Row[], rows: readonly Row[]): boolean {
  if (before.length === 0 || rows.length === before.length) return false;
  const first = (list: readonly Row[]) => list.find((row) => seqOf(row) > 0)?.key;
  return rows.at(-1)?.key === before.at(-1)?.key && first(rows) !== first(before);
}

/** The day of a moment, here: from, until, in milliseconds since 1970. */
function dayOf(at: number): [number, number] {
  const from = new Date(at);
  from.setHours(0, 0, 0, 0);
  const until = new Date(from);
  until.setDate(until.getDate() + 1);
  return [from.getTime(), until.getTime()];
}

/** Own messages keep the key under which they were shown while they were on their way. */
function bubbleOf(message: Message, own: boolean, at: number): Bubble {
  const clientId = message.client_id ?? "";
  return {
    kind: "bubble",
    key: own && clientId ? `own ${clientId}` : `seq ${message.seq}`,
    own,
    sender: message.sender_id,
    message,
    pending: null,
    text: message.text,
    at,
    seq: message.seq,
    clientId,
    state: "sent",
    code: "",
    first: true,
    last: true,
  };
}

function shadowOf(entry: Pending, me: number): Bubble {
  return {
    kind: "bubble",
    key: `own ${entry.client_id}`,
    own: true,
    sender: me,
    message: null,
    pending: entry,
    text: entry.text,
    at: entry.written_at,
    seq: 0,
    clientId: entry.client_id,
    state: entry.state,
    code: entry.code ?? "",
    first: true,
    last: true,
  };
}

function markRuns(rows: Row[]): Row[] {
  for (let i = 1; i < rows.length; i++) {
    const above = rows[i - 1];
    const row = rows[i];
    if (above?.kind !== "bubble" || row?.kind !== "bubble") continue;
    if (above.sender !== row.sender || Math.abs(row.at - above.at) > RUN_MS) continue;
    above.last = false;
    row.first = false;
  }
  return rows;
}
