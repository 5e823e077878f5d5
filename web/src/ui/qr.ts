/** A text as a QR code: an SVG path over modules of one unit, and the same on a canvas. Loaded when one is shown. */
import { type Bitmap2D, generate } from "lean-qr";

/** Light modules around the code, which a camera needs. */
export const QUIET = 4;

export interface Qr {
  /** Modules on each side, with the quiet zone. */
  size: number;
  path: string;
  /** Draws it dark on white, `scale` pixels a module. */
  draw: (canvas: HTMLCanvasElement, scale: number) => void;
}

export function qrOf(text: string): Qr {
  const code: Bitmap2D = generate(text);
  const rows: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (!code.get(x, y)) continue;
      const from = x;
      while (code.get(x + 1, y)) x++;
      rows.push(`M${from + QUIET} ${y + QUIET}h${x + 1 - from}v1h-${x + 1 - from}z`);
    }
  }
  return {
    size: code.size + 2 * QUIET,
    path: rows.join(""),
    draw(canvas, scale) {
      canvas.width = canvas.height = (code.size + 2 * QUIET) * scale;
      const context = canvas.getContext("2d");
      if (!context) return;
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.scale(scale, scale);
      context.fillStyle = "#000";
      context.fill(new Path2D(rows.join("")));
    },
  };
}
