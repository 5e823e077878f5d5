/** Every Unicode emoji: its group, and what it is called. Loaded when a picker is opened. */
import lines from "virtual:emoji";
import type { Locale } from "../i18n/i18n.svelte";

export interface UnicodeEmoji {
  group: number;
  emoji: string;
  en: string;
  zh: string;
  /** Names and keywords of both languages, in small letters. */
  words: string[];
}

export const emoji: readonly UnicodeEmoji[] = lines.split("\n").map((line) => {
  const [group = "", char = "", en = "", zh = ""] = line.split("\t");
  const [enName = ""] = en.split("|");
  const [zhName = ""] = zh.split("|");
  const words = `${en}|${zh}`.toLocaleLowerCase().split("|");
  return { group: Number(group), emoji: char, en: enName, zh: zhName || enName, words };
});

export function labelOf(one: UnicodeEmoji, locale: Locale): string {
  return one[locale];
}

/** Those whose names or keywords have the words looked for; names that begin so come first. */
export function search(query: string, most: number): UnicodeEmoji[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === "") return [];
  const rank = (one: UnicodeEmoji) => {
    if (one.emoji === wanted) return 0;
    if (one.words.includes(wanted)) return 1;
    if (one.words.some((word) => word.startsWith(wanted))) return 2;
    return one.words.some((word) => word.includes(wanted)) ? 3 : 4;
  };
  return emoji
    .map((one) => ({ one, at: rank(one) }))
    .filter(({ at }) => at < 4)
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ one }) => one);
}
