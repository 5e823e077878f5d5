import { expect, test } from "vitest";
import type { Attachment, Message } from "../api/types";
import { exhibits } from "./gallery";

const of = (kind: Attachment["kind"], name: string) => ({ kind, name }) as Attachment;

test("pictures go through messages and what they pass on, under the numbers of their addresses", () => {
  const messages = [
    { seq: 1, sender_id: 10, attachments: [of("file", "a.pdf"), of("image", "b.png")] },
    { seq: 2, sender_id: 10 },
    {
      seq: 3,
      sender_id: 11,
      attachments: [of("image", "c.png")],
      forwarded: [
        { sender_id: 12, attachments: [of("voice", "d.webm"), of("image", "e.png")] },
        { sender_id: 13 },
        { sender_id: 14, attachments: [of("image", "f.png")] },
      ],
    },
  ] as unknown as Message[];
  expect(
    exhibits(messages).map(({ seq, n, sender, attachment }) => [seq, n, sender, attachment.name]),
  ).toEqual([
    [1, 1, 10, "b.png"],
    [3, 0, 11, "c.png"],
    [3, 2, 12, "e.png"],
    [3, 3, 14, "f.png"],
  ]);
});
