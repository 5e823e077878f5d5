/**
 * The words on the screen, in the reader's language: chosen, else the account's, else the browser's. Only that language is
 * loaded.
 */
import type { en } from "./en";
import type { admin } from "./en_admin";
import type { forum } from "./en_forum";

export type Locale = "en" | "zh";
type MainKey = keyof typeof en;
export type Key = MainKey | keyof typeof admin | keyof typeof forum;
/** Words that come with a part of the client which is not always wanted. */
export type Part = "admin" | "forum";

const KEY = "rookery.locale";
const dictionaries: Record<Locale, () => Promise<Record<MainKey, string>>> = {
  en: async () => (await import("./en")).en,
  zh: async () => (await import("./zh")).zh,
};
const parts: Record<Part, Record<Locale, () => Promise<Record<string, string>>>> = {
  admin: {
    en: async () => (await import("./en_admin")).admin,
    zh: async () => (await import("./zh_admin")).admin,
  },
  forum: {
    en: async () => (await import("./en_forum")).forum,
    zh: async () => (await import("./zh_forum")).forum,
  },
};

function stored(): Locale | null {
  const value = globalThis.localStorage?.getItem(KEY);
  return value === "zh" || value === "en" ? value : null;
}

function browsers(): Locale {
  return (globalThis.navigator?.languages ?? []).some((tag) => /^zh\b/i.test(tag)) ? "zh" : "en";
}

/** What the page is to be in; `locale` follows when its words are there. */
let wanted: Locale = stored() ?? browsers();
let locale = $state<Locale>(wanted);
const wantedParts = new Set<Part>();
const ready: Partial<Record<Part, Promise<void>>> = {};
let words = $state.raw<Partial<Record<Key, string>>>({});

export const i18n = {
  get locale(): Locale {
    return locale;
  },
};

/** Before anything is shown, and when the language changes. Without an answer, the page stays in the one it is in. */
export async function loadWords(next: Locale = wanted): Promise<void> {
  wanted = next;
  const loaded = Object.assign(
    {},
    ...(await Promise.all([dictionaries[next](), ...[...wantedParts].map((part) => parts[part][next]())])),
  ) as Partial<Record<Key, string>>;
  // Another language was asked for in the meantime.
  if (next !== wanted) return;
  words = loaded;
  locale = next;
}

/** Before anything of that part is shown. */
export async function loadPart(part: Part): Promise<void> {
  if (wantedParts.has(part) && part in ready) return ready[part];
  wantedParts.add(part);
  ready[part] = (async () => {
    const language = wanted;
    const more = await parts[part][language]();
    // Where the language changed meanwhile, its words came with the others.
    if (language === wanted) words = { ...words, ...more };
  })();
  // Without an answer it is asked for again the next time.
  ready[part].catch(() => delete ready[part]);
  return ready[part];
}

export function chooseLocale(next: Locale): void {
  localStorage.setItem(KEY, next);
  void loadWords(next);
}

/** The account's language counts where nothing was chosen on this device. */
export function followAccount(account: string | null): void {
  if (!stored() && (account === "zh" || account === "en")) void loadWords(account);
}

/** Whether there are words for this: a server may know more problems than the client. */
export function isKey(text: string): text is Key {
  return text in words;
}

/** `{name}` is replaced by the parameter; of `one|many`, `n` chooses. */
export function t(key: Key, params: Record<string, string | number> = {}): string {
  const [one = "", many = one] = (words[key] ?? key).split("|");
  const text = params.n === 1 ? one : many;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
