/** What the buttons above the text do to it. */
import { insert, wrap } from "../messages/box";
import type { IconName } from "../ui/icons";

export type Mark = "bold" | "italic" | "heading" | "quote" | "list" | "numbers" | "code" | "link";

export const MARKS: readonly { mark: Mark; icon: IconName }[] = [
  { mark: "heading", icon: "heading" },
  { mark: "bold", icon: "bold" },
  { mark: "italic", icon: "italic" },
  { mark: "quote", icon: "quote" },
  { mark: "list", icon: "list" },
  { mark: "numbers", icon: "numbers" },
  { mark: "code", icon: "code" },
  { mark: "link", icon: "link" },
];

const PREFIXES: Partial<Record<Mark, (n: number) => string>> = {
  heading: () => "## ",
  quote: () => "> ",
  list: () => "- ",
  numbers: (n) => `${n}. `,
};

/** Puts a prefix before every line from `start` to `end`, or takes it away where all have it. Pure. */
export function prefixed(
  text: string,
  start: number,
  end: number,
  prefix: (n: number) => string,
): { start: number; end: number; lines: string } {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const upTo = next < 0 ? text.length : next;
  const lines = text.slice(from, upTo).split("\n");
  const all = lines.every((line, n) => line.startsWith(prefix(n + 1)));
  const changed = lines.map((line, n) => (all ? line.slice(prefix(n + 1).length) : prefix(n + 1) + line));
  return { start: from, end: upTo, lines: changed.join("\n") };
}

export function apply(box: HTMLTextAreaElement, mark: Mark): void {
  const prefix = PREFIXES[mark];
  const { selectionStart: start, selectionEnd: end, value } = box;
  const chosen = value.slice(start, end);
  if (prefix) {
    const change = prefixed(value, start, end, prefix);
    insert(box, change.lines, change.start, change.end);
  } else if (mark === "code" && chosen.includes("\n")) {
    insert(box, `\`\`\`\n${chosen}\n\`\`\``, start, end);
  } else if (mark === "link") {
    insert(box, `[${chosen}](https://)`, start, end);
    const at = start + chosen.length + 3;
    box.setSelectionRange(at, at + "https://".length);
  } else wrap(box, { bold: "**", italic: "*", code: "`" }[mark as "bold" | "italic" | "code"]);
}

/** A picture as a paragraph of its own, where the writer is. */
export function insertPicture(box: HTMLTextAreaElement, name: string, upload: string): void {
  const at = box.selectionEnd;
  const before = box.value.slice(0, at);
  const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const focused = document.activeElement === box;
  insert(box, `${gap}![${pictureName(name)}](upload:${upload})\n\n`, at, at);
  if (!focused) box.blur();
}

/** A file's name as the description of a picture. Pure. */
export function pictureName(name: string): string {
  return name
    .replace(/\.\w{2,5}$/, "")
    .replace(/[[\]\\!\s<>`]+/g, " ")
    .trim()
    .slice(0, 100);
}
