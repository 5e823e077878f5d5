/** The sound of a notice: two soft notes, made here, so that no file has to be loaded. */

/** No two sounds in less than this, in milliseconds. */
const PAUSE_MS = 1_500;
/** Hertz, and when each begins, in seconds. */
const NOTES = [
  [880, 0],
  [1_174.66, 0.11],
] as const;
const LENGTH_S = 0.45;
const VOLUME = 0.12;

let context: AudioContext | undefined;
let lastAt = -Infinity;

/** Where the browser wants a click before any sound, and there was none yet, it stays silent. */
export async function chime(now: number): Promise<void> {
  if (now - lastAt < PAUSE_MS || typeof AudioContext === "undefined") return;
  // Browsers complain when it is tried before that; those that do not tell are tried.
  if (navigator.userActivation?.hasBeenActive === false) return;
  lastAt = now;
  context ??= new AudioContext();
  if (context.state === "suspended") {
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  if (context.state !== "running") return;
  for (const [frequency, delay] of NOTES) note(context, frequency, context.currentTime + delay);
}

function note(audio: AudioContext, frequency: number, at: number): void {
  const tone = new OscillatorNode(audio, { type: "sine", frequency });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(VOLUME, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH_S);
  tone.connect(gain).connect(audio.destination);
  tone.start(at);
  tone.stop(at + LENGTH_S);
}
