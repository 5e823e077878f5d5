/** Where in a conversation the reader is to be: a message that a link names, or the place that they left. Pure. */
import { type Row, seqOf } from "./rows";

export interface Goal {
  seq: number;
  /** Where on the screen it comes to stand. */
  align: "center" | "start";
  /** It lights up for a moment. */
  lights: boolean;
}

/** What a place in the history of the browser remembers of the list; 0 stands for its end. */
interface Note {
  seq: number;
}

export function noteOf(seq: number): Note {
  return { seq };
}

/** `noted` is what was noted when the reader left, if they came back; then it counts, and not the link. */
export function goalOf(query: URLSearchParams, noted: unknown): Goal | null {
  const seq = (noted as Partial<Note> | null)?.seq;
  if (typeof seq === "number") return seq > 0 ? { seq, align: "start", lights: false } : null;
  const at = Number(query.get("at"));
  return Number.isSafeInteger(at) && at > 0 ? { seq: at, align: "center", lights: true } : null;
}

/** The line to go to: the message, or what is nearest to it; with the line before what is new. -1 when there is none. */
export function goalRow(rows: readonly Row[], { seq, align }: Goal): number {
  const found = rows.findIndex((row) => seqOf(row) >= seq);
  const index = found < 0 ? rows.findLastIndex((row) => seqOf(row) > 0) : found;
  return align === "start" && rows[index - 1]?.kind === "new" ? index - 1 : index;
}
