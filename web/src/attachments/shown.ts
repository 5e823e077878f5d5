/** Attachments as they are shown: of a message that is there, or of one on its way. Pure. */
import type { Attachment } from "../api/types";
import { attachmentUrl, downloadUrl, previewUrl } from "../api/uploads";
import type { Pending } from "../outbox/outbox";

export interface Shown {
  /** Tells it from the others of its message. */
  key: string;
  attachment: Attachment;
  /** Where it is on the server; empty while it is not there. */
  url: string;
  preview: string;
  download: string;
  /** Its place among the message's attachments, from 0. */
  n: number;
  /** Where it is on this device, if it is. */
  local: string | undefined;
  /** Still on its way: its upload's name in this browser. */
  upload: string | undefined;
}

interface Local {
  local(key: string): string | undefined;
  keysOf(clientId: string): readonly string[];
}

/** `from` is the place of the first one: what is forwarded counts on after the message's own. */
export function shownOf(
  at: { conversation: number; seq: number; clientId: string },
  attachments: readonly Attachment[],
  tray: Local,
  from = 0,
): Shown[] {
  const keys = from === 0 ? tray.keysOf(at.clientId) : [];
  return attachments.map((attachment, i) => {
    const n = from + i;
    const key = keys[i];
    return {
      key: `${n}`,
      attachment,
      url: attachmentUrl(at.conversation, at.seq, n),
      preview: attachment.preview ? previewUrl(at.conversation, at.seq, n) : "",
      download: downloadUrl(at.conversation, at.seq, n),
      n,
      local: key === undefined ? undefined : tray.local(key),
      upload: undefined,
    };
  });
}

export function shownOfPending(entry: Pending, tray: Local): Shown[] {
  return (entry.files ?? []).map(({ key, attachment }, n) => ({
    key: `${n}`,
    attachment,
    url: "",
    preview: "",
    download: "",
    n,
    local: tray.local(key),
    upload: key,
  }));
}
