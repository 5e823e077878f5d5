/** What somebody has typed into the form that the server has drawn, and where they are in it. */

export interface Typed {
  /** All fields by their names, those too that are not seen. */
  fields: Readonly<Record<string, string>>;
  /** The names of those that say something else than the server has written into them. */
  changed: readonly string[];
  /** Where the caret is: in which field, and from where to where something is selected in it; null where it is in none. */
  caret: Caret | null;
}

export interface Caret {
  name: string;
  from: number;
  to: number;
}

type Box = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const FIELDS = "textarea, select, input:not([type=checkbox])";

function isChanged(box: Box): boolean {
  if (!(box instanceof HTMLSelectElement)) return box.value !== box.defaultValue;
  const options = [...box.options];
  // Where none is marked, the first is what is chosen.
  const drawn = options.find((one) => one.defaultSelected) ?? options[0];
  return box.selectedOptions[0] !== drawn;
}

/** Of the first form that somebody has typed into, or is in; null where there is none. */
export function typedIn(page: HTMLElement): Typed | null {
  const inside = document.activeElement;
  for (const form of page.querySelectorAll("form")) {
    const boxes = [...form.elements].filter((one): one is Box => one.matches(FIELDS));
    const changed = boxes.filter(isChanged).map((box) => box.name);
    const at = boxes.find((box) => box === inside);
    if (changed.length === 0 && !at) continue;
    const fields = Object.fromEntries(boxes.map((box) => [box.name, box.value]));
    return { fields, changed, caret: at ? caretOf(at) : null };
  }
  return null;
}

function caretOf(box: Box): Caret {
  if (box instanceof HTMLSelectElement) return { name: box.name, from: 0, to: 0 };
  return { name: box.name, from: box.selectionStart ?? 0, to: box.selectionEnd ?? 0 };
}

/** Sets the caret where it was, `shift` letters further on, into the field of that name. */
export function setCaret(inside: Element, { name, from, to }: Caret, shift = 0): void {
  const box = inside.querySelector<Box>(`[name="${CSS.escape(name)}"]`);
  box?.focus();
  if (box instanceof HTMLTextAreaElement) box.setSelectionRange(from + shift, to + shift);
}
