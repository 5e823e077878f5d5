import { createRequire } from "node:module";
import type { Plugin } from "vite";

const ID = "virtual:emoji";

interface Entry {
  unicode: string;
  label: string;
  group?: number;
  order?: number;
  tags?: string[];
}

/**
 * Every emoji with what it is called in both languages, as lines of `group⇥emoji⇥English⇥Chinese`: a tenth of the
 * package's own files. Skin tones and parts of emoji are left out. Loaded when a picker is opened.
 */
export function emojiData(): Plugin {
  const require = createRequire(import.meta.url);
  const entries = (locale: string) => require(`emojibase-data/${locale}/compact.json`) as Entry[];
  // The form that keyboards type: what is a picture anyway has no sign that asks for one.
  const plain = (emoji: string) => emoji.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1");
  const words = (entry: Entry | undefined) =>
    [entry?.label ?? "", ...(entry?.tags ?? [])].join("|").replaceAll("\t", " ");
  return {
    name: "emoji-data",
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load(id) {
      if (id !== `\0${ID}`) return null;
      const chinese = new Map(entries("zh").map((entry) => [entry.unicode, entry]));
      const lines = entries("en")
        // Group 2 are skin tones and hair, which stand for nothing alone.
        .filter((entry) => entry.group !== undefined && entry.group !== 2)
        .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
        .map((entry) =>
          [entry.group, plain(entry.unicode), words(entry), words(chinese.get(entry.unicode))].join("\t"),
        );
      return `export default ${JSON.stringify(lines.join("\n"))};`;
    },
  };
}
