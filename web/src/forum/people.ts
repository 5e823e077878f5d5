/** Whom one may mean with an `@`, in texts of the forum: they are named by their username. Pure. */
import type { User } from "../api/types";

/** So many are offered. */
const MOST = 6;

/** Those whose username or name has the words, those near at hand first, nobody twice. */
export function offered(words: string, near: readonly User[], found: readonly User[]): User[] {
  const wanted = words.toLocaleLowerCase();
  const fits = (user: User) =>
    [user.username, user.name].some((text) => text.toLocaleLowerCase().includes(wanted));
  const all = new Map([...near.filter(fits), ...found].map((user) => [user.id, user]));
  const rank = (user: User) => Number(!user.username.toLocaleLowerCase().startsWith(wanted));
  return [...all.values()].sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}
