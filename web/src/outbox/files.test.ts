import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import type { Attachment, Message } from "../api/types";
import { Outbox, type Pending, type PendingFile, isUploaded, messageOf } from "./outbox";

const attachment: Attachment = {
  kind: "file",
  name: "a.bin",
  size: 10,
  content_type: "application/octet-stream",
  preview: false,
};
const file = (key: string, more: Partial<PendingFile> = {}): PendingFile => ({ key, attachment, ...more });
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

function world() {
  const kept = new Map<string, Pending>();
  const posted: Pending[] = [];
  let ids = 0;
  let answer: (entry: Pending) => Promise<Message> = ({ client_id }) =>
    Promise.resolve({ client_id } as Message);
  const outbox = new Outbox({
    store: {
      all: () => [...kept.values()],
      put: (entry) => void kept.set(entry.client_id, entry),
      remove: (id) => void kept.delete(id),
    },
    post: (entry) => {
      posted.push(entry);
      return answer(entry);
    },
    onChange: () => {},
    onSent: () => {},
    now: () => Date.now(),
    random: () => 0,
    newId: () => `id${++ids}`,
  });
  return { outbox, kept, posted, answerWith: (next: typeof answer) => (answer = next) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a message waits for its files, and others of the conversation do not wait for it", async () => {
  const w = world();
  w.outbox.enqueue(5, "with files", undefined, [file("a"), file("b")]);
  w.outbox.enqueue(5, "without");
  await settle();
  expect(w.posted.map((entry) => entry.text)).toEqual(["without"]);
  w.outbox.uploaded("id1", "a", "up1", true);
  w.outbox.uploaded("id1", "b", "up2", false);
  await settle();
  expect(w.posted).toHaveLength(1);
  w.outbox.uploaded("id1", "b", "up2", true);
  await settle();
  const [, sent] = w.posted;
  expect(sent && isUploaded(sent)).toBe(true);
  expect(sent && messageOf(sent).attachments).toEqual([{ upload_id: "up1" }, { upload_id: "up2" }]);
  expect(w.kept.size).toBe(0);
});

test("what is sent says which file is a voice message", () => {
  const voice = { duration_ms: 900, waveform: [1, 2] };
  const entry = {
    client_id: "id1",
    conversation_id: 5,
    text: "",
    written_at: 0,
    state: "sending" as const,
    extra: { reply_to: 3 },
    files: [file("a", { upload_id: "up1", done: true, voice })],
  };
  expect(messageOf(entry)).toEqual({
    client_id: "id1",
    text: "",
    reply_to: 3,
    attachments: [{ upload_id: "up1", voice }],
  });
});

test("a file that cannot be uploaded fails its message with the reason, and it can be tried again", async () => {
  const w = world();
  w.outbox.enqueue(5, "hello", undefined, [file("a")]);
  w.outbox.refuse("id1", "quota_exceeded");
  expect(w.kept.get("id1")).toMatchObject({ state: "failed", code: "quota_exceeded", text: "hello" });
  w.outbox.retry("id1");
  expect(w.kept.get("id1")).toMatchObject({ state: "sending", files: [{ key: "a", done: false }] });
  w.outbox.uploaded("id1", "a", "up1", true);
  await settle();
  expect(w.posted).toHaveLength(1);
});

test("uploads that the server has thrown away are looked at again before the next try", async () => {
  const w = world();
  w.answerWith(() => Promise.reject(new Problem("not_found", 404)));
  w.outbox.enqueue(5, "late", undefined, [file("a", { upload_id: "up1", done: true })]);
  await settle();
  expect(w.kept.get("id1")).toMatchObject({ state: "failed", code: "not_found" });
  w.outbox.retry("id1");
  await settle();
  expect(w.posted, "it waits for its file").toHaveLength(1);
  expect(w.kept.get("id1")?.files).toMatchObject([{ key: "a", upload_id: "up1", done: false }]);
});
