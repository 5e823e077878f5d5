/** The time, for what changes on the screen by itself. Only clients of this module see it pass. */
import { createSubscriber } from "svelte/reactivity";

function ticking(every: number) {
  const subscribe = createSubscriber((update) => {
    const timer = setInterval(update, every);
    return () => clearInterval(timer);
  });
  return () => {
    subscribe();
    return Date.now();
  };
}

/** Milliseconds since 1970; what reads it is shown anew every second. */
export const everySecond = ticking(1_000);
/** The same, every half minute. */
export const everyHalfMinute = ticking(30_000);
