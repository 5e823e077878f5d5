/** From when to when, as the filters say it. Pure. */
import type { Filters } from "./ask.svelte";

const DAY_MS = 86_400_000;
const AGES = { day: 1, week: 7, month: 30, year: 365 } as const;

/** `[from, until)` as RFC 3339, where there are such ends. Dates are this device's. */
export function timesOf(filters: Filters, now: number): { from?: string; until?: string } {
  const { when, from, until } = filters;
  if (when === "any") return {};
  if (when !== "own") return { from: new Date(now - AGES[when] * DAY_MS).toISOString() };
  const start = midnight(from, 0);
  const end = midnight(until, 1);
  return { ...(start && { from: start }), ...(end && { until: end }) };
}

/** The first moment of a day (`2026-01-31`) on this device, or so many days later. */
function midnight(date: string, later: number): string | undefined {
  const [year, month, day] = date.split("-").map(Number);
  if (!year || !month || !day) return undefined;
  return new Date(year, month - 1, day + later).toISOString();
}
