/** A message in one line: for lists, quotes and notices outside of the page. What was hidden in it stays hidden. */
import type { Message } from "../api/types";
import { safeName } from "../attachments/names";
import { t } from "../i18n/i18n.svelte";

/** A message, one that waits to be sent, or one that was passed on. */
export type Summarised = Pick<Message, "text"> &
  Partial<Pick<Message, "html" | "attachments" | "forwarded" | "sticker" | "recalled">>;

/** No line shows more, in characters. */
const MOST = 200;
const HIDDEN = "▒▒▒";

export function summaryOf(message: Summarised): string {
  if (message.recalled) return t("summary_recalled");
  const parts = [...(message.attachments ?? [])].slice(0, 3).map(attachmentName);
  if (message.sticker) parts.push(t("summary_sticker", { name: message.sticker.name }));
  const [only, more] = message.forwarded ?? [];
  if (more) parts.push(t("summary_record"));
  else if (only) parts.push(summaryOf(only));
  parts.push(message.html ? lineOfHtml(message.html) : lineOf(message.text));
  return parts.filter((part) => part !== "").join(" ");
}

function attachmentName(file: { kind: string; name: string }): string {
  switch (file.kind) {
    case "image":
      return t("summary_image");
    case "video":
      return t("summary_video");
    case "audio":
      return t("summary_audio");
    case "voice":
      return t("summary_voice");
    default:
      return t("summary_file", { name: safeName(file.name) });
  }
}

/** Plain text; spoilers that the server has not seen yet are hidden, too. */
export function lineOf(text: string): string {
  return oneLine(text.slice(0, 4 * MOST).replace(/\|\|(?=\S)[^|]+?(?<=\S)\|\|/g, HIDDEN));
}

// A tag of the server's HTML, with `>` in its attributes; nothing else in it looks like one.
const TAGS = /<(?:"[^"]*"|[^">])*>/g;
const ENTITIES: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&nbsp;": " ",
  "&amp;": "&",
};

/** The words of the server's HTML. */
export function lineOfHtml(html: string): string {
  let line = "";
  let at = 0;
  /** Open spans, and at which of them what is hidden began: 0 for nowhere. */
  let [spans, hidden] = [0, 0];
  const add = (words: string) => {
    if (!hidden) line += words;
  };
  for (const found of html.matchAll(TAGS)) {
    add(html.slice(at, found.index));
    at = found.index + found[0].length;
    const tag = found[0];
    if (tag.startsWith("<span")) {
      spans += 1;
      if (!hidden && tag.includes('class="spoiler"')) {
        add(HIDDEN);
        hidden = spans;
      }
    } else if (tag === "</span>") {
      if (hidden === spans) hidden = 0;
      spans -= 1;
    } else if (tag.startsWith("<img")) {
      add(/ alt="([^"]*)"/.exec(tag)?.[1] ?? "");
    } else if (!/^<\/?(?:strong|em|s|code|a)\b/.test(tag)) {
      add(" ");
    }
    if (line.length > 4 * MOST) break;
  }
  add(html.slice(at, at + 4 * MOST));
  return oneLine(line.replace(/&(?:lt|gt|quot|nbsp|amp);/g, (entity) => ENTITIES[entity] ?? entity));
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MOST ? `${[...line].slice(0, MOST).join("")}…` : line;
}
