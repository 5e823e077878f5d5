/** What the page that is open is called, for the title of the window. */

let called = $state("");

export const pageTitle = {
  get name(): string {
    return called;
  },
};

/** Until the returned function is called. */
export function callPage(name: string): () => void {
  called = name;
  return () => {
    if (called === name) called = "";
  };
}
