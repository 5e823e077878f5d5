/** Putting a list into another order. Pure. */

/** What stood at `from` stands at `to`; the others keep their order. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one === undefined) return next;
  next.splice(Math.max(0, Math.min(to, next.length)), 0, one);
  return next;
}

/** Whose place in the list is not the one that they have: those are to be told. */
export function misplaced<T extends { position: number }>(
  list: readonly T[],
): { one: T; position: number }[] {
  return list.flatMap((one, position) => (one.position === position ? [] : [{ one, position }]));
}
