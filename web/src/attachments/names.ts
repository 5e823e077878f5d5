/** File names and sizes as they are shown. Pure. */

/** Characters that would turn the text around, or hide: `photo<RLO>gnp.exe` must not read as a picture. */
const TURNING = /[\u0000-\u001f\u007f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const UNITS = ["B", "KB", "MB", "GB", "TB"];

export function safeName(name: string): string {
  return name.replace(TURNING, "�");
}

/** 1.5 MB; three digits at most, as file managers count. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 99.95 ? 0 : 1;
  return `${Number(size.toFixed(digits))} ${UNITS[unit]}`;
}

/** What kind of file it is, in a few letters: by its ending, else by what its bytes say. */
export function typeText(name: string, contentType: string): string {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1];
  if (ending) return ending.toUpperCase();
  const main = /\/(?:x-)?([a-z0-9]{2,8})$/.exec(contentType)?.[1];
  return main && main !== "stream" ? main.toUpperCase() : "";
}

/** 1:05, or 1:02:03. */
export function durationText(ms: number): string {
  const all = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
