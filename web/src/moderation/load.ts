/** What everybody may need of moderation, with its words: fetched when it is first wanted. */
import { loadPart } from "../i18n/i18n.svelte";

export async function loadOwnCase() {
  const [{ default: OwnCasePage }] = await Promise.all([import("./OwnCasePage.svelte"), loadPart("admin")]);
  return OwnCasePage;
}

export async function loadReportDialog() {
  const [{ default: ReportDialog }] = await Promise.all([import("./ReportDialog.svelte"), loadPart("admin")]);
  return ReportDialog;
}
