/** The admin area, with its words: fetched when it is first wanted. */
import { loadPart } from "../i18n/i18n.svelte";

export async function loadAdmin() {
  const [{ default: AdminList }, { default: AdminMain }] = await Promise.all([
    import("./AdminList.svelte"),
    import("./AdminMain.svelte"),
    loadPart("admin"),
  ]);
  return { AdminList, AdminMain };
}
