/** For how long a mute or a suspension lasts. Pure. */
import type { Act } from "../api/types";
import type { Key } from "../i18n/i18n.svelte";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The server takes no longer one. */
export const MOST_MS = 3_650 * DAY;

export const spans: readonly { key: Key; ms: number }[] = [
  { key: "span_hour", ms: HOUR },
  { key: "span_day", ms: DAY },
  { key: "span_week", ms: 7 * DAY },
  { key: "span_month", ms: 30 * DAY },
  { key: "span_year", ms: 365 * DAY },
];

/** Whether the act ends by itself at some time. */
export function lasts(act: Act): boolean {
  return act === "mute" || act === "suspend";
}

/** Whether the person is to be told why. */
export function needsNote(act: Act): boolean {
  return act !== "dismiss" && act !== "approve";
}

/**
 * When it ends, as the server takes it: so many milliseconds from now, or at a time of this device's calendar.
 * Null where that is no time to come, or too far.
 */
export function untilOf(span: number | null, picked: string, now: number): string | null {
  const at = span === null ? new Date(picked).getTime() : now + span;
  return Number.isFinite(at) && at > now && at <= now + MOST_MS ? new Date(at).toISOString() : null;
}

/** It holds now. */
export function holds(until: string | null | undefined, now: number): boolean {
  return Boolean(until) && Date.parse(until ?? "") > now;
}
