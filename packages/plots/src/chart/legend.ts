import { colourOf, marker } from './series-style.js';
import { CHARACTER, element, label, type Svg } from './svg.js';

const ROW = 20;
const SAMPLE = 26;
const GAP = 14;

export interface LegendEntry {
  readonly name: string;
  /** A point on a line, or a filled square. */
  readonly kind: 'line' | 'area';
  /** Number of its colour and shape. */
  readonly series: number;
}

/** Entries from left to right, in as many rows as they need. */
export function legend(
  entries: readonly LegendEntry[],
  place: { readonly left: number; readonly top: number; readonly width: number },
): { readonly height: number; readonly parts: Svg[] } {
  let [x, row] = [0, 0];
  const parts = entries.flatMap(({ name, kind, series }) => {
    const width = SAMPLE + CHARACTER * name.length + GAP;
    if (x > 0 && x + width - GAP > place.width) [x, row] = [0, row + 1];
    const [left, middle] = [place.left + x, place.top + ROW * (row + 0.5)];
    x += width;
    return [...sample(kind, series, left, middle), label(name, { x: left + SAMPLE, y: middle + 4 })];
  });
  return { height: ROW * (row + 1), parts };
}

function sample(kind: LegendEntry['kind'], series: number, left: number, middle: number): Svg[] {
  const fill = colourOf(series);
  if (kind === 'area') return [element('rect', { x: left + 8, y: middle - 6, width: 12, height: 12, fill })];
  const [x1, x2] = [left, left + SAMPLE - 6];
  return [
    element('line', { x1, x2, y1: middle, y2: middle, stroke: fill, 'stroke-width': 1.75 }),
    marker(series, (x1 + x2) / 2, middle),
  ];
}
