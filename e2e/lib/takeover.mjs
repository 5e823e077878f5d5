/** The moment at which the client takes the place of what the server has drawn. */

/**
 * The server's answers to these wait until the returned function is called.
 * @param {import("./browser.mjs").Person} person
 * @param {string | ((url: URL) => boolean)} which
 */
export async function heldBack(person, which) {
  /** @type {() => void} */
  let answer = () => {};
  const asked = new Promise((resolve) => (answer = () => resolve(undefined)));
  await person.context.route(which, async (route) => {
    await asked;
    await route.continue();
  });
  return answer;
}

/** Notes, in the page, who has drawn what is seen, and which titles the window has. */
export function watchDrawing() {
  const seen = { drawn: /** @type {string[]} */ ([]), titles: /** @type {string[]} */ ([]) };
  Object.assign(globalThis, { seen });
  const look = () => {
    const app = document.getElementById("app");
    const now = !app?.innerText.trim() ? "nothing" : app.querySelector(".doc") ? "server" : "client";
    if (seen.drawn.at(-1) !== now) seen.drawn.push(now);
    if (document.title && seen.titles.at(-1) !== document.title) seen.titles.push(document.title);
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}
