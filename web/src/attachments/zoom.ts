/** Where a picture stands in the viewer: how large, and how far from the middle. Pure. */

export interface View {
  /** 1 fits the screen. */
  scale: number;
  /** The picture's middle from the screen's, in CSS pixels. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
export const MOST = 8;

/** How large a picture is drawn at scale 1: all of it on the screen, never larger than it is. */
export function fitted(picture: Size, screen: Size): Size {
  const scale = Math.min(1, screen.width / picture.width, screen.height / picture.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** Larger or smaller by a factor; what is under the point (from the screen's middle) stays under it. */
export function zoomed(
  view: View,
  factor: number,
  point: { x: number; y: number },
  picture: Size,
  screen: Size,
): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  const x = point.x - (point.x - view.x) * grown;
  const y = point.y - (point.y - view.y) * grown;
  return held({ scale, x, y }, picture, screen);
}

export function moved(view: View, dx: number, dy: number, picture: Size, screen: Size): View {
  return held({ ...view, x: view.x + dx, y: view.y + dy }, picture, screen);
}

/** A picture cannot be pushed off the screen; what fits stays in the middle. */
function held(view: View, picture: Size, screen: Size): View {
  const size = fitted(picture, screen);
  const spareX = Math.max(0, (size.width * view.scale - screen.width) / 2);
  const spareY = Math.max(0, (size.height * view.scale - screen.height) / 2);
  const within = (value: number, spare: number) => Math.min(spare, Math.max(-spare, value)) || 0;
  return { scale: view.scale, x: within(view.x, spareX), y: within(view.y, spareY) };
}
