/** Which picture the viewer shows. The viewer itself is loaded when the first one is opened. */
import type { Exhibit } from "./gallery";

export interface Opened extends Exhibit {
  conversation: number;
}

let opened = $state.raw<Opened | null>(null);

export const viewer = {
  get opened() {
    return opened;
  },
};

export function openViewer(picture: Opened): void {
  opened = picture;
}

export function closeViewer(): void {
  opened = null;
}
