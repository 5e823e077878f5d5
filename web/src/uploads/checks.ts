/** What a file has to be before it is worth uploading. Pure; the server checks again. */

/** The most files of one message. */
export const MAX_FILES = 20;

export interface Room {
  used: number;
  quota: number;
  max_file_size: number;
}

export type Refusal =
  | { why: "too_many" }
  | { why: "too_large"; name: string; limit: number }
  | { why: "no_room"; name: string; left: number }
  | { why: "empty"; name: string };

/** Which of these may come, and why others may not. `there` are those of the same message; without `room` sizes are the server's. */
export function check<F extends { name: string; size: number }>(
  files: readonly F[],
  there: number,
  room: Room | null,
): { taken: F[]; refusals: Refusal[] } {
  const taken: F[] = [];
  const refusals: Refusal[] = [];
  let left = room ? room.quota - room.used : Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (there + taken.length >= MAX_FILES) {
      refusals.push({ why: "too_many" });
      break;
    }
    if (file.size === 0) refusals.push({ why: "empty", name: file.name });
    else if (room && file.size > room.max_file_size)
      refusals.push({ why: "too_large", name: file.name, limit: room.max_file_size });
    else if (file.size > left) refusals.push({ why: "no_room", name: file.name, left: Math.max(0, left) });
    else {
      taken.push(file);
      left -= file.size;
    }
  }
  return { taken, refusals };
}

/** How a file of this type is going to be shown; what the server makes of its bytes counts in the end. */
export function kindOf(type: string): "image" | "audio" | "video" | "file" {
  if (/^image\/(png|jpeg|gif|webp)$/.test(type)) return "image";
  if (/^video\/(mp4|webm|ogg|quicktime)$/.test(type)) return "video";
  if (/^audio\//.test(type)) return "audio";
  return "file";
}
