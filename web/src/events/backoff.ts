/** How long to wait before coming back. */

const FIRST_MS = 500;
const MOST_MS = 20_000;

/**
 * Full jitter between half and all of an exponential delay. What the server asked for is a lower bound, spread by a
 * quarter so that a restart does not bring everybody back at once.
 */
export function backoff(failures: number, retryIn: number | null, random: () => number): number {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  const own = failures === 0 ? 0 : ceiling * (0.5 + random() / 2);
  const asked = retryIn === null ? 0 : Math.min(retryIn, MOST_MS) * (1 + random() / 4);
  return Math.round(Math.max(own, asked));
}
