/** Records a voice message in this browser: asks for the microphone, shows how loud it is, stops after ten minutes. */
import { VALUES, waveform } from "./waveform";

/** No recording is longer. */
export const MAX_MS = 10 * 60_000;
/** What is shorter was a slip of the finger. */
export const MIN_MS = 500;
/** Enough for speech. */
const BITS = 32_000;
/** The server takes all of these; the first that the browser can make is used. */
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4;codecs=opus", "audio/mp4"];
/** Samples a second that the waveform is made of: loudness needs no more, and ten minutes fit into little memory. */
const WAVE_RATE = 8_000;

/** Why nothing can be recorded: keys of the dictionaries. */
export type Refused =
  | "voice_insecure"
  | "voice_unsupported"
  | "voice_not_allowed"
  | "voice_no_microphone"
  | "voice_microphone_busy";

export interface Recording {
  file: File;
  duration_ms: number;
  waveform: number[];
}

export class Recorder {
  phase: "asking" | "recording" | "paused" | "finishing" | "done" | "refused" = $state("asking");
  /** In milliseconds, pauses left out. */
  elapsed = $state(0);
  /** How loud it is now, 0 to 1; the newest last. */
  levels = $state.raw<readonly number[]>([]);
  refused = $state<Refused>("voice_unsupported");
  recording = $state.raw<Recording | null>(null);

  #media: MediaRecorder | undefined;
  #stream: MediaStream | undefined;
  #context: AudioContext | undefined;
  #chunks: Blob[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #since = 0;
  #before = 0;
  #cancelled = false;

  async start(): Promise<void> {
    if (!globalThis.isSecureContext) return this.#refuse("voice_insecure");
    const type = globalThis.MediaRecorder && TYPES.find((each) => MediaRecorder.isTypeSupported(each));
    if (!type || !navigator.mediaDevices) return this.#refuse("voice_unsupported");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true },
      });
      this.#stream = stream;
      if (this.#cancelled) return this.#close();
      this.#begin(stream, type);
    } catch (error) {
      this.#refuse(reasonOf(error));
    }
  }

  #begin(stream: MediaStream, type: string): void {
    const media = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS });
    this.#media = media;
    media.ondataavailable = ({ data }) => data.size > 0 && this.#chunks.push(data);
    media.onstop = () => void this.#finish(type);
    // The microphone was unplugged: what there is is kept.
    for (const track of stream.getTracks()) track.onended = () => this.stop();
    this.#listen(stream);
    media.start(1_000);
    this.#since = performance.now();
    this.phase = "recording";
  }

  /** Watches how loud it is, and the time. */
  #listen(stream: MediaStream): void {
    const context = new AudioContext();
    this.#context = context;
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      if (this.phase !== "recording") return;
      analyser.getFloatTimeDomainData(samples);
      const loud = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
      this.levels = [...this.levels.slice(1 - VALUES), Math.min(1, loud * 4)];
      this.elapsed = this.#before + performance.now() - this.#since;
      if (this.elapsed >= MAX_MS) this.stop();
    }, 80);
  }

  pause(): void {
    if (this.phase !== "recording") return;
    this.#before += performance.now() - this.#since;
    this.elapsed = this.#before;
    this.#media?.pause();
    this.phase = "paused";
  }

  resume(): void {
    if (this.phase !== "paused") return;
    this.#since = performance.now();
    this.#media?.resume();
    this.phase = "recording";
  }

  /** Ends it; `phase` becomes `done` when it can be listened to. */
  stop(): void {
    if (this.phase !== "recording" && this.phase !== "paused") return;
    if (this.phase === "recording") this.elapsed = this.#before + performance.now() - this.#since;
    this.phase = "finishing";
    this.#media?.stop();
  }

  /** Throws it away, whatever it is doing. */
  cancel(): void {
    this.#cancelled = true;
    if (this.#media && this.#media.state !== "inactive") this.#media.stop();
    this.#close();
  }

  async #finish(type: string): Promise<void> {
    this.#close();
    if (this.#cancelled) return;
    const plain = type.split(";")[0] ?? type;
    const ending = plain === "audio/mp4" ? "m4a" : plain === "audio/ogg" ? "ogg" : "webm";
    const file = new File(this.#chunks, `voice.${ending}`, { type: plain });
    const duration_ms = Math.max(1, Math.min(MAX_MS, Math.round(this.elapsed)));
    this.recording = { file, duration_ms, waveform: await this.#waveform(file) };
    this.phase = "done";
  }

  /** From the recording itself; from what was heard meanwhile where the browser cannot read its own recording. */
  async #waveform(file: File): Promise<number[]> {
    try {
      const context = new OfflineAudioContext(1, 1, WAVE_RATE);
      const decoded = await context.decodeAudioData(await file.arrayBuffer());
      return waveform(decoded.getChannelData(0));
    } catch {
      return waveform(Float32Array.from(this.levels));
    }
  }

  #refuse(why: Refused): void {
    this.refused = why;
    this.phase = "refused";
    this.#close();
  }

  #close(): void {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    void this.#context?.close().catch(() => {});
    this.#context = undefined;
  }
}

function reasonOf(error: unknown): Refused {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "voice_not_allowed";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "voice_no_microphone";
  if (name === "NotReadableError" || name === "AbortError") return "voice_microphone_busy";
  return "voice_unsupported";
}
