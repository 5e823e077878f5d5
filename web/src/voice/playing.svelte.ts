/** One thing is heard at a time. Voice messages share one player, so that one goes on when its bubble has scrolled away. */

import { attachmentUrl } from "../api/uploads";
import type { Event } from "../events/wire";

let loud: HTMLMediaElement | null = null;

/** `element` is heard now: whatever else was heard stops. */
export function quiet(element: HTMLMediaElement): void {
  if (loud !== element) loud?.pause();
  loud = element;
}

/** The speeds that can be chosen. */
export const SPEEDS = [1, 1.5, 2] as const;
const SPEED_KEY = "rookery.voice_speed";

/** As much of the client as is needed to know when to be silent. */
interface Session {
  listen(listener: (event: Event) => void): unknown;
  whenStopped(listener: () => void): void;
}

class Playing {
  /** The address of what is loaded; empty for nothing. */
  source = $state("");
  running = $state(false);
  /** In milliseconds. */
  at = $state(0);
  failed = $state("");
  speed = $state(storedSpeed());
  #audio: HTMLAudioElement | undefined;
  #session: Session | undefined;

  /** From now on nothing plays on when its message is recalled, or when the session ends. */
  follow(session: Session): void {
    if (this.#session === session) return;
    this.#session = session;
    session.listen((event) => {
      if (event.type !== "message.recalled") return;
      const first = attachmentUrl(event.conversation_id, event.seq, 0);
      if (this.source.startsWith(first.slice(0, -1))) this.drop(this.source);
    });
    session.whenStopped(() => {
      this.drop(this.source);
      this.#session = undefined;
    });
  }

  /** Begins, goes on, or pauses. `from` is where to begin, in milliseconds. */
  toggle(source: string, from?: number): void {
    const audio = this.#ready();
    if (this.source === source && this.running && from === undefined) return audio.pause();
    if (this.source !== source) this.#load(source);
    if (from !== undefined) this.#seek(from);
    this.failed = "";
    quiet(audio);
    audio.playbackRate = this.speed;
    audio.play().catch(() => {
      // Paused again before it began; what cannot be played reports itself as an error.
    });
  }

  /** Goes to a place in what is loaded, in milliseconds. */
  seek(source: string, to: number): void {
    if (this.source === source) this.#seek(to);
    else {
      this.#load(source);
      this.#seek(to);
    }
  }

  /** Forgets what is loaded, if it is this. */
  drop(source: string): void {
    if (this.source !== source) return;
    this.#audio?.pause();
    this.#audio?.removeAttribute("src");
    this.source = "";
    this.running = false;
    this.at = 0;
  }

  nextSpeed(): void {
    const next = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length] ?? 1;
    this.speed = next;
    localStorage.setItem(SPEED_KEY, String(next));
    if (this.#audio) this.#audio.playbackRate = next;
  }

  #load(source: string): void {
    const audio = this.#ready();
    audio.src = source;
    audio.preservesPitch = true;
    this.source = source;
    this.at = 0;
  }

  #seek(to: number): void {
    this.at = to;
    const audio = this.#ready();
    audio.currentTime = to / 1000;
  }

  #ready(): HTMLAudioElement {
    if (this.#audio) return this.#audio;
    const audio = new Audio();
    audio.preload = "auto";
    audio.onplay = () => (this.running = true);
    audio.onpause = () => (this.running = false);
    audio.ontimeupdate = () => (this.at = audio.currentTime * 1000);
    audio.onended = () => {
      this.running = false;
      this.at = 0;
    };
    audio.onerror = () => {
      if (!audio.getAttribute("src")) return;
      this.failed = this.source;
      this.running = false;
    };
    this.#audio = audio;
    return audio;
  }
}

function storedSpeed(): (typeof SPEEDS)[number] {
  const stored = Number(globalThis.localStorage?.getItem(SPEED_KEY));
  return SPEEDS.find((speed) => speed === stored) ?? 1;
}

export const playing = new Playing();
