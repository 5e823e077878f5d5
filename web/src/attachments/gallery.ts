/** The pictures of a conversation, one after the other, as far as its messages are on this device. Pure. */
import type { Attachment, Message } from "../api/types";

export interface Exhibit {
  seq: number;
  n: number;
  sender: number;
  attachment: Attachment;
}

/** Those of a message itself, then those of what it passes on: in the order of their numbers. */
export function exhibits(messages: readonly Message[]): Exhibit[] {
  return messages.flatMap(({ seq, sender_id, attachments = [], forwarded = [] }) =>
    [
      ...attachments.map((attachment) => ({ sender: sender_id, attachment })),
      ...forwarded.flatMap((one) =>
        (one.attachments ?? []).map((attachment) => ({ sender: one.sender_id, attachment })),
      ),
    ]
      .map((each, n) => ({ seq, n, ...each }))
      .filter(({ attachment }) => attachment.kind === "image"),
  );
}
