/** The forum, with its words: fetched when it is first wanted. */
import { loadPart } from "../i18n/i18n.svelte";

export async function loadForum() {
  const [{ default: Forum }, { default: Categories }] = await Promise.all([
    import("./Forum.svelte"),
    import("./Categories.svelte"),
    loadPart("forum"),
  ]);
  return { Forum, Categories };
}
