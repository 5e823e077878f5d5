/** The pictures of a conversation, one after the other, as far as its messages are on this device. Pure. */
import type { Attachment, Message } from "../api/types";

export interface Exhibit {
  seq: number;
  n: number;
  sender: number;
  attachment: Attachment;
}

export function exhibits(messages: readonly Message[]): Exhibit[] {
  return messages.flatMap((message) =>
    (message.attachments ?? [])
      .map((attachment, n) => ({ seq: message.seq, n, sender: message.sender_id, attachment }))
      .filter(({ attachment }) => attachment.kind === "image"),
  );
}
