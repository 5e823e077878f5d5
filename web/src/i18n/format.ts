/** Times and numbers in the reader's language. */
import { type Locale, i18n, t } from "./i18n.svelte";

const cache = new Map<string, Intl.DateTimeFormat>();

function format(kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${i18n.locale} ${kind}`;
  const known = cache.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(tag(i18n.locale), options);
  cache.set(key, made);
  return made;
}

function tag(locale: Locale): string {
  return locale === "zh" ? "zh-CN" : "en-GB";
}

/** 14:05 */
export function clockTime(at: string | number): string {
  return format("time", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

export function dateTime(at: string | number): string {
  return format("full", { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** Whole days of this device's calendar between a moment and now. */
export function daysAgo(at: string | number, now: number): number {
  const midnight = (time: string | number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** "Today", "Yesterday", a weekday, or a date: for dividers. */
export function dayName(at: string | number, now: number): string {
  const days = daysAgo(at, now);
  if (days === 0) return t("today");
  if (days === 1) return t("yesterday");
  if (days > 1 && days < 7) return format("weekday", { weekday: "long" }).format(new Date(at));
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) {
    return format("day", { month: "long", day: "numeric" }).format(new Date(at));
  }
  return format("date", { dateStyle: "long" }).format(new Date(at));
}

/** The shortest that tells when: for lists. */
export function shortTime(at: string | number, now: number): string {
  const days = daysAgo(at, now);
  if (days <= 0) return clockTime(at);
  if (days === 1) return t("yesterday");
  if (days < 7) return format("short_weekday", { weekday: "short" }).format(new Date(at));
  return format("numeric", { year: "2-digit", month: "2-digit", day: "2-digit" }).format(new Date(at));
}

/** A month and its year. */
export function monthName(at: string | number): string {
  return format("month", { month: "long", year: "numeric" }).format(new Date(at));
}

/** 1.5 MB. */
export function byteCount(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const unit = units[power] ?? "byte";
  const digits = { maximumFractionDigits: power === 0 ? 0 : 1 };
  return new Intl.NumberFormat(tag(i18n.locale), {
    style: "unit",
    unit,
    unitDisplay: "narrow",
    ...digits,
  }).format(bytes / 1024 ** power);
}

/** 12,345. */
export function wholeNumber(value: number): string {
  return new Intl.NumberFormat(tag(i18n.locale)).format(value);
}
