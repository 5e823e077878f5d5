/**
 * Pages that the server has drawn already stay on the screen until the client has their data: then it takes their place
 * in one step, so that nothing blinks.
 */

/** Without the first data for this long, the client shows itself as it is. */
const PATIENCE_MS = 8_000;

let arrived = () => {};
const first = new Promise<void>((resolve) => (arrived = resolve));

/** The page that is open has what it shows, or knows why not. Called again, it does nothing. */
export function firstDataIsHere(): void {
  arrived();
}

export function firstData(): Promise<void> {
  return Promise.race([first, new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}
