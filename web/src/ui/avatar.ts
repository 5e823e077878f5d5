/** What an avatar shows when there is no picture. */

/** The first visible character of a name; Latin letters as capitals. */
export function initial(name: string): string {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(name.trim())) return segment.toLocaleUpperCase();
  return "?";
}

/** A hue from an id: neighbours lie far apart (the golden angle). */
export function hueOf(id: number): number {
  return Math.round((id * 137.508) % 360);
}
