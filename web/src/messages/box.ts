/** Changing what stands in the composer, as if it had been typed: undo works, and whoever listens is told. */

/** Puts `text` in place of what stands from `start` to `end`; without them, of what is selected. */
export function insert(
  box: HTMLTextAreaElement,
  text: string,
  start = box.selectionStart,
  end = box.selectionEnd,
): void {
  box.focus();
  box.setRangeText(text, start, end, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Puts marks around what is selected, or takes them away. */
export function wrap(box: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: start, selectionEnd: end, value } = box;
  const inside = value.slice(start, end);
  const before = value.slice(Math.max(0, start - mark.length), start);
  const after = value.slice(end, end + mark.length);
  if (before === mark && after === mark) {
    insert(box, inside, start - mark.length, end + mark.length);
    box.setSelectionRange(start - mark.length, end - mark.length);
  } else {
    insert(box, mark + inside + mark, start, end);
    box.setSelectionRange(start + mark.length, end + mark.length);
  }
}

/** Ctrl+B and Ctrl+I, on a Mac with the command key. True when the key was one of them. */
export function formats(event: KeyboardEvent, box: HTMLTextAreaElement): boolean {
  if (event.isComposing || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return false;
  const mark = { b: "**", i: "*" }[event.key.toLowerCase()];
  if (!mark) return false;
  event.preventDefault();
  wrap(box, mark);
  return true;
}
