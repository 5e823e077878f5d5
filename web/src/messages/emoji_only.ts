/** Whether a message is nothing but a few emoji, which are shown large then. Pure. */

/** So many are shown large. */
const MOST = 3;

const ONE =
  "(?:\\p{RI}\\p{RI}|[0-9#*]\\uFE0F?\\u20E3|\\p{Extended_Pictographic}(?:\\uFE0F|\\p{EMod})?" +
  "(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|\\p{EMod})?)*(?:[\\u{E0020}-\\u{E007F}]+)?)";
const UNICODE = new RegExp(`^(?:${ONE}\\s*){1,${MOST}}$`, "u");
const CUSTOM = new RegExp(`^<p>(?:<img class="emoji"[^>]*>\\s*){1,${MOST}}</p>$`);

export function isEmojiOnly(text: string, html: string | null | undefined): boolean {
  if (html) return CUSTOM.test(html);
  // The longest emoji have some ten code units, flags of regions some fourteen.
  return text.length <= 60 && UNICODE.test(text);
}
