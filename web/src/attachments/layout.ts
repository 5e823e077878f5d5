/** How large pictures stand in a bubble, before they have come. Pure. */
import type { Attachment } from "../api/types";

/** The most that one picture takes, in CSS pixels. */
export const MAX_WIDTH = 320;
const MAX_HEIGHT = 360;
/** The least, so that there is something to point at; what sticks out is cut off. */
const MIN_WIDTH = 96;
const MIN_HEIGHT = 64;
/** Where nobody has said how large it is. */
const UNKNOWN: Box = { width: 240, height: 180 };

export interface Box {
  width: number;
  height: number;
}

/** One picture alone: never larger than it is. */
export function boxOf({ width, height }: { width?: number | null; height?: number | null }): Box {
  if (!width || !height) return UNKNOWN;
  const scale = Math.min(1, MAX_WIDTH / width, MAX_HEIGHT / height);
  return {
    width: Math.max(MIN_WIDTH, Math.round(width * scale)),
    height: Math.max(MIN_HEIGHT, Math.round(height * scale)),
  };
}

/** Several pictures stand in squares: so many beside each other. */
export function columnsFor(count: number): 1 | 2 | 3 {
  if (count === 1) return 1;
  return count === 2 || count === 4 ? 2 : 3;
}

/** Between two attachments. */
const GAP = 6;
const SQUARE = 120;
const HEIGHTS = { voice: 48, audio: 68, file: 56 };

/** About how high a message's attachments are going to be, in CSS pixels. */
export function heightOf(attachments: readonly Attachment[]): number {
  const pictures = attachments.filter((each) => each.kind === "image");
  const [only] = pictures;
  let height = 0;
  if (pictures.length === 1 && only) height = boxOf(only).height;
  else height = Math.ceil(pictures.length / columnsFor(pictures.length)) * SQUARE;
  for (const each of attachments) {
    if (each.kind === "video") height += boxOf(each).height + 28;
    else if (each.kind !== "image") height += HEIGHTS[each.kind];
  }
  return height + GAP * Math.max(0, attachments.length - pictures.length);
}
