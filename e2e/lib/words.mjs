/**
 * The words that the client shows, read from its own dictionaries, so that the stories find a
 * button by what stands on it and no wording is written twice.
 */
import { readdirSync, readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";

/** A language's words: those of `en.ts`, and of files beside it such as `en_search.ts`. */
/** @param {"en" | "zh"} locale @returns {Record<string, string>} */
function dictionary(locale) {
  const folder = new URL("../../web/src/i18n/", import.meta.url);
  const files = readdirSync(folder).filter((file) =>
    new RegExp(`^${locale}(_\\w+)?\\.ts$`).test(file),
  );
  return Object.assign(
    {},
    ...files.map((file) => wordsOf(new URL(file, folder))),
  );
}

/** @param {URL} file @returns {Record<string, string>} */
function wordsOf(file) {
  // A dictionary is one object of strings; what stands around it is for the type checker, and what it takes
  // over from other files is read from there.
  const found = /= (\{\n[\s\S]*\n\})/.exec(readFileSync(file, "utf8"));
  if (!found?.[1]) throw new Error(`${file} holds no dictionary`);
  return runInNewContext(`(${found[1].replace(/^ {2}\.\.\.\w+,$/gm, "")})`);
}

const dictionaries = { en: dictionary("en"), zh: dictionary("zh") };

/**
 * What the client says for a key, as `t` of the client.
 * @param {"en" | "zh"} locale
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 */
export function say(locale, key, params = {}) {
  const words = dictionaries[locale][key];
  if (words === undefined) throw new Error(`no words for ${key}`);
  const [one = "", many = one] = words.split("|");
  return (params.n === 1 ? one : many).replace(/\{(\w+)\}/g, (whole, name) =>
    String(params[name] ?? whole),
  );
}
