/** Choosing, pasting and dropping files: all come to the tray through here, and what cannot come is said. */
import { safeName, sizeText } from "../attachments/names";
import type { Live } from "../app/live.svelte";
import { t } from "../i18n/i18n.svelte";
import { toast } from "../ui/feedback.svelte";
import type { Refusal } from "./checks";

export async function pick(live: Live, conversation: number, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  try {
    const desk = await live.desk();
    for (const refusal of await desk.pick(conversation, files)) toast(refusalText(refusal), true);
  } catch (error) {
    // The part of the client that uploads could not be fetched.
    if (!(error instanceof TypeError)) throw error;
    toast(t("problem_offline"), true);
  }
}

function refusalText(refusal: Refusal): string {
  switch (refusal.why) {
    case "too_many":
      return t("file_too_many");
    case "empty":
      return t("file_empty", { name: safeName(refusal.name) });
    case "too_large":
      return t("file_too_large", { name: safeName(refusal.name), limit: sizeText(refusal.limit) });
    case "no_room":
      return t("file_no_room", { name: safeName(refusal.name), left: sizeText(refusal.left) });
  }
}

/** The files of a drop or a paste; folders are left out, and said. Read at once: the browser takes them away again. */
export function filesOf(data: DataTransfer | null): File[] {
  const items = [...(data?.items ?? [])].filter((item) => item.kind === "file");
  if (items.some((item) => item.webkitGetAsEntry?.()?.isDirectory)) toast(t("file_folder"), true);
  return items
    .filter((item) => !item.webkitGetAsEntry?.()?.isDirectory)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
}

/**
 * What a paste brings as files. A text stays a text, also where a program offers a picture of it beside; a picture
 * from the clipboard gets a name of its own.
 */
export function pastedFiles(data: DataTransfer | null, now: Date): File[] {
  if (!data || data.types.includes("text/plain")) return [];
  return filesOf(data).map((file) => {
    if (file.name && !/^image\.\w+$/.test(file.name)) return file;
    const stamp = now.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    const ending = file.type.split("/")[1]?.replace("jpeg", "jpg") ?? "bin";
    return new File([file], `${t("file_pasted")}-${stamp}.${ending}`, { type: file.type });
  });
}
