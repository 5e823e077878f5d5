/** The part of the client that shows attachments; fetched when the first one is to be shown, then there for all. */
import type Attachments from "./Attachments.svelte";

let part = $state.raw<typeof Attachments | null>(null);
let asked = false;

export const lazy = {
  get part() {
    return part;
  },
};

export function wantAttachments(): void {
  if (asked) return;
  asked = true;
  import("./Attachments.svelte").then(
    (loaded) => (part = loaded.default),
    // Without a network it is asked for again with the next message.
    () => (asked = false),
  );
}
