/** The words on the screen, in the reader's language: chosen, else the account's, else the browser's. */
import { en } from "./en";
import { zh } from "./zh";

export type Locale = "en" | "zh";
export type Key = keyof typeof en;

const KEY = "rookery.locale";
const dictionaries: Record<Locale, Record<Key, string>> = { en, zh };

function stored(): Locale | null {
  const value = globalThis.localStorage?.getItem(KEY);
  return value === "zh" || value === "en" ? value : null;
}

function browsers(): Locale {
  return (globalThis.navigator?.languages ?? []).some((tag) => /^zh\b/i.test(tag)) ? "zh" : "en";
}

let locale = $state<Locale>(stored() ?? browsers());

export const i18n = {
  get locale(): Locale {
    return locale;
  },
};

export function chooseLocale(next: Locale): void {
  locale = next;
  localStorage.setItem(KEY, next);
}

/** The account's language counts where nothing was chosen on this device. */
export function followAccount(account: string | null): void {
  if (!stored() && (account === "zh" || account === "en")) locale = account;
}

/** `{name}` is replaced by the parameter; of `one|many`, `n` chooses. */
export function t(key: Key, params: Record<string, string | number> = {}): string {
  const [one = "", many = one] = dictionaries[locale][key].split("|");
  const text = params.n === 1 ? one : many;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
