/** What a recording looks like: loudness over time in a few values. Pure. */

/** As many as a message takes. */
export const VALUES = 64;
/** Loudness is 0 to this. */
const LOUDEST = 255;
/** What is quieter than this is silence: it is not blown up to fill the picture. */
const SILENCE = 0.02;

/** `samples` are of -1 to 1; there are as many values as there are samples for, at most `VALUES`. */
export function waveform(samples: Float32Array, values = VALUES): number[] {
  const count = Math.max(1, Math.min(values, samples.length));
  const loud: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * samples.length) / count);
    const until = Math.max(from + 1, Math.floor(((i + 1) * samples.length) / count));
    let sum = 0;
    for (let at = from; at < until; at++) sum += (samples[at] ?? 0) ** 2;
    loud.push(Math.sqrt(sum / (until - from)));
  }
  const most = Math.max(SILENCE, ...loud);
  return loud.map((value) => Math.round((LOUDEST * value) / most));
}

/** The heights of `count` bars, of 0 to 1, drawn from as many values as there are. */
export function bars(values: readonly number[], count: number): number[] {
  if (values.length === 0) return Array.from({ length: count }, () => 0);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const until = Math.max(from + 1, Math.floor(((i + 1) * values.length) / count));
    return Math.max(...values.slice(from, until)) / LOUDEST;
  });
}
