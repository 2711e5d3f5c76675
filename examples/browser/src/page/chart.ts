/** A line over steps, drawn as SVG: each value, faint, and the mean of the last few. */
const WIDTH = 440;
const HEIGHT = 220;
const LEFT = 46;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 24;
const MEAN_OF = 8;
const LINES = 5;

export interface Scale {
  /** Value at the top; it grows with the values. */
  readonly top: number;
  readonly label: (value: number) => string;
}

/** @param steps - of the whole training, so that the line grows to the right edge */
export function drawChart(into: Element, values: readonly number[], steps: number, { top, label }: Scale): void {
  const most = Math.max(top, Math.ceil(2 * Math.max(...values, 0)) / 2);
  const x = (step: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * step) / Math.max(1, steps - 1);
  const y = (value: number): number => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / most);
  const line = (points: readonly number[]): string =>
    points.map((value, step) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const grid = Array.from({ length: LINES + 1 }, (_, i) => (most * i) / LINES).map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" />` +
      `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${label(value)}</text>`,
  );
  into.innerHTML =
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Line chart of ${values.length} steps">${grid.join('')}` +
    `<text x="${LEFT}" y="${HEIGHT - 6}">1</text>` +
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">step ${steps}</text>` +
    `<polyline class="each" points="${line(values)}" /><polyline class="mean" points="${line(means(values))}" /></svg>`;
}

/** For each step the mean of it and those before it. */
export function means(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const recent = values.slice(Math.max(0, i + 1 - MEAN_OF), i + 1);
    return recent.reduce((sum, value) => sum + value, 0) / recent.length;
  });
}
