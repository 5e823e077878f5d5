/** Which voice messages of others were listened to on this device. Pure but for the storage that is passed in. */

/** The newest so many are remembered. */
export const MAX_PLAYED = 2_000;

export class Played {
  #key: string;
  #storage: Storage;
  #played: Set<string>;

  constructor(account: number, storage: Storage = localStorage) {
    this.#key = `rookery.played.${account}`;
    this.#storage = storage;
    this.#played = new Set(parse(storage.getItem(this.#key)));
  }

  has(url: string): boolean {
    return this.#played.has(url);
  }

  add(url: string): void {
    if (this.#played.has(url)) return;
    // Another tab may have played others meanwhile.
    for (const other of parse(this.#storage.getItem(this.#key))) this.#played.add(other);
    this.#played.add(url);
    const kept = [...this.#played].slice(-MAX_PLAYED);
    this.#played = new Set(kept);
    this.#storage.setItem(this.#key, JSON.stringify(kept));
  }
}

function parse(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}
