/** The settings of the site: how each is typed and shown. Pure. */
import type { Setting } from "../api/types";

export type Kind =
  /** A line of text. */
  | "text"
  /** Who may register. */
  | "registration"
  /** A whole number as it is. */
  | "number"
  /** Bytes on the wire, megabytes on the screen. */
  | "megabytes";

const kinds: Record<string, Kind> = {
  name: "text",
  registration: "registration",
  recall_window_seconds: "number",
  max_file_size: "megabytes",
  upload_quota: "megabytes",
  new_account_hours: "number",
  new_account_messages_an_hour: "number",
  new_account_posts_a_day: "number",
};
const MEGABYTE = 1024 * 1024;

/** Settings that only a later client knows are not shown. */
export function kindOf(setting: Setting): Kind | undefined {
  return Object.hasOwn(kinds, setting.key) ? kinds[setting.key] : undefined;
}

/** What stands in the field. */
export function shown(kind: Kind, value: unknown): string {
  if (kind === "megabytes") return String(Math.round((Number(value) / MEGABYTE) * 100) / 100);
  return String(value ?? "");
}

/** What is sent for what stands in the field; null where that is no value. */
export function meant(kind: Kind, text: string): string | number | null {
  const typed = text.trim();
  if (kind === "text" || kind === "registration") return typed || null;
  const number = Number(typed);
  if (typed === "" || !Number.isFinite(number) || number < 0) return null;
  if (kind === "megabytes") return Math.round(number * MEGABYTE);
  return Number.isInteger(number) ? number : null;
}
