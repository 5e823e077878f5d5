/** What opening and leaving a conversation does besides showing it. */
import { untrack } from "svelte";
import type { Conversation } from "../api/types";
import type { Live } from "../app/live.svelte";
import { attempt } from "../ui/feedback.svelte";
import { setOwn } from "./settings";

/** For the component that shows a conversation, and is made anew for each. */
export function careWhileOpen(live: Live, opened: Conversation): void {
  $effect(() => () => live.drafts.left(opened.id));
  // What was marked unread is read by opening it; what is marked while it is open stays so.
  let marked = opened.marked_unread;
  $effect(() => {
    if (!marked || !live.ready) return;
    marked = false;
    const now = untrack(() => live.state.conversations[opened.id]);
    if (now?.marked_unread) void attempt(() => setOwn(live, now, { marked_unread: false }));
  });
}
