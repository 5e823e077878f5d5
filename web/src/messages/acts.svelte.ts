/** What the reader is about to do with the messages of the conversation that is open. One for each that is opened. */
import { getContext, setContext } from "svelte";
import type { Message } from "../api/types";

/** More messages are not forwarded at once, as on the server. */
export const MOST_SELECTED = 100;
/** Own texts that were recalled and can be taken up again: so many, in this tab only, until it is reloaded or the session ends. */
const MOST_RECALLED = 20;

export type ActsDialog =
  | { kind: "readers" | "edits" | "record" | "reactions" | "report"; message: Message }
  | { kind: "forward" | "article"; seqs: readonly number[] }
  | { kind: "pins" };

export class Acts {
  /** The message that is being answered. */
  replying: Message | null = $state.raw(null);
  /** The own message that is being edited. */
  editing: Message | null = $state.raw(null);
  /** Places of those chosen; null while none are being chosen. */
  selected: readonly number[] | null = $state.raw(null);
  /** The message whose menu is open, and where on the screen. */
  menu: { message: Message; x: number; y: number } | null = $state.raw(null);
  /** The message to which a reaction is being picked, and where on the screen. */
  reacting: { message: Message; x: number; y: number } | null = $state.raw(null);
  dialog: ActsDialog | null = $state.raw(null);
  /** A text for the composer. */
  offered: { text: string } | null = $state.raw(null);

  reply(message: Message): void {
    this.editing = null;
    this.replying = message;
  }

  edit(message: Message): void {
    this.replying = null;
    this.editing = message;
  }

  /** What makes an answer of the next message, if it is to be one. */
  get answer(): { reply_to?: number } {
    return this.replying ? { reply_to: this.replying.seq } : {};
  }

  /** True when there was something to leave. */
  cancel(): boolean {
    const was = this.replying ?? this.editing;
    [this.replying, this.editing] = [null, null];
    return was !== null;
  }

  toggle(seq: number): void {
    const all = this.selected ?? [];
    if (all.includes(seq)) this.selected = all.filter((one) => one !== seq);
    else if (all.length < MOST_SELECTED) this.selected = [...all, seq];
  }
}

const recalled = new Map<string, string>();
const keyOf = ({ conversation_id, seq }: Message) => `${conversation_id} ${seq}`;

/** Before an own message is recalled. */
export function keepRecalled(message: Message): void {
  recalled.set(keyOf(message), message.text);
  const oldest = recalled.keys().next().value;
  if (recalled.size > MOST_RECALLED && oldest !== undefined) recalled.delete(oldest);
}

/** Empty unless it was `me` who wrote it. */
export function recalledText(message: Message, me: number): string {
  return message.sender_id === me ? (recalled.get(keyOf(message)) ?? "") : "";
}

/** The next one to log in here may be somebody else. */
export function forgetRecalled(): void {
  recalled.clear();
}

const KEY = Symbol("acts");

export const provideActs = (): Acts => setContext(KEY, new Acts());
export const useActs = (): Acts => getContext<Acts>(KEY);
