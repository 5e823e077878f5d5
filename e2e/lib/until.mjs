/** Waiting for something to become true, for what the browser's own waiting does not cover. */

/** Nothing that a person waits for may take longer, a restart of the server included. */
const PATIENCE_MS = 20_000;
/** Between two looks. */
const LOOK_MS = 50;

/**
 * Looks again and again until the assertions inside hold; when they never do, the last failure
 * is thrown.
 * @template T
 * @param {() => T | Promise<T>} look
 * @param {number} [patience] in milliseconds
 * @returns {Promise<T>} what the look that passed returned
 */
export async function until(look, patience = PATIENCE_MS) {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
