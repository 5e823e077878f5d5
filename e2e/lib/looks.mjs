/** In which ways pages are looked at. */
import { DESKTOP, PHONE } from "./browser.mjs";

/**
 * Each size, language and theme, and each pair of them, in four instead of eight ways: what is wrong only in all
 * three at once is not worth half of the time that the browser tests take.
 */
export const LOOKS = /** @type {const} */ ([
  { name: "phone-zh-light", viewport: PHONE, locale: "zh-CN", theme: "light" },
  { name: "phone-en-dark", viewport: PHONE, locale: "en-US", theme: "dark" },
  { name: "desktop-zh-dark", viewport: DESKTOP, locale: "zh-CN", theme: "dark" },
  { name: "desktop-en-light", viewport: DESKTOP, locale: "en-US", theme: "light" },
]);
