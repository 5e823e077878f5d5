/** How a file is going to be shown, as far as this browser can tell before the server has seen it. */
import type { Attachment } from "../api/types";
import { kindOf } from "./checks";

/** A file that does not say within this time how large its picture is does without. */
const PATIENCE_MS = 3_000;

/** `url` is the file's local address. */
export async function lookAt(file: File, url: string): Promise<Attachment> {
  const kind = kindOf(file.type);
  const plain: Attachment = {
    kind,
    name: file.name || "file",
    size: file.size,
    content_type: file.type || "application/octet-stream",
    preview: false,
  };
  const measured = kind === "image" ? measureImage(url) : kind === "video" ? measureVideo(url) : null;
  if (!measured) return plain;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  const found = await Promise.race([measured, late]);
  // What this browser cannot draw is a file to it.
  if (!found) return kind === "image" ? { ...plain, kind: "file" } : plain;
  return { ...plain, ...found };
}

interface Measure {
  width: number;
  height: number;
  duration_ms?: number;
}

function measureImage(url: string): Promise<Measure | null> {
  return new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => resolve(null);
    image.src = url;
  });
}

function measureVideo(url: string): Promise<Measure | null> {
  return new Promise((resolve) => {
    const video = document.createElement("video");
    video.preload = "metadata";
    video.muted = true;
    video.onloadedmetadata = () => {
      const { videoWidth: width, videoHeight: height, duration } = video;
      const known = Number.isFinite(duration) ? { duration_ms: Math.round(duration * 1000) } : {};
      resolve(width > 0 ? { width, height, ...known } : null);
    };
    video.onerror = () => resolve(null);
    video.src = url;
  });
}
