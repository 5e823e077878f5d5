/** Small charts: numbers as a line of an SVG. Pure. */

/** The box that lines are drawn into; it is stretched to its place. */
export const WIDTH = 240;
export const HEIGHT = 64;

/** The line over `values`, from left to right; 0 lies on the ground, the largest at the top. */
export function lineOf(values: readonly number[]): string {
  if (values.length === 0) return "";
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const most = Math.max(1, ...values);
  const points = values.map((value, n) => `${round(n * step)} ${round(HEIGHT - (value / most) * HEIGHT)}`);
  if (values.length === 1) points.push(`${WIDTH} ${points[0]?.split(" ")[1]}`);
  return `M${points.join("L")}`;
}

/** What lies under it. */
export function areaOf(values: readonly number[]): string {
  const line = lineOf(values);
  return line && `${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`;
}

export interface Told {
  now: number;
  most: number;
  sum: number;
}

/** The same in three numbers. */
export function told(values: readonly number[]): Told {
  return {
    now: values.at(-1) ?? 0,
    most: Math.max(0, ...values),
    sum: values.reduce((sum, value) => sum + value, 0),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
