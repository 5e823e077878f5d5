/** What was typed into the server's form of an article, in the editor's fields. Pure. */
import type { Typed } from "../app/typed";
import type { Fields } from "./autosave";
import { withTags } from "./tags";

/**
 * What becomes of the fields. `beside` is true when they hold something of their own, which the writer did not see when
 * they typed: then both are kept.
 */
export function withTyped(
  fields: Fields,
  { fields: said, changed }: Pick<Typed, "fields" | "changed">,
  beside: boolean,
): Partial<Fields> {
  const both = (kept: string, now: string, between: string) =>
    beside && kept.trim() !== "" && kept !== now ? kept.trimEnd() + between + now : now;
  const change: Partial<Fields> = {};
  for (const name of changed) {
    const now = said[name] ?? "";
    if (name === "title" || name === "summary") change[name] = both(fields[name], now, " ");
    else if (name === "text") change.text = both(fields.text, now, "\n\n");
    else if (name === "tags") change.tags = withTags(beside ? fields.tags : [], now);
    else if (name === "category_id") change.category_id = Number(now);
  }
  return change;
}
